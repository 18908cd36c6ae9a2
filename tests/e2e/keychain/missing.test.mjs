// A computer without a keychain: Offhook starts, says so, and offers a choice; it never writes a secret into a file.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { offhook, scenario } from "../lib/app.mjs";
import { shot } from "../lib/desktop.mjs";

/** The files under a folder that hold these bytes. */
function holds(folder, secret) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(secret));
}

scenario(
  "the command line refuses to keep a secret, and says what to do",
  { account: false },
  async (app) => {
    const { username, password } = app.sandbox.agent;
    const { status, stderr } = offhook(
      app.folder,
      ["accounts", "add", "--url", app.sandbox.url, "--user", username],
      `${password}\n`,
    );
    assert.equal(status, 1, stderr);
    assert.match(stderr, /keychain/i);
    assert.deepEqual(holds(app.folder, password), []);
  },
);

scenario("signing in offers to keep the secret for this session only", { account: false }, async (app) => {
  const { username, password } = app.sandbox.agent;
  const { main } = app;
  await main.click("button", "Add an account");
  await main.fill("textbox", /^Address/, app.sandbox.url);
  await main.fill("textbox", /^User name/, username);
  await main.fill("textbox", /^Password/, password);
  await main.click("button", "Sign in");
  await main.get("button", "Keep for this session only");
  shot("keychain-missing");
  await main.click("button", "Keep for this session only");
  await app.live();
  assert.deepEqual(holds(app.folder, password), []);
});
