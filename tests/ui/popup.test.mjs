// The pop-up window's page.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, shot, withPage, world } from "./harness.mjs";

const size = { width: 400, height: 220 };

test("it says who rings, through what, and what we know", async () => {
  await withPage(
    "/popup.html?rings=1",
    async (page) => {
      const card = page.getByRole("article", { name: "Ivana Dvořáková is calling" });
      for (const words of ["Support", "Centrum", "Papírna Sever s.r.o.", "1 open ticket"])
        await card.getByText(words).first().waitFor();
      await button(card, "Answer").click();
      await called(page, "execute", { do: "answer" });
    },
    size,
  );
});

test("keys that were meant for something else do nothing for half a second", async () => {
  await withPage(
    "/popup.html",
    async (page) => {
      await page.evaluate(() => {
        // The clock stands still, so that the half second lasts as long as this test needs.
        const now = Date.now();
        window.__ahead = 0;
        Date.now = () => now + window.__ahead;
      });
      await world(page, () => window.__offhook.ring({ person: 0 }));
      await button(page, "Answer").focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Space");
      await page.keyboard.press("Control+Shift+A");
      assert.deepEqual(await calls(page, "execute"), []);
      await page.evaluate(() => {
        window.__ahead = 600;
      });
      await page.keyboard.press("Control+Shift+D");
      await called(page, "execute", { do: "decline" });
    },
    size,
  );
});

test("several rings are paged, and the page stays on its own when another one ends", async () => {
  await withPage(
    "/popup.html?rings=3",
    async (page) => {
      await page.getByText("1 of 3").waitFor();
      await button(page, "Next call").click();
      await page.getByText("2 of 3").waitFor();
      const second = await page.getByRole("heading").textContent();
      await world(page, () => window.__offhook.endRing(window.__offhook.rings[0].activity, "abandoned"));
      await page.getByText("1 of 2").waitFor();
      assert.equal(await page.getByRole("heading").textContent(), second);
      assert.match(second, /maybe/);
      await shot(page, "popup-maybe");
    },
    size,
  );
});

test("silencing stops the sound only, and the window leads to the main one", async () => {
  await withPage(
    "/popup.html?rings=1",
    async (page) => {
      await button(page, "Silence").click();
      await called(page, "silence");
      assert.ok(await button(page, "Answer").isVisible());
      await button(page, "Show Offhook").click();
      await called(page, "show_main");
    },
    size,
  );
});

test("it asks only for what a pop-up may ask", async () => {
  await withPage(
    "/popup.html?rings=1",
    async (page) => {
      await button(page, "Decline").click();
      await called(page, "execute", { do: "decline" });
      const asked = await page.evaluate(() => [...new Set(window.__offhook.calls.map((one) => one.command))]);
      const allowed = ["snapshot", "execute", "silence", "show_main", "page_ready"];
      assert.deepEqual(
        asked.filter((command) => !allowed.includes(command)),
        [],
      );
    },
    size,
  );
});
