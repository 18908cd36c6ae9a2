//! A scripted shift on two platforms over real HTTP. What my day must say is known beforehand: it is worked out here from
//! the moments that the events themselves bring, not from a clock.

use std::sync::{Arc, Mutex};

use engine::{Engine, Followed};
use model::{
    AccountId, Activity, ActivityId, AgentTarget, BandState, Change, Command, ContactBlock, ContactOutcome,
    Control as Deed, Credential, Day, DayQuery, Draft, Event, ExportDays, HistoryQuery, NewAccount,
    PastOutcome, Phase, Platform, Presence, Timestamp, Witness,
};
use product_tests::{Desk, activity, centre, new_account, presence, state};
use sandbox::{Control, Sandbox};
use serde_json::json;

/// Somebody who gets through, and somebody who does not.
const CALLER: &str = "+442079460555";
const MISSED: &str = "+442079460777";

/// Everything that was told, with its moments.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Event>>>);

impl Log {
    /// Notes what an engine tells from now on.
    fn of(&self, engine: &Engine) {
        let (log, (snapshot, mut follower)) = (self.clone(), engine.follow());
        // What the engine before this one told last says nothing of how far this one is.
        let begins = Change::Settings { settings: snapshot.settings };
        log.0.lock().expect("nobody panicked").push(Event {
            seq: snapshot.seq,
            at: snapshot.at,
            change: begins,
        });
        tokio::spawn(async move {
            while let Followed::Events(events) = follower.next().await {
                log.0.lock().expect("nobody panicked").extend(events);
            }
        });
    }

    /// Waits until everything is noted that was told by now.
    async fn settled(&self, engine: &Engine) {
        let seq = engine.snapshot().seq;
        let is_noted =
            || self.0.lock().expect("nobody panicked").last().is_some_and(|event| event.seq >= seq);
        product_tests::becomes("all is noted", is_noted).await;
    }

    /// The first moment at which something was told.
    fn at(&self, is: impl Fn(&Change) -> bool) -> Option<Timestamp> {
        self.0.lock().expect("nobody panicked").iter().find(|event| is(&event.change)).map(|event| event.at)
    }

    /// When an activity was no more.
    fn gone(&self, id: &ActivityId) -> Timestamp {
        self.at(|change| matches!(change, Change::ActivityRemoved { id: gone } if gone == id))
            .expect("it is gone")
    }

    /// The first moment at which an activity showed something, and the moment of the first news of it after the last.
    fn span(&self, id: &ActivityId, is: impl Fn(&Activity) -> bool) -> (Timestamp, Timestamp) {
        let log = self.0.lock().expect("nobody panicked");
        let of: Vec<(Timestamp, &Activity)> = (log.iter())
            .filter_map(|event| match &event.change {
                Change::Activity { activity } if activity.id == *id => Some((event.at, &**activity)),
                _ => None,
            })
            .collect();
        let first = of.iter().find(|(_, activity)| is(activity)).expect("it was so").0;
        let last = of.iter().rposition(|(_, activity)| is(activity)).expect("it was so");
        (first, of.get(last + 1).expect("there is more of it").0)
    }

    /// When the state on an account was last told to become this.
    fn became(&self, account: &AccountId, wanted: Presence) -> Timestamp {
        let log = self.0.lock().expect("nobody panicked");
        let mut before = None;
        let mut became = None;
        for event in log.iter() {
            let Change::Account { account: state } = &event.change else { continue };
            let presence =
                state.agent.as_ref().map(|agent| agent.presence).filter(|_| state.account.id == *account);
            if presence.is_some() && presence != before {
                if presence == Some(wanted) {
                    became = Some(event.at);
                }
                before = presence;
            }
        }
        became.expect("it became so")
    }
}

fn by_ticket(sandbox: &Sandbox) -> NewAccount {
    let user = sandbox.dstny_users().swap_remove(0);
    let username = Some(format!("{}@{}", user.username, user.domain));
    let credential = Credential::Token { token: user.token, username, second: None, user: None };
    NewAccount { platform: Platform::Dstny, ..new_account(&sandbox.dstny_url(), credential) }
}

async fn phase(desk: &mut Desk, id: &ActivityId, phase: Phase) -> Activity {
    desk.until(&format!("{phase:?}"), |s| activity(s, id).filter(|a| a.phase == phase).cloned()).await
}

async fn gone(desk: &mut Desk, id: &ActivityId) {
    desk.until("it is gone", |s| activity(s, id).is_none().then_some(())).await;
}

/// A call of the Dstny centre rings at the first user.
async fn rung(desk: &mut Desk, control: &Control, account: &AccountId, number: &str) -> ActivityId {
    let rung = control.run("POST", "ring", json!({"agent": "ida", "number": number})).expect("it is there");
    let id = ActivityId::new(account, rung["call"].as_str().expect("it is there"));
    desk.until("it rings", |s| s.rings.iter().any(|ring| ring.activity == id).then_some(())).await;
    id
}

async fn set(desk: &mut Desk, account: &AccountId, target: AgentTarget) {
    desk.confirmed(Command::SetState { target, accounts: Some(vec![account.clone()]) }).await;
}

/// Since when the agent is what they are on an account.
fn since(desk: &Desk, account: &AccountId) -> Timestamp {
    state(desk.told(), account).agent.as_ref().expect("it is there").since
}

async fn today(desk: &Desk) -> Day {
    // With what the platforms tell of it, so that no answer of theirs comes later.
    let day = desk.engine.day(DayQuery { date: None, ask: true }).await.expect("it is there");
    assert_eq!(day.problems, []);
    for two in day.bands.windows(2).filter(|two| two[0].account == two[1].account) {
        assert_eq!(two[0].to, two[1].from, "no hole and no overlap: {two:?}");
    }
    day
}

fn talk_ms(one: &ContactBlock) -> i64 {
    one.answered.zip(one.ended).map_or(0, |(from, to)| to.ms_since(from))
}

fn wrap_ms(one: &ContactBlock) -> i64 {
    one.ended.zip(one.closed).map_or(0, |(from, to)| to.ms_since(from))
}

/// Something goes on for a while. How long it really was the events say.
async fn lasts() {
    tokio::time::sleep(std::time::Duration::from_millis(1_300)).await;
}

fn block<'a>(day: &'a Day, id: &ActivityId) -> &'a ContactBlock {
    day.contacts.iter().find(|one| one.id == *id).unwrap_or_else(|| panic!("{id} is in {:#?}", day.contacts))
}

fn seconds(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from((to.ms_since(from) + 500) / 1000).expect("it is there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn my_day_says_exactly_what_the_shift_was() {
    // A shift over midnight is two days: then it is worked again.
    for _ in 0..2 {
        let begun = jiff::Zoned::now().date();
        let day = shift().await;
        if jiff::Zoned::now().date() == begun {
            assert_eq!(day.date, begun.to_string());
            return;
        }
    }
}

async fn shift() -> Day {
    let (contacts, exchange) = (centre(&[]).await, centre(&[]).await);
    let (calls, lines) = (contacts.control(), exchange.control());
    let log = Log::default();
    let mut desk = Desk::new().await;
    log.of(&desk.engine);
    let daktela = desk.sign_in(&contacts, 0).await;
    desk.go_ready(&daktela).await;
    let dstny = desk.add(by_ticket(&exchange)).await;
    let offers = |s: &model::Snapshot| {
        state(s, &dstny).capabilities.contains(&model::Capability::QueueLogin).then_some(())
    };
    desk.until("it is known", offers).await;
    for account in [&daktela, &dstny] {
        let tells = |s: &model::Snapshot| {
            state(s, account).capabilities.contains(&model::Capability::PastDays).then_some(())
        };
        desk.until("it tells of past days", tells).await;
    }
    // The practice exchange remembers calls of before; they are not of this shift.
    let before = today(&desk).await;

    // One call on Daktela, filed after wrap-up. Orders has no after-call pause.
    let ring = sandbox::Ring {
        agent: Some("ida".to_owned()),
        number: Some(CALLER.to_owned()),
        queue: Some(2001),
        ..sandbox::Ring::default()
    };
    let first = ActivityId::new(&daktela, &calls.ring(ring.clone()).expect("it is there"));
    desk.until("it rings", |s| s.rings.iter().any(|ring| ring.activity == first).then_some(())).await;
    desk.confirmed(Command::Answer { activity: first.clone(), device: None }).await;
    phase(&mut desk, &first, Phase::Open).await;
    lasts().await;
    desk.confirmed(Command::Hangup { activity: first.clone() }).await;
    let wrap_up = phase(&mut desk, &first, Phase::WrapUp).await;
    // Over a restart, which is no part of the shift.
    let mut desk = desk.restarted().await;
    log.of(&desk.engine);
    phase(&mut desk, &first, Phase::WrapUp).await;
    lasts().await;
    desk.confirmed(Command::Close { activity: first.clone(), draft: Draft::default() }).await;
    gone(&mut desk, &first).await;

    // One on Dstny, held for a while.
    desk.until("it is known again", offers).await;
    desk.go_ready(&dstny).await;
    let second = rung(&mut desk, &lines, &dstny, MISSED).await;
    desk.confirmed(Command::Answer { activity: second.clone(), device: None }).await;
    phase(&mut desk, &second, Phase::Open).await;
    for (deed, on_hold) in [(Deed::Hold, true), (Deed::Resume, false)] {
        let offered = |s: &model::Snapshot| {
            activity(s, &second).is_some_and(|a| a.actions.contains(&deed.action())).then_some(())
        };
        desk.until("it is offered", offered).await;
        lasts().await;
        desk.confirmed(Command::Control { activity: second.clone(), control: deed.clone() }).await;
        desk.until("it is so", |s| activity(s, &second).is_some_and(|a| a.on_hold == on_hold).then_some(()))
            .await;
    }
    desk.confirmed(Command::Hangup { activity: second.clone() }).await;
    gone(&mut desk, &second).await;

    // One gives up before it is answered, and is not called back.
    let missed = sandbox::Ring { number: Some("+442079460999".to_owned()), ..ring };
    desk.until("ready again", |s| (presence(s, &daktela) == Some(Presence::Ready)).then_some(())).await;
    let missed = ActivityId::new(&daktela, &calls.ring(missed).expect("it is there"));
    desk.until("it rings", |s| s.rings.iter().any(|ring| ring.activity == missed).then_some(())).await;
    calls.hangup(missed.parts().expect("it is there").1).expect("it is there");
    gone(&mut desk, &missed).await;

    // Lunch.
    let lunch = desk
        .told()
        .agent
        .pauses
        .iter()
        .find(|pause| pause.accounts.contains(&daktela))
        .expect("it is there")
        .clone();
    set(&mut desk, &daktela, AgentTarget::Pause { pause: lunch.key.clone() }).await;
    desk.until("lunch", |s| (presence(s, &daktela) == Some(Presence::Paused)).then_some(())).await;
    log.settled(&desk.engine).await;
    lasts().await;
    let (paused, told_paused) = (since(&desk, &daktela), log.became(&daktela, Presence::Paused));
    set(&mut desk, &daktela, AgentTarget::Ready).await;
    desk.until("ready", |s| (presence(s, &daktela) == Some(Presence::Ready)).then_some(())).await;
    log.settled(&desk.engine).await;
    let (ready, told_ready) = (since(&desk, &daktela), log.became(&daktela, Presence::Ready));

    let day = today(&desk).await;
    log.settled(&desk.engine).await;
    let (one, two) = (block(&day, &first), block(&day, &second));
    assert_eq!((one.outcome, two.outcome), (ContactOutcome::Handled, ContactOutcome::Handled));
    // Platforms tell whole seconds: nothing ends before it begins for that.
    assert_eq!(one.answered, wrap_up.answered_at.map(|at| at.max(one.began)));
    assert_eq!(one.ended, wrap_up.ended_at.max(one.answered));
    assert_eq!(one.closed, Some(log.gone(&first)));
    assert_eq!(two.ended, Some(log.gone(&second)));
    let (held, resumed) = log.span(&second, |a| a.on_hold);
    let talked = seconds(two.answered.expect("it is there"), two.ended.expect("it is there"));
    assert_eq!(two.hold_seconds, seconds(held, resumed).min(talked));
    assert!(
        two.hold_seconds >= 1 && talk_ms(one) >= 300 && wrap_ms(one) >= 300,
        "it lasted: {one:?} {two:?}"
    );
    assert_eq!(block(&day, &missed).outcome, ContactOutcome::Missed);
    assert!(!block(&day, &missed).returned);
    let new: Vec<&ContactBlock> =
        day.contacts.iter().filter(|one| !before.contacts.iter().any(|old| old.id == one.id)).collect();
    assert_eq!(new.len(), 3, "and none of them twice: {new:#?}");
    assert!(new.iter().all(|one| one.witness == Witness::Seen), "{new:#?}");

    let talks = before.contacts.iter().map(talk_ms).sum::<i64>() + talk_ms(one) + talk_ms(two);
    let wrapped = before.contacts.iter().map(wrap_ms).sum::<i64>() + wrap_ms(one);
    let (sums, was) = (&day.sums, &before.sums);
    assert_eq!((sums.handled, sums.calls, sums.missed), (was.handled + 2, was.calls + 2, was.missed + 1));
    assert_eq!(sums.talk, seconds(Timestamp(0), Timestamp(talks)));
    assert_eq!(sums.hold, was.hold + two.hold_seconds);
    assert_eq!(sums.wrap_up, seconds(Timestamp(0), Timestamp(wrapped)));
    let handle = (talks + wrapped) / i64::from(sums.calls);
    assert_eq!(sums.average_handle, Some(seconds(Timestamp(0), Timestamp(handle))));
    assert_eq!(
        (day.pauses.len(), day.pauses[0].title.as_str(), day.pauses[0].times),
        (1, lunch.title.as_str(), 1)
    );
    let is_lunch = |state: &BandState| matches!(state, BandState::Present { pause: Some(title), .. } if *title == lunch.title);
    let on_lunch =
        day.bands.iter().find(|band| band.account == daktela && is_lunch(&band.state)).expect("lunch");
    // Since when Daktela says that it was, or when it was heard where that is not finer than a second.
    assert!((paused..=told_paused).contains(&on_lunch.from), "{on_lunch:?}");
    assert!((ready..=told_ready).contains(&on_lunch.to), "{on_lunch:?}");
    assert_eq!(day.pauses[0].seconds, seconds(on_lunch.from, on_lunch.to));
    // The restart left no hole: Daktela said since when it is ready.
    let unheard = day.bands.iter().filter(|band| band.account == daktela && band.state == BandState::Unheard);
    assert_eq!(unheard.count(), 0, "{:#?}", day.bands);
    assert!(day.bands.iter().any(|band| band.open) && day.usual.is_none());

    // The past of a platform that has none of its own, newest first.
    let history = HistoryQuery { account: Some(daktela.clone()), ..HistoryQuery::default() };
    let page = desk.engine.history(history).await.expect("it is there");
    let items: Vec<_> = page.items.iter().map(|item| (item.id.0.as_str(), item.outcome)).collect();
    assert_eq!(items, [(missed.as_str(), PastOutcome::Missed), (first.as_str(), PastOutcome::Answered)]);
    // As a table, and in the list of days.
    let days = ExportDays { from: day.date.clone(), to: day.date.clone() };
    let table = desk.engine.days_as_csv(days).await.expect("it is there");
    assert_eq!(table.lines().count(), 1 + day.bands.len() + day.contacts.len());
    assert!(table.contains(",'+442079460555,"), "a number is no formula");
    assert_eq!(desk.engine.days().await.expect("it is there")[0].sums.handled, sums.handled);
    // And it is there after the next start.
    let desk = desk.restarted().await;
    assert_eq!(today(&desk).await.sums.talk, day.sums.talk);
    day
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_the_day_is_told_and_a_day_that_is_none_is_refused() {
    let sandbox = centre(&[]).await;
    let log = Log::default();
    let mut desk = Desk::new().await;
    log.of(&desk.engine);
    desk.sign_in(&sandbox, 0).await;
    let told = || log.at(|change| matches!(change, Change::Day { .. })).is_some();
    product_tests::becomes("it is told", told).await;
    let of = |date: &str| DayQuery { date: Some(date.to_owned()), ask: false };
    for wrong in ["yesterday", "2026-02-30", "2026-1-1"] {
        let problem = desk.engine.day(of(wrong)).await.expect_err("no day");
        assert_eq!(problem.code, model::ProblemCode::NotPossible);
    }
    let long_ago = desk.engine.day(of("2020-02-29")).await.expect("it is there");
    assert_eq!((long_ago.bands.len(), long_ago.contacts.len(), long_ago.until), (0, 0, long_ago.ends));
}
