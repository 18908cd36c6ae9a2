// What lies over the frame when the agent or the system asks for it: the cheat sheet, the question of quitting, a number
// that something outside wants dialled. The command palette has its own file.

import { useState } from "react";
import { chordKeys } from "../actions/keys";
import { ACTIONS, type Action } from "../actions/registry";
import { DialChoiceFields } from "../domain/DialChoiceFields";
import { useDialling } from "../domain/dialling";
import { PhoneNumber } from "../domain/Names";
import { Refusal } from "../domain/Trouble";
import type { DialRequest, LeaveState } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Checkbox, Radios } from "../parts/Field";
import { Kbd } from "../parts/Kbd";
import { Notice } from "../parts/Notice";
import { host } from "../platform";
import { useStanding } from "../state/commands";
import { flushWriting } from "../state/composing";
import { flush } from "../state/drafts";
import { useMirror } from "../state/store";
import { useUi } from "../state/ui";
import { country } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Overlays.module.css";

const GROUPS: readonly { group: Action["group"]; words: Key }[] = [
  { group: "call", words: "group.call" },
  { group: "ticket", words: "group.ticket" },
  { group: "state", words: "group.state" },
  { group: "go", words: "group.go" },
  { group: "window", words: "group.window" },
];

const closeOverlay = (): void => useUi.setState({ overlay: undefined });

export function CheatSheet() {
  const t = useWords();
  const open = useUi((ui) => ui.overlay === "cheat_sheet");
  return (
    <Dialog open={open} title={t("action.cheat_sheet")} onClose={closeOverlay} wide>
      <div className={css.sheet}>
        {GROUPS.map(({ group, words }) => (
          <section key={group} aria-label={t(words)}>
            <h3 className={css.group}>{t(words)}</h3>
            <dl>
              {ACTIONS.filter((one) => one.group === group && one.keys !== undefined).map((one) => (
                <div key={one.id} className={css.chord}>
                  <dt>{t(one.words)}</dt>
                  <dd>
                    <Kbd keys={chordKeys(one.keys ?? "")} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Answers>
        <Button onPress={closeOverlay}>{t("common.done")}</Button>
      </Answers>
    </Dialog>
  );
}

export function QuitDialog() {
  const t = useWords();
  const open = useUi((ui) => ui.overlay === "quit");
  const unsent = useMirror((mirror) => mirror.outbox.length);
  const [leave, setLeave] = useState<LeaveState>("not_ready");
  const [remember, setRemember] = useState(false);
  const answer = async (chosen: LeaveState): Promise<void> => {
    closeOverlay();
    if (chosen !== "ask") await Promise.all([flush(), flushWriting()]);
    await host.call("quit", { leave: chosen, remember: chosen !== "ask" && remember }).catch(() => undefined);
  };
  return (
    <Dialog open={open} title={t("quit.title")} onClose={() => void answer("ask")}>
      {unsent > 0 && <Notice mood="warn" title={t("quit.unsent", { count: unsent })} />}
      <Radios
        label={t("quit.leave")}
        value={leave}
        options={[
          { id: "not_ready", title: t("quit.not_ready"), more: t("quit.not_ready_more") },
          { id: "stay", title: t("quit.stay"), more: t("quit.stay_more") },
        ]}
        onChange={(chosen) => setLeave(chosen as LeaveState)}
      />
      <Checkbox label={t("quit.remember")} value={remember} onChange={setRemember} />
      <Answers>
        <Button onPress={() => void answer("ask")}>{t("common.cancel")}</Button>
        <Button tone="main" onPress={() => void answer(leave)}>
          {t("quit.quit")}
        </Button>
      </Answers>
    </Dialog>
  );
}

let taking = false;

/** Takes the next number that waits, if there is one: one question at a time, and none is lost to another. */
export async function nextDialRequest(): Promise<void> {
  if (taking || useUi.getState().dialRequest) return;
  taking = true;
  const dialRequest = await host.call("pending_dial").catch(() => null);
  taking = false;
  if (dialRequest) useUi.setState({ dialRequest });
}

function DialQuestion({ request, onDone }: { request: DialRequest; onDone: () => void }) {
  const t = useWords();
  const dialling = useDialling();
  const { pending } = useStanding("dial");
  const { number } = request;
  const call = async (): Promise<void> => {
    if (await dialling.call(number.dial ?? request.text)) onDone();
  };
  return (
    <>
      <p className={css.number}>
        <PhoneNumber phone={number.phone} />
      </p>
      <dl className={css.facts}>
        {number.phone.country !== null && (
          <div>
            <dt>{t("link.country")}</dt>
            <dd>{country(number.phone.country)}</dd>
          </div>
        )}
        <div>
          <dt>{t("link.text")}</dt>
          <dd>
            <bdi dir="ltr">{request.text}</bdi>
          </dd>
        </div>
        {dialling.accounts.length === 1 && dialling.account && (
          <div>
            <dt>{t("dial.account")}</dt>
            <dd>
              <bdi>{dialling.account.account.name}</bdi>
            </dd>
          </div>
        )}
      </dl>
      {number.dial === null && <Notice mood="bad" title={t("problem.bad_number.message")} />}
      {number.dial !== null && number.unusual && <Notice mood="warn" title={t("link.unusual")} />}
      {dialling.accounts.length === 0 ? (
        <Notice mood="bad" title={t("dial.not_possible")} />
      ) : (
        <DialChoiceFields dialling={dialling} />
      )}
      <Refusal command="dial" />
      <Answers>
        <Button onPress={onDone}>{t("common.cancel")}</Button>
        <Button
          tone="main"
          icon="phone"
          pending={pending}
          isDisabled={number.dial === null || dialling.accounts.length === 0}
          onPress={() => void call()}
        >
          {t("action.call")}
        </Button>
      </Answers>
    </>
  );
}

export function DialDialog() {
  const t = useWords();
  const request = useUi((ui) => ui.dialRequest);
  const done = (): void => {
    useUi.setState({ dialRequest: undefined });
    void nextDialRequest();
  };
  return (
    <Dialog open={request !== undefined} title={t("link.title")} onClose={done}>
      {request && <DialQuestion request={request} onDone={done} />}
    </Dialog>
  );
}
