// The agent's own presence on an account that keeps one: what is on, until when, with which note, in which role; and the
// line calls go out with. Every choice is sent at once and waits in place; only words are sent by a button.

import { type ReactNode, useState } from "react";
import { Group, ToggleButton } from "react-aria-components";
import type { AccountState, OwnPresence, PresenceChange, Until } from "../generated/model";
import { Button } from "../parts/Button";
import { Select, Switch, TextLine } from "../parts/Field";
import { Icon } from "../parts/Icon";
import { engineNow } from "../state/clock";
import { run, useStanding } from "../state/commands";
import { atClock, endOfDay } from "../state/until";
import { clockTime, dayTime } from "../words/format";
import { useWords } from "../words/words";
import css from "./Presence.module.css";
import { Refusal } from "./Trouble";

const NOTHING: PresenceChange = { activity: null, note: null, until: null, role: null, available: null };

function change(one: AccountState, part: Partial<PresenceChange>): void {
  void run({ do: "set_presence", account: one.account.id, change: { ...NOTHING, ...part } });
}

/** What of the presence is being changed now. */
function usePart(one: AccountState): (part: keyof PresenceChange) => boolean {
  const { pending, command } = useStanding(`set_presence:${one.account.id}`);
  return (part) => pending && command?.do === "set_presence" && command.change[part] !== null;
}

/** A moment of today by the clock, of another day with the day. */
export function untilWords(at: number): string {
  const today = new Date(engineNow()).toDateString() === new Date(at).toDateString();
  return today ? clockTime(at) : dayTime(at);
}

const MINUTE = 60_000;

function Ends({ one, presence }: { one: AccountState; presence: OwnPresence }) {
  const t = useWords();
  const pending = usePart(one)("until");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const until = (at: number | undefined): void => {
    const next: Until = at === undefined ? { ends: "never" } : { ends: "at", at };
    change(one, { until: next });
  };
  const typed = (): void => {
    const at = atClock(text, engineNow());
    setWrong(at === undefined);
    if (at === undefined) return;
    setText("");
    until(at);
  };
  const quick: readonly { key: string; words: string; at: () => number | undefined }[] = [
    { key: "15", words: t("own.minutes"), at: () => engineNow() + 15 * MINUTE },
    { key: "60", words: t("own.hour"), at: () => engineNow() + 60 * MINUTE },
    { key: "day", words: t("own.end_of_day"), at: () => endOfDay(engineNow()) },
    { key: "never", words: t("own.never"), at: () => undefined },
  ];
  return (
    <Group className={css.ends} aria-label={t("own.ends")}>
      <p className={css.label}>
        <span>{t("own.ends")}</span>
        <span className={css.now}>
          {presence.until === null ? t("own.lasts") : t("own.ends_at", { time: untilWords(presence.until) })}
        </span>
      </p>
      <div className={css.quick}>
        {quick.map(({ key, words, at }) => (
          <Button key={key} isDisabled={pending} onPress={() => until(at())}>
            {words}
          </Button>
        ))}
        <div className={css.clock}>
          <TextLine
            label={t("own.at")}
            hideLabel
            value={text}
            onChange={setText}
            onEnter={typed}
            placeholder={t("own.at_placeholder")}
            wrong={wrong ? t("own.at_wrong") : undefined}
            leftToRight
            maxLength={5}
          />
        </div>
      </div>
    </Group>
  );
}

function Note({ one, presence }: { one: AccountState; presence: OwnPresence }) {
  const t = useWords();
  const pending = usePart(one)("note");
  const [typed, setTyped] = useState<string>();
  const text = typed ?? presence.note;
  const changed = typed !== undefined && typed !== presence.note;
  const save = (): void => {
    if (changed && !pending) change(one, { note: text.trim() });
  };
  return (
    <div className={css.note}>
      <TextLine label={t("own.note")} value={text} onChange={setTyped} onEnter={save} maxLength={200} />
      {(changed || pending) && (
        <Button tone="main" pending={pending} onPress={save}>
          {t("common.save")}
        </Button>
      )}
    </div>
  );
}

function Shortcuts({ one, presence }: { one: AccountState; presence: OwnPresence }) {
  const t = useWords();
  const key = `apply_shortcut:${one.account.id}`;
  const { pending, command } = useStanding(key);
  if (presence.shortcuts.length === 0) return null;
  const asked = pending && command?.do === "apply_shortcut" ? command.shortcut : undefined;
  return (
    <>
      <Group className={css.shortcuts} aria-label={t("own.shortcuts", { account: one.account.name })}>
        {presence.shortcuts.map(({ id, title }) => (
          <ToggleButton
            key={id}
            className={css.shortcut}
            isSelected={asked === id}
            isDisabled={pending}
            onChange={() => void run({ do: "apply_shortcut", account: one.account.id, shortcut: id })}
          >
            <Icon name="clock" size="s" />
            <bdi>{title}</bdi>
          </ToggleButton>
        ))}
      </Group>
      <Refusal command={key} />
    </>
  );
}

/** The line calls go out with. */
export function LineChoice({ one }: { one: AccountState }) {
  const t = useWords();
  const key = `set_line:${one.account.id}`;
  const { pending } = useStanding(key);
  if (!one.capabilities.includes("lines") || one.lines.length < 2) return null;
  return (
    <>
      <Select
        label={t("dial.line")}
        value={one.lines.find((line) => line.active)?.id ?? null}
        placeholder={t("own.unknown")}
        pending={pending}
        options={one.lines.map(({ id, title, phone }) => ({ id, title, more: phone?.display }))}
        onChange={(line) => void run({ do: "set_line", account: one.account.id, line })}
      />
      <Refusal command={key} />
    </>
  );
}

function Fields({ one, presence }: { one: AccountState; presence: OwnPresence }): ReactNode {
  const t = useWords();
  const part = usePart(one);
  return (
    <>
      <Shortcuts one={one} presence={presence} />
      <Select
        label={t("own.presence", { account: one.account.name })}
        value={presence.activity}
        placeholder={t("own.unknown")}
        pending={part("activity")}
        options={presence.activities.map(({ id, title, available }) => ({
          id,
          title,
          more: t(available ? "own.is_available" : "own.is_unavailable"),
        }))}
        onChange={(activity) => change(one, { activity })}
      />
      <Ends one={one} presence={presence} />
      <Note one={one} presence={presence} />
      {presence.available !== null && (
        <Switch
          label={t("own.available")}
          value={presence.available}
          pending={part("available")}
          disabled={part("available")}
          onChange={(available) => change(one, { available })}
        />
      )}
      {presence.roles.length > 1 && (
        <Select
          label={t("own.role")}
          value={presence.role}
          placeholder={t("own.unknown")}
          pending={part("role")}
          options={presence.roles}
          onChange={(role) => change(one, { role })}
        />
      )}
      <Refusal command={`set_presence:${one.account.id}`} />
    </>
  );
}

/** All of it, where the account keeps a presence. */
export function PresenceFields({ one }: { one: AccountState }) {
  return one.presence && one.capabilities.includes("presence") ? (
    <Fields one={one} presence={one.presence} />
  ) : null;
}
