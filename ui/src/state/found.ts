// A few tickets beside the inbox: those the palette finds, those that are due soon.

import { useEffect, useState } from "react";
import type { InboxQuery, Problem, Ticket } from "../generated/model";
import { asProblem, host } from "../platform";
import { EVERYTHING } from "./inbox";
import { onNews } from "./news";
import { mirrorNow } from "./store";

/** How long typing may rest before tickets are looked for, in milliseconds. */
const REST = 150;
/** How old what is due may be while tickets change, in milliseconds. */
const OLD = 2000;
/** How far ahead a deadline is soon, in minutes. */
const SOON = 240;

const offered = (): boolean =>
  mirrorNow()?.accounts.some((one) => one.capabilities.includes("tickets")) ?? false;

const query = (part: Partial<InboxQuery>): InboxQuery => ({
  view: null,
  filter: EVERYTHING,
  text: "",
  sort: "newest",
  online: false,
  ...part,
});

/** Tickets of this computer that fit these words. */
export function useTicketSearch(text: string): readonly Ticket[] {
  const [found, setFound] = useState<{ text: string; tickets: readonly Ticket[] }>({ text: "", tickets: [] });
  useEffect(() => {
    if (text === "" || !offered()) return;
    let current = true;
    const timer = setTimeout(() => {
      host.call("inbox", query({ text })).then(
        ({ first }) => current && setFound({ text, tickets: first }),
        // What else the palette finds is there all the same.
        () => current && setFound({ text, tickets: [] }),
      );
    }, REST);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  // What was found for the words before stays until there is something better, so that the list does not flicker.
  return text === "" ? [] : found.tickets;
}

/** Tickets of this agent with a deadline soon, and how many there are. */
export interface DueSoon {
  tickets: readonly Ticket[];
  total: number;
  problem: Problem | undefined;
}

const NONE: DueSoon = { tickets: [], total: 0, problem: undefined };

/** What this agent has to answer soon, kept up to date. */
export function useDueSoon(): DueSoon {
  const [due, setDue] = useState(NONE);
  useEffect(() => {
    if (!offered()) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      timer = undefined;
      const mine = query({ filter: { ...EVERYTHING, whose: "mine", due_within_min: SOON }, sort: "due" });
      host.call("inbox", mine).then(
        ({ first, total }) => current && setDue({ tickets: first, total, problem: undefined }),
        (thrown) => current && setDue({ ...NONE, problem: asProblem(thrown) }),
      );
    };
    look();
    const stop = onNews(() => {
      timer ??= setTimeout(look, OLD);
    });
    return () => {
      current = false;
      clearTimeout(timer);
      stop();
    };
  }, []);
  return due;
}
