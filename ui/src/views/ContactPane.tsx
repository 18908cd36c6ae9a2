// One contact: numbers to call, tickets, what was. The list's own words are shown at once, the rest when it is there.

import { useState } from "react";
import { PresenceFacts } from "../domain/ContactPresence";
import { DialChoiceFields } from "../domain/DialChoiceFields";
import { useDialling } from "../domain/dialling";
import { Company, PhoneNumber } from "../domain/Names";
import { numberKind } from "../domain/numberKinds";
import { Refusal, Trouble } from "../domain/Trouble";
import type { Contact, ContactMark, Phone, Problem } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Radios } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { run, useStanding } from "../state/commands";
import { useContact } from "../state/contacts";
import { useAccount, usePresence } from "../state/store";
import { useWatch } from "../state/watch";
import { useWords } from "../words/words";
import { ContactFacts } from "./ContactFacts";
import { ContactForm } from "./ContactForm";
import css from "./ContactPane.module.css";
import { TextDialog, useTexting } from "./TextDialog";

function Numbers({ contact }: { contact: Contact }) {
  const t = useWords();
  const dialling = useDialling(contact.account);
  const { pending, command } = useStanding("dial");
  const can = dialling.accounts.length > 0;
  const texting = useTexting().length > 0;
  const [texted, setTexted] = useState<Phone>();
  return (
    <section aria-label={t("contact.numbers")} className={css.part}>
      <h3>{t("contact.numbers")}</h3>
      {contact.numbers.length === 0 && <p className={css.soft}>{t("contact.no_numbers")}</p>}
      <ul className={css.numbers}>
        {contact.numbers.map(({ label, phone }) => (
          <li key={`${label}/${phone.raw}`} className={css.number}>
            <span>
              <span className={css.big} data-selectable>
                <PhoneNumber phone={phone} />
              </span>
              <span className={css.soft}>
                <bdi>{numberKind(label, t)}</bdi>
              </span>
            </span>
            <span className={css.do}>
              {texting && (
                <Button
                  tone="quiet"
                  icon="chat"
                  aria-label={t("contact.text", { number: phone.display || phone.raw })}
                  onPress={() => setTexted(phone)}
                >
                  {t("action.text")}
                </Button>
              )}
              {can && (
                <Button
                  tone="main"
                  icon="phone"
                  aria-label={t("contact.call", { number: phone.display || phone.raw })}
                  pending={pending && command?.do === "dial" && command.number === phone.raw}
                  isDisabled={pending}
                  onPress={() => void dialling.call(phone.raw, contact.id)}
                >
                  {t("action.call")}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {contact.numbers.length > 0 &&
        (can ? (
          <div className={css.choices}>
            <DialChoiceFields dialling={dialling} />
          </div>
        ) : (
          <p className={css.soft}>{t("dial.not_possible")}</p>
        ))}
      {command?.do === "dial" && command.contact === contact.id && <Refusal command="dial" />}
      <TextDialog phone={texted} account={contact.account} onClose={() => setTexted(undefined)} />
    </section>
  );
}

/** What the platform tells of the contact right now, and the calls at them that may be taken over. */
function Now({ contact }: { contact: Contact }) {
  const t = useWords();
  const account = useAccount(contact.account);
  const telling = account?.capabilities.includes("contact_presence") ?? false;
  const taking = account?.capabilities.includes("pick_up") ?? false;
  useWatch({ contacts: telling ? [contact.id] : [] });
  const known = usePresence(contact.id);
  const { pending, command } = useStanding(`pick_up:${contact.id}`);
  if (!telling) return null;
  return (
    <section aria-label={t("contact.now")} className={css.part}>
      <h3>{t("contact.now")}</h3>
      {known ? <PresenceFacts known={known} /> : <p className={css.soft}>{t("presence.asking")}</p>}
      {known && known.calls.length > 0 && (
        <ul className={css.numbers}>
          {known.calls.map((call) => (
            <li key={call.handle} className={css.number}>
              <span>{call.other === null ? t("contact.call_unknown") : <bdi>{call.other}</bdi>}</span>
              {taking && call.can_pick_up && (
                <Button
                  tone="good"
                  icon="phone"
                  pending={pending && command?.do === "pick_up" && command.handle === call.handle}
                  isDisabled={pending}
                  onPress={() =>
                    void run({ do: "pick_up", contact: contact.id, handle: call.handle, device: null })
                  }
                >
                  {t("contact.pick_up")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Refusal command={`pick_up:${contact.id}`} />
    </section>
  );
}

const MARKS = ["none", "favourite", "vip", "blocked"] as const;

/** How the contact is marked on its platform. The choice is shown at once and goes back if it was refused. */
function Mark({ contact, onChanged }: { contact: Contact; onChanged: () => void }) {
  const t = useWords();
  const account = useAccount(contact.account);
  const [wanted, setWanted] = useState<ContactMark | null>();
  const [problem, setProblem] = useState<Problem>();
  if (!account?.capabilities.includes("contact_marks")) return null;
  const mark = async (chosen: ContactMark | null): Promise<void> => {
    setWanted(chosen);
    setProblem(undefined);
    try {
      await host.call("mark_contact", { contact: contact.id, mark: chosen });
      onChanged();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setWanted(undefined);
    }
  };
  return (
    <section aria-label={t("contact.platform_mark")} className={css.part}>
      <Radios
        label={t("contact.platform_mark")}
        value={(wanted === undefined ? contact.mark : wanted) ?? "none"}
        row
        options={MARKS.map((id) => ({ id, title: t(`mark.${id}`) }))}
        onChange={(chosen) => void mark(chosen === "none" ? null : (chosen as ContactMark))}
      />
      {problem && <Trouble problem={problem} />}
    </section>
  );
}

/** Changing and deleting what is the agent's own. */
function Own({
  contact,
  onSaved,
  onDeleted,
}: {
  contact: Contact;
  onSaved: () => void;
  onDeleted: () => void;
}) {
  const t = useWords();
  const [asking, setAsking] = useState<"edit" | "delete">();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  if (!contact.editable) return null;
  const close = (): void => {
    setAsking(undefined);
    setProblem(undefined);
  };
  const remove = async (): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    try {
      await host.call("delete_contact", contact.id);
      onDeleted();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setPending(false);
    }
  };
  return (
    <>
      <IconButton name={t("contact.edit")} icon="edit" onPress={() => setAsking("edit")} />
      <IconButton name={t("contact.delete")} icon="trash" onPress={() => setAsking("delete")} />
      <ContactForm
        open={asking === "edit"}
        accounts={[]}
        contact={contact}
        onClose={close}
        onSaved={() => {
          close();
          onSaved();
        }}
      />
      <Dialog
        open={asking === "delete"}
        title={t("contact.delete_title", { name: contact.title })}
        role="alertdialog"
        onClose={close}
      >
        <p>{t("contact.delete_text")}</p>
        {problem && <Trouble problem={problem} />}
        <Answers>
          <Button onPress={close}>{t("common.cancel")}</Button>
          <Button tone="bad" pending={pending} onPress={() => void remove()}>
            {t("contact.delete")}
          </Button>
        </Answers>
      </Dialog>
    </>
  );
}

export function ContactPane({
  id,
  known,
  onBack,
  onMark,
  onChanged,
  onDeleted,
}: {
  id: string;
  known: Contact | undefined;
  onBack: () => void;
  onMark: (contact: Contact, on: boolean) => Promise<void>;
  /** Something of it changed on its platform. */
  onChanged: () => void;
  onDeleted: () => void;
}) {
  const t = useWords();
  const { detail, again } = useContact(id);
  const contact = known ?? (detail.is === "there" ? detail.detail.contact : undefined);
  const changed = (): void => {
    again();
    onChanged();
  };
  const account = useAccount(contact?.account ?? "");
  return (
    <article className={css.pane}>
      <div className={css.back}>
        <Button tone="quiet" icon="back" onPress={onBack}>
          {t("contacts.back")}
        </Button>
      </div>
      {contact && (
        <>
          <header className={css.head}>
            <div data-selectable>
              <h2>
                <bdi>{contact.title}</bdi>
              </h2>
              <p className={css.under}>
                {contact.company !== null && <Company name={contact.company} />}
                {account && <bdi className={css.soft}>{account.account.name}</bdi>}
              </p>
            </div>
            <span className={css.own}>
              <Own contact={contact} onSaved={changed} onDeleted={onDeleted} />
              <span className={contact.favourite ? css.marked : undefined}>
                <IconButton
                  name={contact.favourite ? t("contact.unmark") : t("contact.mark")}
                  icon="star"
                  onPress={() => void onMark(contact, !contact.favourite)}
                />
              </span>
            </span>
          </header>
          <Now contact={contact} />
          <Numbers contact={contact} />
          {contact.emails.length > 0 && (
            <section aria-label={t("contact.emails")} className={css.part}>
              <h3>{t("contact.emails")}</h3>
              {contact.emails.map((email) => (
                <p key={email} data-selectable>
                  <bdi dir="ltr">{email}</bdi>
                </p>
              ))}
            </section>
          )}
          {contact.description !== null && (
            <section aria-label={t("contact.description")} className={css.part}>
              <h3>{t("contact.description")}</h3>
              <p className={css.words} data-selectable>
                <bdi>{contact.description}</bdi>
              </p>
            </section>
          )}
        </>
      )}
      {contact && <Mark key={contact.mark} contact={contact} onChanged={changed} />}
      {detail.is === "loading" && (
        <p className={css.loading}>
          <Spinner /> {t("common.loading")}
        </p>
      )}
      {detail.is === "failed" && (
        <Trouble
          problem={detail.problem}
          actions={<Button onPress={again}>{t("common.try_again")}</Button>}
        />
      )}
      {detail.is === "there" && <ContactFacts detail={detail.detail} />}
    </article>
  );
}
