// What the practice world answers to the views of contacts, queues, history, conferences and routes.

import type {
  AccountId,
  CalendarConference,
  ContactId,
  ContactPresence,
  HistoryItem,
  Lamp,
  Watch,
} from "../../generated/model";
import { tellAll } from "./figures";
import { parse } from "./numbers";
import { groupPast, past } from "./past";
import { ROUTES, reportOf } from "./routes";
import { type Handlers, problem, rest, type World } from "./world";

/** What the views need beside the core's own state. */
export interface Archive {
  /** The agent's past and that of the groups, newest first. */
  own: readonly HistoryItem[];
  groups: readonly HistoryItem[];
  /** How many items come at a time. */
  page: number;
  /** Accounts whose past cannot be asked. */
  silent: readonly AccountId[];
  conferences: readonly CalendarConference[];
  /** Accounts with routes of their own. */
  moved: ReadonlySet<AccountId>;
  watched: Watch;
  /** How many queues there are that change every second. */
  busy: number;
}

const NOTHING: Archive = {
  own: [],
  groups: [],
  page: 100,
  silent: [],
  conferences: [],
  moved: new Set(),
  watched: { window: "main", contacts: [], queues: [], inbox: false, ticket: null },
  busy: 0,
};

/** An empty archive. */
export const archive = (): Archive => ({ ...NOTHING });

function conferences(account: AccountId, now: number): CalendarConference[] {
  const hour = 3_600_000;
  return [
    {
      id: "weekly",
      account,
      title: "Weekly of the support desk",
      begins: now - hour / 4,
      ends: now + hour / 2,
      organiser: "Sam Ode",
      participants: ["Nora Lind", "Ivana Dvořáková", "Priya Sandhu"],
      numbers: ["+442079460150", "+46701740615"],
      pin: "482 115",
      note: "Please have last week's callbacks at hand.",
    },
    {
      id: "supplier",
      account,
      title: "Kustfrakt AB, new addresses",
      begins: now + 26 * hour,
      ends: null,
      organiser: null,
      participants: [],
      numbers: [],
      pin: null,
      note: null,
    },
  ];
}

/** Fills the archive: so many calls in the past, and what belongs to a second platform. */
export function remember(world: World, account: AccountId, count: number, page: number): void {
  const now = Date.now();
  world.archive = {
    ...NOTHING,
    own: past(count, account, now),
    groups: groupPast(Math.min(count, 40), account, now),
    page,
    conferences: conferences(account, now),
  };
}

const LAMPS: readonly Lamp[] = ["idle", "busy", "ringing", "idle", "hold", "unknown", "idle", "idle"];

/** What is known of a contact: the same of the same contact, all sorts one after the other. */
function presenceOf(id: ContactId, now: number): ContactPresence {
  const n = Number(id.split("_")[1] ?? 0) || 0;
  const lamp = LAMPS[n % LAMPS.length] ?? "unknown";
  const away = n % 8 === 3;
  return {
    contact: id,
    activity: away ? "Lunch" : n % 8 === 6 ? null : "Available",
    available: lamp === "unknown" ? null : !away,
    note: away ? "Back at one, call Sam in the meantime." : null,
    until: away ? now + 1_800_000 : null,
    lamp,
    calls:
      lamp === "ringing"
        ? [{ handle: `call-${n}`, other: "+46 70 174 06 12", can_pick_up: true }]
        : lamp === "busy"
          ? [{ handle: `call-${n}`, other: null, can_pick_up: false }]
          : [],
    heard_at: now - (n % 8 === 7 ? 12_000 : 0),
    live: n % 8 !== 7,
  };
}

function follow(world: World, watch: Watch): void {
  const before = world.archive.watched;
  world.archive.watched = watch;
  const now = Date.now();
  for (const contact of before.contacts.filter((id) => !watch.contacts.includes(id))) world.forgets(contact);
  for (const contact of watch.contacts.filter((id) => !before.contacts.includes(id)))
    world.tellsPresence(presenceOf(contact, now));
  for (const account of watch.queues.filter((id) => !before.queues.includes(id)))
    tellAll(world, account, now);
}

type Answers = Pick<
  Handlers,
  | "mark_contact"
  | "save_contact"
  | "delete_contact"
  | "watch"
  | "queue_agents"
  | "history"
  | "mark_history"
  | "send_sms"
  | "conferences"
  | "take_part"
  | "routes"
  | "import_routes"
  | "platforms"
>;

/** Answers for the views. */
export function viewHandlers(world: World): Answers {
  return {
    mark_contact: async ({ contact, mark }) => {
      await rest(world.latency);
      world.contacts = world.contacts.map((one) => (one.id === contact ? { ...one, mark } : one));
      return null;
    },
    save_contact: async ({ account, contact, fields }) => {
      await rest(world.latency);
      const id = contact ?? `${account}/personal_${world.contacts.length}`;
      const kept = {
        id,
        account,
        title: `${fields.first_name} ${fields.last_name}`.trim() || fields.company,
        company: fields.company || null,
        numbers: fields.numbers.map(({ label, number }) => ({ label, phone: parse(number).phone })),
        emails: fields.email === "" ? [] : [fields.email],
        description: null,
        favourite: false,
        mark: null,
        editable: true,
      };
      world.contacts = [kept, ...world.contacts.filter((one) => one.id !== id)];
      return id;
    },
    delete_contact: async (id) => {
      await rest(world.latency);
      world.contacts = world.contacts.filter((one) => one.id !== id);
      return null;
    },
    watch: (watch) => {
      follow(world, watch);
      return null;
    },
    queue_agents: async ({ queue }) => {
      await rest(world.latency);
      return queue === "night"
        ? []
        : [
            { name: "Nora Lind", logged_in: true, available: true, presence: "Available" },
            { name: "Sam Ode", logged_in: true, available: false, presence: "In a meeting" },
            { name: "Priya Sandhu", logged_in: false, available: null, presence: null },
          ];
    },
    history: async ({ account, group, outcomes, before }) => {
      await rest(world.latency);
      const { own, groups, page, silent } = world.archive;
      const found = (group === null ? own : groups.filter((item) => item.queue?.id === group)).filter(
        (item) =>
          (account === null || item.account === account) &&
          (outcomes.length === 0 || outcomes.includes(item.outcome)) &&
          (before === null || item.at < before),
      );
      return {
        items: found.slice(0, page),
        more: found.length > page,
        problems: silent.map((id) => problem("network", id)),
        unreadable: 0,
      };
    },
    mark_history: async ({ item, mark }) => {
      await rest(world.latency);
      const change = (items: readonly HistoryItem[]): HistoryItem[] =>
        items.flatMap((one) => {
          if (one.id !== item) return [one];
          if (mark.mark === "deleted") return [];
          if (mark.mark === "played") return [{ ...one, played: true }];
          if (mark.mark !== "handled") return [{ ...one, seen: mark.mark === "seen" }];
          return [
            {
              ...one,
              handled: { state: mark.state, agent: "Nora Lind", at: Date.now(), note: mark.note },
            },
          ];
        });
      world.archive.own = change(world.archive.own);
      world.archive.groups = change(world.archive.groups);
      return null;
    },
    send_sms: async () => {
      await rest(world.latency);
      return null;
    },
    conferences: async () => {
      await rest(world.latency);
      return [...world.archive.conferences];
    },
    take_part: async () => {
      await rest(world.latency);
      return null;
    },
    routes: async (account) => {
      await rest(world.latency);
      const { changes } = reportOf("paths", true);
      const moved = world.archive.moved.has(account) ? changes.map((change) => change.to) : [];
      return ROUTES.map((route) => moved.find((one) => one.operation === route.operation) ?? route);
    },
    import_routes: async ({ account, text, keep }) => {
      await rest(world.latency);
      if (text !== null && !text.trimStart().startsWith("{")) throw problem("unreadable", account);
      if (keep) {
        const { moved } = world.archive;
        world.archive.moved = new Set(
          text === null ? [...moved].filter((id) => id !== account) : [...moved, account],
        );
      }
      if (text !== null) return reportOf(text, keep);
      const { changes } = reportOf("paths", keep);
      return {
        confirmed: ROUTES.length - changes.length,
        changes: changes.map(({ from, to }) => ({ from: to, to: from })),
        missing: [],
        unknown: [],
        kept: keep,
      };
    },
    platforms: () => [
      {
        platform: "daktela",
        second_factor: false,
        password: true,
        token_needs_username: false,
        second_token: false,
        token_user: false,
        address_example: "https://company.daktela.com",
        username_example: "",
      },
      {
        platform: "dstny",
        second_factor: true,
        password: true,
        token_needs_username: true,
        second_token: false,
        token_user: false,
        address_example: "https://portal.example.com",
        username_example: "name@company.example",
      },
      {
        platform: "liveagent",
        second_factor: false,
        password: false,
        token_needs_username: true,
        second_token: true,
        token_user: false,
        address_example: "https://company.ladesk.com",
        username_example: "name@company.example",
      },
      {
        platform: "ccaip",
        second_factor: false,
        password: false,
        token_needs_username: true,
        second_token: false,
        token_user: true,
        address_example: "https://company.uc1.ccaiplatform.com",
        username_example: "name@company.example",
      },
    ],
  };
}
