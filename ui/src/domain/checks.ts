// A connection check in order: the steps of signing in, and the operations of the platform by area.

import type { CheckLine } from "../generated/model";

/** What a line comes to. */
export type Verdict = "works" | "not_licensed" | "forbidden" | "no_such_operation" | "fails" | "not_tried";

/** All of them, in the order in which they are counted. */
export const VERDICTS: readonly Verdict[] = [
  "works",
  "not_licensed",
  "forbidden",
  "no_such_operation",
  "fails",
  "not_tried",
];

/** The verdict of a line. */
export function verdictOf({ ok, problem }: CheckLine): Verdict {
  if (ok === null) return "not_tried";
  if (ok) return "works";
  const code = problem?.code;
  return code === "not_licensed" || code === "forbidden" || code === "no_such_operation" ? code : "fails";
}

/** How many lines come to what. */
export function tally(lines: readonly CheckLine[]): Record<Verdict, number> {
  const found = { works: 0, not_licensed: 0, forbidden: 0, no_such_operation: 0, fails: 0, not_tried: 0 };
  for (const line of lines) found[verdictOf(line)] += 1;
  return found;
}

/** The steps, and the operations (`contacts.search`) by the area before their dot, in the order of the check. */
export function areas(lines: readonly CheckLine[]): {
  steps: readonly CheckLine[];
  operations: readonly { name: string; lines: readonly CheckLine[] }[];
} {
  const found = new Map<string, CheckLine[]>();
  const steps: CheckLine[] = [];
  for (const line of lines) {
    const [name = "", ...rest] = line.what.split(".");
    if (rest.length === 0) steps.push(line);
    else found.set(name, [...(found.get(name) ?? []), line]);
  }
  return { steps, operations: [...found].map(([name, gathered]) => ({ name, lines: gathered })) };
}
