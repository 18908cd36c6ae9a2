// One ticket: what stands above, the time line, what is being written below, and beside it who the customer is. What this
// computer keeps is there at once; the platform's answer only adds to it.

import { useEffect, useState } from "react";
import { Trouble } from "../domain/Trouble";
import type { TicketDetail, TicketId } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Empty } from "../parts/Empty";
import { Notice } from "../parts/Notice";
import { Spinner } from "../parts/Spinner";
import { host } from "../platform";
import { engineNow } from "../state/clock";
import { type Conversation as Read, useConversation } from "../state/conversation";
import { useAccount } from "../state/store";
import { useUi, writeIn } from "../state/ui";
import { useWatch } from "../state/watch";
import { moment } from "../words/format";
import { useWords } from "../words/words";
import { Composer } from "./Composer";
import { Conflicts } from "./Conflict";
import css from "./Conversation.module.css";
import { ConversationHead } from "./ConversationHead";
import { ConversationLine } from "./ConversationLine";
import { Records } from "./Records";
import { StuckChanges, Typed, useFields } from "./TicketFields";

/** Marks it as read once somebody looks at it: anew whenever something was added. */
function useRead(ticket: TicketId, unread: boolean, changed: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was added since is read too
  useEffect(() => {
    const look = (): void => {
      if (unread && !document.hidden) host.call("mark_read", ticket).catch(() => undefined);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [ticket, unread, changed]);
}

function There({ conversation }: { conversation: Read & { detail: TicketDetail } }) {
  const t = useWords();
  const { detail, reading, problem, gone, again, earlier, replace } = conversation;
  const { ticket } = detail;
  const [aside, setAside] = useState<boolean>();
  const [about, setAbout] = useState<string>();
  const fields = useFields(detail);
  const account = useAccount(ticket.account);
  useRead(ticket.id, ticket.unread, ticket.changed_at);
  const offline = account !== undefined && account.health.link !== "live";
  const may = (action: "reply" | "forward"): boolean => !gone && detail.actions.includes(action);
  const write = (kind: "reply" | "forward") =>
    may(kind)
      ? (entry: { id: string }): void => {
          setAbout(entry.id);
          writeIn(ticket.id, kind);
        }
      : undefined;
  return (
    <div className={css.conversation} data-aside={aside === undefined ? "auto" : aside ? "open" : "closed"}>
      <div className={css.main}>
        <ConversationHead
          detail={detail}
          fields={fields}
          reading={reading}
          onAside={() => setAside(aside === undefined ? !isWide() : !aside)}
        />
        <div className={css.notes}>
          {gone && (
            <Notice mood="bad" title={t("ticket.gone")}>
              <p>{t("ticket.gone_more")}</p>
            </Notice>
          )}
          {!gone && (problem || offline) && (
            <Notice
              mood="warn"
              title={t("ticket.kept", { when: moment(detail.read_at, engineNow()) })}
              actions={
                <Button pending={reading} onPress={again}>
                  {t("common.try_again")}
                </Button>
              }
            />
          )}
          {detail.problems.map((one) => (
            <Trouble key={`${one.code}/${one.facts.operation ?? ""}`} problem={one} />
          ))}
          {detail.unreadable > 0 && (
            <Notice mood="warn" title={t("ticket.unreadable", { count: detail.unreadable })} />
          )}
          <Typed detail={detail} fields={fields} />
          <Conflicts ticket={ticket.id} />
          <StuckChanges detail={detail} />
        </div>
        <ConversationLine
          detail={detail}
          earlier={earlier}
          does={{ reply: write("reply"), forward: write("forward"), replace }}
        />
        {!gone && <Composer detail={detail} about={about} onAbout={setAbout} />}
      </div>
      <aside
        className={css.aside}
        aria-label={t("ticket.details")}
        onKeyDown={(event) => event.key === "Escape" && aside && setAside(false)}
      >
        <p className={css.close}>
          <IconButton name={t("entry.less")} icon="cross" onPress={() => setAside(false)} />
        </p>
        <Records detail={detail} fields={fields} />
      </aside>
    </div>
  );
}

/** Whether the details stand beside the time line by themselves; the same width as in the style. */
function isWide(): boolean {
  const pane = document.querySelector("[data-place='conversation']");
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return (pane?.clientWidth ?? 0) / rem >= 56;
}

export function Conversation({ ticket }: { ticket: TicketId }) {
  const t = useWords();
  const conversation = useConversation(ticket);
  const { detail, problem, gone, again } = conversation;
  useWatch({ ticket });
  if (detail) return <There conversation={{ ...conversation, detail }} />;
  if (gone) {
    return (
      <Empty
        icon="ticket"
        title={t("ticket.gone")}
        action={<Button onPress={() => useUi.setState({ ticket: undefined })}>{t("tickets.back")}</Button>}
      >
        {t("ticket.gone_more")}
      </Empty>
    );
  }
  return problem ? (
    <div className={css.notes}>
      <Trouble problem={problem} actions={<Button onPress={again}>{t("common.try_again")}</Button>} />
    </div>
  ) : (
    <p className={css.loading} role="status">
      <Spinner /> {t("common.loading")}
    </p>
  );
}
