// Two calls of the agent side by side: who waits, who is talked to, and what can be done with both. Every button that puts
// them together says whom with whom, so that nobody is handed to the wrong person.

import { Group } from "react-aria-components";
import { confer, join, swap } from "../actions/live";
import type { Activity } from "../generated/model";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { useWords } from "../words/words";
import { PhaseChip } from "./CallCard";
import { usePending } from "./Controls";
import { CallerName, Timer } from "./Names";
import css from "./PairPanel.module.css";
import { who } from "./who";

function Side({ activity }: { activity: Activity }) {
  const t = useWords();
  const waits = activity.on_hold;
  return (
    <div className={cx(css.side, waits ? css.waits : css.talks)}>
      <span className={css.state}>
        <PhaseChip activity={activity} />
        <Timer since={activity.phase_since} />
      </span>
      <p className={css.line}>
        <span className={css.you}>
          {t("pair.you")} <span aria-hidden="true">{waits || activity.phase === "dialling" ? "→" : "↔"}</span>
        </span>
        <strong>
          <CallerName activity={activity} />
        </strong>
      </p>
    </div>
  );
}

/** Whether one of the two offers it, and whether it is under way. */
function useOffer(first: Activity, second: Activity, act: "join" | "conference" | "swap") {
  const one = usePending(first, act);
  const other = usePending(second, act);
  return { offered: first.actions.includes(act) || second.actions.includes(act), pending: one || other };
}

export function PairPanel({ first, second }: { first: Activity; second: Activity }) {
  const t = useWords();
  const names = { first: who(first, t).name, second: who(second, t).name };
  const joining = useOffer(first, second, "join");
  const conferring = useOffer(first, second, "conference");
  const swapping = useOffer(first, second, "swap");
  const early = second.phase === "dialling";
  return (
    <Group className={css.pair} aria-label={t("pair.title", names)}>
      <div className={css.sides}>
        <Side activity={first} />
        <Side activity={second} />
      </div>
      {joining.offered && (
        <>
          <Button
            tone="main"
            size="l"
            icon="join"
            pending={joining.pending}
            onPress={() => join(first, second)}
          >
            {t("pair.connect", names)}
          </Button>
          {early && <p className={css.soft}>{t("pair.when_answered", { second: names.second })}</p>}
        </>
      )}
      <div className={css.both}>
        {swapping.offered && (
          <Button icon="swap" pending={swapping.pending} onPress={() => swap(first, second)}>
            {t("action.swap")}
          </Button>
        )}
        {conferring.offered && (
          <Button icon="conference" pending={conferring.pending} onPress={() => confer(first, second)}>
            {t("action.conference")}
          </Button>
        )}
      </div>
      {!joining.offered && !swapping.offered && !conferring.offered && (
        <p className={css.soft}>
          <Icon name="info" size="s" /> {t("pair.nothing")}
        </p>
      )}
    </Group>
  );
}
