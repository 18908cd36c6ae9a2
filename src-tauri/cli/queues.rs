//! Queues on the command line: their figures, and logging in to one or out of it.

use clap::Args;
use model::ipc::Window;
use model::{
    AccountId, AccountState, Capability, Command, Link, Queue, QueueStatistics, Snapshot, Timestamp,
};
use serde_json::json;

use super::End;
use super::accounts::find;
use super::act::nothing;
use super::core::Core;

/// Queues: shown with their figures, or logged in to and out of.
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
    /// As JSON, a queue a line
    #[arg(long)]
    json: bool,
}

impl Queues {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let account = self.account.as_deref().map(|name| find(&snapshot, name)).transpose()?;
        let is_meant = |id: &AccountId| account.as_ref().is_none_or(|account| account == id);
        let wanted =
            self.login.as_ref().map(|name| (name, true)).or(self.logout.as_ref().map(|name| (name, false)));
        let Some((name, logged_in)) = wanted else {
            let snapshot = with_figures(core, &snapshot, is_meant).await?;
            for line in lines(&snapshot, is_meant) {
                println!("{}", if self.json { line.json() } else { line.text(snapshot.at) });
            }
            return Ok(End::Done);
        };
        let fits =
            |queue: &Queue| queue.id.as_str() == name || queue.title.to_lowercase() == name.to_lowercase();
        let found: Vec<(&AccountId, &Queue)> = (snapshot.accounts.iter())
            .filter(|state| is_meant(&state.account.id))
            .flat_map(|state| state.queues.iter().map(move |queue| (&state.account.id, queue)))
            .filter(|(_, queue)| fits(queue))
            .collect();
        match found[..] {
            [(account, queue)] => {
                let (account, queue) = (account.clone(), queue.id.clone());
                core.execute(&Command::SetQueue { account, queue, logged_in }).await?;
                Ok(End::Done)
            }
            [] => Err(nothing("There is no such queue.")),
            _ => Err(End::Usage("several queues are called so: add --account".to_owned())),
        }
    }
}

/// Everything as it stands once figures have come, or do not come: they are only followed while somebody looks.
async fn with_figures(
    core: &Core,
    snapshot: &Snapshot,
    is_meant: impl Fn(&AccountId) -> bool,
) -> Result<Snapshot, End> {
    let counts = |state: &&AccountState| {
        let heard = matches!(state.health.link, Link::Live | Link::Degraded | Link::CatchingUp);
        heard && is_meant(&state.account.id) && state.capabilities.contains(&Capability::QueueStatistics)
    };
    let watched: Vec<AccountId> =
        snapshot.accounts.iter().filter(counts).map(|state| state.account.id.clone()).collect();
    // The pop-up looks at no queues, so its place is free, and what other windows look at stays.
    let watch = |queues: &[AccountId]| json!({ "window": Window::Popup, "contacts": [], "queues": queues });
    core.call::<()>("watch", watch(&watched)).await?;
    let counted =
        |snapshot: &Snapshot, id: &AccountId| snapshot.statistics.iter().any(|one| one.account == *id);
    let told = core.once(|snapshot| watched.iter().all(|id| counted(snapshot, id))).await;
    core.call::<()>("watch", watch(&[])).await?;
    Ok(told?)
}

/// A queue with its figures, as far as either is known.
struct Line<'a> {
    state: &'a AccountState,
    queue: Option<&'a Queue>,
    figures: Option<&'a QueueStatistics>,
}

fn lines(snapshot: &Snapshot, is_meant: impl Fn(&AccountId) -> bool) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for state in snapshot.accounts.iter().filter(|state| is_meant(&state.account.id)) {
        let figures: Vec<&QueueStatistics> =
            snapshot.statistics.iter().filter(|one| one.account == state.account.id).collect();
        for queue in &state.queues {
            let figures = figures.iter().copied().find(|one| one.queue == queue.id);
            lines.push(Line { state, queue: Some(queue), figures });
        }
        let others = figures.iter().filter(|one| state.queues.iter().all(|queue| queue.id != one.queue));
        lines.extend(others.map(|figures| Line { state, queue: None, figures: Some(figures) }));
    }
    lines
}

impl Line<'_> {
    fn json(&self) -> String {
        json!({ "account": self.state.account.id, "queue": self.queue, "figures": self.figures }).to_string()
    }

    fn text(&self, now: Timestamp) -> String {
        let id = self.queue.map(|queue| &queue.id).or(self.figures.map(|figures| &figures.queue));
        let title = self.queue.map(|queue| &queue.title).or(self.figures.map(|figures| &figures.title));
        let mine = self.queue.map(|queue| queue.logged_in).or(self.figures.and_then(|figures| figures.mine));
        let mark = match mine {
            Some(true) => "in",
            Some(false) => "out",
            None => "-",
        };
        let mut text = format!(
            "{}\t{}\t{}\t{mark}",
            self.state.account.name,
            id.map(ToString::to_string).unwrap_or_default(),
            title.map(String::as_str).unwrap_or_default()
        );
        if let Some(figures) = self.figures {
            let count =
                |figure: Option<u32>| figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string());
            let waits = figures.longest_since.map(|since| now.ms_since(since).max(0) / 1_000);
            let waits = waits.map_or(String::new(), |seconds| format!(" ({seconds} s)"));
            let level = figures.service_level.map_or("-".to_owned(), |level| format!("{level} %"));
            text += &format!(
                "\twaiting {}{waits}\tfree {} of {}\tserving {}\tanswered {}\tabandoned {}\tin time {level}",
                count(figures.waiting),
                count(figures.free),
                count(figures.logged_in),
                count(figures.serving),
                count(figures.answered),
                count(figures.dropped),
            );
        }
        text
    }
}
