// The number field, the pad and the choices of the dock.

import { Group } from "react-aria-components";
import { Button, IconButton } from "../parts/Button";
import { TextLine } from "../parts/Field";
import { useStanding } from "../state/commands";
import { useParsed } from "../state/numbers";
import { useUi } from "../state/ui";
import { country } from "../words/format";
import { useWords } from "../words/words";
import { DialChoiceFields } from "./DialChoiceFields";
import css from "./DialForm.module.css";
import { useDialling } from "./dialling";
import { PhoneNumber } from "./Names";
import { NextStepOf } from "./NextStep";
import { Refusal } from "./Trouble";

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

export function DialForm() {
  const t = useWords();
  const number = useUi((ui) => ui.number);
  const parsed = useParsed(number);
  const dialling = useDialling();
  const { pending, command } = useStanding("dial");
  // A refusal stands where the number was pressed: here, or at the contact.
  const fromHere = command?.do === "dial" && command.contact === null;
  const typed = number.trim() !== "";
  const unusable = typed && (!/\d/.test(number) || parsed?.dial === null);
  const set = (next: string): void => useUi.setState({ number: next });
  const call = async (): Promise<void> => {
    // What was typed goes to the core as it is: it reads numbers better than a field does.
    if (typed && !unusable && !pending && (await dialling.call(number))) set("");
  };
  if (dialling.accounts.length === 0) return <p className={css.none}>{t("dial.not_possible")}</p>;
  return (
    <div className={css.form}>
      <div className={css.number}>
        <TextLine
          label={t("dial.number")}
          type="tel"
          field="number"
          value={number}
          onChange={set}
          // Whoever is typing a number keeps the field, whatever comes meanwhile.
          onFocus={() => useUi.setState({ dialling: true })}
          onEnter={() => void call()}
          leftToRight
          maxLength={40}
          placeholder={t("dial.placeholder")}
          wrong={unusable ? t("problem.bad_number.message") : undefined}
        />
        {typed && <IconButton name={t("dial.erase")} icon="erase" onPress={() => set(number.slice(0, -1))} />}
      </div>
      <p className={css.read}>
        {parsed?.dial ? (
          <>
            <PhoneNumber phone={parsed.phone} />
            {parsed.phone.country !== null && <span>{country(parsed.phone.country)}</span>}
            {parsed.unusual && <strong>{t("dial.unusual")}</strong>}
          </>
        ) : (
          " "
        )}
      </p>
      <Group className={css.pad} aria-label={t("dial.pad")}>
        {PAD.map((key) => (
          <Button key={key} size="l" onPress={() => set(number + key)}>
            {key}
          </Button>
        ))}
      </Group>
      <DialChoiceFields dialling={dialling} />
      <Button
        tone="main"
        size="l"
        icon="phone"
        pending={pending}
        isDisabled={!typed || unusable}
        onPress={() => void call()}
      >
        {t("action.call")}
      </Button>
      {fromHere && <Refusal command="dial" />}
      <NextStepOf command="dial" />
    </div>
  );
}
