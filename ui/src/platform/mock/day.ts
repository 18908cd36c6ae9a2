// The agent's days in the practice world.

import type { DaySums } from "../../generated/model";
import type { Handlers, World } from "./world";

const NONE: DaySums = {
  handled: 0,
  calls: 0,
  missed: 0,
  declined: 0,
  talk: 0,
  hold: 0,
  wrap_up: 0,
  ready: 0,
  paused: 0,
  signed_in: 0,
  average_handle: null,
};

/** Answers about the agent's days. */
export function dayHandlers(_world: World): Pick<Handlers, "day" | "days" | "export_days"> {
  return {
    day: ({ date }) => {
      const begins = new Date().setHours(0, 0, 0, 0);
      return {
        date: date ?? new Date(begins).toISOString().slice(0, 10),
        begins,
        ends: begins + 86_400_000,
        until: Date.now(),
        bands: [],
        contacts: [],
        sums: NONE,
        usual: null,
        usual_days: 0,
        pauses: [],
        problems: [],
      };
    },
    days: () => [],
    export_days: () => null,
  };
}
