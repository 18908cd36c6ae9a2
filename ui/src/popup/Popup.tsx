// What the pop-up shows: who rings, through what, for how long, what we know, and three buttons. Several rings are
// paged, never stacked on one another. The shell shows and hides the window; the page only draws.

import { useEffect, useRef, useState } from "react";
import { I18nProvider, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { isChord } from "../actions/keys";
import { action, answer, decline } from "../actions/registry";
import { CallActions, CallRefusals, useAnswerDevices } from "../domain/CallActions";
import { CallerName, Company, PhoneNumber, Through, Timer } from "../domain/Names";
import { activityIcon, who } from "../domain/who";
import type { Activity, Ring } from "../generated/model";
import { IconButton } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { host } from "../platform";
import { announceNow } from "../state/announce";
import { useActivity, useHeld, useRings } from "../state/store";
import { useLocale, useWords } from "../words/words";
import css from "./Popup.module.css";

function Known({ activity }: { activity: Activity }) {
  const t = useWords();
  const { match } = who(activity, t);
  const tickets = match?.tickets.length ?? 0;
  const [first] = match?.tickets ?? [];
  if (!first) return null;
  return (
    <p className={css.known}>
      <Icon name="ticket" size="s" />
      <span>
        {t("caller.open_tickets", { count: tickets })}: <bdi>{first.title}</bdi>
      </span>
    </p>
  );
}

function Silence({ ring }: { ring: Ring }) {
  const t = useWords();
  const [silent, setSilent] = useState(false);
  return (
    <IconButton
      name={t("action.silence")}
      size="l"
      icon="silence"
      isDisabled={silent}
      onPress={() => {
        setSilent(true);
        void host.call("silence", ring.activity).catch(() => setSilent(false));
      }}
    />
  );
}

/** Where else to answer: choosing a device answers there, in one step. */
function Devices({ activity }: { activity: Activity }) {
  const t = useWords();
  const devices = useAnswerDevices(activity);
  if (devices.length < 2) return null;
  return (
    <MenuTrigger>
      <IconButton name={t("dial.answer_on")} icon="device" />
      <Popover className={css.popover} offset={4}>
        <Menu
          className={css.menu}
          aria-label={t("dial.answer_on")}
          onAction={(device) => answer(activity, String(device))}
        >
          {devices.map(({ id, title }) => (
            <MenuItem key={id} id={id} textValue={title} className={css.item}>
              <bdi>{title}</bdi>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Ringing({
  ring,
  place,
}: {
  ring: Ring;
  place: { at: number; of: number; go: (at: number) => void };
}) {
  const t = useWords();
  const activity = useActivity(ring.activity);
  if (!activity) return null;
  const caller = who(activity, t);
  return (
    <article className={css.card} aria-label={t("shell.ringing_title", { who: caller.name })}>
      <header className={css.head} data-tauri-drag-region>
        <span className={css.bell}>
          <Icon name={activityIcon(activity)} />
        </span>
        <span className={css.through} data-tauri-drag-region>
          <Through activity={activity} />
        </span>
        {place.of > 1 && (
          <span className={css.pages}>
            <IconButton
              name={t("popup.previous")}
              icon="back"
              isDisabled={place.at === 0}
              onPress={() => place.go(place.at - 1)}
            />
            <span>{t("popup.page", { at: place.at + 1, of: place.of })}</span>
            <span className={css.next}>
              <IconButton
                name={t("popup.next")}
                icon="back"
                isDisabled={place.at === place.of - 1}
                onPress={() => place.go(place.at + 1)}
              />
            </span>
          </span>
        )}
        <Devices activity={activity} />
        <span className={css.time}>
          <Timer since={ring.since} />
        </span>
      </header>
      <div className={css.who} data-tauri-drag-region>
        <h1 className={css.name}>
          <CallerName activity={activity} />
        </h1>
        <p className={css.more}>
          {caller.phone && !caller.isNumber && <PhoneNumber phone={caller.phone} />}
          {caller.company && <Company name={caller.company} />}
        </p>
        <Known activity={activity} />
      </div>
      <CallRefusals activity={activity} />
      <footer className={css.actions}>
        <CallActions activity={activity} size="l" />
        <Silence key={ring.activity} ring={ring} />
        <IconButton
          name={t("shell.show")}
          size="l"
          icon="work"
          onPress={() => void host.call("show_main", ring.activity).catch(() => undefined)}
        />
      </footer>
    </article>
  );
}

/** Answering and declining by the same chords as in the main window. */
function useChords(activity: Activity | undefined): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!activity || event.repeat) return;
      if (isChord(event, action("answer").keys ?? "") && activity.actions.includes("answer"))
        answer(activity);
      else if (isChord(event, action("decline").keys ?? "") && activity.actions.includes("decline"))
        decline(activity);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [activity]);
}

function Rings() {
  const t = useWords();
  const rings = useRings();
  const [chosen, setChosen] = useState<string>();
  // The page stays on its ring when others come or go.
  const at = Math.max(
    0,
    rings.findIndex((ring) => ring.activity === chosen),
  );
  const ring = rings[at];
  const activity = useHeld((held) => held.mirror?.activities[ring?.activity ?? ""]);
  const said = useRef<string>(undefined);
  useChords(activity);
  useEffect(() => {
    if (ring && chosen !== ring.activity) setChosen(ring.activity);
    if (!activity || said.current === activity.id) return;
    said.current = activity.id;
    announceNow(t("shell.ringing_title", { who: who(activity, t).name }));
  }, [ring, chosen, activity, t]);
  if (!ring) return <p className={css.nothing}>{t("work.ringing_none")}</p>;
  return (
    <Ringing ring={ring} place={{ at, of: rings.length, go: (next) => setChosen(rings[next]?.activity) }} />
  );
}

export function Popup() {
  const formats = useLocale((locale) => locale.formats);
  const there = useHeld((held) => held.mirror !== undefined);
  return (
    <I18nProvider locale={formats}>
      <main className={css.popup}>{there && <Rings />}</main>
    </I18nProvider>
  );
}
