import type { ReactNode } from "react";
import css from "./Settings.module.css";

/** One group of settings with its heading. */
export function Group({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className={css.group} aria-label={title}>
      <div>
        <h3>{title}</h3>
        {help !== undefined && <p className={css.help}>{help}</p>}
      </div>
      {children}
    </section>
  );
}
