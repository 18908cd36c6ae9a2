import { expect, test } from "vitest";
import type { HistoryItem } from "../generated/model";
import { latest, spokenSince } from "./spoken";

const PHONE = { raw: "020 7946 0150", e164: "+442079460150", display: "+44 20 7946 0150", country: "GB" };

const MISSED: HistoryItem = {
  id: "one/1",
  account: "one",
  channel: "call",
  direction: "in",
  outcome: "missed",
  other_outcome: null,
  party: { name: null, company: null, phone: PHONE, address: null },
  queue: null,
  at: 1000,
  seconds: null,
  count: 1,
  seen: null,
  played: null,
  handled: null,
  agent: null,
  facts: [],
  web: null,
};

const called = (at: number, back = true) =>
  latest({}, [{ phone: { ...PHONE, raw: "+442079460150" }, at, back }]);

test("who was called back later is no longer owed a call, however the number was written", () => {
  expect(spokenSince(MISSED, called(2000))).toBe("called_back");
  expect(spokenSince(MISSED, called(2000, false))).toBe("spoken_since");
});

test("a conversation before the missed call changes nothing", () => {
  expect(spokenSince(MISSED, called(999))).toBeUndefined();
  expect(spokenSince(MISSED, {})).toBeUndefined();
});

test("only missed calls are owed one, and only those with a number can be told", () => {
  expect(spokenSince({ ...MISSED, outcome: "answered" }, called(2000))).toBeUndefined();
  expect(spokenSince({ ...MISSED, direction: "out" }, called(2000))).toBeUndefined();
  expect(spokenSince({ ...MISSED, party: { ...MISSED.party, phone: null } }, called(2000))).toBeUndefined();
});

test("of several conversations the newest counts, and nothing new is no change", () => {
  const known = called(2000);
  expect(latest(known, [{ phone: PHONE, at: 1500, back: false }])).toBe(known);
  expect(latest(known, [{ phone: PHONE, at: 2500, back: false }])[PHONE.e164]).toEqual({
    at: 2500,
    back: false,
  });
  expect(latest(known, [{ phone: null, at: 9000, back: true }])).toBe(known);
});
