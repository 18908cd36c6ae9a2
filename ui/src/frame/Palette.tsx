// The command palette: every action that is possible now, every ticket, every contact, and any number typed dials.

import { useState } from "react";
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
} from "react-aria-components";
import { chordKeys } from "../actions/keys";
import { ACTIONS } from "../actions/registry";
import { useDialling } from "../domain/dialling";
import { Icon, type IconName } from "../parts/Icon";
import { Kbd } from "../parts/Kbd";
import { run } from "../state/commands";
import { useContactSearch } from "../state/contacts";
import { useTicketSearch } from "../state/found";
import { useParsed } from "../state/numbers";
import { useHeld } from "../state/store";
import { showContact, showTicket, useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./Palette.module.css";

interface Entry {
  id: string;
  icon: IconName;
  title: string;
  more: string | undefined;
  keys: string | undefined;
  run: () => void;
}

/** How many contacts the palette shows; the contacts view shows all. */
const CONTACTS = 8;
/** How many tickets it shows; the inbox shows all. */
const TICKETS = 6;

/** Letters without their marks, so that `dvorak` finds Dvořák. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function useEntries(text: string): readonly Entry[] {
  const t = useWords();
  const mirror = useHeld((held) => held.mirror);
  const { found } = useContactSearch(text);
  const tickets = useTicketSearch(text);
  const parsed = useParsed(text);
  const dialling = useDialling();
  if (!mirror) return [];
  const entries: Entry[] = [];
  if (parsed?.dial && dialling.account) {
    const { dial, phone } = parsed;
    entries.push({
      id: "dial-number",
      icon: "phone",
      title: t("contact.call", { number: phone.display }),
      more: dialling.account.account.name,
      keys: undefined,
      run: () => void dialling.call(dial),
    });
  }
  for (const one of ACTIONS) {
    const title = t(one.words);
    if (one.possible(mirror) && one.id !== "palette" && plain(title).includes(plain(text))) {
      entries.push({
        id: `action-${one.id}`,
        icon: "keyboard",
        title,
        more: undefined,
        keys: one.keys,
        run: () => one.perform(mirror),
      });
    }
  }
  for (const pause of mirror.agent.pauses) {
    if (!plain(pause.title).includes(plain(text)) || text === "") continue;
    entries.push({
      id: `pause-${pause.key}`,
      icon: "pause",
      title: pause.title,
      more: t("state.paused"),
      keys: undefined,
      run: () => void run({ do: "set_state", target: { to: "pause", pause: pause.key }, accounts: null }),
    });
  }
  for (const ticket of tickets.slice(0, TICKETS)) {
    entries.push({
      id: `ticket-${ticket.id}`,
      icon: "ticket",
      title: ticket.title || `#${ticket.number}`,
      more: [`#${ticket.number}`, ticket.customer.name].filter(Boolean).join(" · "),
      keys: undefined,
      run: () => showTicket(ticket.id),
    });
  }
  if (text !== "") {
    for (const contact of found.contacts.slice(0, CONTACTS)) {
      entries.push({
        id: contact.id,
        icon: "contacts",
        title: contact.title,
        more: contact.company ?? contact.numbers[0]?.phone.display,
        keys: undefined,
        run: () => showContact(contact.id),
      });
    }
  }
  return entries;
}

function Search({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const entries = useEntries(text.trim());
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className={css.field} aria-label={t("palette.label")} autoFocus>
        <Icon name="search" />
        <Input className={css.input} placeholder={t("palette.placeholder")} />
      </SearchField>
      <ListBox
        className={css.list}
        aria-label={t("palette.results")}
        items={entries}
        dependencies={[entries]}
        renderEmptyState={() => <p className={css.none}>{t("palette.nothing")}</p>}
        onAction={(key) => {
          const entry = entries.find((one) => one.id === key);
          onDone();
          entry?.run();
        }}
      >
        {(entry) => (
          <ListBoxItem id={entry.id} textValue={entry.title} className={css.entry}>
            <Icon name={entry.icon} />
            <bdi>{entry.title}</bdi>
            {entry.more !== undefined && <bdi className={css.more}>{entry.more}</bdi>}
            {entry.keys !== undefined && (
              <span className={css.keys}>
                <Kbd keys={chordKeys(entry.keys)} />
              </span>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
}

export function Palette() {
  const t = useWords();
  const open = useUi((ui) => ui.overlay === "palette");
  const close = (): void => useUi.setState({ overlay: undefined });
  return (
    <ModalOverlay isOpen={open} onOpenChange={(now) => !now && close()} isDismissable className={css.veil}>
      <Modal className={css.modal}>
        <Dialog className={css.box} aria-label={t("action.palette")}>
          <Search onDone={close} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
