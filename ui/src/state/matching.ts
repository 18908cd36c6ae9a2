// Whether a filter shows a ticket, as the core decides it (`TicketFilter`): only to tell what is news for a list that is
// already there. What a list has in it only the core says.

import type { Stage, Ticket, TicketFilter, Timestamp } from "../generated/model";

/** Stages in which somebody still has something to do, in the order of a ticket's life. */
export const OPEN: readonly Stage[] = ["new", "open", "live", "answered", "postponed"];

function among<T>(wanted: readonly T[], value: T | null | undefined): boolean {
  return wanted.length === 0 || (value !== null && value !== undefined && wanted.includes(value));
}

/** Whether this filter shows this ticket now. */
export function matches(filter: TicketFilter, ticket: Ticket, now: Timestamp): boolean {
  const whose = { all: true, mine: ticket.mine, unassigned: ticket.owner === null };
  const stages = filter.stages.length === 0 ? OPEN : filter.stages;
  const within = filter.due_within_min;
  return (
    whose[filter.whose] &&
    stages.includes(ticket.stage) &&
    among(filter.accounts, ticket.account) &&
    among(filter.channels, ticket.channel) &&
    among(filter.priorities, ticket.priority) &&
    among(filter.categories, ticket.category?.title) &&
    (filter.tags.length === 0 || ticket.tags.some((tag) => filter.tags.includes(tag.title))) &&
    (!filter.awaits_answer || ticket.awaits_answer) &&
    (!filter.unread || ticket.unread) &&
    (within === null || (ticket.due !== null && ticket.due.at <= now + within * 60_000))
  );
}
