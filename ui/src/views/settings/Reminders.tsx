// When the agent is reminded: a pause that was forgotten, wrap-up that runs long, a session that ends.

import { Trouble } from "../../domain/Trouble";
import type { ReminderSettings } from "../../generated/model";
import { Select } from "../../parts/Field";
import { duration } from "../../words/format";
import type { Key } from "../../words/words";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

const REMINDERS: readonly { of: keyof ReminderSettings; words: Key; minutes: readonly number[] }[] = [
  { of: "pause_minutes", words: "reminders.pause", minutes: [10, 15, 20, 30, 45, 60, 90, 120] },
  { of: "wrap_up_minutes", words: "reminders.wrap_up", minutes: [1, 2, 3, 5, 10, 15, 20, 30] },
  { of: "session_minutes", words: "reminders.session", minutes: [5, 10, 15, 30, 60] },
];

export function Reminders() {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const { reminders } = settings;
  return (
    <Group title={t("reminders.title")} help={t("reminders.help")}>
      {problem && <Trouble problem={problem} place="settings" />}
      <div className={css.short}>
        {REMINDERS.map(({ of, words, minutes }) => {
          const kept = reminders[of];
          // What was set elsewhere is still what counts.
          const all = [...new Set([...minutes, kept])].filter((one) => one > 0).sort((a, b) => a - b);
          return (
            <Select
              key={of}
              label={t(words)}
              value={String(kept)}
              options={[
                { id: "0", title: t("reminders.off") },
                ...all.map((one) => ({
                  id: String(one),
                  title: duration(one * 60),
                })),
              ]}
              onChange={(chosen) => void change({ reminders: { ...reminders, [of]: Number(chosen) } })}
            />
          );
        })}
      </div>
    </Group>
  );
}
