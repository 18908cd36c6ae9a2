// Queues: how those of all accounts stand, my membership, who is in them, when they are bad; what is not told is no zero, what
// is not seen is not followed, and nothing moves while somebody aims.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, region, withPage, world } from "./harness.mjs";

const open = async (page) => {
  await button(page, "Queues").click();
  await page.getByText("Night desk").waitFor();
};

/** The row of a queue of an account. */
const row = (page, name, account) =>
  page
    .getByRole("row")
    .filter({ has: page.getByRole("button", { name: new RegExp(`^${name}.*${account}`) }) });

/** Opens the details of a queue and answers them. */
const details = async (page, name, account) => {
  await row(page, name, account).getByRole("button").first().click();
  const there = region(page, `Details of ${name}`);
  await there.getByText(account).first().waitFor();
  return there;
};

/** The figure with this name, as it is read. */
const figure = (group, name) =>
  group
    .locator("dl > div")
    .filter({ has: group.page().getByText(name, { exact: true }) })
    .locator("dd");

/** Names of the queues in the order in which they stand. */
const order = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("[data-queue]")]
      .map((button) => ({ name: button.dataset.queue, top: button.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map(({ name }) => name),
  );

/** Waits until the queues stand in an order of which this is true. */
const ordered = async (page, test) => {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const names = await order(page);
    if (test(names)) return;
    assert.ok(Date.now() < deadline, `still ${names.join(" ")}`);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
};

const refusal = {
  code: "forbidden",
  message: "",
  hint: "",
  account: "centrum",
  said: ["Not your queue"],
  fields: {},
  facts: {},
};

test("logging in waits in place, then shows what the platform says", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await world(page, () => {
      window.__offhook.latency = 400;
    });
    const orders = await details(page, "Orders", "Centrum");
    await orders.getByText("Logged out").waitFor();
    await button(orders, "Log in").focus();
    await page.keyboard.press("Enter");
    await orders.locator("button[data-pending]").waitFor();
    await orders.getByText("Logged out").waitFor();
    await called(page, "execute", { do: "set_queue", account: "centrum", queue: "orders", logged_in: true });
    await button(orders, "Log out").waitFor();
    await orders.getByText("Logged in").waitFor();
    assert.equal((await calls(page, "execute")).length, 1);
  });
});

test("where there is room, the row itself logs in", async () => {
  await withPage(
    "/?world=centre",
    async (page) => {
      await open(page);
      const orders = row(page, "Orders", "Centrum");
      await button(orders, "Log in").click();
      await orders.getByText("Logged in").waitFor();
    },
    { width: 1800 },
  );
});

test("a refusal stands beside the queue it was about, and can be put away", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await world(page, (problem) => window.__offhook.faults.set("set_queue", problem), refusal);
    const support = await details(page, "Support", "Centrum");
    await button(support, "Log out").click();
    await support.getByText("It says: “Not your queue”").waitFor();
    await support.getByText("Logged in").waitFor();
    await button(support, "Dismiss").click();
    await support.getByText("It says: “Not your queue”").waitFor({ state: "hidden" });
  });
});

test("a queue that cannot be joined by hand has no button but says why", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const outbound = await details(page, "Outbound", "Centrum");
    await outbound.getByText("Joined automatically").waitFor();
    assert.equal(await button(outbound, "Log in").count(), 0);
    assert.equal(await button(outbound, "Log out").count(), 0);
  });
});

test("figures are shown as told, the longest wait counts, and what is not told is no zero", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const support = await details(page, "Support", "Växel");
    assert.equal(await figure(support, "Waiting").textContent(), "3");
    assert.equal(await figure(support, "Free / logged in").textContent(), "2 / 7");
    assert.equal(await figure(support, "Average wait").textContent(), "0:21");
    const wait = await figure(support, "Longest wait").textContent();
    await page.waitForFunction(
      (before) => document.querySelector("main dd [role=timer]")?.textContent !== before,
      wait,
    );
    const night = await details(page, "Night desk", "Växel");
    await night.getByText("Not a member").waitFor();
    assert.equal(await figure(night, "Calls in all").textContent(), "5");
    for (const name of [
      "Waiting",
      "Longest wait",
      "Free / logged in",
      "Answered",
      "Dropped",
      "Service level",
    ])
      assert.equal(await figure(night, name).textContent(), "–Not told", name);
  });
});

test("each of four platforms tells what it has: channel, hours, target, expected wait, source", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    const call = await details(page, "Travel › Rebooking", "Molnet");
    assert.equal(await figure(call, "Service level").locator("bdi").textContent(), "74 % / 80 %");
    assert.match(await figure(call, "Service level").textContent(), /answered within 20 s/);
    assert.equal(await figure(call, "Expected wait").textContent(), "2:30");
    assert.match(await figure(call, "Hours").textContent(), /Open now.*07:00–22:00/);
    await call.getByText("menus/current_status").waitFor();
    await row(page, "Travel › Night line", "Molnet").getByText("Closed").first().waitFor();
    await row(page, "Claims.*E-mail", "Pomoc")
      .getByText(/^\d0\ss$/)
      .waitFor();
  });
});

test("figures of a platform that is not heard stay, stop counting and say how old they are", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const support = await details(page, "Support", "Växel");
    await world(page, () => window.__offhook.offline("vaxel"));
    await page
      .getByRole("list", { name: "Accounts that are not heard" })
      .getByText(/No contact since/)
      .waitFor();
    const wait = figure(support, "Longest wait");
    await page.waitForFunction(
      (told) => document.querySelector("main dd [role=timer]")?.textContent === told,
      "1:35",
    );
    const age = support.getByText(/\ss old$/);
    const before = await age.textContent();
    await page.waitForFunction(
      (old) => ![...document.querySelectorAll("main bdi")].some((one) => one.textContent === old),
      before,
    );
    assert.equal(await wait.textContent(), "1:35");
  });
});

test("who is in a queue is asked for on demand; an error can be tried again; nobody is said", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const sales = await details(page, "Sales", "Växel");
    assert.deepEqual(await calls(page, "queue_agents"), []);
    await world(page, (problem) => window.__offhook.faults.set("queue_agents", problem), refusal);
    await button(sales, "Who is in it").click();
    await sales.getByText("Your user may not do this on the platform.").waitFor();
    await button(sales, "Try again").click();
    const sam = sales.getByRole("row", { name: /Sam Ode/ });
    await sam.getByText("Not free").waitFor();
    await sales
      .getByRole("row", { name: /Priya Sandhu/ })
      .getByText("Not told")
      .waitFor();
    await called(page, "queue_agents", { account: "vaxel", queue: "sales" });
    const night = await details(page, "Night desk", "Växel");
    await button(night, "Who is in it").click();
    await night.getByText("Nobody is in this queue.").waitFor();
  });
});

test("only what is in sight is followed: nothing elsewhere, nothing while the window is hidden", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    assert.deepEqual(await calls(page, "watch"), []);
    await open(page);
    await called(page, "watch", { window: "main", contacts: [], queues: ["vaxel"] });
    const hide = (hidden) =>
      page.evaluate((now) => {
        Object.defineProperty(document, "hidden", { value: now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    await called(page, "watch", { contacts: [], queues: [] });
    await hide(false);
    await page.waitForFunction(
      () => window.__offhook.calls.filter((one) => one.command === "watch").length === 3,
    );
    await button(page, "Work").click();
    await page.waitForFunction(() => {
      const last = window.__offhook.calls.filter((one) => one.command === "watch").at(-1);
      return last.request.queues.length === 0;
    });
    assert.equal((await calls(page, "watch")).length, 4);
  });
});

test("nothing moves under the pointer: a queue that goes, and one that gets worse, stay where they are", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    const outbound = row(page, "Outbound", "Centrum");
    await row(page, "Orders", "Centrum").hover();
    const before = await outbound.boundingBox();
    const names = await order(page);
    await world(page, () => {
      window.__offhook.change("centrum", (state) => {
        state.queues = state.queues.filter((one) => one.id !== "callbacks");
      });
      const sales = window.__offhook.statistics.find((one) => one.queue === "sales");
      window.__offhook.tellsFigures({ ...sales, waiting: 77 });
    });
    await row(page, "Sales", "Växel").getByText("77").waitFor();
    assert.deepEqual(await outbound.boundingBox(), before);
    assert.deepEqual(await order(page), names);
    await page.mouse.move(1, 1);
    await ordered(page, (now) => !now.includes("centrum/callbacks"));
    const after = await order(page);
    assert.ok(after.indexOf("vaxel/sales") < names.indexOf("vaxel/sales"), after.join(" "));
  });
});

test("accounts without queues say so, and before the first figures it is said that they are awaited", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => {
      const silent = () => {};
      window.__offhook.tellsFigures = silent;
      window.__offhook.change("centrum", (state) => {
        state.queues = [];
      });
    });
    await button(page, "Queues").click();
    await page.getByText("Centrum: this account has no queues").waitFor();
    await page.getByText("Växel: asking for figures…").waitFor();
    await world(page, () => window.__offhook.offline("vaxel"));
    await page.getByText("Växel: no figures while the account is not connected").waitFor();
  });
});

test("queues are found by words, by account and by being mine, and all come back in one step", async () => {
  await withPage("/?world=queues50", async (page) => {
    await button(page, "Queues").click();
    await page.getByText("Orders Brno").waitFor();
    await page.getByRole("searchbox", { name: "Find a queue" }).fill("gdansk");
    await ordered(page, (names) => names.length === 5);
    await button(page, "Mine only").click();
    await ordered(page, (names) => names.length === 2);
    await page.getByRole("searchbox", { name: "Find a queue" }).fill("nowhere");
    await button(page, "Show all queues").click();
    await page.getByText("Orders Brno").waitFor();
    await page.getByRole("button", { name: /All accounts/ }).click();
    await page.getByRole("option", { name: "Molnet" }).click();
    await ordered(page, (names) => names.length > 0 && names.every((name) => name.startsWith("molnet/")));
  });
});

test("the list is sorted by a column, what is not told last, and goes back to mine first", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    const heading = page.getByRole("columnheader", { name: "Waiting" });
    await heading.getByRole("button").click();
    assert.equal(await heading.getAttribute("aria-sort"), "descending");
    await page.mouse.move(1, 1);
    await page.evaluate(() => document.activeElement?.blur());
    await ordered(page, (names) => names[0] === "pomoc/claims/email" && names[1] === "centrum/orders");
    await heading.getByRole("button").click();
    assert.equal(await heading.getAttribute("aria-sort"), "ascending");
    await page.mouse.move(1, 1);
    await page.evaluate(() => document.activeElement?.blur());
    await ordered(
      page,
      (names) => names[0] !== "pomoc/claims/email" && names.at(-1) !== "pomoc/claims/email",
    );
    await button(page, "Mine first, then by trouble").click();
    assert.equal(await heading.getAttribute("aria-sort"), null);
  });
});

test("thresholds for all and for one colour the figures with a word, and are kept when the field is left", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    const orders = row(page, "Orders", "Centrum");
    await button(page, "Thresholds").click();
    const dialog = page.getByRole("dialog", { name: /Thresholds/ });
    await dialog.getByRole("textbox", { name: "Waiting: alarm" }).fill("many");
    await dialog.getByRole("textbox", { name: "Waiting: warning" }).fill("2");
    await dialog.getByText("A whole number").waitFor();
    await dialog.getByRole("textbox", { name: "Waiting: alarm" }).fill("8");
    await dialog.getByRole("textbox", { name: "Free agents: alarm" }).fill("0");
    await button(dialog, "Done").click();
    const kept = await page.waitForFunction(() => {
      const { thresholds } = window.__offhook.settings;
      return thresholds.length === 2 && thresholds.every((one) => one.alarm !== null)
        ? thresholds
        : undefined;
    });
    assert.deepEqual(await kept.jsonValue(), [
      { queue: null, measure: "waiting", warning: 2, alarm: 8, notify: true },
      { queue: null, measure: "free", warning: null, alarm: 0, notify: true },
    ]);
    await orders.getByText("Alarm", { exact: true }).waitFor();
    assert.equal(await orders.getByRole("cell", { name: "Alarm: 8" }).count(), 1);
    const details_ = await details(page, "Orders", "Centrum");
    await button(details_, "When it is bad").click();
    const own = region(page, "Orders: own figures");
    await own.getByText("From all queues: warning 2, alarm 8").waitFor();
    await own.getByRole("textbox", { name: "Waiting: warning" }).fill("20");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() =>
      window.__offhook.settings.thresholds.some((one) => one.queue?.queue === "orders" && one.warning === 20),
    );
    await orders.getByRole("cell", { name: "8", exact: true }).waitFor();
    // Never here, although it is for all; and back again.
    const free = own.getByRole("group", { name: "Free agents" });
    await button(free, "Never bad in this queue").click();
    await free.getByText("Never bad here: nothing is filled in.").waitFor();
    await orders.getByText("Warning", { exact: true }).waitFor();
    await button(free, "As for all queues").click();
    await free.getByText("From all queues: warning –, alarm 0").waitFor();
    await orders.getByText("Alarm", { exact: true }).waitFor();
  });
});

test("charts have the same numbers as a table", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    const there = await details(page, "Support", "Centrum");
    await there.getByRole("img", { name: /^Waiting: at most \d+, now 1$/ }).waitFor();
    assert.ok((await there.locator("canvas").count()) >= 3);
    await there.getByText("As a table", { exact: true }).click();
    const table = there.getByRole("table");
    assert.equal(await table.getByRole("row").count(), 182);
    const now = await table.getByRole("row").nth(1).getByRole("cell").allTextContents();
    assert.deepEqual(now, ["1", "0:34", "4", "91 %"]);
    assert.equal(await there.locator("canvas").count(), 0);
  });
});

test("rows are reached and opened by the keyboard, and the row keeps it when the details close", async () => {
  await withPage("/?world=queues50", async (page) => {
    await button(page, "Queues").click();
    await page.getByText("Orders Brno").waitFor();
    await page.locator("[data-queue][tabindex='0'], [data-queue]:not([tabindex='-1'])").first().focus();
    await page.keyboard.press("End");
    const names = await page.waitForFunction(() => {
      const held = document.activeElement?.dataset.queue;
      const shown = [...document.querySelectorAll("[data-queue]")];
      return held !== undefined && shown.at(-1)?.dataset.queue === held ? held : undefined;
    });
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: /^Details of / }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: /^Details of / }).waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.queue), await names.jsonValue());
  });
});

test("campaigns and teams are shown with what is told, and an account that is not heard is named", async () => {
  await withPage("/?world=four", async (page) => {
    await button(page, "Queues").click();
    await page.getByRole("tab", { name: "Campaigns and teams" }).click();
    await page.getByText("611 of 1,840 done").waitFor();
    const progress = page.getByRole("progressbar", { name: "Progress of Rebooking after the strike" });
    assert.equal(await progress.getAttribute("value"), "611");
    await page.getByText("signed out or not told").waitFor();
    const nested = page.locator("li", { hasText: "Travel" }).locator("li", { hasText: "Night line" });
    await nested.last().getByText("Ivana Dvořáková").waitFor();
    await world(page, () => window.__offhook.offline("molnet"));
    await button(page, "Ask again").click();
    await page.getByText("No campaigns").waitFor();
    await region(page, "Campaigns and teams").getByText("Molnet").waitFor();
  });
});

test("the queues of the wallboard are chosen and put in order", async () => {
  await withPage("/?world=four", async (page) => {
    await open(page);
    await button(page, "Choose queues").click();
    const dialog = page.getByRole("dialog", { name: "Choose queues" });
    await dialog.getByText(/^None chosen/).waitFor();
    const more = dialog.getByRole("list", { name: "Not chosen" });
    for (const name of [/^Orders/, /^Sales/]) await more.getByText(name).click();
    await button(dialog, "Sales: further up").click();
    await page.waitForFunction(
      () => window.__offhook.settings.wallboard.map((one) => one.queue).join() === "sales,orders",
    );
    await button(dialog, "Open the wallboard").click();
    await called(page, "show_wallboard");
  });
});

test("a notice is said, takes its next step, and is put aside; its line is there before it", async () => {
  await withPage("/?world=four", async (page) => {
    await button(page, "Queues").click();
    await page.getByText("Night desk").waitFor();
    const strip = page.getByRole("complementary", { name: "Notices" });
    await strip.getByText("Nothing to report").waitFor();
    const before = await page.getByRole("main").boundingBox();
    await world(page, () => {
      const now = Date.now();
      const notice = (key, kind) =>
        window.__offhook.notice({ key, kind, since: now, notify: false, dismissed: false });
      notice("pause", {
        about: "long_pause",
        account: "vaxel",
        title: "Lunch",
        paused_at: now - 2_400_000,
        minutes: 30,
      });
      notice("queue", {
        about: "queue",
        queue: { account: "centrum", queue: "orders" },
        title: "Orders",
        measure: "free",
        level: "alarm",
        value: 0,
        limit: 0,
      });
    });
    await strip.getByText("Orders: nobody is free (limit ≤ 0)").waitFor();
    assert.deepEqual(await page.getByRole("main").boundingBox(), before);
    await page.waitForFunction(() =>
      /nobody is free/.test(document.getElementById("announce-now").textContent),
    );
    await accessible(page, "notices");
    // What gets worse is said again.
    await world(page, () => {
      const now = Date.now();
      const late = (level, value) =>
        window.__offhook.notice({
          key: "late",
          kind: {
            about: "queue",
            queue: { account: "vaxel", queue: "sales" },
            title: "Sales",
            measure: "waiting",
            level,
            value,
            limit: value,
          },
          since: now + 1,
          notify: false,
          dismissed: false,
        });
      late("warning", 3);
      setTimeout(() => late("alarm", 9), 200);
    });
    await page.waitForFunction(() => /Sales: 9/.test(document.getElementById("announce-now").textContent));
    await world(page, () => window.__offhook.noticeGone("late"));
    await button(strip, "Open the queue").click();
    await region(page, "Details of Orders").waitFor();
    await strip.getByRole("button", { name: /^Put aside: Orders/ }).click();
    await called(page, "dismiss_notice", "queue");
    await strip.getByText(/^Lunch for 40:\d\d, allowed 30 min$/).waitFor();
    await button(strip, "Go ready").click();
    await called(page, "execute", { do: "set_state", target: { to: "ready" }, accounts: ["vaxel"] });
    await world(page, () => window.__offhook.noticeGone("pause"));
    await strip.getByText("Nothing to report").waitFor();
  });
});
