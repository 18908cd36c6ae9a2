import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Activity, Snapshot } from "../generated/model";
import { host } from "../platform";
import { flush, type, useDrafts } from "./drafts";
import { fromSnapshot } from "./mirror";
import { useHeld } from "./store";

const activity = (id: string): Activity =>
  ({ id, draft: { note: "", dispositions: [] } }) as unknown as Activity;

const holding = (...ids: string[]): void =>
  useHeld.setState({
    mirror: fromSnapshot(
      {
        seq: 1,
        at: 0,
        activities: ids.map(activity),
        rings: [],
        commands: [],
        accounts: [],
        outbox: [],
        statistics: [],
        presences: [],
        bulks: [],
      } as unknown as Snapshot,
      0,
    ),
  });

const words = (note: string) => ({ note, dispositions: [] });
const saved = (): unknown[] => vi.mocked(host.call).mock.calls.map(([, request]) => request);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(host, "call").mockResolvedValue(null);
  holding("a", "b");
});

afterEach(async () => {
  await flush();
  useHeld.setState({ mirror: undefined });
  useDrafts.setState({ typed: {}, unsaved: {} });
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("typing is saved once it rests, at the latest after 300 ms, with the last words", () => {
  type("a", words("h"));
  vi.advanceTimersByTime(200);
  type("a", words("he"));
  expect(saved()).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(saved()).toEqual([{ activity: "a", draft: words("he") }]);
});

test("leaving the field saves at once, and only once", async () => {
  type("a", words("hello"));
  await flush("a");
  vi.advanceTimersByTime(1000);
  expect(saved()).toEqual([{ activity: "a", draft: words("hello") }]);
});

test("hiding the window saves everything that waits", async () => {
  type("a", words("one"));
  type("b", words("two"));
  window.dispatchEvent(new Event("pagehide"));
  expect(saved()).toHaveLength(2);
});

test("words of an activity that ends on the platform are saved at once", () => {
  type("a", words("promised a call"));
  holding("b");
  expect(saved()).toEqual([{ activity: "a", draft: words("promised a call") }]);
  expect(useDrafts.getState().typed).toEqual({});
});

test("a draft that could not be kept is said to be so, until it can", async () => {
  vi.mocked(host.call).mockRejectedValueOnce(new Error("disk full"));
  type("a", words("x"));
  await flush("a");
  expect(useDrafts.getState().unsaved.a?.code).toBe("internal");
  type("a", words("xy"));
  await flush("a");
  expect(useDrafts.getState().unsaved).toEqual({});
});
