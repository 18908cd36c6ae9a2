// Contacts: search as one types, a list that stays quick with any number of rows, and beside it the one that is open.

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Company, PhoneNumber } from "../domain/Names";
import { Trouble } from "../domain/Trouble";
import type { Contact } from "../generated/model";
import { cx } from "../parts/cx";
import { Empty } from "../parts/Empty";
import { TextLine } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { announceLater } from "../state/announce";
import { type Found, useContactSearch } from "../state/contacts";
import { useMirror, useMirrorList } from "../state/store";
import { useUi } from "../state/ui";
import { count } from "../words/format";
import { useWords } from "../words/words";
import { ContactPane } from "./ContactPane";
import css from "./Contacts.module.css";

/** Height of a row in rem. All are the same, so that no row moves when another one is measured. */
const ROW = 3.5;

function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function Row({ contact, several }: { contact: Contact; several: boolean }) {
  const t = useWords();
  const account = useMirror(
    (mirror) => mirror.accounts.find((one) => one.account.id === contact.account)?.account.name,
  );
  const [number] = contact.numbers;
  return (
    <>
      <span className={css.title}>
        <bdi>{contact.title}</bdi>
        {contact.favourite && (
          <span className={css.star}>
            <Icon name="star" size="s" />
            <span className="heard">{t("contact.favourite")}</span>
          </span>
        )}
      </span>
      <span className={css.second}>
        {number && <PhoneNumber phone={number.phone} />}
        {contact.company !== null && <Company name={contact.company} />}
        {several && <bdi>{account}</bdi>}
      </span>
    </>
  );
}

/** The list: a listbox whose rows are drawn only where one looks. */
function List({
  found,
  chosen,
  onChoose,
}: {
  found: Found;
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  const t = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const several = useMirror((mirror) => mirror.accounts.length > 1);
  const textSize = useUi((ui) => ui.textSize);
  const [active, setActive] = useState(0);
  const { contacts } = found;
  const rows = useVirtualizer({
    count: contacts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW * rem(),
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured in text, so another text size measures again
  useEffect(() => rows.measure(), [textSize, rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search starts at its top
  useEffect(() => setActive(0), [found.text]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (ROW * rem())) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -contacts.length,
      End: contacts.length,
    };
    const step = steps[event.key];
    const contact = contacts[active];
    if (step !== undefined) {
      const next = Math.min(contacts.length - 1, Math.max(0, active + step));
      setActive(next);
      rows.scrollToIndex(next);
    } else if ((event.key === "Enter" || event.key === " ") && contact) onChoose(contact.id);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-label={t("contacts.list")}
      aria-activedescendant={contacts.length > 0 ? `contact-${active}` : undefined}
      data-testid="contact-list"
      onKeyDown={onKeyDown}
    >
      <div
        className={css.all}
        ref={(element) => element?.style.setProperty("block-size", `${rows.getTotalSize()}px`)}
      >
        {rows.getVirtualItems().map((item) => {
          const contact = contacts[item.index];
          return (
            contact && (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys for its options
              <div
                key={contact.id}
                id={`contact-${item.index}`}
                ref={(element) => element?.style.setProperty("translate", `0 ${item.start}px`)}
                className={cx(css.row, item.index === active && css.active)}
                role="option"
                tabIndex={-1}
                aria-selected={contact.id === chosen}
                aria-setsize={contacts.length}
                aria-posinset={item.index + 1}
                onClick={() => {
                  setActive(item.index);
                  onChoose(contact.id);
                }}
              >
                <Row contact={contact} several={several} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
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
  const { found, mark } = useContactSearch(text.trim());
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
          <Status found={found} />
        </div>
        {found.problems.map((problem) => (
          <Trouble key={`${problem.account}/${problem.code}`} problem={problem} />
        ))}
        {found.loading ? (
          <p className={css.loading}>
            <Spinner /> {t("common.loading")}
          </p>
        ) : found.contacts.length > 0 ? (
          <List found={found} chosen={chosen} onChoose={choose} />
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
