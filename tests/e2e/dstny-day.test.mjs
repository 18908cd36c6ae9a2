// The rest of the day on Dstny: queues with their figures, colleagues, the past, the own presence, diversions, the voicemail,
// texts and conferences. What is changed here is read again as another client of the exchange would read it.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { notified } from "./lib/desktop.mjs";
import { openCall } from "./lib/dock.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const NUMBER = "+442079460188";
const WHOSE = "offhook.example/ida";
const dstny = { doors: ["dstny"], sandbox: ["--switch", "answer_delay=600", "--switch", "device_delay=1"] };

/** Goes to a place of the rail and answers how to find things inside it. */
async function at(app, place) {
  await app.main.click("button", place);
  return async () => ({ within: await app.main.get("region", place) });
}

/** What stands at a figure of a queue. */
const figure = async (app, queue, name) =>
  app.main.run(
    (group, wanted) =>
      [...group.querySelectorAll("dt")].find((term) => term.textContent === wanted)?.nextElementSibling
        .textContent,
    await app.main.element("region", `Details of ${queue}`),
    name,
  );

scenario("queues: in and out, who waits, and who is in them", dstny, async (app) => {
  const { main, sandbox } = app;
  await app.offers("queue_statistics");
  await at(app, "Queues");
  await main.click("button", /^Support/);
  const queue = async () => ({ within: await main.get("region", "Details of Support") });
  await until("the figures", async () => (await figure(app, "Support", "Waiting")) === "0", 20_000);
  const joined = async (id) => id in (await sandbox.state()).agents.ida.queues;
  for (const [button, member] of [
    ["Log in", true],
    ["Log out", false],
  ]) {
    await until(
      button,
      async () => {
        // Where the agent is a member already, the first step is done.
        if ((await joined(2000)) !== member)
          await main.click("button", button, { ...(await queue()), ms: 500 });
        return (await joined(2000)) === member;
      },
      20_000,
    );
    await main.get("button", member ? "Log out" : "Log in", await queue());
  }
  const activity = await sandbox.ring({ agent: undefined, queue: 2000, ...CALLER });
  await until("one who waits", async () => (await figure(app, "Support", "Waiting")) === "1", 20_000);
  await looks(app, "dstny-queues");
  await sandbox.post(`/calls/${activity}/hangup`);
  await until("nobody who waits", async () => (await figure(app, "Support", "Waiting")) === "0", 20_000);
  await main.click("button", "Who is in it", await queue());
  await main.get("region", "Who is in Support");
  await main.shows("Ida Lindqvist");
});

scenario("a colleague's phone is seen to ring, and the call is picked up", dstny, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await app.offers("contact_presence");
  await app.offers("pick_up");
  await at(app, "Contacts");
  await main.fill("textbox", "Search contacts", "Tom");
  await main.click("row", /^Tomáš Veverka/, { ms: 30_000 });
  const now = async () => (await main.text("region", "Right now")).replaceAll(/\s+/g, " ");
  await until("a free phone", async () => /Free\s*live/.test(await now()), 20_000);
  await sandbox.post("/ring", { agent: "tomas", direct: true, ...CALLER });
  await until("a phone that rings", async () => /Ringing\s*live/.test(await now()), 20_000);
  await looks(app, "dstny-contact");
  await main.click("button", "Pick up");
  const { line } = await openCall(app, (a) => a.phase === "open");
  await sandbox.callBecomes("ours", line, ({ own }) => own?.state === "speaking");
  await until("a free phone again", async () => /Free\s*live/.test(await now()), 20_000);
});

scenario("a contact of one's own is made, changed, texted and deleted", dstny, async (app) => {
  const { main, sandbox } = app;
  await app.offers("personal_contacts");
  await app.offers("sms");
  await at(app, "Contacts");
  await main.click("button", "New contact");
  await main.fill("textbox", "First name", "Zora");
  await main.fill("textbox", "Last name", "Quint");
  await main.fill("textbox", "Number", NUMBER);
  await looks(app, "dstny-contact-form");
  await main.click("button", "Save contact");
  await main.get("heading", "Zora Quint", { ms: 20_000 });
  const kept = async () => JSON.stringify(await sandbox.told(`contacts/personal/user/${WHOSE}`));
  await until("it at the exchange", async () => (await kept()).includes("Quint"));
  await main.click("button", "Edit contact");
  await main.fill("textbox", "Last name", "Quill");
  await main.click("button", "Save contact");
  await main.get("heading", "Zora Quill", { ms: 20_000 });
  await main.click("button", /^Text /);
  await main.fill("textbox", "Message", "The lamp is ready");
  await looks(app, "dstny-text");
  await main.click("button", "Send text");
  await main.shows("The platform took the text.");
  await sandbox.happened(
    "the text",
    (e) => e.event === "sms.sent" && e.detail.endsWith(": The lamp is ready"),
  );
  await main.click("button", "Done");
  await main.click("button", "Delete contact");
  await main.click("button", "Delete contact", { within: await main.get("dialog", "Delete Zora Quill?") });
  await main.gone("heading", "Zora Quill");
  await until("it gone at the exchange", async () => !(await kept()).includes("Quill"));
});

scenario("a missed call is called back, and a group's is taken care of", dstny, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await app.offers("history");
  await app.offers("group_history");
  const missed = await sandbox.ring({ queue: 2000, ...CALLER });
  await notified(CALLER.name);
  await sandbox.post(`/calls/${missed}/hangup`);
  await app.knows("nothing that rings", (s) => s.rings.every((ring) => ring.ended));
  await at(app, "History");
  await main.click("row", /Njeri Kamau/, { ms: 20_000 });
  await looks(app, "dstny-history");
  await main.click("button", "Call back");
  const { card } = await openCall(app, (a) => a.direction === "out");
  await card.click("Hang up");
  await app.knows("no call", (s) => s.activities.length === 0);

  await main.click("tab", "Groups");
  await main.click("row", /20 7946 0123.*Unhandled/, { ms: 20_000 });
  await main.fill("textbox", "Note for colleagues", "Wants to be called on Friday");
  await main.click("button", "Take over");
  await main.get("button", "Give back");
  await looks(app, "dstny-group-history");
  await main.click("button", "Mark as handled");
  await main.get("button", "Mark as not handled");
  const page = await main.call("history", {
    account: (await app.snapshot()).accounts[0].account.id,
    group: "2000",
    outcomes: [],
    before: null,
  });
  const { handled } = page.items.find((item) => item.party.phone?.e164 === CALLER.number);
  assert.deepEqual([handled.state, handled.note], ["handled", "Wants to be called on Friday"]);
});

scenario("presence, diversions and the voicemail", dstny, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  for (const capability of ["presence", "diversions", "voicemail"]) await app.offers(capability);
  const menu = async () => ({ within: await main.get("dialog", "State and devices") });
  await main.click("button", /^State:/);
  await main.click("button", /Presence on/, await menu());
  await main.click("option", /^Lunch/);
  const says = (what, test) =>
    until(what, async () => test(await sandbox.told(`user/info/${WHOSE}/presence`)), 20_000);
  await says("lunch", (told) => JSON.stringify(told).includes('"lunch"'));
  await app.knows("the pause", (s) => s.agent.presence === "paused" && s.agent.pause === "Lunch");
  await main.click("button", "15 min", await menu());
  await app.knows("an end", (s) => s.accounts[0].presence.until !== null);
  await main.fill("textbox", "Note for colleagues", "Back at two", await menu());
  await main.click("button", "Save", await menu());
  await says("the note", (told) => JSON.stringify(told).includes("Back at two"));
  await looks(app, "dstny-state");

  await main.click("button", "Diversions…", await menu());
  const name = app.snapshot().then(({ accounts: [one] }) => one.account.name);
  const panel = async () => ({ within: await main.get("dialog", `Diversions on ${await name}`) });
  await main.fill("textbox", "Divert to", NUMBER, await panel());
  await main.click("button", "Divert", await panel());
  await main.shows(/Diverted to/);
  await looks(app, "dstny-diversions");
  const diverted = async () => JSON.stringify(await sandbox.told(`diversion/number/${WHOSE}`));
  await until("the diversion", async () => (await diverted()).includes(NUMBER.slice(-7)));
  await main.click("button", "Done", await panel());
  await main.click("button", "Stop diverting");
  await until("no diversion", async () => !(await diverted()).includes(NUMBER.slice(-7)));

  await main.click("button", /^State:/);
  await main.click("button", "Voicemail…", await menu());
  const box = async () => ({ within: await main.get("dialog", `Voicemail on ${await name}`) });
  const before = JSON.stringify(await sandbox.told(`voicemail/settings/${WHOSE}`));
  await main.click("checkbox", "A text tells me of a message", await box());
  await looks(app, "dstny-voicemail");
  await main.click("button", "Save", await box());
  await main.gone("dialog", `Voicemail on ${await name}`);
  assert.notEqual(JSON.stringify(await sandbox.told(`voicemail/settings/${WHOSE}`)), before);
});

scenario("a conference of the calendar is joined and left", dstny, async (app) => {
  const { main } = app;
  await app.ready();
  await app.offers("conferences");
  await at(app, "History");
  await main.click("tab", "Conferences");
  await main.get("button", "Join", { ms: 20_000 });
  await looks(app, "dstny-conferences");
  await main.click("button", "Join");
  await main.shows("The platform calls your device.");
  await app.knows("the call to it", (s) => s.activities.length === 1, 20_000);
  await main.click("button", "Leave");
  await app.knows("no call", (s) => s.activities.length === 0, 20_000);
});
