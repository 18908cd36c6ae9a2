// The queues of all accounts as the views list them, and what the agent chose of them. A queue is there when the agent has a
// right to it or when its platform tells of it.

import { useMemo } from "react";
import { create } from "zustand";
import type { AccountId, AccountState, Queue, QueueOf, QueueStatistics, Threshold } from "../generated/model";
import { useByNow } from "./clock";
import { inOrder, isMine, type Listed, type Sorting } from "./levels";
import { type Mirror, queueKey } from "./mirror";
import { useHeld, useMirror, useMirrorList } from "./store";
import { go } from "./ui";

interface Chosen {
  /** Only of this account. */
  account: AccountId | undefined;
  mine: boolean;
  text: string;
  /** Without one: mine first, then by trouble. */
  sorting: Sorting | undefined;
  /** The queue whose details are open. */
  open: string | undefined;
}

export const useQueuesUi = create<Chosen>(() => ({
  account: undefined,
  mine: false,
  text: "",
  sorting: undefined,
  open: undefined,
}));

/** Shows a queue with its details. */
export function showQueue(queue: QueueOf): void {
  useQueuesUi.setState({ open: queueKey(queue), account: undefined, mine: false, text: "" });
  go("queues");
}

/** Shows all queues again. */
export function showAllQueues(): void {
  useQueuesUi.setState({ account: undefined, mine: false, text: "" });
}

/** Whether an account has queues, or could have. */
export const hasQueues = (one: AccountState): boolean =>
  one.queues.length > 0 ||
  one.capabilities.includes("queue_login") ||
  one.capabilities.includes("queue_statistics");

/** Splits the name of a queue over all accounts. Accounts' names have no slash, queues' may. */
export function queueOf(key: string): QueueOf {
  const at = key.indexOf("/");
  return { account: key.slice(0, at), queue: key.slice(at + 1) };
}

function listed(
  account: AccountState,
  queue: Queue | undefined,
  figures: QueueStatistics | undefined,
): Listed {
  const id = queue?.id ?? figures?.queue ?? "";
  return {
    key: queueKey({ account: account.account.id, queue: id }),
    title: queue?.title ?? figures?.title ?? id,
    account,
    queue,
    figures,
  };
}

/** All queues, in no order that means anything. */
export function allQueues({ accounts, statistics }: Mirror): readonly Listed[] {
  const all = accounts
    .filter(hasQueues)
    .flatMap((account) =>
      account.queues.map((queue) =>
        listed(account, queue, statistics[queueKey({ account: account.account.id, queue: queue.id })]),
      ),
    );
  const own = new Set(all.map(({ key }) => key));
  for (const [key, figures] of Object.entries(statistics)) {
    const account = accounts.find((one) => one.account.id === figures.account);
    if (account && !own.has(key)) all.push(listed(account, undefined, figures));
  }
  return all;
}

/** Letters without their marks, so that `malmo` finds Malmö. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those of the queues that the agent wants to see. */
export function wanted(
  queues: readonly Listed[],
  { account, mine, text }: Pick<Chosen, "account" | "mine" | "text">,
): readonly Listed[] {
  const words = plain(text.trim());
  return queues.filter(
    (one) =>
      (account === undefined || one.account.account.id === account) &&
      (!mine || isMine(one)) &&
      plain(`${one.title} ${one.account.account.name}`).includes(words),
  );
}

/** Names of the queues in an order that is looked at once a second; drawn again only when it is another. */
export function useOrdered(order: (mirror: Mirror, now: number) => readonly Listed[]): readonly string[] {
  // The set of queues is heard of at once, how they stand is looked at with the clock.
  useMirrorList((mirror) => Object.keys(mirror.statistics));
  useMirrorList((mirror) => mirror.accounts);
  const names = useByNow((now) => {
    const { mirror } = useHeld.getState();
    return mirror ? JSON.stringify(order(mirror, now).map(({ key }) => key)) : "[]";
  });
  return useMemo(() => JSON.parse(names) as readonly string[], [names]);
}

/** The queues of the view, in its order. */
export function useQueueOrder(): readonly string[] {
  const { account, mine, text, sorting } = useQueuesUi();
  const thresholds = useMirror((mirror) => mirror.settings.thresholds);
  return useOrdered((mirror, now) =>
    inOrder(wanted(allQueues(mirror), { account, mine, text }), sorting, thresholds, now),
  );
}

/** All that is known of one queue. */
export function useQueue(key: string): Listed | undefined {
  const { account: id, queue: name } = queueOf(key);
  const account = useMirror((mirror) => mirror.accounts.find((one) => one.account.id === id));
  const figures = useMirror((mirror) => mirror.statistics[key]);
  return useMemo(() => {
    const queue = account?.queues.find((one) => one.id === name);
    return account && (queue || figures) ? listed(account, queue, figures) : undefined;
  }, [account, figures, name]);
}

/** Whether an account is heard, if only now and then: how old its figures are they say themselves. */
export const isHeard = ({ health }: AccountState): boolean =>
  health.link === "live" || health.link === "catching_up" || health.link === "degraded";

/** The thresholds, without those of a queue, and with these in their place. */
export function withThresholds(
  all: readonly Threshold[],
  queue: QueueOf | null,
  own: readonly Threshold[],
): Threshold[] {
  const name = queue && queueKey(queue);
  return [...all.filter((one) => (one.queue && queueKey(one.queue)) !== name), ...own];
}
