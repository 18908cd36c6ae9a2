// A button that opens a few things to choose from, each of which does something.

import type { ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button, IconButton } from "./Button";
import { Icon, type IconName } from "./Icon";
import css from "./MenuButton.module.css";

export interface Entry {
  id: string;
  title: string;
  icon?: IconName;
}

export function MenuButton({
  name,
  icon,
  words,
  entries,
  empty,
  disabled = false,
  onOpen,
  onChoose,
}: {
  /** What it is called; shown when pointed at, where there are no words on it. */
  name: string;
  icon: IconName;
  words?: string;
  entries: readonly Entry[];
  /** Said while there is nothing to choose. */
  empty?: ReactNode;
  disabled?: boolean;
  onOpen?: () => void;
  onChoose: (id: string) => void;
}) {
  return (
    <MenuTrigger onOpenChange={(open) => open && onOpen?.()}>
      {words === undefined ? (
        <IconButton name={name} icon={icon} isDisabled={disabled} />
      ) : (
        <Button icon={icon} isDisabled={disabled} aria-label={name}>
          {words}
        </Button>
      )}
      <Popover className={css.popover} offset={4}>
        <Menu
          className={css.menu}
          aria-label={name}
          items={entries}
          renderEmptyState={() => <p className={css.none}>{empty}</p>}
          onAction={(id) => onChoose(String(id))}
        >
          {(entry) => (
            <MenuItem id={entry.id} textValue={entry.title} className={css.item}>
              {entry.icon && <Icon name={entry.icon} size="s" />}
              <bdi>{entry.title}</bdi>
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
