// How bad the figures of a queue are now, in a component: looked at each second, drawn again only when it is another.

import { useMemo } from "react";
import type { QueueStatistics } from "../generated/model";
import { useByNow } from "../state/clock";
import { type Levels, levelsOf, type Standing, standing } from "../state/levels";
import { useMirror } from "../state/store";

/** How bad each figure is, and how the queue stands. */
export function useLevels(figures: QueueStatistics | undefined): { levels: Levels; stands: Standing } {
  const thresholds = useMirror((mirror) => mirror.settings.thresholds);
  const words = useByNow((now) => (figures ? JSON.stringify(levelsOf(figures, thresholds, now)) : "{}"));
  const stands = useByNow((now) => standing(figures, thresholds, now));
  // Nobody has to be free in a queue that is closed.
  const levels = useMemo(() => (stands === "closed" ? {} : (JSON.parse(words) as Levels)), [words, stands]);
  return { levels, stands };
}
