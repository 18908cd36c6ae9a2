// A keychain that is locked: Offhook says so, keeps nothing in plain text, and goes on once it is unlocked.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scenario } from "../lib/app.mjs";
import { keys, sh, shot, windows } from "../lib/desktop.mjs";
import { until } from "../lib/wait.mjs";

/** The system's own question for the keychain's password, refused if it comes. */
async function refuse(page) {
  await until(
    "the choice",
    async () => {
      if (windows("Unlock").length > 0) keys("Escape");
      return page.find("button", "Keep for this session only");
    },
    60_000,
  );
}

scenario("a locked keychain leaves a choice", { account: false }, async (app) => {
  const { main, sandbox } = app;
  const { username, password } = sandbox.agent;
  await main.click("button", "Add an account");
  await main.fill("textbox", /^Address/, sandbox.url);
  await main.fill("textbox", /^User name/, username);
  await main.fill("textbox", /^Password/, password);
  await main.click("button", "Sign in");
  await refuse(main);
  await main.shows("The keychain is locked.");
  shot("keychain-locked");
  await main.click("button", "Keep for this session only");
  await app.live();
  for (const entry of readdirSync(app.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    assert.ok(
      !readFileSync(join(entry.parentPath, entry.name)).includes(password),
      `${entry.name} holds the password`,
    );
  }
  assert.doesNotMatch(sh("secret-tool", "search", "--all", "service", "offhook") ?? "", new RegExp(password));
});
