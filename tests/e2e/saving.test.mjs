// Out of the app: a file is saved where the agent says, and a link goes to the system's browser and nowhere else.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenario } from "./lib/app.mjs";
import { focus, keys, shot, windows } from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

// What opens links in this desktop: a program that only writes down what it is given.
const bin = join(process.env.OFFHOOK_STATE, "bin");
const opened = join(bin, "opened");
mkdirSync(bin, { recursive: true });
writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$@" >> "${opened}"\n`);
chmodSync(join(bin, "xdg-open"), 0o755);
const DESKTOP = { env: { PATH: `${bin}:${process.env.PATH}` } };

/** A file that came with a message, and its name. */
async function attachment(app) {
  await app.knows("the tickets", (s) => s.inbox.some((one) => one.complete), 20_000);
  const { filter } = (await app.main.call("filters")).find(({ id }) => id === "all");
  const query = { view: null, filter, text: "", sort: "newest", online: false };
  for (const { id } of (await app.main.call("inbox", query)).first) {
    const { entries } = await app.main.call("ticket", { ticket: id, fresh: true });
    const entry = entries.find(({ files }) => files.length > 0);
    if (entry) {
      return { file: { ticket: id, entry: entry.id, file: entry.files[0].id }, name: entry.files[0].name };
    }
  }
  throw new Error("no ticket has a file");
}

scenario(
  "a file is saved where the agent says, and not at all if they change their mind",
  {},
  async (app) => {
    await app.live();
    const { file, name } = await attachment(app);
    const answering = async (...chords) => {
      const asked = app.main.call("save_file", file);
      await until("the dialog", () => windows(`Save ${name}`).length > 0);
      await focus(`Save ${name}`);
      shot("save-dialog");
      keys(...chords);
      return asked;
    };
    const saved = await answering("Return");
    assert.ok(saved.endsWith(`/${name}`), saved);
    assert.ok(readFileSync(saved).length > 0);
    assert.equal(await answering("Escape"), null);
  },
);

scenario("a link goes to the browser as the parser wrote it, and nothing else does", DESKTOP, async (app) => {
  await app.live();
  for (const link of [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://shop.example@evil.example/",
    "-h",
  ]) {
    await assert.rejects(app.main.call("open_link", link), link);
  }
  await app.main.call("open_link", "https://shop.example/a b?c=$(id)");
  await app.main.call("open_link", "mailto:anna@shop.example?subject=Order+7&attach=/etc/passwd");
  const lines = () => (existsSync(opened) ? readFileSync(opened, "utf8").trim().split("\n") : []);
  await until("both", () => lines().length === 2);
  assert.deepEqual(lines().sort(), [
    "https://shop.example/a%20b?c=$(id)",
    "mailto:anna@shop.example?subject=Order%207",
  ]);
});
