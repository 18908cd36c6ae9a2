// Settings, first run, links from outside, quitting.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, region, withPage, world } from "./harness.mjs";

const fillAccount = async (page, password = "secret") => {
  await button(page, "Add an account").click();
  await page.getByRole("textbox", { name: "Address" }).fill("contact.example.com");
  await page.getByRole("textbox", { name: "User name", exact: true }).fill("nora.lind");
  await page.getByLabel("Password", { exact: true }).fill(password);
};

test("first run: the practice centre is one button away from the first ring", async () => {
  await withPage("/?world=empty", async (page) => {
    await button(page, "Start the practice centre").click();
    await button(region(page, "Ringing"), "Let the practice centre ring").click();
    await region(page, "Ringing").getByText("Ivana Dvořáková").waitFor();
  });
});

test("first run: a wrong password is said at the form, a right one leads to work", async () => {
  await withPage("/?world=empty", async (page) => {
    await fillAccount(page, "wrong");
    await button(page, "Sign in").click();
    await page.getByText("The user name, password or token was refused.").waitFor();
    await page.getByText("Invalid credentials").waitFor();
    await page.getByLabel("Password", { exact: true }).fill("right");
    await page.keyboard.press("Enter");
    await region(page, "Ringing").waitFor();
    const sent = await called(page, "add_account", { keep: "keychain", url: "contact.example.com" });
    assert.equal(sent.platform, "daktela");
    const words = await page.evaluate(() => document.body.innerHTML);
    assert.ok(!words.includes("right"), "the secret stays nowhere in the page");
  });
});

test("a locked keychain leaves the choice between trying again and this session only", async () => {
  await withPage("/?world=empty", async (page) => {
    const locked = {
      code: "keychain_locked",
      message: "",
      hint: "",
      account: null,
      said: [],
      fields: {},
      facts: {},
    };
    await world(page, (problem) => window.__offhook.faults.set("add_account", problem), locked);
    await fillAccount(page);
    await button(page, "Sign in").click();
    await page.getByText("The keychain is locked.").waitFor();
    await world(page, (problem) => window.__offhook.faults.set("add_account", problem), locked);
    await button(page, "Try again").click();
    await called(page, "unlock_keychain");
    await page.getByText("The keychain is locked.").waitFor();
    await button(page, "Keep for this session only").click();
    await region(page, "Ringing").waitFor();
    await called(page, "add_account", { keep: "session" });
  });
});

test("removing an account asks, and warns of work that is not sent", async () => {
  await withPage("/?world=busy", async (page) => {
    await button(page, "Settings").click();
    await button(region(page, "Centrum"), "Remove").click();
    const question = page.getByRole("alertdialog");
    await question.getByText("1 unsent item of this account will be lost.").waitFor();
    await button(question, "Cancel").click();
    assert.deepEqual(await calls(page, "remove_account"), []);
    await button(region(page, "Centrum"), "Remove").click();
    await button(page.getByRole("alertdialog"), "Remove").click();
    await called(page, "remove_account", "centrum");
    await region(page, "Centrum").waitFor({ state: "hidden" });
  });
});

test("a session that ended leads to the sign-in", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () =>
      window.__offhook.change("centrum", (state) => {
        state.agent = { ...state.agent, presence: "ready" };
        state.health = {
          ...state.health,
          link: "signed_out",
          problem: {
            code: "sign_in_needed",
            message: "",
            hint: "",
            account: "centrum",
            said: [],
            fields: {},
            facts: {},
          },
        };
      }),
    );
    await page.getByRole("list", { name: "Connections" }).getByText("Signed out").waitFor();
    await button(page, "Settings").click();
    await button(region(page, "Centrum"), "Sign in again").click();
    await page.getByLabel("Password", { exact: true }).fill("new");
    await button(page, "Sign in").click();
    const sent = await called(page, "sign_in", { account: "centrum" });
    assert.deepEqual(sent.credential, {
      kind: "password",
      username: "nora.lind",
      password: "new",
      code: null,
    });
  });
});

test("language and theme change at once", async () => {
  await withPage("/", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("tab", { name: "Appearance and language" }).click();
    await page.getByRole("radio", { name: "Dark" }).click({ force: true });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await page.getByRole("button", { name: /Language/ }).click();
    await page.getByRole("option", { name: "Čeština" }).click();
    await page.getByRole("button", { name: "Kontakty", exact: true }).waitFor();
    await page.waitForFunction(() => document.documentElement.lang === "cs");
  });
});

test("a system-wide shortcut is recorded, never a bare letter, and can be switched off", async () => {
  await withPage("/", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("tab", { name: "Calls and quitting" }).click();
    await button(page, "Choose keys for: Answer").click();
    await page.keyboard.press("a");
    await page.keyboard.press("Control+Shift+F7");
    const kept = await called(page, "save_settings");
    assert.deepEqual(kept.hotkeys, { answer: "Ctrl+Shift+F7" });
    await button(page, "Switch off the shortcut for: Answer").click();
    await called(page, "save_settings", { hotkeys: {} });
  });
});

test("settings that could not be kept go back and say why", async () => {
  await withPage("/", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("tab", { name: "Notifications" }).click();
    await world(page, () =>
      window.__offhook.faults.set("save_settings", {
        code: "internal",
        message: "",
        hint: "",
        account: null,
        said: [],
        fields: {},
        facts: {},
      }),
    );
    const popup = page.getByRole("switch", { name: /pop-up/ });
    await popup.click({ force: true });
    await page.getByText("Offhook made a mistake.").waitFor();
    assert.ok(await popup.isChecked());
  });
});

test("a link from outside asks before it dials, one question at a time", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => {
      window.__offhook.link("tel:+442079460123");
      window.__offhook.link("tel:112");
    });
    const question = page.getByRole("dialog", { name: "Call this number?" });
    await question.getByText("United Kingdom").waitFor();
    assert.deepEqual(await calls(page, "execute"), []);
    await button(question, "Cancel").click();
    await question.getByText("This is an unusual number.").waitFor();
    await button(question, "Call").click();
    const dial = await called(page, "execute", { do: "dial" });
    assert.equal(dial.number, "112");
    await question.waitFor({ state: "hidden" });
  });
});

test("quitting asks what state to leave, and can be cancelled", async () => {
  await withPage("/", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.shell({ event: "ask_quit" }));
    await button(page.getByRole("dialog", { name: "Quit Offhook?" }), "Cancel").click();
    await called(page, "quit", { leave: "ask", remember: false });
    await world(page, () => window.__offhook.shell({ event: "ask_quit" }));
    const question = page.getByRole("dialog", { name: "Quit Offhook?" });
    await question.getByRole("radio", { name: /Stay as I am/ }).click({ force: true });
    await question.getByRole("checkbox").click({ force: true });
    await button(question, "Quit").click();
    await called(page, "quit", { leave: "stay", remember: true });
  });
});

test("diagnostics are copied without names, numbers or addresses", async () => {
  await withPage("/?world=busy", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("tab", { name: "Diagnostics" }).click();
    await page.getByText("Secret Service").waitFor();
    await page.evaluate(() => {
      window.copied = [];
      document.addEventListener("copy", () =>
        window.copied.push(document.getSelection()?.toString() || document.activeElement.value),
      );
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error("not here")) },
      });
    });
    await button(page, "Copy as JSON").click();
    await button(page, "Copied").waitFor();
    const [text] = await page.evaluate(() => window.copied);
    const { computer, accounts } = JSON.parse(text);
    assert.equal(computer[0].what, "version");
    assert.equal(accounts.length, 2);
    assert.doesNotMatch(text, /example\.com|nora|Dvořáková|\+\d{6}/i);
  });
});

// A second platform: what it asks for at sign-in, what its check says, where its operations are, what the one state means.

const choose = (page, name) => page.getByText(name, { exact: true }).last().click();

test("a platform asks for what it needs: a second code with a password, a user with a token", async () => {
  await withPage("/?world=empty", async (page) => {
    await button(page, "Add an account").click();
    assert.equal(await page.getByLabel("Second code").count(), 0);
    await choose(page, "Dstny Core");
    await page.getByRole("textbox", { name: "Address" }).fill("portal.example.com");
    await page.getByRole("textbox", { name: "User name", exact: true }).fill("nora@company.example");
    await page.getByLabel("Password", { exact: true }).fill("secret");
    await page.getByLabel("Second code").fill("123456");
    await button(page, "Check the connection").click();
    const checked = await called(page, "check_new_account", { platform: "dstny" });
    assert.deepEqual(checked.credential, {
      kind: "password",
      username: "nora@company.example",
      password: "secret",
      code: "123456",
    });
    await choose(page, "Access token");
    await page.getByLabel("Access token", { exact: true }).last().fill("tkt-1");
    await button(page, "Sign in").click();
    const added = await called(page, "add_account", { platform: "dstny", keep: "keychain" });
    assert.deepEqual(added.credential, {
      kind: "token",
      token: "tkt-1",
      username: "nora@company.example",
      second: null,
      user: null,
    });
    await region(page, "Ringing").waitFor();
  });
});

test("a platform without passwords asks for its keys at once, the second one only if there is one", async () => {
  await withPage("/?world=empty", async (page) => {
    await button(page, "Add an account").click();
    await choose(page, "LiveAgent");
    await page.getByLabel("Password", { exact: true }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("radiogroup", { name: "Sign in with" }).count(), 0);
    await page.getByRole("textbox", { name: "Address" }).fill("company.ladesk.com");
    await page.getByRole("textbox", { name: "User name", exact: true }).fill("nora@company.example");
    await page.getByLabel("Access token", { exact: true }).fill("key-1");
    await page.getByLabel("Second key (API v3)").fill("key-3");
    await button(page, "Sign in").click();
    const added = await called(page, "add_account", { platform: "liveagent" });
    assert.deepEqual(added.credential, {
      kind: "token",
      token: "key-1",
      username: "nora@company.example",
      second: "key-3",
      user: null,
    });
  });
});

test("a check counts what works and what does not, by area, and says why on demand", async () => {
  await withPage("/?world=centre", async (page) => {
    await button(page, "Settings").click();
    await button(region(page, "Växel"), "Check the connection").click();
    const operations = region(page, "Operations of the platform");
    await operations
      .getByText(/Works: \d+ · Not licensed: 2 · Not permitted: 1 · Not found at this path: 1/)
      .waitFor();
    assert.equal(await operations.getByText("recording.list").count(), 0);
    await operations.getByRole("button", { name: "recording" }).focus();
    await page.keyboard.press("Enter");
    await operations
      .getByRole("listitem")
      .filter({ hasText: "recording.list" })
      .last()
      .getByText(/Not licensed · CALL_RECORDING/)
      .waitFor();
  });
});

test("routes are found, and an operator's file shows what it would move before it is kept", async () => {
  await withPage("/?world=centre", async (page) => {
    await button(page, "Settings").click();
    const account = region(page, "Växel");
    await button(account, "Routes").click();
    const table = region(page, "Table of routes");
    await table.getByText("cti.answer").waitFor();
    await page.getByRole("searchbox", { name: "Find an operation" }).fill("delete");
    await page.getByText("2 operations", { exact: true }).waitFor();
    await page.getByRole("searchbox", { name: "Find an operation" }).fill("");

    const choose = async (text) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        button(account, "Import routes").click(),
      ]);
      await chooser.setFiles({
        name: "operator.json",
        mimeType: "application/json",
        buffer: Buffer.from(text),
      });
    };
    await choose("not a description");
    await account.getByText("The platform answered something that could not be read.").waitFor();
    await choose('{"info":{}}');
    await account.getByText("Nothing would change.").waitFor();
    assert.ok(await button(account, "Keep").isDisabled());
    await choose('{"paths":{}}');
    await account.getByText("1 operation would move:").waitFor();
    const would = region(page, "What would change with");
    await would.getByText("POST /v2/api/cti/{domain}/{user}/answer").waitFor();
    await button(would, "Cancel").click();
    await would.waitFor({ state: "hidden" });
    await choose('{"paths":{}}');
    await button(would, "Keep").click();
    await account.getByText("The imported routes are used from now on.").waitFor();
    await table.getByText("POST /v2/api/cti/{domain}/{user}/answer").waitFor();
    await button(account, "Back to the standard routes").click();
    await button(would, "Keep").click();
    await account.getByText("The standard routes are used again.").waitFor();
    const sent = await calls(page, "import_routes");
    assert.deepEqual(
      sent.map((one) => [one.text === null, one.keep]),
      [
        [false, false],
        [false, false],
        [false, false],
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ],
    );
  });
});

test("the one state is mapped account by account, and its default is shown", async () => {
  await withPage(
    "/?world=centre",
    async (page) => {
      await button(page, "Settings").click();
      const account = region(page, "Växel");
      await button(account, "Joined state").click();
      const states = account.getByRole("region", { name: "Joined state" });
      await states.getByRole("button", { name: /Lunch, the same here/ }).waitFor();
      await states
        .getByRole("button", { name: /Nothing changes here/ })
        .first()
        .click();
      await page.getByRole("option", { name: "In a meeting" }).click();
      const first = await called(page, "save_settings");
      assert.deepEqual(first.states.vaxel, {
        pauses: { coffee: "meeting" },
        not_ready: null,
        during_calls_elsewhere: null,
        keep_queues: false,
      });
      await page.getByRole("listbox").waitFor({ state: "hidden" });
      await states.getByRole("button", { name: /No pause/ }).click();
      await page.getByRole("option", { name: "In a meeting" }).click();
      await page.getByRole("listbox").waitFor({ state: "hidden" });
      await states.getByRole("switch", { name: /Stay logged in/ }).focus();
      assert.equal(
        await page.evaluate(() => document.scrollingElement.scrollTop + document.body.scrollTop),
        0,
      );
      await page.keyboard.press("Space");
      await page.waitForFunction(() => {
        const map = window.__offhook.settings.states.vaxel;
        return map.keep_queues && map.during_calls_elsewhere === "meeting" && map.pauses.coffee === "meeting";
      });
      await states.getByRole("button", { name: /Pause: Coffee/ }).click();
      await page.getByRole("option", { name: "Nothing changes here" }).click();
      await page.waitForFunction(() => !("coffee" in window.__offhook.settings.states.vaxel.pauses));
    },
    { width: 1000, height: 700 },
  );
});

test("how old each piece of what is shown is opens from the account's chip, and so does when the session ends", async () => {
  await withPage("/?world=four", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () =>
      window.__offhook.change("molnet", (state) => {
        const now = Date.now();
        state.health.session_ends = now + 12 * 60_000 + 30_000;
        state.health.ages = [
          { piece: "contacts", heard_at: now - 4000, every: 5 },
          { piece: "queues", heard_at: now - 400_000, every: 60 },
          { piece: "past", heard_at: null, every: 600 },
        ];
      }),
    );
    await page.getByRole("button", { name: /Molnet: more about the connection/ }).click();
    const more = page.getByRole("dialog", { name: "Molnet: more about the connection" });
    await more.getByText(/^What rings and is open: \d+\ss old, wished every 5\ss$/).waitFor();
    const late = more.getByRole("listitem").filter({ hasText: "Queues: 6 min old, wished every 1 min" });
    await late.getByText("late", { exact: true }).waitFor();
    await more.getByText("The past: not heard yet, wished every 10 min").waitFor();
    await more.getByText(/^The platform signs you out at \d\d:\d\d, in 12\smin\.$/).waitFor();
    await accessible(page, "the health of an account");
  });
});

test("reminders are set in minutes, or never", async () => {
  await withPage("/", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("tab", { name: "Notifications" }).click();
    const reminders = region(page, "Reminders");
    await reminders.getByRole("button", { name: /When wrap-up lasts longer than/ }).click();
    await page.getByRole("option", { name: /^10\smin$/ }).click();
    await page.waitForFunction(() => window.__offhook.settings.reminders.wrap_up_minutes === 10);
    await reminders.getByRole("button", { name: /When a pause lasts longer than/ }).click();
    await page.getByRole("option", { name: "Never" }).click();
    await page.waitForFunction(
      () =>
        JSON.stringify(window.__offhook.settings.reminders) ===
        JSON.stringify({ pause_minutes: 0, wrap_up_minutes: 10, session_minutes: 10 }),
    );
  });
});

test("the part of a limit that everybody shares is chosen where there is one, and given back", async () => {
  await withPage("/?world=four", async (page) => {
    await button(page, "Settings").click();
    const share = page.getByRole("button", { name: /Part of the request limit for this computer/ });
    assert.equal(await share.count(), 1);
    await share.click();
    await page.getByRole("option", { name: "10%" }).click();
    await page.waitForFunction(() => window.__offhook.settings.request_share.molnet === 10);
    await share.click();
    await page.getByRole("option", { name: "The usual part" }).click();
    await page.waitForFunction(() => !("molnet" in window.__offhook.settings.request_share));
  });
});

test("a token that goes with a user name of its own asks for it, and leaves it to the platform when it is empty", async () => {
  await withPage("/?world=empty", async (page) => {
    await button(page, "Add an account").click();
    const form = page.getByRole("group", { name: "Add an account" });
    await form.getByRole("radio", { name: "CCAI Platform" }).click({ force: true });
    await form.getByLabel("Address").fill("https://company.uc1.ccaiplatform.com");
    await form.getByLabel("User name", { exact: true }).fill("nora.lind@company.example");
    await form.getByLabel("Access token").fill("practice-token");
    await button(form, "Check the connection").click();
    const first = await called(page, "check_new_account");
    assert.deepEqual(first.credential, {
      kind: "token",
      token: "practice-token",
      username: "nora.lind@company.example",
      second: null,
      user: null,
    });
    await form.getByLabel("User name of the token").fill("desk");
    await button(form, "Check the connection").click();
    await page.waitForFunction(() =>
      window.__offhook.calls.some(
        (one) => one.command === "check_new_account" && one.request.credential.user === "desk",
      ),
    );
  });
});
