// The accounts: each with its health, a check of what its tenant allows, signing in again, and removing; and a new one.

import { type ReactNode, useState } from "react";
import { isKeychainTrouble, NewAccountForm, SignInForm } from "../../domain/AccountForm";
import { HealthMore, hasMore } from "../../domain/HealthMore";
import { Report } from "../../domain/Report";
import { HealthChip } from "../../domain/State";
import { Trouble } from "../../domain/Trouble";
import type { AccountState, ConnectionReport, Problem } from "../../generated/model";
import { Button } from "../../parts/Button";
import { Answers, Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";
import { Notice } from "../../parts/Notice";
import { asProblem, host } from "../../platform";
import { useMirror, useMirrorList } from "../../state/store";
import { accountOfWork } from "../../state/work";
import { useWords } from "../../words/words";
import { Group } from "./Group";
import { Practice } from "./Practice";
import { RequestShare } from "./RequestShare";
import { Routes } from "./Routes";
import css from "./Settings.module.css";
import { States } from "./States";

function Removal({ one, open, onClose }: { one: AccountState; open: boolean; onClose: () => void }) {
  const t = useWords();
  const { account } = one;
  const unsent = useMirror(
    (mirror) => mirror.outbox.filter((item) => accountOfWork(item.work) === account.id).length,
  );
  const [problem, setProblem] = useState<Problem>();
  const remove = async (): Promise<void> => {
    try {
      await host.call("remove_account", account.id);
      onClose();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <Dialog
      open={open}
      title={t("account.remove_title", { account: account.name })}
      role="alertdialog"
      onClose={onClose}
    >
      <p>{t("account.remove_text")}</p>
      {unsent > 0 && <Notice mood="bad" title={t("account.remove_unsent", { count: unsent })} />}
      {problem && <Trouble problem={problem} />}
      <Answers>
        <Button onPress={onClose}>{t("common.cancel")}</Button>
        <Button tone="bad" onPress={() => void remove()}>
          {t("account.remove")}
        </Button>
      </Answers>
    </Dialog>
  );
}

/** A part of an account that opens on demand. */
function More({ title, children }: { title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <div className={css.more}>
      <Button tone="quiet" icon={open ? "up" : "down"} aria-expanded={open} onPress={() => setOpen(!open)}>
        {title}
      </Button>
      {open && children}
    </div>
  );
}

function AccountItem({ one }: { one: AccountState }) {
  const t = useWords();
  const { account, health, agent } = one;
  const [signingIn, setSigningIn] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [checking, setChecking] = useState(false);
  const [report, setReport] = useState<ConnectionReport>();
  const [problem, setProblem] = useState<Problem>();
  const check = async (): Promise<void> => {
    setChecking(true);
    setProblem(undefined);
    try {
      setReport(await host.call("check_account", account.id));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setChecking(false);
  };
  return (
    <section className={css.account} aria-label={account.name}>
      <header className={css.head}>
        <div data-selectable>
          <h3>
            <bdi>{account.name}</bdi>
          </h3>
          <p>
            {t(`platform.${account.platform}`)} ·{" "}
            <bdi dir="ltr">{account.practice ? t("account.practice") : account.url}</bdi>
            {account.username !== null && (
              <>
                {" · "}
                <bdi>{agent ? `${agent.name} (${account.username})` : account.username}</bdi>
              </>
            )}
          </p>
        </div>
        <HealthChip health={health} />
      </header>
      {health.problem && (
        <Trouble
          problem={health.problem}
          place="settings"
          actions={
            isKeychainTrouble(health.problem) && (
              <Button
                icon="lock"
                onPress={() =>
                  void host.call("unlock_keychain").catch((thrown) => setProblem(asProblem(thrown)))
                }
              >
                {t("common.try_again")}
              </Button>
            )
          }
        />
      )}
      {health.unreadable > 0 && (
        <Notice mood="warn" title={t("account.unreadable", { count: health.unreadable })} />
      )}
      {hasMore(health) && <HealthMore health={health} />}
      {health.ages.length > 0 && <RequestShare account={account.id} />}
      {problem && <Trouble problem={problem} place="settings" />}
      {report && <Report report={report} />}
      {signingIn ? (
        <SignInForm account={account} onDone={() => setSigningIn(false)} />
      ) : (
        <div className={css.row}>
          <Button pending={checking} onPress={() => void check()}>
            {t("account.check")}
          </Button>
          {!account.practice && (
            <Button tone={health.link === "signed_out" ? "main" : "plain"} onPress={() => setSigningIn(true)}>
              {t("account.sign_in_again")}
            </Button>
          )}
          <Button tone="quiet" icon="trash" onPress={() => setRemoving(true)}>
            {t("account.remove")}
          </Button>
        </div>
      )}
      {one.capabilities.includes("ready") && (
        <More title={t("states.title")}>
          <States one={one} />
        </More>
      )}
      {one.capabilities.includes("routes") && (
        <More title={t("routes.title")}>
          <Routes account={account.id} />
        </More>
      )}
      <Removal one={one} open={removing} onClose={() => setRemoving(false)} />
    </section>
  );
}

export function Accounts() {
  const t = useWords();
  const accounts = useMirrorList((mirror) => mirror.accounts);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Group title={t("settings.accounts_here")}>
        {accounts.length === 0 && !adding && <Empty icon="contacts" title={t("account.none")} />}
        {accounts.map((one) => (
          <AccountItem key={one.account.id} one={one} />
        ))}
        {!adding && (
          <div className={css.row}>
            <Button tone="main" icon="plus" onPress={() => setAdding(true)}>
              {t("account.add")}
            </Button>
          </div>
        )}
      </Group>
      {adding && (
        <Group title={t("account.add")}>
          <NewAccountForm onDone={() => setAdding(false)} onCancel={() => setAdding(false)} />
        </Group>
      )}
      <Practice />
    </>
  );
}
