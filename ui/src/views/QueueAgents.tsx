// Who answers a queue, asked for when somebody wants to know.

import { useCallback, useEffect, useState } from "react";
import { Trouble } from "../domain/Trouble";
import type { Problem, QueueAgent, QueueOf } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon, type IconName } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Queues.module.css";

const AVAILABLE: Readonly<Record<string, { icon: IconName; words: Key; tone: string | undefined }>> = {
  true: { icon: "ready", words: "queue.agent_free", tone: css.good },
  false: { icon: "away", words: "queue.agent_busy", tone: css.warn },
  null: { icon: "unknown", words: "queue.agent_unknown", tone: undefined },
};

function Agent({ agent }: { agent: QueueAgent }) {
  const t = useWords();
  const sign = AVAILABLE[String(agent.available)] ?? AVAILABLE.null;
  return (
    <tr>
      <th scope="row">
        <bdi>{agent.name}</bdi>
      </th>
      <td>
        {agent.logged_in === null
          ? t("queue.not_told")
          : t(agent.logged_in ? "queue.logged_in" : "queue.logged_out")}
      </td>
      <td>
        {sign && (
          <span className={cx(css.sign, sign.tone)}>
            <Icon name={sign.icon} size="s" /> {t(sign.words)}
          </span>
        )}
      </td>
      <td>{agent.presence !== null && <bdi>{agent.presence}</bdi>}</td>
    </tr>
  );
}

export function QueueAgents({ queue: { account, queue }, title }: { queue: QueueOf; title: string }) {
  const t = useWords();
  const [agents, setAgents] = useState<readonly QueueAgent[]>();
  const [asking, setAsking] = useState(true);
  const [problem, setProblem] = useState<Problem>();
  const ask = useCallback(() => {
    let current = true;
    setAsking(true);
    setProblem(undefined);
    host
      .call("queue_agents", { account, queue })
      .then(
        (there) => current && setAgents(there),
        (thrown) => current && setProblem(asProblem(thrown)),
      )
      .finally(() => current && setAsking(false));
    return () => {
      current = false;
    };
  }, [account, queue]);
  useEffect(ask, [ask]);
  return (
    <section className={css.agents} aria-label={t("queue.agents_of", { queue: title })}>
      {problem && (
        <Trouble
          problem={problem}
          actions={<Button onPress={() => void ask()}>{t("common.try_again")}</Button>}
        />
      )}
      {!agents && asking && (
        <p className={css.asking}>
          <Spinner /> {t("common.loading")}
        </p>
      )}
      {agents?.length === 0 && <p className={css.soft}>{t("queue.nobody")}</p>}
      {agents && agents.length > 0 && (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t("queue.agent")}</th>
                <th scope="col">{t("queue.membership")}</th>
                <th scope="col">{t("queue.availability")}</th>
                <th scope="col">{t("queue.presence")}</th>
              </tr>
            </thead>
            <tbody>
              {agents.map((agent, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two people may have the same name, and the list is replaced as a whole
                <Agent key={index} agent={agent} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {agents && (
        <IconButton name={t("queue.refresh")} icon="resend" pending={asking} onPress={() => void ask()} />
      )}
    </section>
  );
}
