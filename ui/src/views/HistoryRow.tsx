// One item of the past in a row: whom, how it ended, when; whether it was seen; who takes care of it.

import { PhoneNumber } from "../domain/Names";
import type { HandledState, HistoryItem } from "../generated/model";
import { Chip, type ChipTone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon, type IconName } from "../parts/Icon";
import { spokenSince, useSpoken } from "../state/spoken";
import { useAccount } from "../state/store";
import { clockTime, count, dayTime, timer } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./History.module.css";

/** What to call the other side. */
export function partyName({ party }: HistoryItem, t: Words): { name: string; isNumber: boolean } {
  const name = party.name ?? party.company;
  const number = party.phone?.display ?? party.phone?.raw;
  return {
    name: name ?? number ?? party.address ?? t("shell.unknown_caller"),
    isNumber: name === null && number !== undefined,
  };
}

/** How it ended, in words: the platform's own where we know none. */
export function outcomeWords(item: HistoryItem, t: Words): string {
  return item.outcome === "other" && item.other_outcome !== null
    ? item.other_outcome
    : t(`outcome.${item.outcome}` satisfies Key);
}

function icon({ outcome, direction, channel }: HistoryItem): IconName {
  if (outcome === "missed" && direction === "in") return "missed";
  if (outcome === "voicemail") return "voicemail";
  if (outcome === "recording") return "recording";
  if (channel === "sms" || channel === "chat") return "chat";
  return direction === "out" ? "out" : "in";
}

const HANDLED: Readonly<Record<HandledState, { tone: ChipTone; icon: IconName; words: Key }>> = {
  unhandled: { tone: "bad", icon: "alert", words: "handled.unhandled" },
  in_progress: { tone: "warn", icon: "clock", words: "handled.in_progress" },
  handled: { tone: "good", icon: "check", words: "handled.handled" },
};

export function HandledChip({ state }: { state: HandledState }) {
  const t = useWords();
  const sign = HANDLED[state];
  return (
    <Chip tone={sign.tone} icon={sign.icon}>
      {t(sign.words)}
    </Chip>
  );
}

export function HistoryRow({
  item,
  several,
  group,
}: {
  item: HistoryItem;
  /** Items of several accounts stand in the list. */
  several: boolean;
  /** All items of the list are of one group, so that it need not be said; who takes care of them does. */
  group: boolean;
}) {
  const t = useWords();
  const account = useAccount(item.account);
  const { name, isNumber } = partyName(item, t);
  const { phone } = item.party;
  const missed = item.outcome === "missed";
  const since = useSpoken((known) => spokenSince(item, known));
  return (
    <div className={cx(css.item, item.seen === false && css.unseen)}>
      <span className={cx(css.icon, missed && css.missed)}>
        <Icon name={icon(item)} />
        <span className="heard">{t(`direction.${item.direction}`)}</span>
      </span>
      <span className={css.who}>
        {isNumber ? <bdi dir="ltr">{name}</bdi> : <bdi>{name}</bdi>}
        {item.count > 1 && (
          <span className={css.times}>{t("history.times", { shown: count(item.count) })}</span>
        )}
        {item.seen === false && (
          <span className={css.dot}>
            <span className="heard">{t("history.unseen")}</span>
          </span>
        )}
      </span>
      <span className={css.when}>
        <span aria-hidden="true">{clockTime(item.at)}</span>
        <span className="heard">{dayTime(item.at)}</span>
      </span>
      <span className={css.second}>
        <span className={cx(missed && css.missed)}>
          {item.outcome === "other" && item.other_outcome !== null ? (
            <bdi>{item.other_outcome}</bdi>
          ) : (
            outcomeWords(item, t)
          )}
        </span>
        {since && (
          <span className={css.returned}>
            <Icon name="check" size="s" />
            {t(`history.${since}`)}
          </span>
        )}
        {item.seconds !== null && item.seconds > 0 && <span>{timer(Math.round(item.seconds))}</span>}
        {phone && !isNumber && !group && <PhoneNumber phone={phone} />}
        {group
          ? item.handled?.agent && <bdi>{item.handled.agent}</bdi>
          : item.queue && <bdi>{item.queue.title}</bdi>}
        {several && account && <bdi>{account.account.name}</bdi>}
      </span>
      {item.handled && (
        <span className={css.state}>
          <HandledChip state={item.handled.state} />
        </span>
      )}
    </div>
  );
}
