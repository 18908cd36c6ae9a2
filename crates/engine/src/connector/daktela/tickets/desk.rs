//! What the connector remembers of tickets while it runs: what an administrator sets up, how tickets came in, and what
//! it made itself.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use daktela::models::{Status, Ticket, TicketCategory, User};
use daktela::{LARGEST_PAGE, Query, Scheme};
use model::{Channel, FieldOption};
use wire::Error;

use super::super::Daktela;

/// How long a list that an administrator keeps is believed.
const KEPT: Duration = Duration::from_secs(10 * 60);
/// Of how many tickets it is remembered how they came in.
const REMEMBERED: usize = 20_000;

/// What is remembered.
#[derive(Default)]
pub(in super::super) struct Desk {
    setup: tokio::sync::Mutex<Option<(Instant, Arc<Setup>)>>,
    statuses: Mutex<HashMap<String, (Instant, Vec<FieldOption>)>>,
    scheme: Mutex<Scheme>,
    came_in: Mutex<HashMap<String, Channel>>,
    /// E-mails that were begun and not sent yet: ticket and item to the activity that holds them.
    pub(super) begun: Mutex<HashMap<(String, String), String>>,
    /// Activities that this program made: none of them is what became of later work.
    pub(super) made: Mutex<BTreeSet<String>>,
    /// Tickets that were made, by the work that made them: when it was first sent, and the subject.
    pub(super) opened: Mutex<HashMap<(i64, String), String>>,
    /// The server has no list of the lines of a conversation.
    pub(super) no_lines: std::sync::atomic::AtomicBool,
}

/// Lists that an administrator keeps. Empty where the user may not read them.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) users: Vec<FieldOption>,
    pub(super) categories: Vec<TicketCategory>,
}

impl Desk {
    /// Notes how a ticket came in.
    pub(super) fn came_in(&self, ticket: &str, channel: Channel) {
        let mut known = self.came_in.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(ticket.to_owned(), channel);
    }

    /// How a ticket came in, where it is known.
    pub(super) fn channel_of(&self, ticket: &str) -> Option<Channel> {
        self.came_in.lock().unwrap_or_else(PoisonError::into_inner).get(ticket).copied()
    }

    /// Notes what the custom fields of tickets are; an answer that does not tell changes nothing.
    pub(super) fn learn_scheme(&self, scheme: &Scheme) {
        if !scheme.0.is_empty() {
            self.scheme.lock().unwrap_or_else(PoisonError::into_inner).clone_from(scheme);
        }
    }
}

impl Daktela {
    /// Who is signed in.
    pub(super) async fn me(&self) -> Result<User, Error> {
        let known = self.picture().user();
        match known {
            Some(user) => Ok(user),
            None => self.signed(|| self.client.whoim()).await.map(|whoim| whoim.user),
        }
    }

    /// Users and categories. What cannot be read for now is asked for again the next time.
    pub(super) async fn setup(&self) -> Arc<Setup> {
        let mut kept = self.desk.setup.lock().await;
        if let Some((at, setup)) = &*kept
            && at.elapsed() < KEPT
        {
            return setup.clone();
        }
        let users = Query::new().sort(&User::FIELDS.title).take(LARGEST_PAGE);
        let users = users.fields([
            &User::FIELDS.name,
            &User::FIELDS.title,
            &User::FIELDS.deactivated,
            &User::FIELDS.kind,
        ]);
        let categories = Query::new().sort(&TicketCategory::FIELDS.title).take(LARGEST_PAGE);
        let (users, categories) = tokio::join!(
            self.signed(|| self.client.list::<User>(&users)),
            self.signed(|| self.client.list::<TicketCategory>(&categories)),
        );
        let is_final = is_final(&users) && is_final(&categories);
        let users = users.map(|list| list.rows).unwrap_or_default();
        let users = users.into_iter().filter(|user| user.deactivated != Some(true));
        let setup = Arc::new(Setup {
            users: users.map(|user| option(&user.name, user.title.as_deref())).collect(),
            categories: categories.map(|list| list.rows).unwrap_or_default(),
        });
        if is_final {
            *kept = Some((Instant::now(), setup.clone()));
        }
        setup
    }

    /// The statuses that a record's kind offers: `model` is the kind's model, `name` its name.
    pub(super) async fn statuses_of<Of: daktela::Record>(&self, name: &str) -> Vec<FieldOption> {
        let key = format!("{}/{name}", Of::MODEL);
        let kept = self.desk.statuses.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((_, statuses)) = kept.filter(|(at, _)| at.elapsed() < KEPT) {
            return statuses;
        }
        let query = Query::new().sort(&Status::FIELDS.title).take(LARGEST_PAGE);
        let read = self.signed(|| self.client.related::<Of, Status>(name, "statuses", &query)).await;
        let is_final = is_final(&read);
        let rows = read.map(|list| list.rows).unwrap_or_default();
        let statuses: Vec<FieldOption> =
            rows.iter().map(|status| option(&status.name, status.title.as_deref())).collect();
        if is_final {
            let mut kept = self.desk.statuses.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(key, (Instant::now(), statuses.clone()));
        }
        statuses
    }

    /// What the custom fields of tickets are, from any ticket.
    pub(super) async fn ticket_scheme(&self) -> Scheme {
        let known = self.desk.scheme.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !known.0.is_empty() {
            return known;
        }
        let any = Query::new().sort_descending(&Ticket::FIELDS.name).take(1);
        let read = self.signed(|| self.client.list::<Ticket>(&any)).await;
        let ticket = read.ok().and_then(|list| list.rows.into_iter().next());
        let scheme = ticket.map(|ticket| ticket.scheme).unwrap_or_default();
        self.desk.learn_scheme(&scheme);
        scheme
    }
}

pub(super) fn option(name: &str, title: Option<&str>) -> FieldOption {
    FieldOption { value: name.to_owned(), title: title.unwrap_or(name).to_owned() }
}

/// Whether asking again soon would bring nothing else: it was answered, or clearly refused.
fn is_final<T>(read: &Result<T, Error>) -> bool {
    matches!(read, Ok(_) | Err(Error::Forbidden | Error::NotFound | Error::Refused { .. }))
}
