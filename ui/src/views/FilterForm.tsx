// Everything a filter may ask for. Each change is shown in the list at once.

import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { dueWords } from "../domain/filterWords";
import type { Channel, Priority, Stage, Ticket, TicketFilter, Whose } from "../generated/model";
import { Button } from "../parts/Button";
import { Checkbox, Radios, Select, TextLine } from "../parts/Field";
import { useInbox } from "../state/inbox";
import { useMirrorList } from "../state/store";
import { useWords } from "../words/words";
import css from "./FilterBar.module.css";

const WHOSE = ["all", "mine", "unassigned"] as const satisfies readonly Whose[];
const STAGES = [
  "new",
  "open",
  "live",
  "answered",
  "postponed",
  "closed",
  "archived",
  "spam",
  "deleted",
] as const satisfies readonly Stage[];
const CHANNELS = [
  "email",
  "chat",
  "call",
  "sms",
  "whatsapp",
  "messenger",
  "instagram",
  "viber",
  "form",
  "social",
  "comment",
  "other",
] as const satisfies readonly Channel[];
const PRIORITIES = ["high", "medium", "low"] as const satisfies readonly Priority[];
/** Minutes a deadline may be away: missed, an hour, four, a day, a week. */
const DUE = [0, 60, 240, 1440, 10_080] as const;
/** How many tags and categories are proposed. */
const PROPOSED = 12;

/** Toggles of which none means all. */
function Choices<T extends string>({
  title,
  options,
  chosen,
  onChange,
}: {
  title: string;
  options: readonly { id: T; title: string }[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
}) {
  return (
    <div className={css.group}>
      <h3>{title}</h3>
      <ToggleButtonGroup
        className={css.toggles}
        aria-label={title}
        selectionMode="multiple"
        selectedKeys={chosen}
        onSelectionChange={(keys) =>
          onChange(options.map((option) => option.id).filter((id) => keys.has(id)))
        }
      >
        {options.map((option) => (
          <ToggleButton key={option.id} id={option.id} className={css.toggle}>
            <bdi>{option.title}</bdi>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

/** Words of which none means all: proposals of the list, and any that is typed. */
function WordsField({
  title,
  add,
  proposed,
  chosen,
  onChange,
}: {
  title: string;
  add: string;
  proposed: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const t = useWords();
  const [text, setText] = useState("");
  const all = [...new Set([...chosen, ...proposed])];
  const take = (): void => {
    const word = text.trim();
    setText("");
    if (word !== "" && !chosen.includes(word)) onChange([...chosen, word]);
  };
  return (
    <>
      <Choices
        title={title}
        options={all.map((word) => ({ id: word, title: word }))}
        chosen={chosen}
        onChange={onChange}
      />
      <div className={css.toggles}>
        <TextLine label={add} hideLabel placeholder={add} value={text} onChange={setText} onEnter={take} />
        <Button onPress={take} isDisabled={text.trim() === ""}>
          {t("filter.add")}
        </Button>
      </div>
    </>
  );
}

/** What stands in the rows that are here, for proposals. */
function useProposed(words: (ticket: Ticket) => readonly string[]): readonly string[] {
  const windows = useInbox((inbox) => inbox.windows);
  const found = new Map<string, number>();
  for (const rows of windows.values())
    for (const ticket of rows) for (const word of words(ticket)) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, PROPOSED)
    .map(([word]) => word);
}

export function FilterForm({
  filter,
  onChange,
}: {
  filter: TicketFilter;
  onChange: (filter: TicketFilter) => void;
}) {
  const t = useWords();
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("tickets")),
  );
  const tags = useProposed((ticket) => ticket.tags.map((tag) => tag.title));
  const categories = useProposed((ticket) => (ticket.category ? [ticket.category.title] : []));
  const set = (part: Partial<TicketFilter>): void => onChange({ ...filter, ...part });
  return (
    <>
      <Radios
        label={t("filter.whose")}
        row
        value={filter.whose}
        options={WHOSE.map((id) => ({ id, title: t(`filter.whose.${id}`) }))}
        onChange={(whose) => set({ whose: whose as Whose })}
      />
      <Checkbox
        label={t("filter.awaits")}
        value={filter.awaits_answer}
        onChange={(on) => set({ awaits_answer: on })}
      />
      <Checkbox
        label={t("filter.only_unread")}
        value={filter.unread}
        onChange={(on) => set({ unread: on })}
      />
      <Select
        label={t("filter.due")}
        value={filter.due_within_min === null ? "any" : String(filter.due_within_min)}
        options={[
          { id: "any", title: t("filter.due_any") },
          ...DUE.map((minutes) => ({ id: String(minutes), title: dueWords(minutes, t) })),
        ]}
        onChange={(id) => set({ due_within_min: id === "any" ? null : Number(id) })}
      />
      <Choices
        title={t("filter.stages")}
        options={STAGES.map((id) => ({ id, title: t(`stage.${id}`) }))}
        chosen={filter.stages}
        onChange={(stages) => set({ stages })}
      />
      <Choices
        title={t("filter.channels")}
        options={CHANNELS.map((id) => ({ id, title: t(`channel.${id}`) }))}
        chosen={filter.channels}
        onChange={(channels) => set({ channels })}
      />
      <Choices
        title={t("filter.priorities")}
        options={PRIORITIES.map((id) => ({ id, title: t(`priority.${id}`) }))}
        chosen={filter.priorities}
        onChange={(priorities) => set({ priorities })}
      />
      {accounts.length > 1 && (
        <Choices
          title={t("filter.accounts")}
          options={accounts.map(({ account }) => ({ id: account.id, title: account.name }))}
          chosen={filter.accounts}
          onChange={(chosen) => set({ accounts: chosen })}
        />
      )}
      <WordsField
        title={t("filter.tags")}
        add={t("filter.add_tag")}
        proposed={tags}
        chosen={filter.tags}
        onChange={(chosen) => set({ tags: chosen })}
      />
      <WordsField
        title={t("filter.categories")}
        add={t("filter.add_category")}
        proposed={categories}
        chosen={filter.categories}
        onChange={(chosen) => set({ categories: chosen })}
      />
    </>
  );
}
