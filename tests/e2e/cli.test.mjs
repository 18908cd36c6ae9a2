// The command line beside a running app: it asks at the app's door, and the platform hears it once.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { offhook, scenario } from "./lib/app.mjs";
import { ended } from "./lib/driver.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+48221234567", name: "Zofia Wrona" };

/** Runs a command; it must succeed. */
function does(app, ...args) {
  const { status, stdout, stderr } = offhook(app.folder, args);
  assert.equal(status, 0, `offhook ${args.join(" ")}: ${stderr}`);
  return stdout;
}

scenario("a call from first to last without touching the window", {}, async (app) => {
  await app.live();
  const heard = [];
  const watch = spawn(process.env.OFFHOOK_BIN, ["--config-dir", app.folder, "watch", "--json"]);
  createInterface({ input: watch.stdout }).on("line", (line) => heard.push(JSON.parse(line)));
  try {
    await until("the snapshot", () => heard.some((e) => e.change === "snapshot"));
    does(app, "ready");
    await app.knows("ready", (s) => s.agent.presence === "ready");
    await app.sandbox.ring(CALLER);
    await until("the ring in the watcher", () =>
      heard.some((e) => e.change === "ring" && e.ring.ended === null),
    );
    does(app, "answer");
    await app.knows("the call going on", (s) => s.activities.some((a) => a.phase === "open"));
    does(app, "hangup");
    const { activities } = await app.knows("wrap-up", (s) => s.activities.some((a) => a.phase === "wrap_up"));
    const [code] = activities.find((a) => a.phase === "wrap_up").wrap_up.dispositions;
    does(app, "close", "--disposition", code.title, "--note", "Wants a call tomorrow");
    await app.knows("a closed call", (s) => s.activities.every((a) => a.phase !== "wrap_up"));
    assert.ok(JSON.stringify(await app.sandbox.state()).includes("Wants a call tomorrow"));
    does(app, "unready");
    await app.knows("not ready", (s) => s.agent.presence === "not_ready");
    assert.ok(
      heard.every(
        (e, i) =>
          i === 0 || e.seq === undefined || heard[i - 1].seq === undefined || e.seq > heard[i - 1].seq,
      ),
      "the watcher's numbers rise",
    );
  } finally {
    await ended(watch);
  }
});

scenario("a number that cannot be dialled is refused with a sentence", {}, async (app) => {
  await app.live();
  const { status, stderr } = offhook(app.folder, ["dial", "call me maybe"]);
  assert.equal(status, 1);
  assert.match(stderr, /number/i);
});

scenario("accounts can be listed as JSON, and no secret is in it", {}, async (app) => {
  await app.live();
  const listed = does(app, "accounts", "list", "--json");
  assert.ok(!listed.includes(app.sandbox.agent.password));
  assert.ok(listed.includes(app.sandbox.agent.username));
  JSON.parse(listed);
});
