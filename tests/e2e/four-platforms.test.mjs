// Four platforms at once: all heard, one state over all of them with one that refuses, figures of all in one table and on the
// wallboard, one day over all.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { keys, shot, windows } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { Sandbox } from "./lib/sandbox.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const four = { doors: ["daktela", "dstny", "liveagent", "ccaip"] };
const of = ({ accounts }, platform) => accounts.find(({ account }) => account.platform === platform);
const presence = (snapshot, platform) => of(snapshot, platform)?.agent?.presence;

// The cloud is another customer's centre: in one world a pause that one platform takes shows on all of them.
const apart = { doors: ["daktela", "dstny", "liveagent"], window: false };
scenario("one change over all, and one of them fails", apart, async (app) => {
  const other = await Sandbox.start([], app.log);
  try {
    app.addCcaip(other.ccaip);
    await app.launch();
    const { main } = app;
    await app.live();
    await other.post("/ccaip/ida/available");
    await app.offers("ready", "ccaip");
    await main.call("execute", { do: "set_state", target: { to: "ready" }, accounts: null });
    await app.knows(
      "ready wherever that can be said",
      (s) => ["daktela", "dstny", "ccaip"].every((platform) => presence(s, platform) === "ready"),
      30_000,
    );
    await other.post("/faults", {
      kind: "status",
      status: 500,
      platform: "ccaip",
      route: "apps.agent_statuses.set",
    });
    await main.click("button", /^State:/);
    await main.click("button", /^Lunch/);
    const { commands, agent } = await app.knows(
      "lunch where it can be, and the word of the one that failed",
      (s) => s.commands.some((c) => c.command.do === "set_state" && c.outcome.is === "partly"),
      40_000,
    );
    const partly = commands.find((c) => c.outcome.is === "partly");
    const failed = partly.accounts.filter(({ outcome }) => outcome.is !== "confirmed");
    const now = await app.snapshot();
    assert.deepEqual(
      failed.map(({ account }) => account),
      [of(now, "ccaip").account.id],
    );
    assert.deepEqual([presence(now, "daktela"), presence(now, "dstny")], ["paused", "paused"]);
    assert.equal(agent.presence, "mixed", "nobody claims that all are at lunch");
    await main.click("button", /^State:/);
    await looks(app, "four-platforms-state");
    keys("Escape");
  } finally {
    await other.stop();
  }
});

// LiveAgent names no number with a call that rings: what it tells of cannot be known to be the same.
const three = { doors: ["daktela", "dstny", "ccaip"] };
scenario(
  "a call that three platforms tell of rings once, although one names the caller a look later",
  three,
  async (app) => {
    const { main, sandbox } = app;
    await app.live();
    await sandbox.post("/ccaip/ida/available");
    await app.offers("ready", "ccaip");
    await main.call("execute", { do: "set_state", target: { to: "ready" }, accounts: null });
    await app.knows(
      "ready wherever that can be said",
      (s) => ["daktela", "dstny", "ccaip"].every((platform) => presence(s, platform) === "ready"),
      30_000,
    );
    await sandbox.ring(CALLER);
    const { rings } = await app.knows(
      "three tell of it, and one alert stands for all",
      (s) =>
        s.activities.filter(({ phase }) => phase === "ringing").length >= 3 &&
        s.rings.filter(({ ended }) => !ended).length === 1,
      30_000,
    );
    assert.ok(rings.length > 0);
    await main.click("button", "Answer");
    await app.knows("nothing that rings", (s) => s.rings.every(({ ended }) => ended), 30_000);
  },
);

scenario("figures of all platforms in one table, and on the wallboard", four, async (app) => {
  const { main, sandbox } = app;
  await app.live();
  await sandbox.post("/ccaip/ida/available");
  await main.click("button", "Queues");
  const told = await app.knows(
    "figures of all four",
    (s) => new Set(s.statistics.map(({ account }) => account)).size === 4,
    60_000,
  );
  assert.ok(told.statistics.every(({ heard_at }) => heard_at > 0));
  await sandbox.ring({ agent: undefined, queue: 2000, ...CALLER });
  await app.knows(
    "one who waits, seen from more than one platform",
    (s) => s.statistics.filter(({ waiting }) => (waiting ?? 0) > 0).length > 1,
    60_000,
  );
  await looks(app, "four-platforms-queues");
  await main.call("show_wallboard");
  await until("the wallboard", () => windows("^Offhook: wallboard$").length === 1, 20_000);
  const wallboard = await app.driver.page("wallboard", (url) => url.includes("wallboard"));
  await wallboard.shows("Support", 20_000);
  shot("four-platforms-wallboard");
  // Asked from the other window: the answer would have no page to arrive at.
  await main.call("close_wallboard");
  await until("the wallboard gone", () => windows("^Offhook: wallboard$").length === 0, 20_000);
});
