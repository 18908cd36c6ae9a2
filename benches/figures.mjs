// The figures of docs/performance.md, measured on the program that OFFHOOK_BIN names:
//   OFFHOOK_BIN=$PWD/target/release/offhook tests/headless/session.sh node benches/figures.mjs
//
// Ring latency: the sandbox writes the ringing to the socket → the notification daemon receives the notification → the
// pop-up has drawn the caller. A bare program (bare_listener.py) listens beside Offhook to the same rings, as another
// agent's twin: the same user, its own poll. Then memory, idle CPU and start-up.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "../tests/e2e/lib/app.mjs";
import { notifications, sh, windows } from "../tests/e2e/lib/desktop.mjs";
import { until } from "../tests/e2e/lib/wait.mjs";

const RINGS = Number(process.env.RINGS ?? 60);
/** Between two rings. Offhook spaces its polls when answers come thick; this is about a call after a quiet moment. */
const GAP_MS = Number(process.env.GAP_MS ?? 2000);
const IDLE_SECONDS = Number(process.env.IDLE_SECONDS ?? 60);
const TICKS = 100; // USER_HZ, the unit of /proc/PID/stat

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
const line = (name, ms) =>
  `| ${name} | ${percentile(ms, 0.5).toFixed(1)} | ${percentile(ms, 0.95).toFixed(1)} | ${Math.max(...ms).toFixed(1)} |`;

/** Proportional share of memory of one process, MiB. */
const pss = (pid) =>
  Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+)/m)[1]) / 1024;
/** CPU seconds of one process so far. */
const cpu = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

async function ringLatency(app) {
  const { sandbox } = app;
  const bare = spawn(
    "/usr/bin/python3",
    [
      join(import.meta.dirname, "bare_listener.py"),
      sandbox.url,
      sandbox.agent.username,
      sandbox.agent.access_token,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(bare.stdout, "data");
  const popup = await app.popup();
  // In the page: when has the caller's name been painted?
  await popup.run(() => {
    window.__drawn = {};
    const look = () => {
      const name = document.body.innerText.match(/Caller \d+ of the bench/)?.[0];
      if (name && !window.__drawn[name]) {
        window.__drawn[name] = -1;
        requestAnimationFrame(() =>
          setTimeout(() => {
            window.__drawn[name] = (performance.timeOrigin + performance.now()) * 1000;
          }, 0),
        );
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  const [shown, drawn, reference] = [[], [], []];
  for (let i = 0; i < RINGS; i++) {
    await pause(GAP_MS);
    const name = `Caller ${i} of the bench`;
    const activity = await sandbox.ring({ number: "+15550142277", name });
    const own = await until("the notification", () => notifications().find((n) => n.summary.includes(name)));
    const floor = await until("the bare notification", () =>
      notifications().find((n) => n.summary === "bare" && n.body === activity),
    );
    const painted = await until("the pop-up", () =>
      popup.run((n) => window.__drawn[n] > 0 && window.__drawn[n], name),
    );
    const written = (await sandbox.events()).find(
      (e) => e.event === "call.ringing_written" && e.detail.includes(activity),
    );
    if (i > 2) {
      shown.push((own.at - written.t_us) / 1000);
      drawn.push((painted - written.t_us) / 1000);
      reference.push((floor.at - written.t_us) / 1000);
    }
    // A colleague takes it: a caller who gives up would leave a notification of a missed call.
    await sandbox.post(`/calls/${activity}/answered-elsewhere`);
    await until("silence", () => notifications().every((n) => !n.open));
    await until("no pop-up", () => windows("^Offhook: ringing$").length === 0);
    await sandbox.post(`/calls/${activity}/hangup`);
  }
  bare.kill();
  console.log(`\n${shown.length} rings, milliseconds after the sandbox wrote the ringing to the socket\n`);
  console.log("| | median | p95 | worst |\n| --- | --- | --- | --- |");
  console.log(line("bare program: notification received", reference));
  console.log(line("Offhook: notification received", shown));
  console.log(line("Offhook: pop-up drawn", drawn));
}

async function idle(app) {
  const { own } = app.processes();
  const webkit = sh("ps", "--ppid", String(own.pid), "-o", "pid=,comm=")
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .map(([pid, name]) => ({ pid, name }));
  const all = [own, ...webkit.filter((p) => p.name.startsWith("WebKit"))];
  const before = all.map((p) => cpu(p.pid));
  await pause(IDLE_SECONDS * 1000);
  const spent = all.map((p, i) => cpu(p.pid) - before[i]);
  console.log(`\nsigned in, ready, window open, idle for ${IDLE_SECONDS} s\n`);
  console.log("| process | PSS, MiB | CPU, % of one core |\n| --- | --- | --- |");
  all.forEach((p, i) => {
    console.log(`| ${p.name} | ${pss(p.pid).toFixed(0)} | ${((spent[i] / IDLE_SECONDS) * 100).toFixed(2)} |`);
  });
}

/** The engine without any window: `offhook watch`. */
async function core(app) {
  const watch = spawn(process.env.OFFHOOK_BIN, ["--config-dir", app.folder, "watch", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(watch.stdout, "data");
  await pause(5_000);
  const before = cpu(watch.pid);
  await pause(IDLE_SECONDS * 1000);
  const share = ((cpu(watch.pid) - before) / IDLE_SECONDS) * 100;
  console.log(
    `| core without a window (offhook watch) | ${pss(watch.pid).toFixed(0)} | ${share.toFixed(2)} |`,
  );
  watch.kill();
  await once(watch, "exit");
}

/** From the start of the process to the window on the screen, which the app shows once its page has painted. */
async function startUp(folder) {
  const times = [];
  for (let i = 0; i < 10; i++) {
    const t = performance.now();
    const child = spawn(process.env.OFFHOOK_BIN, ["--config-dir", folder], { stdio: "ignore" });
    const seen = spawn("xdotool", ["search", "--sync", "--onlyvisible", "--name", "^Offhook$"], {
      stdio: "ignore",
    });
    await once(seen, "exit");
    times.push(performance.now() - t);
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  console.log("\nstart-up, milliseconds\n\n| | median | p95 | worst |\n| --- | --- | --- | --- |");
  console.log(line("process start → window shown, page painted", times));
}

const app = await App.start();
try {
  await app.ready();
  await ringLatency(app);
  await idle(app);
  await app.driver.stop();
  await until("the app to end", () => !app.processes().own);
  await core(app);
  await startUp(app.folder);
} finally {
  await app.stop();
}
