// The list of tickets: asked for once, then fetched in windows as they come into sight. Its order never changes under
// the agent: what changed is brought up to date in place, what is new is counted, and a new list is asked for when the
// agent says so, or by itself while nobody points at the list and its top is in sight.

import { create } from "zustand";
import type {
  FilterId,
  InboxList,
  InboxQuery,
  Problem,
  Ticket,
  TicketFilter,
  TicketId,
  TicketSort,
} from "../generated/model";
import { asProblem, host } from "../platform";
import { engineNow } from "./clock";
import { matches } from "./matching";
import { type News, onNews } from "./news";
import { tooFar } from "./windows";

/** Rows of one window. */
export const WINDOW = 100;
/** How many windows are kept: those nearest to what is in sight. */
const KEPT = 40;
/** How many windows are fetched at the same time, so that scrolling by does not flood the core. */
const AT_ONCE = 2;
/** How long typing may rest before the platforms are searched, in milliseconds. */
const REST = 300;
/** How long news may gather before the list is asked for anew by itself, in milliseconds. */
const GATHER = 1000;

export const EVERYTHING: TicketFilter = {
  whose: "all",
  accounts: [],
  stages: [],
  channels: [],
  priorities: [],
  tags: [],
  categories: [],
  awaits_answer: false,
  unread: false,
  due_within_min: null,
};

/** What is asked for. */
export interface Asked {
  /** The entry of the filter pane it began with. */
  id: FilterId;
  /** The platform's view, instead of `filter`. */
  view: FilterId | null;
  filter: TicketFilter;
  sort: TicketSort;
  text: string;
}

interface Inbox {
  asked: Asked;
  /** The list that is shown; none before the first answer. */
  list: number | undefined;
  total: number;
  windows: ReadonlyMap<number, readonly Ticket[]>;
  /** Shown tickets that are no longer there. */
  gone: ReadonlySet<TicketId>;
  /** Nothing of what is asked for is here yet. */
  loading: boolean;
  /** The platforms are being searched. */
  asking: boolean;
  /** Why there is no list at all. */
  failed: Problem | undefined;
  /** Accounts that could not be asked. */
  problems: readonly Problem[];
  unreadable: number;
  /** Tickets that are new, or stand in another place by now. */
  fresh: ReadonlySet<TicketId>;
  /** More changed than is known. */
  stale: boolean;
  /** What the platforms found, while the agent is in the list. */
  later: InboxList | undefined;
  /** The row the keyboard is at. */
  active: number;
  /** Grows whenever the list starts again at its top. */
  turn: number;
}

const NOTHING = {
  list: undefined,
  total: 0,
  windows: new Map<number, readonly Ticket[]>(),
  gone: new Set<TicketId>(),
  failed: undefined,
  problems: [],
  unreadable: 0,
  fresh: new Set<TicketId>(),
  stale: false,
  later: undefined,
  active: 0,
};

export const useInbox = create<Inbox>(() => ({
  asked: { id: "mine", view: null, filter: { ...EVERYTHING, whose: "mine" }, sort: "newest", text: "" },
  ...NOTHING,
  loading: true,
  asking: false,
  turn: 0,
}));

const { getState: now, setState: set } = useInbox;

/** Where each ticket of the windows stands. */
let places = new Map<TicketId, number>();
let sight: [number, number] = [0, 0];
const fetching = new Set<string>();
/** Windows of which only the beginning came with the list. */
const cut = new Set<number>();
let generation = 0;
/** The list the core no longer knows: several of its windows may say so. */
let forgotten: number | undefined;
let online: ReturnType<typeof setTimeout> | undefined;
let gathering: ReturnType<typeof setTimeout> | undefined;
/** Whether somebody is in the list: it then stays as it is. Told by the view. */
let isHeld = (): boolean => false;
let shown = false;

/** The ticket in a row, while its window is here. */
export function rowAt(inbox: Pick<Inbox, "windows">, index: number): Ticket | undefined {
  return inbox.windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
}

/** The row of a ticket, while its window is here. */
export function placeOf(ticket: TicketId): number | undefined {
  return places.get(ticket);
}

function query(asked: Asked, live: boolean): InboxQuery {
  return { view: asked.view, filter: asked.filter, text: asked.text.trim(), sort: asked.sort, online: live };
}

function split(first: readonly Ticket[], total: number): Map<number, readonly Ticket[]> {
  const windows = new Map<number, readonly Ticket[]>();
  cut.clear();
  for (let from = 0; from < first.length; from += WINDOW) {
    const rows = first.slice(from, from + WINDOW);
    windows.set(from / WINDOW, rows);
    if (rows.length < WINDOW && from + rows.length < total) cut.add(from / WINDOW);
  }
  return windows;
}

function remember(windows: ReadonlyMap<number, readonly Ticket[]>): void {
  places = new Map();
  for (const [window, rows] of windows)
    for (const [at, ticket] of rows.entries()) places.set(ticket.id, window * WINDOW + at);
}

/** How a list takes the place of the one before: from its top; from its top, with the keyboard at the same ticket; or
    with nothing moved, because the agent did not ask for it. */
type Way = "top" | "again" | "quiet";

function take(answer: InboxList, way: Way): void {
  const before = now();
  const at = way === "again" ? rowAt(before, before.active)?.id : undefined;
  const kept = way === "quiet" ? Math.min(before.active, Math.max(0, answer.total - 1)) : 0;
  const windows = split(answer.first, answer.total);
  remember(windows);
  set({
    ...NOTHING,
    list: answer.list,
    total: answer.total,
    windows,
    problems: answer.problems,
    unreadable: answer.unreadable,
    loading: false,
    active: (at !== undefined && places.get(at)) || kept,
    turn: way === "quiet" ? before.turn : before.turn + 1,
  });
  pump();
}

/** Asks for the list that is wanted. */
async function load(way: Way): Promise<void> {
  generation += 1;
  const mine = generation;
  clearTimeout(online);
  clearTimeout(gathering);
  gathering = undefined;
  const { asked } = now();
  const searching = asked.text.trim() !== "";
  set({ asking: searching, later: undefined, ...(way === "top" && { loading: true, failed: undefined }) });
  try {
    const answer = await host.call("inbox", query(asked, false));
    if (mine !== generation) return;
    take(answer, way);
  } catch (thrown) {
    if (mine !== generation) return;
    set({ loading: false, asking: false, failed: asProblem(thrown) });
    return;
  }
  // What this computer knows stands at once; the platforms answer behind it.
  if (searching) online = setTimeout(() => void ask(mine), REST);
}

async function ask(mine: number): Promise<void> {
  if (mine !== generation) return;
  set({ asking: true });
  try {
    const answer = await host.call("inbox", query(now().asked, true));
    if (mine !== generation) return;
    const { total, windows } = now();
    const same =
      answer.total >= total &&
      answer.first.slice(0, total).every((one, at) => rowAt(now(), at)?.id === one.id);
    set({ asking: false, problems: answer.problems, unreadable: answer.unreadable });
    if (same) {
      // More came at the end: nothing moves.
      const last = Math.floor(total / WINDOW);
      if (answer.total > total && windows.has(last)) cut.add(last);
      set({ list: answer.list, total: answer.total });
      pump();
    } else if (isHeld()) set({ later: answer });
    else take(answer, "again");
  } catch (thrown) {
    if (mine === generation) set({ asking: false, problems: [asProblem(thrown)] });
  }
}

/** Asks for something else. */
export function look(part: Partial<Asked>): void {
  set(({ asked }) => ({ asked: { ...asked, ...part } }));
  void load("top");
}

/** Shows what came since: the platforms' answer, else the list as it is now. */
export function showFresh(): void {
  const { later } = now();
  if (later) take(later, "again");
  else void load("again");
}

/** Tries once more. */
export function retry(): void {
  void load("top");
}

/** Says which rows are in sight: their windows are fetched. */
export function see(from: number, to: number): void {
  sight = [from, to];
  pump();
}

/** The window that is wanted most and is neither here nor on its way. */
function wanted(list: number): number | undefined {
  const { windows, total } = now();
  const last = Math.ceil(total / WINDOW) - 1;
  const [from, to] = sight.map((row) => Math.floor(row / WINDOW)) as [number, number];
  // What is in sight first, then what comes next.
  const order = [...Array.from({ length: to - from + 1 }, (_, n) => from + n), to + 1, from - 1];
  return order.find(
    (one) =>
      one >= 0 && one <= last && (!windows.has(one) || cut.has(one)) && !fetching.has(`${list}/${one}`),
  );
}

function pump(): void {
  const { list } = now();
  if (list === undefined) return;
  while (fetching.size < AT_ONCE) {
    const window = wanted(list);
    if (window === undefined) return;
    void fetchWindow(list, window);
  }
}

async function fetchWindow(list: number, window: number): Promise<void> {
  const name = `${list}/${window}`;
  fetching.add(name);
  try {
    const rows = await host.call("inbox_rows", { list, from: window * WINDOW, count: WINDOW });
    if (now().list !== list) return;
    put(window, rows);
  } catch (thrown) {
    if (now().list !== list) return;
    const problem = asProblem(thrown);
    // The core forgot the list: the same is asked for once more.
    if (problem.code !== "gone") set({ problems: [problem] });
    else if (forgotten !== list) {
      forgotten = list;
      void load("quiet");
    }
    return;
  } finally {
    fetching.delete(name);
  }
  pump();
}

function put(window: number, rows: readonly Ticket[]): void {
  cut.delete(window);
  const windows = new Map(now().windows).set(window, rows);
  const middle = (sight[0] + sight[1]) / 2 / WINDOW;
  for (const far of tooFar([...windows.keys()], middle, KEPT)) {
    for (const ticket of windows.get(far) ?? []) places.delete(ticket.id);
    windows.delete(far);
  }
  for (const [at, ticket] of rows.entries()) places.set(ticket.id, window * WINDOW + at);
  set({ windows });
}

/** Sees to it that these rows are here, and answers them. */
export async function rowsBetween(from: number, to: number): Promise<readonly Ticket[]> {
  const { list } = now();
  if (list === undefined) return [];
  const rows: Ticket[] = [];
  for (let at = from; at <= to; ) {
    const window = Math.floor(at / WINDOW);
    const kept = cut.has(window) ? undefined : now().windows.get(window);
    const here = kept ?? (await host.call("inbox_rows", { list, from: window * WINDOW, count: WINDOW }));
    const end = Math.min(to, (window + 1) * WINDOW - 1);
    rows.push(...here.slice(at % WINDOW, (end % WINDOW) + 1));
    at = end + 1;
  }
  return rows;
}

/** What is sorted by: another value means another place. */
function rank(ticket: Ticket, sort: TicketSort): unknown {
  if (sort === "due") return ticket.due?.at;
  return sort === "priority" ? `${ticket.priority}/${ticket.changed_at}` : ticket.changed_at;
}

/** Takes in what changed on the platforms. */
export function hear({ tickets, gone, more }: News): void {
  const { windows, asked, list } = now();
  if (list === undefined) return;
  const next = new Map(windows);
  const fresh = new Set(now().fresh);
  const searching = asked.text.trim() !== "" || asked.view !== null;
  for (const ticket of tickets) {
    const place = places.get(ticket.id);
    if (place === undefined) {
      // Whether a search or a platform's view would show it only they can tell.
      if (!searching && matches(asked.filter, ticket, engineNow())) fresh.add(ticket.id);
      continue;
    }
    const window = Math.floor(place / WINDOW);
    const rows = next.get(window);
    const old = rows?.[place % WINDOW];
    if (!rows || !old) continue;
    next.set(window, rows.with(place % WINDOW, ticket));
    const stays = searching || matches(asked.filter, ticket, engineNow());
    if (!stays || rank(old, asked.sort) !== rank(ticket, asked.sort)) fresh.add(ticket.id);
  }
  const left = gone.filter((id) => places.has(id));
  set({
    windows: next,
    fresh,
    stale: now().stale || more,
    ...(left.length > 0 && { gone: new Set([...now().gone, ...left]) }),
  });
  settle();
}

/** Asks for the list anew, by itself, once nobody is in it. */
export function settle(): void {
  const { fresh, stale, gone } = now();
  if (!shown || gathering !== undefined || (fresh.size === 0 && !stale && gone.size === 0)) return;
  gathering = setTimeout(() => {
    gathering = undefined;
    if (!shown || isHeld()) return;
    const { fresh: still, stale: old, gone: left } = now();
    if (still.size > 0 || old || left.size > 0) void load("again");
  }, GATHER);
}

/** The view is there. `held` says whether somebody is in the list. Answers how to leave. */
export function enter(held: () => boolean): () => void {
  isHeld = held;
  shown = true;
  if (now().list === undefined) void load("top");
  else settle();
  return () => {
    shown = false;
    isHeld = () => false;
  };
}

/** Puts the keyboard at a row. */
export function activate(index: number): void {
  const { total } = now();
  set({ active: Math.max(0, Math.min(total - 1, index)) });
}

onNews(hear);
