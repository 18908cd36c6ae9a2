//! The agent's day: what they were on every account and every contact of theirs, kept on this computer.
//!
//! ```text
//!  events ──► recorder ──► store (bands, contacts) ◄── told by the platforms afterwards
//!                               │
//!                               └──► laid into a day, added up, compared with the weeks before ──► page, CSV
//! ```
//!
//! The recorder is a follower like any view, so nothing that listens ever waits for it. What is kept may overlap (two
//! processes, clocks that jump, what was seen and what was told); it is made one line when it is read ([`lay`]).

mod book;
mod calendar;
mod csv;
mod kept;
mod lay;
mod past;
mod recorder;
mod spans;
mod sums;

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{
    Account, AccountId, Day, DayDate, DayLine, DayQuery, DaySums, ExportDays, Problem, ProblemCode, Timestamp,
};

pub(crate) use self::book::{Book, begin, end};
pub use self::csv::csv;
pub(crate) use self::kept::{KeptBand, KeptContact};
pub(crate) use self::past::local_history;
pub(crate) use self::recorder::Entry;
use crate::store::KeptDay;
use crate::{Engine, clock};

/// For how many days the record is kept.
const KEPT_DAYS: i32 = 400;
/// How many days before a day make what is usual.
const USUAL_DAYS: i32 = 28;

impl Engine {
    /// A day of the agent's, as it is kept here. Platforms that have not told of it yet are asked behind it, and news are
    /// told as a change of the day; with `ask` their answers are waited for.
    ///
    /// # Errors
    /// `NotPossible` for what is no day, `Internal` when the store cannot be read. A platform that cannot be asked is told
    /// inside the day.
    pub async fn day(&self, query: DayQuery) -> Result<Day, Problem> {
        let zone = TimeZone::system();
        let date = match &query.date {
            Some(date) => calendar::read(date)?,
            None => calendar::day_of(clock::now(), &zone),
        };
        self.core.day.catch_up().await;
        past::ask_platforms(&self.core, date, &zone, query.ask).await?;
        let mut day = self.read_day(date, &zone).await?;
        day.problems = self.core.day.problems_of(&day.date);
        let mut usual = Vec::new();
        for before in calendar::before(date, USUAL_DAYS) {
            usual.push(self.sums_of(before, &zone).await?);
        }
        usual.retain(|sums| sums.handled > 0);
        day.usual = sums::average(&usual);
        day.usual_days = u32::try_from(usual.len()).unwrap_or(u32::MAX);
        Ok(day)
    }

    /// The days that are kept, newest first.
    ///
    /// # Errors
    /// `Internal` when the store cannot be read.
    pub async fn days(&self) -> Result<Vec<DayLine>, Problem> {
        let zone = TimeZone::system();
        self.core.day.catch_up().await;
        let Some(first) = self.core.store.first_of_days().await? else { return Ok(Vec::new()) };
        let (first, today) = (calendar::day_of(first, &zone), calendar::day_of(clock::now(), &zone));
        let mut lines = Vec::new();
        for date in
            std::iter::once(today).chain(calendar::before(today, KEPT_DAYS)).take_while(|date| *date >= first)
        {
            let sums = self.sums_of(date, &zone).await?;
            if sums != DaySums::default() {
                lines.push(DayLine { date: date.to_string(), sums });
            }
        }
        Ok(lines)
    }

    /// Days as CSV, as [`csv`] says.
    ///
    /// # Errors
    /// As [`Engine::day`]; `NotPossible` when the last day comes before the first.
    pub async fn days_as_csv(&self, days: ExportDays) -> Result<String, Problem> {
        let zone = TimeZone::system();
        let (from, to) = (calendar::read(&days.from)?, calendar::read(&days.to)?);
        if from > to {
            return Err(Problem::new(ProblemCode::NotPossible).with("why", "no_date"));
        }
        self.core.day.catch_up().await;
        let dates: Vec<Date> = std::iter::once(to)
            .chain(calendar::before(to, KEPT_DAYS))
            .take_while(|date| *date >= from)
            .collect();
        let mut read = Vec::with_capacity(dates.len());
        for date in dates.into_iter().rev() {
            read.push(self.read_day(date, &zone).await?);
        }
        let accounts: HashMap<AccountId, Account> = self.core.hub.read(|state| {
            state.accounts.iter().map(|one| (one.account.id.clone(), one.account.clone())).collect()
        });
        let name =
            |id: &AccountId| accounts.get(id).map_or_else(|| id.to_string(), |account| account.name.clone());
        Ok(csv(&read, name, &zone))
    }

    /// A day without what is around it.
    async fn read_day(&self, date: Date, zone: &TimeZone) -> Result<Day, Problem> {
        let (begins, ends) = calendar::bounds(date, zone)?;
        let kept = self.core.store.day(begins, ends).await?;
        Ok(read(&kept, date.to_string(), (begins, ends), clock::now()))
    }

    /// The sums of a day; those of past days are remembered.
    async fn sums_of(&self, date: Date, zone: &TimeZone) -> Result<DaySums, Problem> {
        let (written, is_past) = (date.to_string(), date < calendar::day_of(clock::now(), zone));
        if is_past && let Some(sums) = self.core.day.sums_of(&written) {
            return Ok(sums);
        }
        let sums = self.read_day(date, zone).await?.sums;
        if is_past {
            self.core.day.remember(written, sums.clone());
        }
        Ok(sums)
    }
}

/// What is kept, read as a day at the moment `now`.
fn read(kept: &KeptDay, date: DayDate, (begins, ends): (Timestamp, Timestamp), now: Timestamp) -> Day {
    let until = now.clamp(begins, ends);
    let laid = lay::lay(&kept.bands, begins, until);
    let mut contacts: Vec<_> = kept.contacts.iter().map(|one| one.shown_at(until)).collect();
    contacts.sort_by(|a, b| (a.began, &a.id).cmp(&(b.began, &b.id)));
    let is_copy = sums::join_copies(&mut contacts);
    sums::mark_returned(&mut contacts);
    Day {
        date,
        begins,
        ends,
        until,
        sums: sums::sums(&laid, &contacts, &is_copy, (begins, until)),
        pauses: sums::pauses(&laid),
        bands: laid.into_iter().map(lay::Laid::shown).collect(),
        contacts,
        usual: None,
        usual_days: 0,
        problems: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
