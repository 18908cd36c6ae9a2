//! Lists of tickets: changes, views, search.

use std::collections::HashMap;

use daktela::models::{Activity, Ticket, TicketView, in_view};
use daktela::{LARGEST_PAGE, List, Query};
use jiff::Timestamp;
use model::{Channel, Problem};
use wire::Error;

use super::super::super::{Changes, Listed, Mark, View};
use super::super::Daktela;
use super::super::activity;
use super::super::people::count;
use super::mark::Place;
use super::rows::{Beside, Rows};
use super::timeline;

/// How many tickets a page of a view or a search has.
const PAGE: u32 = 100;
/// Of how many tickets at once the last messages are read: more names would not fit into an address.
const LOOKED_INTO: usize = 50;
/// How many activities are read for them.
const ACTIVITIES: u32 = 300;

impl Daktela {
    pub(super) async fn changed_tickets(&self, mark: Option<Mark>) -> Result<Changes, Problem> {
        // A mark of an earlier release means to begin anew.
        let place = mark.and_then(|mark| serde_json::from_str(&mark.0).ok()).unwrap_or(Place::Start);
        let is_start = place == Place::Start;
        // Whoever is known has been told by an answer, and that told the server's zone.
        self.me().await.map_err(|error| self.problem(&error))?;
        let (before, now) = (self.client.moments(), Timestamp::now());
        let query = place.query(&before, before.theirs(now));
        let list = self.tickets_listed(&query).await.map_err(|error| self.problem(&error))?;
        let (received, unreadable) = (list.received(), count(&list));
        let moments = self.client.moments();
        let (rows, place, more) = place.read(list.rows, received, &moments, moments.theirs(Timestamp::now()));
        let of = list.total.filter(|_| is_start).and_then(|total| u32::try_from(total).ok());
        let mark = serde_json::to_string(&place).ok().map(Mark);
        Ok(Changes { tickets: self.told(&rows).await?, gone: Vec::new(), mark, more, of, unreadable })
    }

    pub(super) async fn ticket_views(&self) -> Result<Vec<View>, Problem> {
        let query = Query::new().sort(&TicketView::FIELDS.title).take(LARGEST_PAGE);
        match self.signed(|| self.client.list::<TicketView>(&query)).await {
            Ok(list) => Ok(list.rows.into_iter().map(view).collect()),
            // Older servers and users without the right have none.
            Err(Error::Forbidden | Error::NotFound) => Ok(Vec::new()),
            Err(error) => Err(self.problem(&error)),
        }
    }

    /// A view has an order of its own, so none is asked for.
    pub(super) async fn tickets_in_view(&self, view: String, skip: u32) -> Result<Listed, Problem> {
        let query = Query::new().filter(in_view(&view)).take(PAGE).skip(skip.into());
        let list = self.tickets_listed(&query).await.map_err(|error| self.problem(&error))?;
        self.page(list, skip).await
    }

    pub(super) async fn search_tickets(&self, text: String) -> Result<Listed, Problem> {
        let text = text.trim();
        let query = Query::new().search(text).sort_descending(&Ticket::FIELDS.edited).take(PAGE);
        let number = text.trim_start_matches('#');
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let (list, named) = tokio::join!(self.tickets_listed(&query), async {
            match is_number {
                true => self.signed(|| self.client.get::<Ticket>(number)).await.ok(),
                false => None,
            }
        });
        let mut list = list.map_err(|error| self.problem(&error))?;
        if let Some(named) = named {
            list.rows.retain(|row| row.name != named.name);
            list.rows.insert(0, named);
        }
        self.page(list, 0).await
    }

    async fn page(&self, list: List<Ticket>, skip: u32) -> Result<Listed, Problem> {
        let received = u32::try_from(list.received()).unwrap_or(u32::MAX);
        let of = list.total.and_then(|total| u32::try_from(total).ok());
        let seen = skip.saturating_add(received);
        let more = received >= PAGE && of.is_none_or(|of| seen < of);
        let unreadable = count(&list);
        Ok(Listed { tickets: self.told(&list.rows).await?, of, more, unreadable })
    }

    async fn tickets_listed(&self, query: &Query) -> Result<List<Ticket>, Error> {
        self.signed(|| self.client.list::<Ticket>(query)).await
    }

    /// Tickets in our words, with what their rows do not tell where there are few of them.
    async fn told(&self, rows: &[Ticket]) -> Result<Vec<model::Ticket>, Problem> {
        let me = self.me().await.map_err(|error| self.problem(&error))?;
        if let Some(row) = rows.first() {
            self.desk.learn_scheme(&row.scheme);
        }
        let mut beside = if rows.len() <= LOOKED_INTO { self.beside(rows).await } else { HashMap::new() };
        let reader = Rows { account: &self.account, me: &me };
        let told = rows.iter().map(|row| {
            let mut beside = beside.remove(&row.name).unwrap_or_default();
            match (self.desk.channel_of(&row.name), beside.channel) {
                (Some(known), _) => beside.channel = Some(known),
                (None, Some(channel)) => self.desk.came_in(&row.name, channel),
                (None, None) => {}
            }
            reader.ticket(row, beside)
        });
        Ok(told.collect())
    }

    /// What the latest activities tell of tickets. Only an ornament: a failure costs nothing else.
    async fn beside(&self, rows: &[Ticket]) -> HashMap<String, Beside> {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        if names.is_empty() {
            return HashMap::new();
        }
        let f = Activity::FIELDS;
        let query = Query::new().filter(f.ticket.is_in(names)).sort_descending(&f.time).take(ACTIVITIES);
        let read = self.signed(|| self.client.list::<Activity>(&query)).await;
        let mut beside: HashMap<String, Beside> = HashMap::new();
        for activity in read.map(|list| list.rows).unwrap_or_default() {
            let Some(ticket) = activity.ticket.as_ref().and_then(|ticket| ticket.name.clone()) else {
                continue;
            };
            let entry = beside.entry(ticket).or_default();
            // Newest first: the last one that is seen is the oldest. A comment is nobody's way in.
            let channel = activity::channel(activity.kind.as_ref());
            if channel != Channel::Comment {
                entry.channel = Some(channel);
            }
            if entry.preview.is_empty() {
                entry.preview = timeline::preview(&activity);
            }
        }
        beside
    }
}

fn view(view: TicketView) -> View {
    View {
        title: view.title.unwrap_or_else(|| view.name.clone()),
        total: view.count.and_then(|count| u32::try_from(count).ok()),
        name: view.name,
    }
}
