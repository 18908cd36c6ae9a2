import { expect, test } from "vitest";
import type { Activity, Device } from "../generated/model";
import { answerDevice, answerDevices } from "./answering";

const device = (id: string, logged_in = false): Device => ({ id, title: id, kind: "", logged_in });
const ring = (rings: readonly string[], answer?: readonly string[]) =>
  ({
    id: "a/1",
    channel: "call",
    actions: ["answer"],
    call: { devices: rings, choices: answer ? { answer } : {} },
  }) as unknown as Activity;
const own = [device("desk"), device("soft", true), device("mobile")];

test("a call is answered on the chosen device, else on one that rings, else on one the agent is on", () => {
  expect(answerDevice(ring(["mobile"]), own, "desk")).toBe("desk");
  expect(answerDevice(ring(["mobile"]), own, undefined)).toBe("mobile");
  expect(answerDevice(ring([]), own, undefined)).toBe("soft");
  expect(answerDevice(ring([]), [device("desk"), device("mobile")], undefined)).toBeNull();
});

test("a device that the platform does not name for the call any more is not sent", () => {
  const call = ring(["mobile"], ["desk", "mobile"]);
  expect(answerDevice(call, answerDevices(call, own), "soft")).toBe("mobile");
});

test("where there is no choice the platform chooses", () => {
  const call = ring(["mobile"], ["mobile"]);
  expect(answerDevice(call, answerDevices(call, own), undefined)).toBeNull();
});
