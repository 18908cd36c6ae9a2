// One entry of a time line: a message, a note that stays inside, a call, or something that happened.

import { useState } from "react";
import type { Entry, Fact, TicketId } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { useByNow } from "../state/clock";
import { useMirror } from "../state/store";
import { ago, fullTime, timer } from "../words/format";
import type { Words as Say } from "../words/words";
import { useWords } from "../words/words";
import { FileItem } from "./Attachment";
import { callBack } from "./dialling";
import css from "./Entry.module.css";
import { Letter } from "./Letter";
import { ChannelMark } from "./Marks";
import { PhoneNumber } from "./Names";
import { Trouble } from "./Trouble";

/** What may be done from an entry. */
export interface EntryDoes {
  reply?: ((entry: Entry) => void) | undefined;
  forward?: ((entry: Entry) => void) | undefined;
  replace: (entry: Entry) => void;
}

const FACTS = ["to", "cc", "queue", "from", "waited", "missed", "status", "until"] as const;

/** What a fact is called: by us where it is one we know, else as the platform says. */
function factName({ label }: Fact, t: Say): string {
  const known = FACTS.find((one) => one === label);
  return known ? t(`entry.fact.${known}`) : label;
}

/** When, in short, with the whole date for whoever points at it. */
export function When({ at }: { at: number }) {
  const words = useByNow((now) => ago(at, now));
  return (
    <time className={css.when} dir="auto" dateTime={dateTime(at)} title={fullTime(at)}>
      {words}
    </time>
  );
}

function dateTime(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function authorName({ author }: Entry, t: Say): string {
  if (author.me) return t("entry.you");
  return author.name || author.address || t(`entry.author.${author.kind}`);
}

/** Who, when and where to; the rest folded. */
function Head({ entry, does }: { entry: Entry; does: EntryDoes }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const { author, facts } = entry;
  const more = facts.length > 0 || (author.address !== null && author.address !== author.name);
  return (
    <header className={css.head}>
      <span className={css.line}>
        <ChannelMark channel={entry.channel} />
        <bdi className={css.author}>{authorName(entry, t)}</bdi>
        {entry.kind === "note" && (
          <Chip tone="warn" icon="lock">
            {t("entry.internal")}
          </Chip>
        )}
        {entry.author.kind === "system" && <span className={css.soft}>{t("entry.author.system")}</span>}
        <When at={entry.at} />
        <span className={css.do}>
          {more && (
            <IconButton
              name={t(open ? "entry.less" : "entry.more")}
              icon={open ? "up" : "down"}
              aria-expanded={open}
              onPress={() => setOpen(!open)}
            />
          )}
          {does.reply && (
            <IconButton name={t("entry.reply")} icon="reply" onPress={() => does.reply?.(entry)} />
          )}
          {does.forward && (
            <IconButton name={t("entry.forward")} icon="out" onPress={() => does.forward?.(entry)} />
          )}
        </span>
      </span>
      {entry.title !== "" && (
        <p className={css.title} data-selectable>
          <bdi>{entry.title}</bdi>
        </p>
      )}
      {open && (
        <dl className={css.facts} data-selectable>
          {author.address !== null && (
            <div>
              <dt>{t("entry.fact.from")}</dt>
              <dd>
                <bdi dir="ltr">{author.address}</bdi>
              </dd>
            </div>
          )}
          {facts.map((fact) => (
            <div key={`${fact.label}/${fact.value}`}>
              <dt>
                <bdi>{factName(fact, t)}</bdi>
              </dt>
              <dd>
                <bdi>{fact.value}</bdi>
              </dd>
            </div>
          ))}
          <div>
            <dt>{t("entry.when")}</dt>
            <dd>{fullTime(entry.at)}</dd>
          </div>
        </dl>
      )}
    </header>
  );
}

/** Pictures from elsewhere that are not shown, and showing them. */
function Remote({ ticket, entry, replace }: { ticket: TicketId; entry: Entry } & Pick<EntryDoes, "replace">) {
  const t = useWords();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ReturnType<typeof asProblem>>();
  const { blocked } = entry.body;
  if (blocked === 0) return null;
  const show = async (always: boolean): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    try {
      replace(await host.call("show_remote", { ticket, entry: entry.id, always }));
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setPending(false);
  };
  return (
    <div className={css.remote}>
      <Icon name="picture" size="s" />
      <span className={css.words}>{t("letter.blocked", { count: blocked })}</span>
      <Button tone="quiet" pending={pending} onPress={() => void show(false)}>
        {t("letter.show")}
      </Button>
      {entry.author.address !== null && (
        <Button tone="quiet" isDisabled={pending} onPress={() => void show(true)}>
          <bdi>{t("letter.always", { sender: entry.author.address })}</bdi>
        </Button>
      )}
      {problem && <Trouble problem={problem} />}
    </div>
  );
}

/** What was written: a letter in its frame, or a line of chat as it is. */
function Words({ ticket, entry, does }: { ticket: TicketId; entry: Entry; does: EntryDoes }) {
  const t = useWords();
  const { body } = entry;
  return (
    <>
      <Remote ticket={ticket} entry={entry} replace={does.replace} />
      {body.document !== null ? (
        <Letter
          name={`${ticket}/${entry.id}`}
          page={body.document}
          label={t("letter.of", { who: authorName(entry, t) })}
        />
      ) : (
        body.text !== "" && (
          <p className={css.text} dir="auto" data-selectable>
            {body.text}
          </p>
        )
      )}
      {body.cut && <p className={css.soft}>{t("letter.cut")}</p>}
    </>
  );
}

function Files({ ticket, entry }: { ticket: TicketId; entry: Entry }) {
  const t = useWords();
  if (entry.files.length === 0) return null;
  return (
    <ul className={css.files} aria-label={t("entry.files")}>
      {entry.files.map((file) => (
        <FileItem key={file.id} ticket={ticket} entry={entry.id} file={file} />
      ))}
    </ul>
  );
}

const DELIVERY = {
  waiting: { tone: "away", icon: "clock" },
  sent: { tone: "away", icon: "ready" },
  failed: { tone: "bad", icon: "refused" },
  draft: { tone: "warn", icon: "edit" },
} as const;

/** Something written. What the agent's side wrote stands to the end, what the customer wrote to the start. */
function Written({ ticket, entry, does }: { ticket: TicketId; entry: Entry; does: EntryDoes }) {
  const t = useWords();
  const ours = entry.author.kind !== "customer";
  const note = entry.kind === "note";
  return (
    <article
      className={cx(css.bubble, ours && css.ours, note && css.note)}
      aria-label={t(note ? "entry.note_by" : "entry.message_by", { who: authorName(entry, t) })}
    >
      <Head entry={entry} does={does} />
      <Words ticket={ticket} entry={entry} does={does} />
      <Files ticket={ticket} entry={entry} />
      {entry.delivery && entry.delivery !== "sent" && (
        <Chip {...DELIVERY[entry.delivery]}>{t(`entry.delivery.${entry.delivery}`)}</Chip>
      )}
    </article>
  );
}

/** A call: how long, or that it was missed, and calling back. */
function Called({ ticket, entry, does }: { ticket: TicketId; entry: Entry; does: EntryDoes }) {
  const t = useWords();
  const can = useMirror((mirror) => mirror.accounts.some((one) => one.capabilities.includes("dial")));
  const missed = entry.facts.some((fact) => fact.label === "missed");
  const { phone, seconds } = entry;
  const [account = ""] = ticket.split("/");
  const number = phone?.e164 ?? phone?.raw;
  return (
    <article
      className={cx(css.call, missed && css.missed)}
      aria-label={t("entry.call_with", { who: authorName(entry, t) })}
    >
      <Icon name={missed ? "missed" : entry.direction === "out" ? "out" : "in"} />
      <div className={css.what}>
        <Head entry={entry} does={does} />
        <p className={css.soft}>
          {t(missed ? "entry.missed" : `entry.call_${entry.direction === "out" ? "out" : "in"}`)}
          {seconds !== null && seconds > 0 && ` · ${timer(seconds)}`}
        </p>
        <Words ticket={ticket} entry={entry} does={does} />
        <Files ticket={ticket} entry={entry} />
      </div>
      {phone && number !== undefined && can && (
        <Button
          icon="phone"
          aria-label={t("contact.call", { number: phone.display || phone.raw })}
          onPress={() => void callBack(account, number)}
        >
          <PhoneNumber phone={phone} />
        </Button>
      )}
    </article>
  );
}

/** One thing that happened. */
function Happened({ entry }: { entry: Entry }) {
  const t = useWords();
  const facts = entry.facts.map((fact) => `${factName(fact, t)}: ${fact.value}`);
  const words = [entry.title, entry.body.text, ...facts].filter(Boolean).join(" · ");
  return (
    <p className={css.event} data-selectable>
      <bdi className={css.eventWho}>{authorName(entry, t)}</bdi> <bdi>{words || t("entry.something")}</bdi>{" "}
      <When at={entry.at} />
    </p>
  );
}

/** Things that happened one after the other, folded together. */
export function Events({ entries }: { entries: readonly Entry[] }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const [only] = entries;
  if (entries.length === 1 && only) return <Happened entry={only} />;
  return (
    <div className={css.events}>
      <Button tone="quiet" icon={open ? "up" : "down"} aria-expanded={open} onPress={() => setOpen(!open)}>
        {t("entry.changes", { count: entries.length })}
      </Button>
      {open && entries.map((entry) => <Happened key={entry.id} entry={entry} />)}
    </div>
  );
}

/** Any entry but events, which are folded. */
export function EntryItem({ ticket, entry, does }: { ticket: TicketId; entry: Entry; does: EntryDoes }) {
  return entry.kind === "call" ? (
    <Called ticket={ticket} entry={entry} does={does} />
  ) : (
    <Written ticket={ticket} entry={entry} does={does} />
  );
}
