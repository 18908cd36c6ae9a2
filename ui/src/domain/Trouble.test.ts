import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "../words/en.json";
import { sentenceOf } from "./Trouble";

test("every reason the core gives for what is not possible has its sentence", () => {
  const engine = join(import.meta.dirname, "../../../crates/engine/src");
  const reasons = readdirSync(engine, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rs"))
    .flatMap((file) => [
      ...readFileSync(join(engine, file), "utf8").matchAll(
        /impossible\("(\w+)"\)|NotPossible\)[^;]*?\.with\("why", "(\w+)"\)/g,
      ),
    ])
    .map(([, one, other]) => one ?? other ?? "");
  expect(reasons).toContain("changed");
  expect(reasons).toContain("not_offered");
  for (const why of reasons)
    expect(sentenceOf({ code: "not_possible", facts: { why } }), why).toBe(`problem.not_possible.${why}`);
});

test("a reason nobody foresaw is said in general, and a reason of something else is not mistaken for one", () => {
  expect(sentenceOf({ code: "not_possible", facts: { why: "moonlight" } })).toBe("problem.not_possible");
  expect(sentenceOf({ code: "not_possible", facts: {} })).toBe("problem.not_possible");
  expect(sentenceOf({ code: "gone", facts: { why: "changed" } })).toBe("problem.gone");
  expect(en["problem.not_possible.changed.message"]).toBe("The call changed meanwhile.");
});
