// More of tickets in the real window: an account by the form, handing on, many at once, a hundred thousand, and the worst letter.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { focus, keys, shot } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const daktela = { doors: ["daktela"] };

/** Every ticket is here, and the open ones are on the screen. */
async function inbox(app, ms) {
  const complete = (s) => s.inbox.length > 0 && s.inbox.every((one) => one.complete);
  await app.knows("all tickets", complete, ms ?? 60_000);
  await app.main.click("button", /^Tickets/);
  await app.main.click("button", /^All open/);
  await app.main.get("option", /./, { ms: 20_000 });
}

/** Finds a ticket by its title and opens it. */
async function opens(app, title) {
  await app.main.fill("textbox", "Search tickets", title);
  await app.main.click("option", new RegExp(title), { ms: 20_000 });
  await app.main.get("heading", title, { ms: 20_000 });
}

/** What stands in the letters on the screen. */
const letters = (app) =>
  app.main.run(() =>
    [...document.querySelectorAll("[data-letter]")]
      .map((frame) => frame.contentDocument?.body?.innerText ?? "")
      .join("\n"),
  );

/** Tickets that a customer opens before anybody looks; the centre's numbers of them. */
async function asked(app, titles, more = {}) {
  const numbers = [];
  for (const title of titles) {
    const ticket = { title, text: "Where is it?", department: "Orders", owner: "ida", ...more };
    numbers.push((await app.sandbox.post("/tickets", ticket)).ticket);
  }
  await until(
    "all of them here",
    async () => {
      const { filter } = (await app.main.call("filters")).find(({ id }) => id === "all");
      const query = { view: null, filter, text: "", sort: "newest", online: false };
      const { list, total } = await app.main.call("inbox", query);
      const rows = await app.main.call("inbox_rows", { list, from: 0, count: Math.min(total, 200) });
      return titles.every((title) => rows.some((row) => row.title === title));
    },
    60_000,
  );
  return numbers;
}

scenario("a LiveAgent account by the form brings its tickets", { account: false }, async (app) => {
  const { main, sandbox } = app;
  const { url, key, users } = sandbox.liveagent;
  await main.click("button", "Add an account");
  await main.click("radio", /LiveAgent/);
  await main.fill("textbox", /^Address/, url);
  await main.fill("textbox", /^User name/, users[0].username);
  await main.fill("textbox", /^Access token/, key);
  await main.fill("textbox", /^Second key/, users[0].v3_key);
  shot("liveagent-form");
  await main.click("button", "Sign in");
  await app.live();
  await inbox(app);
  const { accounts } = await app.snapshot();
  assert.deepEqual(
    accounts.map(({ account }) => account.platform),
    ["liveagent"],
  );
});

scenario("a ticket is handed to a colleague", daktela, async (app) => {
  const [number] = await asked(app, ["A chair without legs"]);
  await inbox(app);
  await opens(app, "A chair without legs");
  await app.main.click("button", /Owner/);
  await app.main.click("option", /^Tomáš Veverka/);
  await until("the new owner", async () => (await app.sandbox.ticket(number)).owner === "tomas", 30_000);
  await app.knows("an empty outbox", (s) => s.outbox.length === 0, 30_000);
});

scenario("a number in a letter asks before it is called", daktela, async (app) => {
  await inbox(app);
  await opens(app, "Re: Re: Re: Termin");
  await until("the letter", async () => (await letters(app)).includes("Thursday is fine"), 20_000);
  await looks(app, "tickets-quoted");
  // A click in the frame, which runs no script: the page hears that the letter wants to lead somewhere.
  await app.main.run(() =>
    document.querySelector("[data-letter]").contentDocument.querySelector("a[data-number]").click(),
  );
  await app.main.click("button", "Continue", { ms: 20_000 });
  await app.main.get("dialog", "Call this number?");
  await app.main.shows("+1 202-555-0119");
  assert.deepEqual((await app.snapshot()).activities, [], "nothing is dialled by itself");
});

scenario("the worst letter runs nothing, leads nowhere and asks nobody", daktela, async (app) => {
  await inbox(app);
  const { main, sandbox } = app;
  const address = await main.run(() => location.href);
  await opens(app, "A special offer for you");
  await until("the letter", async () => (await letters(app)).includes("The offer ends today."), 20_000);
  await looks(app, "tickets-worst");
  // Whatever in it can be pressed is pressed.
  await main.run(() => {
    for (const frame of document.querySelectorAll("[data-letter]")) {
      for (const thing of frame.contentDocument.querySelectorAll("a, button, input, img")) thing.click();
    }
  });
  assert.equal(await main.run(() => location.href), address, "the window is where it was");
  assert.notEqual(await main.run(() => document.title), "owned");
  const left = await main.run(
    () =>
      [...document.querySelectorAll("[data-letter]")].filter(
        (frame) => frame.contentWindow.location.href !== "about:srcdoc",
      ).length,
  );
  assert.equal(left, 0, "no letter left its frame");
  assert.deepEqual((await sandbox.state()).pixels, [], "nobody was asked");
  // The check sees what it looks for: the same address is counted once it is really fetched.
  await fetch(`${sandbox.control}/pixel?control`);
  assert.deepEqual((await sandbox.state()).pixels, ["control"]);
});

scenario("many are changed at once, and the rest is called off", daktela, async (app) => {
  const { main, sandbox } = app;
  const titles = Array.from({ length: 8 }, (_, n) => `Shelf number ${n + 1}`);
  const numbers = await asked(app, titles);
  await app.knows("all tickets", (s) => s.inbox.some((one) => one.complete), 60_000);
  await main.click("button", /^Tickets/);
  await main.fill("textbox", "Search tickets", "Shelf number");
  await main.get("option", /Shelf number 8/, { ms: 20_000 });
  // Each takes a while, so that there is something to call off.
  await sandbox.post("/faults", { kind: "latency", ms: 3000, platform: "daktela", method: "PUT" });
  await focus("^Offhook$");
  await main.run(() => document.querySelector("[data-testid=inbox]").focus());
  keys("ctrl+a");
  await main.click("button", "Set the stage");
  await main.click("menuitem", "Closed");
  await main.get("region", "Change of several tickets");
  shot("tickets-bulk");
  await main.click("button", "Cancel", { within: await main.get("region", "Change of several tickets") });
  const over = (bulk) => bulk.done + bulk.failed + bulk.cancelled === bulk.of;
  const { bulks: told } = await app.knows("its end", (s) => s.bulks.every(over), 60_000);
  const closed = [];
  for (const number of numbers) {
    if ((await sandbox.ticket(number)).state === "closed") closed.push(number);
  }
  for (const bulk of told) assert.equal(bulk.done, closed.length, JSON.stringify(told));
  assert.ok(closed.length < numbers.length, "the rest was called off");
});

scenario(
  "a hundred thousand tickets: the first are here long before the last, and only what is in sight is drawn",
  { ...daktela, sandbox: ["--tickets", "100000"] },
  async (app) => {
    const { main } = app;
    await main.click("button", /^Tickets/, { ms: 20_000 });
    await main.click("button", /^All open/, { ms: 20_000 });
    await main.get("option", /./, { ms: 30_000 });
    await app.knows("many tickets", (s) => s.inbox.some((one) => one.known > 3_000), 90_000);
    // A list keeps its order and its length until it is asked for anew.
    await main.click("button", /^Mine/);
    await main.click("button", /^All open/);
    await looks(app, "tickets-many");
    // Far down, and only what is in sight there.
    await main.run(() => {
      const list = document.querySelector("[data-testid=inbox]");
      list.scrollTop = list.scrollHeight;
    });
    const last = () => {
      const rows = [...document.querySelectorAll("[role=option]")];
      return rows.some((row) => row.ariaPosInSet === row.ariaSetSize && Number(row.ariaSetSize) > 500);
    };
    await until("the last row", () => main.run(last), 20_000);
    const drawn = await main.run(() => document.querySelectorAll("[role=option]").length);
    assert.ok(drawn < 100, `only what is in sight is drawn: ${drawn}`);
  },
);
