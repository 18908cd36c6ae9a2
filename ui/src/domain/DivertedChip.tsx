// Calls go elsewhere: said wherever the state is said, with the button that ends it.

import type { AccountState } from "../generated/model";
import { IconButton } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { changeKey, divert, useDiversions, useDiversionsOf } from "../state/diversions";
import { useWords } from "../words/words";
import css from "./DivertedChip.module.css";
import { Trouble } from "./Trouble";

/** What takes the diversion of this moment away. */
const STOP = { divert: "active", number: null, until_presence_changes: false } as const;

export function DivertedChip({ one, named }: { one: AccountState; named: boolean }) {
  const t = useWords();
  const { diversions } = useDiversionsOf(one.account.id);
  const standing = useDiversions((held) => held.changes[changeKey(one.account.id, STOP)]);
  if (!diversions?.active) return null;
  return (
    <span className={css.diverted}>
      <Chip tone="warn" icon="divert">
        {named && (
          <>
            <bdi className={css.name}>{one.account.name}</bdi>{" "}
          </>
        )}
        <bdi>{t("own.diverted", { number: diversions.active })}</bdi>
      </Chip>
      <IconButton
        name={t("own.divert_stop")}
        icon="cross"
        pending={standing === "pending"}
        onPress={() => void divert(one.account.id, STOP)}
      />
      {standing !== undefined && standing !== "pending" && <Trouble problem={standing} />}
    </span>
  );
}
