import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Settings, Snapshot } from "../../generated/model";
import { host } from "../../platform";
import { fromSnapshot } from "../../state/mirror";
import { useHeld } from "../../state/store";
import { useSettings } from "./useSettings";

const kept = { theme: "system", region: "CZ" } as Settings;
const snapshot = {
  activities: [],
  rings: [],
  commands: [],
  statistics: [],
  presences: [],
  bulks: [],
  settings: kept,
};

/** The core's own word of the settings. */
const heard = (settings: Settings): void =>
  act(() => {
    const { mirror } = useHeld.getState();
    if (mirror) useHeld.setState({ mirror: { ...mirror, settings } });
  });

beforeEach(() => useHeld.setState({ mirror: fromSnapshot(snapshot as unknown as Snapshot, 0) }));
afterEach(() => vi.restoreAllMocks());

test("two quick changes are both kept, although the core's word comes late", async () => {
  const call = vi.spyOn(host, "call").mockResolvedValue(null);
  const { result } = renderHook(() => useSettings());
  await act(() => result.current.change({ theme: "dark" }));
  expect(result.current.settings.theme).toBe("dark");
  await act(() => result.current.change({ region: "SE" }));
  expect(call).toHaveBeenLastCalledWith("save_settings", { theme: "dark", region: "SE" });
  heard({ theme: "dark", region: "SE" } as Settings);
  expect(result.current.settings).toEqual({ theme: "dark", region: "SE" });
});

test("what could not be kept goes back and says why", async () => {
  vi.spyOn(host, "call").mockRejectedValue(new Error("full"));
  const { result } = renderHook(() => useSettings());
  await act(() => result.current.change({ theme: "dark" }));
  expect(result.current.settings).toEqual(kept);
  expect(result.current.problem?.code).toBe("internal");
});

test("a change made elsewhere is shown", () => {
  const { result } = renderHook(() => useSettings());
  heard({ ...kept, region: "DE" });
  expect(result.current.settings.region).toBe("DE");
});
