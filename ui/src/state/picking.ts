// Which tickets of the list are picked for a change of many: some, or the whole list with all that is not in sight.

import { create } from "zustand";
import type { TicketId } from "../generated/model";
import { activate, rowAt, rowsBetween, useInbox } from "./inbox";

interface Picking {
  /** The whole list, whatever it has. */
  all: boolean;
  picked: ReadonlySet<TicketId>;
  /** The row a range begins at. */
  anchor: number | undefined;
}

const NONE: Picking = { all: false, picked: new Set(), anchor: undefined };

export const usePicking = create<Picking>(() => NONE);

const { getState: now, setState: set } = usePicking;

/** Picks nothing. */
export function pickNone(): void {
  set(NONE);
}

/** Picks the whole list. */
export function pickAll(): void {
  if (useInbox.getState().total > 0) set({ ...NONE, all: true });
}

/** Picks a row, or no longer. Out of the whole list, nothing stays picked: the rest is not known here. */
export function pick(index: number): void {
  const ticket = rowAt(useInbox.getState(), index);
  if (!ticket) return;
  activate(index);
  if (now().all) {
    set({ ...NONE, anchor: index });
    return;
  }
  const picked = new Set(now().picked);
  if (!picked.delete(ticket.id)) picked.add(ticket.id);
  set({ picked, anchor: index });
}

/** Picks everything between the row where it began and this one. */
export async function pickTo(index: number): Promise<void> {
  const { active, total, list } = useInbox.getState();
  const to = Math.max(0, Math.min(total - 1, index));
  const anchor = now().anchor ?? active;
  activate(to);
  set({ all: false, anchor });
  const rows = await rowsBetween(Math.min(anchor, to), Math.max(anchor, to)).catch(() => []);
  // Whoever moved on in the meantime asked for another range, or for another list.
  if (useInbox.getState().list === list && useInbox.getState().active === to && !now().all)
    set({ picked: new Set(rows.map((ticket) => ticket.id)), anchor });
}

/** How many are picked. */
export function usePickedCount(): number {
  const all = usePicking((picking) => picking.all);
  const some = usePicking((picking) => picking.picked.size);
  const total = useInbox((inbox) => inbox.total);
  return all ? total : some;
}

// Another question, another list: what was picked in the one before is no longer in sight.
useInbox.subscribe((inbox, before) => {
  if (inbox.asked !== before.asked) pickNone();
});
