import { describe, expect, test } from "vitest";
import type { Activity, CallControl } from "../generated/model";
import type { Mirror } from "./mirror";
import { othersOf, pairsOf, partnerOf } from "./pairs";

const call = (id: string, part: Partial<CallControl> = {}, more: Partial<Activity> = {}): Activity =>
  ({
    id,
    account: "a",
    channel: "call",
    phase: "open",
    on_hold: false,
    call: { consults_for: null, ...part },
    ...more,
  }) as Activity;

const mirror = (...calls: Activity[]): Mirror =>
  ({
    order: calls.map(({ id }) => id),
    activities: Object.fromEntries(calls.map((one) => [one.id, one])),
  }) as unknown as Mirror;

const partner = (held: Mirror, id: string): string | undefined => {
  const one = held.activities[id];
  return one && partnerOf(one, othersOf(held, one))?.id;
};
const pairs = (held: Mirror): string[] => pairsOf(held).map(({ id }) => id);

describe("whom a call would be put together with", () => {
  test("of two calls, the other one; the one who waits stands first", () => {
    const held = mirror(call("anna", {}, { on_hold: true }), call("bob"));
    expect([partner(held, "anna"), partner(held, "bob")]).toEqual(["bob", "anna"]);
    expect(pairs(held)).toEqual(["anna", "bob"]);
  });

  test("of three, nobody is guessed", () => {
    const held = mirror(call("anna"), call("bob"), call("cyril"));
    expect(["anna", "bob", "cyril"].map((id) => partner(held, id))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(pairs(held)).toEqual([]);
  });

  test("a consultation belongs to the call it was begun for, whatever else is open", () => {
    const held = mirror(call("dana"), call("anna"), call("bob", { consults_for: "anna" }));
    expect([partner(held, "anna"), partner(held, "bob"), partner(held, "dana")]).toEqual([
      "bob",
      "anna",
      undefined,
    ]);
    expect(pairs(held)).toEqual(["anna", "bob"]);
  });

  test("when the call it was begun for is gone, the only other one is not taken instead", () => {
    const held = mirror(call("dana"), call("bob", { consults_for: "anna" }));
    expect([partner(held, "bob"), partner(held, "dana")]).toEqual([undefined, undefined]);
  });

  test("two consultations for one call must be told apart by the agent", () => {
    const held = mirror(
      call("anna"),
      call("bob", { consults_for: "anna" }),
      call("cyril", { consults_for: "anna" }),
    );
    expect(partner(held, "anna")).toBeUndefined();
    expect(partner(held, "bob")).toBe("anna");
    expect(pairs(held)).toEqual([]);
  });

  test("calls of another account, ringing ones and those in wrap-up are never meant", () => {
    const held = mirror(
      call("anna"),
      call("bob", {}, { account: "b" }),
      call("cyril", {}, { phase: "ringing" }),
      call("dana", {}, { phase: "wrap_up" }),
    );
    expect(partner(held, "anna")).toBeUndefined();
  });
});
