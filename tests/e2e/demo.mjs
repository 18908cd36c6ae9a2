// The demo without a display: plays one call and one call back as a person would, through the window, and leaves
// pictures, a transcript for people (transcript.md) and what `offhook watch` saw (events.jsonl) in OFFHOOK_DEMO.
import { spawn } from "node:child_process";
import {
  appendFileSync,
  createWriteStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { sh } from "./lib/desktop.mjs";
import { Driver, ended } from "./lib/driver.mjs";
import { Sandbox } from "./lib/sandbox.mjs";
import { until } from "./lib/wait.mjs";

const out = process.env.OFFHOOK_DEMO;
const transcript = join(out, "transcript.md");
const started = Date.now();
let pictures = 0;
let watch;

writeFileSync(
  transcript,
  "# A call, from the first ring to the call back\n\n| s | what happened | picture |\n| --- | --- | --- |\n",
);

/** Tells what happened, with a picture of the screen. */
function tell(what, name) {
  const picture = `${String(++pictures).padStart(2, "0")}-${name}.png`;
  sh("scrot", "-o", join(out, picture));
  const at = ((Date.now() - started) / 1000).toFixed(1);
  appendFileSync(transcript, `| ${at} | ${what} | [${picture}](${picture}) |\n`);
  console.log(`${at.padStart(6)} s  ${what}`);
}

const folder = mkdtempSync(join(process.env.OFFHOOK_STATE, "demo-"));
const driver = await Driver.start({
  binary: process.env.OFFHOOK_BIN,
  args: ["--config-dir", folder, "demo"],
  log: createWriteStream(join(out, "app.log")),
});
try {
  const main = await driver.page("main", (url) => !url.includes("popup"));
  const ready = await until("the practice centre", () =>
    driver.printed.find((l) => l.includes('"ready":true')),
  );
  const sandbox = Sandbox.of(JSON.parse(ready));
  const snapshot = () => main.call("snapshot");
  const when = (what, test, ms = 30_000) =>
    until(
      what,
      async () => {
        const s = await snapshot();
        return test(s) && s;
      },
      ms,
    );

  // What a script would see of it: the command line follows the running app.
  const events = join(out, "events.jsonl");
  watch = spawn(process.env.OFFHOOK_BIN, ["--config-dir", folder, "watch", "--json"], {
    stdio: ["ignore", openSync(events, "w"), "inherit"],
  });

  const { accounts } = await when(
    "both accounts",
    (s) => s.accounts.length === 2 && s.accounts.every(({ health }) => health.link === "live"),
  );
  const names = accounts.map(({ account }) => account.name).join(" and ");
  tell(`Signed in to ${names} as ${accounts[0].agent?.name ?? sandbox.agent.username}`, "signed-in");
  /** The copy of the call that a platform has: one call rings through both. */
  const at = (s, platform) => {
    const ids = accounts.filter(({ account }) => account.platform === platform).map((a) => a.account.id);
    return s.activities.find((a) => ids.includes(a.account) && ["ringing", "open"].includes(a.phase));
  };

  await main.click("button", /^State:/);
  await main.click("button", /^Ready/);
  await when("ready", (s) => s.agent.presence === "ready");
  tell("Went ready", "ready");

  const ringing = await when("a call on both", (s) =>
    ["daktela", "dstny"].every((platform) => at(s, platform)?.phase === "ringing"),
  );
  const call = at(ringing, "daktela");
  const popup = await driver.page("pop-up", (url) => url.includes("popup"));
  await popup.get("button", "Answer");
  tell(
    `It rings: ${call.party.name ?? call.party.phone?.display ?? "a customer"}; pop-up, notification, tray and sound`,
    "ringing",
  );

  await popup.click("button", "Answer");
  await when("the conversation on both", (s) =>
    ["daktela", "dstny"].every((platform) => at(s, platform)?.phase === "open"),
  );
  tell("Answered from the pop-up: one ring, one call, seen through both", "in-call");

  await main.fill("textbox", "Note", "Asked about the delivery; promised to call back.");
  tell("Took a note while talking", "note");

  await main.click("button", "Hang up");
  const after = await when("wrap-up", (s) =>
    s.activities.some((a) => a.id === call.id && a.phase === "wrap_up"),
  );
  tell("Hung up", "wrap-up");

  const { wrap_up: rules } = after.activities.find((a) => a.id === call.id);
  if (rules.dispositions.length) {
    await main.click(rules.multiple ? "checkbox" : "radio", rules.dispositions[0].title);
  }
  await main.click("button", "Close");
  await when(
    "the closed record",
    (s) => !s.activities.some((a) => a.id === call.id) && s.outbox.length === 0,
  );
  tell(`Closed with "${rules.dispositions[0]?.title ?? "no code"}"; the platform confirmed it`, "closed");

  await main.click("button", "Contacts");
  const page = await until("contacts", async () => {
    const found = await main.call("search_contacts", { text: "", online: false });
    return found.contacts.find((c) => c.numbers.length);
  });
  await main.fill("textbox", "Search contacts", page.title);
  await main.click("row", new RegExp(page.title));
  await main.get("heading", page.title);
  tell(`Looked up ${page.title}`, "contact");

  await main.click("button", /^Call/);
  await when("the call out", (s) => s.activities.some((a) => a.direction === "out" && a.phase === "open"));
  tell(`Called ${page.title} back`, "call-back");
  await main.click("button", "Hang up");
  await when("its end", (s) => !s.activities.some((a) => a.phase === "open"));
  tell("Hung up", "end");

  const heard = readFileSync(events, "utf8").split("\n").length - 1;
  const centre = await sandbox.events();
  writeFileSync(join(out, "practice-centre.jsonl"), centre.map((e) => `${JSON.stringify(e)}\n`).join(""));
  appendFileSync(
    transcript,
    `\n${heard} events of the app (offhook watch --json) in events.jsonl, ${centre.length} of the practice centre in practice-centre.jsonl.\n`,
  );
} catch (error) {
  tell(`It stopped here: ${error.message.split("\n")[0]}`, "failed");
  throw error;
} finally {
  if (watch) await ended(watch);
  await driver.stop();
  rmSync(folder, { recursive: true, force: true });
}
