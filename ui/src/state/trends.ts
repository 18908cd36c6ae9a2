// How queues went in the last hours: asked for once a minute while somebody looks, because the core keeps a point a minute.
// What is told in between is the last point of each line.

import { useEffect } from "react";
import { create } from "zustand";
import type { QueueStatistics, TrendPoint } from "../generated/model";
import { host } from "../platform";
import { elapsed, engineNow } from "./clock";
import { queueKey } from "./mirror";
import { useHeld } from "./store";

/** How often the past is asked for, in milliseconds. */
const EVERY = 60_000;

type Trends = Readonly<Record<string, readonly TrendPoint[]>>;

const useTrends = create<{ trends: Trends; asked: boolean }>(() => ({ trends: {}, asked: false }));

async function ask(): Promise<void> {
  if (document.hidden) return;
  try {
    const told = await host.call("queue_trends");
    useTrends.setState({
      asked: true,
      trends: Object.fromEntries(told.map(({ queue, points }) => [queueKey(queue), points])),
    });
  } catch {
    // Charts are not worth a word of complaint: the figures beside them are there, and it is asked again in a minute.
    useTrends.setState({ asked: true });
  }
}

/** Keeps the trends while a view that shows them is there. New queues are asked for at once. */
export function useKeptTrends(): void {
  const queues = useHeld((held) => Object.keys(held.mirror?.statistics ?? {}).length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again when queues came
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), EVERY);
    const seen = (): void => void ask();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [queues]);
}

/** How a queue went; nothing until it was asked for. */
export function useTrend(key: string): readonly TrendPoint[] | undefined {
  return useTrends(({ trends, asked }) => trends[key] ?? (asked ? NONE : undefined));
}

const NONE: readonly TrendPoint[] = [];

/** The point of what is told now. */
export function pointOf(figures: QueueStatistics): TrendPoint {
  const { waiting, free, logged_in, service_level, heard_at: at } = figures;
  const longest =
    figures.longest_since === null ? (waiting === 0 ? 0 : null) : elapsed(figures.longest_since, at);
  return { at, waiting, longest, free, logged_in, service_level };
}

/** The line with what is told now as its end. */
export function withNow(
  points: readonly TrendPoint[],
  figures: QueueStatistics | undefined,
): readonly TrendPoint[] {
  if (!figures) return points;
  const now = pointOf(figures);
  const before = points.filter((point) => point.at < now.at);
  return [...before, now];
}

/** The points of the last so many minutes. */
export function lately(points: readonly TrendPoint[], minutes: number): readonly TrendPoint[] {
  const from = engineNow() - minutes * 60_000;
  return points.filter((point) => point.at >= from);
}
