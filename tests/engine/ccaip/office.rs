//! Figures of queues, the past, campaigns and teams.

use model::{Channel, HistoryQuery, PastOutcome, Phase, Snapshot, Watch};
use product_tests::activity;

use super::{adapter, asked, available, centre, in_phase, rings};

#[tokio::test]
async fn queues_have_figures_while_a_window_shows_them() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    assert_eq!(asked(&sandbox, "menus.current_status"), 0, "nobody looks at queues");
    desk.engine.watch(Watch { queues: vec![account.clone()], ..Watch::default() });
    let told = |s: &Snapshot| {
        let support =
            |one: &&model::QueueStatistics| one.account == account && one.queue.as_str() == "2000/call";
        let one = s.statistics.iter().find(support)?;
        (one.logged_in.is_some() && one.open.is_some() && one.service_level.is_some()).then(|| one.clone())
    };
    let support = desk.until("the figures are whole", told).await;
    assert_eq!((support.channel, support.mine, support.waiting), (Some(Channel::Call), Some(true), Some(0)));
    assert!(support.logged_in >= Some(1) && support.free >= Some(1), "{support:?}");
    assert!(support.title.contains(" › "), "the way through the menus: {}", support.title);
    assert!(support.hours.is_some());
    rings(&sandbox, "call");
    let waits = |s: &Snapshot| {
        s.statistics.iter().find(|one| one.account == account && one.waiting == Some(1)).cloned()
    };
    let waits = desk.until("one waits", waits).await;
    assert!(waits.longest_since.is_some());
}

#[tokio::test]
async fn the_past_has_what_the_agent_had_and_what_was_missed() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    rings(&sandbox, "call");
    let had = in_phase(&mut desk, &account, Phase::Ringing).await;
    adapter(&sandbox, "accept");
    desk.until("it is open", |s| activity(s, &had.id).filter(|a| a.phase == Phase::Open).map(drop)).await;
    adapter(&sandbox, "hangup");
    desk.until("it is over", |s| activity(s, &had.id).is_none_or(|a| a.phase == Phase::WrapUp).then_some(()))
        .await;
    adapter(&sandbox, "done");

    let query = HistoryQuery { account: Some(account.clone()), ..HistoryQuery::default() };
    let page = desk.engine.history(query.clone()).await.expect("the past is read");
    assert!(page.problems.is_empty(), "{:?}", page.problems);
    assert!(page.items.is_sorted_by_key(|item| std::cmp::Reverse(item.at)));
    let item = page.items.iter().find(|item| item.id.0 == had.id.0).expect("what was had is past");
    assert_eq!((item.outcome, item.channel), (PastOutcome::Answered, Channel::Call));
    assert!(item.seconds.is_some() && item.web.is_some());
    assert!(item.facts.iter().any(|fact| fact.kind == model::FactKind::Recording && fact.link.is_some()));

    // Older pages go on where the last one ended, and never twice.
    let oldest = page.items.last().expect("a past").at;
    let older = HistoryQuery { before: Some(oldest), ..query };
    let older = desk.engine.history(older).await.expect("the past is read");
    assert!(older.items.iter().all(|item| item.at < oldest));
}

#[tokio::test]
async fn campaigns_and_teams_are_told_with_who_does_what() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = available(&sandbox).await;
    desk.link(&account, model::Link::Live).await;
    let centre = desk.engine.centre().await;
    assert!(centre.problems.is_empty(), "{:?}", centre.problems);
    let campaign = centre.campaigns.first().expect("there is a campaign");
    assert!(
        !campaign.counts.is_empty() && !campaign.state.is_empty() && campaign.contacts.is_some(),
        "{campaign:?}"
    );
    let top = centre.teams.iter().position(|team| team.parent.is_none()).expect("a team above all");
    let mine = centre.teams.iter().find(|team| team.mine).expect("a team of mine");
    assert_eq!(mine.parent.as_deref(), Some(centre.teams[top].id.as_str()));
    let me = mine.members.iter().find(|member| member.presence.as_deref() == Some("Available"));
    assert!(me.is_some_and(|member| member.since.is_some()), "{:?}", mine.members);
}
