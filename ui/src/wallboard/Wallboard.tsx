// What the wallboard shows: a line with the clock and what is wrong altogether, and as many queues as can be read from afar.
// It says loudly when it does not hear a platform, because figures that stand still look like a quiet day.

import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { I18nProvider } from "react-aria-components";
import type { AccountState } from "../generated/model";
import { IconButton } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { engineNow, useByNow } from "../state/clock";
import { standing } from "../state/levels";
import { isHeard } from "../state/queues";
import { mirrorNow, useHeld, useMirror, useMirrorList } from "../state/store";
import { useWatch } from "../state/watch";
import { clockTime, count } from "../words/format";
import { useLocale, useWords } from "../words/words";
import { close, toggleFullScreen } from "./keys";
import { boardOrder, type Grid, gridFor, pageAt, TURN, togglePaused, turn, useTurning } from "./pages";
import { Tile } from "./Tile";
import css from "./Wallboard.module.css";

function Clock() {
  return <time className={css.clock}>{useByNow(clockTime)}</time>;
}

/** What is wrong over all pages, so that an alarm is seen although its tile is not. */
function Sum() {
  const t = useWords();
  const [waiting, alarms, warnings] = useByNow((now) => {
    const mirror = mirrorNow();
    const board = mirror ? boardOrder(mirror, now) : [];
    const stands = board.map(({ figures }) => standing(figures, mirror?.settings.thresholds ?? [], now));
    const told = board.flatMap(({ figures }) => figures?.waiting ?? []);
    return [
      told.length === 0 ? "–" : count(told.reduce((sum, one) => sum + one, 0)),
      stands.filter((one) => one === "alarm").length,
      stands.filter((one) => one === "warning").length,
    ].join("|");
  }).split("|");
  return (
    <ul className={css.sum}>
      <li>
        {t("wallboard.total_waiting")} <b>{waiting}</b>
      </li>
      {alarms !== "0" && (
        <li className={css.alarm}>
          <Icon name="urgent" /> {t("wallboard.alarms", { count: Number(alarms) })}
        </li>
      )}
      {warnings !== "0" && (
        <li className={css.warning}>
          <Icon name="alert" /> {t("wallboard.warnings", { count: Number(warnings) })}
        </li>
      )}
    </ul>
  );
}

/** The accounts that are not heard, over the whole width. */
function Lost({ accounts }: { accounts: readonly AccountState[] }) {
  const t = useWords();
  const trouble = useHeld((held) => held.trouble !== undefined);
  const lost = accounts.filter((one) => !isHeard(one));
  if (!trouble && lost.length === 0) return null;
  return (
    <div className={css.lost} role="alert">
      <Icon name="offline" />
      {trouble || lost.length === accounts.length ? <strong>{t("wallboard.lost")}</strong> : null}
      {lost.map(({ account, health }) => (
        <span key={account.id}>
          {t("wallboard.lost_account", {
            account: account.name,
            time: clockTime(health.heard_at ?? health.since),
          })}
        </span>
      ))}
    </div>
  );
}

/** The space for tiles, in rem. */
function useSpace(): [RefObject<HTMLDivElement | null>, { wide: number; high: number }] {
  const box = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState({ wide: 72, high: 36 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setSpace({ wide: element.clientWidth / rem, high: element.clientHeight / rem });
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return [box, space];
}

/** The queues in the order of the last turn: looked at anew when a page turns, when queues come or go, never in between. */
function useBoard(): readonly string[] {
  const turns = useTurning((turning) => turning.turn);
  const chosen = useMirror((mirror) => mirror.settings.wallboard);
  const thresholds = useMirror((mirror) => mirror.settings.thresholds);
  const there = useMirrorList((mirror) => Object.keys(mirror.statistics).sort());
  const accounts = useMirrorList((mirror) => mirror.accounts.map((one) => one.account.id));
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  return useMemo(() => {
    const mirror = mirrorNow();
    return mirror ? boardOrder(mirror, engineNow()).map(({ key }) => key) : [];
  }, [turns, chosen, thresholds, there, accounts]);
}

/** Turns the page by itself. Whoever turns it by hand has the whole time before it turns again. */
function useTurns(pages: number): void {
  const { turn: turns, paused } = useTurning();
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew with each turn
  useEffect(() => {
    if (paused) return;
    const timer = setTimeout(() => turn(1), TURN * 1000);
    return () => clearTimeout(timer);
  }, [turns, paused, pages]);
}

function Pages({ at, of }: { at: number; of: number }) {
  const t = useWords();
  const paused = useTurning((turning) => turning.paused);
  if (of < 2) return null;
  return (
    <div className={css.pages}>
      <IconButton name={t("wallboard.previous")} icon="back" onPress={() => turn(-1)} />
      <span>{t("wallboard.page", { at: count(at + 1), of: count(of) })}</span>
      <span className={css.next}>
        <IconButton name={t("wallboard.next")} icon="back" onPress={() => turn(1)} />
      </span>
      <IconButton
        name={t(paused ? "wallboard.resume" : "wallboard.pause")}
        icon={paused ? "play" : "pause"}
        onPress={togglePaused}
      />
    </div>
  );
}

function Tiles({ names, grid }: { names: readonly string[]; grid: Grid }) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.style.setProperty("grid-template-columns", `repeat(${grid.columns}, minmax(0, 1fr))`);
    list.current?.style.setProperty("grid-template-rows", `repeat(${grid.rows}, minmax(0, 1fr))`);
  }, [grid.columns, grid.rows]);
  return (
    <ul ref={list} className={css.tiles}>
      {names.map((name) => (
        <Tile key={name} name={name} />
      ))}
    </ul>
  );
}

function Board() {
  const t = useWords();
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("queue_statistics")),
  );
  useWatch({ queues: accounts.map((one) => one.account.id) });
  const names = useBoard();
  const [box, { wide, high }] = useSpace();
  const grid = gridFor(names.length, wide, high);
  const size = grid.columns * grid.rows;
  const pages = Math.max(1, Math.ceil(names.length / size));
  const turns = useTurning((turning) => turning.turn);
  const at = pageAt(turns, pages);
  useTurns(pages);
  return (
    <main className={css.board} aria-label={t("wallboard.title")}>
      <h1 className="heard">{t("wallboard.title")}</h1>
      <header className={css.top}>
        <Clock />
        <Sum />
        <Pages at={at} of={pages} />
        <div className={css.tools}>
          <IconButton
            name={t("wallboard.full_screen")}
            icon="screen"
            onPress={() => void toggleFullScreen().catch(() => undefined)}
          />
          <IconButton name={t("wallboard.close")} icon="cross" onPress={close} />
        </div>
      </header>
      <Lost accounts={accounts} />
      <div ref={box} className={css.space}>
        {names.length === 0 ? (
          <Empty icon="queues" title={t("wallboard.empty")}>
            {t("wallboard.empty_more")}
          </Empty>
        ) : (
          <Tiles names={names.slice(at * size, (at + 1) * size)} grid={grid} />
        )}
      </div>
    </main>
  );
}

export function Wallboard() {
  const t = useWords();
  const formats = useLocale((locale) => locale.formats);
  const there = useHeld((held) => held.mirror !== undefined);
  const trouble = useHeld((held) => held.trouble !== undefined);
  return (
    <I18nProvider locale={formats}>
      {there ? (
        <Board />
      ) : (
        <main className={css.waiting} aria-label={t("wallboard.title")}>
          {trouble ? (
            <p className={css.lost} role="alert">
              <Icon name="offline" /> <strong>{t("wallboard.lost")}</strong>
            </p>
          ) : (
            <Spinner />
          )}
        </main>
      )}
    </I18nProvider>
  );
}
