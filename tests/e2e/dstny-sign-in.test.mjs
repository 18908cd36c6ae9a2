// Signing in to Dstny by hand, what is kept of it, what the account allows, and where its operations are found.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenario } from "./lib/app.mjs";
import { sh, shot } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const nobody = { account: false };

/** Fills in the form of the first run: a token, or a password with a code. */
async function tries(app, { url, password, token, code } = {}) {
  const { main, sandbox } = app;
  const [user] = sandbox.dstny.users;
  await main.click("button", "Add an account");
  await main.click("radio", "Dstny Core");
  if (token) await main.click("radio", "Access token");
  await main.fill("textbox", /^Address/, url ?? sandbox.dstny.url);
  await main.fill("textbox", /^User name/, `${user.username}@${user.domain}`);
  if (token) await main.fill("textbox", /^Access token/, token);
  else await main.fill("textbox", /^Password/, password ?? user.password);
  if (code) await main.fill("textbox", /^Second code/, code);
}

/** No file of the app holds any of these. */
function toldNobody(app, secrets) {
  const files = readdirSync(app.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.endsWith("offhook.log") && readFileSync(file).length > 0));
  for (const file of [...files, app.logFile]) {
    const bytes = readFileSync(file);
    for (const secret of secrets) assert.ok(!bytes.includes(secret), `${file} holds a secret`);
  }
}

scenario("a token lets in: it is in the keychain and nowhere else", nobody, async (app) => {
  const { main, sandbox } = app;
  const [{ token }] = sandbox.dstny.users;
  await tries(app, { token });
  await main.click("button", "Check the connection");
  await main.get("region", "What this account allows", { ms: 30_000 });
  await looks(app, "dstny-sign-in");
  await main.click("button", "Sign in");
  await app.live();
  const kept = sh("secret-tool", "search", "--all", "--unlock", "service", "offhook");
  assert.ok(kept.includes(token));
  toldNobody(app, [token]);
});

scenario(
  "a password and a second code make a token of our own",
  {
    ...nobody,
    sandbox: ["--switch", "second_factor=on"],
  },
  async (app) => {
    const { main, sandbox } = app;
    const [{ password }] = sandbox.dstny.users;
    // The keychain of this session holds what other scenarios have left too.
    const secrets = () =>
      sh("secret-tool", "search", "--all", "--unlock", "service", "offhook")
        .split("\n")
        .filter((line) => line.startsWith("secret = "));
    const before = new Set(secrets());
    await tries(app, { code: "111111" });
    await main.click("button", "Sign in");
    await main.shows(/refused/, 20_000);
    shot("dstny-wrong-code");
    await main.fill("textbox", /^Second code/, "424242");
    await main.click("button", "Sign in");
    await app.live();
    const [ours] = secrets().filter((secret) => !before.has(secret));
    const [, token] = ours?.match(/"token":"([^"]+)"/) ?? [];
    assert.ok(token && !ours.includes(password), "the token is kept, the password is not");
    toldNobody(app, [token, password]);
  },
);

for (const [what, entry, words] of [
  ["a wrong password", { password: "wrong" }, /The user name, password or token was refused/],
  ["a token that nobody made", { token: "2344.nonsense" }, /The user name, password or token was refused/],
  ["an address that is none", { url: "not an address" }, /This is not an address of a platform/],
]) {
  scenario(`Dstny: ${what} gets a sentence that says what to do`, nobody, async (app) => {
    await tries(app, entry);
    await app.main.click("button", "Sign in");
    await app.main.shows(words, 30_000);
    assert.equal((await app.snapshot()).accounts.length, 0);
  });
}

scenario("a missing right and a missing licence are named, and the rest goes on", nobody, async (app) => {
  const { main, sandbox } = app;
  const [{ token }] = sandbox.dstny.users;
  await sandbox.post("/licences", { user: "ida", licences: ["VOICEMAIL"] });
  await tries(app, { token });
  await main.click("button", "Sign in");
  const one = await app.knows("the trouble", (s) => s.accounts[0]?.health.problem, 20_000);
  assert.equal(one.accounts[0].health.problem.code, "not_licensed");
  await main.click("button", "Settings");
  await main.shows("Your user has no licence for this on the platform.");
  await main.click("button", "Check the connection");
  await main.shows(/Not licensed: \d/, 30_000);
  shot("dstny-not-licensed");
  await app.offers("dial");
});

scenario(
  "an operator's file moves an operation, and the standard routes come back",
  {
    doors: ["dstny"],
  },
  async (app) => {
    const { main } = app;
    await app.offers("routes");
    const file = join(app.folder, "operator.json");
    const paths = {
      "/moved/lines/{domain}/{user}": { get: { operationId: "userline.list", parameters: [] } },
    };
    writeFileSync(file, JSON.stringify({ swagger: "2.0", basePath: "/api", paths }));
    await main.click("button", "Settings");
    await main.click("button", "Routes");
    const within = async () => ({ within: await main.get("region", "Routes") });
    await main.get("button", "Import routes", await within());
    await main.upload(file);
    await main.shows("/moved/lines/");
    await main.shows("1 operation would move:");
    await looks(app, "dstny-routes");
    await main.click("button", "Keep", await within());
    await main.shows("The imported routes are used from now on.");
    const { accounts } = await app.snapshot();
    const where = async () =>
      (await main.call("routes", accounts[0].account.id)).find(
        ({ operation }) => operation === "userline.list",
      );
    assert.deepEqual(
      [(await where()).provenance, (await where()).path],
      ["imported", "/moved/lines/{domain}/{user}"],
    );
    await main.click("button", "Back to the standard routes", await within());
    await main.click("button", "Keep", await within());
    await main.shows("The standard routes are used again.");
    await until("the standard route", async () => (await where()).provenance !== "imported");
  },
);
