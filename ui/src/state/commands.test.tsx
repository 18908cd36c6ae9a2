import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Command, CommandStatus, Outcome, Problem, Snapshot } from "../generated/model";
import { host } from "../platform";
import { dismiss, run, settle, useAsks, useStanding } from "./commands";
import { fold, fromSnapshot } from "./mirror";
import { useHeld } from "./store";

const answer: Command = { do: "answer", activity: "a", device: null };
const key = "answer:a";
const problem = (code: Problem["code"], account: string | null = null): Problem => ({
  code,
  message: "",
  hint: "",
  account,
  said: [],
  fields: {},
  facts: {},
});
const snapshot = (commands: CommandStatus[] = []): Snapshot =>
  ({
    seq: 1,
    at: 0,
    activities: [],
    rings: [],
    commands,
    accounts: [],
    outbox: [],
    statistics: [],
    presences: [],
    bulks: [],
  }) as unknown as Snapshot;
const status = (id: number, outcome: Outcome, accounts: CommandStatus["accounts"] = []): CommandStatus => ({
  id,
  command: answer,
  asked_at: 0,
  outcome,
  accounts,
  made: null,
  next: null,
});

const tell = (told: CommandStatus): void =>
  act(() => {
    const { mirror } = useHeld.getState();
    if (mirror)
      useHeld.setState({
        mirror: fold(mirror, [{ seq: mirror.seq + 1, at: 0, change: "command", status: told }]),
      });
  });

beforeEach(() => {
  useAsks.setState({ asked: {}, dismissed: new Set() });
  useHeld.setState({ mirror: fromSnapshot(snapshot(), 0) });
  vi.spyOn(host, "call").mockResolvedValue(7);
});
afterEach(() => vi.restoreAllMocks());

test("a command is pending from the press until the platform has spoken", async () => {
  const { result } = renderHook(() => useStanding(key));
  expect(result.current.pending).toBe(false);
  await act(() => run(answer));
  expect(result.current.pending, "taken, but not heard of").toBe(true);
  tell(status(7, { is: "pending" }));
  expect(result.current.pending).toBe(true);
  tell(status(7, { is: "confirmed" }));
  expect(result.current).toMatchObject({ pending: false, problems: [] });
});

test("the end of an earlier command does not end the wait for this one", async () => {
  const { result } = renderHook(() => useStanding(key));
  await act(() => run(answer));
  tell(status(6, { is: "confirmed" }));
  expect(result.current.pending).toBe(true);
});

test("what is refused on some accounts is told for each of them, until it is put away", async () => {
  const { result } = renderHook(() => useStanding(key));
  await act(() => run(answer));
  const refused = { is: "refused", problem: problem("refused", "b") } as const;
  tell(
    status(7, { is: "partly" }, [
      { account: "a", outcome: { is: "confirmed" } },
      { account: "b", outcome: refused },
    ]),
  );
  expect(result.current.problems.map((one) => one.account)).toEqual(["b"]);
  act(() => dismiss(key));
  expect(result.current.problems).toEqual([]);
});

test("a command the core does not even take is refused in place", async () => {
  vi.mocked(host.call).mockRejectedValue(problem("not_possible"));
  const { result } = renderHook(() => useStanding(key));
  await act(() => run(answer));
  expect(result.current).toMatchObject({ pending: false, command: answer });
  expect(result.current.problems[0]?.code).toBe("not_possible");
});

test("a command that finished while the window was hidden is not waited for forever", async () => {
  const { result } = renderHook(() => useStanding(key));
  await act(() => run(answer));
  expect(result.current.pending).toBe(true);
  act(() => settle(snapshot()));
  expect(result.current.pending).toBe(false);
});
