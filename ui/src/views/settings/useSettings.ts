// Settings are kept by the core; a change shows at once and goes back, with the reason, if it could not be kept. What was
// changed here stands until the core's own word of it is here too, so that two quick changes do not undo each other.

import { useEffect, useRef, useState } from "react";
import type { Problem, Settings } from "../../generated/model";
import { asProblem, host } from "../../platform";
import { mirrorNow, useMirror } from "../../state/store";

export function useSettings() {
  const kept = useMirror((mirror) => mirror.settings);
  const [wanted, setWanted] = useState<Settings>();
  const [problem, setProblem] = useState<Problem>();
  const saving = useRef(0);
  const settings = wanted ?? kept;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again when the core's word changed
  useEffect(() => {
    if (saving.current === 0) setWanted(undefined);
  }, [kept]);
  const change = async (part: Partial<Settings>): Promise<void> => {
    const next = { ...settings, ...part };
    const before = mirrorNow()?.settings;
    setWanted(next);
    setProblem(undefined);
    saving.current += 1;
    let isHeard = false;
    try {
      await host.call("save_settings", next);
      isHeard = mirrorNow()?.settings !== before;
    } catch (thrown) {
      setProblem(asProblem(thrown));
      isHeard = true;
    }
    saving.current -= 1;
    if (isHeard) setWanted((now) => (now === next ? undefined : now));
  };
  return { settings, change, problem };
}
