// A window that appears while somebody types must not take what they type for an answer: for half a second after it
// appeared, and after each new ring that brings it up, keys do nothing here.

import { useHeld } from "../state/store";

/** How long keys are ignored, in milliseconds. */
const GUARD = 500;

let appeared = Date.now();

/** Whether keys count already. */
export function keysCount(now: number): boolean {
  return now - appeared >= GUARD;
}

/** Starts ignoring keys whenever the window appears. */
export function guardKeys(): void {
  const restart = (): void => {
    appeared = Date.now();
  };
  document.addEventListener("visibilitychange", () => !document.hidden && restart());
  useHeld.subscribe((held, before) => {
    const ringing = (mirror: typeof held.mirror): number => Object.keys(mirror?.rings ?? {}).length;
    if (ringing(before.mirror) === 0 && ringing(held.mirror) > 0) restart();
  });
  for (const type of ["keydown", "keyup", "keypress"] as const) {
    window.addEventListener(
      type,
      (event) => {
        if (keysCount(Date.now())) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      true,
    );
  }
}
