// What happens when it rings, and a way to try it that says what did not work.

import { useEffect, useState } from "react";
import { Trouble } from "../../domain/Trouble";
import type { AlertReport, AlertSettings, Problem } from "../../generated/model";
import { Button } from "../../parts/Button";
import { Select, Slider, Switch } from "../../parts/Field";
import { Notice } from "../../parts/Notice";
import { asProblem, host } from "../../platform";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import { Reminders } from "./Reminders";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

const SYSTEM = "*system*";

function Test() {
  const t = useWords();
  const [pending, setPending] = useState(false);
  const [report, setReport] = useState<AlertReport>();
  const [problem, setProblem] = useState<Problem>();
  const test = async (): Promise<void> => {
    setPending(true);
    setReport(undefined);
    setProblem(undefined);
    try {
      setReport(await host.call("test_alert"));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setPending(false);
  };
  return (
    <Group title={t("alerts.test_title")} help={t("alerts.test_help")}>
      <div className={css.row}>
        <Button icon="ringing" pending={pending} onPress={() => void test()}>
          {t("alerts.test")}
        </Button>
      </div>
      {problem && <Trouble problem={problem} place="settings" />}
      {report && !report.notification && <Notice mood="good" title={t("alerts.notification_works")} />}
      {report?.notification && (
        <Trouble problem={report.notification} title={t("alerts.notification_fails")} place="settings" />
      )}
      {report && !report.sound && <Notice mood="good" title={t("alerts.sound_works")} />}
      {report?.sound && <Trouble problem={report.sound} title={t("alerts.sound_fails")} place="settings" />}
    </Group>
  );
}

export function Alerts() {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const { alerts } = settings;
  const [volume, setVolume] = useState(alerts.volume);
  const [outputs, setOutputs] = useState<readonly string[]>([]);
  const set = (part: Partial<AlertSettings>): void => void change({ alerts: { ...alerts, ...part } });
  useEffect(() => {
    // Without a list the system's own output is still there to choose.
    host.call("sound_devices").then(setOutputs, () => undefined);
  }, []);
  // A device that is unplugged stays in the list: it is still what the agent chose.
  const names =
    alerts.sound_device !== null && !outputs.includes(alerts.sound_device)
      ? [...outputs, alerts.sound_device]
      : outputs;
  return (
    <>
      {problem && <Trouble problem={problem} place="settings" />}
      <Group title={t("alerts.show_title")}>
        <Switch
          label={t("alerts.popup")}
          help={t("alerts.popup_help")}
          value={alerts.popup}
          onChange={(popup) => set({ popup })}
        />
        <Switch
          label={t("alerts.notification")}
          value={alerts.notification}
          onChange={(notification) => set({ notification })}
        />
        <Switch
          label={t("alerts.raise")}
          help={t("alerts.raise_help")}
          value={alerts.raise}
          onChange={(raise) => set({ raise })}
        />
      </Group>
      <Group title={t("alerts.sound_title")}>
        <Switch label={t("alerts.sound")} value={alerts.sound} onChange={(sound) => set({ sound })} />
        <Slider
          label={t("alerts.volume")}
          value={volume}
          max={100}
          onChange={setVolume}
          onDone={(done) => set({ volume: done })}
        />
        <div className={css.short}>
          <Select
            label={t("alerts.sound_device")}
            value={alerts.sound_device ?? SYSTEM}
            options={[
              { id: SYSTEM, title: t("alerts.system_device") },
              ...names.map((name) => ({ id: name, title: name })),
            ]}
            onChange={(name) => set({ sound_device: name === SYSTEM ? null : name })}
          />
        </div>
      </Group>
      <Test />
      <Reminders />
    </>
  );
}
