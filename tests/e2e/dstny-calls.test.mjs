// Calls on Dstny: how one is announced and answered, and everything that can be done with it. Each deed is proved twice: by
// what the exchange knows of the call, and by what the page shows.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { notified, openNotifications, played, shot, tray, windows } from "./lib/desktop.mjs";
import { Card, lineOf, named, openCall, talking } from "./lib/dock.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const OTHER = "+442079460177";
/** Amara's own number: a colleague who is called and does not answer by herself. */
const COLLEAGUE = "+442079460302";
const POPUP = "^Offhook: ringing$";

/** Who is called picks up when the test says so. */
const dstny = { doors: ["dstny"], sandbox: ["--switch", "answer_delay=600", "--switch", "device_delay=1"] };

const quiet = async (app) => {
  await app.knows("nothing that rings", (s) => s.rings.every((ring) => ring.ended), 30_000);
  await until("no pop-up", () => windows(POPUP).length === 0);
  await until("no notification that rings", () => !openNotifications().some((n) => "answer" in n.actions));
};

scenario("a call is announced and answered on the device that the agent chooses", dstny, async (app) => {
  await app.ready();
  const [icon, before] = [JSON.stringify(tray().props), played()];
  await app.sandbox.ring(CALLER);
  const notification = await notified(CALLER.name);
  assert.deepEqual(Object.keys(notification.actions).sort(), ["answer", "decline", "default"]);
  await until("the pop-up on the screen", () => windows(POPUP).length === 1);
  await until("the ring to be heard", () => played() > before);
  await until("the tray to ring", () => JSON.stringify(tray().props) !== icon);
  const { rings, activities, accounts } = await app.snapshot();
  const activity = activities.find((a) => a.id === rings[0].activity);
  const devices = activity.call.choices.answer;
  assert.ok(devices.length > 1, `several devices: ${devices}`);
  const device = accounts[0].devices.find(({ id }) => id === devices.at(-1));
  const popup = await app.popup();
  await popup.shows(CALLER.name);
  await popup.click("button", "Take the call on");
  shot("dstny-ringing");
  await popup.click("menuitem", device.title);
  await quiet(app);
  await app.sandbox.callBecomes(
    "the call on that device",
    lineOf(activity),
    ({ own }) => own?.state === "speaking" && device.id.endsWith(own.device),
  );
  await new Card(app, CALLER.name).shows(`On ${device.title}`);
});

scenario("declined, given up and answered elsewhere: each ring ends", dstny, async (app) => {
  const { main, sandbox } = app;
  for (const [how, end] of [
    ["rejected", () => main.click("button", "Decline")],
    ["abandoned", (id) => sandbox.post(`/calls/${id}/hangup`)],
    ["answered_elsewhere", (id) => sandbox.post(`/calls/${id}/answered-elsewhere`, { agent: "tomas" })],
  ]) {
    await app.ready();
    const id = await sandbox.ring(CALLER);
    await main.get("button", "Answer", { ms: 20_000 });
    await until("the pop-up", () => windows(POPUP).length === 1);
    const [ring] = (await app.snapshot()).rings.filter(({ ended }) => !ended);
    await end(id);
    const over = (s) => s.rings.find((one) => one.activity === ring.activity)?.ended ?? null;
    const seen = new Set();
    await app.knows(`the ring ${how}`, (s) => {
      if (over(s)) seen.add(over(s));
      return s.rings.every((one) => one.activity !== ring.activity || one.ended);
    });
    if (seen.size > 0) assert.deepEqual([...seen], [how]);
    await quiet(app);
  }
});

scenario("held, muted, toned, moved and parked", dstny, async (app) => {
  const { line, card } = await talking(app, CALLER);
  const becomes = (what, test) => app.sandbox.callBecomes(what, line, test);
  await looks(app, "dstny-call");

  await card.click("Hold");
  await becomes("held", ({ own }) => own.state === "on_hold");
  await card.shows("On hold");
  shot("dstny-on-hold");
  await card.click("Resume");
  await becomes("taken up", ({ own }) => own.state === "speaking");
  await card.shows("In call");

  await card.click("Mute");
  await becomes("muted", ({ own }) => own.muted);
  await card.shows("They cannot hear you.");
  shot("dstny-muted");
  await card.click("Unmute");
  await becomes("heard", ({ own }) => !own.muted);
  await card.has("Mute");

  await card.click("Key pad");
  for (const key of ["1", "5", "#"]) await card.click(key);
  await becomes("tones", ({ own }) => own.heard === "15#");
  shot("dstny-key-pad");
  await card.click("Key pad");

  const { accounts } = await app.snapshot();
  const { own } = await becomes("a device", ({ own }) => own.device).then(({ legs }) => ({
    own: legs.find((leg) => leg.agent),
  }));
  const elsewhere = accounts[0].devices.find(({ id }) => !id.endsWith(own.device));
  await card.click("Move");
  await app.main.click("menuitem", elsewhere.title);
  await becomes("the other device", (call) => elsewhere.id.endsWith(call.own?.device));
  await card.shows(`On ${elsewhere.title}`);

  await card.click("Park");
  await card.gone();
  const call = await becomes("parked", ({ own: mine }) => !mine);
  assert.equal(call.parked, true, "somebody can pick it up");
});

scenario("recorded by hand: started, paused, kept, thrown away, stopped", dstny, async (app) => {
  const { line, card } = await talking(app, CALLER);
  const recording = (what, wanted) =>
    app.sandbox.callBecomes(what, line, ({ call }) =>
      Object.entries(wanted).every(([key, value]) => call.recording[key] === value),
    );
  await card.click("Record");
  await recording("recording", { on: true, paused: false });
  await card.shows(/Recording\s*\d/);
  await looks(app, "dstny-recording");
  await card.click("Pause recording");
  await recording("paused", { paused: true });
  await card.shows("Recording paused");
  await card.click("Resume recording");
  await recording("resumed", { on: true, paused: false });
  await card.click("Discard recording");
  const question = async () => ({ within: await app.main.get("dialog", "Discard the recording?") });
  await app.main.click("button", "Discard recording", await question());
  await recording("thrown away", { saved: false });
  await card.click("Save recording");
  await recording("kept", { saved: true });
  await card.click("Stop recording");
  await recording("stopped", { on: false });
  await card.has("Record");
});

scenario("handed on: at once, to a voicemail, and to whoever is free next", dstny, async (app) => {
  const { main, sandbox } = app;
  for (const [button, how] of [
    ["Transfer", /"amara".* Ring$/],
    ["To voicemail", /"amara".* Voicemail$/],
    ["When free", /"amara".* CampOn$/],
  ]) {
    const { card } = await talking(app, CALLER);
    const done = (await sandbox.events()).length;
    await card.click("Transfer");
    await main.fill("textbox", "Number or contact", COLLEAGUE);
    const within = await main.get("dialog", `Transfer ${CALLER.name}`);
    await main.get("button", "To voicemail", { within });
    if (button === "Transfer") shot("dstny-transfer");
    await main.click("button", button, { within });
    await card.gone();
    await main.gone("dialog", `Transfer ${CALLER.name}`);
    const event = await sandbox.happened(
      `${button} at the exchange`,
      (e) => e.n > done && e.event === "activity.passed_on",
    );
    assert.match(event.detail, how);
    for (const { id } of (await sandbox.state()).open) await sandbox.post(`/calls/${id}/hangup`);
  }
});

/** A first call on hold and a second one, consulted about it, that has been answered. */
async function consulting(app) {
  const first = await talking(app, CALLER);
  await first.card.click("Consult");
  const within = await app.main.get("dialog", `Consult somebody about ${CALLER.name}`);
  await app.main.fill("textbox", "Number or contact", OTHER, { within });
  await app.main.click("button", "Consult", { within });
  const isSecond = (a) => a.call?.consults_for === first.activity.id;
  const { activity } = await openCall(app, isSecond);
  await until("the other side to pick up", () =>
    app.sandbox.post(`/calls/${lineOf(activity)}/answer`).then(() => true),
  );
  const second = await openCall(app, (a) => isSecond(a) && a.phase === "open");
  await app.sandbox.callBecomes("the first on hold", first.line, ({ own }) => own.state === "on_hold");
  const pair = new Card(app, `${CALLER.name} and ${named(second.activity)}`);
  return { first, second, pair };
}

scenario("consulted, and exactly the two are connected", dstny, async (app) => {
  const { first, second, pair } = await consulting(app);
  await pair.shows("On hold");
  await pair.shows("In call");
  await looks(app, "dstny-consult");
  const calls = await Promise.all([first, second].map(async ({ line }) => (await app.sandbox.call(line)).id));
  await pair.click(`Connect ${CALLER.name} with ${named(second.activity)}`);
  await pair.gone();
  await app.knows("no call of ours", (s) => s.activities.length === 0);
  const { detail } = await app.sandbox.happened("the two joined", (e) => e.event === "activity.joined");
  assert.deepEqual(detail.split(" ").sort(), calls.sort());
});

scenario("swapped, made a conference, one put out, hung up", dstny, async (app) => {
  const { first, second, pair } = await consulting(app);
  const state = (of, wanted) =>
    app.sandbox.callBecomes(`${wanted} of ${of.line}`, of.line, ({ own }) => own?.state === wanted);
  await pair.click("Swap");
  await state(first, "speaking");
  await state(second, "on_hold");
  await app.knows("the swap", (s) => s.activities.find((a) => a.id === second.activity.id)?.on_hold);
  await pair.click("Conference");
  await app.sandbox.happened("the conference", (e) => e.event === "activity.conference");
  const conference = await openCall(app, (a) => a.call?.conference?.participants.length === 2);
  await conference.card.shows("In the conference");
  await looks(app, "dstny-conference");
  const [, out] = conference.activity.call.conference.participants;
  await conference.card.click(`Remove ${out.party.name ?? out.party.phone.display}`);
  await app.sandbox.callBecomes(
    "one is out",
    conference.line,
    ({ call }) => call.legs.filter((leg) => leg.state !== "closed").length === 2,
  );
  const left = await openCall(app, (a) => (a.call?.conference?.participants.length ?? 1) < 2);
  await left.card.click("Hang up");
  await app.knows("no call", (s) => s.activities.length === 0);
});

scenario("a conference goes on without the agent", dstny, async (app) => {
  const { pair } = await consulting(app);
  await pair.click("Conference");
  const conference = await openCall(app, (a) => a.actions.includes("leave_conference"));
  await conference.card.click("Leave conference");
  await app.knows("no call of ours", (s) => s.activities.length === 0);
  const { requests } = await app.sandbox.state();
  assert.equal(requests["dstny cti.leaveconference"], 1, JSON.stringify(requests));
  assert.ok(!requests["dstny cti.clear"], "nobody was hung up");
});

scenario("somebody else changes the call: done again once, and then said", dstny, async (app) => {
  const { line, card } = await talking(app, CALLER);
  const conflict = (count) => ({ kind: "conflict", route: "cti.", count });
  await app.sandbox.post("/faults", conflict(1));
  await card.click("Hold");
  await app.sandbox.callBecomes("held all the same", line, ({ own }) => own.state === "on_hold");
  await card.has("Resume");
  await app.sandbox.post("/faults", conflict(2));
  await card.click("Resume");
  await card.shows("The call changed meanwhile.", 20_000);
  shot("dstny-conflict");
  await card.click("Try again");
  await app.sandbox.callBecomes("taken up", line, ({ own }) => own.state === "speaking");
  await card.shows("In call");
});

scenario(
  "streams that are lost while it rings: the ring stays, and ends when it ends",
  dstny,
  async (app) => {
    await app.ready();
    const activity = await app.sandbox.ring(CALLER);
    await notified(CALLER.name);
    const before = (await app.sandbox.events()).length;
    await app.sandbox.post("/streams/drop");
    const again = (e) => e.event === "stream.opened" && e.detail.startsWith("callstate.dialogs.stream");
    await app.sandbox.happened("the stream again", (e) => e.n > before && again(e), 20_000);
    assert.ok(
      (await app.snapshot()).rings.some((ring) => !ring.ended),
      "it rings on",
    );
    await app.sandbox.post(`/calls/${activity}/hangup`);
    await quiet(app);
    await app.live();
    // A stream that is open and says nothing must not keep the next one from ringing.
    await app.sandbox.post("/streams/silence");
    await app.sandbox.ring({ ...CALLER, name: "Mateus Prado" });
    await notified("Mateus Prado", 60_000);
    await app.main.click("button", "Answer");
    await openCall(app, (a) => a.phase === "open");
  },
);

scenario("dialled as the line that was chosen", dstny, async (app) => {
  const { main } = app;
  await app.ready();
  await app.offers("lines");
  const { accounts } = await app.snapshot();
  const line = accounts[0].lines.find(({ active }) => !active);
  const within = await main.get("region", "Dial");
  await main.click("button", /Calling as/, { within });
  await main.click("option", new RegExp(`^${line.title}`));
  await main.fill("textbox", "Number", OTHER, { within });
  await main.click("button", "Call", { within });
  const call = await openCall(app, (a) => a.direction === "out" && a.phase === "dialling");
  await call.card.shows("Dialling");
  await until("the other side to pick up", () =>
    app.sandbox.post(`/calls/${call.line}/answer`).then(() => true),
  );
  await call.card.shows("In call");
  await app.sandbox.post(`/calls/${call.line}/hangup`);
  await call.card.gone();
});
