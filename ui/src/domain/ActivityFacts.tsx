// What a platform tells of a contact beyond what every platform has: checked identity, how long the other side waited,
// who else was in it, where the recording is. A kind without a word of ours keeps the platform's.

import { useState } from "react";
import type { ActivityFact, Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { asProblem, host } from "../platform";
import { languageName, timer } from "../words/format";
import type { Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./ActivityFacts.module.css";
import { Trouble } from "./Trouble";

/** The fact in words; one that is not what its kind promises stays as the platform wrote it. */
function valueWords({ kind, value }: ActivityFact, t: Words): string {
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Math.round(Number(value)) : undefined;
  switch (kind) {
    case "waited":
    case "held":
      return seconds === undefined ? value : timer(seconds);
    case "language":
      return languageName(value);
    case "rating":
      return seconds === undefined ? value : t("fact.rating_of", { value });
    default:
      return value;
  }
}

function Value({ fact }: { fact: ActivityFact }) {
  const t = useWords();
  if (fact.kind === "verified" && (fact.value === "yes" || fact.value === "no"))
    return fact.value === "yes" ? (
      <Chip tone="good" icon="check">
        {t("fact.verified_yes")}
      </Chip>
    ) : (
      <Chip tone="warn" icon="alert">
        {t("fact.not_verified")}
      </Chip>
    );
  const words = valueWords(fact, t);
  return fact.kind === "line" ? <bdi dir="ltr">{words}</bdi> : <bdi>{words}</bdi>;
}

/** One row a fact, in the platform's order. */
export function ActivityFacts({ facts }: { facts: readonly ActivityFact[] }) {
  const t = useWords();
  const [problem, setProblem] = useState<Problem>();
  if (facts.length === 0) return null;
  const open = (link: string): void => {
    setProblem(undefined);
    host.call("open_link", link).catch((thrown) => setProblem(asProblem(thrown)));
  };
  return (
    <section aria-label={t("fact.title")} className={css.facts}>
      <dl>
        {facts.map((fact, index) => {
          const { kind, value, link } = fact;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have no names, and the same one may stand twice
            <div key={`${index} ${kind} ${value}`}>
              <dt>{t(`fact.${kind}`)}</dt>
              <dd data-selectable>
                <Value fact={fact} />
                {link !== null && (
                  <Button
                    icon="out"
                    tone="quiet"
                    aria-label={`${t("fact.link")}: ${t(`fact.${kind}`)}`}
                    onPress={() => open(link)}
                  >
                    {t("fact.link")}
                  </Button>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {problem && <Trouble problem={problem} />}
    </section>
  );
}
