// One contact: numbers to call, tickets, what was. The list's own words are shown at once, the rest when it is there.

import { DialChoiceFields } from "../domain/DialChoiceFields";
import { useDialling } from "../domain/dialling";
import { Company, PhoneNumber } from "../domain/Names";
import { Refusal, Trouble } from "../domain/Trouble";
import type { Contact } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Spinner } from "../parts/Spinner";
import { useStanding } from "../state/commands";
import { useContact } from "../state/contacts";
import { useAccount } from "../state/store";
import { useWords } from "../words/words";
import { ContactFacts } from "./ContactFacts";
import css from "./ContactPane.module.css";

function Numbers({ contact }: { contact: Contact }) {
  const t = useWords();
  const dialling = useDialling(contact.account);
  const { pending, command } = useStanding("dial");
  const can = dialling.accounts.length > 0;
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
                <bdi>{label}</bdi>
              </span>
            </span>
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
    </section>
  );
}

export function ContactPane({
  id,
  known,
  onBack,
  onMark,
}: {
  id: string;
  known: Contact | undefined;
  onBack: () => void;
  onMark: (contact: Contact, on: boolean) => Promise<void>;
}) {
  const t = useWords();
  const { detail, again } = useContact(id);
  const contact = known ?? (detail.is === "there" ? detail.detail.contact : undefined);
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
            <span className={contact.favourite ? css.marked : undefined}>
              <IconButton
                name={contact.favourite ? t("contact.unmark") : t("contact.mark")}
                icon="star"
                onPress={() => void onMark(contact, !contact.favourite)}
              />
            </span>
          </header>
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
