// Facts about this computer, for support: to read and to copy.

import { useCallback, useEffect, useState } from "react";
import { Trouble } from "../../domain/Trouble";
import type { DiagnosticLine, Problem } from "../../generated/model";
import { Button } from "../../parts/Button";
import { cx } from "../../parts/cx";
import { Icon } from "../../parts/Icon";
import { Spinner } from "../../parts/Spinner";
import { asProblem, host } from "../../platform";
import { announceLater } from "../../state/announce";
import { copy } from "../../state/clipboard";
import { mirrorNow } from "../../state/store";
import type { Key } from "../../words/words";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import css from "./Settings.module.css";

const WHAT: Readonly<Record<string, Key>> = {
  version: "diagnostics.version",
  keychain: "diagnostics.keychain",
  notifications: "diagnostics.notifications",
  tray: "diagnostics.tray",
  sound: "diagnostics.sound",
  links: "diagnostics.links",
  webview: "diagnostics.webview",
  store: "diagnostics.store",
  proxy: "diagnostics.proxy",
  hotkeys: "diagnostics.hotkeys",
};

/** What support needs to know, without names, numbers or secrets. */
function asJson(lines: readonly DiagnosticLine[]): string {
  const accounts = mirrorNow()?.accounts.map(({ account, health, capabilities }) => ({
    platform: account.platform,
    practice: account.practice,
    link: health.link,
    source: health.source,
    problem: health.problem?.code ?? null,
    unreadable: health.unreadable,
    capabilities,
  }));
  return JSON.stringify({ computer: lines, accounts }, null, 2);
}

export function Diagnostics() {
  const t = useWords();
  const [lines, setLines] = useState<readonly DiagnosticLine[]>();
  const [problem, setProblem] = useState<Problem>();
  const [copied, setCopied] = useState(false);
  const load = useCallback(() => {
    setProblem(undefined);
    host.call("diagnostics").then(setLines, (thrown) => setProblem(asProblem(thrown)));
  }, []);
  useEffect(load, [load]);
  const onCopy = async (): Promise<void> => {
    if (!(await copy(asJson(lines ?? [])))) return;
    setCopied(true);
    announceLater(t("diagnostics.copied"));
  };
  return (
    <Group title={t("diagnostics.title")} help={t("diagnostics.help")}>
      {problem && (
        <Trouble
          problem={problem}
          place="settings"
          actions={<Button onPress={load}>{t("common.try_again")}</Button>}
        />
      )}
      {!lines && !problem && <Spinner />}
      {lines && (
        <table className={css.table}>
          <tbody>
            {lines.map((line) => {
              const what = WHAT[line.what];
              return (
                <tr key={line.what}>
                  <th scope="row">{what ? t(what) : line.what}</th>
                  <td data-selectable>{line.detail}</td>
                  <td>
                    {line.ok !== null && (
                      <span className={cx(css.sign, line.ok ? css.good : css.bad)}>
                        <Icon name={line.ok ? "check" : "refused"} size="s" />
                        {line.ok ? t("check.works") : t("check.fails")}
                      </span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <div className={css.row}>
        <Button icon="copy" isDisabled={!lines} onPress={() => void onCopy()}>
          {copied ? t("diagnostics.copied") : t("diagnostics.copy")}
        </Button>
      </div>
    </Group>
  );
}
