// A line as small as a word: who waited in the last hour. Its figures are said, and the queue's details have them as a table.

import { memo, useMemo } from "react";
import type { QueueStatistics, TrendPoint } from "../generated/model";
import { lately, useTrend, withNow } from "../state/trends";
import { count } from "../words/format";
import { useWords } from "../words/words";
import css from "./Spark.module.css";

/** How far back it goes, in minutes. */
const MINUTES = 60;
/** The drawing's own units. */
const WIDE = 96;
const HIGH = 20;

type Told = { at: number; waiting: number };

/** A path through the points that are told; where nothing was told it has a gap. */
function path(points: readonly TrendPoint[], top: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return "";
  const x = (at: number): number => ((at - first.at) / (last.at - first.at)) * WIDE;
  let pen = "M";
  return points
    .map(({ at, waiting }) => {
      if (waiting === null) {
        pen = "M";
        return "";
      }
      const step = `${pen}${x(at).toFixed(1)} ${(HIGH - (waiting / top) * HIGH).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}

export const Spark = memo(function Spark({ queue, figures }: { queue: string; figures: QueueStatistics }) {
  const t = useWords();
  const points = useTrend(queue);
  const { waiting } = figures;
  // Drawn again when the past came or the number of those who wait is another, not with every word of the platform.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const line = useMemo(() => {
    const shown = lately(withNow(points ?? [], figures), MINUTES);
    const told = shown.filter((point): point is TrendPoint & Told => point.waiting !== null);
    const most = Math.max(0, ...told.map((point) => point.waiting));
    return told.length < 2 ? undefined : { most, d: path(shown, Math.max(most, 4)) };
  }, [points, waiting]);
  if (!line) return null;
  return (
    <svg
      className={css.spark}
      viewBox={`0 -1 ${WIDE} ${HIGH + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t("queue.spark", { most: count(line.most), now: waiting === null ? "–" : count(waiting) })}
    >
      <path d={line.d} />
    </svg>
  );
});
