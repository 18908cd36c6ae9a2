// A filter of tickets in words.

import type { TicketFilter } from "../generated/model";
import type { Words } from "../words/words";

/** One part of a filter, and the filter without it. */
interface Part {
  id: string;
  title: string;
  without: TicketFilter;
}

/** A filter in words, part by part. */
export function partsOf(
  filter: TicketFilter,
  t: Words,
  accounts: ReadonlyMap<string, string>,
): readonly Part[] {
  const parts: Part[] = [];
  const add = (id: string, title: string, part: Partial<TicketFilter>): void => {
    parts.push({ id, title, without: { ...filter, ...part } });
  };
  const each = <K extends "accounts" | "stages" | "channels" | "priorities" | "tags" | "categories">(
    key: K,
    title: (value: TicketFilter[K][number]) => string,
  ): void => {
    const values: readonly TicketFilter[K][number][] = filter[key];
    for (const value of values)
      add(`${key}/${value}`, title(value), { [key]: values.filter((other) => other !== value) });
  };
  if (filter.whose !== "all") add("whose", t(`filter.whose.${filter.whose}`), { whose: "all" });
  each("stages", (stage) => t(`stage.${stage}`));
  each("channels", (channel) => t(`channel.${channel}`));
  each("accounts", (account) => accounts.get(account) ?? account);
  each("priorities", (priority) => t("inbox.priority", { priority: t(`priority.${priority}`) }));
  each("tags", (tag) => t("filter.tag", { tag }));
  each("categories", (category) => category);
  if (filter.awaits_answer) add("awaits", t("filter.awaits"), { awaits_answer: false });
  if (filter.unread) add("unread", t("inbox.unread"), { unread: false });
  if (filter.due_within_min !== null)
    add("due", t("filter.due_within", { time: dueWords(filter.due_within_min, t) }), {
      due_within_min: null,
    });
  return parts;
}

/** How long a deadline may be away. */
export function dueWords(minutes: number, t: Words): string {
  if (minutes === 0) return t("filter.due_missed");
  return minutes % 1440 === 0
    ? t("filter.days", { count: minutes / 1440 })
    : minutes % 60 === 0
      ? t("filter.hours", { count: minutes / 60 })
      : t("filter.minutes", { count: minutes });
}
