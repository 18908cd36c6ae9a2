// The mirror: what the core says, held so that views can select small pieces of it. A snapshot fills it, numbered
// events keep it true. Folding is pure; a number that does not follow is reported as a gap and nothing is guessed over
// it: the caller fetches a new snapshot (connect.ts).

import type {
  AccountId,
  AccountState,
  Activity,
  ActivityId,
  BulkProgress,
  Command,
  CommandStatus,
  Composing,
  ContactId,
  ContactPresence,
  Control,
  Event as EngineEvent,
  InboxSync,
  Notice,
  OutboxItem,
  ParticipantId,
  QueueOf,
  QueueStatistics,
  Ring,
  RingOutcome,
  Settings,
  Snapshot,
  Timestamp,
  UnifiedAgent,
} from "../generated/model";

/** A ringing that ended without being answered here, kept so that the agent learns why the alert went. */
export interface Ending {
  activity: Activity;
  outcome: RingOutcome;
  at: Timestamp;
}

/** All the core has said, as it is now. */
export interface Mirror {
  /** Number of the last event in here. */
  seq: number;
  /** The engine's clock minus this window's, in milliseconds. */
  offset: number;
  agent: UnifiedAgent;
  accounts: readonly AccountState[];
  /** Activities, oldest first: the order never changes, new ones come last. */
  order: readonly ActivityId[];
  activities: Readonly<Record<ActivityId, Activity>>;
  rings: Readonly<Record<ActivityId, Ring>>;
  /** The newest command of each key (see `commandKey`). */
  commands: Readonly<Record<string, CommandStatus>>;
  outbox: readonly OutboxItem[];
  /** What is being written and was not sent. */
  composing: readonly Composing[];
  /** Bulk changes that are not over, and those that ended while this window was open. */
  bulks: readonly BulkProgress[];
  /** How far the local index of tickets is, one an account. */
  inbox: readonly InboxSync[];
  settings: Settings;
  /** What the agent should know, longest known first. */
  notices: readonly Notice[];
  /** Figures of queues, by `queueKey`. */
  statistics: Readonly<Record<string, QueueStatistics>>;
  /** Presence of the contacts that are watched. */
  presences: Readonly<Record<ContactId, ContactPresence>>;
  /** The last few ringings that ended without being answered here, newest first. */
  endings: readonly Ending[];
  /** The last few activities that went, by name: a refusal may still have to say whom it was about. */
  gone: Readonly<Record<ActivityId, Activity>>;
}

/** How long a finished command of an earlier window is still worth showing, in milliseconds. */
const STALE = 60_000;
const KEPT = 20;

/** What a command is about. A newer command with the same key replaces the older one on the screen. */
export function commandKey(command: Command): string {
  switch (command.do) {
    case "set_state":
      return command.accounts === null ? "set_state" : `set_state:${command.accounts.join(",")}`;
    case "set_device":
      return `set_device:${command.account}`;
    case "set_queue":
      return `set_queue:${command.account}:${command.queue}`;
    case "dial":
      return "dial";
    case "control": {
      const { activity, control } = command;
      const whom = control.act === "remove_participant" ? control.participant : undefined;
      return controlKey(activity, control.act, whom);
    }
    case "pick_up":
      return `pick_up:${command.contact}`;
    case "set_presence":
    case "apply_shortcut":
    case "set_line":
      return `${command.do}:${command.account}`;
    case "resend":
    case "discard":
      return `outbox:${command.item}`;
    default:
      return `${command.do}:${command.activity}`;
  }
}

/** What a control of a call is about: each button waits and complains on its own. */
export function controlKey(activity: ActivityId, act: Control["act"], participant?: ParticipantId): string {
  return ["control", activity, act, participant].filter((part) => part !== undefined).join(":");
}

/** Names a queue over all accounts. */
export function queueKey({ account, queue }: QueueOf): string {
  return `${account}/${queue}`;
}

/** A mirror of this snapshot, read at `now` by this window's clock. */
export function fromSnapshot(snapshot: Snapshot, now: Timestamp, before?: Mirror): Mirror {
  const commands: Record<string, CommandStatus> = {};
  for (const status of [...snapshot.commands].sort((a, b) => a.id - b.id)) {
    if (status.outcome.is === "pending" || status.asked_at > snapshot.at - STALE) {
      commands[commandKey(status.command)] = status;
    }
  }
  return {
    seq: snapshot.seq,
    offset: snapshot.at - now,
    agent: snapshot.agent,
    accounts: snapshot.accounts,
    order: snapshot.activities.map((activity) => activity.id),
    activities: Object.fromEntries(snapshot.activities.map((activity) => [activity.id, activity])),
    rings: Object.fromEntries(snapshot.rings.filter((r) => !r.ended).map((ring) => [ring.activity, ring])),
    commands,
    outbox: snapshot.outbox,
    composing: snapshot.composing,
    // What came of a change stays to be read, although it is over.
    bulks: [...(before?.bulks.filter(isOver) ?? []), ...snapshot.bulks],
    inbox: snapshot.inbox,
    settings: snapshot.settings,
    notices: snapshot.notices,
    statistics: Object.fromEntries(snapshot.statistics.map((one) => [queueKey(one), one])),
    presences: Object.fromEntries(snapshot.presences.map((one) => [one.contact, one])),
    endings: before?.endings ?? [],
    gone: before?.gone ?? {},
  };
}

/** The mirror after these events, or nothing if one is missing between them. */
export function fold(mirror: Mirror, events: readonly EngineEvent[]): Mirror | undefined {
  let next = mirror;
  for (const event of events) {
    if (event.seq <= next.seq) continue;
    if (event.seq !== next.seq + 1) return undefined;
    next = { ...apply(next, event), seq: event.seq };
  }
  return next;
}

function apply(mirror: Mirror, event: EngineEvent): Mirror {
  switch (event.change) {
    case "agent":
      return { ...mirror, agent: event.agent };
    case "account":
      return { ...mirror, accounts: put(mirror.accounts, event.account, (one) => one.account.id) };
    case "account_removed":
      return {
        ...mirror,
        accounts: mirror.accounts.filter((one) => one.account.id !== event.id),
        inbox: mirror.inbox.filter((sync) => sync.account !== event.id),
      };
    case "activity": {
      const { id } = event.activity;
      const order = id in mirror.activities ? mirror.order : [...mirror.order, id];
      return { ...mirror, order, activities: { ...mirror.activities, [id]: event.activity } };
    }
    case "activity_removed": {
      const old = mirror.activities[event.id];
      return {
        ...mirror,
        order: mirror.order.filter((id) => id !== event.id),
        activities: without(mirror.activities, event.id),
        gone: old ? newest({ ...mirror.gone, [event.id]: old }) : mirror.gone,
      };
    }
    case "ring":
      return ring(mirror, event.ring, event.at);
    case "command": {
      const key = commandKey(event.status.command);
      const old = mirror.commands[key];
      if (old && old.id > event.status.id) return mirror;
      return { ...mirror, commands: prune({ ...without(mirror.commands, key), [key]: event.status }) };
    }
    case "outbox":
      return { ...mirror, outbox: put(mirror.outbox, event.item, (item) => item.id) };
    case "outbox_removed":
      return { ...mirror, outbox: mirror.outbox.filter((item) => item.id !== event.id) };
    case "composing":
      return { ...mirror, composing: put(mirror.composing, event.composing, (one) => one.key) };
    case "composing_removed":
      return { ...mirror, composing: mirror.composing.filter((one) => one.key !== event.key) };
    case "bulk":
      return { ...mirror, bulks: put(mirror.bulks, event.bulk, (bulk) => bulk.id).slice(-KEPT) };
    case "inbox":
      return { ...mirror, inbox: put(mirror.inbox, event.sync, (sync) => sync.account) };
    case "tickets":
      // Far too many to be held here: lists and conversations hear of them (news.ts).
      return mirror;
    case "statistics": {
      const { statistics } = event;
      return { ...mirror, statistics: { ...mirror.statistics, [queueKey(statistics)]: statistics } };
    }
    case "statistics_removed":
      return { ...mirror, statistics: without(mirror.statistics, queueKey(event.queue)) };
    case "presence": {
      const { presence } = event;
      return { ...mirror, presences: { ...mirror.presences, [presence.contact]: presence } };
    }
    case "presence_removed":
      return { ...mirror, presences: without(mirror.presences, event.contact) };
    case "notice":
      return { ...mirror, notices: put(mirror.notices, event.notice, (one) => one.key) };
    case "notice_removed":
      return { ...mirror, notices: mirror.notices.filter((one) => one.key !== event.key) };
    case "day":
      // Whoever shows a day asks for it again (news.ts).
      return mirror;
    case "settings":
      return { ...mirror, settings: event.settings };
  }
}

function ring(mirror: Mirror, ring: Ring, at: Timestamp): Mirror {
  if (!ring.ended) return { ...mirror, rings: { ...mirror.rings, [ring.activity]: ring } };
  const rings = without(mirror.rings, ring.activity);
  const activity = mirror.activities[ring.activity] ?? mirror.gone[ring.activity];
  if (!activity || ring.ended === "answered_here") return { ...mirror, rings };
  const ending = { activity, outcome: ring.ended, at };
  const others = mirror.endings.filter((other) => other.activity.id !== ring.activity);
  return { ...mirror, rings, endings: [ending, ...others].slice(0, KEPT) };
}

/** Whether nothing of a bulk change is left to do. */
export function isOver({ of, done, failed, cancelled }: BulkProgress): boolean {
  return done + failed + cancelled >= of;
}

function put<T>(list: readonly T[], item: T, key: (item: T) => unknown): readonly T[] {
  const at = list.findIndex((other) => key(other) === key(item));
  return at < 0 ? [...list, item] : list.with(at, item);
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

function newest<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).slice(-KEPT));
}

/** Forgets the oldest finished commands, so that a long day does not grow the window. */
function prune(commands: Record<string, CommandStatus>): Record<string, CommandStatus> {
  const entries = Object.entries(commands);
  if (entries.length <= 200) return commands;
  const keep = entries.filter(
    ([, status], index) => status.outcome.is === "pending" || index >= entries.length - 100,
  );
  return Object.fromEntries(keep);
}

/** The account of this name. */
export function accountOf(mirror: Mirror, id: AccountId): AccountState | undefined {
  return mirror.accounts.find((one) => one.account.id === id);
}
