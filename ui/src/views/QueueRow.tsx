// One queue: my membership, its figures with their age, and on demand who is in it. What the platform does not tell is a
// dash, never a zero.

import { type ReactNode, useId, useState } from "react";
import { Group } from "react-aria-components";
import { Refusal } from "../domain/Trouble";
import type { AccountState, Queue, QueueStatistics, Timestamp } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { elapsed, useNow } from "../state/clock";
import { run, useStanding } from "../state/commands";
import { useStatistics } from "../state/store";
import { age, count, timer } from "../words/format";
import { useWords } from "../words/words";
import { QueueAgents } from "./QueueAgents";
import css from "./Queues.module.css";

/** From this age on, in seconds, figures of a platform that is still heard are marked as old. */
const OLD = 60;

function Membership({ queue }: { queue: Queue | undefined }) {
  const t = useWords();
  if (!queue) return <Chip tone="away">{t("queue.no_member")}</Chip>;
  return queue.logged_in ? (
    <Chip tone="good" icon="ready">
      {t("queue.logged_in")}
    </Chip>
  ) : (
    <Chip tone="away" icon="away">
      {t("queue.logged_out")}
    </Chip>
  );
}

function LogIn({ one, queue }: { one: AccountState; queue: Queue }) {
  const t = useWords();
  const { account, capabilities } = one;
  const key = `set_queue:${account.id}:${queue.id}`;
  const { pending } = useStanding(key);
  if (!capabilities.includes("queue_login") || queue.join !== "manual") {
    return queue.join === "manual" ? null : <span className={css.soft}>{t(`queue.join_${queue.join}`)}</span>;
  }
  return (
    <Button
      tone={queue.logged_in ? "plain" : "main"}
      pending={pending}
      onPress={() =>
        void run({ do: "set_queue", account: account.id, queue: queue.id, logged_in: !queue.logged_in })
      }
    >
      {queue.logged_in ? t("queue.log_out") : t("queue.log_in")}
    </Button>
  );
}

/** One figure with its name. Absent is not told. */
function Figure({
  name,
  loud = false,
  children,
}: {
  name: string;
  loud?: boolean;
  children: ReactNode | null;
}) {
  const t = useWords();
  return (
    <div className={css.figure}>
      <dt>{name}</dt>
      <dd className={cx(loud && css.loud)}>
        {children ?? (
          <span className={css.untold}>
            <span aria-hidden="true">–</span>
            <span className="heard">{t("queue.not_told")}</span>
          </span>
        )}
      </dd>
    </div>
  );
}

const shown = (value: number | null): string | null => (value === null ? null : count(value));

/** How long the first has waited. It counts on only while the platform is heard. */
function Longest({ since, until }: { since: Timestamp; until: Timestamp | undefined }) {
  const now = useNow();
  return <span role="timer">{timer(elapsed(since, until ?? now))}</span>;
}

function Age({ figures, heard }: { figures: QueueStatistics; heard: boolean }) {
  const t = useWords();
  const seconds = elapsed(figures.heard_at, useNow());
  const old = !heard || seconds >= OLD;
  return (
    <span className={cx(css.soft, old && css.old)}>
      {old && <Icon name="clock" size="s" />}
      {t("presence.ago", { age: age(seconds) })} · <bdi>{figures.source}</bdi>
    </span>
  );
}

function Figures({ figures, heard }: { figures: QueueStatistics; heard: boolean }) {
  const t = useWords();
  const { waiting, longest_since, free, logged_in } = figures;
  const none = waiting === 0 ? "0:00" : null;
  return (
    <dl className={cx(css.figures, !heard && css.stale)}>
      <Figure name={t("queue.waiting")} loud={(waiting ?? 0) > 0}>
        {shown(waiting)}
      </Figure>
      <Figure name={t("queue.longest")} loud={(waiting ?? 0) > 0}>
        {longest_since === null ? (
          none
        ) : (
          <Longest since={longest_since} until={heard ? undefined : figures.heard_at} />
        )}
      </Figure>
      <Figure name={t("queue.free")}>
        {free === null && logged_in === null
          ? null
          : t("queue.free_of", { free: shown(free) ?? "–", logged_in: shown(logged_in) ?? "–" })}
      </Figure>
      <Figure name={t("queue.answered")}>{shown(figures.answered)}</Figure>
      <Figure name={t("queue.dropped")}>{shown(figures.dropped)}</Figure>
      <Figure name={t("queue.total")}>{shown(figures.total)}</Figure>
      <Figure name={t("queue.average")}>
        {figures.average_wait === null ? null : timer(Math.round(figures.average_wait))}
      </Figure>
    </dl>
  );
}

export function QueueRow({ one, queue: id, gone }: { one: AccountState; queue: string; gone: boolean }) {
  const t = useWords();
  const name = useId();
  const [open, setOpen] = useState(false);
  const { account, health, capabilities } = one;
  const queue = one.queues.find((other) => other.id === id);
  const figures = useStatistics({ account: account.id, queue: id });
  const heard = health.link === "live" || health.link === "catching_up";
  const telling = capabilities.includes("queue_statistics");
  // Who is in a queue is told by platforms that know queues as groups of people, with or without figures.
  const peopled = telling || capabilities.includes("group_history");
  const title = queue?.title ?? figures?.title ?? id;
  return (
    <Group className={cx(css.queue, gone && css.gone)} aria-label={title}>
      <div className={css.line}>
        <h3 className={css.title} id={name}>
          <bdi>{title}</bdi>
        </h3>
        <Membership queue={queue} />
        <span className={css.do}>{queue && <LogIn one={one} queue={queue} />}</span>
      </div>
      <Refusal command={`set_queue:${account.id}:${id}`} />
      {figures ? (
        <Figures figures={figures} heard={heard} />
      ) : (
        telling && (
          <p className={css.asking}>
            {heard ? (
              <>
                <Spinner /> {t("queue.asking")}
              </>
            ) : (
              t("queue.no_figures")
            )}
          </p>
        )
      )}
      {peopled && (
        <div className={css.line}>
          <span className={css.who}>
            <Button
              tone="quiet"
              icon={open ? "up" : "down"}
              aria-expanded={open}
              aria-describedby={name}
              onPress={() => setOpen(!open)}
            >
              {t("queue.agents")}
            </Button>
          </span>
          {figures && figures.presences.length > 0 && (
            <ul className={css.presences} aria-label={t("queue.presences")}>
              {figures.presences.map(({ presence, agents }) => (
                <li key={presence}>
                  <bdi>{presence}</bdi> <b>{count(agents)}</b>
                </li>
              ))}
            </ul>
          )}
          {figures && (
            <span className={css.end}>
              <Age figures={figures} heard={heard} />
            </span>
          )}
        </div>
      )}
      {open && <QueueAgents queue={{ account: account.id, queue: id }} title={title} />}
    </Group>
  );
}
