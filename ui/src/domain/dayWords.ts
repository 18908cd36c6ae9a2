// What stands in a day, in words: the same on the line, beside it and in the tables.

import type {
  AccountId,
  ContactBlock,
  ContactOutcome,
  Day,
  Party,
  StateBand,
  Timestamp,
} from "../generated/model";
import type { IconName } from "../parts/Icon";
import { bandEnd, overAt, partsOf } from "../state/dayScale";
import { clockRange, clockTime, duration } from "../words/format";
import type { Key, Words } from "../words/words";
import { PRESENCE } from "./State";

/** How a band or a contact looks; the word beside it says the same. */
export type DayTone = "good" | "warn" | "bad" | "away" | "out" | "unheard";

/** The other side of a past contact. */
export function otherSide(party: Party, t: Words): { name: string; isNumber: boolean } {
  const name = party.name ?? party.company;
  const number = party.phone?.display || party.phone?.raw;
  return {
    name: name ?? number ?? party.address ?? t("shell.unknown_caller"),
    isNumber: name === null && number !== undefined,
  };
}

/** What a stretch was: a pause by its own name. */
export function bandSign({ state }: StateBand, t: Words): { tone: DayTone; icon: IconName; words: string } {
  if (state.was === "unheard") return { tone: "unheard", icon: "unknown", words: t("day.unheard") };
  if (state.was === "signed_out") return { tone: "out", icon: "lock", words: t("state.signed_out") };
  const sign = PRESENCE[state.presence];
  const words = state.presence === "paused" && state.pause !== null ? state.pause : t(sign.words);
  return { tone: sign.tone === "info" ? "away" : sign.tone, icon: sign.icon, words };
}

const OUTCOMES: Readonly<Record<ContactOutcome, { tone: DayTone; icon: IconName; words: Key }>> = {
  open: { tone: "good", icon: "live", words: "day.outcome_open" },
  handled: { tone: "good", icon: "check", words: "day.outcome_handled" },
  missed: { tone: "bad", icon: "missed", words: "day.outcome_missed" },
  declined: { tone: "warn", icon: "refused", words: "day.outcome_declined" },
  elsewhere: { tone: "away", icon: "transfer", words: "day.outcome_elsewhere" },
  no_answer: { tone: "away", icon: "out", words: "day.outcome_no_answer" },
};

/** How a contact ended. */
export function outcomeSign(outcome: ContactOutcome) {
  return OUTCOMES[outcome];
}

/** `10:12–10:18`, or one time where nothing lasted. */
export function stretch(from: Timestamp, to: Timestamp): string {
  return to - from < 60_000 ? clockTime(from) : clockRange(from, to);
}

/** A contact in one sentence, for who hears the line. */
export function contactWords(contact: ContactBlock, now: Timestamp, t: Words): string {
  const { talk, hold, wrap_up } = partsOf(contact, now);
  return [
    stretch(contact.began, overAt(contact, now)),
    t(`channel.${contact.channel}`),
    otherSide(contact.party, t).name,
    contact.queue?.title,
    t(OUTCOMES[contact.outcome].words),
    contact.returned && contact.outcome === "missed" && t("day.returned"),
    talk > 0 && `${t("day.talk")} ${duration(talk)}`,
    hold > 0 && `${t("day.hold")} ${duration(hold)}`,
    wrap_up > 0 && `${t("day.wrap_up")} ${duration(wrap_up)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** A stretch in one sentence. */
export function bandWords(band: StateBand, day: Day, now: Timestamp, account: string, t: Words): string {
  const to = bandEnd(band, day, now);
  return [
    stretch(band.from, to),
    account,
    bandSign(band, t).words,
    duration(Math.round((to - band.from) / 1000)),
  ].join(", ");
}

/** The accounts that have states on this day, in the order in which they stand there. */
export function accountsOf(day: Day): readonly AccountId[] {
  return [...new Set(day.bands.map((band) => band.account))];
}
