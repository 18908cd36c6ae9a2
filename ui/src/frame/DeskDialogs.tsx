// The panels of an account that open over the frame: its diversions and its voicemail.

import { useEffect } from "react";
import { DiversionsPanel } from "../domain/Diversions";
import { VoicemailPanel } from "../domain/Voicemail";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { readDiversions, useDiversionsRead } from "../state/diversions";
import { useAccount } from "../state/store";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";

const close = (): void => useUi.setState({ desk: undefined });

export function DeskDialogs() {
  const t = useWords();
  const desk = useUi((ui) => ui.desk);
  const account = useAccount(desk?.account ?? "")?.account;
  useDiversionsRead();
  const diverts = desk?.panel === "diversions" ? desk.account : undefined;
  useEffect(() => {
    if (diverts !== undefined) void readDiversions(diverts);
  }, [diverts]);
  if (!desk || !account) return null;
  const title = t(`${desk.panel === "diversions" ? "divert" : "voicemail"}.title`, { account: account.name });
  return (
    <Dialog open title={title} onClose={close} wide={desk.panel === "diversions"}>
      {desk.panel === "diversions" ? (
        <>
          <DiversionsPanel account={account.id} />
          <Answers>
            <Button onPress={close}>{t("common.done")}</Button>
          </Answers>
        </>
      ) : (
        <VoicemailPanel account={account.id} onDone={close} />
      )}
    </Dialog>
  );
}
