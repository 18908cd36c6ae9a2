// A day drawn to scale: hours above, the contacts as blocks, below them one row of states an account. Everything on it can
// be walked through with the arrow keys; the tables beside it (views/DayTables.tsx) say the same without a picture.

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useLocale as useDirection } from "react-aria-components";
import type { AccountId, ContactBlock, Day, StateBand, Timestamp } from "../generated/model";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { bandEnd, hoursOf, lanesOf, namedEvery, overAt, partsOf, place, type Span } from "../state/dayScale";
import { useMirror } from "../state/store";
import { clockTime, hourName } from "../words/format";
import { useWords } from "../words/words";
import css from "./DayLine.module.css";
import { accountsOf, bandSign, bandWords, contactWords, outcomeSign } from "./dayWords";

/** What can be chosen on the line. */
export type DayThing = { contact: ContactBlock; band?: never } | { band: StateBand; contact?: never };

/** Names a thing as long as the day is shown. */
export function thingId(thing: DayThing): string {
  return thing.contact ? `c ${thing.contact.id}` : `b ${thing.band.account} ${thing.band.from}`;
}

/** Puts an element where its time stands on the scale. */
function put(element: HTMLElement | null, from: Timestamp, to: Timestamp, span: Span, lane = 0): void {
  const start = place(from, span);
  element?.style.setProperty("margin-inline-start", `${start * 100}%`);
  element?.style.setProperty("inline-size", `${Math.max(0, place(to, span) - start) * 100}%`);
  element?.style.setProperty("grid-row", String(lane + 1));
}

/** Puts a mark at a moment. */
function mark(element: HTMLElement | null, at: Timestamp, span: Span): void {
  element?.style.setProperty("inset-inline-start", `${place(at, span) * 100}%`);
}

const share = (seconds: number) => (element: HTMLElement | null) =>
  element?.style.setProperty("flex-grow", String(seconds));

/** Whether something of it is in the part that is looked at. */
const inSpan = (from: Timestamp, to: Timestamp, span: Span): boolean => from < span.to && to >= span.from;

/** A contact: before the conversation, in it, after it. */
function Block({ contact, now }: { contact: ContactBlock; now: Timestamp }) {
  const { waited, talk, wrap_up } = partsOf(contact, now);
  if (contact.answered === null)
    return (
      <span className={cx(css.part, css.unanswered)}>
        <Icon name={outcomeSign(contact.outcome).icon} size="s" />
      </span>
    );
  return (
    <>
      {waited > 0 && <span ref={share(waited)} className={cx(css.part, css.waited)} />}
      <span ref={share(Math.max(1, talk))} className={cx(css.part, css.talk)} />
      {wrap_up > 0 && <span ref={share(wrap_up)} className={cx(css.part, css.wrapUp)} />}
    </>
  );
}

function Hours({ span, room }: { span: Span; room: number }) {
  const hours = hoursOf(span).filter((hour) => hour < span.to);
  const every = namedEvery(hours.length, room);
  return (
    <div className={css.hours} aria-hidden="true">
      {hours.map((hour, index) => (
        <span key={hour} ref={(element) => mark(element, hour, span)} className={css.hour}>
          {index % every === 0 && <bdi>{hourName(hour)}</bdi>}
        </span>
      ))}
    </div>
  );
}

/** How many names of hours there is room for. */
function useRoom() {
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(12);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setRoom(Math.max(2, Math.floor(element.clientWidth / (letter * 3.5))));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, room };
}

/** How wide an hour is when one looks closely, in rem. */
const CLOSE_HOUR = 14;

export function DayLine({
  day,
  now,
  span,
  close,
  chosen,
  onChoose,
  onCall,
}: {
  day: Day;
  now: Timestamp;
  span: Span;
  /** Looks closely: an hour has a fixed width and the line is scrolled. */
  close: boolean;
  chosen: string | undefined;
  onChoose: (thing: DayThing) => void;
  /** The key to call back was pressed. */
  onCall: (contact: ContactBlock) => void;
}) {
  const t = useWords();
  const name = useId();
  const list = useRef<HTMLDivElement>(null);
  const { direction } = useDirection();
  const { box, room } = useRoom();
  const accounts = useMirror((mirror) => mirror.accounts);
  const titleOf = (id: AccountId): string =>
    accounts.find((one) => one.account.id === id)?.account.name ?? id;
  const contacts = day.contacts.filter((one) => inSpan(one.began, overAt(one, now), span));
  const lanes = lanesOf(contacts, now);
  const rows = accountsOf(day).map((account) => ({
    account,
    bands: day.bands.filter(
      (band) => band.account === account && inSpan(band.from, bandEnd(band, day, now), span),
    ),
  }));
  // What the arrow keys walk through, row by row.
  const walk: readonly (readonly DayThing[])[] = [
    contacts.map((contact) => ({ contact })),
    ...rows.map(({ bands }) => bands.map((band) => ({ band }))),
  ].filter((row) => row.length > 0);
  const ids = new Map(walk.flat().map((thing, index) => [thingId(thing), `${name}-${index}`]));

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen is brought into sight once; the day goes on under it
  useEffect(() => {
    const id = chosen === undefined ? undefined : ids.get(chosen);
    if (id !== undefined && list.current?.contains(document.activeElement))
      document.getElementById(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = Math.max(
      0,
      walk.findIndex((things) => things.some((one) => thingId(one) === chosen)),
    );
    const things = walk[row] ?? [];
    const at = things.findIndex((one) => thingId(one) === chosen);
    const thing = things[at];
    const forth = direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const nearest = (other: readonly DayThing[] | undefined): DayThing | undefined => {
      const when = thing?.contact?.began ?? thing?.band?.from ?? span.from;
      return other?.findLast((one) => (one.contact?.began ?? one.band?.from ?? 0) <= when) ?? other?.[0];
    };
    const next: Record<string, () => DayThing | undefined> = {
      [forth]: () => things[Math.min(things.length - 1, at + 1)],
      [back]: () => things[Math.max(0, at - 1)],
      Home: () => things[0],
      End: () => things.at(-1),
      ArrowDown: () => (thing ? nearest(walk[row + 1]) : walk[0]?.[0]),
      ArrowUp: () => (thing ? nearest(walk[row - 1]) : walk[0]?.[0]),
    };
    const move = next[event.key];
    if (move) {
      const found = move();
      if (found) onChoose(found);
    } else if (event.key === "c" && thing?.contact) onCall(thing.contact);
    else return;
    event.preventDefault();
  };

  const option = (thing: DayThing, words: string) => {
    const id = thingId(thing);
    return {
      id: ids.get(id),
      role: "option" as const,
      tabIndex: -1,
      "aria-selected": id === chosen,
      "aria-label": words,
      title: words,
      onClick: () => onChoose(thing),
    };
  };

  return (
    <div className={css.scroller} ref={box}>
      <div
        className={css.line}
        ref={(element) =>
          element?.style.setProperty(
            "inline-size",
            close ? `${((span.to - span.from) / 3_600_000) * CLOSE_HOUR}rem` : "100%",
          )
        }
      >
        <Hours span={span} room={close ? Number.POSITIVE_INFINITY : room} />
        <div
          ref={list}
          className={css.rows}
          role="listbox"
          tabIndex={0}
          aria-orientation="horizontal"
          aria-label={t("day.line")}
          aria-activedescendant={chosen === undefined ? undefined : ids.get(chosen)}
          onKeyDown={onKeyDown}
        >
          {contacts.length > 0 ? (
            // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
            <div role="group" aria-label={t("day.contacts")} className={css.contacts}>
              {contacts.map((contact, index) => (
                <div
                  key={contact.id}
                  {...option({ contact }, contactWords(contact, now, t))}
                  ref={(element) =>
                    put(element, contact.began, overAt(contact, now), span, lanes[index] ?? 0)
                  }
                  className={cx(
                    css.contact,
                    css[contact.outcome],
                    contact.witness === "told" && css.told,
                    thingId({ contact }) === chosen && css.chosen,
                  )}
                >
                  <Block contact={contact} now={now} />
                </div>
              ))}
            </div>
          ) : (
            <div className={css.contacts} aria-hidden="true" />
          )}
          {rows.map(({ account, bands }) => (
            <div key={account} className={css.account}>
              <span className={css.name} aria-hidden="true">
                <bdi>{titleOf(account)}</bdi>
              </span>
              {bands.length > 0 && (
                // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
                <div role="group" aria-label={titleOf(account)} className={css.bands}>
                  {bands.map((band) => {
                    const sign = bandSign(band, t);
                    return (
                      <div
                        key={band.from}
                        {...option({ band }, bandWords(band, day, now, titleOf(account), t))}
                        ref={(element) => put(element, band.from, bandEnd(band, day, now), span)}
                        className={cx(
                          css.band,
                          css[sign.tone],
                          band.witness === "told" && css.told,
                          thingId({ band }) === chosen && css.chosen,
                        )}
                      >
                        <bdi>{sign.words}</bdi>
                      </div>
                    );
                  })}
                </div>
              )}
            </div>
          ))}
        </div>
        <div className={css.grid} aria-hidden="true">
          {hoursOf(span).map((hour) => (
            <span key={hour} ref={(element) => mark(element, hour, span)} className={css.tick} />
          ))}
          {now > span.from && now < span.to && now < day.ends && (
            <span ref={(element) => mark(element, now, span)} className={css.now}>
              <bdi className={css.nowWords}>{clockTime(now)}</bdi>
            </span>
          )}
        </div>
      </div>
    </div>
  );
}

/** The same, small and only to look at, with its sum in words. */
export function DayStrip({ day, now, span, words }: { day: Day; now: Timestamp; span: Span; words: string }) {
  const t = useWords();
  const contacts = day.contacts.filter((one) => inSpan(one.began, overAt(one, now), span));
  return (
    <div className={css.strip} role="img" aria-label={words}>
      <div className={css.small}>
        {contacts.map((contact) => (
          <span
            key={contact.id}
            ref={(element) => put(element, contact.began, overAt(contact, now), span)}
            className={cx(css.sliver, css[contact.outcome])}
          />
        ))}
      </div>
      {accountsOf(day).map((account) => (
        <div key={account} className={css.small}>
          {day.bands
            .filter((band) => band.account === account && inSpan(band.from, bandEnd(band, day, now), span))
            .map((band) => (
              <span
                key={band.from}
                ref={(element) => put(element, band.from, bandEnd(band, day, now), span)}
                className={cx(css.sliver, css[bandSign(band, t).tone])}
              />
            ))}
        </div>
      ))}
      <Hours span={span} room={12} />
    </div>
  );
}
