// What changed among the tickets, as it comes. There are far too many of them to be held in the mirror: whoever shows some
// listens here and takes what is theirs.

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

/** Listens from now on. */
export function onNews(listener: (news: News) => void): Stop {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(news: News): void {
  for (const listener of listeners) listener(news);
}

/** Passes on what events say of tickets. */
export function tellNews(events: readonly EngineEvent[]): void {
  for (const event of events) if (event.change === "tickets") tell(event);
}

/** Something was missed. */
export function tellAllChanged(): void {
  tell({ tickets: [], gone: [], more: true });
}
