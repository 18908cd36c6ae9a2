import { describe, expect, test } from "vitest";
import { textLength } from "./texting";

describe("a text is counted as the network counts it", () => {
  test.each([
    ["nothing", "", { letters: 0, parts: 0, left: 160 }],
    ["a word", "Hej", { letters: 3, parts: 1, left: 157 }],
    ["exactly one message", "a".repeat(160), { letters: 160, parts: 1, left: 0 }],
    ["one letter more", "a".repeat(161), { letters: 161, parts: 2, left: 145 }],
    ["a letter that takes two places", "5 €", { letters: 3, parts: 1, left: 156 }],
    ["a letter outside of the alphabet", "Dvořák", { letters: 6, parts: 1, left: 64 }],
    ["71 such letters", "ř".repeat(71), { letters: 71, parts: 2, left: 63 }],
    ["a picture is one letter and two places", "🙂", { letters: 1, parts: 1, left: 68 }],
  ])("%s", (_, text, length) => expect(textLength(text)).toEqual(length));
});
