// Words beside the thing they are about: what happened, what the platform said, what to do next.

import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import css from "./Notice.module.css";

export type Mood = "info" | "good" | "warn" | "bad";

const ICONS: Record<Mood, IconName> = { info: "info", good: "check", warn: "alert", bad: "refused" };

/** `heard` notices are read to screen readers when they appear. */
export function Notice({
  mood,
  title,
  children,
  actions,
  heard = true,
}: {
  mood: Mood;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  heard?: boolean;
}) {
  return (
    <div className={cx(css.notice, css[mood])} role={heard ? "status" : undefined}>
      <Icon name={ICONS[mood]} />
      <div className={css.words} data-selectable>
        <p className={css.title}>{title}</p>
        {children}
      </div>
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </div>
  );
}
