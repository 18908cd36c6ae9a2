// How much of a limit that a platform sets for a whole organisation this computer may use.

import { Trouble } from "../../domain/Trouble";
import type { AccountId } from "../../generated/model";
import { Select } from "../../parts/Field";
import { percent } from "../../words/format";
import { useWords } from "../../words/words";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

const SHARES = [1, 2, 5, 10, 20, 50, 100] as const;
/** Stands for "nothing set" in the list. */
const OWN = "*own*";

export function RequestShare({ account }: { account: AccountId }) {
  const t = useWords();
  const { settings, change, problem } = useSettings();
  const kept = settings.request_share[account];
  const all = [...new Set([...SHARES, ...(kept === undefined ? [] : [kept])])].sort((a, b) => a - b);
  const choose = (chosen: string): void => {
    const { [account]: _, ...others } = settings.request_share;
    const request_share = chosen === OWN ? others : { ...others, [account]: Number(chosen) };
    void change({ request_share });
  };
  return (
    <div className={css.short}>
      {problem && <Trouble problem={problem} place="settings" />}
      <Select
        label={t("share.title")}
        help={t("share.help")}
        value={kept === undefined ? OWN : String(kept)}
        options={[
          { id: OWN, title: t("share.default") },
          ...all.map((one) => ({ id: String(one), title: percent(one) })),
        ]}
        onChange={choose}
      />
    </div>
  );
}
