// What the list shows, as chips that can be taken away, and the form that adds others. What was changed can be kept as a
// filter of the agent's own.

import { useState } from "react";
import { DialogTrigger, Popover, Dialog as PopoverBox, Button as Pressable } from "react-aria-components";
import { partsOf } from "../domain/filterWords";
import { Trouble } from "../domain/Trouble";
import type { Problem, TicketSort } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Select, TextLine } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { asProblem } from "../platform";
import { isOwn, saveFilter, useFilters } from "../state/filters";
import { look, useInbox } from "../state/inbox";
import { useMirrorList } from "../state/store";
import { useWords } from "../words/words";
import css from "./FilterBar.module.css";
import { FilterForm } from "./FilterForm";

const SORTS = ["newest", "oldest", "due", "priority"] as const satisfies readonly TicketSort[];

/** Keeps what is shown under a name, or in place of the own filter it began with. */
function Keep() {
  const t = useWords();
  const asked = useInbox((inbox) => inbox.asked);
  const began = useFilters(({ filters }) => filters?.find(({ id }) => id === asked.id));
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const changed =
    asked.view === null &&
    began !== undefined &&
    (JSON.stringify(began.filter) !== JSON.stringify(asked.filter) || began.sort !== asked.sort);
  const own = began !== undefined && isOwn(began.id);
  const keep = async (id: string | null, called: string): Promise<void> => {
    setProblem(undefined);
    try {
      const kept = await saveFilter({ id, title: called, filter: asked.filter, sort: asked.sort });
      // The list is the same one; only what it is called changed.
      useInbox.setState((inbox) => ({ asked: { ...inbox.asked, id: kept } }));
      setOpen(false);
      setTitle("");
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setOpen(true);
    }
  };
  if (!changed && !open) return null;
  const save = (): void => {
    if (title.trim() !== "") void keep(null, title.trim());
  };
  return (
    <>
      {own && began && (
        <Button tone="quiet" icon="save" onPress={() => void keep(began.id, began.title)}>
          {t("filter.update", { name: began.title })}
        </Button>
      )}
      <Button tone="quiet" icon="plus" onPress={() => setOpen(true)}>
        {t("filter.keep")}
      </Button>
      <Dialog open={open} title={t("filter.keep_title")} onClose={() => setOpen(false)}>
        <TextLine label={t("filter.name")} value={title} onChange={setTitle} onEnter={save} autoFocus />
        {problem && <Trouble problem={problem} />}
        <Answers>
          <Button onPress={() => setOpen(false)}>{t("common.cancel")}</Button>
          <Button tone="main" isDisabled={title.trim() === ""} onPress={save}>
            {t("common.save")}
          </Button>
        </Answers>
      </Dialog>
    </>
  );
}

export function FilterBar() {
  const t = useWords();
  const asked = useInbox((inbox) => inbox.asked);
  const accounts = useMirrorList((mirror) => mirror.accounts);
  const names = new Map(accounts.map(({ account }) => [account.id, account.name]));
  const searching = asked.text.trim() !== "";
  const parts = partsOf(asked.filter, t, names);
  const clear = (): void => {
    const began = useFilters.getState().filters?.find(({ id }) => id === asked.id);
    if (began?.filter) look({ filter: began.filter, sort: began.sort });
  };
  return (
    <div className={css.bar}>
      {asked.view === null && (
        <DialogTrigger>
          <Button tone="quiet" icon="filter">
            {t("filter.edit")}
          </Button>
          <Popover className={css.popover} offset={4} placement="bottom start">
            <PopoverBox className={css.form} aria-label={t("filter.edit")}>
              <FilterForm filter={asked.filter} onChange={(filter) => look({ filter })} />
            </PopoverBox>
          </Popover>
        </DialogTrigger>
      )}
      <ul className={css.chips} aria-label={t("filter.shown")}>
        {parts.map(({ id, title, without }) => (
          <li key={id}>
            <Pressable
              className={css.chip}
              aria-label={t("filter.remove", { name: title })}
              onPress={() => look({ filter: without })}
            >
              <bdi>{title}</bdi>
              <Icon name="cross" size="s" />
            </Pressable>
          </li>
        ))}
        {searching && <li className={css.soft}>{t("filter.search_all")}</li>}
      </ul>
      <Keep />
      <span className={css.end}>
        <FilterReset onPress={clear} />
        <Select
          label={t("filter.sort")}
          hideLabel
          value={asked.sort}
          options={SORTS.map((id) => ({ id, title: t(`filter.sort.${id}`) }))}
          onChange={(sort) => look({ sort: sort as TicketSort })}
        />
      </span>
    </div>
  );
}

/** Back to the filter as it was kept. */
function FilterReset({ onPress }: { onPress: () => void }) {
  const t = useWords();
  const asked = useInbox((inbox) => inbox.asked);
  const began = useFilters(({ filters }) => filters?.find(({ id }) => id === asked.id));
  const same =
    !began?.filter ||
    (JSON.stringify(began.filter) === JSON.stringify(asked.filter) && began.sort === asked.sort);
  return same ? null : <IconButton name={t("filter.reset")} icon="resend" onPress={onPress} />;
}
