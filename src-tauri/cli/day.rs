//! The rest of the agent's day, as commands: own presence, queues, the past, the day itself.

use clap::Args;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use model::{
    AccountId, AccountState, BandState, Command, Day, DaySums, HistoryItem, HistoryPage, OwnPresence,
    PastOutcome, PresenceChange, Snapshot, Timestamp, Until,
};
use serde_json::json;

use super::End;
use super::accounts::find;
use super::act::nothing;
use super::core::Core;

/// The own presence: shown, or changed where anything is given.
#[derive(Args)]
pub(super) struct Presence {
    /// The activity, by title
    activity: Option<String>,
    /// On this account (id or name); needed when several keep a presence
    #[arg(long)]
    account: Option<String>,
    /// A note for colleagues; empty takes it away
    #[arg(long)]
    note: Option<String>,
    /// How many minutes it lasts; 0 for ever
    #[arg(long)]
    minutes: Option<u32>,
    /// The role, by title
    #[arg(long)]
    role: Option<String>,
    /// Apply this shortcut, by title
    #[arg(long, conflicts_with_all = ["activity", "note", "minutes", "role"])]
    shortcut: Option<String>,
}

impl Presence {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let state = self.account(&snapshot)?;
        let (account, own) = (state.account.id.clone(), state.presence.clone().unwrap_or_default());
        if let Some(title) = &self.shortcut {
            let shortcut = named(&own.shortcuts, title, |one| &one.title)?.id.clone();
            core.execute(&Command::ApplyShortcut { account, shortcut }).await?;
            return Ok(End::Done);
        }
        let change = self.change(&own, snapshot.at)?;
        if change == PresenceChange::default() {
            show(&own);
            return Ok(End::Done);
        }
        core.execute(&Command::SetPresence { account, change }).await?;
        Ok(End::Done)
    }

    fn account<'a>(&self, snapshot: &'a Snapshot) -> Result<&'a AccountState, End> {
        let id = self.account.as_deref().map(|name| find(snapshot, name)).transpose()?;
        let mut keeping = snapshot
            .accounts
            .iter()
            .filter(|state| state.presence.is_some() && id.as_ref().is_none_or(|id| state.account.id == *id));
        match (keeping.next(), keeping.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(nothing("No account keeps a presence.")),
            (Some(_), Some(_)) => {
                Err(End::Usage("several accounts keep a presence: name one with --account".to_owned()))
            }
        }
    }

    fn change(&self, own: &OwnPresence, now: Timestamp) -> Result<PresenceChange, End> {
        let activity = self.activity.as_ref().map(|title| named(&own.activities, title, |one| &one.title));
        let role = self.role.as_ref().map(|title| named(&own.roles, title, |one| &one.title));
        let until = self.minutes.map(|minutes| match minutes {
            0 => Until::Never,
            minutes => Until::At { at: now.plus_ms(i64::from(minutes) * 60_000) },
        });
        Ok(PresenceChange {
            activity: activity.transpose()?.map(|one| one.id.clone()),
            note: self.note.clone(),
            until,
            role: role.transpose()?.map(|one| one.id.clone()),
            available: None,
        })
    }
}

fn show(own: &OwnPresence) {
    for activity in &own.activities {
        let mark = if own.activity.as_ref() == Some(&activity.id) { "*" } else { " " };
        println!("{mark} {}", activity.title);
    }
    if !own.note.is_empty() {
        println!("note: {}", own.note);
    }
    for shortcut in &own.shortcuts {
        println!("shortcut: {}", shortcut.title);
    }
}

fn named<'a, T>(all: &'a [T], wanted: &str, title: impl Fn(&T) -> &String) -> Result<&'a T, End> {
    all.iter().find(|one| title(one).to_lowercase() == wanted.to_lowercase()).ok_or_else(|| {
        let titles: Vec<_> = all.iter().map(|one| title(one).as_str()).collect();
        End::Usage(format!("there is no {wanted:?}; there are: {}", titles.join(", ")))
    })
}

/// The past.
#[derive(Args)]
pub(super) struct History {
    /// Only of this account (id or name)
    #[arg(long)]
    account: Option<String>,
    /// Only what nobody answered
    #[arg(long)]
    missed: bool,
    /// As JSON, an item a line
    #[arg(long)]
    json: bool,
}

impl History {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let account: Option<AccountId> = match &self.account {
            Some(name) => Some(find(&snapshot, name)?),
            None => None,
        };
        let outcomes: &[PastOutcome] = if self.missed { &[PastOutcome::Missed] } else { &[] };
        let query = json!({ "account": account, "outcomes": outcomes });
        let page: HistoryPage = core.call("history", query).await?;
        for item in &page.items {
            if self.json { println!("{}", json!(item)) } else { println!("{}", line(item)) }
        }
        match page.problems.into_iter().next() {
            Some(problem) => Err(End::Refused(problem)),
            None => Ok(End::Done),
        }
    }
}

fn line(item: &HistoryItem) -> String {
    let number = item.party.phone.as_ref().map(|phone| phone.display.as_str());
    let who = item.party.name.as_deref().or(number).unwrap_or("");
    let seconds = item.seconds.map(|seconds| format!("{seconds} s")).unwrap_or_default();
    // Milliseconds, as `watch --json` has them: what reads this may be a program.
    format!("{}\t{:?}\t{:?}\t{who}\t{seconds}", item.at.0, item.direction, item.outcome)
}

/// The agent's day.
#[derive(Args)]
pub(super) struct MyDay {
    /// Which, as 2026-03-29; today unless said otherwise
    date: Option<String>,
    /// All states and contacts of these days as CSV, for a spreadsheet
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], conflicts_with_all = ["date", "json"])]
    csv: Option<Vec<String>>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl MyDay {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        // The states of today are known once the accounts are heard. Who has none may read old days all the same.
        let snapshot = match core.settled().await {
            Ok(snapshot) => snapshot,
            Err(_) => core.snapshot().await?,
        };
        let name = |id: &AccountId| {
            let known = snapshot.accounts.iter().find(|state| state.account.id == *id);
            known.map_or_else(|| id.to_string(), |state| state.account.name.clone())
        };
        if let Some([from, to]) = self.csv.as_deref() {
            let mut days = Vec::new();
            for date in dates(from, to)? {
                let day: Day = core.call("day", json!({ "date": date })).await?;
                days.push(day);
            }
            print!("{}", engine::csv_of_days(&days, name, &TimeZone::system()));
            return Ok(End::Done);
        }
        let day: Day = core.call("day", json!({ "date": self.date, "ask": true })).await?;
        if self.json {
            println!("{}", json!(day));
        } else {
            tell_day(&day, name);
        }
        match day.problems.into_iter().next() {
            Some(problem) => Err(End::Refused(problem)),
            None => Ok(End::Done),
        }
    }
}

/// The days from one to another.
fn dates(from: &str, to: &str) -> Result<Vec<String>, End> {
    let read = |date: &str| {
        date.parse::<jiff::civil::Date>()
            .map_err(|_| End::Usage(format!("{date:?} is no day: write 2026-03-29")))
    };
    let (from, to) = (read(from)?, read(to)?);
    if from > to {
        return Err(End::Usage("the last day comes before the first".to_owned()));
    }
    Ok(from.series(1.day()).take_while(|date| *date <= to).map(|date| date.to_string()).collect())
}

fn tell_day(day: &Day, name: impl Fn(&AccountId) -> String) {
    let zone = TimeZone::system();
    let clock = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
    };
    let length = |seconds: u32| format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let DaySums {
        handled,
        calls,
        missed,
        declined,
        talk,
        hold,
        wrap_up,
        ready,
        paused,
        signed_in,
        average_handle,
    } = &day.sums;
    println!("{}", day.date);
    println!("handled\t{handled} ({calls} calls)\tmissed\t{missed}\tdeclined\t{declined}");
    println!("talk\t{}\thold\t{}\twrap-up\t{}", length(*talk), length(*hold), length(*wrap_up));
    println!("ready\t{}\tpaused\t{}\tsigned in\t{}", length(*ready), length(*paused), length(*signed_in));
    let usual = day.usual.as_ref().and_then(|usual| usual.average_handle).map(length);
    if let Some(average) = average_handle {
        let usual = usual.map(|usual| format!("\tusually\t{usual}")).unwrap_or_default();
        println!("average handle time\t{}{usual}", length(*average));
    }
    for pause in &day.pauses {
        let over = if pause.over > 0 { format!("\tover by {}", length(pause.over)) } else { String::new() };
        println!("{}\t{}x\t{}{over}", pause.title, pause.times, length(pause.seconds));
    }
    let mut lines: Vec<(Timestamp, String)> = Vec::new();
    for band in &day.bands {
        let was = match &band.state {
            BandState::Present { pause: Some(title), .. } => title.clone(),
            BandState::Present { presence, .. } => format!("{presence:?}"),
            BandState::SignedOut => "signed out".to_owned(),
            BandState::Unheard => "not heard".to_owned(),
        };
        let (from, to) = (clock(band.from), clock(band.to));
        lines.push((band.from, format!("{from}\t{to}\t{}\t{was}", name(&band.account))));
    }
    for one in &day.contacts {
        let number = one.party.phone.as_ref().map(|phone| phone.display.as_str());
        let who = one.party.name.as_deref().or(number).or(one.party.address.as_deref()).unwrap_or("");
        let to = one.closed.or(one.ended).map(clock).unwrap_or_default();
        let what = format!("{:?}\t{:?}\t{:?}\t{who}", one.channel, one.direction, one.outcome);
        lines.push((one.began, format!("{}\t{to}\t{}\t{what}", clock(one.began), name(&one.account))));
    }
    lines.sort_by_key(|(at, _)| *at);
    for (_, line) in lines {
        println!("{line}");
    }
}
