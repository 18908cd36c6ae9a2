// What changed among the tickets and in the record of the agent's days, as it comes. There is far too much of both to be
// held in the mirror: whoever shows some listens here and takes what is theirs.

import type { Event as EngineEvent, Ticket, TicketId } from "../generated/model";
import type { Stop } from "../platform/host";

/** Tickets that changed, and those that went. */
export interface News {
  tickets: readonly Ticket[];
  gone: readonly TicketId[];
  /** More changed than is told: whatever is shown may be old. */
  more: boolean;
}

const listeners = new Set<(news: News) => void>();
const dayListeners = new Set<(date: string | undefined) => void>();

/** Listens from now on. */
export function onNews(listener: (news: News) => void): Stop {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens from now on for days whose record changed; without a date it may be any. */
export function onDay(listener: (date: string | undefined) => void): Stop {
  dayListeners.add(listener);
  return () => dayListeners.delete(listener);
}

function tell(news: News): void {
  for (const listener of listeners) listener(news);
}

function tellDay(date: string | undefined): void {
  for (const listener of dayListeners) listener(date);
}

/** Passes on what events say of tickets and days. */
export function tellNews(events: readonly EngineEvent[]): void {
  for (const event of events) {
    if (event.change === "tickets") tell(event);
    if (event.change === "day") tellDay(event.date);
  }
}

/** Something was missed. */
export function tellAllChanged(): void {
  tell({ tickets: [], gone: [], more: true });
  tellDay(undefined);
}
