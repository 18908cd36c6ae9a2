// Small marks of a ticket: its channel and platform, where it stands, how urgent it is, until when something is promised,
// and what of it is not sent yet. Each says in a word or a shape what its colour says.

import type { Channel, Due, Priority, Stage, Ticket, TicketId, Timestamp } from "../generated/model";
import { Chip, type ChipTone } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Icon, type IconName } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { useByNow } from "../state/clock";
import { useAccount, useMirror } from "../state/store";
import { ticketOfWork } from "../state/work";
import { age } from "../words/format";
import { useWords } from "../words/words";
import css from "./Marks.module.css";

const CHANNELS: Record<Channel, IconName> = {
  call: "phone",
  email: "email",
  chat: "chat",
  sms: "sms",
  messenger: "chat",
  instagram: "chat",
  whatsapp: "chat",
  viber: "chat",
  form: "form",
  social: "social",
  comment: "note",
  other: "other",
};

/** How a ticket came in. */
export function ChannelMark({ channel }: { channel: Channel }) {
  const t = useWords();
  return (
    <span className={css.channel} title={t(`channel.${channel}`)}>
      <Icon name={CHANNELS[channel]} size="s" />
      <span className="heard">{t(`channel.${channel}`)}</span>
    </span>
  );
}

/** The account a ticket is on, by its first letters. */
export function AccountMark({ account }: { account: string }) {
  const name = useAccount(account)?.account.name ?? account;
  return (
    <span className={css.account} title={name}>
      <bdi aria-hidden="true">{name.slice(0, 2)}</bdi>
      <bdi className="heard">{name}</bdi>
    </span>
  );
}

const STAGES: Record<Stage, ChipTone> = {
  new: "info",
  open: "info",
  live: "good",
  answered: "away",
  postponed: "warn",
  closed: "away",
  archived: "away",
  spam: "bad",
  deleted: "bad",
};

/** Where a ticket stands, in the platform's own word where that says more. */
export function StageMark({ stage, said }: { stage: Stage; said: string }) {
  const t = useWords();
  return <Chip tone={STAGES[stage]}>{said === "" ? t(`stage.${stage}`) : <bdi>{said}</bdi>}</Chip>;
}

/** A high or low priority; as usual needs no mark. */
export function PriorityMark({ priority }: { priority: Priority | null }) {
  const t = useWords();
  if (priority === null || priority === "medium") return null;
  return (
    <span className={css[priority]} title={t("inbox.priority", { priority: t(`priority.${priority}`) })}>
      <Icon name={priority === "high" ? "urgent" : "down"} size="s" />
      <span className="heard">{t("inbox.priority", { priority: t(`priority.${priority}`) })}</span>
    </span>
  );
}

/** Less than this is soon, in milliseconds. */
const SOON = 1_800_000;

/** Which mood and how long: `late 5 min`, `soon 12 min`, `calm 3 h`. */
function left(at: Timestamp, now: Timestamp): string {
  const far = Math.abs(at - now);
  const seconds = Math.floor(far / 1000);
  const days = Math.floor(seconds / 86_400);
  const words = days > 1 ? `${days}d` : age(seconds);
  return `${at <= now ? "late" : far < SOON ? "soon" : "calm"} ${words}`;
}

/** Until when something is promised, counting down by the one clock of the window. */
export function Countdown({ due, done }: { due: Due; done: boolean }) {
  const t = useWords();
  const [mood = "calm", words = ""] = useByNow((now) => left(due.at, now)).split(/ (.*)/);
  if (done) return null;
  const span = words.endsWith("d") ? t("inbox.days", { count: Number.parseInt(words, 10) }) : words;
  const name = t(mood === "late" ? "inbox.overdue" : "inbox.due_in", { time: span });
  return (
    <span
      className={cx(css.due, mood === "late" && css.late, mood === "soon" && css.soon)}
      title={t(`inbox.due_for.${due.what}`)}
    >
      <Icon name={mood === "late" ? "alert" : "clock"} size="s" />
      {name}
    </span>
  );
}

/** What of a ticket lies in the outbox or is being written. */
export function UnsentMark({ ticket }: { ticket: TicketId }) {
  const t = useWords();
  const item = useMirror((mirror) => {
    const items = mirror.outbox.filter(({ work }) => ticketOfWork(work) === ticket);
    const stuck = items.find(({ state }) => state.is !== "waiting" && state.is !== "sending");
    return stuck ?? items[0];
  });
  const drafted = useMirror((mirror) => mirror.composing.some(({ work }) => ticketOfWork(work) === ticket));
  if (item) {
    const calm = item.state.is === "waiting" || item.state.is === "sending";
    return (
      <span className={cx(css.unsent, !calm && css.stuck)}>
        {calm ? <Spinner /> : <Icon name="alert" size="s" />}
        {t(`outbox.${item.state.is}`)}
      </span>
    );
  }
  return drafted ? (
    <span className={css.unsent}>
      <Icon name="edit" size="s" />
      {t("inbox.draft")}
    </span>
  ) : null;
}

/** Whether a deadline no longer counts: nobody has anything left to do. */
export function isDone({ stage }: Pick<Ticket, "stage">): boolean {
  return stage === "closed" || stage === "archived" || stage === "spam" || stage === "deleted";
}
