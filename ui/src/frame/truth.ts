// Can a call ring right now? If the agent may think so and it cannot, the reasons, one an account.

import type { AccountState } from "../generated/model";
import type { Mirror } from "../state/mirror";
import { age, clockTime } from "../words/format";
import type { Words } from "../words/words";

/** Whether somebody who reads this state expects calls. */
function expectsCalls({ agent: { presence }, accounts }: Mirror): boolean {
  if (presence === "signed_out") return accounts.length > 0;
  return presence === "ready" || presence === "mixed" || presence === "offline";
}

function reason(
  { account, health, agent, devices, capabilities }: AccountState,
  now: number,
  t: Words,
): string | undefined {
  const name = account.name;
  if (health.link === "signed_out") return t("truth.signed_out", { account: name });
  if (health.link === "offline" || health.link === "degraded") {
    const at = health.heard_at ?? health.since;
    return t("truth.offline", {
      account: name,
      time: clockTime(at),
      age: age(Math.max(0, Math.floor((now - at) / 1000))),
    });
  }
  if (health.link === "connecting") return t("truth.connecting", { account: name });
  if (agent?.presence !== "ready") return undefined;
  if (agent.reach === "unreachable") return t("truth.unreachable", { account: name });
  // Only where one signs in to devices does it say anything that none is.
  if (capabilities.includes("devices") && devices.length > 0 && devices.every((device) => !device.logged_in))
    return t("truth.no_device", { account: name });
  return undefined;
}

/** Why calls cannot ring although the agent may expect them; empty when all is well or nobody expects any. */
export function untruths(mirror: Mirror, now: number, t: Words): readonly string[] {
  if (mirror.agent.reachable || mirror.agent.busy || !expectsCalls(mirror)) {
    // Calls can ring, but not from everywhere: a signed-out account is said beside its own chip.
    return [];
  }
  const reasons = mirror.accounts.map((one) => reason(one, now, t)).filter((one) => one !== undefined);
  return reasons.length > 0 ? reasons : [t("truth.unknown")];
}
