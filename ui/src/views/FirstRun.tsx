// The first minute: a real account, or the practice centre to try everything without one.

import { useState } from "react";
import { NewAccountForm } from "../domain/AccountForm";
import { Trouble } from "../domain/Trouble";
import type { Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { go } from "../state/ui";
import { useWords } from "../words/words";
import css from "./FirstRun.module.css";

export function FirstRun() {
  const t = useWords();
  const [signingIn, setSigningIn] = useState(false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const practice = async (): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    try {
      await host.call("start_practice");
      go("work");
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setPending(false);
    }
  };
  return (
    <main className={css.first} aria-label={t("first.title")}>
      <div className={css.inner}>
        <header className={css.head}>
          <span className={css.mark}>
            <Icon name="phone" size="l" />
          </span>
          <h1>{t("first.title")}</h1>
          <p>{t("first.text")}</p>
        </header>
        <div className={css.ways}>
          <section className={css.way} aria-label={t("first.account")}>
            <h2>{t("first.account")}</h2>
            <p>{t("first.account_text")}</p>
            {signingIn ? (
              <NewAccountForm onDone={() => go("work")} onCancel={() => setSigningIn(false)} />
            ) : (
              <Button tone="main" size="l" icon="contacts" onPress={() => setSigningIn(true)}>
                {t("account.add")}
              </Button>
            )}
          </section>
          <section className={css.way} aria-label={t("practice.title")}>
            <h2>{t("practice.title")}</h2>
            <p>{t("practice.help")}</p>
            {problem && <Trouble problem={problem} place="settings" />}
            <Button size="l" icon="practice" pending={pending} onPress={() => void practice()}>
              {t("practice.start")}
            </Button>
          </section>
        </div>
      </div>
    </main>
  );
}
