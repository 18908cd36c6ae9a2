// The list of queues with what chooses among them, the accounts of which nothing is heard, and the details of one queue.

import { useEffect, useState } from "react";
import { ToggleButton } from "react-aria-components";
import { HealthChip } from "../domain/State";
import { Trouble } from "../domain/Trouble";
import type { AccountState, Problem } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Empty";
import { Select, TextLine } from "../parts/Field";
import { asProblem, host } from "../platform";
import { hasQueues, isHeard, showAllQueues, useQueueOrder, useQueuesUi } from "../state/queues";
import { useMirrorList } from "../state/store";
import { useKeptTrends } from "../state/trends";
import { useWatch } from "../state/watch";
import { useWords } from "../words/words";
import { QueueDetail } from "./QueueDetail";
import css from "./Queues.module.css";
import { QueuesTable } from "./QueuesTable";
import { QueuesThresholds } from "./QueuesThresholds";
import { QueuesWallboard } from "./QueuesWallboard";

/** Every account. */
const ALL = "";

function Choice({ accounts }: { accounts: readonly AccountState[] }) {
  const t = useWords();
  const { account, mine, text, sorting } = useQueuesUi();
  const [dialog, open] = useState<"thresholds" | "wallboard">();
  const [problem, setProblem] = useState<Problem>();
  const close = (): void => open(undefined);
  const showWallboard = (): void => {
    setProblem(undefined);
    host.call("show_wallboard").catch((thrown) => setProblem(asProblem(thrown)));
  };
  return (
    <div className={css.bar}>
      <div className={css.find}>
        <TextLine
          label={t("queues.find")}
          hideLabel
          type="search"
          field="queues"
          placeholder={t("queues.find")}
          value={text}
          onChange={(words) => useQueuesUi.setState({ text: words })}
        />
      </div>
      {accounts.length > 1 && (
        <div className={css.account}>
          <Select
            label={t("queue.account")}
            hideLabel
            value={account ?? ALL}
            options={[
              { id: ALL, title: t("queues.all_accounts") },
              ...accounts.map((one) => ({ id: one.account.id, title: one.account.name })),
            ]}
            onChange={(id) => useQueuesUi.setState({ account: id === ALL ? undefined : id })}
          />
        </div>
      )}
      <ToggleButton
        className={css.toggle}
        isSelected={mine}
        onChange={(now) => useQueuesUi.setState({ mine: now })}
      >
        {t("queues.mine")}
      </ToggleButton>
      {sorting && (
        <Button tone="quiet" onPress={() => useQueuesUi.setState({ sorting: undefined })}>
          {t("queues.own_order")}
        </Button>
      )}
      <div className={css.end}>
        <Button tone="quiet" icon="alert" onPress={() => open("thresholds")}>
          {t("threshold.title")}
        </Button>
        <Button icon="screen" onPress={showWallboard}>
          {t("wallboard.open")}
        </Button>
        <IconButton name={t("wallboard.choose")} icon="settings" onPress={() => open("wallboard")} />
      </div>
      <QueuesThresholds open={dialog === "thresholds"} onClose={close} />
      <QueuesWallboard open={dialog === "wallboard"} onClose={close} onShow={showWallboard} />
      {problem && <Trouble problem={problem} />}
    </div>
  );
}

/** One line for each account of which there is something to say: it is not heard, nothing is told yet, it has none. */
function Silent({ accounts }: { accounts: readonly AccountState[] }) {
  const t = useWords();
  const told = useMirrorList((mirror) => [
    ...new Set(Object.values(mirror.statistics).map(({ account }) => account)),
  ]);
  const lines = accounts.flatMap((one) => {
    const { id, name } = one.account;
    const tells = one.capabilities.includes("queue_statistics");
    const words = told.includes(id)
      ? undefined
      : tells
        ? t(isHeard(one) ? "queues.asking" : "queues.no_figures", { account: name })
        : one.queues.length === 0
          ? t("queues.none_in", { account: name })
          : undefined;
    return words === undefined && isHeard(one) ? [] : [{ one, words }];
  });
  if (lines.length === 0) return null;
  return (
    <ul className={css.silent} aria-label={t("queues.silent")}>
      {lines.map(({ one, words }) => (
        <li key={one.account.id}>
          {!isHeard(one) && <HealthChip name={one.account.name} health={one.health} />}
          {words !== undefined && <bdi>{words}</bdi>}
        </li>
      ))}
    </ul>
  );
}

export function QueuesList() {
  const t = useWords();
  const accounts = useMirrorList((mirror) => mirror.accounts.filter(hasQueues));
  const { account, mine, text, open } = useQueuesUi();
  const keys = useQueueOrder();
  const isFiltered = account !== undefined || mine || text !== "";
  useKeptTrends();
  useWatch({
    queues: accounts
      .filter((one) => one.capabilities.includes("queue_statistics"))
      .map((one) => one.account.id),
  });
  // An account that went takes the choice of it along.
  const isGone = account !== undefined && !accounts.some((one) => one.account.id === account);
  useEffect(() => {
    if (isGone) useQueuesUi.setState({ account: undefined });
  }, [isGone]);
  return (
    <section className={cx(css.all, open !== undefined && css.both)} aria-label={t("view.queues")}>
      <div className={css.list}>
        <Choice accounts={accounts} />
        <Silent accounts={accounts} />
        {keys.length > 0 ? (
          <QueuesTable keys={keys} />
        ) : (
          isFiltered && (
            <Empty
              icon="search"
              title={t("queues.no_match")}
              action={<Button onPress={showAllQueues}>{t("queues.clear")}</Button>}
            />
          )
        )}
      </div>
      {open !== undefined && <QueueDetail key={open} queue={open} />}
    </section>
  );
}
