// Nothing moves under the pointer: while a list is pointed at or has the keyboard, its rows stay where they are. New rows
// come at the end, rows that went stay as ghosts; both fall into place when the agent looks elsewhere.

import { type RefObject, useEffect, useMemo, useRef, useState } from "react";

/** Rows to draw, which of them are ghosts, and what the list must be given to know that it is held. */
export interface Steady {
  ids: readonly string[];
  isGhost: (id: string) => boolean;
  holders: {
    ref: RefObject<HTMLElement | null>;
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
  };
}

/** The order in which rows are shown. */
export function steady(shown: readonly string[], real: readonly string[], held: boolean): readonly string[] {
  return held ? [...shown, ...real.filter((id) => !shown.includes(id))] : real;
}

export function useSteady(real: readonly string[]): Steady {
  const [held, setHeld] = useState(false);
  const ref = useRef<HTMLElement>(null);
  const shown = useRef<readonly string[]>(real);
  shown.current = steady(shown.current, real, held);
  const holders = useMemo(() => {
    const look = (): void => {
      const list = ref.current;
      setHeld(list !== null && (list.matches(":hover") || list.contains(document.activeElement)));
    };
    return {
      ref,
      onPointerEnter: () => setHeld(true),
      onPointerLeave: look,
      onFocus: () => setHeld(true),
      // The next holder of the keyboard is known only after this event.
      onBlur: () => setTimeout(look),
    };
  }, []);
  // A button that goes while it has the keyboard takes the keyboard with it and tells nobody.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again whenever the rows changed
  useEffect(() => {
    if (held) holders.onBlur();
  }, [real, held, holders]);
  return { ids: shown.current, isGhost: (id) => !real.includes(id), holders };
}
