// One ticket in the list: who, what, where it stands, until when. Of fixed height; what has no room is cut.

import { memo } from "react";
import {
  AccountMark,
  ChannelMark,
  Countdown,
  isDone,
  PriorityMark,
  StageMark,
  UnsentMark,
} from "../domain/Marks";
import type { Ticket } from "../generated/model";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import type { RowProps } from "../parts/LongRows";
import { engineNow } from "../state/clock";
import { rowAt, useInbox } from "../state/inbox";
import { pick, usePicking } from "../state/picking";
import { useMirror } from "../state/store";
import { moment } from "../words/format";
import { useWords } from "../words/words";
import css from "./InboxRow.module.css";

/** A row whose window is still on its way. */
function Skeleton() {
  const t = useWords();
  return (
    <div className={css.skeleton}>
      <span className="heard">{t("common.loading")}</span>
      <span className={css.bar} />
      <span className={css.bar} />
      <span className={css.bar} />
    </div>
  );
}

/** What the ticket says. It is drawn again when the ticket changed, and at no other time. */
const Words = memo(function Words({
  ticket,
  gone,
  several,
}: {
  ticket: Ticket;
  gone: boolean;
  several: boolean;
}) {
  const t = useWords();
  const { customer, owner, tags } = ticket;
  return (
    <div className={cx(css.words, ticket.unread && css.unread, gone && css.gone)}>
      {ticket.unread && (
        <span className={css.dot}>
          <span className="heard">{t("inbox.unread")}</span>
        </span>
      )}
      <span className={css.line}>
        <ChannelMark channel={ticket.channel} />
        <bdi className={css.who}>{customer.name || customer.address || t("shell.unknown_caller")}</bdi>
        <UnsentMark ticket={ticket.id} />
        <span className={css.end}>
          {ticket.due && <Countdown due={ticket.due} done={isDone(ticket)} />}
          <span className={css.when}>{moment(ticket.changed_at, engineNow())}</span>
        </span>
      </span>
      <span className={css.line}>
        <PriorityMark priority={ticket.priority} />
        <bdi className={css.title}>{ticket.title || t("inbox.no_title")}</bdi>
        {ticket.has_files && (
          <span className={css.soft}>
            <Icon name="attach" size="s" />
            <span className="heard">{t("inbox.has_files")}</span>
          </span>
        )}
        <bdi className={css.number}>#{ticket.number}</bdi>
        {several && <AccountMark account={ticket.account} />}
      </span>
      <span className={css.line}>
        {gone ? (
          <span className={css.stage}>{t("work.gone")}</span>
        ) : (
          <span className={css.stage}>
            <StageMark stage={ticket.stage} said={ticket.stage_said} />
          </span>
        )}
        <span className={cx(css.owner, ticket.mine && css.mine)}>
          {ticket.mine ? t("inbox.me") : owner ? <bdi>{owner.title}</bdi> : t("inbox.nobody")}
        </span>
        {tags.slice(0, 2).map((tag) => (
          <bdi key={tag.id} className={css.tag}>
            {tag.title}
          </bdi>
        ))}
        {tags.length > 2 && <span className={css.soft}>+{tags.length - 2}</span>}
        <bdi className={css.preview}>{ticket.preview}</bdi>
      </span>
    </div>
  );
});

export function InboxRow({ index }: RowProps) {
  const ticket = useInbox((inbox) => rowAt(inbox, index));
  const gone = useInbox((inbox) => ticket !== undefined && inbox.gone.has(ticket.id));
  const picked = usePicking(
    (picking) => picking.all || (ticket !== undefined && picking.picked.has(ticket.id)),
  );
  const several = useMirror(
    (mirror) => mirror.accounts.filter((one) => one.capabilities.includes("tickets")).length > 1,
  );
  return (
    <div className={css.row}>
      {/* The keyboard picks with X or Space; the option itself says whether it is picked. */}
      <span
        className={cx(css.check, picked && css.picked)}
        aria-hidden="true"
        data-check
        onClick={(event) => {
          event.stopPropagation();
          if (!event.shiftKey) pick(index);
        }}
      >
        <span className={css.box}>{picked && <Icon name="ready" size="s" />}</span>
      </span>
      {ticket ? <Words ticket={ticket} gone={gone} several={several} /> : <Skeleton />}
    </div>
  );
}
