// One item of the past: the facts, calling back, and what to do with it.

import { useState } from "react";
import { ActivityFacts } from "../domain/ActivityFacts";
import { DialChoiceFields } from "../domain/DialChoiceFields";
import { useDialling } from "../domain/dialling";
import { PhoneNumber } from "../domain/Names";
import { NextStepOf } from "../domain/NextStep";
import { Refusal, Trouble } from "../domain/Trouble";
import type { HistoryItem, HistoryMark, Phone, Problem } from "../generated/model";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { useStanding } from "../state/commands";
import { spokenSince, useSpoken } from "../state/spoken";
import { useAccount } from "../state/store";
import { count, fullTime, timer } from "../words/format";
import { useWords } from "../words/words";
import { HandledBy } from "./HandledBy";
import css from "./History.module.css";
import { outcomeWords, partyName } from "./HistoryRow";
import { TextDialog, useTexting } from "./TextDialog";

/** Sets a mark: which one is under way, and why the last one was refused. */
export function useMarking(onMark: (mark: HistoryMark) => Promise<void>) {
  const [doing, setDoing] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const mark = async (how: HistoryMark): Promise<boolean> => {
    setDoing(how.mark === "handled" ? how.state : how.mark);
    setProblem(undefined);
    try {
      await onMark(how);
      return true;
    } catch (thrown) {
      setProblem(asProblem(thrown));
      return false;
    } finally {
      setDoing(undefined);
    }
  };
  return { doing, problem, mark };
}

function Facts({ item }: { item: HistoryItem }) {
  const t = useWords();
  const account = useAccount(item.account);
  const since = useSpoken((known) => spokenSince(item, known));
  return (
    <dl className={css.facts}>
      <div>
        <dt>{t("history.when")}</dt>
        <dd>{fullTime(item.at)}</dd>
      </div>
      <div>
        <dt>{t("history.outcome")}</dt>
        <dd>
          {t(`direction.${item.direction}`)} · <bdi>{outcomeWords(item, t)}</bdi>
          {since && ` · ${t(`history.${since}`)}`}
        </dd>
      </div>
      {item.count > 1 && (
        <div>
          <dt>{t("history.calls")}</dt>
          <dd>{count(item.count)}</dd>
        </div>
      )}
      {item.seconds !== null && (
        <div>
          <dt>{t("history.length")}</dt>
          <dd>{timer(Math.round(item.seconds))}</dd>
        </div>
      )}
      {item.queue && (
        <div>
          <dt>{t("dial.queue")}</dt>
          <dd>
            <bdi>{item.queue.title}</bdi>
          </dd>
        </div>
      )}
      {account && (
        <div>
          <dt>{t("dial.account")}</dt>
          <dd>
            <bdi>{account.account.name}</bdi>
          </dd>
        </div>
      )}
      {item.agent !== null && (
        <div>
          <dt>{t("history.agent")}</dt>
          <dd>
            <bdi>{item.agent}</bdi>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Call({ item, phone, onCalled }: { item: HistoryItem; phone: Phone; onCalled: () => void }) {
  const t = useWords();
  const dialling = useDialling(item.account);
  const { pending, command } = useStanding("dial");
  const texting = useTexting().length > 0;
  const [texted, setTexted] = useState<Phone>();
  const mine = command?.do === "dial" && command.number === phone.raw;
  const call = async (): Promise<void> => {
    if (await dialling.call(phone.raw)) onCalled();
  };
  return (
    <>
      <div className={css.buttons}>
        <Button
          tone="main"
          icon="phone"
          pending={pending && mine}
          isDisabled={dialling.accounts.length === 0 || pending}
          onPress={() => void call()}
        >
          {t("history.call_back")}
        </Button>
        {texting && (
          <Button icon="chat" onPress={() => setTexted(phone)}>
            {t("action.text")}
          </Button>
        )}
      </div>
      {dialling.accounts.length === 0 ? (
        <p className={css.soft}>{t("dial.not_possible")}</p>
      ) : (
        <div className={css.choices}>
          <DialChoiceFields dialling={dialling} />
        </div>
      )}
      {mine && <Refusal command="dial" />}
      {mine && <NextStepOf command="dial" />}
      <TextDialog phone={texted} account={item.account} onClose={() => setTexted(undefined)} />
    </>
  );
}

function OpenThere({ item, web }: { item: HistoryItem; web: string }) {
  const t = useWords();
  const platform = useAccount(item.account)?.account.platform;
  const [problem, setProblem] = useState<Problem>();
  return (
    <div className={css.buttons}>
      <Button
        icon="out"
        onPress={() => {
          setProblem(undefined);
          host.call("open_link", web).catch((thrown) => setProblem(asProblem(thrown)));
        }}
      >
        {t("action.open_there", { platform: platform ? t(`platform.${platform}`) : item.account })}
      </Button>
      {problem && <Trouble problem={problem} />}
    </div>
  );
}

export function HistoryPane({
  item,
  onBack,
  onMark,
}: {
  item: HistoryItem;
  onBack: () => void;
  onMark: (mark: HistoryMark) => Promise<void>;
}) {
  const t = useWords();
  const { name, isNumber } = partyName(item, t);
  const { phone, company, address } = item.party;
  const { doing, problem, mark } = useMarking(onMark);
  const [deleting, setDeleting] = useState(false);
  return (
    <article className={css.detail}>
      <div className={css.back}>
        <Button tone="quiet" icon="back" onPress={onBack}>
          {t("contacts.back")}
        </Button>
      </div>
      <header data-selectable>
        <h2>{isNumber ? <bdi dir="ltr">{name}</bdi> : <bdi>{name}</bdi>}</h2>
        <p className={css.under}>
          {phone && !isNumber && <PhoneNumber phone={phone} />}
          {company !== null && company !== name && <bdi>{company}</bdi>}
          {address !== null && address !== name && <bdi>{address}</bdi>}
        </p>
      </header>
      {phone ? (
        <Call
          item={item}
          phone={phone}
          onCalled={() => {
            if (item.seen === false) void mark({ mark: "seen" });
          }}
        />
      ) : (
        <Notice mood="info" title={t("history.no_number")} heard={false} />
      )}
      <Facts item={item} />
      <ActivityFacts facts={item.facts} />
      {item.web !== null && <OpenThere item={item} web={item.web} />}
      {item.handled && <HandledBy item={item} handled={item.handled} onMark={onMark} />}
      {(item.seen !== null || item.played !== null) && (
        <div className={css.buttons}>
          {item.seen !== null && (
            <Button
              icon="check"
              pending={doing === "seen" || doing === "unseen"}
              onPress={() => void mark({ mark: item.seen ? "unseen" : "seen" })}
            >
              {item.seen ? t("history.mark_unseen") : t("history.mark_seen")}
            </Button>
          )}
          {item.played === false && (
            <Button icon="sound" pending={doing === "played"} onPress={() => void mark({ mark: "played" })}>
              {t("history.mark_played")}
            </Button>
          )}
          <Button tone="quiet" icon="trash" onPress={() => setDeleting(true)}>
            {t("history.delete")}
          </Button>
        </div>
      )}
      {item.played === true && <p className={css.soft}>{t("history.played")}</p>}
      {problem && !deleting && <Trouble problem={problem} />}
      <Dialog
        open={deleting}
        title={t("history.delete_title")}
        role="alertdialog"
        onClose={() => setDeleting(false)}
      >
        <p>{t("history.delete_text")}</p>
        {problem && <Trouble problem={problem} />}
        <Answers>
          <Button onPress={() => setDeleting(false)}>{t("common.cancel")}</Button>
          <Button tone="bad" pending={doing === "deleted"} onPress={() => void mark({ mark: "deleted" })}>
            {t("history.delete")}
          </Button>
        </Answers>
      </Dialog>
    </article>
  );
}
