// What is around a contact: tickets and past activities, and what of them could not be read.

import { Tickets } from "../domain/ScreenPop";
import { Trouble } from "../domain/Trouble";
import { activityIcon } from "../domain/who";
import type { ContactDetail } from "../generated/model";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { useMirror } from "../state/store";
import { openNewTicket } from "../state/ui";
import { dayTime, timer } from "../words/format";
import { useWords } from "../words/words";
import css from "./ContactPane.module.css";

export function ContactFacts({ detail }: { detail: ContactDetail }) {
  const t = useWords();
  const can = useMirror((mirror) =>
    mirror.accounts.some((one) => one.capabilities.includes("create_tickets")),
  );
  return (
    <>
      {detail.problems.map((problem) => (
        <Trouble key={problem.code} problem={problem} />
      ))}
      {detail.unreadable > 0 && (
        <Notice mood="warn" title={t("contacts.unreadable", { count: detail.unreadable })} />
      )}
      <section aria-label={t("contact.tickets")} className={css.part}>
        <h3>{t("contact.tickets")}</h3>
        {detail.tickets.length > 0 ? (
          <Tickets tickets={detail.tickets} />
        ) : (
          <p className={css.soft}>{t("contact.no_tickets")}</p>
        )}
        {can && (
          <p>
            <Button
              icon="plus"
              onPress={() => openNewTicket({ account: detail.contact.account, contact: detail.contact.id })}
            >
              {t("tickets.new")}
            </Button>
          </p>
        )}
      </section>
      <section aria-label={t("contact.past")} className={css.part}>
        <h3>{t("contact.past")}</h3>
        {detail.activities.length === 0 && <p className={css.soft}>{t("contact.no_past")}</p>}
        <ul className={css.past}>
          {detail.activities.map((past) => (
            <li key={`${past.at}/${past.title}`} className={css.was}>
              <Icon name={activityIcon({ ...past, phase: "open" })} size="s" />
              <Icon name={past.direction === "out" ? "out" : "in"} size="s" />
              <span className="heard">{t(`direction.${past.direction}`)}</span>
              <span className={css.what} data-selectable>
                <bdi>{past.title}</bdi>
                <span className={css.soft}>
                  {[dayTime(past.at), past.seconds === null ? "" : timer(past.seconds)]
                    .filter(Boolean)
                    .join(" · ")}
                  {past.agent !== null && (
                    <>
                      {" · "}
                      <bdi>{past.agent}</bdi>
                    </>
                  )}
                </span>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
