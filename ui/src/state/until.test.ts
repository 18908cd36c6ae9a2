import { expect, test } from "vitest";
import { atClock, endOfDay } from "./until";

const at = (hours: number, minutes: number, day = 9): number =>
  new Date(2026, 2, day, hours, minutes).getTime();

test("the day ends before midnight, whenever it is asked", () => {
  expect([endOfDay(at(0, 0)), endOfDay(at(14, 3))]).toEqual([at(23, 59), at(23, 59)]);
});

test("a time means the next moment the clock shows it", () => {
  expect(atClock("17:30", at(9, 0))).toBe(at(17, 30));
  expect(atClock(" 9.05 ", at(9, 0))).toBe(at(9, 5));
  expect(atClock("0900", at(9, 0))).toBe(at(9, 0, 10));
});

test("what is no time is not guessed at", () => {
  for (const text of ["", "25:00", "12:60", "noon", "7", "1:2"])
    expect(atClock(text, at(9, 0)), text).toBeUndefined();
});
