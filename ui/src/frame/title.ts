// The window's title says what a glance at the task bar should: who rings, else the state.

import { useEffect } from "react";
import { PRESENCE } from "../domain/State";
import { who } from "../domain/who";
import { useMirror } from "../state/store";
import { useWords } from "../words/words";

export function useTitle(): void {
  const t = useWords();
  const agent = useMirror((mirror) => mirror.agent);
  const ringing = useMirror((mirror) => {
    const [ring] = Object.values(mirror.rings);
    return ring && mirror.activities[ring.activity];
  });
  const title = ringing
    ? t("shell.ringing_title", { who: who(ringing, t).name })
    : t("shell.tooltip", { state: agent.pause ?? t(PRESENCE[agent.presence].words) });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
