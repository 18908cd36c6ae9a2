// The settings: a list of pages, one shown.

import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { Icon, type IconName } from "../../parts/Icon";
import { useUi } from "../../state/ui";
import type { Key } from "../../words/words";
import { useWords } from "../../words/words";
import { Accounts } from "./Accounts";
import { Alerts } from "./Alerts";
import { Appearance } from "./Appearance";
import { Calls } from "./Calls";
import { Diagnostics } from "./Diagnostics";
import css from "./Settings.module.css";

const PAGES: readonly { id: string; icon: IconName; words: Key; page: ReactNode }[] = [
  { id: "accounts", icon: "contacts", words: "settings.accounts", page: <Accounts /> },
  { id: "alerts", icon: "waiting", words: "settings.alerts", page: <Alerts /> },
  { id: "calls", icon: "phone", words: "settings.calls", page: <Calls /> },
  { id: "appearance", icon: "edit", words: "settings.appearance", page: <Appearance /> },
  { id: "diagnostics", icon: "info", words: "settings.diagnostics", page: <Diagnostics /> },
];

export function Settings() {
  const t = useWords();
  const page = useUi((ui) => ui.settingsPage);
  return (
    <main className={css.settings} aria-label={t("view.settings")}>
      <h1 className="heard">{t("view.settings")}</h1>
      <Tabs
        className={css.tabs}
        orientation="vertical"
        selectedKey={page}
        onSelectionChange={(key) => useUi.setState({ settingsPage: String(key) })}
      >
        <TabList className={css.list} aria-label={t("settings.pages")}>
          {PAGES.map(({ id, icon, words }) => (
            <Tab key={id} id={id} className={css.tab}>
              <Icon name={icon} />
              {t(words)}
            </Tab>
          ))}
        </TabList>
        {PAGES.map(({ id, words, page: content }) => (
          <TabPanel key={id} id={id} className={css.page}>
            <h2>{t(words)}</h2>
            {content}
          </TabPanel>
        ))}
      </Tabs>
    </main>
  );
}
