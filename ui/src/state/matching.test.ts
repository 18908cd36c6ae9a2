import { expect, test } from "vitest";
import { tickets } from "../platform/mock/tickets";
import { EVERYTHING } from "./inbox";
import { matches } from "./matching";

const NOW = 1_000_000_000_000;
const [base] = tickets(1, ["a"], [], NOW);
if (!base) throw new Error("no ticket was made");
const ticket = { ...base, stage: "open" as const, mine: false, owner: null, unread: false, due: null };

test("an empty filter shows everything that is open", () => {
  expect(matches(EVERYTHING, ticket, NOW)).toBe(true);
  expect(matches(EVERYTHING, { ...ticket, stage: "closed" }, NOW)).toBe(false);
  expect(matches({ ...EVERYTHING, stages: ["closed"] }, { ...ticket, stage: "closed" }, NOW)).toBe(true);
});

test("every part of a filter has to fit", () => {
  const mine = { ...EVERYTHING, whose: "mine" as const };
  expect(matches(mine, ticket, NOW)).toBe(false);
  expect(matches(mine, { ...ticket, mine: true }, NOW)).toBe(true);
  expect(matches({ ...mine, unread: true }, { ...ticket, mine: true }, NOW)).toBe(false);
  expect(matches({ ...EVERYTHING, whose: "unassigned" }, ticket, NOW)).toBe(true);
  expect(matches({ ...EVERYTHING, tags: ["vip"] }, { ...ticket, tags: [] }, NOW)).toBe(false);
  expect(matches({ ...EVERYTHING, priorities: ["high"] }, { ...ticket, priority: null }, NOW)).toBe(false);
});

test("due within: what is missed counts, what has no deadline does not", () => {
  const soon = { ...EVERYTHING, due_within_min: 60 };
  const at = (minutes: number) => ({
    ...ticket,
    due: { at: NOW + minutes * 60_000, what: "solution" as const },
  });
  expect(matches(soon, at(59), NOW)).toBe(true);
  expect(matches(soon, at(-500), NOW)).toBe(true);
  expect(matches(soon, at(61), NOW)).toBe(false);
  expect(matches(soon, ticket, NOW)).toBe(false);
});
