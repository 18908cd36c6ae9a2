import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Composing, Snapshot, Work } from "../generated/model";
import { host } from "../platform";
import {
  discard,
  flushWriting,
  messageKey,
  NO_MESSAGE,
  send,
  useWriting,
  withEdit,
  write,
  writtenNow,
} from "./composing";
import { fromSnapshot } from "./mirror";
import { useHeld } from "./store";

const KEY = messageKey("a/1", "reply");
const said = (text: string): Work => ({ kind: "send", ticket: "a/1", message: { ...NO_MESSAGE, text } });
const textOf = (composing: Composing | undefined): string | undefined =>
  composing?.work.kind === "send" ? composing.work.message.text : undefined;
const calls = (name: string): unknown[] =>
  vi.mocked(host.call).mock.calls.flatMap(([command, request]) => (command === name ? [request] : []));
const saved = (): (string | undefined)[] => calls("compose").map((one) => textOf(one as Composing));

function core(...composing: Composing[]): void {
  const empty = {
    seq: 1,
    at: 0,
    activities: [],
    rings: [],
    commands: [],
    accounts: [],
    outbox: [],
    statistics: [],
    presences: [],
    bulks: [],
    inbox: [],
    composing,
  };
  useHeld.setState({ mirror: fromSnapshot(empty as unknown as Snapshot, 0) });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(host, "call").mockResolvedValue(null as never);
  core();
});

afterEach(async () => {
  await flushWriting();
  useHeld.setState({ mirror: undefined });
  useWriting.setState({ typed: {}, unsaved: {} });
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("every letter is kept within 300 ms of resting, and at once when the window hides", async () => {
  write(KEY, said("h"), "Anna");
  vi.advanceTimersByTime(200);
  write(KEY, said("he"), "Anna");
  await vi.advanceTimersByTimeAsync(300);
  expect(saved()).toEqual(["he"]);
  write(KEY, said("hel"), "Anna");
  window.dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(0);
  expect(saved()).toEqual(["he", "hel"]);
});

test("sending keeps the last letters first, and an older word never lands on a newer one", async () => {
  let release = (): void => undefined;
  vi.mocked(host.call).mockImplementationOnce(
    () => new Promise((done) => (release = () => done(null as never))),
  );
  write(KEY, said("slow"), "Anna");
  vi.advanceTimersByTime(300);
  await vi.advanceTimersByTimeAsync(0);
  write(KEY, said("slow and new"), "Anna");
  const sent = send(KEY);
  await vi.advanceTimersByTimeAsync(0);
  expect(saved()).toEqual(["slow"]);
  release();
  expect(await sent).toBeUndefined();
  expect(saved()).toEqual(["slow", "slow and new"]);
  expect(calls("send")).toEqual([KEY]);
  expect(writtenNow(KEY)).toBeUndefined();
});

test("what could not be kept is not sent, stays, and says why", async () => {
  vi.mocked(host.call).mockRejectedValue(new Error("disk full"));
  write(KEY, said("precious"), "Anna");
  expect((await send(KEY))?.code).toBe("internal");
  expect(calls("send")).toEqual([]);
  expect(textOf(writtenNow(KEY))).toBe("precious");
  vi.mocked(host.call).mockResolvedValue(null as never);
  expect(await send(KEY)).toBeUndefined();
  expect(calls("send")).toEqual([KEY]);
});

test("a refusal to send leaves the words where they are", async () => {
  write(KEY, said("hello"), "Anna");
  vi.mocked(host.call).mockImplementation(async (command) => {
    if (command === "send") throw new Error("no");
    return null as never;
  });
  expect((await send(KEY))?.code).toBe("internal");
  expect(textOf(writtenNow(KEY))).toBe("hello");
});

/** As the core tells it: with the fields in another order. */
function kept(text: string, at: number): Composing {
  const { ticket, ...rest } = said(text) as Extract<Work, { kind: "send" }>;
  return { at, key: KEY, title: "Anna", work: { ...rest, ticket } };
}

test("what the core told before it heard the newest letters never takes their place", async () => {
  write(KEY, said("one"), "Anna");
  await flushWriting(KEY);
  write(KEY, said("one two"), "Anna");
  await flushWriting(KEY);
  // The core stamps what it keeps: the older words may bear a later time than these were typed at.
  core(kept("one", Date.now() + 5));
  expect(textOf(writtenNow(KEY))).toBe("one two");
  core(kept("one two", Date.now() + 6));
  expect(useWriting.getState().typed).toEqual({});
  expect(textOf(writtenNow(KEY))).toBe("one two");
});

test("two windows: what is saved gives way to what the other one writes, what is being typed does not", async () => {
  write(KEY, said("mine"), "Anna");
  await flushWriting(KEY);
  core(kept("mine", Date.now()));
  core(kept("theirs", Date.now() + 1));
  expect(textOf(writtenNow(KEY))).toBe("theirs");
  write(KEY, said("mine again"), "Anna");
  core(kept("theirs again", Date.now() + 60_000));
  expect(textOf(writtenNow(KEY))).toBe("mine again");
  await flushWriting(KEY);
  expect(saved()).toEqual(["mine", "mine again"]);
});

test("a message that was sent in another window is not written on here", async () => {
  write(KEY, said("draft!"), "Anna");
  await flushWriting(KEY);
  core(kept("draft!", Date.now()));
  core();
  expect(writtenNow(KEY)).toBeUndefined();
  // Also when this window heard of it only in one breath with its end.
  core(kept("old", Date.now()));
  write(KEY, said("draft again"), "Anna");
  await flushWriting(KEY);
  core();
  expect(textOf(writtenNow(KEY))).toBe("draft again");
  await vi.advanceTimersByTimeAsync(3000);
  expect(writtenNow(KEY)).toBeUndefined();
});

test("throwing away waits for what is being saved, so that it cannot come back", async () => {
  write(KEY, said("x"), "Anna");
  const flushed = flushWriting(KEY);
  await discard(KEY);
  await flushed;
  const order = vi.mocked(host.call).mock.calls.map(([command]) => command);
  expect(order).toEqual(["compose", "drop_composing"]);
  expect(writtenNow(KEY)).toBeUndefined();
});

test("a field that holds again what it held is no edit, and what it held first stays", () => {
  const one = withEdit([], "title", ["old"], ["new"]);
  expect(one).toEqual([{ key: "title", was: ["old"], now: ["new"] }]);
  expect(withEdit(one, "title", ["changed by others"], ["newer"])).toEqual([
    { key: "title", was: ["old"], now: ["newer"] },
  ]);
  expect(withEdit(one, "title", ["old"], ["old"])).toEqual([]);
});
