// Several short words in one field: addresses, tags. A word is finished by Enter, a comma, or leaving the field; what is not
// finished counts already, so that nothing that was typed can be lost.

import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { Button as Pressable } from "react-aria-components";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { useWords } from "../words/words";
import css from "./Tokens.module.css";

/** How many proposals are shown. */
const PROPOSED = 6;

export function Tokens({
  label,
  inline = false,
  values,
  options = [],
  isWrong,
  pending = false,
  leftToRight = false,
  onChange,
  onBlur,
}: {
  label: string;
  /** The label stands before the field, not above it. */
  inline?: boolean;
  values: readonly string[];
  /** What is proposed while one types. */
  options?: readonly string[];
  isWrong?: (value: string) => boolean;
  pending?: boolean;
  leftToRight?: boolean;
  onChange: (values: string[]) => void;
  onBlur?: () => void;
}) {
  const t = useWords();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [inside, setInside] = useState(false);
  const word = typed.trim();
  // What is being typed is the last of the values while it stands in the input.
  const done = word !== "" && values.at(-1) === word ? values.slice(0, -1) : values;
  const fresh = (words: readonly string[]): string[] => [...new Set([...done, ...words])];
  const finish = (words: readonly string[] = word === "" ? [] : [word]): void => {
    setTyped("");
    if (words.length > 0) onChange(fresh(words));
  };
  const take = (text: string): void => {
    const parts = text.split(/[,;\n\t]+/);
    const last = parts.pop() ?? "";
    const whole = parts.map((part) => part.trim()).filter(Boolean);
    setTyped(last);
    onChange([...new Set([...done, ...whole, ...(last.trim() === "" ? [] : [last.trim()])])]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && word !== "") finish();
    else if (event.key === "Backspace" && typed === "" && done.length > 0) onChange(done.slice(0, -1));
    else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[,;\n\t]/.test(text)) return;
    event.preventDefault();
    take(`${typed}${text},`);
  };
  const wanted = word.toLocaleLowerCase();
  const proposed = inside
    ? options
        .filter((option) => !done.includes(option) && option.toLocaleLowerCase().includes(wanted))
        .slice(0, PROPOSED)
    : [];
  return (
    <div className={cx(css.field, inline && css.inline)}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.box}>
        {done.map((value) => (
          <span key={value} className={cx(css.token, isWrong?.(value) && css.wrong)}>
            <bdi dir={leftToRight ? "ltr" : undefined}>{value}</bdi>
            <Pressable
              className={css.remove}
              aria-label={t("tokens.remove", { what: value })}
              onPress={() => onChange(done.filter((one) => one !== value))}
            >
              <Icon name="cross" size="s" />
            </Pressable>
          </span>
        ))}
        <input
          id={id}
          className={css.input}
          value={typed}
          dir={leftToRight ? "ltr" : "auto"}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => take(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onFocus={() => setInside(true)}
          onBlur={(event) => {
            const stays = event.currentTarget.closest(`.${css.field}`)?.contains(event.relatedTarget);
            if (stays) return;
            setInside(false);
            finish();
            onBlur?.();
          }}
        />
        {pending && <Spinner />}
      </div>
      {proposed.length > 0 && (
        <div className={css.proposed}>
          {proposed.map((option) => (
            <Pressable key={option} className={css.proposal} onPress={() => finish([option])}>
              {option}
            </Pressable>
          ))}
        </div>
      )}
    </div>
  );
}
