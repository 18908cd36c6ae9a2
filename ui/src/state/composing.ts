// What the agent writes for tickets, from the first keystroke. The words are shown from here, saved by the core within 300
// ms of resting and at once when the field is left, the window hides or the message is sent. What the core keeps is shown
// after a restart and in every window; while words of this window are not saved, they count.

import { create } from "zustand";
import type {
  AccountId,
  Composing,
  ContactId,
  FieldEdit,
  Message,
  MessageKind,
  Problem,
  RecordId,
  TicketId,
  Timestamp,
  Work,
} from "../generated/model";
import { asProblem, host } from "../platform";
import { engineNow } from "./clock";
import { mirrorNow, useHeld } from "./store";

/** How long typing may rest before it is saved, in milliseconds. */
const REST = 250;

/**
 * How long the core's own word may take to come after it confirmed, in milliseconds. What it tells of a later moment was
 * written in another window.
 */
const SOON = 2000;

interface Typed {
  composing: Composing;
  /** When the core confirmed exactly these words, by the engine's clock; absent while it did not. */
  saved: Timestamp | undefined;
}

interface Writing {
  /** What was typed in this window, by key, until the core's own word is the same. */
  typed: Readonly<Record<string, Typed>>;
  /** What the core could not keep, and why. */
  unsaved: Readonly<Record<string, Problem>>;
}

export const useWriting = create<Writing>(() => ({ typed: {}, unsaved: {} }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Saving of one key goes one after the other, so that an older word never lands on a newer one. */
const saving = new Map<string, Promise<void>>();

/** Names of compositions: they are chosen so that every window finds the same one. */
export const messageKey = (ticket: TicketId, kind: MessageKind): string => `${ticket}#${kind}`;
export const editKey = (ticket: TicketId): string => `${ticket}#edit`;
export const recordKey = (record: RecordId): string => `${record}#record`;
export const newKey = (account: AccountId | undefined, contact: ContactId | undefined): string =>
  `new#${contact ?? account ?? ""}`;

export const NO_MESSAGE: Message = {
  kind: "reply",
  about: null,
  to: [],
  cc: [],
  bcc: [],
  subject: "",
  text: "",
  files: [],
  // biome-ignore lint/suspicious/noThenProperty: the contract's name for what follows; messages are never awaited
  then: [],
};

/** What is being written under this key, outside of rendering. */
export function writtenNow(key: string): Composing | undefined {
  return useWriting.getState().typed[key]?.composing ?? mirrorNow()?.composing.find((one) => one.key === key);
}

/** What is being written under this key. */
export function useWritten(key: string): Composing | undefined {
  const typed = useWriting((writing) => writing.typed[key]?.composing);
  const kept = useHeld((held) => held.mirror?.composing.find((one) => one.key === key));
  return typed ?? kept;
}

/** Takes what was typed and sees to it that it is saved. */
export function write(key: string, work: Work, title: string): void {
  const composing = { key, work, title, at: engineNow() };
  useWriting.setState(({ typed }) => ({ typed: { ...typed, [key]: { composing, saved: undefined } } }));
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void save(key), REST),
  );
}

function forget(key: string): void {
  useWriting.setState(({ typed: { [key]: _, ...typed }, unsaved: { [key]: __, ...unsaved } }) => ({
    typed,
    unsaved,
  }));
}

function save(key: string): Promise<void> {
  clearTimeout(timers.get(key));
  timers.delete(key);
  const done = (saving.get(key) ?? Promise.resolve()).then(async () => {
    const typed = useWriting.getState().typed[key];
    if (!typed || typed.saved !== undefined) return;
    try {
      await host.call("compose", typed.composing);
      useWriting.setState((writing) => {
        const { [key]: _, ...unsaved } = writing.unsaved;
        const now = writing.typed[key];
        // Typed on meanwhile: that is saved by its own turn.
        if (now?.composing !== typed.composing) return { unsaved };
        return { unsaved, typed: { ...writing.typed, [key]: { ...typed, saved: engineNow() } } };
      });
      settle(key);
    } catch (thrown) {
      const problem = asProblem(thrown);
      useWriting.setState((writing) => ({ unsaved: { ...writing.unsaved, [key]: problem } }));
    }
  });
  saving.set(key, done);
  return done;
}

/** Written down so that the same is the same, in whatever order the fields came. */
function spelled(work: Work): string {
  return JSON.stringify(work, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Words that are saved need not be held here once the core shows them, or newer ones of another window. Until then they
 * are: what the core told last may be older than what was typed.
 */
function settle(key: string): void {
  const typed = useWriting.getState().typed[key];
  if (typed?.saved === undefined) return;
  const kept = mirrorNow()?.composing.find((one) => one.key === key);
  const shown = kept && spelled(kept.work) === spelled(typed.composing.work);
  if (shown || (kept && kept.at > typed.saved + SOON)) forget(key);
}

/** What the core no longer has was sent or thrown away in another window, unless it is only about to tell of it. */
function settleGone(key: string): void {
  const typed = useWriting.getState().typed[key];
  if (typed?.saved === undefined) return;
  setTimeout(() => {
    const same = useWriting.getState().typed[key] === typed;
    if (same && !mirrorNow()?.composing.some((one) => one.key === key)) forget(key);
  }, SOON);
}

/** Saves now what waits to be saved: under one key, or all. */
export async function flushWriting(key?: string): Promise<void> {
  const waiting = key === undefined ? [...timers.keys()] : timers.has(key) ? [key] : [];
  await Promise.all([...waiting.map(save), ...(key === undefined ? [] : [saving.get(key)])]);
}

/**
 * Puts what is written under this key into the outbox. What was typed is saved first and stays when that fails. Answers
 * why it could not.
 */
export async function send(key: string): Promise<Problem | undefined> {
  await flushWriting(key);
  const unsaved = useWriting.getState().unsaved[key];
  if (unsaved) {
    // Once more: the disk may have room again.
    await save(key);
    const still = useWriting.getState().unsaved[key];
    if (still) return still;
  }
  try {
    await host.call("send", key);
    end(key);
    return undefined;
  } catch (thrown) {
    return asProblem(thrown);
  }
}

/** Throws away what is written under this key, on the agent's word. */
export async function discard(key: string): Promise<Problem | undefined> {
  clearTimeout(timers.get(key));
  timers.delete(key);
  await saving.get(key);
  try {
    await host.call("drop_composing", key);
    end(key);
    return undefined;
  } catch (thrown) {
    return asProblem(thrown);
  }
}

function end(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
  forget(key);
}

/** The edits with one more: a field that holds again what it held is no edit. */
export function withEdit(
  edits: readonly FieldEdit[],
  key: string,
  was: readonly string[],
  now: readonly string[],
): FieldEdit[] {
  const before = edits.find((edit) => edit.key === key)?.was ?? was;
  const others = edits.filter((edit) => edit.key !== key);
  return same(before, now) ? others : [...others, { key, was: [...before], now: [...now] }];
}

/** Whether two fields hold the same. */
export function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

useHeld.subscribe((held, before) => {
  const now = held.mirror?.composing;
  const then = before.mirror?.composing;
  if (now === then) return;
  for (const key of Object.keys(useWriting.getState().typed)) {
    const had = then?.some((one) => one.key === key);
    if (had && !now?.some((one) => one.key === key)) settleGone(key);
    else settle(key);
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) void flushWriting();
});
window.addEventListener("pagehide", () => void flushWriting());
