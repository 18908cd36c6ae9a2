// Which calls belong together. Nobody must hand a caller to the wrong person: a call that was begun to consult belongs to
// the call it was begun for and to no other; where that is not known and there are several, the agent says which.

import type { Activity, ActivityId } from "../generated/model";
import type { Mirror } from "./mirror";

/** Whether the platform carries this call and it is not over. */
export function isLive(activity: Activity | undefined): boolean {
  return activity?.call != null && (activity.phase === "open" || activity.phase === "dialling");
}

/** Whether the agent speaks, or is about to, on this call. */
export function isTalking(activity: Activity | undefined): boolean {
  return isLive(activity) && activity?.on_hold === false;
}

/** The agent's other live calls on the same account, oldest first: those a call could be put together with. */
export function othersOf(mirror: Mirror, activity: Activity): readonly Activity[] {
  return mirror.order.flatMap((id) => {
    const other = mirror.activities[id];
    return other && isLive(other) && other.id !== activity.id && other.account === activity.account
      ? [other]
      : [];
  });
}

/** The call that is meant by "the other one"; absent when the agent must say. */
export function partnerOf(activity: Activity, others: readonly Activity[]): Activity | undefined {
  const wanted = activity.call?.consults_for;
  const bound = others.filter((other) => other.id === wanted || other.call?.consults_for === activity.id);
  if (bound.length === 1) return bound[0];
  // Consulted for a call that is gone, or two consultations at once: anybody else would be a guess.
  if (bound.length > 1 || wanted != null) return undefined;
  const [other] = others;
  return others.length === 1 && other?.call?.consults_for == null ? other : undefined;
}

/** Two calls in the order they are named in: whom it is about, or who waits, then the other. */
export function inOrder(one: Activity, other: Activity): readonly [Activity, Activity] {
  if (other.call?.consults_for === one.id) return [one, other];
  if (one.call?.consults_for === other.id) return [other, one];
  return other.on_hold && !one.on_hold ? [other, one] : [one, other];
}

/** The pairs to show side by side, flat: the one who waits, then the other. */
export function pairsOf(mirror: Mirror): readonly Activity[] {
  const seen = new Set<ActivityId>();
  return mirror.order.flatMap((id) => {
    const one = mirror.activities[id];
    if (!one || !isLive(one) || seen.has(id)) return [];
    const others = othersOf(mirror, one);
    const other = partnerOf(one, others);
    if (!other || seen.has(other.id) || partnerOf(other, othersOf(mirror, other)) !== one) return [];
    seen.add(id).add(other.id);
    return inOrder(one, other);
  });
}
