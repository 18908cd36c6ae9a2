// What a connection check found, line by line, with a sign that does not need its colour. The operations of a platform,
// which may be hundreds, are gathered by the vendor's areas and counted; an area opens on demand.

import { useState } from "react";
import type { CheckLine, ConnectionReport } from "../generated/model";
import { Button } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { count } from "../words/format";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
import { areas, tally, VERDICTS, type Verdict, verdictOf } from "./checks";
import css from "./Report.module.css";
import { Trouble } from "./Trouble";

const WHAT: Readonly<Record<string, Key>> = {
  address: "check.address",
  sign_in: "check.sign_in",
  pull: "check.pull",
  devices: "check.devices",
  queues: "check.queues",
  dial: "check.dial",
  contacts: "check.contacts",
  tickets: "check.tickets",
  ticket_writing: "check.ticket_writing",
  knowledge: "check.knowledge",
  pauses: "check.pauses",
};

/** Passing by not being tried is no fault, what the tenant does not have is no alarm, the rest is. */
const TONE: Readonly<Record<Verdict, string | undefined>> = {
  works: css.good,
  not_licensed: css.warn,
  forbidden: css.warn,
  no_such_operation: css.warn,
  fails: css.bad,
  not_tried: undefined,
};

function Sign({ verdict }: { verdict: Verdict }) {
  const icon =
    verdict === "works"
      ? "check"
      : verdict === "not_tried"
        ? "unknown"
        : verdict === "fails"
          ? "refused"
          : "lock";
  return (
    <span className={cx(css.sign, TONE[verdict])}>
      <Icon name={icon} />
    </span>
  );
}

function Line({ line }: { line: CheckLine }) {
  const t = useWords();
  const what = WHAT[line.what];
  const verdict = verdictOf(line);
  return (
    <li className={css.line}>
      <Sign verdict={verdict} />
      <span>{what ? t(what) : <bdi>{line.what}</bdi>}</span>
      <span className={css.soft}>
        {t(`check.${verdict}`)}
        {line.detail !== null && line.detail !== "" && (
          <>
            {" · "}
            <bdi>{line.detail}</bdi>
          </>
        )}
      </span>
      {line.problem && (
        <div className={css.trouble}>
          <Trouble problem={line.problem} place="settings" />
        </div>
      )}
    </li>
  );
}

/** One operation: its name, its verdict, and the platform's reason in a few words. */
function Operation({ line }: { line: CheckLine }) {
  const t = useWords();
  const verdict = verdictOf(line);
  const why = line.problem ? [...line.problem.said, ...Object.values(line.problem.facts)] : [];
  return (
    <li className={css.line}>
      <Sign verdict={verdict} />
      <bdi className={css.operation}>{line.what}</bdi>
      <span className={css.soft}>
        {t(`check.${verdict}`)}
        {why.length > 0 && (
          <>
            {" · "}
            <bdi>{why.join(" · ")}</bdi>
          </>
        )}
      </span>
    </li>
  );
}

function tallied(lines: readonly CheckLine[], t: Words): string {
  const found = tally(lines);
  return VERDICTS.filter((verdict) => found[verdict] > 0)
    .map((verdict) => t("check.counted", { what: t(`check.${verdict}`), shown: count(found[verdict]) }))
    .join(" · ");
}

function Area({ name, lines }: { name: string; lines: readonly CheckLine[] }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className={css.area}>
        <Button tone="quiet" icon={open ? "up" : "down"} aria-expanded={open} onPress={() => setOpen(!open)}>
          <bdi className={css.operation}>{name}</bdi>
        </Button>
        <span className={css.soft}>{tallied(lines, t)}</span>
      </div>
      {open && (
        <ul className={cx(css.lines, css.inner)}>
          {lines.map((line) => (
            <Operation key={line.what} line={line} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function Report({ report }: { report: ConnectionReport }) {
  const t = useWords();
  const { steps, operations } = areas(report.lines);
  const all = operations.flatMap((area) => area.lines);
  return (
    <section className={css.report} aria-label={t("check.title")}>
      <p className={css.who} data-selectable>
        <bdi dir="ltr">{report.url}</bdi>
        {report.version !== null && (
          <>
            {" · "}
            <bdi>{report.version}</bdi>
          </>
        )}
        {report.user !== null && (
          <>
            {" · "}
            <bdi>{report.user}</bdi>
          </>
        )}
      </p>
      <ul className={css.lines}>
        {steps.map((line) => (
          <Line key={line.what} line={line} />
        ))}
      </ul>
      {all.length > 0 && (
        <section className={css.lines} aria-label={t("check.operations")}>
          <h4>{t("check.operations")}</h4>
          <p className={css.soft}>{tallied(all, t)}</p>
          <ul className={css.lines}>
            {operations.map((area) => (
              <Area key={area.name} {...area} />
            ))}
          </ul>
        </section>
      )}
    </section>
  );
}
