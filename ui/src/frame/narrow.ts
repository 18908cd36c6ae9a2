// The dock gives way where it would take the room of what is being worked on, and its slim bar, where what rings can still
// be answered, stays. In a narrow window, or with large text, it lies below the view and would take most of it. Beside
// tickets the conversation needs the width, unless something is at hand or the agent wants the dock all the same.

import { useEffect } from "react";
import { useHeld } from "../state/store";
import { useUi } from "../state/ui";

/** Below this width, in rem, the dock has no column of its own (App.module.css says the same). */
const NARROW = 50;
/** Below this width, in rem, an idle dock and three panes of tickets do not fit beside each other. */
const TIGHT = 94;

function width(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return window.innerWidth / rem;
}

export function useFoldedWhenNarrow(): void {
  const textSize = useUi((ui) => ui.textSize);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text size is another width in rem
  useEffect(() => {
    let narrow: boolean | undefined;
    const look = (): void => {
      if (width() < NARROW === narrow) return;
      narrow = width() < NARROW;
      // An activity that was chosen is being worked on: it stays in sight.
      if (narrow && useUi.getState().selected === undefined) useUi.setState({ dockOpen: false });
      if (!narrow) useUi.setState({ dockOpen: true });
    };
    look();
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, [textSize]);
}

/** Whether the dock is folded because of the tickets, and whether the agent opened it there nevertheless. */
let folded = false;
let wanted = false;

useUi.subscribe((ui, before) => {
  if (!folded || !ui.dockOpen || before.dockOpen) return;
  folded = false;
  // Opened to look at something or to dial is for this time; opened with nothing at hand is meant.
  wanted = !ui.dialling && ui.selected === before.selected && useHeld.getState().mirror?.order.length === 0;
});

function giveWay(busy: boolean): void {
  const { view, dockOpen, dialling } = useUi.getState();
  const tight = view === "tickets" && width() >= NARROW && width() < TIGHT;
  const gives = tight && !busy && !dialling && !wanted;
  if (gives && dockOpen) {
    useUi.setState({ dockOpen: false });
    folded = true;
  } else if (!gives && folded) {
    folded = false;
    useUi.setState({ dockOpen: true });
  }
}

export function useFoldedBesideTickets(): void {
  const textSize = useUi((ui) => ui.textSize);
  const view = useUi((ui) => ui.view);
  const busy = useHeld((held) => (held.mirror?.order.length ?? 0) > 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view or text size is another room
  useEffect(() => {
    const look = (): void => giveWay(busy);
    look();
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, [textSize, view, busy]);
}
