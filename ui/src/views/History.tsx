// History: my calls of all accounts, the call logs of groups with who takes care of what, and the conferences of the
// calendar.

import { type ReactNode, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Capability } from "../generated/model";
import { Empty } from "../parts/Empty";
import { useMirror } from "../state/store";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { Conferences } from "./Conferences";
import css from "./History.module.css";
import { GroupHistory, OwnHistory } from "./HistoryList";

const PAGES: readonly { id: Capability; words: Key; page: ReactNode }[] = [
  { id: "history", words: "history.past", page: <OwnHistory /> },
  { id: "group_history", words: "history.groups", page: <GroupHistory /> },
  { id: "conferences", words: "history.conferences", page: <Conferences /> },
];

export function History() {
  const t = useWords();
  const [chosen, choose] = useState<string>();
  const accounts = useMirror((mirror) => mirror.accounts);
  const pages = PAGES.filter(({ id }) => accounts.some((one) => one.capabilities.includes(id)));
  const page = pages.find(({ id }) => id === chosen) ?? pages[0];
  return (
    <main className={css.view} aria-label={t("view.history")}>
      <h1 className="heard">{t("view.history")}</h1>
      <section className={css.all} aria-label={t("view.history")}>
        {!page ? (
          <Empty icon="history" title={t("history.none_offered")}>
            {t("history.none_offered_more")}
          </Empty>
        ) : (
          <Tabs className={css.tabs} selectedKey={page.id} onSelectionChange={(key) => choose(String(key))}>
            <TabList className={css.tabList} aria-label={t("history.parts")}>
              {pages.map(({ id, words }) => (
                <Tab key={id} id={id} className={css.tab}>
                  {t(words)}
                </Tab>
              ))}
            </TabList>
            {pages.map(({ id, page: content }) => (
              <TabPanel key={id} id={id} className={css.panel}>
                {content}
              </TabPanel>
            ))}
          </Tabs>
        )}
      </section>
    </main>
  );
}
