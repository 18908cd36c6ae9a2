// The kinds of numbers, in the agent's words where they are those that the vendors' documents show, else as they came.

import type { Words } from "../words/words";

/** The kinds a new number may be of. */
export const NUMBER_KINDS = ["WORK", "MOBILE", "HOME"] as const;

/** A kind in words; empty where a number has none. */
export function numberKind(label: string, t: Words): string {
  const known = NUMBER_KINDS.find((kind) => kind === label);
  return known ? t(`number_kind.${known}`) : label;
}
