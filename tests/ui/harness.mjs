// The pages in Debian's Chromium, with the practice world in place of the core (ui/dist-mock). They are served under the
// same content security policy as in the app and with a frozen Object.prototype, so that what Tauri forbids fails here
// first. Every error of a page fails the test that opened it.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const root = join(import.meta.dirname, "../..");
const dist = process.env.PAGES ?? join(root, "ui/dist-mock");
const shots = join(root, "out/screenshots/pages");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const policy = JSON.parse(readFileSync(join(root, "tauri.conf.json"), "utf8")).app.security.csp;
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

let server;
let browser;
let base;

before(async () => {
  mkdirSync(shots, { recursive: true });
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://page").pathname);
    try {
      const body = readFileSync(join(dist, path === "/" ? "index.html" : path));
      response.writeHead(200, {
        "content-type": kinds[extname(path)] ?? "text/html",
        "content-security-policy": policy,
      });
      response.end(body);
    } catch {
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page in a context of its own, does what `act` says, and fails if the page met an error. */
export async function withPage(path, act, { width = 1280, height = 900, at, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  const errors = [];
  try {
    await context.addInitScript(() => Object.freeze(Object.prototype));
    // What is drawn by the clock must look the same at night: `at` stops it, while timers go on.
    if (at !== undefined) await context.clock.setFixedTime(at);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(base + path);
    await page.locator("main").waitFor();
    await act(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(errors, [], "the page met an error");
}

/** Runs this in the practice world. */
export function world(page, act, argument) {
  return page.evaluate(act, argument);
}

/** What the page asked of the core so far, by command. */
export async function calls(page, command) {
  return page.evaluate(
    (name) => window.__offhook.calls.filter((one) => one.command === name).map((one) => one.request),
    command,
  );
}

/** Waits until the page asked this of the core with (at least) these words, and answers the request. */
export async function called(page, command, part = {}) {
  const handle = await page.waitForFunction(
    ([name, wanted]) =>
      window.__offhook.calls.find(
        (one) =>
          one.command === name &&
          (typeof wanted !== "object"
            ? one.request === wanted
            : Object.entries(wanted).every(
                ([key, value]) => JSON.stringify(one.request?.[key]) === JSON.stringify(value),
              )),
      ),
    [command, part],
  );
  return (await handle.jsonValue()).request;
}

/** Fails on anything serious that axe finds. */
export async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    // react-aria's own announcer speaks by labels of elements that may be gone when axe looks.
    const where = { exclude: ["[data-live-announcer]"] };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // The list of the palette is moved through from its search field, so it need not take the keyboard itself.
    const palette = document.querySelector(
      "[role=dialog] [role=searchbox], [role=dialog] input[type=search]",
    );
    const rules = palette ? { "scrollable-region-focusable": { enabled: false } } : {};
    const { violations } = await window.axe.run(where, { runOnly: tags, rules });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
    }));
  });
  const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(serious, [], `${what}: axe`);
}

/** Keeps a picture for people to look at. */
export async function shot(page, name) {
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** The regions of the contract. */
export const dock = (page) => page.getByRole("region", { name: "Call dock" });
export const region = (page, name) => page.getByRole("region", { name, exact: true });
export const button = (scope, name) => scope.getByRole("button", { name, exact: true });
