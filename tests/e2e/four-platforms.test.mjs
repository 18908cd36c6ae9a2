// Four platforms at once: all heard, one state over all of them with one that refuses, figures of all in one table and on the
// wallboard, one day over all.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { keys, shot, windows } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const four = { doors: ["daktela", "dstny", "liveagent", "ccaip"] };
const of = ({ accounts }, platform) => accounts.find(({ account }) => account.platform === platform);
const presence = (snapshot, platform) => of(snapshot, platform)?.agent?.presence;

scenario("one change over all, and one of them fails", four, async (app) => {
  const { main, sandbox } = app;
  await app.live();
  await sandbox.post("/ccaip/ida/available");
  await app.ready();
  await app.knows("ready on the cloud too", (s) => presence(s, "ccaip") === "ready", 30_000);
  await sandbox.post("/faults", {
    kind: "status",
    status: 500,
    platform: "ccaip",
    route: "apps.agent_statuses.set",
  });
  await main.click("button", /^State:/);
  await main.click("button", /^Lunch/);
  const { commands, agent } = await app.knows(
    "lunch where it can be, and the word of the one that failed",
    (s) =>
      ["daktela", "dstny"].every((platform) => presence(s, platform) === "paused") &&
      s.commands.some((c) => c.command.do === "set_state" && c.outcome.is === "partly"),
    40_000,
  );
  const partly = commands.find((c) => c.outcome.is === "partly");
  const failed = partly.accounts.filter(({ outcome }) => outcome.is !== "confirmed");
  assert.equal(failed.length, 1);
  assert.equal(failed[0].account, of(await app.snapshot(), "ccaip").account.id);
  assert.equal(agent.presence, "mixed", "nobody claims that all are at lunch");
  await main.click("button", /^State:/);
  await looks(app, "four-platforms-state");
  keys("Escape");
  await sandbox.delete("/faults");
});

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
  await wallboard.call("close_wallboard");
  await until("the wallboard gone", () => windows("^Offhook: wallboard$").length === 0, 20_000);
});
