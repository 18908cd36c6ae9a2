// The key pad of a live call. Every key is sent at once, by press or by typing; keys that come while others are on their way
// wait and go together, so that they always arrive in the order they were pressed.

import { useEffect, useRef, useState } from "react";
import { Group } from "react-aria-components";
import { control } from "../actions/live";
import type { Activity } from "../generated/model";
import { Button } from "../parts/Button";
import { TextLine } from "../parts/Field";
import { useWords } from "../words/words";
import { usePending } from "./Controls";
import css from "./Keypad.module.css";
import { who } from "./who";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
/** All a telephone can send. */
const TONES = /[^0-9*#A-D]/g;

export function Keypad({ activity }: { activity: Activity }) {
  const t = useWords();
  const pending = usePending(activity, "dtmf");
  const [sent, setSent] = useState("");
  const [waiting, setWaiting] = useState("");
  const latest = useRef(activity);
  latest.current = activity;
  const add = (keys: string): void => {
    setSent((now) => now + keys);
    setWaiting((now) => now + keys);
  };
  useEffect(() => {
    if (pending || waiting === "") return;
    setWaiting("");
    void control(latest.current, { act: "dtmf", digits: waiting });
  }, [pending, waiting]);
  return (
    <Group className={css.keypad} aria-label={t("keypad.title", { who: who(activity, t).name })}>
      <TextLine
        label={t("keypad.tones")}
        help={t("keypad.help")}
        value={sent}
        autoFocus
        leftToRight
        autoComplete="off"
        onChange={(text) => {
          // What was sent cannot be taken back: only what was typed behind it counts.
          const typed = text.toUpperCase();
          if (typed.startsWith(sent)) add(typed.slice(sent.length).replace(TONES, ""));
        }}
      />
      <div className={css.keys}>
        {KEYS.map((key) => (
          <Button key={key} size="l" onPress={() => add(key)}>
            {key}
          </Button>
        ))}
      </div>
    </Group>
  );
}
