// Beside a conversation: the ticket's other fields, who the customer is with their other tickets, the company, and the
// records of CRM and campaigns, changed here where the platform lets the agent.

import { useState } from "react";
import { Button as Pressable } from "react-aria-components";
import { callBack } from "../domain/dialling";
import { FieldInput } from "../domain/FieldInput";
import { Tickets } from "../domain/ScreenPop";
import { Trouble } from "../domain/Trouble";
import type {
  ContactDetail,
  ContactId,
  FormField,
  LinkedRecord,
  Problem,
  TicketDetail,
} from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Icon, type IconName } from "../parts/Icon";
import { discard, flushWriting, recordKey, send, useWritten, withEdit, write } from "../state/composing";
import { useContact } from "../state/contacts";
import { useMirror } from "../state/store";
import { showContact, showTicket, writeIn } from "../state/ui";
import { useUnsentOf } from "../state/work";
import { useWords } from "../words/words";
import { ABOVE } from "./ConversationHead";
import css from "./Records.module.css";
import { Field, type Fields } from "./TicketFields";

const ICONS: Record<LinkedRecord["kind"], IconName> = {
  customer: "person",
  company: "company",
  crm: "form",
  campaign: "queues",
};

/** A number or an address of a record, with what can be done with it. */
function Reach({ field, detail }: { field: FormField; detail: TicketDetail }) {
  const t = useWords();
  const can = useMirror((mirror) => mirror.accounts.some((one) => one.capabilities.includes("dial")));
  const [value] = field.values;
  if (value === undefined || (field.kind !== "phone" && field.kind !== "email")) return null;
  if (field.kind === "phone" && can) {
    return (
      <IconButton
        name={t("contact.call", { number: value })}
        icon="phone"
        onPress={() => void callBack(detail.ticket.account, value)}
      />
    );
  }
  if (field.kind === "email" && detail.actions.includes("reply") && detail.reply_to.includes(value)) {
    return (
      <IconButton
        name={t("record.write_to", { address: value })}
        icon="email"
        onPress={() => writeIn(detail.ticket.id, "reply")}
      />
    );
  }
  return null;
}

/** A record with its fields. What is typed is kept letter by letter and goes with "Save". */
function Record({ record, detail }: { record: LinkedRecord; detail: TicketDetail }) {
  const t = useWords();
  const { ticket } = detail;
  const key = recordKey(record.id);
  const written = useWritten(key);
  const edit = written?.work.kind === "edit_record" ? written.work.edit : [];
  const queued = useUnsentOf(ticket.id).flatMap(({ work }) =>
    work.kind === "edit_record" && work.record === record.id ? work.edit : [],
  );
  const [problem, setProblem] = useState<Problem>();
  const value = (field: FormField): readonly string[] =>
    (edit.find((one) => one.key === field.key) ?? queued.findLast((one) => one.key === field.key))?.now ??
    field.values;
  const change = (field: FormField, now: string[]): void => {
    const next = withEdit(edit, field.key, field.values, now);
    if (next.length === 0) void discard(key).then(setProblem);
    else write(key, { kind: "edit_record", ticket: ticket.id, record: record.id, edit: next }, record.title);
  };
  return (
    <section className={css.part} aria-label={t(`record.${record.kind}`)}>
      <h3 className={css.title}>
        <Icon name={ICONS[record.kind]} size="s" />
        {t(`record.${record.kind}`)}
      </h3>
      <p className={css.name} data-selectable>
        <bdi>{record.title}</bdi>
        {record.group !== "" && <bdi className={css.soft}>{record.group}</bdi>}
      </p>
      {record.fields.map((field) => (
        <div key={field.key} className={css.field}>
          <FieldInput
            field={field}
            values={value(field)}
            pending={queued.some((one) => one.key === field.key)}
            onChange={(now) => change(field, now)}
            onDone={() => void flushWriting(key)}
          />
          <Reach field={field} detail={detail} />
        </div>
      ))}
      {edit.length > 0 && (
        <p className={css.answers}>
          <Button tone="quiet" onPress={() => void discard(key).then(setProblem)}>
            {t("common.discard")}
          </Button>
          <Button tone="main" onPress={() => void send(key).then(setProblem)}>
            {t("common.save")}
          </Button>
        </p>
      )}
      {problem && <Trouble problem={problem} />}
    </section>
  );
}

/** The customer's other tickets. */
function Others({ contact, ticket }: { contact: ContactId; ticket: string }) {
  const t = useWords();
  const { detail } = useContact(contact);
  const known: ContactDetail | undefined = detail.is === "there" ? detail.detail : undefined;
  const others = known?.tickets.filter((one) => one.id !== ticket) ?? [];
  return (
    <section className={css.part} aria-label={t("record.their_tickets")}>
      <h3 className={css.title}>
        <Icon name="ticket" size="s" />
        {t("record.their_tickets")}
      </h3>
      {others.length > 0 ? (
        <Tickets tickets={others} />
      ) : (
        <p className={css.soft}>
          {t(detail.is === "loading" ? "common.loading" : "record.no_other_tickets")}
        </p>
      )}
      <Button tone="quiet" icon="person" onPress={() => showContact(contact)}>
        {t("record.show_contact")}
      </Button>
    </section>
  );
}

export function Records({ detail, fields }: { detail: TicketDetail; fields: Fields }) {
  const t = useWords();
  const { ticket, records, related } = detail;
  const beside = detail.fields.filter((field) => !ABOVE.includes(field.key) && field.key !== "title");
  const above = detail.fields.filter((field) => ABOVE.includes(field.key));
  const { contact } = ticket.customer;
  return (
    <div className={css.records}>
      {detail.fields.length > 0 && (
        <section className={css.part} aria-label={t("ticket.fields")}>
          <h3 className={css.title}>
            <Icon name="tag" size="s" />
            {t("ticket.fields")}
          </h3>
          <div className={css.above}>
            {above.map((field) => (
              <Field key={field.key} field={field} fields={fields} />
            ))}
          </div>
          {beside.map((field) => (
            <Field key={field.key} field={field} fields={fields} />
          ))}
        </section>
      )}
      {records.map((record) => (
        <Record key={record.id} record={record} detail={detail} />
      ))}
      {related.length > 0 && (
        <section className={css.part} aria-label={t("record.related")}>
          <h3 className={css.title}>
            <Icon name="join" size="s" />
            {t("record.related")}
          </h3>
          <ul className={css.related}>
            {related.map((one) => (
              <li key={one.id}>
                <Pressable
                  className={css.open}
                  onPress={() => showTicket(one.id.includes("/") ? one.id : `${ticket.account}/${one.id}`)}
                >
                  <bdi>{one.title}</bdi>
                </Pressable>
              </li>
            ))}
          </ul>
        </section>
      )}
      {contact !== null && <Others contact={contact} ticket={ticket.id} />}
    </div>
  );
}
