// The controls of a live call: exactly those the platform offers now, each with its spinner in place and its refusal below.
// What needs a word more (to whom, with which call, on which device) asks for it and never guesses.

import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { ask, control, PLAIN, type Plain, press, swap, together, toggleKeypad } from "../actions/live";
import type { Action, Activity, Control, DeviceId } from "../generated/model";
import { Button } from "../parts/Button";
import type { IconName } from "../parts/Icon";
import { Tile, Tiles } from "../parts/Tile";
import { useStanding } from "../state/commands";
import { controlKey } from "../state/mirror";
import { othersOf, pairsOf, partnerOf } from "../state/pairs";
import { useAccount, useMirrorList } from "../state/store";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./Controls.module.css";
import { Keypad } from "./Keypad";
import { Refusal } from "./Trouble";

/** The actions that ask for a number; the first one offered names the button. */
export const HANDING = ["transfer", "to_voicemail", "camp_on"] as const satisfies readonly Action[];

const ICONS: Readonly<Partial<Record<Action, IconName>>> = {
  hold: "hold",
  resume: "play",
  mute: "mic_off",
  unmute: "mic",
  park: "park",
  record_start: "record",
};
/** What undoes a state that is on now. */
const UNDOES: readonly Action[] = ["resume", "unmute"];

/** Whether a control of this call is under way. */
export function usePending(activity: Activity, act: Control["act"], participant?: string): boolean {
  return useStanding(controlKey(activity.id, act, participant)).pending;
}

function PlainTile({ activity, act }: { activity: Activity; act: Plain }) {
  const t = useWords();
  return (
    <Tile
      icon={ICONS[act] ?? "other"}
      on={UNDOES.includes(act)}
      pending={usePending(activity, act)}
      onPress={() => press(activity, act)}
    >
      {t(`action.${act}`)}
    </Tile>
  );
}

function HandTile({ activity, act }: { activity: Activity; act: (typeof HANDING)[number] }) {
  const t = useWords();
  return (
    <Tile
      icon="transfer"
      pending={usePending(activity, "transfer")}
      onPress={() => ask(activity, "transfer")}
    >
      {t(`action.${act}`)}
    </Tile>
  );
}

function ConsultTile({ activity }: { activity: Activity }) {
  const t = useWords();
  return (
    <Tile icon="consult" pending={usePending(activity, "consult")} onPress={() => ask(activity, "consult")}>
      {t("action.consult")}
    </Tile>
  );
}

/** Where the call may go on. */
function useElsewhere(activity: Activity): readonly { id: DeviceId; title: string }[] {
  const devices = useAccount(activity.account)?.devices ?? [];
  const carrying = activity.call?.devices ?? [];
  const allowed = activity.call?.choices.move;
  if (!allowed) return devices.filter(({ id }) => !carrying.includes(id));
  return allowed.map((id) => ({ id, title: devices.find((one) => one.id === id)?.title ?? id }));
}

function MoveTile({ activity }: { activity: Activity }) {
  const t = useWords();
  const devices = useElsewhere(activity);
  return (
    <MenuTrigger>
      <Tile icon="move" pending={usePending(activity, "move")} isDisabled={devices.length === 0}>
        {t("action.move")}
      </Tile>
      <Popover className={css.popover} offset={4}>
        <Menu
          className={css.menu}
          aria-label={t("live.move_to")}
          onAction={(device) => void control(activity, { act: "move", device: String(device) })}
        >
          {devices.map(({ id, title }) => (
            <MenuItem key={id} id={id} textValue={title} className={css.item}>
              <bdi>{title}</bdi>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** With another call, where the pair is not shown side by side already. */
function TogetherTile({ activity, act }: { activity: Activity; act: "join" | "conference" | "swap" }) {
  const t = useWords();
  const pending = usePending(activity, act);
  const others = useMirrorList((mirror) => othersOf(mirror, activity));
  const meant = partnerOf(activity, others);
  return (
    <Tile
      icon={act}
      pending={pending}
      onPress={() => {
        if (act === "join") ask(activity, "join");
        else if (act === "swap" && meant) swap(activity, meant);
        else together(activity, act);
      }}
    >
      {act === "join" ? t("pair.connect_with") : t(`action.${act}`)}
    </Tile>
  );
}

/** Whether this call stands side by side with another in the dock. */
export function usePaired(activity: Activity): boolean {
  return useMirrorList(pairsOf).some((one) => one.id === activity.id);
}

export function Controls({ activity }: { activity: Activity }) {
  const t = useWords();
  const paired = usePaired(activity);
  const keypad = useUi((ui) => ui.keypad === activity.id);
  const can = (action: Action): boolean => activity.actions.includes(action);
  const tile = (act: Plain, key: string = act) =>
    can(act) && <PlainTile key={key} activity={activity} act={act} />;
  // The two ends of one thing are one button to the keyboard: it stays where it is when the other end is offered.
  const ends = (one: Plain, other: Plain) => [tile(can(one) ? one : other, "ends"), can(one) && tile(other)];
  const handing = HANDING.find(can);
  return (
    <>
      <Tiles label={t("live.controls")}>
        {ends("hold", "resume")}
        {ends("mute", "unmute")}
        {can("dtmf") && (
          <Tile icon="dialpad" aria-expanded={keypad} pending={false} onPress={() => toggleKeypad(activity)}>
            {t("action.dtmf")}
          </Tile>
        )}
        {handing && <HandTile activity={activity} act={handing} />}
        {can("consult") && <ConsultTile activity={activity} />}
        {(["join", "conference", "swap"] as const).map(
          (act) => !paired && can(act) && <TogetherTile key={act} activity={activity} act={act} />,
        )}
        {tile("record_start")}
        {can("move") && <MoveTile activity={activity} />}
        {tile("park")}
      </Tiles>
      {keypad && can("dtmf") && <Keypad activity={activity} />}
    </>
  );
}

function QuickButton({ activity, act }: { activity: Activity; act: Plain }) {
  const t = useWords();
  return (
    <Button
      icon={ICONS[act] ?? "other"}
      pending={usePending(activity, act)}
      onPress={() => press(activity, act)}
    >
      {t(`action.${act}`)}
    </Button>
  );
}

/** The two that are wanted at any moment, where there is no room for more. */
export function QuickControls({ activity }: { activity: Activity }) {
  return (["hold", "resume", "mute", "unmute"] as const)
    .filter((act) => activity.actions.includes(act))
    .map((act) => <QuickButton key={act} activity={activity} act={act} />);
}

/** What the platform refused of the controls of this call. */
export function ControlRefusals({ activity }: { activity: Activity }) {
  const participants = activity.call?.conference?.participants ?? [];
  const again = (act: Plain) => (activity.actions.includes(act) ? () => press(activity, act) : undefined);
  return (
    <>
      {PLAIN.map((act) => (
        <Refusal key={act} command={controlKey(activity.id, act)} again={again(act)} />
      ))}
      {(["dtmf", "transfer", "consult", "join", "conference", "swap", "move"] as const).map((act) => (
        <Refusal key={act} command={controlKey(activity.id, act)} />
      ))}
      {participants.map(({ id }) => (
        <Refusal key={id} command={controlKey(activity.id, "remove_participant", id)} />
      ))}
    </>
  );
}
