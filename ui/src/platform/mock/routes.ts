// Routes of the practice world's second platform: enough of them to look like the vendor's, by the same names.

import type { Provenance, Route, RoutesReport } from "../../generated/model";

const AREAS: readonly (readonly [string, string, readonly string[]])[] = [
  ["Call Control (CTI)", "cti", ["user:GET", "answer:POST", "hold:POST", "resume:POST", "transfer:POST"]],
  ["User Information", "user", ["get:GET", "presence:GET", "setpresence:PUT"]],
  ["Distribution Group", "group", ["list:GET", "login:PUT", "agents:GET"]],
  ["Queue Statistics", "queuestats", ["get:GET", "stream:GET"]],
  ["Communication Log", "commlog", ["list:GET", "mark:PUT", "delete:DELETE"]],
  ["Call Recording", "recording", ["list:GET", "get:GET", "delete:DELETE"]],
  ["Contacts Information", "contacts", ["search:GET", "presence:GET", "line:GET"]],
  ["Conferences", "conference", ["list:GET", "join:POST", "leave:POST"]],
];

/** The standard routes. */
export const ROUTES: readonly Route[] = AREAS.flatMap(([group, area, operations], at) =>
  operations.map((one, n): Route => {
    const [name = "", method = "GET"] = one.split(":");
    const provenance: Provenance =
      (["documented", "documented", "seen", "inferred"] as const)[(at + n) % 4] ?? "seen";
    return {
      operation: `${area}.${name}`,
      group,
      method,
      path: `/api/${area}/{domain}/{user}/${name}`,
      provenance,
    };
  }),
);

/** What a file says of them: one operation has moved, one is not in it. */
export function reportOf(text: string, kept: boolean): RoutesReport {
  const moved = ROUTES[1];
  const missing = ROUTES[2];
  if (!moved || !missing || !text.includes("paths"))
    return { confirmed: ROUTES.length, changes: [], missing: [], unknown: [], kept };
  const to: Route = { ...moved, path: `/v2${moved.path}`, provenance: "imported" };
  return {
    confirmed: ROUTES.length - 2,
    changes: [{ from: moved, to }],
    missing: [missing],
    unknown: ["GET /api/weather/{city}"],
    kept,
  };
}
