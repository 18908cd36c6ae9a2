// The time line: oldest first, opened where something new begins, else at its end. Things that happened in a row are folded.
// What the agent sent and no platform confirmed stands at its end. A long one is drawn only where one looks.

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type EntryDoes, EntryItem, Events } from "../domain/Entry";
import { Trouble } from "../domain/Trouble";
import type { Entry, OutboxItem, Problem, TicketDetail } from "../generated/model";
import { Button } from "../parts/Button";
import { asProblem } from "../platform";
import { useUi } from "../state/ui";
import { useUnsentOf } from "../state/work";
import { dayName, sameDay } from "../words/format";
import { useWords } from "../words/words";
import css from "./ConversationLine.module.css";
import { Pending } from "./ConversationPending";

/** More than this and only what is in sight is drawn. */
const LONG = 60;

type Item =
  | { id: string; is: "entry"; entry: Entry; day: number | undefined }
  | { id: string; is: "events"; entries: readonly Entry[]; day: number | undefined }
  | { id: string; is: "pending"; item: OutboxItem; day: undefined };

/** The line as it is drawn: events in a row together, and a day where it begins. */
export function fold(entries: readonly Entry[], pending: readonly OutboxItem[]): readonly Item[] {
  const items: Item[] = [];
  let before: Entry | undefined;
  for (const entry of entries) {
    const day = before && sameDay(before.at, entry.at) ? undefined : entry.at;
    const last = items.at(-1);
    if (entry.kind !== "event") items.push({ id: entry.id, is: "entry", entry, day });
    else if (last?.is === "events" && day === undefined) last.entries = [...last.entries, entry];
    else items.push({ id: entry.id, is: "events", entries: [entry], day });
    before = entry;
  }
  return [
    ...items,
    ...pending.map((item): Item => ({ id: `pending/${item.id}`, is: "pending", item, day: undefined })),
  ];
}

/** Where something new begins: behind the last word of the agent's side. Absent when nothing is unread. */
export function firstUnread({ ticket, entries }: TicketDetail): string | undefined {
  if (!ticket.unread) return undefined;
  const answered = entries.findLastIndex((entry) => entry.author.kind === "agent" && entry.kind !== "event");
  return entries.slice(answered + 1).find((entry) => entry.author.kind === "customer")?.id;
}

function Drawn({ item, detail, does }: { item: Item; detail: TicketDetail; does: EntryDoes }) {
  switch (item.is) {
    case "entry":
      return <EntryItem ticket={detail.ticket.id} entry={item.entry} does={does} />;
    case "events":
      return <Events entries={item.entries} />;
    case "pending":
      return <Pending item={item.item} />;
  }
}

function Day({ at }: { at: number | undefined }) {
  return at === undefined ? null : <h3 className={css.day}>{dayName(at, Date.now())}</h3>;
}

/** All of a short line. */
function Short({ items, children }: { items: readonly Item[]; children: (item: Item) => ReactNode }) {
  return (
    <ol className={css.items}>
      {items.map((item) => (
        <li key={item.id} className={css.item} data-item={item.id}>
          <Day at={item.day} />
          {children(item)}
        </li>
      ))}
    </ol>
  );
}

/** What is in sight of a long line. */
function Long({
  items,
  first,
  scroller,
  children,
}: {
  items: readonly Item[];
  /** Where it opens. */
  first: number;
  scroller: HTMLElement;
  children: (item: Item) => ReactNode;
}) {
  const textSize = useUi((ui) => ui.textSize);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: () => 140,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 4,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text size measures again
  useEffect(() => rows.measure(), [textSize, rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is opened once; afterwards the agent scrolls
  useLayoutEffect(
    () => rows.scrollToIndex(first, { align: first === items.length - 1 ? "end" : "start" }),
    [],
  );
  return (
    <ol
      className={css.long}
      ref={(element) => element?.style.setProperty("block-size", `${rows.getTotalSize()}px`)}
    >
      {rows.getVirtualItems().map(({ index, start }) => {
        const item = items[index];
        return (
          item && (
            <li
              key={item.id}
              className={css.placed}
              data-index={index}
              data-item={item.id}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              ref={(element) => {
                element?.style.setProperty("translate", `0 ${start}px`);
                rows.measureElement(element);
              }}
            >
              <Day at={item.day} />
              {children(item)}
            </li>
          )
        );
      })}
    </ol>
  );
}

function isAtEnd({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean {
  return scrollTop + clientHeight >= scrollHeight - 24;
}

export function ConversationLine({
  detail,
  earlier,
  does,
}: {
  detail: TicketDetail;
  earlier: () => Promise<void>;
  does: EntryDoes;
}) {
  const t = useWords();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const unsent = useUnsentOf(detail.ticket.id);
  const pending = unsent.filter(({ work }) => work.kind === "send");
  const items = useMemo(() => fold(detail.entries, pending), [detail.entries, pending]);
  const [opened] = useState(() => firstUnread(detail));
  /** What is kept in sight while letters above it still grow. */
  const keeps = useRef<"start" | "end" | undefined>(opened === undefined ? "end" : "start");
  const firstId = items[0]?.id;
  const height = useRef(0);
  const known = useRef(firstId);

  // Opened where something new begins, else at the end; and what it was opened at stays there until the agent scrolls.
  useLayoutEffect(() => {
    if (!scroller) return undefined;
    const hold = (): void => {
      if (keeps.current === "end") scroller.scrollTo(0, scroller.scrollHeight);
      if (keeps.current !== "start" || opened === undefined) return;
      const start = scroller.querySelector(`[data-item="${CSS.escape(opened)}"]`);
      start?.scrollIntoView({ block: "start" });
    };
    hold();
    const follow = new ResizeObserver(hold);
    follow.observe(scroller);
    if (scroller.firstElementChild) follow.observe(scroller.firstElementChild);
    return () => follow.disconnect();
  }, [scroller, opened]);
  // What comes in above moves nothing that is read.
  useLayoutEffect(() => {
    if (!scroller) return;
    if (known.current !== firstId && keeps.current === undefined)
      scroller.scrollBy(0, scroller.scrollHeight - height.current);
    known.current = firstId;
    height.current = scroller.scrollHeight;
  });

  const more = async (): Promise<void> => {
    setAsking(true);
    setProblem(undefined);
    try {
      keeps.current = undefined;
      await earlier();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setAsking(false);
  };
  const letGo = (upwards: boolean): void => {
    if (upwards || keeps.current === "start") keeps.current = undefined;
  };
  // Moved at once: the engine's own gliding is broken off whenever a row that comes into sight is measured.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const box = event.currentTarget;
    const page = box.clientHeight * 0.9;
    const steps: Record<string, number> = {
      ArrowUp: -48,
      ArrowDown: 48,
      PageUp: -page,
      PageDown: page,
      Home: -box.scrollHeight,
      End: box.scrollHeight,
    };
    const step = steps[event.key];
    if (step === undefined || event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    letGo(step < 0);
    box.scrollBy({ top: step, behavior: "instant" });
  };
  const draw = (item: Item): ReactNode => <Drawn item={item} detail={detail} does={does} />;
  const first = items.findIndex((item) => item.id === opened);
  return (
    <section
      ref={setScroller}
      className={css.line}
      aria-label={t("ticket.line")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      data-testid="time-line"
      onScroll={(event) => {
        if (isAtEnd(event.currentTarget)) keeps.current = "end";
      }}
      onWheel={(event) => letGo(event.deltaY < 0)}
      // The scroll bar is the line itself, everything else is something in it.
      onPointerDown={(event) => letGo(event.target === event.currentTarget)}
      onKeyDown={onKeyDown}
    >
      <div>
        {detail.earlier && (
          <p className={css.earlier}>
            <Button tone="quiet" icon="up" pending={asking} onPress={() => void more()}>
              {t("ticket.earlier")}
            </Button>
          </p>
        )}
        {problem && <Trouble problem={problem} />}
        {items.length === 0 && <p className={css.none}>{t("ticket.no_entries")}</p>}
        {items.length <= LONG ? (
          <Short items={items}>{draw}</Short>
        ) : (
          scroller && (
            <Long items={items} first={first < 0 ? items.length - 1 : first} scroller={scroller}>
              {draw}
            </Long>
          )
        )}
      </div>
    </section>
  );
}
