// In a narrow window, or with large text, the dock lies below the view and would take most of it: it folds to its slim
// bar, where what rings can still be answered, and unfolds when something is at hand.

import { useEffect } from "react";
import { useUi } from "../state/ui";

/** Below this width, in rem, the dock has no column of its own (App.module.css says the same). */
const NARROW = 50;

function isNarrow(): boolean {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return window.innerWidth / rem < NARROW;
}

export function useFoldedWhenNarrow(): void {
  const textSize = useUi((ui) => ui.textSize);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text size is another width in rem
  useEffect(() => {
    let narrow: boolean | undefined;
    const look = (): void => {
      if (isNarrow() === narrow) return;
      narrow = isNarrow();
      // An activity that was chosen is being worked on: it stays in sight.
      if (narrow && useUi.getState().selected === undefined) useUi.setState({ dockOpen: false });
      if (!narrow) useUi.setState({ dockOpen: true });
    };
    look();
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, [textSize]);
}
