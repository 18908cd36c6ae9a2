import css from "./Kbd.module.css";

/** The keys of a chord. */
export function Kbd({ keys }: { keys: readonly string[] }) {
  return (
    <span className={css.chord}>
      {keys.map((key) => (
        <kbd key={key} className={css.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
