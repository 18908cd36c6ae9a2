import type { ReactNode } from "react";
import css from "./Chip.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

export type ChipTone = "good" | "warn" | "bad" | "away" | "info";

/** A state in one word with its icon; the colour only repeats it. */
export function Chip({
  tone,
  icon,
  children,
}: {
  tone: ChipTone;
  icon?: IconName | undefined;
  children: ReactNode;
}) {
  return (
    <span className={cx(css.chip, css[tone])}>
      {icon && <Icon name={icon} size="s" />}
      <span>{children}</span>
    </span>
  );
}
