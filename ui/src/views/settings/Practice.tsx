// The practice centre: a contact centre inside this program, to try everything without a customer.

import { useState } from "react";
import { Trouble } from "../../domain/Trouble";
import type { Problem } from "../../generated/model";
import { Button } from "../../parts/Button";
import { asProblem, host } from "../../platform";
import { useMirror } from "../../state/store";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import css from "./Settings.module.css";

export function Practice() {
  const t = useWords();
  const there = useMirror((mirror) => mirror.accounts.some((one) => one.account.practice));
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const attempt = async (command: "start_practice" | "practice_ring"): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    await host.call(command).catch((thrown) => setProblem(asProblem(thrown)));
    setPending(false);
  };
  return (
    <Group title={t("practice.title")} help={t("practice.help")}>
      {problem && <Trouble problem={problem} place="settings" />}
      <div className={css.row}>
        {there ? (
          <Button icon="ringing" pending={pending} onPress={() => void attempt("practice_ring")}>
            {t("action.practice_ring")}
          </Button>
        ) : (
          <Button icon="practice" pending={pending} onPress={() => void attempt("start_practice")}>
            {t("practice.start")}
          </Button>
        )}
      </div>
    </Group>
  );
}
