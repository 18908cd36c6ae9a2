// Through what a number is dialled: account, queue, device, line. The last choice is offered again, as long as it is still there.

import { useState } from "react";
import { dial } from "../actions/registry";
import type { AccountId, AccountState, ContactId, DialChoice } from "../generated/model";
import { mirrorNow, useMirror, useMirrorList } from "../state/store";

export interface Dialling {
  /** Accounts that can dial now. */
  accounts: readonly AccountState[];
  account: AccountState | undefined;
  choice: DialChoice;
  setAccount: (id: AccountId) => void;
  setChoice: (choice: DialChoice) => void;
  /** Dials; answers whether the core took it. */
  call: (number: string, contact?: ContactId) => Promise<boolean>;
}

/** What of the last choice is still there. */
function still(account: AccountState | undefined, last: DialChoice | undefined): DialChoice {
  return {
    queue: account?.queues.find((queue) => queue.id === last?.queue && queue.outgoing)?.id ?? null,
    device: account?.devices.find((device) => device.id === last?.device)?.id ?? null,
    line: account?.lines.find((line) => line.id === last?.line)?.id ?? null,
  };
}

/** Calls a number back with the last choice: through the account it called on if that can dial, else as usual. */
export async function callBack(wanted: AccountId, number: string): Promise<boolean> {
  const mirror = mirrorNow();
  const accounts = mirror?.accounts.filter((one) => one.capabilities.includes("dial")) ?? [];
  const named = (id: AccountId | null): AccountState | undefined =>
    accounts.find((one) => one.account.id === id);
  const account = named(wanted) ?? named(mirror?.settings.dial_account ?? null) ?? accounts[0];
  if (!mirror || !account) return false;
  const { id } = account.account;
  const choice = still(account, mirror.settings.dial[id]);
  return dial({ do: "dial", account: id, number, ...choice, contact: null });
}

/** The choice, starting from the account wanted here or else the last one used. */
export function useDialling(wanted?: AccountId): Dialling {
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("dial")),
  );
  const kept = useMirror((mirror) => mirror.settings);
  const [chosen, setAccount] = useState<AccountId>();
  const [choices, setChoices] = useState<Readonly<Record<AccountId, DialChoice>>>({});
  const named = (id: AccountId | null | undefined): AccountState | undefined =>
    accounts.find((one) => one.account.id === id);
  const account = named(chosen) ?? named(wanted) ?? named(kept.dial_account) ?? accounts[0];
  const id = account?.account.id ?? "";
  const last = choices[id] ?? kept.dial[id];
  const choice = still(account, last);
  return {
    accounts,
    account,
    choice,
    setAccount,
    setChoice: (next) => setChoices((now) => ({ ...now, [id]: next })),
    call: async (number, contact) =>
      account !== undefined &&
      (await dial({ do: "dial", account: id, number, ...choice, contact: contact ?? null })),
  };
}
