// The buttons of an activity: exactly those the platform offers now, each with its spinner and its refusal.

import { useState } from "react";
import { answer, close, decline, hangUp } from "../actions/registry";
import type { Activity, Device } from "../generated/model";
import { Button, type ButtonProps } from "../parts/Button";
import { cx } from "../parts/cx";
import { Select } from "../parts/Field";
import { useStanding } from "../state/commands";
import { useAccount } from "../state/store";
import { useWords } from "../words/words";
import css from "./CallActions.module.css";
import { Refusal } from "./Trouble";

type Size = ButtonProps["size"];

function Answer({ activity, size, device }: { activity: Activity; size: Size; device: string | null }) {
  const t = useWords();
  const { pending } = useStanding(`answer:${activity.id}`);
  return (
    <Button
      tone="good"
      size={size ?? "m"}
      icon={activity.channel === "call" ? "phone" : "ready"}
      pending={pending}
      onPress={() => answer(activity, device)}
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

/** The buttons in a row. `device` is the one to answer on. */
export function CallActions({
  activity,
  size = "m",
  device = null,
}: {
  activity: Activity;
  size?: Size;
  device?: string | null;
}) {
  const { actions } = activity;
  return (
    <div className={cx(css.actions, size === "l" && css.wide)}>
      {actions.includes("answer") && <Answer activity={activity} size={size} device={device} />}
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

/** The devices a call can be answered on; those the platform names for it, else all of the agent's. */
export function useAnswerDevices(activity: Activity): readonly Device[] {
  const devices = useAccount(activity.account)?.devices ?? [];
  if (!activity.actions.includes("answer") || activity.channel !== "call") return [];
  const named = activity.call?.choices.answer;
  return named
    ? named.map((id) => devices.find((one) => one.id === id) ?? { id, title: id, kind: "", logged_in: false })
    : devices;
}

/** Where to answer, when there is a choice. */
export function useAnswerDevice(activity: Activity) {
  const t = useWords();
  const devices = useAnswerDevices(activity);
  const [device, setDevice] = useState<string | null>(null);
  const on = devices.find((one) => one.logged_in);
  const field =
    devices.length > 1 ? (
      <Select
        label={t("dial.answer_on")}
        value={device ?? on?.id ?? null}
        options={devices}
        onChange={setDevice}
        placeholder={t("dial.any_device")}
      />
    ) : null;
  return { device, field };
}
