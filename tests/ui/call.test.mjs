// A call from ringing to closed, as a person would handle it, and everything that can go otherwise.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, dock, region, withPage, world } from "./harness.mjs";

const ring = async (page, options = { person: 0 }) => {
  await region(page, "Ringing").waitFor();
  return world(page, (what) => window.__offhook.ring(what), options);
};

test("a call rings, is answered, written down, hung up, and closed with a code", async () => {
  await withPage("/", async (page) => {
    const id = await ring(page);
    await region(page, "Ringing").getByText("Ivana Dvořáková").waitFor();
    assert.match(await page.title(), /Ivana Dvořáková is calling/);
    await button(dock(page), "Answer").click();
    await dock(page).getByText("In call").waitFor();
    assert.equal(await region(page, "Ringing").getByText("Ivana Dvořáková").count(), 0);

    await dock(page).getByRole("textbox", { name: "Note" }).fill("Second parcel is missing");
    await called(page, "save_draft", { activity: id });
    await button(dock(page), "Hang up").click();
    await dock(page).getByText("Wrap-up", { exact: true }).waitFor();
    assert.equal(
      await dock(page).getByRole("textbox", { name: "Note" }).inputValue(),
      "Second parcel is missing",
    );

    await button(dock(page), "Close").click();
    await dock(page).getByText("Choose a wrap-up code before closing.").waitFor();
    assert.deepEqual(
      (await calls(page, "execute")).filter((command) => command.do === "close"),
      [],
    );
    await dock(page)
      .getByText(/^Resolved/)
      .click();
    await button(dock(page), "Close").click();
    await dock(page).getByText("Wrap-up", { exact: true }).waitFor({ state: "hidden" });
    const close = await called(page, "execute", { do: "close" });
    assert.deepEqual(close.draft, { note: "Second parcel is missing", dispositions: ["resolved"] });
    await region(page, "Open").getByText("Nothing is open.").waitFor();
  });
});

test("a button that was pressed waits in place until the platform confirms", async () => {
  await withPage("/", async (page) => {
    await world(page, () => {
      window.__offhook.latency = 60_000;
    });
    await ring(page);
    await button(dock(page), "Answer").click();
    await button(dock(page), "Answer").and(page.locator("[data-pending]")).waitFor();
    await button(dock(page), "Answer").click({ force: true });
    assert.equal((await calls(page, "execute")).length, 1);
    assert.ok(await dock(page).getByText("Ringing").isVisible(), "nothing is shown as answered before it is");
  });
});

test("a refusal stands beside the call, in the platform's words, with the next step", async () => {
  await withPage("/", async (page) => {
    await ring(page);
    await world(page, () =>
      window.__offhook.faults.set("answer", {
        code: "refused",
        message: "",
        hint: "",
        account: "centrum",
        said: ["Your device is busy"],
        fields: {},
        facts: {},
      }),
    );
    await button(dock(page), "Answer").click();
    const card = dock(page).getByRole("article", { name: /Ivana/ });
    await card.getByText("Your device is busy").waitFor();
    await button(card, "Try again").click();
    await dock(page).getByText("In call").waitFor();
  });
});

test("a call answered elsewhere stops ringing, and Work says why", async () => {
  await withPage("/", async (page) => {
    const id = await ring(page);
    await button(dock(page), "Answer").waitFor();
    await world(page, (activity) => window.__offhook.endRing(activity, "answered_elsewhere"), id);
    await button(dock(page), "Answer").waitFor({ state: "hidden" });
    await region(page, "Ringing").getByText("answered elsewhere").waitFor();
  });
});

test("only what the platform offers is drawn", async () => {
  await withPage("/", async (page) => {
    const id = await ring(page);
    await world(
      page,
      (activity) =>
        window.__offhook.change("centrum", () => {
          const one = window.__offhook.activities.find(({ id: name }) => name === activity);
          one.actions = ["answer"];
        }),
      id,
    );
    await world(page, () => window.__offhook.shell({ event: "show", activity: "nobody" }));
    await world(page, () => window.dispatchEvent(new Event("focus")));
    await button(dock(page), "Decline").waitFor({ state: "hidden" });
    assert.equal(await button(dock(page), "Answer").count(), 1);
  });
});

test("a note outlives the call that ended on the platform before it was sent", async () => {
  await withPage("/", async (page) => {
    const id = await ring(page);
    await button(dock(page), "Answer").click();
    await dock(page).getByRole("textbox", { name: "Note" }).fill("Promised a call at nine");
    await world(page, (activity) => window.__offhook.remove(activity), id);
    await called(page, "save_draft", { activity: id });
    const unsent = region(page, "Unsent").getByRole("listitem").filter({ hasText: "Ivana Dvořáková" });
    await unsent.getByText("Promised a call at nine").waitFor();
    await unsent.getByText("It is no longer there.").waitFor();
  });
});

test("every keystroke is saved even if the field is left at once", async () => {
  await withPage("/", async (page) => {
    await ring(page);
    await button(dock(page), "Answer").click();
    const note = dock(page).getByRole("textbox", { name: "Note" });
    await note.pressSequentially("abc");
    await button(page, "Contacts").click();
    const saved = await called(page, "save_draft", { draft: { note: "abc", dispositions: [] } });
    assert.equal(saved.draft.note, "abc");
  });
});

test("a second call does not push away what is being written", async () => {
  await withPage("/", async (page) => {
    await ring(page);
    await button(dock(page), "Answer").click();
    const note = dock(page).getByRole("textbox", { name: "Note" });
    await note.fill("half a sent");
    await ring(page, { person: 4 });
    await dock(page)
      .getByRole("article", { name: /is calling/ })
      .waitFor();
    await page.keyboard.type("ence");
    assert.equal(await note.inputValue(), "half a sentence");
  });
});

test("rows do not move while the pointer is on them", async () => {
  await withPage("/?world=busy", async (page) => {
    const waiting = region(page, "Waiting");
    await waiting.getByText("claims@example.org").hover();
    const before = await waiting.getByText("claims@example.org").boundingBox();
    await world(page, () =>
      window.__offhook.remove(window.__offhook.activities.find(({ channel }) => channel === "chat").id),
    );
    await waiting.getByText("Gone").waitFor();
    assert.deepEqual(await waiting.getByText("claims@example.org").boundingBox(), before);
    await page.mouse.move(5, 400);
    await waiting.getByText("Gone").waitFor({ state: "hidden" });
  });
});

test("a lost event is noticed and the truth is fetched", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    const asked = (await calls(page, "snapshot")).length;
    await world(page, () => {
      window.__offhook.lose(1);
      window.__offhook.ring({ person: 0 });
    });
    await button(dock(page), "Answer").waitFor();
    assert.ok((await calls(page, "snapshot")).length > asked);
  });
});

test("work that was refused waits in the outbox and can be sent again, or thrown away after a question", async () => {
  await withPage("/?world=busy", async (page) => {
    const unsent = region(page, "Unsent");
    await unsent.getByText("Status is required in this queue").waitFor();
    await button(unsent, "Discard").click();
    const question = page.getByRole("alertdialog");
    await button(question, "Cancel").click();
    assert.deepEqual(await calls(page, "execute"), []);
    await button(unsent, "Resend").click();
    await unsent.waitFor({ state: "hidden" });
    await called(page, "execute", { do: "resend", item: 1 });
  });
});

test("while the platform is not heard the window says loudly that calls cannot ring", async () => {
  await withPage("/", async (page) => {
    await page.getByRole("button", { name: "State: Not ready" }).click();
    await button(page.getByRole("dialog"), "Ready").click();
    await page.getByRole("button", { name: "State: Ready" }).waitFor();
    await world(page, () => window.__offhook.offline("centrum"));
    await page.getByText("Calls cannot ring").waitFor();
    await page.getByText(/No contact with Centrum since/).waitFor();
    await world(page, () => window.__offhook.online("centrum"));
    await page.getByText("Calls cannot ring").waitFor({ state: "hidden" });
  });
});

test("ready with a device that cannot be reached is not shown as ready", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () =>
      window.__offhook.change("centrum", (state) => {
        state.agent = { ...state.agent, presence: "ready", reach: "unreachable" };
      }),
    );
    await page.getByText("Calls cannot ring").waitFor();
    await page.getByText(/Centrum cannot reach your device/).waitFor();
  });
});

test("a refused change of state stands under the state, and can be tried again", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () =>
      window.__offhook.faults.set("set_state", {
        code: "refused",
        message: "",
        hint: "",
        account: "centrum",
        said: ["Maximum of paused users reached"],
        fields: {},
        facts: {},
      }),
    );
    await page.getByRole("button", { name: /^State:/ }).click();
    await button(page.getByRole("dialog"), "Lunch 30 min · unpaid").click();
    await page.getByText("Maximum of paused users reached").waitFor();
    assert.ok(await page.getByRole("button", { name: "State: Not ready" }).isVisible());
    await button(page, "Try again").click();
    await page.getByRole("button", { name: "State: Lunch" }).waitFor();
    await page.getByText(/29:5\d left|30:00 left/).waitFor();
  });
});

test("device and queues are changed under the state", async () => {
  await withPage("/", async (page) => {
    await page.getByRole("button", { name: /^State:/ }).click();
    const menu = page.getByRole("dialog");
    await menu.getByRole("switch", { name: "Orders" }).click({ force: true });
    await called(page, "execute", { do: "set_queue", queue: "orders", logged_in: true });
    await menu.getByRole("button", { name: /Device on Centrum/ }).click();
    await page.getByRole("option", { name: "My mobile" }).click();
    await called(page, "execute", { do: "set_device", device: "mobile", logged_in: true });
  });
});
