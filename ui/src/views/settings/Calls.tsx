// Numbers, system-wide shortcuts, and what quitting does.

import { type KeyboardEvent, useState } from "react";
import { recordChord } from "../../actions/keys";
import { Trouble } from "../../domain/Trouble";
import type { LeaveState } from "../../generated/model";
import { Button } from "../../parts/Button";
import { Radios, Select, Switch } from "../../parts/Field";
import { Kbd } from "../../parts/Kbd";
import { country } from "../../words/format";
import type { Key } from "../../words/words";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

/** Countries whose national numbers agents here are likely to type; the kept one is always among them. */
const REGIONS = [
  "AT",
  "AU",
  "BE",
  "CA",
  "CH",
  "CZ",
  "DE",
  "DK",
  "ES",
  "FI",
  "FR",
  "GB",
  "HU",
  "IE",
  "IL",
  "IT",
  "NL",
  "NO",
  "NZ",
  "PL",
  "PT",
  "RO",
  "SE",
  "SI",
  "SK",
  "US",
];

const HOTKEYS: readonly { action: string; words: Key }[] = [
  { action: "answer", words: "action.answer" },
  { action: "hangup", words: "action.hangup" },
  { action: "mute", words: "hotkeys.mute" },
  { action: "toggle_ready", words: "hotkeys.toggle_ready" },
];

function Recorder({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string | undefined;
  onChange: (chord: string | undefined) => void;
}) {
  const t = useWords();
  const [recording, setRecording] = useState(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!recording || event.key === "Tab") return;
    // Whatever is pressed now is recorded and does nothing else.
    event.preventDefault();
    event.stopPropagation();
    const chord = event.key === "Escape" ? value : recordChord(event.nativeEvent);
    if (chord === undefined && event.key !== "Escape") return;
    setRecording(false);
    if (chord !== value) onChange(chord);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its button receives
    <div className={css.recorder} onKeyDownCapture={onKeyDown} onBlur={() => setRecording(false)}>
      <span>{name}</span>
      <Button
        aria-label={recording ? t("hotkeys.press") : t("hotkeys.record", { action: name })}
        onPress={() => setRecording(true)}
      >
        {recording ? t("hotkeys.press") : value ? <Kbd keys={value.split("+")} /> : t("hotkeys.none")}
      </Button>
      {value !== undefined && (
        <Button
          tone="quiet"
          icon="cross"
          aria-label={t("hotkeys.clear", { action: name })}
          onPress={() => onChange(undefined)}
        >
          {t("hotkeys.off")}
        </Button>
      )}
    </div>
  );
}

export function Calls() {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const regions = REGIONS.includes(settings.region) ? REGIONS : [settings.region, ...REGIONS];
  const setHotkey = (action: string, chord: string | undefined): void => {
    const { [action]: _, ...others } = settings.hotkeys;
    void change({ hotkeys: chord === undefined ? others : { ...others, [action]: chord } });
  };
  return (
    <>
      {problem && <Trouble problem={problem} place="settings" />}
      <Group title={t("calls.numbers")} help={t("calls.region_help")}>
        <div className={css.short}>
          <Select
            label={t("calls.region")}
            value={settings.region}
            options={regions
              .map((code) => ({ id: code, title: country(code) }))
              .sort((a, b) => a.title.localeCompare(b.title))}
            onChange={(region) => void change({ region })}
          />
        </div>
      </Group>
      <Group title={t("hotkeys.title")} help={t("hotkeys.help")}>
        {HOTKEYS.map(({ action, words }) => (
          <Recorder
            key={action}
            name={t(words)}
            value={settings.hotkeys[action]}
            onChange={(chord) => setHotkey(action, chord)}
          />
        ))}
      </Group>
      <Group title={t("calls.leaving")}>
        <Switch
          label={t("calls.close_to_tray")}
          help={t("calls.close_to_tray_help")}
          value={settings.close_to_tray}
          onChange={(close_to_tray) => void change({ close_to_tray })}
        />
        <Radios
          label={t("quit.leave")}
          value={settings.leave}
          options={[
            { id: "ask", title: t("calls.leave_ask") },
            { id: "not_ready", title: t("quit.not_ready"), more: t("quit.not_ready_more") },
            { id: "stay", title: t("quit.stay"), more: t("quit.stay_more") },
          ]}
          onChange={(leave) => void change({ leave: leave as LeaveState })}
        />
      </Group>
    </>
  );
}
