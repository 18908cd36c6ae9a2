// Twenty thousand contacts: found as one types, scrolled without waiting, called with the last choice.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, dock, region, withPage, world } from "./harness.mjs";

const open = async (page) => {
  await button(page, "Contacts").click();
  await page.getByRole("option").first().waitFor();
};

test("only the rows in sight are drawn, however many there are", async () => {
  await withPage("/?contacts=20000", async (page) => {
    await open(page);
    const list = page.getByTestId("contact-list");
    for (const place of [0, 200_000, 900_000, 0]) {
      await list.evaluate((element, top) => element.scrollTo(0, top), place);
      await page.waitForFunction((top) => {
        const box = document.querySelector("[data-testid=contact-list]");
        const frame = box.getBoundingClientRect();
        const rows = [...box.querySelectorAll("[role=option]")].map((row) => row.getBoundingClientRect());
        const covered =
          rows.some((row) => row.top <= frame.top + 1) && rows.some((row) => row.bottom >= frame.bottom - 1);
        return Math.abs(box.scrollTop - top) < 60 && covered;
      }, place);
      assert.ok((await page.getByRole("option").count()) < 60);
    }
    await list.focus();
    await page.keyboard.press("End");
    await page.locator('[role=option][aria-posinset="18000"]').waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Past activities").waitFor();
  });
});

test("this computer answers at once, the platform later, and nothing that is shown moves", async () => {
  await withPage("/?contacts=20000", async (page) => {
    await open(page);
    await world(page, () => {
      window.__offhook.latency = 300;
    });
    await page
      .getByRole("textbox", { name: "Search contacts" })
      .or(page.getByRole("searchbox", { name: "Search contacts" }))
      .fill("saga");
    await page.getByText("Asking the platforms…").waitFor();
    const names = () =>
      page.getByRole("option").evaluateAll((rows) => rows.slice(0, 8).map((row) => row.textContent));
    const local = await names();
    assert.ok(local.length > 0 && local.every((name) => name.includes("Saga")));
    const counted = async () =>
      Number(
        (await page.getByTestId("contact-list").getByRole("option").first().getAttribute("aria-setsize")) ??
          0,
      );
    const before = await counted();
    await page.getByText("Asking the platforms…").waitFor({ state: "hidden" });
    assert.deepEqual(await names(), local);
    assert.ok((await counted()) > before, "the platform knew more");
  });
});

test("nobody found is said with the words that were looked for", async () => {
  await withPage("/", async (page) => {
    await open(page);
    await page.getByRole("searchbox", { name: "Search contacts" }).fill("zzzz");
    await page.getByText("Nobody found for “zzzz”").waitFor();
  });
});

test("a number is called through the chosen queue and device, and the choice is offered again", async () => {
  await withPage("/", async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    const pane = region(page, "Numbers");
    await pane.getByRole("button", { name: /^Outgoing|Queue/ }).click();
    await page.getByRole("option", { name: "Callbacks" }).click();
    await pane.getByRole("button", { name: /Device/ }).click();
    await page.getByRole("option", { name: "My mobile" }).click();
    await pane
      .getByRole("button", { name: /^Call \+420/ })
      .first()
      .click();
    const dial = await called(page, "execute", { do: "dial" });
    assert.equal(dial.queue, "callbacks");
    assert.equal(dial.device, "mobile");
    assert.match(dial.contact, /contact_0$/);
    await dock(page).getByRole("article", { name: "Ivana Dvořáková" }).waitFor();
    await button(dock(page), "Hang up").click();
    await page
      .getByRole("option", { name: /Astrid/ })
      .first()
      .click();
    await pane.getByRole("button", { name: /Callbacks/ }).waitFor();
  });
});

test("a number that cannot be dialled says so and is not sent", async () => {
  await withPage("/", async (page) => {
    const number = page.getByRole("textbox", { name: "Number" });
    await number.fill("1-800-FLOWERS");
    await page.getByText("Unusual number").waitFor();
    await world(page, () =>
      window.__offhook.faults.set("dial", {
        code: "bad_number",
        message: "",
        hint: "",
        account: "centrum",
        said: [],
        fields: {},
        facts: { number: "1-800-FLOWERS" },
      }),
    );
    await button(dock(page), "Call").click();
    await dock(page).getByText("This is not a number that can be dialled.").waitFor();
    assert.equal((await calls(page, "execute")).length, 1);
  });
});

test("favourites are marked on this computer and come first", async () => {
  await withPage("/", async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    await button(page, "Add to favourites").click();
    await called(page, "set_favourite", { on: true });
    await button(page, "Remove from favourites").waitFor();
  });
});
