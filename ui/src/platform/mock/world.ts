// The practice world behind the pages when they run in a plain browser. It plays the core: a snapshot, numbered events,
// commands that are pending before they are confirmed or refused, calls with a life cycle, an outbox. It is driven by
// `window.__offhook` and does nothing by chance, so that a test and a designer see the same thing every time.

import type {
  Account,
  AccountId,
  AccountOutcome,
  AccountState,
  Activity,
  ActivityId,
  BulkProgress,
  Command,
  CommandId,
  CommandStatus,
  Commands,
  Composing,
  Contact,
  ContactBlock,
  ContactId,
  ContactPresence,
  DialRequest,
  Disposition,
  Draft,
  Event as EngineEvent,
  InboxSync,
  Notice,
  OutboxItem,
  Outcome,
  Pause,
  PauseChoice,
  Problem,
  ProblemCode,
  QueueStatistics,
  Ring,
  RingOutcome,
  Settings,
  ShellEvent,
  Snapshot,
  Ticket,
  TicketId,
  UnifiedAgent,
  Work,
} from "../../generated/model";
import { connect, control, PHONES, perform, refresh } from "./calls";
import { line, report } from "./checks";
import { conversationHandlers, type Desk } from "./conversation";
import { type Diary, dayHandlers, diary } from "./day";
import { figureHandlers } from "./figures";
import { inboxHandlers } from "./inbox";
import { parse } from "./numbers";
import { OFFICE, type Office, officeHandlers, setPresence, switchboard } from "./office";
import { people } from "./people";
import { type Archive, archive, viewHandlers } from "./views";

type Change = EngineEvent extends infer E ? (E extends EngineEvent ? Omit<E, "seq" | "at"> : never) : never;
/** What answers a command of the page. */
export type Handlers = {
  [K in keyof Commands]: (
    request: Commands[K]["request"],
  ) => Commands[K]["answer"] | Promise<Commands[K]["answer"]>;
};

/** What a test may say about a call it makes ring. */
export interface RingOptions {
  account?: AccountId;
  /** Index of a contact that calls; absent means a stranger. */
  person?: number;
  name?: string;
  maybe?: boolean;
  queue?: string;
}

const PAUSES: Pause[] = [
  { id: "lunch", title: "Lunch", kind: "custom", paid: false, max_minutes: 30 },
  { id: "coffee", title: "Coffee", kind: "custom", paid: true, max_minutes: 10 },
  { id: "training", title: "Training", kind: "custom", paid: true, max_minutes: null },
];

const DISPOSITIONS: Disposition[] = [
  { id: "resolved", title: "Resolved", description: "Nothing is left to do" },
  { id: "callback", title: "Call back", description: "The customer expects a call" },
  { id: "complaint", title: "Complaint", description: null },
  { id: "wrong", title: "Wrong number", description: null },
];

/** A problem with the words of the core. */
export function problem(code: ProblemCode, account: AccountId | null = null, said: string[] = []): Problem {
  return {
    code,
    message: `${code}.`,
    hint: `${code} hint.`,
    account,
    said,
    fields: {},
    facts: {},
  };
}

/** Whom an activity is about. */
const title = ({ id, party, matches }: Activity): string =>
  party.name ?? matches[0]?.contact.title ?? party.phone?.display ?? id;

/** The practice world. */
export class World {
  seq = 100;
  accounts: AccountState[] = [];
  activities: Activity[] = [];
  rings: Ring[] = [];
  commands: CommandStatus[] = [];
  outbox: OutboxItem[] = [];
  composing: Composing[] = [];
  bulks: BulkProgress[] = [];
  inbox: InboxSync[] = [];
  /** What is behind the conversations. */
  desk!: Desk;
  /** Accounts that cannot be searched. */
  silent: AccountId[] = [];
  /** Tickets of all accounts, in no order. */
  tickets: Ticket[] = [];
  notices: Notice[] = [];
  statistics: QueueStatistics[] = [];
  presences: ContactPresence[] = [];
  /** Whom the activities that are gone were about. */
  private readonly titles = new Map<ActivityId, string>();
  contacts: Contact[] = [];
  settings: Settings = {
    language: "en",
    theme: "system",
    alerts: { popup: true, notification: true, sound: true, volume: 80, sound_device: null, raise: false },
    leave: "ask",
    close_to_tray: true,
    hotkeys: {},
    region: "CZ",
    dial: {},
    states: {},
    dial_account: null,
    thresholds: [],
    reminders: { pause_minutes: 60, wrap_up_minutes: 5, session_minutes: 10 },
    wallboard: [],
    request_share: {},
  };
  /** How long a command stays pending, in milliseconds. */
  latency = 60;
  /** Every call of the page, for tests. */
  calls: { command: string; request: unknown }[] = [];
  /** Numbers that wait to be dialled. */
  links: DialRequest[] = [];
  /** When set, a snapshot never comes (`hang`) or fails (`fail`). */
  snapshotFault: "hang" | "fail" | undefined;
  /** Problem that the next call of a command meets, by name of the command or by `do` of `execute`. */
  readonly faults = new Map<string, Problem>();
  /** Diversions and voicemail, by account. */
  readonly office = new Map<AccountId, Office>();
  /** What the views ask for beside the core's state. */
  archive: Archive = archive();
  /** The record of the agent's days. */
  diary: Diary = diary();
  private readonly engineListeners = new Set<(events: readonly EngineEvent[]) => void>();
  private readonly shellListeners = new Set<(event: ShellEvent) => void>();
  private skipped = 0;
  private made = 0;
  private queued = 0;
  private agentWord = "";

  onEngine(listener: (events: readonly EngineEvent[]) => void): () => void {
    this.engineListeners.add(listener);
    return () => this.engineListeners.delete(listener);
  }

  onShell(listener: (event: ShellEvent) => void): () => void {
    this.shellListeners.add(listener);
    return () => this.shellListeners.delete(listener);
  }

  /** The shell speaks. */
  shell(event: ShellEvent): void {
    for (const listener of this.shellListeners) listener(event);
  }

  /** Loses the next `count` events on their way to the page. */
  lose(count: number): void {
    this.skipped += count;
  }

  emit(...changes: Change[]): void {
    const agent = this.agent();
    if (JSON.stringify(agent) !== this.agentWord) {
      this.agentWord = JSON.stringify(agent);
      changes.push({ change: "agent", agent });
    }
    const events = changes.map(
      (change) => ({ ...structuredClone(change), seq: ++this.seq, at: Date.now() }) as EngineEvent,
    );
    const heard = events.slice(Math.min(this.skipped, events.length));
    this.skipped -= events.length - heard.length;
    if (heard.length > 0) for (const listener of this.engineListeners) listener(heard);
  }

  // The people who set the world up.

  addAccount(id: AccountId, name: string, practice: boolean, username = "nora.lind"): AccountState {
    const now = Date.now();
    const account: Account = {
      id,
      platform: "daktela",
      name,
      url: `https://${id}.example.com`,
      username,
      practice,
    };
    const state: AccountState = {
      account,
      health: {
        link: "live",
        since: now - 724_000,
        heard_at: now,
        source: "appPullData",
        problem: null,
        retry_at: null,
        unreadable: 0,
        ages: [],
        session_ends: null,
      },
      agent: {
        username,
        name: "Nora Lind",
        presence: "not_ready",
        pause: null,
        since: now - 724_000,
        confirmed_at: now - 2000,
        reach: "reachable",
        always_ready: false,
        pauses: PAUSES,
      },
      queues: [
        { id: "support", title: "Support", kind: "in", outgoing: false, join: "manual", logged_in: true },
        { id: "orders", title: "Orders", kind: "in", outgoing: false, join: "manual", logged_in: false },
        {
          id: "outbound",
          title: "Outbound",
          kind: "out",
          outgoing: true,
          join: "automatic",
          logged_in: true,
        },
        { id: "callbacks", title: "Callbacks", kind: "out", outgoing: true, join: "fixed", logged_in: true },
      ],
      devices: [
        { id: "101", title: "Desk phone 101", kind: "sipDevices", logged_in: true },
        { id: "mobile", title: "My mobile", kind: "externalNumbers", logged_in: false },
      ],
      lines: [],
      presence: null,
      capabilities: [
        "ready",
        "pauses",
        "devices",
        "queue_login",
        "dial",
        "contacts",
        "tickets",
        "create_tickets",
      ],
      missed: 0,
      announcements: [],
    };
    this.accounts.push(state);
    this.emit({ change: "account", account: state });
    return state;
  }

  /** An account on a platform that controls live calls and keeps presence, lines and figures. */
  addSwitchboard(id: AccountId, name: string): AccountState {
    const state = this.addAccount(id, name, false, "nora.lind@example.com");
    this.change(id, (one) => Object.assign(one, switchboard(one)));
    this.office.set(id, structuredClone(OFFICE));
    return state;
  }

  /** An account on a platform that has tickets and no calls. */
  addHelpdesk(id: AccountId, name: string): AccountState {
    const state = this.addAccount(id, name, false, "nora.lind@example.com");
    this.change(id, (one) => {
      one.account.platform = "liveagent";
      one.health.source = "datechanged";
      one.capabilities = ["tickets", "create_tickets", "knowledge"];
      one.agent = null;
      one.queues = [];
      one.devices = [];
    });
    return state;
  }

  /** An account on a platform that shares its limit of requests over all who use it. */
  addCloud(id: AccountId, name: string): AccountState {
    const state = this.addAccount(id, name, false, "nora.lind@example.com");
    this.change(id, (one) => {
      const now = Date.now();
      one.account.platform = "ccaip";
      one.health.source = "calls";
      one.health.ages = [
        { piece: "contacts", heard_at: now - 4000, every: 5 },
        { piece: "state", heard_at: now - 12_000, every: 30 },
        { piece: "queues", heard_at: now - 40_000, every: 60 },
        { piece: "past", heard_at: null, every: 600 },
      ];
      one.capabilities = ["ready", "pauses", "dial", "queue_statistics", "history", "past_days", "centre"];
      one.queues = [];
      one.devices = [];
    });
    return state;
  }

  account(id: AccountId): AccountState {
    const found = this.accounts.find((one) => one.account.id === id);
    if (!found) throw new Error(`no account ${id}`);
    return found;
  }

  /** Changes an account and says so. */
  change(id: AccountId, change: (state: AccountState) => void): void {
    const state = this.account(id);
    change(state);
    this.emit({ change: "account", account: state });
  }

  /** The connection to an account breaks. */
  offline(id: AccountId): void {
    this.change(id, (state) => {
      const now = Date.now();
      state.health = {
        ...state.health,
        link: "offline",
        since: now,
        heard_at: now - 8000,
        problem: problem("network", id),
        retry_at: now + 8000,
      };
    });
  }

  /** And comes back. */
  online(id: AccountId): void {
    this.change(id, (state) => {
      state.health = {
        ...state.health,
        link: "live",
        since: Date.now(),
        heard_at: Date.now(),
        problem: null,
        retry_at: null,
      };
    });
  }

  newActivity(part: Partial<Activity> & { account: AccountId }): Activity {
    const now = Date.now();
    this.made += 1;
    const activity: Activity = {
      id: `${part.account}/activity_${this.made}`,
      channel: "call",
      direction: "in",
      phase: "open",
      phase_since: now,
      began_at: now,
      answered_at: null,
      ended_at: null,
      title: null,
      party: { name: null, company: null, phone: null, address: null },
      matches: [],
      queue: { id: "support", title: "Support" },
      ticket: null,
      device: null,
      on_hold: false,
      actions: [],
      call: null,
      wrap_up: { dispositions: DISPOSITIONS, required: true, multiple: true },
      draft: { note: "", dispositions: [] },
      web: null,
      facts: [],
      ...part,
    };
    this.activities.push(activity);
    this.emit({ change: "activity", activity });
    return activity;
  }

  /** Changes an activity and says so. */
  update(id: ActivityId, part: Partial<Activity>, ...more: Change[]): void {
    const at = this.activities.findIndex((activity) => activity.id === id);
    const old = this.activities[at];
    if (!old) return;
    const activity = { ...old, ...part };
    this.activities[at] = activity;
    this.emit({ change: "activity", activity }, ...more);
  }

  /** Takes an activity away, as the platform does when it is closed. What was typed for it goes to the outbox. */
  remove(id: ActivityId): void {
    const left = this.activities.find((activity) => activity.id === id);
    if (left) this.titles.set(id, title(left));
    this.activities = this.activities.filter((activity) => activity.id !== id);
    this.emit({ change: "activity_removed", id });
    if (left && left.draft.note !== "") this.queue(id, left.draft, problem("gone"));
  }

  /** A customer calls. */
  ring(options: RingOptions = {}): ActivityId {
    const account = options.account ?? this.accounts[0]?.account.id ?? "daktela";
    const contact = options.person === undefined ? undefined : this.contacts[options.person];
    const phone = contact?.numbers[0]?.phone ?? {
      raw: "+12125550143",
      e164: "+12125550143",
      display: "+1 212-555-0143",
      country: "US",
    };
    const activity = this.newActivity({
      account,
      phase: "ringing",
      party: { name: options.name ?? null, company: null, phone, address: null },
      matches: contact
        ? [
            {
              contact,
              confidence: options.maybe ? "maybe" : "sure",
              tickets: [
                {
                  account,
                  id: `${account}/4711`,
                  number: "4711",
                  title: "Delivery came without the second parcel",
                  stage: "OPEN",
                },
              ],
            },
          ]
        : [],
      queue: { id: "support", title: options.queue ?? "Support" },
      actions: ["answer", "decline"],
      call: this.account(account).account.platform === "dstny" ? control() : null,
    });
    refresh(this, account);
    const ring: Ring = { activity: activity.id, since: Date.now(), ended: null };
    this.rings.push(ring);
    this.emit({ change: "ring", ring });
    return activity.id;
  }

  /** The ringing ends. */
  endRing(id: ActivityId, ended: RingOutcome): void {
    this.rings = this.rings.filter((ring) => ring.activity !== id);
    this.emit({ change: "ring", ring: { activity: id, since: Date.now(), ended } });
    if (ended !== "answered_here") this.remove(id);
  }

  /** The other side or the agent hangs up: the call goes to wrap-up. */
  hangup(id: ActivityId): void {
    const live = this.activities.find((one) => one.id === id && one.call);
    if (live) {
      // A platform that only carries calls has nothing to close afterwards.
      this.remove(id);
      refresh(this, live.account);
      return;
    }
    this.update(id, { phase: "wrap_up", phase_since: Date.now(), ended_at: Date.now(), actions: ["close"] });
  }

  /** The other side of a call that was dialled answers. */
  connect(id: ActivityId): void {
    connect(this, id);
  }

  /** Works out anew what is offered for the calls of the account this one is on. */
  touch(id: ActivityId): void {
    const found = this.activities.find((one) => one.id === id);
    if (found) refresh(this, found.account);
  }

  /** Something outside asks to dial. */
  link(text: string): void {
    this.links.push({ text, number: parse(text.replace(/^(tel|callto):/, "")) });
    this.shell({ event: "dial_waiting" });
  }

  /** The platform tells of a contact that is watched. */
  tellsPresence(presence: ContactPresence): void {
    this.presences = [...this.presences.filter((one) => one.contact !== presence.contact), presence];
    this.emit({ change: "presence", presence });
  }

  /** A contact is no longer watched. */
  forgets(contact: ContactId): void {
    this.presences = this.presences.filter((one) => one.contact !== contact);
    this.emit({ change: "presence_removed", contact });
  }

  /** The platform tells how a queue stands. */
  tellsFigures(...told: QueueStatistics[]): void {
    const name = (one: QueueStatistics): string => `${one.account}/${one.queue}`;
    const names = new Set(told.map(name));
    this.statistics = [...this.statistics.filter((one) => !names.has(name(one))), ...told];
    this.emit(...told.map((statistics): Change => ({ change: "statistics", statistics })));
  }

  /** Something the agent should know. */
  notice(notice: Notice): void {
    this.notices = [...this.notices.filter((one) => one.key !== notice.key), notice];
    this.emit({ change: "notice", notice });
  }

  /** Its reason is gone. */
  noticeGone(key: string): void {
    this.notices = this.notices.filter((one) => one.key !== key);
    this.emit({ change: "notice_removed", key });
  }

  // What the core does.

  agent(): UnifiedAgent {
    const agents = this.accounts.flatMap((one) =>
      one.agent && one.health.link !== "signed_out" ? [{ ...one, agent: one.agent }] : [],
    );
    const heard = agents.filter((one) => one.health.link === "live");
    const presences = new Set(heard.map((one) => one.agent.presence));
    const [first] = heard;
    const single = presences.size === 1 && first ? first.agent.presence : "mixed";
    const presence =
      agents.length === 0 ? "signed_out" : !first ? "offline" : single === "unknown" ? "not_ready" : single;
    const pauses = new Map<string, PauseChoice>();
    for (const one of agents) {
      for (const pause of one.agent.pauses) {
        const choice = pauses.get(pause.title);
        if (choice) choice.accounts.push(one.account.id);
        else {
          const { title, paid, max_minutes } = pause;
          pauses.set(title, {
            key: title.toLowerCase(),
            title,
            paid,
            max_minutes,
            accounts: [one.account.id],
          });
        }
      }
    }
    return {
      presence,
      pause: presence === "paused" ? (first?.agent.pause?.title ?? null) : null,
      since: first?.agent.since ?? null,
      max_minutes: presence === "paused" ? (first?.agent.pause?.max_minutes ?? null) : null,
      reachable: heard.some((one) => one.agent.presence === "ready" && one.agent.reach !== "unreachable"),
      busy: heard.some((one) => one.agent.reach === "busy"),
      pauses: [...pauses.values()],
    };
  }

  private snapshot(): Snapshot {
    return structuredClone({
      seq: this.seq,
      at: Date.now(),
      agent: this.agent(),
      accounts: this.accounts,
      activities: this.activities,
      rings: this.rings,
      commands: this.commands,
      outbox: this.outbox,
      settings: this.settings,
      statistics: this.statistics,
      presences: this.presences,
      composing: this.composing,
      bulks: this.bulks,
      inbox: this.inbox,
      notices: this.notices,
    });
  }

  private execute(command: Command): CommandId {
    const id = this.commands.length + 1;
    const asked =
      command.do === "set_state"
        ? (command.accounts ?? this.accounts.map((one) => one.account.id))
        : this.accountsOf(command);
    const status: CommandStatus = {
      id,
      command,
      asked_at: Date.now(),
      outcome: { is: "pending" },
      accounts: asked.map((account): AccountOutcome => ({ account, outcome: { is: "pending" } })),
      made: null,
      next: null,
    };
    this.commands.push(status);
    this.emit({ change: "command", status });
    setTimeout(() => this.finish(status), this.latency);
    return id;
  }

  private accountsOf(command: Command): AccountId[] {
    if ("account" in command) return [command.account];
    if (command.do === "pick_up")
      return this.contacts.filter((one) => one.id === command.contact).map((one) => one.account);
    if ("activity" in command)
      return this.activities.filter((one) => one.id === command.activity).map((one) => one.account);
    return [];
  }

  private finish(status: CommandStatus): void {
    const fault = this.faults.get(status.command.do);
    this.faults.delete(status.command.do);
    const outcome: Outcome = fault ? { is: "refused", problem: fault } : { is: "confirmed" };
    if (!fault) status.made = this.perform(status.command);
    status.outcome = outcome;
    status.accounts = status.accounts.map((one) => ({ ...one, outcome }));
    this.emit({ change: "command", status });
    if (fault && status.command.do === "close")
      this.queue(status.command.activity, status.command.draft, fault);
  }

  private queue(activity: ActivityId, draft: Draft, why: Problem): void {
    const still = this.activities.find((one) => one.id === activity);
    const about = (still && title(still)) ?? this.titles.get(activity) ?? activity;
    this.enqueue({ kind: "close", activity, draft }, about, { is: "refused", problem: why });
  }

  /** Puts something into the outbox and says so. */
  enqueue(work: Work, about: string, state: OutboxItem["state"], batch: number | null = null): OutboxItem {
    this.queued += 1;
    const item: OutboxItem = { id: this.queued, work, title: about, batch, queued_at: Date.now(), state };
    this.outbox.push(item);
    this.emit({ change: "outbox", item });
    return item;
  }

  /** Takes an item out of the outbox and says so. */
  dequeue(id: number): void {
    this.outbox = this.outbox.filter((item) => item.id !== id);
    this.emit({ change: "outbox_removed", id });
  }

  /** Something more is in the record of a day. */
  tellsDay(date: string, ...contacts: ContactBlock[]): void {
    const { more } = this.diary;
    this.diary = { ...this.diary, more: { ...more, [date]: [...(more[date] ?? []), ...contacts] } };
    this.emit({ change: "day", date });
  }

  /** Tickets change on their platforms, or come: at most 200 are told. */
  tellsTickets(...changed: Ticket[]): void {
    const at = new Map(changed.map((ticket) => [ticket.id, ticket]));
    this.tickets = this.tickets.map((ticket) => {
      const now = at.get(ticket.id);
      at.delete(ticket.id);
      return now ?? ticket;
    });
    this.tickets = [...this.tickets, ...at.values()];
    this.emit({
      change: "tickets",
      tickets: changed.slice(0, 200),
      gone: [],
      more: changed.length > 200,
    });
  }

  /** Changes one ticket and says so. */
  changeTicket(id: TicketId, part: Partial<Ticket>): void {
    const old = this.tickets.find((ticket) => ticket.id === id);
    if (old) this.tellsTickets({ ...old, changed_at: Date.now(), ...part });
  }

  /** The index of an account's tickets moves on. */
  tellsSync(sync: InboxSync): void {
    this.inbox = [...this.inbox.filter((one) => one.account !== sync.account), sync];
    this.emit({ change: "inbox", sync });
  }

  private perform(command: Command): ActivityId | null {
    const now = Date.now();
    switch (command.do) {
      case "set_state":
        for (const { account } of this.accounts) {
          if (command.accounts && !command.accounts.includes(account.id)) continue;
          this.change(account.id, (state) => {
            if (!state.agent) return;
            const { target } = command;
            const pause =
              target.to === "pause"
                ? (state.agent.pauses.find((one) => one.title.toLowerCase() === target.pause) ?? null)
                : null;
            state.agent = {
              ...state.agent,
              presence: target.to === "pause" ? "paused" : target.to,
              pause,
              since: now,
              confirmed_at: now,
            };
          });
        }
        return null;
      case "set_device":
        this.change(command.account, (state) => {
          state.devices = state.devices.map((one) => ({
            ...one,
            logged_in: one.id === command.device ? command.logged_in : one.logged_in && !command.logged_in,
          }));
        });
        return null;
      case "set_queue":
        this.change(command.account, (state) => {
          state.queues = state.queues.map((one) =>
            one.id === command.queue ? { ...one, logged_in: command.logged_in } : one,
          );
        });
        return null;
      case "answer": {
        const rang = this.rings.some((ring) => ring.activity === command.activity);
        this.update(command.activity, {
          phase: "open",
          phase_since: now,
          answered_at: now,
          device: command.device,
          actions: ["hangup"],
        });
        this.nowTalking(command.activity, command.device);
        if (rang) this.endRing(command.activity, "answered_here");
        return null;
      }
      case "decline":
        this.endRing(command.activity, "rejected");
        return null;
      case "hangup":
        this.hangup(command.activity);
        return null;
      case "close":
        this.update(command.activity, { draft: { note: "", dispositions: [] } });
        this.remove(command.activity);
        return null;
      case "dial": {
        const contact = this.contacts.find((one) => one.id === command.contact);
        const { phone } = parse(command.number);
        const { account, queue, device, line } = command;
        const dial = { ...this.settings.dial, [account]: { queue, device, line } };
        this.settings = { ...this.settings, dial, dial_account: account };
        this.emit({ change: "settings", settings: this.settings });
        const activity = this.newActivity({
          account: command.account,
          direction: "out",
          phase: "dialling",
          party: { name: contact?.title ?? null, company: contact?.company ?? null, phone, address: null },
          matches: contact ? [{ contact, confidence: "sure", tickets: [] }] : [],
          queue: { id: command.queue, title: "Outbound" },
          actions: ["hangup"],
          call: this.account(account).account.platform === "dstny" ? control() : null,
        });
        return activity.id;
      }
      case "control":
        return perform(this, command.activity, command.control);
      case "pick_up": {
        const contact = this.contacts.find((one) => one.id === command.contact);
        const account = contact?.account ?? "";
        const party = { name: "Colleague’s caller", company: null, phone: null, address: null };
        const picked = this.newActivity({ account, party, call: control() });
        refresh(this, account);
        return picked.id;
      }
      case "set_presence":
      case "apply_shortcut":
        setPresence(this, command);
        return null;
      case "set_line":
        this.change(command.account, (state) => {
          state.lines = state.lines.map((line) => ({ ...line, active: line.id === command.line }));
        });
        return null;
      case "resend":
      case "discard":
        this.dequeue(command.item);
        return null;
    }
  }

  /** A call that was answered goes on as live calls do: what else was talked on is held. */
  private nowTalking(id: ActivityId, device: string | null): void {
    const activity = this.activities.find((one) => one.id === id);
    if (!activity?.call) return;
    for (const other of this.activities) {
      if (other.account === activity.account && other.call && other.phase === "open" && other.id !== id)
        this.update(other.id, { on_hold: true, phase_since: Date.now() });
    }
    this.update(id, { call: { ...activity.call, devices: [device ?? PHONES[0]?.id ?? ""] } });
    refresh(this, activity.account);
  }

  private search(text: string, online: boolean): Contact[] {
    const wanted = fold(text);
    const found = this.contacts.filter((contact, index) => {
      // A part of the people is known to the platform only, so that the second answer is larger than the first.
      if (!online && index % 10 === 9) return false;
      const all = [
        contact.title,
        contact.company ?? "",
        ...contact.emails,
        ...contact.numbers.map((one) => one.phone.raw),
      ];
      return wanted === "" || all.some((one) => fold(one).includes(wanted));
    });
    return wanted === "" ? found.sort((a, b) => Number(b.favourite) - Number(a.favourite)) : found;
  }

  private readonly handlers: Handlers = {
    snapshot: () => {
      if (this.snapshotFault === "hang") return new Promise<Snapshot>(() => {});
      if (this.snapshotFault === "fail") throw problem("internal");
      return this.snapshot();
    },
    execute: (command) => this.execute(command),
    save_draft: ({ activity, draft }) => {
      const found = this.activities.find((one) => one.id === activity);
      if (found) found.draft = draft;
      else if (draft.note !== "") this.queue(activity, draft, problem("gone"));
      return null;
    },
    search_contacts: async ({ text, online }) => {
      if (online) await rest(this.latency * 3);
      return { contacts: this.search(text, online), online, problems: [], unreadable: 0 };
    },
    contact: async (id) => {
      await rest(this.latency);
      const contact = this.contacts.find((one) => one.id === id);
      if (!contact) throw problem("gone");
      const day = 86_400_000;
      return {
        contact,
        tickets: [
          {
            account: contact.account,
            id: `${contact.account}/4711`,
            number: "4711",
            title: "Delivery came without the second parcel",
            stage: "OPEN",
          },
          {
            account: contact.account,
            id: `${contact.account}/4502`,
            number: "4502",
            title: "Wrong address on the invoice",
            stage: "CLOSE",
          },
        ],
        activities: [
          {
            channel: "call",
            direction: "in",
            title: "Asked about delivery",
            at: Date.now() - day,
            seconds: 184,
            agent: "Nora Lind",
          },
          {
            channel: "email",
            direction: "out",
            title: "Re: invoice 2024-117",
            at: Date.now() - 3 * day,
            seconds: null,
            agent: "Sam Ode",
          },
        ],
        problems: [],
        unreadable: 0,
      };
    },
    set_favourite: ({ contact, on }) => {
      this.contacts = this.contacts.map((one) => (one.id === contact ? { ...one, favourite: on } : one));
      return null;
    },
    parse_number: (text) => parse(text),
    check_new_account: ({ url, credential, platform }) => {
      if (credential.kind === "password" && credential.password === "wrong") {
        return {
          url,
          version: "6.24",
          user: null,
          lines: [
            line("address", true, "6.24"),
            line("sign_in", false, null, problem("wrong_credentials", null, ["Invalid credentials"])),
          ],
        };
      }
      return report(url, platform);
    },
    check_account: (id) => {
      const { url, platform } = this.account(id).account;
      return report(url, platform);
    },
    add_account: async ({ url, name, keep, credential, platform }) => {
      await rest(this.latency);
      if (credential.kind === "password" && credential.password === "wrong")
        throw problem("wrong_credentials", null, ["Invalid credentials"]);
      if (keep === "session") this.faults.delete("add_account");
      const host = url.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
      const id = host.split(".")[0] ?? "daktela";
      if (platform === "dstny") this.addSwitchboard(id, name || host);
      else if (platform === "liveagent") this.addHelpdesk(id, name || host);
      else this.addAccount(id, name || host, false);
      return id;
    },
    sign_in: async ({ account, credential }) => {
      await rest(this.latency);
      if (credential.kind === "password" && credential.password === "wrong")
        throw problem("wrong_credentials", account, ["Invalid credentials"]);
      this.online(account);
      return null;
    },
    remove_account: (id) => {
      this.accounts = this.accounts.filter((one) => one.account.id !== id);
      this.emit({ change: "account_removed", id });
      return null;
    },
    start_practice: async () => {
      await rest(this.latency);
      this.addAccount("practice", "Practice centre", true);
      this.contacts = people(200, "practice");
      return "practice";
    },
    practice_ring: () => {
      this.ring({ person: 0 });
      return null;
    },
    save_settings: (settings) => {
      this.settings = settings;
      this.emit({ change: "settings", settings });
      return null;
    },
    test_alert: async () => {
      await rest(this.latency);
      return { notification: null, sound: problem("not_possible") };
    },
    sound_devices: () => ["Headset", "Speakers"],
    silence: () => null,
    pending_dial: () => this.links.shift() ?? null,
    unlock_keychain: () => null,
    diagnostics: () => [
      { what: "version", ok: null, detail: "0.1.0" },
      { what: "keychain", ok: true, detail: "Secret Service" },
      { what: "notifications", ok: true, detail: "org.freedesktop.Notifications" },
      { what: "tray", ok: false, detail: "no StatusNotifierWatcher" },
      { what: "sound", ok: true, detail: "2 outputs" },
    ],
    show_main: () => null,
    page_ready: () => null,
    quit: () => null,
    ...officeHandlers(this),
    ...figureHandlers(this),
    ...dayHandlers(this),
    ...viewHandlers(this),
    ...inboxHandlers(this),
    ...conversationHandlers(this),
  };

  /** The page calls. */
  async call<K extends keyof Commands>(
    command: K,
    request: Commands[K]["request"],
  ): Promise<Commands[K]["answer"]> {
    this.calls.push({ command, request });
    const fault = command === "execute" ? undefined : this.faults.get(command);
    if (fault) {
      this.faults.delete(command);
      throw fault;
    }
    return structuredClone(await this.handlers[command](request));
  }
}

/** Waits. */
export const rest = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
