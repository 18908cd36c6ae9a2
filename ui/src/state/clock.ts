// One clock for every timer of a window. It ticks once a second, on the second, only while somebody looks at it.

import { useSyncExternalStore } from "react";
import type { Timestamp } from "../generated/model";
import { useHeld } from "./store";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let second = Math.floor(Date.now() / 1000);

function tick(): void {
  second = Math.floor(Date.now() / 1000);
  for (const listener of listeners) listener();
  schedule();
}

function schedule(): void {
  clearTimeout(timer);
  timer = undefined;
  if (listeners.size > 0 && !document.hidden) timer = setTimeout(tick, 1000 - (Date.now() % 1000));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tick();
  else schedule();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) tick();
  return () => {
    listeners.delete(listener);
    schedule();
  };
}

/** The engine's time, to the second. Draws again each second. */
export function useNow(): Timestamp {
  const seconds = useSyncExternalStore(subscribe, () => second);
  const offset = useHeld((held) => held.mirror?.offset ?? 0);
  return seconds * 1000 + 999 + offset;
}

/** Something told by the engine's time. Looked at each second, drawn again only when it is another. */
export function useByNow<T extends string | number | boolean>(read: (now: Timestamp) => T): T {
  return useSyncExternalStore(subscribe, () =>
    read(second * 1000 + 999 + (useHeld.getState().mirror?.offset ?? 0)),
  );
}

/** The engine's time, once. */
export function engineNow(): Timestamp {
  return Date.now() + (useHeld.getState().mirror?.offset ?? 0);
}

/** Whole seconds from `since` to `now`, never negative. */
export function elapsed(since: Timestamp, now: Timestamp): number {
  return Math.max(0, Math.floor((now - since) / 1000));
}
