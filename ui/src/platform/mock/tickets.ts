// Made-up tickets for the practice world: plain, varied, the same in every run, as many as are asked for.

import type {
  AccountId,
  Channel,
  Contact,
  Named,
  Priority,
  SavedFilter,
  Stage,
  Ticket,
  TicketFilter,
  TicketSort,
} from "../../generated/model";

const SUBJECTS = [
  "Delivery came without the second parcel",
  "Wrong address on the invoice",
  "How do I change the size of my order?",
  "Die Rechnung für Oktober fehlt",
  "Faktura za září a chybějící dobropis",
  "Kan jag byta leveransdag till fredag?",
  "The lift stopped between floors again",
  "Reklamace: ouško hrnku je prasklé",
  "Password reset e-mail never arrives",
  "Angebot für 250 Broschüren, matt",
  "Appointment on Thursday, could it be later?",
  "Two bookings on one card",
] as const;

const PREVIEWS = [
  "Hello, I only got one of the two boxes. The driver says both were handed over, but my neighbour has not seen it.",
  "Please send it to the new address, the old office is closed since June. Thank you!",
  "Dobrý den, prosím o opravu, částka neodpovídá objednávce. S pozdravem",
  "Hej! Jag är bortrest på torsdag, går det bra på fredag i stället?",
  "Guten Tag, könnten Sie mir bitte sagen, bis wann Sie liefern können?",
  "It worked yesterday, and this morning it says that my link has expired.",
  "I have attached the photos you asked for.",
] as const;

const CHANNELS: readonly Channel[] = [
  "email",
  "email",
  "chat",
  "email",
  "whatsapp",
  "call",
  "form",
  "email",
  "messenger",
  "sms",
];
const STAGES: readonly Stage[] = ["new", "open", "open", "answered", "open", "postponed", "new"];
const PRIORITIES: readonly (Priority | null)[] = ["medium", "low", "medium", "high", null, "medium"];
const ME: Named = { id: "nora.lind", title: "Nora Lind" };
const OWNERS: readonly (Named | null)[] = [
  ME,
  null,
  { id: "sam.ode", title: "Sam Ode" },
  ME,
  { id: "priya.sandhu", title: "Priya Sandhu" },
  null,
  ME,
];
export const CATEGORIES: readonly Named[] = [
  { id: "support", title: "Support" },
  { id: "orders", title: "Orders" },
  { id: "billing", title: "Billing" },
];
export const TAGS: readonly Named[] = [
  { id: "refund", title: "refund" },
  { id: "urgent", title: "urgent" },
  { id: "delivery", title: "delivery" },
  { id: "vip", title: "vip" },
];

const MINUTE = 60_000;

/** One of a list, the same one for the same number. */
function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

/** So many tickets of these accounts. The first is `account/4711`. */
export function tickets(
  count: number,
  accounts: readonly AccountId[],
  people: readonly Contact[],
  now: number,
): Ticket[] {
  const { length } = accounts;
  return Array.from({ length: length === 0 ? 0 : count }, (_, n): Ticket => {
    const account = pick(accounts, n % 5 === 4 ? n : 0);
    const number = 4711 + n;
    const person = people[(n * 7) % Math.max(1, people.length)];
    const owner = pick(OWNERS, n + Math.floor(n / 7));
    const changed = now - (n * 11 + (n % 3)) * MINUTE - 20_000;
    const stage = n % 9 === 8 ? "closed" : pick(STAGES, n + Math.floor(n / 7));
    const open = stage !== "closed";
    return {
      id: `${account}/${number}`,
      account,
      number: String(number),
      title: pick(SUBJECTS, n),
      preview: pick(PREVIEWS, n + Math.floor(n / 7)),
      channel: pick(CHANNELS, n),
      stage,
      stage_said: n % 23 === 5 ? "Waiting for the courier" : "",
      priority: pick(PRIORITIES, n),
      customer: {
        contact: person?.id ?? null,
        name: person?.title ?? "visitor@example.com",
        address: person?.emails[0] ?? null,
      },
      owner,
      mine: owner === ME,
      category: pick(CATEGORIES, n),
      statuses: n % 6 === 2 ? [{ id: "callback", title: "Call back" }] : [],
      tags: n % 3 === 0 ? [pick(TAGS, n / 3), ...(n % 12 === 0 ? [pick(TAGS, n / 3 + 1)] : [])] : [],
      unread: n % 4 === 0,
      awaits_answer: open && n % 3 !== 1,
      has_files: n % 5 === 1,
      due:
        open && n % 4 === 1
          ? { at: now + (n - 6) * 9 * MINUTE, what: n % 8 === 1 ? "first_answer" : "solution" }
          : null,
      created_at: changed - 86_400_000,
      changed_at: changed,
      last_message_at: changed,
    };
  });
}

const OPEN: readonly Stage[] = ["new", "open", "live", "answered", "postponed"];

/** Whether a ticket is among those a filter shows. */
export function shows(filter: TicketFilter, ticket: Ticket, now: number): boolean {
  const has = <T>(wanted: readonly T[], value: T | null | undefined): boolean =>
    wanted.length === 0 || (value !== null && value !== undefined && wanted.includes(value));
  return (
    (filter.whose === "all" || (filter.whose === "mine" ? ticket.mine : ticket.owner === null)) &&
    has(filter.accounts, ticket.account) &&
    (filter.stages.length === 0 ? OPEN : filter.stages).includes(ticket.stage) &&
    has(filter.channels, ticket.channel) &&
    has(filter.priorities, ticket.priority) &&
    has(filter.categories, ticket.category?.title) &&
    (filter.tags.length === 0 || ticket.tags.some((tag) => filter.tags.includes(tag.title))) &&
    (!filter.awaits_answer || ticket.awaits_answer) &&
    (!filter.unread || ticket.unread) &&
    (filter.due_within_min === null ||
      (ticket.due !== null && ticket.due.at <= now + filter.due_within_min * MINUTE))
  );
}

const URGENCY: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/** In this order. */
export function sorted(list: Ticket[], sort: TicketSort): Ticket[] {
  const newest = (a: Ticket, b: Ticket): number => b.changed_at - a.changed_at;
  const due = (ticket: Ticket): number => ticket.due?.at ?? Number.MAX_SAFE_INTEGER;
  const urgency = (ticket: Ticket): number => (ticket.priority ? URGENCY[ticket.priority] : 3);
  const orders: Record<TicketSort, (a: Ticket, b: Ticket) => number> = {
    newest,
    oldest: (a, b) => newest(b, a),
    due: (a, b) => due(a) - due(b) || newest(a, b),
    priority: (a, b) => urgency(a) - urgency(b) || newest(a, b),
  };
  return list.sort(orders[sort]);
}

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

type Shown = Pick<SavedFilter, "id" | "title" | "account" | "filter" | "sort">;

/** The filters that are always there, and what each platform keeps. */
export function builtIn(accounts: readonly AccountId[]): Shown[] {
  const all = (id: string, part: Partial<TicketFilter>, sort: TicketSort = "newest"): Shown => ({
    id,
    title: "",
    account: null,
    filter: { ...EVERYTHING, ...part },
    sort,
  });
  return [
    all("mine", { whose: "mine" }),
    all("unassigned", { whose: "unassigned" }, "oldest"),
    all("waiting", { whose: "mine", awaits_answer: true }, "oldest"),
    all("due", { due_within_min: 240 }, "due"),
    all("all", {}),
    ...accounts.map((account) => ({ ...all(`account/${account}`, { accounts: [account] }), account })),
    ...accounts.slice(0, 1).flatMap((account) =>
      ["Complaints of this week", "VIP"].map((title, n) => ({
        id: `view/${account}/${n}`,
        title,
        account,
        filter: null,
        sort: "newest" as const,
      })),
    ),
  ];
}
