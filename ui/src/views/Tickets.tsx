// Tickets: filters, the list, the conversation. Beside each other where there is room; with less the filters open from
// the list, and in a narrow place one pane stands at a time. Panes keep the sizes they were given.

import { type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Empty";
import { Splitter } from "../parts/Splitter";
import { useMirror } from "../state/store";
import { useUi } from "../state/ui";
import { useWatch } from "../state/watch";
import { useWords } from "../words/words";
import { Conversation } from "./Conversation";
import { Filters } from "./Filters";
import { Inbox } from "./Inbox";
import { NewTicket } from "./NewTicket";
import css from "./Tickets.module.css";

/** From these widths on, in rem: filters, list and conversation; list and conversation. */
const THREE = 62;
const TWO = 44;
const FILTERS = { key: "offhook.filters-width", min: 10, max: 22, first: 13 };
const LIST = { key: "offhook.list-width", min: 20, max: 44, first: 26 };

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** How many panes fit in. */
function usePanes(ref: RefObject<HTMLElement | null>): 1 | 2 | 3 {
  const textSize = useUi((ui) => ui.textSize);
  const [panes, setPanes] = useState<1 | 2 | 3>(3);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text size is another width in rem
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const look = (): void => {
      const width = box.clientWidth / rem();
      setPanes(width >= THREE ? 3 : width >= TWO ? 2 : 1);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => observer.disconnect();
  }, [textSize, ref]);
  return panes;
}

/** A width that is kept, in rem. */
function useWidth({ key, min, max, first }: typeof LIST): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => {
    const kept = Number(localStorage.getItem(key));
    return kept >= min && kept <= max ? kept : first;
  });
  const keep = (now: number): void => {
    localStorage.setItem(key, String(now));
    setWidth(now);
  };
  return [width, keep];
}

export function Tickets() {
  const t = useWords();
  const view = useRef<HTMLElement>(null);
  const offered = useMirror((mirror) => mirror.accounts.some((one) => one.capabilities.includes("tickets")));
  const ticket = useUi((ui) => ui.ticket);
  const panes = usePanes(view);
  const [filters, setFilters] = useWidth(FILTERS);
  const [list, setList] = useWidth(LIST);
  useWatch({ inbox: offered });
  useEffect(() => {
    // A custom property, not a style attribute: the content security policy forbids those.
    view.current?.style.setProperty("--filters", `${filters}rem`);
    view.current?.style.setProperty("--inbox", `${list}rem`);
  }, [filters, list]);
  const alone = panes === 1;
  const pane = useRef<HTMLElement>(null);
  const open = ticket !== undefined;
  useEffect(() => {
    // One pane takes the place of the other: the keyboard goes with it.
    if (!alone) return;
    const list = view.current?.querySelector<HTMLElement>('[data-place="list"]');
    (open ? pane.current : list)?.focus();
  }, [alone, open]);
  return (
    <main ref={view} className={css.view} aria-label={t("view.tickets")} data-panes={panes}>
      <h1 className="heard">{t("view.tickets")}</h1>
      {offered ? (
        <>
          {panes === 3 && (
            <>
              <div className={css.filters}>
                <Filters />
              </div>
              <Splitter
                label={t("tickets.resize_filters")}
                value={filters}
                min={FILTERS.min}
                max={FILTERS.max}
                onChange={setFilters}
              />
            </>
          )}
          {/* Only out of sight, so that coming back from a conversation finds the same place. */}
          <section className={cx(css.list, alone && open && css.behind)} aria-label={t("tickets.list")}>
            <Inbox filtersInside={panes < 3} />
          </section>
          {!alone && (
            <Splitter
              label={t("tickets.resize_list")}
              value={list}
              min={LIST.min}
              max={LIST.max}
              onChange={setList}
            />
          )}
          {(!alone || ticket !== undefined) && (
            <section
              ref={pane}
              className={css.pane}
              aria-label={t("tickets.conversation")}
              data-place="conversation"
              tabIndex={-1}
            >
              {alone && (
                <div className={css.back}>
                  <Button tone="quiet" icon="back" onPress={() => useUi.setState({ ticket: undefined })}>
                    {t("tickets.back")}
                  </Button>
                </div>
              )}
              {ticket === undefined ? (
                <Empty icon="ticket" title={t("tickets.choose")}>
                  {t("tickets.choose_more")}
                </Empty>
              ) : (
                <Conversation key={ticket} ticket={ticket} />
              )}
            </section>
          )}
          <NewTicket />
        </>
      ) : (
        <Empty icon="ticket" title={t("tickets.none_offered")}>
          {t("tickets.none_offered_more")}
        </Empty>
      )}
    </main>
  );
}
