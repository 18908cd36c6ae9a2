// Pieces of which the figures of queues are drawn: the dash for what is not told, a wait that counts, a level, an age.

import type { Level, QueueStatistics, Timestamp } from "../generated/model";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { elapsed, useByNow, useNow } from "../state/clock";
import type { Standing } from "../state/levels";
import { timer } from "../words/format";
import { useWords } from "../words/words";
import css from "./Figures.module.css";
import { ageWords, isOld, LEVEL, STANDING } from "./figureWords";

/** What the platform does not tell is a dash, never a zero. */
export function Untold() {
  const t = useWords();
  return (
    <span className={css.untold}>
      <span aria-hidden="true">–</span>
      <span className="heard">{t("queue.not_told")}</span>
    </span>
  );
}

function Counting({ since }: { since: Timestamp }) {
  return <>{timer(elapsed(since, useNow()))}</>;
}

/** Two figures beside each other, left to right in every language; absent is not told. */
export function Pair({ children }: { children: string | null }) {
  return children === null ? <Untold /> : <bdi dir="ltr">{children}</bdi>;
}

/** How long the first has waited. It counts on only while the platform is heard. */
export function Longest({ figures, heard }: { figures: QueueStatistics; heard: boolean }) {
  const { longest_since: since, waiting, heard_at } = figures;
  if (since === null) return waiting === 0 ? "0:00" : <Untold />;
  return (
    <span role="timer" aria-live="off">
      {heard ? <Counting since={since} /> : timer(elapsed(since, heard_at))}
    </span>
  );
}

/** A figure beyond its threshold: a sign and a word that is heard; the colour only repeats them. */
export function LevelSign({ level }: { level: Level }) {
  const t = useWords();
  return (
    <>
      <Icon name={STANDING[level].icon} size="s" />
      <span className="heard">{t(LEVEL[level])}: </span>
    </>
  );
}

/** How a queue stands, in a word. */
export function StandingChip({ is }: { is: Standing }) {
  const t = useWords();
  const { tone, icon, words } = STANDING[is];
  return (
    <Chip tone={tone} icon={icon}>
      {t(words)}
    </Chip>
  );
}

/** How old figures are: old ones say so. */
export function FigureAge({ figures, heard }: { figures: QueueStatistics; heard: boolean }) {
  const t = useWords();
  const { heard_at } = figures;
  const words = useByNow((now) => ageWords(heard_at, heard, now, t));
  const old = useByNow((now) => isOld(heard_at, heard, now));
  return (
    <span className={cx(css.age, old && css.old)}>
      {old && <Icon name="clock" size="s" />}
      <bdi>{words}</bdi>
    </span>
  );
}
