// A problem as the agent reads it: what happened, what the platform said about it, what to do next, and the button that
// does it. The words come from the code; only the platform's own words are shown as they came.

import type { ReactNode } from "react";
import type { Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Notice } from "../parts/Notice";
import { dismiss, useStanding } from "../state/commands";
import { useHeld } from "../state/store";
import { go, useUi } from "../state/ui";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Trouble.module.css";

/** Troubles that pass by themselves are amber, those that wait for the agent are red. */
const PASSING: readonly Problem["code"][] = ["network", "rate_limited", "server_fault", "unconfirmed"];
const SIGN_IN: readonly Problem["code"][] = ["sign_in_needed", "wrong_credentials", "single_sign_on_only"];

/** Why something is not possible, in the core's words; each has a sentence of its own. */
const WHY = [
  "already",
  "already_added",
  "bad_value",
  "changed",
  "digits",
  "disk_full",
  "disposition_required",
  "empty",
  "field",
  "file_gone",
  "link",
  "no_account",
  "no_address",
  "no_date",
  "no_device",
  "no_dialling",
  "no_email",
  "no_email_queue",
  "no_folder",
  "no_number",
  "no_program",
  "no_queue",
  "no_rights",
  "no_sms_queue",
  "no_such_pause",
  "no_title",
  "no_v3_key",
  "no_view",
  "not_chosen",
  "not_heard",
  "not_offered",
  "not_own",
  "not_ready",
  "not_written",
  "one_disposition_only",
  "other_account",
  "removed",
  "sending",
  "somebody_else",
  "superseded",
  "too_large",
  "unreadable",
  "writing",
] as const;

/** The name of what is said of a problem: the more exact one, where the core gave its reason. */
export function sentenceOf({ code, facts }: Pick<Problem, "code" | "facts">) {
  const why = code === "not_possible" && WHY.find((one) => one === facts.why);
  return why ? (`problem.not_possible.${why}` as const) : (`problem.${code}` as const);
}

export function Trouble({
  problem,
  title,
  actions,
  place,
}: {
  problem: Problem;
  /** What did not work, where the place does not say it. */
  title?: string;
  actions?: ReactNode;
  place?: "settings";
}) {
  const t = useWords();
  const account = useHeld(
    (held) => held.mirror?.accounts.find((one) => one.account.id === problem.account)?.account,
  );
  const { host, number, issuer, scope, licence, operation } = problem.facts;
  const where = [account?.name, host, number, issuer, scope, licence, operation].filter(Boolean);
  const said = [
    ...problem.said,
    ...Object.entries(problem.fields).map(([field, words]) => `${field}: ${words.join(", ")}`),
  ];
  const sentence = sentenceOf(problem);
  const message = t(`${sentence}.message` satisfies Key);
  const signIn = account && place !== "settings" && SIGN_IN.includes(problem.code);
  return (
    <Notice
      mood={PASSING.includes(problem.code) ? "warn" : "bad"}
      title={title ?? message}
      actions={
        signIn || actions !== undefined ? (
          <>
            {signIn && (
              <Button
                onPress={() => {
                  useUi.setState({ settingsPage: "accounts", stateOpen: false });
                  go("settings");
                }}
              >
                {t("account.sign_in_again")}
              </Button>
            )}
            {actions}
          </>
        ) : undefined
      }
    >
      {title !== undefined && <p>{message}</p>}
      {said.map((words) => (
        <p key={words} className={css.said}>
          <bdi>{t("problem.said", { words })}</bdi>
        </p>
      ))}
      <p>{t(`${sentence}.hint` satisfies Key)}</p>
      {where.length > 0 && (
        <p className={css.where}>
          <bdi>{where.join(" · ")}</bdi>
        </p>
      )}
    </Notice>
  );
}

/** The refusals of a kind of command, beside the thing it was about. */
export function Refusal({ command, again }: { command: string; again?: (() => void) | undefined }) {
  const t = useWords();
  const { problems } = useStanding(command);
  return problems.map((problem, index) => (
    <Trouble
      key={`${problem.account}/${problem.code}`}
      problem={problem}
      actions={
        index === 0 && (
          <>
            {again && <Button onPress={again}>{t("common.try_again")}</Button>}
            <Button tone="quiet" onPress={() => dismiss(command)}>
              {t("common.dismiss")}
            </Button>
          </>
        )
      }
    />
  ));
}
