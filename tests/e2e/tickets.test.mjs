// Tickets of two platforms in the real window: listed, read, answered, changed, and nothing that was typed is ever lost.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const DOORS = { doors: ["daktela", "liveagent"] };
const accountOf = (snapshot, platform) =>
  snapshot.accounts.find(({ account }) => account.platform === platform).account.id;

/** Both accounts are read to their end, and the tickets are on the screen. */
async function tickets(app) {
  await app.live();
  await app.knows(
    "all tickets",
    (s) => s.inbox.length === s.accounts.length && s.inbox.every((one) => one.complete),
    60_000,
  );
  await app.main.click("button", /^Tickets/);
  await app.main.get("option", /./);
}

/** A ticket of a customer that is the agent's, open on the screen; `name` is what the platform calls it. */
async function opened(app, platform, ticket) {
  const { main, sandbox } = app;
  const made = await sandbox.post("/tickets", { owner: "ida", ...ticket });
  const title = new RegExp(ticket.title);
  await until(
    `${ticket.title} in the list`,
    async () => {
      if (await main.find("option", title)) return true;
      if (await main.find("button", /^Show \d+ new/)) await main.click("button", /^Show \d+ new/);
      return false;
    },
    60_000,
  );
  await main.click("option", title);
  await main.get("heading", title);
  const name = platform === "daktela" ? made.ticket : made.conversation;
  return { id: `${accountOf(await app.snapshot(), platform)}/${name}`, number: made.ticket };
}

/** Waits until the page or a letter in it shows these words. */
function reads(app, words) {
  const all = () =>
    [document, ...[...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument)]
      .map((page) => page?.body?.innerText ?? "")
      .join("\n");
  return until(`the words ${words}`, async () => (await app.main.run(all)).includes(words), 20_000);
}

/** How often the centre has these words in a ticket. */
async function times(app, number, words) {
  const { entries } = await app.sandbox.ticket(number);
  return entries.filter((entry) => JSON.stringify(entry.body).includes(words)).length;
}

scenario("tickets of two platforms stand in one list, in every look", DOORS, async (app) => {
  await tickets(app);
  const { main } = app;
  await main.click("button", /^All open/);
  await main.get("option", /./);
  await looks(app, "tickets-list");
  await main.click("option", /./);
  await main.get("button", "Reply");
  await looks(app, "tickets-conversation");
  await main.click("button", "Reply");
  await main.get("textbox", "Your answer to the customer");
  await looks(app, "tickets-composer");
});

for (const [platform, title] of [
  ["daktela", "Where is parcel seventeen"],
  ["liveagent", "Where is parcel eighteen"],
]) {
  scenario(
    `a ticket of ${platform} is read, answered, noted and closed`,
    { doors: [platform] },
    async (app) => {
      await tickets(app);
      const { main } = app;
      const { number } = await opened(app, platform, { title, text: "It should be here since Monday." });
      await reads(app, "It should be here since Monday.");
      await main.click("button", "Reply");
      await main.fill("textbox", "Your answer to the customer", "It left this morning.");
      await main.click("button", "Send");
      await until("the reply", async () => (await times(app, number, "It left this morning.")) === 1, 30_000);
      await app.knows("an empty outbox", (s) => s.outbox.length === 0, 30_000);
      await main.click("button", "Note");
      await main.fill("textbox", "Internal note; the customer never sees it", "The depot knows.");
      await main.click("button", "Save the note");
      await until("the note", async () => (await times(app, number, "The depot knows.")) === 1, 30_000);
      // Where the department asks for a status before anything is closed, it is put aside instead.
      const [stage, state] = platform === "daktela" ? ["Postponed", "waiting"] : ["Closed", "closed"];
      await main.click("button", /Stage/);
      await main.click("option", stage);
      await until("the new stage", async () => (await app.sandbox.ticket(number)).state === state, 30_000);
      assert.equal(await times(app, number, "It left this morning."), 1, "once");
    },
  );
}

scenario(
  "what was typed is there again after the app was killed, and is sent once",
  { doors: ["daktela"] },
  async (app) => {
    await tickets(app);
    const title = "A long answer";
    const { id, number } = await opened(app, "daktela", { title, text: "Please explain." });
    await app.main.click("button", "Reply");
    await app.main.fill("textbox", "Your answer to the customer", "Every word of this matters.");
    await app.knows("the kept words", (s) =>
      s.composing.some(({ work }) => work.message?.text === "Every word of this matters."),
    );
    process.kill(app.processes().own.pid, "SIGKILL");
    await app.driver.stop();
    await app.launch();
    await app.live();
    const { composing } = await app.snapshot();
    assert.equal(composing.length, 1);
    assert.equal(composing[0].work.ticket, id);
    await app.main.call("send", composing[0].key);
    await until(
      "the reply",
      async () => (await times(app, number, "Every word of this matters.")) === 1,
      30_000,
    );
    await app.knows("an empty outbox", (s) => s.outbox.length === 0 && s.composing.length === 0, 30_000);
    assert.equal(await times(app, number, "Every word of this matters."), 1, "once");
  },
);

scenario(
  "what somebody else changed meanwhile is shown beside the own change",
  { doors: ["daktela"] },
  async (app) => {
    await tickets(app);
    const { main, sandbox } = app;
    const title = "An urgent matter";
    const { id, number } = await opened(app, "daktela", { title, text: "Please hurry.", priority: "low" });
    await main.get("button", /Priority/);
    const { fields } = await main.call("ticket", { ticket: id, fresh: true });
    const was = fields.find(({ key }) => key === "priority").values;
    await sandbox.post(`/tickets/${number}/edit`, { agent: "tomas", priority: "high" });
    await main.call("queue_work", {
      kind: "edit",
      ticket: id,
      edit: [{ key: "priority", was, now: ["medium"] }],
    });
    await app.knows("the conflict", (s) => s.outbox.some(({ state }) => state.is === "conflict"), 30_000);
    await main.shows("Somebody else changed this meanwhile", 20_000);
    await looks(app, "tickets-conflict");
    await main.click("radio", /My change/);
    await main.click("button", "Use what I chose");
    await app.knows("a decided conflict", (s) => s.outbox.length === 0, 30_000);
  },
);

scenario("written while the platform is away, sent when it is back", { doors: ["daktela"] }, async (app) => {
  await tickets(app);
  const { main, sandbox } = app;
  const { number } = await opened(app, "daktela", { title: "Are you there", text: "Hello?" });
  await main.click("button", "Reply");
  await main.fill("textbox", "Your answer to the customer", "We are back.");
  await sandbox.post("/restart", { closed_ms: 4000 });
  await main.click("button", "Send");
  await until("the reply", async () => (await times(app, number, "We are back.")) === 1, 60_000);
  await app.knows("an empty outbox", (s) => s.outbox.length === 0, 30_000);
  assert.equal(await times(app, number, "We are back."), 1, "once");
});

scenario(
  "a hostile letter does nothing, and its pictures come when they are asked for",
  { doors: ["daktela"] },
  async (app) => {
    await tickets(app);
    const { main, sandbox } = app;
    const pixel = `${sandbox.control}/pixel?e2e`;
    const html = `<p>Good day</p><script>parent.document.title = "taken"; location = "${pixel}&script"</script>
    <img src="${pixel}&picture"><svg onload="fetch('${pixel}&svg')"></svg><meta http-equiv="refresh" content="0;url=${pixel}&meta">
    <link rel="stylesheet" href="${pixel}&css"><p style="background: url(${pixel}&style)">end</p>`;
    const { id } = await opened(app, "daktela", { title: "A letter with traps", html });
    await main.get("button", "Show");
    await looks(app, "tickets-letter");
    const hits = async () => (await sandbox.state()).pixels.filter((query) => query.startsWith("e2e"));
    assert.deepEqual(await hits(), [], "nothing was asked for");
    assert.notEqual(await main.run(() => document.title), "taken");
    await main.click("button", "Show");
    await until("the picture that was asked for", async () => (await hits()).length > 0, 20_000);
    assert.deepEqual([...new Set(await hits())], ["e2e&picture"], `and nothing else of ${id}`);
  },
);
