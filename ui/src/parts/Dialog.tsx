// A question over everything. Only for what the agent asked for, never for a fault in the background.

import type { ReactNode } from "react";
import { Dialog as Box, Heading, Modal, ModalOverlay } from "react-aria-components";
import { cx } from "./cx";
import css from "./Dialog.module.css";

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  /** For a question that must be answered: `alertdialog`. */
  role?: "dialog" | "alertdialog";
}

export function Dialog({ open, title, onClose, children, wide = false, role = "dialog" }: Props) {
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(now) => !now && onClose()}
      isDismissable={role === "dialog"}
      className={css.veil}
    >
      <Modal className={cx(css.modal, wide && css.wide)}>
        <Box className={css.box} role={role}>
          <Heading slot="title" className={css.title}>
            {title}
          </Heading>
          {children}
        </Box>
      </Modal>
    </ModalOverlay>
  );
}

/** The row of answers at the end of a dialog. */
export function Answers({ children }: { children: ReactNode }) {
  return <div className={css.answers}>{children}</div>;
}
