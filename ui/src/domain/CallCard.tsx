// One activity in the dock: who it is, how long it takes, what can be done, and what there is to write down. The one at hand
// is large; calls that wait meanwhile are slim, and one press makes them the one at hand.

import { Group, Button as Pressable } from "react-aria-components";
import { press } from "../actions/live";
import type { Activity, Phase } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip, type ChipTone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { isLive } from "../state/pairs";
import { useMirror } from "../state/store";
import { showActivity } from "../state/ui";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { ActivityFacts } from "./ActivityFacts";
import { CallActions, CallRefusals } from "./CallActions";
import css from "./CallCard.module.css";
import { ConferenceList } from "./ConferenceList";
import { ControlRefusals, Controls, usePending } from "./Controls";
import { LiveSigns, OnDevice, SmallSigns } from "./LiveSigns";
import { CallerName, Company, PhoneNumber, Through, Timer } from "./Names";
import { NextStepOf } from "./NextStep";
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

/** The word for where an activity stands. */
export function phaseWords(activity: Activity): Key {
  if (activity.on_hold) return "phase.on_hold";
  return activity.phase === "open" && activity.channel === "call"
    ? "phase.in_call"
    : `phase.${activity.phase}`;
}

/** Where an activity stands, in a word. */
export function PhaseChip({ activity }: { activity: Activity }) {
  const t = useWords();
  return (
    <Chip
      tone={activity.on_hold ? "warn" : TONES[activity.phase]}
      icon={activity.on_hold ? "pause" : activityIcon(activity)}
    >
      {t(phaseWords(activity))}
    </Chip>
  );
}

/** Whether there is anything to write down: a platform that only carries calls keeps no note of them, and what is handled on
 *  the platform's own page is noted there. */
function keepsNotes(activity: Activity): boolean {
  const writing = activity.phase === "open" || activity.phase === "wrap_up";
  const kept = (activity.call === null && activity.web === null) || activity.actions.includes("close");
  return writing && (kept || activity.draft.note !== "");
}

export function CallCard({ activity }: { activity: Activity }) {
  const t = useWords();
  const caller = who(activity, t);
  const live = isLive(activity);
  const dialled = useMirror((mirror) => mirror.commands.dial?.made === activity.id);
  return (
    <Group
      className={cx(css.card, live && css.live, live && activity.on_hold && css.held)}
      aria-label={caller.name}
    >
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
        <p className={css.more}>
          <Through activity={activity} />
          <OnDevice activity={activity} />
        </p>
      </div>
      {dialled && <NextStepOf command="dial" />}
      <NextStepOf command={`answer:${activity.id}`} />
      <LiveSigns activity={activity} />
      <ConferenceList activity={activity} />
      {live && <Controls activity={activity} />}
      {activity.phase !== "wrap_up" && <CallActions activity={activity} size="l" />}
      {keepsNotes(activity) && <NoteField activity={activity} />}
      {keepsNotes(activity) && activity.actions.includes("close") && <Dispositions activity={activity} />}
      {activity.phase === "wrap_up" && <CallActions activity={activity} size="l" />}
      <CallRefusals activity={activity} />
      <ControlRefusals activity={activity} />
      {/* Below the buttons: the platform may tell one of them a moment later. */}
      <ActivityFacts facts={activity.facts} />
      <ScreenPop activity={activity} />
    </Group>
  );
}

function Back({ activity }: { activity: Activity }) {
  const t = useWords();
  const pending = usePending(activity, "resume");
  return (
    <Button icon="play" pending={pending} onPress={() => press(activity, "resume")}>
      {t("action.resume")}
    </Button>
  );
}

/** A live call that is not the one at hand. */
export function SlimCall({ activity }: { activity: Activity }) {
  const t = useWords();
  const { name } = who(activity, t);
  return (
    <Group className={cx(css.slim, activity.on_hold && css.held)} aria-label={name}>
      <Pressable className={css.open} onPress={() => showActivity(activity.id)}>
        <strong>
          <CallerName activity={activity} />
        </strong>
        <span className="heard">{t("dock.show")}</span>
      </Pressable>
      <span className={css.signs}>
        <PhaseChip activity={activity} />
        <Timer since={activity.phase_since} />
        <SmallSigns activity={activity} />
      </span>
      <span className={css.buttons}>
        {activity.actions.includes("resume") && <Back activity={activity} />}
        <CallActions activity={activity} />
      </span>
      <CallRefusals activity={activity} />
      <ControlRefusals activity={activity} />
    </Group>
  );
}
