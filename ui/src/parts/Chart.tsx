// A line over time, drawn by uPlot. The picture is for the eye only: whoever shows one shows the same numbers as a table too.
// It is made anew when what it is drawn with changes (colours, size of the text) and fed when only its numbers do.

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Timestamp } from "../generated/model";
import { useHeld } from "../state/store";
import { useUi } from "../state/ui";
import { clockTime } from "../words/format";
import { useLocale } from "../words/words";
import css from "./Chart.module.css";

/**
 * What draws, fetched with the first chart. It makes a formatter for the browser's language as it loads and would stop at one
 * that is none: WebKit passes on the `C` of a bare system.
 */
async function drawing(): Promise<typeof uPlot> {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en", configurable: true });
  }
  return (await import("uplot")).default;
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** Changes whenever the colours of the page do. */
function useColours(): string {
  const theme = useHeld((held) => held.mirror?.settings.theme);
  const isDark = useSyncExternalStore(
    (listener) => {
      dark.addEventListener("change", listener);
      return () => dark.removeEventListener("change", listener);
    },
    () => dark.matches,
  );
  return `${theme} ${isDark}`;
}

/** What a canvas needs of the page: colours as they are now, the size of small text in pixels. */
interface Ink {
  line: string;
  fill: string;
  grid: string;
  words: string;
  font: string;
  rem: number;
}

function inkOf(box: HTMLElement): Ink {
  const probe = (name: string): string => {
    const element = box.querySelector<HTMLElement>(`[data-ink=${name}]`);
    return element ? getComputedStyle(element).color : "";
  };
  const words = box.querySelector<HTMLElement>("[data-ink=words]");
  const style = getComputedStyle(words ?? box);
  return {
    line: probe("line"),
    fill: probe("fill"),
    grid: probe("grid"),
    words: probe("words"),
    font: `${style.fontSize} ${style.fontFamily}`,
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  };
}

function options(
  ink: Ink,
  size: { width: number; height: number },
  show: (value: number) => string,
  top: number | undefined,
  onPoint: (index: number | undefined) => void,
): uPlot.Options {
  const axis = { stroke: ink.words, font: ink.font, ticks: { show: false } };
  return {
    ...size,
    padding: [ink.rem / 2, ink.rem / 2, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: ink.rem / 2 } },
    scales: { y: { range: (_, __, most) => [0, top ?? Math.max(4, Math.ceil(most * 1.1))] } },
    series: [{}, { stroke: ink.line, fill: ink.fill, width: 2, points: { show: false }, spanGaps: false }],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: ink.rem * 1.5,
        space: ink.rem * 4,
        values: (_, splits) => splits.map((seconds) => clockTime(seconds * 1000)),
      },
      {
        ...axis,
        grid: { stroke: ink.grid, width: 1 },
        size: ink.rem * 3,
        space: ink.rem * 2,
        incrs: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 36_000],
        values: (_, splits) => splits.map(show),
      },
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

/** `top` fixes the scale; without it the scale follows the numbers. */
export function Chart({
  title,
  label,
  times,
  values,
  show,
  top,
}: {
  title: string;
  /** What the picture says, in words. */
  label: string;
  times: readonly Timestamp[];
  values: readonly (number | null)[];
  show: (value: number) => string;
  top?: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [pointed, setPointed] = useState<number>();
  const colours = useColours();
  const textSize = useUi((ui) => ui.textSize);
  const formats = useLocale((locale) => locale.formats);
  const data: uPlot.AlignedData = [times.map((at) => at / 1000), [...values]];
  const latest = useRef(data);
  latest.current = data;
  const shown = useRef(show);
  shown.current = show;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme, text size or language is another drawing
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    let isWanted = true;
    const resized = new ResizeObserver(() => plot.current?.setSize(size()));
    void drawing().then((Plot) => {
      if (!isWanted) return;
      const look = options(inkOf(element), size(), (value) => shown.current(value), top, setPointed);
      plot.current = new Plot(look, latest.current, element);
      resized.observe(element);
    });
    return () => {
      isWanted = false;
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [colours, textSize, formats, top]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: fed when its numbers changed
  useEffect(() => {
    plot.current?.setData(latest.current);
  }, [times, values]);
  const at = pointed === undefined ? values.length - 1 : pointed;
  const value = values[at];
  return (
    <figure className={css.figure}>
      <figcaption className={css.title}>
        <span>{title}</span>
        <span className={css.value}>
          {value === null || value === undefined ? "–" : show(value)}
          {pointed !== undefined && times[at] !== undefined && (
            <span className={css.at}>{clockTime(times[at])}</span>
          )}
        </span>
      </figcaption>
      <div ref={box} className={css.box} role="img" aria-label={label} dir="ltr">
        {(["line", "fill", "grid", "words"] as const).map((name) => (
          <span key={name} className={css[name]} data-ink={name} />
        ))}
      </div>
    </figure>
  );
}
