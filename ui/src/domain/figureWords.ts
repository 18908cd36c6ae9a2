// The figures of a queue in words: each measure with its unit, how a queue stands, how old what is told is.

import type { Channel, Level, Measure, QueueStatistics, Timestamp } from "../generated/model";
import type { ChipTone } from "../parts/Chip";
import type { IconName } from "../parts/Icon";
import { elapsed } from "../state/clock";
import type { Standing } from "../state/levels";
import { age, count, timer } from "../words/format";
import type { Key, Words } from "../words/words";

interface Sign {
  tone: ChipTone;
  icon: IconName;
  words: Key;
}

/** How a queue stands: a colour, a sign and a word. */
export const STANDING: Readonly<Record<Standing, Sign>> = {
  alarm: { tone: "bad", icon: "urgent", words: "queue.level_alarm" },
  warning: { tone: "warn", icon: "alert", words: "queue.level_warning" },
  waiting: { tone: "info", icon: "waiting", words: "queue.level_waiting" },
  calm: { tone: "good", icon: "check", words: "queue.level_calm" },
  closed: { tone: "away", icon: "lock", words: "queue.level_closed" },
  untold: { tone: "away", icon: "unknown", words: "queue.level_untold" },
};

/** The name of a measure. */
export const MEASURE: Readonly<Record<Measure, Key>> = {
  waiting: "queue.waiting",
  longest_wait: "queue.longest",
  free: "queue.free_agents",
  service_level: "queue.service",
  abandoned: "queue.dropped",
};

/** The word of a level. */
export const LEVEL: Readonly<Record<Level, Key>> = {
  alarm: "queue.level_alarm",
  warning: "queue.level_warning",
};

/** A measure's value with its unit. */
export function measured(measure: Measure, value: number, t: Words): string {
  if (measure === "longest_wait") return timer(value);
  return measure === "service_level" ? t("queue.percent", { value: count(value) }) : count(value);
}

/** The picture of a channel. */
export function channelIcon(channel: Channel): IconName {
  const icons: Partial<Record<Channel, IconName>> = {
    call: "phone",
    email: "email",
    chat: "chat",
    sms: "sms",
    form: "form",
    social: "social",
  };
  return icons[channel] ?? "other";
}

/** `2 / 7`, with a dash for the one that is not told. */
export function freeOf({ free, logged_in }: QueueStatistics, t: Words): string | null {
  if (free === null && logged_in === null) return null;
  const shown = (value: number | null): string => (value === null ? "–" : count(value));
  return t("queue.free_of", { free: shown(free), logged_in: shown(logged_in) });
}

/** `91 %`, with the target if there is one: `91 % / 80 %`. */
export function serviceOf({ service_level, service_target }: QueueStatistics, t: Words): string | null {
  if (service_level === null) return null;
  const percent = (value: number): string => t("queue.percent", { value: count(value) });
  return service_target === null
    ? percent(service_level)
    : `${percent(service_level)} / ${percent(service_target)}`;
}

/** From this age on, in seconds, figures of a platform that is still heard are old. */
const OLD = 60;

/** Whether figures are too old to be taken for how it is now. */
export function isOld(heardAt: Timestamp, heard: boolean, now: Timestamp): boolean {
  return !heard || elapsed(heardAt, now) >= OLD;
}

/** How old figures are, in steps that do not draw the eye every second. */
export function ageWords(heardAt: Timestamp, heard: boolean, now: Timestamp, t: Words): string {
  const seconds = elapsed(heardAt, now);
  const words = age(seconds < 60 ? Math.floor(seconds / 10) * 10 : seconds);
  if (isOld(heardAt, heard, now)) return t("queue.old", { age: age(seconds) });
  return seconds < 10 ? t("queue.now") : words;
}
