// The fields of a ticket. What is chosen goes into the outbox at once and shows there in place until the platform has it;
// what is typed is kept letter by letter and goes with "Save". A refusal stands beside the fields until it is put right.

import { useEffect, useState } from "react";
import { FieldInput, fieldTitle, isTyped } from "../domain/FieldInput";
import { Refusal, Trouble } from "../domain/Trouble";
import type { FieldEdit, FormField, OutboxItem, Problem, TicketDetail } from "../generated/model";
import { Button } from "../parts/Button";
import { asProblem, host } from "../platform";
import { run } from "../state/commands";
import { discard, editKey, flushWriting, same, send, useWritten, withEdit, write } from "../state/composing";
import { useUnsentOf } from "../state/work";
import { useWords } from "../words/words";
import css from "./TicketFields.module.css";

/** How a field stands between the platform and the agent. */
export interface Standing {
  values: readonly string[];
  pending: boolean;
}

export interface Fields {
  standing: (field: FormField) => Standing;
  change: (field: FormField, values: string[]) => void;
  /** What was typed and not saved. */
  typed: readonly FieldEdit[];
  save: () => void;
  drop: () => void;
  problem: Problem | undefined;
}

/** Changes of the ticket's own fields that are in the outbox, oldest first. */
function edits(items: readonly OutboxItem[]): readonly (FieldEdit & { is: OutboxItem["state"]["is"] })[] {
  return items.flatMap(({ work, state }) =>
    work.kind === "edit" ? work.edit.map((edit) => ({ ...edit, is: state.is })) : [],
  );
}

/** A value that was asked for, until the platform's word was read after it. */
interface Asked {
  now: readonly string[];
  /** When the ticket had last been read. */
  read: number;
}

/** The fields of a ticket with everything that is on its way. */
export function useFields({ ticket, read_at }: TicketDetail): Fields {
  const key = editKey(ticket.id);
  const written = useWritten(key);
  const typed = written?.work.kind === "edit" ? written.work.edit : [];
  const queued = edits(useUnsentOf(ticket.id));
  const [asked, setAsked] = useState<Readonly<Record<string, Asked>>>({});
  const [problem, setProblem] = useState<Problem>();
  const stuck = queued.filter(({ is }) => is !== "waiting" && is !== "sending").map((edit) => edit.key);
  const stuckKeys = stuck.join("\n");
  useEffect(() => {
    const keys = stuckKeys.split("\n");
    setAsked((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !keys.includes(name))));
  }, [stuckKeys]);
  const standing = (field: FormField): Standing => {
    const mine = typed.find((edit) => edit.key === field.key);
    if (mine) return { values: mine.now, pending: false };
    const waiting = queued.findLast((edit) => edit.key === field.key);
    if (waiting) {
      const pending = waiting.is === "waiting" || waiting.is === "sending" || waiting.is === "unknown";
      return { values: waiting.now, pending };
    }
    const last = asked[field.key];
    // Confirmed, but the ticket was not read since: what was asked for is nearer to the truth.
    return last && last.read >= read_at
      ? { values: last.now, pending: true }
      : { values: field.values, pending: false };
  };
  const ask = async (field: FormField, now: string[]): Promise<void> => {
    const was = [...standing(field).values];
    if (same(was, now)) return;
    setProblem(undefined);
    setAsked((before) => ({ ...before, [field.key]: { now, read: read_at } }));
    try {
      await host.call("queue_work", {
        kind: "edit",
        ticket: ticket.id,
        edit: [{ key: field.key, was, now }],
      });
    } catch (thrown) {
      setAsked(({ [field.key]: _, ...others }) => others);
      setProblem(asProblem(thrown));
    }
  };
  const type = (field: FormField, now: string[]): void => {
    const edit = withEdit(typed, field.key, field.values, now);
    if (edit.length === 0) void discard(key).then(setProblem);
    else write(key, { kind: "edit", ticket: ticket.id, edit }, ticket.title);
  };
  return {
    standing,
    change: (field, values) =>
      isTyped(field) || field.kind === "tags" || typed.some((edit) => edit.key === field.key)
        ? type(field, values)
        : void ask(field, values),
    typed,
    save: () => void send(key).then(setProblem),
    drop: () => void discard(key).then(setProblem),
    problem,
  };
}

/** A field in its place, with what is on its way. */
export function Field({ field, fields }: { field: FormField; fields: Fields }) {
  const { values, pending } = fields.standing(field);
  return (
    <FieldInput
      field={field}
      values={values}
      pending={pending}
      onChange={(now) => fields.change(field, now)}
      onDone={() => void flushWriting()}
    />
  );
}

/** What was typed into fields and waits to be saved. */
export function Typed({ detail, fields }: { detail: TicketDetail; fields: Fields }) {
  const t = useWords();
  if (fields.typed.length === 0) return fields.problem ? <Trouble problem={fields.problem} /> : null;
  const names = fields.typed.map((edit) => {
    const field = detail.fields.find((one) => one.key === edit.key);
    return fieldTitle(field ?? { key: edit.key, title: "" }, t);
  });
  return (
    <div className={css.typed} role="status">
      <span className={css.words}>{t("ticket.unsaved", { fields: names.join(", ") })}</span>
      <Button tone="quiet" onPress={fields.drop}>
        {t("common.discard")}
      </Button>
      <Button tone="main" onPress={fields.save}>
        {t("common.save")}
      </Button>
      {fields.problem && <Trouble problem={fields.problem} />}
    </div>
  );
}

/** A change that did not go through: why, and what can be done. */
function Stuck({ item, title }: { item: OutboxItem; title: string }) {
  const t = useWords();
  const [problem, setProblem] = useState<Problem>();
  const { state, work } = item;
  if (state.is !== "refused" && state.is !== "ask" && state.is !== "unknown") return null;
  const again = (
    <>
      {state.is !== "unknown" && (
        <Button onPress={() => void run({ do: "resend", item: item.id })}>{t("common.try_again")}</Button>
      )}
      {state.is !== "unknown" && work.kind !== "delete" && (
        <Button
          onPress={() =>
            void host.call("take_back", item.id).then(
              () => setProblem(undefined),
              (thrown) => setProblem(asProblem(thrown)),
            )
          }
        >
          {t("outbox.edit")}
        </Button>
      )}
      <Button tone="quiet" onPress={() => void run({ do: "discard", item: item.id })}>
        {t("common.discard")}
      </Button>
    </>
  );
  return (
    <>
      <Trouble problem={state.problem} title={title} actions={again} />
      {problem && <Trouble problem={problem} />}
      <Refusal command={`outbox:${item.id}`} />
    </>
  );
}

/** Changes of this ticket and its records that did not go through. */
export function StuckChanges({ detail }: { detail: TicketDetail }) {
  const t = useWords();
  const items = useUnsentOf(detail.ticket.id);
  const names = (item: OutboxItem): string => {
    const { work } = item;
    if (work.kind === "delete") return t("ticket.not_deleted");
    if (work.kind !== "edit" && work.kind !== "edit_record") return "";
    const record = work.kind === "edit_record" && detail.records.find((one) => one.id === work.record);
    const known = record ? record.fields : detail.fields;
    const fields = work.edit.map((edit) =>
      fieldTitle(known.find((field) => field.key === edit.key) ?? { key: edit.key, title: "" }, t),
    );
    return t("ticket.not_changed", { fields: fields.join(", ") });
  };
  return items
    .filter(({ work }) => work.kind === "edit" || work.kind === "edit_record" || work.kind === "delete")
    .map((item) => <Stuck key={item.id} item={item} title={names(item)} />);
}
