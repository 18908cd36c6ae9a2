// A text message to a number. It is done when the platform took it; until then the words stay, whatever happens.

import { useState } from "react";
import { create } from "zustand";
import { PhoneNumber } from "../domain/Names";
import { Trouble } from "../domain/Trouble";
import { textLength } from "../domain/texting";
import type { AccountId, Phone, Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Select, TextLines } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { announceLater } from "../state/announce";
import { useMirrorList } from "../state/store";
import { count } from "../words/format";
import { useWords } from "../words/words";
import css from "./TextDialog.module.css";

/** What was typed and not sent, by number. */
const useTyped = create<{ typed: Readonly<Record<string, string>> }>(() => ({ typed: {} }));

/** The accounts that send texts. */
export function useTexting(): readonly { id: AccountId; title: string }[] {
  const accounts = useMirrorList((mirror) =>
    mirror.accounts.filter((one) => one.capabilities.includes("sms")).map((one) => one.account),
  );
  return accounts.map(({ id, name }) => ({ id, title: name }));
}

function Form({
  phone,
  wanted,
  onClose,
}: {
  phone: Phone;
  wanted: AccountId | undefined;
  onClose: () => void;
}) {
  const t = useWords();
  const accounts = useTexting();
  const text = useTyped((now) => now.typed[phone.raw] ?? "");
  const type = (words: string): void =>
    useTyped.setState(({ typed }) => ({ typed: { ...typed, [phone.raw]: words } }));
  const [chosen, setChosen] = useState(wanted);
  const account = accounts.find((one) => one.id === chosen) ?? accounts[0];
  const [standing, setStanding] = useState<"typing" | "sending" | "sent">("typing");
  const [problem, setProblem] = useState<Problem>();
  const { letters, parts, left } = textLength(text);
  const send = async (): Promise<void> => {
    if (!account || text.trim() === "") return;
    setStanding("sending");
    setProblem(undefined);
    try {
      await host.call("send_sms", { account: account.id, to: [phone.raw], text });
      type("");
      setStanding("sent");
      announceLater(t("text.sent"));
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setStanding("typing");
    }
  };
  return (
    <>
      <p className={css.to}>
        {t("text.to")} <PhoneNumber phone={phone} />
      </p>
      {accounts.length > 1 && (
        <Select
          label={t("text.through")}
          value={account?.id ?? null}
          options={accounts}
          onChange={setChosen}
        />
      )}
      {standing === "sent" ? (
        <Notice mood="info" title={t("text.sent")} />
      ) : (
        <>
          <TextLines label={t("text.words")} value={text} onChange={type} />
          <p className={css.count}>
            {t("text.count", { count: letters, shown: count(letters) })}
            {parts > 0 && ` · ${t("text.parts", { count: parts })}`}
            {parts > 0 && ` · ${t("text.left", { count: left })}`}
          </p>
        </>
      )}
      {problem && <Trouble problem={problem} title={t("text.not_sent")} />}
      <Answers>
        {standing === "sent" ? (
          <Button tone="main" onPress={onClose}>
            {t("common.done")}
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>{t("common.cancel")}</Button>
            <Button
              tone="main"
              icon="chat"
              pending={standing === "sending"}
              isDisabled={text.trim() === "" || !account}
              onPress={() => void send()}
            >
              {t("text.send")}
            </Button>
          </>
        )}
      </Answers>
    </>
  );
}

export function TextDialog({
  phone,
  account,
  onClose,
}: {
  phone: Phone | undefined;
  /** Through which account, if it sends texts. */
  account: AccountId | undefined;
  onClose: () => void;
}) {
  const t = useWords();
  return (
    <Dialog open={phone !== undefined} title={t("text.title")} onClose={onClose}>
      {phone && <Form phone={phone} wanted={account} onClose={onClose} />}
    </Dialog>
  );
}
