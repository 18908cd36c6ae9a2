// My day: a day drawn to scale and as tables, its sums beside the usual ones, other days, calling back, exporting; what
// Work shows of today.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, region, shot, withPage, world } from "./harness.mjs";

/** Friday afternoon in Prague. */
const NOW = new Date("2026-11-20T14:30:20+01:00");
const PRAGUE = { at: NOW, timezoneId: "Europe/Prague" };

const openDay = async (page) => {
  await page.keyboard.press("Alt+0");
  await region(page, "Course of the day").waitFor();
};
const line = (page) => page.getByRole("listbox", { name: "The day drawn to scale" });
const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const chooseDate = (page, date) => page.getByLabel("Day", { exact: true }).fill(date);
const fault = (page, command, code) =>
  world(
    page,
    ([name, what]) =>
      window.__offhook.faults.set(name, {
        code: what,
        message: "",
        hint: "",
        account: null,
        said: [],
        fields: {},
        facts: {},
      }),
    [command, code],
  );

/** What the line names above its hours, and where in it each stands, from 0 to 1. */
const hours = (page) =>
  page.evaluate(() => {
    const list = document.querySelector("[role=listbox][aria-orientation=horizontal]");
    const row = list.previousElementSibling;
    const { left, width } = row.getBoundingClientRect();
    return [...row.children].map((hour) => ({
      name: hour.textContent,
      at: Math.round(((hour.getBoundingClientRect().left - left) / width) * 1000) / 1000,
    }));
  });

test("today is drawn to scale: a stretch begins where its hour stands", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      const named = await hours(page);
      assert.deepEqual(
        named.map((hour) => hour.name),
        ["08", "09", "10", "11", "12", "13", "14"],
      );
      const lunch = page.getByRole("option", { name: /^12:04\p{P}12:32, Centrum, Lunch, 28\smin$/u });
      const place = await lunch.evaluate((element) => {
        const row = element.parentElement.getBoundingClientRect();
        const { left, width } = element.getBoundingClientRect();
        return [(left - row.left) / row.width, width / row.width];
      });
      // From eight to three: lunch began after four hours and four minutes and lasted for twenty-eight.
      assert.ok(Math.abs(place[0] - 244 / 420) < 0.005, `begins at ${place[0]}`);
      assert.ok(Math.abs(place[1] - 28 / 420) < 0.005, `is ${place[1]} wide`);
      await shot(page, "day");
      await accessible(page, "my day");
    },
    PRAGUE,
  );
});

for (const [date, count, twos] of [
  ["2026-03-29", 23, 0],
  ["2026-10-25", 25, 2],
]) {
  test(`the day on which the clock changes has its ${count} hours, each as wide as the others`, async () => {
    await withPage(
      "/?world=four",
      async (page) => {
        await world(
          page,
          (day) => {
            const { diary } = window.__offhook;
            window.__offhook.diary = { ...diary, shifts: new Set([...diary.shifts, day]) };
          },
          date,
        );
        await openDay(page);
        await chooseDate(page, date);
        await button(page, "Today").and(page.locator(":enabled")).waitFor();
        await page.getByRole("radio", { name: "Whole day" }).click();
        await page.waitForFunction(
          (wanted) =>
            document.querySelector("[role=listbox][aria-orientation=horizontal]")?.previousElementSibling
              .children.length === wanted,
          count,
        );
        const all = await hours(page);
        const apart = all.slice(1).map((hour, index) => hour.at - all[index].at);
        assert.ok(Math.max(...apart) - Math.min(...apart) < 0.004, `hours are ${apart} wide`);
        // The hour from two to three is left out in March, and comes twice in October.
        const named = all.map((hour) => hour.name);
        assert.deepEqual([named[0], named.at(-1)], ["00", "23"]);
        assert.equal(named.filter((name) => name === "02").length, twos);
      },
      { ...PRAGUE, width: 2400 },
    );
  });
}

test("the arrow keys walk through contacts and states, and what is chosen is told below", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await line(page).focus();
      await page.keyboard.press("ArrowRight");
      const chosen = page.locator("[role=option][aria-selected=true]");
      const first = await chosen.getAttribute("aria-label");
      assert.match(first, /^08:09/);
      const details = region(page, "Details");
      await details.getByText("Handled", { exact: true }).waitFor();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await details.getByText("Missed", { exact: true }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() =>
        document
          .querySelector("[role=option][aria-selected=true]")
          ?.getAttribute("aria-label")
          .includes("Ready"),
      );
      await page.keyboard.press("ArrowRight");
      await details.getByRole("heading", { name: "Coffee" }).waitFor();
      // Thirteen minutes where ten are allowed.
      await details.getByText("3 min over").waitFor();
      await page.keyboard.press("ArrowDown");
      await details.getByText("Told afterwards").waitFor();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Home");
      assert.equal(await chosen.getAttribute("aria-label"), first);
    },
    PRAGUE,
  );
});

test("one key calls the chosen contact back, with the last choice", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await page
        .getByRole("option", { name: /Missed/ })
        .first()
        .click({ force: true });
      await line(page).focus();
      await page.keyboard.press("c");
      const dialled = await called(page, "execute", { do: "dial", account: "centrum" });
      const details = region(page, "Details");
      await details.getByText(dialled.number.slice(-4)).first().waitFor();
    },
    PRAGUE,
  );
});

test("the tables say the same as the line", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      const drawn = await page.getByRole("option").count();
      await page.getByRole("switch", { name: "As tables" }).click({ force: true });
      const contacts = page.getByRole("table", { name: "Contacts" });
      const states = page.getByRole("table", { name: "States" });
      const rows = (await contacts.getByRole("row").count()) + (await states.getByRole("row").count()) - 2;
      assert.equal(rows, drawn);
      await states.getByRole("row", { name: /Centrum 12:04\p{P}12:32 Lunch 28\smin/u }).waitFor();
      await accessible(page, "my day as tables");
      await button(contacts, "Call back").first().click();
      await called(page, "execute", { do: "dial" });
    },
    PRAGUE,
  );
});

test("sums stand beside the usual ones, and pauses beside their allowance", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      const sums = region(page, "Sums");
      await sums.getByText("usually 21").waitFor();
      await sums
        .getByText(/^\d+ fewer$/)
        .first()
        .waitFor();
      await sums.getByText("Compared with your average of 17 working days").waitFor();
      const pauses = page.getByRole("table", { name: "Pauses" });
      await pauses.getByRole("row", { name: /^Coffee paid 1 13\smin 10\smin 3\smin over/ }).waitFor();
      await pauses
        .getByRole("row", { name: /^Lunch unpaid 1 28\smin 30\smin Within the allowance/ })
        .waitFor();
    },
    PRAGUE,
  );
});

test("what comes while the day is shown appears, and the present moves on", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await page.getByText("14:30", { exact: true }).waitFor();
      await world(page, () => {
        const world = window.__offhook;
        const now = Date.now();
        world.tellsDay("2026-11-20", {
          id: "centrum/new",
          account: "centrum",
          channel: "call",
          direction: "in",
          outcome: "missed",
          party: { name: "Just now", company: null, phone: null, address: null },
          queue: null,
          began: now - 60_000,
          answered: null,
          ended: now - 30_000,
          closed: null,
          hold_seconds: 0,
          returned: false,
          witness: "seen",
        });
      });
      await page.getByRole("option", { name: /Just now, Missed/ }).waitFor({ state: "attached" });
      await page.clock.setFixedTime(new Date(NOW.getTime() + 60_000));
      await page.getByText("14:31", { exact: true }).waitFor();
    },
    PRAGUE,
  );
});

test("another day is not read again when today's record changes", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await button(page, "Day before").click();
      await page.getByRole("heading", { name: "Yesterday" }).waitFor();
      await called(page, "day", { date: "2026-11-19" });
      await page
        .getByRole("option", { name: /Training/ })
        .first()
        .waitFor({ state: "attached" });
      const before = (await calls(page, "day")).length;
      await world(page, () => window.__offhook.tellsDay("2026-11-20"));
      await world(page, () => window.__offhook.tellsDay("2026-11-19"));
      await page.waitForFunction(
        (was) => window.__offhook.calls.filter((one) => one.command === "day").length > was,
        before,
      );
      const after = (await calls(page, "day")).slice(before);
      assert.deepEqual(after, [{ date: "2026-11-19", ask: false }]);
      await button(page, "Day after").click();
      await page.getByRole("heading", { name: "Today" }).waitFor();
      assert.ok(await button(page, "Day after").isDisabled());
    },
    PRAGUE,
  );
});

test("a day that is not kept is asked for from the platforms; one that does not answer is named", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await world(page, () => {
        const { diary } = window.__offhook;
        window.__offhook.diary = { ...diary, elsewhere: new Set(["2026-09-14"]), silent: ["molnet"] };
      });
      await openDay(page);
      await chooseDate(page, "2026-09-14");
      const empty = page.getByText("Nothing is recorded of this day");
      await empty.waitFor();
      await button(page, "Ask the platforms").last().click();
      await called(page, "day", { date: "2026-09-14", ask: true });
      await region(page, "Course of the day").waitFor();
      await page.getByText("This account could not be asked about the day.").waitFor();
      assert.equal(await empty.count(), 0);
      // One that is still to come is not gone to.
      await chooseDate(page, "2026-12-24");
      await page.getByText("This day is still to come.").waitFor();
      assert.equal((await calls(page, "day")).filter((one) => one.date === "2026-12-24").length, 0);
    },
    PRAGUE,
  );
});

test("a kept day is chosen by what it held", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await page.getByRole("button", { name: /Kept days/ }).click();
      await page.getByRole("option", { name: "Tue 10 Nov" }).click();
      await called(page, "day", { date: "2026-11-10" });
      await page.getByRole("heading", { name: "Tuesday 10 November" }).waitFor();
    },
    PRAGUE,
  );
});

test("a day that cannot be read says so and is tried again", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await region(page, "Today").getByText("Handled").waitFor();
      await fault(page, "day", "internal");
      await page.keyboard.press("Alt+0");
      await button(page, "Try again").click();
      await region(page, "Course of the day").waitFor();
    },
    PRAGUE,
  );
});

test("days go into a file, from one to another and never backwards", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      await openDay(page);
      await button(page, "Export…").click();
      const dialog = page.getByRole("dialog", { name: "Export days" });
      await dialog.getByLabel("First day").fill("2026-11-21");
      await dialog.getByText("The first day comes after the last one.").waitFor();
      assert.ok(await button(dialog, "Save as CSV").isDisabled());
      await dialog.getByLabel("First day").fill("2026-11-01");
      await fault(page, "export_days", "disk_full");
      await button(dialog, "Save as CSV").click();
      await dialog.getByRole("status").waitFor();
      await button(dialog, "Save as CSV").click();
      await dialog.getByText("Documents/offhook-2026-11-01-2026-11-20.csv").waitFor();
      await called(page, "export_days", { from: "2026-11-01", to: "2026-11-20" });
    },
    PRAGUE,
  );
});

test("Work shows today in short and opens all of it", async () => {
  await withPage(
    "/?world=four",
    async (page) => {
      const today = region(page, "Today");
      await today.getByRole("img", { name: /^My day: \d+ handled, \d+ missed, .+ of talk$/ }).waitFor();
      await shot(page, "work-today");
      await button(today, "Open my day").click();
      await region(page, "Course of the day").waitFor();
      assert.equal(await tab(page, "My day").getAttribute("aria-selected"), "true");
    },
    PRAGUE,
  );
});

test("where nothing happened yet, the day says what it knows and compares with nothing", async () => {
  await withPage(
    "/",
    async (page) => {
      await openDay(page);
      await page.getByRole("option", { name: /Not ready/ }).waitFor({ state: "attached" });
      await page.getByText("There are no earlier days to compare with yet.").waitFor();
      assert.equal(await button(page, "Ask the platforms").count(), 0);
    },
    PRAGUE,
  );
});

test("in the pseudo-language no English word is left in my day", async () => {
  await withPage(
    "/?world=four&language=en-XA",
    async (page) => {
      const left = () =>
        page.evaluate(() => {
          const texts = [];
          const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const text = node.textContent.trim();
            const skip = "bdi, kbd, select, [data-testid=hidden-select-container]";
            if (/[A-Za-z]{2}/.test(text) && !text.includes("⟦") && !node.parentElement.closest(skip))
              texts.push(text);
          }
          return texts;
        });
      await page.keyboard.press("Alt+0");
      const list = page.locator("[role=listbox][aria-orientation=horizontal]");
      await list.focus();
      await page.keyboard.press("ArrowRight");
      // The days are named by the calendar.
      const names = new Set(["Today", "Fri 20 Nov", "Fri, Nov 20"]);
      assert.deepEqual(
        (await left()).filter((text) => !names.has(text)),
        [],
      );
      await page.keyboard.press("ArrowDown");
      await page.getByRole("switch").click({ force: true });
      await page.getByRole("table").nth(2).waitFor();
      assert.deepEqual(
        (await left()).filter((text) => !names.has(text)),
        [],
      );
    },
    PRAGUE,
  );
});

for (const [name, options] of [
  ["a narrow window", { width: 720, height: 700 }],
  ["large text", { text: 200 }],
  ["small text", { text: 80 }],
]) {
  test(`my day fits into ${name}: nothing but its tables and its line is scrolled sideways`, async () => {
    const { text, ...size } = options;
    await withPage(
      "/?world=four",
      async (page) => {
        if (text) {
          await page.evaluate((per) => localStorage.setItem("offhook.text", String(per)), text);
          await page.reload();
          await page.locator("main").waitFor();
        }
        await openDay(page);
        await shot(page, `day-${name.split(" ")[1]}`);
        const wide = await page.evaluate(() => {
          const main = document.querySelector("main");
          return [...main.querySelectorAll("*")].some(
            (element) =>
              element.scrollWidth > element.clientWidth + 1 &&
              ["auto", "scroll"].includes(getComputedStyle(element).overflowX) &&
              !element.matches("section[tabindex]") &&
              !element.querySelector(":scope > div > [role=listbox]"),
          );
        });
        assert.equal(wide, false);
      },
      { ...PRAGUE, ...size },
    );
  });
}
