// The past of the practice world: calls of the last days, the same in every run but for the hour it is.

import type { AccountId, HistoryItem, PastOutcome, QueueRef } from "../../generated/model";
import { person } from "./people";

const OUTCOMES: readonly PastOutcome[] = [
  "missed",
  "answered",
  "answered",
  "voicemail",
  "answered",
  "recording",
];
const QUEUES: readonly QueueRef[] = [
  { id: "support", title: "Support" },
  { id: "sales", title: "Sales" },
];

/** Minutes between two calls. */
const APART = 47;

function item(n: number, account: AccountId, now: number): HistoryItem {
  const outcome = OUTCOMES[n % OUTCOMES.length] ?? "answered";
  const contact = person(n * 7, account);
  const stranger = n % 5 === 4;
  const phone = contact.numbers[0]?.phone ?? null;
  return {
    id: `${account}/past_${n}`,
    account,
    channel: "call",
    direction: n % 4 === 1 ? "out" : "in",
    outcome: n === 12 ? "other" : outcome,
    other_outcome: n === 12 ? "PARKED_TOO_LONG" : null,
    party: {
      name: stranger ? null : contact.title,
      company: stranger ? null : contact.company,
      phone: n === 20 ? null : phone,
      address: null,
    },
    queue: n % 3 === 0 ? (QUEUES[0] ?? null) : null,
    at: now - (n + 1) * APART * 60_000,
    seconds: outcome === "missed" ? null : 31 + ((n * 53) % 400),
    count: n % 9 === 0 ? 3 : 1,
    seen: outcome === "missed" || outcome === "voicemail" ? n > 3 : null,
    played: outcome === "voicemail" || outcome === "recording" ? n > 5 : null,
    handled: null,
    agent: null,
    facts: [],
    web: null,
  };
}

/** The agent's own past, newest first. */
export function past(count: number, account: AccountId, now: number): HistoryItem[] {
  return Array.from({ length: count }, (_, n) => item(n, account, now));
}

/** The past of the groups of an account, newest first. */
export function groupPast(count: number, account: AccountId, now: number): HistoryItem[] {
  return Array.from({ length: count }, (_, n) => ({
    ...item(n + 3, account, now),
    id: `${account}/group_${n}`,
    direction: "in",
    outcome: n % 2 === 0 ? "missed" : "answered",
    other_outcome: null,
    queue: QUEUES[n % 3 === 2 ? 1 : 0] ?? null,
    seconds: n % 2 === 0 ? null : 31 + ((n * 53) % 400),
    seen: null,
    played: null,
    agent: n % 2 === 0 ? null : "Sam Ode",
    handled:
      n % 4 === 0
        ? { state: "unhandled", agent: null, at: null, note: "" }
        : n % 4 === 2
          ? { state: "in_progress", agent: "Sam Ode", at: now - n * 60_000, note: "Trying again at three." }
          : { state: "handled", agent: "Nora Lind", at: now - n * 60_000, note: "Sorted out on the phone." },
  }));
}
