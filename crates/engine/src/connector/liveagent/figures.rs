//! Figures of departments, while a window shows them: two overviews each, so the more there are the less often.

use std::sync::Arc;
use std::time::Duration;

use liveagent::onlinestatus::DepartmentOnlineState;
use liveagent::overview::{CallsOverview, ChatsOverview};
use model::{PresenceCount, QueueId, QueueStatistics};
use wire::Error;

use super::LiveAgent;
use super::book::given;
use crate::clock;

/// How long between two rounds at least.
const ROUND: Duration = Duration::from_secs(15);
/// What each department adds to that: a round must not take more than a part of the budget.
const EACH: Duration = Duration::from_secs(2);

/// Reads figures while they are watched.
pub(super) async fn follow(liveagent: Arc<LiveAgent>) {
    let mut watched = liveagent.watched.subscribe();
    loop {
        if watched.wait_for(|watched| watched.queues).await.is_err() {
            return;
        }
        let many = match liveagent.figures().await {
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

impl LiveAgent {
    async fn figures(&self) -> Result<Vec<QueueStatistics>, Error> {
        let client = self.beside();
        let mut figures = Vec::new();
        for department in client.online_departments().await?.rows {
            let (chats, calls) = tokio::join!(
                client.chats_overview(Some(&department.id)),
                client.calls_overview(Some(&department.id))
            );
            figures.push(self.statistics(department, chats.ok().as_ref(), calls.ok().as_ref()));
        }
        Ok(figures)
    }

    fn statistics(
        &self,
        department: DepartmentOnlineState,
        chats: Option<&ChatsOverview>,
        calls: Option<&CallsOverview>,
    ) -> QueueStatistics {
        let count = |figure: Option<i64>| figure.and_then(|figure| u32::try_from(figure).ok());
        let both = |chats: Option<i64>, calls: Option<i64>| match (count(chats), count(calls)) {
            (None, None) => None,
            (chats, calls) => Some(chats.unwrap_or(0).saturating_add(calls.unwrap_or(0))),
        };
        let of_chats = |figure: fn(&ChatsOverview) -> Option<i64>| chats.and_then(figure);
        let of_calls = |figure: fn(&CallsOverview) -> Option<i64>| calls.and_then(figure);
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
        QueueStatistics {
            waiting: both(of_chats(|chats| chats.queue), of_calls(|calls| calls.queue)),
            serving: both(of_chats(|chats| chats.chats), of_calls(|calls| calls.running)),
            logged_in: count(of_chats(|chats| chats.agents)),
            presences: ringing.into_iter().collect(),
            ..untold
        }
    }
}
