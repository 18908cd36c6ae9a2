// The wallboard: as many queues as can be read, pages that turn, colours with words, a lost connection said loudly.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, shot, withPage, world } from "./harness.mjs";

const SCREEN = { width: 1920, height: 1080 };

const tiles = (page) =>
  page.getByRole("article").evaluateAll((all) => all.map((one) => one.querySelector("h2").textContent));

/** Sets what the agent chose. */
const choose = (page, part) =>
  world(
    page,
    (wanted) => {
      window.__offhook.settings = { ...window.__offhook.settings, ...wanted };
      window.__offhook.emit({ change: "settings", settings: window.__offhook.settings });
    },
    part,
  );

test("it follows the figures as the wallboard and closes with Esc", async () => {
  await withPage(
    "/wallboard.html?world=four",
    async (page) => {
      await page.getByRole("article").first().waitFor();
      await called(page, "watch", {
        window: "wallboard",
        contacts: [],
        queues: ["centrum", "molnet", "pomoc", "vaxel"],
      });
      await page.keyboard.press("Escape");
      await called(page, "close_wallboard");
    },
    SCREEN,
  );
});

test("all queues, worst first, with words beside the colours; the order of choice when some are chosen", async () => {
  await withPage(
    "/wallboard.html?world=four",
    async (page) => {
      await page.getByRole("article").first().waitFor();
      await choose(page, {
        thresholds: [{ queue: null, measure: "free", warning: 1, alarm: 0, notify: false }],
      });
      await page.getByText("1 alarm", { exact: true }).waitFor();
      const [first] = await tiles(page);
      assert.equal(first, "Orders");
      const orders = page.getByRole("article", { name: "Orders" });
      await orders.getByText("Alarm", { exact: true }).waitFor();
      await page.getByRole("article", { name: "Travel › Night line" }).getByText("Closed").waitFor();
      await choose(page, {
        wallboard: [
          { account: "vaxel", queue: "sales" },
          { account: "centrum", queue: "orders" },
        ],
      });
      await page.waitForFunction(() => document.querySelectorAll("article").length === 2);
      assert.deepEqual(await tiles(page), ["Sales", "Orders"]);
    },
    SCREEN,
  );
});

test("a platform that is not heard is said over the whole width and on its tiles, whose waits stand still", async () => {
  await withPage(
    "/wallboard.html?world=four",
    async (page) => {
      await page.getByRole("article").first().waitFor();
      // Slowed down is not lost: the figures say their age.
      await world(page, () =>
        window.__offhook.change("molnet", (state) => {
          state.health.link = "degraded";
        }),
      );
      await world(page, () => window.__offhook.offline("vaxel"));
      await page
        .getByRole("alert")
        .getByText(/^Växel: connection lost since/)
        .waitFor();
      const sales = page.getByRole("article", { name: "Sales" });
      await sales.getByText(/^Offline/).waitFor();
      assert.equal(await page.getByText(/^Molnet: connection lost/).count(), 0);
      await accessible(page, "wallboard with a lost platform");
      await world(page, () => {
        for (const { account } of window.__offhook.accounts) window.__offhook.offline(account.id);
      });
      await page.getByRole("alert").getByText("Connection lost", { exact: true }).waitFor();
      await world(page, () => {
        for (const { account } of window.__offhook.accounts) window.__offhook.online(account.id);
      });
      await page
        .getByText(/onnection lost/)
        .first()
        .waitFor({ state: "hidden" });
    },
    SCREEN,
  );
});

test("a core that does not answer is said loudly too", async () => {
  await withPage("/wallboard.html?world=broken", async (page) => {
    await page.getByRole("alert").getByText("Connection lost").waitFor();
  });
});

test("more queues than fit come page by page; a page can be turned and the turning stopped", async () => {
  await withPage(
    "/wallboard.html?world=queues50",
    async (page) => {
      await page.getByText("Page 1 of 5").waitFor();
      const first = await tiles(page);
      assert.equal(first.length, 12);
      await page.keyboard.press("Space");
      await button(page, "Turn the pages by itself").waitFor();
      const seen = new Set(first);
      for (let at = 2; at <= 5; at += 1) {
        await page.keyboard.press("ArrowRight");
        await page.getByText(`Page ${at} of 5`).waitFor();
        for (const name of await tiles(page)) seen.add(name);
      }
      await page.keyboard.press("ArrowRight");
      await page.getByText("Page 1 of 5").waitFor();
      await button(page, "Next page").click();
      await page.getByText("Page 2 of 5").waitFor();
      assert.ok(seen.size > 36, `${seen.size} queues seen`);
    },
    SCREEN,
  );
});

test("pages turn by themselves after their time", async () => {
  await withPage(
    "/wallboard.html?world=queues50",
    async (page) => {
      await page.getByText("Page 1 of 5").waitFor();
      await page.getByText("Page 2 of 5").waitFor({ timeout: 60_000 });
    },
    SCREEN,
  );
});

test("while a page stands, nothing on it changes its place", async () => {
  await withPage(
    "/wallboard.html?world=four",
    async (page) => {
      await page.getByRole("article").first().waitFor();
      const before = await tiles(page);
      await world(page, () => {
        const night = window.__offhook.statistics.find((one) => one.queue === "night");
        window.__offhook.tellsFigures({ ...night, waiting: 99, service_level: 1, service_target: 80 });
      });
      await page.getByRole("article", { name: "Night desk" }).getByText("99").waitFor();
      assert.deepEqual(await tiles(page), before);
    },
    SCREEN,
  );
});

for (const theme of ["light", "dark"]) {
  test(`the wallboard is accessible in ${theme} and loses nothing on any screen`, async () => {
    await withPage(
      `/wallboard.html?world=four&theme=${theme}`,
      async (page) => {
        await page.getByRole("article").first().waitFor();
        await choose(page, {
          thresholds: [{ queue: null, measure: "waiting", warning: 2, alarm: 8, notify: false }],
        });
        await page.getByText("2 alarms", { exact: true }).waitFor();
        await accessible(page, `wallboard in ${theme}`);
        for (const [width, height] of [
          [1920, 1080],
          [1280, 720],
          [1080, 1920],
          [800, 600],
        ]) {
          await page.setViewportSize({ width, height });
          await page.waitForFunction(
            ([w, h]) =>
              innerWidth === w && innerHeight === h && document.querySelectorAll("article").length > 0,
            [width, height],
          );
          await page.evaluate(
            () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
          );
          await shot(page, `wallboard-${theme}-${width}x${height}`);
          const cut = await page.evaluate(() =>
            [...document.querySelectorAll("article dd, article dt")]
              .filter((one) => {
                const { top, bottom } = one.closest("dl").getBoundingClientRect();
                const box = one.getBoundingClientRect();
                return box.top < top - 2 || box.bottom > bottom + 2;
              })
              .map((one) => `${one.closest("article").querySelector("h2").textContent}: ${one.textContent}`),
          );
          assert.deepEqual(cut, [], `${width}x${height}`);
        }
      },
      { ...SCREEN, colorScheme: theme },
    );
  });
}
