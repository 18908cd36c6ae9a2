// The same change for some tickets, from the list: one or thousands, with progress and a way to stop. What a platform
// refuses stays in the outbox.

import { create } from "zustand";
import type { AccountId, BulkEdit, BulkProgress, FormField, Problem, TicketId } from "../generated/model";
import { asProblem, host } from "../platform";
import { useInbox } from "./inbox";
import { usePicking } from "./picking";
import { mirrorNow, useHeld } from "./store";

/** From so many tickets on it is asked whether they are meant. */
export const MANY = 20;

/** The whole list as the agent saw it: a newer one may have tickets that nobody has seen. */
interface WholeList {
  list: number;
  total: number;
}

/** What a change is for: some tickets, or the whole list. */
export type Targets = readonly TicketId[] | WholeList;

/** Whether the whole list is meant. */
export const isWhole = (targets: Targets): targets is WholeList => "list" in targets;

interface Asking {
  targets: Targets;
  edit: BulkEdit[];
}

interface Bulks {
  /** A change of so many that it is asked first. */
  asking: Asking | undefined;
  /** Tickets that wait for the words of a tag. */
  tagging: Targets | undefined;
  /** The change that is shown: the last that was asked for here. */
  current: BulkProgress["id"] | undefined;
  problem: Problem | undefined;
}

export const useBulks = create<Bulks>(() => ({
  asking: undefined,
  tagging: undefined,
  current: undefined,
  problem: undefined,
}));

const { setState: set } = useBulks;

/** How many tickets are meant. */
export function sizeOf(targets: Targets): number {
  return isWhole(targets) ? targets.total : targets.length;
}

function wholeList(): WholeList | undefined {
  const { list, total } = useInbox.getState();
  return list === undefined ? undefined : { list, total };
}

/** What is picked, if anything. */
export function picked(): Targets | undefined {
  const { all, picked: some } = usePicking.getState();
  if (all) return wholeList();
  return some.size > 0 ? [...some] : undefined;
}

async function start({ targets, edit }: Asking): Promise<void> {
  set({ asking: undefined, problem: undefined });
  try {
    const meant = isWhole(targets)
      ? { tickets: [], list: targets.list }
      : { tickets: [...targets], list: useInbox.getState().list ?? 0 };
    const progress = await host.call("bulk", { ...meant, edit });
    set({ current: progress.id });
  } catch (thrown) {
    set({ problem: asProblem(thrown) });
  }
}

/** The list as it is by now, if the one that was meant is no longer shown. */
function replaced(targets: Targets): WholeList | undefined {
  const now = wholeList();
  return isWhole(targets) && now && now.list !== targets.list ? now : undefined;
}

/** Changes tickets; many, or a list that was replaced since it was picked, only after the agent confirmed. */
export function change(targets: Targets, edit: BulkEdit[]): void {
  const newer = replaced(targets);
  const meant = newer ?? targets;
  if (sizeOf(meant) === 0) return;
  if (newer || sizeOf(meant) > MANY) set({ asking: { targets: meant, edit } });
  else void start({ targets: meant, edit });
}

/** Does what was asked, unless the list was replaced while the question stood: then it is asked again. */
export function confirm(): void {
  const { asking } = useBulks.getState();
  if (!asking) return;
  const newer = replaced(asking.targets);
  if (newer) set({ asking: newer.total > 0 ? { ...asking, targets: newer } : undefined });
  else void start(asking);
}

/** Stops what was not sent yet. */
export function cancel(id: BulkProgress["id"]): void {
  host.call("cancel_bulk", id).catch((thrown) => set({ problem: asProblem(thrown) }));
}

/** Puts away what is shown of the last change. */
export function putAwayBulk(): void {
  set({ current: undefined, problem: undefined });
}

/** The change that is shown. */
export function useBulk(): BulkProgress | undefined {
  const current = useBulks((bulks) => bulks.current);
  return useHeld((held) => held.mirror?.bulks.find((bulk) => bulk.id === current));
}

const forms = new Map<AccountId, Promise<readonly FormField[]>>();

/** The accounts of what is meant: of the whole list, all that have tickets. */
export function accountsOf(targets: Targets): readonly AccountId[] {
  if (!isWhole(targets)) return [...new Set(targets.map((id) => id.split("/")[0] ?? id))];
  const asked = useInbox.getState().asked.filter.accounts;
  if (asked.length > 0) return asked;
  return (mirrorNow()?.accounts ?? [])
    .filter((one) => one.capabilities.includes("tickets"))
    .map((one) => one.account.id);
}

/** What a field of all these tickets may hold: what every account of theirs offers. */
export async function optionsOf(targets: Targets, key: string): Promise<FormField["options"]> {
  const fields = await Promise.all(
    accountsOf(targets).map((account) => {
      const form = forms.get(account) ?? host.call("ticket_form", { account, category: null });
      forms.set(account, form);
      // What could not be asked is asked again the next time.
      form.catch(() => forms.delete(account));
      return form.then((found) => found.find((field) => field.key === key)?.options ?? []);
    }),
  );
  const [first = [], ...others] = fields;
  return first.filter(({ value }) =>
    others.every((options) => options.some((option) => option.value === value)),
  );
}
