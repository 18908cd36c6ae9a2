// Live calls in the practice world: what a platform with call control offers at each moment, and what becomes of a call
// when it is asked for. The actions are worked out from the state alone, as a platform would, so that a page that draws a
// button it was not offered is caught.

import type {
  Action,
  Activity,
  ActivityId,
  CallControl,
  Control,
  Device,
  Party,
  Recording,
} from "../../generated/model";
import { parse } from "./numbers";
import type { World } from "./world";

/** The devices calls of the second platform can ring on. */
export const PHONES: readonly Device[] = [
  { id: "2.desk", title: "Desk phone", kind: "SIP", logged_in: true },
  { id: "2.soft", title: "Softphone", kind: "SOFTPHONE", logged_in: true },
  { id: "0.mobile", title: "My mobile", kind: "MOBILE", logged_in: true },
];

/** A call nobody has touched yet. */
export function control(part: Partial<CallControl> = {}): CallControl {
  return {
    muted: false,
    recording: { is: "off" },
    conference: null,
    devices: [],
    choices: {},
    consults_for: null,
    transferred_by: null,
    remark: null,
    other_status: null,
    other_actions: [],
    ...part,
  };
}

/** A party of this name and number. */
export function party(name: string | null, number: string, company: string | null = null): Party {
  return { name, company, phone: parse(number).phone, address: null };
}

const RECORDING: Readonly<Record<Recording["is"], readonly Action[]>> = {
  off: ["record_start"],
  on: ["record_pause", "record_stop", "record_save", "record_discard"],
  paused: ["record_resume", "record_stop"],
};

/** What is offered for a live call now. `others` are the calls of the same account that could take part. */
export function offered(activity: Activity, others: readonly Activity[]): Action[] {
  const { call, phase } = activity;
  if (!call || phase === "wrap_up") return activity.actions;
  if (phase === "ringing") return ["answer", "decline"];
  if (phase === "dialling") return ["hangup", ...(call.consults_for ? (["join"] as const) : [])];
  const talking: Action[] = activity.on_hold
    ? ["resume"]
    : ["hold", call.muted ? "unmute" : "mute", "dtmf", "move", "park", ...RECORDING[call.recording.is]];
  const handing: Action[] = call.conference
    ? ["remove_participant", "leave_conference"]
    : ["transfer", "to_voicemail", "camp_on", "consult"];
  const pairing: Action[] = others.length > 0 ? ["join", "conference", "swap"] : [];
  return ["hangup", ...talking, ...handing, ...pairing];
}

/** Brings the offers of all live calls of an account up to date. */
export function refresh(world: World, account: string): void {
  const live = world.activities.filter((one) => one.account === account && one.call && one.phase === "open");
  for (const one of world.activities) {
    if (one.account !== account || !one.call) continue;
    const actions = offered(
      one,
      live.filter((other) => other.id !== one.id),
    );
    const choices = actions.includes("move")
      ? { move: PHONES.map(({ id }) => id).filter((id) => !one.call?.devices.includes(id)) }
      : actions.includes("answer")
        ? { answer: PHONES.map(({ id }) => id) }
        : {};
    world.update(one.id, { actions, call: { ...one.call, choices } });
  }
}

/** The other side of a call that was dialled answers. */
export function connect(world: World, id: ActivityId): void {
  const now = Date.now();
  world.update(id, { phase: "open", phase_since: now, answered_at: now });
  const found = world.activities.find((one) => one.id === id);
  if (found) refresh(world, found.account);
}

/** Does what was asked with a call; answers the call that was made, if one was. */
export function perform(world: World, id: ActivityId, asked: Control): ActivityId | null {
  const activity = world.activities.find((one) => one.id === id);
  if (!activity?.call) return null;
  const { call, account } = activity;
  const now = Date.now();
  const set = (part: Partial<CallControl>): void => world.update(id, { call: { ...call, ...part } });
  const other = (name: ActivityId): Activity | undefined => world.activities.find((one) => one.id === name);
  let made: ActivityId | null = null;
  switch (asked.act) {
    case "hold":
    case "resume":
      world.update(id, { on_hold: asked.act === "hold", phase_since: now });
      break;
    case "mute":
    case "unmute":
      set({ muted: asked.act === "mute" });
      break;
    case "transfer":
    case "park":
      world.remove(id);
      break;
    case "consult": {
      world.update(id, { on_hold: true, phase_since: now });
      const contact = world.contacts.find((one) => one.numbers.some(({ phone }) => phone.raw === asked.to));
      made = world.newActivity({
        account,
        direction: "out",
        phase: "dialling",
        party: party(contact?.title ?? null, asked.to, contact?.company ?? null),
        matches: contact ? [{ contact, confidence: "sure", tickets: [] }] : [],
        queue: null,
        call: control({ consults_for: id, devices: call.devices }),
      }).id;
      break;
    }
    case "join":
      world.remove(id);
      world.remove(asked.with);
      break;
    case "conference": {
      const second = other(asked.with);
      const already = call.conference?.participants ?? [{ id: "p1", party: activity.party }];
      const more =
        second?.call?.conference?.participants ??
        (second ? [{ id: `p${already.length + 1}`, party: second.party }] : []);
      world.remove(asked.with);
      world.update(id, {
        on_hold: false,
        call: { ...call, conference: { participants: [...already, ...more] } },
      });
      break;
    }
    case "remove_participant": {
      const left = call.conference?.participants.filter((one) => one.id !== asked.participant) ?? [];
      set({ conference: left.length > 1 ? { participants: left } : null });
      const [last] = left;
      if (left.length === 1 && last) world.update(id, { party: last.party });
      break;
    }
    case "leave_conference":
      world.remove(id);
      break;
    case "swap":
      world.update(id, { on_hold: !activity.on_hold, phase_since: now });
      world.update(asked.with, { on_hold: activity.on_hold, phase_since: now });
      break;
    case "move":
      set({ devices: [asked.device] });
      break;
    case "record_start":
      set({ recording: { is: "on", since: now } });
      break;
    case "record_resume":
      set({ recording: { is: "on", since: null } });
      break;
    case "record_pause":
      set({ recording: { is: "paused" } });
      break;
    case "record_stop":
    case "record_discard":
      set({ recording: { is: "off" } });
      break;
    case "dtmf":
    case "record_save":
      break;
  }
  refresh(world, account);
  return made;
}
