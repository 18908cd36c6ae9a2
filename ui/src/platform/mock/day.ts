// The agent's days in the practice world: a shift from eight to half past four on every working day, the same in every
// run; today up to now.

import type {
  AccountId,
  BandState,
  ContactBlock,
  ContactOutcome,
  Day,
  DaySums,
  PauseUse,
  StateBand,
  Timestamp,
} from "../../generated/model";
import { person } from "./people";
import { type Handlers, problem, rest, type World } from "./world";

/** The record of the agent's days. */
export interface Diary {
  /** The dates of which there is a shift, besides what goes on now. */
  shifts: ReadonlySet<string>;
  /** Contacts that came since, by date. */
  more: Readonly<Record<string, readonly ContactBlock[]>>;
  /** Dates the platforms know of although nothing is kept here. */
  elsewhere: ReadonlySet<string>;
  /** Accounts that cannot be asked about the past. */
  silent: readonly AccountId[];
}

/** Nothing is kept yet. */
export const diary = (): Diary => ({ shifts: new Set(), more: {}, elsewhere: new Set(), silent: [] });

const MINUTE = 60_000;

/** Midnight of a date, so many days later. */
function midnight(date: string, later = 0): Timestamp {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(year, month - 1, day + later).getTime();
}

/** A moment's date on this computer's calendar. */
export function dateOf(at: Timestamp): string {
  const time = new Date(at);
  return [time.getFullYear(), time.getMonth() + 1, time.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

type Present = Extract<BandState, { was: "present" }>;

const READY: Present = {
  was: "present",
  presence: "ready",
  pause: null,
  kind: null,
  paid: null,
  max_minutes: null,
};
const NOT_READY: BandState = { ...READY, presence: "not_ready" };
const pause = (title: string, paid: boolean, max_minutes: number | null): BandState => ({
  ...READY,
  presence: "paused",
  pause: title,
  kind: "custom",
  paid,
  max_minutes,
});

/** From which minute of the shift on which state. */
const COURSE: readonly [number, BandState][] = [
  [0, NOT_READY],
  [6, READY],
  [118, pause("Coffee", true, 10)],
  [131, READY],
  [244, pause("Lunch", false, 30)],
  [272, READY],
  [330, { was: "unheard" }],
  [342, READY],
  [401, pause("Coffee", true, 10)],
  [409, READY],
  [466, pause("Training", true, null)],
  [492, READY],
  [508, { was: "signed_out" }],
];
const LENGTH = 510;

const OUTCOMES: readonly ContactOutcome[] = [
  "handled",
  "handled",
  "missed",
  "handled",
  "handled",
  "no_answer",
  "handled",
  "declined",
  "handled",
  "missed",
  "handled",
  "elsewhere",
];

function contact(n: number, account: AccountId, began: Timestamp): ContactBlock {
  const outcome = OUTCOMES[n % OUTCOMES.length] ?? "handled";
  const who = person(n * 7, account);
  const had = outcome === "handled";
  const answered = had ? began + (8 + (n % 5) * 3) * 1000 : null;
  const ended =
    answered === null ? began + (15 + (n % 4) * 9) * 1000 : answered + (70 + ((n * 97) % 540)) * 1000;
  return {
    id: `${account}/day_${n}_${began}`,
    account,
    channel: n % 6 === 3 ? "chat" : "call",
    direction: outcome === "no_answer" || n % 5 === 1 ? "out" : "in",
    outcome,
    party: {
      name: n % 5 === 4 ? null : who.title,
      company: n % 5 === 4 ? null : who.company,
      phone: who.numbers[0]?.phone ?? null,
      address: null,
    },
    queue: n % 3 === 0 ? { id: "support", title: "Support" } : null,
    began,
    answered,
    ended,
    closed: had ? ended + (12 + ((n * 31) % 80)) * 1000 : ended,
    hold_seconds: had && n % 4 === 0 ? 25 + n : 0,
    returned: outcome === "missed" && n % 2 === 0,
    witness: n % 7 === 5 ? "told" : "seen",
  };
}

/** A day's shift: on the first account all of it, on the others one pause fewer and as the platform told it. */
function shift(accounts: readonly AccountId[], begins: Timestamp, until: Timestamp) {
  const bands = accounts.flatMap((account, index) =>
    COURSE.filter(([at]) => index === 0 || (at !== 118 && at !== 131)).map(([at, state], step, course) => {
      const to = begins + (course[step + 1]?.[0] ?? LENGTH) * MINUTE;
      return {
        account,
        state,
        from: begins + at * MINUTE,
        to: Math.min(to, until),
        open: to > until,
        witness: index === 0 ? ("seen" as const) : ("told" as const),
      };
    }),
  );
  const contacts: ContactBlock[] = [];
  for (let at = 9, n = 0; at < 500; at += 11 + ((n * 5) % 13), n += 1) {
    const account = accounts[n % 4 === 3 ? accounts.length - 1 : 0] ?? "";
    contacts.push(contact(n, account, begins + at * MINUTE));
  }
  return {
    bands: bands.filter((band) => band.from < until),
    contacts: contacts.filter((one) => one.began < until && (one.closed ?? one.began) < until),
  };
}

function sumsOf(bands: readonly StateBand[], contacts: readonly ContactBlock[]): DaySums {
  const own = bands.filter((band) => band.account === bands[0]?.account);
  const seconds = (from: number | null, to: number | null): number =>
    from === null || to === null ? 0 : Math.round((to - from) / 1000);
  const sum = <T>(all: readonly T[], value: (one: T) => number): number =>
    all.reduce((total, one) => total + value(one), 0);
  const within = (...presences: readonly string[]): number =>
    sum(
      own.filter((band) => band.state.was === "present" && presences.includes(band.state.presence)),
      (band) => seconds(band.from, band.to),
    );
  const had = contacts.filter((one) => one.answered !== null);
  const calls = had.filter((one) => one.channel === "call");
  const handling = (one: ContactBlock): number => seconds(one.answered, one.closed ?? one.ended);
  return {
    handled: had.length,
    calls: calls.length,
    missed: contacts.filter((one) => one.outcome === "missed").length,
    declined: contacts.filter((one) => one.outcome === "declined").length,
    talk: sum(had, (one) => seconds(one.answered, one.ended)),
    hold: sum(had, (one) => one.hold_seconds),
    wrap_up: sum(had, (one) => seconds(one.ended, one.closed)),
    ready: within("ready"),
    paused: within("paused"),
    signed_in: within("ready", "paused", "not_ready"),
    average_handle: calls.length === 0 ? null : Math.round(sum(calls, handling) / calls.length),
  };
}

/** What is usual: the whole shift, a little less of it. */
const USUAL: DaySums = {
  handled: 21,
  calls: 17,
  missed: 5,
  declined: 2,
  talk: 7_140,
  hold: 240,
  wrap_up: 1_010,
  ready: 25_800,
  paused: 3_900,
  signed_in: 30_100,
  average_handle: 391,
};

function pausesOf(bands: readonly StateBand[]): PauseUse[] {
  const uses = new Map<string, PauseUse>();
  for (const { state, from, to, account } of bands) {
    if (account !== bands[0]?.account || state.was !== "present" || state.pause === null) continue;
    const { pause: title, max_minutes, paid } = state;
    const seconds = Math.round((to - from) / 1000);
    const before = uses.get(title) ?? { title, times: 0, seconds: 0, max_minutes, over: 0, paid };
    uses.set(title, {
      ...before,
      times: before.times + 1,
      seconds: before.seconds + seconds,
      over: before.over + (max_minutes === null ? 0 : Math.max(0, seconds - max_minutes * 60)),
    });
  }
  return [...uses.values()].sort((a, b) => b.seconds - a.seconds);
}

/** A day as the core tells it. */
function dayOf(world: World, date: string, now: Timestamp): Day {
  const { shifts, more } = world.diary;
  const begins = midnight(date);
  const ends = midnight(date, 1);
  const until = Math.min(now, ends);
  const agents = world.accounts.filter((one) => one.agent !== null).map((one) => one.account.id);
  const clock = new Date(begins).setHours(8);
  const told = shifts.has(date) ? shift(agents, clock, until) : { bands: [], contacts: [] };
  const today = now < ends;
  // Without a shift there is what goes on: the state since the agent came.
  const standing = world.accounts.flatMap(({ account, agent }): StateBand[] => {
    if (!today || told.bands.length > 0 || agent === null) return [];
    const state: Present = {
      ...READY,
      presence: agent.presence,
      pause: agent.pause?.title ?? null,
      kind: agent.pause?.kind ?? null,
      max_minutes: agent.pause?.max_minutes ?? null,
    };
    const from = Math.max(begins, agent.since);
    return [{ account: account.id, state, from, to: now, open: true, witness: "seen" }];
  });
  const bands = [...told.bands, ...standing];
  const contacts = [...told.contacts, ...(more[date] ?? [])];
  return {
    date,
    begins,
    ends,
    until,
    bands,
    contacts,
    sums: sumsOf(bands, contacts),
    usual: shifts.size > 3 ? USUAL : null,
    usual_days: shifts.size > 3 ? 17 : 0,
    pauses: pausesOf(bands),
    problems: [],
  };
}

/** Keeps the shifts of today and of the working days of the last four weeks. */
export function rememberDays(world: World): void {
  const today = dateOf(Date.now());
  const dates = Array.from({ length: 28 }, (_, n) => dateOf(midnight(today, -n) + 12 * 60 * MINUTE));
  const working = dates.filter((date, n) => n === 0 || ![0, 6].includes(new Date(midnight(date)).getDay()));
  world.diary = { ...diary(), shifts: new Set(working) };
}

/** Answers about the agent's days. */
export function dayHandlers(world: World): Pick<Handlers, "day" | "days" | "export_days"> {
  return {
    day: async ({ date, ask }) => {
      const now = Date.now();
      const which = date ?? dateOf(now);
      await rest(ask ? world.latency * 3 : world.latency / 3);
      const { elsewhere, shifts, silent } = world.diary;
      if (ask && elsewhere.has(which)) world.diary = { ...world.diary, shifts: new Set([...shifts, which]) };
      return {
        ...dayOf(world, which, now),
        problems: ask ? silent.map((id) => problem("network", id)) : [],
      };
    },
    days: () => [...world.diary.shifts].map((date) => ({ date, sums: dayOf(world, date, Date.now()).sums })),
    export_days: async ({ from, to }) => {
      await rest(world.latency);
      return `Documents/offhook-${from}-${to}.csv`;
    },
  };
}
