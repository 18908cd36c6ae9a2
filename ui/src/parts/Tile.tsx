// A control of something that goes on: an icon over its word, as on a telephone. A tile that is `on` undoes what is on now.

import type { ReactNode } from "react";
import { Group, Button as Pressable, type ButtonProps as PressableProps } from "react-aria-components";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { Spinner } from "./Spinner";
import css from "./Tile.module.css";

export function Tile({
  icon,
  on = false,
  pending = false,
  children,
  ...rest
}: Omit<PressableProps, "className" | "children" | "style"> & {
  icon: IconName;
  on?: boolean;
  /** Asked for and not confirmed yet. */
  pending?: boolean;
  children: ReactNode;
}) {
  return (
    <Pressable {...rest} isPending={pending} className={cx(css.tile, on && css.on)}>
      {pending ? <Spinner /> : <Icon name={icon} />}
      <span className={css.words}>{children}</span>
    </Pressable>
  );
}

/** Tiles in their grid. */
export function Tiles({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group className={css.tiles} aria-label={label}>
      {children}
    </Group>
  );
}
