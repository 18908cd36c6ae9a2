// The sums of a day, each beside what is usual for this agent: by how much it differs stands there in words.

import type { Day } from "../generated/model";
import { difference, FIGURES, type Figure, isCount } from "../state/dayScale";
import { count, duration } from "../words/format";
import type { Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./Day.module.css";

/** A figure as it is read. */
export function figureWords(figure: Figure, value: number | null): string {
  if (value === null) return "–";
  return isCount(figure) ? count(value) : duration(value);
}

/** By how much a figure differs: too small a difference is none. */
function differenceWords(figure: Figure, by: number, t: Words): string {
  const small = isCount(figure) ? by === 0 : Math.abs(by) < (figure === "average_handle" ? 5 : 60);
  if (small) return t("day.same");
  const value = figureWords(figure, Math.abs(by));
  if (isCount(figure)) return t(by > 0 ? "day.more" : "day.fewer", { value });
  return t(by > 0 ? "day.longer" : "day.shorter", { value });
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
                <strong className={css.value}>{figureWords(figure, sums[figure])}</strong>
                {figure === "handled" && sums.handled > 0 && (
                  <span className={css.soft}>{t("day.calls", { count: sums.calls })}</span>
                )}
                {by !== undefined && (
                  <span className={css.soft}>
                    {differenceWords(figure, by, t)} ·{" "}
                    {t("day.usual", { value: figureWords(figure, usual?.[figure] ?? null) })}
                  </span>
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
