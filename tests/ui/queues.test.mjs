// Queues: my membership, how they stand, who is in them; what is not told is no zero, and what is not seen is not followed.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, region, withPage, world } from "./harness.mjs";

const open = async (page) => {
  await button(page, "Queues").click();
  await page.getByText("Night desk").waitFor();
};

/** The group of a queue on an account. */
const queue = (page, account, name) => region(page, account).getByRole("group", { name, exact: true });

/** The figure with this name, as it is read. */
const figure = (group, name) =>
  group
    .locator("dl > div")
    .filter({ has: group.page().getByText(name, { exact: true }) })
    .locator("dd");

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
    const orders = queue(page, "Centrum", "Orders");
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

test("a refusal stands beside the queue it was about, and can be put away", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await world(page, (problem) => window.__offhook.faults.set("set_queue", problem), refusal);
    const support = queue(page, "Centrum", "Support");
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
    const outbound = queue(page, "Centrum", "Outbound");
    await outbound.getByText("Joined automatically").waitFor();
    assert.equal(await outbound.getByRole("button").count(), 0);
  });
});

test("figures are shown as told, the longest wait counts, and what is not told is no zero", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const support = queue(page, "Växel", "Support");
    assert.equal(await figure(support, "Waiting").textContent(), "3");
    assert.equal(await figure(support, "Free / logged in").textContent(), "2 / 7");
    assert.equal(await figure(support, "Average wait").textContent(), "0:21");
    const wait = await figure(support, "Longest wait").textContent();
    await page.waitForFunction(
      (before) => document.querySelector("main dd [role=timer]")?.textContent !== before,
      wait,
    );
    const night = queue(page, "Växel", "Night desk");
    await night.getByText("Not a member").waitFor();
    assert.equal(await figure(night, "Calls in all").textContent(), "5");
    for (const name of ["Waiting", "Longest wait", "Free / logged in", "Answered", "Dropped", "Average wait"])
      assert.equal(await figure(night, name).textContent(), "–Not told", name);
  });
});

test("figures of a platform that is not heard stay, stop counting and say how old they are", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    await world(page, () => window.__offhook.offline("vaxel"));
    const support = queue(page, "Växel", "Support");
    await region(page, "Växel")
      .getByText(/No contact since/)
      .waitFor();
    const wait = figure(support, "Longest wait");
    await page.waitForFunction(
      (told) => document.querySelector("main dd [role=timer]")?.textContent === told,
      "1:35",
    );
    const age = support.getByText(/\ss ago/);
    const before = await age.textContent();
    await page.waitForFunction(
      (old) => ![...document.querySelectorAll("main span")].some((one) => one.textContent === old),
      before,
    );
    assert.equal(await wait.textContent(), "1:35");
  });
});

test("who is in a queue is asked for on demand; an error can be tried again; nobody is said", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    assert.deepEqual(await calls(page, "queue_agents"), []);
    await world(page, (problem) => window.__offhook.faults.set("queue_agents", problem), refusal);
    const sales = queue(page, "Växel", "Sales");
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
    const night = queue(page, "Växel", "Night desk");
    await button(night, "Who is in it").click();
    await night.getByText("Nobody is in this queue.").waitFor();
  });
});

test("only what is in sight is followed: nothing elsewhere, nothing while the window is hidden", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    assert.deepEqual(await calls(page, "watch"), []);
    await open(page);
    await called(page, "watch", { contacts: [], queues: ["vaxel"] });
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

test("nothing moves under the pointer: a queue that goes stays until the agent looks elsewhere", async () => {
  await withPage("/?world=centre", async (page) => {
    await open(page);
    const centrum = region(page, "Centrum");
    await queue(page, "Centrum", "Support").hover();
    const outbound = queue(page, "Centrum", "Outbound");
    const before = await outbound.boundingBox();
    await world(page, () =>
      window.__offhook.change("centrum", (state) => {
        state.queues = state.queues.filter((one) => one.id !== "orders");
      }),
    );
    await centrum.getByText("Not a member").waitFor();
    assert.deepEqual(await outbound.boundingBox(), before);
    await page.mouse.move(1, 1);
    await page.waitForFunction(
      () => document.querySelector('[aria-label="Centrum"]').querySelectorAll("[role=group]").length === 3,
    );
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
    await region(page, "Centrum").getByText("This account has no queues.").waitFor();
    await queue(page, "Växel", "Support").getByText("Asking for figures…").waitFor();
    await world(page, () => window.__offhook.offline("vaxel"));
    await queue(page, "Växel", "Support")
      .getByText("No figures while the account is not connected.")
      .waitFor();
  });
});
