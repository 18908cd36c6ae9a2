import { expect, test } from "vitest";
import type { CheckLine, Problem, ProblemCode } from "../generated/model";
import { areas, tally, verdictOf } from "./checks";

const problem = (code: ProblemCode): Problem => ({
  code,
  message: "",
  hint: "",
  account: null,
  said: [],
  fields: {},
  facts: {},
});
const line = (what: string, ok: boolean | null, code?: ProblemCode): CheckLine => ({
  what,
  ok,
  detail: null,
  problem: code ? problem(code) : null,
});

test("what a tenant does not have is told apart from what fails", () => {
  expect(verdictOf(line("a", true))).toBe("works");
  expect(verdictOf(line("a", null))).toBe("not_tried");
  expect(verdictOf(line("a", false, "not_licensed"))).toBe("not_licensed");
  expect(verdictOf(line("a", false, "forbidden"))).toBe("forbidden");
  expect(verdictOf(line("a", false, "no_such_operation"))).toBe("no_such_operation");
  expect(verdictOf(line("a", false, "server_fault"))).toBe("fails");
  expect(verdictOf(line("a", false))).toBe("fails");
});

test("operations are gathered by area, steps stay by themselves, and all are counted", () => {
  const lines = [
    line("address", true),
    line("cti.user", true),
    line("contacts.search", false, "forbidden"),
    line("cti.answer", null),
  ];
  const { steps, operations } = areas(lines);
  expect(steps.map((one) => one.what)).toEqual(["address"]);
  expect(operations.map(({ name, lines: all }) => [name, all.length])).toEqual([
    ["cti", 2],
    ["contacts", 1],
  ]);
  expect(tally(lines)).toEqual({
    works: 2,
    not_licensed: 0,
    forbidden: 1,
    no_such_operation: 0,
    fails: 0,
    not_tried: 1,
  });
});
