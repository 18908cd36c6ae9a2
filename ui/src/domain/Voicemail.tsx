// The voicemail settings of an account: only those the platform keeps. They are changed together and kept by one button, so
// that a half-made change never answers a caller.

import { useCallback, useEffect, useState } from "react";
import type { AccountId, Problem, VoicemailSettings } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers } from "../parts/Dialog";
import { Switch, TextLine } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { useWords } from "../words/words";
import { Trouble } from "./Trouble";
import css from "./Voicemail.module.css";

const SWITCHES = [
  "enabled",
  "says_activity",
  "says_end",
  "offers_person",
  "by_sms",
  "by_email",
  "attached",
  "callback",
] as const satisfies readonly (keyof VoicemailSettings)[];

export function VoicemailPanel({ account, onDone }: { account: AccountId; onDone: () => void }) {
  const t = useWords();
  const [settings, setSettings] = useState<VoicemailSettings>();
  const [problem, setProblem] = useState<Problem>();
  const [saving, setSaving] = useState(false);
  const read = useCallback(() => {
    setProblem(undefined);
    host.call("voicemail", account).then(setSettings, (thrown) => setProblem(asProblem(thrown)));
  }, [account]);
  useEffect(read, [read]);
  if (!settings) {
    return problem ? (
      <Trouble problem={problem} actions={<Button onPress={read}>{t("common.try_again")}</Button>} />
    ) : (
      <p className={css.loading}>
        <Spinner /> {t("common.loading")}
      </p>
    );
  }
  const offered = SWITCHES.filter((name) => settings[name] !== null);
  const person = settings.offers_person === true || settings.person_number !== null;
  const save = async (): Promise<void> => {
    setSaving(true);
    setProblem(undefined);
    try {
      setSettings(await host.call("save_voicemail", { account, settings }));
      onDone();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      setSaving(false);
    }
  };
  return (
    <>
      {offered.length === 0 && <p className={css.loading}>{t("voicemail.nothing")}</p>}
      <div className={css.switches}>
        {offered.map((name) => (
          <div key={name} className={css.line}>
            <Switch
              label={t(`voicemail.${name}`)}
              value={settings[name] === true}
              onChange={(on) => setSettings({ ...settings, [name]: on })}
            />
            {name === "offers_person" && person && (
              <TextLine
                label={t("voicemail.person_number")}
                type="tel"
                value={settings.person_number ?? ""}
                onChange={(text) => setSettings({ ...settings, person_number: text === "" ? null : text })}
                leftToRight
              />
            )}
          </div>
        ))}
      </div>
      {problem && <Trouble problem={problem} />}
      <Answers>
        <Button onPress={onDone}>{t("common.cancel")}</Button>
        <Button tone="main" pending={saving} isDisabled={offered.length === 0} onPress={() => void save()}>
          {t("common.save")}
        </Button>
      </Answers>
    </>
  );
}
