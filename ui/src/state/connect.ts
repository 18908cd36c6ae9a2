// Keeps the mirror true: listens first, then fetches the snapshot, then folds what came in between. A gap in the
// numbers, or a window that was hidden (nothing is sent to hidden windows), means a new snapshot.

import type { Event as EngineEvent } from "../generated/model";
import { asProblem, type Host } from "../platform";
import { settle } from "./commands";
import { fold, fromSnapshot } from "./mirror";
import { tellAllChanged, tellNews } from "./news";
import { useHeld } from "./store";

/** How long to wait before asking again when the core does not answer, in milliseconds. */
const AGAIN = 1000;

/** Connects the store to the core. Resolves when the first snapshot is in or has failed; goes on by itself after that. */
export async function connect(host: Host): Promise<void> {
  let fetching: Promise<void> | undefined;
  let waiting: EngineEvent[] = [];

  async function fetchSnapshot(): Promise<void> {
    try {
      const snapshot = await host.call("snapshot");
      settle(snapshot);
      const before = useHeld.getState().mirror;
      const mirror = fold(fromSnapshot(snapshot, Date.now(), before), waiting);
      // What changed among the tickets while nothing was heard is not in the snapshot.
      if (before && snapshot.seq > before.seq) tellAllChanged();
      else tellNews(waiting);
      waiting = [];
      // Without a mirror the events after the snapshot have a gap too: ask once more.
      if (mirror) useHeld.setState({ mirror, trouble: undefined });
      else setTimeout(refresh);
    } catch (thrown) {
      useHeld.setState({ trouble: asProblem(thrown) });
      setTimeout(refresh, AGAIN);
    }
  }

  function refresh(): Promise<void> {
    fetching ??= fetchSnapshot().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  await host.onEngine((events) => {
    const { mirror } = useHeld.getState();
    if (fetching || !mirror) {
      waiting.push(...events);
      return;
    }
    const next = fold(mirror, events);
    if (next) {
      if (next !== mirror) useHeld.setState({ mirror: next });
      tellNews(events.filter((event) => event.seq > mirror.seq));
    } else {
      waiting.push(...events);
      void refresh();
    }
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });
  // Some window systems show a window without telling the page that it became visible.
  window.addEventListener("focus", () => void refresh());

  await refresh();
}
