// What this window shows: nothing here is the core's business, and nothing here survives the window except the text size
// and the messages put away.

import { create } from "zustand";
import type {
  AccountId,
  ActivityId,
  ContactId,
  DeviceId,
  DialRequest,
  MessageKind,
  TicketId,
} from "../generated/model";

/** The places of the rail. */
export type View = "work" | "tickets" | "contacts" | "queues" | "history" | "settings";
/** What may lie over the frame. */
export type Overlay = "palette" | "cheat_sheet" | "quit";

/** A question about a live call: to whom, or with which other call. */
export interface CallQuestion {
  activity: ActivityId;
  ask: "transfer" | "consult" | "join" | "conference" | "swap";
}
/** The panels of an account that open over the frame. */
export interface Desk {
  account: AccountId;
  panel: "diversions" | "voicemail";
}

/** A composer somebody asked for from outside of the conversation. */
export interface Writing {
  ticket: TicketId;
  kind: MessageKind;
}

/** A new ticket that is being written: an unsent one by its key, else a fresh one, perhaps for a contact. */
export interface NewTicketAsk {
  key: string | undefined;
  account: AccountId | undefined;
  contact: ContactId | undefined;
}

interface Ui {
  view: View;
  /** The page of the settings. */
  settingsPage: string;
  /** The part of the history that was chosen. */
  historyPage: string | undefined;
  /** The contact whose details are open. */
  contact: ContactId | undefined;
  /** The ticket whose conversation is open. */
  ticket: TicketId | undefined;
  /** The composer to open; the conversation takes it away once it did. */
  writing: Writing | undefined;
  /** The new ticket that is open. */
  newTicket: NewTicketAsk | undefined;
  /** The activity the agent chose for the dock; without one the dock chooses. */
  selected: ActivityId | undefined;
  /** The activity the agent tried to close although something it needs was missing. */
  incomplete: ActivityId | undefined;
  dockOpen: boolean;
  /** Dialling is open although something else is at hand. */
  dialling: boolean;
  stateOpen: boolean;
  overlay: Overlay | undefined;
  /** What a live call waits to be told. */
  question: CallQuestion | undefined;
  /** The call whose key pad is open. */
  keypad: ActivityId | undefined;
  /** The devices the agent chose to answer on, by call. */
  answerOn: Readonly<Record<ActivityId, DeviceId>>;
  /** The panel of an account that is open. */
  desk: Desk | undefined;
  /** A number something outside wants dialled. */
  dialRequest: DialRequest | undefined;
  /** The number field of the dock. */
  number: string;
  /** Size of the text, in per cent. */
  textSize: number;
  /** Announcements put away, by id. */
  quieted: readonly string[];
}

const kept = (key: string, fallback: string): string => localStorage.getItem(`offhook.${key}`) ?? fallback;

/** Sizes of the text that can be chosen, in per cent. */
export const TEXT_SIZES = [80, 90, 100, 110, 125, 150, 175, 200] as const;

export const useUi = create<Ui>(() => ({
  view: "work",
  settingsPage: "accounts",
  historyPage: undefined,
  contact: undefined,
  ticket: undefined,
  writing: undefined,
  newTicket: undefined,
  selected: undefined,
  incomplete: undefined,
  dockOpen: true,
  dialling: false,
  stateOpen: false,
  overlay: undefined,
  question: undefined,
  keypad: undefined,
  answerOn: {},
  desk: undefined,
  dialRequest: undefined,
  number: "",
  textSize: Number(kept("text", "100")) || 100,
  quieted: JSON.parse(kept("put-away", "[]")) as string[],
}));

/** Shows a place of the rail. */
export function go(view: View): void {
  useUi.setState({ view });
}

/** Shows the agent's day, which stands beside what was. */
export function showDay(): void {
  useUi.setState({ view: "history", historyPage: "day" });
}

/** Shows an activity in the dock. The view beside it stays: whoever answers may be reading there. */
export function showActivity(selected: ActivityId): void {
  useUi.setState({ selected, dockOpen: true });
}

/** Shows a contact. */
export function showContact(contact: ContactId): void {
  useUi.setState({ contact, view: "contacts" });
}

/** Shows a ticket in the inbox. */
export function showTicket(ticket: TicketId): void {
  useUi.setState({ ticket, view: "tickets" });
}

/** Shows a ticket with the keyboard in a composer of this kind. */
export function writeIn(ticket: TicketId, kind: MessageKind): void {
  useUi.setState({ ticket, view: "tickets", writing: { ticket, kind } });
}

/** Opens a new ticket: an unsent one by its key, else a fresh one, perhaps for a contact. */
export function openNewTicket({ key, account, contact }: Partial<NewTicketAsk> = {}): void {
  useUi.setState({ newTicket: { key, account, contact }, view: "tickets" });
}

/** Sets the size of the text, in per cent of the system's. */
export function setTextSize(textSize: number): void {
  localStorage.setItem("offhook.text", String(textSize));
  useUi.setState({ textSize });
}

/** Puts an announcement away for good. */
export function putAway(id: string): void {
  useUi.setState((ui) => {
    const quieted = [...ui.quieted.filter((other) => other !== id), id].slice(-100);
    localStorage.setItem("offhook.put-away", JSON.stringify(quieted));
    return { quieted };
  });
}
