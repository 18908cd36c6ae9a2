// A personal contact, new or changed. What was typed stays in this window until it is saved or given up: neither a refusal
// of the platform nor a dialog closed by mistake loses it.

import { useState } from "react";
import { Group } from "react-aria-components";
import { create } from "zustand";
import { NUMBER_KINDS, numberKind } from "../domain/numberKinds";
import { Trouble } from "../domain/Trouble";
import type { AccountState, Contact, ContactFields, Problem } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Select, TextLine } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { useWords } from "../words/words";
import css from "./ContactForm.module.css";

/** What was typed and not saved, by contact; `""` is the new one. */
const useTyped = create<{ typed: Readonly<Record<string, ContactFields>> }>(() => ({ typed: {} }));

function keep(key: string, fields: ContactFields | undefined): void {
  useTyped.setState(({ typed: { [key]: _, ...typed } }) => ({
    typed: fields ? { ...typed, [key]: fields } : typed,
  }));
}

/** Stands for a number without a kind in a list. */
const NO_KIND = "*none*";

const EMPTY: ContactFields = {
  first_name: "",
  last_name: "",
  company: "",
  email: "",
  numbers: [{ label: "WORK", number: "" }],
};

/** A contact as fields. A title is split before its last word; the agent sees it and may move it. */
export function fieldsOf(contact: Contact): ContactFields {
  const at = contact.title.lastIndexOf(" ");
  return {
    first_name: at < 0 ? "" : contact.title.slice(0, at),
    last_name: contact.title.slice(at + 1),
    company: contact.company ?? "",
    email: contact.emails[0] ?? "",
    numbers: contact.numbers.map(({ label, phone }) => ({ label, number: phone.e164 ?? phone.raw })),
  };
}

function Numbers({
  fields,
  change,
}: {
  fields: ContactFields;
  change: (part: Partial<ContactFields>) => void;
}) {
  const t = useWords();
  const { numbers } = fields;
  const set = (index: number, part: Partial<ContactFields["numbers"][number]>): void =>
    change({ numbers: numbers.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const kinds = (now: string) => [
    ...(NUMBER_KINDS.some((kind) => kind === now)
      ? []
      : [{ id: now || NO_KIND, title: now || t("contact.no_kind") }]),
    ...NUMBER_KINDS.map((id) => ({ id: id as string, title: numberKind(id, t) })),
  ];
  return (
    <Group className={css.numbers} aria-label={t("contact.numbers")}>
      {numbers.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number has no name of its own, and two may be the same while they are typed
        <div key={index} className={css.number}>
          <Select
            label={t("contact.number_kind")}
            value={one.label || NO_KIND}
            options={kinds(one.label)}
            onChange={(label) => set(index, { label: label === NO_KIND ? "" : label })}
          />
          <TextLine
            label={t("dial.number")}
            type="tel"
            value={one.number}
            onChange={(number) => set(index, { number })}
            leftToRight
          />
          <IconButton
            name={t("contact.remove_number", { number: one.number })}
            icon="trash"
            onPress={() => change({ numbers: numbers.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <Button
        tone="quiet"
        icon="plus"
        onPress={() => change({ numbers: [...numbers, { label: "MOBILE", number: "" }] })}
      >
        {t("contact.add_number")}
      </Button>
    </Group>
  );
}

interface Props {
  open: boolean;
  /** Where a new contact may go. */
  accounts: readonly AccountState[];
  /** Which is changed; absent makes a new one. */
  contact?: Contact;
  onClose: () => void;
  onSaved: (id: string) => void;
}

function Form({ accounts, contact, onClose, onSaved }: Props) {
  const t = useWords();
  const key = contact?.id ?? "";
  const typed = useTyped((now) => now.typed[key]);
  const [kept, setKept] = useState(typed !== undefined);
  const [first] = accounts;
  const [account, setAccount] = useState(contact?.account ?? first?.account.id ?? "");
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const fields = typed ?? (contact ? fieldsOf(contact) : EMPTY);
  const change = (part: Partial<ContactFields>): void => keep(key, { ...fields, ...part });
  const named = [fields.first_name, fields.last_name, fields.company].some((one) => one.trim() !== "");
  const save = async (): Promise<void> => {
    if (!named || pending) return;
    setPending(true);
    setProblem(undefined);
    const numbers = fields.numbers.filter((one) => one.number.trim() !== "");
    try {
      const id = await host.call("save_contact", {
        account,
        contact: contact?.id ?? null,
        fields: { ...fields, numbers },
      });
      keep(key, undefined);
      onSaved(id);
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setPending(false);
    }
  };
  const giveUp = (): void => {
    keep(key, undefined);
    onClose();
  };
  return (
    <>
      {kept && (
        <Notice
          mood="info"
          title={t("contact.kept")}
          actions={
            <Button
              onPress={() => {
                keep(key, undefined);
                setKept(false);
              }}
            >
              {t("contact.start_over")}
            </Button>
          }
        />
      )}
      {contact === undefined && accounts.length > 1 && (
        <Select
          label={t("dial.account")}
          value={account}
          options={accounts.map((one) => ({ id: one.account.id, title: one.account.name }))}
          onChange={setAccount}
        />
      )}
      <div className={css.two}>
        <TextLine
          label={t("contact.first_name")}
          value={fields.first_name}
          onChange={(first_name) => change({ first_name })}
          autoFocus
        />
        <TextLine
          label={t("contact.last_name")}
          value={fields.last_name}
          onChange={(last_name) => change({ last_name })}
        />
      </div>
      <TextLine
        label={t("contact.company")}
        value={fields.company}
        onChange={(company) => change({ company })}
      />
      <TextLine
        label={t("contact.emails")}
        value={fields.email}
        onChange={(email) => change({ email })}
        leftToRight
      />
      <Numbers fields={fields} change={change} />
      {!named && <p className={css.soft}>{t("contact.needs_name")}</p>}
      {problem && <Trouble problem={problem} title={t("contact.not_saved")} />}
      <Answers>
        <Button onPress={giveUp}>{t("common.cancel")}</Button>
        <Button tone="main" pending={pending} isDisabled={!named} onPress={() => void save()}>
          {t("contact.save")}
        </Button>
      </Answers>
    </>
  );
}

export function ContactForm(props: Props) {
  const t = useWords();
  return (
    <Dialog
      open={props.open}
      title={props.contact ? t("contact.edit_title", { name: props.contact.title }) : t("contact.new")}
      onClose={props.onClose}
    >
      <Form {...props} />
    </Dialog>
  );
}
