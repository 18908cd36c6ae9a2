// What can be done with a live call by one press. Each is sent only while the platform offers it: between the drawing and
// the press the call may have changed.

import type { Action, Activity, CommandId, Control } from "../generated/model";
import { run } from "../state/commands";
import type { Mirror } from "../state/mirror";
import { inOrder, isTalking, othersOf, partnerOf } from "../state/pairs";
import { mirrorNow } from "../state/store";
import { type CallQuestion, showActivity, useUi } from "../state/ui";

/** Actions that need nothing but the press. */
export const PLAIN = [
  "hold",
  "resume",
  "mute",
  "unmute",
  "leave_conference",
  "park",
  "record_start",
  "record_stop",
  "record_pause",
  "record_resume",
  "record_save",
  "record_discard",
] as const;
export type Plain = (typeof PLAIN)[number];

/** Asks for a control of a call. */
export function control(activity: Activity, asked: Control): Promise<CommandId | undefined> {
  return run({ do: "control", activity: activity.id, control: asked });
}

/** Does what needs nothing but the press. */
export function press(activity: Activity, act: Plain): void {
  if (act === "resume") showActivity(activity.id);
  void control(activity, { act });
}

/** Puts two calls together for good and leaves both. */
export function join(...pair: readonly [Activity, Activity]): void {
  const [first, second] = inOrder(...pair);
  const [one, other] = first.actions.includes("join") ? [first, second] : [second, first];
  const when_answered = one.phase === "dialling" || other.phase === "dialling";
  void control(one, { act: "join", with: other.id, when_answered });
}

/** The one that is talked on, then the other; the other way round where only that is offered. */
function fromTalking(act: Action, pair: readonly [Activity, Activity]): readonly [Activity, Activity] {
  const [one, other] = pair;
  const [talking, held] = one.on_hold ? [other, one] : [one, other];
  return talking.actions.includes(act) ? [talking, held] : [held, talking];
}

/** Talks to both at once. */
export function confer(...pair: readonly [Activity, Activity]): void {
  const [one, other] = fromTalking("conference", pair);
  showActivity(one.id);
  void control(one, { act: "conference", with: other.id });
}

/** Holds the one that is talked on and goes on with the other. */
export function swap(...pair: readonly [Activity, Activity]): void {
  const [one, other] = fromTalking("swap", pair);
  void control(one, { act: "swap", with: other.id });
}

/** Asks what must be known before: to whom, or with which call. */
export function ask(activity: Activity, what: CallQuestion["ask"]): void {
  useUi.setState({ question: { activity: activity.id, ask: what } });
}

/** Opens or closes the key pad of a call, and shows the call. */
export function toggleKeypad(activity: Activity): void {
  showActivity(activity.id);
  useUi.setState((ui) => ({ keypad: ui.keypad === activity.id ? undefined : activity.id }));
}

/** Swaps or confers with the call that is meant, or asks which. */
export function together(activity: Activity, what: "conference" | "swap"): void {
  const mirror = mirrorNow();
  const other = mirror && partnerOf(activity, othersOf(mirror, activity));
  if (!other) ask(activity, what);
  else if (what === "swap") swap(activity, other);
  else confer(activity, other);
}

/**
 * The live call a key means: the chosen one if it offers the action, else the only one that does, else the one that is
 * talked on. Never a guess between two that wait.
 */
export function liveTarget(mirror: Mirror, action: Action): Activity | undefined {
  const offering = mirror.order
    .map((id) => mirror.activities[id])
    .filter((one) => one?.call != null && one.actions.includes(action));
  const chosen = offering.find((one) => one?.id === useUi.getState().selected);
  if (chosen) return chosen;
  return offering.length === 1 ? offering[0] : offering.find(isTalking);
}
