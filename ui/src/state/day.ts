// A day of the agent's, as the core keeps it. It is asked for again when the core says that its record changed, and once a
// minute while it is today, because what goes on still grows.

import { useCallback, useEffect, useRef, useState } from "react";
import type { Day, DayLine, Problem } from "../generated/model";
import { asProblem, host } from "../platform";
import { useByNow } from "./clock";
import { onDay } from "./news";

/** How long the record must rest before it is read again, in milliseconds: one call changes it several times. */
const REST = 400;

interface Held {
  /** What was asked for, as far as it is here. */
  date: string | null;
  day: Day | undefined;
  /** Why the core could not tell it. */
  problem: Problem | undefined;
  /** Which platforms could not be asked when they last were. */
  silent: readonly Problem[];
}

const NOTHING = { day: undefined, problem: undefined, silent: [] };

/** One day; nothing means today. */
export function useDay(date: string | null) {
  const [held, setHeld] = useState<Held>({ date, ...NOTHING });
  const [asking, setAsking] = useState(false);
  const current = useRef(date);
  current.current = date;
  const turn = useRef(0);

  const read = useCallback(async (which: string | null, ask: boolean): Promise<void> => {
    turn.current += 1;
    const mine = turn.current;
    if (ask) setAsking(true);
    try {
      const day = await host.call("day", { date: which, ask });
      if (current.current !== which) return;
      setHeld((now) => {
        const old = now.date === which ? now : NOTHING;
        return {
          date: which,
          // A slow answer of the platforms does not go over a newer one of this computer, which knows it too.
          day: mine === turn.current ? day : old.day,
          problem: undefined,
          silent: ask ? day.problems : old.silent,
        };
      });
    } catch (thrown) {
      if (current.current !== which) return;
      const problem = asProblem(thrown);
      setHeld((now) => ({ ...(now.date === which ? now : NOTHING), date: which, problem }));
    } finally {
      if (ask) setAsking(false);
    }
  }, []);

  useEffect(() => void read(date, false), [date, read]);

  const shown = held.date === date ? held.day : undefined;
  const name = useRef<string>(undefined);
  name.current = shown?.date;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onDay((changed) => {
      // Today's name changes at midnight: then any day's news is worth a look.
      if (date !== null && changed !== undefined && changed !== date) return;
      if (date === null && changed !== undefined && name.current !== undefined && changed < name.current)
        return;
      clearTimeout(timer);
      timer = setTimeout(() => void read(date, false), REST);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [date, read]);

  const minute = useByNow((now) => Math.floor(now / 60_000));
  const goesOn = shown === undefined ? date === null : shown.until < shown.ends;
  const before = useRef(minute);
  useEffect(() => {
    if (minute === before.current) return;
    before.current = minute;
    if (goesOn) void read(date, false);
  }, [minute, goesOn, date, read]);

  return {
    day: shown,
    problem: held.date === date ? held.problem : undefined,
    silent: held.date === date ? held.silent : NOTHING.silent,
    /** The platforms are being asked. */
    asking,
    ask: () => read(date, true),
    again: () => read(date, false),
  };
}

/** How often the sums in the list of kept days are brought up to date, in milliseconds. */
const LISTED = 60_000;

/** The days that are kept, newest first; read again at once when a day begins to be kept. */
export function useDays(): readonly DayLine[] {
  const [days, setDays] = useState<readonly DayLine[]>([]);
  useEffect(() => {
    let there = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known: ReadonlySet<string> = new Set();
    const read = async (): Promise<void> => {
      timer = undefined;
      try {
        const found = await host.call("days");
        known = new Set(found.map((day) => day.date));
        if (there) setDays([...found].sort((a, b) => (a.date < b.date ? 1 : -1)));
      } catch {
        // Without the list any day can still be chosen by its date.
      }
    };
    void read();
    const stop = onDay((changed) => {
      const listed = changed !== undefined && known.has(changed);
      if (listed && timer !== undefined) return;
      clearTimeout(timer);
      timer = setTimeout(() => void read(), listed ? LISTED : REST);
    });
    return () => {
      there = false;
      stop();
      clearTimeout(timer);
    };
  }, []);
  return days;
}
