// The figures of queues in the practice world: what each of four platforms tells and what none of them does, how they went
// in the last hours, and fifty queues that change every second. Nothing is by chance: the same step gives the same figures.

import type {
  AccountId,
  Campaign,
  Platform,
  QueueStatistics,
  QueueTrend,
  Team,
  TrendPoint,
} from "../../generated/model";
import { type Handlers, problem, rest, type World } from "./world";

const MINUTE = 60_000;

/** A queue of which nothing is told. */
export const untold = (account: AccountId, queue: string, title: string, now: number): QueueStatistics => ({
  account,
  queue,
  title,
  channel: null,
  mine: null,
  open: null,
  hours: null,
  waiting: null,
  longest_since: null,
  logged_in: null,
  free: null,
  serving: null,
  total: null,
  answered: null,
  dropped: null,
  average_wait: null,
  expected_wait: null,
  service_level: null,
  service_target: null,
  service_seconds: null,
  presences: [],
  heard_at: now,
  source: "queue statistics stream",
});

function switchboard(account: AccountId, now: number): QueueStatistics[] {
  const presences = [
    { presence: "Available", agents: 4 },
    { presence: "Lunch", agents: 2 },
    { presence: "In a meeting", agents: 1 },
  ];
  return [
    {
      ...untold(account, "support", "Support", now),
      presences,
      mine: true,
      waiting: 3,
      longest_since: now - 95_000,
      logged_in: 7,
      free: 2,
      total: 212,
      answered: 196,
      dropped: 13,
      average_wait: 21,
    },
    {
      ...untold(account, "sales", "Sales", now),
      presences,
      mine: false,
      waiting: 0,
      logged_in: 3,
      free: 3,
      total: 48,
      answered: 47,
      dropped: 1,
      average_wait: 8,
    },
    { ...untold(account, "night", "Night desk", now), total: 5 },
  ];
}

function realtime(account: AccountId, now: number): QueueStatistics[] {
  const source = "realtime sessions";
  return [
    {
      ...untold(account, "support", "Support", now),
      source,
      mine: true,
      waiting: 1,
      longest_since: now - 34_000,
      logged_in: 9,
      free: 4,
      serving: 5,
      answered: 141,
      dropped: 6,
      service_level: 91,
      service_target: 80,
      service_seconds: 30,
    },
    {
      ...untold(account, "orders", "Orders", now),
      source,
      mine: false,
      waiting: 8,
      longest_since: now - 412_000,
      logged_in: 4,
      free: 0,
      serving: 4,
      answered: 66,
      dropped: 19,
      service_level: 58,
      service_target: 80,
      service_seconds: 30,
    },
  ];
}

function overviews(account: AccountId, now: number): QueueStatistics[] {
  const source = "overviews";
  const heard_at = now - 40_000;
  return (["chat", "email", "call"] as const).map((channel, n) => ({
    ...untold(account, `claims/${channel}`, "Claims", heard_at),
    source,
    channel,
    mine: true,
    waiting: [2, 31, 0][n] ?? null,
    longest_since: n === 1 ? now - 5_400_000 : null,
    logged_in: [3, null, 2][n] ?? null,
    free: [1, null, 1][n] ?? null,
    serving: [4, null, 1][n] ?? null,
  }));
}

function menus(account: AccountId, now: number): QueueStatistics[] {
  const source = "menus/current_status";
  return [
    {
      ...untold(account, "12/call", "Travel › Rebooking", now),
      source,
      channel: "call",
      mine: true,
      open: true,
      hours: "07:00–22:00",
      waiting: 4,
      longest_since: now - 171_000,
      logged_in: 12,
      free: 1,
      serving: 10,
      expected_wait: 150,
      service_level: 74,
      service_target: 80,
      service_seconds: 20,
    },
    {
      ...untold(account, "12/chat", "Travel › Rebooking", now),
      source,
      channel: "chat",
      mine: true,
      open: true,
      hours: "07:00–22:00",
      waiting: 0,
      logged_in: 6,
      free: 3,
      serving: 5,
      expected_wait: 0,
    },
    {
      ...untold(account, "31/call", "Travel › Night line", now),
      source,
      channel: "call",
      mine: false,
      open: false,
      hours: "22:00–07:00",
      waiting: 0,
      logged_in: 0,
      free: 0,
      serving: 0,
    },
  ];
}

/** What a platform tells of its queues. */
const TOLD: Readonly<Record<Platform, (account: AccountId, now: number) => QueueStatistics[]>> = {
  daktela: realtime,
  dstny: switchboard,
  liveagent: overviews,
  ccaip: menus,
};

const CITIES = ["Brno", "Malmö", "Leeds", "Köln", "Tartu", "Porto", "Gdańsk", "Lyon", "İzmir", "Osaka"];
const DESKS = ["Orders", "Returns", "Billing", "Technical help", "Complaints"];

/** One of fifty queues at one step. */
function busy(n: number, step: number, account: AccountId, now: number): QueueStatistics {
  const waiting = Math.max(0, ((n * 7 + step * 5) % 17) - 6);
  const logged_in = 4 + (n % 9);
  const title = `${DESKS[Math.floor(n / CITIES.length) % DESKS.length]} ${CITIES[n % CITIES.length]}`;
  return {
    ...untold(account, `queue-${n}`, title, now),
    source: "realtime sessions",
    mine: n % 6 === 0,
    waiting,
    longest_since: waiting === 0 ? null : now - ((n * 37 + step * 13) % 420) * 1000,
    logged_in,
    free: (n + step * 2) % (logged_in + 1),
    serving: (n * 3 + step) % (logged_in + 1),
    answered: 40 + n * 3 + step,
    dropped: (n * 5 + step) % 23,
    expected_wait: waiting * 25,
    service_level: 55 + ((n * 11 + step * 2) % 46),
    service_target: 80,
    service_seconds: 20,
  };
}

/** The figures of an account as they are told when somebody begins to look. */
export function tellAll(world: World, account: AccountId, now: number): void {
  if (world.archive.busy > 0) {
    change(world, 0, account);
    return;
  }
  for (const figures of TOLD[world.account(account).account.platform](account, now))
    world.tellsFigures(figures);
}

/** Every queue of a busy world changes; a test and a benchmark say when. */
export function change(world: World, step: number, only?: AccountId): void {
  const now = Date.now();
  const accounts = world.accounts.map((one) => one.account.id);
  const figures = Array.from({ length: world.archive.busy }, (_, n) =>
    busy(n, step, accounts[n % accounts.length] ?? "", now),
  );
  world.tellsFigures(...figures.filter(({ account }) => only === undefined || account === only));
}

/** A point a minute, ending with what is told now. */
function points(now: QueueStatistics, at: number): TrendPoint[] {
  const wave = (n: number, height: number): number =>
    Math.max(0, Math.round(height * (0.5 + 0.5 * Math.sin(n / 17) + 0.3 * Math.sin(n / 3.3))));
  const seed = now.title.length * 5;
  const past = Array.from({ length: 180 }, (_, n): TrendPoint => {
    const waiting = now.waiting === null ? null : wave(n + seed, 6);
    return {
      at: at - (180 - n) * MINUTE,
      waiting,
      longest: now.longest_since === null ? null : (waiting ?? 0) * 41,
      free: now.free === null ? null : wave(n + seed + 31, 5),
      logged_in: now.logged_in,
      service_level: now.service_level === null ? null : 96 - wave(n + seed, 14),
    };
  });
  const longest = now.longest_since === null ? null : Math.round((at - now.longest_since) / 1000);
  return [...past, { ...now, at, longest }];
}

const CAMPAIGNS = (account: AccountId, now: number): Campaign[] => [
  {
    account,
    id: "7",
    title: "Rebooking after the strike",
    mode: "progressive",
    state: "dialing",
    running: true,
    queue: { id: "12/call", title: "Travel › Rebooking" },
    contacts: 1840,
    done: 611,
    counts: [
      { what: "Connected", value: "402" },
      { what: "No answer", value: "188" },
      { what: "Redials per number", value: "1.4" },
    ],
    begins: now - 3 * 3_600_000,
    ends: null,
  },
  {
    account,
    id: "4",
    title: "Satisfaction, autumn",
    mode: "preview",
    state: "paused",
    running: false,
    queue: null,
    contacts: null,
    done: null,
    counts: [],
    begins: now - 20 * 86_400_000,
    ends: now + 4 * 86_400_000,
  },
];

const TEAMS = (account: AccountId, now: number): Team[] => [
  { account, id: "1", title: "Travel", parent: null, mine: false, members: [] },
  {
    account,
    id: "2",
    title: "Rebooking",
    parent: "1",
    mine: true,
    members: [
      { name: "Nora Lind", presence: "Available", since: now - 724_000 },
      { name: "Sam Ode", presence: "In-call", since: now - 63_000 },
      { name: "Priya Sandhu", presence: null, since: null },
    ],
  },
  {
    account,
    id: "3",
    title: "Night line",
    parent: "2",
    mine: false,
    members: [{ name: "Ivana Dvořáková", presence: "Break", since: now - 1_260_000 }],
  },
];

type Answers = Pick<
  Handlers,
  "queue_trends" | "centre" | "show_wallboard" | "close_wallboard" | "dismiss_notice"
>;

/** Answers of the queues, the wallboard and the notices. */
export function figureHandlers(world: World): Answers {
  return {
    queue_trends: async () => {
      await rest(world.latency);
      const now = Date.now();
      return world.statistics.map(
        (one): QueueTrend => ({
          queue: { account: one.account, queue: one.queue },
          points: points(one, now),
        }),
      );
    },
    centre: async () => {
      await rest(world.latency);
      const asked = world.accounts.filter((one) => one.capabilities.includes("centre"));
      const heard = asked.filter((one) => one.health.link === "live").map((one) => one.account.id);
      const now = Date.now();
      return {
        campaigns: heard.flatMap((id) => CAMPAIGNS(id, now)),
        teams: heard.flatMap((id) => TEAMS(id, now)),
        problems: asked
          .filter((one) => one.health.link !== "live")
          .map((one) => problem("network", one.account.id)),
      };
    },
    show_wallboard: () => null,
    close_wallboard: () => null,
    dismiss_notice: (key) => {
      const notice = world.notices.find((one) => one.key === key);
      if (notice) world.notice({ ...notice, dismissed: true });
      return null;
    },
  };
}
