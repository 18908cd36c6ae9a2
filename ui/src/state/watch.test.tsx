import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Watch } from "../generated/model";
import { host } from "../platform";
import { useWatch } from "./watch";

const told: Watch[] = [];
const NOTHING: Watch = { window: "main", contacts: [], queues: [], inbox: false, ticket: null };

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  vi.spyOn(host, "call").mockImplementation((_, watch) => {
    told.push(watch as unknown as Watch);
    return Promise.resolve(null as never);
  });
});
afterEach(async () => {
  // What the next test starts from: nothing is shown.
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("what several places show is told once, as a sum, after a rest", async () => {
  const list = renderHook(({ contacts }) => useWatch({ contacts }), {
    initialProps: { contacts: ["a/2", "a/1"] },
  });
  const pane = renderHook(() => useWatch({ contacts: ["a/2"], queues: ["a"] }));
  for (const contacts of [["a/3"], ["a/4"], ["a/5"]]) list.rerender({ contacts });
  expect(told).toEqual([]);
  await vi.runAllTimersAsync();
  expect(told).toEqual([{ ...NOTHING, contacts: ["a/2", "a/5"], queues: ["a"] }]);
  list.rerender({ contacts: ["a/5"] });
  await vi.runAllTimersAsync();
  expect(told).toHaveLength(1);
  list.unmount();
  pane.unmount();
  await vi.runAllTimersAsync();
  expect(told.at(-1)).toEqual(NOTHING);
});

test("what the core did not take is told again with the next change", async () => {
  vi.spyOn(host, "call").mockRejectedValueOnce(new Error("busy"));
  const view = renderHook(({ queues }) => useWatch({ queues }), { initialProps: { queues: ["a"] } });
  await vi.runAllTimersAsync();
  expect(told).toEqual([]);
  view.rerender({ queues: ["a", "b"] });
  await vi.runAllTimersAsync();
  view.rerender({ queues: ["a"] });
  await vi.runAllTimersAsync();
  expect(told.map((watch) => watch.queues)).toEqual([["a", "b"], ["a"]]);
  view.unmount();
});

test("the inbox and the open ticket are watched as long as they are shown", async () => {
  const list = renderHook(() => useWatch({ inbox: true }));
  const open = renderHook(({ ticket }) => useWatch({ ticket }), { initialProps: { ticket: "a/1" } });
  await vi.runAllTimersAsync();
  expect(told.at(-1)).toEqual({ ...NOTHING, inbox: true, ticket: "a/1" });
  open.rerender({ ticket: "a/2" });
  await vi.runAllTimersAsync();
  expect(told.at(-1)?.ticket).toBe("a/2");
  open.unmount();
  list.unmount();
  await vi.runAllTimersAsync();
  expect(told.at(-1)).toEqual(NOTHING);
});
