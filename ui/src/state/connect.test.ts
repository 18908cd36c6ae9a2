import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event as EngineEvent, Snapshot } from "../generated/model";
import type { Host } from "../platform";
import { connect } from "./connect";
import { useHeld } from "./store";

/** A core whose snapshots wait until the test lets them go. */
function core() {
  let speak: (events: readonly EngineEvent[]) => void = () => {};
  const waiting: { answer: (snapshot: Snapshot) => void; fail: (problem: unknown) => void }[] = [];
  const host = {
    call: () => new Promise((answer, fail) => waiting.push({ answer, fail })),
    onEngine: async (listener: typeof speak) => {
      speak = listener;
      return () => {};
    },
    onShell: async () => () => {},
    isFullScreen: async () => false,
    setFullScreen: async () => {},
  } as unknown as Host;
  return { host, waiting, speak: (...seqs: number[]) => speak(seqs.map(event)) };
}

const event = (seq: number): EngineEvent =>
  ({ seq, at: 0, change: "outbox_removed", id: seq }) as EngineEvent;
const snapshot = (seq: number): Snapshot =>
  ({
    seq,
    at: 0,
    activities: [],
    rings: [],
    commands: [],
    accounts: [],
    outbox: [],
    statistics: [],
    presences: [],
    bulks: [],
  }) as unknown as Snapshot;
const seq = (): number | undefined => useHeld.getState().mirror?.seq;

beforeEach(() => {
  vi.useFakeTimers();
  useHeld.setState({ mirror: undefined, trouble: undefined });
});
afterEach(() => {
  vi.useRealTimers();
});

test("events that come before the snapshot are not lost and not counted twice", async () => {
  const { host, waiting, speak } = core();
  const connected = connect(host);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  speak(4, 5, 6);
  waiting[0]?.answer(snapshot(5));
  await connected;
  expect(seq()).toBe(6);
});

test("a gap asks for a snapshot, once, and goes on from there", async () => {
  const { host, waiting, speak } = core();
  const connected = connect(host);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.answer(snapshot(5));
  await connected;
  speak(6);
  expect(seq()).toBe(6);
  speak(9);
  speak(10);
  expect(seq()).toBe(6);
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.answer(snapshot(9));
  await vi.waitFor(() => expect(seq()).toBe(10));
  expect(waiting).toHaveLength(2);
});

test("a snapshot older than what was already heard of is asked for again", async () => {
  const { host, waiting, speak } = core();
  const connected = connect(host);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  speak(9);
  waiting[0]?.answer(snapshot(5));
  await connected;
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.answer(snapshot(9));
  await vi.waitFor(() => expect(seq()).toBe(9));
});

test("a core that does not answer is said to be so, and asked again", async () => {
  const { host, waiting } = core();
  const connected = connect(host);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting[0]?.fail(new Error("not yet"));
  await connected;
  expect(useHeld.getState().trouble?.code).toBe("internal");
  await vi.advanceTimersByTimeAsync(2000);
  waiting[1]?.answer(snapshot(1));
  await vi.waitFor(() => expect(seq()).toBe(1));
  expect(useHeld.getState().trouble).toBeUndefined();
});
