import { describe, expect, test } from "vitest";
import type { BandState, ContactBlock, Day, DaySums, StateBand } from "../generated/model";
import {
  bandEnd,
  busyPart,
  dateOf,
  dayAfter,
  difference,
  hoursOf,
  isDay,
  lanesOf,
  namedEvery,
  noonOf,
  overAt,
  partsOf,
  place,
  wholeDay,
} from "./dayScale";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A midnight of this computer, whichever zone it stands in. */
const MIDNIGHT = new Date(2026, 10, 20).getTime();

const READY: BandState = {
  was: "present",
  presence: "ready",
  pause: null,
  kind: null,
  paid: null,
  max_minutes: null,
};

function band(from: number, to: number, state: BandState = READY): StateBand {
  return { account: "one", state, from: MIDNIGHT + from, to: MIDNIGHT + to, open: false, witness: "seen" };
}

function contact(began: number, part: Partial<ContactBlock> = {}): ContactBlock {
  return {
    id: `one/${began}`,
    account: "one",
    channel: "call",
    direction: "in",
    outcome: "handled",
    party: { name: null, company: null, phone: null, address: null },
    queue: null,
    began: MIDNIGHT + began,
    answered: null,
    ended: null,
    closed: null,
    hold_seconds: 0,
    returned: false,
    witness: "seen",
    ...part,
  };
}

const SUMS: DaySums = {
  handled: 4,
  calls: 3,
  missed: 1,
  declined: 0,
  talk: 600,
  hold: 0,
  wrap_up: 60,
  ready: 7200,
  paused: 0,
  signed_in: 7200,
  average_handle: 220,
};

function day(part: Partial<Day> = {}): Day {
  return {
    date: "2026-11-20",
    begins: MIDNIGHT,
    ends: MIDNIGHT + 24 * HOUR,
    until: MIDNIGHT + 24 * HOUR,
    bands: [],
    contacts: [],
    sums: SUMS,
    usual: null,
    usual_days: 0,
    pauses: [],
    problems: [],
    ...part,
  };
}

describe("the scale", () => {
  test("a moment stands where its share of real time is, and never outside", () => {
    const span = { from: 1000, to: 2000 };
    expect([500, 1000, 1250, 2000, 9000].map((at) => place(at, span))).toEqual([0, 0, 0.25, 1, 1]);
  });

  test("hours are where a clock shows them, each once", () => {
    const hours = hoursOf({ from: MIDNIGHT + 10 * MINUTE, to: MIDNIGHT + 5 * HOUR });
    expect(hours.every((hour) => new Date(hour).getMinutes() === 0)).toBe(true);
    expect(new Set(hours).size).toBe(hours.length);
    expect(hours.at(-1)).toBe(MIDNIGHT + 5 * HOUR);
  });

  test("so many hours are named as have room", () => {
    expect([namedEvery(9, 12), namedEvery(24, 12), namedEvery(24, 7), namedEvery(25, 1)]).toEqual([
      1, 2, 4, 12,
    ]);
  });
});

describe("what is looked at", () => {
  test("is the part in which somebody was at work, in whole hours", () => {
    const busy = busyPart(
      day({
        bands: [
          band(0, 8.4 * HOUR, { was: "signed_out" }),
          band(8.4 * HOUR, 12 * HOUR),
          band(12 * HOUR, 14 * HOUR, { was: "unheard" }),
        ],
        contacts: [contact(12.5 * HOUR, { answered: MIDNIGHT + 12.6 * HOUR, ended: MIDNIGHT + 12.7 * HOUR })],
      }),
      MIDNIGHT + 20 * HOUR,
    );
    expect(busy).toEqual({ from: MIDNIGHT + 8 * HOUR, to: MIDNIGHT + 13 * HOUR });
  });

  test("is never so little that a minute fills it", () => {
    const { from, to } = busyPart(day({ bands: [band(23.5 * HOUR, 24 * HOUR)] }), MIDNIGHT + 24 * HOUR);
    expect(to - from).toBeGreaterThanOrEqual(2 * HOUR);
    expect(to).toBeLessThanOrEqual(MIDNIGHT + 24 * HOUR);
  });

  test("is the whole day when there was nothing", () => {
    expect(busyPart(day(), MIDNIGHT)).toEqual(wholeDay(day()));
  });
});

describe("what goes on still", () => {
  test("lasts until now, but not into tomorrow", () => {
    const open = { ...band(9 * HOUR, 10 * HOUR), open: true };
    expect(bandEnd(open, day(), MIDNIGHT + 11 * HOUR)).toBe(MIDNIGHT + 11 * HOUR);
    expect(bandEnd(open, day(), MIDNIGHT + 30 * HOUR)).toBe(MIDNIGHT + 24 * HOUR);
    expect(overAt(contact(9 * HOUR, { outcome: "open" }), MIDNIGHT + 11 * HOUR)).toBe(MIDNIGHT + 11 * HOUR);
  });

  test("its parts are counted as far as they went", () => {
    const talking = contact(9 * HOUR, { outcome: "open", answered: MIDNIGHT + 9 * HOUR + 10_000 });
    expect(partsOf(talking, MIDNIGHT + 9 * HOUR + 70_000)).toEqual({
      waited: 10,
      talk: 60,
      hold: 0,
      wrap_up: 0,
    });
    const wrapping = { ...talking, ended: MIDNIGHT + 9 * HOUR + 70_000 };
    expect(partsOf(wrapping, MIDNIGHT + 9 * HOUR + 100_000)).toMatchObject({ talk: 60, wrap_up: 30 });
  });
});

test("contacts that overlap lie above each other, and no two of a lane touch", () => {
  const contacts = [0, 1, 2, 12, 13].map((minutes) =>
    contact(9 * HOUR + minutes * MINUTE, {
      answered: MIDNIGHT + 9 * HOUR + minutes * MINUTE,
      closed: MIDNIGHT + 9 * HOUR + (minutes + 10) * MINUTE,
    }),
  );
  const lanes = lanesOf(contacts, MIDNIGHT + 20 * HOUR);
  expect(lanes).toEqual([0, 1, 2, 0, 1]);
});

test("a contact that was missed has waited and nothing else", () => {
  const missed = contact(9 * HOUR, { outcome: "missed", ended: MIDNIGHT + 9 * HOUR + 21_000 });
  expect(partsOf(missed, MIDNIGHT + 20 * HOUR)).toEqual({ waited: 21, talk: 0, hold: 0, wrap_up: 0 });
});

test("a figure differs only from one that is there", () => {
  expect(difference("handled", SUMS, { ...SUMS, handled: 6 })).toBe(-2);
  expect(difference("handled", SUMS, null)).toBeUndefined();
  expect(difference("average_handle", { ...SUMS, average_handle: null }, SUMS)).toBeUndefined();
});

test("days follow each other over months, leap days and changes of the clock", () => {
  expect(dayAfter("2026-02-28", 1)).toBe("2026-03-01");
  expect(dayAfter("2028-02-28", 1)).toBe("2028-02-29");
  expect(dayAfter("2026-03-29", 1)).toBe("2026-03-30");
  expect(dayAfter("2026-01-01", -1)).toBe("2025-12-31");
  for (const date of ["2026-03-29", "2026-10-25", "2026-11-20"]) expect(dateOf(noonOf(date))).toBe(date);
  expect(["2026-02-30", "2026-1-1", "", "20260101"].map(isDay)).toEqual([false, false, false, false]);
});
