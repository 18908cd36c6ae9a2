// The stand-in for the core in a plain browser. `?world=` chooses what is there at the start (see `scenes`); the world
// itself is `window.__offhook`, for tests and for playing by hand.

import type { Activity, ActivityId, CallControl } from "../../generated/model";
import type { Host } from "../host";
import { control } from "./calls";
import { rememberDays } from "./day";
import { change } from "./figures";
import { people } from "./people";
import { tickets } from "./tickets";
import { remember } from "./views";
import { problem, World } from "./world";

declare global {
  interface Window {
    __offhook: World;
  }
}

const address = new URLSearchParams(location.search);

function twoPlatforms(world: World): void {
  world.addAccount("centrum", "Centrum", false);
  world.addSwitchboard("vaxel", "Växel");
  world.contacts = people(200, "vaxel");
}

function fourPlatforms(world: World): void {
  for (const id of ["centrum", "pomoc"]) {
    if (id === "centrum") world.addAccount(id, "Centrum", false);
    else world.addHelpdesk(id, "Pomoc");
    world.change(id, (one) => one.capabilities.push("queue_statistics"));
  }
  world.addSwitchboard("vaxel", "Växel");
  world.addCloud("molnet", "Molnet");
  world.contacts = people(200, "vaxel");
}

/** Tickets of all accounts, everything read. */
function fillInbox(world: World): void {
  const now = Date.now();
  const accounts = world.accounts.map((one) => one.account.id);
  world.tickets = tickets(Number(address.get("tickets") ?? 300), accounts, world.contacts, now);
  world.inbox = accounts.map((account) => ({
    account,
    known: world.tickets.filter((ticket) => ticket.account === account).length,
    of: null,
    complete: true,
    at: now,
    problem: null,
  }));
}

/** A call that was answered a while ago. */
function liveCall(
  world: World,
  person: number,
  call: Partial<CallControl>,
  part: Partial<Activity> = {},
): ActivityId {
  const contact = world.contacts[person];
  const since = Date.now() - 154_000 + person * 20_000;
  return world.newActivity({
    account: "vaxel",
    phase: "open",
    phase_since: since,
    began_at: since - 8000,
    answered_at: since,
    party: { name: null, company: null, phone: contact?.numbers[0]?.phone ?? null, address: null },
    matches: contact ? [{ contact, confidence: "sure", tickets: [] }] : [],
    call: control({ devices: ["2.desk"], ...call }),
    ...part,
  }).id;
}

const scenes: Record<string, (world: World) => void> = {
  /** Nothing is set up: first run. */
  empty: () => {},
  /** The core does not answer yet. */
  loading: (world) => {
    world.snapshotFault = "hang";
  },
  /** The core answers with a fault. */
  broken: (world) => {
    world.snapshotFault = "fail";
  },
  /** Signed in, not ready, nothing to do. */
  agent: (world) => {
    world.addAccount("centrum", "Centrum", false);
  },
  /** Two accounts and everything at once. */
  busy: (world) => {
    const centrum = world.addAccount("centrum", "Centrum", false);
    world.addAccount("practice", "Practice centre", true);
    for (const id of ["centrum", "practice"]) {
      world.change(id, (state) => {
        if (state.agent) state.agent = { ...state.agent, presence: "ready" };
      });
    }
    world.change("centrum", (state) => {
      state.missed = 3;
      state.announcements = [
        { id: "news", text: "The phone lines of the Brno office are tested tonight after 20:00." },
      ];
    });
    world.contacts = people(200, "centrum");
    const [, , second, , , , , , ninth] = world.contacts;
    const now = Date.now();
    world.newActivity({
      account: "centrum",
      channel: "chat",
      phase: "waiting",
      phase_since: now - 95_000,
      began_at: now - 95_000,
      party: { name: "Web visitor", company: null, phone: null, address: "visitor@example.com" },
      title: "Is the blue one in stock?",
      actions: ["answer"],
    });
    world.newActivity({
      account: "practice",
      channel: "email",
      phase: "waiting",
      phase_since: now - 1_260_000,
      began_at: now - 1_260_000,
      party: { name: null, company: null, phone: null, address: "claims@example.org" },
      title: "Complaint about delivery 20931",
      queue: { id: "orders", title: "Orders" },
      actions: ["answer"],
    });
    world.newActivity({
      account: "centrum",
      phase: "open",
      phase_since: now - 154_000,
      began_at: now - 170_000,
      answered_at: now - 154_000,
      party: { name: null, company: null, phone: second?.numbers[0]?.phone ?? null, address: null },
      matches: second
        ? [
            {
              contact: second,
              confidence: "sure",
              tickets: [
                {
                  account: "centrum",
                  id: "centrum/4711",
                  number: "4711",
                  title: "Delivery came without the second parcel",
                  stage: "OPEN",
                },
              ],
            },
          ]
        : [],
      actions: ["hangup"],
      draft: { note: "Second parcel missing, driver says delivered.", dispositions: [] },
    });
    world.newActivity({
      account: "centrum",
      phase: "wrap_up",
      phase_since: now - 41_000,
      began_at: now - 400_000,
      answered_at: now - 380_000,
      ended_at: now - 41_000,
      party: { name: "Kustfrakt AB", company: null, phone: ninth?.numbers[0]?.phone ?? null, address: null },
      actions: ["close"],
    });
    world.ring({ person: 0 });
    world.enqueue(
      {
        kind: "close",
        activity: "centrum/activity_0",
        draft: { note: "Wants the invoice again.", dispositions: ["resolved"] },
      },
      "Owen Blackwood",
      {
        is: "refused",
        problem: problem("refused", centrum.account.id, ["Status is required in this queue"]),
      },
    );
  },
  /** Two platforms, one of which controls live calls, keeps presence and has lines. */
  switchboard: (world) => twoPlatforms(world),
  /** Talking to one person, muted and recorded. */
  call: (world) => {
    twoPlatforms(world);
    const id = liveCall(world, 0, { muted: true, recording: { is: "on", since: Date.now() - 42_000 } });
    world.touch(id);
  },
  /** One waits while another is consulted. */
  consult: (world) => {
    twoPlatforms(world);
    const anna = liveCall(world, 0, {}, { on_hold: true });
    world.touch(liveCall(world, 3, { consults_for: anna }, { direction: "out", queue: null }));
  },
  /** Three calls, none of which belongs to another. */
  three: (world) => {
    twoPlatforms(world);
    liveCall(world, 0, {}, { on_hold: true });
    liveCall(world, 3, {}, { on_hold: true });
    world.touch(liveCall(world, 4, {}));
  },
  /** A conference of three. */
  conference: (world) => {
    twoPlatforms(world);
    const participants = [0, 3, 4].flatMap((n) => {
      const contact = world.contacts[n];
      const phone = contact?.numbers[0]?.phone ?? null;
      return contact
        ? [{ id: `p${n}`, party: { name: contact.title, company: contact.company, phone, address: null } }]
        : [];
    });
    world.touch(liveCall(world, 0, { conference: { participants } }));
  },
  /** Two platforms: one with pauses and queues only, one that tells everything of people, queues and the past. */
  centre: (world) => {
    world.addAccount("centrum", "Centrum", false);
    world.addSwitchboard("vaxel", "Växel");
    world.contacts = people(Number(address.get("contacts") ?? 200), "vaxel").map((contact, n) => ({
      ...contact,
      mark: n === 1 ? "vip" : n === 4 ? "blocked" : n === 5 ? "favourite" : null,
      editable: n === 0,
    }));
    remember(world, "vaxel", Number(address.get("history") ?? 60), Number(address.get("page") ?? 25));
  },
  /** Four platforms, each of which tells something else of its queues. */
  four: (world) => {
    fourPlatforms(world);
    rememberDays(world);
  },
  /** The same with fifty queues, all of which change every second. */
  queues50: (world) => {
    fourPlatforms(world);
    world.archive.busy = Number(address.get("queues") ?? 50);
    let step = 0;
    setInterval(() => {
      step += 1;
      if (world.archive.watched.queues.length > 0) change(world, step);
    }, 1000);
  },
  /** Two platforms with tickets, as many as the address says. */
  inbox: (world) => {
    world.addAccount("centrum", "Centrum", false);
    world.addHelpdesk("pomoc", "Pomoc");
    world.contacts = people(200, "centrum");
    fillInbox(world);
  },
  /** The same, while the tickets are read for the first time. */
  filling: (world) => {
    world.addAccount("centrum", "Centrum", false);
    fillInbox(world);
    world.inbox = [
      { account: "centrum", known: 12_300, of: 100_000, complete: false, at: null, problem: null },
    ];
  },
  /** Tickets as they were when the platform was last heard. */
  kept: (world) => {
    world.addAccount("centrum", "Centrum", false);
    fillInbox(world);
    world.inbox = world.inbox.map((sync) => ({ ...sync, at: Date.now() - 840_000 }));
    world.offline("centrum");
  },
  /** Signed in, but the platform is not heard. */
  offline: (world) => {
    world.addAccount("centrum", "Centrum", false);
    world.change("centrum", (state) => {
      if (state.agent) state.agent = { ...state.agent, presence: "ready" };
    });
    world.offline("centrum");
  },
};

const world = new World();
world.contacts = people(Number(address.get("contacts") ?? 200), "centrum");
scenes[address.get("world") ?? "agent"]?.(world);
const rings = Number(address.get("rings") ?? 0);
for (let n = 0; n < rings; n += 1) world.ring(n % 2 === 0 ? { person: n } : { maybe: true, person: n });
const language = address.get("language");
if (language) world.settings.language = language;
const theme = address.get("theme");
if (theme === "light" || theme === "dark") world.settings.theme = theme;

window.__offhook = world;

export const host: Host = {
  call: (command, ...request) => world.call(command, request[0] ?? (null as never)),
  onEngine: async (listener) => world.onEngine(listener),
  onShell: async (listener) => world.onShell(listener),
  isFullScreen: async () => document.fullscreenElement !== null,
  setFullScreen: (on) => (on ? document.documentElement.requestFullscreen() : document.exitFullscreen()),
};
