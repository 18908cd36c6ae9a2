// The first run, signing in, and every way in which it does not work.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scenario } from "./lib/app.mjs";
import { sh, shot } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const nobody = { account: false };

/** Fills in the form of the first run as a person would. */
async function tries(app, { url, user, password } = {}) {
  const { main, sandbox } = app;
  await main.click("button", "Add an account");
  await main.fill("textbox", /^Address/, url ?? sandbox.url);
  await main.fill("textbox", /^User name/, user ?? sandbox.agent.username);
  await main.fill("textbox", /^Password/, password ?? sandbox.agent.password);
  await main.click("button", "Sign in");
}

scenario("the first run offers a real account or the practice centre", nobody, async (app) => {
  await app.main.get("button", "Start the practice centre");
  shot("first-run");
  await app.main.click("button", "Start the practice centre");
  // One world with three doors: a contact centre, the exchange that carries its calls, and a help desk.
  const { accounts } = await app.knows("all three accounts", (s) => s.accounts.length === 3, 20_000);
  await app.live();
  assert.deepEqual(accounts.map(({ account }) => account.platform).sort(), ["daktela", "dstny", "liveagent"]);
  assert.ok(accounts.every(({ account }) => account.practice));
});

scenario("signing in by hand: the secret is in the keychain and nowhere else", nobody, async (app) => {
  await tries(app, {});
  await app.live();
  shot("signed-in");
  const { password, username } = app.sandbox.agent;
  await app.sandbox.post("/tokens/expire", { user: username });
  await app.sandbox.post("/faults", { kind: "status", status: 500, route: "appPullData", count: 2 });
  await app.knows(
    "an account in trouble",
    (s) => s.accounts.every((a) => a.health.link === "degraded"),
    20_000,
  );
  await app.knows("a live account", (s) => s.accounts.every((a) => a.health.link === "live"), 60_000);
  const secrets = await until("the secrets in the keychain", () => {
    const kept = sh("secret-tool", "search", "--all", "--unlock", "service", "offhook");
    const found = [...kept.matchAll(/"(password|access|refresh)":"([^"]+)"/g)];
    return new Set(found.map(([, kind]) => kind)).size === 3 && found.map(([, , secret]) => secret);
  });
  assert.ok(secrets.includes(password));
  const files = readdirSync(app.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.endsWith("offhook.log") && readFileSync(file).length > 0));
  for (const file of [...files, app.logFile]) {
    const bytes = readFileSync(file);
    for (const secret of secrets) assert.ok(!bytes.includes(secret), `${file} holds a secret`);
  }
});

/** What was entered, and the words that tell the agent what happened and what to do. */
const refusals = [
  ["a wrong password", {}, { password: "wrong" }, /The user name, password or token was refused/],
  ["a user nobody knows", {}, { user: "nobody.at.all" }, /The user name, password or token was refused/],
  ["an address that is none", {}, { url: "not an address" }, /This is not an address of a platform/],
  [
    "an address that does not exist",
    {},
    { url: "https://no-such-tenant.invalid" },
    /Nothing answers at this address/,
  ],
  ["a tenant with single sign-on only", { sandbox: ["--switch", "sso_only=on"] }, {}, /single sign-on only/],
];
for (const [what, options, entry, words] of refusals) {
  scenario(`${what} gets a sentence that says what to do`, { ...nobody, ...options }, async (app) => {
    await tries(app, entry);
    await app.main.shows(words, 30_000);
    shot(`refused-${what.replaceAll(" ", "-")}`);
    assert.equal((await app.snapshot()).accounts.length, 0);
  });
}

scenario("a host that is no Daktela is said to be none", nobody, async (app) => {
  await tries(app, { url: app.sandbox.control });
  await app.main.shows(/is not the expected platform/, 30_000);
  assert.equal((await app.snapshot()).accounts.length, 0);
});
