// How old each piece of what an account shows is, where a platform is asked piece by piece under a limit that everybody
// shares; and when the platform ends the session by itself.

import type { DataAge, Health } from "../generated/model";
import { Chip } from "../parts/Chip";
import { elapsed, useNow } from "../state/clock";
import { age, clockTime } from "../words/format";
import { useWords } from "../words/words";
import css from "./HealthMore.module.css";

/** A piece that is this many times older than wished is late. */
const LATE = 3;

function Age({ piece, heard_at, every }: DataAge) {
  const t = useWords();
  const now = useNow();
  const name = t(`health.piece_${piece}`);
  if (heard_at === null) return <li>{t("health.age_never", { piece: name, every: age(every) })}</li>;
  const old = elapsed(heard_at, now);
  return (
    <li>
      {t("health.age", { piece: name, age: age(old), every: age(every) })}
      {old > LATE * every && (
        <Chip tone="warn" icon="clock">
          {t("health.behind")}
        </Chip>
      )}
    </li>
  );
}

/** Whether there is anything of it to tell. */
export function hasMore({ ages, session_ends }: Health): boolean {
  return ages.length > 0 || session_ends !== null;
}

export function HealthMore({ health }: { health: Health }) {
  const t = useWords();
  const now = useNow();
  const { ages, session_ends } = health;
  return (
    <>
      {session_ends !== null && (
        <p className={css.soft}>
          {t("health.session_ends", {
            time: clockTime(session_ends),
            age: age(elapsed(now, session_ends)),
          })}
        </p>
      )}
      {ages.length > 0 && (
        <>
          <ul className={css.ages} aria-label={t("health.ages")}>
            {ages.map((one) => (
              <Age key={one.piece} {...one} />
            ))}
          </ul>
          <p className={css.soft}>{t("health.shared_limit")}</p>
        </>
      )}
    </>
  );
}
