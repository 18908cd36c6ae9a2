// Everything an agent can do without pointing at a thing: once, with its words, its key, when it is possible and what it
// does. Buttons, the command palette, the keyboard and the cheat sheet are all fed from here.

import type {
  Activity,
  AgentTarget,
  Capability,
  Command,
  DeviceId,
  Draft,
  WrapUpRules,
} from "../generated/model";
import { host } from "../platform";
import { whereToAnswer } from "../state/answering";
import { run } from "../state/commands";
import { flush, useDrafts } from "../state/drafts";
import type { Mirror } from "../state/mirror";
import { hasQueues, showAllQueues } from "../state/queues";
import { go, setTextSize, showActivity, showDay, TEXT_SIZES, useUi } from "../state/ui";
import type { Key } from "../words/words";
import { focusField } from "./fields";
import { ask, liveTarget, type Plain, press, together, toggleKeypad } from "./live";
import { TICKET_ACTIONS } from "./tickets";

/** One thing that can be done. */
export interface Action {
  id: string;
  words: Key;
  /** Default chord. Calls are answered by a chord only, never by a single key. */
  keys?: string;
  /** Where the cheat sheet lists it. */
  group: "call" | "ticket" | "state" | "go" | "window";
  /** The places, as a selector, in which its keys work; everywhere without one. */
  within?: string;
  /** A key that is held does it again and again. */
  repeats?: boolean;
  possible: (mirror: Mirror) => boolean;
  perform: (mirror: Mirror) => void;
}

/** The activity an action of the keyboard means: the chosen one if it offers it, else the longest waiting that does. */
export function target(mirror: Mirror, action: Activity["actions"][number]): Activity | undefined {
  const ringing = Object.values(mirror.rings).sort((a, b) => a.since - b.since);
  const selected = mirror.activities[useUi.getState().selected ?? ""];
  // While something rings, answering means that: a chosen e-mail can wait, the caller cannot.
  const yields = action === "answer" && ringing.length > 0 && selected?.phase !== "ringing";
  if (selected?.actions.includes(action) && !yields) return selected;
  const first = [...ringing.map((ring) => ring.activity), ...mirror.order]
    .map((id) => mirror.activities[id])
    .find(
      (activity) => activity?.actions.includes(action) && (action === "close" || activity.channel === "call"),
    );
  return first;
}

/** The one call that is talked on: the hang-up key means it. A call that waits is ended by its own button only. */
export function talkedOn(mirror: Mirror): Activity | undefined {
  const talking = mirror.order
    .map((id) => mirror.activities[id])
    .filter((one) => one?.channel === "call" && one.actions.includes("hangup") && !one.on_hold);
  return talking.length === 1 ? talking[0] : undefined;
}

/** Answers, on this device or on the one that is shown for it, and shows the call. */
export function answer(activity: Activity, device: DeviceId | null = whereToAnswer(activity)): void {
  showActivity(activity.id);
  void run({ do: "answer", activity: activity.id, device });
}

/** Sends the ringing away. */
export function decline(activity: Activity): void {
  void run({ do: "decline", activity: activity.id });
}

/** Ends the call. */
export function hangUp(activity: Activity): void {
  void run({ do: "hangup", activity: activity.id });
}

/** What still keeps an activity from being closed. */
export function missing(rules: WrapUpRules, draft: Draft): boolean {
  return rules.required && rules.dispositions.length > 0 && draft.dispositions.length === 0;
}

/** Closes with what was typed. The words are saved before anything else happens to them. */
export async function close(activity: Activity): Promise<void> {
  const draft = useDrafts.getState().typed[activity.id] ?? activity.draft;
  if (missing(activity.wrap_up, draft)) {
    useUi.setState({ incomplete: activity.id });
    return;
  }
  await flush(activity.id);
  await run({ do: "close", activity: activity.id, draft });
}

/** Asks for a state on all accounts, or on one. */
export function setState(to: AgentTarget, account?: string): void {
  void run({ do: "set_state", target: to, accounts: account === undefined ? null : [account] });
}

/** Dials; the core remembers the choice for the next time. Answers whether it took the command. */
export async function dial(command: Extract<Command, { do: "dial" }>): Promise<boolean> {
  useUi.setState({ dockOpen: true });
  return (await run(command)) !== undefined;
}

const offers = (mirror: Mirror, capability: Capability): boolean =>
  mirror.accounts.some((one) => one.capabilities.includes(capability));

function textSize(step: 1 | -1): void {
  const { textSize: now } = useUi.getState();
  const at = TEXT_SIZES.findIndex((size) => size >= now);
  setTextSize(TEXT_SIZES[Math.min(TEXT_SIZES.length - 1, Math.max(0, at + step))] ?? 100);
}

/** Opens dialling in the dock and puts the keyboard there. */
export function openDialling(): void {
  useUi.setState({ dockOpen: true, dialling: true });
  focusField("number");
}

/** An action on the live call a key means, possible while that call offers it. */
function live(
  id: Activity["actions"][number],
  words: Key,
  keys: string | undefined,
  perform: (activity: Activity) => void,
): Action {
  return {
    id,
    words,
    ...(keys !== undefined && { keys }),
    group: "call",
    possible: (mirror) => liveTarget(mirror, id) !== undefined,
    perform: (mirror) => {
      const activity = liveTarget(mirror, id);
      if (activity) perform(activity);
    },
  };
}

const plain = (id: Plain, keys?: string): Action =>
  live(id, `action.${id}`, keys, (activity) => press(activity, id));

/** Opens a panel of the first account that offers it. */
function desk(panel: "diversions" | "voicemail"): Action {
  const first = (mirror: Mirror) => mirror.accounts.find((one) => one.capabilities.includes(panel));
  return {
    id: panel,
    words: `action.${panel}`,
    group: "state",
    possible: (mirror) => first(mirror) !== undefined,
    perform: (mirror) => {
      const account = first(mirror)?.account.id;
      if (account !== undefined) useUi.setState({ desk: { account, panel } });
    },
  };
}

export const ACTIONS: readonly Action[] = [
  {
    id: "answer",
    words: "action.answer",
    keys: "Mod+Shift+A",
    group: "call",
    possible: (mirror) => target(mirror, "answer") !== undefined,
    perform: (mirror) => {
      const activity = target(mirror, "answer");
      if (activity) answer(activity);
    },
  },
  {
    id: "decline",
    words: "action.decline",
    keys: "Mod+Shift+D",
    group: "call",
    possible: (mirror) => target(mirror, "decline") !== undefined,
    perform: (mirror) => {
      const activity = target(mirror, "decline");
      if (activity) decline(activity);
    },
  },
  {
    id: "silence",
    words: "action.silence",
    keys: "Mod+Shift+S",
    group: "call",
    possible: (mirror) => Object.keys(mirror.rings).length > 0,
    perform: (mirror) => {
      for (const activity of Object.keys(mirror.rings))
        void host.call("silence", activity).catch(() => undefined);
    },
  },
  {
    id: "hangup",
    words: "action.hangup",
    keys: "Mod+Shift+H",
    group: "call",
    possible: (mirror) => talkedOn(mirror) !== undefined,
    perform: (mirror) => {
      const activity = talkedOn(mirror);
      if (activity) hangUp(activity);
    },
  },
  // The two ends of one thing share a chord: the one that is offered takes it.
  plain("mute", "Mod+Shift+M"),
  plain("unmute", "Mod+Shift+M"),
  plain("hold", "Mod+Shift+O"),
  plain("resume", "Mod+Shift+O"),
  live("dtmf", "action.dtmf", "Mod+Shift+K", toggleKeypad),
  live("transfer", "action.transfer", "Mod+Shift+T", (activity) => ask(activity, "transfer")),
  live("consult", "action.consult", "Mod+Shift+C", (activity) => ask(activity, "consult")),
  // Connecting is for good: it always shows whom with whom before it is done.
  live("join", "action.join", "Mod+Shift+J", (activity) => ask(activity, "join")),
  live("swap", "action.swap", "Mod+Shift+X", (activity) => together(activity, "swap")),
  live("conference", "action.conference", "Mod+Shift+G", (activity) => together(activity, "conference")),
  plain("leave_conference"),
  plain("park", "Mod+Shift+P"),
  plain("record_start", "Mod+Shift+R"),
  plain("record_stop", "Mod+Shift+R"),
  plain("record_pause"),
  plain("record_resume"),
  {
    id: "close",
    words: "action.close",
    keys: "Mod+Enter",
    group: "call",
    possible: (mirror) => target(mirror, "close") !== undefined,
    perform: (mirror) => {
      const activity = target(mirror, "close");
      if (!activity) return;
      showActivity(activity.id);
      void close(activity);
    },
  },
  {
    id: "dial",
    words: "action.dial",
    keys: "Mod+D",
    group: "call",
    possible: (mirror) => offers(mirror, "dial"),
    perform: openDialling,
  },
  ...TICKET_ACTIONS,
  {
    id: "ready",
    words: "action.ready",
    group: "state",
    possible: (mirror) => offers(mirror, "ready") && mirror.agent.presence !== "ready",
    perform: () => setState({ to: "ready" }),
  },
  {
    id: "not_ready",
    words: "action.not_ready",
    group: "state",
    possible: (mirror) => offers(mirror, "ready") && mirror.agent.presence !== "not_ready",
    perform: () => setState({ to: "not_ready" }),
  },
  {
    id: "state",
    words: "action.state",
    keys: "Mod+Shift+Y",
    group: "state",
    possible: () => true,
    perform: () => useUi.setState({ stateOpen: true }),
  },
  desk("diversions"),
  desk("voicemail"),
  {
    id: "work",
    words: "view.work",
    keys: "Alt+1",
    group: "go",
    possible: () => true,
    perform: () => go("work"),
  },
  {
    id: "tickets",
    words: "view.tickets",
    keys: "Alt+2",
    group: "go",
    possible: () => true,
    perform: () => go("tickets"),
  },
  {
    id: "contacts",
    words: "view.contacts",
    keys: "Alt+3",
    group: "go",
    possible: () => true,
    perform: () => go("contacts"),
  },
  {
    id: "queues",
    words: "view.queues",
    keys: "Alt+4",
    group: "go",
    possible: () => true,
    perform: () => go("queues"),
  },
  {
    id: "find_queue",
    words: "action.find_queue",
    group: "go",
    possible: (mirror) => mirror.accounts.some(hasQueues),
    perform: () => {
      showAllQueues();
      go("queues");
      focusField("queues");
    },
  },
  {
    id: "wallboard",
    words: "action.wallboard",
    keys: "Mod+Shift+B",
    group: "window",
    possible: (mirror) => offers(mirror, "queue_statistics"),
    perform: () => void host.call("show_wallboard").catch(() => undefined),
  },
  {
    id: "history",
    words: "view.history",
    keys: "Alt+5",
    group: "go",
    possible: () => true,
    perform: () => go("history"),
  },
  {
    id: "day",
    words: "action.day",
    keys: "Alt+0",
    group: "go",
    possible: () => true,
    perform: showDay,
  },
  {
    id: "settings",
    words: "view.settings",
    keys: "Alt+6",
    group: "go",
    possible: () => true,
    perform: () => go("settings"),
  },
  {
    id: "search",
    words: "action.search",
    keys: "Mod+F",
    group: "go",
    possible: (mirror) => offers(mirror, "contacts"),
    perform: () => {
      go("contacts");
      focusField("contacts");
    },
  },
  {
    id: "palette",
    words: "action.palette",
    keys: "Mod+K",
    group: "window",
    possible: () => true,
    perform: () => useUi.setState({ overlay: "palette" }),
  },
  {
    id: "cheat_sheet",
    words: "action.cheat_sheet",
    keys: "?",
    group: "window",
    possible: () => true,
    perform: () => useUi.setState({ overlay: "cheat_sheet" }),
  },
  {
    id: "dock",
    words: "action.dock",
    keys: "Mod+J",
    group: "window",
    possible: () => true,
    perform: () => useUi.setState((ui) => ({ dockOpen: !ui.dockOpen })),
  },
  {
    id: "larger",
    words: "action.larger",
    keys: "Mod++",
    group: "window",
    possible: () => true,
    perform: () => textSize(1),
  },
  {
    id: "smaller",
    words: "action.smaller",
    keys: "Mod+-",
    group: "window",
    possible: () => true,
    perform: () => textSize(-1),
  },
  {
    id: "practice",
    words: "action.practice_ring",
    group: "window",
    possible: (mirror) => mirror.accounts.some((one) => one.account.practice),
    perform: () => void host.call("practice_ring").catch(() => undefined),
  },
];

/** The action of this name. */
export function action(id: string): Action {
  const found = ACTIONS.find((one) => one.id === id);
  if (!found) throw new Error(`no action ${id}`);
  return found;
}
