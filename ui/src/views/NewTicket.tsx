// A new ticket: account, category, the fields that category asks for, and the first message. Every letter is kept as in any
// composer; closing the dialog keeps it for later.

import { useEffect, useState } from "react";
import { FieldInput, fieldTitle } from "../domain/FieldInput";
import { Trouble } from "../domain/Trouble";
import type {
  AccountId,
  Contact,
  ContactId,
  FieldEdit,
  FormField,
  NewTicket as New,
  Problem,
} from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Select, TextLines } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { announceLater } from "../state/announce";
import {
  discard,
  flushWriting,
  NO_MESSAGE,
  newKey,
  send,
  useWriting,
  useWritten,
  write,
  writtenNow,
} from "../state/composing";
import { useMirrorList } from "../state/store";
import { type NewTicketAsk, useUi } from "../state/ui";
import { useWords } from "../words/words";
import { AttachButton, ComposerFiles, useStaging } from "./ComposerFiles";
import css from "./NewTicket.module.css";

const close = (): void => useUi.setState({ newTicket: undefined });
const NOTHING: New = { fields: [], message: NO_MESSAGE };

type Form =
  | { is: "loading"; fields: readonly FormField[] }
  | { is: "there"; fields: readonly FormField[] }
  | { is: "failed"; fields: readonly FormField[]; problem: Problem };

/** The fields of a new ticket; those that are shown stay while others are fetched. */
function useForm(account: AccountId, category: string | undefined): Form {
  const [form, setForm] = useState<Form>({ is: "loading", fields: [] });
  useEffect(() => {
    let current = true;
    setForm((before) => ({ is: "loading", fields: before.fields }));
    host.call("ticket_form", { account, category: category ?? null }).then(
      (fields) => current && setForm({ is: "there", fields }),
      (thrown) =>
        current && setForm((before) => ({ is: "failed", fields: before.fields, problem: asProblem(thrown) })),
    );
    return () => {
      current = false;
    };
  }, [account, category]);
  return form;
}

/** The contact the ticket is for. */
function useAsked(id: ContactId | undefined): Contact | undefined {
  const [contact, setContact] = useState<Contact>();
  useEffect(() => {
    if (id === undefined) return undefined;
    let current = true;
    // Without it the form only begins empty.
    host.call("contact", id).then(
      (detail) => current && setContact(detail.contact),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [id]);
  return contact;
}

/** What a form begins with for a contact: what the platform calls it, and its address. */
function preset(
  account: AccountId,
  fields: readonly FormField[],
  contact: string | undefined,
  email: string | undefined,
): FieldEdit[] {
  return fields.flatMap(({ key, values }) => {
    // Another account knows nothing of this contact but the address.
    const own = contact?.startsWith(`${account}/`) ? contact.slice(account.length + 1) : undefined;
    const name = key === "contact" ? own : key === "email" ? email : undefined;
    const now = name === undefined ? values : [name];
    return now.length > 0 ? [{ key, was: [], now }] : [];
  });
}

function Writing({
  ask,
  accounts,
}: {
  ask: NewTicketAsk;
  accounts: readonly { id: AccountId; name: string }[];
}) {
  const t = useWords();
  const key = ask.key ?? newKey(ask.account, ask.contact);
  const written = useWritten(key);
  const kept = written?.work.kind === "create" ? written.work : undefined;
  const account =
    [kept?.account, ask.account, accounts[0]?.id].find((id) => accounts.some((one) => one.id === id)) ?? "";
  const made = kept?.new ?? NOTHING;
  const value = (name: string): readonly string[] => made.fields.find((one) => one.key === name)?.now ?? [];
  const [category] = value("category");
  const form = useForm(account, category);
  const contact = useAsked(ask.contact);
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const unsaved = useWriting((writing) => writing.unsaved[key]);
  const now = (): New => {
    const work = writtenNow(key)?.work;
    return work?.kind === "create" ? work.new : NOTHING;
  };
  const keep = (next: Partial<New>, on: AccountId = account): void => {
    const all = { ...now(), ...next };
    const title = all.fields.find((one) => one.key === "title")?.now[0] ?? contact?.title ?? t("tickets.new");
    write(key, { kind: "create", account: on, new: all }, title);
  };
  const staging = useStaging((file) => {
    const { message } = now();
    keep({ message: { ...message, files: [...message.files, file] } });
  });
  const email = contact?.emails[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the form brings is taken over once it is there
  useEffect(() => {
    if (form.is !== "there") return;
    const begun = preset(account, form.fields, ask.contact, email).filter(
      ({ key: name }) => value(name).length === 0,
    );
    if (begun.length > 0) keep({ fields: [...now().fields, ...begun] });
  }, [form, email]);

  const change = (field: FormField, values: string[]): void => {
    const others = now().fields.filter((one) => one.key !== field.key);
    keep({ fields: values.length > 0 ? [...others, { key: field.key, was: [], now: values }] : others });
  };
  const text = made.message.text;
  const missing = form.fields.filter((field) => field.required && value(field.key).length === 0);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (missing.length > 0 || staging.busy || form.is !== "there") return;
    setSending(true);
    setProblem(undefined);
    // Only what this form asks for: another account or category may have asked for more.
    const fields = now().fields.filter((one) => form.fields.some((field) => field.key === one.key));
    keep({ fields });
    const why = await send(key);
    setSending(false);
    setProblem(why);
    if (why) return;
    announceLater(t("composer.queued"));
    close();
  };
  const named = (field: FormField): FormField =>
    field.key === "contact" && contact
      ? {
          ...field,
          options: [
            ...field.options.filter((option) => option.value !== value("contact")[0]),
            { value: value("contact")[0] ?? "", title: contact.title },
          ],
        }
      : field;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the chord that sends; the button does the same
    <div
      className={css.form}
      data-keeps="Mod+Enter"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void submit();
      }}
    >
      {accounts.length > 1 && (
        <Select
          label={t("new.account")}
          value={account}
          options={accounts.map(({ id, name }) => ({ id, title: name }))}
          onChange={(on) => keep({ fields: now().fields.filter((one) => one.key === "title") }, on)}
        />
      )}
      {form.fields.map((field) => (
        <FieldInput
          key={`${account}/${field.key}`}
          field={named(field)}
          values={value(field.key)}
          wrong={
            tried && missing.includes(field) ? t("new.missing", { field: fieldTitle(field, t) }) : undefined
          }
          onChange={(values) => change(field, values)}
          onDone={() => void flushWriting(key)}
        />
      ))}
      {form.is === "loading" && (
        <p className={css.soft} role="status">
          <Spinner /> {t("common.loading")}
        </p>
      )}
      {form.is === "failed" && <Trouble problem={form.problem} />}
      <TextLines
        label={t("new.text")}
        value={text}
        onChange={(words) => keep({ message: { ...now().message, text: words } })}
        onBlur={() => void flushWriting(key)}
      />
      <ComposerFiles
        files={made.message.files}
        staging={staging}
        onRemove={(id) =>
          keep({ message: { ...now().message, files: now().message.files.filter((file) => file.id !== id) } })
        }
      />
      {tried && missing.length > 0 && (
        <Notice
          mood="bad"
          title={t("new.missing", { field: missing.map((field) => fieldTitle(field, t)).join(", ") })}
        />
      )}
      {unsaved && <Trouble problem={unsaved} title={t("composer.not_kept")} />}
      {problem && <Trouble problem={problem} title={t("composer.not_sent")} />}
      <Answers>
        <span className={css.tools}>
          <AttachButton stage={staging.stage} />
        </span>
        {written && (
          <Button
            tone="quiet"
            onPress={() => void discard(key).then((why) => (why ? setProblem(why) : close()))}
          >
            {t("common.discard")}
          </Button>
        )}
        <Button
          onPress={() => {
            void flushWriting(key);
            close();
          }}
        >
          {t(written ? "new.later" : "common.cancel")}
        </Button>
        <Button tone="main" pending={sending} onPress={() => void submit()}>
          {t("new.make")}
        </Button>
      </Answers>
    </div>
  );
}

export function NewTicket() {
  const t = useWords();
  const ask = useUi((ui) => ui.newTicket);
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("create_tickets")),
  );
  return (
    <Dialog open={ask !== undefined} title={t("tickets.new")} onClose={close} wide>
      {ask &&
        (accounts.length === 0 ? (
          <Notice mood="warn" title={t("new.no_account")} />
        ) : (
          <Writing
            key={ask.key ?? newKey(ask.account, ask.contact)}
            ask={ask}
            accounts={accounts.map(({ account }) => ({ id: account.id, name: account.name }))}
          />
        ))}
    </Dialog>
  );
}
