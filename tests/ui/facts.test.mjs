// What a platform tells of a contact beyond what every platform has, and what it leaves to be done on its own page.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, dock, region, shot, withPage, world } from "./harness.mjs";

/** One fact of each kind, and one that is not what its kind promises. */
const FACTS = [
  ["verified", "yes", null],
  ["waited", "75", null],
  ["language", "cs", null],
  ["line", "+442079460150", null],
  ["participant", "Sam Ode, agent", null],
  ["transfer", "from Sales", null],
  ["recording", "2 min", "https://company.example/recordings/7"],
  ["ticket", "CRM-9", "https://company.example/tickets/9"],
  ["media", "photo.jpg", "https://company.example/media/3"],
  ["failure", "Carrier error", null],
  ["outcome", "Voicemail reached", null],
  ["rating", "4", null],
  ["held", "a while", null],
  ["other", "deflection: none", null],
].map(([kind, value, link]) => ({ kind, value, link }));

const WORDS = [
  ["Identity", "Verified by the platform"],
  ["Waited", "1:15"],
  ["Language", "Czech"],
  ["Line", "+442079460150"],
  ["Also in it", "Sam Ode, agent"],
  ["Went on", "from Sales"],
  ["Recording", "2 min"],
  ["Ticket", "CRM-9"],
  ["Sent by the other side", "photo.jpg"],
  ["Why it failed", "Carrier error"],
  ["What became of it", "Voicemail reached"],
  ["Rating", "4 of 5"],
  ["On hold", "a while"],
  ["Also", "deflection: none"],
];

const told = (scope) =>
  region(scope, "What the platform tells").evaluate((section) =>
    [...section.querySelectorAll("dl > div")].map((row) => [
      row.querySelector("dt").textContent,
      row.querySelector("dd > :first-child").textContent,
    ]),
  );

test("every kind of fact stands on the card of the contact, and its link opens outside", async () => {
  await withPage("/?world=four", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(
      page,
      (facts) =>
        window.__offhook.newActivity({
          account: "molnet",
          phase: "open",
          answered_at: Date.now(),
          web: "https://company.example/agent",
          facts,
        }),
      FACTS,
    );
    await region(dock(page), "What the platform tells").waitFor();
    assert.deepEqual(await told(dock(page)), WORDS);
    await button(dock(page), "Open: Recording").click();
    await called(page, "open_link", "https://company.example/recordings/7");
    await shot(page, "facts");
    await accessible(page, "the facts of a contact");
  });
});

test("a contact that rings tells its facts below the buttons, which stay where they are", async () => {
  await withPage("/?world=four", async (page) => {
    await region(page, "Ringing").waitFor();
    const id = await world(page, () => window.__offhook.ring({ account: "molnet", person: 0 }));
    const answer = button(dock(page), "Answer");
    const before = await answer.boundingBox();
    await world(
      page,
      (which) =>
        window.__offhook.update(which, {
          facts: [
            { kind: "verified", value: "yes", link: null },
            { kind: "waited", value: "75", link: null },
          ],
        }),
      id,
    );
    await dock(page).getByText("Verified by the platform").waitFor();
    assert.deepEqual(await answer.boundingBox(), before);
    await accessible(page, "the facts of a contact that rings");
  });
});

test("a person who is not verified is said to be so in words; a contact without facts says nothing", async () => {
  await withPage("/?world=four", async (page) => {
    await region(page, "Ringing").waitFor();
    const id = await world(
      page,
      () =>
        window.__offhook.newActivity({
          account: "molnet",
          phase: "open",
          facts: [{ kind: "verified", value: "no", link: null }],
        }).id,
    );
    await dock(page).getByText("Not verified").waitFor();
    await world(page, (which) => window.__offhook.update(which, { facts: [] }), id);
    await region(dock(page), "What the platform tells").waitFor({ state: "detached" });
  });
});

test("the past tells its facts too, and opens on the platform's own page", async () => {
  await withPage("/?world=centre", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(
      page,
      (facts) => {
        const { archive } = window.__offhook;
        archive.own = archive.own.map((item, n) =>
          n === 0 ? { ...item, facts, web: "https://company.example/calls/1" } : item,
        );
      },
      FACTS,
    );
    await button(page, "History").click();
    await page.getByRole("option").first().click();
    const details = region(page, "Details");
    await region(details, "What the platform tells").waitFor();
    assert.deepEqual(await told(details), WORDS);
    await details.getByRole("button", { name: /^Open in / }).click();
    await called(page, "open_link", "https://company.example/calls/1");
  });
});

for (const [what, words] of [
  ["choose_number", "Choose the number to call with on the platform’s page."],
  ["go_on_there", "Go on in the platform’s own page: the call is waiting for you there."],
]) {
  test(`what a call leaves to be done is said and opened: ${what}`, async () => {
    await withPage("/?world=four", async (page) => {
      await region(page, "Ringing").waitFor();
      await world(
        page,
        (step) => {
          const world = window.__offhook;
          const status = {
            id: 900,
            command: {
              do: "dial",
              account: "molnet",
              number: "+442079460150",
              queue: null,
              device: null,
              line: null,
              contact: null,
            },
            asked_at: Date.now(),
            outcome: { is: "confirmed" },
            accounts: [{ account: "molnet", outcome: { is: "confirmed" } }],
            made: null,
            next: { what: step, web: "https://company.example/agent" },
          };
          world.commands.push(status);
          world.emit({ change: "command", status });
        },
        what,
      );
      await dock(page).getByText(words).waitFor();
      await dock(page)
        .getByRole("button", { name: /^Open in CCAI Platform/ })
        .click();
      await called(page, "open_link", "https://company.example/agent");
      assert.equal((await calls(page, "open_link")).length, 1);
      await button(dock(page), "Dismiss").click();
      await dock(page).getByText(words).waitFor({ state: "detached" });
    });
  });
}
