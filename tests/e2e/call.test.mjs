// The conversation and what comes after it: hang up, wrap up, pause, call back.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { focus, keys, shot } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+46701740605", name: "Saga Lindqvist" };

async function talking(app) {
  await app.ready();
  await app.sandbox.ring(CALLER);
  await app.main.click("button", "Answer");
  await app.knows("the call going on", (s) => s.activities.some((a) => a.phase === "open"));
}

scenario("hang up, note, wrap-up code, close", {}, async (app) => {
  await talking(app);
  await app.main.fill("textbox", "Note", "Wants the invoice again");
  await app.main.click("button", "Hang up");
  const inWrapUp = (s) => s.activities.find((a) => a.phase === "wrap_up");
  const { wrap_up: rules } = inWrapUp(
    await app.knows("the codes of the queue", (s) => inWrapUp(s)?.wrap_up.dispositions.length > 1),
  );
  shot("wrap-up");
  const [, code] = rules.dispositions;
  await app.main.click(rules.multiple ? "checkbox" : "radio", code.title);
  await app.main.click("button", "Close");
  await app.knows(
    "a closed call",
    (s) => s.activities.every((a) => a.phase !== "wrap_up") && s.outbox.length === 0,
  );
  const { closed } = await app.sandbox.state();
  const kept = closed.find((a) => a.note === "Wants the invoice again");
  assert.deepEqual(kept?.wrap_up_codes, [code.id], "note and code arrived at the platform");
});

scenario("a note outlives the app", {}, async (app) => {
  await talking(app);
  await app.main.fill("textbox", "Note", "half a thou");
  await app.knows("the draft kept", (s) => s.activities.some((a) => a.draft.note === "half a thou"));
  const { own } = app.processes();
  process.kill(own.pid, "SIGKILL");
  await app.driver.stop();
  await app.launch();
  await app.live();
  await app.knows("the draft again", (s) => s.activities.some((a) => a.draft.note === "half a thou"));
  await app.main.holds("textbox", "Note", "half a thou");
});

scenario("hang up from the keyboard", {}, async (app) => {
  await talking(app);
  await focus("^Offhook$");
  keys("ctrl+shift+h");
  await app.knows("wrap-up", (s) => s.activities.some((a) => a.phase === "wrap_up"));
});

scenario("ready, a pause and back, by the state button", {}, async (app) => {
  await app.live();
  await app.main.click("button", /^State:/);
  await app.main.click("button", /^Ready/);
  await app.knows("ready", (s) => s.agent.presence === "ready");
  const { agent } = await app.snapshot();
  assert.ok(agent.pauses.length > 0);
  const pause = agent.pauses[0];
  await app.main.click("button", /^State:/);
  shot("state-menu");
  await app.main.click("button", new RegExp(`^${pause.title}`));
  await app.knows("the pause", (s) => s.agent.presence === "paused");
  await app.main.click("button", new RegExp(`^State:.*${pause.title}`));
  await app.main.click("button", /^Ready/);
  await app.knows("ready again", (s) => s.agent.presence === "ready");
});

scenario("call back from a contact, and the choice of device stays", {}, async (app) => {
  await app.ready();
  await app.main.click("button", "Contacts");
  const contact = await until(
    "contacts in the index",
    async () => {
      const page = await app.main.call("search_contacts", { text: "", online: false });
      return page.contacts.find((c) => c.numbers.length > 0);
    },
    30_000,
  );
  const numbers = async () => ({ within: await app.main.get("region", "Numbers") });
  const open = async () => {
    await app.main.fill("textbox", "Search contacts", contact.title);
    await app.main.click("row", new RegExp(contact.title));
  };
  await open();
  const { accounts } = await app.snapshot();
  const [{ account, devices }] = accounts;
  const chosen = devices.find((d) => !d.logged_in);
  await app.main.click("button", /Device/, await numbers());
  await app.main.click("option", chosen.title);
  shot("contact");
  await app.main.click("button", /^Call /, await numbers());
  await app.knows("the call going out", (s) =>
    s.activities.some((a) => a.direction === "out" && (a.phase === "dialling" || a.phase === "open")),
  );
  const { agents } = await app.sandbox.state();
  assert.deepEqual(agents[app.sandbox.agent.username].devices, [chosen.id], "the agent is on that device");

  process.kill(app.processes().own.pid, "SIGKILL");
  await app.driver.stop();
  await app.launch();
  await app.live();
  const { settings } = await app.snapshot();
  assert.equal(settings.dial_account, account.id);
  assert.deepEqual(settings.dial[account.id], { queue: null, device: chosen.id, line: null });
  await app.main.click("button", "Contacts");
  await open();
  await app.main.get("button", new RegExp(`${chosen.title}.*Device`), await numbers());
});
