// The one button. `tone` says what pressing means, never how it should look: answering is good, hanging up is bad.

import type { ReactNode, Ref } from "react";
import {
  Button as Pressable,
  type ButtonProps as PressableProps,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import css from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { Spinner } from "./Spinner";

export type Tone = "plain" | "main" | "good" | "bad" | "quiet";

export interface ButtonProps extends Omit<PressableProps, "className" | "children" | "style"> {
  tone?: Tone;
  size?: "m" | "l";
  icon?: IconName;
  /** Asked for and not confirmed yet: shows a spinner in place and takes no second press. */
  pending?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button({
  tone = "plain",
  size = "m",
  icon,
  pending = false,
  children,
  ...rest
}: ButtonProps) {
  return (
    <Pressable {...rest} isPending={pending} className={cx(css.button, css[tone], css[size])}>
      {pending ? <Spinner /> : icon && <Icon name={icon} />}
      {children !== undefined && <span className={css.words}>{children}</span>}
    </Pressable>
  );
}

/** A button that shows only an icon; its name is spoken, and shown when pointed at. */
export function IconButton({
  name,
  tone = "quiet",
  size = "m",
  icon,
  pending = false,
  ...rest
}: Omit<ButtonProps, "children"> & { name: string; icon: IconName }) {
  return (
    <TooltipTrigger delay={500}>
      <Pressable
        {...rest}
        aria-label={name}
        isPending={pending}
        className={cx(css.button, css.square, css[tone], css[size])}
      >
        {pending ? <Spinner /> : <Icon name={icon} />}
      </Pressable>
      <Tooltip className={css.tip} offset={6}>
        {name}
      </Tooltip>
    </TooltipTrigger>
  );
}
