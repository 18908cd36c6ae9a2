// Whom an activity is about, in the order of trust: a contact we are sure of, the platform's name, a contact it may be,
// the number, the address.

import type { Activity, Channel, ContactMatch, Participant, Party, Phone } from "../generated/model";
import type { IconName } from "../parts/Icon";
import type { Words } from "../words/words";

export interface Who {
  /** What to call them. */
  name: string;
  /** Whether the name is a number, which is written left to right in every language. */
  isNumber: boolean;
  /** Whether the name is only a guess. */
  maybe: boolean;
  company: string | null;
  /** What it is about, where that says more than the name. */
  title: string | null;
  phone: Phone | null;
  match: ContactMatch | undefined;
}

export function who(activity: Activity, t: Words): Who {
  const { party } = activity;
  const conference = activity.call?.conference?.participants ?? [];
  if (conference.length > 1) return together(activity, conference, t);
  const [match] = activity.matches;
  const sure = match?.confidence === "sure" ? match : undefined;
  const guess = sure ?? (party.name ? undefined : match);
  const name = sure?.contact.title ?? party.name ?? match?.contact.title;
  const number = party.phone?.display ?? party.phone?.raw;
  const called = name ?? number ?? party.address ?? t("shell.unknown_caller");
  return {
    name: called,
    isNumber: name === undefined && number !== undefined,
    maybe: name !== undefined && guess !== undefined && !sure,
    company: guess?.contact.company ?? party.company,
    // The queue stands in the line below.
    title: [called, number, party.phone?.raw, activity.queue?.title].includes(activity.title ?? "")
      ? null
      : activity.title,
    phone: party.phone,
    match,
  };
}

/** What to call somebody of whom only the platform's words are known. */
export function partyName(party: Party, t: Words): string {
  return party.name ?? party.phone?.display ?? party.phone?.raw ?? party.address ?? t("shell.unknown_caller");
}

/** Several at once: all their names, and nobody's number. */
function together(activity: Activity, participants: readonly Participant[], t: Words): Who {
  const names = participants.map(({ party }) => partyName(party, t));
  return {
    name: names.join(", "),
    isNumber: false,
    maybe: false,
    company: null,
    title: activity.title,
    phone: null,
    match: undefined,
  };
}

const ICONS: Partial<Record<Channel, IconName>> = {
  call: "phone",
  email: "email",
  chat: "chat",
  sms: "chat",
  messenger: "chat",
  instagram: "chat",
  whatsapp: "chat",
  viber: "chat",
  comment: "chat",
};

/** The icon of an activity: what it is, and for calls where it stands. */
export function activityIcon(activity: Pick<Activity, "channel" | "phase" | "direction">): IconName {
  if (activity.phase === "ringing" && activity.channel === "call") return "ringing";
  if (activity.phase === "wrap_up") return "edit";
  if (activity.phase === "dialling") return "out";
  return ICONS[activity.channel] ?? "other";
}
