// What must never be overlooked in a live call: the microphone is off, the call is recorded, who brought it here, and what
// the platform says that has no button.

import { useState } from "react";
import { press } from "../actions/live";
import type { Activity, Recording } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Answers, Dialog } from "../parts/Dialog";
import { Icon, type IconName } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { useAccount } from "../state/store";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { usePending } from "./Controls";
import css from "./LiveSigns.module.css";
import { Timer } from "./Names";
import { partyName, who } from "./who";

const WORDS: Readonly<Record<Recording["is"], Key>> = {
  on: "live.recording",
  paused: "live.recording_paused",
  off: "live.recording_off",
};

const STEPS = [
  { act: "record_pause", icon: "pause", place: "interrupt" },
  { act: "record_resume", icon: "play", place: "interrupt" },
  { act: "record_stop", icon: "stop", place: "stop" },
  { act: "record_save", icon: "save", place: "save" },
] as const satisfies readonly { act: string; icon: IconName; place: string }[];

function Step({ activity, step }: { activity: Activity; step: (typeof STEPS)[number] }) {
  const t = useWords();
  const pending = usePending(activity, step.act);
  return (
    <IconButton
      name={t(`action.${step.act}`)}
      icon={step.icon}
      pending={pending}
      onPress={() => press(activity, step.act)}
    />
  );
}

/** Throwing a recording away cannot be undone: it is asked once. */
function Discard({ activity }: { activity: Activity }) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const pending = usePending(activity, "record_discard");
  const close = (): void => setAsking(false);
  return (
    <>
      <IconButton
        name={t("action.record_discard")}
        icon="trash"
        pending={pending}
        onPress={() => setAsking(true)}
      />
      <Dialog open={asking} title={t("live.discard_title")} onClose={close} role="alertdialog">
        <p>{t("live.discard_text", { who: who(activity, t).name })}</p>
        <Answers>
          <Button onPress={close}>{t("common.cancel")}</Button>
          <Button
            tone="bad"
            icon="trash"
            onPress={() => {
              close();
              press(activity, "record_discard");
            }}
          >
            {t("action.record_discard")}
          </Button>
        </Answers>
      </Dialog>
    </>
  );
}

/** Whether the call is recorded, and since when; short where only a glance is wanted. */
export function RecordingSign({ recording }: { recording: Recording }) {
  const t = useWords();
  return (
    <span className={cx(css.recording, recording.is === "on" && css.red)}>
      <Icon name={recording.is === "paused" ? "pause" : recording.is === "on" ? "dot" : "stop"} size="s" />
      <span>{t(WORDS[recording.is])}</span>
      {recording.is === "on" && recording.since !== null && <Timer since={recording.since} />}
    </span>
  );
}

function RecordingStrip({ activity, recording }: { activity: Activity; recording: Recording }) {
  const { actions } = activity;
  const steps = STEPS.filter(({ act }) => actions.includes(act));
  // Interrupting and going on are one button to the keyboard.
  const places = steps.map(({ place }) => place as string);
  const discard = actions.includes("record_discard");
  if (recording.is === "off" && steps.length === 0 && !discard) return null;
  return (
    <div className={css.strip}>
      <RecordingSign recording={recording} />
      <span className={css.steps}>
        {steps.map((step, index) => (
          <Step
            key={places.indexOf(step.place) === index ? step.place : step.act}
            activity={activity}
            step={step}
          />
        ))}
        {discard && <Discard activity={activity} />}
      </span>
    </div>
  );
}

/** Muted and recorded, in two chips. */
export function SmallSigns({ activity }: { activity: Activity }) {
  const t = useWords();
  const { call } = activity;
  return (
    <>
      {call?.muted && (
        <Chip tone="warn" icon="mic_off">
          {t("live.muted")}
        </Chip>
      )}
      {call && call.recording.is !== "off" && <RecordingSign recording={call.recording} />}
    </>
  );
}

/** The device that carries the call, where there are several. */
export function OnDevice({ activity }: { activity: Activity }) {
  const t = useWords();
  const devices = useAccount(activity.account)?.devices ?? [];
  const carrying = activity.call?.devices ?? [];
  if (devices.length < 2 || carrying.length === 0) return null;
  const names = carrying.map((id) => devices.find((one) => one.id === id)?.title ?? id);
  return <bdi className={css.soft}>{t("live.on_device", { device: names.join(", ") })}</bdi>;
}

/** The colleague who handed the call on. */
export function TransferredBy({ activity }: { activity: Activity }) {
  const t = useWords();
  const by = activity.call?.transferred_by;
  return by ? (
    <p className={css.soft}>
      <bdi>{t("live.transferred_by", { who: partyName(by, t) })}</bdi>
    </p>
  ) : null;
}

export function LiveSigns({ activity }: { activity: Activity }) {
  const t = useWords();
  const { call } = activity;
  if (!call) return null;
  return (
    <>
      {call.muted && (
        <div className={css.muted} role="status">
          <Icon name="mic_off" size="l" />
          <span>
            <strong>{t("live.muted")}</strong>
            <small>{t("live.muted_more")}</small>
          </span>
        </div>
      )}
      <RecordingStrip activity={activity} recording={call.recording} />
      <TransferredBy activity={activity} />
      {call.other_status !== null && (
        <p className={css.soft}>
          <bdi>{t("live.other_status", { word: call.other_status })}</bdi>
        </p>
      )}
      {call.remark !== null && (
        <Notice mood="warn" title={<bdi>{t("problem.said", { words: call.remark })}</bdi>} />
      )}
      {call.other_actions.length > 0 && (
        <p className={css.soft}>
          <bdi>{t("live.other_actions", { words: call.other_actions.join(", ") })}</bdi>
        </p>
      )}
    </>
  );
}
