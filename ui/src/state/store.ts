// The one store of the core's words. `mirror` is absent until the first snapshot came; `trouble` says why it did not.

import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type {
  AccountId,
  AccountState,
  Activity,
  ActivityId,
  ContactId,
  ContactPresence,
  Phase,
  Problem,
  QueueOf,
  QueueStatistics,
  Ring,
} from "../generated/model";
import { accountOf, type Mirror, queueKey } from "./mirror";

interface Held {
  mirror: Mirror | undefined;
  trouble: Problem | undefined;
}

export const useHeld = create<Held>(() => ({ mirror: undefined, trouble: undefined }));

/** The mirror, outside of rendering. */
export function mirrorNow(): Mirror | undefined {
  return useHeld.getState().mirror;
}

/** A piece of the mirror. Only for views that are drawn once there is one. */
export function useMirror<T>(select: (mirror: Mirror) => T): T {
  return useHeld((held) => {
    if (!held.mirror) throw new Error("a view that needs the mirror was drawn before the first snapshot");
    return select(held.mirror);
  });
}

/** A list picked from the mirror; drawn again only when one of its members changed. */
export function useMirrorList<T>(select: (mirror: Mirror) => readonly T[]): readonly T[] {
  return useHeld(useShallow((held) => (held.mirror ? [...select(held.mirror)] : [])));
}

/** One activity. */
export function useActivity(id: ActivityId): Activity | undefined {
  return useMirror((mirror) => mirror.activities[id]);
}

/** Names of the activities in one of these phases, oldest first. */
export function usePhase(...phases: readonly Phase[]): readonly ActivityId[] {
  return useMirrorList((mirror) =>
    mirror.order.filter((id) => phases.includes(mirror.activities[id]?.phase ?? "open")),
  );
}

/** What rings, longest first: one entry for each physical call. */
export function useRings(): readonly Ring[] {
  return useMirrorList((mirror) =>
    Object.values(mirror.rings)
      .filter((ring) => ring.activity in mirror.activities)
      .sort((a, b) => a.since - b.since),
  );
}

/** One account. */
export function useAccount(id: AccountId): AccountState | undefined {
  return useMirror((mirror) => accountOf(mirror, id));
}

/** What is known of a contact right now, while it is watched. */
export function usePresence(id: ContactId): ContactPresence | undefined {
  return useMirror((mirror) => mirror.presences[id]);
}

/** The figures of one queue, where its platform tells them. */
export function useStatistics(queue: QueueOf): QueueStatistics | undefined {
  return useMirror((mirror) => mirror.statistics[queueKey(queue)]);
}
