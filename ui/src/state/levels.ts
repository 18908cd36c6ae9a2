// How bad the figures of a queue are, by the agent's thresholds, and in which order queues are listed. The core tells
// notices by the same thresholds; here they colour what is shown. Pure.

import type {
  AccountState,
  Level,
  Measure,
  Queue,
  QueueOf,
  QueueStatistics,
  Threshold,
} from "../generated/model";
import { elapsed } from "./clock";

/** Every figure that can be watched, in the order in which it is shown. */
export const MEASURES = [
  "waiting",
  "longest_wait",
  "free",
  "service_level",
  "abandoned",
] as const satisfies Measure[];

/** Whether a high figure is the bad one. */
export const highIsBad = (measure: Measure): boolean => measure !== "free" && measure !== "service_level";

/** How bad each figure is; those that are not bad are absent. */
export type Levels = Partial<Record<Measure, Level>>;

/** A figure at a moment, in its own unit; absent where it is not told. */
export function valueAt(figures: QueueStatistics, measure: Measure, now: number): number | null {
  switch (measure) {
    case "waiting":
      return figures.waiting;
    case "longest_wait":
      if (figures.longest_since !== null) return elapsed(figures.longest_since, now);
      return figures.waiting === 0 ? 0 : null;
    case "free":
      return figures.free;
    case "service_level":
      return figures.service_level;
    case "abandoned":
      return figures.dropped;
  }
}

const isOf = (threshold: Threshold, queue: QueueOf): boolean =>
  threshold.queue?.account === queue.account && threshold.queue.queue === queue.queue;

/** The threshold of a measure that holds for a queue: its own, else the one for all. */
export function thresholdOf(
  thresholds: readonly Threshold[],
  queue: QueueOf,
  measure: Measure,
): Threshold | undefined {
  const same = thresholds.filter((one) => one.measure === measure);
  return same.find((one) => isOf(one, queue)) ?? same.find((one) => one.queue === null);
}

function level(value: number, { measure, warning, alarm }: Threshold): Level | undefined {
  const beyond = (limit: number | null): boolean =>
    limit !== null && (highIsBad(measure) ? value >= limit : value <= limit);
  if (beyond(alarm)) return "alarm";
  return beyond(warning) ? "warning" : undefined;
}

/** How bad the figures of a queue are. A service level below the platform's own target is a warning where nobody said more. */
export function levelsOf(figures: QueueStatistics, thresholds: readonly Threshold[], now: number): Levels {
  const levels: Levels = {};
  for (const measure of MEASURES) {
    const value = valueAt(figures, measure, now);
    if (value === null) continue;
    const threshold = thresholdOf(thresholds, figures, measure);
    const target = measure === "service_level" && !threshold ? figures.service_target : null;
    const found = threshold
      ? level(value, threshold)
      : target !== null && value < target
        ? "warning"
        : undefined;
    if (found) levels[measure] = found;
  }
  return levels;
}

/** The worst of them. */
export function worst(levels: Levels): Level | undefined {
  const all = Object.values(levels);
  return all.includes("alarm") ? "alarm" : all.includes("warning") ? "warning" : undefined;
}

/** How a queue stands in one word. */
export type Standing = Level | "waiting" | "calm" | "closed" | "untold";

/** How a queue stands. A closed queue in which nobody waits is closed, whatever its figures are. */
export function standing(
  figures: QueueStatistics | undefined,
  thresholds: readonly Threshold[],
  now: number,
): Standing {
  if (!figures) return "untold";
  if (figures.open === false && (figures.waiting ?? 0) === 0) return "closed";
  const bad = worst(levelsOf(figures, thresholds, now));
  if (bad) return bad;
  if (figures.waiting === null) return "untold";
  return figures.waiting > 0 ? "waiting" : "calm";
}

/** A queue with all that is known of it. */
export interface Listed {
  key: string;
  title: string;
  account: AccountState;
  /** The agent's membership, where the platform keeps one. */
  queue: Queue | undefined;
  figures: QueueStatistics | undefined;
}

/** Whether a queue is the agent's: a right to it, or the platform's word. */
export const isMine = ({ queue, figures }: Listed): boolean => queue !== undefined || figures?.mine === true;

/** What queues can be sorted by. */
export type Column =
  | "title"
  | "waiting"
  | "longest"
  | "free"
  | "serving"
  | "answered"
  | "abandoned"
  | "service"
  | "expected";

/** A column and its direction. */
export interface Sorting {
  by: Column;
  down: boolean;
}

const RANK: Readonly<Record<Standing, number>> = {
  alarm: 0,
  warning: 1,
  waiting: 2,
  calm: 3,
  untold: 4,
  closed: 5,
};

const title = (a: Listed, b: Listed): number =>
  a.title.localeCompare(b.title) ||
  a.account.account.name.localeCompare(b.account.account.name) ||
  a.key.localeCompare(b.key);

function figure({ figures }: Listed, by: Exclude<Column, "title">, now: number): number | null {
  if (!figures) return null;
  switch (by) {
    case "waiting":
      return figures.waiting;
    case "longest":
      return valueAt(figures, "longest_wait", now);
    case "free":
      return figures.free;
    case "serving":
      return figures.serving;
    case "answered":
      return figures.answered;
    case "abandoned":
      return figures.dropped;
    case "service":
      return figures.service_level;
    case "expected":
      return figures.expected_wait;
  }
}

/** Queues in the order of a column; what is not told comes last either way. */
function byColumn({ by, down }: Sorting, now: number): (a: Listed, b: Listed) => number {
  const sign = down ? -1 : 1;
  if (by === "title") return (a, b) => sign * title(a, b);
  return (a, b) => {
    const [one, other] = [figure(a, by, now), figure(b, by, now)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || title(a, b);
    return sign * (one - other) || title(a, b);
  };
}

/** Worst first, and within that by name: figures that change within their level move nothing. */
export function byTrouble(thresholds: readonly Threshold[], now: number): (a: Listed, b: Listed) => number {
  const rank = new Map<Listed, number>();
  const of = (one: Listed): number => {
    const found = rank.get(one) ?? RANK[standing(one.figures, thresholds, now)];
    rank.set(one, found);
    return found;
  };
  return (a, b) => of(a) - of(b) || title(a, b);
}

/** Queues in the order in which they are shown: by a column, else mine first and then by trouble. */
export function inOrder(
  queues: readonly Listed[],
  sorting: Sorting | undefined,
  thresholds: readonly Threshold[],
  now: number,
): readonly Listed[] {
  if (sorting) return [...queues].sort(byColumn(sorting, now));
  const trouble = byTrouble(thresholds, now);
  return [...queues].sort((a, b) => Number(isMine(b)) - Number(isMine(a)) || trouble(a, b));
}
