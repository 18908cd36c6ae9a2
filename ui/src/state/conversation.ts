// One ticket with its time line, as a window shows it: what this computer keeps at once, then what the platform says, and
// again whenever something in it changed. Entries that were shown stay: a newer answer adds to them and takes none away
// that it only did not reach.

import { useCallback, useEffect, useRef, useState } from "react";
import type { Entry, Problem, TicketDetail, TicketId } from "../generated/model";
import { asProblem, host } from "../platform";
import { onNews } from "./news";

/** What is known of a ticket. */
export interface Conversation {
  detail: TicketDetail | undefined;
  /** The platform is being asked. */
  reading: boolean;
  /** Why it could not be read now; `detail` may still hold what was kept. */
  problem: Problem | undefined;
  /** It was deleted, or can no longer be seen by this agent. */
  gone: boolean;
  /** Asks the platform again. */
  again: () => void;
  /** Fetches what comes before the first entry. */
  earlier: () => Promise<void>;
  /** Puts a newer reading of one entry in its place. */
  replace: (entry: Entry) => void;
}

/** How long changes may gather before the ticket is read again, in milliseconds. */
const GATHER = 150;

/** What was shown, brought in step with a newer answer. */
export function inStep(before: TicketDetail | undefined, now: TicketDetail): TicketDetail {
  const [first] = now.entries;
  if (!before || !first) return now;
  const known = new Set(now.entries.map((entry) => entry.id));
  const above = before.entries.filter((entry) => entry.at <= first.at && !known.has(entry.id));
  // Only what was fetched page by page stays above: with nothing earlier to fetch, what is missing was taken away.
  if (!now.earlier || above.length === 0) return now;
  return { ...now, entries: [...above, ...now.entries], earlier: before.earlier };
}

/** Follows a ticket while it is drawn. */
export function useConversation(ticket: TicketId): Conversation {
  const [detail, setDetail] = useState<TicketDetail>();
  const [problem, setProblem] = useState<Problem>();
  const [reading, setReading] = useState(true);
  const [gone, setGone] = useState(false);
  const asked = useRef(0);

  const read = useCallback(async () => {
    asked.current += 1;
    const turn = asked.current;
    setReading(true);
    try {
      const now = await host.call("ticket", { ticket, fresh: true });
      if (turn !== asked.current) return;
      setDetail((before) => inStep(before, now));
      setProblem(undefined);
      setGone(false);
    } catch (thrown) {
      if (turn !== asked.current) return;
      const why = asProblem(thrown);
      setGone(why.code === "gone");
      setProblem(why);
    }
    setReading(false);
  }, [ticket]);

  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    host.call("ticket", { ticket, fresh: false }).then(
      (kept) => current && setDetail((before) => before ?? kept),
      () => undefined,
    );
    void read();
    const stop = onNews((news) => {
      const changed = news.tickets.find((one) => one.id === ticket);
      if (news.gone.includes(ticket)) setGone(true);
      if (changed) setDetail((before) => before && { ...before, ticket: changed });
      if (!changed && !news.more) return;
      clearTimeout(timer);
      timer = setTimeout(() => void read(), GATHER);
    });
    return () => {
      current = false;
      asked.current += 1;
      clearTimeout(timer);
      stop();
    };
  }, [ticket, read]);

  const earlier = useCallback(async () => {
    const first = detail?.entries[0];
    if (!first) return;
    const more = await host.call("earlier_entries", { ticket, before: first.id });
    setDetail((before) => {
      if (before?.entries[0]?.id !== first.id) return before;
      const known = new Set(before.entries.map((entry) => entry.id));
      const fresh = more.filter((entry) => !known.has(entry.id));
      return { ...before, entries: [...fresh, ...before.entries], earlier: fresh.length > 0 };
    });
  }, [ticket, detail]);

  const replace = useCallback((entry: Entry) => {
    setDetail(
      (before) =>
        before && { ...before, entries: before.entries.map((one) => (one.id === entry.id ? entry : one)) },
    );
  }, []);

  return { detail, reading, problem, gone, again: () => void read(), earlier, replace };
}
