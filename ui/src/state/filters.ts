// The filters of the inbox with their counts: built-in ones, the agent's own, and the views of the platforms. Counted anew
// when tickets changed, but not more often than one can read.

import { create } from "zustand";
import type { FilterId, Problem, SavedFilter, SaveFilter } from "../generated/model";
import { asProblem, host } from "../platform";
import { onNews } from "./news";
import { mirrorNow, useHeld } from "./store";

/** How long counts may be old, in milliseconds. */
const REST = 2000;

interface Filters {
  filters: readonly SavedFilter[] | undefined;
  problem: Problem | undefined;
}

export const useFilters = create<Filters>(() => ({ filters: undefined, problem: undefined }));

const offered = (): boolean =>
  mirrorNow()?.accounts.some((one) => one.capabilities.includes("tickets")) ?? false;

/** Asks for the filters and their counts. */
export async function readFilters(): Promise<void> {
  if (!offered()) return;
  try {
    useFilters.setState({ filters: await host.call("filters"), problem: undefined });
  } catch (thrown) {
    useFilters.setState({ problem: asProblem(thrown) });
  }
}

/** Keeps a filter of the agent's own and answers its name. */
export async function saveFilter(filter: SaveFilter): Promise<FilterId> {
  const id = await host.call("save_filter", filter);
  await readFilters();
  return id;
}

/** Deletes a filter of the agent's own. */
export async function deleteFilter(id: FilterId): Promise<void> {
  await host.call("delete_filter", id);
  await readFilters();
}

/** Whether the agent made it. */
export function isOwn(id: FilterId): boolean {
  return id.startsWith("own/");
}

let timer: ReturnType<typeof setTimeout> | undefined;

function soon(): void {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void readFilters();
  }, REST);
}

onNews(soon);
useHeld.subscribe((held, before) => {
  if (held.mirror?.inbox !== before.mirror?.inbox) soon();
  const names = (accounts: typeof held.mirror): string =>
    (accounts?.accounts ?? [])
      .filter((one) => one.capabilities.includes("tickets"))
      .map((one) => one.account.id)
      .join();
  if (held.mirror?.accounts !== before.mirror?.accounts && names(held.mirror) !== names(before.mirror))
    void readFilters();
});

/** How many tickets of this agent wait for an answer. */
export function useWaitingCount(): number {
  return useFilters(({ filters }) => filters?.find((filter) => filter.id === "waiting")?.total ?? 0);
}
