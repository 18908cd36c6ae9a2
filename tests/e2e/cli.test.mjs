// The command line: beside a running app, whose door it asks at, and alone, with an engine of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { offhook, scenario } from "./lib/app.mjs";
import { focus, keys, sh, shot } from "./lib/desktop.mjs";
import { lineOf } from "./lib/dock.mjs";
import { ended } from "./lib/driver.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+48221234567", name: "Zofia Wrona" };
const ALONE = { window: false };
const DSTNY = { doors: ["dstny"] };
const BIN = process.env.OFFHOOK_BIN;

/** Runs a command, looks that it tells no secret, and answers what it printed; it must end with `code`. */
function ends(app, code, ...args) {
  const { status, stdout, stderr } = offhook(app.folder, args);
  assert.equal(status, code, `offhook ${args.join(" ")}: ${stderr}`);
  const { agent, dstny, liveagent } = app.sandbox;
  const keys = [liveagent.key, liveagent.users[0].v3_key];
  for (const secret of [agent.password, agent.access_token, dstny.users[0].token, ...keys]) {
    assert.ok(!`${stdout}${stderr}`.includes(secret), `offhook ${args.join(" ")} told a secret`);
  }
  if (code !== 0) assert.match(stderr, /\w+ \w+/, "it says why");
  return { stdout, stderr };
}
const does = (app, ...args) => ends(app, 0, ...args).stdout;

/** `watch --json` and what it has told; a line that is no JSON fails. */
class Watch {
  heard = [];
  constructor(app) {
    this.process = spawn(BIN, ["--config-dir", app.folder, "watch", "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: this.process.stdout }).on("line", (line) => this.heard.push(JSON.parse(line)));
  }
  snapshots = () => this.heard.filter((e) => e.change === "snapshot");
  tells = (what, test, ms = 30_000) => until(what, () => this.heard.find(test), ms);
  stop = () => ended(this.process);
}
const rings = (e) => e.change === "ring" && e.ring.ended === null;
const live = (e) => e.change === "account" && e.account.health.link === "live";

/** A call from the first ring to the wrap-up code, by commands alone. */
async function call(app) {
  await app.sandbox.ring(CALLER);
  does(app, "answer");
  await app.sandbox.happened("the answer", (e) => e.event === "activity.answered");
  does(app, "hangup");
  await app.sandbox.happened("the end", (e) => e.event === "activity.hung_up");
  const { stderr } = ends(app, 2, "close", "--disposition", "No such code");
  const [code] = stderr.split("there are: ")[1].trim().split(", ");
  assert.ok(code, `the codes are named: ${stderr}`);
  does(app, "close", "--disposition", code, "--note", "Wants a call tomorrow");
  await app.sandbox.happened("the close", (e) => e.event === "activity.closed");
  assert.ok(JSON.stringify(await app.sandbox.state()).includes("Wants a call tomorrow"));
}

const presence = async (app) => (await app.sandbox.state()).agents[app.sandbox.agent.username].presence;
const polls = async (app) =>
  (await app.sandbox.state()).agents[app.sandbox.agent.username].most_polls_in_flight;

scenario("a call from first to last without touching the window", {}, async (app) => {
  await app.live();
  const watch = new Watch(app);
  try {
    await watch.tells("the snapshot", (e) => e.change === "snapshot");
    does(app, "ready");
    await app.knows("ready", (s) => s.agent.presence === "ready");
    await call(app);
    assert.ok(watch.heard.some(rings), "the watcher heard it ring");
    await app.knows("a closed call", (s) => s.activities.every((a) => a.phase !== "wrap_up"));
    does(app, "unready");
    await app.knows("not ready", (s) => s.agent.presence === "not_ready");
    assert.ok(
      watch.heard.every((e, i) => i === 0 || e.seq > watch.heard[i - 1].seq),
      "the watcher's numbers rise",
    );
    assert.equal(await polls(app), 1, "there is one engine");
  } finally {
    await watch.stop();
  }
});

scenario("a shift by command line alone", { ...ALONE, account: false }, async (app) => {
  const { url, agent } = app.sandbox;
  ends(app, 1, "ready");
  // The secret goes through standard input: whoever lists the processes meanwhile does not see it.
  const add = spawn(BIN, [
    "--config-dir",
    app.folder,
    "accounts",
    "add",
    "--url",
    url,
    "--user",
    agent.username,
  ]);
  const [id, told] = [text(add.stdout), text(add.stderr)];
  const seen = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${add.pid}/${file}`, "utf8"));
  assert.ok(seen[0].includes(agent.username) && !seen.join().includes(agent.password));
  add.stdin.end(`${agent.password}\n`);
  const [code] = await once(add, "exit");
  assert.equal(code, 0, await told);

  assert.ok(does(app, "accounts", "list").includes((await id).trim()));
  assert.match(does(app, "accounts", "check"), /sign_in\tyes/);
  does(app, "ready");
  assert.equal(await presence(app), "ready");
  const [pause] = does(app, "pause").split("\n");
  does(app, "pause", pause);
  assert.equal(await presence(app), "paused");
  ends(app, 2, "pause", "No such pause");
  does(app, "ready");

  await call(app);

  assert.match(does(app, "dial", "+44 20 7946 0955", "--device", "301"), /\S/);
  await app.sandbox.happened("the other side", (e) => e.event === "activity.far_end_answered", 30_000);
  does(app, "hangup");
  does(app, "close");
  does(app, "unready");
  assert.equal(await presence(app), "not_ready");
  does(app, "accounts", "remove", (await id).trim());
  assert.equal(does(app, "accounts", "list").trim(), "");
  assert.equal(await polls(app), 1);
});

scenario("wrong use is 2, a refusal 1, no confirmation 3", {}, async (app) => {
  await app.live();
  ends(app, 2, "frobnicate");
  ends(app, 2, "dial");
  ends(app, 2, "accounts", "add", "--url", app.sandbox.url, "--user", "ida", "--password", "x");
  ends(app, 1, "hangup");
  assert.match(ends(app, 1, "dial", "call me maybe").stderr, /number/i);
  does(app, "ready");
  await app.sandbox.post("/faults", { kind: "silent" });
  ends(app, 3, "unready");
});

scenario("the app takes over from a watcher, and the watcher from the app", ALONE, async (app) => {
  const watch = new Watch(app);
  try {
    await watch.tells("the account live", live);
    await app.launch();
    await app.ready();
    await watch.tells("ready, from the app", (e) => e.change === "agent" && e.agent.presence === "ready");
    assert.equal(watch.snapshots().length, 2, "it listens to the app now");

    // The answer is lost with the window.
    app.main.call("quit", { leave: "stay", remember: false }).catch(() => {});
    await until("the watcher on its own", () => watch.snapshots().length === 3, 30_000);
    const before = watch.heard.length;
    await until("the account live again", () => watch.heard.slice(before).some(live), 30_000);
    await app.sandbox.ring(CALLER);
    await until("the ring", () => watch.heard.slice(before).some(rings), 30_000);
    assert.equal(await polls(app), 1, "there were never two engines");
  } finally {
    await watch.stop();
  }
});

scenario("commands that start together share one engine", ALONE, async (app) => {
  const watches = [new Watch(app), new Watch(app)];
  try {
    const commands = ["ready", "accounts check", "pause"].map((line) => {
      const child = spawn(BIN, ["--config-dir", app.folder, ...line.split(" ")]);
      return Promise.all([once(child, "exit"), text(child.stderr)]);
    });
    for (const [[code], stderr] of await Promise.all(commands)) assert.equal(code, 0, stderr);
    await app.sandbox.ring(CALLER);
    for (const watch of watches) await watch.tells("the ring", rings);
    assert.equal(await polls(app), 1);
  } finally {
    for (const watch of watches) await watch.stop();
  }
});

scenario("a store of a newer Offhook: a sentence, no panic, nothing changed", ALONE, async (app) => {
  const file = join(app.folder, "offhook.db");
  const newer = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 999')";
  sh("/usr/bin/python3", "-c", newer, file);
  const before = readFileSync(file);
  assert.match(ends(app, 1, "accounts", "list").stderr, /newer Offhook/);
  const start = spawn(BIN, ["--config-dir", app.folder]);
  const told = text(start.stderr);
  const gone = once(start, "exit");
  await focus("^Offhook$");
  shot("store-of-a-newer-offhook");
  keys("Escape");
  const [code] = await gone;
  assert.equal(code, 1, "it ended by itself, not by a panic");
  assert.match(await told, /newer Offhook/);
  assert.ok(readFileSync(file).equals(before));
});

scenario("what has ended leaves no door behind", ALONE, async (app) => {
  const doors = () => readdirSync(process.env.XDG_RUNTIME_DIR).filter((name) => name.endsWith(".sock"));
  const before = doors();
  const watch = new Watch(app);
  await watch.tells("the snapshot", (e) => e.change === "snapshot");
  assert.equal(doors().length, before.length + 1, "it has a door of its own");
  await watch.stop();
  does(app, "ready");
  assert.deepEqual(doors(), before);
});

scenario("accounts can be listed as JSON, and no secret is in it", {}, async (app) => {
  await app.live();
  const listed = does(app, "accounts", "list", "--json");
  assert.ok(listed.includes(app.sandbox.agent.username));
  JSON.parse(listed);
});

scenario("live calls and the day of an exchange, by commands alone", DSTNY, async (app) => {
  const [{ url, username, agent }] = (await app.live()).accounts.map(({ account, agent }) => ({
    ...account,
    agent,
  }));
  assert.ok(url.startsWith(app.sandbox.dstny.url) && username === "ida@offhook.example" && agent);
  const told = async (path) => JSON.stringify(await app.sandbox.told(path));
  does(app, "ready");
  await app.sandbox.ring(CALLER);
  await app.knows("the ring", (s) => s.rings.some((ring) => !ring.ended));
  does(app, "answer");
  const { activities } = await app.knows("the call", (s) => s.activities.some((a) => a.phase === "open"));
  const line = lineOf(activities[0]);
  for (const [verbs, test] of [
    [["hold"], ({ own }) => own.state === "on_hold"],
    [["resume"], ({ own }) => own.state === "speaking"],
    [["mute"], ({ own }) => own.muted],
    [["unmute"], ({ own }) => !own.muted],
    [["dtmf", "15#"], ({ own }) => own.heard === "15#"],
    [["record", "start"], ({ call }) => call.recording.on],
    [["record", "stop"], ({ call }) => !call.recording.on],
  ]) {
    does(app, ...verbs);
    await app.sandbox.callBecomes(verbs.join(" "), line, test);
  }
  does(app, "transfer", "+442079460302");
  await app.sandbox.happened("it passed on", (e) => e.event === "activity.passed_on");
  ends(app, 1, "hold");

  does(app, "presence", "Lunch", "--note", "Back at two");
  assert.match(
    await told("user/info/offhook.example/ida/presence"),
    /"lunch".*Back at two|Back at two.*"lunch"/,
  );
  does(app, "presence", "Available");
  does(app, "queues", "--login", "Partners");
  assert.ok("2002" in (await app.sandbox.state()).agents.ida.queues);
  does(app, "queues", "--logout", "Partners");
  assert.match(does(app, "queues"), /Partners/);
  assert.match(does(app, "history"), /Zofia Wrona/);
  const file = join(app.folder, "operator.json");
  const paths = { "/moved/lines/{domain}/{user}": { get: { operationId: "userline.list", parameters: [] } } };
  writeFileSync(file, JSON.stringify({ swagger: "2.0", basePath: "/api", paths }));
  const [id] = does(app, "accounts", "list").split(/\s/);
  assert.match(does(app, "accounts", "routes", "import", id, file, "--dry-run"), /\/moved\/lines/);
  assert.doesNotMatch(does(app, "accounts", "routes", "show", id), /\/moved\/lines/);
});

const INBOX = { doors: ["daktela", "liveagent"], window: false };
scenario("tickets of two platforms by commands alone: every word arrives once", INBOX, async (app) => {
  const file = join(app.folder, "receipt.txt");
  writeFileSync(file, "Paid on Monday");
  const mine = does(app, "tickets", "list", "--filter", "mine", "--json").trim().split("\n").map(JSON.parse);
  // One conversation is a ticket of both: the first mails of the one and the last of the other are not the same.
  const mails = mine.filter(({ channel, stage }) => channel === "email" && stage === "open");
  const of = (platform) => mails.filter(({ account }) => account.startsWith(platform));
  const chosen = [of("daktela").at(0), of("liveagent").at(-1)];
  for (const ticket of chosen) {
    assert.ok(ticket, JSON.stringify(mine));
    does(app, "tickets", "reply", ticket.id, "It is on its way.", "--file", file);
    does(app, "tickets", "note", ticket.id, "Called back.");
    does(app, "tickets", "set", ticket.id, "owner=");
    const { entries, owner } = await app.sandbox.ticket(ticket.id.split("/")[1]);
    const holding = (text) => entries.filter((entry) => entry.body.text.includes(text));
    const [reply, ...again] = holding("It is on its way.");
    assert.deepEqual([again.length, reply?.direction, reply?.attachments.length], [0, "out", 1]);
    assert.equal(holding("Called back.").length, 1);
    assert.equal(owner, null);
    assert.match(does(app, "tickets", "show", ticket.id), /It is on its way\..*Called back\./s);
  }
  const [{ id, number, title }] = chosen;
  assert.match(does(app, "tickets", "list", "--text", title), new RegExp(`${id}\t`));
  ends(app, 2, "tickets", "set", id, "no-such-field=1");
  ends(app, 1, "tickets", "reply", id, "");
  ends(app, 1, "tickets", "show", "daktela/no-such-ticket");

  await app.sandbox.post("/permissions", { user: app.sandbox.agent.username, deny: ["tickets.owner"] });
  ends(app, 1, "tickets", "set", number, "owner=Ida Lindqvist");
  const [item] = does(app, "outbox", "list").split("\t");
  ends(app, 1, "outbox", "resend", item);
  await app.sandbox.post("/permissions", { user: app.sandbox.agent.username, deny: [] });
  does(app, "outbox", "resend", item);
  assert.equal(does(app, "outbox", "list"), "", "it is sent");
  assert.equal((await app.sandbox.ticket(number)).owner, "ida");
  ends(app, 1, "outbox", "discard", item);
});
