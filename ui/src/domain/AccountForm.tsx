// Signing in to a platform: an address and a user with a password, or an access token. What else a platform asks for it
// says itself (`platforms`). Before anything is kept, the connection can be checked, and the check lists what this tenant
// allows. Secrets go to the core once and are forgotten here the moment they were sent.

import { useState } from "react";
import { Group } from "react-aria-components";
import type {
  Account,
  SignInForm as Asks,
  ConnectionReport,
  Credential,
  KeepSecret,
  Platform,
  Problem,
} from "../generated/model";
import { Button } from "../parts/Button";
import { Radios, TextLine } from "../parts/Field";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { usePlatforms } from "../state/platforms";
import { useWords } from "../words/words";
import css from "./AccountForm.module.css";
import { Report } from "./Report";
import { Trouble } from "./Trouble";

type Way = "password" | "token";

/** A keychain that does not open leaves the agent a choice; nothing is ever kept in plain text. */
export function isKeychainTrouble(problem: Problem | undefined): boolean {
  return problem?.code === "keychain_locked" || problem?.code === "keychain_missing";
}

/** The fields of a sign-in. */
function useCredential(username: string, asks: Asks | undefined) {
  const t = useWords();
  const [chosen, setWay] = useState<Way>("password");
  // Where there are no passwords there is nothing to choose.
  const way = asks && !asks.password ? "token" : chosen;
  const [user, setUser] = useState(username);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [token, setToken] = useState("");
  const [second, setSecond] = useState("");
  const [tokenUser, setTokenUser] = useState("");
  const named = user.trim();
  const whose = asks?.token_needs_username ?? false;
  const credential: Credential =
    way === "password"
      ? { kind: "password", username: named, password, code: code.trim() || null }
      : {
          kind: "token",
          token: token.trim(),
          username: whose ? named : null,
          second: (asks?.second_token && second.trim()) || null,
          user: (asks?.token_user && tokenUser.trim()) || null,
        };
  const complete =
    way === "password" ? named !== "" && password !== "" : token.trim() !== "" && (named !== "" || !whose);
  const forget = (): void => {
    setPassword("");
    setCode("");
    setToken("");
    setSecond("");
  };
  const fields = (onEnter: () => void) => (
    <>
      {asks?.password !== false && (
        <Radios
          label={t("account.way")}
          value={way}
          row
          options={[
            { id: "password", title: t("account.way_password") },
            { id: "token", title: t("account.way_token") },
          ]}
          onChange={(way) => setWay(way as Way)}
        />
      )}
      {(way === "password" || whose) && (
        <TextLine
          label={t("account.username")}
          value={user}
          onChange={setUser}
          placeholder={asks?.username_example ?? ""}
          autoComplete="off"
          leftToRight
          required
        />
      )}
      {way === "password" ? (
        <TextLine
          label={t("account.password")}
          type="password"
          value={password}
          onChange={setPassword}
          onEnter={onEnter}
          autoComplete="off"
          leftToRight
          required
        />
      ) : (
        <TextLine
          label={t("account.token")}
          help={t(asks?.second_token ? "account.key_help" : "account.token_help")}
          type="password"
          value={token}
          onChange={setToken}
          onEnter={onEnter}
          autoComplete="off"
          leftToRight
          required
        />
      )}
      {way === "token" && asks?.token_user && (
        <TextLine
          label={t("account.token_user")}
          help={t("account.token_user_help")}
          value={tokenUser}
          onChange={setTokenUser}
          onEnter={onEnter}
          autoComplete="off"
          leftToRight
        />
      )}
      {way === "token" && asks?.second_token && (
        <TextLine
          label={t("account.second_token")}
          help={t("account.second_token_help")}
          type="password"
          value={second}
          onChange={setSecond}
          onEnter={onEnter}
          autoComplete="off"
          leftToRight
        />
      )}
      {way === "password" && asks?.second_factor && (
        <TextLine
          label={t("account.code")}
          help={t("account.code_help")}
          value={code}
          onChange={setCode}
          onEnter={onEnter}
          autoComplete="one-time-code"
          leftToRight
        />
      )}
    </>
  );
  return { credential, complete, forget, fields };
}

/** The choice when the keychain does not open. */
function KeychainChoice({
  onAgain,
  onSession,
  pending,
}: {
  onAgain: () => void;
  onSession: () => void;
  pending: boolean;
}) {
  const t = useWords();
  return (
    <>
      <Button icon="lock" pending={pending} onPress={onAgain}>
        {t("common.try_again")}
      </Button>
      <Button pending={pending} onPress={onSession}>
        {t("account.session_only")}
      </Button>
    </>
  );
}

/** A new account. */
export function NewAccountForm({
  onDone,
  onCancel,
}: {
  onDone: (id: string) => void;
  onCancel?: () => void;
}) {
  const t = useWords();
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const { forms, problem: untold } = usePlatforms();
  const [platform, setPlatform] = useState<Platform>();
  const asks = forms?.find((form) => form.platform === platform) ?? forms?.[0];
  const { credential, complete, forget, fields } = useCredential("", asks);
  const [doing, setDoing] = useState<"check" | "add">();
  const [problem, setProblem] = useState<Problem>();
  const [report, setReport] = useState<ConnectionReport>();
  const ready = complete && url.trim() !== "";
  const account = (keep: KeepSecret, on: Platform) => ({
    platform: on,
    url: url.trim(),
    name: name.trim(),
    credential,
    keep,
  });

  const attempt = async (what: "check" | "add", job: (on: Platform) => Promise<void>): Promise<void> => {
    if (!ready || doing || !asks) return;
    setDoing(what);
    setProblem(undefined);
    setReport(undefined);
    try {
      await job(asks.platform);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setDoing(undefined);
  };
  const check = (): Promise<void> =>
    attempt("check", async (on) => setReport(await host.call("check_new_account", account("session", on))));
  const add = (keep: KeepSecret): Promise<void> =>
    attempt("add", async (on) => {
      const id = await host.call("add_account", account(keep, on));
      forget();
      onDone(id);
    });
  const again = async (): Promise<void> => {
    // If it stays locked, adding meets the same problem and says so again.
    await host.call("unlock_keychain").catch(() => undefined);
    await add("keychain");
  };

  if (!forms || !asks)
    return untold ? (
      <Trouble problem={untold} place="settings" />
    ) : (
      <p className={css.soft}>
        <Spinner /> {t("common.loading")}
      </p>
    );
  return (
    <Group className={css.form} aria-label={t("account.add")}>
      {forms.length > 1 && (
        <Radios
          label={t("account.platform")}
          value={asks.platform}
          row
          options={forms.map((form) => ({ id: form.platform, title: t(`platform.${form.platform}`) }))}
          onChange={(chosen) => setPlatform(chosen as Platform)}
        />
      )}
      <TextLine
        label={t("account.url")}
        help={t("account.url_help")}
        type="url"
        value={url}
        onChange={setUrl}
        placeholder={asks.address_example}
        leftToRight
        required
        wrong={problem?.code === "bad_address" ? t("problem.bad_address.message") : undefined}
      />
      {fields(() => void add("keychain"))}
      <TextLine label={t("account.name")} help={t("account.name_help")} value={name} onChange={setName} />
      {problem && (
        <Trouble
          problem={problem}
          place="settings"
          actions={
            isKeychainTrouble(problem) ? (
              <KeychainChoice
                pending={doing === "add"}
                onAgain={() => void again()}
                onSession={() => void add("session")}
              />
            ) : undefined
          }
        />
      )}
      {report && <Report report={report} />}
      <p className={css.soft}>{t("account.secret_words")}</p>
      <div className={css.actions}>
        <Button
          tone="main"
          pending={doing === "add"}
          isDisabled={!ready || doing === "check"}
          onPress={() => void add("keychain")}
        >
          {t("account.sign_in")}
        </Button>
        <Button
          pending={doing === "check"}
          isDisabled={!ready || doing === "add"}
          onPress={() => void check()}
        >
          {t("account.check")}
        </Button>
        {onCancel && (
          <Button tone="quiet" onPress={onCancel}>
            {t("common.cancel")}
          </Button>
        )}
      </div>
    </Group>
  );
}

/** A new sign-in for an account that is there. */
export function SignInForm({ account, onDone }: { account: Account; onDone: () => void }) {
  const t = useWords();
  const { credential, complete, forget, fields } = useCredential(
    account.username ?? "",
    usePlatforms().forms?.find((form) => form.platform === account.platform),
  );
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const signIn = async (keep: KeepSecret): Promise<void> => {
    if (!complete || pending) return;
    setPending(true);
    setProblem(undefined);
    try {
      await host.call("sign_in", { account: account.id, credential, keep });
      forget();
      onDone();
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setPending(false);
    }
  };
  const again = async (): Promise<void> => {
    await host.call("unlock_keychain").catch(() => undefined);
    await signIn("keychain");
  };
  return (
    <Group className={css.form} aria-label={t("account.sign_in_to", { account: account.name })}>
      {fields(() => void signIn("keychain"))}
      {problem && (
        <Trouble
          problem={problem}
          place="settings"
          actions={
            isKeychainTrouble(problem) ? (
              <KeychainChoice
                pending={pending}
                onAgain={() => void again()}
                onSession={() => void signIn("session")}
              />
            ) : undefined
          }
        />
      )}
      <div className={css.actions}>
        <Button tone="main" pending={pending} isDisabled={!complete} onPress={() => void signIn("keychain")}>
          {t("account.sign_in")}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </Group>
  );
}
