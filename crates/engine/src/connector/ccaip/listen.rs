//! Listening where nothing is pushed and everybody at the customer eats from one plate: one request at a time, each for
//! the piece that is most wanted when its turn comes.
//!
//! The agent's activity log is the pulse: one request tells what is offered, what was taken and how the state changed.
//! What it names is then looked at: calls and chats on offer by their numbers (they are nobody's yet), what the agent has
//! in the agent's own list. While nothing is offered or open these lists rest, and are read now and then only for what
//! the log should have missed. The state is asked for by the agent's number; while a call is open among all who are
//! signed in, because only that list tells of being on hold.
//!
//! | request | brings | wished for |
//! |---|---|---|
//! | `/agent_activity_logs?agent_id[]=me`, newest first | rings, taken, state | every 4 s, 2 s while it rings |
//! | `/calls?id[]=…`, `/chats?id[]=…` | what is on offer, or in doubt | every 3 s while there is any |
//! | `/calls?agent_id[]=me`, `/chats?agent_id[]=me`, newest change first | what is open or was just over | every 4 s while there is any, else 60 s |
//! | `/agents?id[]=me` or `/agents/current_status` | state, wrap-up, hold | every 15 s, at once after a contact |
//! | `/agents/current_status` | also among how many agents the customer's requests are shared | every 10 min |
//! | figures of queues | | while a window shows them |
//!
//! How often that really is the customer's limit decides: the health says how old each piece is.

mod asking;

use std::sync::Arc;
use std::time::Duration;

use model::{DataAge, DataPiece, Link, Problem, ProblemCode, Timestamp};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wire::pace::Class;
use wire::share::Looks;
use wire::{Backoff, Error, NetworkKind};

use super::super::Ear;
use super::budget::Piece;
use super::picture::channel_of;
use super::story::Kind;
use super::{Ccaip, now};
use crate::clock;
use crate::sight::Hearing;

/// How often what may ring is looked at while it does.
const RINGING: Duration = Duration::from_secs(2);
/// How often what is open is looked at.
const OPEN: Duration = Duration::from_secs(4);
/// How long a piece rests that the platform refuses to tell.
const REFUSED: Duration = Duration::from_secs(600);
/// How long a piece rests at first at which the platform fails.
const FAULTY: Duration = Duration::from_secs(60);
/// A pause that the platform asked for is worth telling from here on.
const HURTS: Duration = Duration::from_secs(15);
/// How often the health is told anew although nothing else happens.
const HEALTH: Duration = Duration::from_secs(10);
/// Silence of this length is normal beside the wait for a turn.
const QUIET: Duration = Duration::from_secs(30);
/// How often what was learned is kept.
const KEEP: Duration = Duration::from_secs(300);

/// Listens until cancelled, or until only the agent can help.
pub(super) async fn listen(
    ccaip: Arc<Ccaip>,
    ear: Arc<dyn Ear>,
    cancel: CancellationToken,
) -> Option<Problem> {
    *ccaip.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(ear.clone());
    let listener = Listener {
        heard: Heard::default(),
        denied: Vec::new(),
        plain_log: false,
        backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
        ccaip,
        ear,
    };
    cancel.run_until_cancelled(listener.run()).await
}

struct Listener {
    ccaip: Arc<Ccaip>,
    ear: Arc<dyn Ear>,
    heard: Heard,
    /// What the platform does not tell, and how long it rests.
    denied: Vec<(Piece, Duration)>,
    /// The tenant does not take the log's filter by time.
    plain_log: bool,
    backoff: Backoff,
}

/// When what was heard.
#[derive(Default)]
struct Heard {
    pieces: Vec<(Piece, Timestamp)>,
    last: Option<(Timestamp, Instant)>,
    /// How long it took from one answer to the next lately.
    gap: Duration,
    trouble: Option<(Error, Timestamp)>,
}

impl Listener {
    async fn run(mut self) -> Problem {
        let mut wake = self.ccaip.wake.listen();
        let mut shares = self.ccaip.looks.subscribe();
        let mut watched = self.ccaip.watched.subscribe();
        let mut rng: rand::rngs::SmallRng = rand::make_rng();
        let mut keep = tokio::time::interval_at(Instant::now() + KEEP, KEEP);
        let mut health = tokio::time::interval(HEALTH);
        let mut good_since = Instant::now();
        self.begin();
        loop {
            let looks = shares.borrow_and_update().clone();
            self.set_rhythm(&looks);
            self.tell();
            let look = tokio::select! {
                biased;
                Ok(()) = wake.changed() => {
                    self.ccaip.client.reset_connections();
                    looks.pace().woke();
                    self.begin();
                    continue;
                }
                Ok(()) = shares.changed() => {
                    self.begin();
                    continue;
                }
                Ok(()) = watched.changed() => {
                    watched.mark_unchanged();
                    continue;
                }
                _ = health.tick() => continue,
                _ = keep.tick() => {
                    self.ccaip.learned();
                    continue;
                }
                look = looks.next() => look,
            };
            let piece = look.piece;
            match self.take(piece).await {
                Ok(told) => {
                    looks.fetched(told);
                    drop(look);
                    self.heard(told);
                    self.ccaip.show();
                }
                Err(Error::Transient { status: 429, retry_after }) => {
                    tracing::info!(account = %self.ccaip.account, ?piece, ?retry_after, "too many requests at the customer");
                    look.refused(retry_after);
                }
                Err(Error::SignInNeeded) => {
                    return Problem::new(ProblemCode::SignInNeeded).on(&self.ccaip.account);
                }
                Err(Error::Refused { .. } | Error::Protocol { .. })
                    if piece == Piece::Log && !self.plain_log =>
                {
                    drop(look);
                    self.plain_log = true;
                    looks.want(Piece::Log);
                }
                // Neither what this token may not see nor what the tenant does not have or cannot tell now takes anything
                // from the rest.
                Err(error) if is_own_trouble(piece, &error) => {
                    tracing::info!(account = %self.ccaip.account, ?piece, %error, "not told here");
                    looks.fetched(piece);
                    drop(look);
                    self.rest(piece, &error);
                    self.ccaip.show();
                }
                Err(error) => {
                    drop(look);
                    if matches!(error, Error::Network { kind: NetworkKind::Timeout, .. }) {
                        self.ccaip.client.reset_connections();
                    }
                    let is_away = matches!(error, Error::Network { .. });
                    let wait = self.backoff.failed_after(good_since.elapsed(), &mut rng);
                    tracing::info!(account = %self.ccaip.account, ?piece, %error, ?wait, "a look failed; trying again later");
                    let until = clock::now().plus_ms(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
                    self.heard.trouble = Some((error, until));
                    self.tell();
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        Ok(()) = wake.changed() => {
                            self.ccaip.client.reset_connections();
                            looks.pace().woke();
                        }
                    }
                    good_since = Instant::now();
                    // Nobody was reached, so it cost the customer nothing. What the platform failed at comes when its turn
                    // comes: something else may work.
                    if is_away && piece.is_vital() {
                        looks.want(piece);
                    }
                }
            }
        }
    }

    /// Asks for a piece less often that is not told: hardly ever, if nothing suggests that this will change.
    fn rest(&mut self, piece: Piece, error: &Error) {
        let before = self.denied.iter().find(|(denied, _)| *denied == piece).map(|(_, rest)| *rest);
        let rest =
            if is_final(error) { REFUSED } else { before.map_or(FAULTY, |rest| (rest * 2).min(REFUSED)) };
        self.denied.retain(|(denied, _)| *denied != piece);
        self.denied.push((piece, rest));
    }

    fn is_denied(&self, piece: Piece) -> bool {
        self.denied.iter().any(|(denied, _)| *denied == piece)
    }

    /// What is wanted at once, and not when its turn comes: all that makes a first picture.
    fn begin(&self) {
        let looks = self.ccaip.looks();
        looks.want(Piece::State);
        if self.ccaip.picture().agent.is_some() {
            self.go_on(&looks);
        }
    }

    /// The rest of the first picture. Who is signed in says among how many the requests are shared, that is, how often
    /// may be asked for all that follows.
    fn go_on(&self, looks: &Looks<Piece>) {
        let picture = self.ccaip.picture();
        let chats =
            |agent: &ccaip::Agent| agent.channels.iter().any(|of| channel_of(of) == model::Channel::Chat);
        let wanted = [
            (Piece::Log, true),
            (Piece::Calls, true),
            (Piece::Chats, picture.agent.as_ref().is_some_and(chats)),
            (Piece::Crowd, true),
            (Piece::Statuses, !picture.has_statuses()),
        ];
        drop(picture);
        for (piece, _) in wanted.into_iter().filter(|(_, is_wanted)| *is_wanted) {
            looks.want(piece);
        }
    }

    /// Looks at what matters now more often, and at what rests less.
    fn set_rhythm(&self, looks: &Looks<Piece>) {
        let shows_queues = self.ccaip.watched.borrow().queues;
        let follow = |piece: Piece, follows: bool| {
            if follows { looks.watch(piece) } else { looks.put_aside(piece) }
        };
        for piece in Piece::OF_QUEUES {
            follow(piece, shows_queues);
        }
        follow(Piece::Errand, !self.ccaip.errands.is_empty());
        let mut picture = self.ccaip.picture();
        let time = now();
        for (piece, kind) in [(Piece::OfferedCalls, Kind::Call), (Piece::OfferedChats, Kind::Chat)] {
            if picture.live.is_news(kind, time) {
                // Who it is, and whether it still rings, is what the agent waits for.
                looks.want(piece);
            }
        }
        let live = &picture.live;
        let to_look_up = |kind| picture.me().is_some_and(|me| !live.to_look_up(kind, &me, time).is_empty());
        follow(Piece::OfferedCalls, to_look_up(Kind::Call));
        follow(Piece::OfferedChats, to_look_up(Kind::Chat));
        let without_log = self.is_denied(Piece::Log);
        for (piece, kind) in [(Piece::Calls, Kind::Call), (Piece::Chats, Kind::Chat)] {
            let moves = live.open(kind) > 0 || live.is_behind(kind) || without_log;
            looks.wish(piece, if moves { OPEN } else { piece.wish() });
        }
        looks.wish(Piece::Log, if live.ringing() > 0 { RINGING } else { Piece::Log.wish() });
        for (piece, rest) in &self.denied {
            looks.wish(*piece, *rest);
        }
    }

    fn heard(&mut self, piece: Piece) {
        let (at, instant) = (clock::now(), Instant::now());
        if let Some((_, last)) = self.heard.last {
            // Follows a longer gap at once and forgets it slowly.
            self.heard.gap = (instant - last).max(self.heard.gap * 7 / 8);
        }
        self.heard.last = Some((at, instant));
        self.heard.trouble = None;
        if self.is_denied(piece) {
            self.denied.retain(|(denied, _)| *denied != piece);
            self.ccaip.looks().wish(piece, piece.wish());
        }
        self.heard.pieces.retain(|(known, _)| *known != piece);
        self.heard.pieces.push((piece, at));
    }

    /// Tells how listening goes.
    fn tell(&self) {
        let paused = self.ccaip.looks().pace().paused();
        let (link, problem, retry_at) = match &self.heard.trouble {
            Some((error, until)) => {
                let link =
                    if matches!(error, Error::Network { .. }) { Link::Offline } else { Link::Degraded };
                let problem = match error {
                    Error::NotFound => self.ccaip.problem_of(ProblemCode::NotThisPlatform),
                    other => self.ccaip.problem(other),
                };
                (link, Some(problem), Some(*until))
            }
            None if paused > HURTS => {
                let until = clock::now().plus_ms(i64::try_from(paused.as_millis()).unwrap_or(i64::MAX));
                (Link::Degraded, Some(self.ccaip.problem_of(ProblemCode::RateLimited)), Some(until))
            }
            // Without the log nothing tells what is on offer.
            None if self.is_whole() && self.is_denied(Piece::Log) => {
                (Link::Degraded, Some(self.without_log()), None)
            }
            None if self.is_whole() => (Link::Live, None, None),
            None => (Link::Connecting, None, None),
        };
        // As long as the next look is only waiting for its turn, silence is normal; this is told anew all the time.
        let heard_at = self.heard_at();
        let age = heard_at.map_or(0, |at| clock::now().ms_since(at).max(0));
        let wait = self.ccaip.looks().pace().wait(Class::Live).max(self.heard.gap);
        let wait = i64::try_from((wait + paused + QUIET).as_millis()).unwrap_or(i64::MAX);
        self.ear.hearing(Hearing {
            problem,
            retry_at,
            ages: self.ages(),
            quiet_ms: if self.heard.trouble.is_some() { wait } else { age.saturating_add(wait) },
            ..Hearing::of(link, heard_at)
        });
    }

    /// When both what may ring and the state were last known.
    fn heard_at(&self) -> Option<Timestamp> {
        let rings = if self.is_denied(Piece::Log) { Piece::Calls } else { Piece::Log };
        [rings, Piece::State].into_iter().filter_map(|piece| self.at(piece)).min()
    }

    fn without_log(&self) -> Problem {
        let mut problem = self.ccaip.problem_of(ProblemCode::Forbidden).with("what", "agent_activity_logs");
        let words = "the token cannot read them: calls and chats show only when they are assigned";
        problem.fields.insert("agent_activity_logs".to_owned(), vec![words.to_owned()]);
        problem
    }

    fn at(&self, piece: Piece) -> Option<Timestamp> {
        self.heard.pieces.iter().find(|(known, _)| *known == piece).map(|(_, at)| *at)
    }

    /// Whether what may ring and the state were told once.
    fn is_whole(&self) -> bool {
        let told = |piece: Piece| self.at(piece).is_some() || self.is_denied(piece);
        self.at(Piece::State).is_some() && told(Piece::Log) && told(Piece::Calls)
    }

    fn ages(&self) -> Vec<DataAge> {
        let picture = self.ccaip.picture();
        let (calls, chats) = (picture.live.open(Kind::Call) > 0, picture.live.open(Kind::Chat) > 0);
        drop(picture);
        let no_log = self.is_denied(Piece::Log);
        let matters = |piece: &Piece| match piece {
            Piece::Log => true,
            Piece::Calls => calls || no_log,
            Piece::Chats => chats || no_log,
            Piece::State | Piece::Waiting => true,
            Piece::Menus | Piece::Statuses => !self.is_denied(*piece),
            _ => false,
        };
        let mut ages: Vec<DataAge> = Vec::new();
        for piece in Piece::ALL.into_iter().filter(matters) {
            let heard_at = self.at(piece);
            // What the customer's limit does not allow is not late.
            let every = piece.wish().max(self.heard.gap * 3).as_secs();
            let every = u32::try_from(every).unwrap_or(u32::MAX);
            let data = piece.data();
            if data == DataPiece::Queues && !self.ccaip.watched.borrow().queues {
                continue;
            }
            match ages.iter_mut().find(|age| age.piece == data) {
                // The oldest of its pieces is how old it is.
                Some(age) => age.heard_at = age.heard_at.min(heard_at),
                None => ages.push(DataAge { piece: data, heard_at, every }),
            }
        }
        ages
    }
}

/// Whether a failure says something about this piece alone.
fn is_own_trouble(piece: Piece, error: &Error) -> bool {
    let is_away = matches!(error, Error::Network { kind, .. } if *kind != NetworkKind::Timeout);
    match piece {
        Piece::State => false,
        _ if piece.is_vital() => is_final(error),
        _ => !is_away,
    }
}

/// Whether asking again soon would be answered the same.
fn is_final(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound
            | Error::Forbidden
            | Error::Refused { .. }
            | Error::Protocol { .. }
            | Error::TooLarge { .. }
    )
}
