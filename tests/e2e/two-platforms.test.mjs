// One agent on two platforms at once: one ring for one call, one state, and a call on one keeps the other away.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { notified, openNotifications, shot, windows } from "./lib/desktop.mjs";
import { openCall } from "./lib/dock.mjs";
import { looks } from "./lib/looks.mjs";
import { Sandbox } from "./lib/sandbox.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const both = { doors: ["daktela", "dstny"] };
const presence = (snapshot, platform) =>
  snapshot.accounts.find(({ account }) => account.platform === platform)?.agent?.presence;

scenario("one call seen through two platforms rings once and is answered once", both, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await sandbox.ring(CALLER);
  await notified(CALLER.name);
  const { activities } = await app.knows(
    "both copies",
    (s) => s.activities.filter((a) => a.phase === "ringing").length === 2,
  );
  assert.equal(new Set(activities.map((a) => a.account)).size, 2);
  const rings = (await app.snapshot()).rings.filter((ring) => !ring.ended);
  assert.equal(rings.length, 1, "one ring");
  assert.equal(openNotifications().filter((n) => "answer" in n.actions).length, 1, "one notification");
  await until("one pop-up", () => windows("^Offhook: ringing$").length === 1);
  shot("two-platforms-ringing");
  await main.click("button", "Answer");
  await openCall(app, (a) => a.phase === "open");
  await app.knows("nothing that rings", (s) => s.rings.every((ring) => ring.ended));
  await until("no notification that rings", () => !openNotifications().some((n) => "answer" in n.actions));
  await looks(app, "two-platforms-call");
  await main.click("button", "Hang up");
  await app.knows("no call going on", (s) => s.activities.every((a) => a.phase === "wrap_up"));
});

scenario("one state for both, by the names that both have", both, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await main.click("button", /^State:/);
  await looks(app, "two-platforms-state");
  await main.click("button", /^Lunch/);
  await app.knows("lunch on both", (s) =>
    ["daktela", "dstny"].every((platform) => presence(s, platform) === "paused"),
  );
  assert.equal((await sandbox.state()).agents.ida.presence, "paused");
  assert.ok(JSON.stringify(await sandbox.told("user/info/offhook.example/ida/presence")).includes('"lunch"'));
  await main.click("button", /^State:/);
  await main.click("button", /^Ready/);
  await app.knows("ready on both", (s) =>
    ["daktela", "dstny"].every((platform) => presence(s, platform) === "ready"),
  );
});

scenario("a call on one platform pauses the other, and its end releases it", {}, async (app) => {
  const { main } = app;
  const other = await Sandbox.start([], app.log);
  try {
    await app.live();
    await main.call("add_account", {
      platform: "dstny",
      url: other.dstny.url,
      name: "The exchange",
      credential: {
        kind: "token",
        token: other.dstny.users[0].token,
        username: `${other.dstny.users[0].username}@${other.dstny.users[0].domain}`,
      },
      keep: "keychain",
    });
    await app.ready();
    await main.click("button", "Settings");
    const account = async () => ({ within: await main.get("region", "The exchange") });
    await main.click("button", "Joined state", await account());
    await main.click("button", /While I am in a call on another account/, await account());
    await main.click("option", "Meeting");
    await looks(app, "two-platforms-joined-state");
    await app.knows("the choice kept", (s) =>
      Object.values(s.settings.states).some((map) => map.during_calls_elsewhere === "meeting"),
    );
    await app.sandbox.ring(CALLER);
    await main.click("button", "Answer", { ms: 20_000 });
    await app.knows("the other paused", (s) => presence(s, "dstny") === "paused");
    const told = async () => JSON.stringify(await other.told("user/info/offhook.example/ida/presence"));
    assert.ok((await told()).includes('"meeting"'));
    await main.click("button", "Hang up");
    await app.knows("the other released", (s) => presence(s, "dstny") === "ready", 20_000);
    assert.ok((await told()).includes('"available"'));
  } finally {
    await other.stop();
  }
});
