// The desk of an agent on the second platform of the practice world: presence, lines, diversions, voicemail.

import type {
  AccountState,
  Command,
  Diversions,
  Line,
  OwnPresence,
  Pause,
  VoicemailSettings,
} from "../../generated/model";
import { PHONES } from "./calls";
import { parse } from "./numbers";
import { type Handlers, rest, type World } from "./world";

/** What an account keeps beside its state. */
export interface Office {
  diversions: Diversions;
  voicemail: VoicemailSettings;
}

const PRESENCE: OwnPresence = {
  activities: [
    { id: "available", title: "Available", available: true },
    { id: "focus", title: "Focus time", available: true },
    { id: "lunch", title: "Lunch", available: false },
    { id: "meeting", title: "In a meeting", available: false },
    { id: "home", title: "Gone home", available: false },
  ],
  activity: "available",
  available: true,
  note: "",
  until: null,
  roles: [
    { id: "support", title: "Support agent" },
    { id: "private", title: "Private" },
  ],
  role: "support",
  shortcuts: [
    { id: "s1", title: "Lunch 30 min", activity: "lunch", minutes: 30 },
    { id: "s2", title: "Meeting 1 h", activity: "meeting", minutes: 60 },
    { id: "s3", title: "Home for today", activity: "home", minutes: null },
  ],
};

const line = (id: string, title: string, number: string | null, active: boolean): Line => ({
  id,
  title,
  phone: number === null ? null : parse(number).phone,
  active,
});

const LINES: readonly Line[] = [
  line("office", "Office", "+46701740601", true),
  line("support", "Support group", "+46701740602", false),
  line("hidden", "Number withheld", null, false),
];

/** What a new account has. */
export const OFFICE: Office = {
  diversions: {
    active: null,
    lines: [
      {
        line: "PRIMARY",
        number: "+46701740601",
        rules: [
          { case: { when: "always" }, number: null },
          { case: { when: "busy" }, number: "+46701740699" },
          { case: { when: "no_answer" }, number: "+46701740699" },
          { case: { when: "unreachable" }, number: null },
          { case: { when: "other", word: "AT_NIGHT" }, number: null },
        ],
      },
    ],
    activities: [
      { activity: "lunch", title: "Lunch", number: "+46701740650" },
      { activity: "meeting", title: "In a meeting", number: null },
      { activity: "home", title: "Gone home", number: null },
    ],
  },
  voicemail: {
    enabled: true,
    says_activity: true,
    says_end: false,
    offers_person: false,
    person_number: null,
    by_sms: null,
    by_email: true,
    attached: true,
    callback: false,
  },
};

const pauses: Pause[] = PRESENCE.activities
  .filter((one) => !one.available)
  .map(({ id, title }) => ({ id, title, kind: "custom", paid: null, max_minutes: null }));

/** What makes an account one of the second platform. */
export function switchboard(state: AccountState): Partial<AccountState> {
  return {
    account: { ...state.account, platform: "dstny" },
    health: { ...state.health, source: "dialog stream" },
    agent: state.agent && { ...state.agent, presence: "ready", pauses },
    devices: [...PHONES],
    lines: [...LINES],
    presence: structuredClone(PRESENCE),
    queues: [
      { id: "support", title: "Support", kind: "ACD", outgoing: false, join: "manual", logged_in: true },
      { id: "sales", title: "Sales", kind: "ACD", outgoing: false, join: "manual", logged_in: false },
    ],
    capabilities: [
      "ready",
      "pauses",
      "queue_login",
      "dial",
      "contacts",
      "presence",
      "lines",
      "pick_up",
      "contact_presence",
      "queue_statistics",
      "history",
      "group_history",
      "diversions",
      "voicemail",
      "sms",
      "conferences",
      "contact_marks",
      "personal_contacts",
      "routes",
    ],
  };
}

/** Sets the agent's presence, by its parts or by a shortcut. */
export function setPresence(
  world: World,
  command: Extract<Command, { do: "set_presence" | "apply_shortcut" }>,
): void {
  const now = Date.now();
  world.change(command.account, (state) => {
    if (!state.presence) return;
    const next = { ...state.presence };
    if (command.do === "apply_shortcut") {
      const shortcut = next.shortcuts.find((one) => one.id === command.shortcut);
      if (!shortcut) return;
      next.activity = shortcut.activity;
      next.until = shortcut.minutes === null ? null : now + shortcut.minutes * 60_000;
    } else {
      const { activity, note, until, role } = command.change;
      next.activity = activity ?? next.activity;
      next.note = note ?? next.note;
      if (until) next.until = until.ends === "at" ? until.at : null;
      next.role = role ?? next.role;
    }
    const usual = next.activities.find((one) => one.id === next.activity)?.available ?? null;
    next.available = (command.do === "set_presence" ? command.change.available : null) ?? usual;
    state.presence = next;
    if (state.agent) {
      const pause = pauses.find((one) => one.id === next.activity) ?? null;
      state.agent = { ...state.agent, presence: pause ? "paused" : "ready", pause, since: now };
    }
  });
}

type Answers = Pick<Handlers, "diversions" | "set_diversion" | "voicemail" | "save_voicemail">;

/** Answers for the agent's desk. */
export function officeHandlers(world: World): Answers {
  const of = (account: string): Office => world.office.get(account) ?? structuredClone(OFFICE);
  return {
    diversions: async (account) => {
      await rest(world.latency);
      return of(account).diversions;
    },
    set_diversion: async ({ account, change }) => {
      await rest(world.latency);
      const office = of(account);
      const { diversions } = office;
      if (change.divert === "active") diversions.active = change.number;
      else if (change.divert === "activity")
        diversions.activities = diversions.activities.map((one) =>
          one.activity === change.activity ? { ...one, number: change.number } : one,
        );
      else {
        const same = JSON.stringify(change.case);
        diversions.lines = diversions.lines.map((one) =>
          one.line !== change.line
            ? one
            : {
                ...one,
                rules: one.rules.map((rule) =>
                  JSON.stringify(rule.case) === same ? { ...rule, number: change.number } : rule,
                ),
              },
        );
      }
      world.office.set(account, office);
      return diversions;
    },
    voicemail: async (account) => {
      await rest(world.latency);
      return of(account).voicemail;
    },
    save_voicemail: async ({ account, settings }) => {
      await rest(world.latency);
      const office = of(account);
      office.voicemail = settings;
      world.office.set(account, office);
      return settings;
    },
  };
}
