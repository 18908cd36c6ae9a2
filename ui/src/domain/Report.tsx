// What a connection check found, line by line, with a sign that does not need its colour.

import type { CheckLine, ConnectionReport } from "../generated/model";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import type { Key, Words } from "../words/words";
import { useWords } from "../words/words";
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
  pauses: "check.pauses",
};

function verdict(line: CheckLine, t: Words): string {
  if (line.ok === null) return t("check.not_tried");
  return line.ok ? t("check.works") : t("check.fails");
}

export function Report({ report }: { report: ConnectionReport }) {
  const t = useWords();
  return (
    <section className={css.report} aria-label={t("check.title")}>
      <p className={css.who} data-selectable>
        <bdi dir="ltr">{report.url}</bdi>
        {report.version !== null && ` · ${report.version}`}
        {report.user !== null && (
          <>
            {" · "}
            <bdi>{report.user}</bdi>
          </>
        )}
      </p>
      <ul className={css.lines}>
        {report.lines.map((line) => {
          const what = WHAT[line.what];
          return (
            <li key={line.what} className={css.line}>
              <span className={cx(css.sign, line.ok === true && css.good, line.ok === false && css.bad)}>
                <Icon name={line.ok === null ? "unknown" : line.ok ? "check" : "refused"} />
              </span>
              <span>{what ? t(what) : line.what}</span>
              <span className={css.soft}>
                {[verdict(line, t), line.detail ?? ""].filter(Boolean).join(" · ")}
              </span>
              {line.problem && (
                <div className={css.trouble}>
                  <Trouble problem={line.problem} place="settings" />
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
