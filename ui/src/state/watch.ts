// Tells the core what this window shows, so that only that is followed live. Every place that shows people or queues says
// so for itself; the sum goes to the core when it changed and rested a moment. A hidden window shows nothing.

import { useEffect, useId } from "react";
import type { AccountId, ContactId, TicketId, Watch, Window } from "../generated/model";
import { host } from "../platform";

/** How long what is shown may change before the core is told, in milliseconds: a list that scrolls by is not watched. */
const REST = 200;

const NOBODY: readonly ContactId[] = [];
const NONE: readonly AccountId[] = [];

interface Shown {
  contacts: readonly ContactId[];
  queues: readonly AccountId[];
  inbox: boolean;
  ticket: TicketId | null;
}

/** The window this is. */
let window: Window = "main";

/** Says which window this is, before anything is shown. */
export function watchAs(name: Window): void {
  window = name;
  told = JSON.stringify(watched());
}

const shown = new Map<string, Shown>();
let told = JSON.stringify(watched());
let timer: ReturnType<typeof setTimeout> | undefined;

/** All that is shown, each once and in a fixed order, so that the same sight is the same words. */
function watched(): Watch {
  const all = document.hidden ? [] : [...shown.values()];
  return {
    window,
    contacts: [...new Set(all.flatMap((one) => one.contacts))].sort(),
    queues: [...new Set(all.flatMap((one) => one.queues))].sort(),
    inbox: all.some((one) => one.inbox),
    ticket: all.find((one) => one.ticket !== null)?.ticket ?? null,
  };
}

function tell(): void {
  clearTimeout(timer);
  timer = undefined;
  const watch = watched();
  const words = JSON.stringify(watch);
  if (words === told) return;
  told = words;
  // What was not taken is told again with the next change.
  host.call("watch", watch).catch(() => {
    told = "";
  });
}

function changed(): void {
  clearTimeout(timer);
  timer = setTimeout(tell, REST);
}

document.addEventListener("visibilitychange", tell);

/** Says what a component shows while it is drawn. Lists may be made anew each time; only their members count. */
export function useWatch({
  contacts = NOBODY,
  queues = NONE,
  inbox = false,
  ticket = null,
}: Partial<Shown>): void {
  const id = useId();
  const members = JSON.stringify({ contacts, queues, inbox, ticket });
  useEffect(() => {
    shown.set(id, JSON.parse(members));
    changed();
    return () => {
      shown.delete(id);
      changed();
    };
  }, [id, members]);
}
