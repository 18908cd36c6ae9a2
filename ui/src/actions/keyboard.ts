// The keyboard: finds the action of a chord and performs it if it is possible now.

import { mirrorNow } from "../state/store";
import { useUi } from "../state/ui";
import { isChord, isTyping } from "./keys";
import { ACTIONS } from "./registry";

/** A chord without a modifier is text in a field, and belongs to whatever dialog is open. */
function isPlain(chord: string): boolean {
  return !/(Mod|Alt)\+/.test(chord);
}

/** Whether the keyboard is at such a place. A place may also keep a chord for itself (`data-keeps`). */
function isIn(target: EventTarget | null, place: string): boolean {
  return target instanceof Element && target.closest(place) !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  const mirror = mirrorNow();
  if (!mirror || event.defaultPrevented) return;
  const found = ACTIONS.find(
    (action) =>
      action.keys !== undefined &&
      isChord(event, action.keys) &&
      (!event.repeat || action.repeats === true) &&
      (action.within === undefined || isIn(event.target, action.within)) &&
      !isIn(event.target, `[data-keeps~="${action.keys}"]`) &&
      action.possible(mirror),
  );
  if (!found?.keys) return;
  if (isPlain(found.keys) && (isTyping(event.target) || useUi.getState().overlay)) return;
  event.preventDefault();
  found.perform(mirror);
}

/** Listens from now on. */
export function listenToKeys(): void {
  // In the capture phase: controls stop keys from bubbling, and answering must work wherever the keyboard is.
  window.addEventListener("keydown", onKeyDown, true);
}
