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
  const wrapUp = await app.knows("wrap-up", (s) => s.activities.find((a) => a.phase === "wrap_up"));
  const { activities } = wrapUp;
  const { wrap_up: rules } = activities.find((a) => a.phase === "wrap_up");
  shot("wrap-up");
  if (rules.dispositions.length)
    await app.main.click(rules.multiple ? "checkbox" : "radio", rules.dispositions[0].title);
  await app.main.click("button", "Close");
  await app.knows(
    "a closed call",
    (s) => s.activities.every((a) => a.phase !== "wrap_up") && s.outbox.length === 0,
  );
  const state = JSON.stringify(await app.sandbox.state());
  assert.ok(state.includes("Wants the invoice again"), "the note arrived at the platform");
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

scenario("call back from a contact, and the choice of queue and device stays", {}, async (app) => {
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
  await app.main.fill("textbox", "Search contacts", contact.title);
  await app.main.click("row", new RegExp(contact.title));
  shot("contact");
  await app.main.click("button", /^Call/);
  const dialled = await app.knows("the call going out", (s) =>
    s.activities.find((a) => a.direction === "out" && (a.phase === "dialling" || a.phase === "open")),
  );
  assert.ok(dialled);
  assert.ok((await app.snapshot()).settings.dial_account, "the account is remembered");
});
