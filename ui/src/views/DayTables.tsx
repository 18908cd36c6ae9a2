// The day as tables: the same as on the line, in words and figures; and the pauses against their allowance.

import type { ReactNode } from "react";
import { bandSign, otherSide, outcomeSign, stretch } from "../domain/dayWords";
import type { ContactBlock, Day, Timestamp, Witness } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip, type ChipTone } from "../parts/Chip";
import { bandEnd, overAt, partsOf } from "../state/dayScale";
import { useMirror } from "../state/store";
import { count, duration } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Day.module.css";

const TONES = { good: "good", warn: "warn", bad: "bad", away: "away", out: "away", unheard: "away" } as const;

/** How something was, in a word, a sign and a colour. */
export function DayChip({
  sign,
  words,
}: {
  sign: Pick<ReturnType<typeof bandSign>, "tone" | "icon">;
  words: string;
}) {
  const tone: ChipTone = TONES[sign.tone];
  return (
    <Chip tone={tone} icon={sign.icon}>
      <bdi>{words}</bdi>
    </Chip>
  );
}

/** Who says it, in words. */
export const WITNESS: Readonly<Record<Witness, Key>> = { seen: "day.seen", told: "day.told" };

function Table({
  caption,
  heads,
  children,
}: {
  caption: string;
  heads: readonly Key[];
  children: ReactNode;
}) {
  const t = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than its place is scrolled by the keyboard too
    <section className={css.scroll} tabIndex={0} aria-label={caption}>
      <table className={css.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-selectable>{children}</tbody>
      </table>
    </section>
  );
}

function useNameOf(): (account: string) => string {
  const accounts = useMirror((mirror) => mirror.accounts);
  return (id) => accounts.find((one) => one.account.id === id)?.account.name ?? id;
}

/** A length, or nothing where there was none. */
const length = (seconds: number): string => (seconds > 0 ? duration(seconds) : "–");

export function ContactTable({
  day,
  now,
  onCall,
}: {
  day: Day;
  now: Timestamp;
  onCall: (contact: ContactBlock) => void;
}) {
  const t = useWords();
  const nameOf = useNameOf();
  if (day.contacts.length === 0) return <p className={css.soft}>{t("day.no_contacts")}</p>;
  return (
    <Table
      caption={t("day.contacts")}
      heads={[
        "day.when",
        "day.who",
        "day.channel",
        "dial.queue",
        "dial.account",
        "day.outcome",
        "day.talk",
        "day.hold",
        "day.wrap_up",
        "day.witness",
      ]}
    >
      {day.contacts.map((contact) => {
        const { talk, hold, wrap_up } = partsOf(contact, now);
        const sign = outcomeSign(contact.outcome);
        const { name, isNumber } = otherSide(contact.party, t);
        return (
          <tr key={contact.id}>
            <td>
              <bdi>{stretch(contact.began, overAt(contact, now))}</bdi>
            </td>
            <th scope="row">{isNumber ? <bdi dir="ltr">{name}</bdi> : <bdi>{name}</bdi>}</th>
            <td>
              {t(`channel.${contact.channel}`)}, {t(`direction.${contact.direction}`)}
            </td>
            <td>
              <bdi>{contact.queue?.title ?? "–"}</bdi>
            </td>
            <td>
              <bdi>{nameOf(contact.account)}</bdi>
            </td>
            <td>
              <span className={css.outcome}>
                <DayChip sign={sign} words={t(sign.words)} />
                {contact.outcome === "missed" &&
                  (contact.returned
                    ? t("day.returned")
                    : contact.party.phone && (
                        <Button icon="phone" onPress={() => onCall(contact)}>
                          {t("history.call_back")}
                        </Button>
                      ))}
              </span>
            </td>
            <td>
              <bdi>{length(talk)}</bdi>
            </td>
            <td>
              <bdi>{length(hold)}</bdi>
            </td>
            <td>
              <bdi>{length(wrap_up)}</bdi>
            </td>
            <td>{t(WITNESS[contact.witness])}</td>
          </tr>
        );
      })}
    </Table>
  );
}

export function StateTable({ day, now }: { day: Day; now: Timestamp }) {
  const t = useWords();
  const nameOf = useNameOf();
  return (
    <Table
      caption={t("day.states")}
      heads={["dial.account", "day.when", "day.state", "day.length", "day.witness"]}
    >
      {day.bands.map((band) => {
        const sign = bandSign(band, t);
        const to = bandEnd(band, day, now);
        return (
          <tr key={`${band.account} ${band.from}`}>
            <th scope="row">
              <bdi>{nameOf(band.account)}</bdi>
            </th>
            <td>
              <bdi>{stretch(band.from, to)}</bdi>
            </td>
            <td>
              <DayChip sign={sign} words={sign.words} />
            </td>
            <td>
              <bdi>{duration(Math.round((to - band.from) / 1000))}</bdi>
            </td>
            <td>{band.state.was === "unheard" ? "–" : t(WITNESS[band.witness])}</td>
          </tr>
        );
      })}
    </Table>
  );
}

/** The pauses of a day: how often, how long, and whether single ones went over what they may last. */
export function PauseTable({ day }: { day: Day }) {
  const t = useWords();
  return (
    <section className={css.card} aria-label={t("day.pauses")}>
      <Table
        caption={t("day.pauses")}
        heads={["day.pause", "day.times", "day.in_all", "day.allowance", "day.kept_to"]}
      >
        {day.pauses.map((pause) => (
          <tr key={pause.title}>
            <th scope="row">
              <bdi>{pause.title}</bdi>
              {pause.paid !== null && (
                <span className={css.soft}> {t(pause.paid ? "pause.paid" : "pause.unpaid")}</span>
              )}
            </th>
            <td>{count(pause.times)}</td>
            <td>
              <bdi>{duration(pause.seconds)}</bdi>
            </td>
            <td>
              {pause.max_minutes === null ? (
                t("pause.no_limit")
              ) : (
                <bdi>{duration(pause.max_minutes * 60)}</bdi>
              )}
            </td>
            <td>
              {pause.over > 0 ? (
                <DayChip
                  sign={{ tone: "bad", icon: "alert" }}
                  words={t("pause.over", { time: duration(pause.over) })}
                />
              ) : pause.max_minutes === null ? (
                "–"
              ) : (
                <DayChip sign={{ tone: "good", icon: "check" }} words={t("day.within")} />
              )}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
