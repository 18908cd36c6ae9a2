// Settings, first run, links from outside, quitting.

import assert from "node:assert/strict";
import test from "node:test";
import { button, called, calls, region, withPage, world } from "./harness.mjs";

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
    assert.deepEqual(sent.credential, { kind: "password", username: "nora.lind", password: "new" });
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
