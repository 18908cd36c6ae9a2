// Numbers as the practice world reads them: enough of a reading to look like the core's.

import type { ParsedNumber } from "../../generated/model";

/** The number in this text. */
export function parse(text: string): ParsedNumber {
  const cleaned = text.replace(/[^\d+*#]/g, "");
  const valid = /^\+\d{8,15}$/.test(cleaned);
  const country = cleaned.startsWith("+420")
    ? "CZ"
    : cleaned.startsWith("+44")
      ? "GB"
      : cleaned.startsWith("+46")
        ? "SE"
        : cleaned.startsWith("+1")
          ? "US"
          : null;
  return {
    phone: {
      raw: text,
      e164: valid ? cleaned : null,
      display: cleaned || text,
      country: valid ? country : null,
    },
    dial: /\d/.test(cleaned) ? cleaned : null,
    unusual: !valid || cleaned.startsWith("+420900"),
  };
}
