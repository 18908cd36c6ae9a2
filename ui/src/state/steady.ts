// Nothing moves under the pointer: while a list is pointed at or has the keyboard, its rows stay where they are. New rows
// come at the end, rows that went stay as ghosts; both fall into place when the agent looks elsewhere.

import { type FocusEvent, useMemo, useRef, useState } from "react";

/** Rows to draw, which of them are ghosts, and what the list must be given to know that it is held. */
export interface Steady {
  ids: readonly string[];
  isGhost: (id: string) => boolean;
  holders: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** The order in which rows are shown. */
export function steady(shown: readonly string[], real: readonly string[], held: boolean): readonly string[] {
  return held ? [...shown, ...real.filter((id) => !shown.includes(id))] : real;
}

export function useSteady(real: readonly string[]): Steady {
  const [held, setHeld] = useState(false);
  const shown = useRef<readonly string[]>(real);
  shown.current = steady(shown.current, real, held);
  const holders = useMemo(
    () => ({
      onPointerEnter: () => setHeld(true),
      onPointerLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: (event: FocusEvent) => setHeld(event.currentTarget.contains(event.relatedTarget)),
    }),
    [],
  );
  return { ids: shown.current, isGhost: (id) => !real.includes(id), holders };
}
