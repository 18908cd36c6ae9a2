// History: my contacts of all accounts, my day drawn to scale, the call logs of groups with who takes care of what, and
// the conferences of the calendar. My own past and my days are always there, the rest where an account offers it.

import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Capability } from "../generated/model";
import { Button } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { useMirror } from "../state/store";
import { showDay, useUi } from "../state/ui";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { Conferences } from "./Conferences";
import { Day } from "./Day";
import css from "./History.module.css";
import { GroupHistory, OwnHistory } from "./HistoryList";

const PAGES: readonly { id: string; needs?: Capability; words: Key; page: ReactNode }[] = [
  { id: "history", words: "history.past", page: <Past /> },
  { id: "day", words: "day.title", page: <Day /> },
  { id: "group_history", needs: "group_history", words: "history.groups", page: <GroupHistory /> },
  { id: "conferences", needs: "conferences", words: "history.conferences", page: <Conferences /> },
];

function Past() {
  const t = useWords();
  const offered = useMirror((mirror) => mirror.accounts.some((one) => one.capabilities.includes("history")));
  return offered ? (
    <OwnHistory />
  ) : (
    <Empty
      icon="history"
      title={t("history.none_offered")}
      action={
        <Button icon="clock" onPress={showDay}>
          {t("work.day_open")}
        </Button>
      }
    >
      {t("history.none_offered_more")}
    </Empty>
  );
}

export function History() {
  const t = useWords();
  const chosen = useUi((ui) => ui.historyPage);
  const accounts = useMirror((mirror) => mirror.accounts);
  const pages = PAGES.filter(
    ({ needs }) => needs === undefined || accounts.some((one) => one.capabilities.includes(needs)),
  );
  const page = pages.find(({ id }) => id === chosen)?.id ?? "history";
  return (
    <main className={css.view} aria-label={t("view.history")}>
      <h1 className="heard">{t("view.history")}</h1>
      <section className={css.all} aria-label={t("view.history")}>
        <Tabs
          className={css.tabs}
          selectedKey={page}
          onSelectionChange={(key) => useUi.setState({ historyPage: String(key) })}
        >
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
      </section>
    </main>
  );
}
