// What the agent types, from the first keystroke. The words are shown from here, saved by the core within 300 ms, and at
// once when the field is left, the window hides, or the activity is closed. If the activity ends on the platform while
// words are here that were not sent, they are saved all the same, and the core puts them into the outbox.

import { create } from "zustand";
import type { Activity, ActivityId, Draft, Problem } from "../generated/model";
import { asProblem, host } from "../platform";
import { useHeld } from "./store";

/** How long typing may rest before it is saved, in milliseconds. */
const REST = 250;

interface Drafts {
  /** What this window's agent typed, by activity. */
  typed: Readonly<Record<ActivityId, Draft>>;
  /** Drafts the core could not keep, and why. */
  unsaved: Readonly<Record<ActivityId, Problem>>;
}

export const useDrafts = create<Drafts>(() => ({ typed: {}, unsaved: {} }));

const timers = new Map<ActivityId, ReturnType<typeof setTimeout>>();

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

useHeld.subscribe((held, before) => {
  if (held.mirror?.activities === before.mirror?.activities) return;
  for (const id of Object.keys(useDrafts.getState().typed)) {
    if (!before.mirror?.activities[id] || held.mirror?.activities[id]) continue;
    void flush(id);
    useDrafts.setState(({ typed: { [id]: _, ...typed } }) => ({ typed }));
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) void flush();
});
window.addEventListener("pagehide", () => void flush());
