// What of the tickets is to be done: those that are due soon, and what was begun and not sent.

import { useState } from "react";
import { Button as Pressable } from "react-aria-components";
import { AccountMark, ChannelMark, Countdown, isDone, UnsentMark } from "../domain/Marks";
import { Trouble } from "../domain/Trouble";
import type { Composing, Problem, Ticket } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Answers, Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { engineNow } from "../state/clock";
import { useDueSoon } from "../state/found";
import { EVERYTHING, look } from "../state/inbox";
import { useSteady } from "../state/steady";
import { useMirror, useMirrorList } from "../state/store";
import { go, showTicket } from "../state/ui";
import { wordsOfWork } from "../state/work";
import { count, moment } from "../words/format";
import { useWords } from "../words/words";
import { kindOfWork, openWork } from "./Unsent";
import unsent from "./Unsent.module.css";
import css from "./Work.module.css";

/** How many tickets that are due are shown; the inbox shows all. */
const SHOWN = 5;

function DueRow({ ticket, gone, several }: { ticket: Ticket; gone: boolean; several: boolean }) {
  return (
    <li className={cx(css.row, gone && css.gone)}>
      <ChannelMark channel={ticket.channel} />
      <div className={css.who}>
        <Pressable className={css.name} onPress={() => showTicket(ticket.id)}>
          <bdi>{ticket.title || `#${ticket.number}`}</bdi>
        </Pressable>
        <span className={css.second}>
          <bdi>{ticket.customer.name}</bdi>
          <bdi>#{ticket.number}</bdi>
          {several && <AccountMark account={ticket.account} />}
        </span>
      </div>
      <UnsentMark ticket={ticket.id} />
      {ticket.due && <Countdown due={ticket.due} done={gone || isDone(ticket)} />}
    </li>
  );
}

/** The tickets of this agent that are due soon. */
export function DueSoon() {
  const t = useWords();
  const { tickets, total, problem } = useDueSoon();
  const several = useMirror((mirror) => mirror.accounts.length > 1);
  const [known, setKnown] = useState<ReadonlyMap<string, Ticket>>(new Map());
  const shown = tickets.slice(0, SHOWN);
  if (shown.some((ticket) => known.get(ticket.id) !== ticket))
    setKnown(new Map([...known, ...shown.map((ticket) => [ticket.id, ticket] as const)].slice(-4 * SHOWN)));
  const { ids, isGhost, holders } = useSteady(shown.map((ticket) => ticket.id));
  if (ids.length === 0 && !problem) return null;
  return (
    <section aria-label={t("work.due")} className={css.section} {...holders}>
      <h2 className={css.head}>
        <Icon name="clock" size="s" />
        {t("work.due")}
        {total > 0 && <span className={css.count}>{count(total)}</span>}
      </h2>
      {problem && <Trouble problem={problem} />}
      <ul className={css.rows}>
        {ids.map((id) => {
          const ticket = known.get(id);
          return ticket && <DueRow key={id} ticket={ticket} gone={isGhost(id)} several={several} />;
        })}
      </ul>
      {total > SHOWN && (
        <div className={css.none}>
          <Button
            tone="quiet"
            onPress={() => {
              const filter = { ...EVERYTHING, whose: "mine" as const, due_within_min: 240 };
              look({ id: "due", view: null, filter, sort: "due", text: "" });
              go("tickets");
            }}
          >
            {t("work.due_all")}
          </Button>
        </div>
      )}
    </section>
  );
}

function DraftRow({ draft }: { draft: Composing }) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const words = wordsOfWork(draft.work);
  const discard = async (): Promise<void> => {
    setAsking(false);
    setProblem(undefined);
    try {
      await host.call("drop_composing", draft.key);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <li className={unsent.item}>
      <div className={unsent.line}>
        <span className={unsent.title}>
          <bdi>{draft.title || t("tickets.new")}</bdi>{" "}
          <span className={unsent.soft}>
            {t(kindOfWork(draft.work))} · {moment(draft.at, engineNow())}
          </span>
        </span>
        <div className={unsent.actions}>
          <Button icon="edit" onPress={() => openWork(draft.work, draft.key)}>
            {t("work.draft_open")}
          </Button>
          <IconButton name={t("common.discard")} icon="trash" onPress={() => setAsking(true)} />
        </div>
      </div>
      {words !== "" && (
        <p className={unsent.note} data-selectable>
          <bdi>{words}</bdi>
        </p>
      )}
      {problem && <Trouble problem={problem} />}
      <Dialog
        open={asking}
        title={t("outbox.discard_title")}
        role="alertdialog"
        onClose={() => setAsking(false)}
      >
        <p>{t("outbox.discard_text", { who: draft.title || t("tickets.new") })}</p>
        <Answers>
          <Button onPress={() => setAsking(false)}>{t("common.cancel")}</Button>
          <Button tone="bad" onPress={() => void discard()}>
            {t("common.discard")}
          </Button>
        </Answers>
      </Dialog>
    </li>
  );
}

/** What was begun and not sent, the newest first. */
export function Drafts() {
  const t = useWords();
  const drafts = useMirrorList((mirror) => mirror.composing);
  if (drafts.length === 0) return null;
  return (
    <section aria-label={t("work.drafts")} className={cx(unsent.section, unsent.calm)}>
      <h2 className={unsent.head}>
        <Icon name="edit" size="s" />
        {t("work.drafts")}
        <span className={unsent.count}>{drafts.length}</span>
      </h2>
      <p className={unsent.soft}>{t("work.drafts_why")}</p>
      <ul className={unsent.items}>
        {[...drafts]
          .sort((a, b) => b.at - a.at)
          .map((draft) => (
            <DraftRow key={draft.key} draft={draft} />
          ))}
      </ul>
    </section>
  );
}
