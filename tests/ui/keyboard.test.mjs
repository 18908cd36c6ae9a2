// Everything without a mouse: the whole call, the palette, the cheat sheet; and keys that must do nothing.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, dock, region, withPage, world } from "./harness.mjs";

test("a call is answered, written down, hung up and closed by keys alone", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.ring({ person: 0 }));
    await button(dock(page), "Answer").waitFor();
    await page.keyboard.press("Control+Shift+A");
    await dock(page).getByText("In call").waitFor();
    const note = dock(page).getByRole("textbox", { name: "Note" });
    for (
      let presses = 0;
      presses < 60 && !(await note.evaluate((field) => field === document.activeElement));
      presses += 1
    )
      await page.keyboard.press("Tab");
    await page.keyboard.type("Typed by keys? Yes!");
    await page.keyboard.press("Control+Shift+H");
    await dock(page).getByText("Wrap-up", { exact: true }).waitFor();
    await page.keyboard.press("Control+Enter");
    await dock(page).getByText("Choose a wrap-up code before closing.").waitFor();
    const code = dock(page).getByRole("checkbox", { name: /Resolved/ });
    for (
      let presses = 0;
      presses < 60 && !(await code.evaluate((field) => field === document.activeElement));
      presses += 1
    )
      await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Control+Enter");
    const close = await called(page, "execute", { do: "close" });
    assert.deepEqual(close.draft, { note: "Typed by keys? Yes!", dispositions: ["resolved"] });
  });
});

test("typing while it rings never answers or declines", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await page.getByRole("textbox", { name: "Number" }).focus();
    await world(page, () => window.__offhook.ring({ person: 0 }));
    await button(dock(page), "Answer").waitFor();
    await page.keyboard.type("aAdDhH \n");
    await page.keyboard.press("Escape");
    assert.deepEqual(await calls(page, "execute"), []);
    const where = await page.evaluate(() => document.activeElement.getAttribute("data-field"));
    assert.equal(where, "number", "the ring took the keyboard");
  });
});

test("every control can be reached with Tab and shows that it has the keyboard", async () => {
  await withPage("/?world=busy", async (page) => {
    await region(page, "Unsent").waitFor();
    const seen = new Set();
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press("Tab");
      const [name, outlined] = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
        return [
          `${element.tagName} ${name}`,
          style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0,
        ];
      });
      if (!name.startsWith("BODY")) assert.ok(outlined, `${name} does not show the keyboard`);
      seen.add(name);
    }
    for (const wanted of [
      "Work",
      "Contacts",
      "Settings",
      "Answer",
      "Decline",
      "Hang up",
      "Close",
      "Resend",
      "Discard",
    ]) {
      assert.ok(
        [...seen].some((name) => name.includes(wanted)),
        `${wanted} was not reached: ${[...seen].join(", ")}`,
      );
    }
  });
});

test("the palette runs an action, finds a contact without its accents, and dials a number", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    const ask = async (words) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog", { name: "Command palette" }).waitFor();
      await page.keyboard.type(words);
    };
    await ask("go ready");
    await page.getByRole("option", { name: "Go ready" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "State: Ready" }).waitFor();

    await ask("dvorak");
    await page.getByRole("option", { name: /Ivana Dvořáková/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /Dvořáková/ }).waitFor();

    await ask("+44 20 7946 0123");
    await page.getByRole("option", { name: /Call \+442079460123/ }).waitFor();
    await page.keyboard.press("Enter");
    const dial = await called(page, "execute", { do: "dial" });
    assert.equal(dial.number, "+442079460123");
    await button(dock(page), "Hang up").waitFor();
  });
});

test("Escape closes what lies over the window and gives the keyboard back", async () => {
  await withPage("/", async (page) => {
    await button(page, "Work").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.activeElement?.textContent?.includes("Work"));
  });
});

test("a ring is told to screen readers once, at once, in a region that was there before", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    assert.equal(await page.locator("#announce-now").getAttribute("aria-live"), "assertive");
    await page.evaluate(() => {
      window.heard = [];
      new MutationObserver(() => {
        const words = document.getElementById("announce-now").textContent;
        if (words) window.heard.push(words);
      }).observe(document.getElementById("announce-now"), {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await world(page, () => window.__offhook.ring({ person: 0 }));
    await page.waitForFunction(() => window.heard.length > 0);
    await button(dock(page), "Answer").click();
    await dock(page).getByText("In call").waitFor();
    assert.deepEqual(await page.evaluate(() => window.heard), ["Ivana Dvořáková is calling"]);
  });
});

test("a row that is answered by the keyboard leaves no ghost behind", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.ring({ person: 0 }));
    await button(region(page, "Ringing"), "Answer").focus();
    await page.keyboard.press("Enter");
    await region(page, "Open").getByText("In call").waitFor();
    await region(page, "Ringing").getByText("Nothing is ringing.").waitFor();
  });
});
