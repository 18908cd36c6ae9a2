// Which queues are on the wallboard, and in which order.

import type { QueueOf } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Checkbox } from "../parts/Field";
import { queueKey } from "../state/mirror";
import { allQueues, queueOf, useOrdered, useQueue } from "../state/queues";
import { useWords } from "../words/words";
import css from "./QueuesWallboard.module.css";
import { useSettings } from "./settings/useSettings";

function Queue({
  name,
  isOn,
  onChange,
  onMove,
}: {
  name: string;
  isOn: boolean;
  onChange: (on: boolean) => void;
  /** Moves it by so many places; absent at the end of the list. */
  onMove?: { up: (() => void) | undefined; down: (() => void) | undefined };
}) {
  const t = useWords();
  const one = useQueue(name);
  // What was chosen and is not told of now is still chosen.
  const title = one?.title ?? queueOf(name).queue;
  const channel = one?.figures?.channel;
  const more = [channel && t(`channel.${channel}`), one?.account.account.name].filter(Boolean).join(" · ");
  return (
    <li className={css.queue}>
      <Checkbox label={title} help={more} value={isOn} onChange={onChange} />
      {onMove && (
        <span className={css.move}>
          <IconButton
            name={t("wallboard.move_up", { queue: title })}
            icon="up"
            isDisabled={!onMove.up}
            onPress={() => onMove.up?.()}
          />
          <IconButton
            name={t("wallboard.move_down", { queue: title })}
            icon="down"
            isDisabled={!onMove.down}
            onPress={() => onMove.down?.()}
          />
        </span>
      )}
    </li>
  );
}

function Choice() {
  const t = useWords();
  const { settings, change } = useSettings();
  const chosen = settings.wallboard.map(queueKey);
  const all = useOrdered((mirror) =>
    [...allQueues(mirror)]
      .filter((one) => one.figures !== undefined)
      .sort((a, b) => a.title.localeCompare(b.title)),
  );
  const keep = (names: readonly string[]): void =>
    void change({ wallboard: names.map((name): QueueOf => queueOf(name)) });
  const swap = (at: number, by: number): (() => void) | undefined => {
    const [one, other] = [chosen[at], chosen[at + by]];
    return one === undefined || other === undefined
      ? undefined
      : () => keep(chosen.with(at, other).with(at + by, one));
  };
  return (
    <>
      <h3 className={css.head}>{t("wallboard.chosen")}</h3>
      {chosen.length === 0 ? (
        <p className={css.soft}>{t("wallboard.none_chosen")}</p>
      ) : (
        <ul className={css.list} aria-label={t("wallboard.chosen")}>
          {chosen.map((name, at) => (
            <Queue
              key={name}
              name={name}
              isOn
              onChange={() => keep(chosen.filter((other) => other !== name))}
              onMove={{ up: swap(at, -1), down: swap(at, 1) }}
            />
          ))}
        </ul>
      )}
      <h3 className={css.head}>{t("wallboard.more")}</h3>
      <ul className={css.list} aria-label={t("wallboard.more")}>
        {all
          .filter((name) => !chosen.includes(name))
          .map((name) => (
            <Queue key={name} name={name} isOn={false} onChange={() => keep([...chosen, name])} />
          ))}
      </ul>
    </>
  );
}

export function QueuesWallboard({
  open,
  onClose,
  onShow,
}: {
  open: boolean;
  onClose: () => void;
  onShow: () => void;
}) {
  const t = useWords();
  return (
    <Dialog open={open} title={t("wallboard.choose")} onClose={onClose}>
      <p className={css.soft}>{t("wallboard.choose_help")}</p>
      <Choice />
      <Answers>
        <Button onPress={onClose}>{t("common.done")}</Button>
        <Button
          tone="main"
          icon="screen"
          onPress={() => {
            onClose();
            onShow();
          }}
        >
          {t("action.wallboard")}
        </Button>
      </Answers>
    </Dialog>
  );
}
