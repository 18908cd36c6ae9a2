//! How far the look for changes has come.
//!
//! `edited` has whole seconds and no zone, and nothing tells what was deleted or in which order changes of one second
//! happened. So:
//!
//! - all tickets are gone through from the newest to the oldest by (edited, name), each page beginning below the last
//!   row of the one before. A ticket that changes meanwhile moves up, out of the way: pages never shift, and the news
//!   that follow bring it. Tickets without a date come last.
//! - news are what was edited since a little before the newest change that is known. What was told already is left out,
//!   unless it was read in the very second of its change, when a second change could still have followed.
//! - in the hour that the end of daylight saving repeats, the look goes back to its beginning
//!   ([`daktela::Moments::written_since`]).

use daktela::models::Ticket;
use daktela::{Filter, Moments, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many tickets the first page has: it is there to be looked at.
const FIRST: u32 = 50;
/// How many tickets a page of all of them has.
const FILL: u32 = 500;
/// How many tickets a page of news has.
const NEWS: u32 = 100;
/// How far news look back, in seconds: a change may become visible after the date it bears, where one job changes many
/// tickets at once or a copy of the database lags behind.
const LOOK_BACK: i64 = 60;
/// How many tickets are remembered as told. Beyond, some are told again.
const TOLD: usize = 1_000;

/// A ticket and when it was edited, in seconds since the epoch.
type Edited = (i64, String);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// Nothing was read yet.
    #[serde(skip)]
    Start,
    /// All tickets, down from here.
    Fill { newest: i64, below: Edited },
    /// Those that were never edited, up from here.
    Undated { newest: i64, after: Option<String> },
    /// What changed.
    News {
        newest: i64,
        /// The last row of the page before, while one look has several pages.
        after: Option<Edited>,
        /// What the look before told, and what this one did.
        told: Vec<Edited>,
        telling: Vec<Edited>,
    },
}

impl Place {
    /// What to ask for.
    pub(super) fn query(&self, moments: &Moments, now: Timestamp) -> Query {
        let (edited, name) = (&Ticket::FIELDS.edited, &Ticket::FIELDS.name);
        let written = |at: i64| moments.written(Timestamp::from_second(at).unwrap_or(now));
        match self {
            Self::Start => {
                let dated = edited.is_not_null();
                Query::new().filter(dated).sort_descending(edited).sort_descending(name).take(FIRST)
            }
            Self::Fill { below: (at, last), .. } => {
                let at = written(*at);
                let same = Filter::all([edited.eq(&*at), name.lt(&**last)]);
                let below = Filter::any([edited.lt(&*at), same]);
                Query::new().filter(below).sort_descending(edited).sort_descending(name).take(FILL)
            }
            Self::Undated { after, .. } => {
                let undated = Query::new().filter(edited.is_null());
                let rest = match after {
                    Some(after) => undated.filter(name.gt(&**after)),
                    None => undated,
                };
                rest.sort(name).take(FILL)
            }
            Self::News { newest, after: None, .. } => {
                let since = Timestamp::from_second(newest - LOOK_BACK).unwrap_or(now);
                let since = moments.written_since(since, now);
                let created = Filter::all([edited.is_null(), Ticket::FIELDS.created.gte(&*since)]);
                let news = Filter::any([edited.gte(&*since), created]);
                Query::new().filter(news).sort(edited).sort(name).take(NEWS)
            }
            Self::News { after: Some((at, last)), .. } => {
                let at = written(*at);
                let same = Filter::all([edited.eq(&*at), name.gt(&**last)]);
                Query::new().filter(Filter::any([edited.gt(&*at), same])).sort(edited).sort(name).take(NEWS)
            }
        }
    }

    fn page(&self) -> usize {
        (match self {
            Self::Start => FIRST,
            Self::Fill { .. } | Self::Undated { .. } => FILL,
            Self::News { .. } => NEWS,
        }) as usize
    }

    /// Takes an answer: the rows to tell, from where to go on, and whether there is more right now. `received` counts
    /// rows that could not be read, too; `now` is the server's clock.
    pub(super) fn read(
        self,
        rows: Vec<Ticket>,
        received: usize,
        moments: &Moments,
        now: Timestamp,
    ) -> (Vec<Ticket>, Self, bool) {
        let is_last = received < self.page();
        let last = rows.iter().rev().find_map(edited);
        match self {
            Self::Start => {
                let newest = rows.iter().find_map(edited).map_or(now.as_second(), |(at, _)| at);
                (rows, Self::below(newest, last, is_last), true)
            }
            Self::Fill { newest, .. } => (rows, Self::below(newest, last, is_last), true),
            Self::Undated { newest, .. } => {
                let after = rows.last().map(|row| row.name.clone()).filter(|_| !is_last);
                let next = match after {
                    Some(after) => Self::Undated { newest, after: Some(after) },
                    None => Self::News { newest, after: None, told: Vec::new(), telling: Vec::new() },
                };
                (rows, next, true)
            }
            Self::News { newest, told, mut telling, .. } => {
                let newest = last.as_ref().map_or(newest, |(at, _)| newest.max(*at));
                let settled = |(at, _): &Edited| at + 1 < now.as_second();
                telling.extend(rows.iter().filter_map(edited).filter(settled));
                let is_news = |row: &Ticket| edited(row).is_none_or(|row| !told.contains(&row));
                let fresh = rows.into_iter().filter(is_news).collect();
                // Without a row to go on from, the look begins anew the next time.
                match last.filter(|_| !is_last) {
                    Some(last) => (fresh, Self::News { newest, after: Some(last), told, telling }, true),
                    None => {
                        let told = Self::to_remember(telling, newest, moments, now);
                        (fresh, Self::News { newest, after: None, told, telling: Vec::new() }, false)
                    }
                }
            }
        }
    }

    fn below(newest: i64, last: Option<Edited>, is_last: bool) -> Self {
        match last.filter(|_| !is_last) {
            Some(below) => Self::Fill { newest, below },
            None => Self::Undated { newest, after: None },
        }
    }

    /// Of what was told, that which the next look will see again.
    fn to_remember(telling: Vec<Edited>, newest: i64, moments: &Moments, now: Timestamp) -> Vec<Edited> {
        let since = Timestamp::from_second(newest - LOOK_BACK).unwrap_or(now);
        let since = moments.written_since(since, now);
        let again =
            |(at, _): &Edited| Timestamp::from_second(*at).is_ok_and(|at| moments.written(at) >= since);
        let mut told: Vec<Edited> = telling.into_iter().filter(again).collect();
        let too_many = told.len().saturating_sub(TOLD);
        told.drain(..too_many);
        told
    }
}

fn edited(ticket: &Ticket) -> Option<Edited> {
    ticket.edited.map(|at| (at.as_second(), ticket.name.clone()))
}

#[cfg(test)]
#[path = "mark_tests.rs"]
mod tests;
