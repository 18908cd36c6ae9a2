// The frame of the main window: rail, state bar, view, dock, and what lies over them.

import { I18nProvider } from "react-aria-components";
import { Notices } from "../domain/Notices";
import { cx } from "../parts/cx";
import { useHeld } from "../state/store";
import { useUi } from "../state/ui";
import { Contacts } from "../views/Contacts";
import { FirstRun } from "../views/FirstRun";
import { History } from "../views/History";
import { Loading } from "../views/Loading";
import { Queues } from "../views/Queues";
import { Settings } from "../views/settings/Settings";
import { Tickets } from "../views/Tickets";
import { Work } from "../views/Work";
import { useLocale } from "../words/words";
import css from "./App.module.css";
import { CallDialogs } from "./CallDialogs";
import { DeskDialogs } from "./DeskDialogs";
import { Dock } from "./Dock";
import { useFoldedBesideTickets, useFoldedWhenNarrow } from "./narrow";
import { CheatSheet, DialDialog, QuitDialog } from "./Overlays";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { StateBar } from "./StateBar";
import { useTitle } from "./title";

const VIEWS = {
  work: Work,
  tickets: Tickets,
  contacts: Contacts,
  queues: Queues,
  history: History,
  settings: Settings,
} as const;

function Frame() {
  const View = VIEWS[useUi((ui) => ui.view)];
  const open = useUi((ui) => ui.dockOpen);
  useTitle();
  useFoldedWhenNarrow();
  useFoldedBesideTickets();
  return (
    <div className={css.window}>
      <div className={cx(css.frame, open && css.wide)}>
        <Rail />
        <div className={css.top}>
          <StateBar />
        </div>
        <div className={css.view}>
          <View />
        </div>
        <Notices />
        <Dock />
      </div>
      <Palette />
      <CheatSheet />
      <CallDialogs />
      <DeskDialogs />
    </div>
  );
}

export function App() {
  const formats = useLocale((locale) => locale.formats);
  const there = useHeld((held) => held.mirror !== undefined);
  const empty = useHeld((held) => held.mirror?.accounts.length === 0);
  const inSettings = useUi((ui) => ui.view === "settings");
  return (
    <I18nProvider locale={formats}>
      {!there ? <Loading /> : empty && !inSettings ? <FirstRun /> : <Frame />}
      {there && (
        <>
          <QuitDialog />
          <DialDialog />
        </>
      )}
    </I18nProvider>
  );
}
