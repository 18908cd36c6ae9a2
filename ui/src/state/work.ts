// What an item of the outbox, or something that is being written, is about.

import type { AccountId, ActivityId, OutboxItem, TicketId, Work } from "../generated/model";
import { useMirrorList } from "./store";

/** The ticket it concerns, if it concerns one that is there. */
export function ticketOfWork(work: Work): TicketId | undefined {
  return "ticket" in work ? work.ticket : undefined;
}

/** The activity it closes. */
export function activityOfWork(work: Work): ActivityId | undefined {
  return work.kind === "close" ? work.activity : undefined;
}

/** The account it goes to. */
export function accountOfWork(work: Work): AccountId {
  if (work.kind === "create") return work.account;
  const id = work.kind === "close" ? work.activity : work.ticket;
  return id.split("/")[0] ?? id;
}

/** What is not sent of a ticket, oldest first. */
export function useUnsentOf(ticket: TicketId): readonly OutboxItem[] {
  return useMirrorList((mirror) => mirror.outbox.filter((item) => ticketOfWork(item.work) === ticket));
}

/** What the agent wrote in it. */
export function wordsOfWork(work: Work): string {
  switch (work.kind) {
    case "close":
      return work.draft.note;
    case "send":
      return work.message.text;
    case "create":
      return work.new.message.text;
    case "delete":
      return work.note;
    default:
      return "";
  }
}
