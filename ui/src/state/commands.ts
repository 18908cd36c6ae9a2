// Commands from the moment a button is pressed: sent, pending, then confirmed or refused. The core numbers and follows
// them; between the press and the first event the window itself remembers that it asked, so that the spinner is there
// at once.

import { create } from "zustand";
import type { AccountId, Command, CommandId, NextStep, Outcome, Problem, Snapshot } from "../generated/model";
import { asProblem, host } from "../platform";
import { commandKey } from "./mirror";
import { mirrorNow, useHeld } from "./store";

interface Asked {
  command: Command;
  /** Sent from this window and not heard of again. */
  sending: boolean;
  /** Number given by the core. */
  id: CommandId | undefined;
  /** Why the core did not even take it. */
  problem: Problem | undefined;
}

interface Asks {
  asked: Readonly<Record<string, Asked>>;
  /** Finished commands whose refusal the agent has put away. */
  dismissed: ReadonlySet<CommandId>;
}

export const useAsks = create<Asks>(() => ({ asked: {}, dismissed: new Set() }));

function note(key: string, asked: Asked): void {
  useAsks.setState((asks) => ({ asked: { ...asks.asked, [key]: asked } }));
}

/** Starts a command. Answers its number, or nothing if the core did not take it (the problem is then shown in place). */
export async function run(command: Command): Promise<CommandId | undefined> {
  const key = commandKey(command);
  note(key, { command, sending: true, id: undefined, problem: undefined });
  try {
    const id = await host.call("execute", command);
    note(key, { command, sending: false, id, problem: undefined });
    return id;
  } catch (thrown) {
    note(key, { command, sending: false, id: undefined, problem: asProblem(thrown) });
    return undefined;
  }
}

/** Where a command of one kind stands. */
export interface Standing {
  pending: boolean;
  /** What went wrong, on each account where it did. */
  problems: readonly Problem[];
  /** The newest command itself. */
  command: Command | undefined;
}

function wrong(outcome: Outcome): Problem[] {
  return outcome.is === "refused" || outcome.is === "timed_out" ? [outcome.problem] : [];
}

/** Where the newest command with this key stands. */
export function useStanding(key: string): Standing {
  const asked = useAsks((asks) => asks.asked[key]);
  const status = useHeld((held) => held.mirror?.commands[key]);
  const dismissed = useAsks((asks) => status !== undefined && asks.dismissed.has(status.id));
  const current = status && (asked?.id === undefined || status.id >= asked.id) ? status : undefined;
  const pending = asked?.sending === true || current?.outcome.is === "pending" || unheard(asked, current?.id);
  if (pending) return { pending, problems: [], command: asked?.command ?? current?.command };
  if (asked?.problem) return { pending, problems: [asked.problem], command: asked.command };
  if (!current || dismissed) return { pending, problems: [], command: current?.command };
  const single = current.accounts.flatMap((one) => wrong(one.outcome));
  return { pending, problems: single.length > 0 ? single : wrong(current.outcome), command: current.command };
}

/** What the newest command with this key leaves to be done on the platform's own page, and on which account. */
export function useNextStep(key: string): { next: NextStep; account: AccountId } | undefined {
  const status = useHeld((held) => held.mirror?.commands[key]);
  const asked = useAsks((asks) => asks.asked[key]);
  const dismissed = useAsks((asks) => status !== undefined && asks.dismissed.has(status.id));
  // A newer one was asked for since: that step is no longer the next.
  const old = asked?.sending === true || unheard(asked, status?.id);
  if (!status?.next || dismissed || old) return undefined;
  const account = "account" in status.command ? status.command.account : status.accounts[0]?.account;
  return { next: status.next, account: account ?? "" };
}

/** The core took the command, but its first event is not here yet. */
function unheard(asked: Asked | undefined, heard: CommandId | undefined): boolean {
  return asked?.id !== undefined && (heard === undefined || heard < asked.id);
}

/**
 * Stops waiting for commands the core no longer tells of: they finished while this window was hidden and heard nothing.
 */
export function settle(snapshot: Snapshot): void {
  const told = new Set(snapshot.commands.map((status) => status.id));
  useAsks.setState((asks) => ({
    asked: Object.fromEntries(
      Object.entries(asks.asked).filter(([, { id }]) => id === undefined || told.has(id)),
    ),
  }));
}

/** Puts the refusal of this kind away. */
export function dismiss(key: string): void {
  const status = mirrorNow()?.commands[key];
  useAsks.setState((asks) => {
    const { [key]: _, ...asked } = asks.asked;
    return { asked, dismissed: status ? new Set([...asks.dismissed, status.id]) : asks.dismissed };
  });
}
