// The table of queues. All rows are of one height and drawn only where one looks; each hears of its own queue alone, so that
// a figure that changes draws one row. Rows keep their places while the table is pointed at or has the keyboard.

// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are drawn where one looks cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the buttons in its cells take the keyboard

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from "react";
import { Button as Pressable } from "react-aria-components";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import type { Column } from "../state/levels";
import { useQueuesUi } from "../state/queues";
import { useSteady } from "../state/steady";
import { useUi } from "../state/ui";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { QueueRow } from "./QueueRow";
import css from "./QueuesTable.module.css";

/** Height of a row, in rem; `--queue-row` says the same to the styles. */
const ROW = 3;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The columns after the name; those without `by` cannot be sorted by. */
const COLUMNS: readonly { id: string; by?: Column; words: Key }[] = [
  { id: "title", by: "title", words: "queue.name" },
  { id: "standing", words: "queue.standing" },
  { id: "waiting", by: "waiting", words: "queue.waiting" },
  { id: "longest", by: "longest", words: "queue.longest" },
  { id: "free", by: "free", words: "queue.free" },
  { id: "serving", by: "serving", words: "queue.serving" },
  { id: "answered", by: "answered", words: "queue.answered" },
  { id: "abandoned", by: "abandoned", words: "queue.dropped" },
  { id: "service", by: "service", words: "queue.service" },
  { id: "expected", by: "expected", words: "queue.expected" },
  { id: "trend", words: "queue.trend" },
  { id: "member", words: "queue.membership" },
  { id: "age", words: "queue.age" },
];

function Heading({ id, by, words }: (typeof COLUMNS)[number]) {
  const t = useWords();
  const sorting = useQueuesUi((chosen) => chosen.sorting);
  const mine = by !== undefined && sorting?.by === by;
  // The first press shows what one looks for: names from A, figures from the highest.
  const press = (): void => {
    if (by === undefined) return;
    const down = mine ? !sorting.down : by !== "title";
    useQueuesUi.setState({ sorting: { by, down } });
  };
  return (
    <div
      role="columnheader"
      className={cx(css.cell, css.head, css[id])}
      aria-sort={mine ? (sorting.down ? "descending" : "ascending") : undefined}
    >
      {by === undefined ? (
        t(words)
      ) : (
        <Pressable className={css.sort} onPress={press}>
          <span>{t(words)}</span>
          {mine && <Icon name={sorting.down ? "down" : "up"} size="s" />}
        </Pressable>
      )}
    </div>
  );
}

export function QueuesTable({ keys }: { keys: readonly string[] }) {
  const t = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const textSize = useUi((ui) => ui.textSize);
  const open = useQueuesUi((chosen) => chosen.open);
  const { ids, isGhost, holders } = useSteady(keys);
  const [active, setActive] = useState<string>();
  const size = useRef(ROW * rem());
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => size.current, []),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured in text, so another text size measures again
  useLayoutEffect(() => {
    size.current = ROW * rem();
    rows.measure();
  }, [textSize]);
  // Who comes from elsewhere to a queue finds its row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another queue was opened
  useLayoutEffect(() => {
    const at = open === undefined ? -1 : ids.indexOf(open);
    if (at >= 0) rows.scrollToIndex(at);
  }, [open]);
  const here = Math.max(0, active === undefined ? 0 : ids.indexOf(active));

  /** Moves from row to row; Tab goes on to what is behind the table. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / size.current) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -ids.length,
      End: ids.length,
    };
    const step = steps[event.key];
    const inRow = (event.target as Element).closest("[data-queue]");
    if (step === undefined || !inRow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = ids[Math.min(ids.length - 1, Math.max(0, here + step))];
    if (next === undefined) return;
    setActive(next);
    rows.scrollToIndex(ids.indexOf(next));
    // The row may have to be drawn first.
    requestAnimationFrame(() => {
      const buttons = scroller.current?.querySelectorAll<HTMLElement>("[data-queue]") ?? [];
      [...buttons].find((button) => button.dataset.queue === next)?.focus();
    });
  };

  return (
    <section className={css.frame} aria-label={t("queues.count", { count: keys.length })} {...holders}>
      <div
        ref={scroller}
        className={css.table}
        role="table"
        aria-label={t("view.queues")}
        aria-rowcount={ids.length + 1}
        onKeyDown={onKeyDown}
        data-testid="queues"
      >
        <div role="rowgroup" className={css.top}>
          <div role="row" className={css.row} aria-rowindex={1}>
            {COLUMNS.map((column) => (
              <Heading key={column.id} {...column} />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={css.body}
          ref={(element) => element?.style.setProperty("block-size", `${rows.getTotalSize()}px`)}
        >
          {rows.getVirtualItems().map(({ index, start }) => {
            const key = ids[index];
            return (
              key !== undefined && (
                <QueueRow
                  key={key}
                  name={key}
                  index={index}
                  start={start}
                  isGone={isGhost(key)}
                  isOpen={key === open}
                  isActive={index === here}
                  onActive={setActive}
                />
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}
