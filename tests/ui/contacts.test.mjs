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
    await dock(page).getByRole("group", { name: "Ivana Dvořáková" }).waitFor();
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

// Beside a platform that tells who is free and lets contacts be kept, marked and texted.

const centre = "/?world=centre";
const watched = (page) => page.evaluate(() => window.__offhook.archive.watched.contacts);
const refused = (code) => ({
  code,
  message: "",
  hint: "",
  account: "vaxel",
  said: [],
  fields: {},
  facts: {},
});
const fault = (page, command, code) =>
  world(page, ([name, what]) => window.__offhook.faults.set(name, what), [command, refused(code)]);

test("only people in sight are followed, and only once the list rests", async () => {
  await withPage(`${centre}&contacts=20000`, async (page) => {
    await open(page);
    await page.waitForFunction(() => window.__offhook.archive.watched.contacts.length > 5);
    const first = await watched(page);
    assert.ok(first.length < 30, `${first.length} rows are not in sight`);
    const list = page.getByTestId("contact-list");
    // A sweep over the list is not followed row by row.
    await list.evaluate(async (element) => {
      for (let top = 1000; top <= 60_000; top += 1000) {
        element.scrollTo(0, top);
        await new Promise(requestAnimationFrame);
      }
    });
    await page.waitForFunction((before) => {
      const { contacts } = window.__offhook.archive.watched;
      return contacts.length > 5 && !contacts.some((id) => before.includes(id));
    }, first);
    const seen = await page.evaluate(() => {
      const frame = document.querySelector("[data-testid=contact-list]").getBoundingClientRect();
      return [...document.querySelectorAll("[role=option]")].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return bottom > frame.top && top < frame.bottom;
      }).length;
    });
    assert.ok((await watched(page)).length <= seen + 1);
    assert.ok((await calls(page, "watch")).length < 20);
    await button(page, "Work").click();
    await page.waitForFunction(() => window.__offhook.archive.watched.contacts.length === 0);
  });
});

test("a search follows those it found, and a platform that tells of nobody is not asked", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await page.getByRole("searchbox", { name: "Search contacts" }).fill("ivana");
    await page.waitForFunction(() => {
      const { contacts } = window.__offhook.archive.watched;
      return contacts.length > 0 && contacts.length < 6;
    });
  });
  await withPage("/", async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    await page.getByText("Past activities").waitFor();
    assert.deepEqual(await calls(page, "watch"), []);
    assert.equal(await region(page, "Right now").count(), 0);
  });
});

test("a presence is told by a word and its age, and changes where it stands", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    const row = (name) => page.getByRole("option", { name }).first();
    await row(/Ivana Dvořáková/)
      .getByText("Available")
      .waitFor();
    await row(/Astrid Lindqvist/)
      .getByText("On a call")
      .waitFor();
    await row(/Björn Ångström/)
      .getByText(/^\d+\ss ago$/)
      .waitFor();
    await world(page, () =>
      window.__offhook.tellsPresence({
        contact: "vaxel/contact_0",
        activity: "Holiday",
        available: false,
        note: "Ask Sam",
        until: null,
        lamp: "idle",
        calls: [],
        heard_at: Date.now(),
        live: true,
      }),
    );
    await row(/Ivana Dvořáková/)
      .getByText("Holiday")
      .waitFor();
    await row(/Ivana Dvořáková/).click();
    const now = region(page, "Right now");
    await now.getByText("Ask Sam").waitFor();
    await now.getByText("not available").waitFor();
  });
});

test("a call that rings at a colleague is picked up, where the platform offers it", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Anke/ }).first().click();
    const now = region(page, "Right now");
    await now.getByText("Ringing").waitFor();
    await fault(page, "pick_up", "gone");
    await button(now, "Pick up").click();
    await called(page, "execute", { do: "pick_up", contact: "vaxel/contact_2", handle: "call-2" });
    await now.getByText("It is no longer there.").waitFor();
    await page
      .getByRole("option", { name: /Astrid/ })
      .first()
      .click();
    await now.getByText("On a call").waitFor();
    assert.equal(await now.getByRole("button").count(), 0);
  });
});

test("a mark on the platform is kept there, and goes back when it is refused", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    const vip = page.getByRole("radio", { name: "VIP" });
    await fault(page, "mark_contact", "forbidden");
    await vip.click({ force: true });
    await page.getByText("Your user may not do this on the platform.").waitFor();
    assert.equal(await vip.isChecked(), false);
    await vip.click({ force: true });
    await page.getByRole("option", { name: /Ivana/ }).first().getByText("VIP").waitFor();
    await page.getByRole("radio", { name: "Nothing" }).click({ force: true });
    const marks = await calls(page, "mark_contact");
    assert.deepEqual(
      marks.map((one) => one.mark),
      ["vip", "vip", null],
    );
  });
});

test("a new contact is typed once: neither a refusal nor a closed dialog loses it", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await button(page, "New contact").click();
    const dialog = page.getByRole("dialog", { name: "New contact" });
    assert.ok(await button(dialog, "Save contact").isDisabled());
    await dialog.getByRole("textbox", { name: "First name" }).fill("Rosa");
    await dialog.getByRole("textbox", { name: "Last name" }).fill("Ferreira");
    await dialog.getByRole("textbox", { name: "Number" }).fill("+44 20 7946 0777");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await button(page, "New contact").click();
    await dialog.getByText("This is what you typed before.").waitFor();
    await fault(page, "save_contact", "refused");
    await button(dialog, "Save contact").click();
    await dialog.getByText("The contact was not saved. What you typed is still here.").waitFor();
    assert.equal(await dialog.getByRole("textbox", { name: "First name" }).inputValue(), "Rosa");
    await button(dialog, "Save contact").click();
    await dialog.waitFor({ state: "hidden" });
    const saved = await called(page, "save_contact", { account: "vaxel", contact: null });
    assert.deepEqual(saved.fields, {
      first_name: "Rosa",
      last_name: "Ferreira",
      company: "",
      email: "",
      numbers: [{ label: "WORK", number: "+44 20 7946 0777" }],
    });
    await page.getByRole("heading", { name: "Rosa Ferreira" }).waitFor();
    await page.getByRole("option", { name: /Rosa Ferreira/ }).waitFor();
    await button(page, "New contact").click();
    assert.equal(await dialog.getByRole("textbox", { name: "First name" }).inputValue(), "");
  });
});

test("one's own contact is changed and deleted, anybody else's is not", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await page
      .getByRole("option", { name: /Astrid/ })
      .first()
      .click();
    await page.getByRole("heading", { name: /Astrid/ }).waitFor();
    assert.equal(await button(page, "Edit contact").count(), 0);
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    await button(page, "Edit contact").click();
    const dialog = page.getByRole("dialog", { name: "Edit Ivana Dvořáková" });
    assert.equal(await dialog.getByRole("textbox", { name: "Last name" }).inputValue(), "Dvořáková");
    await dialog.getByRole("textbox", { name: "Last name" }).fill("Dvořáková Nová");
    await button(dialog, "Save contact").click();
    await page.getByRole("heading", { name: "Ivana Dvořáková Nová" }).waitFor();
    await called(page, "save_contact", { contact: "vaxel/contact_0" });
    await button(page, "Delete contact").click();
    await button(page.getByRole("alertdialog"), "Cancel").click();
    assert.deepEqual(await calls(page, "delete_contact"), []);
    await button(page, "Delete contact").click();
    await button(page.getByRole("alertdialog"), "Delete contact").click();
    await called(page, "delete_contact", "vaxel/contact_0");
    await page.getByRole("option", { name: /Ivana Dvořáková Nová/ }).waitFor({ state: "hidden" });
  });
});

test("a text says how long it is, is sent once the platform took it, and is not lost before", async () => {
  await withPage(centre, async (page) => {
    await open(page);
    await page
      .getByRole("option", { name: /Astrid/ })
      .first()
      .click();
    await page
      .getByRole("button", { name: /^Text \+46/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog", { name: "Text message" });
    const words = dialog.getByRole("textbox", { name: "Message" });
    assert.ok(await button(dialog, "Send text").isDisabled());
    await words.fill("a".repeat(161));
    await dialog.getByText("161 letters · 2 messages · 145 left in it").waitFor();
    await words.fill("Vi ringer upp kl. 14.");
    await fault(page, "send_sms", "not_licensed");
    await button(dialog, "Send text").click();
    await dialog.getByText("The text was not sent. What you wrote is still here.").waitFor();
    assert.equal(await words.inputValue(), "Vi ringer upp kl. 14.");
    await button(dialog, "Send text").click();
    await dialog.getByText("The platform took the text.").waitFor();
    const sent = await called(page, "send_sms", { account: "vaxel" });
    assert.deepEqual([sent.to, sent.text], [["+46701740601"], "Vi ringer upp kl. 14."]);
    await button(dialog, "Done").click();
    await dialog.waitFor({ state: "hidden" });
  });
});
