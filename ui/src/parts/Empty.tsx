import type { ReactNode } from "react";
import css from "./Empty.module.css";
import { Icon, type IconName } from "./Icon";

/** A place with nothing in it: says so, says why, and offers the next step if there is one. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      <span className={css.icon}>
        <Icon name={icon} size="l" />
      </span>
      <p className={css.title}>{title}</p>
      {children !== undefined && <p className={css.more}>{children}</p>}
      {action}
    </div>
  );
}
