// What an agent still has to do on the platform's own page: the platform took a command and cannot finish it alone.

import { useState } from "react";
import type { Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { dismiss, useNextStep } from "../state/commands";
import { useAccount } from "../state/store";
import { useWords } from "../words/words";
import { Trouble } from "./Trouble";

/** The step left by the newest command of this kind, beside the thing it was about. */
export function NextStepOf({ command }: { command: string }) {
  const t = useWords();
  const step = useNextStep(command);
  const platform = useAccount(step?.account ?? "")?.account.platform;
  const [problem, setProblem] = useState<Problem>();
  if (!step) return null;
  const { what, web } = step.next;
  return (
    <Notice
      mood="warn"
      title={t(`next.${what}`)}
      actions={
        <>
          {web !== null && (
            <Button
              tone="main"
              icon="out"
              onPress={() => {
                setProblem(undefined);
                host.call("open_link", web).catch((thrown) => setProblem(asProblem(thrown)));
              }}
            >
              {t("action.open_there", { platform: platform ? t(`platform.${platform}`) : step.account })}
            </Button>
          )}
          <Button tone="quiet" onPress={() => dismiss(command)}>
            {t("common.dismiss")}
          </Button>
        </>
      }
    >
      {problem && <Trouble problem={problem} />}
    </Notice>
  );
}
