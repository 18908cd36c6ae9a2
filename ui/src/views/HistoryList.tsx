// A list of the past with what is open beside it: my own calls, or those of a group.

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { callBack } from "../domain/dialling";
import { Refusal, Trouble } from "../domain/Trouble";
import type { AccountState, HandledState, HistoryItem, PastOutcome } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Empty";
import { Select } from "../parts/Field";
import { Kbd } from "../parts/Kbd";
import { Rows } from "../parts/Rows";
import { Spinner } from "../parts/Spinner";
import { announceLater } from "../state/announce";
import { engineNow } from "../state/clock";
import { useStanding } from "../state/commands";
import { type Asked, useHistory } from "../state/history";
import { queueKey } from "../state/mirror";
import { useMirrorList } from "../state/store";
import { showDay } from "../state/ui";
import { count, dayName, sameDay } from "../words/format";
import { useWords } from "../words/words";
import css from "./History.module.css";
import { HistoryPane } from "./HistoryPane";
import { HistoryRow } from "./HistoryRow";

const OUTCOMES = ["answered", "missed", "voicemail", "recording"] as const satisfies readonly PastOutcome[];
const STATES = ["unhandled", "in_progress", "handled"] as const satisfies readonly HandledState[];
const ALL = "*all*";

function useOffering(capability: "history" | "group_history"): readonly AccountState[] {
  return useMirrorList((mirror) => mirror.accounts.filter((one) => one.capabilities.includes(capability)));
}

/** Toggles of which none means all. */
function Filter<T extends string>({
  label,
  options,
  chosen,
  onChange,
}: {
  label: string;
  options: readonly { id: T; title: string }[];
  chosen: readonly T[];
  onChange: (chosen: readonly T[]) => void;
}) {
  return (
    <ToggleButtonGroup
      className={css.filter}
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
      onSelectionChange={(keys) => onChange(options.map((option) => option.id).filter((id) => keys.has(id)))}
    >
      {options.map(({ id, title }) => (
        <ToggleButton key={id} id={id} className={css.toggle}>
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

export function OwnHistory() {
  const t = useWords();
  const accounts = useOffering("history");
  const [account, setAccount] = useState(ALL);
  const [outcomes, setOutcomes] = useState<readonly PastOutcome[]>([]);
  const chosen = accounts.find((one) => one.account.id === account);
  const asked: Asked = { account: chosen?.account.id ?? null, group: null, outcomes: [...outcomes] };
  return (
    <Listing
      asked={asked}
      several={accounts.length > 1 && !chosen}
      filtered={outcomes.length > 0}
      filters={
        <>
          {accounts.length > 1 && (
            <Select
              label={t("dial.account")}
              hideLabel
              value={chosen?.account.id ?? ALL}
              options={[
                { id: ALL, title: t("history.all_accounts") },
                ...accounts.map((one) => ({ id: one.account.id, title: one.account.name })),
              ]}
              onChange={setAccount}
            />
          )}
          <Filter
            label={t("history.filter")}
            options={OUTCOMES.map((id) => ({ id, title: t(`outcome.${id}`) }))}
            chosen={outcomes}
            onChange={setOutcomes}
          />
        </>
      }
    />
  );
}

export function GroupHistory() {
  const t = useWords();
  const accounts = useOffering("group_history");
  const groups = accounts.flatMap(({ account, queues }) =>
    queues.map((queue) => ({
      id: queueKey({ account: account.id, queue: queue.id }),
      title: queue.title,
      more: accounts.length > 1 ? account.name : undefined,
      account: account.id,
      queue: queue.id,
    })),
  );
  const [chosen, choose] = useState<string>();
  const [states, setStates] = useState<readonly HandledState[]>([]);
  const group = groups.find((one) => one.id === chosen) ?? groups[0];
  const only = useCallback(
    (item: HistoryItem) => states.length === 0 || states.includes(item.handled?.state ?? "unhandled"),
    [states],
  );
  if (!group) {
    return (
      <Empty icon="queues" title={t("history.no_groups")}>
        {t("history.no_groups_more")}
      </Empty>
    );
  }
  return (
    <Listing
      asked={{ account: group.account, group: group.queue, outcomes: [] }}
      several={false}
      filtered={states.length > 0}
      only={only}
      filters={
        <>
          <Select label={t("history.group")} hideLabel value={group.id} options={groups} onChange={choose} />
          <Filter
            label={t("history.filter")}
            options={STATES.map((id) => ({ id, title: t(`handled.${id}`) }))}
            chosen={states}
            onChange={setStates}
          />
        </>
      }
    />
  );
}

function Listing({
  asked,
  several,
  filtered,
  only,
  filters,
}: {
  asked: Asked;
  /** Items of several accounts stand in the list. */
  several: boolean;
  filtered: boolean;
  /** Which of what was fetched are shown. */
  only?: (item: HistoryItem) => boolean;
  filters: ReactNode;
}) {
  const t = useWords();
  const side = useRef<HTMLElement>(null);
  const { past, next, show, mark, again } = useHistory(asked, () => {
    const box = side.current;
    return box !== null && (box.matches(":hover") || box.contains(document.activeElement));
  });
  const [chosen, choose] = useState<string>();
  const [called, setCalled] = useState<string>();
  const items = useMemo(() => (only ? past.items.filter(only) : past.items), [past.items, only]);
  const open = past.items.find((item) => item.id === chosen);
  const { command } = useStanding("dial");
  // Nothing of what was fetched is wanted: older pages may have it.
  const wanting = items.length === 0 && past.more && !past.asking;
  useEffect(() => {
    if (wanting) void next();
  }, [wanting, next]);

  const fresh = past.fresh.length;
  useEffect(() => {
    if (fresh > 0) announceLater(t("history.fresh", { count: fresh }));
  }, [fresh, t]);

  const call = (item: HistoryItem): void => {
    const { phone } = item.party;
    if (!phone) return;
    setCalled(phone.raw);
    void callBack(item.account, phone.raw).then((taken) => {
      if (taken && item.seen === false) return mark(item.id, { mark: "seen" }).catch(() => undefined);
    });
  };
  return (
    <div className={cx(css.listing, open && css.one)}>
      <section ref={side} className={css.side} aria-label={t("history.list")}>
        <div className={css.filters}>{filters}</div>
        <div className={css.status}>
          <span className={css.words}>
            {past.asking && <Spinner />}
            {past.loading
              ? t("common.loading")
              : past.more
                ? t("history.so_far", { shown: count(items.length) })
                : t("history.count", { count: items.length, shown: count(items.length) })}
            {past.unreadable > 0 && ` · ${t("contacts.unreadable", { count: past.unreadable })}`}
          </span>
          {past.fresh.length > 0 && (
            <Button tone="main" icon="up" onPress={show}>
              {t("history.fresh", { count: past.fresh.length })}
            </Button>
          )}
          <IconButton name={t("history.refresh")} icon="resend" isDisabled={past.asking} onPress={again} />
        </div>
        {past.problems.map((problem) => (
          <Trouble
            key={`${problem.account}/${problem.code}`}
            problem={problem}
            actions={<Button onPress={again}>{t("common.try_again")}</Button>}
          />
        ))}
        {command?.do === "dial" && command.number === called && <Refusal command="dial" />}
        {items.length > 0 ? (
          <>
            <Rows
              items={items}
              label={t("history.list")}
              testId="history-list"
              chosen={chosen}
              restart={JSON.stringify(asked)}
              onChoose={(item) => choose(item.id)}
              onKey={(event, item) => {
                if (event.key === "Enter" || event.key === "c") call(item);
                else return false;
                return true;
              }}
              heading={(item, before) =>
                before && sameDay(before.at, item.at) ? undefined : dayName(item.at, engineNow())
              }
              onEnd={() => void next()}
            >
              {(item) => <HistoryRow item={item} several={several} group={asked.group !== null} />}
            </Rows>
            <p className={css.keys}>
              <Kbd keys={["c"]} /> {t("history.key_call")} · <Kbd keys={["Space"]} /> {t("history.key_open")}
            </p>
            {asked.group === null && (
              <p className={css.keys}>
                {t("history.states")}{" "}
                <Button tone="quiet" onPress={showDay}>
                  {t("work.day_open")}
                </Button>
              </p>
            )}
          </>
        ) : (
          !past.loading &&
          past.problems.length === 0 && (
            <Empty icon="history" title={filtered ? t("history.nothing") : t("history.empty")}>
              {filtered ? t("history.nothing_more") : t("history.empty_more")}
            </Empty>
          )
        )}
      </section>
      <section className={css.pane} aria-label={t("history.detail")}>
        {open ? (
          <HistoryPane
            key={open.id}
            item={open}
            onBack={() => choose(undefined)}
            onMark={(how) => mark(open.id, how)}
          />
        ) : (
          <Empty icon="history" title={t("history.choose")}>
            {t("history.choose_more")}
          </Empty>
        )}
      </section>
    </div>
  );
}
