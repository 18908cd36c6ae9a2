// Numbers as they are typed, read by the core: there is one reading of numbers in the house.

import { useEffect, useState } from "react";
import type { ParsedNumber } from "../generated/model";
import { host } from "../platform";

/** The number in this text; absent while it is read, and when there is none. */
export function useParsed(text: string): ParsedNumber | undefined {
  const [parsed, setParsed] = useState<ParsedNumber>();
  useEffect(() => {
    let current = true;
    setParsed(undefined);
    // Without a digit there is nothing to read.
    if (/\d/.test(text)) {
      host.call("parse_number", text).then(
        (number) => current && setParsed(number),
        () => undefined,
      );
    }
    return () => {
      current = false;
    };
  }, [text]);
  return parsed;
}
