import { expect, test } from "vitest";
import type { Entry, OutboxItem, TicketDetail } from "../generated/model";
import { inStep } from "../state/conversation";
import { firstUnread, fold } from "./ConversationLine";

const entry = (id: string, kind: Entry["kind"], at: number, author = "customer"): Entry =>
  ({ id, kind, at, author: { kind: author } }) as unknown as Entry;
const HOUR = 3_600_000;
const NOON = new Date(2026, 10, 20, 12).getTime();

test("what happened in a row is folded, but not over the end of a day", () => {
  const entries = [
    entry("1", "message", NOON),
    entry("2", "event", NOON + 1),
    entry("3", "event", NOON + 2),
    entry("4", "note", NOON + 3),
    entry("5", "event", NOON + 4),
    entry("6", "event", NOON + 24 * HOUR),
  ];
  const items = fold(entries, [{ id: 9 } as OutboxItem]);
  expect(items.map((item) => (item.is === "events" ? item.entries.map(({ id }) => id) : item.id))).toEqual([
    "1",
    ["2", "3"],
    "4",
    ["5"],
    ["6"],
    "pending/9",
  ]);
  expect(items.map((item) => item.day)).toEqual([
    NOON,
    undefined,
    undefined,
    undefined,
    NOON + 24 * HOUR,
    undefined,
  ]);
});

test("an unread ticket opens at the first word of the customer that nobody answered", () => {
  const entries = [
    entry("1", "message", 1),
    entry("2", "message", 2, "agent"),
    entry("3", "event", 3, "system"),
    entry("4", "message", 4),
    entry("5", "message", 5),
  ];
  const detail = (unread: boolean) => ({ ticket: { unread }, entries }) as unknown as TicketDetail;
  expect(firstUnread(detail(true))).toBe("4");
  expect(firstUnread(detail(false))).toBeUndefined();
});

test("a newer answer adds to what is shown and takes nothing away that it did not reach", () => {
  const all = [1, 2, 3, 4, 5].map((n) => entry(String(n), "message", n));
  const shown = { entries: all.slice(0, 4), earlier: false } as unknown as TicketDetail;
  const newer = { entries: all.slice(2), earlier: true } as unknown as TicketDetail;
  const both = inStep(shown, newer);
  expect(both.entries.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5"]);
  expect(both.earlier).toBe(false);
  const whole = { entries: all.slice(1), earlier: false } as unknown as TicketDetail;
  expect(inStep(shown, whole).entries.map(({ id }) => id)).toEqual(["2", "3", "4", "5"]);
});
