// The outbox: what the agent finished and no platform confirmed yet. Nothing here goes away by itself.

import { useState } from "react";
import { Refusal, Trouble } from "../domain/Trouble";
import type { OutboxItem, Problem, Work } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Answers, Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { copy } from "../state/clipboard";
import { engineNow } from "../state/clock";
import { run, useStanding } from "../state/commands";
import { type as typeDraft } from "../state/drafts";
import { useAccount, useMirror, useMirrorList } from "../state/store";
import { openNewTicket, showActivity, showTicket, writeIn } from "../state/ui";
import { accountOfWork, activityOfWork, ticketOfWork, wordsOfWork } from "../state/work";
import { count, moment } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Unsent.module.css";

/** How many are shown at once: a change of many may leave hundreds. */
const SHOWN = 30;

const TONES = {
  waiting: "away",
  sending: "info",
  refused: "bad",
  unknown: "warn",
  ask: "warn",
  conflict: "warn",
} as const;

/** What kind of thing it is, in the agent's words. */
export function kindOfWork(work: Work): Key {
  return work.kind === "send" ? `outbox.kind.${work.message.kind}` : `outbox.kind.${work.kind}`;
}

/** Opens the place where something can be written on. */
export function openWork(work: Work, key: string): void {
  if (work.kind === "send") writeIn(work.ticket, work.message.kind);
  else if (work.kind === "create") openNewTicket({ key, account: work.account });
  else if (work.kind !== "close") showTicket(work.ticket);
}

/** Lets the agent write on: the item leaves the outbox and is a draft again. */
function useEdit(item: OutboxItem): { edit: (() => void) | undefined; problem: Problem | undefined } {
  const [problem, setProblem] = useState<Problem>();
  const { work, state } = item;
  const activity = activityOfWork(work);
  const still = useMirror((mirror) => activity !== undefined && activity in mirror.activities);
  if (work.kind === "close") {
    const edit = (): void => {
      typeDraft(work.activity, work.draft);
      showActivity(work.activity);
    };
    return { edit: still ? edit : undefined, problem: undefined };
  }
  // What is on its way cannot be changed any more, and a deletion has nothing to write on.
  const fixed = state.is === "sending" || state.is === "conflict" || work.kind === "delete";
  const edit = async (): Promise<void> => {
    setProblem(undefined);
    try {
      openWork(work, await host.call("take_back", item.id));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return { edit: fixed ? undefined : () => void edit(), problem };
}

function What({ state }: { state: OutboxItem["state"] }) {
  const t = useWords();
  if (state.is === "refused" || state.is === "unknown") return <Trouble problem={state.problem} />;
  if (state.is === "ask") return <Trouble problem={state.problem} title={t("outbox.ask_words")} />;
  if (state.is !== "conflict") return null;
  return (
    <p>
      {t("outbox.conflict_words")}{" "}
      <bdi className={css.soft}>
        {t("outbox.conflict_fields", {
          fields: state.fields.map(({ theirs }) => theirs.title || theirs.key).join(", "),
        })}
      </bdi>
    </p>
  );
}

function Item({ item }: { item: OutboxItem }) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const { pending } = useStanding(`outbox:${item.id}`);
  const account = useAccount(accountOfWork(item.work))?.account;
  const several = useMirror((mirror) => mirror.accounts.length > 1);
  const { edit, problem } = useEdit(item);
  const { state, work } = item;
  const ticket = ticketOfWork(work);
  const words = wordsOfWork(work);
  return (
    <li className={css.item}>
      <div className={css.line}>
        <span className={css.title}>
          <bdi>{item.title}</bdi>{" "}
          <span className={css.soft}>
            {t(kindOfWork(work))}
            {several && account && (
              <>
                {" · "}
                <bdi>{account.name}</bdi>
              </>
            )}
            {" · "}
            {moment(item.queued_at, engineNow())}
          </span>
        </span>
        <Chip tone={TONES[state.is]}>{t(`outbox.${state.is}`)}</Chip>
        <div className={css.actions}>
          {state.is === "conflict" && ticket !== undefined && (
            <Button tone="main" onPress={() => showTicket(ticket)}>
              {t("outbox.choose")}
            </Button>
          )}
          {state.is !== "conflict" && ticket !== undefined && (
            <Button tone="quiet" icon="ticket" onPress={() => showTicket(ticket)}>
              {t("outbox.show")}
            </Button>
          )}
          {state.is !== "sending" && state.is !== "conflict" && (
            <Button icon="resend" pending={pending} onPress={() => void run({ do: "resend", item: item.id })}>
              {t("outbox.resend")}
            </Button>
          )}
          {edit && (
            <Button icon="edit" onPress={edit}>
              {t("outbox.edit")}
            </Button>
          )}
          {words !== "" && (
            <Button tone="quiet" icon="copy" onPress={() => void copy(words)}>
              {t("common.copy")}
            </Button>
          )}
          {state.is !== "sending" && (
            <Button tone="quiet" icon="trash" onPress={() => setAsking(true)}>
              {t("common.discard")}
            </Button>
          )}
        </div>
      </div>
      {words !== "" && (
        <p className={css.note} data-selectable>
          <bdi>{words}</bdi>
        </p>
      )}
      <What state={state} />
      {problem && <Trouble problem={problem} />}
      <Refusal command={`outbox:${item.id}`} />
      <Dialog
        open={asking}
        title={t("outbox.discard_title")}
        role="alertdialog"
        onClose={() => setAsking(false)}
      >
        <p>{t("outbox.discard_text", { who: item.title })}</p>
        <Answers>
          <Button onPress={() => setAsking(false)}>{t("common.cancel")}</Button>
          <Button
            tone="bad"
            onPress={() => {
              setAsking(false);
              void run({ do: "discard", item: item.id });
            }}
          >
            {t("common.discard")}
          </Button>
        </Answers>
      </Dialog>
    </li>
  );
}

export function Unsent() {
  const t = useWords();
  const outbox = useMirrorList((mirror) => mirror.outbox);
  const [all, setAll] = useState(false);
  return (
    <section aria-label={t("work.unsent")} className={css.section}>
      <h2 className={css.head}>
        <Icon name="alert" size="s" />
        {t("work.unsent")}
        <span className={css.count}>{count(outbox.length)}</span>
      </h2>
      <p className={css.soft}>{t("outbox.why")}</p>
      <ul className={css.items}>
        {(all ? outbox : outbox.slice(0, SHOWN)).map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {!all && outbox.length > SHOWN && (
        <Button tone="quiet" onPress={() => setAll(true)}>
          {t("outbox.all", { count: outbox.length, shown: count(outbox.length) })}
        </Button>
      )}
    </section>
  );
}
