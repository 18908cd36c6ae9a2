// The diversions of an account: what holds right now, the rules of each line, and what each presence does by itself. Every
// row is saved on its own and says on its own what went wrong.

import { type ReactNode, useState } from "react";
import type { AccountId, DiversionCase, DiversionChange } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Checkbox, TextLine } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { changeKey, divert, readDiversions, useDiversions, useDiversionsOf } from "../state/diversions";
import type { Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./Diversions.module.css";
import { Trouble } from "./Trouble";

function caseWords(rule: DiversionCase, t: Words): string {
  return rule.when === "other" ? rule.word : t(`divert.${rule.when}`);
}

/** One number that calls may go to. `make` says what setting it to a number, or to nothing, means. */
function Row({
  account,
  label,
  number,
  make,
}: {
  account: AccountId;
  label: string;
  number: string | null;
  make: (number: string | null) => DiversionChange;
}) {
  const t = useWords();
  const [typed, setTyped] = useState<string>();
  const standing = useDiversions((held) => held.changes[changeKey(account, make(null))]);
  const pending = standing === "pending";
  const text = typed ?? number ?? "";
  const changed = text.trim() !== (number ?? "");
  const set = async (next: string | null): Promise<void> => {
    if (!pending && (await divert(account, make(next)))) setTyped(undefined);
  };
  const save = (): void => {
    if (changed) void set(text.trim() === "" ? null : text.trim());
  };
  return (
    <div className={css.row}>
      <TextLine
        label={label}
        type="tel"
        value={text}
        onChange={setTyped}
        onEnter={save}
        placeholder={t("divert.none")}
        leftToRight
      />
      {changed ? (
        <Button tone="main" pending={pending} onPress={save}>
          {t("common.save")}
        </Button>
      ) : (
        number !== null && (
          <IconButton
            name={t("divert.off", { rule: label })}
            icon="cross"
            pending={pending}
            onPress={() => void set(null)}
          />
        )
      )}
      {standing !== undefined && !pending && <Trouble problem={standing} />}
    </div>
  );
}

function Now({ account, active }: { account: AccountId; active: string | null }) {
  const t = useWords();
  const [number, setNumber] = useState("");
  const [until_presence_changes, setUntil] = useState(true);
  const make = (to: string | null): DiversionChange => ({
    divert: "active",
    number: to,
    until_presence_changes,
  });
  const standing = useDiversions((held) => held.changes[changeKey(account, make(null))]);
  const pending = standing === "pending";
  const start = async (): Promise<void> => {
    if (number.trim() !== "" && !pending && (await divert(account, make(number.trim())))) setNumber("");
  };
  return (
    <Part title={t("divert.now")} help={t("divert.now_help")}>
      {active === null ? (
        <>
          <div className={css.row}>
            <TextLine
              label={t("divert.to")}
              type="tel"
              value={number}
              onChange={setNumber}
              onEnter={() => void start()}
              placeholder={t("divert.none")}
              leftToRight
            />
            <Button
              tone="main"
              icon="divert"
              pending={pending}
              isDisabled={number.trim() === ""}
              onPress={() => void start()}
            >
              {t("divert.start")}
            </Button>
          </div>
          <Checkbox label={t("divert.until_change")} value={until_presence_changes} onChange={setUntil} />
        </>
      ) : (
        <p className={css.active}>
          <strong>
            <bdi>{t("own.diverted", { number: active })}</bdi>
          </strong>
          <Button icon="cross" pending={pending} onPress={() => void divert(account, make(null))}>
            {t("own.divert_stop")}
          </Button>
        </p>
      )}
      {standing !== undefined && !pending && <Trouble problem={standing} />}
    </Part>
  );
}

function Part({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <h3 className={css.title}>
        <bdi>{title}</bdi>
      </h3>
      {help !== undefined && <p className={css.soft}>{help}</p>}
      {children}
    </section>
  );
}

export function DiversionsPanel({ account }: { account: AccountId }) {
  const t = useWords();
  const { diversions, problem } = useDiversionsOf(account);
  if (!diversions) {
    return problem ? (
      <Trouble
        problem={problem}
        actions={<Button onPress={() => void readDiversions(account)}>{t("common.try_again")}</Button>}
      />
    ) : (
      <p className={css.loading}>
        <Spinner /> {t("common.loading")}
      </p>
    );
  }
  return (
    <div className={css.parts}>
      <Now account={account} active={diversions.active} />
      {diversions.lines.map(({ line, number, rules }) => (
        <Part key={line} title={t("divert.line", { number })}>
          <div className={css.rows}>
            {rules.map((rule) => (
              <Row
                key={JSON.stringify(rule.case)}
                account={account}
                label={caseWords(rule.case, t)}
                number={rule.number}
                make={(to) => ({ divert: "rule", line, case: rule.case, number: to })}
              />
            ))}
          </div>
        </Part>
      ))}
      {diversions.activities.length > 0 && (
        <Part title={t("divert.activities")} help={t("divert.activities_help")}>
          <div className={css.rows}>
            {diversions.activities.map(({ activity, title, number }) => (
              <Row
                key={activity}
                account={account}
                label={title}
                number={number}
                make={(to) => ({ divert: "activity", activity, number: to })}
              />
            ))}
          </div>
        </Part>
      )}
    </div>
  );
}
