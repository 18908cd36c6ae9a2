// What rings, large enough to be read from two metres, with the two buttons that matter. It turns red when the caller has
// waited too long.

import type { Activity, Ring } from "../generated/model";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { useWords } from "../words/words";
import { ActivityFacts } from "./ActivityFacts";
import { AnswerDevice, CallActions, CallRefusals } from "./CallActions";
import { TransferredBy } from "./LiveSigns";
import { CallerName, Company, PhoneNumber, Through, Timer } from "./Names";
import css from "./RingCard.module.css";
import { activityIcon, who } from "./who";

/** After this many seconds a caller has waited too long. */
const TOO_LONG = 20;

export function RingCard({ ring, activity }: { ring: Ring; activity: Activity }) {
  const t = useWords();
  const late = elapsed(ring.since, useNow()) >= TOO_LONG;
  const caller = who(activity, t);
  return (
    <article
      className={cx(css.card, late && css.late)}
      aria-label={t("shell.ringing_title", { who: caller.name })}
    >
      <header className={css.head}>
        <Icon name={activityIcon(activity)} />
        <span>{t("phase.ringing")}</span>
        <Timer since={ring.since} />
      </header>
      <p className={css.name}>
        <CallerName activity={activity} />
      </p>
      <p className={css.more}>
        {caller.phone && !caller.isNumber && <PhoneNumber phone={caller.phone} />}
        {caller.company && <Company name={caller.company} />}
      </p>
      <Through activity={activity} />
      <TransferredBy activity={activity} />
      <AnswerDevice activity={activity} />
      <CallActions activity={activity} size="l" />
      <CallRefusals activity={activity} />
      <ActivityFacts facts={activity.facts} />
    </article>
  );
}
