// What the practice world answers to one ticket: its time line with entries of every kind, its fields and records, what is
// written, and an outbox that sends one after the other. With `?keep=1` what is written and the outbox outlive a reload, as
// they do on the disk.

import type {
  Attachment,
  Author,
  Body,
  Composing,
  Entry,
  FormField,
  LinkedRecord,
  OutboxItem,
  StagedFile,
  Ticket,
  TicketDetail,
  TicketId,
  Work,
} from "../../generated/model";
import { bare, HOSTILE, letter, MAIL, PAINTED, SHOWN } from "./letters";
import { parse } from "./numbers";
import { CATEGORIES, TAGS } from "./tickets";
import { type Handlers, problem, rest, type World } from "./world";

type Answers = Pick<
  Handlers,
  | "ticket"
  | "earlier_entries"
  | "mark_read"
  | "show_remote"
  | "save_file"
  | "open_link"
  | "ticket_form"
  | "templates"
  | "template"
  | "knowledge"
  | "compose"
  | "drop_composing"
  | "send"
  | "queue_work"
  | "take_back"
  | "resolve"
  | "stage_file"
>;

const MINUTE = 60_000;
const KEPT = "offhook.mock";
const NAMES: Readonly<Record<string, string>> = {
  "nora.lind": "Nora Lind",
  "sam.ode": "Sam Ode",
  "priya.sandhu": "Priya Sandhu",
};

const text = (words: string): Body => ({
  document: null,
  text: words,
  blocked: 0,
  trusted: false,
  cut: false,
});
const page = (document: string, words: string, blocked = 0): Body => ({ ...text(words), document, blocked });
const field = (key: string, kind: FormField["kind"], part: Partial<FormField> = {}): FormField => ({
  key,
  title: "",
  kind,
  values: [],
  options: [],
  required: false,
  editable: true,
  ...part,
});
const options = (...values: readonly string[]): FormField["options"] =>
  values.map((value) => ({ value, title: "" }));

/** What stands in the time line of a ticket: entries of every kind. */
function entriesOf(ticket: Ticket): Entry[] {
  const from = ticket.changed_at - 26 * 60 * MINUTE;
  const customer: Author = {
    kind: "customer",
    name: ticket.customer.name,
    address: ticket.customer.address ?? "visitor@example.com",
    me: false,
  };
  const sam: Author = { kind: "agent", name: "Sam Ode", address: null, me: false };
  const me: Author = { kind: "agent", name: "Nora Lind", address: null, me: true };
  const system: Author = { kind: "system", name: "", address: null, me: false };
  let made = 0;
  const entry = (minutes: number, author: Author, part: Partial<Entry>): Entry => {
    made += 1;
    return {
      id: `entry_${made}`,
      kind: "message",
      channel: ticket.channel === "call" ? "email" : ticket.channel,
      direction: author.kind === "customer" ? "in" : "out",
      author,
      at: from + minutes * MINUTE,
      title: "",
      body: text(""),
      files: [],
      seconds: null,
      phone: null,
      delivery: null,
      facts: [],
      ...part,
    };
  };
  const number = Number(ticket.number);
  if (number === 4713) {
    return HOSTILE.flatMap((body, n) => [
      entry(n * 2, customer, {
        channel: "email",
        title: `Letter ${n + 1}`,
        body: page(letter(body), "hostile"),
      }),
      entry(n * 2 + 1, customer, {
        channel: "email",
        title: `Bare letter ${n + 1}`,
        body: page(bare(body), "hostile"),
      }),
    ]);
  }
  if (number === 4714) {
    return Array.from({ length: 400 }, (_, n) =>
      n % 9 === 4
        ? entry(n, customer, {
            channel: "email",
            body: page(MAIL, "Hello, I only got one of the two boxes."),
          })
        : entry(n, n % 3 === 1 ? me : customer, {
            channel: "chat",
            body: text(`Line ${n + 1} of a long chat about a delivery.`),
          }),
    );
  }
  const photo: Attachment = { id: "f1", name: "parcel label.jpg", mime: "image/jpeg", size: 348_120 };
  const program: Attachment = {
    id: "f2",
    name: "invoice.pdf.exe",
    mime: "application/octet-stream",
    size: null,
  };
  return [
    entry(0, customer, {
      channel: "email",
      title: ticket.title,
      body: page(MAIL, ticket.preview, 3),
      files: [photo, program],
      facts: [
        { label: "to", value: "support@centrum.example" },
        { label: "cc", value: "office@example.org" },
        { label: "X-Order", value: "20931" },
      ],
    }),
    entry(1, system, { kind: "event", channel: "other", direction: "internal", title: "Category: Orders" }),
    entry(2, system, { kind: "event", channel: "other", direction: "internal", title: "Priority: Medium" }),
    entry(3, sam, {
      kind: "event",
      channel: "other",
      direction: "internal",
      title: "Transferred to Nora Lind",
    }),
    entry(40, sam, {
      kind: "note",
      channel: "comment",
      direction: "internal",
      body: text("Courier says delivered, GPS agrees. Check with the neighbour before we refund."),
    }),
    entry(65, me, {
      channel: "email",
      title: `Re: ${ticket.title}`,
      body: page(
        letter(
          "<p>Hello,</p><p>thank you for your patience. I asked the courier and come back to you today.</p>",
        ),
        "Hello, thank you for your patience.",
      ),
      delivery: "sent",
      facts: [{ label: "to", value: customer.address ?? "" }],
    }),
    entry(300, customer, {
      kind: "call",
      channel: "call",
      seconds: 184,
      phone: parse("+442079460150").phone,
      facts: [
        { label: "queue", value: "Support" },
        { label: "waited", value: "0:21" },
      ],
    }),
    entry(340, customer, {
      kind: "call",
      channel: "call",
      phone: parse("+442079460150").phone,
      facts: [{ label: "missed", value: "" }],
    }),
    entry(1441, customer, { channel: "whatsapp", body: text("Any news? 📦 My number is the same.") }),
    entry(1442, me, { channel: "whatsapp", body: text("Not yet, sorry!"), delivery: "failed" }),
    entry(1500, customer, {
      channel: "email",
      title: "Fwd: Your parcel",
      body: page(PAINTED, "Your parcel is on its way"),
    }),
    entry(1555, customer, {
      channel: "email",
      body: page(
        letter('<p dir="auto">שלום, איפה החבילה שלי?</p><p>Dobrý den, prosím o odpověď.</p>'),
        "שלום",
      ),
    }),
  ];
}

function fieldsOf(ticket: Ticket): FormField[] {
  const { owner, category } = ticket;
  return [
    field("title", "text", { values: [ticket.title], required: true }),
    field("stage", "choice", {
      values: [ticket.stage],
      options: options("new", "open", "answered", "postponed", "closed"),
      required: true,
    }),
    field("owner", "choice", {
      values: owner ? [owner.id] : [],
      options: Object.entries(NAMES).map(([value, title]) => ({ value, title })),
    }),
    field("priority", "choice", {
      values: ticket.priority ? [ticket.priority] : [],
      options: options("low", "medium", "high"),
    }),
    field("category", "choice", {
      values: category ? [category.id] : [],
      options: CATEGORIES.map(({ id, title }) => ({ value: id, title })),
      required: true,
    }),
    field("statuses", "choices", {
      values: ticket.statuses.map((one) => one.id),
      options: [
        { value: "callback", title: "Call back" },
        { value: "resolved", title: "Resolved" },
        { value: "complaint", title: "Complaint" },
      ],
    }),
    field("tags", "tags", {
      values: ticket.tags.map((one) => one.title),
      options: TAGS.map(({ title }) => ({ value: title, title })),
    }),
    field("reopen", "time"),
    field("custom.order", "text", { title: "Order number", values: ["20931"] }),
    field("custom.delivered", "date", { title: "Delivered on", values: ["2026-11-20"] }),
    field("custom.insured", "flag", { title: "Insured", values: ["1"] }),
    field("custom.shop", "text", { title: "Shop", values: ["Harbour & Pine"], editable: false }),
  ];
}

function recordsOf(ticket: Ticket): LinkedRecord[] {
  const { account } = ticket;
  return [
    {
      id: `${account}/contact/1`,
      kind: "customer",
      title: ticket.customer.name,
      group: "Customers",
      fields: [
        field("custom.phone", "phone", { title: "Phone", values: ["+442079460150"] }),
        field("email", "email", { values: [ticket.customer.address ?? "visitor@example.com"] }),
        field("groups", "choices", {
          values: ["regular"],
          options: [
            { value: "regular", title: "Regular" },
            { value: "press", title: "Press" },
          ],
        }),
      ],
    },
    {
      id: `${account}/company/7`,
      kind: "company",
      title: "Harbour & Pine",
      group: "",
      fields: [
        field("custom.vat", "text", { title: "VAT number", values: ["GB 000 0000 00"], editable: false }),
      ],
    },
    {
      id: `${account}/crm/orders/20931`,
      kind: "crm",
      title: "Order 20931",
      group: "Orders",
      fields: [
        field("custom.note", "long_text", {
          title: "Note of the warehouse",
          values: ["Two boxes, one pallet."],
        }),
        field("custom.paid", "flag", { title: "Paid", values: ["1"] }),
      ],
    },
  ];
}

/** The ticket after an edit, as far as the list shows it. */
function edited(ticket: Ticket, key: string, now: readonly string[]): Partial<Ticket> {
  const [value] = now;
  switch (key) {
    case "title":
      return { title: value ?? "" };
    case "stage":
      return { stage: (value ?? ticket.stage) as Ticket["stage"], stage_said: "" };
    case "priority":
      return { priority: (value ?? null) as Ticket["priority"] };
    case "owner":
      return {
        owner: value === undefined ? null : { id: value, title: NAMES[value] ?? value },
        mine: value === "nora.lind",
      };
    case "category":
      return { category: CATEGORIES.find((one) => one.id === value) ?? null };
    case "statuses":
      return { statuses: now.map((id) => ({ id, title: id })) };
    case "tags":
      return { tags: now.map((title) => ({ id: title, title })) };
    default:
      return {};
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is behind the conversations of a world: for tests, `window.__offhook.desk`. */
export class Desk {
  /** Entries and fields of the tickets that were opened. */
  readonly details = new Map<TicketId, TicketDetail>();
  /** Nothing leaves the outbox while this is set. */
  held = false;
  /** What the next item meets instead of success. */
  next: OutboxItem["state"] | undefined;
  /** How many entries a page of a time line has. */
  page = 40;
  private working = false;
  private files = 0;

  constructor(private readonly world: World) {
    if (!new URLSearchParams(location.search).has("keep")) return;
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as {
      composing?: Composing[];
      outbox?: OutboxItem[];
    };
    world.composing = kept.composing ?? [];
    world.outbox = kept.outbox ?? [];
    this.held = world.outbox.length > 0;
  }

  /** As the core's disk. */
  keep(): void {
    if (!new URLSearchParams(location.search).has("keep")) return;
    const { composing, outbox } = this.world;
    sessionStorage.setItem(KEPT, JSON.stringify({ composing, outbox }));
  }

  all(id: TicketId): TicketDetail {
    const { world } = this;
    const ticket = world.tickets.find((one) => one.id === id);
    if (!ticket) throw problem("gone", id.split("/")[0] ?? null);
    const known = this.details.get(id);
    if (known) {
      known.ticket = ticket;
      return known;
    }
    const number = Number(ticket.number);
    const detail: TicketDetail = {
      ticket,
      entries: entriesOf(ticket),
      earlier: false,
      fields: fieldsOf(ticket),
      records: recordsOf(ticket),
      related:
        number === 4711 ? [{ id: `${ticket.account}/4712`, title: "Wrong address on the invoice" }] : [],
      actions: ["reply", "reply_all", "forward", "note", "sms", "attach", "delete"],
      reply_to: [ticket.customer.address ?? "visitor@example.com"],
      reply_cc: ["office@example.org"],
      web: `https://${ticket.account}.example.com/tickets/${ticket.number}`,
      read_at: Date.now(),
      problems: number === 4715 ? [problem("forbidden", ticket.account)] : [],
      unreadable: number === 4715 ? 2 : 0,
    };
    this.details.set(id, detail);
    return detail;
  }

  /** Somebody writes into a ticket. */
  adds(id: TicketId, part: Partial<Entry>): void {
    const detail = this.all(id);
    const [last] = detail.entries.slice(-1);
    if (!last) return;
    const entry: Entry = {
      ...last,
      id: `entry_${detail.entries.length + 1}`,
      kind: "message",
      at: Date.now(),
      title: "",
      body: text("…"),
      files: [],
      facts: [],
      delivery: null,
      seconds: null,
      phone: null,
      ...part,
    };
    detail.entries = [...detail.entries, entry];
    this.world.changeTicket(id, { last_message_at: entry.at, preview: entry.body.text.slice(0, 200) });
  }

  /** Somebody else changes a field on the platform. */
  changes(id: TicketId, key: string, now: string[]): void {
    const detail = this.all(id);
    detail.fields = detail.fields.map((one) => (one.key === key ? { ...one, values: now } : one));
    this.world.changeTicket(id, edited(detail.ticket, key, now));
  }

  /** Sends what waits, one after the other. */
  async work(): Promise<void> {
    const { world } = this;
    this.keep();
    if (this.working) return;
    this.working = true;
    for (;;) {
      const item = world.outbox.find((one) => one.state.is === "waiting" && one.work.kind !== "close");
      if (!item || this.held) break;
      await rest(world.latency);
      if (this.held || !world.outbox.includes(item)) continue;
      this.set(item, { is: "sending" });
      await rest(world.latency);
      const meets = this.next ?? this.conflict(item.work);
      this.next = undefined;
      if (meets) this.set(item, meets);
      else {
        world.dequeue(item.id);
        this.done(item.work);
      }
      this.keep();
    }
    this.working = false;
  }

  private set(item: OutboxItem, state: OutboxItem["state"]): void {
    item.state = state;
    this.world.emit({ change: "outbox", item: { ...item } });
  }

  /** Whether somebody else changed the same fields. */
  private conflict(work: Work): OutboxItem["state"] | undefined {
    if (work.kind !== "edit") return undefined;
    const { fields } = this.all(work.ticket);
    const found = work.edit.flatMap(({ key, was, now }) => {
      const theirs = fields.find((one) => one.key === key);
      return theirs && !same(theirs.values, was) && !same(theirs.values, now)
        ? [{ theirs, was, mine: now }]
        : [];
    });
    return found.length > 0 ? { is: "conflict", fields: found } : undefined;
  }

  private done(work: Work): void {
    const { world } = this;
    switch (work.kind) {
      case "send": {
        const { message } = work;
        this.adds(work.ticket, {
          kind: message.kind === "note" ? "note" : "message",
          channel: message.kind === "sms" ? "sms" : message.kind === "note" ? "comment" : "email",
          direction: "out",
          author: { kind: "agent", name: "Nora Lind", address: null, me: true },
          title: message.subject,
          body: text(message.text),
          files: message.files.map(({ id, name, mime, size }) => ({ id, name, mime, size })),
          delivery: message.kind === "note" ? null : "sent",
        });
        world.changeTicket(work.ticket, { awaits_answer: false });
        break;
      }
      case "edit":
        for (const { key, now } of work.edit) this.changes(work.ticket, key, now);
        break;
      case "edit_record": {
        const detail = this.all(work.ticket);
        detail.records = detail.records.map((record) =>
          record.id !== work.record
            ? record
            : {
                ...record,
                fields: record.fields.map((one) => ({
                  ...one,
                  values: work.edit.find((edit) => edit.key === one.key)?.now ?? one.values,
                })),
              },
        );
        world.changeTicket(work.ticket, {});
        break;
      }
      case "delete":
        world.tickets = world.tickets.filter((one) => one.id !== work.ticket);
        world.emit({ change: "tickets", tickets: [], gone: [work.ticket], more: false });
        break;
      case "create":
        break;
      case "close":
        break;
    }
  }

  stageFile(name: string, mime: string, size: number): StagedFile {
    this.files += 1;
    return { id: `staged_${this.files}_${Date.now()}`, name, mime, size };
  }
}

const TEMPLATES = [
  { id: "thanks", title: "Thank you", group: "General", text: "Thank you for your message." },
  { id: "delay", title: "Delivery is late", group: "Orders", text: "Your parcel is late, and we are sorry." },
  { id: "refund", title: "Refund is on its way", group: "Orders", text: "We refunded the amount today." },
];

const ARTICLES = [
  {
    id: "returns",
    title: "How do I return a parcel?",
    text: "Print the label, put it on the box, and bring it to any counter within 14 days.",
    web: "https://help.example.com/returns",
  },
  { id: "lost", title: "My parcel is lost", text: "We search for five days before we refund.", web: null },
];

/** Answers for one ticket. */
export function conversationHandlers(world: World): Answers {
  const desk = new Desk(world);
  world.desk = desk;
  const shown = (detail: TicketDetail, from: number): TicketDetail => ({
    ...detail,
    entries: detail.entries.slice(from),
    earlier: from > 0,
  });
  return {
    ticket: async ({ ticket, fresh }) => {
      if (!fresh && !desk.details.has(ticket)) throw problem("gone", ticket.split("/")[0] ?? null);
      if (fresh) await rest(world.latency);
      const [account = ""] = ticket.split("/");
      const state = world.accounts.find((one) => one.account.id === account);
      if (fresh && state?.health.link === "offline") throw problem("network", account);
      const detail = desk.all(ticket);
      if (fresh) detail.read_at = Date.now();
      return shown(
        detail,
        Number(detail.ticket.number) === 4714 ? 0 : Math.max(0, detail.entries.length - desk.page),
      );
    },
    earlier_entries: async ({ ticket, before }) => {
      await rest(world.latency);
      const { entries } = desk.all(ticket);
      const at = entries.findIndex((entry) => entry.id === before);
      return entries.slice(Math.max(0, at - desk.page), at);
    },
    mark_read: (ticket) => {
      const read = world.tickets.find((one) => one.id === ticket);
      if (read) world.tellsTickets({ ...read, unread: false });
      return null;
    },
    show_remote: async ({ ticket, entry, always }) => {
      await rest(world.latency);
      const detail = desk.all(ticket);
      const found = detail.entries.find((one) => one.id === entry);
      if (!found) throw problem("gone");
      const body: Body = { ...found.body, document: SHOWN, blocked: 0, trusted: always };
      detail.entries = detail.entries.map((one) => (one.id === entry ? { ...found, body } : one));
      return { ...found, body };
    },
    save_file: async ({ ticket, entry, file }) => {
      await rest(world.latency);
      const name = desk
        .all(ticket)
        .entries.find((one) => one.id === entry)
        ?.files.find((one) => one.id === file);
      if (!name) throw problem("gone");
      return `Downloads/${name.name}`;
    },
    open_link: () => null,
    ticket_form: async ({ account, category }) => {
      await rest(world.latency);
      return [
        field("category", "choice", {
          options: CATEGORIES.map(({ id, title }) => ({ value: id, title })),
          required: true,
        }),
        field("title", "text", { required: true }),
        field("contact", "choice"),
        field("email", "email", { required: account === "pomoc" }),
        field("priority", "choice", { options: options("low", "medium", "high") }),
        ...(category === "orders"
          ? [field("custom.order", "text", { title: "Order number", required: true })]
          : []),
      ];
    },
    templates: async () => {
      await rest(world.latency);
      return TEMPLATES.map(({ id, title, group }) => ({ id, title, group }));
    },
    template: async ({ template }) => {
      await rest(world.latency);
      const found = TEMPLATES.find((one) => one.id === template);
      if (!found) throw problem("gone");
      return { subject: null, text: found.text };
    },
    knowledge: async ({ text: words }) => {
      await rest(world.latency);
      return ARTICLES.filter((one) => one.title.toLowerCase().includes(words.toLowerCase()));
    },
    compose: (composing) => {
      world.composing = [...world.composing.filter((one) => one.key !== composing.key), composing];
      world.emit({ change: "composing", composing });
      desk.keep();
      return null;
    },
    drop_composing: (key) => {
      world.composing = world.composing.filter((one) => one.key !== key);
      world.emit({ change: "composing_removed", key });
      desk.keep();
      return null;
    },
    send: (key) => {
      const found = world.composing.find((one) => one.key === key);
      if (!found) throw problem("gone");
      world.composing = world.composing.filter((one) => one.key !== key);
      world.emit({ change: "composing_removed", key });
      const { work } = found;
      const then = work.kind === "send" ? work.message.then : [];
      const item = world.enqueue(
        // biome-ignore lint/suspicious/noThenProperty: the contract's name for what follows
        work.kind === "send" ? { ...work, message: { ...work.message, then: [] } } : work,
        found.title,
        { is: "waiting" },
      );
      if (work.kind === "send" && then.length > 0)
        world.enqueue({ kind: "edit", ticket: work.ticket, edit: then }, found.title, { is: "waiting" });
      void desk.work();
      return item.id;
    },
    queue_work: (work) => {
      const title = "ticket" in work ? desk.all(work.ticket).ticket.title : "";
      const item = world.enqueue(work, title, { is: "waiting" });
      void desk.work();
      return item.id;
    },
    take_back: (id) => {
      const item = world.outbox.find((one) => one.id === id);
      if (!item || item.state.is === "sending") throw problem("gone");
      const { work } = item;
      const key =
        work.kind === "send"
          ? `${work.ticket}#${work.message.kind}`
          : work.kind === "edit"
            ? `${work.ticket}#edit`
            : "new#";
      if (world.composing.some((one) => one.key === key)) throw problem("not_possible");
      const composing = { key, work, title: item.title, at: Date.now() };
      world.composing.push(composing);
      world.dequeue(id);
      world.emit({ change: "composing", composing });
      desk.keep();
      return key;
    },
    resolve: async ({ item: id, fields }) => {
      await rest(world.latency);
      const item = world.outbox.find((one) => one.id === id);
      if (item?.state.is !== "conflict" || item.work.kind !== "edit") throw problem("gone");
      const theirs = item.state.fields;
      const edit = fields.flatMap(({ key, now }) =>
        now === null
          ? []
          : [{ key, was: theirs.find((one) => one.theirs.key === key)?.theirs.values ?? [], now }],
      );
      const { ticket } = item.work;
      world.dequeue(id);
      if (edit.length > 0) world.enqueue({ kind: "edit", ticket, edit }, item.title, { is: "waiting" });
      void desk.work();
      return null;
    },
    stage_file: async ({ name, mime, base64 }) => {
      await rest(world.latency);
      return desk.stageFile(name, mime, Math.floor((base64.length * 3) / 4));
    },
  };
}
