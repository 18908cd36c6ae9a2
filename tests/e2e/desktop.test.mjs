// The app as a citizen of the desktop: tray, links from other programs, closing and quitting.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { scenario } from "./lib/app.mjs";
import {
  focus,
  keys,
  labels,
  notified,
  openNotifications,
  sh,
  shot,
  tray,
  trayClick,
  windows,
} from "./lib/desktop.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+390239521478", name: "Giulia Ferraro" };

scenario("the tray's menu shows the state and changes it", {}, async (app) => {
  await app.live();
  await until("the menu", () => labels(tray().menu).includes("Ready"));
  const { agent } = await app.snapshot();
  const entries = labels(tray().menu);
  for (const wanted of ["Ready", "Not ready", "Show Offhook", "Quit", agent.pauses[0].title]) {
    assert.ok(entries.includes(wanted), `${wanted} in ${entries}`);
  }
  const icon = JSON.stringify(tray().props);
  trayClick("Ready");
  await app.knows("ready", (s) => s.agent.presence === "ready");
  await until("another icon", () => JSON.stringify(tray().props) !== icon);
  trayClick(agent.pauses[0].title);
  await app.knows("the pause", (s) => s.agent.presence === "paused");
});

scenario("closing hides to the tray, the tray brings it back, calls ring meanwhile", {}, async (app) => {
  await app.ready();
  await until("the window", () => windows("^Offhook$").length > 0);
  await focus("^Offhook$");
  keys("alt+F4");
  await until("the window hidden", () => windows("^Offhook$").length === 0);
  assert.ok(app.processes().own, "the program goes on");
  await app.sandbox.ring(CALLER);
  await notified(CALLER.name);
  await until("the pop-up", () => windows("^Offhook: ringing$").length === 1);
  assert.deepEqual(windows("^Offhook$"), [], "the window stays where the agent put it");
  trayClick("Show Offhook");
  await until("the window again", () => windows("^Offhook$").length > 0);
  await app.main.get("button", "Answer");
});

scenario("a tel: link from another program asks before it dials", {}, async (app) => {
  await app.ready();
  const link = (url) =>
    spawnSync(process.env.OFFHOOK_BIN, ["--config-dir", app.folder, url], { timeout: 30_000 });
  assert.equal(link("tel:+442079460955").status, 0);
  await app.main.get("dialog", /.*/);
  await app.main.shows(/20 ?7946 ?0955/);
  shot("tel-link");
  assert.ok(
    (await app.snapshot()).activities.every((a) => a.direction !== "out"),
    "nothing was dialled",
  );
  await app.main.click("button", "Call");
  await app.knows("the call going out", (s) => s.activities.some((a) => a.direction === "out"));
});

scenario("links that are no numbers are not dialled", {}, async (app) => {
  await app.ready();
  for (const url of [
    "tel:",
    "http://example.org/",
    "tel:%00",
    "javascript:alert(1)",
    `tel:${"9".repeat(3000)}`,
  ]) {
    const { status } = spawnSync(process.env.OFFHOOK_BIN, ["--config-dir", app.folder, "--", url], {
      timeout: 30_000,
    });
    assert.notEqual(status, null, `${url.slice(0, 30)} ended`);
    assert.ok(status < 100, `${url.slice(0, 30)} did not panic: ${status}`);
  }
  assert.ok((await app.snapshot()).activities.every((a) => a.direction !== "out"));
  // Whoever clicked on a link is told what became of it.
  await app.main.shows("This is not a number that can be dialled.");
  shot("link-without-a-number");
});

for (const [how, quit] of [
  ["by the agent", (app) => app.main.call("quit", { leave: "stay", remember: false }).catch(() => {})],
  ["by the system", (app) => process.kill(app.processes().own.pid, "SIGTERM")],
]) {
  scenario(`quit ${how} while it rings: no notification stays`, {}, async (app) => {
    await app.ready();
    await app.sandbox.ring({ number: "+390239521478", name: "Giulia Ferraro" });
    const { id } = await notified("Giulia Ferraro");
    quit(app);
    await until("the program to end", () => !app.processes().own);
    assert.ok(!openNotifications().some((n) => n.id === id), "nothing rings on");
  });
}

scenario("quitting asks what state to leave", {}, async (app) => {
  await app.ready();
  trayClick("Quit");
  await app.main.get("dialog", /.*/);
  shot("quit");
  await app.main.click("button", "Cancel");
  assert.ok(app.processes().own);
  trayClick("Quit");
  await app.main.get("dialog", /.*/);
  await app.main.click("radio", /^Go not ready/);
  await app.main.click("button", "Quit");
  await until("the program to end", () => !app.processes().own);
  const { agents } = await app.sandbox.state();
  assert.equal(agents[app.sandbox.agent.username].presence, "not_ready");
});

scenario("a second start shows the first one's window", {}, async (app) => {
  await app.live();
  const { own } = app.processes();
  const { status } = spawnSync(process.env.OFFHOOK_BIN, ["--config-dir", app.folder], { timeout: 30_000 });
  assert.equal(status, 0);
  assert.equal(app.processes().own.pid, own.pid);
  assert.ok(sh("xdotool", "search", "--name", "^Offhook").length > 0);
});
