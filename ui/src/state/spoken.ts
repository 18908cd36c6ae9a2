// Whether somebody who was missed was spoken to since: from the past that was fetched, whatever the list shows of it, and
// from the calls of this window. Numbers are compared, because a missed call and the call back are two things to a platform.

import { create } from "zustand";
import type { Activity, HistoryItem, Phone, Timestamp } from "../generated/model";
import type { Mirror } from "./mirror";

/** The newest conversation with a number. */
export interface Spoken {
  at: Timestamp;
  /** The agent called. */
  back: boolean;
}

const keyOf = (phone: Phone | null): string | undefined =>
  phone === null ? undefined : (phone.e164 ?? phone.raw);

interface Conversation extends Spoken {
  phone: Phone | null;
}

export const useSpoken = create<Readonly<Record<string, Spoken>>>(() => ({}));

/** The newest of each number among what is known and these. */
export function latest(
  known: Readonly<Record<string, Spoken>>,
  conversations: readonly Conversation[],
): Readonly<Record<string, Spoken>> {
  const newer: Record<string, Spoken> = {};
  for (const { phone, at, back } of conversations) {
    const key = keyOf(phone);
    if (key === undefined) continue;
    const before = newer[key] ?? known[key];
    if (before === undefined || before.at < at) newer[key] = { at, back };
  }
  return Object.keys(newer).length === 0 ? known : { ...known, ...newer };
}

/** Learns from a page of the past. */
export function learnSpoken(items: readonly HistoryItem[]): void {
  const had = items
    .filter((item) => item.outcome === "answered" && item.handled === null)
    .map(({ party, at, direction }) => ({ phone: party.phone, at, back: direction === "out" }));
  useSpoken.setState((known) => latest(known, had), true);
}

/** Learns from the calls that are live or went a moment ago. */
export function learnLive(mirror: Mirror): void {
  const calls: readonly Activity[] = [...Object.values(mirror.gone), ...Object.values(mirror.activities)];
  const had = calls.flatMap(({ party, answered_at, direction }) =>
    answered_at === null ? [] : [{ phone: party.phone, at: answered_at, back: direction === "out" }],
  );
  useSpoken.setState((known) => latest(known, had), true);
}

/** What became of a missed item; absent for every other. */
export function spokenSince(
  item: HistoryItem,
  known: Readonly<Record<string, Spoken>>,
): "called_back" | "spoken_since" | undefined {
  if (item.outcome !== "missed" || item.direction !== "in") return undefined;
  const spoken = known[keyOf(item.party.phone) ?? ""];
  if (!spoken || spoken.at <= item.at) return undefined;
  return spoken.back ? "called_back" : "spoken_since";
}
