// A message that was sent and is not confirmed, where it will stand: waiting, on its way, refused with the platform's words,
// or perhaps arrived, which the agent looks at and decides.

import { useState } from "react";
import { Refusal, Trouble } from "../domain/Trouble";
import type { OutboxItem, Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { run, useStanding } from "../state/commands";
import { writeIn } from "../state/ui";
import { bytes } from "../words/format";
import { useWords } from "../words/words";
import css from "./ConversationPending.module.css";

const TONES = {
  waiting: "away",
  sending: "info",
  refused: "bad",
  unknown: "warn",
  ask: "warn",
  conflict: "warn",
} as const;

export function Pending({ item }: { item: OutboxItem }) {
  const t = useWords();
  const [problem, setProblem] = useState<Problem>();
  const { pending } = useStanding(`outbox:${item.id}`);
  const { work, state } = item;
  if (work.kind !== "send") return null;
  const { message, ticket } = work;
  const calm = state.is === "waiting" || state.is === "sending" || state.is === "unknown";
  const edit = async (): Promise<void> => {
    setProblem(undefined);
    try {
      await host.call("take_back", item.id);
      writeIn(ticket, message.kind);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  const to = [...message.to, ...message.cc, ...message.bcc].join(", ");
  return (
    <article
      className={cx(css.pending, message.kind === "note" && css.note, !calm && css.stuck)}
      aria-label={t(`outbox.kind.${message.kind}`)}
    >
      <header className={css.head}>
        {calm ? <Spinner /> : <Icon name="alert" />}
        <span className={css.kind}>{t(`outbox.kind.${message.kind}`)}</span>
        {to !== "" && <bdi className={css.soft}>{to}</bdi>}
        <span className={css.state} role="status">
          <Chip tone={TONES[state.is]}>{t(`outbox.${state.is}`)}</Chip>
        </span>
      </header>
      <p className={css.text} dir="auto" data-selectable>
        {message.text}
      </p>
      {message.files.length > 0 && (
        <ul className={css.files}>
          {message.files.map((file) => (
            <li key={file.id}>
              <Icon name="attach" size="s" /> <bdi>{file.name}</bdi>{" "}
              <span className={css.soft}>{bytes(file.size)}</span>
            </li>
          ))}
        </ul>
      )}
      {(state.is === "refused" || state.is === "unknown") && <Trouble problem={state.problem} />}
      {state.is === "ask" && <Trouble problem={state.problem} title={t("outbox.ask_words")} />}
      {problem && <Trouble problem={problem} />}
      <Refusal command={`outbox:${item.id}`} />
      {state.is !== "sending" && state.is !== "unknown" && (
        <div className={css.actions}>
          {state.is === "ask" ? (
            <>
              <Button onPress={() => void run({ do: "discard", item: item.id })}>
                {t("pending.arrived")}
              </Button>
              <Button
                icon="resend"
                pending={pending}
                onPress={() => void run({ do: "resend", item: item.id })}
              >
                {t("pending.send_again")}
              </Button>
            </>
          ) : (
            <>
              {state.is === "refused" && (
                <Button
                  icon="resend"
                  pending={pending}
                  onPress={() => void run({ do: "resend", item: item.id })}
                >
                  {t("outbox.resend")}
                </Button>
              )}
              <Button icon="edit" onPress={() => void edit()}>
                {t(state.is === "waiting" ? "pending.undo" : "outbox.edit")}
              </Button>
            </>
          )}
        </div>
      )}
    </article>
  );
}
