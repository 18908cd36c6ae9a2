// The edge between two panes: dragged, or moved with the arrow keys. Sizes are in rem, so that they grow with the text.

import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import css from "./Splitter.module.css";

/** How far a key moves it, in rem. */
const STEP = 1;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

export function Splitter({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  /** Size of the pane before it, in rem. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const from = useRef<{ x: number; value: number }>(undefined);
  const set = (size: number): void => onChange(Math.round(Math.min(max, Math.max(min, size)) * 4) / 4);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    from.current = { x: event.clientX, value };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!from.current) return;
    const way = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    set(from.current.value + (way * (event.clientX - from.current.x)) / rem());
  };
  const onPointerEnd = (): void => {
    from.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const way = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const sizes: Record<string, number> = {
      ArrowLeft: value - way * STEP,
      ArrowRight: value + way * STEP,
      Home: min,
      End: max,
    };
    const size = sizes[event.key];
    if (size === undefined) return;
    event.preventDefault();
    set(size);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is no rule between paragraphs
    <div
      className={css.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onKeyDown={onKeyDown}
    />
  );
}
