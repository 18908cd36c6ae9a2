// What opens from the state button: the states for all accounts, and below one row an account, because one may differ.

import type { ReactElement } from "react";
import { Dialog, DialogTrigger, Group, Popover, ToggleButton } from "react-aria-components";
import { setState } from "../actions/registry";
import { DivertedChip } from "../domain/DivertedChip";
import { HealthMore } from "../domain/HealthMore";
import { LineChoice, PresenceFields } from "../domain/Presence";
import { HealthChip, PRESENCE, pauseMore } from "../domain/State";
import { Refusal } from "../domain/Trouble";
import type { AccountState, AgentTarget } from "../generated/model";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Select, Switch } from "../parts/Field";
import { Icon, type IconName } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { run, useStanding } from "../state/commands";
import { useMirror, useMirrorList } from "../state/store";
import { go, useUi } from "../state/ui";
import { age } from "../words/format";
import { useWords } from "../words/words";
import css from "./StateMenu.module.css";

function Choice({
  icon,
  title,
  more,
  chosen,
  target,
}: {
  icon: IconName;
  title: string;
  more?: string;
  chosen: boolean;
  target: AgentTarget;
}) {
  return (
    <ToggleButton
      className={css.choice}
      isSelected={chosen}
      onPress={() => {
        setState(target);
        useUi.setState({ stateOpen: false });
      }}
    >
      <Icon name={icon} />
      <span>{title}</span>
      {more !== undefined && <small className={css.more}>{more}</small>}
      {chosen && <Icon name="check" size="s" />}
    </ToggleButton>
  );
}

/** The state of one account, when there are several. */
function OwnState({ one }: { one: AccountState }) {
  const t = useWords();
  const all = useMirror((mirror) => mirror.agent.pauses);
  const { account, agent } = one;
  const { pending } = useStanding(`set_state:${account.id}`);
  if (!agent || !one.capabilities.includes("ready")) return null;
  const pauses = all.filter((pause) => pause.accounts.includes(account.id));
  const paused = pauses.find((pause) => pause.title === agent.pause?.title);
  const value = agent.presence === "paused" ? `pause:${paused?.key}` : agent.presence;
  return (
    <Select
      label={t("state.on", { account: account.name })}
      value={value}
      pending={pending}
      placeholder={agent.pause?.title ?? t(PRESENCE[agent.presence].words)}
      options={[
        ...(agent.always_ready ? [] : [{ id: "ready", title: t("state.ready") }]),
        { id: "not_ready", title: t("state.not_ready") },
        ...pauses.map((pause) => ({
          id: `pause:${pause.key}`,
          title: pause.title,
          more: pauseMore(pause, t),
        })),
      ]}
      onChange={(chosen) => {
        const to: AgentTarget = chosen.startsWith("pause:")
          ? { to: "pause", pause: chosen.slice(6) }
          : { to: chosen as "ready" | "not_ready" };
        setState(to, account.id);
      }}
    />
  );
}

function Queues({ one }: { one: AccountState }) {
  const t = useWords();
  const queues = one.queues.filter((queue) => queue.join === "manual");
  if (!one.capabilities.includes("queue_login") || queues.length === 0) return null;
  return (
    <fieldset className={css.queues}>
      <legend>{t("state.queues", { account: one.account.name })}</legend>
      {queues.map((queue) => (
        <QueueSwitch
          key={queue.id}
          account={one.account.id}
          id={queue.id}
          title={queue.title}
          on={queue.logged_in}
        />
      ))}
    </fieldset>
  );
}

function QueueSwitch({
  account,
  id,
  title,
  on,
}: {
  account: string;
  id: string;
  title: string;
  on: boolean;
}) {
  const key = `set_queue:${account}:${id}`;
  const { pending } = useStanding(key);
  return (
    <>
      <Switch
        label={title}
        value={on}
        pending={pending}
        disabled={pending}
        onChange={(logged_in) => void run({ do: "set_queue", account, queue: id, logged_in })}
      />
      <Refusal command={key} />
    </>
  );
}

function Device({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, devices } = one;
  const { pending } = useStanding(`set_device:${account.id}`);
  if (!one.capabilities.includes("devices") || devices.length === 0) return null;
  return (
    <Select
      label={t("state.device", { account: account.name })}
      value={devices.find((device) => device.logged_in)?.id ?? null}
      placeholder={t("state.no_device")}
      pending={pending}
      options={devices}
      onChange={(device) => void run({ do: "set_device", account: account.id, device, logged_in: true })}
    />
  );
}

/** The panels of an account, and where it is said what its states mean. */
function Desk({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, capabilities } = one;
  const panels = (["diversions", "voicemail"] as const).filter((panel) => capabilities.includes(panel));
  if (panels.length === 0) return null;
  return (
    <div className={css.desk}>
      {panels.map((panel) => (
        <Button
          key={panel}
          icon={panel === "diversions" ? "divert" : "voicemail"}
          onPress={() => useUi.setState({ stateOpen: false, desk: { account: account.id, panel } })}
        >
          {t(`own.${panel}`)}
        </Button>
      ))}
    </div>
  );
}

function AccountRow({ one, alone }: { one: AccountState; alone: boolean }) {
  const t = useWords();
  const now = useNow();
  const { account, health, agent } = one;
  return (
    <section className={css.account} aria-label={account.name}>
      <header className={css.head}>
        <h3>
          <bdi>{account.name}</bdi>
        </h3>
        <HealthChip health={health} />
      </header>
      <p className={css.more}>
        {health.heard_at !== null &&
          t("health.heard", { age: age(elapsed(health.heard_at, now)), source: health.source })}
        {agent && agent.reach !== "unknown" && ` · ${t(`reach.${agent.reach}`)}`}
      </p>
      <HealthMore health={health} />
      {agent?.always_ready && <p className={css.more}>{t("state.always_ready")}</p>}
      <DivertedChip one={one} named={false} />
      {!alone && !one.presence && <OwnState one={one} />}
      <Refusal command={`set_state:${account.id}`} />
      <PresenceFields one={one} />
      <LineChoice one={one} />
      <Device one={one} />
      <Refusal command={`set_device:${account.id}`} />
      <Queues one={one} />
      <Desk one={one} />
    </section>
  );
}

export function StateMenu({ button }: { button: ReactElement }) {
  const t = useWords();
  const open = useUi((ui) => ui.stateOpen);
  const agent = useMirror((mirror) => mirror.agent);
  const accounts = useMirrorList((mirror) => mirror.accounts);
  const offered = accounts.some((one) => one.capabilities.includes("ready"));
  return (
    <DialogTrigger isOpen={open} onOpenChange={(stateOpen) => useUi.setState({ stateOpen })}>
      {button}
      <Popover
        className={cx(css.popover, accounts.length > 1 && css.several)}
        placement="bottom start"
        offset={4}
      >
        <Dialog className={css.menu} aria-label={t("state.menu")}>
          {offered ? (
            <Group className={css.choices} aria-label={t("state.all")}>
              <Choice
                icon="ready"
                title={t("state.ready")}
                chosen={agent.presence === "ready"}
                target={{ to: "ready" }}
              />
              <Choice
                icon="away"
                title={t("state.not_ready")}
                chosen={agent.presence === "not_ready"}
                target={{ to: "not_ready" }}
              />
              {agent.pauses.map((pause) => (
                <Choice
                  key={pause.key}
                  icon="pause"
                  title={pause.title}
                  more={pauseMore(pause, t)}
                  chosen={agent.presence === "paused" && agent.pause === pause.title}
                  target={{ to: "pause", pause: pause.key }}
                />
              ))}
            </Group>
          ) : (
            <p className={css.more}>{t("state.none_offered")}</p>
          )}
          <div className={css.accounts}>
            {accounts.map((one) => (
              <AccountRow key={one.account.id} one={one} alone={accounts.length === 1} />
            ))}
          </div>
          {accounts.length > 1 && offered && (
            <footer className={css.foot}>
              <Button
                tone="quiet"
                icon="settings"
                onPress={() => {
                  useUi.setState({ stateOpen: false, settingsPage: "accounts" });
                  go("settings");
                }}
              >
                {t("own.joined")}
              </Button>
            </footer>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
