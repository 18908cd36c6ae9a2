// What the agent types, from the first keystroke. The words are shown from here, saved by the core within 300 ms, and at
// once when the field is left, the window hides, or the activity is closed. If the activity ends on the platform while
// words are here that were not sent, they stay here as a left-over note until the agent says what to do with them.

import { create } from "zustand";
import type { Activity, ActivityId, Draft, Problem } from "../generated/model";
import { asProblem, host } from "../platform";
import { useHeld } from "./store";

/** How long typing may rest before it is saved, in milliseconds. */
const REST = 250;

/** A note whose activity ended on the platform before it was sent. */
export interface LeftOver {
  activity: Activity;
  draft: Draft;
}

interface Drafts {
  /** What this window's agent typed, by activity. */
  typed: Readonly<Record<ActivityId, Draft>>;
  /** Drafts the core could not keep, and why. */
  unsaved: Readonly<Record<ActivityId, Problem>>;
  leftOver: readonly LeftOver[];
}

export const useDrafts = create<Drafts>(() => ({ typed: {}, unsaved: {}, leftOver: [] }));

const timers = new Map<ActivityId, ReturnType<typeof setTimeout>>();
/** Activities whose words went into a close command: when they go, nothing is left over. */
const sent = new Set<ActivityId>();

/** Whether there is anything in it. */
export function isEmpty(draft: Draft): boolean {
  return draft.note.trim() === "" && draft.dispositions.length === 0;
}

/** The draft to show: the typed one, else the one the core keeps. */
export function useDraft(activity: Activity): Draft {
  return useDrafts((drafts) => drafts.typed[activity.id]) ?? activity.draft;
}

/** Takes what was typed and sees to it that it is saved. */
export function type(activity: ActivityId, draft: Draft): void {
  useDrafts.setState((drafts) => ({ typed: { ...drafts.typed, [activity]: draft } }));
  clearTimeout(timers.get(activity));
  timers.set(
    activity,
    setTimeout(() => void save(activity), REST),
  );
}

async function save(activity: ActivityId): Promise<void> {
  clearTimeout(timers.get(activity));
  timers.delete(activity);
  const draft = useDrafts.getState().typed[activity];
  if (!draft) return;
  try {
    await host.call("save_draft", { activity, draft });
    useDrafts.setState(({ unsaved: { [activity]: _, ...unsaved } }) => ({ unsaved }));
  } catch (thrown) {
    useDrafts.setState((drafts) => ({ unsaved: { ...drafts.unsaved, [activity]: asProblem(thrown) } }));
  }
}

/** Saves now what waits to be saved: of one activity, or of all. */
export async function flush(activity?: ActivityId): Promise<void> {
  const waiting = activity === undefined ? [...timers.keys()] : timers.has(activity) ? [activity] : [];
  await Promise.all(waiting.map(save));
}

/** Says that the words of this activity are on their way with a close command. */
export function markSent(activity: ActivityId): void {
  sent.add(activity);
}

/** Puts a left-over note away for good. */
export function discardLeftOver(activity: ActivityId): void {
  useDrafts.setState((drafts) => ({
    leftOver: drafts.leftOver.filter((one) => one.activity.id !== activity),
  }));
}

useHeld.subscribe((held, before) => {
  if (held.mirror?.activities === before.mirror?.activities) return;
  for (const id of Object.keys(useDrafts.getState().typed)) {
    const old = before.mirror?.activities[id];
    if (!old || held.mirror?.activities[id]) continue;
    void flush(id);
    useDrafts.setState(({ typed: { [id]: draft, ...typed }, leftOver }) => ({
      typed,
      leftOver:
        draft && !isEmpty(draft) && !sent.has(id) ? [...leftOver, { activity: old, draft }] : leftOver,
    }));
    sent.delete(id);
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) void flush();
});
window.addEventListener("pagehide", () => void flush());
