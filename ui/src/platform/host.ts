// The door to the core, as the pages see it. Two things stand behind it: the desktop shell (tauri.ts) and, in a plain
// browser, a practice world (mock/). No other folder knows which.

import type { Commands, Event as EngineEvent, Problem, ShellEvent } from "../generated/model";

type Request<K extends keyof Commands> = Commands[K]["request"];
/** What is passed after the command's name: nothing for commands that take nothing. */
export type Arguments<K extends keyof Commands> = [Request<K>] extends [null] ? [] : [request: Request<K>];

/** Stops listening. */
export type Stop = () => void;

/** The core. */
export interface Host {
  /** Runs a command. Rejects with a `Problem`. */
  call<K extends keyof Commands>(command: K, ...request: Arguments<K>): Promise<Commands[K]["answer"]>;
  /** Batches of numbered changes. */
  onEngine(listener: (events: readonly EngineEvent[]) => void): Promise<Stop>;
  /** What the shell itself has to say. */
  onShell(listener: (event: ShellEvent) => void): Promise<Stop>;
  /** Whether this window covers the whole screen. */
  isFullScreen(): Promise<boolean>;
  /** Covers the whole screen, or no longer. */
  setFullScreen(on: boolean): Promise<void>;
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): Problem {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "said" in thrown)
    return thrown as Problem;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message: what, hint: "", account: null, said: [], fields: {}, facts: { what } };
}
