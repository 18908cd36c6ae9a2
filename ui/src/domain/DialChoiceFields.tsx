// The choices of dialling. One that has only one answer is not asked.

import { Select } from "../parts/Field";
import { useWords } from "../words/words";
import css from "./DialChoiceFields.module.css";
import type { Dialling } from "./dialling";

/** Stands for "let the platform choose" in a list, where the core takes nothing at all. */
const NONE = "*any*";

export function DialChoiceFields({ dialling }: { dialling: Dialling }) {
  const t = useWords();
  const { accounts, account, choice } = dialling;
  if (!account) return null;
  const queues = account.queues.filter((queue) => queue.outgoing);
  const { devices, lines } = account;
  const active = lines.find((line) => line.active);
  const on = devices.find((device) => device.logged_in);
  return (
    <div className={css.choices}>
      {accounts.length > 1 && (
        <Select
          label={t("dial.account")}
          value={account.account.id}
          options={accounts.map(({ account: { id, name } }) => ({ id, title: name }))}
          onChange={dialling.setAccount}
        />
      )}
      {queues.length > 1 && (
        <Select
          label={t("dial.queue")}
          value={choice.queue ?? NONE}
          options={[{ id: NONE, title: t("dial.any_queue") }, ...queues]}
          onChange={(queue) => dialling.setChoice({ ...choice, queue: queue === NONE ? null : queue })}
        />
      )}
      {devices.length > 1 && (
        <Select
          label={t("dial.device")}
          value={choice.device ?? NONE}
          options={[
            { id: NONE, title: on ? t("dial.this_device", { device: on.title }) : t("dial.any_device") },
            ...devices,
          ]}
          onChange={(device) => dialling.setChoice({ ...choice, device: device === NONE ? null : device })}
        />
      )}
      {lines.length > 1 && (
        <Select
          label={t("dial.line")}
          value={choice.line ?? NONE}
          options={[
            {
              id: NONE,
              title: active ? t("dial.active_line", { line: active.title }) : t("dial.any_device"),
            },
            ...lines.map(({ id, title, phone }) => ({ id, title, more: phone?.display })),
          ]}
          onChange={(line) => dialling.setChoice({ ...choice, line: line === NONE ? null : line })}
        />
      )}
    </div>
  );
}
