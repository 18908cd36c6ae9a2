// What can be done with tickets from the keyboard. Single keys work only while the keyboard is among the tickets: in the
// list they mean what is picked, else the row one is at; in the conversation they mean the ticket that is open.

import type { BulkEdit, MessageKind, TicketId } from "../generated/model";
import { host } from "../platform";
import { change, isWhole, picked, type Targets, useBulks } from "../state/bulk";
import { activate, placeOf, rowAt, showFresh, useInbox } from "../state/inbox";
import type { Mirror } from "../state/mirror";
import { pick, pickAll } from "../state/picking";
import { go, openNewTicket, showTicket, useUi, writeIn } from "../state/ui";
import type { Key } from "../words/words";
import { focusField } from "./fields";
import type { Action } from "./registry";

/** Where single keys work, as selectors of places in the page. */
const AMONG = '[data-place="list"], [data-place="conversation"]';
const LIST = '[data-place="list"]';

/** Where the keyboard was last: what a key or the palette means depends on it. */
let inConversation = false;
document.addEventListener("focusin", ({ target }) => {
  const place = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  if (place) inConversation = place.dataset.place === "conversation";
});

/** The tickets that are meant. */
function meant(): Targets | undefined {
  const { view, ticket } = useUi.getState();
  if (view !== "tickets") return undefined;
  if (inConversation && ticket !== undefined) return [ticket];
  const some = picked();
  if (some !== undefined) return some;
  const row = rowAt(useInbox.getState(), useInbox.getState().active)?.id ?? ticket;
  return row === undefined ? undefined : [row];
}

/** The one ticket that is meant, if it is one. */
function one(): TicketId | undefined {
  const targets = meant();
  return targets === undefined || isWhole(targets) || targets.length !== 1 ? undefined : targets[0];
}

const offered = (mirror: Mirror, capability: "tickets" | "create_tickets" = "tickets"): boolean =>
  mirror.accounts.some((account) => account.capabilities.includes(capability));

function onMeant(id: string, keys: string | undefined, words: Key, act: (targets: Targets) => void): Action {
  return {
    id,
    words,
    ...(keys !== undefined && { keys }),
    within: AMONG,
    group: "ticket",
    possible: () => meant() !== undefined,
    perform: () => {
      const targets = meant();
      if (targets !== undefined) act(targets);
    },
  };
}

const edits = (id: string, keys: string, words: Key, edit: BulkEdit): Action =>
  onMeant(id, keys, words, (targets) => change(targets, [edit]));

function writes(id: string, keys: string, words: Key, kind: MessageKind): Action {
  return {
    id,
    words,
    keys,
    within: AMONG,
    group: "ticket",
    possible: () => one() !== undefined,
    perform: () => {
      const ticket = one();
      if (ticket !== undefined) writeIn(ticket, kind);
    },
  };
}

/** Goes to a row beside; in the conversation the ticket there opens. */
function step(id: string, keys: string, words: Key, way: 1 | -1): Action {
  return {
    id,
    words,
    keys,
    within: AMONG,
    repeats: true,
    group: "ticket",
    possible: () => useUi.getState().view === "tickets" && useInbox.getState().total > 0,
    perform: () => {
      const { ticket } = useUi.getState();
      const at = inConversation && ticket !== undefined ? placeOf(ticket) : undefined;
      activate((at ?? useInbox.getState().active) + way);
      if (!inConversation) return;
      const row = rowAt(useInbox.getState(), useInbox.getState().active);
      if (row) showTicket(row.id);
    },
  };
}

const inList = (): boolean => useUi.getState().view === "tickets" && useInbox.getState().total > 0;

export const TICKET_ACTIONS: readonly Action[] = [
  {
    id: "search_tickets",
    words: "action.search_tickets",
    keys: "/",
    within: '[data-place="list"], [data-place="conversation"], [data-place="inbox"]',
    group: "ticket",
    possible: (mirror) => offered(mirror),
    perform: () => {
      go("tickets");
      focusField("tickets");
    },
  },
  {
    id: "new_ticket",
    words: "action.new_ticket",
    keys: "Mod+Shift+N",
    group: "ticket",
    possible: (mirror) => offered(mirror, "create_tickets"),
    perform: () => openNewTicket(),
  },
  step("next_ticket", "j", "action.next_ticket", 1),
  step("previous_ticket", "k", "action.previous_ticket", -1),
  {
    id: "open_ticket",
    words: "action.open_ticket",
    keys: "Enter",
    within: LIST,
    group: "ticket",
    possible: inList,
    perform: () => {
      const row = rowAt(useInbox.getState(), useInbox.getState().active);
      if (row) showTicket(row.id);
    },
  },
  {
    id: "pick_ticket",
    words: "action.pick_ticket",
    keys: "x",
    within: LIST,
    group: "ticket",
    possible: inList,
    perform: () => pick(useInbox.getState().active),
  },
  {
    id: "pick_all",
    words: "action.pick_all",
    keys: "Mod+A",
    within: LIST,
    group: "ticket",
    possible: inList,
    perform: pickAll,
  },
  {
    id: "fresh_tickets",
    words: "action.fresh_tickets",
    keys: ".",
    within: AMONG,
    group: "ticket",
    possible: () => {
      const { fresh, gone, stale, later } = useInbox.getState();
      return inList() && (fresh.size > 0 || gone.size > 0 || stale || later !== undefined);
    },
    perform: showFresh,
  },
  writes("reply", "r", "action.reply", "reply"),
  writes("note", "n", "action.note", "note"),
  edits("close_ticket", "e", "action.close_ticket", { key: "stage", now: ["closed"] }),
  edits("assign_me", "a", "action.assign_me", { key: "owner", now: ["me"] }),
  onMeant("tag_ticket", "t", "action.tag_ticket", (tagging) => useBulks.setState({ tagging })),
  {
    id: "mark_read",
    words: "action.mark_read",
    keys: "u",
    within: AMONG,
    group: "ticket",
    possible: () => one() !== undefined,
    perform: () => {
      const ticket = one();
      // Nothing is lost if it fails: the ticket stays unread and says so.
      if (ticket !== undefined) void host.call("mark_read", ticket).catch(() => undefined);
    },
  },
];
