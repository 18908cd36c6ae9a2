// Before the first snapshot: the core is starting, or it said why it is not.

import { Trouble } from "../domain/Trouble";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { useHeld } from "../state/store";
import { useWords } from "../words/words";
import css from "./Loading.module.css";

export function Loading() {
  const t = useWords();
  const trouble = useHeld((held) => held.trouble);
  return (
    <main className={css.loading} aria-label={t("loading.title")}>
      <h1 className={css.mark}>
        <Icon name="phone" size="l" />
        <span className="heard">{t("loading.title")}</span>
      </h1>
      {trouble ? (
        <Trouble problem={trouble} />
      ) : (
        <p className={css.words} role="status">
          <Spinner /> {t("loading.title")}
        </p>
      )}
    </main>
  );
}
