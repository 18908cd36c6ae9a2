// A list that stays quick with any number of rows: a listbox whose rows are drawn only where one looks. All rows are of
// one height, so that none moves when another one is measured; a heading may stand above a row.

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useUi } from "../state/ui";
import { cx } from "./cx";
import css from "./Rows.module.css";

/** Height of a row, and of a heading above one, in rem. */
const ROW = 3.5;
const HEADING = 2;

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

interface Props<T> {
  items: readonly T[];
  label: string;
  testId: string;
  /** The row whose details are open. */
  chosen: string | undefined;
  /** Another value starts again at the top. */
  restart: string;
  onChoose: (item: T) => void;
  /** Keys beside those that move; answers whether it took the key. */
  onKey?: (event: KeyboardEvent, item: T) => boolean;
  /** Words above this row, where it begins something new. */
  heading?: (item: T, before: T | undefined) => string | undefined;
  /** Drawn with the rows in sight, for what is followed only while it is seen. */
  inSight?: (items: readonly T[]) => ReactNode;
  /** The last rows are in sight. */
  onEnd?: () => void;
  children: (item: T) => ReactNode;
}

export function Rows<T extends { id: string }>({
  items,
  label,
  testId,
  chosen,
  restart,
  onChoose,
  onKey,
  heading,
  inSight,
  onEnd,
  children,
}: Props<T>) {
  const name = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const textSize = useUi((ui) => ui.textSize);
  const [active, setActive] = useState(0);
  const above = (index: number): string | undefined => {
    const item = items[index];
    return item && heading?.(item, items[index - 1]);
  };
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (ROW + (above(index) === undefined ? 0 : HEADING)) * rem(),
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured in text and headings stand with items, so another text size or another list measures again
  useEffect(() => rows.measure(), [textSize, items, rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search starts at its top
  useEffect(() => {
    setActive(0);
    rows.scrollToOffset(0);
  }, [restart]);

  const { startIndex = 0, endIndex = -1 } = rows.range ?? {};
  const atEnd = endIndex >= items.length - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the list grew and its end is still in sight
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, items.length]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (ROW * rem())) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -items.length,
      End: items.length,
    };
    const step = steps[event.key];
    const item = items[active];
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (step !== undefined && plain) {
      const next = Math.min(items.length - 1, Math.max(0, active + step));
      setActive(next);
      rows.scrollToIndex(next);
    } else if (item && plain && onKey?.(event, item)) {
      // Taken.
    } else if (item && plain && (event.key === "Enter" || event.key === " ")) onChoose(item);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={items.length > 0 ? `${name}-${active}` : undefined}
      data-testid={testId}
      onKeyDown={onKeyDown}
    >
      {inSight?.(items.slice(startIndex, endIndex + 1))}
      <div
        className={css.all}
        role="presentation"
        ref={(element) => element?.style.setProperty("block-size", `${rows.getTotalSize()}px`)}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          const words = above(index);
          return (
            item && (
              <div
                key={item.id}
                className={css.place}
                role="presentation"
                ref={(element) => element?.style.setProperty("translate", `0 ${start}px`)}
              >
                {words !== undefined && (
                  // The rows say their day themselves.
                  <div className={css.heading} aria-hidden="true">
                    {words}
                  </div>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys for its options */}
                <div
                  id={`${name}-${index}`}
                  className={cx(css.row, index === active && css.active)}
                  role="option"
                  tabIndex={-1}
                  aria-selected={item.id === chosen}
                  aria-setsize={items.length}
                  aria-posinset={index + 1}
                  onClick={() => {
                    setActive(index);
                    onChoose(item);
                  }}
                >
                  {children(item)}
                </div>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
