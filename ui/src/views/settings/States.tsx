// What the one state means on an account: which pause here stands for which of the joined state, and what happens while a
// call is open elsewhere. What is not chosen is shown as what the account does by itself.

import { Trouble } from "../../domain/Trouble";
import type { AccountState, PauseId, StateMap } from "../../generated/model";
import { Select, Switch } from "../../parts/Field";
import { useMirror } from "../../state/store";
import { useWords } from "../../words/words";
import css from "./Settings.module.css";
import { useSettings } from "./useSettings";

/** Stands for "as the account does by itself" in a list. */
const OWN = "*own*";

const NOTHING: StateMap = { pauses: {}, not_ready: null, during_calls_elsewhere: null, keep_queues: false };

export function States({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, agent } = one;
  const joined = useMirror((mirror) => mirror.agent.pauses);
  const alone = useMirror((mirror) => mirror.accounts.length === 1);
  const { settings, change, problem } = useSettings();
  const map = settings.states[account.id] ?? NOTHING;
  const set = (part: Partial<StateMap>): void =>
    void change({ states: { ...settings.states, [account.id]: { ...map, ...part } } });
  const here = (agent?.pauses ?? [])
    .filter((pause) => pause.kind === "custom")
    .map(({ id, title }) => ({ id, title }));
  const choice = (chosen: string): PauseId | null => (chosen === OWN ? null : chosen);
  /** A pause that was chosen and is no longer there is still shown as what it is. */
  const options = (own: string, chosen: PauseId | null | undefined) => [
    { id: OWN, title: own },
    ...here,
    ...(chosen && !here.some((pause) => pause.id === chosen)
      ? [{ id: chosen, title: t("states.gone", { pause: chosen }) }]
      : []),
  ];
  return (
    <section className={css.account} aria-label={t("states.title")}>
      <p className={css.help}>{t("states.help")}</p>
      {problem && <Trouble problem={problem} place="settings" />}
      <div className={css.columns}>
        {joined.map((pause) => {
          const same = pause.accounts.includes(account.id);
          const chosen = map.pauses[pause.key];
          return (
            <Select
              key={pause.key}
              label={t("states.pause", { pause: pause.title })}
              value={chosen ?? OWN}
              options={options(same ? t("states.same", { pause: pause.title }) : t("states.stays"), chosen)}
              onChange={(id) => {
                const { [pause.key]: _, ...others } = map.pauses;
                set({ pauses: id === OWN ? others : { ...others, [pause.key]: id } });
              }}
            />
          );
        })}
        <Select
          label={t("states.not_ready")}
          value={map.not_ready ?? OWN}
          options={options(t("states.own_not_ready"), map.not_ready)}
          onChange={(id) => set({ not_ready: choice(id) })}
        />
        {!alone && (
          <Select
            label={t("states.elsewhere")}
            help={t("states.elsewhere_help")}
            value={map.during_calls_elsewhere ?? OWN}
            options={options(t("states.no_pause"), map.during_calls_elsewhere)}
            onChange={(id) => set({ during_calls_elsewhere: choice(id) })}
          />
        )}
      </div>
      {one.capabilities.includes("queue_login") && (
        <Switch
          label={t("states.keep_queues")}
          help={t("states.keep_queues_help")}
          value={map.keep_queues}
          onChange={(keep_queues) => set({ keep_queues })}
        />
      )}
    </section>
  );
}
