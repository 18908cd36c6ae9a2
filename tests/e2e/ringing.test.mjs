// It rings: every way in which a call is announced, taken, refused and withdrawn.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import {
  focus,
  focused,
  keys,
  notifications,
  notified,
  openNotifications,
  played,
  press,
  shot,
  silent,
  tray,
  windows,
} from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Amara Okafor" };
const POPUP = "^Offhook: ringing$";

const ringing = () => openNotifications().filter((n) => "answer" in n.actions);

/** Everything that announces a call is gone: window, notification, ring in the snapshot. A missed call may be told. */
async function quiet(app) {
  await app.knows("nothing that rings", (s) => s.rings.every((r) => r.ended));
  await until("no pop-up", () => windows(POPUP).length === 0);
  await until("no notification that rings", () => ringing().length === 0);
}

/** A call rings, and every alert is there. */
async function rings(app, call = CALLER) {
  await app.ready();
  const activity = await app.sandbox.ring(call);
  await notified(call.name ?? call.number);
  await until("the pop-up", () => windows(POPUP).length === 1);
  return activity;
}

const speaking = (app) => app.knows("the call going on", (s) => s.activities.some((a) => a.phase === "open"));

scenario("a call shows a pop-up, a notification, another tray icon, and it sounds", {}, async (app) => {
  await app.ready();
  const [icon, before] = [tray().props, played()];
  await focus("^Offhook$");
  const activity = await app.sandbox.ring(CALLER);
  const notification = await notified(CALLER.name);
  assert.deepEqual(Object.keys(notification.actions).sort(), ["answer", "decline", "default"]);
  assert.equal(notification.hints.urgency, 2);
  assert.equal(notification.timeout, 0);
  const popup = await app.popup();
  await popup.shows(CALLER.name);
  await popup.get("button", "Answer");
  await popup.get("button", "Decline");
  await until("the pop-up on the screen", () => windows(POPUP).length === 1);
  assert.match(focused(), /Offhook/, "the pop-up leaves the keyboard where it was");
  await until("the ring to be heard", () => played() > before);
  await until("the tray to ring", () => JSON.stringify(tray().props) !== JSON.stringify(icon));
  shot("ringing");
  await app.sandbox.post(`/calls/${activity}/hangup`);
  await quiet(app);
});

scenario("answered from the pop-up", {}, async (app) => {
  await rings(app);
  const popup = await app.popup();
  await popup.click("button", "Answer");
  await speaking(app);
  await quiet(app);
  shot("in-call");
});

scenario("answered by the notification's button", {}, async (app) => {
  await rings(app);
  press((await notified(CALLER.name)).id, "answer");
  await speaking(app);
  await quiet(app);
});

scenario("answered from the keyboard", {}, async (app) => {
  await rings(app);
  await focus("^Offhook$");
  keys("ctrl+shift+a");
  await speaking(app);
  await quiet(app);
});

scenario("declined from the pop-up", {}, async (app) => {
  const activity = await rings(app);
  await (await app.popup()).click("button", "Decline");
  await quiet(app);
  await app.sandbox.happened(
    "the refusal",
    (e) => e.event === "activity.rejected" && e.detail.includes(activity),
  );
});

scenario("declined by the notification's button", {}, async (app) => {
  await rings(app);
  press((await notified(CALLER.name)).id, "decline");
  await quiet(app);
});

scenario("answered by a colleague: everything is withdrawn, and nothing rings on", {}, async (app) => {
  const activity = await rings(app);
  // Earlier apps were killed: what they left was cleared by the test, not by them.
  const ours = ringing().map((n) => n.id);
  const colleague = app.sandbox.users[1].username;
  await app.sandbox.post(`/calls/${activity}/answered-elsewhere`, { agent: colleague });
  await quiet(app);
  const closed = notifications().filter((n) => ours.includes(n.id));
  assert.ok(closed.length > 0);
  assert.ok(
    closed.every((n) => n.reason === 3),
    "the app itself closed its notification",
  );
  await silent();
});

scenario("the caller gives up: nothing rings, and the missed call is told", {}, async (app) => {
  const activity = await rings(app);
  await app.sandbox.post(`/calls/${activity}/hangup`);
  await quiet(app);
  const missed = await notified(CALLER.name);
  assert.ok(!("answer" in missed.actions));
});

scenario("it rings too long and goes on to somebody else", {}, async (app) => {
  const activity = await rings(app);
  await app.sandbox.post(`/calls/${activity}/timeout`);
  await quiet(app);
});

scenario("an unknown caller is shown by the number", {}, async (app) => {
  await app.ready();
  await app.sandbox.ring({ number: "+15550142277" });
  const notification = await notified("555");
  assert.match(`${notification.summary}${notification.body}`.replaceAll(/\D/g, ""), /15550142277/);
});
