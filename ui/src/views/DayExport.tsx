// Days as a table in a file: from one day to another. Where the file goes is asked by the system.

import { useEffect, useState } from "react";
import { Trouble } from "../domain/Trouble";
import type { Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { TextLine } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { isDay } from "../state/dayScale";
import { useWords } from "../words/words";
import css from "./Day.module.css";

export function DayExport({ day, open, onClose }: { day: string; open: boolean; onClose: () => void }) {
  const t = useWords();
  const [from, setFrom] = useState(day);
  const [to, setTo] = useState(day);
  const [pending, setPending] = useState(false);
  const [saved, setSaved] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  // It opens with the day that is looked at, and without what came of the last time.
  useEffect(() => {
    if (!open) return;
    setFrom(day);
    setTo(day);
    setSaved(undefined);
    setProblem(undefined);
  }, [open, day]);
  const backwards = isDay(from) && isDay(to) && from > to;
  const save = async (): Promise<void> => {
    setPending(true);
    setSaved(undefined);
    setProblem(undefined);
    try {
      setSaved((await host.call("export_days", { from, to })) ?? undefined);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setPending(false);
  };
  return (
    <Dialog open={open} title={t("day.export_title")} onClose={onClose}>
      <p>{t("day.export_text")}</p>
      <div className={css.range}>
        <TextLine label={t("day.from")} type="date" value={from} onChange={setFrom} />
        <TextLine
          label={t("day.to")}
          type="date"
          value={to}
          onChange={setTo}
          wrong={backwards ? t("day.backwards") : undefined}
        />
      </div>
      {problem && <Trouble problem={problem} />}
      {saved !== undefined && (
        <Notice mood="good" title={t("day.saved")}>
          <p>
            <bdi dir="ltr">{saved}</bdi>
          </p>
        </Notice>
      )}
      <Answers>
        <Button onPress={onClose}>{t(saved === undefined ? "common.cancel" : "common.done")}</Button>
        <Button
          tone="main"
          icon="save"
          pending={pending}
          isDisabled={!isDay(from) || !isDay(to) || backwards}
          onPress={() => void save()}
        >
          {t("day.save")}
        </Button>
      </Answers>
    </Dialog>
  );
}
