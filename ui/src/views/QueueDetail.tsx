// The details of one queue: all that is told of it and by whom, my membership, how it went, who is in it, when it is bad.

import { type ReactNode, useState } from "react";
import { FigureAge, LevelSign, Longest, Pair, StandingChip, Untold } from "../domain/Figures";
import { channelIcon, freeOf, serviceOf } from "../domain/figureWords";
import { HealthChip } from "../domain/State";
import { Refusal } from "../domain/Trouble";
import { useLevels } from "../domain/useLevels";
import type { Measure, QueueStatistics } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Switch } from "../parts/Field";
import { Icon } from "../parts/Icon";
import type { Levels, Listed } from "../state/levels";
import { queueKey } from "../state/mirror";
import { isHeard, queueOf, useQueue, useQueuesUi } from "../state/queues";
import { count, timer } from "../words/format";
import { useWords } from "../words/words";
import { QueueAgents } from "./QueueAgents";
import { QueueCharts } from "./QueueCharts";
import { LogIn, Membership } from "./QueueRow";
import css from "./Queues.module.css";
import { OwnThresholds } from "./QueuesThresholds";
import { useSettings } from "./settings/useSettings";

function Fact({
  name,
  levels = {},
  measure,
  children,
}: {
  name: string;
  levels?: Levels;
  measure?: Measure;
  children: ReactNode;
}) {
  const level = measure && levels[measure];
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd className={cx(level && css[level])}>
        {level && <LevelSign level={level} />}
        {children ?? <Untold />}
      </dd>
    </div>
  );
}

const shown = (value: number | null): string | null => (value === null ? null : count(value));
const lasting = (value: number | null): string | null => (value === null ? null : timer(value));

function Facts({ figures, heard, levels }: { figures: QueueStatistics; heard: boolean; levels: Levels }) {
  const t = useWords();
  const { service_seconds, open, hours, presences } = figures;
  return (
    <>
      <dl className={cx(css.facts, !heard && css.stale)} aria-label={t("queue.figures")}>
        <Fact name={t("queue.waiting")} levels={levels} measure="waiting">
          {shown(figures.waiting)}
        </Fact>
        <Fact name={t("queue.longest")} levels={levels} measure="longest_wait">
          <Longest figures={figures} heard={heard} />
        </Fact>
        <Fact name={t("queue.free")} levels={levels} measure="free">
          <Pair>{freeOf(figures, t)}</Pair>
        </Fact>
        <Fact name={t("queue.serving")}>{shown(figures.serving)}</Fact>
        <Fact name={t("queue.answered")}>{shown(figures.answered)}</Fact>
        <Fact name={t("queue.dropped")} levels={levels} measure="abandoned">
          {shown(figures.dropped)}
        </Fact>
        <Fact name={t("queue.total")}>{shown(figures.total)}</Fact>
        <Fact name={t("queue.average")}>{lasting(figures.average_wait)}</Fact>
        <Fact name={t("queue.expected")}>{lasting(figures.expected_wait)}</Fact>
        <Fact name={t("queue.service")} levels={levels} measure="service_level">
          <Pair>{serviceOf(figures, t)}</Pair>
          {service_seconds !== null && (
            <small className={css.small}>{t("queue.service_in", { seconds: count(service_seconds) })}</small>
          )}
        </Fact>
        {(open !== null || hours !== null) && (
          <Fact name={t("queue.hours")}>
            {open !== null && <span>{t(open ? "queue.hours_open" : "queue.hours_closed")}</span>}
            {hours !== null && (
              <small className={css.small}>
                <bdi>{hours}</bdi>
              </small>
            )}
          </Fact>
        )}
      </dl>
      {presences.length > 0 && (
        <ul className={css.presences} aria-label={t("queue.presences")}>
          {presences.map(({ presence, agents }) => (
            <li key={presence}>
              <bdi>{presence}</bdi> <b>{count(agents)}</b>
            </li>
          ))}
        </ul>
      )}
      <p className={css.source}>
        <FigureAge figures={figures} heard={heard} />
        <span>
          {t("queue.source")}: <bdi>{figures.source}</bdi>
        </span>
      </p>
    </>
  );
}

/** Whether this queue is on the wallboard. */
function OnWallboard({ queue }: { queue: string }) {
  const t = useWords();
  const { settings, change } = useSettings();
  const others = settings.wallboard.filter((one) => queueKey(one) !== queue);
  return (
    <Switch
      label={t("queue.wallboard")}
      value={others.length < settings.wallboard.length}
      onChange={(on) => void change({ wallboard: on ? [...others, queueOf(queue)] : others })}
    />
  );
}

function Detail({ one }: { one: Listed }) {
  const t = useWords();
  const { account, queue, figures, title, key } = one;
  const [agents, showAgents] = useState(false);
  const { levels, stands } = useLevels(figures);
  const heard = isHeard(account);
  const name = queueOf(key);
  // Who is in a queue is told by platforms that know queues as groups of people, with or without figures.
  const peopled =
    account.capabilities.includes("queue_statistics") || account.capabilities.includes("group_history");
  return (
    <>
      <header className={css.head}>
        <h2>
          {figures?.channel && <Icon name={channelIcon(figures.channel)} />}
          <bdi>{title}</bdi>
        </h2>
        <IconButton
          name={t("queue.close")}
          icon="cross"
          onPress={() => useQueuesUi.setState({ open: undefined })}
        />
      </header>
      <p className={css.line}>
        <StandingChip is={stands} />
        <HealthChip name={account.account.name} health={account.health} />
        {figures?.channel && <span className={css.soft}>{t(`channel.${figures.channel}`)}</span>}
      </p>
      <div className={css.line}>
        <Membership queue={queue} figures={figures} />
        {queue && <LogIn account={account} queue={queue} />}
      </div>
      <Refusal command={`set_queue:${name.account}:${name.queue}`} />
      {figures && <Facts figures={figures} heard={heard} levels={levels} />}
      {figures && <QueueCharts queue={key} figures={figures} />}
      {peopled && (
        <div className={css.people}>
          <Button
            tone="quiet"
            icon={agents ? "up" : "down"}
            aria-expanded={agents}
            onPress={() => showAgents(!agents)}
          >
            {t("queue.agents")}
          </Button>
          {agents && <QueueAgents queue={name} title={title} />}
        </div>
      )}
      {figures && <OnWallboard queue={key} />}
      {figures && <OwnThresholds queue={name} title={title} />}
    </>
  );
}

export function QueueDetail({ queue }: { queue: string }) {
  const t = useWords();
  const one = useQueue(queue);
  return (
    <section
      className={css.detail}
      aria-label={t("queue.details_of", { queue: one?.title ?? queueOf(queue).queue })}
    >
      {one ? (
        <Detail one={one} />
      ) : (
        <p className={css.line}>
          <Untold />
          <IconButton
            name={t("queue.close")}
            icon="cross"
            onPress={() => useQueuesUi.setState({ open: undefined })}
          />
        </p>
      )}
    </section>
  );
}
