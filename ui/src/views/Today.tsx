// Today in short, on the home: a few figures and the day so far, drawn small. My day shows all of it.

import { DayStrip } from "../domain/DayLine";
import { Trouble } from "../domain/Trouble";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { useByNow } from "../state/clock";
import { useDay } from "../state/day";
import { busyPart } from "../state/dayScale";
import { showDay } from "../state/ui";
import { duration } from "../words/format";
import { useWords } from "../words/words";
import { figureWords } from "./DaySums";
import css from "./Today.module.css";
import work from "./Work.module.css";

const SHOWN = ["handled", "missed", "talk", "average_handle", "ready", "paused"] as const;

export function Today() {
  const t = useWords();
  const { day, problem, again } = useDay(null);
  const now = useByNow((at) => Math.floor(at / 60_000)) * 60_000;
  const present = Math.max(day?.until ?? now, now);
  return (
    <section className={work.section} aria-label={t("work.today")}>
      <h2 className={work.head}>
        <Icon name="clock" size="s" />
        {t("work.today")}
        <span className={css.push} />
        <Button tone="quiet" icon="history" onPress={() => showDay()}>
          {t("work.day_open")}
        </Button>
      </h2>
      <div className={css.today}>
        {problem && !day && (
          <Trouble
            problem={problem}
            actions={<Button onPress={() => void again()}>{t("common.try_again")}</Button>}
          />
        )}
        <dl className={css.figures}>
          {SHOWN.map((figure) => (
            <div key={figure}>
              <dt>{t(`day.${figure}`)}</dt>
              <dd>
                <bdi>{day ? figureWords(figure, day.sums[figure]) : "–"}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        {day && day.bands.length + day.contacts.length > 0 && (
          <DayStrip
            day={day}
            now={present}
            span={busyPart(day, present)}
            words={t("day.strip", {
              handled: figureWords("handled", day.sums.handled),
              missed: figureWords("missed", day.sums.missed),
              talk: duration(day.sums.talk),
            })}
          />
        )}
      </div>
    </section>
  );
}
