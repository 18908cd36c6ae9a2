// A day drawn to scale, as arithmetic: which part of it is looked at, where its hours stand, how contacts that overlap lie
// above each other, and how its sums differ from the usual ones. A day has 23, 24 or 25 hours; everything here counts in
// real time, so that an hour is as wide in March as in October.

import type { BandState, ContactBlock, Day, DaySums, StateBand, Timestamp } from "../generated/model";

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
/** What is looked at is never less than this, so that a first minute at work does not fill the whole line. */
const LEAST = 2 * HOUR;

/** A stretch of time. */
export interface Span {
  from: Timestamp;
  to: Timestamp;
}

/** Where a moment stands in a span: 0 at its beginning, 1 at its end, never outside. */
export function place(at: Timestamp, { from, to }: Span): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** The whole day. */
export function wholeDay({ begins, ends }: Day): Span {
  return { from: begins, to: ends };
}

/** When a contact was over for the agent: what goes on still lasts until now. */
export function overAt(contact: ContactBlock, now: Timestamp): Timestamp {
  if (contact.outcome === "open") return Math.max(now, contact.began);
  return contact.closed ?? contact.ended ?? contact.answered ?? contact.began;
}

/** When a stretch ends: what goes on still lasts until now. */
export function bandEnd(band: StateBand, day: Day, now: Timestamp): Timestamp {
  return band.open ? Math.min(day.ends, Math.max(band.to, now)) : band.to;
}

/** Whether somebody was at work in it. */
function isBusy(state: BandState): boolean {
  return state.was === "present" && state.presence !== "unknown";
}

/** The part of a day in which there was something to do, in whole hours; all of it when there was nothing. */
export function busyPart(day: Day, now: Timestamp): Span {
  const spans = [
    ...day.bands
      .filter((band) => isBusy(band.state))
      .map((band) => ({ from: band.from, to: bandEnd(band, day, now) })),
    ...day.contacts.map((contact) => ({ from: contact.began, to: overAt(contact, now) })),
  ];
  if (spans.length === 0) return wholeDay(day);
  const first = Math.min(...spans.map((span) => span.from));
  const last = Math.max(...spans.map((span) => span.to));
  const hours = hoursOf(wholeDay(day));
  const from = hours.findLast((hour) => hour <= first) ?? day.begins;
  const to = hours.find((hour) => hour >= Math.max(last, from + LEAST)) ?? day.ends;
  return { from: Math.max(day.begins, Math.min(from, to - LEAST)), to };
}

/** The moments in a span at which a clock on the wall shows a full hour. */
export function hoursOf({ from, to }: Span): readonly Timestamp[] {
  const hours: Timestamp[] = [];
  for (let at = Math.ceil(from / QUARTER) * QUARTER; at <= to; at += QUARTER)
    if (new Date(at).getMinutes() === 0) hours.push(at);
  return hours;
}

/** Every how many hours one is named, so that their names do not touch. */
export function namedEvery(hours: number, room: number): number {
  return [1, 2, 3, 4, 6].find((step) => hours / step <= room) ?? 12;
}

/** The lane of each contact, so that no two of a lane overlap; the first lane is filled first. */
export function lanesOf(contacts: readonly ContactBlock[], now: Timestamp): readonly number[] {
  const ends: Timestamp[] = [];
  return contacts.map((contact) => {
    const free = ends.findIndex((end) => end <= contact.began);
    const lane = free < 0 ? ends.length : free;
    // What took no time has room for its sign all the same.
    ends[lane] = Math.max(overAt(contact, now), contact.began + 60_000);
    return lane;
  });
}

/** The parts of a contact, in seconds: before the conversation, in it, on hold, and after it. */
export function partsOf(contact: ContactBlock, now: Timestamp) {
  const seconds = (from: Timestamp, to: Timestamp): number => Math.max(0, Math.round((to - from) / 1000));
  const { began, answered, ended, closed, outcome } = contact;
  const over = overAt(contact, now);
  const talked = ended ?? (outcome === "open" ? now : over);
  return {
    waited: seconds(began, answered ?? over),
    talk: answered === null ? 0 : seconds(answered, talked),
    hold: contact.hold_seconds,
    wrap_up:
      ended === null || answered === null ? 0 : seconds(ended, closed ?? (outcome === "open" ? now : ended)),
  };
}

/** A figure of a day. */
export type Figure = Exclude<keyof DaySums, "calls">;

/** The figures in the order in which they are read; the others are times in seconds. */
export const FIGURES = [
  "handled",
  "missed",
  "declined",
  "talk",
  "hold",
  "wrap_up",
  "average_handle",
  "ready",
  "paused",
  "signed_in",
] as const satisfies readonly Figure[];

/** Whether a figure is a count and not a time. */
export function isCount(figure: Figure): boolean {
  return figure === "handled" || figure === "missed" || figure === "declined";
}

/** By how much a figure differs from the usual; absent where one of them is. */
export function difference(figure: Figure, sums: DaySums, usual: DaySums | null): number | undefined {
  const value = sums[figure];
  const other = usual?.[figure] ?? null;
  return value === null || other === null ? undefined : value - other;
}

/** A day as its calendar writes it, so many days later. */
export function dayAfter(date: string, days: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** The day of a moment on this computer's calendar. */
export function dateOf(at: Timestamp): string {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** A moment of that day that is on it in every zone: noon by this computer's clock. */
export function noonOf(date: string): Timestamp {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(year, month - 1, day, 12).getTime();
}

/** Whether this is a day of the calendar. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAfter(text, 0) === text;
}
