import { expect, test } from "vitest";
import type { HistoryItem } from "../generated/model";
import { append, marked, type Past, renew } from "./history";

const item = (id: string, part: Partial<HistoryItem> = {}): HistoryItem => ({
  id,
  account: "a",
  channel: "call",
  direction: "in",
  outcome: "missed",
  other_outcome: null,
  party: { name: null, company: null, phone: null, address: null },
  queue: null,
  at: 0,
  seconds: null,
  count: 1,
  seen: false,
  played: null,
  handled: null,
  agent: null,
  facts: [],
  web: null,
  ...part,
});

const past = (...items: HistoryItem[]): Past => ({
  items,
  fresh: [],
  loading: false,
  asking: false,
  more: false,
  problems: [],
  unreadable: 0,
});

test("an older page comes at the end, and an item of the same moment comes once", () => {
  expect(append([item("c"), item("b")], [item("b"), item("a")]).map((one) => one.id)).toEqual([
    "c",
    "b",
    "a",
  ]);
});

test("what is new waits aside while what is shown is brought up to date in place", () => {
  const now = renew(past(item("b"), item("a")), [item("c"), item("b", { seen: true })]);
  expect(now.items.map(({ id, seen }) => [id, seen])).toEqual([
    ["b", true],
    ["a", false],
  ]);
  expect(now.fresh.map((one) => one.id)).toEqual(["c"]);
});

test("marks change the item, and a deleted one goes", () => {
  const by = { agent: "Nora Lind", at: 9 };
  expect(marked(item("a"), { mark: "seen" }, by)?.seen).toBe(true);
  expect(marked(item("a", { seen: null }), { mark: "played" }, by)).toMatchObject({
    played: true,
    seen: null,
  });
  expect(marked(item("a"), { mark: "deleted" }, by)).toBeUndefined();
});

test("who marks a group's call as handled is who takes care of it, until it is given back", () => {
  const by = { agent: "Nora Lind", at: 9 };
  const handled = { state: "in_progress", agent: "Sam Ode", at: 5, note: "" } as const;
  const call = item("a", { handled });
  expect(marked(call, { mark: "handled", state: "handled", note: "Called back" }, by)?.handled).toEqual({
    state: "handled",
    agent: "Nora Lind",
    at: 9,
    note: "Called back",
  });
  expect(marked(call, { mark: "handled", state: "unhandled", note: "" }, by)?.handled).toEqual({
    state: "unhandled",
    agent: null,
    at: null,
    note: "",
  });
});
