// The sums of a day, each beside what is usual for this agent: by how much it differs stands there in words.

import type { Day } from "../generated/model";
import { Icon } from "../parts/Icon";
import { difference, FIGURES, type Figure, isCount } from "../state/dayScale";
import { count, duration } from "../words/format";
import { useWords } from "../words/words";
import css from "./Day.module.css";

/** A figure as it is read. */
export function figureWords(figure: Figure, value: number | null): string {
  if (value === null) return "–";
  return isCount(figure) ? count(value) : duration(value);
}

/** Whether a figure differs by so little that nobody would say so. */
function isSame(figure: Figure, by: number): boolean {
  if (isCount(figure)) return by === 0;
  return Math.abs(by) < (figure === "average_handle" ? 5 : 60);
}

/** By how much a figure differs, with an arrow and in words: neither is good or bad by itself, so it has no colour. */
function Difference({ figure, by }: { figure: Figure; by: number }) {
  const t = useWords();
  if (isSame(figure, by)) return <bdi className={css.soft}>{t("day.same")}</bdi>;
  const value = figureWords(figure, Math.abs(by));
  const [more, less] = isCount(figure)
    ? (["day.more", "day.fewer"] as const)
    : (["day.longer", "day.shorter"] as const);
  return (
    <span className={css.difference}>
      <Icon name={by > 0 ? "up" : "down"} size="s" />
      <bdi>{t(by > 0 ? more : less, { value })}</bdi>
    </span>
  );
}

export function DaySums({ day }: { day: Day }) {
  const t = useWords();
  const { sums, usual } = day;
  const goesOn = day.until < day.ends;
  return (
    <section className={css.card} aria-label={t("day.sums")}>
      <h2>{t("day.sums")}</h2>
      <dl className={css.sums}>
        {FIGURES.map((figure) => {
          const by = difference(figure, sums, usual);
          return (
            <div key={figure} className={css.sum}>
              <dt>{t(`day.${figure}`)}</dt>
              <dd>
                <strong className={css.value}>
                  <bdi>{figureWords(figure, sums[figure])}</bdi>
                </strong>
                {figure === "handled" && sums.handled > 0 && (
                  <span className={css.soft}>{t("day.calls", { count: sums.calls })}</span>
                )}
                {by !== undefined && (
                  <>
                    <Difference figure={figure} by={by} />
                    <bdi className={css.soft}>
                      {t("day.usual", { value: figureWords(figure, usual?.[figure] ?? null) })}
                    </bdi>
                  </>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className={css.soft}>
        {usual === null ? t("day.no_usual") : t("day.usual_days", { count: day.usual_days })}
        {usual !== null && goesOn && ` ${t("day.usual_whole")}`}
      </p>
    </section>
  );
}
