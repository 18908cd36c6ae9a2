// The state bar answers two of the three questions: am I reachable, am I still connected.

import { Button as Pressable } from "react-aria-components";
import { chordKeys } from "../actions/keys";
import { action } from "../actions/registry";
import { DivertedChip } from "../domain/DivertedChip";
import { Timer } from "../domain/Names";
import { PRESENCE } from "../domain/State";
import { Refusal } from "../domain/Trouble";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { Kbd } from "../parts/Kbd";
import { Spinner } from "../parts/Spinner";
import { elapsed, useNow } from "../state/clock";
import { run, useStanding } from "../state/commands";
import { useHeld, useMirror, useMirrorList } from "../state/store";
import { useUi } from "../state/ui";
import { timer } from "../words/format";
import { useWords } from "../words/words";
import { HealthItem } from "./HealthItem";
import css from "./StateBar.module.css";
import { StateMenu } from "./StateMenu";
import { untruths } from "./truth";

/** What is left of the pause's allowance. */
function Allowance({ since, minutes }: { since: number; minutes: number }) {
  const t = useWords();
  const left = minutes * 60 - elapsed(since, useNow());
  return left >= 0 ? (
    <span className={css.allowance}>{t("pause.left", { time: timer(left) })}</span>
  ) : (
    <strong className={css.over}>{t("pause.over", { time: timer(-left) })}</strong>
  );
}

function StateButton() {
  const t = useWords();
  const agent = useMirror((mirror) => mirror.agent);
  const { pending } = useStanding("set_state");
  const expects = agent.presence === "ready" && !agent.reachable && !agent.busy;
  const sign = expects
    ? { ...PRESENCE.ready, tone: "bad", icon: "alert" as const }
    : PRESENCE[agent.presence];
  const words = agent.presence === "paused" && agent.pause ? agent.pause : t(sign.words);
  return (
    <Pressable className={cx(css.state, css[sign.tone])}>
      <span className="heard">{t("state.button", { state: words })}</span>
      {/* The name says the state; the timer that runs beside it would change the name every second. */}
      <span className={css.shown} aria-hidden="true">
        {pending ? <Spinner /> : <Icon name={sign.icon} />}
        <bdi className={css.word}>{words}</bdi>
        {agent.since !== null && <Timer since={agent.since} />}
        {agent.presence === "paused" && agent.since !== null && agent.max_minutes !== null && (
          <Allowance since={agent.since} minutes={agent.max_minutes} />
        )}
        <Icon name="down" size="s" />
      </span>
    </Pressable>
  );
}

/** Says loudly that calls cannot ring, while they cannot. */
export function TruthBand() {
  const t = useWords();
  const now = useNow();
  const mirror = useHeld((held) => held.mirror);
  const reasons = mirror ? untruths(mirror, now, t) : [];
  const [first, ...more] = reasons;
  if (first === undefined) return null;
  return (
    <div className={css.band}>
      <Icon name="alert" />
      {/* The ages in the reasons tick: only the headline is read out. */}
      <p role="alert" className={css.headline}>
        {t("truth.headline")}
      </p>
      <p>{[first, ...more].join(" ")}</p>
    </div>
  );
}

export function StateBar() {
  const t = useWords();
  const accounts = useMirrorList((mirror) => mirror.accounts);
  const asked = useStanding("set_state").command;
  const palette = action("palette");
  return (
    <>
      <header className={css.bar}>
        <StateMenu button={<StateButton />} />
        <ul className={css.health} aria-label={t("health.all")}>
          {accounts.map((one) => (
            <li key={one.account.id}>
              <HealthItem one={one} />
            </li>
          ))}
          {accounts.map((one) => (
            <li key={`diverted ${one.account.id}`} className={css.diverted}>
              <DivertedChip one={one} named={accounts.length > 1} />
            </li>
          ))}
        </ul>
        <div className={css.tools}>
          <Button tone="quiet" icon="search" onPress={() => useUi.setState({ overlay: "palette" })}>
            <span className={css.long}>{t("palette.open")}</span> <Kbd keys={chordKeys(palette.keys ?? "")} />
          </Button>
          <IconButton
            name={t("action.cheat_sheet")}
            icon="keyboard"
            onPress={() => useUi.setState({ overlay: "cheat_sheet" })}
          />
        </div>
      </header>
      <TruthBand />
      <div className={css.refusals}>
        <Refusal command="set_state" again={asked && (() => void run(asked))} />
      </div>
    </>
  );
}
