// What goes wrong in an eight-hour day, and what the agent notices of it.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { notified, openNotifications, press, shot, windows } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+390239521478", name: "Giulia Ferraro" };

scenario("a token that expires is renewed, and the next call rings", {}, async (app) => {
  await app.ready();
  await app.sandbox.post("/tokens/expire", { user: app.sandbox.agent.username });
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
  await app.sandbox.post("/faults", { kind: "drop" });
  await app.knows(
    "an account that is not live",
    (s) => s.accounts.some((a) => a.health.link !== "live"),
    60_000,
  );
  shot("offline");
  await app.sandbox.delete("/faults");
  await app.live();
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
  await until(
    "the window's page again",
    () => windows("^Offhook$").length > 0 && app.processes().web.length > 0,
  );
});

scenario("a call that comes while no webview lives is announced all the same", {}, async (app) => {
  await app.ready();
  for (const p of app.processes().web) process.kill(p.pid, "SIGKILL");
  await app.sandbox.ring(CALLER);
  await notified(CALLER.name);
});
