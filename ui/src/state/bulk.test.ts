import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { host } from "../platform";
import { change, confirm, picked, sizeOf, useBulks } from "./bulk";
import { useInbox } from "./inbox";
import { pickAll, pickNone } from "./picking";

const CLOSE = [{ key: "stage", now: ["closed"] }];
const sent = (): unknown[] =>
  vi.mocked(host.call).mock.calls.flatMap(([command, request]) => (command === "bulk" ? [request] : []));
const asked = (): number | undefined => {
  const { asking } = useBulks.getState();
  return asking && sizeOf(asking.targets);
};

beforeEach(() => {
  vi.spyOn(host, "call").mockResolvedValue({ id: 1 } as never);
  useInbox.setState({ list: 7, total: 25 });
  pickAll();
});

afterEach(() => {
  pickNone();
  useBulks.setState({ asking: undefined, current: undefined });
  useInbox.setState({ list: undefined, total: 0 });
  vi.restoreAllMocks();
});

test("a whole list is changed as it was when the question was asked", () => {
  change(picked() ?? [], CLOSE);
  useInbox.setState({ total: 24 });
  expect(asked()).toBe(25);
  confirm();
  expect(sent()).toEqual([{ tickets: [], list: 7, edit: CLOSE }]);
});

test("tickets that came in while the question stood are not changed unseen: it is asked again", () => {
  change(picked() ?? [], CLOSE);
  useInbox.setState({ list: 8, total: 27 });
  expect(asked()).toBe(25);
  confirm();
  expect(sent()).toEqual([]);
  expect(asked()).toBe(27);
  confirm();
  expect(sent()).toEqual([{ tickets: [], list: 8, edit: CLOSE }]);
});

test("a short list that was replaced while a tag was typed is asked about", () => {
  useInbox.setState({ total: 3 });
  const targets = picked() ?? [];
  useInbox.setState({ list: 8, total: 4 });
  change(targets, CLOSE);
  expect(sent()).toEqual([]);
  expect(asked()).toBe(4);
});
