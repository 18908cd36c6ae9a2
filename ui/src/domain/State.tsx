// The agent's state and the health of an account, in a word, a sign and a colour.

import type { Health, Link, Pause, Presence, UnifiedPresence } from "../generated/model";
import { Chip, type ChipTone } from "../parts/Chip";
import type { IconName } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { age, clockTime } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./State.module.css";

interface Sign {
  tone: ChipTone;
  icon: IconName;
  words: Key;
}

export const PRESENCE: Readonly<Record<UnifiedPresence | Presence, Sign>> = {
  ready: { tone: "good", icon: "ready", words: "state.ready" },
  not_ready: { tone: "away", icon: "away", words: "state.not_ready" },
  paused: { tone: "warn", icon: "pause", words: "state.paused" },
  mixed: { tone: "warn", icon: "mixed", words: "state.mixed" },
  offline: { tone: "bad", icon: "offline", words: "state.offline" },
  signed_out: { tone: "bad", icon: "lock", words: "state.signed_out" },
  unknown: { tone: "away", icon: "unknown", words: "state.unknown" },
};

const LINK: Readonly<Record<Link, Sign>> = {
  connecting: { tone: "warn", icon: "clock", words: "health.connecting" },
  live: { tone: "good", icon: "live", words: "health.live" },
  catching_up: { tone: "warn", icon: "clock", words: "health.catching_up" },
  degraded: { tone: "warn", icon: "alert", words: "health.degraded" },
  offline: { tone: "bad", icon: "offline", words: "health.offline" },
  signed_out: { tone: "bad", icon: "lock", words: "health.signed_out" },
};

/** Allowance and pay of a pause, in words. */
export function pauseMore(pause: Pick<Pause, "paid" | "max_minutes">, t: Words): string {
  const limit =
    pause.max_minutes === null ? t("pause.no_limit") : t("pause.limit", { minutes: pause.max_minutes });
  const paid = pause.paid === null ? "" : pause.paid ? t("pause.paid") : t("pause.unpaid");
  return [limit, paid].filter(Boolean).join(" · ");
}

/** How well an account is heard, and when it is not, since when. */
export function HealthChip({ health, name }: { health: Health; name?: string }) {
  const t = useWords();
  const now = useNow();
  const sign = LINK[health.link];
  const silent = (health.link === "offline" || health.link === "degraded") && health.heard_at !== null;
  const words = silent
    ? t("health.no_contact", {
        time: clockTime(health.heard_at ?? health.since),
        age: age(elapsed(health.heard_at ?? health.since, now)),
      })
    : t(sign.words);
  return (
    <Chip tone={sign.tone} icon={sign.icon}>
      {name !== undefined && (
        <>
          <bdi className={css.name}>{name}</bdi>{" "}
        </>
      )}
      {words}
    </Chip>
  );
}
