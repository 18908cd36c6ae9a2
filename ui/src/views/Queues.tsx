// Queues: how those of all accounts stand, and what their centres run beside them. Both are asked for only while they are
// looked at.

import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { Empty } from "../parts/Empty";
import { hasQueues } from "../state/queues";
import { useMirror } from "../state/store";
import { useWords } from "../words/words";
import css from "./Queues.module.css";
import { QueuesCentre } from "./QueuesCentre";
import { QueuesList } from "./QueuesList";

export function Queues() {
  const t = useWords();
  const [part, choose] = useState("queues");
  const there = useMirror((mirror) => mirror.accounts.some(hasQueues));
  const centre = useMirror((mirror) => mirror.accounts.some((one) => one.capabilities.includes("centre")));
  return (
    <main className={css.view} aria-label={t("view.queues")}>
      <h1 className="heard">{t("view.queues")}</h1>
      {!there && !centre ? (
        <section aria-label={t("view.queues")}>
          <Empty icon="queues" title={t("queues.none")}>
            {t("queues.none_more")}
          </Empty>
        </section>
      ) : !centre ? (
        <QueuesList />
      ) : (
        <Tabs className={css.tabs} selectedKey={part} onSelectionChange={(key) => choose(String(key))}>
          <TabList className={css.tabList} aria-label={t("queues.parts")}>
            <Tab id="queues" className={css.tab}>
              {t("view.queues")}
            </Tab>
            <Tab id="centre" className={css.tab}>
              {t("queues.centre")}
            </Tab>
          </TabList>
          <TabPanel id="queues" className={css.panel}>
            <QueuesList />
          </TabPanel>
          <TabPanel id="centre" className={css.panel}>
            <QueuesCentre />
          </TabPanel>
        </Tabs>
      )}
    </main>
  );
}
