//! A ticket with everything around it.

use std::collections::HashMap;

use daktela::models::{Activity, ChatLine, Contact, Item, QueueKind, Ticket, TicketCategory, User};
use daktela::{Fk, Query};
use futures_util::future::join_all;
use model::{Channel, Direction, Named, Problem, TicketAction};
use wire::Error;

use super::super::super::{Detail, Timeline};
use super::super::Daktela;
use super::super::{activity, people};
use super::fields::{self, Around};
use super::inferred::{self, module};
use super::rows::{Beside, Rows, named};
use super::timeline::{self, PART, Reader, header};

/// How many activities of a ticket are read at once.
const ACTIVITIES: u32 = 50;
/// How many children of a ticket are named.
const CHILDREN: u32 = 50;
/// Of how many conversations the lines are asked for.
const CONVERSATIONS: usize = 10;
/// How many lines of a conversation are read.
const LINES: u32 = 500;

/// Activities of a ticket as they were read: newest first, and whether there are more.
pub(super) struct Activities {
    pub(super) rows: Vec<Activity>,
    pub(super) earlier: bool,
    pub(super) unreadable: u32,
}

impl Daktela {
    pub(super) async fn ticket_detail(&self, name: String) -> Result<Detail, Problem> {
        let me = self.me().await.map_err(|error| self.problem(&error))?;
        let f = Ticket::FIELDS;
        let children = Query::new()
            .filter(inferred::parent().eq(&*name))
            .fields([&f.name, &f.title, &f.stage])
            .sort(&f.name)
            .take(CHILDREN);
        let (ticket, activities, children, setup) = tokio::join!(
            self.fresh::<Ticket>(&name),
            self.activities_of(&name, None),
            self.signed(|| self.client.list::<Ticket>(&children)),
            self.setup(),
        );
        let ticket = ticket.map_err(|error| self.problem(&error))?;
        self.desk.learn_scheme(&ticket.scheme);
        let mut problems = Vec::new();
        let mut or_none = |what: &str, error: &Error| problems.push(self.problem(error).with("what", what));
        let activities = activities.unwrap_or_else(|error| {
            or_none("activities", &error);
            Activities { rows: Vec::new(), earlier: false, unreadable: 0 }
        });
        let children = children.map(|list| list.rows).unwrap_or_else(|error| {
            or_none("related", &error);
            Vec::new()
        });
        let category = self.category_of(&ticket, &setup);
        let of_category = ticket.category.as_ref().and_then(|category| category.name.clone());
        let (statuses, (records, contact), timeline) = tokio::join!(
            async {
                match &of_category {
                    Some(name) => self.statuses_of::<TicketCategory>(name).await,
                    None => Vec::new(),
                }
            },
            self.records_of(&me, &ticket, &activities.rows, &mut problems),
            self.timeline(&me, &activities),
        );
        let rights = fields::rights(&me, module::TICKETS);
        let around = Around {
            me: &me,
            setup: &setup,
            category: category.as_ref(),
            statuses: &statuses,
            scheme: &ticket.scheme,
            moments: &self.client.moments(),
            may_write: rights.write,
        };
        let beside = self.beside_of(&ticket, &activities);
        let answer = Answering::of(&ticket, contact.as_ref(), &activities.rows);
        Ok(Detail {
            fields: around.fields(&ticket),
            actions: answer.actions(rights, category.as_ref(), contact.as_ref()),
            related: related(&ticket, &children),
            reply_to: answer.to,
            reply_cc: answer.cc,
            web: Some(self.client.base().page(&format!("tickets/update/{}", ticket.name)).to_string()),
            ticket: Rows { account: &self.account, me: &me }.ticket(&ticket, beside),
            timeline,
            records,
            problems,
        })
    }

    pub(super) async fn entries_before(&self, name: String, before: String) -> Result<Timeline, Problem> {
        let before = before.split(PART).next().unwrap_or_default();
        let (me, edge) = tokio::join!(self.me(), self.fresh::<Activity>(before));
        let me = me.map_err(|error| self.problem(&error))?;
        let edge = edge.map_err(|error| self.problem(&error))?;
        let activities =
            self.activities_of(&name, Some(&edge)).await.map_err(|error| self.problem(&error))?;
        Ok(self.timeline(&me, &activities).await)
    }

    /// A page of the activities of a ticket: the newest, or those before one. A page begins below the last row of the
    /// one before, so new ones shift nothing.
    pub(super) async fn activities_of(
        &self,
        ticket: &str,
        before: Option<&Activity>,
    ) -> Result<Activities, Error> {
        let f = Activity::FIELDS;
        let mut query = Query::new().sort_descending(&f.time).sort_descending(&f.name).take(ACTIVITIES);
        if let Some((edge, at)) = before.and_then(|edge| Some((edge, edge.time?))) {
            let at = self.client.moments().written(at);
            let same = daktela::Filter::all([f.time.eq(&*at), f.name.lt(&*edge.name)]);
            query = query.filter(daktela::Filter::any([f.time.lt(&*at), same]));
        }
        let list =
            self.signed(|| self.client.related::<Ticket, Activity>(ticket, "activities", &query)).await?;
        let received = u32::try_from(list.received()).unwrap_or(u32::MAX);
        let told_end = list.total.is_some_and(|total| u64::from(received) >= total);
        let earlier = received >= ACTIVITIES && !told_end;
        Ok(Activities { earlier, unreadable: people::count(&list), rows: list.rows })
    }

    /// Activities as a time line, oldest first, with the lines of conversations that do not tell them by themselves.
    async fn timeline(&self, me: &User, activities: &Activities) -> Timeline {
        let mut lines = self.lines_of(&activities.rows).await;
        let region = self.picture().region();
        let reader = Reader { me, region: &region };
        let entries = activities.rows.iter().rev().flat_map(|activity| {
            let lines = lines.remove(&activity.name).unwrap_or_default();
            reader.entries(activity, lines)
        });
        let mut entries: Vec<_> = entries.collect();
        // Lines of a conversation go on while other things happen.
        entries.sort_by_key(|entry| entry.at);
        Timeline { entries, earlier: activities.earlier, unreadable: activities.unreadable }
    }

    /// The lines of conversations whose items do not hold them, by activity.
    pub(super) async fn lines_of(&self, activities: &[Activity]) -> HashMap<String, Vec<ChatLine>> {
        use std::sync::atomic::Ordering::Relaxed;
        if self.desk.no_lines.load(Relaxed) {
            return HashMap::new();
        }
        let query = Query::new().take(LINES);
        let asked = activities.iter().filter_map(|activity| {
            timeline::lines_to_ask(activity).map(|(model, name)| (&activity.name, model, name))
        });
        let asked = asked.take(CONVERSATIONS).map(|(activity, model, name)| {
            let query = &query;
            async move {
                let read = self.signed(|| self.client.lines(model, &name, query)).await;
                if let Err(Error::NotFound | Error::Refused { .. }) = &read {
                    self.desk.no_lines.store(true, Relaxed);
                }
                let mut lines = read.map(|list| list.rows).unwrap_or_default();
                lines.sort_by_key(|line| line.time);
                (activity.clone(), lines)
            }
        });
        join_all(asked).await.into_iter().collect()
    }

    /// The rules of a ticket's category.
    pub(super) fn category_of(&self, ticket: &Ticket, setup: &super::desk::Setup) -> Option<TicketCategory> {
        let fk = ticket.category.as_ref()?;
        let listed = setup.categories.iter().find(|category| fk.is(&category.name));
        listed.or(fk.full.as_deref()).cloned()
    }

    fn beside_of(&self, ticket: &Ticket, activities: &Activities) -> Beside {
        let channels = activities.rows.iter().rev().map(|row| activity::channel(row.kind.as_ref()));
        let first = channels.into_iter().find(|channel| *channel != Channel::Comment);
        // The oldest that is read is the way in only if nothing is older.
        let channel =
            first.filter(|_| !activities.earlier).or_else(|| self.desk.channel_of(&ticket.name)).or(first);
        if let Some(channel) = channel {
            self.desk.came_in(&ticket.name, channel);
        }
        let preview = activities.rows.iter().map(timeline::preview).find(|preview| !preview.is_empty());
        Beside { channel, preview: preview.unwrap_or_default() }
    }
}

fn related(ticket: &Ticket, children: &[Ticket]) -> Vec<Named> {
    let up = [ticket.parent_ticket.as_ref(), ticket.id_merge.as_ref()].into_iter().flatten();
    let down = children.iter().map(|child| Named {
        id: child.name.clone(),
        title: child.title.clone().unwrap_or_else(|| child.name.clone()),
    });
    up.filter_map(named).chain(down).collect()
}

/// To whom an answer goes.
pub(super) struct Answering {
    pub(super) to: Vec<String>,
    cc: Vec<String>,
    has_email: bool,
    /// The queue of the last e-mail.
    queue: bool,
}

impl Answering {
    pub(super) fn of(ticket: &Ticket, contact: Option<&model::Contact>, newest_first: &[Activity]) -> Self {
        let email = |activity: &Activity| match &activity.item {
            Some(Item::Email(email)) => {
                Some((activity::direction(activity.item.as_ref()), (**email).clone()))
            }
            _ => None,
        };
        let incoming = newest_first.iter().filter_map(email).find(|(way, _)| *way == Direction::In);
        let (mut to, mut cc) = (Vec::new(), Vec::new());
        if let Some((_, email)) = &incoming {
            to = header(email, "reply-to");
            if to.is_empty() {
                to.extend(email.address.clone());
            }
            cc = header(email, "cc");
        }
        let known = ticket.email.iter().chain(contact.iter().flat_map(|contact| &contact.emails));
        if to.is_empty() {
            to.extend(known.take(1).cloned());
        }
        cc.retain(|address| !to.iter().any(|to| to.eq_ignore_ascii_case(address)));
        let has_email = newest_first.iter().any(|activity| email(activity).is_some());
        let queue = newest_first.iter().any(|row| email(row).is_some() && row.queue.is_some());
        Self { to, cc, has_email, queue }
    }

    fn actions(
        &self,
        rights: daktela::Rights,
        category: Option<&TicketCategory>,
        contact: Option<&model::Contact>,
    ) -> Vec<TicketAction> {
        let mails = self.queue || category.is_some_and(|category| category.email_queue.is_some());
        let has_number = contact.is_some_and(|contact| !contact.numbers.is_empty());
        let texts = category.and_then(|category| category.sms_queue.as_ref()).is_some_and(|queue| {
            queue.full.as_deref().is_none_or(|queue| inferred::sends(queue, &QueueKind::Sms))
        });
        let write = rights.write;
        [
            (TicketAction::Reply, write && mails && !self.to.is_empty()),
            (TicketAction::ReplyAll, write && mails && !self.cc.is_empty()),
            (TicketAction::Forward, write && self.has_email && mails),
            (TicketAction::Note, write),
            (TicketAction::Attach, write),
            (TicketAction::Sms, write && texts && has_number),
            (TicketAction::Delete, rights.delete),
        ]
        .into_iter()
        .filter_map(|(action, offered)| offered.then_some(action))
        .collect()
    }
}

/// The contact of a ticket, read in full where only its name is known.
pub(super) async fn contact_of(daktela: &Daktela, ticket: &Ticket) -> Option<Result<Contact, Error>> {
    let fk: &Fk<Contact> = ticket.contact.as_ref()?;
    let name = fk.name.clone()?;
    Some(daktela.fresh::<Contact>(&name).await)
}
