// One row of the table of queues: how it stands, its figures, my membership, how old all that is.

// biome-ignore-all lint/a11y/useSemanticElements: a table whose rows are drawn where one looks cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the buttons in its cells take the keyboard

import { memo, type ReactNode, useLayoutEffect, useRef } from "react";
import { Button as Pressable } from "react-aria-components";
import { FigureAge, LevelSign, Longest, Pair, StandingChip, Untold } from "../domain/Figures";
import { channelIcon, freeOf, serviceOf } from "../domain/figureWords";
import { Spark } from "../domain/Spark";
import { useLevels } from "../domain/useLevels";
import type { AccountState, Level, Queue } from "../generated/model";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { run, useStanding } from "../state/commands";
import type { Listed } from "../state/levels";
import { isHeard, useQueue, useQueuesUi } from "../state/queues";
import { count, timer } from "../words/format";
import { useWords } from "../words/words";
import css from "./QueuesTable.module.css";

/** Logs in to a queue or out of it, where that is done by hand; else says why not. */
export function LogIn({ account, queue }: { account: AccountState; queue: Queue }) {
  const t = useWords();
  const { id } = account.account;
  const { pending } = useStanding(`set_queue:${id}:${queue.id}`);
  if (queue.join !== "manual") return <span className={css.soft}>{t(`queue.join_${queue.join}`)}</span>;
  if (!account.capabilities.includes("queue_login")) return null;
  return (
    <Button
      tone={queue.logged_in ? "quiet" : "plain"}
      pending={pending}
      onPress={() => void run({ do: "set_queue", account: id, queue: queue.id, logged_in: !queue.logged_in })}
    >
      {queue.logged_in ? t("queue.log_out") : t("queue.log_in")}
    </Button>
  );
}

/** Whether I am in it, in a word. */
export function Membership({ queue, figures }: Pick<Listed, "queue" | "figures">) {
  const t = useWords();
  const isIn = queue ? queue.logged_in : figures?.mine;
  if (isIn === null || isIn === undefined) return <span className={css.soft}>{t("queue.no_member")}</span>;
  const words = queue
    ? isIn
      ? "queue.logged_in"
      : "queue.logged_out"
    : isIn
      ? "queue.member"
      : "queue.no_member";
  return (
    <span className={cx(css.member, isIn && css.isIn)}>
      <Icon name={isIn ? "ready" : "away"} size="s" />
      {t(words)}
    </span>
  );
}

function Cell({ at, level, children }: { at: string; level?: Level | undefined; children: ReactNode }) {
  return (
    <div role="cell" className={cx(css.cell, css[at], level && css[level])}>
      {level && <LevelSign level={level} />}
      {children ?? <Untold />}
    </div>
  );
}

const shown = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : count(value);

function Name({ one }: { one: Listed }) {
  const t = useWords();
  const { account, figures, title } = one;
  return (
    <>
      <bdi className={css.name}>{title}</bdi>
      <span className={css.from}>
        {figures?.channel && (
          <>
            <Icon name={channelIcon(figures.channel)} size="s" />
            <span className="heard">{t(`channel.${figures.channel}`)}</span>
          </>
        )}
        <bdi>{account.account.name}</bdi>
        {figures?.open === false && <span>{t("queue.level_closed")}</span>}
        {figures?.hours && <bdi>{figures.hours}</bdi>}
      </span>
    </>
  );
}

export const QueueRow = memo(function QueueRow({
  name,
  index,
  start,
  isGone,
  isOpen,
  isActive,
  onActive,
}: {
  name: string;
  index: number;
  start: number;
  isGone: boolean;
  isOpen: boolean;
  isActive: boolean;
  onActive: (name: string) => void;
}) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const now = useQueue(name);
  // A queue that went keeps its last figures for as long as its row stays in its place.
  const before = useRef(now);
  if (now) before.current = now;
  const one = before.current;
  const { levels, stands } = useLevels(one?.figures);
  useLayoutEffect(() => {
    box.current?.style.setProperty("translate", `0 ${start}px`);
  }, [start]);
  if (!one) return null;
  const { account, queue, figures } = one;
  const heard = isHeard(account);
  const toggle = (): void => {
    onActive(name);
    useQueuesUi.setState({ open: isOpen ? undefined : name });
  };
  return (
    <div
      ref={box}
      role="row"
      aria-rowindex={index + 2}
      className={cx(css.row, css.place, isOpen && css.open, isGone && css.gone, !heard && css.stale)}
    >
      <div role="rowheader" className={cx(css.cell, css.title)}>
        <Pressable
          className={css.opener}
          aria-expanded={isOpen}
          excludeFromTabOrder={!isActive}
          data-queue={name}
          onPress={toggle}
          onFocus={() => onActive(name)}
        >
          <Name one={one} />
        </Pressable>
      </div>
      <Cell at="standing">
        <StandingChip is={stands} />
      </Cell>
      <Cell at="waiting" level={levels.waiting}>
        {shown(figures?.waiting)}
      </Cell>
      <Cell at="longest" level={levels.longest_wait}>
        {figures && <Longest figures={figures} heard={heard} />}
      </Cell>
      <Cell at="free" level={levels.free}>
        {figures && <Pair>{freeOf(figures, t)}</Pair>}
      </Cell>
      <Cell at="serving">{shown(figures?.serving)}</Cell>
      <Cell at="answered">{shown(figures?.answered)}</Cell>
      <Cell at="abandoned" level={levels.abandoned}>
        {shown(figures?.dropped)}
      </Cell>
      <Cell at="service" level={levels.service_level}>
        {figures && <Pair>{serviceOf(figures, t)}</Pair>}
      </Cell>
      <Cell at="expected">{figures?.expected_wait == null ? null : timer(figures.expected_wait)}</Cell>
      <Cell at="trend">{figures ? <Spark queue={name} figures={figures} /> : ""}</Cell>
      <Cell at="member">
        <Membership queue={queue} figures={figures} />
        {queue && !isGone && <LogIn account={account} queue={queue} />}
      </Cell>
      <Cell at="age">{figures ? <FigureAge figures={figures} heard={heard} /> : ""}</Cell>
    </div>
  );
});
