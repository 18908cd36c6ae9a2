// How a queue went in the last hours: four charts, or the same numbers as a table.

import { useMemo, useState } from "react";
import type { QueueStatistics, TrendPoint } from "../generated/model";
import { Chart } from "../parts/Chart";
import { Radios } from "../parts/Field";
import { useTrend, withNow } from "../state/trends";
import { clockTime, count, timer } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./Queues.module.css";

interface Line {
  id: Exclude<keyof TrendPoint, "at" | "logged_in">;
  words: Key;
  show: (value: number, t: Words) => string;
  top?: number;
}

const LINES: readonly Line[] = [
  { id: "waiting", words: "queue.waiting", show: count },
  { id: "longest", words: "queue.longest", show: timer },
  { id: "free", words: "queue.free_agents", show: count },
  {
    id: "service_level",
    words: "queue.service",
    show: (value, t) => t("queue.percent", { value: count(value) }),
    top: 100,
  },
];

/** The lines of which anything is told. */
const told = (points: readonly TrendPoint[]): readonly Line[] =>
  LINES.filter(({ id }) => points.some((point) => point[id] !== null));

function OneChart({ line, points }: { line: Line; points: readonly TrendPoint[] }) {
  const t = useWords();
  const { id, words, show, top } = line;
  const times = useMemo(() => points.map((point) => point.at), [points]);
  const values = useMemo(() => points.map((point) => point[id]), [points, id]);
  const last = values.at(-1);
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return (
    <Chart
      title={t(words)}
      label={t("queue.chart_label", {
        measure: t(words),
        most: show(most, t),
        now: last === null || last === undefined ? "–" : show(last, t),
      })}
      times={times}
      values={values}
      show={(value) => show(value, t)}
      {...(top !== undefined && { top })}
    />
  );
}

function Twin({ points, lines }: { points: readonly TrendPoint[]; lines: readonly Line[] }) {
  const t = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={css.scroll} tabIndex={0} aria-label={t("queue.as_table")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t("queue.time")}</th>
            {lines.map(({ id, words }) => (
              <th key={id} scope="col">
                {t(words)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...points].reverse().map((point) => (
            <tr key={point.at}>
              <th scope="row">{clockTime(point.at)}</th>
              {lines.map(({ id, show }) => {
                const value = point[id];
                return <td key={id}>{value === null ? "–" : show(value, t)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function QueueCharts({ queue, figures }: { queue: string; figures: QueueStatistics }) {
  const t = useWords();
  const [as, show] = useState("charts");
  const past = useTrend(queue);
  const points = useMemo(() => withNow(past ?? [], figures), [past, figures]);
  const lines = told(points);
  if (past === undefined) return null;
  if (points.length < 2 || lines.length === 0) return <p className={css.soft}>{t("queue.no_trend")}</p>;
  return (
    <section className={css.trend} aria-label={t("queue.charts")}>
      <div className={css.line}>
        <h3>{t("queue.charts")}</h3>
        <div className={css.end}>
          <Radios
            label={t("queue.charts")}
            hideLabel
            row
            value={as}
            options={[
              { id: "charts", title: t("queue.as_charts") },
              { id: "table", title: t("queue.as_table") },
            ]}
            onChange={show}
          />
        </div>
      </div>
      {as === "table" ? (
        <Twin points={points} lines={lines} />
      ) : (
        <div className={css.charts}>
          {lines.map((line) => (
            <OneChart key={line.id} line={line} points={points} />
          ))}
        </div>
      )}
    </section>
  );
}
