// With which call: asked when it is not certain, and always before two calls are connected by a key. Nobody is chosen
// beforehand unless a single one can be meant; the button says whom with whom.

import { useState } from "react";
import { confer, join, swap } from "../actions/live";
import type { Activity } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Radios } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { inOrder, othersOf, partnerOf } from "../state/pairs";
import { useMirrorList } from "../state/store";
import { useWords } from "../words/words";
import { phaseWords } from "./CallCard";
import { who } from "./who";

const DO = { join, conference: confer, swap } as const;

export function ChooseCall({
  activity,
  ask,
  onClose,
}: {
  activity: Activity;
  ask: keyof typeof DO;
  onClose: () => void;
}) {
  const t = useWords();
  const others = useMirrorList((mirror) => othersOf(mirror, activity));
  const [chosen, setChosen] = useState<string | null>(partnerOf(activity, others)?.id ?? null);
  const other = others.find((one) => one.id === chosen);
  const name = who(activity, t).name;
  const offered = activity.actions.includes(ask) || other?.actions.includes(ask);
  const [first, second] = other ? inOrder(activity, other) : [];
  const names = first && second && { first: who(first, t).name, second: who(second, t).name };
  return (
    <Dialog open title={t(`pair.choose_${ask}`, { who: name })} onClose={onClose}>
      <Radios
        label={t("pair.others")}
        value={chosen}
        options={others.map((one) => ({
          id: one.id,
          title: who(one, t).name,
          more: [t(phaseWords(one)), one.party.phone?.display].filter(Boolean).join(" · "),
        }))}
        onChange={setChosen}
      />
      {!offered && <Notice mood="warn" title={t("hand.gone")} />}
      <Answers>
        <Button onPress={onClose}>{t("common.cancel")}</Button>
        <Button
          key={names ? "chosen" : "none"}
          tone="main"
          icon={ask}
          autoFocus={names !== undefined && others.length === 1}
          isDisabled={!other || !offered}
          onPress={() => {
            if (other) DO[ask](activity, other);
            onClose();
          }}
        >
          {ask === "join" && names ? t("pair.connect", names) : t(`action.${ask}`)}
        </Button>
      </Answers>
    </Dialog>
  );
}
