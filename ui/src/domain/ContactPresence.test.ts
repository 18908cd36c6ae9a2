import { expect, test } from "vitest";
import type { ContactPresence } from "../generated/model";
import { say } from "../words/words";
import { signOf } from "./ContactPresence";

const sign = (part: Partial<ContactPresence>) => {
  const known: ContactPresence = {
    contact: "a/1",
    activity: null,
    available: null,
    note: null,
    until: null,
    lamp: "unknown",
    calls: [],
    heard_at: 0,
    live: true,
    ...part,
  };
  const { tone, title } = signOf(known, say);
  return [tone, title];
};

test("what is not known is never taken for free", () => {
  expect(sign({})).toEqual(["away", "Line not known"]);
  expect(sign({ activity: "Lunch" })).toEqual(["away", "Lunch"]);
});

test("a phone in use says more than the activity", () => {
  expect(sign({ lamp: "busy", activity: "Available", available: true })).toEqual(["bad", "On a call"]);
  expect(sign({ lamp: "ringing", activity: "Lunch", available: false })).toEqual(["warn", "Ringing"]);
});

test("an absence says more than a free phone, and an activity of no known meaning says nothing of it", () => {
  expect(sign({ lamp: "idle", activity: "Lunch", available: false })).toEqual(["warn", "Lunch"]);
  expect(sign({ lamp: "idle", activity: "Available", available: true })).toEqual(["good", "Available"]);
  expect(sign({ lamp: "idle", activity: "Lunch", available: null })).toEqual(["good", "Free"]);
  expect(sign({ lamp: "idle" })).toEqual(["good", "Free"]);
});
