// What a connection check of the practice world finds: a few steps on the first platform, operations by area on the second.

import type { CheckLine, ConnectionReport, Platform, Problem } from "../../generated/model";
import { ROUTES } from "./routes";
import { problem } from "./world";

/** One line of a check. */
export function line(
  what: string,
  ok: boolean | null,
  detail: string | null = null,
  wrong: Problem | null = null,
): CheckLine {
  return { what, ok, detail, problem: wrong };
}

/** Operations that this tenant does not have, and why. */
const LACKING: Readonly<Record<string, Problem>> = {
  "recording.list": { ...problem("not_licensed"), facts: { licence: "CALL_RECORDING" } },
  "recording.get": { ...problem("not_licensed"), facts: { licence: "CALL_RECORDING" } },
  "queuestats.get": { ...problem("forbidden"), facts: { scope: "queue_statistics" } },
  "conference.list": problem("no_such_operation"),
};

function operations(): CheckLine[] {
  return ROUTES.map(({ operation, method }) => {
    const lacking = LACKING[operation];
    if (lacking) return line(operation, false, null, lacking);
    return line(operation, method === "GET" ? true : null);
  });
}

/** A whole check. */
export function report(url: string, platform: Platform): ConnectionReport {
  if (platform === "dstny")
    return {
      url,
      version: null,
      user: "Nora Lind",
      lines: [line("address", true), line("sign_in", true), line("devices", true, "2"), ...operations()],
    };
  return {
    url,
    version: "6.24",
    user: "Nora Lind",
    lines: [
      line("address", true, "6.24"),
      line("sign_in", true),
      line("pull", true),
      line("devices", true, "2"),
      line("queues", true, "4"),
      line("dial", true),
      line("contacts", true, "20000"),
      line("tickets", false, null, problem("forbidden")),
      line("pauses", true, "3"),
    ],
  };
}
