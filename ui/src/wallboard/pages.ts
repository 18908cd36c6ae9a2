// How many queues a screen holds, and which of them it shows now. Pages turn by themselves; the order is looked at anew
// whenever one turns and never in between, so that nothing moves while somebody reads. Pure but for the keeper of the turn.

import { create } from "zustand";
import { byTrouble, type Listed } from "../state/levels";
import { type Mirror, queueKey } from "../state/mirror";
import { allQueues } from "../state/queues";

/** How long a page stands, in seconds. */
export const TURN = 12;
/** The smallest tile that can be read from afar, in rem; the size of the text follows the screen. */
const LEAST = { wide: 17, high: 13 };
/** The form a tile looks best in: so many times as wide as high. */
const FORM = 1.6;

/** Columns and rows. */
export interface Grid {
  columns: number;
  rows: number;
}

/** The grid for so many tiles on a space of this size, in rem: all of them if they can be read, else as many as can. */
export function gridFor(count: number, wide: number, high: number): Grid {
  const most = {
    columns: Math.max(1, Math.floor(wide / LEAST.wide)),
    rows: Math.max(1, Math.floor(high / LEAST.high)),
  };
  if (count >= most.columns * most.rows) return most;
  let best: Grid | undefined;
  const off = ({ columns, rows }: Grid): number =>
    Math.abs(Math.log(wide / columns / (high / rows) / FORM)) + (columns * rows - count) * 0.05;
  for (let columns = 1; columns <= most.columns; columns += 1) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const grid = { columns, rows };
    if (rows <= most.rows && (!best || off(grid) < off(best))) best = grid;
  }
  return best ?? most;
}

/** The queues of the wallboard: the chosen ones as they were put, else all of which anything is told, worst first. */
export function boardOrder(mirror: Mirror, now: number): readonly Listed[] {
  const told = allQueues(mirror).filter((one) => one.figures !== undefined);
  const { wallboard, thresholds } = mirror.settings;
  if (wallboard.length === 0) return told.sort(byTrouble(thresholds, now));
  return wallboard.flatMap((queue) => told.find((one) => one.key === queueKey(queue)) ?? []);
}

interface Turning {
  /** Counts the turns; the page follows from it. */
  turn: number;
  /** Somebody stopped it. */
  paused: boolean;
}

export const useTurning = create<Turning>(() => ({ turn: 0, paused: false }));

/** Turns by so many pages. */
export function turn(by: number): void {
  useTurning.setState(({ turn: now }) => ({ turn: now + by }));
}

/** Stops turning or goes on. */
export function togglePaused(): void {
  useTurning.setState(({ paused }) => ({ paused: !paused }));
}

/** The page that is shown after so many turns, of so many pages. */
export function pageAt(turns: number, pages: number): number {
  return ((turns % pages) + pages) % pages;
}
