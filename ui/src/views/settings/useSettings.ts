// Settings are kept by the core; a change shows at once and goes back, with the reason, if it could not be kept.

import { useState } from "react";
import type { Problem, Settings } from "../../generated/model";
import { asProblem, host } from "../../platform";
import { useMirror } from "../../state/store";

export function useSettings() {
  const kept = useMirror((mirror) => mirror.settings);
  const [wanted, setWanted] = useState<Settings>();
  const [problem, setProblem] = useState<Problem>();
  const settings = wanted ?? kept;
  const change = async (part: Partial<Settings>): Promise<void> => {
    const next = { ...settings, ...part };
    setWanted(next);
    setProblem(undefined);
    try {
      await host.call("save_settings", next);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setWanted((now) => (now === next ? undefined : now));
  };
  return { settings, change, problem };
}
