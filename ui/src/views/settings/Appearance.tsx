// Light or dark, the language, the size of the text.

import { Trouble } from "../../domain/Trouble";
import type { Theme } from "../../generated/model";
import { Radios, Select } from "../../parts/Field";
import { setTextSize, TEXT_SIZES, useUi } from "../../state/ui";
import { LANGUAGES, useWords } from "../../words/words";
import { Group } from "./Group";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

const SYSTEM = "*system*";

export function Appearance() {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const textSize = useUi((ui) => ui.textSize);
  return (
    <>
      {problem && <Trouble problem={problem} place="settings" />}
      <Group title={t("appearance.look")}>
        <Radios
          label={t("appearance.theme")}
          row
          value={settings.theme}
          options={[
            { id: "system", title: t("appearance.system") },
            { id: "light", title: t("appearance.light") },
            { id: "dark", title: t("appearance.dark") },
          ]}
          onChange={(theme) => void change({ theme: theme as Theme })}
        />
        <div className={css.short}>
          <Select
            label={t("appearance.text_size")}
            value={String(textSize)}
            options={TEXT_SIZES.map((size) => ({ id: String(size), title: `${size} %` }))}
            onChange={(size) => setTextSize(Number(size))}
          />
        </div>
      </Group>
      <Group title={t("appearance.language")}>
        <div className={css.short}>
          <Select
            label={t("appearance.language")}
            hideLabel
            value={settings.language !== null && settings.language in LANGUAGES ? settings.language : SYSTEM}
            options={[
              { id: SYSTEM, title: t("appearance.system_language") },
              ...Object.entries(LANGUAGES).map(([id, title]) => ({ id, title })),
            ]}
            onChange={(language) => void change({ language: language === SYSTEM ? null : language })}
          />
        </div>
      </Group>
    </>
  );
}
