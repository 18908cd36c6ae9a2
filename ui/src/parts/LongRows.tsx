// A list of any length of which only a part is here: rows are named by their place and drawn only where one looks. All
// are of one height, so that none ever moves. Rows may be picked; the keyboard stands at one of them.

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ComponentType,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from "react";
import { useUi } from "../state/ui";
import { cx } from "./cx";
import css from "./LongRows.module.css";

/** Height of a row, in rem; `--long-row` says the same to the styles. */
const ROW = 4.5;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** What a row is told. */
export interface RowProps {
  index: number;
}

interface PlaceProps {
  index: number;
  start: number;
  active: boolean;
  name: string;
  total: number;
  row: ComponentType<RowProps>;
  picked: boolean;
  open: boolean;
  onPress: (index: number, event: MouseEvent) => void;
}

/** One row in its place: drawn again only when something of it changed, not when the list scrolls. */
const Place = memo(function Place({
  index,
  start,
  active,
  name,
  total,
  row: Row,
  picked,
  open,
  onPress,
}: PlaceProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.style.setProperty("translate", `0 ${start}px`);
  }, [start]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys for its options
    <div
      ref={box}
      id={`${name}-${index}`}
      className={cx(css.row, active && css.active)}
      role="option"
      tabIndex={-1}
      aria-selected={picked}
      aria-current={open ? "true" : undefined}
      aria-setsize={total}
      aria-posinset={index + 1}
      onClick={(event) => onPress(index, event)}
    >
      <Row index={index} />
    </div>
  );
});

export function LongRows({
  total,
  active,
  restart,
  label,
  testId,
  scroller,
  row,
  isPicked,
  isOpen,
  onActive,
  onRange,
  onPress,
  onKey,
  onSight,
  onScroll,
}: {
  total: number;
  /** The row the keyboard is at. */
  active: number;
  /** Another value starts again at the top. */
  restart: unknown;
  label: string;
  testId: string;
  scroller: RefObject<HTMLDivElement | null>;
  row: ComponentType<RowProps>;
  isPicked: (index: number) => boolean;
  isOpen: (index: number) => boolean;
  onActive: (index: number) => void;
  /** Moved with Shift held. */
  onRange: (index: number) => void;
  onPress: (index: number, event: MouseEvent) => void;
  /** Keys beside those that move; answers whether it took the key. */
  onKey: (event: KeyboardEvent) => boolean;
  /** These rows are in sight. */
  onSight: (from: number, to: number) => void;
  onScroll: () => void;
}) {
  const name = useId();
  const textSize = useUi((ui) => ui.textSize);
  const size = useRef(ROW * rem());
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => size.current, []),
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured in text, so another text size measures again
  useLayoutEffect(() => {
    size.current = ROW * rem();
    rows.measure();
  }, [textSize]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its top
  useLayoutEffect(() => {
    rows.scrollToOffset(0);
  }, [restart]);
  // Who comes back finds the row again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list comes into sight
  useLayoutEffect(() => {
    if (active > 0) rows.scrollToIndex(active, { align: "center" });
  }, []);
  const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
  useEffect(() => {
    if (total > 0) onSight(startIndex, Math.max(startIndex, endIndex));
  }, [startIndex, endIndex, total, onSight]);
  // The row the keyboard is at is in sight, also when a key far from the list moved it.
  const before = useRef(active);
  useEffect(() => {
    // A list that is hidden has no place to go to.
    if (before.current !== active && scroller.current?.clientHeight) rows.scrollToIndex(active);
    before.current = active;
  }, [active, rows, scroller]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / size.current) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -total,
      End: total,
    };
    const step = steps[event.key];
    if (step !== undefined && total > 0 && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const next = Math.min(total - 1, Math.max(0, active + step));
      if (event.shiftKey) onRange(next);
      else onActive(next);
    } else if (!onKey(event)) return;
    event.preventDefault();
  };

  const shown = rows.getVirtualItems();
  const pool = useRef(1);
  pool.current = Math.max(pool.current, shown.length);
  return (
    <div
      ref={scroller}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={total > 0 ? `${name}-${active}` : undefined}
      data-place="list"
      data-testid={testId}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <div
        className={css.all}
        role="presentation"
        ref={(element) => element?.style.setProperty("block-size", `${rows.getTotalSize()}px`)}
      >
        {shown.map(({ index, start }) => (
          <Place
            // A row that leaves on one side comes back on the other: scrolling makes no elements, it only changes them.
            key={index % pool.current}
            index={index}
            start={start}
            active={index === active}
            name={name}
            total={total}
            row={row}
            picked={isPicked(index)}
            open={isOpen(index)}
            onPress={onPress}
          />
        ))}
      </div>
    </div>
  );
}
