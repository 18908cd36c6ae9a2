// The past, page by page. What is shown stays where it is: older pages come at the end, and what happened since is kept
// aside until the agent asks for it or looks elsewhere.

import { useCallback, useEffect, useRef, useState } from "react";
import type {
  HistoryId,
  HistoryItem,
  HistoryMark,
  HistoryQuery,
  Problem,
  Timestamp,
} from "../generated/model";
import { asProblem, host } from "../platform";
import { engineNow } from "./clock";
import { accountOf } from "./mirror";
import { learnLive, learnSpoken } from "./spoken";
import { mirrorNow, useHeld } from "./store";

/** How long after a call ended the platforms are asked for it, in milliseconds: they write it down a moment later. */
const AFTER_CALL = 1500;

/** A query without its page. */
export type Asked = Omit<HistoryQuery, "before">;

/** What was found so far. */
export interface Past {
  items: readonly HistoryItem[];
  /** Newer items that are not among the shown ones yet. */
  fresh: readonly HistoryItem[];
  /** Nothing is here yet. */
  loading: boolean;
  /** A page is being fetched. */
  asking: boolean;
  more: boolean;
  problems: readonly Problem[];
  unreadable: number;
}

const NOTHING: Past = {
  items: [],
  fresh: [],
  loading: true,
  asking: true,
  more: false,
  problems: [],
  unreadable: 0,
};

/** `page` after `shown`, without what is there already. */
export function append(shown: readonly HistoryItem[], page: readonly HistoryItem[]): readonly HistoryItem[] {
  const known = new Set(shown.map((item) => item.id));
  return [...shown, ...page.filter((item) => !known.has(item.id))];
}

/** The first page once more: what is shown is brought up to date in place, what is new is kept aside. */
export function renew(past: Past, page: readonly HistoryItem[]): Past {
  const newer = new Map(page.map((item) => [item.id, item]));
  const known = new Set(past.items.map((item) => item.id));
  return {
    ...past,
    items: past.items.map((item) => newer.get(item.id) ?? item),
    fresh: page.filter((item) => !known.has(item.id)),
  };
}

/** An item after a mark by this agent; nothing when it is gone. */
export function marked(
  item: HistoryItem,
  mark: HistoryMark,
  by: { agent: string | null; at: Timestamp },
): HistoryItem | undefined {
  switch (mark.mark) {
    case "seen":
      return { ...item, seen: true };
    case "unseen":
      return { ...item, seen: false };
    case "played":
      return { ...item, played: true, seen: item.seen === null ? null : true };
    case "deleted":
      return undefined;
    case "handled":
      return {
        ...item,
        handled: {
          state: mark.state,
          note: mark.note,
          ...(mark.state === "unhandled" ? { agent: null, at: null } : by),
        },
      };
  }
}

/** The past as asked, and what can be done with it. `isHeld` says whether somebody points at the list. */
export function useHistory(asked: Asked, isHeld: () => boolean) {
  const key = JSON.stringify(asked);
  const [past, setPast] = useState(NOTHING);
  const [turn, setTurn] = useState(0);
  const paging = useRef(false);
  const held = useRef(isHeld);
  held.current = isHeld;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks again
  useEffect(() => {
    let current = true;
    paging.current = true;
    setPast(NOTHING);
    host.call("history", { ...(JSON.parse(key) as Asked), before: null }).then(
      (page) => {
        if (!current) return;
        paging.current = false;
        learnSpoken(page.items);
        setPast({ ...NOTHING, ...page, loading: false, asking: false });
      },
      (thrown) => {
        if (!current) return;
        paging.current = false;
        setPast({ ...NOTHING, loading: false, asking: false, problems: [asProblem(thrown)] });
      },
    );
    return () => {
      current = false;
    };
  }, [key, turn]);

  const current = useRef(key);
  current.current = key;

  const next = useCallback(async () => {
    const last = past.items.at(-1);
    if (paging.current || !past.more || !last) return;
    paging.current = true;
    setPast((now) => ({ ...now, asking: true }));
    try {
      const page = await host.call("history", { ...(JSON.parse(key) as Asked), before: last.at });
      if (current.current !== key) return;
      learnSpoken(page.items);
      setPast((now) => {
        const items = append(now.items, page.items);
        return {
          ...now,
          items,
          // A page that brings nothing new would be asked for again and again.
          more: page.more && items.length > now.items.length,
          asking: false,
          problems: page.problems,
          unreadable: now.unreadable + page.unreadable,
        };
      });
    } catch (thrown) {
      if (current.current === key)
        setPast((now) => ({ ...now, asking: false, more: false, problems: [asProblem(thrown)] }));
    } finally {
      if (current.current === key) paging.current = false;
    }
  }, [key, past.items, past.more]);

  const show = useCallback(
    () => setPast((now) => ({ ...now, items: [...now.fresh, ...now.items], fresh: [] })),
    [],
  );

  // A call that went from the desk is soon in the past.
  const gone = useHeld((now) => now.mirror?.gone);
  const before = useRef(gone);
  useEffect(() => {
    if (gone === before.current) return;
    before.current = gone;
    const mirror = mirrorNow();
    if (mirror) learnLive(mirror);
    const timer = setTimeout(() => {
      host.call("history", { ...(JSON.parse(key) as Asked), before: null }).then(
        (page) => {
          if (current.current !== key) return;
          learnSpoken(page.items);
          setPast((now) => (now.loading ? now : renew(now, page.items)));
          if (!held.current()) show();
        },
        // The list that is there stays; asking for it by hand says what is wrong.
        () => undefined,
      );
    }, AFTER_CALL);
    return () => clearTimeout(timer);
  }, [gone, key, show]);

  const mark = useCallback(async (item: HistoryId, how: HistoryMark): Promise<void> => {
    await host.call("mark_history", { item, mark: how });
    setPast((now) => ({
      ...now,
      items: now.items.flatMap((one) => {
        if (one.id !== item) return [one];
        const mirror = mirrorNow();
        const agent = (mirror && accountOf(mirror, one.account)?.agent?.name) ?? null;
        return marked(one, how, { agent, at: engineNow() }) ?? [];
      }),
    }));
  }, []);

  const again = useCallback(() => setTurn((now) => now + 1), []);
  return { past, next, show, mark, again };
}
