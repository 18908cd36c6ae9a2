import { describe, expect, test } from "vitest";
import type { Activity } from "../generated/model";
import type { Mirror } from "../state/mirror";
import { useUi } from "../state/ui";
import { chordKeys, isChord, recordChord } from "./keys";
import { liveTarget } from "./live";
import { ACTIONS, missing, talkedOn, target } from "./registry";

const press = (
  key: string,
  held: Partial<KeyboardEventInit> = {},
  code = `Key${key.toUpperCase()}`,
): KeyboardEvent => new KeyboardEvent("keydown", { key, code, ...held });

describe("the registry", () => {
  test("gives no chord to two actions, except to the two ends of one thing", () => {
    const ends = ["unmute", "resume", "record_stop"];
    const chords = ACTIONS.filter(({ id }) => !ends.includes(id)).flatMap((action) => action.keys ?? []);
    expect(new Set(chords).size).toBe(chords.length);
    for (const id of ends) expect(chords, id).toContain(ACTIONS.find((one) => one.id === id)?.keys);
  });

  test("names every action once", () => {
    expect(new Set(ACTIONS.map((action) => action.id)).size).toBe(ACTIONS.length);
  });

  test("never lets a single key answer, decline or hang up", () => {
    for (const action of ACTIONS.filter((one) => one.group === "call" && one.keys !== undefined))
      expect(action.keys, action.id).toMatch(/^Mod\+/);
  });
});

test("the answer key takes the call that rings, not the e-mail that was chosen", () => {
  const activity = (id: string, channel: string, phase: string) =>
    ({ id, channel, phase, actions: ["answer"] }) as Activity;
  const email = activity("a/email", "email", "waiting");
  const call = activity("a/call", "call", "ringing");
  const mirror = {
    activities: { [email.id]: email, [call.id]: call },
    order: [email.id, call.id],
    rings: { [call.id]: { activity: call.id, since: 1, ended: null } },
  } as unknown as Mirror;
  useUi.setState({ selected: email.id });
  expect(target(mirror, "answer")?.id).toBe(call.id);
  expect(target({ ...mirror, rings: {} }, "answer")?.id).toBe(email.id);
});

describe("a key for a live call", () => {
  const call = (id: string, actions: string[], on_hold: boolean) =>
    ({ id, account: "a", channel: "call", phase: "open", on_hold, call: {}, actions }) as unknown as Activity;
  const mirror = (...calls: Activity[]) =>
    ({
      order: calls.map(({ id }) => id),
      activities: Object.fromEntries(calls.map((one) => [one.id, one])),
    }) as unknown as Mirror;
  const held = mirror(
    call("anna", ["resume", "transfer"], true),
    call("bob", ["mute", "transfer"], false),
    call("cyril", ["resume", "transfer"], true),
  );

  test("means the chosen one, else the only one, else the one that is talked on", () => {
    useUi.setState({ selected: "anna" });
    expect(liveTarget(held, "transfer")?.id).toBe("anna");
    expect(liveTarget(held, "mute")?.id).toBe("bob");
    useUi.setState({ selected: undefined });
    expect(liveTarget(held, "transfer")?.id).toBe("bob");
  });

  test("never picks one of two that wait", () => {
    useUi.setState({ selected: "bob" });
    expect(liveTarget(held, "resume")).toBeUndefined();
  });

  test("hangs up the call that is talked on and no other, whichever is chosen", () => {
    const customer = call("anna", ["hangup", "resume"], true);
    const colleague = call("bob", ["hangup"], false);
    for (const selected of ["anna", "bob", undefined]) {
      useUi.setState({ selected });
      expect(talkedOn(mirror(customer, colleague))?.id).toBe("bob");
      expect(talkedOn(mirror(customer))).toBeUndefined();
      expect(talkedOn(mirror(customer, call("cyril", ["hangup"], true)))).toBeUndefined();
      // The first was not told to be on hold yet: nobody knows which of the two is meant.
      expect(talkedOn(mirror(call("anna", ["hangup"], false), colleague))).toBeUndefined();
    }
  });
});

describe("chords", () => {
  test("need exactly their modifiers", () => {
    expect(isChord(press("A", { ctrlKey: true, shiftKey: true }), "Mod+Shift+A")).toBe(true);
    expect(isChord(press("a", { ctrlKey: true }), "Mod+Shift+A")).toBe(false);
    expect(isChord(press("A", { shiftKey: true }), "Mod+Shift+A")).toBe(false);
    expect(isChord(press("A", { ctrlKey: true, shiftKey: true, altKey: true }), "Mod+Shift+A")).toBe(false);
  });

  test("may end in a sign, wherever the layout hides it", () => {
    expect(isChord(press("?", { shiftKey: true }, "Slash"), "?")).toBe(true);
    expect(isChord(press("+", { ctrlKey: true }, "BracketRight"), "Mod++")).toBe(true);
    expect(chordKeys("Mod++").at(-1)).toBe("+");
  });

  test("are recorded as the system's shortcuts are written, and never as a bare letter", () => {
    expect(recordChord(press("a", { ctrlKey: true, shiftKey: true }))).toBe("Ctrl+Shift+A");
    expect(recordChord(press("F9", {}, "F9"))).toBe("F9");
    expect(recordChord(press("a"))).toBeUndefined();
    expect(recordChord(press("Shift", { shiftKey: true }, "ShiftLeft"))).toBeUndefined();
  });
});

test("closing waits for a wrap-up code only where there is one to choose", () => {
  const codes = [{ id: "a", title: "A", description: null }];
  const draft = { note: "words", dispositions: [] };
  expect(missing({ dispositions: codes, required: true, multiple: true }, draft)).toBe(true);
  expect(
    missing({ dispositions: codes, required: true, multiple: true }, { ...draft, dispositions: ["a"] }),
  ).toBe(false);
  expect(missing({ dispositions: codes, required: false, multiple: true }, draft)).toBe(false);
  expect(missing({ dispositions: [], required: true, multiple: true }, draft)).toBe(false);
});
