// What goes wrong in an eight-hour day, and what the agent notices of it.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { focus, keys, labels, notified, openNotifications, press, shot, tray } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+390239521478", name: "Giulia Ferraro" };

scenario("a token that expires is renewed, and the next call rings", {}, async (app) => {
  await app.ready();
  const before = (await app.sandbox.events()).length;
  await app.sandbox.post("/tokens/expire", { user: app.sandbox.agent.username });
  await until("new tokens", async () =>
    (await app.sandbox.events())
      .slice(before)
      .some((e) => e.event === "user.login" && e.detail === "refresh"),
  );
  await app.sandbox.ring(CALLER);
  await notified(CALLER.name, 30_000);
});

scenario("a server that restarts is found again", {}, async (app) => {
  await app.ready();
  await app.sandbox.post("/restart");
  await app.live();
  await app.sandbox.ring(CALLER);
  await notified(CALLER.name, 30_000);
});

scenario("a server that is gone is said so, loudly", {}, async (app) => {
  await app.ready();
  const says = (state) => labels(tray().menu).includes(`Offhook: ${state}`);
  const icon = () => JSON.stringify(tray().props.IconPixmap);
  await until("the tray ready", () => says("Ready"));
  await app.sandbox.post("/faults", { kind: "drop" });
  await app.main.shows("Calls cannot ring", 60_000);
  await app.main.shows(/No contact with .+ since/);
  await app.main.get("button", "State: Offline");
  await until("the tray offline", () => says("Offline"));
  const offline = icon();
  shot("offline");
  await app.sandbox.delete("/faults");
  await app.knows("ready again", (s) => s.agent.presence === "ready" && s.agent.reachable, 60_000);
  await until("no band", () => app.main.run(() => !document.body.innerText.includes("Calls cannot ring")));
  await until("the tray ready again", () => says("Ready") && icon() !== offline);
});

scenario("a session that is taken away for good: the page says where to sign in", {}, async (app) => {
  await app.ready();
  await app.sandbox.post("/switches", { sso_only: "on" });
  await app.sandbox.post("/tokens/revoke", { user: app.sandbox.agent.username });
  await app.main.get("button", "State: Signed out", { ms: 30_000 });
  shot("signed-out");
  await app.main.click("button", "Settings");
  await app.main.shows("Your session on the platform has ended.");
  await app.main.get("button", "Sign in again");
});

scenario("a right that was taken away is said where the number was dialled", {}, async (app) => {
  await app.ready();
  await app.sandbox.post("/permissions", { user: app.sandbox.agent.username, deny: ["dial"] });
  await app.main.fill("textbox", "Number", "+44 20 7946 0955");
  await app.main.click("button", "Call");
  await app.main.shows("Your user may not do this on the platform.");
  shot("forbidden");
});

scenario("the webview dies while it rings: the notification still answers", {}, async (app) => {
  await app.ready();
  await app.sandbox.ring(CALLER);
  const notification = await notified(CALLER.name);
  const { own, web } = app.processes();
  assert.ok(web.length > 0, "the app has a web process");
  for (const p of web) process.kill(p.pid, "SIGKILL");
  await until("the web processes to be gone", () => {
    const now = app.processes().web.map((p) => p.pid);
    return web.every((p) => !now.includes(p.pid));
  });
  assert.equal(app.processes().own.pid, own.pid, "the program goes on");
  assert.ok(
    openNotifications().some((n) => n.id === notification.id),
    "it still rings",
  );
  press(notification.id, "answer");
  await app.sandbox.happened("the answer", (e) => e.event === "activity.answered", 15_000);
  await until("no notification", () => openNotifications().length === 0);
  // The page is there again with the call in it: it hangs up at the agent's own key.
  await until("a new web process", () => app.processes().web.length > 0);
  await until("the end of the call, by a key", async () => {
    await focus("^Offhook$");
    keys("ctrl+shift+h");
    return (await app.sandbox.events()).some((e) => e.event === "activity.hung_up");
  });
  shot("after-the-webview-died");
});

scenario("a call that comes while no webview lives is announced all the same", {}, async (app) => {
  await app.ready();
  for (const p of app.processes().web) process.kill(p.pid, "SIGKILL");
  await app.sandbox.ring(CALLER);
  await notified(CALLER.name);
});
