// Which day: one further, one back, any date, or one of those that are kept with what they held.

import { useState } from "react";
import { Button, IconButton } from "../parts/Button";
import { Select, TextLine } from "../parts/Field";
import { engineNow } from "../state/clock";
import { useDays } from "../state/day";
import { dateOf, dayAfter, isDay, noonOf } from "../state/dayScale";
import { count, shortDay } from "../words/format";
import { useWords } from "../words/words";
import css from "./Day.module.css";

export function DayPicker({
  date,
  shown,
  onChoose,
}: {
  /** What was asked for; nothing means today, whichever day that is. */
  date: string | null;
  shown: string;
  onChoose: (date: string | null) => void;
}) {
  const t = useWords();
  const days = useDays();
  const now = engineNow();
  const today = dateOf(now);
  const [typed, setTyped] = useState<string>();
  const choose = (next: string): void => {
    setTyped(undefined);
    onChoose(next === today ? null : next);
  };
  return (
    <div className={css.picker}>
      <IconButton name={t("day.previous")} icon="back" onPress={() => choose(dayAfter(shown, -1))} />
      <TextLine
        label={t("day.date")}
        hideLabel
        type="date"
        value={typed ?? shown}
        onChange={(next) => {
          // A date that is typed passes through others: only a whole one of the past is gone to.
          if (isDay(next) && next > "1990" && next <= today) choose(next);
          else setTyped(next);
        }}
        onBlur={() => setTyped(undefined)}
        wrong={typed !== undefined && isDay(typed) && typed > today ? t("day.future") : undefined}
      />
      <IconButton
        name={t("day.next")}
        icon="forth"
        isDisabled={shown >= today}
        onPress={() => choose(dayAfter(shown, 1))}
      />
      <Button isDisabled={date === null} onPress={() => choose(today)}>
        {t("day.today")}
      </Button>
      {days.length > 0 && (
        <Select
          label={t("day.kept")}
          hideLabel
          value={days.some((one) => one.date === shown) ? shown : null}
          placeholder={t("day.kept")}
          options={days.map(({ date: id, sums }) => ({
            id,
            title: shortDay(noonOf(id), now),
            more: t("day.kept_line", { handled: count(sums.handled), missed: count(sums.missed) }),
          }))}
          onChange={choose}
        />
      )}
    </div>
  );
}
