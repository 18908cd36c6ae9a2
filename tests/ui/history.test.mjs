// The past: many rows without waiting, filters, calling back by one key, marks, the calls of groups, conferences.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, region, withPage, world } from "./harness.mjs";

const open = async (page) => {
  await button(page, "History").click();
  await page.getByRole("option").first().waitFor();
};
const list = (page) => page.getByTestId("history-list");
const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const problem = (code, account = "vaxel") => ({
  code,
  message: "",
  hint: "",
  account,
  said: [],
  fields: {},
  facts: {},
});
const fault = (page, command, code) =>
  world(page, ([name, what]) => window.__offhook.faults.set(name, what), [command, problem(code)]);

test("only the rows in sight are drawn, however many there are", async () => {
  await withPage("/?world=centre&history=20000&page=20000", async (page) => {
    await open(page);
    for (const place of [0, 300_000, 1_000_000, 0]) {
      await list(page).evaluate((element, top) => element.scrollTo(0, top), place);
      await page.waitForFunction((top) => {
        const box = document.querySelector("[data-testid=history-list]");
        const frame = box.getBoundingClientRect();
        const rows = [...box.querySelectorAll("[role=option]")].map((row) => row.getBoundingClientRect());
        const covered =
          rows.some((row) => row.top <= frame.top + 40) && rows.some((row) => row.bottom >= frame.bottom - 1);
        return Math.abs(box.scrollTop - top) < 60 && covered;
      }, place);
      assert.ok((await page.getByRole("option").count()) < 60);
    }
    await list(page).focus();
    await page.keyboard.press("End");
    await page.locator('[role=option][aria-posinset="20000"]').waitFor();
  });
});

test("older pages come when the end is in sight, and nothing comes twice", async () => {
  await withPage("/?world=centre&history=60&page=25", async (page) => {
    await open(page);
    await page.getByText("25 so far").waitFor();
    await list(page).focus();
    await page.keyboard.press("End");
    await page.getByText("50 so far").waitFor();
    await page.keyboard.press("End");
    await page.getByText("60 items").waitFor();
    await page.keyboard.press("End");
    await page.locator('[role=option][aria-posinset="60"]').waitFor();
    const asked = await calls(page, "history");
    assert.equal(asked.length, 3);
    assert.equal(asked[0].before, null);
    assert.ok(asked[1].before > asked[2].before);
  });
});

test("filters ask for less; nothing of a kind is said", async () => {
  await withPage("/?world=centre&history=4", async (page) => {
    await open(page);
    await button(page, "Missed").click();
    await called(page, "history", { outcomes: ["missed"], account: null, group: null });
    await page.getByText("1 item", { exact: true }).waitFor();
    await button(page, "Missed").click();
    await button(page, "Recording").click();
    await page.getByText("Nothing of this kind").waitFor();
    await button(page, "Voicemail").click();
    await called(page, "history", { outcomes: ["voicemail", "recording"] });
    await page.getByText("1 item", { exact: true }).waitFor();
  });
});

test("with several accounts one can be chosen, and each item says whose it is", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () =>
      window.__offhook.change("centrum", (state) => {
        state.capabilities = [...state.capabilities, "history"];
      }),
    );
    await open(page);
    await page.getByRole("option").first().getByText("Växel").waitFor();
    await page.getByRole("button", { name: /^All accounts/ }).click();
    await page.getByRole("option", { name: "Centrum", exact: true }).click();
    await called(page, "history", { account: "centrum" });
    await page.getByText("Nothing yet").waitFor();
  });
});

test("one key calls back, with the last choice, and the call is seen", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const first = page.getByRole("option").first();
    await first.getByText("Not seen yet").waitFor({ state: "attached" });
    await list(page).focus();
    await page.keyboard.press("Enter");
    const dial = await called(page, "execute", { do: "dial", account: "vaxel" });
    assert.equal(dial.number, "+420601000000");
    await called(page, "mark_history", { item: "vaxel/past_0", mark: { mark: "seen" } });
    await first.getByText("Not seen yet").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("c");
    await called(page, "execute", { do: "dial", number: "+46701740607" });
  });
});

test("a call back that is refused says so at the list", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await fault(page, "dial", "bad_number");
    await list(page).focus();
    await page.keyboard.press("Enter");
    await region(page, "Past calls").getByText("This is not a number that can be dialled.").waitFor();
  });
});

test("marks are kept by the platform; a refused one changes nothing", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await page.getByRole("option", { name: /Owen Blackwood/ }).click();
    const details = region(page, "Details");
    await fault(page, "mark_history", "forbidden");
    await button(details, "Mark as seen").click();
    await details.getByText("Your user may not do this on the platform.").waitFor();
    await button(details, "Mark as seen").click();
    await button(details, "Mark as not seen").waitFor();
    await button(details, "Mark as played").click();
    await called(page, "mark_history", { item: "vaxel/past_3", mark: { mark: "played" } });
    await details.getByText("Played", { exact: true }).waitFor();
    await button(details, "Delete").click();
    await button(page.getByRole("alertdialog"), "Delete").click();
    await page.getByRole("option", { name: /Owen Blackwood/ }).waitFor({ state: "hidden" });
    await details.getByText("Choose a call").waitFor();
  });
});

test("what the platform calls by a word we do not know is shown as it is", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await list(page).focus();
    await page.keyboard.press("End");
    await page.getByRole("option").getByText("PARKED_TOO_LONG").waitFor();
  });
});

test("a call of a group is taken over and handled with a note, which is not lost on the way", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await tab(page, "Groups").click();
    await called(page, "history", { account: "vaxel", group: "support" });
    await page.getByRole("option").first().click();
    const care = region(page, "Who takes care of it");
    await care.getByText("Unhandled").waitFor();
    await button(care, "Take over").click();
    await care.getByText("In progress").waitFor();
    await care.getByText("Nora Lind").waitFor();
    await care.getByRole("textbox").fill("Promised a call at four.");
    await fault(page, "mark_history", "network");
    await button(care, "Mark as handled").click();
    await care.getByText("This was not kept. Your note is still here.").waitFor();
    await page.getByRole("option").nth(1).click();
    await page.getByRole("option").first().click();
    assert.equal(await care.getByRole("textbox").inputValue(), "Promised a call at four.");
    await button(care, "Mark as handled").click();
    await care.getByText("Handled", { exact: true }).waitFor();
    const kept = await called(page, "mark_history", {
      item: "vaxel/group_0",
      mark: { mark: "handled", state: "handled", note: "Promised a call at four." },
    });
    assert.ok(kept);
    await button(page, "Unhandled").click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll("[role=option]")].every((row) => row.textContent.includes("Unhandled")),
    );
    await page.getByRole("button", { name: /^Support/ }).click();
    await page.getByRole("option", { name: "Sales" }).click();
    await called(page, "history", { account: "vaxel", group: "sales" });
  });
});

test("an account that cannot be asked is named beside what the others told", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => {
      window.__offhook.archive.silent = ["centrum"];
    });
    await open(page);
    const side = region(page, "Past calls");
    await side.getByText("The connection was lost.").waitFor();
    await side.getByText("Centrum").waitFor();
    assert.ok((await page.getByRole("option").count()) > 5);
  });
});

test("a past that cannot be asked at all can be tried again", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    await fault(page, "history", "server_fault");
    await button(page, "History").click();
    await page.getByText("The platform has a fault.").waitFor();
    await button(page, "Try again").click();
    await page.getByRole("option").first().waitFor();
  });
});

test("a call that just ended waits aside while the list is pointed at", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await page.getByRole("option").nth(2).hover();
    const first = await page.getByRole("option").first().textContent();
    await world(page, () => {
      const world = window.__offhook;
      const [newest] = world.archive.own;
      world.archive.own = [
        {
          ...newest,
          id: "vaxel/past_new",
          at: Date.now(),
          party: { name: "Just now", company: null, phone: null, address: null },
        },
        ...world.archive.own,
      ];
      world.endRing(world.ring({ person: 0 }), "abandoned");
    });
    await button(page, "1 new").waitFor();
    assert.equal(await page.getByRole("option").first().textContent(), first);
    await button(page, "1 new").click();
    await page.getByRole("option", { name: /Just now/ }).waitFor();
  });
});

test("days are named in the agent's language", async () => {
  await withPage("/?world=centre&language=cs", async (page) => {
    await page.getByRole("button", { name: "Historie", exact: true }).click();
    await list(page).getByText("Včera").or(list(page).getByText("Dnes")).first().waitFor();
    await list(page).focus();
    await page.keyboard.press("End");
    await list(page)
      .getByText(/^(pondělí|úterý|středa|čtvrtek|pátek|sobota|neděle) \d+\. \p{L}+$|^Včera$/u)
      .first()
      .waitFor();
  });
});

test("a conference is joined on the chosen device, dialled into, and left", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await tab(page, "Conferences").click();
    const weekly = page.getByRole("article", { name: "Weekly of the support desk" });
    await weekly.getByText("482 115").waitFor();
    await weekly.getByRole("button", { name: /The platform chooses/ }).click();
    await page.getByRole("option").nth(1).click();
    await fault(page, "take_part", "refused");
    await button(weekly, "Join").click();
    await weekly.getByText("The platform refused.").waitFor();
    await button(weekly, "Join").click();
    await weekly.getByText("The platform calls your device.").waitFor();
    const taken = (await calls(page, "take_part")).at(-1);
    assert.deepEqual([taken.account, taken.conference, taken.join], ["vaxel", "weekly", true]);
    assert.ok(taken.device);
    await button(weekly, "Leave").click();
    await weekly.getByText("You left the conference.").waitFor();
    await button(weekly, "Call +442079460150").click();
    await called(page, "execute", { do: "dial", account: "vaxel", number: "+442079460150" });
  });
});

test("where no account keeps a history, the view says so", async () => {
  await withPage("/", async (page) => {
    await button(page, "History").click();
    await page.getByText("No account keeps a history").waitFor();
  });
});

test("who was missed and spoken to since is marked, in the list and in its details", async () => {
  await withPage("/?world=centre&history=12", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => {
      const { archive } = window.__offhook;
      const [missed] = archive.own;
      const later = {
        ...missed,
        id: "vaxel/back",
        outcome: "answered",
        direction: "out",
        at: missed.at + 60_000,
        seconds: 90,
        count: 1,
        seen: null,
      };
      archive.own = [later, ...archive.own];
    });
    await open(page);
    const missed = page.getByRole("option").nth(1);
    await missed.getByText("Called back").waitFor();
    await missed.click();
    await region(page, "Details").getByText("Called back").waitFor();
    // The list may show missed ones only: that they were called back is known all the same.
    await button(page, "Missed").click();
    await called(page, "history", { outcomes: ["missed"] });
    await page.getByRole("option").first().getByText("Called back").waitFor();
  });
});

test("the history leads to my day", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await button(page, "Open my day").click();
    await region(page, "Course of the day").waitFor();
    await tab(page, "Past").click();
    await page.getByRole("option").first().waitFor();
  });
});
