// When figures are bad: for all queues in a dialog, for one queue in its details. What is typed is kept as soon as the field
// is left; what is no whole number is said to be none and not kept.

import { type ReactNode, useState } from "react";
import { MEASURE, measured } from "../domain/figureWords";
import { Trouble } from "../domain/Trouble";
import type { Measure, QueueOf, Threshold } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Checkbox, TextLine } from "../parts/Field";
import { highIsBad, MEASURES } from "../state/levels";
import { queueKey } from "../state/mirror";
import { withThresholds } from "../state/queues";
import { useMirror } from "../state/store";
import { useWords } from "../words/words";
import css from "./QueuesThresholds.module.css";
import { useSettings } from "./settings/useSettings";

/** The largest limit the core can keep. */
const MOST = 4_294_967_295;

/** A limit as typed: nothing, a whole number, or something else. */
function limit(text: string): number | null | undefined {
  const words = text.trim();
  if (words === "") return null;
  return /^\d+$/.test(words) && Number(words) <= MOST ? Number(words) : undefined;
}

function Limit({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const t = useWords();
  const kept = value === null ? "" : String(value);
  const [typed, type] = useState<string>();
  const text = typed ?? kept;
  const read = limit(text);
  const keep = (): void => {
    if (read === undefined) return;
    type(undefined);
    if (read !== value) onChange(read);
  };
  return (
    <TextLine
      label={label}
      hideLabel
      value={text}
      leftToRight
      wrong={read === undefined ? t("threshold.whole") : undefined}
      onChange={type}
      onBlur={keep}
      onEnter={keep}
    />
  );
}

/** The thresholds of one queue or, without one, of all. */
function Editor({ queue }: { queue: QueueOf | null }) {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const name = queue && queueKey(queue);
  const own = settings.thresholds.filter((one) => (one.queue && queueKey(one.queue)) === name);
  const of = (measure: Measure): Threshold =>
    own.find((one) => one.measure === measure) ?? {
      queue,
      measure,
      warning: null,
      alarm: null,
      notify: true,
    };
  const set = (next: Threshold): void => {
    const others = own.filter((one) => one.measure !== next.measure);
    // Nothing of its own, where there is something for all, is a word too: never bad in this queue.
    const isEmpty = next.warning === null && next.alarm === null && !ofAll(next.measure);
    void change({
      thresholds: withThresholds(settings.thresholds, queue, isEmpty ? others : [...others, next]),
    });
  };
  const asAll = (measure: Measure): void => {
    const others = own.filter((one) => one.measure !== measure);
    void change({ thresholds: withThresholds(settings.thresholds, queue, others) });
  };
  /** What holds where the queue says nothing of its own. */
  const ofAll = (measure: Measure): Threshold | undefined =>
    queue === null
      ? undefined
      : settings.thresholds.find((one) => one.queue === null && one.measure === measure);
  /** What holds for this queue because of all, or instead of it, and the way to the other. */
  const general = (measure: Measure): ReactNode => {
    const all = ofAll(measure);
    if (!all) return null;
    const words = (value: number | null): string => (value === null ? "–" : measured(measure, value, t));
    const mine = own.find((one) => one.measure === measure);
    const isNever = mine?.warning === null && mine.alarm === null;
    return (
      <>
        {!mine && (
          <small className={css.more}>
            {t("threshold.general", { warning: words(all.warning), alarm: words(all.alarm) })}
          </small>
        )}
        {isNever && <small className={css.more}>{t("threshold.is_never")}</small>}
        <Button
          tone="quiet"
          onPress={() =>
            mine ? asAll(measure) : set({ queue, measure, warning: null, alarm: null, notify: false })
          }
        >
          {t(mine ? "threshold.as_all" : "threshold.never")}
        </Button>
      </>
    );
  };
  return (
    <>
      {problem && <Trouble problem={problem} place="settings" />}
      <div className={css.grid}>
        <span aria-hidden="true" />
        <span className={css.head} aria-hidden="true">
          {t("queue.level_warning")}
        </span>
        <span className={css.head} aria-hidden="true">
          {t("queue.level_alarm")}
        </span>
        {MEASURES.map((measure) => {
          const threshold = of(measure);
          const unit =
            measure === "longest_wait"
              ? t("threshold.in_seconds")
              : measure === "service_level"
                ? t("threshold.in_percent")
                : undefined;
          const words = t(MEASURE[measure]);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a row of a grid, whose fields carry their own names
            <div key={measure} className={css.row} role="group" aria-label={words}>
              <span className={css.measure}>
                {words}
                <small className={css.more}>
                  {[unit, t(highIsBad(measure) ? "threshold.at_least" : "threshold.at_most")]
                    .filter(Boolean)
                    .join(", ")}
                </small>
                {general(measure)}
              </span>
              <Limit
                label={t("threshold.warning_of", { measure: words })}
                value={threshold.warning}
                onChange={(warning) => set({ ...threshold, warning })}
              />
              <Limit
                label={t("threshold.alarm_of", { measure: words })}
                value={threshold.alarm}
                onChange={(alarm) => set({ ...threshold, alarm })}
              />
              {threshold.alarm !== null && (
                <div className={css.notify}>
                  <Checkbox
                    label={t("threshold.notify")}
                    value={threshold.notify}
                    onChange={(notify) => set({ ...threshold, notify })}
                  />
                </div>
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}

/** When one queue is bad, if it is not as all are. */
export function OwnThresholds({ queue, title }: { queue: QueueOf; title: string }) {
  const t = useWords();
  const name = queueKey(queue);
  const has = useMirror((mirror) =>
    mirror.settings.thresholds.some((one) => one.queue && queueKey(one.queue) === name),
  );
  const [open, setOpen] = useState(has);
  return (
    <section className={css.own} aria-label={t("threshold.own", { queue: title })}>
      <Button tone="quiet" icon={open ? "up" : "down"} aria-expanded={open} onPress={() => setOpen(!open)}>
        {t("queue.thresholds")}
      </Button>
      {open && (
        <>
          <p className={css.help}>{t("threshold.own_help")}</p>
          <Editor queue={queue} />
        </>
      )}
    </section>
  );
}

/** When queues are bad, for all that have no thresholds of their own. */
export function QueuesThresholds({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog open={open} title={`${t("threshold.title")}: ${t("threshold.all")}`} onClose={onClose} wide>
      <p className={css.help}>{t("threshold.help")}</p>
      <Editor queue={null} />
      <Answers>
        <Button onPress={onClose}>{t("common.done")}</Button>
      </Answers>
    </Dialog>
  );
}
