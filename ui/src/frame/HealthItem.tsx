// The health of an account in the state bar. Where there is more to tell than a word, the chip opens it.

import { Dialog, DialogTrigger, Popover, Button as Pressable } from "react-aria-components";
import { HealthMore, hasMore } from "../domain/HealthMore";
import { HealthChip } from "../domain/State";
import type { AccountState } from "../generated/model";
import { Icon } from "../parts/Icon";
import { elapsed, useNow } from "../state/clock";
import { age } from "../words/format";
import { useWords } from "../words/words";
import css from "./HealthItem.module.css";

function Heard({ one }: { one: AccountState }) {
  const t = useWords();
  const now = useNow();
  const { heard_at, source } = one.health;
  return heard_at === null ? null : (
    <p className={css.soft}>{t("health.heard", { age: age(elapsed(heard_at, now)), source })}</p>
  );
}

export function HealthItem({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, health } = one;
  const chip = <HealthChip name={account.name} health={health} />;
  if (!hasMore(health)) return chip;
  const name = t("health.more", { account: account.name });
  return (
    <DialogTrigger>
      <Pressable className={css.chip}>
        {chip}
        <span className="heard">{name}</span>
        <Icon name="down" size="s" />
      </Pressable>
      <Popover className={css.popover} placement="bottom start" offset={4}>
        <Dialog className={css.more} aria-label={name}>
          <h3>
            <bdi>{account.name}</bdi>
          </h3>
          <Heard one={one} />
          <HealthMore health={health} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
