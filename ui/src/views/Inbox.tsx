// The list of tickets: search, filters, how many there are and how far they are read, what can be done with those that
// are picked, and the rows themselves.

import { type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useEffect, useRef } from "react";
import { DialogTrigger, Popover, Dialog as PopoverBox } from "react-aria-components";
import { Trouble } from "../domain/Trouble";
import { Button } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { TextLine } from "../parts/Field";
import { LongRows } from "../parts/LongRows";
import { Spinner } from "../parts/Spinner";
import { announceLater } from "../state/announce";
import { activate, enter, look, retry, rowAt, see, settle, showFresh, useInbox } from "../state/inbox";
import { pick, pickNone, pickTo, usePickedCount, usePicking } from "../state/picking";
import { useMirrorList } from "../state/store";
import { openNewTicket, showTicket, useUi } from "../state/ui";
import { count } from "../words/format";
import { useWords } from "../words/words";
import { BulkBar, BulkDialogs } from "./BulkBar";
import { FilterBar } from "./FilterBar";
import { Filters, useFilterName } from "./Filters";
import css from "./Inbox.module.css";
import { InboxRow } from "./InboxRow";
import { InboxSync } from "./InboxSync";

/** How many there are, what is being searched, and what is new: one line of fixed height. */
function Status() {
  const t = useWords();
  const total = useInbox((inbox) => inbox.total);
  const loading = useInbox((inbox) => inbox.loading);
  const asking = useInbox((inbox) => inbox.asking);
  const unreadable = useInbox((inbox) => inbox.unreadable);
  const fresh = useInbox((inbox) => inbox.fresh.size + inbox.gone.size);
  const stale = useInbox((inbox) => inbox.stale);
  const found = useInbox((inbox) => (inbox.later ? Math.max(1, inbox.later.total - inbox.total) : 0));
  const platforms = useMirrorList((mirror) =>
    mirror.accounts
      .filter((one) => one.capabilities.includes("tickets"))
      .map((one) => t(`platform.${one.account.platform}`)),
  );
  const words =
    found > 0
      ? t("inbox.found_online", { count: found, shown: count(found) })
      : fresh > 0
        ? t("inbox.fresh", { count: fresh, shown: count(fresh) })
        : stale
          ? t("inbox.stale")
          : undefined;
  useEffect(() => {
    if (words !== undefined) announceLater(words);
  }, [words]);
  return (
    <div className={css.status}>
      <span className={css.soft}>
        {(asking || loading) && <Spinner />}
        {loading
          ? t("common.loading")
          : asking
            ? t("inbox.searching", { platforms: [...new Set(platforms)].join(", ") })
            : t("inbox.count", { count: total, shown: count(total) })}
        {unreadable > 0 && ` · ${t("contacts.unreadable", { count: unreadable })}`}
      </span>
      {words !== undefined && (
        <Button tone="quiet" icon="up" onPress={showFresh}>
          {words}
        </Button>
      )}
    </div>
  );
}

function Nothing() {
  const t = useWords();
  const asked = useInbox((inbox) => inbox.asked);
  const asking = useInbox((inbox) => inbox.asking);
  const filling = useMirrorList((mirror) => mirror.inbox.filter((sync) => !sync.complete));
  const text = asked.text.trim();
  if (text !== "")
    return asking ? null : (
      <Empty icon="search" title={t("inbox.nothing_found", { text })}>
        {t("inbox.nothing_found_more")}
      </Empty>
    );
  if (filling.length > 0)
    return (
      <Empty icon="ticket" title={t("inbox.filling")}>
        {t("inbox.filling_more")}
      </Empty>
    );
  const calm = ["mine", "unassigned", "waiting", "due"].find((id) => id === asked.id);
  return (
    <Empty icon="check" title={calm ? t(`inbox.empty.${calm as "mine"}`) : t("inbox.nothing")}>
      {calm ? t("inbox.empty_more") : t("inbox.nothing_more")}
    </Empty>
  );
}

function List({ scroller }: { scroller: RefObject<HTMLDivElement | null> }) {
  const t = useWords();
  const total = useInbox((inbox) => inbox.total);
  const active = useInbox((inbox) => inbox.active);
  const turn = useInbox((inbox) => inbox.turn);
  const windows = useInbox((inbox) => inbox.windows);
  const { all, picked } = usePicking();
  const open = useUi((ui) => ui.ticket);
  const idOf = (index: number): string | undefined => rowAt({ windows }, index)?.id;
  const onPress = useCallback((index: number, event: MouseEvent): void => {
    if (event.shiftKey) {
      void pickTo(index);
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      pick(index);
      return;
    }
    activate(index);
    const ticket = rowAt(useInbox.getState(), index);
    if (ticket) showTicket(ticket.id);
  }, []);
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === " ") pick(active);
    else if (event.key === "Escape" && (all || picked.size > 0)) pickNone();
    else return false;
    return true;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only to learn that the pointer or the keyboard left
    <div className={css.rows} onPointerLeave={settle} onBlur={() => setTimeout(settle)}>
      <LongRows
        total={total}
        active={active}
        restart={turn}
        label={t("tickets.list")}
        testId="inbox"
        scroller={scroller}
        row={InboxRow}
        isPicked={(index) => all || picked.has(idOf(index) ?? "")}
        isOpen={(index) => open !== undefined && idOf(index) === open}
        onActive={activate}
        onRange={(index) => void pickTo(index)}
        onPress={onPress}
        onKey={onKey}
        onSight={see}
        onScroll={settle}
      />
    </div>
  );
}

/** The list with everything above it. Where there is no pane for the filters they open from here. */
export function Inbox({ filtersInside }: { filtersInside: boolean }) {
  const t = useWords();
  const text = useInbox((inbox) => inbox.asked.text);
  const total = useInbox((inbox) => inbox.total);
  const loading = useInbox((inbox) => inbox.loading);
  const failed = useInbox((inbox) => inbox.failed);
  const problems = useInbox((inbox) => inbox.problems);
  const picked = usePickedCount();
  const name = useFilterName();
  const creating = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("create_tickets")),
  );
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const held = (): boolean => {
      const list = scroller.current;
      return (
        list !== null &&
        (list.scrollTop > 0 || list.matches(":hover") || list.contains(document.activeElement))
      );
    };
    return enter(held);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once an answer, not while tickets come and go
  useEffect(() => {
    if (!loading) announceLater(t("inbox.count", { count: total, shown: count(total) }));
  }, [loading]);
  return (
    <div className={css.inbox} data-place="inbox">
      <div className={css.head}>
        {filtersInside && (
          <DialogTrigger>
            <Button icon="queues">
              <bdi>{name}</bdi>
            </Button>
            <Popover className={css.popover} offset={4} placement="bottom start">
              <PopoverBox className={css.box} aria-label={t("tickets.filters")}>
                {({ close }) => <Filters onChosen={close} />}
              </PopoverBox>
            </Popover>
          </DialogTrigger>
        )}
        <div className={css.search}>
          <TextLine
            label={t("inbox.search")}
            hideLabel
            type="search"
            field="tickets"
            value={text}
            onChange={(now) => look({ text: now })}
            placeholder={t("inbox.search_placeholder")}
          />
        </div>
        {creating.length > 0 && (
          <Button icon="plus" aria-label={t("tickets.new")} onPress={() => openNewTicket()}>
            {t("inbox.new")}
          </Button>
        )}
      </div>
      <FilterBar />
      <InboxSync />
      {picked > 0 ? <BulkBar count={picked} /> : <Status />}
      {problems.map((problem) => (
        <Trouble key={`${problem.account}/${problem.code}`} problem={problem} />
      ))}
      {failed ? (
        <Trouble
          problem={failed}
          actions={
            <Button icon="resend" onPress={retry}>
              {t("common.try_again")}
            </Button>
          }
        />
      ) : loading && total === 0 ? (
        <p className={css.loading}>
          <Spinner /> {t("common.loading")}
        </p>
      ) : total > 0 ? (
        <List scroller={scroller} />
      ) : (
        <Nothing />
      )}
      <BulkDialogs />
    </div>
  );
}
