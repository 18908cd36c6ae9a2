//! Figures of departments, while somebody looks: two overviews each, so the more there are the less often. What was since
//! midnight, how far service levels were kept, and who works in a department come from lists that are read less often still.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use liveagent::departments::DepartmentAgent;
use liveagent::onlinestatus::{AgentOnlineState, DepartmentOnlineState};
use liveagent::overview::{CallsOverview, ChatsOverview};
use liveagent::reports::{DepartmentsReport, Figures};
use liveagent::service_reports::{Of, SlaComplianceReport};
use liveagent::{AccountTime, Page};
use model::{PresenceCount, QueueId, QueueStatistics};
use tokio::time::Instant;
use wire::Error;

use super::book::given;
use super::{LiveAgent, inferred};
use crate::clock;

/// How long between two rounds at least.
const ROUND: Duration = Duration::from_secs(15);
/// What each department adds to that: a round must not take more than a part of the budget.
const EACH: Duration = Duration::from_secs(2);
/// How old the sums of the day may grow.
const SUMS: Duration = Duration::from_secs(60);
/// How old service levels and the lists of who works where may grow.
const SELDOM: Duration = Duration::from_secs(600);
/// How many rows a report may have.
const ROWS: u32 = 1_000;

/// Reads figures while they are watched.
pub(super) async fn follow(liveagent: Arc<LiveAgent>) {
    let mut watched = liveagent.watched.subscribe();
    let mut kept = Kept::default();
    loop {
        if watched.wait_for(|watched| watched.queues).await.is_err() {
            return;
        }
        let many = match liveagent.figures(&mut kept).await {
            Ok(figures) => {
                let many = figures.len();
                if let Some(ear) = liveagent.ear() {
                    ear.statistics(figures);
                }
                many
            }
            Err(error) => {
                tracing::info!(account = %liveagent.account, %error, "figures could not be read");
                0
            }
        };
        tokio::time::sleep(ROUND + EACH * u32::try_from(many).unwrap_or(u32::MAX)).await;
    }
}

/// What is read less often than overviews.
#[derive(Default)]
struct Kept {
    sums: Option<(Instant, HashMap<String, Figures>)>,
    departments: HashMap<String, (Instant, Department)>,
}

/// What is seldom new of a department.
#[derive(Clone, Default)]
struct Department {
    /// How many were taken up in time since midnight, in per cent.
    in_time: Option<u32>,
    agents: Option<Vec<DepartmentAgent>>,
}

impl LiveAgent {
    async fn figures(&self, kept: &mut Kept) -> Result<Vec<QueueStatistics>, Error> {
        let client = self.beside();
        self.read_sums(kept).await;
        // Who may not see who is there claims nothing about it.
        let online = client.online_agents().await.ok().map(|list| list.rows);
        let mut figures = Vec::new();
        for department in client.online_departments().await?.rows {
            let (chats, calls) = tokio::join!(
                client.chats_overview(Some(&department.id)),
                client.calls_overview(Some(&department.id))
            );
            let seldom = self.department(&department.id, kept).await;
            let sums = kept.sums.as_ref().and_then(|(_, sums)| sums.get(&department.id));
            let now = Now { department, chats: chats.ok(), calls: calls.ok(), online: online.as_deref() };
            figures.push(self.statistics(now, &seldom, sums));
        }
        Ok(figures)
    }

    /// The beginning of the day in the account's zone, and the present.
    fn today(&self) -> (AccountTime, AccountTime) {
        let zone = self.memory().zone.clone();
        let now = zone.account_time(jiff::Timestamp::now());
        (AccountTime(now.0.date().to_datetime(jiff::civil::Time::midnight())), now)
    }

    /// Reads what was since midnight. Whoever may read no reports goes without.
    async fn read_sums(&self, kept: &mut Kept) {
        if kept.sums.as_ref().is_some_and(|(at, _)| at.elapsed() < SUMS) {
            return;
        }
        let (from, to) = self.today();
        let report = DepartmentsReport {
            from,
            to,
            columns: ["id", "calls", "chats", "missed_calls", "missed_chats"].map(str::to_owned).to_vec(),
        };
        let rows = self.beside().list(&report, Page { offset: 0, limit: ROWS }).await;
        let rows = rows.map(|list| list.rows).unwrap_or_default();
        let sums = rows.into_iter().filter_map(|row| Some((row.id.clone()?, row))).collect();
        kept.sums = Some((Instant::now(), sums));
    }

    async fn department(&self, id: &str, kept: &mut Kept) -> Department {
        if let Some((_, known)) = kept.departments.get(id).filter(|(at, _)| at.elapsed() < SELDOM) {
            return known.clone();
        }
        let agents = self.beside().department_agents(id).await.ok().map(|list| list.rows);
        let department = Department { in_time: self.in_time(id).await, agents };
        kept.departments.insert(id.to_owned(), (Instant::now(), department.clone()));
        department
    }

    async fn in_time(&self, department: &str) -> Option<u32> {
        let (from, to) = self.today();
        let (mut kept, mut broken) = (0_i64, 0_i64);
        for of in [Of::Calls, Of::Chats] {
            let report = SlaComplianceReport {
                of,
                from: Some(from),
                to: Some(to),
                period: None,
                department: Some(department.to_owned()),
                user: None,
                level: None,
            };
            let rows = self.beside().list(&report, Page { offset: 0, limit: ROWS }).await.ok()?.rows;
            kept += rows.iter().filter_map(|row| row.fulfilled).sum::<i64>();
            broken += rows.iter().filter_map(|row| row.unfulfilled).sum::<i64>();
        }
        let all = kept + broken;
        (all > 0).then(|| u32::try_from(kept.max(0) * 100 / all).ok()).flatten()
    }

    fn statistics(&self, now: Now<'_>, seldom: &Department, sums: Option<&Figures>) -> QueueStatistics {
        let Now { department, chats, calls, online } = now;
        let of_chats = |figure: fn(&ChatsOverview) -> Option<i64>| chats.as_ref().and_then(figure);
        let of_calls = |figure: fn(&CallsOverview) -> Option<i64>| calls.as_ref().and_then(figure);
        let of_sums = |calls: fn(&Figures) -> Option<i64>, chats: fn(&Figures) -> Option<i64>| {
            both(sums.and_then(calls), sums.and_then(chats))
        };
        let me = self.picture().me();
        let title = given(department.name).unwrap_or_else(|| department.id.clone());
        let untold = QueueStatistics::untold(
            self.account.clone(),
            QueueId(department.id),
            title,
            clock::now(),
            "overview",
        );
        let ringing = both(of_chats(|chats| chats.ringing), of_calls(|calls| calls.ringing));
        let ringing = ringing.map(|agents| PresenceCount { presence: "ringing".to_owned(), agents });
        let staff = seldom.agents.as_deref().zip(online).map(|(agents, online)| {
            inferred::staff(agents, |agent| {
                let state = online.iter().find(|state| state.id == agent);
                state.and_then(|state| state.online.clone())
            })
        });
        let answered = of_sums(|sums| sums.calls, |sums| sums.chats);
        let dropped = of_sums(|sums| sums.missed_calls, |sums| sums.missed_chats);
        QueueStatistics {
            mine: (seldom.agents.as_ref().zip(me))
                .map(|(agents, me)| agents.iter().any(|agent| agent.id == me)),
            open: department.online.map(|online| !online.offline()),
            waiting: both(of_chats(|chats| chats.queue), of_calls(|calls| calls.queue)),
            serving: both(of_chats(|chats| chats.chats), of_calls(|calls| calls.running)),
            logged_in: staff.map(|(there, _)| there).or(count(of_chats(|chats| chats.agents))),
            free: staff.map(|(_, free)| free),
            total: answered.zip(dropped).map(|(answered, dropped)| answered.saturating_add(dropped)),
            answered,
            dropped,
            service_level: seldom.in_time,
            presences: ringing.into_iter().collect(),
            ..untold
        }
    }
}

/// What is read of a department in a round.
struct Now<'a> {
    department: DepartmentOnlineState,
    chats: Option<ChatsOverview>,
    calls: Option<CallsOverview>,
    /// Absent where that cannot be read.
    online: Option<&'a [AgentOnlineState]>,
}

fn count(figure: Option<i64>) -> Option<u32> {
    figure.and_then(|figure| u32::try_from(figure).ok())
}

/// A figure of calls and chats together; where one is not told the other stands alone.
fn both(one: Option<i64>, other: Option<i64>) -> Option<u32> {
    match (count(one), count(other)) {
        (None, None) => None,
        (one, other) => Some(one.unwrap_or(0).saturating_add(other.unwrap_or(0))),
    }
}
