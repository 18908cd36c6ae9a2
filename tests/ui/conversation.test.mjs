// One ticket: every kind of entry, letters that can do nothing, words that are never lost, fields in place, conflicts.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accessible, button, called, calls, region, shot, withPage, world } from "./harness.mjs";

const root = join(import.meta.dirname, "../..");
const inbox = "/?world=inbox&tickets=300";

/** Opens a ticket by its number. */
async function open(page, number = 4711) {
  await button(page, "Tickets").waitFor();
  await world(
    page,
    (ticket) => window.__offhook.shell({ event: "show_ticket", ticket }),
    `centrum/${number}`,
  );
  await page.getByText(`#${number}`).last().waitFor();
  await page.getByTestId("time-line").waitFor();
}
const line = (page) => page.getByTestId("time-line");
const composer = (page) => region(page, "Write");
const answer = (page) => page.getByRole("textbox", { name: "Your answer to the customer" });
const refusal = {
  code: "refused",
  message: "",
  hint: "",
  account: "centrum",
  said: ["Mailbox is full"],
  fields: {},
  facts: {},
};

test("a time line shows entries of every kind", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    const letter = line(page).frameLocator("iframe").first();
    await letter.getByText("one of the two boxes").waitFor();
    await line(page)
      .getByRole("article", { name: "Internal note of Sam Ode" })
      .getByText("Internal", { exact: true })
      .waitFor();
    await line(page).getByText("Incoming call · 3:04").waitFor();
    await line(page).getByText("Missed call").waitFor();
    await line(page).getByText("Any news? 📦 My number is the same.").waitFor();
    await line(page).getByText("Could not be delivered").waitFor();
    await button(line(page), "3 changes").click();
    await line(page).getByText("Transferred to Nora Lind").waitFor();
    await line(page).getByText("invoice.pdf.exe").waitFor();
    await line(page).getByText("A program: it could do harm when opened").waitFor();
    await button(line(page), "Save parcel label.jpg").click();
    await line(page).getByText("Saved: Downloads/parcel label.jpg").waitFor();
    await button(line(page), "Show the details").first().click();
    await line(page).getByText("support@centrum.example").waitFor();
    await accessible(page, "conversation");
  });
});

test("what may be called is called, and pictures from elsewhere are shown when asked", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await line(page).getByText("3 pictures from elsewhere are not shown").waitFor();
    await line(page)
      .getByRole("button", { name: /^Always from / })
      .click();
    await called(page, "show_remote", { entry: "entry_1", always: true });
    await line(page).frameLocator("iframe").first().getByText("Here are the photos.").waitFor();
    await line(page).getByText("3 pictures from elsewhere are not shown").waitFor({ state: "hidden" });
    await line(page)
      .getByRole("button", { name: /^Call \+44/ })
      .first()
      .click();
    await called(page, "execute", { do: "dial", number: "+442079460150" });
  });
});

test("a link names where it really goes before anything opens", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    const letter = line(page).frameLocator("iframe").first();
    await letter.getByRole("link", { name: "https://shop.example.com/pay" }).click();
    const question = page.getByRole("dialog", { name: "Open this page in the browser?" });
    await question.getByText("collect.evil.example", { exact: true }).waitFor();
    await question.getByText("The text says: shop.example.com").waitFor();
    await button(question, "Cancel").click();
    await letter.getByRole("link", { name: "20931" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await question.getByRole("status").count(), 0);
    await button(question, "Open").click();
    await called(page, "open_link", "https://shop.example.com/orders/20931");
    assert.deepEqual(await calls(page, "open_link"), ["https://shop.example.com/orders/20931"]);
    await letter.getByRole("link", { name: "020 7946 0150" }).click();
    await button(page.getByRole("dialog"), "Continue").click();
    await page.getByRole("dialog", { name: "Call this number?" }).getByText("As received").waitFor();
  });
});

test("the app's keys work while the keyboard is in a letter", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await line(page).frameLocator("iframe").first().getByRole("link", { name: "20931" }).focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("searchbox").waitFor();
  });
});

test("the letter's style is the one that the page's policy names", () => {
  const source = readFileSync(join(root, "crates/letter/src/page.rs"), "utf8");
  const style = /const STYLE: &str = "\\\n(.*?)";/s.exec(source)?.[1].replace(/\\\n\s*/g, "") ?? "";
  assert.match(style, /color-scheme/);
  const policy = JSON.parse(readFileSync(join(root, "tauri.conf.json"), "utf8")).app.security.csp;
  assert.ok(
    policy.includes(`'sha256-${createHash("sha256").update(style).digest("base64")}'`),
    "hash of the style",
  );
  const mock = readFileSync(join(root, "ui/src/platform/mock/letters.ts"), "utf8");
  assert.ok(mock.includes(style), "the practice world's letters are dressed alike");
});

/** Loads hostile letters and answers what came of them. */
async function hostile() {
  const reached = [];
  const ran = [];
  let errors;
  try {
    await withPage(inbox, async (page) => {
      await page.exposeFunction("__ran", (what) => ran.push(what));
      await page.evaluate(() => {
        window.__pwned = (what) => window.__ran(what);
      });
      await page.route(/evil\.example/, (route) => {
        reached.push(route.request().url());
        return route.abort();
      });
      page.on("popup", (popup) => reached.push(`popup ${popup.url()}`));
      const { origin } = new URL(page.url());
      await open(page, 4713);
      const frames = line(page).locator("iframe");
      await page.waitForFunction(() => document.querySelectorAll("[data-letter]").length === 28);
      assert.equal(await frames.count(), 28);
      // Every link there is, in every way a mouse has; a link that stayed one asks first.
      for (let n = 0; n < 28; n += 1) {
        for (const link of await frames.nth(n).contentFrame().locator("a").all()) {
          for (const click of [
            {},
            { button: "middle" },
            { modifiers: ["Control"] },
            { modifiers: ["Shift"] },
          ]) {
            await link.click({ ...click, timeout: 1000, force: true }).catch(() => undefined);
            await page.keyboard.press("Escape");
          }
        }
        const send = frames.nth(n).contentFrame().locator("button");
        if ((await send.count()) > 0)
          await send
            .first()
            .click({ timeout: 1000 })
            .catch(() => undefined);
      }
      await page.getByText("Bare letter 14").waitFor();
      assert.ok(page.url().startsWith(origin), "the page is where it was");
      // A frame that left holds another document than the one it was given.
      const left = await page.evaluate(
        () =>
          [...document.querySelectorAll("[data-letter]")].filter(
            (frame) => frame.contentWindow.location.href !== "about:srcdoc",
          ).length,
      );
      assert.equal(left, 0, "no letter left its frame");
      assert.deepEqual(await calls(page, "open_link"), []);
    });
  } catch (error) {
    // What the policy stopped is told as errors of the page: there must be some, or nothing was tried.
    if (!error.message.startsWith("the page met an error")) throw error;
    errors = error.actual;
  }
  return { reached, ran, errors };
}

test("letters that try to run, to fetch or to leave come to nothing, even if the core had let them through", async () => {
  const { reached, ran, errors } = await hostile();
  assert.deepEqual(ran, []);
  assert.deepEqual(reached, []);
  assert.ok(
    errors.some((words) => words.includes("sandboxed")),
    "the frame stopped scripts",
  );
  assert.ok(
    errors.some((words) => words.includes("Content Security Policy")),
    "the policy stopped requests",
  );
});

/** Ways in which a letter that nothing holds runs what it brings. */
const RUN = ["script", "onerror", "svg", "srcdoc"];

test("the same letters do run and fetch where nothing holds them: the check sees what it looks for", async () => {
  const ran = [];
  const reached = [];
  await withPage(inbox, async (page) => {
    const bare = await page.evaluate(() => {
      const { desk } = window.__offhook;
      return desk
        .all("centrum/4713")
        .entries.filter((one) => one.title.startsWith("Bare"))
        .map((one) => one.body.document);
    });
    assert.equal(bare.length, 14);
    // A page without policy of its own, on an address of its own.
    const context = await page.context().browser().newContext();
    const free = await context.newPage();
    await free.exposeFunction("__ran", (what) => ran.push(what));
    await free.route("https://free.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: "<title>free</title>" }),
    );
    await free.route(/evil\.example/, (route) => {
      reached.push(route.request().url());
      return route.abort();
    });
    await free.goto("https://free.example/");
    await free.evaluate((letters) => {
      window.__pwned = (what) => window.__ran(what);
      for (const letter of letters) {
        const frame = document.createElement("iframe");
        frame.srcdoc = letter;
        document.body.append(frame);
      }
    }, bare);
    await free.waitForRequest(/evil\.example/).catch(() => undefined);
    const end = Date.now() + 20_000;
    const all = () =>
      RUN.every((what) => ran.includes(what)) && reached.some((url) => url.includes("pixel.png"));
    while (!all() && Date.now() < end) await free.evaluate(() => new Promise(requestAnimationFrame));
    await context.close();
  });
  for (const what of RUN) assert.ok(ran.includes(what), `${what} ran: ${ran}`);
  assert.ok(
    reached.some((url) => url.includes("pixel.png")),
    `${reached}`,
  );
});

test("every letter that is typed is kept, outlives a crash, and is not shown in another ticket", async () => {
  await withPage(`${inbox}&keep=1`, async (page) => {
    await open(page);
    await button(composer(page), "Reply").click();
    await answer(page).pressSequentially("We found the second box");
    await page.waitForFunction(() =>
      window.__offhook.calls.some(
        (one) => one.command === "compose" && one.request.work.message?.text === "We found the second box",
      ),
    );
    await open(page, 4714);
    assert.equal(await answer(page).count(), 0);
    // As a kill: nothing of the page gets a chance to speak.
    await page.reload();
    await open(page);
    assert.equal(await answer(page).inputValue(), "We found the second box");
    await answer(page).press("Escape");
    await answer(page).waitFor({ state: "hidden" });
    await button(composer(page), /Reply/).first().waitFor();
    await open(page, 4714);
    await open(page);
    assert.equal(await answer(page).inputValue(), "We found the second box");
  });
});

test("a message goes out with Ctrl+Enter, can be taken back while it waits, and then stands in the line", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await world(page, () => {
      window.__offhook.desk.held = true;
    });
    await button(composer(page), "Reply to all").click();
    await page.getByText("office@example.org").waitFor();
    await answer(page).fill("It is on its way.");
    await page.keyboard.press("Control+Enter");
    const pending = line(page).getByRole("article", { name: "Reply", exact: true });
    await pending.getByText("Waiting to be sent").waitFor();
    await button(pending, "Take back").click();
    assert.equal(await answer(page).inputValue(), "It is on its way.");
    await answer(page).press("End");
    await answer(page).pressSequentially(" Promised!");
    await page.keyboard.press("Control+Enter");
    await pending.getByText("It is on its way. Promised!").waitFor();
    await world(page, () => {
      window.__offhook.desk.held = false;
      void window.__offhook.desk.work();
    });
    await line(page)
      .getByRole("article", { name: "Message of You" })
      .getByText("It is on its way. Promised!")
      .waitFor();
    await pending.waitFor({ state: "hidden" });
    const sent = await calls(page, "send");
    assert.deepEqual(sent, ["centrum/4711#reply", "centrum/4711#reply"]);
    assert.equal(await page.evaluate(() => window.__offhook.composing.length), 0);
  });
});

test("a refusal stays in place with the platform's words, and what may have arrived asks", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    const write = async (text, state) => {
      await world(
        page,
        (next) => {
          window.__offhook.desk.next = next;
        },
        state,
      );
      await button(composer(page), "Reply").click();
      await answer(page).fill(text);
      await page.keyboard.press("Control+Enter");
    };
    await write("First", { is: "refused", problem: refusal });
    const refused = line(page)
      .getByRole("article", { name: "Reply", exact: true })
      .filter({ hasText: "First" });
    await refused.getByText("Mailbox is full").waitFor();
    await button(refused, "Edit").click();
    assert.equal(await answer(page).inputValue(), "First");
    await button(composer(page), "Discard").click();
    await write("Second", { is: "ask", problem: { ...refusal, code: "unconfirmed", said: [] } });
    const asks = line(page)
      .getByRole("article", { name: "Reply", exact: true })
      .filter({ hasText: "Second" });
    await asks.getByText("It may have arrived.").waitFor();
    await button(asks, "It arrived, remove it here").click();
    await called(page, "execute", { do: "discard" });
    await asks.waitFor({ state: "hidden" });
  });
});

test("an answer goes to whom the agent saw, whoever writes before it is sent", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await world(page, () => {
      window.__offhook.desk.held = true;
    });
    await button(composer(page), "Reply").click();
    await answer(page).fill("On its way.");
    const seen = await page.evaluate(
      () => window.__offhook.tickets.find((one) => one.id === "centrum/4711").customer.address,
    );
    await composer(page).getByText(seen).waitFor();
    await page.keyboard.press("Control+Enter");
    await called(page, "send", "centrum/4711#reply");
    await page.waitForFunction(() => window.__offhook.outbox.length === 1);
    const work = await page.evaluate(() => window.__offhook.outbox[0].work);
    assert.deepEqual(work.message.to, [seen]);
  });
});

test("send and close: one item after the other, and the stage shows in place", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await button(composer(page), "Reply").click();
    await answer(page).fill("Solved.");
    await button(composer(page), "Send and more").click();
    await page.getByRole("menuitem", { name: "Send and close" }).click();
    await page.getByRole("button", { name: /Closed.*Stage|Stage.*Closed/ }).waitFor();
    await page.waitForFunction(() => window.__offhook.outbox.length === 0);
    assert.equal(
      await page.evaluate(() => window.__offhook.tickets.find((one) => one.id === "centrum/4711").stage),
      "closed",
    );
  });
});

test("templates, articles and files go in where one writes", async () => {
  await withPage(inbox, async (page) => {
    await world(page, () =>
      window.__offhook.change("centrum", (state) => state.capabilities.push("knowledge")),
    );
    await open(page);
    await button(composer(page), "Reply").click();
    await answer(page).fill("Hello, goodbye");
    await answer(page).evaluate((area) => area.setSelectionRange(7, 7));
    await button(composer(page), "Templates").click();
    await page.getByRole("searchbox", { name: "Search templates" }).fill("late");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() =>
      document.querySelector("textarea")?.value.startsWith("Hello, Your parcel is late, and we are sorry."),
    );
    await button(composer(page), "Knowledge base").click();
    await page.getByRole("searchbox", { name: "Search the knowledge base" }).fill("return");
    await button(page, "Insert the link").click();
    await page.waitForFunction(() =>
      document.querySelector("textarea")?.value.includes("https://help.example.com/returns"),
    );
    await page.setInputFiles('input[type="file"]', [
      { name: "label.pdf", mimeType: "application/pdf", buffer: Buffer.from("hello") },
      { name: "film.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) },
    ]);
    await called(page, "stage_file", { name: "label.pdf", base64: Buffer.from("hello").toString("base64") });
    await composer(page).getByText("film.mp4 could not be attached").waitFor();
    await button(composer(page), "Remove film.mp4").click();
    await page.waitForFunction(() =>
      window.__offhook.composing.some((one) => one.work.message?.files?.[0]?.name === "label.pdf"),
    );
    assert.equal((await calls(page, "stage_file")).length, 1);
  });
});

test("a field changes in place, shows that it is on its way, and a conflict is decided field by field", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await world(page, () => {
      window.__offhook.desk.held = true;
    });
    const choose = async (field, option) => {
      await page
        .getByRole("button", { name: new RegExp(field) })
        .first()
        .click();
      await page.getByRole("option", { name: option, exact: true }).click();
    };
    await choose("Priority", "High");
    await called(page, "queue_work", {
      kind: "edit",
      edit: [{ key: "priority", was: ["medium"], now: ["high"] }],
    });
    await page.getByRole("button", { name: /High/ }).waitFor();
    await world(page, () => {
      window.__offhook.desk.changes("centrum/4711", "priority", ["low"]);
      window.__offhook.desk.held = false;
      void window.__offhook.desk.work();
    });
    const conflict = region(page, "Somebody else changed this meanwhile");
    const group = conflict.getByRole("radiogroup", { name: "Priority" });
    await group.getByRole("radio", { name: /On the platform now.*Low/ }).waitFor();
    assert.ok(await button(conflict, "Use what I chose").isDisabled());
    await group.getByText("My change").click();
    await shot(page, "conflict");
    await accessible(page, "conflict");
    await button(conflict, "Use what I chose").click();
    await called(page, "resolve", { fields: [{ key: "priority", now: ["high"] }] });
    await conflict.waitFor({ state: "hidden" });
    await page.waitForFunction(
      () => window.__offhook.tickets.find((one) => one.id === "centrum/4711").priority === "high",
    );
  });
});

test("what is typed into fields and records is kept and saved when the agent says", async () => {
  await withPage(
    inbox,
    async (page) => {
      await open(page);
      await button(page, "Edit the subject").click();
      const subject = page.getByRole("textbox", { name: "Subject" }).first();
      await subject.fill("One parcel of two");
      await page.waitForFunction(() =>
        window.__offhook.composing.some(
          (one) => one.key === "centrum/4711#edit" && one.work.edit[0].now[0] === "One parcel of two",
        ),
      );
      await open(page, 4714);
      await open(page);
      await page.getByText("Changed, not saved: Subject").waitFor();
      await button(page, "Save").first().click();
      await page.getByRole("heading", { name: "One parcel of two" }).waitFor();
      await button(page, "Details").click();
      const record = region(page, "CRM record");
      await record.getByRole("textbox", { name: "Note of the warehouse" }).fill("Found in Brno.");
      await button(record, "Save").click();
      await page.waitForFunction(() =>
        window.__offhook.desk
          .all("centrum/4711")
          .records.some((one) => one.fields[0].values[0] === "Found in Brno."),
      );
      await region(page, "Customer")
        .getByRole("button", { name: /^Call \+44/ })
        .waitFor();
    },
    { width: 1600 },
  );
});

test("a ticket is deleted with a word for colleagues, and says that it is gone", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await button(page, "Delete the ticket").click();
    const question = page.getByRole("alertdialog", { name: "Delete ticket 4711?" });
    await question.getByRole("textbox").fill("Twice the same");
    await button(question, "Delete the ticket").click();
    await called(page, "queue_work", { kind: "delete", note: "Twice the same" });
    await page.getByText("This ticket is no longer there").first().waitFor();
    assert.equal(await answer(page).count(), 0);
  });
});

test("a new ticket asks what its category asks, keeps every letter, and goes to the outbox", async () => {
  await withPage(inbox, async (page) => {
    await button(page, "Tickets").click();
    await page.getByRole("option").first().waitFor();
    await button(page, "New ticket").click();
    const dialog = page.getByRole("dialog", { name: "New ticket" });
    await dialog.getByRole("textbox", { name: "Subject" }).fill("Where is my lift?");
    await button(dialog, "Create the ticket").click();
    await dialog.getByText("Missing: Category").first().waitFor();
    assert.deepEqual(await calls(page, "send"), []);
    await dialog.getByRole("button", { name: /Category/ }).click();
    await page.getByRole("option", { name: "Orders", exact: true }).click();
    await dialog.getByRole("textbox", { name: "Order number" }).fill("20931");
    await dialog.getByRole("textbox", { name: "First message" }).fill("It stopped again.");
    await button(dialog, "Keep for later").click();
    await button(page, "New ticket").click();
    assert.equal(
      await dialog.getByRole("textbox", { name: "First message" }).inputValue(),
      "It stopped again.",
    );
    await accessible(page, "new ticket");
    await button(dialog, "Create the ticket").click();
    await called(page, "send", "new#");
    await dialog.waitFor({ state: "hidden" });
  });
});

test("a new ticket for a contact begins with them", async () => {
  await withPage(inbox, async (page) => {
    await button(page, "Contacts").click();
    await page.getByRole("option", { name: /Ivana/ }).first().click();
    await button(page, "New ticket").click();
    const dialog = page.getByRole("dialog", { name: "New ticket" });
    await dialog.getByRole("button", { name: /Ivana Dvořáková/ }).waitFor();
    await page.waitForFunction(
      () => document.querySelector("[role=dialog] input[type=email]")?.value === "person.0@example.com",
    );
    await called(page, "compose", { key: "new#centrum/contact_0" });
  });
});

test("offline: what is kept is shown with its age, and writing goes on", async () => {
  await withPage(inbox, async (page) => {
    await open(page);
    await world(page, () => window.__offhook.offline("centrum"));
    await page.getByText(/^Shown as it was read at/).waitFor();
    await world(page, () => window.__offhook.shell({ event: "show_ticket", ticket: "centrum/4712" }));
    await page.getByText("The connection was lost.").first().waitFor();
    await open(page);
    await page.getByText(/^Shown as it was read at/).waitFor();
    await button(composer(page), "Note").click();
    await page.getByRole("textbox", { name: /^Internal note/ }).fill("Call back tomorrow");
    await called(page, "compose", { key: "centrum/4711#note" });
  });
});

test("a long conversation draws what is in sight, opens at its end, and follows what comes", async () => {
  await withPage(inbox, async (page) => {
    await open(page, 4714);
    await line(page).getByText("Line 400 of a long chat").waitFor();
    assert.ok((await line(page).locator("[data-item]").count()) < 60);
    await world(page, () =>
      window.__offhook.desk.adds("centrum/4714", {
        body: { document: null, text: "One more thing", blocked: 0, trusted: false, cut: false },
      }),
    );
    await line(page).getByText("One more thing").waitFor();
    await line(page).focus();
    await page.keyboard.press("Home");
    await line(page).getByText("Line 1 of a long chat").waitFor();
  });
});

test("all of it by the keyboard, and readable dark, narrow, large and from right to left", async () => {
  await withPage(`${inbox}&theme=dark`, async (page) => {
    await open(page);
    await line(page).focus();
    await page.keyboard.press("r");
    await page.keyboard.type("By hand");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() =>
      window.__offhook.composing.some((one) => one.work.message?.text === "By hand"),
    );
    await shot(page, "conversation-dark");
    await accessible(page, "conversation, dark");
  });
  await withPage(
    `${inbox}&theme=light`,
    async (page) => {
      await open(page);
      await shot(page, "conversation-narrow");
      await accessible(page, "conversation, narrow");
      await page.evaluate(() => {
        document.documentElement.dir = "rtl";
      });
      await shot(page, "conversation-rtl");
    },
    { width: 640, height: 800 },
  );
});
