//! A platform of our own for tests: tickets in memory, and a script of what goes wrong. Its tickets are what is true in the
//! end: what an agent sent stands there once, or not at all.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::field::{OWNER, STAGE, TITLE};
use model::{
    Account, AccountId, Article, Attachment, Author, AuthorKind, Capability, Channel, ConnectionReport,
    ContactDetail, Customer, Direction, Draft, EntryKind, FieldConflict, FieldEdit, FieldKind, FormField,
    Insert, Link, Named, Phone, Platform, Presence, Problem, ProblemCode, Reach, Stage, Template, Ticket,
    TicketId, TicketRef, Timestamp, Work,
};
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::connector::{
    Answer, Became, Changes, Closed, Connector, Detail, Ear, FileBytes, Found, Listed, Mark, OutFile, Pace,
    RawBody, RawEntry, Sent, Tickets, Timeline, Trace, View, Who,
};
use crate::core::Kept;
use crate::session::Session;
use crate::sight::{Done, Effect, Failure, Hearing, Order, SeenAgent, Sight};
use crate::{Engine, Options, SessionVault};

/// The one account.
pub(super) const ACCOUNT: &str = "desk-1";

/// What goes wrong when something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// The answer is lost, after or before the platform did it.
    Lost { done: bool },
    /// It was certainly not sent.
    NotSent,
    /// The platform says no.
    Refused,
    /// The process dies, after or before the platform did it.
    Dies { done: bool },
}

/// What goes wrong when it is looked up what became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    Unclear,
    Offline,
    Dies,
}

/// What the platform has.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) tickets: BTreeMap<String, Ticket>,
    pub(super) entries: BTreeMap<String, Vec<RawEntry>>,
    pub(super) fields: BTreeMap<(String, String), Vec<String>>,
    /// Names in the order of changes.
    pub(super) log: Vec<String>,
    pub(super) files: HashMap<String, Vec<u8>>,
    pub(super) views: Vec<(String, Vec<String>)>,
    pub(super) faults: VecDeque<Fault>,
    pub(super) doubts: VecDeque<Doubt>,
    pub(super) offline: bool,
    /// How often changes were asked for, by mark.
    pub(super) asked: Vec<Option<usize>>,
    /// How many tickets a page of changes has.
    pub(super) page: usize,
    clock: i64,
}

/// The platform and the wire to it.
#[derive(Default)]
pub(super) struct Scripted {
    world: Mutex<World>,
    pub(super) died: Notify,
}

impl Scripted {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Where a test puts tickets: `name` is number and name at once.
    pub(super) fn with_tickets(names: &[&str]) -> Arc<Self> {
        let scripted = Self::default();
        scripted.world().page = 100;
        for name in names {
            scripted.world().open(name, &format!("About {name}"));
        }
        Arc::new(scripted)
    }

    /// The texts that agents have sent to a ticket, in order.
    pub(super) fn sent_to(&self, ticket: &str) -> Vec<String> {
        let world = self.world();
        let entries = world.entries.get(ticket).into_iter().flatten();
        let mine = entries.filter(|entry| entry.author.me);
        mine.map(|entry| match &entry.body {
            RawBody::Text(text) | RawBody::Html(text) => text.clone(),
        })
        .collect()
    }

    /// Starts an engine with this platform as its one account, and waits until it is heard.
    pub(super) async fn desk(self: &Arc<Self>, dir: &Path) -> Engine {
        let engine = Engine::start(Options {
            data_dir: dir.to_owned(),
            vault: Arc::new(SessionVault::default()),
            http: wire::HttpOptions::default(),
            language: "en".to_owned(),
        })
        .await
        .unwrap();
        let account = Account {
            id: ACCOUNT.into(),
            platform: Platform::Daktela,
            name: "Desk".to_owned(),
            url: "http://127.0.0.1:1".to_owned(),
            username: Some("ada".to_owned()),
            practice: false,
        };
        engine.core.store.put_account(account.clone()).await.unwrap();
        // A secret that is missing signs the account out by and by: it is put in its place before that can matter.
        engine.core.hub.update(|state, now| {
            if state.account(&account.id).is_none() {
                state.add_account(account, now);
            }
        });
        Session::start(&engine.core, &ACCOUNT.into(), self.clone(), Kept::InMemory);
        let (_, mut follower) = engine.follow();
        while engine.snapshot().accounts[0].agent.is_none() {
            follower.next().await;
        }
        engine
    }
}

impl World {
    /// Opens a ticket.
    pub(super) fn open(&mut self, name: &str, title: &str) -> &mut Ticket {
        let at = self.tick();
        let ticket = Ticket {
            id: TicketId::new(&ACCOUNT.into(), name),
            account: ACCOUNT.into(),
            number: name.to_owned(),
            title: title.to_owned(),
            preview: String::new(),
            channel: Channel::Email,
            stage: Stage::Open,
            stage_said: String::new(),
            priority: None,
            customer: Customer { contact: None, name: "Noor Haddad".to_owned(), address: None },
            owner: None,
            mine: false,
            category: None,
            statuses: Vec::new(),
            tags: Vec::new(),
            unread: true,
            awaits_answer: true,
            has_files: false,
            due: None,
            created_at: at,
            changed_at: at,
            last_message_at: Some(at),
        };
        self.entries.entry(name.to_owned()).or_default();
        self.log.push(name.to_owned());
        self.tickets.insert(name.to_owned(), ticket);
        self.tickets.get_mut(name).unwrap()
    }

    /// Somebody changes a ticket.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&mut Ticket)) {
        let at = self.tick();
        let ticket = self.tickets.get_mut(name).unwrap();
        change(ticket);
        ticket.changed_at = at;
        self.log.push(name.to_owned());
    }

    /// The customer writes.
    pub(super) fn writes(&mut self, name: &str, body: RawBody) -> &mut RawEntry {
        let at = self.tick();
        let entries = self.entries.get_mut(name).unwrap();
        entries.push(entry(&format!("e{}", at.0), at, body, false));
        self.change(name, |ticket| {
            ticket.last_message_at = Some(at);
            ticket.unread = true;
        });
        self.entries.get_mut(name).unwrap().last_mut().unwrap()
    }

    fn tick(&mut self) -> Timestamp {
        self.clock += 1_000;
        Timestamp(1_700_000_000_000 + self.clock)
    }

    fn field(&self, ticket: &Ticket, key: &str) -> Vec<String> {
        match key {
            STAGE => vec![ticket.stage.word().to_owned()],
            TITLE => vec![ticket.title.clone()],
            OWNER => ticket.owner.iter().map(|owner| owner.id.clone()).collect(),
            other => {
                let place = (ticket.number.clone(), other.to_owned());
                self.fields.get(&place).cloned().unwrap_or_default()
            }
        }
    }

    /// Does what is asked, as the platform would.
    fn carry_out(&mut self, work: &Work) -> Sent {
        let name = work.ticket().and_then(TicketId::parts).map(|(_, name)| name.to_owned());
        match work {
            Work::Send { message, .. } => {
                let name = name.unwrap();
                let at = self.tick();
                let body = RawBody::Text(message.text.clone());
                self.entries.get_mut(&name).unwrap().push(entry(&format!("e{}", at.0), at, body, true));
                self.change(&name, |_| {});
            }
            Work::Edit { edit, .. } => {
                let name = name.unwrap();
                let conflicts = self.conflicts(&name, edit);
                if !conflicts.is_empty() {
                    return Sent::Conflict(conflicts);
                }
                for field in edit {
                    self.write(&name, field);
                }
            }
            Work::Delete { .. } => drop(self.tickets.remove(&name.unwrap())),
            other => panic!("not in these tests: {other:?}"),
        }
        Sent::Done { made: None }
    }

    fn conflicts(&self, name: &str, edit: &[FieldEdit]) -> Vec<FieldConflict> {
        let ticket = &self.tickets[name];
        let others = edit.iter().filter_map(|field| {
            let has = self.field(ticket, &field.key);
            let is_other = has != field.was && has != field.now;
            is_other.then(|| FieldConflict {
                theirs: form_field(&field.key, has),
                was: field.was.clone(),
                mine: field.now.clone(),
            })
        });
        others.collect()
    }

    fn write(&mut self, name: &str, field: &FieldEdit) {
        let one = field.now.first().cloned().unwrap_or_default();
        match field.key.as_str() {
            STAGE => {
                let stage = Stage::ALL.into_iter().find(|stage| stage.word() == one).unwrap();
                self.change(name, |ticket| ticket.stage = stage);
            }
            TITLE => self.change(name, |ticket| ticket.title = one),
            OWNER => self.change(name, |ticket| {
                ticket.mine = one == "ada";
                ticket.owner = (!one.is_empty()).then(|| Named { id: one.clone(), title: one });
            }),
            other => {
                self.fields.insert((name.to_owned(), other.to_owned()), field.now.clone());
                self.change(name, |_| {});
            }
        }
    }

    /// What became of work, as far as it can be seen.
    fn became(&self, work: &Work) -> Became {
        let Some(name) = work.ticket().and_then(TicketId::parts).map(|(_, name)| name.to_owned()) else {
            return Became::Unclear;
        };
        let Some(ticket) = self.tickets.get(&name) else {
            return if matches!(work, Work::Delete { .. }) {
                Became::Done { made: None }
            } else {
                Became::Gone
            };
        };
        let done = match work {
            Work::Send { message, .. } => self.entries[&name]
                .iter()
                .any(|entry| entry.author.me && entry.body == RawBody::Text(message.text.clone())),
            Work::Edit { edit, .. } => edit.iter().all(|field| self.field(ticket, &field.key) == field.now),
            _ => false,
        };
        if done { Became::Done { made: None } } else { Became::NotDone }
    }
}

fn entry(id: &str, at: Timestamp, body: RawBody, me: bool) -> RawEntry {
    let kind = if me { AuthorKind::Agent } else { AuthorKind::Customer };
    let address = (!me).then(|| "noor@customer.example".to_owned());
    RawEntry {
        id: id.to_owned(),
        kind: EntryKind::Message,
        channel: Channel::Email,
        direction: if me { Direction::Out } else { Direction::In },
        author: Author { kind, name: if me { "Ada" } else { "Noor Haddad" }.to_owned(), address, me },
        at,
        title: String::new(),
        body,
        inline: Vec::new(),
        files: Vec::new(),
        seconds: None,
        phone: None,
        delivery: None,
        facts: Vec::new(),
    }
}

fn form_field(key: &str, values: Vec<String>) -> FormField {
    FormField {
        key: key.to_owned(),
        title: String::new(),
        kind: FieldKind::Text,
        values,
        options: Vec::new(),
        required: false,
        editable: true,
    }
}

fn offline() -> Problem {
    Problem::new(ProblemCode::Unreachable)
}

fn said<T: Send + 'static>(answer: Result<T, Problem>) -> Answer<'static, T> {
    async move { answer }.boxed()
}

impl Tickets for Scripted {
    fn pace(&self) -> Pace {
        // Tests stir what they wait for.
        Pace { seen: Duration::from_secs(3_600), hidden: Duration::from_secs(3_600) }
    }

    /// A mark is a place in the log.
    fn changed(&self, mark: Option<Mark>) -> Answer<'_, Changes> {
        let mut world = self.world();
        let from = mark.map(|mark| mark.0.parse::<usize>().unwrap());
        world.asked.push(from);
        if world.offline {
            return said(Err(offline()));
        }
        let begin = from.unwrap_or_default();
        let end = (begin + world.page).min(world.log.len());
        let mut page = Changes { mark: Some(Mark(end.to_string())), ..Changes::default() };
        for name in &world.log[begin..end] {
            match world.tickets.get(name) {
                Some(ticket) => page.tickets.push(ticket.clone()),
                None => page.gone.push(name.clone()),
            }
        }
        page.more = end < world.log.len();
        page.of = u32::try_from(world.tickets.len()).ok();
        said(Ok(page))
    }

    fn ticket(&self, name: String) -> Answer<'_, Detail> {
        let world = self.world();
        if world.offline {
            return said(Err(offline()));
        }
        let Some(ticket) = world.tickets.get(&name).cloned() else {
            return said(Err(Problem::new(ProblemCode::Gone)));
        };
        let fields = [STAGE, TITLE, OWNER].map(|key| form_field(key, world.field(&ticket, key)));
        // The last three entries; what is before them comes on demand.
        let entries = &world.entries[&name];
        let recent = entries[entries.len().saturating_sub(3)..].to_vec();
        said(Ok(Detail {
            ticket,
            timeline: Timeline { earlier: entries.len() > 3, entries: recent, unreadable: 0 },
            fields: fields.to_vec(),
            records: Vec::new(),
            related: Vec::new(),
            actions: Vec::new(),
            reply_to: Vec::new(),
            reply_cc: Vec::new(),
            web: None,
            problems: Vec::new(),
        }))
    }

    fn earlier(&self, name: String, before: String) -> Answer<'_, Timeline> {
        let world = self.world();
        let entries = &world.entries[&name];
        let end = entries.iter().position(|entry| entry.id == before).unwrap();
        let begin = end.saturating_sub(3);
        let entries = entries[begin..end].to_vec();
        said(Ok(Timeline { entries, earlier: begin > 0, unreadable: 0 }))
    }

    fn mark_read(&self, _name: String) -> Answer<'_, ()> {
        said(Ok(()))
    }

    fn views(&self) -> Answer<'_, Vec<View>> {
        let world = self.world();
        let view = |(name, tickets): &(String, Vec<String>)| View {
            name: name.clone(),
            title: name.to_uppercase(),
            total: u32::try_from(tickets.len()).ok(),
        };
        said(Ok(world.views.iter().map(view).collect()))
    }

    fn in_view(&self, view: String, skip: u32) -> Answer<'_, Listed> {
        let world = self.world();
        let Some((_, names)) = world.views.iter().find(|(name, _)| *name == view) else {
            return said(Err(Problem::new(ProblemCode::Gone)));
        };
        let begin = skip as usize;
        let end = (begin + world.page).min(names.len());
        said(Ok(Listed {
            tickets: names[begin..end].iter().map(|name| world.tickets[name].clone()).collect(),
            of: u32::try_from(names.len()).ok(),
            more: end < names.len(),
            unreadable: 0,
        }))
    }

    fn search(&self, text: String) -> Answer<'_, Listed> {
        let world = self.world();
        if world.offline {
            return said(Err(offline()));
        }
        // Also what lies in the archive, where no synchronisation goes.
        let fits = |ticket: &&Ticket| ticket.title.contains(&text);
        said(Ok(Listed {
            tickets: world.tickets.values().filter(fits).cloned().collect(),
            ..Listed::default()
        }))
    }

    fn form(&self, _category: Option<String>) -> Answer<'_, Vec<FormField>> {
        said(Ok(Vec::new()))
    }

    fn file(&self, _ticket: String, _entry: String, file: String, most: u64) -> Answer<'_, FileBytes> {
        let found = self.world().files.get(&file).cloned();
        said(match found {
            Some(bytes) if bytes.len() as u64 <= most => {
                Ok(FileBytes { bytes: bytes.into(), mime: String::new() })
            }
            _ => Err(Problem::new(ProblemCode::Gone)),
        })
    }

    fn templates(&self, _ticket: String) -> Answer<'_, Vec<Template>> {
        said(Ok(Vec::new()))
    }

    fn template(&self, _ticket: String, _template: String) -> Answer<'_, Insert> {
        said(Err(Problem::new(ProblemCode::Gone)))
    }

    fn knowledge(&self, _text: String) -> Answer<'_, Vec<Article>> {
        said(Ok(Vec::new()))
    }

    fn send<'a>(
        &'a self,
        work: &'a Work,
        files: &'a [OutFile],
        _trace: &'a Trace,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        async move {
            // What is sent is sent by and by: others come in between.
            tokio::task::yield_now().await;
            let fault = {
                let mut world = self.world();
                if world.offline {
                    let effect = Effect::NotSent { after_ms: 0 };
                    return Err(Failure { problem: offline(), effect });
                }
                world.faults.pop_front().unwrap_or(Fault::None)
            };
            let fails = |effect| Err(Failure { problem: offline(), effect });
            let done = matches!(fault, Fault::None | Fault::Lost { done: true } | Fault::Dies { done: true });
            let sent = if done {
                let mut world = self.world();
                for file in files {
                    world.files.insert(file.name.clone(), file.bytes.to_vec());
                }
                world.carry_out(work)
            } else {
                Sent::Done { made: None }
            };
            match fault {
                Fault::None => Ok(sent),
                Fault::Lost { .. } => fails(Effect::Unknown),
                Fault::NotSent => fails(Effect::NotSent { after_ms: 0 }),
                Fault::Refused => {
                    let problem = Problem::new(ProblemCode::Refused).saying(["No, thank you".to_owned()]);
                    Err(Failure { problem, effect: Effect::Refused })
                }
                Fault::Dies { .. } => {
                    self.died.notify_one();
                    std::future::pending().await
                }
            }
        }
        .boxed()
    }

    fn became<'a>(&'a self, work: &'a Work, trace: &'a Trace) -> Answer<'a, Became> {
        async move {
            assert!(trace.first_sent.0 > 0, "what was known before comes with the question");
            tokio::task::yield_now().await;
            let doubt = self.world().doubts.pop_front().unwrap_or(Doubt::None);
            match doubt {
                Doubt::None => Ok(self.world().became(work)),
                Doubt::Unclear => Ok(Became::Unclear),
                Doubt::Offline => Err(offline()),
                Doubt::Dies => {
                    self.died.notify_one();
                    std::future::pending().await
                }
            }
        }
        .boxed()
    }
}

impl Connector for Scripted {
    fn source(&self) -> &'static str {
        "script"
    }

    fn set_locale(&self, _language: &str, _region: &str) {}

    fn listen(
        self: Arc<Self>,
        ear: Arc<dyn Ear>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Option<Problem>> {
        async move {
            let now = crate::clock::now();
            ear.hearing(Hearing::of(Link::Live, Some(now)));
            ear.sight(Sight {
                agent: SeenAgent {
                    username: "ada".to_owned(),
                    name: "Ada".to_owned(),
                    presence: Presence::Ready,
                    pause: None,
                    since: None,
                    reach: Reach::Reachable,
                    always_ready: false,
                    pauses: Vec::new(),
                },
                queues: Vec::new(),
                devices: Vec::new(),
                lines: Vec::new(),
                presence: None,
                capabilities: vec![Capability::Tickets],
                missed: 0,
                announcements: Vec::new(),
                activities: Vec::new(),
                left: Vec::new(),
                unreadable: 0,
            });
            cancel.cancelled().await;
            None
        }
        .boxed()
    }

    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>> {
        said(Ok(Who { username: "ada".to_owned() }))
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }

    fn secret(&self) -> SecretString {
        SecretString::from("secret".to_owned())
    }

    fn run(&self, _order: Order) -> BoxFuture<'_, Result<Done, Failure>> {
        async { Ok(Done::default()) }.boxed()
    }

    fn closed(&self, _activity: String, _draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>> {
        said(Ok(Closed::AsAsked))
    }

    fn contacts(&self, _skip: u32) -> BoxFuture<'_, Result<Found, Problem>> {
        said(Ok(Found::default()))
    }

    fn search(&self, _text: String) -> BoxFuture<'_, Result<Found, Problem>> {
        said(Ok(Found::default()))
    }

    fn callers(&self, _phone: Phone) -> BoxFuture<'_, Result<Found, Problem>> {
        said(Ok(Found::default()))
    }

    fn open_tickets(&self, _contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>> {
        said(Ok(Vec::new()))
    }

    fn contact(&self, _contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>> {
        said(Err(Problem::new(ProblemCode::Gone)))
    }

    fn check(&self) -> BoxFuture<'_, ConnectionReport> {
        async { ConnectionReport { url: String::new(), version: None, user: None, lines: Vec::new() } }
            .boxed()
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }
}

/// A file of an entry.
pub(super) fn attachment(id: &str, name: &str) -> Attachment {
    Attachment { id: id.to_owned(), name: name.to_owned(), mime: String::new(), size: None }
}

/// The id of a ticket here.
pub(super) fn ticket(name: &str) -> TicketId {
    TicketId::new(&AccountId::from(ACCOUNT), name)
}
