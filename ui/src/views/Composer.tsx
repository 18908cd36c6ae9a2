// Writing to the customer, to colleagues, to somebody outside. Only what the ticket offers is drawn. Every letter is kept as
// it is typed; closing the composer, the ticket or the app loses none of it.

import { useEffect, useRef, useState } from "react";
import { Group, ToggleButton } from "react-aria-components";
import { Tokens } from "../domain/Tokens";
import { Trouble } from "../domain/Trouble";
import { textLength } from "../domain/texting";
import type { EntryId, Message, MessageKind, Problem, TicketAction, TicketDetail } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { TextLine } from "../parts/Field";
import { Icon, type IconName } from "../parts/Icon";
import { MenuButton } from "../parts/MenuButton";
import { announceLater } from "../state/announce";
import {
  discard,
  flushWriting,
  messageKey,
  NO_MESSAGE,
  send,
  useWriting,
  useWritten,
  write,
  writtenNow,
} from "../state/composing";
import { mirrorNow, useAccount, useMirror } from "../state/store";
import { useUi } from "../state/ui";
import { ticketOfWork } from "../state/work";
import { useWords } from "../words/words";
import css from "./Composer.module.css";
import { AttachButton, ComposerFiles, useStaging } from "./ComposerFiles";
import { KnowledgeMenu, TemplateMenu } from "./ComposerInserts";

type Tab = "reply" | "reply_all" | "forward" | "note" | "sms";
const TABS: readonly { tab: Tab; icon: IconName }[] = [
  { tab: "reply", icon: "reply" },
  { tab: "reply_all", icon: "reply" },
  { tab: "forward", icon: "out" },
  { tab: "note", icon: "lock" },
  { tab: "sms", icon: "sms" },
];
const KIND: Record<Tab, MessageKind> = {
  reply: "reply",
  reply_all: "reply",
  forward: "forward",
  note: "note",
  sms: "sms",
};

const isBlank = (message: Message): boolean =>
  message.text.trim() === "" &&
  message.subject === "" &&
  message.files.length === 0 &&
  message.to.length === 0 &&
  message.bcc.length === 0;

/** The message of a kind that is being written, and changing it. */
function useMessage(
  { ticket }: TicketDetail,
  kind: MessageKind,
): { key: string; message: Message; change: (part: Partial<Message>) => void } {
  const key = messageKey(ticket.id, kind);
  const written = useWritten(key);
  const message = written?.work.kind === "send" ? written.work.message : { ...NO_MESSAGE, kind };
  const change = (part: Partial<Message>): void => {
    // Read anew: a file that was long on its way must not bring old words back.
    const work = writtenNow(key)?.work;
    const now = work?.kind === "send" ? work.message : { ...NO_MESSAGE, kind };
    const title = ticket.customer.name || ticket.title || ticket.number;
    write(key, { kind: "send", ticket: ticket.id, message: { ...now, ...part } }, title);
  };
  return { key, message, change };
}

/** What was written last and not sent in this ticket. */
function lastWritten(ticket: string): MessageKind | undefined {
  const all = [
    ...Object.values(useWriting.getState().typed).map((one) => one.composing),
    ...(mirrorNow()?.composing ?? []),
  ].filter(({ work }) => work.kind === "send" && ticketOfWork(work) === ticket);
  const last = all.sort((a, b) => b.at - a.at)[0];
  return last?.work.kind === "send" ? last.work.message.kind : undefined;
}

/** Not an address of mail. */
const noMail = (value: string): boolean => !/^[^\s@<>]+@[^\s@<>]+$|<[^\s@<>]+@[^\s@<>]+>$/.test(value);

/** Whom a message goes to as it is shown: what the agent wrote, or whom the ticket proposes. */
function addressees({ reply_to, ticket }: TicketDetail, { kind, to }: Message): string[] {
  if (to.length > 0) return to;
  if (kind === "reply") return reply_to;
  const number = ticket.customer.address;
  return kind === "sms" && number !== null && !number.includes("@") ? [number] : [];
}

function Addresses({
  detail,
  kind,
  message,
  onChange,
  onLeave,
}: {
  detail: TicketDetail;
  kind: MessageKind;
  message: Message;
  onChange: (part: Partial<Message>) => void;
  onLeave: () => void;
}) {
  const t = useWords();
  const [more, setMore] = useState(false);
  const shown = more || message.bcc.length > 0 || message.subject !== "";
  const { reply_to, reply_cc } = detail;
  if (kind === "note" || (kind === "reply" && reply_to.length === 0)) return null;
  const to = addressees(detail, message);
  const known = [...new Set([...reply_to, ...reply_cc])];
  const wrong = kind === "sms" ? {} : { isWrong: noMail, leftToRight: true };
  const common = { inline: true, options: known, onBlur: onLeave, ...wrong };
  if (kind === "sms") {
    return (
      <Tokens
        label={t("composer.to")}
        inline
        leftToRight
        values={to}
        onChange={(next) => onChange({ to: next })}
        onBlur={onLeave}
      />
    );
  }
  return (
    <div className={css.addresses}>
      <div className={css.first}>
        <Tokens
          {...common}
          label={t("composer.to")}
          values={to}
          onChange={(next) => onChange({ to: next })}
        />
        {!shown && (
          <Button tone="quiet" onPress={() => setMore(true)}>
            {t("composer.more")}
          </Button>
        )}
      </div>
      {(shown || message.cc.length > 0) && (
        <Tokens
          {...common}
          label={t("composer.cc")}
          values={message.cc}
          onChange={(cc) => onChange({ cc })}
        />
      )}
      {shown && (
        <>
          <Tokens
            {...common}
            label={t("composer.bcc")}
            values={message.bcc}
            onChange={(bcc) => onChange({ bcc })}
          />
          <TextLine
            label={t("composer.subject")}
            hideLabel
            placeholder={t("composer.subject_kept", { title: detail.ticket.title })}
            value={message.subject}
            onChange={(subject) => onChange({ subject })}
            onBlur={onLeave}
          />
        </>
      )}
    </div>
  );
}

/** The stages a message may end with, where the ticket lets the agent set them. */
function endings(detail: TicketDetail): readonly ("answered" | "closed")[] {
  const stage = detail.fields.find((field) => field.key === "stage");
  const may = (word: string): boolean => stage?.options.some((option) => option.value === word) ?? false;
  return stage?.editable ? (["answered", "closed"] as const).filter(may) : [];
}

function Editor({
  detail,
  tab,
  about,
  onClose,
}: {
  detail: TicketDetail;
  tab: Tab;
  /** The entry the agent began from. */
  about: EntryId | undefined;
  onClose: () => void;
}) {
  const t = useWords();
  const kind = KIND[tab];
  const { ticket, actions } = detail;
  const { key, message, change } = useMessage(detail, kind);
  const unsaved = useWriting((writing) => writing.unsaved[key]);
  const account = useAccount(ticket.account);
  const area = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<Problem>();
  const [sending, setSending] = useState(false);
  const [over, setOver] = useState(false);
  const add = (file: Message["files"][number]): void => {
    const work = writtenNow(key)?.work;
    change({ files: [...(work?.kind === "send" ? work.message.files : []), file] });
  };
  const staging = useStaging(add);
  const answered = detail.entries.find((entry) => entry.id === message.about);
  // biome-ignore lint/correctness/useExhaustiveDependencies: taken over once, when the agent begins from an entry
  useEffect(() => {
    if (about !== undefined && kind !== "sms") change({ about });
  }, [about]);
  const attach = actions.includes("attach");
  const leave = (): void => void flushWriting(key);
  const forward = kind === "forward";
  const empty = message.text.trim() === "" && message.files.length === 0;
  const blocked =
    empty ||
    staging.busy ||
    (forward && message.to.length === 0) ||
    message.to.concat(message.cc, message.bcc).some((one) => kind !== "sms" && noMail(one));

  const submit = async (end?: "answered" | "closed"): Promise<void> => {
    if (blocked || sending) return;
    setSending(true);
    setProblem(undefined);
    const stage = detail.fields.find((field) => field.key === "stage");
    const edit = end && stage ? [{ key: "stage", was: stage.values, now: [end] }] : [];
    // Whom the agent saw is whom it goes to, whoever else writes before it is sent.
    // biome-ignore lint/suspicious/noThenProperty: the contract's name for what follows; messages are never awaited
    change({ to: addressees(detail, message), then: edit });
    const why = await send(key);
    setSending(false);
    setProblem(why);
    if (why) return;
    announceLater(t("composer.queued"));
    onClose();
  };
  const insert = (text: string, subject?: string | null): void => {
    const field = area.current;
    const [from, to] = [
      field?.selectionStart ?? message.text.length,
      field?.selectionEnd ?? message.text.length,
    ];
    const words = message.text.slice(0, from) + text + message.text.slice(to);
    change({ text: words, ...(subject && message.subject === "" ? { subject } : {}) });
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  useEffect(() => {
    // The agent asked for this composer, so the keyboard goes there.
    area.current?.focus();
    return () => {
      const work = writtenNow(key)?.work;
      if (work?.kind === "send" && isBlank(work.message)) void discard(key);
      else void flushWriting(key);
    };
  }, [key]);
  const lines = message.text.split("\n").length;
  const length = kind === "sms" ? textLength(message.text) : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere on it; its buttons do the same
    <div
      className={cx(css.editor, kind === "note" && css.inside, over && css.over)}
      data-keeps="Mod+Enter"
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void submit();
        } else if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
      onDragOver={(event) => {
        if (!attach || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!attach || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        staging.stage([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (!attach || files.length === 0) return;
        event.preventDefault();
        staging.stage(files);
      }}
    >
      {answered && answered !== detail.entries.findLast((entry) => entry.kind === "message") && (
        <p className={css.about}>
          <span className={css.quote}>
            {t(forward ? "composer.forwards" : "composer.answers", {
              who: answered.author.name || answered.author.address || "",
              what: (answered.title || answered.body.text).slice(0, 80),
            })}
          </span>
          <IconButton name={t("composer.answer_last")} icon="cross" onPress={() => change({ about: null })} />
        </p>
      )}
      <Addresses detail={detail} kind={kind} message={message} onChange={change} onLeave={leave} />
      <textarea
        ref={area}
        className={css.text}
        aria-label={t(`composer.text_${kind}`)}
        placeholder={t(`composer.text_${kind}`)}
        rows={Math.min(14, Math.max(4, lines + 1))}
        dir="auto"
        spellCheck
        value={message.text}
        // What is typed while it goes out would belong to neither this message nor the next.
        readOnly={sending}
        onChange={(event) => change({ text: event.target.value })}
        onBlur={leave}
      />
      <ComposerFiles
        files={message.files}
        staging={staging}
        onRemove={(id) => change({ files: message.files.filter((file) => file.id !== id) })}
      />
      {unsaved && <Trouble problem={unsaved} title={t("composer.not_kept")} />}
      {problem && <Trouble problem={problem} title={t("composer.not_sent")} />}
      <div className={css.foot}>
        <Group className={css.tools} aria-label={t("composer.insert")}>
          {attach && <AttachButton stage={staging.stage} />}
          {kind !== "sms" && <TemplateMenu ticket={ticket.id} onInsert={insert} />}
          {account?.capabilities.includes("knowledge") && (
            <KnowledgeMenu account={ticket.account} onInsert={insert} />
          )}
        </Group>
        {length && length.letters > 0 && (
          <span className={css.soft}>
            {t("composer.parts", { letters: length.letters, parts: length.parts })}
          </span>
        )}
        <Button
          tone="quiet"
          onPress={() => {
            void discard(key).then((why) => (why ? setProblem(why) : onClose()));
          }}
        >
          {t("common.discard")}
        </Button>
        <span className={css.send}>
          <Button tone="main" pending={sending} isDisabled={blocked} onPress={() => void submit()}>
            {t(kind === "note" ? "composer.save_note" : forward ? "composer.forward" : "composer.send")}
          </Button>
          {endings(detail).length > 0 && (
            <MenuButton
              name={t("composer.send_and")}
              icon="down"
              disabled={blocked || sending}
              entries={endings(detail).map((end) => ({ id: end, title: t(`composer.send_${end}`) }))}
              onChoose={(end) => void submit(end === "closed" ? "closed" : "answered")}
            />
          )}
        </span>
      </div>
    </div>
  );
}

/** The composer of a ticket: what may be written as one row, and what is written below it. */
export function Composer({
  detail,
  about,
  onAbout,
}: {
  detail: TicketDetail;
  about: EntryId | undefined;
  onAbout: (entry: EntryId | undefined) => void;
}) {
  const t = useWords();
  const { ticket, actions, reply_cc } = detail;
  const writing = useUi((ui) => ui.writing);
  const box = useRef<HTMLElement>(null);
  const [tab, setTab] = useState<Tab | undefined>(() => lastWritten(ticket.id));
  const offered = TABS.filter((one) => actions.includes(one.tab as TicketAction));
  const drafted = useMirror((mirror) =>
    mirror.composing
      .flatMap(({ work }) => (work.kind === "send" && work.ticket === ticket.id ? [work.message.kind] : []))
      .join(),
  );
  useEffect(() => {
    if (writing?.ticket !== ticket.id) return;
    useUi.setState({ writing: undefined });
    setTab(writing.kind);
    box.current?.querySelector("textarea")?.focus();
  }, [writing, ticket.id]);
  const choose = (next: Tab): void => {
    const key = messageKey(ticket.id, "reply");
    const work = writtenNow(key)?.work;
    const now = work?.kind === "send" ? work.message : NO_MESSAGE;
    const title = ticket.customer.name || ticket.title || ticket.number;
    const cc =
      next === "reply_all"
        ? [...new Set([...now.cc, ...reply_cc])]
        : now.cc.filter((one) => !reply_cc.includes(one));
    if ((next === "reply_all" || next === "reply") && cc.join() !== now.cc.join())
      write(key, { kind: "send", ticket: ticket.id, message: { ...now, cc } }, title);
    setTab(next);
  };
  const close = (): void => {
    setTab(undefined);
    onAbout(undefined);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("button")?.focus());
  };
  if (offered.length === 0) return null;
  const open = offered.find((one) => one.tab === tab)?.tab;
  return (
    <section ref={box} className={css.composer} aria-label={t("composer.title")}>
      <div className={css.tabs}>
        <Group aria-label={t("composer.title")} className={css.kinds}>
          {offered.map((one) => (
            <ToggleButton
              key={one.tab}
              className={css.kind}
              isSelected={open === one.tab}
              onChange={(on) => (on ? choose(one.tab) : close())}
            >
              <Icon name={one.icon} size="s" />
              {t(`composer.${one.tab}`)}
              {one.tab !== "reply_all" && drafted.split(",").includes(KIND[one.tab]) && (
                <span className={css.dot}>
                  <span className="heard">{t("inbox.draft")}</span>
                </span>
              )}
            </ToggleButton>
          ))}
        </Group>
        {open && <IconButton name={t("composer.close")} icon="down" onPress={close} />}
      </div>
      {open && <Editor key={KIND[open]} detail={detail} tab={open} about={about} onClose={close} />}
    </section>
  );
}
