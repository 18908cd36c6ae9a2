import { beforeEach, describe, expect, test, vi } from "vitest";
import type { InboxQuery, Ticket } from "../generated/model";
import { tickets } from "../platform/mock/tickets";

/** What the core was asked, and what it answers. */
const core = vi.hoisted(() => ({
  all: [] as Ticket[],
  asked: [] as { command: string; request: unknown }[],
  lists: 0,
  forgotten: false,
  first: 60,
  online: [] as Ticket[],
}));
vi.mock("../platform", () => ({
  asProblem: (thrown: unknown) => thrown,
  host: {
    call: async (command: string, request: unknown) => {
      core.asked.push({ command, request });
      if (command === "inbox") {
        const found = (request as InboxQuery).online ? core.online : core.all;
        core.lists += 1;
        core.forgotten = false;
        const first = found.slice(0, core.first);
        return { list: core.lists, total: found.length, first, problems: [], unreadable: 0 };
      }
      if (command === "inbox_rows") {
        if (core.forgotten) throw { code: "gone" };
        const { from, count } = request as { from: number; count: number };
        return core.all.slice(from, from + count);
      }
      return null;
    },
  },
}));

const inbox = await import("./inbox");
const { tooFar } = await import("./windows");
const { pick, pickAll, pickTo, usePicking } = await import("./picking");
const { useInbox, look, see, hear, enter, rowAt, showFresh, placeOf, EVERYTHING } = inbox;

const asked = (command: string) => core.asked.filter((one) => one.command === command);
const list = () => useInbox.getState();
const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => rowAt(list(), from + n)?.id);
const ready = () => vi.waitFor(() => expect(list().loading).toBe(false));
const ticket = (n: number): Ticket => core.all[n] as Ticket;

let held = false;

beforeEach(async () => {
  const { asked: before } = list();
  core.all = tickets(1000, ["a"], [], 1_000_000_000_000).map((one) => ({
    ...one,
    stage: "open",
    mine: true,
  }));
  core.online = [];
  core.asked = [];
  held = true;
  enter(() => held);
  look({ ...before, id: "all", view: null, filter: { ...EVERYTHING }, sort: "newest", text: "" });
  await ready();
  core.asked = [];
});

describe("windows", () => {
  test("only what comes into sight is fetched, and only once", async () => {
    expect(ids(0, 1)).toEqual(["a/4711", "a/4712"]);
    see(0, 40);
    see(510, 540);
    await vi.waitFor(() => expect(rowAt(list(), 520)?.id).toBe("a/5231"));
    await vi.waitFor(() => expect(rowAt(list(), 410)).toBeDefined());
    const before = asked("inbox_rows").length;
    see(515, 545);
    expect(asked("inbox_rows").length).toBe(before);
    expect(new Set(asked("inbox_rows").map(({ request }) => JSON.stringify(request))).size).toBe(before);
  });

  test("what comes with the list is shown at once, and the rest of its window behind it", async () => {
    expect(rowAt(list(), 59)?.id).toBe("a/4770");
    see(0, 20);
    await vi.waitFor(() => expect(rowAt(list(), 99)?.id).toBe("a/4810"));
    expect(asked("inbox_rows").map(({ request }) => (request as { from: number }).from)).toEqual([0, 100]);
  });

  test("the farthest are let go", () => {
    expect(tooFar([0, 1, 2, 3, 50], 2, 4)).toEqual([50]);
    expect(tooFar([0, 1], 90, 4)).toEqual([]);
  });

  test("a list the core forgot is asked for again, and nothing moves", async () => {
    core.forgotten = true;
    inbox.activate(705);
    const { turn } = list();
    see(700, 720);
    await vi.waitFor(() => expect(rowAt(list(), 710)?.id).toBe("a/5421"));
    expect(asked("inbox").length).toBe(1);
    // The agent did not ask for it: nothing moves.
    expect(list()).toMatchObject({ turn, active: 705 });
  });

  test("an answer to an older question is dropped", async () => {
    look({ text: "one" });
    look({ text: "" });
    await ready();
    expect(list().asked.text).toBe("");
    expect(list().list).toBe(core.lists);
  });
});

describe("a list under the agent", () => {
  test("keeps its order; what changed is brought up to date in place and counted", () => {
    const changed = { ...ticket(3), title: "Another title", changed_at: 2_000_000_000_000 };
    hear({ tickets: [changed], gone: [], more: false });
    expect(ids(2, 4)).toEqual(["a/4713", "a/4714", "a/4715"]);
    expect(rowAt(list(), 3)?.title).toBe("Another title");
    expect([...list().fresh]).toEqual(["a/4714"]);
    expect(asked("inbox")).toEqual([]);
  });

  test("counts what is new if the filter shows it, and nothing else", () => {
    const fresh = { ...ticket(0), id: "a/new" };
    hear({ tickets: [fresh, { ...fresh, id: "a/closed", stage: "closed" }], gone: [], more: false });
    expect([...list().fresh]).toEqual(["a/new"]);
    expect(placeOf("a/new")).toBeUndefined();
  });

  test("a change that moves nothing is no news", () => {
    hear({ tickets: [{ ...ticket(5), unread: true }], gone: [], more: false });
    expect(list().fresh.size).toBe(0);
  });

  test("what went stays in its place until the agent wants the list anew", () => {
    hear({ tickets: [], gone: ["a/4711", "b/1"], more: false });
    expect([...list().gone]).toEqual(["a/4711"]);
    expect(ids(0, 0)).toEqual(["a/4711"]);
  });

  test("shows what is new when the agent says so, and keeps the row the keyboard is at", async () => {
    inbox.activate(7);
    const fresh = { ...ticket(0), id: "a/new" };
    core.all = [fresh, ...core.all];
    hear({ tickets: [fresh], gone: [], more: false });
    showFresh();
    await vi.waitFor(() => expect(ids(0, 0)).toEqual(["a/new"]));
    expect(list().fresh.size).toBe(0);
    expect(rowAt(list(), list().active)?.id).toBe("a/4718");
  });

  test("refreshes by itself once nobody is in it", async () => {
    held = false;
    core.all = [{ ...ticket(0), id: "a/new" }, ...core.all];
    hear({ tickets: [], gone: [], more: true });
    expect(list().stale).toBe(true);
    await vi.waitFor(() => expect(ids(0, 0)).toEqual(["a/new"]), { timeout: 5000 });
    expect(list().stale).toBe(false);
  });
});

describe("a search", () => {
  test("what only the platforms know waits while the agent is in the list", async () => {
    core.online = [{ ...ticket(0), id: "a/online" }, ...core.all];
    look({ text: "parcel" });
    await ready();
    expect(list().asking).toBe(true);
    await vi.waitFor(() => expect(list().later?.total).toBe(1001), { timeout: 5000 });
    expect(ids(0, 0)).toEqual(["a/4711"]);
    showFresh();
    expect(ids(0, 0)).toEqual(["a/online"]);
    expect(list().later).toBeUndefined();
  });
});

test("what the platforms add at the end of a search is there at once", async () => {
  const more = tickets(1010, ["a"], [], 1_000_000_000_000);
  core.online = more;
  look({ text: "parcel" });
  await ready();
  const { turn } = list();
  core.all = more;
  await vi.waitFor(() => expect(list().total).toBe(1010), { timeout: 5000 });
  expect(list()).toMatchObject({ later: undefined, turn });
  see(1000, 1009);
  await vi.waitFor(() => expect(rowAt(list(), 1009)?.id).toBe("a/5720"));
});

describe("picking", () => {
  test("one, a range over windows that are not here, the whole list, none", async () => {
    pick(2);
    expect([...usePicking.getState().picked]).toEqual(["a/4713"]);
    await pickTo(250);
    expect(usePicking.getState().picked.size).toBe(249);
    expect(usePicking.getState().picked.has("a/4961")).toBe(true);
    await pickTo(1);
    expect([...usePicking.getState().picked].sort()).toEqual(["a/4712", "a/4713"]);
    pickAll();
    expect(usePicking.getState().all).toBe(true);
    pick(4);
    expect(usePicking.getState()).toMatchObject({ all: false, picked: new Set() });
  });

  test("another question forgets what was picked", () => {
    pick(2);
    look({ sort: "oldest" });
    expect(usePicking.getState().picked.size).toBe(0);
  });
});
