import { describe, expect, test } from "vitest";
import { person } from "../platform/mock/people";
import { merge } from "./contacts";
import { steady } from "./steady";

describe("a list under the pointer", () => {
  test("keeps its order, keeps what went, and takes what came at the end", () => {
    expect(steady(["a", "b", "c"], ["x", "a", "c"], true)).toEqual(["a", "b", "c", "x"]);
  });

  test("falls into place when the pointer leaves", () => {
    expect(steady(["a", "b", "c"], ["x", "a", "c"], false)).toEqual(["x", "a", "c"]);
  });
});

describe("contacts found online", () => {
  const [first, second, third] = [person(1, "a"), person(2, "a"), person(3, "a")];

  test("never move what is already shown", () => {
    expect(merge([second, first], [first, third, second]).map((one) => one.id)).toEqual([
      second.id,
      first.id,
      third.id,
    ]);
  });

  test("bring what is shown up to date in place", () => {
    expect(merge([first, second], [{ ...second, title: "New name" }])[1]?.title).toBe("New name");
  });
});
