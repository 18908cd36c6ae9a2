// My day: what the agent did stands there as it was, and again after a restart; it is saved as a table.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { looks } from "./lib/looks.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };

scenario("a call taken, one missed, a pause: My day says so, also after a restart", {}, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await sandbox.ring(CALLER);
  await main.click("button", "Answer", { ms: 20_000 });
  await app.knows("the call", (s) => s.activities.some((a) => a.phase === "open"));
  await main.click("button", "Hang up");
  const { activities } = await app.knows("wrap-up", (s) => s.activities.some((a) => a.phase === "wrap_up"));
  const [{ id, wrap_up: rules }] = activities;
  const dispositions = rules.dispositions.slice(0, 1).map((one) => one.id);
  await main.call("execute", { do: "close", activity: id, draft: { note: "", dispositions } });
  await app.knows("the closed record", (s) => s.activities.length === 0, 20_000);
  await main.call("execute", { do: "set_state", target: { to: "ready" }, accounts: null });
  await app.knows("ready again", (s) => s.agent.presence === "ready");
  const missed = await sandbox.ring({ ...CALLER, number: "+442079460188", name: "Ana Duarte" });
  await app.knows("the ringing call", (s) => s.rings.some((ring) => !ring.ended));
  await sandbox.post(`/calls/${missed}/hangup`);
  await app.knows("nothing that rings", (s) => s.rings.every((ring) => ring.ended));

  const said = async () => {
    const day = await main.call("day", { date: null, ask: false });
    return day.sums.handled === 1 && day.sums.missed === 1 ? day : null;
  };
  const day = await app.knows("the day", said);
  assert.ok(day, "handled one, missed one");
  const told = await said();
  const taken = told.contacts.find((c) => c.outcome === "handled");
  assert.ok(taken.began <= taken.answered && taken.answered <= taken.ended && taken.ended <= taken.closed);
  assert.equal(told.sums.talk, Math.round((taken.ended - taken.answered) / 1000));
  assert.ok(told.bands.some((band) => band.state.presence === "ready"));

  await main.click("button", "History");
  await main.click("tab", "My day");
  await main.shows("Ana Duarte", 20_000);
  await looks(app, "my-day");

  await app.driver.stop();
  await app.launch();
  await app.live();
  const after = await app.main.call("day", { date: null, ask: false });
  assert.deepEqual([after.sums.handled, after.sums.missed], [1, 1], "a restart changes nothing of the past");
});
