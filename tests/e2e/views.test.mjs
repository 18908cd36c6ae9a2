// Every view in light and dark: a picture for people, and axe for what pictures do not show.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { axe, scenario } from "./lib/app.mjs";
import { focus, keys } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+420777123456", name: "Pavel Horák" };

scenario("the first run", { account: false }, async (app) => {
  await app.main.get("button", "Start the practice centre");
  await looks(app, "view-first-run");
});

scenario("every view of an agent at work", {}, async (app) => {
  const { main, sandbox } = app;
  await app.ready();
  await main.click("button", "Work");
  await looks(app, "view-work-empty");
  await main.click("button", /^State:/);
  await main.get("button", "Ready");
  await looks(app, "view-state");
  await focus("^Offhook$");
  keys("Escape");
  await main.gone("button", "Ready");
  keys("ctrl+k");
  await main.get("dialog", /.+/);
  await looks(app, "view-palette");
  keys("Escape");
  await main.click("button", "Keyboard shortcuts");
  await main.get("dialog", "Keyboard shortcuts");
  await looks(app, "view-shortcuts");
  keys("Escape");
  await main.gone("dialog", "Keyboard shortcuts");

  await sandbox.ring(CALLER);
  await main.get("button", "Answer");
  await looks(app, "view-ringing");
  const popup = await app.popup();
  await popup.get("button", "Answer");
  assert.deepEqual(await popup.serious(axe), [], "the pop-up");
  await main.click("button", "Answer");
  await main.get("button", "Hang up");
  await looks(app, "view-in-call");
  await main.click("button", "Hang up");
  await main.get("button", "Close");
  await looks(app, "view-wrap-up");
});

scenario("contacts and settings", {}, async (app) => {
  const { main } = app;
  await app.live();
  const contact = await until("contacts", async () => {
    const page = await main.call("search_contacts", { text: "", online: false });
    return page.contacts.find((c) => c.company && c.numbers.length > 1);
  });
  await main.click("button", "Contacts");
  await main.get("row", /./);
  await looks(app, "view-contacts");
  await main.fill("textbox", "Search contacts", contact.title);
  await main.click("row", new RegExp(contact.title));
  await main.get("heading", contact.title);
  await looks(app, "view-contact");
  await main.click("button", "Settings");
  for (const page of [
    "Accounts",
    "Notifications",
    "Calls and quitting",
    "Appearance and language",
    "Diagnostics",
  ]) {
    await main.click("tab", page);
    await main.get("heading", page);
    await looks(app, `view-settings-${page.toLowerCase().replaceAll(" ", "-")}`);
  }
});

/** Runs in the page: tries every way out it can think of. `stopped` then has the rules of the policy that held. */
async function triesEverything(http, done) {
  window.stopped = [];
  document.addEventListener("securitypolicyviolation", (e) => window.stopped.push(e.effectiveDirective));
  const made = (tag, fields) => document.body.appendChild(Object.assign(document.createElement(tag), fields));
  const settled = (thing) =>
    new Promise((resolve) => {
      for (const event of ["load", "open", "error", "close"]) thing.addEventListener(event, resolve);
    });
  const tries = [
    () => fetch(`${http}/fetch`, { mode: "no-cors" }),
    () => navigator.sendBeacon(`${http}/beacon`, "x"),
    () => settled(new WebSocket(`${http.replace("http", "ws")}/socket`)),
    () => settled(new EventSource(`${http}/events`)),
    () => settled(made("img", { src: `${http}/img.png` })),
    () => settled(made("script", { src: `${http}/script.js` })),
    () => settled(made("link", { rel: "stylesheet", href: `${http}/style.css` })),
    () => made("iframe", { src: `${http}/frame` }),
    () => made("form", { action: `${http}/form`, method: "post" }).submit(),
    () => window.open(`${http}/window`),
    () => made("a", { href: `${http}/link`, target: "_blank" }).click(),
  ];
  for (const attempt of tries) {
    try {
      await attempt();
    } catch {
      // Refused at once.
    }
  }
  done();
}

/** Run in the page: the ways to leave it. */
const LEAVES = [
  (to) => location.assign(to),
  (to) => document.body.appendChild(Object.assign(document.createElement("a"), { href: to })).click(),
];

scenario("the page has no network, whatever it tries", {}, async (app) => {
  const hits = [];
  const server = createServer((request, response) => {
    hits.push(request.url);
    response.end();
  });
  server.on("upgrade", (request, socket) => {
    hits.push(request.url);
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const http = `http://127.0.0.1:${server.address().port}`;
  try {
    await app.live();
    for (const page of [app.main, await app.popup()]) {
      const address = await page.send("GET", "/url");
      await page.send("POST", "/execute/async", {
        script: `return (${triesEverything})(...arguments)`,
        args: [http],
      });
      await until("every rule of the policy to have held", async () => {
        const stopped = await page.run(() => window.stopped);
        const rules = [
          "connect-src",
          "img-src",
          "script-src-elem",
          "style-src-elem",
          "frame-src",
          "form-action",
        ];
        const missing = rules.filter((rule) => !stopped.includes(rule));
        if (missing.length > 0) throw new Error(`not yet: ${missing}`);
        return true;
      });
      for (const leave of LEAVES) {
        await page.run(leave, `${http}/navigation`);
        // A navigation that was let through would end here: the driver waits for it before it loads the page anew.
        await page.send("POST", "/refresh");
        assert.equal(await page.send("GET", "/url"), address);
      }
    }
    await app.knows("the page at work", (s) => s.accounts.length > 0);
    await fetch(`${http}/control`);
    assert.deepEqual(hits, ["/control"], "only the test itself was heard");
  } finally {
    server.close();
  }
});
