// Queues: where I am a member, with logging in and out, and how each of them stands now. Queues keep the order of their
// account, never that of their figures, so that nothing moves while somebody reads or aims.

import { useMemo } from "react";
import { HealthChip } from "../domain/State";
import type { AccountState } from "../generated/model";
import { Empty } from "../parts/Empty";
import { queueKey } from "../state/mirror";
import { useSteady } from "../state/steady";
import { useMirrorList } from "../state/store";
import { useWatch } from "../state/watch";
import { useWords } from "../words/words";
import { QueueRow } from "./QueueRow";
import css from "./Queues.module.css";

/** The queues of an account: its own first, then those it only tells figures of. */
function useQueues(one: AccountState): readonly string[] {
  const { account, queues } = one;
  const told = useMirrorList((mirror) =>
    Object.values(mirror.statistics)
      .filter((figures) => figures.account === account.id)
      .sort((a, b) => a.title.localeCompare(b.title))
      .map(queueKey),
  );
  return useMemo(() => {
    const own = queues.map((queue) => queueKey({ account: account.id, queue: queue.id }));
    return [...own, ...told.filter((key) => !own.includes(key))];
  }, [account.id, queues, told]);
}

function Account({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, health } = one;
  const keys = useQueues(one);
  const { ids, isGhost, holders } = useSteady(keys);
  return (
    <section className={css.account} aria-label={account.name} {...holders}>
      <header className={css.head}>
        <h2>
          <bdi>{account.name}</bdi>
        </h2>
        <HealthChip health={health} />
      </header>
      {ids.length === 0 ? (
        <p className={css.none}>{t("queues.none_here")}</p>
      ) : (
        <ul className={css.rows}>
          {ids.map((key) => (
            <li key={key}>
              <QueueRow one={one} queue={key.slice(account.id.length + 1)} gone={isGhost(key)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Queues() {
  const t = useWords();
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter(
      (one) =>
        one.queues.length > 0 ||
        one.capabilities.includes("queue_login") ||
        one.capabilities.includes("queue_statistics"),
    ),
  );
  useWatch({
    queues: accounts
      .filter((one) => one.capabilities.includes("queue_statistics"))
      .map((one) => one.account.id),
  });
  return (
    <main className={css.view} aria-label={t("view.queues")}>
      <h1 className="heard">{t("view.queues")}</h1>
      <section className={css.all} aria-label={t("view.queues")}>
        {accounts.length === 0 ? (
          <Empty icon="queues" title={t("queues.none")}>
            {t("queues.none_more")}
          </Empty>
        ) : (
          accounts.map((one) => <Account key={one.account.id} one={one} />)
        )}
      </section>
    </main>
  );
}
