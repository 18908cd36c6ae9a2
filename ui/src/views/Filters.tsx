// The filter pane: built-in filters, one an account, the views of the platforms, the agent's own; each with how many it
// shows and how many of them are unread.

import { type ReactNode, useEffect, useState } from "react";
import { Button as Pressable } from "react-aria-components";
import { Trouble } from "../domain/Trouble";
import type { Problem, SavedFilter } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { TextLine } from "../parts/Field";
import { Icon, type IconName } from "../parts/Icon";
import { MenuButton } from "../parts/MenuButton";
import { Spinner } from "../parts/Spinner";
import { asProblem } from "../platform";
import { deleteFilter, isOwn, readFilters, saveFilter, useFilters } from "../state/filters";
import { EVERYTHING, look, useInbox } from "../state/inbox";
import { useMirrorList } from "../state/store";
import { count } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./Filters.module.css";

const BUILT_IN: Readonly<Record<string, IconName>> = {
  mine: "person",
  unassigned: "waiting",
  waiting: "reply",
  due: "clock",
  all: "ticket",
};

/** Shows what a filter of the pane shows. */
export function choose({ id, filter, sort }: SavedFilter): void {
  look({ id, view: filter ? null : id, filter: filter ?? EVERYTHING, sort, text: "" });
}

function titleOf(
  filter: Pick<SavedFilter, "id" | "title" | "account">,
  t: Words,
  accounts: ReadonlyMap<string, string>,
): string {
  if (filter.title !== "") return filter.title;
  if (filter.id in BUILT_IN) return t(`filter.${filter.id}` as Key);
  return accounts.get(filter.account ?? "") ?? filter.account ?? filter.id;
}

function useAccountNames(): ReadonlyMap<string, string> {
  const accounts = useMirrorList((mirror) => mirror.accounts);
  return new Map(accounts.map(({ account }) => [account.id, account.name]));
}

/** What the filter is called with which the list began. */
export function useFilterName(): string {
  const t = useWords();
  const id = useInbox((inbox) => inbox.asked.id);
  const found = useFilters(({ filters }) => filters?.find((filter) => filter.id === id));
  const accounts = useAccountNames();
  return titleOf(found ?? { id, title: "", account: null }, t, accounts);
}

/** A new name for a filter, or its end. */
function OwnFilter({ filter }: { filter: SavedFilter }) {
  const t = useWords();
  const [asking, setAsking] = useState<"rename" | "delete">();
  const [title, setTitle] = useState(filter.title);
  const [problem, setProblem] = useState<Problem>();
  const close = (): void => {
    setAsking(undefined);
    setProblem(undefined);
  };
  const attempt = (job: Promise<unknown>): void => {
    setProblem(undefined);
    job.then(close, (thrown) => setProblem(asProblem(thrown)));
  };
  const rename = (): void => {
    if (title.trim() === "" || !filter.filter) return;
    attempt(saveFilter({ id: filter.id, title: title.trim(), filter: filter.filter, sort: filter.sort }));
  };
  const remove = async (): Promise<void> => {
    await deleteFilter(filter.id);
    const all = useFilters.getState().filters?.find(({ id }) => id === "mine");
    if (useInbox.getState().asked.id === filter.id && all) choose(all);
  };
  return (
    <>
      <MenuButton
        name={t("filter.more", { name: filter.title })}
        icon="more"
        entries={[
          { id: "rename", title: t("filter.rename"), icon: "edit" },
          { id: "delete", title: t("filter.delete"), icon: "trash" },
        ]}
        onChoose={(id) => {
          setTitle(filter.title);
          setAsking(id as "rename" | "delete");
        }}
      />
      <Dialog open={asking === "rename"} title={t("filter.rename")} onClose={close}>
        <TextLine label={t("filter.name")} value={title} onChange={setTitle} onEnter={rename} autoFocus />
        {problem && <Trouble problem={problem} />}
        <Answers>
          <Button onPress={close}>{t("common.cancel")}</Button>
          <Button tone="main" isDisabled={title.trim() === ""} onPress={rename}>
            {t("common.save")}
          </Button>
        </Answers>
      </Dialog>
      <Dialog
        open={asking === "delete"}
        title={t("filter.delete_title", { name: filter.title })}
        role="alertdialog"
        onClose={close}
      >
        <p>{t("filter.delete_text")}</p>
        {problem && <Trouble problem={problem} />}
        <Answers>
          <Button onPress={close}>{t("common.cancel")}</Button>
          <Button tone="bad" onPress={() => attempt(remove())}>
            {t("filter.delete")}
          </Button>
        </Answers>
      </Dialog>
    </>
  );
}

function Row({
  filter,
  icon,
  title,
  onChosen,
}: {
  filter: SavedFilter;
  icon: IconName;
  title: string;
  onChosen: (() => void) | undefined;
}) {
  const t = useWords();
  const chosen = useInbox((inbox) => inbox.asked.id === filter.id);
  return (
    <li className={css.item}>
      <Pressable
        className={css.filter}
        aria-current={chosen ? "true" : undefined}
        onPress={() => {
          choose(filter);
          onChosen?.();
        }}
      >
        <Icon name={icon} size="s" />
        <bdi className={css.title}>{title}</bdi>
        {filter.unread > 0 && (
          <span className={css.unread}>
            <span aria-hidden="true">{count(filter.unread)}</span>
            <span className="heard">{t("filter.unread", { count: filter.unread })}</span>
          </span>
        )}
        {filter.total !== null && (
          <span className={css.total}>
            <span aria-hidden="true">{count(filter.total)}</span>
            <span className="heard">
              {t("inbox.count", { count: filter.total, shown: count(filter.total) })}
            </span>
          </span>
        )}
      </Pressable>
      {isOwn(filter.id) && <OwnFilter filter={filter} />}
    </li>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={css.group}>
      <h2 className={css.head}>
        <bdi>{title}</bdi>
      </h2>
      <ul>{children}</ul>
    </section>
  );
}

export function Filters({ onChosen }: { onChosen?: () => void }) {
  const t = useWords();
  const { filters, problem } = useFilters();
  const accounts = useAccountNames();
  useEffect(() => void readFilters(), []);
  if (!filters)
    return problem ? (
      <Trouble
        problem={problem}
        actions={
          <Button icon="resend" onPress={() => void readFilters()}>
            {t("common.try_again")}
          </Button>
        }
      />
    ) : (
      <p className={css.loading}>
        <Spinner /> {t("common.loading")}
      </p>
    );
  const rows = (some: readonly SavedFilter[], icon: IconName): ReactNode =>
    some.map((filter) => (
      <Row
        key={filter.id}
        filter={filter}
        icon={BUILT_IN[filter.id] ?? icon}
        title={titleOf(filter, t, accounts)}
        onChosen={onChosen}
      />
    ));
  const perAccount = filters.filter(({ id }) => id.startsWith("account/"));
  const views = filters.filter(({ id }) => id.startsWith("view/"));
  const own = filters.filter(({ id }) => isOwn(id));
  return (
    <nav className={css.pane} aria-label={t("tickets.filters")}>
      <ul className={css.group}>
        {rows(
          filters.filter(({ id }) => id in BUILT_IN),
          "ticket",
        )}
      </ul>
      {own.length > 0 && <Group title={t("filter.own")}>{rows(own, "filter")}</Group>}
      {perAccount.length > 1 && <Group title={t("filter.accounts")}>{rows(perAccount, "company")}</Group>}
      {[...new Set(views.map(({ account }) => account ?? ""))].map((account) => (
        <Group key={account} title={t("filter.views", { account: accounts.get(account) ?? account })}>
          {rows(
            views.filter((view) => (view.account ?? "") === account),
            "star",
          )}
        </Group>
      ))}
    </nav>
  );
}
