// The first run, signing in, and every way in which it does not work.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scenario } from "./lib/app.mjs";
import { sh, shot } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const nobody = { account: false };

async function tries(
  app,
  { url = app.sandbox.url, user = app.sandbox.agent.username, password = app.sandbox.agent.password },
) {
  const { main } = app;
  await main.fill("textbox", /address|url/i, url);
  await main.fill("textbox", /user/i, user);
  await main.fill("textbox", /^password/i, password);
  await main.click("button", /^(Sign in|Add account|Connect)/);
}

scenario("the first run offers a real account or the practice centre", nobody, async (app) => {
  await app.main.get("button", /practice/i);
  shot("first-run");
  await app.main.click("button", /practice/i);
  await app.live();
  const { accounts } = await app.snapshot();
  assert.equal(accounts.length, 1);
  assert.equal(accounts[0].account.practice, true);
});

scenario("signing in by hand: the secret is in the keychain and nowhere else", nobody, async (app) => {
  await app.main.click("button", /Daktela|account/i);
  await tries(app, {});
  await app.live();
  shot("signed-in");
  const { password } = app.sandbox.agent;
  const kept = await until("the secret in the keychain", () =>
    sh("secret-tool", "search", "--all", "--unlock", "service", "offhook"),
  );
  assert.match(kept, /service = offhook/);
  for (const entry of readdirSync(app.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    assert.ok(!bytes.includes(password), `${entry.name} holds the password`);
  }
});

const refusals = [
  ["a wrong password", { password: "wrong" }, /password/i],
  ["an address that does not exist", { url: "https://no-such-tenant.invalid" }, /address|reach|found/i],
  ["a user nobody knows", { user: "nobody.at.all" }, /user|password/i],
];
for (const [what, entry, words] of refusals) {
  scenario(`${what} gets a sentence that says what to do`, nobody, async (app) => {
    await app.main.click("button", /Daktela|account/i);
    await tries(app, entry);
    await until(
      "the refusal",
      async () =>
        words.test(
          await app.main.run(() => document.querySelector("[role=alert], [role=status]")?.innerText ?? ""),
        ),
      30_000,
    );
    shot(`refused-${what.replaceAll(" ", "-")}`);
    assert.equal((await app.snapshot()).accounts.length, 0);
  });
}

scenario("a host that is no Daktela is said to be none", nobody, async (app) => {
  await app.main.click("button", /Daktela|account/i);
  await tries(app, { url: app.sandbox.control });
  await app.main.shows(/Daktela/, 30_000);
  assert.equal((await app.snapshot()).accounts.length, 0);
});

scenario(
  "a tenant with single sign-on only says so",
  { account: false, sandbox: ["--switch", "sso_only=on"] },
  async (app) => {
    await app.main.click("button", /Daktela|account/i);
    await tries(app, {});
    await app.main.shows(/single sign-on|SSO|Google/i, 30_000);
  },
);
