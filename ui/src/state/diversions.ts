// Diversions are not told by themselves: they are asked for when an account shows up, when its presence changes (a presence
// may divert), and when the window comes back. One answer serves every place that shows them.

import { useEffect } from "react";
import { create } from "zustand";
import type { AccountId, DiversionChange, Diversions, Problem } from "../generated/model";
import { asProblem, host } from "../platform";
import { useMirrorList } from "./store";

/** What is known of the diversions of an account. */
export interface KnownDiversions {
  diversions: Diversions | undefined;
  /** Why they could not be read. */
  problem: Problem | undefined;
}

interface Held {
  accounts: Readonly<Record<AccountId, KnownDiversions>>;
  /** Changes under way, and why the last one failed, by `changeKey`. */
  changes: Readonly<Record<string, "pending" | Problem>>;
}

export const useDiversions = create<Held>(() => ({ accounts: {}, changes: {} }));

const NOTHING: KnownDiversions = { diversions: undefined, problem: undefined };

/** The diversions of one account. */
export function useDiversionsOf(account: AccountId): KnownDiversions {
  return useDiversions((held) => held.accounts[account]) ?? NOTHING;
}

function keep(account: AccountId, known: KnownDiversions): void {
  useDiversions.setState((held) => ({ accounts: { ...held.accounts, [account]: known } }));
}

/** Asks for the diversions of an account. */
export async function readDiversions(account: AccountId): Promise<void> {
  try {
    keep(account, { diversions: await host.call("diversions", account), problem: undefined });
  } catch (thrown) {
    const { diversions } = useDiversions.getState().accounts[account] ?? NOTHING;
    keep(account, { diversions, problem: asProblem(thrown) });
  }
}

/** What a change is about: each row waits and complains on its own. */
export function changeKey(account: AccountId, change: DiversionChange): string {
  switch (change.divert) {
    case "active":
      return `${account} active`;
    case "activity":
      return `${account} activity ${change.activity}`;
    case "rule":
      return `${account} rule ${change.line} ${JSON.stringify(change.case)}`;
  }
}

/** Changes one diversion. Answers whether it is as wanted now. */
export async function divert(account: AccountId, change: DiversionChange): Promise<boolean> {
  const key = changeKey(account, change);
  const note = (what: "pending" | Problem | undefined): void =>
    useDiversions.setState(({ changes: { [key]: _, ...changes } }) => ({
      changes: what === undefined ? changes : { ...changes, [key]: what },
    }));
  note("pending");
  try {
    keep(account, { diversions: await host.call("set_diversion", { account, change }), problem: undefined });
    note(undefined);
    return true;
  } catch (thrown) {
    note(asProblem(thrown));
    return false;
  }
}

/** Keeps the diversions of all accounts that have them read. Once in a window. */
export function useDiversionsRead(): void {
  const wanted = useMirrorList((mirror) =>
    mirror.accounts
      .filter(({ capabilities, health }) => capabilities.includes("diversions") && health.link === "live")
      .map(({ account, presence }) => `${presence?.activity ?? ""} ${account.id}`),
  );
  useEffect(() => {
    const read = (): void => {
      for (const one of wanted) void readDiversions(one.slice(one.indexOf(" ") + 1));
    };
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [wanted]);
}
