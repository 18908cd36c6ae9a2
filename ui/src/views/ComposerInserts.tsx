// What a composer puts in at the cursor: texts the platform keeps for answers, and articles of its knowledge base.

import { useEffect, useState } from "react";
import {
  Autocomplete,
  Dialog,
  DialogTrigger,
  Input,
  Menu,
  MenuItem,
  Popover,
  SearchField,
  useFilter,
} from "react-aria-components";
import { Trouble } from "../domain/Trouble";
import type { AccountId, Article, Problem, Template, TicketId } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { TextLine } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { useWords } from "../words/words";
import css from "./ComposerInserts.module.css";

type Insert = (text: string, subject?: string | null) => void;

type Loaded<T> =
  | { is: "loading" }
  | { is: "there"; items: readonly T[] }
  | { is: "failed"; problem: Problem };

function Templates({ ticket, onInsert }: { ticket: TicketId; onInsert: Insert }) {
  const t = useWords();
  const [list, setList] = useState<Loaded<Template>>({ is: "loading" });
  const [problem, setProblem] = useState<Problem>();
  const { contains } = useFilter({ sensitivity: "base" });
  useEffect(() => {
    let current = true;
    host.call("templates", ticket).then(
      (items) => current && setList({ is: "there", items }),
      (thrown) => current && setList({ is: "failed", problem: asProblem(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [ticket]);
  const choose = async (template: string): Promise<void> => {
    setProblem(undefined);
    try {
      const { text, subject } = await host.call("template", { ticket, template });
      onInsert(text, subject);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  if (list.is === "loading") return <Spinner />;
  if (list.is === "failed") return <Trouble problem={list.problem} />;
  return (
    <>
      {problem && <Trouble problem={problem} />}
      <Autocomplete filter={contains}>
        <SearchField className={css.search} aria-label={t("composer.search_templates")} autoFocus>
          <Input className={css.input} placeholder={t("composer.search_templates")} />
        </SearchField>
        <Menu
          className={css.list}
          aria-label={t("composer.templates")}
          items={list.items}
          renderEmptyState={() => <p className={css.soft}>{t("composer.no_templates")}</p>}
          onAction={(id) => void choose(String(id))}
        >
          {({ id, title, group }) => (
            <MenuItem id={id} textValue={`${title} ${group}`} className={css.item}>
              <bdi>{title}</bdi>
              {group !== "" && <bdi className={css.soft}>{group}</bdi>}
            </MenuItem>
          )}
        </Menu>
      </Autocomplete>
    </>
  );
}

/** How long typing may rest before the platform is asked, in milliseconds. */
const REST = 300;

function Knowledge({ account, onInsert }: { account: AccountId; onInsert: Insert }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Loaded<Article>>({ is: "there", items: [] });
  useEffect(() => {
    if (text.trim() === "") {
      setFound({ is: "there", items: [] });
      return undefined;
    }
    let current = true;
    const timer = setTimeout(() => {
      setFound({ is: "loading" });
      host.call("knowledge", { account, text: text.trim() }).then(
        (items) => current && setFound({ is: "there", items }),
        (thrown) => current && setFound({ is: "failed", problem: asProblem(thrown) }),
      );
    }, REST);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [account, text]);
  return (
    <>
      <TextLine
        label={t("composer.search_knowledge")}
        hideLabel
        type="search"
        placeholder={t("composer.search_knowledge")}
        value={text}
        onChange={setText}
        autoFocus
      />
      {found.is === "loading" && <Spinner />}
      {found.is === "failed" && <Trouble problem={found.problem} />}
      {found.is === "there" && (
        <ul className={css.list}>
          {found.items.map((article) => (
            <li key={article.id} className={css.article}>
              <bdi className={css.title}>{article.title}</bdi>
              <p className={css.excerpt} dir="auto">
                {article.text}
              </p>
              <span className={css.do}>
                <Button tone="quiet" onPress={() => onInsert(article.text)}>
                  {t("composer.insert_text")}
                </Button>
                {article.web !== null && (
                  <Button tone="quiet" onPress={() => onInsert(article.web ?? "")}>
                    {t("composer.insert_link")}
                  </Button>
                )}
              </span>
            </li>
          ))}
          {found.items.length === 0 && text.trim() !== "" && (
            <li className={css.soft}>{t("composer.no_articles")}</li>
          )}
        </ul>
      )}
    </>
  );
}

export function TemplateMenu({ ticket, onInsert }: { ticket: TicketId; onInsert: Insert }) {
  const t = useWords();
  return (
    <DialogTrigger>
      <IconButton name={t("composer.templates")} icon="form" />
      <Popover className={css.popover} offset={4}>
        <Dialog className={css.box} aria-label={t("composer.templates")}>
          {({ close }) => (
            <Templates
              ticket={ticket}
              onInsert={(text, subject) => {
                close();
                onInsert(text, subject);
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function KnowledgeMenu({ account, onInsert }: { account: AccountId; onInsert: Insert }) {
  const t = useWords();
  return (
    <DialogTrigger>
      <IconButton name={t("composer.knowledge")} icon="search" />
      <Popover className={css.popover} offset={4}>
        <Dialog className={css.box} aria-label={t("composer.knowledge")}>
          {({ close }) => (
            <Knowledge
              account={account}
              onInsert={(text) => {
                close();
                onInsert(text);
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
