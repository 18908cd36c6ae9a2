// How smoothly the inbox scrolls: the pages in Chromium with the practice world behind them (npm run build -- --mode mock):
//   node benches/inbox.mjs
//
// A list of TICKETS tickets is scrolled a fixed way in each frame: as by a wheel, as by a fling, and with the scroll bar
// across the whole list. Told are the times between frames, which other programs lengthen, and the processor time the
// page's main thread takes for a frame, which they do not: of 16.7 ms.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const TICKETS = Number(process.env.TICKETS ?? 100_000);
const FRAMES = Number(process.env.FRAMES ?? 300);
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
const line = (name, ms) =>
  `| ${name} | ${[0.5, 0.95, 0.99].map((p) => percentile(ms, p).toFixed(1)).join(" | ")} | ${Math.max(...ms).toFixed(1)} |`;

try {
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${server.address().port}/?world=inbox&tickets=${TICKETS}`);
  const begin = Date.now();
  await page.getByRole("button", { name: /^Tickets/ }).click();
  await page.getByRole("option").first().getByText(/#\d+/).waitFor();
  console.log(
    `first screen: ${Date.now() - begin} ms after the press, the practice world's filtering included`,
  );
  await page.getByRole("button", { name: /^All open/ }).click();
  await page.getByRole("option").first().getByText("#4711").waitFor();

  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  /** Processor time of the main thread so far, in seconds. */
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };

  const scroll = (step) =>
    page.evaluate(
      async ([by, frames]) => {
        const box = document.querySelector("[data-testid=inbox]");
        const gaps = [];
        let blank = 0;
        let way = by;
        let before = await new Promise((done) => requestAnimationFrame(done));
        for (let n = 0; n < frames; n += 1) {
          if (box.scrollTop + way > box.scrollHeight - box.clientHeight || box.scrollTop + way < 0)
            way = -way;
          box.scrollTop += way;
          // The scroll event, React's work and layout come before the next frame's callbacks.
          const now = await new Promise((done) => requestAnimationFrame(done));
          gaps.push(now - before);
          before = now;
          const frame = box.getBoundingClientRect();
          const rows = [...box.querySelectorAll("[role=option]")].map((row) => row.getBoundingClientRect());
          const covered =
            Math.min(...rows.map((row) => row.top)) <= frame.top &&
            Math.max(...rows.map((row) => row.bottom)) >= frame.bottom;
          if (!covered) blank += 1;
        }
        return { gaps, blank };
      },
      [step, FRAMES],
    );

  console.log(`\n${TICKETS} tickets, ${FRAMES} frames each, milliseconds between frames\n`);
  console.log(
    "| scrolling | p50 | p95 | p99 | max | work of a frame | frames with a gap |\n|---|---|---|---|---|---|---|",
  );
  const height = await page.getByTestId("inbox").evaluate((box) => box.scrollHeight);
  for (const [name, step] of [
    ["wheel, 60 px a frame", 60],
    ["fling, 1,000 px a frame", 1000],
    ["scroll bar, the whole list", Math.floor(height / FRAMES)],
  ]) {
    const before = await busy();
    const { gaps, blank } = await scroll(step);
    const work = (((await busy()) - before) * 1000) / FRAMES;
    console.log(`${line(name, gaps)} ${work.toFixed(1)} | ${blank} |`);
  }
  const memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  console.log(
    `\nheap of the page, the practice world's tickets included: ${(memory / 1_048_576).toFixed(0)} MiB`,
  );
} finally {
  await browser.close();
  server.close();
}
