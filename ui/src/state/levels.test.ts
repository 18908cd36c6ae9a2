import { describe, expect, test } from "vitest";
import type { AccountState, QueueStatistics, Threshold } from "../generated/model";
import { untold } from "../platform/mock/figures";
import { inOrder, type Listed, levelsOf, standing, thresholdOf } from "./levels";
import { queueOf, wanted, withThresholds } from "./queues";

const NOW = 1_000_000_000;
const figures = (part: Partial<QueueStatistics> = {}): QueueStatistics => ({
  ...untold("a", "q", "Queue", NOW),
  ...part,
});
const limit = (part: Partial<Threshold>): Threshold => ({
  queue: null,
  measure: "waiting",
  warning: null,
  alarm: null,
  notify: false,
  ...part,
});
const listed = (title: string, part: Partial<QueueStatistics>, account = "a"): Listed => ({
  key: `${account}/${title}`,
  title,
  account: { account: { id: account, name: account } } as AccountState,
  queue: undefined,
  figures: figures({ account, queue: title, title, ...part }),
});
const titles = (queues: readonly Listed[]): string[] => queues.map((one) => one.title);

describe("levels", () => {
  test("high is bad for those who wait, low is bad for those who are free", () => {
    const thresholds = [limit({ warning: 3, alarm: 6 }), limit({ measure: "free", warning: 2, alarm: 0 })];
    expect(levelsOf(figures({ waiting: 2, free: 3 }), thresholds, NOW)).toEqual({});
    expect(levelsOf(figures({ waiting: 3, free: 2 }), thresholds, NOW)).toEqual({
      waiting: "warning",
      free: "warning",
    });
    expect(levelsOf(figures({ waiting: 6, free: 0 }), thresholds, NOW)).toEqual({
      waiting: "alarm",
      free: "alarm",
    });
  });

  test("what is not told is never bad", () => {
    const thresholds = [limit({ alarm: 0 }), limit({ measure: "free", alarm: 100 })];
    expect(levelsOf(figures(), thresholds, NOW)).toEqual({});
    expect(standing(figures(), thresholds, NOW)).toBe("untold");
  });

  test("the longest wait grows into an alarm without any news", () => {
    const told = figures({ waiting: 1, longest_since: NOW - 50_000 });
    const thresholds = [limit({ measure: "longest_wait", alarm: 60 })];
    expect(standing(told, thresholds, NOW)).toBe("waiting");
    expect(standing(told, thresholds, NOW + 10_000)).toBe("alarm");
  });

  test("a queue's own threshold stands in place of the one for all, also where it asks for less", () => {
    const own = limit({ queue: { account: "a", queue: "q" }, warning: 50 });
    const all = [limit({ alarm: 1 }), own];
    expect(thresholdOf(all, { account: "a", queue: "q" }, "waiting")).toBe(own);
    expect(levelsOf(figures({ waiting: 9 }), all, NOW)).toEqual({});
    expect(levelsOf(figures({ queue: "other", waiting: 9 }), all, NOW)).toEqual({ waiting: "alarm" });
  });

  test("below the platform's target is a warning until somebody says what is bad", () => {
    const told = figures({ service_level: 70, service_target: 80 });
    expect(levelsOf(told, [], NOW)).toEqual({ service_level: "warning" });
    expect(levelsOf(told, [limit({ measure: "service_level", alarm: 60 })], NOW)).toEqual({});
  });

  test("a closed queue is closed, unless somebody waits in it all the same", () => {
    expect(
      standing(figures({ open: false, waiting: 0, free: 0 }), [limit({ measure: "free", alarm: 0 })], NOW),
    ).toBe("closed");
    expect(standing(figures({ open: false, waiting: 1 }), [], NOW)).toBe("waiting");
  });
});

describe("the order of queues", () => {
  const queues = [
    listed("calm", { waiting: 0 }),
    listed("bad", { waiting: 9 }),
    listed("mine", { waiting: 0, mine: true }),
    listed("unknown", {}),
    listed("some", { waiting: 1 }),
  ];
  const thresholds = [limit({ alarm: 5 })];

  test("is mine first, then by trouble", () => {
    expect(titles(inOrder(queues, undefined, thresholds, NOW))).toEqual([
      "mine",
      "bad",
      "some",
      "calm",
      "unknown",
    ]);
  });

  test("of a column puts what is not told last in both directions", () => {
    expect(titles(inOrder(queues, { by: "waiting", down: true }, thresholds, NOW))).toEqual([
      "bad",
      "some",
      "calm",
      "mine",
      "unknown",
    ]);
    expect(titles(inOrder(queues, { by: "waiting", down: false }, thresholds, NOW))).toEqual([
      "calm",
      "mine",
      "some",
      "bad",
      "unknown",
    ]);
  });

  test("does not change while figures change within their level", () => {
    const later = queues.map((one) => (one.title === "bad" ? listed("bad", { waiting: 40 }) : one));
    expect(titles(inOrder(later, undefined, thresholds, NOW))).toEqual(
      titles(inOrder(queues, undefined, thresholds, NOW)),
    );
  });
});

test("queues are found by account, by mine and by words without their marks", () => {
  const queues = [listed("Malmö", { mine: true }), listed("Brno", {}), listed("Malmö", {}, "b")];
  const all = { account: undefined, mine: false, text: "" };
  expect(wanted(queues, { ...all, text: "malmo" })).toHaveLength(2);
  expect(wanted(queues, { ...all, text: "malmo", account: "b" })).toEqual([queues[2]]);
  expect(wanted(queues, { ...all, mine: true })).toEqual([queues[0]]);
});

test("a queue's name may have a slash", () => {
  expect(queueOf("cloud/12/call")).toEqual({ account: "cloud", queue: "12/call" });
});

test("thresholds of one queue replace its own and no others", () => {
  const queue = { account: "a", queue: "q" };
  const [general, own, other] = [
    limit({ alarm: 9 }),
    limit({ queue }),
    limit({ queue: { ...queue, queue: "r" } }),
  ];
  const next = limit({ queue, alarm: 3 });
  expect(withThresholds([general, own, other], queue, [next])).toEqual([general, other, next]);
  expect(withThresholds([general, own, other], null, [])).toEqual([own, other]);
});
