//! The rest of the agent's day, as commands: own presence, queues, the past.

use clap::Args;
use model::{
    AccountId, AccountState, Capability, Command, HistoryItem, HistoryPage, OwnPresence, PastOutcome,
    PresenceChange, Queue, Snapshot, Timestamp, Until,
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

/// Queues: listed, or logged in to and out of.
#[derive(Args)]
pub(super) struct Queues {
    /// Log in to this queue (title or the platform's name)
    #[arg(long, value_name = "QUEUE", conflicts_with = "logout")]
    login: Option<String>,
    /// Log out of this queue
    #[arg(long, value_name = "QUEUE")]
    logout: Option<String>,
    /// Only of this account (id or name)
    #[arg(long)]
    account: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Queues {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let account = self.account.as_deref().map(|name| find(&snapshot, name)).transpose()?;
        let queues: Vec<(&AccountState, &Queue)> = (snapshot.accounts.iter())
            .filter(|state| account.as_ref().is_none_or(|id| state.account.id == *id))
            .flat_map(|state| state.queues.iter().map(move |queue| (state, queue)))
            .collect();
        let wanted =
            self.login.as_ref().map(|name| (name, true)).or(self.logout.as_ref().map(|name| (name, false)));
        let Some((name, logged_in)) = wanted else {
            for (state, queue) in queues {
                list(state, queue, self.json);
            }
            return Ok(End::Done);
        };
        let fits =
            |queue: &Queue| queue.id.as_str() == name || queue.title.to_lowercase() == name.to_lowercase();
        match queues.into_iter().filter(|(_, queue)| fits(queue)).collect::<Vec<_>>()[..] {
            [(state, queue)] => {
                let (account, queue) = (state.account.id.clone(), queue.id.clone());
                core.execute(&Command::SetQueue { account, queue, logged_in }).await?;
                Ok(End::Done)
            }
            [] => Err(nothing("There is no such queue.")),
            _ => Err(End::Usage("several queues are called so: add --account".to_owned())),
        }
    }
}

fn list(state: &AccountState, queue: &Queue, json: bool) {
    if json {
        println!("{}", json!({ "account": state.account.id, "queue": queue }));
    } else {
        let mark = if queue.logged_in { "in" } else { "out" };
        println!("{}\t{}\t{}\t{mark}", state.account.name, queue.id, queue.title);
    }
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
        let has_past = |state: &AccountState| state.capabilities.contains(&Capability::History);
        if account.is_none() && !snapshot.accounts.iter().any(has_past) {
            return Err(nothing("No account keeps a past that can be read."));
        }
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
