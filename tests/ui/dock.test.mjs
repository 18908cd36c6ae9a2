// The dock with live calls: every action that a platform can offer is drawn when it is offered and only then, sends exactly
// what it says, waits in place, and shows what was refused; and nobody is ever handed to the wrong person.

import assert from "node:assert/strict";
import test from "node:test";
import { accessible, button, called, calls, dock, region, shot, withPage, world } from "./harness.mjs";

const ANNA = "Ivana Dvořáková";
const BOB = "Aoife Okafor";
const CYRIL = "Marisol Trujillo";

const group = (page, name) => dock(page).getByRole("group", { name, exact: true });
const dialog = (page) => page.getByRole("dialog");
const controls = async (page) =>
  (await calls(page, "execute")).filter((command) => command.do === "control").map(({ control }) => control);

/** The activity about this person, as the practice world has it. */
const about = (page, name) =>
  world(
    page,
    (title) =>
      window.__offhook.activities.find(
        (one) => one.matches[0]?.contact.title === title || one.party.name === title,
      ),
    name,
  );

/** Gives the call exactly these actions. */
const offer = (page, name, actions, call = {}) =>
  world(
    page,
    ([title, offered, more]) => {
      const one = window.__offhook.activities.find(({ matches }) => matches[0]?.contact.title === title);
      window.__offhook.update(one.id, { actions: offered, call: { ...one.call, ...more } });
    },
    [name, actions, call],
  );

const refuse = (page, what = "control", said = "Somebody else was quicker") =>
  world(
    page,
    ([key, words]) =>
      window.__offhook.faults.set(key, {
        code: "refused",
        message: "",
        hint: "",
        account: "vaxel",
        said: [words],
        fields: {},
        facts: {},
      }),
    [what, said],
  );

const slow = (page) =>
  world(page, () => {
    window.__offhook.latency = 60_000;
  });

/** What needs nothing but the press: the action, the button's name, and the state in which it is offered. */
const PLAIN = [
  ["hold", "Hold"],
  ["resume", "Resume"],
  ["mute", "Mute"],
  ["unmute", "Unmute"],
  ["park", "Park"],
  ["record_start", "Record"],
  ["record_stop", "Stop recording"],
  ["record_pause", "Pause recording"],
  ["record_resume", "Resume recording"],
  ["record_save", "Save recording"],
  ["leave_conference", "Leave conference"],
];
const OTHERS = [
  ["dtmf", "Key pad"],
  ["transfer", "Transfer"],
  ["consult", "Consult"],
  ["move", "Move"],
  ["record_discard", "Discard recording"],
  ["join", "Connect…"],
  ["conference", "Conference"],
  ["swap", "Swap"],
  ["hangup", "Hang up"],
];

test("exactly the controls that are offered are drawn, each alone", async () => {
  await withPage("/?world=call", async (page) => {
    const card = group(page, ANNA);
    await card.waitFor();
    const names = [...PLAIN, ...OTHERS];
    for (const [action] of names) {
      await offer(page, ANNA, [action], { recording: { is: "off" } });
      const wanted = names.find(([name]) => name === action)[1];
      await button(card, wanted).waitFor();
      for (const [other, name] of names)
        if (other !== action) await button(card, name).waitFor({ state: "detached" });
    }
    await offer(page, ANNA, []);
    for (const [, name] of names) await button(card, name).waitFor({ state: "detached" });
  });
});

test("each press sends exactly its control, waits in place, and is sent once", async () => {
  await withPage("/?world=call", async (page) => {
    await slow(page);
    const { id } = await about(page, ANNA);
    const card = group(page, ANNA);
    for (const [act, name] of PLAIN) {
      await offer(page, ANNA, [act], { recording: { is: "off" } });
      await button(card, name).click();
      assert.deepEqual(await called(page, "execute", { control: { act } }), {
        do: "control",
        activity: id,
        control: { act },
      });
      await button(card, name).and(page.locator("[data-pending]")).waitFor();
      await button(card, name).click({ force: true });
    }
    assert.deepEqual(
      (await controls(page)).map(({ act }) => act),
      PLAIN.map(([act]) => act),
    );
  });
});

test("what the platform confirms is shown, and only then", async () => {
  await withPage("/?world=switchboard", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
    await button(dock(page), "Answer").click();
    const card = group(page, ANNA);
    await button(card, "Mute").click();
    await card.getByText("Muted", { exact: true }).waitFor();
    await button(card, "Unmute").click();
    await card.getByText("Muted", { exact: true }).waitFor({ state: "detached" });
    await button(card, "Record").click();
    await card.getByText("Recording", { exact: true }).waitFor();
    await button(card, "Pause recording").click();
    await card.getByText("Recording paused").waitFor();
    await button(card, "Resume recording").click();
    await card.getByText("Recording", { exact: true }).waitFor();
    await button(card, "Stop recording").click();
    await button(card, "Record").waitFor();
    await button(card, "Hold").click();
    await card.getByText("On hold").waitFor();
    assert.equal(await button(card, "Mute").count(), 0, "the platform does not offer to mute a held call");
    await button(card, "Resume").click();
    await card.getByText("In call").waitFor();
    await button(card, "Park").click();
    await card.waitFor({ state: "detached" });
  });
});

test("a refusal stands under the call in the platform's words, and can be tried again", async () => {
  await withPage("/?world=call", async (page) => {
    const card = group(page, ANNA);
    await refuse(page);
    await button(card, "Hold").click();
    await card.getByText("Somebody else was quicker").waitFor();
    await button(card, "Try again").click();
    await card.getByText("On hold").waitFor();
    await card.getByText("Somebody else was quicker").waitFor({ state: "detached" });
  });
});

test("a recording is thrown away only after a question", async () => {
  await withPage("/?world=call", async (page) => {
    await button(group(page, ANNA), "Discard recording").click();
    const question = page.getByRole("alertdialog");
    await button(question, "Cancel").click();
    assert.deepEqual(await controls(page), []);
    await button(group(page, ANNA), "Discard recording").click();
    await button(question, "Discard recording").click();
    await called(page, "execute", { control: { act: "record_discard" } });
  });
});

test("what Offhook does not know is shown as text and never as a button", async () => {
  await withPage("/?world=call", async (page) => {
    await offer(page, ANNA, ["hangup"], {
      other_actions: ["TELEPORT"],
      other_status: "FROZEN",
      remark: "Codec mismatch",
      transferred_by: { name: "Sam Ode", company: null, phone: null, address: null },
    });
    const card = group(page, ANNA);
    for (const words of ["TELEPORT", "FROZEN", "Codec mismatch", "Transferred by Sam Ode"])
      await card.getByText(words).waitFor();
    assert.equal(await card.getByRole("button", { name: /teleport/i }).count(), 0);
  });
});

test("tones are sent at once and arrive in the order they were pressed", async () => {
  await withPage("/?world=call", async (page) => {
    const card = group(page, ANNA);
    await button(card, "Key pad").click();
    await page.keyboard.type("12x#3");
    await button(card, "9").click();
    await page.waitForFunction(
      () =>
        window.__offhook.calls
          .filter(({ request }) => request?.control?.act === "dtmf")
          .map(({ request }) => request.control.digits)
          .join("") === "12#39",
    );
    await button(card, "Key pad").click();
    await card.getByRole("textbox", { name: "Tones" }).waitFor({ state: "detached" });
  });
});

test("the call moves to a device that the platform names, and to no other", async () => {
  await withPage("/?world=call", async (page) => {
    await offer(page, ANNA, ["move"], { choices: { move: ["0.mobile", "9.new"] } });
    const card = group(page, ANNA);
    await button(card, "Move").click();
    assert.deepEqual(await page.getByRole("menuitem").allTextContents(), ["My mobile", "9.new"]);
    await page.getByRole("menuitem", { name: "My mobile" }).click();
    await called(page, "execute", { control: { act: "move", device: "0.mobile" } });
    await card.getByText("On My mobile").waitFor();
  });
});

test("a call is transferred to a typed number from the keyboard alone", async () => {
  await withPage("/?world=call", async (page) => {
    await group(page, ANNA).waitFor();
    await page.keyboard.press("Control+Shift+T");
    await dialog(page)
      .getByRole("heading", { name: `Transfer ${ANNA}` })
      .waitFor();
    await page.keyboard.type("+44 20 7946 0123");
    await button(dialog(page), "Transfer").and(page.locator(":not([data-disabled])")).waitFor();
    await page.keyboard.press("Enter");
    await called(page, "execute", {
      control: { act: "transfer", to: "+44 20 7946 0123", handing: "blind" },
    });
    await dialog(page).waitFor({ state: "detached" });
    await group(page, ANNA).waitFor({ state: "detached" });
  });
});

test("a call is transferred to a contact from the keyboard alone, who is shown before", async () => {
  await withPage("/?world=call", async (page) => {
    await button(group(page, ANNA), "Transfer").click();
    await page.keyboard.type("okafor");
    await page
      .getByRole("option", { name: /Aoife Okafor/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    assert.deepEqual(await controls(page), [], "a name alone is not a number to transfer to");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await button(dialog(page), "Choose somebody else").waitFor();
    assert.deepEqual(await controls(page), [], "choosing is not yet transferring");
    const { numbers } = await world(page, () => window.__offhook.contacts[3]);
    await page.keyboard.press("Enter");
    await called(page, "execute", {
      control: { act: "transfer", to: numbers[0].phone.raw, handing: "blind" },
    });
  });
});

test("only the ways to hand on that are offered are drawn, and a refusal keeps the question open", async () => {
  await withPage("/?world=call", async (page) => {
    await offer(page, ANNA, ["to_voicemail", "camp_on"]);
    await button(group(page, ANNA), "To voicemail").click();
    await dialog(page).getByRole("searchbox").fill("+46 70 174 06 01");
    assert.equal(await button(dialog(page), "Transfer").count(), 0);
    await refuse(page, "control", "The box is full");
    await button(dialog(page), "To voicemail").click();
    await called(page, "execute", {
      control: { act: "transfer", to: "+46 70 174 06 01", handing: "voicemail" },
    });
    await dialog(page).getByText("The box is full").waitFor();
    assert.equal(await dialog(page).getByRole("searchbox").inputValue(), "+46 70 174 06 01");
    await button(dialog(page), "When free").click();
    await called(page, "execute", {
      control: { act: "transfer", to: "+46 70 174 06 01", handing: "camp_on" },
    });
  });
});

test("a question about a call goes away with the call", async () => {
  await withPage("/?world=call", async (page) => {
    await button(group(page, ANNA), "Transfer").click();
    await dialog(page).waitFor();
    const { id } = await about(page, ANNA);
    await world(page, (activity) => window.__offhook.remove(activity), id);
    await dialog(page).waitFor({ state: "detached" });
  });
});

test("what is withdrawn while the question is open cannot be sent any more", async () => {
  await withPage("/?world=call", async (page) => {
    await button(group(page, ANNA), "Transfer").click();
    await dialog(page).getByRole("searchbox").fill("+44 20 7946 0123");
    await button(dialog(page), "Transfer").waitFor();
    await offer(page, ANNA, ["hangup"]);
    await dialog(page).getByText("This is not offered for the call any more.").waitFor();
    await button(dialog(page), "Transfer").waitFor({ state: "detached" });
    await dialog(page).getByRole("searchbox").press("Enter");
    assert.deepEqual(await controls(page), []);
  });
});

test("somebody is consulted and connected: both are named at every step", async () => {
  await withPage("/?world=call", async (page) => {
    await button(group(page, ANNA), "Consult").click();
    await dialog(page).getByText(`${ANNA} waits on hold meanwhile.`).waitFor();
    await dialog(page).getByRole("searchbox").fill("okafor");
    await page
      .getByRole("option", { name: /Aoife Okafor/ })
      .first()
      .click();
    await button(dialog(page), "Consult").click();
    const pair = group(page, `${ANNA} and ${BOB}`);
    await pair.getByText("On hold").waitFor();
    await pair.getByText("Dialling").waitFor();
    await pair.getByText(`They are connected as soon as ${BOB} answers.`).waitFor();
    const anna = await about(page, ANNA);
    const bob = await about(page, BOB);
    assert.equal(bob.call.consults_for, anna.id);
    await world(page, (id) => window.__offhook.connect(id), bob.id);
    await pair.getByText("In call").waitFor();
    await button(pair, `Connect ${ANNA} with ${BOB}`).click();
    await called(page, "execute", {
      activity: anna.id,
      control: { act: "join", with: bob.id, when_answered: false },
    });
    await pair.waitFor({ state: "detached" });
    assert.equal(await dock(page).getByRole("group", { name: ANNA }).count(), 0);
  });
});

test("a consultation stays with its call although a third one comes: its partner is never guessed", async () => {
  await withPage("/?world=consult", async (page) => {
    const pair = group(page, `${ANNA} and ${BOB}`);
    await pair.waitFor();
    await world(page, () => window.__offhook.ring({ account: "vaxel", person: 4 }));
    await button(dock(page), "Answer").click();
    const third = group(page, CYRIL);
    await button(third, "Swap").waitFor();
    await button(pair, `Connect ${ANNA} with ${BOB}`).waitFor();
    assert.equal(
      await dock(page)
        .getByRole("button", { name: new RegExp(`Connect.*${CYRIL}`) })
        .count(),
      0,
    );

    await button(third, "Connect…").click();
    await dialog(page)
      .getByRole("heading", { name: `Connect ${CYRIL} with…` })
      .waitFor();
    assert.equal(await dialog(page).getByRole("radio", { checked: true }).count(), 0);
    assert.ok(await button(dialog(page), "Connect two calls").isDisabled());
    await page.keyboard.press("Escape");
    assert.deepEqual(
      (await controls(page)).filter(({ act }) => act !== "hold"),
      [],
    );

    const [anna, bob] = [await about(page, ANNA), await about(page, BOB)];
    await button(pair, `Connect ${ANNA} with ${BOB}`).click();
    const join = await called(page, "execute", { do: "control", activity: anna.id });
    assert.equal(join.control.with, bob.id);
    await third.waitFor();
  });
});

test("with three calls the agent says which two, and the button says it back", async () => {
  await withPage("/?world=three", async (page) => {
    const third = group(page, CYRIL);
    for (const [act, name] of [
      ["swap", "Swap"],
      ["conference", "Conference"],
    ]) {
      await button(third, name).click();
      assert.equal(await dialog(page).getByRole("radio", { checked: true }).count(), 0);
      await dialog(page)
        .getByRole("radio", { name: new RegExp(ANNA) })
        .check({ force: true });
      await refuse(page);
      await button(dialog(page), name).click();
      const [cyril, anna] = [await about(page, CYRIL), await about(page, ANNA)];
      await called(page, "execute", { activity: cyril.id, control: { act, with: anna.id } });
      await third.getByText("Somebody else was quicker").first().waitFor();
    }
    const [cyril, bob] = [await about(page, CYRIL), await about(page, BOB)];
    await button(third, "Connect…").click();
    await dialog(page)
      .getByRole("radio", { name: new RegExp(BOB) })
      .check({ force: true });
    await button(dialog(page), `Connect ${BOB} with ${CYRIL}`).click();
    await called(page, "execute", {
      activity: bob.id,
      control: { act: "join", with: cyril.id, when_answered: false },
    });
    await group(page, ANNA).waitFor();
  });
});

test("the key that connects shows whom with whom and does it only when that is confirmed", async () => {
  await withPage("/?world=consult", async (page) => {
    await group(page, BOB).waitFor();
    await page.keyboard.press("Control+Shift+J");
    await button(dialog(page), `Connect ${ANNA} with ${BOB}`).waitFor();
    assert.deepEqual(await controls(page), []);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() =>
      window.__offhook.calls.some(({ request }) => request?.control?.act === "join"),
    );
  });
});

test("swapping holds one and goes on with the other, who is then at hand", async () => {
  await withPage("/?world=consult", async (page) => {
    const pair = group(page, `${ANNA} and ${BOB}`);
    await button(group(page, BOB), "Transfer").waitFor();
    await button(pair, "Swap").click();
    const [anna, bob] = [await about(page, ANNA), await about(page, BOB)];
    await called(page, "execute", { activity: bob.id, control: { act: "swap", with: anna.id } });
    await button(group(page, ANNA), "Transfer").waitFor();
    await button(group(page, BOB), "Resume").waitFor();
  });
});

test("the call that is talked on comes up although the other is held only later, and a held one can be looked at", async () => {
  await withPage("/?world=consult", async (page) => {
    const [anna, bob] = [await about(page, ANNA), await about(page, BOB)];
    const set = (id, on_hold) =>
      world(page, ([one, held]) => window.__offhook.update(one, { on_hold: held }), [id, on_hold]);
    await button(group(page, BOB), "Transfer").waitFor();
    await set(anna.id, false);
    await set(bob.id, true);
    await button(group(page, ANNA), "Transfer").waitFor();
    // Now the other way round: who is talked to next is told before who waits.
    await set(bob.id, false);
    await set(anna.id, true);
    await button(group(page, BOB), "Transfer").waitFor();

    await group(page, ANNA)
      .getByRole("button", { name: new RegExp(ANNA) })
      .click();
    await button(group(page, ANNA), "Transfer").waitFor();
    await world(page, (id) => window.__offhook.update(id, { title: "Contract" }), bob.id);
    await button(group(page, ANNA), "Transfer").waitFor();
  });
});

test("the key that hangs up ends the call that is talked on, and nothing while all wait", async () => {
  await withPage("/?world=consult", async (page) => {
    const [anna, bob] = [await about(page, ANNA), await about(page, BOB)];
    const hungUp = async () => (await calls(page, "execute")).filter((command) => command.do === "hangup");
    await group(page, ANNA)
      .getByRole("button", { name: new RegExp(ANNA) })
      .click();
    await button(group(page, ANNA), "Transfer").waitFor();
    await page.keyboard.press("Control+Shift+H");
    await called(page, "execute", { do: "hangup", activity: bob.id });
    await group(page, BOB).waitFor({ state: "detached" });
    await page.keyboard.press("Control+Shift+H");
    await page.keyboard.press("Control+Shift+O");
    await called(page, "execute", { do: "control", activity: anna.id, control: { act: "resume" } });
    assert.deepEqual(
      (await hungUp()).map(({ activity }) => activity),
      [bob.id],
      "the one who waits is not hung up",
    );
  });
});

test("a call that somebody else changed says so", async () => {
  await withPage("/?world=call", async (page) => {
    const card = group(page, ANNA);
    await card.waitFor();
    await world(page, () =>
      window.__offhook.faults.set("control", {
        code: "not_possible",
        message: "",
        hint: "",
        account: "vaxel",
        said: [],
        fields: {},
        facts: { why: "changed" },
      }),
    );
    await button(card, "Hold").click();
    await card.getByText("The call changed meanwhile.").waitFor();
    await card.getByText("See how it stands now, then try again.").waitFor();
    await button(card, "Try again").click();
    await card.getByText("On hold").waitFor();
  });
});

test("a consultation goes out from the device that is shown", async () => {
  await withPage("/?world=call", async (page) => {
    const { call } = await about(page, ANNA);
    const [own] = call.devices;
    await offer(page, ANNA, ["consult"], { choices: { consult: ["0.mobile", own] } });
    await button(group(page, ANNA), "Consult").click();
    await dialog(page).getByRole("searchbox").fill("+44 20 7946 0123");
    await button(dialog(page), "Consult").click();
    await called(page, "execute", { control: { act: "consult", to: "+44 20 7946 0123", device: own } });
  });
});

test("a conference lists everybody, puts one out, and can be left", async () => {
  await withPage("/?world=consult", async (page) => {
    await button(group(page, `${ANNA} and ${BOB}`), "Conference").click();
    const list = region(page, "In the conference");
    for (const name of ["You", "+44 20 7946 0003"]) await list.getByText(name).first().waitFor();
    const card = dock(page).getByRole("group").filter({ has: list });
    await button(list, "Leave conference").waitFor();
    const removing = list.getByRole("button", { name: /^Remove/ });
    assert.equal(await removing.count(), 2);
    await removing.last().click();
    await page.waitForFunction(() =>
      window.__offhook.calls.some(({ request }) => request?.control?.act === "remove_participant"),
    );
    await list.waitFor({ state: "detached" });
    assert.equal(await card.count(), 0);
  });
  await withPage("/?world=conference", async (page) => {
    const list = region(page, "In the conference");
    await button(list, `Remove ${BOB}`).click();
    await called(page, "execute", { control: { act: "remove_participant", participant: "p3" } });
    await button(list, `Remove ${BOB}`).waitFor({ state: "detached" });
    await button(list, `Remove ${CYRIL}`).waitFor();
    await button(list, "Leave conference").click();
    await called(page, "execute", { control: { act: "leave_conference" } });
  });
});

test("a call is answered on the device that is chosen, among those the platform names", async () => {
  await withPage("/?world=switchboard", async (page) => {
    await region(page, "Ringing").waitFor();
    const id = await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
    const card = dock(page).getByRole("article", { name: /is calling/ });
    await card.getByRole("button", { name: /Take the call on/ }).click();
    assert.deepEqual(await page.getByRole("option").allTextContents(), [
      "Desk phone",
      "Softphone",
      "My mobile",
    ]);
    await page.getByRole("option", { name: "Softphone" }).click();
    await button(card, "Answer").click();
    await called(page, "execute", { do: "answer", activity: id, device: "2.soft" });
    await group(page, ANNA).getByText("On Softphone").waitFor();
  });
});

test("whichever way a call is answered, it is answered on the device that is shown", async () => {
  for (const [device, press] of [
    ["2.soft", (page) => page.keyboard.press("Control+Shift+A")],
    ["2.soft", (page) => button(region(page, "Ringing"), "Answer").click()],
  ]) {
    await withPage("/?world=switchboard", async (page) => {
      await region(page, "Ringing").waitFor();
      const id = await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
      const card = dock(page).getByRole("article", { name: /is calling/ });
      await card.getByRole("button", { name: /Take the call on/ }).click();
      await page.getByRole("option", { name: "Softphone" }).click();
      await card.getByRole("button", { name: /Softphone.*Take the call on/ }).waitFor();
      await press(page);
      await called(page, "execute", { do: "answer", activity: id, device });
    });
  }
  await withPage("/?world=switchboard", async (page) => {
    await region(page, "Ringing").waitFor();
    const id = await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
    const card = dock(page).getByRole("article", { name: /is calling/ });
    await card.getByRole("button", { name: /Desk phone.*Take the call on/ }).waitFor();
    await button(card, "Answer").click();
    await called(page, "execute", { do: "answer", activity: id, device: "2.desk" });
  });
});

test("keys mute, hold, record and open the key pad of the call that is talked on", async () => {
  await withPage("/?world=switchboard", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
    await page.keyboard.press("Control+Shift+A");
    const card = group(page, ANNA);
    await button(card, "Mute").waitFor();
    await page.keyboard.press("Control+Shift+M");
    await card.getByText("Muted", { exact: true }).waitFor();
    await page.keyboard.press("Control+Shift+M");
    await button(card, "Mute").waitFor();
    await page.keyboard.press("Control+Shift+R");
    await card.getByText("Recording", { exact: true }).waitFor();
    await page.keyboard.press("Control+Shift+K");
    await card.getByRole("textbox", { name: "Tones" }).waitFor();
    await page.keyboard.press("Control+Shift+O");
    await card.getByText("On hold").waitFor();
    await page.keyboard.press("Control+Shift+O");
    await card.getByText("In call").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("park");
    await page.getByRole("option", { name: "Park" }).waitFor();
    await page.keyboard.press("Enter");
    await called(page, "execute", { control: { act: "park" } });
  });
});

test("a button keeps the keyboard when it becomes its other end", async () => {
  await withPage("/?world=switchboard", async (page) => {
    await region(page, "Ringing").waitFor();
    await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
    await button(dock(page), "Answer").click();
    const card = group(page, ANNA);
    await button(card, "Record").click();
    for (const [one, other] of [
      ["Mute", "Unmute"],
      ["Hold", "Resume"],
      ["Pause recording", "Resume recording"],
    ]) {
      await button(card, one).focus();
      for (const name of [other, one]) {
        await page.keyboard.press("Enter");
        await button(card, name).and(page.locator(":focus")).waitFor();
      }
    }
  });
});

test("the line to call with is offered and sent", async () => {
  await withPage("/?world=switchboard", async (page) => {
    const form = region(page, "Dial");
    await form.getByRole("button", { name: /Account/ }).click();
    await page.getByRole("option", { name: "Växel" }).click();
    await form.getByRole("button", { name: /Calling as/ }).click();
    await page.getByRole("option", { name: /Support group/ }).click();
    await form.getByRole("textbox", { name: "Number" }).fill("+44 20 7946 0123");
    await button(form, "Call").click();
    await called(page, "execute", { do: "dial", account: "vaxel", line: "support" });
    await button(dock(page), "Dial another number").click();
    await form.getByRole("button", { name: /Calling as Support group|Support group/ }).waitFor();
  });
});

test("the pop-up answers on a chosen device in one step", async () => {
  await withPage(
    "/popup.html?world=switchboard",
    async (page) => {
      await world(page, () => window.__offhook.ring({ account: "vaxel", person: 0 }));
      await button(page, "Take the call on").click();
      await page.getByRole("menuitem", { name: "My mobile" }).click();
      await called(page, "execute", { do: "answer", device: "0.mobile" });
    },
    { width: 400, height: 220 },
  );
});

const menu = async (page) => {
  await page.getByRole("button", { name: /^State:/ }).click();
  return page.getByRole("region", { name: "Växel", exact: true });
};

test("presence is set with its end, its note and its role, each on its own", async () => {
  await withPage("/?world=switchboard", async (page) => {
    const row = await menu(page);
    await row.getByRole("button", { name: /Presence on Växel/ }).click();
    await page.getByRole("option", { name: /In a meeting/ }).click();
    const none = { activity: null, note: null, until: null, role: null, available: null };
    const set = (part) => called(page, "execute", { do: "set_presence", change: { ...none, ...part } });
    await set({ activity: "meeting" });
    await row.getByRole("button", { name: "In a meeting Presence on Växel" }).waitFor();

    const before = Date.now();
    await button(row, "15 min").click();
    await row.getByText(/^Until/).waitFor();
    const [{ change }] = (await calls(page, "execute")).filter((one) => one.change?.until);
    assert.equal(change.until.ends, "at");
    assert.ok(change.until.at >= before + 15 * 60_000);
    await button(row, "Never").click();
    await set({ until: { ends: "never" } });

    await row.getByRole("textbox", { name: "At" }).fill("25:00");
    await row.getByRole("textbox", { name: "At" }).press("Enter");
    await row.getByText("Write a time like 17:30.").waitFor();

    await row.getByRole("textbox", { name: "Note for colleagues" }).fill("Back soon");
    await button(row, "Save").click();
    await set({ note: "Back soon" });
    await row.getByRole("button", { name: /Role/ }).click();
    await page.getByRole("option", { name: "Private" }).click();
    await set({ role: "private" });
    await row.getByRole("switch", { name: "Available for calls" }).click({ force: true });
    await set({ available: true });
    await button(row, "Lunch 30 min").click();
    await called(page, "execute", { do: "apply_shortcut", account: "vaxel", shortcut: "s1" });
    await row.getByRole("button", { name: /Calling as/ }).click();
    await page.getByRole("option", { name: /Number withheld/ }).click();
    await called(page, "execute", { do: "set_line", account: "vaxel", line: "hidden" });
  });
});

test("a refused presence stands under it", async () => {
  await withPage("/?world=switchboard", async (page) => {
    const row = await menu(page);
    await refuse(page, "set_presence", "Not during your shift");
    await button(row, "1 h").click();
    await row.getByText("Not during your shift").waitFor();
  });
});

test("calls that go elsewhere are said in the state bar and taken back there", async () => {
  await withPage("/?world=switchboard", async (page) => {
    const row = await menu(page);
    await button(row, "Diversions…").click();
    const panel = dialog(page);
    await region(panel, "Right now").getByRole("textbox", { name: "Divert to" }).fill("+44 20 7946 0100");
    await button(panel, "Divert").click();
    await called(page, "set_diversion", {
      change: { divert: "active", number: "+44 20 7946 0100", until_presence_changes: true },
    });
    const line = region(panel, "Line +46701740601");
    await line.getByRole("textbox", { name: "Always" }).fill("+44 20 7946 0101");
    await button(line, "Save").click();
    await called(page, "set_diversion", {
      change: { divert: "rule", line: "PRIMARY", case: { when: "always" }, number: "+44 20 7946 0101" },
    });
    await button(line, "Stop diverting: When busy").click();
    await called(page, "set_diversion", {
      change: { divert: "rule", line: "PRIMARY", case: { when: "busy" }, number: null },
    });
    await refuse(page, "set_diversion", "No such number");
    const meeting = region(panel, "By presence").getByRole("textbox", { name: "In a meeting" });
    await meeting.fill("1");
    await meeting.press("Enter");
    await panel.getByText("No such number").waitFor();
    assert.equal(await meeting.inputValue(), "1", "what was typed is not lost");
    await button(panel, "Done").click();
    const bar = page.getByRole("list", { name: "Connections" });
    await bar.getByText("Diverted to +44 20 7946 0100").waitFor();
    await button(bar, "Stop diverting").click();
    await bar.getByText(/Diverted to/).waitFor({ state: "detached" });
  });
});

test("voicemail settings are kept together, and nothing is lost when that fails", async () => {
  await withPage("/?world=switchboard", async (page) => {
    const row = await menu(page);
    await button(row, "Voicemail…").click();
    const panel = dialog(page);
    const says = panel.getByRole("switch", { name: "Callers hear when I am back" });
    await panel.getByText("Callers hear when I am back").click();
    assert.equal(await panel.getByText("A text tells me of a message").count(), 0);
    await refuse(page, "save_voicemail", "Box locked");
    await button(panel, "Save").click();
    await panel.getByText("Box locked").waitFor();
    assert.ok(await says.isChecked());
    await button(panel, "Save").click();
    await panel.waitFor({ state: "detached" });
    const [, saved] = await calls(page, "save_voicemail");
    assert.equal(saved.settings.says_end, true);
    assert.equal(saved.settings.by_sms, null);
  });
});

/** The views of live calls, and how to get there. */
const VIEWS = [
  ["call", "/?world=call", async (page) => group(page, ANNA).waitFor()],
  [
    "keypad",
    "/?world=call",
    async (page) => {
      await button(group(page, ANNA), "Key pad").click();
      await page.getByRole("textbox", { name: "Tones" }).waitFor();
    },
  ],
  ["consult", "/?world=consult", async (page) => group(page, `${ANNA} and ${BOB}`).waitFor()],
  ["three-calls", "/?world=three", async (page) => group(page, CYRIL).waitFor()],
  ["conference", "/?world=conference", async (page) => region(page, "In the conference").waitFor()],
  [
    "transfer",
    "/?world=call",
    async (page) => {
      await button(group(page, ANNA), "Transfer").click();
      await dialog(page).getByRole("searchbox").fill("okafor");
      await page.getByRole("option").first().waitFor();
    },
  ],
  [
    "connect",
    "/?world=three",
    async (page) => {
      await button(group(page, CYRIL), "Connect…").click();
      await dialog(page).waitFor();
    },
  ],
  ["presence", "/?world=switchboard", async (page) => (await menu(page)).scrollIntoViewIfNeeded()],
  [
    "diversions",
    "/?world=switchboard",
    async (page) => {
      await button(await menu(page), "Diversions…").click();
      await region(dialog(page), "By presence").waitFor();
    },
  ],
  [
    "voicemail",
    "/?world=switchboard",
    async (page) => {
      await button(await menu(page), "Voicemail…").click();
      await dialog(page).getByRole("switch").first().waitFor();
    },
  ],
];

for (const [name, path, arrive] of VIEWS) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}: accessible in ${colorScheme}`, async () => {
      await withPage(
        path,
        async (page) => {
          await arrive(page);
          await accessible(page, `${name} ${colorScheme}`);
          await shot(page, `live-${name}-${colorScheme}`);
        },
        { colorScheme },
      );
    });
  }
  test(`${name}: nothing is cut off in a small window or with text of double size`, async () => {
    for (const size of ["100", "200"]) {
      await withPage(
        path,
        async (page) => {
          await page.evaluate((text) => localStorage.setItem("offhook.text", text), size);
          await page.reload();
          await page.locator("main").waitFor();
          const expand = button(page, "Expand the dock");
          if (await expand.count()) await expand.click();
          await arrive(page);
          const cut = await page.evaluate(() =>
            [...document.querySelectorAll("button, h1, h2, h3, strong")]
              .filter((one) => one.getClientRects().length > 0 && !one.closest(".heard, [aria-hidden=true]"))
              .filter(
                (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline",
              )
              .map((one) => `${one.tagName} ${one.textContent}`),
          );
          assert.deepEqual(cut, [], `${name} at ${size} %`);
          assert.ok(
            await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
            `${name} at ${size} % is wider than the window`,
          );
          await shot(page, `live-${name}-small-${size}`);
        },
        { width: 1000, height: 700 },
      );
    }
  });
}

test("in the pseudo-language no English word is left in what is said of live calls", async () => {
  const left = (page) =>
    page.evaluate(() => {
      const own =
        /^[^A-Za-z]*$|^(Centrum|Växel|Desk phone|Desk phone 101|Softphone|My mobile|Office|Number withheld|Support group|Support|Sales|Orders|Lunch|Coffee|Training|In a meeting|Gone home|Available|Support agent|Private|AT_NIGHT|Ivana Dvořáková|Aoife Okafor)$/;
      const texts = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.textContent.trim();
        const skip = "script, style, select, bdi, kbd, textarea, [data-testid=hidden-select-container]";
        if (!text.includes("⟦") && !own.test(text) && !node.parentElement.closest(skip)) texts.push(text);
      }
      for (const element of document.querySelectorAll(
        "[aria-label]:not(button[tabindex='-1']), [placeholder]",
      )) {
        for (const name of ["aria-label", "placeholder"]) {
          const text = element.getAttribute(name);
          const names = /Dvořáková|Okafor|Trujillo/.test(text ?? "");
          if (text && !names && !text.includes("⟦") && !own.test(text)) texts.push(`${name}: ${text}`);
        }
      }
      return texts;
    });
  const look = (path, what, act) =>
    withPage(`${path}&language=en-XA`, async (page) => {
      await act(page);
      assert.deepEqual(await left(page), [], what);
    });
  const people = (page) =>
    page
      .getByRole("group", { name: /Dvořáková/ })
      .first()
      .waitFor();
  await look("/?world=call", "call", async (page) => {
    await people(page);
    await page.keyboard.press("Control+Shift+K");
    await page.getByRole("button", { name: "9", exact: true }).waitFor();
  });
  await look("/?world=consult", "consult", people);
  await look("/?world=conference", "conference", people);
  await look("/?world=call", "transfer", async (page) => {
    await people(page);
    await page.keyboard.press("Control+Shift+T");
    await page.getByRole("dialog").waitFor();
  });
  await look("/?world=three", "connect", async (page) => {
    await people(page);
    await page.keyboard.press("Control+Shift+J");
    await page.getByRole("dialog").waitFor();
  });
  /** The two panels are the last buttons of the account. */
  const open = async (page) => {
    await page.getByRole("banner").getByRole("button").first().click();
    return page.getByRole("region", { name: "Växel", exact: true });
  };
  await look("/?world=switchboard", "presence", open);
  for (const [index, what] of ["diversions", "voicemail"].entries()) {
    await look("/?world=switchboard", what, async (page) => {
      const row = await open(page);
      await row
        .getByRole("button")
        .nth(index - 2)
        .click();
      await page.getByRole("dialog").locator("input").first().waitFor({ state: "attached" });
    });
  }
});
