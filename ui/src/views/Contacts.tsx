// Contacts: search as one types, a list that stays quick with any number of rows, and beside it the one that is open.

import { useEffect, useState } from "react";
import { PresenceMark } from "../domain/ContactPresence";
import { Company, PhoneNumber } from "../domain/Names";
import { Trouble } from "../domain/Trouble";
import type { Contact } from "../generated/model";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Empty";
import { TextLine } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { Rows } from "../parts/Rows";
import { Spinner } from "../parts/Spinner";
import { announceLater } from "../state/announce";
import { type Found, useContactSearch } from "../state/contacts";
import { useMirror, useMirrorList } from "../state/store";
import { useUi } from "../state/ui";
import { useWatch } from "../state/watch";
import { count } from "../words/format";
import { useWords } from "../words/words";
import { ContactForm } from "./ContactForm";
import { ContactPane } from "./ContactPane";
import css from "./Contacts.module.css";

function Row({ contact, several }: { contact: Contact; several: boolean }) {
  const t = useWords();
  const account = useMirror(
    (mirror) => mirror.accounts.find((one) => one.account.id === contact.account)?.account.name,
  );
  const [number] = contact.numbers;
  return (
    <>
      <span className={css.title}>
        <bdi className={css.name}>{contact.title}</bdi>
        {(contact.favourite || contact.mark === "favourite") && (
          <span className={css.star}>
            <Icon name="star" size="s" />
            <span className="heard">{t("contact.favourite")}</span>
          </span>
        )}
        {(contact.mark === "vip" || contact.mark === "blocked") && (
          <span className={cx(css.tag, contact.mark === "blocked" && css.blocked)}>
            {contact.mark === "blocked" && <Icon name="refused" size="s" />}
            {t(`mark.${contact.mark}`)}
          </span>
        )}
        <span className={css.presence}>
          <PresenceMark contact={contact.id} />
        </span>
      </span>
      <span className={css.second}>
        {number && <PhoneNumber phone={number.phone} />}
        {contact.company !== null && <Company name={contact.company} />}
        {several && <bdi>{account}</bdi>}
      </span>
    </>
  );
}

/** Only people in sight are followed, and only where their platform tells of them. */
function Followed({ contacts }: { contacts: readonly Contact[] }) {
  const telling = useMirrorList((mirror) =>
    mirror.accounts
      .filter((one) => one.capabilities.includes("contact_presence"))
      .map((one) => one.account.id),
  );
  useWatch({ contacts: contacts.filter((one) => telling.includes(one.account)).map((one) => one.id) });
  return null;
}

function Status({ found }: { found: Found }) {
  const t = useWords();
  return (
    <p className={css.status}>
      {found.asking && <Spinner />}
      {found.asking
        ? t("contacts.asking")
        : !found.loading &&
          t("contacts.count", { count: found.contacts.length, shown: count(found.contacts.length) })}
      {found.unreadable > 0 && ` · ${t("contacts.unreadable", { count: found.unreadable })}`}
    </p>
  );
}

export function Contacts() {
  const t = useWords();
  const [text, setText] = useState("");
  const chosen = useUi((ui) => ui.contact);
  const offered = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("contacts")),
  );
  const several = useMirror((mirror) => mirror.accounts.length > 1);
  const keeping = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("personal_contacts")),
  );
  const [making, setMaking] = useState(false);
  const { found, mark, again } = useContactSearch(text.trim());
  const choose = (contact: string | undefined): void => useUi.setState({ contact });
  const known = found.contacts.find((contact) => contact.id === chosen);
  useEffect(() => {
    if (!found.asking && !found.loading && found.text !== "")
      announceLater(
        t("contacts.count", { count: found.contacts.length, shown: count(found.contacts.length) }),
      );
  }, [found, t]);
  if (offered.length === 0) {
    return (
      <main className={css.view} aria-label={t("view.contacts")}>
        <h1 className="heard">{t("view.contacts")}</h1>
        <Empty icon="contacts" title={t("contacts.none_offered")}>
          {t("contacts.none_offered_more")}
        </Empty>
      </main>
    );
  }
  return (
    <main className={cx(css.view, chosen !== undefined && css.one)} aria-label={t("view.contacts")}>
      <h1 className="heard">{t("view.contacts")}</h1>
      <section className={css.side} aria-label={t("contacts.list")}>
        <div className={css.search}>
          <TextLine
            label={t("contacts.search")}
            hideLabel
            type="search"
            field="contacts"
            value={text}
            onChange={setText}
            placeholder={t("contacts.search_placeholder")}
          />
          <div className={css.under}>
            <Status found={found} />
            {keeping.length > 0 && (
              <Button tone="quiet" icon="plus" onPress={() => setMaking(true)}>
                {t("contact.new")}
              </Button>
            )}
          </div>
        </div>
        <ContactForm
          open={making}
          accounts={keeping}
          onClose={() => setMaking(false)}
          onSaved={(id) => {
            setMaking(false);
            choose(id);
            again();
          }}
        />
        {found.problems.map((problem) => (
          <Trouble key={`${problem.account}/${problem.code}`} problem={problem} />
        ))}
        {found.loading ? (
          <p className={css.loading}>
            <Spinner /> {t("common.loading")}
          </p>
        ) : found.contacts.length > 0 ? (
          <Rows
            items={found.contacts}
            label={t("contacts.list")}
            testId="contact-list"
            chosen={chosen}
            restart={found.text}
            onChoose={(contact) => choose(contact.id)}
            inSight={(contacts) => <Followed contacts={contacts} />}
          >
            {(contact) => <Row contact={contact} several={several} />}
          </Rows>
        ) : (
          !found.asking && (
            <Empty
              icon="search"
              title={text.trim() === "" ? t("contacts.empty") : t("contacts.nothing", { text: text.trim() })}
            >
              {text.trim() === "" ? t("contacts.empty_more") : t("contacts.nothing_more")}
            </Empty>
          )
        )}
      </section>
      <section className={css.pane} aria-label={t("contacts.detail")}>
        {chosen !== undefined ? (
          <ContactPane
            key={chosen}
            id={chosen}
            known={known}
            onBack={() => choose(undefined)}
            onMark={mark}
            onChanged={again}
            onDeleted={() => {
              choose(undefined);
              again();
            }}
          />
        ) : (
          <Empty icon="contacts" title={t("contacts.choose")}>
            {t("contacts.choose_more")}
          </Empty>
        )}
      </section>
    </main>
  );
}
