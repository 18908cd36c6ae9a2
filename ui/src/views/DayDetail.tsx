// What was chosen on the line: all that is known of this contact or this stretch.

import type { ReactNode } from "react";
import type { DayThing } from "../domain/DayLine";
import { bandSign, otherSide, outcomeSign, stretch } from "../domain/dayWords";
import { PhoneNumber } from "../domain/Names";
import { pauseMore } from "../domain/State";
import type { ContactBlock, Day, StateBand, Timestamp } from "../generated/model";
import { Button } from "../parts/Button";
import { Kbd } from "../parts/Kbd";
import { bandEnd, overAt, partsOf } from "../state/dayScale";
import { useAccount } from "../state/store";
import { duration, timer } from "../words/format";
import { useWords } from "../words/words";
import css from "./Day.module.css";
import { DayChip, WITNESS } from "./DayTables";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ContactFacts({
  contact,
  now,
  onCall,
}: {
  contact: ContactBlock;
  now: Timestamp;
  onCall: (contact: ContactBlock) => void;
}) {
  const t = useWords();
  const account = useAccount(contact.account);
  const { name, isNumber } = otherSide(contact.party, t);
  const { waited, talk, hold, wrap_up } = partsOf(contact, now);
  const sign = outcomeSign(contact.outcome);
  const { phone } = contact.party;
  return (
    <>
      <header className={css.detailHead} data-selectable>
        <h3>{isNumber ? <bdi dir="ltr">{name}</bdi> : <bdi>{name}</bdi>}</h3>
        <DayChip sign={sign} words={t(sign.words)} />
        {contact.outcome === "missed" && contact.returned && <span>{t("day.returned")}</span>}
        {phone && (
          <Button icon="phone" onPress={() => onCall(contact)}>
            {t("history.call_back")} <Kbd keys={["c"]} />
          </Button>
        )}
      </header>
      <dl className={css.facts}>
        <Fact name={t("day.when")}>
          <bdi>{stretch(contact.began, overAt(contact, now))}</bdi>
        </Fact>
        <Fact name={t("day.channel")}>
          {t(`channel.${contact.channel}`)}, {t(`direction.${contact.direction}`)}
        </Fact>
        {phone && !isNumber && (
          <Fact name={t("dial.number")}>
            <PhoneNumber phone={phone} />
          </Fact>
        )}
        {contact.queue && (
          <Fact name={t("dial.queue")}>
            <bdi>{contact.queue.title}</bdi>
          </Fact>
        )}
        <Fact name={t("dial.account")}>
          <bdi>{account?.account.name ?? contact.account}</bdi>
        </Fact>
        {waited > 0 && (
          <Fact name={t("day.sign_waited")}>
            <bdi>{timer(waited)}</bdi>
          </Fact>
        )}
        {talk > 0 && (
          <Fact name={t("day.talk")}>
            <bdi>{timer(talk)}</bdi>
          </Fact>
        )}
        {hold > 0 && (
          <Fact name={t("day.hold")}>
            <bdi>{timer(hold)}</bdi>
          </Fact>
        )}
        {wrap_up > 0 && (
          <Fact name={t("day.wrap_up")}>
            <bdi>{timer(wrap_up)}</bdi>
          </Fact>
        )}
        <Fact name={t("day.witness")}>{t(WITNESS[contact.witness])}</Fact>
      </dl>
    </>
  );
}

function BandFacts({ band, day, now }: { band: StateBand; day: Day; now: Timestamp }) {
  const t = useWords();
  const account = useAccount(band.account);
  const sign = bandSign(band, t);
  const to = bandEnd(band, day, now);
  const seconds = Math.round((to - band.from) / 1000);
  const { state } = band;
  const paused = state.was === "present" && state.presence === "paused";
  const over = paused && state.max_minutes !== null ? seconds - state.max_minutes * 60 : 0;
  return (
    <>
      <header className={css.detailHead} data-selectable>
        <h3>
          <bdi>{sign.words}</bdi>
        </h3>
        {over > 0 && (
          <DayChip sign={{ tone: "bad", icon: "alert" }} words={t("pause.over", { time: duration(over) })} />
        )}
      </header>
      {state.was === "unheard" && <p className={css.soft}>{t("day.unheard_more")}</p>}
      <dl className={css.facts}>
        <Fact name={t("day.when")}>
          <bdi>{stretch(band.from, to)}</bdi>
        </Fact>
        <Fact name={t("day.length")}>
          <bdi>{duration(seconds)}</bdi>
          {band.open && ` · ${t("day.outcome_open")}`}
        </Fact>
        <Fact name={t("dial.account")}>
          <bdi>{account?.account.name ?? band.account}</bdi>
        </Fact>
        {paused && <Fact name={t("day.allowance")}>{pauseMore(state, t)}</Fact>}
        {state.was !== "unheard" && <Fact name={t("day.witness")}>{t(WITNESS[band.witness])}</Fact>}
      </dl>
    </>
  );
}

export function DayDetail({
  thing,
  day,
  now,
  onCall,
}: {
  thing: DayThing;
  day: Day;
  now: Timestamp;
  onCall: (contact: ContactBlock) => void;
}) {
  const t = useWords();
  return (
    <section className={css.detail} aria-label={t("history.detail")}>
      {thing.contact ? (
        <ContactFacts contact={thing.contact} now={now} onCall={onCall} />
      ) : (
        <BandFacts band={thing.band} day={day} now={now} />
      )}
    </section>
  );
}
