// Whether somebody is free, in a word, a sign and a colour, and how old that is where it is not followed live. What the
// platform does not tell is said to be unknown, never taken for free.

import type { ContactId, ContactPresence as Known, Lamp } from "../generated/model";
import type { ChipTone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon, type IconName } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { usePresence } from "../state/store";
import { age, moment } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./ContactPresence.module.css";

interface Sign {
  tone: ChipTone;
  icon: IconName;
  words: Key;
}

const LAMP: Readonly<Record<Lamp, Sign>> = {
  idle: { tone: "good", icon: "ready", words: "lamp.idle" },
  ringing: { tone: "warn", icon: "ringing", words: "lamp.ringing" },
  busy: { tone: "bad", icon: "phone", words: "lamp.busy" },
  hold: { tone: "warn", icon: "pause", words: "lamp.hold" },
  unknown: { tone: "away", icon: "unknown", words: "lamp.unknown" },
};

/**
 * The sign of a presence: a phone in use says more than the activity, an absence more than a free phone. An activity of
 * which nobody says whether it means available is never shown as if it did.
 */
export function signOf(known: Known, t: Words): Sign & { title: string; platform: boolean } {
  const lamp = LAMP[known.lamp];
  const ours = { ...lamp, title: t(lamp.words), platform: false };
  if (known.activity === null || (known.lamp !== "idle" && known.lamp !== "unknown")) return ours;
  const theirs = { ...lamp, title: known.activity, platform: true };
  if (known.available === false) return { ...theirs, tone: "warn", icon: "away" };
  if (known.available === true) return { ...theirs, tone: "good", icon: "ready" };
  return known.lamp === "idle" ? ours : theirs;
}

/** How long ago it was heard, in few letters; nothing while it is followed live. */
function Age({ known }: { known: Known }) {
  const t = useWords();
  const now = useNow();
  if (known.live) return null;
  const old = age(elapsed(known.heard_at, now));
  return (
    <span className={cx(css.sign, css.soft)}>
      <Icon name="clock" size="s" />
      <bdi aria-hidden="true">{old}</bdi>
      <span className="heard">{t("presence.ago", { age: old })}</span>
    </span>
  );
}

/** The presence of a contact in one word, for a row. Empty while nothing is known. */
export function PresenceMark({ contact }: { contact: ContactId }) {
  const t = useWords();
  const known = usePresence(contact);
  // Of whom the platform tells nothing (a customer, a queue) there is nothing to say.
  if (!known || (known.lamp === "unknown" && known.activity === null && known.available === null))
    return null;
  const sign = signOf(known, t);
  return (
    <span className={css.mark}>
      <span className={cx(css.sign, css[sign.tone])}>
        <Icon name={sign.icon} size="s" />
        {sign.platform ? <bdi>{sign.title}</bdi> : <span>{sign.title}</span>}
      </span>
      <Age known={known} />
    </span>
  );
}

/** All that is known of a contact right now. */
export function PresenceFacts({ known }: { known: Known }) {
  const t = useWords();
  const now = useNow();
  const lamp = LAMP[known.lamp];
  const facts = [
    known.available === null || (known.available && known.activity !== null)
      ? ""
      : t(known.available ? "presence.available" : "presence.unavailable"),
    known.until === null ? "" : t("presence.until", { time: moment(known.until, now) }),
  ].filter(Boolean);
  return (
    <div className={css.facts}>
      <p className={css.mark}>
        <span className={cx(css.sign, css[lamp.tone])}>
          <Icon name={lamp.icon} />
          {t(lamp.words)}
        </span>
        {known.live ? (
          <span className={css.soft}>{t("presence.live")}</span>
        ) : (
          <span className={css.soft}>{t("presence.ago", { age: age(elapsed(known.heard_at, now)) })}</span>
        )}
      </p>
      {(known.activity !== null || facts.length > 0) && (
        <p>
          {known.activity !== null && <bdi className={css.activity}>{known.activity}</bdi>}
          {known.activity !== null && facts.length > 0 && " · "}
          <span className={css.soft}>{facts.join(" · ")}</span>
        </p>
      )}
      {known.note !== null && known.note !== "" && (
        <p className={css.note} data-selectable>
          <bdi>{known.note}</bdi>
        </p>
      )}
    </div>
  );
}
