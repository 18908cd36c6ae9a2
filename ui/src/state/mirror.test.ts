import { describe, expect, test } from "vitest";
import type { Activity, Event as EngineEvent, Snapshot } from "../generated/model";
import { commandKey, fold, fromSnapshot } from "./mirror";

const activity = (id: string, part: Partial<Activity> = {}): Activity => ({
  id,
  account: "a",
  channel: "call",
  direction: "in",
  phase: "ringing",
  phase_since: 0,
  began_at: 0,
  answered_at: null,
  ended_at: null,
  title: null,
  party: { name: null, company: null, phone: null, address: null },
  matches: [],
  queue: null,
  ticket: null,
  device: null,
  on_hold: false,
  actions: [],
  call: null,
  wrap_up: { dispositions: [], required: false, multiple: false },
  draft: { note: "", dispositions: [] },
  web: null,
  facts: [],
  ...part,
});

const snapshot = (part: Partial<Snapshot> = {}): Snapshot => ({
  seq: 5,
  at: 10_000,
  agent: {
    presence: "ready",
    pause: null,
    since: null,
    max_minutes: null,
    reachable: true,
    busy: false,
    pauses: [],
  },
  accounts: [],
  activities: [],
  rings: [],
  commands: [],
  outbox: [],
  settings: {} as Snapshot["settings"],
  composing: [],
  bulks: [],
  inbox: [],
  statistics: [],
  presences: [],
  notices: [],
  ...part,
});

const event = (seq: number, change: object): EngineEvent =>
  ({ seq, at: 10_000 + seq, ...change }) as EngineEvent;
const mirror = (part?: Partial<Snapshot>) => fromSnapshot(snapshot(part), 4_000);

describe("numbers", () => {
  test("events that are already in the snapshot are passed over", () => {
    const before = mirror();
    expect(
      fold(before, [
        event(4, { change: "activity_removed", id: "x" }),
        event(5, { change: "activity_removed", id: "y" }),
      ]),
    ).toBe(before);
  });

  test("a missing number is a gap, even in the middle of a batch", () => {
    expect(fold(mirror(), [event(7, { change: "activity_removed", id: "x" })])).toBeUndefined();
    expect(
      fold(mirror(), [
        event(6, { change: "activity_removed", id: "x" }),
        event(8, { change: "activity_removed", id: "x" }),
      ]),
    ).toBeUndefined();
  });

  test("the engine's clock is kept as a difference to this one", () => {
    expect(mirror().offset).toBe(6_000);
  });
});

describe("activities", () => {
  test("new ones come last and changes keep the order", () => {
    const after = fold(mirror({ activities: [activity("1"), activity("2")] }), [
      event(6, { change: "activity", activity: activity("3") }),
      event(7, { change: "activity", activity: activity("1", { phase: "open" }) }),
    ]);
    expect(after?.order).toEqual(["1", "2", "3"]);
    expect(after?.activities["1"]?.phase).toBe("open");
  });

  test("an untouched activity stays the very same object, so that its row is not drawn again", () => {
    const before = mirror({ activities: [activity("1"), activity("2")] });
    const after = fold(before, [
      event(6, { change: "activity", activity: activity("2", { phase: "open" }) }),
    ]);
    expect(after?.activities["1"]).toBe(before.activities["1"]);
  });
});

describe("rings", () => {
  const ringing = (): ReturnType<typeof mirror> =>
    mirror({ activities: [activity("1")], rings: [{ activity: "1", since: 0, ended: null }] });
  const ended = (seq: number, outcome: string): EngineEvent =>
    event(seq, { change: "ring", ring: { activity: "1", since: 0, ended: outcome } });

  test("a ring that was answered elsewhere goes, and why is remembered", () => {
    const after = fold(ringing(), [ended(6, "answered_elsewhere")]);
    expect(after?.rings).toEqual({});
    expect(after?.endings.map((ending) => [ending.activity.id, ending.outcome])).toEqual([
      ["1", "answered_elsewhere"],
    ]);
  });

  test("who it was is known even if the activity went first", () => {
    const after = fold(ringing(), [event(6, { change: "activity_removed", id: "1" }), ended(7, "abandoned")]);
    expect(after?.endings[0]?.activity.id).toBe("1");
  });

  test("a ring answered here is no ending to tell of", () => {
    expect(fold(ringing(), [ended(6, "answered_here")])?.endings).toEqual([]);
  });

  test("endings outlive a new snapshot", () => {
    const before = fold(ringing(), [ended(6, "abandoned")]);
    expect(fromSnapshot(snapshot({ seq: 9 }), 0, before).endings).toHaveLength(1);
  });
});

describe("commands", () => {
  const status = (id: number, outcome: object, asked_at = 9_000) => ({
    id,
    command: { do: "answer", activity: "1", device: null } as const,
    asked_at,
    outcome,
    accounts: [],
    made: null,
    next: null,
  });

  test("the newest of a kind is kept, an older one that speaks late is not", () => {
    const after = fold(mirror(), [
      event(6, { change: "command", status: status(2, { is: "pending" }) }),
      event(7, { change: "command", status: status(1, { is: "confirmed" }) }),
    ]);
    expect(after?.commands["answer:1"]?.id).toBe(2);
  });

  test("what a window long ago was refused is not brought up again", () => {
    const refused = { is: "refused", problem: {} };
    const commands = [status(1, refused, -100_000)] as unknown as Snapshot["commands"];
    expect(mirror({ commands }).commands).toEqual({});
  });

  test("many finished commands do not pile up, pending ones are never forgotten", () => {
    const dial = (id: number, outcome: object): EngineEvent =>
      event(5 + id, {
        change: "command",
        status: { ...status(id, outcome), command: { do: "answer", activity: String(id), device: null } },
      });
    const events = Array.from({ length: 500 }, (_, index) =>
      dial(index + 1, { is: index === 0 ? "pending" : "confirmed" }),
    );
    const after = fold(mirror(), events);
    expect(Object.keys(after?.commands ?? {}).length).toBeLessThanOrEqual(200);
    expect(after?.commands["answer:1"]).toBeDefined();
  });

  test("a state for one account is another question than the state for all", () => {
    const all = commandKey({ do: "set_state", target: { to: "ready" }, accounts: null });
    const one = commandKey({ do: "set_state", target: { to: "ready" }, accounts: ["a"] });
    expect(all).not.toBe(one);
  });
});

describe("tickets", () => {
  test("what is written, what goes through many tickets and how far the index is come and go", () => {
    const composing = {
      key: "a/1#reply",
      work: { kind: "delete", ticket: "a/1", note: "" },
      title: "One",
      at: 1,
    } as const;
    const bulk = { id: 1, of: 3, done: 0, failed: 0, cancelled: 0 };
    const sync = { account: "a", known: 5, of: 9, complete: false, at: null, problem: null };
    const full = fold(mirror(), [
      event(6, { change: "composing", composing }),
      event(7, { change: "bulk", bulk }),
      event(8, { change: "bulk", bulk: { ...bulk, done: 2 } }),
      event(9, { change: "inbox", sync }),
      event(10, { change: "tickets", tickets: [], gone: ["a/1"], more: false }),
    ]);
    expect(full?.composing).toEqual([composing]);
    expect(full?.bulks).toEqual([{ ...bulk, done: 2 }]);
    expect(full?.inbox).toEqual([sync]);
    const empty =
      full &&
      fold(full, [
        event(11, { change: "composing_removed", key: composing.key }),
        event(12, { change: "account_removed", id: "a" }),
      ]);
    expect(empty?.composing).toEqual([]);
    expect(empty?.inbox).toEqual([]);
  });
});
