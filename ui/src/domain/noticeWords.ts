// What notices say and what can be done about each: one next step, never more.

import { setState } from "../actions/registry";
import type { Notice } from "../generated/model";
import type { ChipTone } from "../parts/Chip";
import type { IconName } from "../parts/Icon";
import { elapsed } from "../state/clock";
import { highIsBad } from "../state/levels";
import { showQueue } from "../state/queues";
import { go, showActivity, useUi } from "../state/ui";
import { count, timer } from "../words/format";
import type { Key, Words } from "../words/words";
import { measured } from "./figureWords";

/** Alarms first, then what was there first. */
export function byWeight(a: Notice, b: Notice): number {
  return Number(isAlarm(b)) - Number(isAlarm(a)) || a.since - b.since;
}

/** Whether it is worth a word at once. */
export function isAlarm({ kind }: Notice): boolean {
  return kind.about === "session_ends" || (kind.about === "queue" && kind.level === "alarm");
}

/** Its colour and its sign. */
export function signOf(notice: Notice): { tone: ChipTone; icon: IconName } {
  const { about } = notice.kind;
  if (isAlarm(notice)) return { tone: "bad", icon: about === "queue" ? "urgent" : "lock" };
  return { tone: "warn", icon: about === "queue" ? "alert" : "clock" };
}

function queueWords({ kind, since }: Notice, now: number, t: Words): string {
  if (kind.about !== "queue") return "";
  const { title: queue, measure, value, limit } = kind;
  // A wait goes on while it is told.
  const grown = measure === "longest_wait" ? value + elapsed(since, now) : value;
  const words = {
    waiting: () => t("notice.queue_waiting", { queue, count: grown }),
    longest_wait: () => t("notice.queue_longest", { queue, time: timer(grown) }),
    free: () => t("notice.queue_free", { queue, count: grown }),
    service_level: () => t("notice.queue_service", { queue, value: count(grown) }),
    abandoned: () => t("notice.queue_abandoned", { queue, count: grown }),
  }[measure]();
  const bound = `${highIsBad(measure) ? "≥" : "≤"} ${measured(measure, limit, t)}`;
  return `${words} (${t("notice.limit", { limit: bound })})`;
}

/** What it says now; `account` is the name of the account it is about. */
export function noticeWords(notice: Notice, account: string, now: number, t: Words): string {
  const { kind } = notice;
  switch (kind.about) {
    case "queue":
      return queueWords(notice, now, t);
    case "long_pause":
      return t("notice.long_pause", {
        pause: kind.title,
        time: timer(elapsed(kind.paused_at, now)),
        minutes: count(kind.minutes),
      });
    case "long_wrap_up":
      return t("notice.long_wrap_up", {
        time: timer(elapsed(kind.ended_at, now)),
        minutes: count(kind.minutes),
      });
    case "session_ends":
      return kind.at <= now
        ? t("notice.session_ended", { account })
        : t("notice.session_ends", { account, time: timer(Math.ceil((kind.at - now) / 1000)) });
  }
}

/** The next step. */
export function stepOf({ kind }: Notice): { words: Key; perform: () => void } | undefined {
  switch (kind.about) {
    case "queue":
      return { words: "notice.open_queue", perform: () => showQueue(kind.queue) };
    case "long_pause":
      return { words: "notice.end_pause", perform: () => setState({ to: "ready" }, kind.account) };
    case "long_wrap_up": {
      const { activity } = kind;
      return activity === null
        ? { words: "notice.end_pause", perform: () => setState({ to: "ready" }, kind.account) }
        : { words: "notice.open_activity", perform: () => showActivity(activity) };
    }
    case "session_ends":
      return {
        words: "notice.go_settings",
        perform: () => {
          useUi.setState({ settingsPage: "accounts" });
          go("settings");
        },
      };
  }
}
