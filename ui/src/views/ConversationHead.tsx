// What stands above a conversation: number, subject, where it stands and whose it is, each changed in place.

import { useState } from "react";
import { AccountMark, ChannelMark, Countdown, isDone, StageMark } from "../domain/Marks";
import { Trouble } from "../domain/Trouble";
import type { FormField, Problem, TicketDetail } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { TextLines } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { useWords } from "../words/words";
import css from "./ConversationHead.module.css";
import { Field, type Fields } from "./TicketFields";

/** The fields that stand above, in this order; the others stand beside. */
export const ABOVE: readonly string[] = ["stage", "owner", "priority", "category"];

/** Deleting it, with a word for colleagues. */
function Delete({ detail, onDone }: { detail: TicketDetail; onDone: () => void }) {
  const t = useWords();
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const remove = async (): Promise<void> => {
    try {
      await host.call("queue_work", { kind: "delete", ticket: detail.ticket.id, note });
      onDone();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <Dialog
      open
      title={t("ticket.delete_title", { number: detail.ticket.number })}
      role="alertdialog"
      onClose={onDone}
    >
      <p>{t("ticket.delete_text")}</p>
      <TextLines label={t("ticket.delete_note")} value={note} onChange={setNote} />
      {problem && <Trouble problem={problem} />}
      <Answers>
        <Button onPress={onDone}>{t("common.cancel")}</Button>
        <Button tone="bad" onPress={() => void remove()}>
          {t("ticket.delete")}
        </Button>
      </Answers>
    </Dialog>
  );
}

/** The subject: read as a heading, changed in a field. */
function Title({
  detail,
  field,
  fields,
}: {
  detail: TicketDetail;
  field: FormField | undefined;
  fields: Fields;
}) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  const typed = fields.typed.some((edit) => edit.key === "title");
  const [title = ""] = field ? fields.standing(field).values : [];
  const shown = title || detail.ticket.title || t("inbox.no_title");
  if (field?.editable && (editing || typed)) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: only what the keys of the field inside mean
      <div
        className={css.editing}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            if (typed) fields.drop();
            setEditing(false);
          } else if (event.key === "Enter" && typed) {
            fields.save();
            setEditing(false);
          }
        }}
      >
        <Field field={field} fields={fields} />
        {!typed && <IconButton name={t("common.cancel")} icon="cross" onPress={() => setEditing(false)} />}
      </div>
    );
  }
  return (
    <div className={css.title}>
      <h2 data-selectable>
        <bdi>{shown}</bdi>
      </h2>
      {field?.editable && (
        <IconButton name={t("ticket.edit_title")} icon="edit" onPress={() => setEditing(true)} />
      )}
    </div>
  );
}

export function ConversationHead({
  detail,
  fields,
  reading,
  onAside,
}: {
  detail: TicketDetail;
  fields: Fields;
  reading: boolean;
  /** Shows or hides the details. */
  onAside: () => void;
}) {
  const t = useWords();
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { ticket, web } = detail;
  const field = (key: string): FormField | undefined => detail.fields.find((one) => one.key === key);
  const above = ABOVE.map(field).filter((one) => one !== undefined);
  return (
    <header className={css.head}>
      <p className={css.line}>
        <ChannelMark channel={ticket.channel} />
        <bdi className={css.number} data-selectable>
          #{ticket.number}
        </bdi>
        <AccountMark account={ticket.account} />
        {!field("stage") || ticket.stage_said !== "" ? (
          <StageMark stage={ticket.stage} said={ticket.stage_said} />
        ) : null}
        {ticket.due && <Countdown due={ticket.due} done={isDone(ticket)} />}
        {reading && (
          <span className={css.reading}>
            <Spinner />
            <span className="heard">{t("common.loading")}</span>
          </span>
        )}
        <span className={css.do}>
          {web !== null && (
            <Button
              tone="quiet"
              icon="out"
              onPress={() => {
                setProblem(undefined);
                host.call("open_link", web).catch((thrown) => setProblem(asProblem(thrown)));
              }}
            >
              {t("ticket.open_web")}
            </Button>
          )}
          {detail.actions.includes("delete") && (
            <IconButton name={t("ticket.delete")} icon="trash" onPress={() => setDeleting(true)} />
          )}
          <IconButton name={t("ticket.details")} icon="info" onPress={onAside} />
        </span>
      </p>
      <Title detail={detail} field={field("title")} fields={fields} />
      <div className={css.fields}>
        {above.map((one) => (
          <Field key={one.key} field={one} fields={fields} />
        ))}
      </div>
      {problem && <Trouble problem={problem} />}
      {deleting && <Delete detail={detail} onDone={() => setDeleting(false)} />}
    </header>
  );
}
