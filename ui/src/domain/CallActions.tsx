// The buttons of an activity: exactly those the platform offers now, each with its spinner and its refusal.

import { useState } from "react";
import { answer, close, decline, hangUp } from "../actions/registry";
import type { Activity, Device, Problem } from "../generated/model";
import { Button, type ButtonProps } from "../parts/Button";
import { cx } from "../parts/cx";
import { Select } from "../parts/Field";
import { asProblem, host } from "../platform";
import { answerDevice, answerDevices } from "../state/answering";
import { useStanding } from "../state/commands";
import { useAccount } from "../state/store";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./CallActions.module.css";
import { Refusal, Trouble } from "./Trouble";

type Size = ButtonProps["size"];

function Answer({ activity, size }: { activity: Activity; size: Size }) {
  const t = useWords();
  const { pending } = useStanding(`answer:${activity.id}`);
  return (
    <Button
      tone="good"
      size={size ?? "m"}
      icon={activity.channel === "call" ? "phone" : "ready"}
      pending={pending}
      onPress={() => answer(activity)}
    >
      {t("action.answer")}
    </Button>
  );
}

function Decline({ activity, size }: { activity: Activity; size: Size }) {
  const t = useWords();
  const { pending } = useStanding(`decline:${activity.id}`);
  return (
    <Button tone="bad" size={size ?? "m"} icon="hangup" pending={pending} onPress={() => decline(activity)}>
      {t("action.decline")}
    </Button>
  );
}

function HangUp({ activity, size }: { activity: Activity; size: Size }) {
  const t = useWords();
  const { pending } = useStanding(`hangup:${activity.id}`);
  return (
    <Button tone="bad" size={size ?? "m"} icon="hangup" pending={pending} onPress={() => hangUp(activity)}>
      {t("action.hangup")}
    </Button>
  );
}

function Close({ activity, size }: { activity: Activity; size: Size }) {
  const t = useWords();
  const { pending } = useStanding(`close:${activity.id}`);
  return (
    <Button
      tone={activity.phase === "wrap_up" ? "main" : "plain"}
      size={size ?? "m"}
      icon="ready"
      pending={pending}
      onPress={() => void close(activity)}
    >
      {t("action.close")}
    </Button>
  );
}

/** What can only be done on the platform's own page opens it. */
function OpenThere({ activity, web, size }: { activity: Activity; web: string; size: Size }) {
  const t = useWords();
  const platform = useAccount(activity.account)?.account.platform;
  const [problem, setProblem] = useState<Problem>();
  return (
    <>
      <Button
        tone={activity.phase === "ringing" ? "good" : "plain"}
        size={size ?? "m"}
        icon="out"
        onPress={() => host.call("open_link", web).catch((thrown) => setProblem(asProblem(thrown)))}
      >
        {t("action.open_there", { platform: platform ? t(`platform.${platform}`) : activity.account })}
      </Button>
      {problem && <Trouble problem={problem} />}
    </>
  );
}

/** The buttons in a row. */
export function CallActions({ activity, size = "m" }: { activity: Activity; size?: Size }) {
  const { actions, web } = activity;
  return (
    <div className={cx(css.actions, size === "l" && css.wide)}>
      {web !== null && <OpenThere activity={activity} web={web} size={size} />}
      {actions.includes("answer") && <Answer activity={activity} size={size} />}
      {actions.includes("decline") && <Decline activity={activity} size={size} />}
      {actions.includes("hangup") && <HangUp activity={activity} size={size} />}
      {actions.includes("close") && <Close activity={activity} size={size} />}
    </div>
  );
}

/** What the platform refused of these buttons. */
export function CallRefusals({ activity }: { activity: Activity }) {
  return (
    <>
      <Refusal
        command={`answer:${activity.id}`}
        again={activity.actions.includes("answer") ? () => answer(activity) : undefined}
      />
      <Refusal
        command={`decline:${activity.id}`}
        again={activity.actions.includes("decline") ? () => decline(activity) : undefined}
      />
      <Refusal
        command={`hangup:${activity.id}`}
        again={activity.actions.includes("hangup") ? () => hangUp(activity) : undefined}
      />
      <Refusal
        command={`close:${activity.id}`}
        again={activity.actions.includes("close") ? () => void close(activity) : undefined}
      />
    </>
  );
}

/** The devices a call can be answered on. */
export function useAnswerDevices(activity: Activity): readonly Device[] {
  return answerDevices(activity, useAccount(activity.account)?.devices ?? []);
}

/** Where to answer, when there is a choice. */
export function AnswerDevice({ activity }: { activity: Activity }) {
  const t = useWords();
  const devices = useAnswerDevices(activity);
  const chosen = useUi((ui) => ui.answerOn[activity.id]);
  if (devices.length < 2) return null;
  return (
    <Select
      label={t("dial.answer_on")}
      value={answerDevice(activity, devices, chosen)}
      options={devices}
      onChange={(device) =>
        useUi.setState(({ answerOn }) => ({ answerOn: { ...answerOn, [activity.id]: device } }))
      }
      placeholder={t("dial.any_device")}
    />
  );
}
