// Names, numbers and timers as they stand in every view.

import type { Activity, Phone, Timestamp } from "../generated/model";
import { Icon } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { useAccount } from "../state/store";
import { timer } from "../words/format";
import { useWords } from "../words/words";
import css from "./Names.module.css";
import { who } from "./who";

/** A phone number: left to right in every language, digits of one width. */
export function PhoneNumber({ phone }: { phone: Phone }) {
  return (
    <bdi dir="ltr" className={css.number}>
      {phone.display || phone.raw}
    </bdi>
  );
}

/** A running timer. It is not read out by itself: that would never stop. */
export function Timer({ since }: { since: Timestamp }) {
  const now = useNow();
  return (
    <span className={css.timer} role="timer" aria-live="off">
      {timer(elapsed(since, now))}
    </span>
  );
}

/** The caller's name, as sure as we are. */
export function CallerName({ activity }: { activity: Activity }) {
  const t = useWords();
  const caller = who(activity, t);
  return (
    <span className={css.caller}>
      {caller.isNumber ? <bdi dir="ltr">{caller.name}</bdi> : <bdi>{caller.name}</bdi>}
      {caller.maybe && <span className={css.maybe}>{t("caller.maybe")}</span>}
    </span>
  );
}

/** The queue and the account an activity came through. */
export function Through({ activity }: { activity: Activity }) {
  const account = useAccount(activity.account);
  const names = [activity.queue?.title, account?.account.name].filter(Boolean);
  return (
    <span className={css.through}>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && " · "}
          <bdi>{name}</bdi>
        </span>
      ))}
    </span>
  );
}

/** A company with its mark. */
export function Company({ name }: { name: string }) {
  return (
    <span className={css.company}>
      <Icon name="company" size="s" />
      <bdi>{name}</bdi>
    </span>
  );
}
