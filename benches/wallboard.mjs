// How smoothly the wallboard and the view of queues run while all of QUEUES queues change every second: the pages in Chromium
// with the practice world behind them (npm run build -- --mode mock):
//   node benches/wallboard.mjs
//
// Told are the times between frames over SECONDS seconds, which other programs lengthen, and the processor time the page's main
// thread takes for one second's changes, which they do not. A frame has 16.7 ms.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const QUEUES = Number(process.env.QUEUES ?? 50);
const SECONDS = Number(process.env.SECONDS ?? 20);
const dist = process.env.PAGES ?? join(import.meta.dirname, "../ui/dist-mock");
const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://page").pathname);
  try {
    const body = readFileSync(join(dist, path === "/" ? "index.html" : path));
    response.writeHead(200, { "content-type": kinds[extname(path)] ?? "text/html" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];

/** Frames of so many seconds, and how many of them came late for a screen of 60 a second. */
const frames = (page) =>
  page.evaluate(async (seconds) => {
    const gaps = [];
    const changes = new Set();
    const begin = performance.now();
    let before = await new Promise((done) => requestAnimationFrame(done));
    while (performance.now() - begin < seconds * 1000) {
      const now = await new Promise((done) => requestAnimationFrame(done));
      gaps.push(now - before);
      before = now;
      changes.add(window.__offhook.seq);
    }
    return { gaps, changes: changes.size - 1 };
  }, SECONDS);

async function measure(name, path, size, reach) {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${server.address().port}${path}`);
  await reach(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const metrics = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
    return { busy: of("TaskDuration"), layouts: of("LayoutCount"), layout: of("LayoutDuration") };
  };
  const before = await metrics();
  const { gaps, changes } = await frames(page);
  const after = await metrics();
  const a = (key) => (((after[key] - before[key]) * 1000) / SECONDS).toFixed(1);
  const late = gaps.filter((gap) => gap > 34).length;
  const times = [0.5, 0.95, 0.99].map((p) => percentile(gaps, p).toFixed(1));
  console.log(
    `| ${name} | ${times.join(" | ")} | ${Math.max(...gaps).toFixed(1)} | ${late} | ${changes} | ${a("busy")} | ${a("layout")} | ${((after.layouts - before.layouts) / SECONDS).toFixed(1)} |`,
  );
  await page.close();
}

try {
  console.log(`${QUEUES} queues, all of which change every second, ${SECONDS} s each; milliseconds\n`);
  console.log(
    "| page | frame p50 | p95 | p99 | max | late frames | changes | work a second | layout a second | layouts a second |\n|---|---|---|---|---|---|---|---|---|---|",
  );
  const world = `?world=queues50&queues=${QUEUES}`;
  await measure("wallboard, 1920×1080", `/wallboard.html${world}`, { width: 1920, height: 1080 }, (page) =>
    page.getByRole("article").first().waitFor(),
  );
  const queues = async (page) => {
    await page.getByRole("button", { name: "Queues", exact: true }).click();
    await page.locator("[data-queue*='/queue-']").first().waitFor();
  };
  await measure("queues, 1700×900", `/${world}`, { width: 1700, height: 900 }, queues);
  await measure("queues with charts", `/${world}`, { width: 1700, height: 900 }, async (page) => {
    await queues(page);
    await page.locator("[data-queue*='/queue-']").first().click();
    await page.locator("canvas").first().waitFor();
  });
} finally {
  await browser.close();
  server.close();
}
