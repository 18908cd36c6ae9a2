// Who is this? The contacts it may be, how sure we are, and their open tickets.

import { Button as Pressable } from "react-aria-components";
import type { Activity, ContactMatch, TicketRef } from "../generated/model";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { showContact, showTicket } from "../state/ui";
import { useWords } from "../words/words";
import css from "./ScreenPop.module.css";

/** Tickets in a list. */
export function Tickets({ tickets }: { tickets: readonly TicketRef[] }) {
  return (
    <ul className={css.tickets}>
      {tickets.map((ticket) => (
        <li key={ticket.id} className={css.ticket}>
          <Icon name="ticket" size="s" />
          <span>
            <Pressable className={css.open} onPress={() => showTicket(ticket.id)}>
              <bdi>{ticket.title}</bdi>
            </Pressable>{" "}
            <span className={css.soft} data-selectable>
              <bdi>#{ticket.number}</bdi>
              {ticket.stage !== null && (
                <>
                  {" · "}
                  <bdi>{ticket.stage}</bdi>
                </>
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Match({ match }: { match: ContactMatch }) {
  const t = useWords();
  const { contact, confidence, tickets } = match;
  return (
    <li className={css.match}>
      <Button tone="quiet" icon="contacts" onPress={() => showContact(contact.id)}>
        <bdi>{contact.title}</bdi>
        {confidence === "maybe" && <span className={css.soft}> {t("caller.maybe")}</span>}
      </Button>
      {contact.company !== null && (
        <span className={css.soft}>
          <bdi>{contact.company}</bdi>
        </span>
      )}
      {contact.description !== null && (
        <p className={css.words}>
          <bdi>{contact.description}</bdi>
        </p>
      )}
      {tickets.length > 0 && (
        <>
          <p className={css.label}>{t("caller.open_tickets", { count: tickets.length })}</p>
          <Tickets tickets={tickets} />
        </>
      )}
    </li>
  );
}

export function ScreenPop({ activity }: { activity: Activity }) {
  const t = useWords();
  return (
    <section aria-label={t("caller.known")} className={css.pop}>
      {activity.matches.length === 0 ? (
        activity.party.phone && !activity.call?.conference && <p className={css.soft}>{t("caller.nobody")}</p>
      ) : (
        <ul className={css.matches}>
          {activity.matches.map((match) => (
            <Match key={match.contact.id} match={match} />
          ))}
        </ul>
      )}
      {activity.ticket && (
        <>
          <p className={css.label}>{t("caller.ticket")}</p>
          <Tickets tickets={[activity.ticket]} />
        </>
      )}
    </section>
  );
}
