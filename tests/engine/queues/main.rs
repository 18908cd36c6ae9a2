//! Figures of queues on three platforms move as the world moves, and what is bad in them is told.

use model::{
    AccountId, Capability, Level, Measure, Notice, NoticeKind, QueueStatistics, Settings, Snapshot,
    Threshold, Watch,
};
use product_tests::tickets::{by_key, post};
use product_tests::{Desk, by_password, centre, new_account, state};
use sandbox::{Ring, Sandbox};
use serde_json::json;

/// The queue that calls come in through.
const SUPPORT: &str = "2000";
const CALLER: &str = "+442079460555";

/// A desk signed in as the first user of a platform, once figures are offered; nobody looks at them yet.
async fn signed_in(account: model::NewAccount) -> (Desk, AccountId) {
    let mut desk = Desk::new().await;
    let account = desk.add(account).await;
    let offers =
        |s: &Snapshot| state(s, &account).capabilities.contains(&Capability::QueueStatistics).then_some(());
    desk.until("figures are offered", offers).await;
    (desk, account)
}

fn dstny(sandbox: &Sandbox) -> model::NewAccount {
    let user = sandbox.dstny_users().swap_remove(0);
    let username = Some(format!("{}@{}", user.username, user.domain));
    let credential = model::Credential::Token { token: user.token, username, second: None, user: None };
    model::NewAccount { platform: model::Platform::Dstny, ..new_account(&sandbox.dstny_url(), credential) }
}

fn look(desk: &Desk, account: &AccountId) {
    desk.engine.watch(Watch { queues: vec![account.clone()], ..Watch::default() });
}

/// A customer calls, and nobody is there to take it.
fn calls(sandbox: &Sandbox) -> String {
    let queue = SUPPORT.parse().ok();
    let ring = Ring { number: Some(CALLER.to_owned()), queue, ..Ring::default() };
    sandbox.control().ring(ring).expect("a customer calls")
}

/// Waits until the figures of some queue of the account are like this.
async fn figures(
    desk: &mut Desk,
    account: &AccountId,
    what: &str,
    are: impl Fn(&QueueStatistics) -> bool,
) -> QueueStatistics {
    let shown = |s: &Snapshot| s.statistics.iter().find(|one| one.account == *account && are(one)).cloned();
    desk.until(what, shown).await
}

fn of_support(one: &QueueStatistics) -> bool {
    one.queue.as_str().starts_with(SUPPORT)
}

#[tokio::test]
async fn daktelas_figures_follow_a_call_from_waiting_to_its_end_and_give_those_who_gave_up() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(by_password(&sandbox, 0)).await;
    assert!(desk.told().statistics.is_empty(), "nobody looks");
    look(&desk, &account);
    let before = figures(&mut desk, &account, "they come", of_support).await;
    assert_eq!(
        (before.waiting, before.longest_since, before.channel),
        (Some(0), None, Some(model::Channel::Call))
    );
    let (answered, dropped) = (before.answered.expect("told"), before.dropped.expect("told"));

    let call = calls(&sandbox);
    let waits =
        figures(&mut desk, &account, "one waits", |one| of_support(one) && one.waiting == Some(1)).await;
    let since = waits.longest_since.expect("since when is told");
    assert!(waits.heard_at.ms_since(since) < 60_000, "it has just begun to wait");
    post(&sandbox.control(), &format!("calls/{call}/answered-elsewhere"), json!({"agent": "tomas"}));
    let served =
        figures(&mut desk, &account, "it is served", |one| of_support(one) && one.serving == Some(1)).await;
    assert_eq!((served.waiting, served.answered), (Some(0), Some(answered + 1)));
    sandbox.control().hangup(&call).expect("the customer hangs up");
    let over =
        figures(&mut desk, &account, "it is over", |one| of_support(one) && one.serving == Some(0)).await;
    assert_eq!((over.answered, over.dropped), (Some(answered + 1), Some(dropped)));

    let lost = calls(&sandbox);
    figures(&mut desk, &account, "another waits", |one| of_support(one) && one.waiting == Some(1)).await;
    sandbox.control().hangup(&lost).expect("the customer gives up");
    let left = figures(&mut desk, &account, "it has left", |one| {
        of_support(one) && one.dropped == Some(dropped + 1)
    })
    .await;
    assert_eq!((left.waiting, left.answered), (Some(0), Some(answered + 1)));

    let trends = desk.engine.queue_trends();
    let trend = trends.iter().find(|trend| trend.queue.account == account && trend.queue.queue == left.queue);
    let newest = trend.and_then(|trend| trend.points.last()).expect("it is remembered how they went");
    assert_eq!((newest.at, newest.waiting), (left.heard_at, Some(0)));
}

#[tokio::test]
async fn daktela_says_in_which_queues_the_agent_is_and_who_is_there() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(by_password(&sandbox, 0)).await;
    look(&desk, &account);
    figures(&mut desk, &account, "they come", of_support).await;
    desk.go_ready(&account).await;
    let joined = |s: &Snapshot| {
        let mine = state(s, &account).queues.iter().filter(|queue| queue.logged_in && !queue.outgoing);
        let mine: Vec<_> = mine.map(|queue| queue.id.clone()).collect();
        let told = s.statistics.iter().filter(|one| mine.contains(&one.queue));
        (!mine.is_empty() && told.clone().count() > 0 && told.clone().all(|one| one.mine == Some(true)))
            .then_some(())
    };
    desk.until("the agent's own queues are told apart", joined).await;
    let ready = figures(&mut desk, &account, "a ready agent is seen", |one| {
        one.presences.iter().any(|presence| presence.presence == "Idle" && presence.agents > 0)
    })
    .await;
    assert!(ready.logged_in.is_none_or(|there| there >= ready.free.unwrap_or(0)));
}

#[tokio::test]
async fn figures_of_activities_that_may_not_be_listed_are_not_offered_any_more() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(by_password(&sandbox, 0)).await;
    sandbox
        .control()
        .fault(json!({"kind": "status", "status": 403, "route": "activities"}))
        .expect("a fault");
    look(&desk, &account);
    let gone = |s: &Snapshot| {
        let offered = &state(s, &account).capabilities;
        (!offered.contains(&Capability::QueueStatistics) && !offered.contains(&Capability::PastDays))
            .then_some(())
    };
    desk.until("they are offered no more", gone).await;
    assert!(desk.told().statistics.is_empty());
}

#[tokio::test]
async fn dstnys_figures_move_and_say_which_queue_is_the_agents() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(dstny(&sandbox)).await;
    look(&desk, &account);
    figures(&mut desk, &account, "they come", |one| of_support(one) && one.mine.is_some()).await;
    desk.go_ready(&account).await;
    figures(&mut desk, &account, "the agent is in it", |one| of_support(one) && one.mine == Some(true)).await;
    calls(&sandbox);
    let waits =
        figures(&mut desk, &account, "one waits", |one| of_support(one) && one.waiting == Some(1)).await;
    assert!(waits.longest_since.is_some());
}

#[tokio::test]
async fn liveagents_departments_count_what_waits_and_who_is_there() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(by_key(&sandbox, 0)).await;
    look(&desk, &account);
    let first = figures(&mut desk, &account, "they come", |_| true).await;
    assert!(first.open.is_some() && first.mine.is_some() && first.answered.is_some(), "{first:?}");
    calls(&sandbox);
    let waits =
        figures(&mut desk, &account, "one waits", |one| one.waiting.is_some_and(|waiting| waiting > 0)).await;
    assert_eq!(waits.source, "overview");
}

async fn keep(desk: &Desk, change: impl FnOnce(&mut Settings)) {
    let mut settings = desk.told().settings.clone();
    change(&mut settings);
    desk.engine.save_settings(settings).await.expect("settings are kept");
}

fn of_queue(notice: &Notice) -> Option<(Level, u32)> {
    match notice.kind {
        NoticeKind::Queue { level, value, measure: Measure::Waiting, .. } => Some((level, value)),
        _ => None,
    }
}

#[tokio::test]
async fn a_queue_in_trouble_is_told_although_no_window_shows_it() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(by_password(&sandbox, 0)).await;
    let threshold = |warning, alarm, notify| Threshold {
        queue: None,
        measure: Measure::Waiting,
        warning: Some(warning),
        alarm: Some(alarm),
        notify,
    };
    assert!(desk.told().statistics.is_empty(), "nobody looks, and nothing depends on figures");
    calls(&sandbox);
    keep(&desk, |settings| settings.thresholds = vec![threshold(1, 2, true)]).await;
    let warned =
        |s: &Snapshot| s.notices.iter().find(|one| of_queue(one) == Some((Level::Warning, 1))).cloned();
    let warning = desk.until("it is worth a look", warned).await;
    assert!(!warning.notify, "a warning stays in the window");
    // While nobody looks figures are counted once a minute only.
    look(&desk, &account);
    calls(&sandbox);
    let alarmed =
        |s: &Snapshot| s.notices.iter().find(|one| of_queue(one) == Some((Level::Alarm, 2))).cloned();
    let alarm = desk.until("it is worth a word", alarmed).await;
    assert_eq!((alarm.notify, &alarm.key), (true, &warning.key));
    let support = desk.told().statistics.iter().find(|one| of_support(one)).expect("it has figures");
    assert!(matches!(&alarm.kind, NoticeKind::Queue { title, .. } if *title == support.title));

    desk.engine.dismiss_notice(&alarm.key);
    let aside =
        |s: &Snapshot| s.notices.iter().any(|one| one.key == alarm.key && one.dismissed).then_some(());
    desk.until("it is put aside", aside).await;
    keep(&desk, |settings| settings.thresholds = vec![threshold(7, 9, true)]).await;
    desk.until("its reason is gone", |s| s.notices.is_empty().then_some(())).await;
    desk.is_in_step().await;
}
