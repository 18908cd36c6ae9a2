//! Listening where nothing is pushed: what may ring is asked for every few seconds, everything else beside it and less often.
//!
//! ```text
//! every 4 s (2 s while one rings)  conversations of mine that are chatting or calling  → what rings
//! every 15 s                       how agents can be reached                           → my state
//! while a window shows queues      departments and overviews                           → figures
//! every hour                       the account's clock                                 → its zone
//! ```
//!
//! What may ring has a part of the key's budget to itself; the rest is background to what the agent waits for.

use std::sync::Arc;
use std::time::Duration;

use liveagent::conversations::{Conversation, Conversations};
use liveagent::messages::MessagesBetween;
use liveagent::{List, Page};
use model::{Link, Phase, Problem, ProblemCode};
use tokio_util::sync::CancellationToken;
use wire::pace::Class;
use wire::poll::{Driver, Ended, Limits, LinkState, Listener, Part, Polled};
use wire::{Backoff, Error};

use super::super::Ear;
use super::picture::LiveOne;
use super::{LiveAgent, figures, inferred};
use crate::clock;
use crate::sight::{Fate, Hearing};

/// How often it is asked what is live.
const LOOK: Duration = Duration::from_secs(4);
/// The same while one thing rings: it must stop at once when somebody else takes it. (Several would take too much of the
/// budget.)
const LOOK_RINGING: Duration = Duration::from_secs(2);
/// How often it is asked how agents can be reached.
const STATES: Duration = Duration::from_secs(15);
/// How often names and clock are read again.
const HOURLY: Duration = Duration::from_secs(3600);
/// How long one look may take: a spent budget is waited for.
const DEADLINE: Duration = Duration::from_secs(90);
/// How many conversations may be live at one agent.
const MOST_LIVE: u32 = 50;

/// Listens until cancelled, or until only the agent can help.
pub(super) async fn listen(
    liveagent: Arc<LiveAgent>,
    ear: Arc<dyn Ear>,
    cancel: CancellationToken,
) -> Option<Problem> {
    *liveagent.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(ear.clone());
    let limits =
        Limits { deadline: DEADLINE, backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)) };
    let rng: rand::rngs::SmallRng = rand::make_rng();
    let (mut driver, mut link) = Driver::new(limits, &liveagent.wake, rng);
    let mut looker = Looker { liveagent: liveagent.clone() };
    // What runs beside the looks ends with them.
    let beside = cancel.child_token();
    let _ends = beside.clone().drop_guard();
    let run = |work: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        let cancel = beside.clone();
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
    };
    run(Box::pin(keep_states(liveagent.clone(), link.clone())));
    run(Box::pin(keep_clock(liveagent.clone(), link.clone())));
    run(Box::pin(figures::follow(liveagent.clone())));
    let follow = async {
        loop {
            let hearing = hearing(&liveagent, &link.borrow_and_update());
            if let Some(hearing) = hearing {
                ear.hearing(hearing);
            }
            if link.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let ended = tokio::select! {
        ended = driver.run(&mut looker, &cancel) => ended,
        () = follow => Ended::Cancelled,
    };
    match ended {
        Ended::Cancelled => None,
        Ended::SignInNeeded => Some(Problem::new(ProblemCode::SignInNeeded).on(&liveagent.account)),
    }
}

fn hearing(liveagent: &LiveAgent, link: &wire::poll::Link) -> Option<Hearing> {
    let (state, problem, retry_at) = match &link.state {
        LinkState::Connecting => (Link::Connecting, None, None),
        LinkState::CatchingUp => (Link::CatchingUp, None, None),
        // Looks that wait for the budget are late, and the agent should know why.
        LinkState::Live if liveagent.client.pace().wait(Class::Background) > LOOK * 3 => {
            (Link::Degraded, Some(liveagent.problem_of(ProblemCode::RateLimited)), None)
        }
        LinkState::Live => (Link::Live, None, None),
        LinkState::Waiting { until, error } => {
            let state = if matches!(error, Error::Network { .. }) { Link::Offline } else { Link::Degraded };
            (state, Some(liveagent.problem(error)), Some(clock::at(*until)))
        }
        // What ends the loop is told by whoever ends the session.
        LinkState::SignInNeeded | LinkState::Ended => return None,
    };
    let heard = Hearing::of(state, link.last_heard.map(clock::at));
    Some(Hearing { problem, retry_at, ..heard })
}

struct Looker {
    liveagent: Arc<LiveAgent>,
}

/// What one look brought.
struct Look {
    live: Vec<LiveOne>,
    left: Vec<(String, Fate)>,
    unreadable: usize,
}

impl Listener for Looker {
    type Cursor = ();
    type Batch = Look;

    async fn poll(&mut self, cursor: Option<()>) -> Result<Polled<(), Look>, Error> {
        let liveagent = &self.liveagent;
        if cursor.is_some() {
            let ringing = liveagent.picture().ringing();
            tokio::time::sleep(if ringing == 1 { LOOK_RINGING } else { LOOK }).await;
        }
        let known = liveagent.picture().me();
        let me = match known {
            Some(me) => me,
            None => liveagent.become_known().await?,
        };
        Ok(Polled { cursor: Some(()), batch: Some(liveagent.look(&me).await?) })
    }

    async fn apply(&mut self, look: Look, _part: Part) -> Result<(), Error> {
        let moved = !look.left.is_empty();
        self.liveagent.picture().looked(look.live, look.left, look.unreadable);
        self.liveagent.show();
        if moved && let Some(ear) = self.liveagent.ear() {
            // What was talked about is a ticket that has changed.
            ear.stirred();
        }
        Ok(())
    }

    fn reconnect(&mut self) {
        self.liveagent.client.reset_connections();
        if let Some(calls) = &self.liveagent.calls {
            calls.reset_connections();
        }
    }
}

impl LiveAgent {
    /// Finds out who the agent is, what time it is there, and what things are called.
    async fn become_known(&self) -> Result<String, Error> {
        let agent = self.agent().await?;
        let me = agent.id.clone();
        self.observe().await?;
        let names = self.book.names(&self.client).await?;
        let dials = match &self.calls {
            Some(calls) => calls.check_key().await.is_ok(),
            None => false,
        };
        let mut picture = self.picture();
        picture.signed_in(agent);
        picture.named(names);
        picture.dials(dials);
        Ok(me)
    }

    /// Reads the account's clock.
    async fn observe(&self) -> Result<(), Error> {
        let observed = self.beside().observe_offset().await?;
        let is_new = observed.is_some_and(|observed| self.memory().zone.observe(observed));
        if is_new && let Some(ear) = self.ear() {
            ear.learned();
        }
        Ok(())
    }

    async fn look(&self, me: &str) -> Result<Look, Error> {
        let client = self.client.in_class(Class::Live);
        let mine = Conversations {
            agent: Some(me.to_owned()),
            status: inferred::LIVE.to_vec(),
            ..Conversations::default()
        };
        let page = Page { offset: 0, limit: MOST_LIVE };
        let List { rows, unreadable } = client.list(&mine, page).await?;
        // A platform that does not know the filter would show everything.
        let rows =
            rows.into_iter().filter(|row| row.status.as_ref().is_some_and(|s| inferred::LIVE.contains(s)));
        let mut live = Vec::new();
        for conversation in rows {
            let known = self.picture().talked_in(&conversation);
            live.push(match known {
                Some(known) => known,
                None => self.live(&client, conversation).await,
            });
        }
        let now: Vec<String> = live.iter().map(|one| one.conversation.id.clone()).collect();
        let ended = self.picture().ended(&now);
        let mut left = Vec::new();
        for (id, was) in ended {
            let fate = self.fate(&client, &id, me, was).await?;
            left.push((id, fate));
        }
        Ok(Look { live, left, unreadable: unreadable.len() })
    }

    /// What became of a conversation that was live at this agent. While that cannot be read, nothing is said of it.
    async fn fate(&self, client: &liveagent::Client, id: &str, me: &str, was: Phase) -> Result<Fate, Error> {
        let conversation = match client.conversation(id).await {
            Err(error) if liveagent::is_gone(&error) => return Ok(Fate::Gone),
            other => other?,
        };
        let groups = client.conversation_messages(id, &MessagesBetween::default()).await?;
        Ok(inferred::fate(&conversation, inferred::phase(&groups.rows), me, was))
    }

    async fn live(&self, client: &liveagent::Client, conversation: Conversation) -> LiveOne {
        let groups = client.conversation_messages(&conversation.id, &MessagesBetween::default()).await;
        // Without them it rings: a ring too many is seen, a ring too few is lost.
        let groups = groups.map(|list| list.rows).unwrap_or_default();
        let phase = inferred::phase(&groups);
        let outgoing = inferred::is_outgoing(&groups);
        let zone = self.memory().zone.clone();
        let began = groups.last().and_then(|group| group.created).or(conversation.changed);
        LiveOne {
            phase: if outgoing && phase == Phase::Ringing { Phase::Dialling } else { phase },
            outgoing,
            began_at: began.map(|time| super::moment(&zone, time)),
            web: self.client.base().panel_of(&conversation.id).to_string(),
            conversation,
        }
    }
}

/// Keeps the agent's own state true.
async fn keep_states(liveagent: Arc<LiveAgent>, mut link: tokio::sync::watch::Receiver<wire::poll::Link>) {
    loop {
        if link.wait_for(|link| link.state == LinkState::Live).await.is_err() {
            return;
        }
        match liveagent.beside().online_agents().await {
            Ok(states) => {
                liveagent.picture().reached(states.rows);
                liveagent.show();
            }
            Err(error) => {
                tracing::info!(account = %liveagent.account, %error, "how agents can be reached is not told");
            }
        }
        tokio::time::sleep(STATES).await;
    }
}

/// Keeps clock and names true.
async fn keep_clock(liveagent: Arc<LiveAgent>, mut link: tokio::sync::watch::Receiver<wire::poll::Link>) {
    loop {
        tokio::time::sleep(HOURLY).await;
        if link.wait_for(|link| link.state == LinkState::Live).await.is_err() {
            return;
        }
        if let Err(error) = liveagent.observe().await {
            tracing::info!(account = %liveagent.account, %error, "the account's clock could not be read");
        }
        if let Ok(names) = liveagent.book.names(&liveagent.beside()).await {
            liveagent.picture().named(names);
        }
    }
}
