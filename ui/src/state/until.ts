// When a presence ends, from what an agent chooses or types.

import type { Timestamp } from "../generated/model";

/** The last minute of this day, on the agent's clock. */
export function endOfDay(now: Timestamp): Timestamp {
  return new Date(now).setHours(23, 59, 0, 0);
}

/** The next moment the clock shows what was typed (`17:30`, `9.05`, `1730`); absent when that is no time. */
export function atClock(text: string, now: Timestamp): Timestamp | undefined {
  const [, hours, minutes] = /^\s*(\d{1,2})[:.]?(\d{2})\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59)
    return undefined;
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
