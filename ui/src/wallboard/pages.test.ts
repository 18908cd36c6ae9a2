import { describe, expect, test } from "vitest";
import { gridFor, pageAt } from "./pages";

describe("the grid of the wallboard", () => {
  test("holds all queues if they can be read, in a form near that of a tile", () => {
    expect(gridFor(1, 80, 40)).toEqual({ columns: 1, rows: 1 });
    expect(gridFor(2, 80, 40)).toEqual({ columns: 2, rows: 1 });
    expect(gridFor(4, 80, 40)).toEqual({ columns: 2, rows: 2 });
    expect(gridFor(12, 80, 40)).toEqual({ columns: 4, rows: 3 });
  });

  test("holds as many as can be read of those that do not fit", () => {
    expect(gridFor(50, 80, 40)).toEqual({ columns: 4, rows: 3 });
    expect(gridFor(50, 40, 80)).toEqual({ columns: 2, rows: 6 });
  });

  test("holds at least one on the smallest screen, and never loses a queue that fits", () => {
    expect(gridFor(3, 5, 5)).toEqual({ columns: 1, rows: 1 });
    for (let count = 1; count <= 12; count += 1) {
      const { columns, rows } = gridFor(count, 80, 40);
      expect(columns * rows, `${count}`).toBeGreaterThanOrEqual(count);
    }
  });
});

test("pages go round in both directions", () => {
  expect([0, 1, 4, 5, -1].map((turns) => pageAt(turns, 5))).toEqual([0, 1, 4, 0, 4]);
});
