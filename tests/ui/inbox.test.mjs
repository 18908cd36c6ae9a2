// The inbox: a hundred thousand tickets without waiting, filters, search, the keyboard, changes of many, frozen order.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, region, shot, withPage, world } from "./harness.mjs";

const open = async (page) => {
  await page
    .getByRole("navigation", { name: "Places" })
    .getByRole("button", { name: /^Tickets/ })
    .click();
  await page.getByTestId("inbox").waitFor();
  await page.getByRole("option").first().waitFor();
};
const list = (page) => page.getByTestId("inbox");
const row = (page, n) => page.locator(`[role=option][aria-posinset="${n}"]`);
const status = (page, words) => region(page, "List of tickets").getByText(words, { exact: true });
const filters = (page) => page.getByRole("navigation", { name: "Filters" });
/** Chooses a filter of the pane. */
const filter = async (page, name) => {
  await filters(page).getByRole("button", { name }).click();
};
const problem = (code, account = "centrum") => ({
  code,
  message: "",
  hint: "",
  account,
  said: ["Not in this stage"],
  fields: {},
  facts: {},
});
/** Wide enough for three panes beside the dock. */
const WIDE = { width: 1500, height: 900 };

test("only the rows in sight are drawn and fetched, of a hundred thousand", async () => {
  await withPage(
    "/?world=inbox&tickets=100000",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await status(page, "88,889 tickets").waitFor();
      for (const place of [400_000, 3_000_000, 0]) {
        await list(page).evaluate((element, top) => element.scrollTo(0, top), place);
        await page.waitForFunction((top) => {
          const box = document.querySelector("[data-testid=inbox]");
          const rows = [...box.querySelectorAll("[role=option]")];
          return Math.abs(box.scrollTop - top) < 100 && rows.some((one) => /#\d+/.test(one.textContent));
        }, place);
        assert.ok((await page.getByRole("option").count()) < 60);
      }
      await list(page).focus();
      await page.keyboard.press("End");
      await row(page, 88_889).getByText(/#\d+/).waitFor();
      const parts = await calls(page, "inbox_rows");
      assert.ok(parts.length < 30, `${parts.length} parts were asked for`);
      assert.ok(parts.every(({ count }) => count <= 200));
    },
    WIDE,
  );
});

test("filters count, choose, are changed part by part and kept under a name", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await called(page, "watch", { inbox: true });
      await filter(page, /^Unassigned/);
      await called(page, "inbox", { sort: "oldest" });
      await button(page, "Without: Nobody’s").waitFor();
      await button(page, "Filter").click();
      const form = page.getByRole("dialog", { name: "Filter" });
      await form.getByRole("button", { name: "WhatsApp" }).click();
      await form.getByRole("checkbox", { name: "Only unread" }).locator("xpath=ancestor::label").click();
      await page.keyboard.press("Escape");
      const asked = (await calls(page, "inbox")).at(-1);
      assert.equal(asked.filter.whose, "unassigned");
      assert.deepEqual(asked.filter.channels, ["whatsapp"]);
      assert.equal(asked.filter.unread, true);
      await button(page, "Without: Unread").click();
      await button(page, "Save as filter").click();
      const dialog = page.getByRole("dialog", { name: "Save this filter" });
      await dialog.getByRole("textbox", { name: "Name" }).fill("Night desk");
      await page.keyboard.press("Enter");
      const own = region(page, "My filters").getByRole("button", { name: /^Night desk/ });
      await own.waitFor();
      assert.equal(await own.getAttribute("aria-current"), "true");
      const saved = await called(page, "save_filter", { title: "Night desk", id: null });
      assert.deepEqual(saved.filter.channels, ["whatsapp"]);
      await button(page, "More for Night desk").click();
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("Day desk");
      await page.keyboard.press("Enter");
      await region(page, "My filters")
        .getByRole("button", { name: /^Day desk/ })
        .waitFor();
      await button(page, "More for Day desk").click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await button(page.getByRole("alertdialog"), "Delete").click();
      await region(page, "My filters").waitFor({ state: "detached" });
      await filter(page, /^Complaints of this week/);
      const view = await called(page, "inbox", { view: "view/centrum/0" });
      assert.equal(view.text, "");
    },
    WIDE,
  );
});

test("a search answers from here at once, from the platforms behind it, and names who could not be asked", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await world(page, () => {
        window.__offhook.silent = ["pomoc"];
        window.__offhook.latency = 100;
      });
      await list(page).focus();
      await page.keyboard.press("/");
      const search = page.getByRole("searchbox", { name: "Search tickets" });
      assert.ok(await search.evaluate((field) => field === document.activeElement));
      await page.keyboard.type("parcel");
      await status(page, "Searching Daktela V6, LiveAgent …").waitFor();
      await row(page, 1).getByText("Delivery came without the second parcel").waitFor();
      const side = region(page, "List of tickets");
      await side.getByText("The connection was lost.").waitFor();
      await side.getByText("Pomoc").first().waitFor();
      const asked = await calls(page, "inbox");
      assert.ok(asked.some(({ text, online }) => text === "parcel" && online));
      await search.fill("zzz");
      await page.getByText("Nothing found for “zzz”").waitFor();
    },
    WIDE,
  );
});

test("what the platforms find later waits while the agent is in the list", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await world(page, () => {
        window.__offhook.latency = 400;
      });
      await page.getByRole("searchbox", { name: "Search tickets" }).fill("broschüren");
      await row(page, 1).getByText("Angebot für 250 Broschüren, matt").waitFor();
      await list(page).focus();
      const before = await page.getByRole("option").allTextContents();
      const more = button(page, "5 more found");
      await more.waitFor();
      assert.deepEqual(await page.getByRole("option").allTextContents(), before);
      await more.click();
      await more.waitFor({ state: "detached" });
    },
    WIDE,
  );
});

test("the order is frozen while somebody is in the list; what changed is shown in place", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await row(page, 3).getByText("#4713").waitFor();
      await list(page).hover();
      await world(page, () => {
        window.__offhook.changeTicket("centrum/4713", { title: "Changed while you look" });
        const [first] = window.__offhook.tickets;
        window.__offhook.tellsTickets({
          ...first,
          id: "centrum/9999",
          number: "9999",
          changed_at: Date.now(),
        });
      });
      await row(page, 3).getByText("Changed while you look").waitFor();
      await row(page, 1).getByText("#4711").waitFor();
      const bar = button(page, "Show 2 new or changed");
      await bar.waitFor();
      await bar.click();
      await row(page, 1).getByText("#9999").waitFor();
    },
    WIDE,
  );
});

test("a list nobody is in brings itself up to date", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await row(page, 1).getByText("#4711").waitFor();
      await world(page, () => {
        const [first] = window.__offhook.tickets;
        window.__offhook.tellsTickets({
          ...first,
          id: "centrum/9999",
          number: "9999",
          changed_at: Date.now(),
        });
      });
      await row(page, 1).getByText("#9999").waitFor();
    },
    WIDE,
  );
});

test("the keyboard walks, opens, picks, extends and changes", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await row(page, 2).getByText("#4712").waitFor();
      await list(page).hover();
      await list(page).focus();
      await page.keyboard.press("j");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("k");
      const second = await row(page, 2).getAttribute("id");
      await page.locator(`[data-testid=inbox][aria-activedescendant="${second}"]`).waitFor();
      await page.keyboard.press("Enter");
      await page.locator('[role=option][aria-current="true"][aria-posinset="2"]').waitFor();
      await page.keyboard.press("x");
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowDown");
      const bar = region(page, "Picked tickets");
      await bar.getByText("3 picked").waitFor();
      await page.keyboard.press("a");
      const bulk = await called(page, "bulk", { edit: [{ key: "owner", now: ["me"] }] });
      assert.equal(bulk.tickets.length, 3);
      await page.getByText("3 tickets changed").waitFor();
      await page.keyboard.press("Escape");
      await bar.waitFor({ state: "detached" });
      await page.keyboard.press("Control+a");
      await bar.getByText("267 picked").waitFor();
      await page.keyboard.press("e");
      const sure = page.getByRole("alertdialog", { name: "Change 267 tickets?" });
      await button(sure, "Cancel").click();
      await list(page).focus();
      await page.keyboard.press("x");
      await bar.waitFor({ state: "detached" });
      await page.keyboard.press("e");
      await called(page, "bulk", { edit: [{ key: "stage", now: ["closed"] }] });
      await page.keyboard.press("t");
      await page.getByRole("dialog", { name: "Add a tag" }).getByRole("textbox").fill("courier");
      await page.keyboard.press("Enter");
      await called(page, "bulk", { edit: [{ key: "tags", now: ["courier"] }] });
      await list(page).focus();
      await page.keyboard.press("u");
      await called(page, "mark_read", "centrum/4714");
    },
    WIDE,
  );
});

test("letters typed into a field are text", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await page.getByRole("searchbox", { name: "Search tickets" }).focus();
      await page.keyboard.type("eatxu");
      await status(page, "0 tickets").waitFor();
      assert.deepEqual(await calls(page, "bulk"), []);
      assert.deepEqual(await calls(page, "mark_read"), []);
    },
    WIDE,
  );
});

test("a change of many shows how far it is, can be stopped, and what was refused stays in Work", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await row(page, 2).getByText("#4712").waitFor();
      await world(
        page,
        (fault) => {
          window.__offhook.latency = 150;
          window.__offhook.faults.set("bulk_item", fault);
        },
        problem("refused"),
      );
      await list(page).focus();
      await page.keyboard.press("Control+a");
      await button(region(page, "Picked tickets"), "Set the stage").click();
      await page.getByRole("menuitem", { name: "Closed" }).click();
      await button(page.getByRole("alertdialog"), "Change 267").click();
      const progress = region(page, "Change of several tickets");
      await progress.getByText(/^[1-9]\d* of 267$/).waitFor();
      await button(progress, "Cancel").click();
      await called(page, "cancel_bulk", 1);
      await progress.getByText(/left as they were/).waitFor();
      await button(progress, "1 not done: see Work").click();
      const unsent = region(page, "Unsent");
      await unsent.getByText(/Not in this stage/).waitFor();
      await unsent.getByText("Refused", { exact: true }).waitFor();
    },
    WIDE,
  );
});

test("a row says what of it is not sent yet", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await filter(page, /^All open/);
      await row(page, 2).waitFor();
      await world(page, () =>
        window.__offhook.enqueue({ kind: "edit", ticket: "centrum/4712", edit: [] }, "Wrong address", {
          is: "waiting",
        }),
      );
      await row(page, 2).getByText("Waiting to be sent").waitFor();
      await world(page, () => window.__offhook.dequeue(1));
      await row(page, 2).getByText("Waiting to be sent").waitFor({ state: "detached" });
    },
    WIDE,
  );
});

test("tickets that are read for the first time show how far they are; old ones how old", async () => {
  await withPage("/?world=filling", async (page) => {
    await open(page);
    await page.getByText("Reading tickets of Centrum: 12,300 of 100,000").waitFor();
    await world(page, () =>
      window.__offhook.tellsSync({
        account: "centrum",
        known: 100_000,
        of: null,
        complete: true,
        at: Date.now(),
        problem: null,
      }),
    );
    await page.getByText(/^Reading tickets/).waitFor({ state: "detached" });
  });
  await withPage("/?world=kept", async (page) => {
    await open(page);
    await page.getByText(/^Centrum is not heard\. Its tickets are as they were 14/).waitFor();
  });
});

test("an empty filter says so calmly; a list that cannot be asked can be tried again", async () => {
  await withPage("/?world=inbox&tickets=0", async (page) => {
    await page.getByRole("button", { name: /^Tickets/ }).click();
    await page.getByText("You have no open tickets").waitFor();
  });
  await withPage("/?world=inbox", async (page) => {
    await page.getByRole("button", { name: /^Tickets/ }).waitFor();
    await world(page, (fault) => window.__offhook.faults.set("inbox", fault), problem("server_fault"));
    await page.getByRole("button", { name: /^Tickets/ }).click();
    await page.getByText("The platform has a fault.").waitFor();
    await button(page, "Try again").click();
    await page.getByRole("option").first().waitFor();
  });
});

test("the palette finds tickets by number and title", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await region(page, "Ringing").waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("4712");
      await page.getByRole("option", { name: /Wrong address on the invoice/ }).waitFor();
      await page.getByRole("option", { name: /Wrong address on the invoice/ }).click();
      await region(page, "Conversation").waitFor();
      await page.getByTestId("inbox").waitFor();
    },
    WIDE,
  );
});

test("Work lists what is unsent of every kind, what was begun, and what is due", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await region(page, "My tickets due soon").getByRole("button").first().waitFor();
      await world(
        page,
        ([refused, unknown]) => {
          const { __offhook: it } = window;
          // What follows a message is left out: here nothing reads it.
          const message = {
            kind: "reply",
            about: null,
            to: [],
            cc: [],
            bcc: [],
            subject: "",
            text: "We are sending it again today.",
            files: [],
          };
          const ticket = "centrum/4711";
          it.enqueue({ kind: "send", ticket, message }, "Delivery", { is: "ask", problem: unknown });
          it.enqueue({ kind: "edit", ticket, edit: [] }, "Delivery", { is: "waiting" });
          it.enqueue({ kind: "delete", ticket, note: "Twice" }, "Copy", { is: "refused", problem: refused });
          const theirs = {
            key: "stage",
            title: "Stage",
            kind: "choice",
            values: ["closed"],
            options: [],
            required: false,
            editable: true,
          };
          it.enqueue({ kind: "edit", ticket, edit: [] }, "Both", {
            is: "conflict",
            fields: [{ theirs, was: ["open"], mine: ["answered"] }],
          });
          const composing = {
            key: `${ticket}#note`,
            work: { kind: "send", ticket, message },
            title: "Begun",
            at: Date.now(),
          };
          it.composing.push(composing);
          it.emit({ change: "composing", composing });
        },
        [problem("refused"), problem("unconfirmed")],
      );
      const unsent = region(page, "Unsent");
      await unsent.getByText("It may have arrived. Look at the ticket before you send it again.").waitFor();
      await unsent.getByText("Waiting to be sent").waitFor();
      await unsent.getByText("Changed by somebody else").waitFor();
      await unsent.getByText("Fields: Stage").waitFor();
      const drafts = region(page, "Not finished");
      await drafts.getByText("We are sending it again today.").waitFor();
      await accessible(page, "work with unsent things");
      await shot(page, "work-unsent");
      await button(drafts, "Discard").click();
      await button(page.getByRole("alertdialog"), "Discard").click();
      await called(page, "drop_composing", "centrum/4711#note");
      await button(unsent, "Compare and choose").click();
      await region(page, "Conversation").waitFor();
    },
    WIDE,
  );
});

test("panes keep the widths they were given, by keyboard too", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      const edge = page.getByRole("separator", { name: "Width of the list" });
      await edge.focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await edge.getAttribute("aria-valuenow"), "24");
      await page.getByRole("button", { name: /^Work/ }).click();
      await open(page);
      assert.equal(await edge.getAttribute("aria-valuenow"), "24");
    },
    { width: 1900, height: 900 },
  );
});

test("in a narrow window one pane stands at a time and the keyboard goes with it", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      await open(page);
      await list(page).evaluate((box) => box.scrollTo(0, 3000));
      await row(page, 45).getByText(/#\d+/).waitFor();
      const place = await list(page).evaluate((box) => box.scrollTop);
      await row(page, 45).click();
      await page.getByTestId("inbox").waitFor({ state: "hidden" });
      const pane = region(page, "Conversation");
      await page.waitForFunction(() => document.activeElement?.closest('[data-place="conversation"]'));
      await accessible(page, "a conversation in a narrow window");
      await button(pane, "Back to the list").click();
      await page.getByTestId("inbox").waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-place") === "list");
      await row(page, 45).getByText(/#\d+/).waitFor();
      assert.equal(await list(page).evaluate((box) => box.scrollTop), place);
      await page.getByRole("button", { name: "Mine", exact: true }).click();
      await filter(page, /^Unassigned/);
      await page.getByRole("button", { name: "Unassigned", exact: true }).waitFor();
      await shot(page, "inbox-narrow");
    },
    { width: 700, height: 800 },
  );
});

test("an idle dock gives way to the conversation, and comes back for a call or when it is wanted", async () => {
  await withPage(
    "/?world=inbox",
    async (page) => {
      const pad = page.getByRole("textbox", { name: "Number" });
      await pad.waitFor();
      await open(page);
      await pad.waitFor({ state: "detached" });
      await filters(page).waitFor();
      await page.getByRole("button", { name: /^Work/ }).click();
      await pad.waitFor();
      await open(page);
      await pad.waitFor({ state: "detached" });
      const id = await world(page, () => window.__offhook.ring({ account: "centrum", person: 0 }));
      await button(page.getByRole("region", { name: "Call dock" }), "Answer").waitFor();
      await world(page, (ringing) => window.__offhook.endRing(ringing, "abandoned"), id);
      await button(page.getByRole("region", { name: "Call dock" }), "Answer").waitFor({ state: "detached" });
      await pad.waitFor({ state: "detached" });
      await page.keyboard.press("Control+j");
      await pad.waitFor();
      await page.getByRole("button", { name: /^Work/ }).click();
      await open(page);
      await pad.waitFor();
    },
    { width: 1280, height: 800 },
  );
});

for (const [name, path, size] of [
  ["light", "/?world=inbox&theme=light", { width: 1600, height: 900 }],
  ["dark", "/?world=inbox&theme=dark", { width: 1600, height: 900 }],
  ["dock", "/?world=inbox&theme=light", { width: 1280, height: 800 }],
  ["czech", "/?world=inbox&language=cs", { width: 1280, height: 800 }],
]) {
  test(`the inbox is readable and reachable: ${name}`, async () => {
    await withPage(
      path,
      async (page) => {
        await page.locator("nav button").nth(1).click();
        await page.getByRole("option").first().getByText(/#\d+/).waitFor();
        await accessible(page, `inbox ${name}`);
        await shot(page, `inbox-${name}`);
      },
      size,
    );
  });
}
