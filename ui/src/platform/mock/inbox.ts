// What the practice world answers to the list of tickets: filters, lists and their parts, changes of many.

import type {
  BulkEdit,
  BulkProgress,
  FilterId,
  InboxQuery,
  SavedFilter,
  Stage,
  Ticket,
  TicketId,
} from "../../generated/model";
import { builtIn, shows, sorted, TAGS } from "./tickets";
import { type Handlers, problem, rest, type World } from "./world";

/** How many lists are kept, and how many rows come with a list. */
const LISTS = 8;
const FIRST = 60;
/** How many tickets of a bulk change are done at once, so that its progress is seen. */
const STEP = 20;

type Answers = Pick<
  Handlers,
  "filters" | "save_filter" | "delete_filter" | "inbox" | "inbox_rows" | "bulk" | "cancel_bulk"
>;

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function found(world: World, { view, filter, text, sort, online }: InboxQuery): Ticket[] {
  const now = Date.now();
  const wanted = fold(text.trim());
  if (wanted !== "") {
    const hit = world.tickets.filter(
      (ticket, n) =>
        // A part is known to the platform only, so that the second answer is larger than the first.
        (online || n % 10 !== 9) &&
        [ticket.title, ticket.preview, ticket.customer.name, `#${ticket.number}`].some((words) =>
          fold(words).includes(wanted),
        ),
    );
    return sorted(hit, sort === "due" ? "due" : "newest");
  }
  const among =
    view === null
      ? world.tickets.filter((ticket) => shows(filter, ticket, now))
      : world.tickets.filter((_, n) => n % 7 === 3);
  return sorted(among, sort);
}

/** What one change makes of a ticket. */
function part(ticket: Ticket, { key, now }: BulkEdit): Partial<Ticket> {
  const [value] = now;
  if (key === "stage") return { stage: (value ?? ticket.stage) as Stage };
  if (key === "tags") {
    const fresh = now.filter((title) => !ticket.tags.some((tag) => tag.title === title));
    const tags = fresh.map((title) => TAGS.find((tag) => tag.title === title) ?? { id: title, title });
    return { tags: [...ticket.tags, ...tags] };
  }
  if (key !== "owner") return {};
  const mine = value === "me" || value === "nora.lind";
  const owner = value === undefined ? null : { id: value, title: mine ? "Nora Lind" : value };
  return { owner, mine };
}

/** Answers for the list of tickets. */
export function inboxHandlers(world: World): Answers {
  const lists = new Map<number, readonly Ticket[]>();
  const own: SavedFilter[] = [];
  let made = 0;
  let batches = 0;
  const cancelled = new Set<number>();
  // The world makes a new list of tickets with each change.
  let indexed: readonly Ticket[] = [];
  let index = new Map<TicketId, Ticket>();
  const asNow = (some: readonly Ticket[]): Ticket[] => {
    if (indexed !== world.tickets) {
      indexed = world.tickets;
      index = new Map(indexed.map((ticket) => [ticket.id, ticket]));
    }
    return some.map((ticket) => index.get(ticket.id) ?? ticket);
  };
  const kept = (list: number): readonly Ticket[] => {
    const found = lists.get(list);
    if (!found) throw problem("gone");
    return found;
  };

  const work = async (batch: BulkProgress, ids: readonly TicketId[], edits: readonly BulkEdit[]) => {
    for (let at = 0; at < ids.length; at += STEP) {
      await rest(world.latency);
      const step = ids.slice(at, at + STEP);
      if (cancelled.has(batch.id)) {
        batch.cancelled = ids.length - at;
        break;
      }
      for (const id of step) {
        const fault = world.faults.get("bulk_item");
        world.faults.delete("bulk_item");
        const old = world.tickets.find((ticket) => ticket.id === id);
        if (!old) continue;
        if (fault) {
          const edit = edits.map(({ key, now }) => ({ key, was: [], now }));
          const state = { is: "refused" as const, problem: fault };
          world.enqueue({ kind: "edit", ticket: id, edit }, old.title, state, batch.id);
          batch.failed += 1;
        } else {
          world.changeTicket(id, Object.assign({}, ...edits.map((edit) => part(old, edit))));
          batch.done += 1;
        }
      }
      world.emit({ change: "bulk", bulk: { ...batch } });
    }
    world.bulks = world.bulks.filter((one) => one.id !== batch.id);
    world.emit({ change: "bulk", bulk: { ...batch } });
  };

  return {
    filters: () => {
      const now = Date.now();
      const accounts = world.accounts
        .filter((one) => one.capabilities.includes("tickets"))
        .map((one) => one.account.id);
      const counted = (
        filter: Pick<SavedFilter, "id" | "filter">,
      ): { total: number | null; unread: number } => {
        const { filter: shown } = filter;
        if (!shown) return { total: null, unread: 0 };
        const among = world.tickets.filter((ticket) => shows(shown, ticket, now));
        return { total: among.length, unread: among.filter((ticket) => ticket.unread).length };
      };
      return [...builtIn(accounts), ...own].map((filter) => ({ ...filter, ...counted(filter) }));
    },
    save_filter: async ({ id, title, filter, sort }) => {
      await rest(world.latency);
      const name: FilterId = id ?? `own/${own.length + 1}`;
      const kept = { id: name, title, account: null, filter, sort, total: 0, unread: 0 };
      const at = own.findIndex((one) => one.id === name);
      own.splice(at < 0 ? own.length : at, at < 0 ? 0 : 1, kept);
      return name;
    },
    delete_filter: async (id) => {
      await rest(world.latency);
      const at = own.findIndex((one) => one.id === id);
      if (at >= 0) own.splice(at, 1);
      return null;
    },
    inbox: async (query) => {
      await rest(query.online ? world.latency * 5 : Math.min(world.latency, 20));
      const list = ++made;
      const all = found(world, query);
      lists.set(list, all);
      if (lists.size > LISTS) lists.delete(lists.keys().next().value ?? 0);
      return {
        list,
        total: all.length,
        first: all.slice(0, FIRST),
        problems: query.online ? world.silent.map((id) => problem("network", id)) : [],
        unreadable: 0,
      };
    },
    inbox_rows: async ({ list, from, count }) => {
      await rest(Math.min(world.latency, 20));
      return asNow(kept(list).slice(from, from + Math.min(count, 200)));
    },
    bulk: ({ tickets, list, edit }) => {
      const ids = tickets.length > 0 ? tickets : kept(list).map((ticket) => ticket.id);
      batches += 1;
      const batch = { id: batches, of: ids.length, done: 0, failed: 0, cancelled: 0 };
      world.bulks.push(batch);
      world.emit({ change: "bulk", bulk: { ...batch } });
      void work(batch, ids, edit);
      return { ...batch };
    },
    cancel_bulk: (id) => {
      cancelled.add(id);
      return null;
    },
  };
}
