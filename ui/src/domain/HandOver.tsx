// To whom: the question before a call is transferred or somebody is consulted about it. A number or a contact by the same
// field, from the keyboard alone; the person chosen is shown in full before anything is done.

import { useEffect, useRef, useState } from "react";
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from "react-aria-components";
import { control } from "../actions/live";
import type { Activity, Contact, ContactId, Handing, Phone } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Select } from "../parts/Field";
import { Icon, type IconName } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { useStanding } from "../state/commands";
import { useContactSearch } from "../state/contacts";
import { controlKey } from "../state/mirror";
import { useParsed } from "../state/numbers";
import { useAccount } from "../state/store";
import { useWatch } from "../state/watch";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { PresenceMark } from "./ContactPresence";
import css from "./HandOver.module.css";
import { PhoneNumber } from "./Names";
import { Refusal } from "./Trouble";
import { who } from "./who";

/** How many people the field lists; more are found by typing more. */
const PEOPLE = 8;

/** Whom the call goes to. */
interface Target {
  to: string;
  name: string | null;
  phone: Phone;
  contact: ContactId | undefined;
}

const WAYS = [
  { act: "transfer", handing: "blind", words: "action.transfer", icon: "transfer" },
  { act: "to_voicemail", handing: "voicemail", words: "action.to_voicemail", icon: "voicemail" },
  { act: "camp_on", handing: "camp_on", words: "action.camp_on", icon: "clock" },
] as const satisfies readonly { act: string; handing: Handing; words: Key; icon: IconName }[];

function targets(contact: Contact): readonly (Target & { label: string; key: string })[] {
  return contact.numbers.map(({ label, phone }, index) => ({
    key: `${contact.id} ${index}`,
    label,
    to: phone.raw,
    name: contact.title,
    phone,
    contact: contact.id,
  }));
}

/** The field, and below it whom it may mean. */
function Search({
  text,
  onText,
  onTarget,
  onEnter,
}: {
  text: string;
  onText: (text: string) => void;
  onTarget: (target: Target) => void;
  onEnter: () => void;
}) {
  const t = useWords();
  const { found } = useContactSearch(text.trim());
  const people = found.contacts.flatMap((contact) =>
    targets(contact).map((one) => ({ ...one, company: contact.company })),
  );
  const shown = people.slice(0, PEOPLE);
  useWatch({ contacts: shown.flatMap(({ contact }) => contact ?? []) });
  return (
    // The number that was typed is what Enter means; a contact must be gone to first.
    <Autocomplete inputValue={text} onInputChange={onText} disableAutoFocusFirst>
      <SearchField className={css.field} aria-label={t("hand.search")} autoFocus onSubmit={onEnter}>
        <Icon name="search" />
        <Input className={css.input} placeholder={t("hand.placeholder")} />
      </SearchField>
      <ListBox
        className={css.list}
        aria-label={t("hand.people")}
        items={shown.map((one) => ({ ...one, id: one.key }))}
        dependencies={[people]}
        renderEmptyState={() =>
          found.loading || found.asking ? null : <p className={css.soft}>{t("palette.nothing")}</p>
        }
        onAction={(key) => {
          const one = people.find((person) => person.key === key);
          if (one) onTarget(one);
        }}
      >
        {(one) => (
          <ListBoxItem
            id={one.key}
            textValue={`${one.name} ${one.label} ${one.phone.display}`}
            className={css.person}
          >
            <span className={css.who}>
              <bdi className={css.name}>{one.name}</bdi>
              <span className={css.soft}>
                <bdi>{one.label}</bdi> <PhoneNumber phone={one.phone} />
                {one.company !== null && (
                  <>
                    {" · "}
                    <bdi>{one.company}</bdi>
                  </>
                )}
              </span>
            </span>
            {one.contact !== undefined && <PresenceMark contact={one.contact} />}
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
}

/** Who was chosen, with the way back. */
function Chosen({ target, onChange }: { target: Target; onChange: () => void }) {
  const t = useWords();
  return (
    <div className={css.chosen}>
      <Icon name="person" />
      <span className={css.who}>
        <bdi className={css.name}>{target.name}</bdi>
        <span className={css.soft}>
          <PhoneNumber phone={target.phone} />
        </span>
      </span>
      {target.contact !== undefined && <PresenceMark contact={target.contact} />}
      <IconButton name={t("hand.change")} icon="cross" onPress={onChange} />
    </div>
  );
}

function Question({
  activity,
  ask,
  onDone,
}: {
  activity: Activity;
  ask: "transfer" | "consult";
  onDone: () => void;
}) {
  const t = useWords();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Target>();
  const [device, setDevice] = useState<string | null>(null);
  const parsed = useParsed(text.trim());
  const { pending, problems } = useStanding(controlKey(activity.id, ask));
  const asked = useRef(false);
  const devices = useAccount(activity.account)?.devices ?? [];
  const allowed = activity.call?.choices.consult ?? [];
  // The call's own device first: from any other the call would be held and a second one made there.
  const from =
    allowed.find((id) => id === device) ??
    allowed.find((id) => activity.call?.devices.includes(id)) ??
    allowed[0] ??
    null;
  const target: Target | undefined =
    chosen ??
    (parsed?.dial ? { to: text.trim(), name: null, phone: parsed.phone, contact: undefined } : undefined);
  const ways = WAYS.filter(({ act }) => activity.actions.includes(act));
  const offered = ask === "consult" ? activity.actions.includes("consult") : ways.length > 0;
  useWatch({ contacts: chosen?.contact === undefined ? [] : [chosen.contact] });

  // The answer of the platform closes the question; a refusal keeps it open, with the words still there.
  useEffect(() => {
    if (asked.current && !pending && problems.length === 0) onDone();
    if (!pending) asked.current = false;
  }, [pending, problems, onDone]);

  const send = async (handing: Handing | undefined): Promise<void> => {
    // What was offered when the question was opened may have been withdrawn since.
    if (!target || pending || !offered) return;
    const { to } = target;
    asked.current = true;
    await control(
      activity,
      ask === "consult"
        ? { act: "consult", to, device: allowed.length > 1 ? from : null }
        : { act: "transfer", to, handing: handing ?? "blind" },
    );
  };
  return (
    <>
      {ask === "consult" && (
        <p className={css.soft}>{t("hand.consult_more", { who: who(activity, t).name })}</p>
      )}
      {chosen ? (
        <Chosen target={chosen} onChange={() => setChosen(undefined)} />
      ) : (
        <Search
          text={text}
          onText={setText}
          onTarget={setChosen}
          onEnter={() => void send(ask === "consult" ? undefined : ways[0]?.handing)}
        />
      )}
      {ask === "consult" && allowed.length > 1 && (
        <Select
          label={t("hand.device")}
          value={from}
          options={allowed.map((id) => ({ id, title: devices.find((one) => one.id === id)?.title ?? id }))}
          onChange={setDevice}
        />
      )}
      {target && (
        <p className={css.route}>
          <bdi>{who(activity, t).name}</bdi>
          <span aria-hidden="true">{ask === "consult" ? "…" : "→"}</span>
          <strong>
            {target.name === null ? <PhoneNumber phone={target.phone} /> : <bdi>{target.name}</bdi>}
          </strong>
        </p>
      )}
      {!offered && <Notice mood="warn" title={t("hand.gone")} />}
      <Refusal command={controlKey(activity.id, ask)} />
      <Answers>
        <Button onPress={onDone}>{t("common.cancel")}</Button>
        {ask === "consult"
          ? offered && (
              <Button
                tone="main"
                icon="consult"
                key={chosen ? "chosen" : "typed"}
                autoFocus={chosen !== undefined}
                pending={pending}
                isDisabled={!target}
                onPress={() => void send(undefined)}
              >
                {t("action.consult")}
              </Button>
            )
          : ways.toReversed().map(({ act, handing, words, icon }) => (
              <Button
                key={`${act} ${chosen ? "chosen" : "typed"}`}
                tone={act === ways[0]?.act ? "main" : "plain"}
                icon={icon}
                autoFocus={chosen !== undefined && act === ways[0]?.act}
                pending={pending}
                isDisabled={!target}
                onPress={() => void send(handing)}
              >
                {t(words)}
              </Button>
            ))}
      </Answers>
    </>
  );
}

/** The dialog. Without an activity (the call is gone) there is nothing to ask. */
export function HandOver({
  activity,
  ask,
  onClose,
}: {
  activity: Activity;
  ask: "transfer" | "consult";
  onClose: () => void;
}) {
  const t = useWords();
  return (
    <Dialog open title={t(`hand.${ask}`, { who: who(activity, t).name })} onClose={onClose}>
      <Question activity={activity} ask={ask} onDone={onClose} />
    </Dialog>
  );
}
