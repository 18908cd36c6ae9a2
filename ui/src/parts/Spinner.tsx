import css from "./Spinner.module.css";

/** Something was asked for and is not confirmed yet. */
export function Spinner() {
  return <span className={css.spinner} aria-hidden="true" />;
}
