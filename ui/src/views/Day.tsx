// My day: what I did and when, drawn to scale, with its sums beside what is usual for me. Today goes on by itself; every
// day that is kept can be looked at, and what the platforms know of it can be asked for.

import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { DayLine, type DayThing, thingId } from "../domain/DayLine";
import { callBack } from "../domain/dialling";
import { Refusal, Trouble } from "../domain/Trouble";
import type { ContactBlock, Day as DayRecord, Timestamp } from "../generated/model";
import { Button } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { Switch } from "../parts/Field";
import { Kbd } from "../parts/Kbd";
import { Spinner } from "../parts/Spinner";
import { engineNow, useByNow } from "../state/clock";
import { useStanding } from "../state/commands";
import { useDay } from "../state/day";
import { busyPart, dateOf, noonOf, wholeDay } from "../state/dayScale";
import { useMirror } from "../state/store";
import { dayName } from "../words/format";
import { useWords } from "../words/words";
import css from "./Day.module.css";
import { DayDetail } from "./DayDetail";
import { DayExport } from "./DayExport";
import { DayPicker } from "./DayPicker";
import { DaySums } from "./DaySums";
import { ContactTable, PauseTable, StateTable } from "./DayTables";

const ZOOMS = ["day", "busy", "close"] as const;
type Zoom = (typeof ZOOMS)[number];

function Legend() {
  const t = useWords();
  const signs = ["talk", "waited", "wrap_up", "unheard", "told"] as const;
  return (
    <ul className={css.legend} aria-label={t("day.legend")}>
      {signs.map((sign) => (
        <li key={sign}>
          <span className={css[`sign_${sign}`]} aria-hidden="true" />
          {t(`day.sign_${sign}`)}
        </li>
      ))}
    </ul>
  );
}

/** The line, or the same as tables. */
function Course({
  day,
  now,
  onCall,
}: {
  day: DayRecord;
  now: Timestamp;
  onCall: (contact: ContactBlock) => void;
}) {
  const t = useWords();
  const [zoom, setZoom] = useState<Zoom>("busy");
  const [tables, setTables] = useState(false);
  const [chosen, choose] = useState<string>();
  const things: readonly DayThing[] = [
    ...day.contacts.map((contact) => ({ contact })),
    ...day.bands.map((band) => ({ band })),
  ];
  const thing = things.find((one) => thingId(one) === chosen);
  return (
    <section className={css.card} aria-label={t("day.course")}>
      <header className={css.head}>
        <h2>{t("day.course")}</h2>
        {!tables && (
          <ToggleButtonGroup
            className={css.zooms}
            aria-label={t("day.zoom")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[zoom]}
            onSelectionChange={(keys) => setZoom(([...keys][0] as Zoom | undefined) ?? "busy")}
          >
            {ZOOMS.map((id) => (
              <ToggleButton key={id} id={id} className={css.zoom}>
                {t(`day.zoom_${id}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
        <Switch label={t("day.as_tables")} value={tables} onChange={setTables} />
      </header>
      {tables ? (
        <>
          <ContactTable day={day} now={now} onCall={onCall} />
          <StateTable day={day} now={now} />
        </>
      ) : (
        <>
          <DayLine
            day={day}
            now={now}
            span={zoom === "day" ? wholeDay(day) : busyPart(day, now)}
            close={zoom === "close"}
            chosen={chosen}
            onChoose={(next) => choose(thingId(next))}
            onCall={onCall}
          />
          <Legend />
          {thing ? (
            <DayDetail thing={thing} day={day} now={now} onCall={onCall} />
          ) : (
            <p className={css.soft}>
              {t("day.choose")} <Kbd keys={["←"]} /> <Kbd keys={["→"]} /> <Kbd keys={["↑"]} />{" "}
              <Kbd keys={["↓"]} />
            </p>
          )}
        </>
      )}
    </section>
  );
}

export function Day() {
  const t = useWords();
  const [date, setDate] = useState<string | null>(null);
  const { day, problem, silent, asking, ask, again } = useDay(date);
  const [exporting, setExporting] = useState(false);
  const [called, setCalled] = useState<string>();
  const { command } = useStanding("dial");
  const askable = useMirror((mirror) =>
    mirror.accounts.some((one) => one.capabilities.includes("past_days")),
  );
  // The minute is enough: nothing here is drawn to the second.
  const now = useByNow((at) => Math.floor(at / 60_000)) * 60_000;
  const shown = day?.date ?? date ?? dateOf(engineNow());
  const goesOn = day !== undefined && day.until < day.ends;
  const present = goesOn ? Math.max(day.until, now) : (day?.until ?? now);
  const call = (contact: ContactBlock): void => {
    const { phone } = contact.party;
    if (!phone) return;
    setCalled(phone.raw);
    void callBack(contact.account, phone.raw);
  };
  const askButton = askable && (
    <Button icon="resend" pending={asking} onPress={() => void ask()}>
      {t("day.ask")}
    </Button>
  );
  return (
    <div className={css.day}>
      <header className={css.top}>
        <h2 className={css.title}>{dayName(noonOf(shown), engineNow())}</h2>
        <DayPicker date={date} shown={shown} onChoose={setDate} />
        <div className={css.tools}>
          {askButton}
          <Button icon="save" onPress={() => setExporting(true)}>
            {t("day.export")}
          </Button>
        </div>
      </header>
      {problem && (
        <Trouble
          problem={problem}
          actions={<Button onPress={() => void again()}>{t("common.try_again")}</Button>}
        />
      )}
      {silent.map((one) => (
        <Trouble key={`${one.account}/${one.code}`} problem={one} title={t("day.silent")} />
      ))}
      {command?.do === "dial" && command.number === called && <Refusal command="dial" />}
      {!day ? (
        !problem && (
          <p className={css.soft} role="status">
            <Spinner /> {t("common.loading")}
          </p>
        )
      ) : day.bands.length === 0 && day.contacts.length === 0 ? (
        <Empty icon="clock" title={t("day.empty")} action={askButton}>
          {t(askable ? "day.empty_ask" : "day.empty_more")}
        </Empty>
      ) : (
        <>
          <Course key={day.date} day={day} now={present} onCall={call} />
          <DaySums day={day} />
          {day.pauses.length > 0 && <PauseTable day={day} />}
        </>
      )}
      <DayExport day={shown} open={exporting} onClose={() => setExporting(false)} />
    </div>
  );
}
