// Somebody else changed the same fields meanwhile: both versions side by side, and for each the agent's word. Nothing is
// chosen beforehand, so that nothing is overwritten by habit.

import { useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { FieldInput, fieldTitle, valueWords } from "../domain/FieldInput";
import { Trouble } from "../domain/Trouble";
import type { FieldConflict, OutboxItem, Problem, TicketId } from "../generated/model";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { useUnsentOf } from "../state/work";
import { useWords } from "../words/words";
import css from "./Conflict.module.css";

type Choice = { take: "theirs" } | { take: "mine" } | { take: "third"; values: readonly string[] };

/** One field: what it was, theirs, mine, or a third. */
function Versions({
  conflict,
  choice,
  onChoose,
}: {
  conflict: FieldConflict;
  choice: Choice | undefined;
  onChoose: (choice: Choice) => void;
}) {
  const t = useWords();
  const { theirs, mine, was } = conflict;
  const third = choice?.take === "third" ? choice.values : mine;
  const name = fieldTitle(theirs, t);
  const version = (take: "theirs" | "mine", values: readonly string[]) => (
    <Radio value={take} className={css.version}>
      <span className={css.who}>
        <span className={css.tick}>
          <Icon name="ready" size="s" />
        </span>
        {t(`conflict.${take}`)}
      </span>
      <bdi className={css.value}>{valueWords(theirs, values, t)}</bdi>
    </Radio>
  );
  return (
    <section className={css.field} aria-label={name}>
      <RadioGroup
        aria-label={name}
        className={css.group}
        value={choice?.take ?? null}
        onChange={(take) =>
          onChoose(take === "third" ? { take, values: third } : { take: take === "mine" ? "mine" : "theirs" })
        }
      >
        <p className={css.name}>
          <bdi>{name}</bdi>{" "}
          <span className={css.soft}>{t("conflict.was", { value: valueWords(theirs, was, t) })}</span>
        </p>
        <div className={css.versions}>
          {version("theirs", theirs.values)}
          {version("mine", mine)}
          <Radio value="third" className={css.version}>
            <span className={css.who}>
              <span className={css.tick}>
                <Icon name="ready" size="s" />
              </span>
              {t("conflict.third")}
            </span>
          </Radio>
        </div>
      </RadioGroup>
      {choice?.take === "third" && (
        <FieldInput
          field={{ ...theirs, editable: true }}
          values={third}
          onChange={(values) => onChoose({ take: "third", values })}
        />
      )}
    </section>
  );
}

function Compare({ item, fields }: { item: OutboxItem; fields: readonly FieldConflict[] }) {
  const t = useWords();
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({});
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const left = fields.filter(({ theirs }) => choices[theirs.key] === undefined).length;
  const chosen = ({ theirs, mine }: FieldConflict): string[] | null => {
    const choice = choices[theirs.key];
    if (choice?.take === "third") return [...choice.values];
    return choice?.take === "mine" ? mine : null;
  };
  const resolve = async (): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    try {
      const decided = fields.map((conflict) => ({ key: conflict.theirs.key, now: chosen(conflict) }));
      await host.call("resolve", { item: item.id, fields: decided });
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setPending(false);
    }
  };
  return (
    <section className={css.conflict} aria-label={t("conflict.title")}>
      <h3 className={css.title}>
        <Icon name="alert" />
        {t("conflict.title")}
      </h3>
      <p className={css.soft}>{t("outbox.conflict_words")}</p>
      {fields.map((conflict) => (
        <Versions
          key={conflict.theirs.key}
          conflict={conflict}
          choice={choices[conflict.theirs.key]}
          onChoose={(choice) => setChoices((before) => ({ ...before, [conflict.theirs.key]: choice }))}
        />
      ))}
      {problem && <Trouble problem={problem} />}
      <div className={css.answers}>
        {left > 0 && <span className={css.soft}>{t("conflict.left", { count: left })}</span>}
        <Button tone="main" pending={pending} isDisabled={left > 0} onPress={() => void resolve()}>
          {t("conflict.use")}
        </Button>
      </div>
    </section>
  );
}

/** The conflicts of a ticket, each to be decided. */
export function Conflicts({ ticket }: { ticket: TicketId }) {
  const items = useUnsentOf(ticket);
  return items.map(
    (item) =>
      item.state.is === "conflict" && <Compare key={item.id} item={item} fields={item.state.fields} />,
  );
}
