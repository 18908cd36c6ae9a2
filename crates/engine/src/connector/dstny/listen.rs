//! Listening: the stream of dialogs and what it sets in motion.
//!
//! ```text
//! dialogs ──► look at the user's calls ──► picture ──► the ear
//!                                            │  ▲
//!                          a stream for each live call
//! ```
//!
//! Beside it, each a task of its own: what the account is (read once, and again when the platform says so), devices,
//! configuration, own presence, figures of queues, and the contacts that a window shows. None of them makes a ring wait.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dstny::Subscription;
use dstny::call_state::CallState;
use dstny::commlog::{LogItemType, LogQuery};
use dstny::config::Configuration as WireConfiguration;
use dstny::contacts::ContactQuery;
use dstny::groups::{Group, GroupDetail, GroupLogQuery};
use dstny::personal_contacts::AddressBook;
use dstny::wire::sse::{
    Budget, BudgetLimits, Driver, Ended, Handle, Limits, Link as WireLink, LinkState, Priority,
};
use dstny::wire::{Error, NetworkKind};
use model::{Link, Problem, ProblemCode};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::Ear;
use super::book::PATIENCE_MS;
use super::offers::{Part, is_a_clear_no};
use super::subscriptions::{Configuration, Devices, Dialogs, Figures, Follow, OneCall, OwnPresence};
use super::{Dstny, subscriptions, watching};
use crate::clock;
use crate::sight::Hearing;

/// How many streams may be open beside those of the own calls.
const PLACES: usize = 20;
/// How long after the last word of the platform its calls are looked at all the same: a ring is believed for twenty seconds
/// only, and not every platform sends a heartbeat.
const QUIET: Duration = Duration::from_secs(10);
/// How long to wait before looking again where a look failed.
const LOOK_AGAIN: Duration = Duration::from_millis(700);
/// How often the groups are read without any sign.
const GROUPS_EVERY: Duration = Duration::from_secs(30);
/// How long the platform takes to write its log.
const WRITTEN: Duration = Duration::from_secs(1);
/// How often the figures of queues are asked for while somebody looks at them.
const FIGURES_EVERY: Duration = Duration::from_secs(10);
/// How long to wait before reading again what could not be read.
const READ_AGAIN: Duration = Duration::from_secs(10);
/// How often the same hearing is told again.
const TELL_AGAIN: Duration = Duration::from_secs(1);

/// Listens until cancelled, or until only the agent can help.
pub(super) async fn listen(
    dstny: Arc<Dstny>,
    ear: Arc<dyn Ear>,
    cancel: CancellationToken,
) -> Option<Problem> {
    *dstny.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(ear.clone());
    if dstny.client.ticket().is_none() {
        return Some(Problem::new(ProblemCode::SignInNeeded).on(&dstny.account));
    }
    // What runs beside the stream of dialogs ends with it.
    let beside = cancel.child_token();
    let _ends = beside.clone().drop_guard();
    let budget = Budget::new(
        BudgetLimits { places: PLACES, ..BudgetLimits::default() },
        Limits::default(),
        &dstny.wake,
        beside.clone(),
    );
    let rng: rand::rngs::SmallRng = rand::make_rng();
    let (mut driver, link, _) = Driver::new(Limits::default(), &dstny.wake, rng);
    let run = |work: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        let cancel = beside.clone();
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
    };
    run(Box::pin(show_news(dstny.clone())));
    run(Box::pin(look(dstny.clone(), link.clone())));
    run(Box::pin(settle(dstny.clone())));
    run(Box::pin(follow_calls(dstny.clone(), budget.clone())));
    run(Box::pin(read_everything(dstny.clone(), budget.clone())));
    run(Box::pin(keep_groups(dstny.clone())));
    run(Box::pin(follow_queues(dstny.clone(), budget.clone())));
    run(Box::pin(watching::follow_contacts(dstny.clone(), budget)));
    let mut subscriber =
        Follow { dstny: dstny.clone(), subscription: Subscription::dialogs(), topic: Dialogs };
    let ended = tokio::select! {
        ended = driver.run(&mut subscriber, &cancel) => ended,
        () = tell_hearing(&dstny, &*ear, link) => Ended::Cancelled,
    };
    match ended {
        Ended::Cancelled | Ended::Over => None,
        Ended::SignInNeeded => Some(Problem::new(ProblemCode::SignInNeeded).on(&dstny.account)),
    }
}

/// Tells how listening goes, whenever that changes, and once a second while it is well.
async fn tell_hearing(dstny: &Dstny, ear: &dyn Ear, mut link: watch::Receiver<WireLink>) {
    let mut looked = dstny.looked.subscribe();
    loop {
        let now = link.borrow_and_update().clone();
        let last_look = *looked.borrow_and_update();
        if let Some(hearing) = hearing(dstny, &now, last_look) {
            ear.hearing(hearing);
        }
        let told = Instant::now();
        loop {
            let alive = tokio::select! {
                changed = link.changed() => changed.is_ok(),
                changed = looked.changed() => changed.is_ok(),
            };
            if !alive {
                std::future::pending::<()>().await;
            }
            looked.mark_unchanged();
            if link.borrow_and_update().state != now.state || told.elapsed() >= TELL_AGAIN {
                break;
            }
        }
    }
}

fn hearing(dstny: &Dstny, link: &WireLink, looked: Option<SystemTime>) -> Option<Hearing> {
    let (state, problem, retry_at) = match &link.state {
        LinkState::Connecting => (Link::Connecting, None, None),
        LinkState::Live => match dstny.picture().offers.refused(Part::Calls) {
            // Everything else is heard, but calls are not.
            Some(error) => (Link::Degraded, Some(error.clone()), None),
            None => (Link::Live, None, None),
        },
        LinkState::CatchingUp => (Link::CatchingUp, None, None),
        LinkState::Waiting { until, error } => {
            let state = if matches!(error, Error::Network { .. }) { Link::Offline } else { Link::Degraded };
            (state, Some(error.clone()), Some(clock::at(*until)))
        }
        // What ends the loop is told by whoever ends the session.
        LinkState::SignInNeeded | LinkState::Ended => return None,
    };
    let heard = link.last_heard.max(looked).map(clock::at);
    Some(Hearing {
        link: state,
        heard_at: heard,
        problem: problem.map(|error| dstny.problem(&error)),
        retry_at,
    })
}

/// Shows what streams told: as soon as possible, and never more often than it can be shown.
async fn show_news(dstny: Arc<Dstny>) {
    loop {
        dstny.news.shown.notified().await;
        dstny.show();
    }
}

/// Looks at the calls whenever there is a reason, or when nothing was heard for a while.
async fn look(dstny: Arc<Dstny>, link: watch::Receiver<WireLink>) {
    loop {
        tokio::select! {
            () = dstny.news.calls.notified() => {}
            () = quiet(&dstny, link.clone()) => {}
        }
        if let Err(error) = dstny.look_at_calls().await {
            tracing::info!(account = %dstny.account, %error, "the calls could not be looked at");
            tokio::time::sleep(LOOK_AGAIN).await;
            if !matches!(error, Error::Network { kind: NetworkKind::Connect | NetworkKind::Dns, .. }) {
                dstny.news.calls.notify_one();
            }
        }
    }
}

/// Ready once a link that is said to live has been silent for long.
async fn quiet(dstny: &Dstny, mut link: watch::Receiver<WireLink>) {
    let mut looked = dstny.looked.subscribe();
    loop {
        let (is_live, last_heard) = {
            let link = link.borrow_and_update();
            (link.state == LinkState::Live, link.last_heard)
        };
        let last = last_heard.max(*looked.borrow_and_update());
        let silent = last.and_then(|last| SystemTime::now().duration_since(last).ok()).unwrap_or_default();
        let rest = QUIET.saturating_sub(silent);
        if is_live && rest.is_zero() {
            return;
        }
        let alive = tokio::select! {
            () = tokio::time::sleep(rest), if is_live => true,
            changed = link.changed() => changed.is_ok(),
            changed = looked.changed() => changed.is_ok(),
        };
        if !alive {
            std::future::pending::<()>().await;
        }
    }
}

/// Ends calls that waited long enough to hear why they are over.
async fn settle(dstny: Arc<Dstny>) {
    let patience = Duration::from_millis(PATIENCE_MS.unsigned_abs());
    loop {
        dstny.news.ending.notified().await;
        tokio::time::sleep(patience).await;
        dstny.picture().book.settle(clock::now());
        dstny.show();
    }
}

/// Keeps one stream open for each live call.
async fn follow_calls(dstny: Arc<Dstny>, budget: Budget) {
    let mut live = dstny.live.subscribe();
    let mut open: BTreeMap<String, Handle> = BTreeMap::new();
    loop {
        let now = live.borrow_and_update().clone();
        open.retain(|id, _| now.contains(id));
        for id in now {
            open.entry(id.clone()).or_insert_with(|| {
                let subscription = Subscription::call(&id);
                let follow = Follow { dstny: dstny.clone(), subscription, topic: OneCall(id.clone()) };
                budget.open(&format!("call:{id}"), Priority::Own, follow)
            });
        }
        if live.changed().await.is_err() {
            return;
        }
    }
}

/// Follows the figures of the queues while somebody looks at them or works in one. The stream has the queues that the user
/// is logged in to; the others are asked for while somebody looks.
async fn follow_queues(dstny: Arc<Dstny>, budget: Budget) {
    let mut watched = dstny.watched.subscribe();
    let mut member = dstny.member.subscribe();
    let mut open: Option<Handle> = None;
    loop {
        let is_watched = watched.borrow_and_update().queues;
        let wanted = is_watched || *member.borrow_and_update();
        if !wanted {
            open = None;
        } else if open.is_none() {
            let subscription = Subscription::queue_statistics();
            let follow = Follow { dstny: dstny.clone(), subscription, topic: Figures };
            open = Some(budget.open("queues", Priority::Queues, follow));
        }
        let alive = tokio::select! {
            changed = watched.changed() => changed.is_ok(),
            changed = member.changed() => changed.is_ok(),
            () = tokio::time::sleep(FIGURES_EVERY), if is_watched => {
                if let Ok(figures) = subscriptions::read_figures(&dstny).await {
                    subscriptions::all_figures_told(&dstny, figures);
                }
                true
            }
        };
        if !alive {
            return;
        }
    }
}

/// Reads the groups whenever something was said of them, and now and then.
async fn keep_groups(dstny: Arc<Dstny>) {
    loop {
        let sign = tokio::time::timeout(GROUPS_EVERY, dstny.news.groups.notified());
        if sign.await.is_err() && dstny.picture().offers.refused(Part::Groups).is_some() {
            continue;
        }
        if let Ok(groups) = dstny.read_groups().await {
            dstny.picture().all_groups_told(groups);
            dstny.show();
        }
    }
}

/// Reads what the account is and what it offers, then follows what of it has a stream.
async fn read_everything(dstny: Arc<Dstny>, budget: Budget) {
    while !dstny.read_statics().await {
        tokio::time::sleep(READ_AGAIN).await;
    }
    let open = |key, subscription, topic| {
        let follow = Follow { dstny: dstny.clone(), subscription, topic };
        budget.open(key, Priority::Queues, follow)
    };
    let own = Subscription::contact_presence(&dstny.client.identity().cid());
    let _presence = open("own presence", own, OwnPresence);
    let devices = Follow { dstny: dstny.clone(), subscription: Subscription::devices(), topic: Devices };
    let _devices = budget.open("devices", Priority::Queues, devices);
    let config = Subscription::configuration();
    let config = Follow { dstny: dstny.clone(), subscription: config, topic: Configuration };
    let _config = budget.open("configuration", Priority::Queues, config);
    while !dstny.find_out_what_works().await {
        tokio::time::sleep(READ_AGAIN).await;
    }
    loop {
        tokio::select! {
            () = dstny.news.presence.notified() => {
                if let Ok(presence) = dstny.client.presence().await {
                    dstny.picture().presence_told(presence);
                }
            }
            () = dstny.news.configuration.notified() => {
                if let Err(error) = dstny.read_configuration().await {
                    tracing::info!(account = %dstny.account, %error, "the configuration could not be read");
                }
            }
            () = dstny.news.missed.notified() => {
                // The platform writes its log a moment after the call.
                tokio::time::sleep(WRITTEN).await;
                let missed = dstny.client.log(&missed()).await;
                dstny.missed_read(&missed);
            }
        }
        dstny.show();
    }
}

impl Dstny {
    /// Looks at all calls of the user.
    pub(super) async fn look_at_calls(&self) -> Result<(), Error> {
        let look = self.picture().book.look();
        let state = self.client.user_state().await;
        self.picture().offers.note(Part::Calls, &state);
        let untold = match state {
            Ok(state) => self.picture().book.whole(look, state, clock::now()),
            Err(error) if is_a_clear_no(&error) => Vec::new(),
            Err(error) => return Err(error),
        };
        for id in untold {
            self.look_at_call(&id).await?;
        }
        self.picture().calls_looked_at();
        self.looked.send_replace(Some(SystemTime::now()));
        self.show();
        Ok(())
    }

    /// Looks at one call.
    pub(super) async fn look_at_call(&self, id: &str) -> Result<(), Error> {
        let look = self.picture().book.look();
        match self.client.call_state(id).await {
            Ok(call) => {
                let call = CallState { call_id: call.call_id.or_else(|| Some(id.to_owned())), ..call };
                self.picture().book.looked(look, call, clock::now());
            }
            Err(Error::NotFound) => self.picture().book.not_there(look, id, clock::now()),
            Err(error) => return Err(error),
        }
        self.show();
        Ok(())
    }

    /// Reads what the account is. Answers whether all of it could be read, or is known not to be there.
    async fn read_statics(&self) -> bool {
        let client = &self.client;
        let own = client.identity().cid();
        let (config, presence, groups, devices, lines, shortcuts, me) = tokio::join!(
            self.read_configuration(),
            client.presence(),
            self.read_groups(),
            self.read_devices(),
            client.lines(),
            client.shortcuts(),
            client.contact(&own),
        );
        let mut is_complete = is_settled(&config);
        let mut picture = self.picture();
        let mut take = |part, settled, changed: bool| {
            is_complete &= settled;
            changed.then(|| tracing::debug!(account = %self.account, ?part, "known now"));
        };
        take(Part::Presence, is_settled(&presence), picture.offers.note(Part::Presence, &presence));
        take(Part::Groups, is_settled(&groups), false);
        take(Part::Devices, is_settled(&devices), false);
        take(Part::Lines, is_settled(&lines), picture.offers.note(Part::Lines, &lines));
        take(Part::Shortcuts, is_settled(&shortcuts), picture.offers.note(Part::Shortcuts, &shortcuts));
        take(Part::ContactPresence, is_settled(&me), picture.offers.note(Part::ContactPresence, &me));
        presence.into_iter().for_each(|presence| picture.presence_told(presence));
        groups.into_iter().for_each(|groups| picture.all_groups_told(groups));
        devices.into_iter().for_each(|devices| picture.devices_told(devices));
        lines.into_iter().for_each(|lines| picture.lines_told(lines));
        shortcuts.into_iter().for_each(|shortcuts| picture.shortcuts_told(shortcuts));
        me.into_iter().for_each(|me| picture.name_told(super::people::title_of(&me)));
        picture.statics_looked_at();
        drop(picture);
        self.show();
        is_complete
    }

    /// The organisation's words, from where they are all together or one by one.
    pub(super) async fn read_configuration(&self) -> Result<(), Error> {
        let language = self.picture().language();
        let language = Some(language.as_str()).filter(|language| !language.is_empty());
        let config = match self.client.configuration(language).await {
            Err(error) if is_a_clear_no(&error) => {
                let (activities, roles) =
                    tokio::join!(self.client.activities(language), self.client.roles(language));
                activities.map(|activity| WireConfiguration {
                    activities: Some(dstny::config::Activities { activity, ..Default::default() }),
                    roles: roles.ok().map(|role| dstny::config::Roles { role, ..Default::default() }),
                    ..WireConfiguration::default()
                })
            }
            config => config,
        };
        let mut picture = self.picture();
        picture.offers.note(Part::Config, &config);
        picture.config_told(config?);
        Ok(())
    }

    /// The groups of the user, with or without what only one of the two lists tells.
    async fn read_groups(&self) -> Result<Vec<Group>, Error> {
        let detail = GroupDetail { ignore_statistics: true, ignore_agents: true };
        let groups = match self.client.acd_groups(detail).await {
            Err(error) if is_a_clear_no(&error) => {
                let groups = self.client.distribution_groups().await;
                groups.map(|groups| groups.into_iter().map(as_group).collect())
            }
            groups => groups,
        };
        self.picture().offers.note(Part::Groups, &groups);
        groups
    }

    /// The devices of the user, with their status where it is told.
    pub(super) async fn read_devices(&self) -> Result<Vec<dstny::device::Device>, Error> {
        let devices = match self.client.devices(None).await {
            Err(error) if is_a_clear_no(&error) => self.client.active_devices().await,
            devices => devices,
        };
        self.picture().offers.note(Part::Devices, &devices);
        match devices {
            Err(error) if is_a_clear_no(&error) => Ok(Vec::new()),
            devices => devices,
        }
    }

    /// Counts the missed calls that the agent has not seen.
    fn missed_read(&self, log: &Result<dstny::commlog::Log, Error>) {
        self.picture().offers.note(Part::Log, log);
        if let Ok(log) = log {
            let unseen = log.items.iter().filter(|item| item.entry.is_seen == Some(false)).count();
            self.picture().missed_told(u32::try_from(unseen).unwrap_or(u32::MAX));
        }
    }

    /// Asks each part once that nothing else has asked. Answers whether all of them have answered.
    pub(super) async fn find_out_what_works(&self) -> bool {
        let client = &self.client;
        let one_contact = ContactQuery { max_results: Some(1), ..ContactQuery::default() };
        let one_call = GroupLogQuery { limit: Some(1), ..GroupLogQuery::default() };
        let missed = missed();
        let (log, group_log, contacts, personal) = tokio::join!(
            client.log(&missed),
            client.group_call_logs(&one_call),
            client.search_contacts(&one_contact),
            client.personal_contacts(&AddressBook::Own),
        );
        let (statistics, rules, voicemail, events) = tokio::join!(
            client.queue_statistics(),
            client.diversion_rules(),
            client.voicemail_settings(),
            client.events(),
        );
        let mut picture = self.picture();
        let mut answers = vec![
            is_settled(&log),
            is_settled(&group_log),
            is_settled(&contacts),
            is_settled(&personal),
            is_settled(&statistics),
            is_settled(&rules),
            is_settled(&voicemail),
            is_settled(&events),
        ];
        picture.offers.note(Part::GroupLog, &group_log);
        picture.offers.note(Part::Contacts, &contacts);
        picture.offers.note(Part::PersonalContacts, &personal);
        picture.offers.note(Part::Statistics, &statistics);
        picture.offers.note(Part::Diversions, &rules);
        picture.offers.note(Part::Voicemail, &voicemail);
        picture.offers.note(Part::Events, &events);
        drop(picture);
        self.missed_read(&log);
        self.show();
        answers.drain(..).all(|settled| settled)
    }
}

/// How many missed calls are counted at most.
const MISSED: u32 = 100;

/// The missed calls of the agent's log.
fn missed() -> LogQuery {
    LogQuery { limit: Some(MISSED), item_types: vec![LogItemType::MissedCall], ..LogQuery::default() }
}

/// Whether an answer will not be another one a moment later.
fn is_settled<T>(answer: &Result<T, Error>) -> bool {
    answer.as_ref().err().is_none_or(|error| is_a_clear_no(error) || !error.is_passing())
}

fn as_group(group: dstny::groups::DistributionGroup) -> Group {
    Group {
        id: group.id,
        domain: group.domain,
        name: group.name,
        kind: group.kind,
        logged_in: group.logged_in,
        night_mode: group.night_mode,
        ..Group::default()
    }
}
