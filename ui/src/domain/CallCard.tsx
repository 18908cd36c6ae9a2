// One activity in the dock: who it is, how long it takes, what can be done, and what there is to write down.

import type { Activity, Phase } from "../generated/model";
import { Chip, type ChipTone } from "../parts/Chip";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { CallActions, CallRefusals } from "./CallActions";
import css from "./CallCard.module.css";
import { CallerName, Company, PhoneNumber, Through, Timer } from "./Names";
import { ScreenPop } from "./ScreenPop";
import { Dispositions, NoteField } from "./WrapUp";
import { activityIcon, who } from "./who";

const TONES: Readonly<Record<Phase, ChipTone>> = {
  waiting: "away",
  ringing: "good",
  dialling: "info",
  open: "good",
  wrap_up: "warn",
  postponed: "away",
};

/** Where an activity stands, in a word. */
export function PhaseChip({ activity }: { activity: Activity }) {
  const t = useWords();
  const words: Key = activity.on_hold
    ? "phase.on_hold"
    : activity.phase === "open" && activity.channel === "call"
      ? "phase.in_call"
      : `phase.${activity.phase}`;
  return (
    <Chip
      tone={activity.on_hold ? "warn" : TONES[activity.phase]}
      icon={activity.on_hold ? "pause" : activityIcon(activity)}
    >
      {t(words)}
    </Chip>
  );
}

export function CallCard({ activity }: { activity: Activity }) {
  const t = useWords();
  const caller = who(activity, t);
  const writing = activity.phase === "open" || activity.phase === "wrap_up";
  return (
    <article className={css.card} aria-label={caller.name}>
      <header className={css.head}>
        <PhaseChip activity={activity} />
        <span className={css.time}>
          <Timer since={activity.phase_since} />
        </span>
      </header>
      <div>
        <p className={css.name}>
          <CallerName activity={activity} />
        </p>
        <p className={css.more}>
          {caller.phone && !caller.isNumber && <PhoneNumber phone={caller.phone} />}
          {caller.company && <Company name={caller.company} />}
        </p>
        {caller.title !== null && (
          <p className={css.title}>
            <bdi>{caller.title}</bdi>
          </p>
        )}
        <Through activity={activity} />
      </div>
      {activity.phase !== "wrap_up" && <CallActions activity={activity} size="l" />}
      {writing && <NoteField activity={activity} />}
      {writing && activity.actions.includes("close") && <Dispositions activity={activity} />}
      {activity.phase === "wrap_up" && <CallActions activity={activity} size="l" />}
      <CallRefusals activity={activity} />
      <ScreenPop activity={activity} />
    </article>
  );
}
