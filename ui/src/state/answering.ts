// Where a call is answered. What the dock shows is what is sent, whichever button or key answers.

import type { Activity, Device, DeviceId } from "../generated/model";
import { accountOf } from "./mirror";
import { mirrorNow } from "./store";
import { useUi } from "./ui";

/** The devices a call can be answered on: those the platform names for it, else all of the agent's. */
export function answerDevices(activity: Activity, own: readonly Device[]): readonly Device[] {
  if (!activity.actions.includes("answer") || activity.channel !== "call") return [];
  const named = activity.call?.choices.answer;
  return named
    ? named.map((id) => own.find((one) => one.id === id) ?? { id, title: id, kind: "", logged_in: false })
    : own;
}

/**
 * Of those, the one that was chosen, else one that rings, else one the agent is on. None where there is no choice or none
 * of them: then the platform chooses.
 */
export function answerDevice(
  activity: Activity,
  devices: readonly Device[],
  chosen: DeviceId | undefined,
): DeviceId | null {
  if (devices.length < 2) return null;
  const device =
    devices.find((one) => one.id === chosen) ??
    devices.find((one) => activity.call?.devices.includes(one.id)) ??
    devices.find((one) => one.logged_in);
  return device?.id ?? null;
}

/** The device a call is answered on now. */
export function whereToAnswer(activity: Activity): DeviceId | null {
  const mirror = mirrorNow();
  const own = (mirror && accountOf(mirror, activity.account)?.devices) ?? [];
  const chosen = useUi.getState().answerOn[activity.id];
  return answerDevice(activity, answerDevices(activity, own), chosen);
}
