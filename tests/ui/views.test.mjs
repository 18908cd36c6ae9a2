// Every view in every state it can be in: nothing serious for axe, in light and in dark, in a small window, with text of
// double size; and no word that was never translated. The pictures are kept in out/screenshots/pages.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, dock, region, shot, withPage, world } from "./harness.mjs";

const settings = (name) => async (page) => {
  await button(page, "Settings").click();
  await page.getByRole("tab", { name, exact: true }).click();
  await page.getByRole("tabpanel", { name, exact: true }).waitFor();
};

const inWrapUp = async (page) => {
  await region(page, "Ringing").waitFor();
  await world(page, () => window.__offhook.ring({ person: 3 }));
  await button(dock(page), "Answer").click();
  await button(dock(page), "Hang up").click();
  await button(dock(page), "Close").click();
  await page.getByText("Choose a wrap-up code before closing.").waitFor();
};

/** Name, address, and how to get there. `words` is what the pseudo-locale test looks at. */
const VIEWS = [
  ["work-idle", "/", async (page) => region(page, "Ringing").waitFor()],
  ["work-busy", "/?world=busy", async (page) => region(page, "Unsent").waitFor()],
  ["work-offline", "/?world=offline", async (page) => page.getByText("Calls cannot ring").waitFor()],
  ["loading", "/?world=loading", async (page) => page.getByText("Offhook is starting…").first().waitFor()],
  ["broken", "/?world=broken", async (page) => page.getByText("Offhook made a mistake.").waitFor()],
  ["first-run", "/?world=empty", async (page) => button(page, "Start the practice centre").waitFor()],
  [
    "first-run-form",
    "/?world=empty",
    async (page) => {
      await button(page, "Add an account").click();
      await page.getByRole("textbox", { name: "Address" }).fill("https://contact.example.com");
      await page.getByRole("textbox", { name: "User name", exact: true }).fill("nora.lind");
      await page.getByLabel("Password", { exact: true }).fill("secret");
      await button(page, "Check the connection").click();
      await region(page, "What this account allows").waitFor();
    },
  ],
  ["wrap-up", "/", inWrapUp],
  [
    "dock-slim",
    "/?world=busy",
    async (page) => {
      await button(page, "Collapse the dock").click();
      await button(page, "Expand the dock").waitFor();
    },
  ],
  [
    "state-menu",
    "/?world=busy",
    async (page) => {
      await page.getByRole("button", { name: /^State:/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  ],
  [
    "contacts",
    "/?contacts=500",
    async (page) => {
      await button(page, "Contacts").click();
      await page.getByRole("option").nth(2).click();
      await page.getByText("Past activities").waitFor();
    },
  ],
  [
    "contacts-empty",
    "/?contacts=0",
    async (page) => {
      await button(page, "Contacts").click();
      await page.getByText("No contacts yet").waitFor();
    },
  ],
  [
    "contacts-presence",
    "/?world=centre",
    async (page) => {
      await button(page, "Contacts").click();
      await page.getByRole("option", { name: /Anke/ }).first().click();
      await region(page, "Right now").getByText("Ringing").waitFor();
      await page.getByText("Past activities").waitFor();
    },
  ],
  [
    "contact-form",
    "/?world=centre",
    async (page) => {
      await button(page, "Contacts").click();
      await button(page, "New contact").click();
      await page.getByRole("dialog", { name: "New contact" }).waitFor();
    },
  ],
  [
    "contact-text",
    "/?world=centre",
    async (page) => {
      await button(page, "Contacts").click();
      await page
        .getByRole("option", { name: /Astrid/ })
        .first()
        .click();
      await page
        .getByRole("button", { name: /^Text \+46/ })
        .first()
        .click();
      await page.getByRole("textbox", { name: "Message" }).fill("Vi ringer upp kl. 14.");
    },
  ],
  [
    "queues",
    "/?world=four",
    async (page) => {
      await button(page, "Queues").click();
      await page.getByRole("button", { name: /^Orders/ }).click();
      const orders = region(page, "Details of Orders");
      await orders.locator("canvas").first().waitFor();
      await button(orders, "Who is in it").click();
      await orders.getByText("Priya Sandhu").waitFor();
    },
  ],
  [
    "queues-offline",
    "/?world=centre",
    async (page) => {
      await button(page, "Queues").click();
      await page.getByText("Night desk").waitFor();
      await world(page, () => window.__offhook.offline("vaxel"));
      await page
        .getByRole("main")
        .getByText(/No contact since/)
        .waitFor();
    },
  ],
  [
    "queues-thresholds",
    "/?world=four",
    async (page) => {
      await button(page, "Queues").click();
      await button(page, "Thresholds").click();
      await page.getByRole("textbox", { name: "Waiting: alarm" }).fill("x");
      await page.getByText("A whole number").waitFor();
    },
  ],
  [
    "queues-wallboard",
    "/?world=four",
    async (page) => {
      await button(page, "Queues").click();
      await button(page, "Choose queues").click();
      await page
        .getByRole("dialog")
        .getByText(/^Sales/)
        .click();
      await page
        .getByRole("list", { name: "Chosen" })
        .getByText(/^Sales/)
        .waitFor();
    },
  ],
  [
    "queues-centre",
    "/?world=four",
    async (page) => {
      await button(page, "Queues").click();
      await page.getByRole("tab", { name: "Campaigns and teams" }).click();
      await page.getByText("Sam Ode").waitFor();
    },
  ],
  [
    "history",
    "/?world=centre",
    async (page) => {
      await button(page, "History").click();
      await page.getByRole("option").first().waitFor();
      if (page.viewportSize().width > 1200) await page.getByRole("option").first().click();
    },
  ],
  [
    "history-group",
    "/?world=centre",
    async (page) => {
      await button(page, "History").click();
      await page.getByRole("tab", { name: "Groups" }).click();
      await page.getByRole("option").nth(1).click();
      await region(page, "Who takes care of it").waitFor();
    },
  ],
  [
    "history-conferences",
    "/?world=centre",
    async (page) => {
      await button(page, "History").click();
      await page.getByRole("tab", { name: "Conferences" }).click();
      await page.getByText("482 115").waitFor();
    },
  ],
  [
    "history-none",
    "/",
    async (page) => {
      await button(page, "History").click();
      await page.getByText("No account keeps a history").waitFor();
    },
  ],
  ["settings-accounts", "/?world=busy", settings("Accounts")],
  [
    "settings-check",
    "/?world=centre",
    async (page) => {
      await settings("Accounts")(page);
      await button(region(page, "Växel"), "Check the connection").click();
      await page.getByRole("button", { name: "recording" }).click();
      await page.getByText("recording.list").waitFor();
    },
  ],
  [
    "settings-routes",
    "/?world=centre",
    async (page) => {
      await settings("Accounts")(page);
      await button(region(page, "Växel"), "Routes").click();
      await region(page, "Table of routes").getByText("cti.answer").waitFor();
      await page.locator("input[type=file]").setInputFiles({
        name: "operator.json",
        mimeType: "application/json",
        buffer: Buffer.from('{"paths":{}}'),
      });
      await button(page, "Keep").scrollIntoViewIfNeeded();
    },
  ],
  [
    "settings-states",
    "/?world=centre",
    async (page) => {
      await settings("Accounts")(page);
      await button(region(page, "Växel"), "Joined state").click();
      await page.getByText("Stay logged in to the queues").scrollIntoViewIfNeeded();
    },
  ],
  [
    "settings-new-account",
    "/?world=centre",
    async (page) => {
      await settings("Accounts")(page);
      await button(page, "Add an account").click();
      await page.getByText("Dstny Core", { exact: true }).last().click();
      await page.getByLabel("Second code").scrollIntoViewIfNeeded();
    },
  ],
  [
    "settings-notifications",
    "/",
    async (page) => {
      await settings("Notifications")(page);
      await button(page, "Send a test").click();
      await page.getByText("The sound did not play.").waitFor();
    },
  ],
  ["settings-calls", "/", settings("Calls and quitting")],
  ["settings-appearance", "/", settings("Appearance and language")],
  [
    "settings-diagnostics",
    "/",
    async (page) => {
      await settings("Diagnostics")(page);
      await page.getByText("2 outputs").waitFor();
    },
  ],
  [
    "palette",
    "/?world=busy",
    async (page) => {
      await region(page, "Unsent").waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  ],
  [
    "cheat-sheet",
    "/",
    async (page) => {
      await region(page, "Ringing").waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    },
  ],
  [
    "tel-link",
    "/?world=busy",
    async (page) => {
      await region(page, "Unsent").waitFor();
      await world(page, () => window.__offhook.link("tel:+420900123456"));
      await page.getByRole("dialog", { name: "Call this number?" }).waitFor();
    },
  ],
  [
    "quit",
    "/?world=busy",
    async (page) => {
      await region(page, "Unsent").waitFor();
      await world(page, () => window.__offhook.shell({ event: "ask_quit" }));
      await page.getByRole("dialog", { name: "Quit Offhook?" }).waitFor();
    },
  ],
];

const join = (path, query) => path + (path.includes("?") ? "&" : "?") + query;

for (const [name, path, reach] of VIEWS) {
  for (const theme of ["light", "dark"]) {
    test(`${name} is accessible in ${theme}`, async () => {
      await withPage(
        join(path, `theme=${theme}`),
        async (page) => {
          await reach(page);
          await shot(page, `${name}-${theme}`);
          await accessible(page, `${name} in ${theme}`);
        },
        { colorScheme: theme },
      );
    });
  }
}

for (const theme of ["light", "dark"]) {
  test(`the pop-up is accessible in ${theme}`, async () => {
    await withPage(
      `/popup.html?rings=2&theme=${theme}`,
      async (page) => {
        await button(page, "Answer").waitFor();
        await shot(page, `popup-${theme}`);
        await accessible(page, `pop-up in ${theme}`);
      },
      { width: 400, height: 220, colorScheme: theme },
    );
  });
}

/** Nothing is cut off sideways, and nothing is lost behind the window's edge. */
async function fits(page, what) {
  const wide = await page.evaluate(() => {
    const inside = (element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width === 0 || (left >= -1 && right <= innerWidth + 1);
    };
    return [...document.querySelectorAll("button, input, textarea, h1, h2, p")]
      .filter(
        (element) => !element.closest(".heard") && !element.classList.contains("heard") && !inside(element),
      )
      .map((element) => element.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wide, [], what);
}

for (const [name, path, reach] of VIEWS.filter(([name]) =>
  /work-busy|contacts$|contacts-presence|queues$|history$|history-group|settings-(accounts|routes)|wrap-up|first-run/.test(
    name,
  ),
)) {
  test(`${name} fits a small window and text of double size`, async () => {
    await withPage(
      path,
      async (page) => {
        await reach(page);
        await shot(page, `${name}-small`);
        await fits(page, "small window");
        await page.evaluate(() => localStorage.setItem("offhook.text", "200"));
        await page.reload();
        await page.locator("main").waitFor();
        await reach(page);
        await shot(page, `${name}-200`);
        await fits(page, "text at 200 %");
      },
      { width: 1000, height: 700 },
    );
  });
}

test("high contrast and forced colours keep every control in sight", async () => {
  await withPage(
    "/?world=busy",
    async (page) => {
      await region(page, "Unsent").waitFor();
      await shot(page, "work-forced-colours");
      assert.ok(await button(dock(page), "Answer").isVisible());
    },
    { forcedColors: "active" },
  );
  await withPage(
    "/?world=busy",
    async (page) => {
      await region(page, "Unsent").waitFor();
      await accessible(page, "more contrast");
      await shot(page, "work-more-contrast");
    },
    { contrast: "more" },
  );
});

test("in the pseudo-language no English word is left", async () => {
  // What people and platforms wrote stands in <bdi> and stays as it is, but for a few titles; all else must carry the brackets of the pseudo-language.
  const left = (page) =>
    page.evaluate(() => {
      const own =
        /^[^A-Za-z]*$|^\d+\s(s|min|h)$|Offhook|Daktela|Centrum|Växel|Practice centre|^(Lunch|Coffee|Training|Support|Orders|Outbound|Callbacks|Resolved|Call back|Complaint|Wrong number|My mobile|Desk phone 101|Sales|Night desk|In a meeting|Gone home|Office|Support group)$|Nothing is left|The customer expects|^English$|Czechia|Secret Service|freedesktop|StatusNotifier|outputs|^0\.1\.0$|person\.\d|company\.daktela|^\d+:\d\d|Weekly of the support desk|Kustfrakt AB|^[A-Z][a-z]{2} \d+, |^\d+ [A-Z][a-z]+, |^(Today|Yesterday|Tomorrow)(, |$)|^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(, |$)|^(Anke Müller-Brandt|Ivana Dvořáková|Björn Ångström)$/;
      const texts = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.textContent.trim();
        if (
          /[A-Za-z]{2}/.test(text) &&
          !text.includes("⟦") &&
          !node.parentElement.closest(
            "script, style, select, bdi, kbd, textarea, [data-testid=hidden-select-container]",
          )
        )
          texts.push(text);
      }
      // A hidden button of react-aria, which brings its own translations, is no business of this catalogue.
      for (const element of document.querySelectorAll(
        "[aria-label]:not(button[tabindex='-1']), [placeholder]",
      )) {
        for (const name of ["aria-label", "placeholder"]) {
          const text = element.getAttribute(name);
          if (text && /[A-Za-z]{2}/.test(text) && !text.includes("⟦")) texts.push(`${name}: ${text}`);
        }
      }
      return texts.filter((text) => !own.test(text.replace(/^(aria-label|placeholder): /, "")));
    });
  const look = async (path, what, act = async () => {}) => {
    await withPage(join(path, "language=en-XA"), async (page) => {
      await act(page);
      assert.deepEqual(await left(page), [], what);
    });
  };
  const rail = (index) => async (page) =>
    page.getByRole("navigation").first().getByRole("button").nth(index).click();
  await look("/?world=busy", "work", async (page) => page.getByText("Owen Blackwood").waitFor());
  await look("/?world=offline", "offline", async (page) =>
    page.getByRole("alert").filter({ hasText: "⟦" }).first().waitFor(),
  );
  await look("/?world=empty", "first run", async (page) =>
    page.getByRole("heading", { level: 1 }).filter({ hasText: "⟦" }).waitFor(),
  );
  await look("/", "contacts", async (page) => {
    await rail(2)(page);
    await page.getByRole("option").nth(2).click();
    await page.getByText("Asked about delivery").waitFor();
  });
  await look("/?world=inbox", "inbox with its filters", async (page) => {
    await rail(1)(page);
    await page.getByTestId("inbox").focus();
    await page.getByRole("option").first().getByText(/#\d+/).waitFor();
    await page.keyboard.press("x");
  });
  for (let index = 0; index < 5; index += 1) {
    await look("/", `settings page ${index}`, async (page) => {
      await rail(5)(page);
      await page.getByRole("tab").nth(index).click();
      await page.getByRole("tabpanel").getByRole("heading").first().waitFor();
    });
  }
  await look("/", "cheat sheet", async (page) => {
    await page.getByRole("navigation").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
  });
  await look("/", "state menu", async (page) => {
    await page.getByRole("banner").getByRole("button").first().click();
    await page.getByRole("dialog").waitFor();
  });
  const inner = (page) => page.getByRole("main");
  await look("/?world=centre", "contacts with presence", async (page) => {
    await rail(2)(page);
    await page.getByRole("option").first().click();
    await page.getByText("Asked about delivery").waitFor();
    await inner(page).getByRole("button").first().click();
    await page.getByRole("dialog").waitFor();
  });
  await look("/?world=four", "queues", async (page) => {
    await rail(3)(page);
    await page.locator("[data-queue='centrum/orders']").click();
    await page.locator("canvas").first().waitFor();
    const expanders = inner(page).locator("section [aria-expanded]:not([data-queue], [aria-haspopup])");
    for (let index = 0; index < (await expanders.count()); index += 1) await expanders.nth(index).click();
    await page.getByText("Priya Sandhu").waitFor();
  });
  await look("/?world=four", "campaigns and teams", async (page) => {
    await rail(3)(page);
    await inner(page).getByRole("tab").nth(1).click();
    await page.getByText("Priya Sandhu").waitFor();
  });
  await look("/wallboard.html?world=queues50", "wallboard", async (page) =>
    page.getByRole("article").first().waitFor(),
  );
  // The second page is my day, which has a test of its own.
  for (const index of [0, 2, 3]) {
    await look("/?world=centre", `history page ${index}`, async (page) => {
      await rail(4)(page);
      await page.getByRole("tab").nth(index).click();
      await page
        .getByText(index === 3 ? "482 115" : "Blackwood")
        .first()
        .waitFor();
      if (index < 3) await page.getByRole("option").nth(1).click();
    });
  }
  await look("/?world=centre", "all of an account", async (page) => {
    await rail(5)(page);
    const expanders = inner(page).locator("[aria-expanded]:not([aria-haspopup])");
    await inner(page).getByRole("heading", { name: "Växel" }).waitFor();
    for (let index = 0; index < (await expanders.count()); index += 1) await expanders.nth(index).click();
    await page.getByText("cti.answer").first().waitFor();
  });
  await look("/popup.html?rings=2", "pop-up", async (page) => page.getByRole("article").waitFor());
});
