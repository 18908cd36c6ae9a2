// What each platform asks for at sign-in: asked of the core once, for it does not change while Offhook runs.

import { useEffect, useState } from "react";
import type { Problem, SignInForm } from "../generated/model";
import { asProblem, host } from "../platform";

let known: readonly SignInForm[] | undefined;

/** The platforms, or why the core does not tell them. */
export function usePlatforms(): { forms: readonly SignInForm[] | undefined; problem: Problem | undefined } {
  const [forms, setForms] = useState(known);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    if (known) return;
    let current = true;
    host.call("platforms").then(
      (told) => {
        known = told;
        if (current) setForms(told);
      },
      (thrown) => current && setProblem(asProblem(thrown)),
    );
    return () => {
      current = false;
    };
  }, []);
  return { forms, problem };
}
