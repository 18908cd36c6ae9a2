// The call dock: always there, either a column beside the view or a slim bar below it. What rings stands on top; below it
// two calls that belong together, side by side; then the activity at hand, large, the calls that wait, slim; then dialling. A
// new ring never replaces what the agent is writing.

import { useEffect, useRef } from "react";
import { openDialling } from "../actions/registry";
import { CallActions } from "../domain/CallActions";
import { CallCard, PhaseChip, SlimCall } from "../domain/CallCard";
import { QuickControls } from "../domain/Controls";
import { DialForm } from "../domain/DialForm";
import { SmallSigns } from "../domain/LiveSigns";
import { CallerName, Timer } from "../domain/Names";
import { PairPanel } from "../domain/PairPanel";
import { RingCard } from "../domain/RingCard";
import { Refusal } from "../domain/Trouble";
import { activityIcon, who } from "../domain/who";
import type { Activity, Ring } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { announceNow } from "../state/announce";
import type { Mirror } from "../state/mirror";
import { isLive, isTalking, pairsOf } from "../state/pairs";
import { mirrorNow, useActivity, useHeld, useMirror, useMirrorList, useRings } from "../state/store";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./Dock.module.css";

/** The activities the dock can hold, calls at hand first. */
const AT_HAND: readonly Activity["phase"][] = ["dialling", "open", "wrap_up"];

function handled(mirror: Mirror): readonly string[] {
  return mirror.order
    .filter((id) => AT_HAND.includes(mirror.activities[id]?.phase ?? "waiting"))
    .sort((a, b) => rank(mirror, a) - rank(mirror, b));
}

function rank(mirror: Mirror, id: string): number {
  const activity = mirror.activities[id];
  // A call on hold comes after the one that is talked on, and before what only waits to be written down.
  return AT_HAND.indexOf(activity?.phase ?? "wrap_up") + (activity?.on_hold ? 0.5 : 0);
}

/** The activity in the dock: the chosen one, or the first at hand. The choice stays while it exists. */
function useAtHand(): string | undefined {
  const ids = useMirrorList(handled);
  const selected = useUi((ui) => ui.selected);
  const shown = useRef<string | undefined>(undefined);
  const known = useMirror(
    (mirror) => selected !== undefined && selected in mirror.activities && !(selected in mirror.rings),
  );
  shown.current = known
    ? selected
    : shown.current !== undefined && ids.includes(shown.current)
      ? shown.current
      : ids[0];
  return shown.current;
}

function Ringing({ ring }: { ring: Ring }) {
  const activity = useActivity(ring.activity);
  return activity ? <RingCard ring={ring} activity={activity} /> : null;
}

function AtHand({ id }: { id: string }) {
  const activity = useActivity(id);
  return activity ? <CallCard key={id} activity={activity} /> : null;
}

function Other({ id }: { id: string }) {
  const activity = useActivity(id);
  if (!activity) return null;
  if (isLive(activity)) return <SlimCall activity={activity} />;
  return (
    <Button tone="quiet" icon={activityIcon(activity)} onPress={() => useUi.setState({ selected: id })}>
      <CallerName activity={activity} /> <Timer since={activity.phase_since} />
    </Button>
  );
}

/** Calls that belong together, two by two. */
function Pairs() {
  const flat = useMirrorList(pairsOf);
  return flat.map((first, index) => {
    const second = flat[index + 1];
    return index % 2 === 0 && second ? (
      <PairPanel key={`${first.id} ${second.id}`} first={first} second={second} />
    ) : null;
  });
}

/** Refusals about activities that are gone: somebody else was quicker, and the agent wants to know. */
function LostRefusals() {
  const t = useWords();
  const lost = useMirrorList((mirror) =>
    Object.entries(mirror.commands)
      .filter(
        ([, { command, outcome }]) =>
          outcome.is !== "confirmed" &&
          "activity" in command &&
          !(command.activity in mirror.activities) &&
          command.activity in mirror.gone,
      )
      .map(([key]) => key),
  );
  const gone = useMirror((mirror) => mirror.gone);
  const commands = useMirror((mirror) => mirror.commands);
  return lost.map((key) => {
    const command = commands[key]?.command;
    const activity = command && "activity" in command ? gone[command.activity] : undefined;
    return (
      <div key={key}>
        {activity && <p className={css.about}>{who(activity, t).name}</p>}
        <Refusal command={key} />
      </div>
    );
  });
}

function useRingingAnnounced(rings: readonly Ring[]): void {
  const t = useWords();
  const said = useRef(new Set<string>());
  useEffect(() => {
    for (const ring of rings) {
      if (said.current.has(ring.activity)) continue;
      said.current.add(ring.activity);
      const activity = useHeld.getState().mirror?.activities[ring.activity];
      if (activity) announceNow(t("shell.ringing_title", { who: who(activity, t).name }));
    }
  }, [rings, t]);
}

function Slim({ rings, atHand }: { rings: readonly Ring[]; atHand: string | undefined }) {
  const t = useWords();
  const first = rings[0];
  const activity = useMirror((mirror) => mirror.activities[first?.activity ?? atHand ?? ""]);
  return (
    <>
      {activity ? (
        <>
          <PhaseChip activity={activity} />
          <strong className={css.slimName}>
            <CallerName activity={activity} />
          </strong>
          <Timer since={first?.since ?? activity.phase_since} />
          <SmallSigns activity={activity} />
          <QuickControls activity={activity} />
          <CallActions activity={activity} />
        </>
      ) : (
        <span className={css.idle}>{t("dock.idle")}</span>
      )}
      <span className={css.push} />
      <IconButton name={t("dock.expand")} icon="up" onPress={() => useUi.setState({ dockOpen: true })} />
    </>
  );
}

/** Dialling: all of it while nothing is at hand, else behind one button. */
function Dialling({ quiet }: { quiet: boolean }) {
  const t = useWords();
  const asked = useUi((ui) => ui.dialling);
  return (
    <section aria-label={t("dock.dial")} className={css.dial}>
      {quiet || asked ? (
        <DialForm />
      ) : (
        <Button icon="dialpad" onPress={openDialling}>
          {t("dial.another")}
        </Button>
      )}
    </section>
  );
}

/**
 * Brings up the call that was just dialled, or answered from outside this window, and the one that is talked on, whatever
 * took the other from the line. Never away from under what is being written.
 */
function useFollow(rings: readonly Ring[]): void {
  const made = useMirror((mirror) => mirror.commands.dial?.made);
  const talking = useMirror((mirror) => mirror.order.findLast((id) => isTalking(mirror.activities[id])));
  const selected = useUi((ui) => ui.selected);
  const waits = useMirror((mirror) => mirror.activities[selected ?? ""]?.on_hold ?? false);
  const before = useRef<{ talking?: string | undefined; selected?: string | undefined; waits: boolean }>({
    waits: false,
  });
  useEffect(() => {
    const was = before.current;
    before.current = { talking, selected, waits };
    // The other call may be told of before this one is held. A call on hold that the agent chose stays.
    const turned = was.talking !== talking || (was.selected === selected && waits && !was.waits);
    const shown = mirrorNow()?.activities[selected ?? ""];
    const writing = document.activeElement?.matches("textarea") ?? false;
    if (turned && talking !== undefined && !writing && (!shown || (isLive(shown) && shown.on_hold)))
      useUi.setState({ selected: talking });
  }, [talking, selected, waits]);
  const rang = useRef(rings);
  useEffect(() => {
    if (made) useUi.setState({ selected: made, dialling: false });
  }, [made]);
  useEffect(() => {
    const activities = mirrorNow()?.activities ?? {};
    const answered = rang.current.find(
      (ring) => !rings.includes(ring) && activities[ring.activity]?.phase === "open",
    );
    rang.current = rings;
    if (answered) useUi.setState({ selected: answered.activity });
  }, [rings]);
}

export function Dock() {
  const t = useWords();
  const open = useUi((ui) => ui.dockOpen);
  const rings = useRings();
  const atHand = useAtHand();
  const others = useMirrorList(handled).filter((id) => id !== atHand);
  useRingingAnnounced(rings);
  useFollow(rings);
  return (
    <section
      aria-label={t("dock.title")}
      className={cx(open ? css.dock : css.slim, !open && rings.length > 0 && css.loud)}
    >
      {open ? (
        <>
          <header className={css.head}>
            <h2>{t("dock.title")}</h2>
            <IconButton
              name={t("dock.collapse")}
              icon="down"
              onPress={() => useUi.setState({ dockOpen: false })}
            />
          </header>
          <div className={css.body}>
            {rings.map((ring) => (
              <Ringing key={ring.activity} ring={ring} />
            ))}
            <LostRefusals />
            <Pairs />
            {atHand !== undefined && <AtHand id={atHand} />}
            {others.length > 0 && (
              <nav aria-label={t("dock.others")} className={css.others}>
                {others.map((id) => (
                  <Other key={id} id={id} />
                ))}
              </nav>
            )}
            <Dialling quiet={atHand === undefined && rings.length === 0} />
          </div>
        </>
      ) : (
        <Slim rings={rings} atHand={atHand} />
      )}
    </section>
  );
}
