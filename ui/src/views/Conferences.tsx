// Conferences of the calendar: joining lets the platform call one of my devices; dialling in by number is the other way.

import { useCallback, useEffect, useState } from "react";
import { useDialling } from "../domain/dialling";
import { PhoneNumber } from "../domain/Names";
import { Refusal, Trouble } from "../domain/Trouble";
import type { CalendarConference, Problem } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { Select } from "../parts/Field";
import { Notice } from "../parts/Notice";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { announceLater } from "../state/announce";
import { copy } from "../state/clipboard";
import { useNow } from "../state/clock";
import { useStanding } from "../state/commands";
import { useParsed } from "../state/numbers";
import { useAccount } from "../state/store";
import { clockRange, clockTime, dayName } from "../words/format";
import { useWords } from "../words/words";
import css from "./History.module.css";

/** Stands for "let the platform choose" in the list of devices. */
const ANY = "*any*";

/** A number as people write it, once the core has read it. */
function Readable({ number }: { number: string }) {
  const parsed = useParsed(number);
  return parsed ? <PhoneNumber phone={parsed.phone} /> : <bdi dir="ltr">{number}</bdi>;
}

function DialIn({ conference }: { conference: CalendarConference }) {
  const t = useWords();
  const dialling = useDialling(conference.account);
  const { pending, command } = useStanding("dial");
  const mine = command?.do === "dial" && conference.numbers.includes(command.number);
  return (
    <>
      <ul className={css.buttons}>
        {conference.numbers.map((number) => (
          <li key={number}>
            <Button
              icon="phone"
              aria-label={t("contact.call", { number })}
              pending={pending && command?.do === "dial" && command.number === number}
              isDisabled={pending || dialling.accounts.length === 0}
              onPress={() => void dialling.call(number)}
            >
              <Readable number={number} />
            </Button>
          </li>
        ))}
        {conference.pin !== null && (
          <li className={css.pin}>
            {t("conference.pin")}{" "}
            <bdi dir="ltr" data-selectable>
              {conference.pin}
            </bdi>
            <IconButton
              name={t("conference.copy_pin")}
              icon="copy"
              onPress={() =>
                void copy(conference.pin ?? "").then(
                  (copied) => copied && announceLater(t("diagnostics.copied")),
                )
              }
            />
          </li>
        )}
      </ul>
      {mine && <Refusal command="dial" />}
    </>
  );
}

function One({ conference }: { conference: CalendarConference }) {
  const t = useWords();
  const now = useNow();
  const account = useAccount(conference.account);
  const devices = account?.devices ?? [];
  const [device, setDevice] = useState(ANY);
  const [doing, setDoing] = useState<"join" | "leave">();
  const [done, setDone] = useState<"join" | "leave">();
  const [problem, setProblem] = useState<Problem>();
  const { id, title, begins, ends, organiser, participants, note } = conference;
  const on = begins <= now && (ends === null || now < ends);
  const over = ends !== null && ends <= now;
  const take = async (part: "join" | "leave"): Promise<void> => {
    setDoing(part);
    setDone(undefined);
    setProblem(undefined);
    try {
      await host.call("take_part", {
        account: conference.account,
        conference: id,
        join: part === "join",
        device: part === "leave" || device === ANY ? null : device,
      });
      setDone(part);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setDoing(undefined);
  };
  return (
    <article className={css.conference} aria-label={title}>
      <header className={css.under}>
        <h3>
          <bdi>{title}</bdi>
        </h3>
        {on && <span className={css.on}>{t("conference.now")}</span>}
      </header>
      <p className={css.under}>
        <span>
          {dayName(begins, now)}, {ends === null ? clockTime(begins) : clockRange(begins, ends)}
        </span>
        {account && <bdi>{account.account.name}</bdi>}
      </p>
      {organiser !== null && (
        <p className={css.under}>
          {t("conference.organiser")} <bdi>{organiser}</bdi>
        </p>
      )}
      {participants.length > 0 && (
        <p className={css.under}>
          {t("conference.participants")} <bdi>{participants.join(", ")}</bdi>
        </p>
      )}
      {note !== null && note !== "" && (
        <p className={css.note} data-selectable>
          <bdi>{note}</bdi>
        </p>
      )}
      {(conference.numbers.length > 0 || conference.pin !== null) && <DialIn conference={conference} />}
      {!over && (
        <div className={css.joining}>
          {devices.length > 1 && (
            <Select
              label={t("conference.device")}
              value={device}
              options={[{ id: ANY, title: t("dial.any_device") }, ...devices]}
              onChange={setDevice}
            />
          )}
          <Button
            tone={on ? "main" : "plain"}
            icon="conference"
            pending={doing === "join"}
            isDisabled={doing !== undefined}
            onPress={() => void take("join")}
          >
            {t("conference.join")}
          </Button>
          <Button
            tone="quiet"
            pending={doing === "leave"}
            isDisabled={doing !== undefined}
            onPress={() => void take("leave")}
          >
            {t("conference.leave")}
          </Button>
        </div>
      )}
      {done && <Notice mood="info" title={t(done === "join" ? "conference.joined" : "conference.left")} />}
      {problem && <Trouble problem={problem} />}
    </article>
  );
}

export function Conferences() {
  const t = useWords();
  const [found, setFound] = useState<readonly CalendarConference[]>();
  const [problem, setProblem] = useState<Problem>();
  const load = useCallback(() => {
    let current = true;
    setProblem(undefined);
    host.call("conferences").then(
      (there) => current && setFound([...there].sort((a, b) => a.begins - b.begins)),
      (thrown) => current && setProblem(asProblem(thrown)),
    );
    return () => {
      current = false;
    };
  }, []);
  useEffect(load, [load]);
  return (
    <div className={css.conferences}>
      {problem && (
        <Trouble
          problem={problem}
          actions={<Button onPress={() => void load()}>{t("common.try_again")}</Button>}
        />
      )}
      {!found && !problem && (
        <p className={css.words}>
          <Spinner /> {t("common.loading")}
        </p>
      )}
      {found?.length === 0 && (
        <Empty icon="conference" title={t("conference.none")}>
          {t("conference.none_more")}
        </Empty>
      )}
      {found?.map((conference) => (
        <One key={`${conference.account}/${conference.id}`} conference={conference} />
      ))}
    </div>
  );
}
