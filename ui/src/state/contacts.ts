// Contacts as one types: what this computer knows at once, then what the platforms know. The second answer never moves
// what is already there: known contacts are brought up to date in place, new ones come at the end.

import { useCallback, useEffect, useState } from "react";
import type { Contact, ContactDetail, ContactId, Problem } from "../generated/model";
import { asProblem, host } from "../platform";

/** How long typing may rest before the platforms are asked, in milliseconds. */
const REST = 250;

/** A search and what it found so far. */
export interface Found {
  text: string;
  contacts: readonly Contact[];
  /** Nothing is here yet. */
  loading: boolean;
  /** The platforms are being asked. */
  asking: boolean;
  problems: readonly Problem[];
  unreadable: number;
}

const NOTHING: Found = { text: "", contacts: [], loading: true, asking: false, problems: [], unreadable: 0 };

/** `more` merged into `shown` without moving anything. */
export function merge(shown: readonly Contact[], more: readonly Contact[]): readonly Contact[] {
  const newer = new Map(more.map((contact) => [contact.id, contact]));
  const known = new Set(shown.map((contact) => contact.id));
  return [
    ...shown.map((contact) => newer.get(contact.id) ?? contact),
    ...more.filter((contact) => !known.has(contact.id)),
  ];
}

/** Searches while `text` changes. Old answers that come late are dropped. */
export function useContactSearch(text: string): {
  found: Found;
  mark: (contact: Contact, on: boolean) => Promise<void>;
  /** Searches once more: something changed. */
  again: () => void;
} {
  const [found, setFound] = useState(NOTHING);
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again
  useEffect(() => {
    let current = true;
    const fail = (thrown: unknown): void => {
      if (current)
        setFound((now) => ({ ...now, text, loading: false, asking: false, problems: [asProblem(thrown)] }));
    };
    host.call("search_contacts", { text, online: false }).then((page) => {
      if (current)
        setFound({
          text,
          contacts: page.contacts,
          loading: false,
          asking: text !== "",
          problems: page.problems,
          unreadable: page.unreadable,
        });
    }, fail);
    // An empty search lists what is kept here; asking the platforms for everybody would help nobody.
    const timer = setTimeout(() => {
      if (text === "") return;
      host.call("search_contacts", { text, online: true }).then((page) => {
        if (!current) return;
        setFound((now) => ({
          text,
          contacts: now.text === text ? merge(now.contacts, page.contacts) : page.contacts,
          loading: false,
          asking: false,
          problems: page.problems,
          unreadable: page.unreadable,
        }));
      }, fail);
    }, REST);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, turn]);

  const mark = useCallback(async (contact: Contact, on: boolean) => {
    const set = (favourite: boolean): void =>
      setFound((now) => ({
        ...now,
        contacts: now.contacts.map((one) => (one.id === contact.id ? { ...one, favourite } : one)),
      }));
    set(on);
    try {
      await host.call("set_favourite", { contact: contact.id, on });
    } catch {
      set(!on);
    }
  }, []);

  const again = useCallback(() => setTurn((now) => now + 1), []);

  return { found, mark, again };
}

/** What is around one contact: loading, there, or why not. */
export type Detail =
  | { is: "loading" }
  | { is: "there"; detail: ContactDetail }
  | { is: "failed"; problem: Problem };

/** The details of a contact. */
export function useContact(id: ContactId): { detail: Detail; again: () => void } {
  const [detail, setDetail] = useState<Detail>({ is: "loading" });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again
  useEffect(() => {
    let current = true;
    // What is there stays in sight while it is asked for again.
    setDetail((now) => (now.is === "there" && now.detail.contact.id === id ? now : { is: "loading" }));
    host.call("contact", id).then(
      (there) => current && setDetail({ is: "there", detail: there }),
      (thrown) => current && setDetail({ is: "failed", problem: asProblem(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [id, turn]);
  const again = useCallback(() => setTurn((now) => now + 1), []);
  return { detail, again };
}
