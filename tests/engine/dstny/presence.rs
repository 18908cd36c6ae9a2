//! The own presence between the agent, pauses and the platform: nothing that the agent chose is lost.

use model::{AgentTarget, Capability, Command, Presence, PresenceChange, Timestamp, Until};
use product_tests::{Desk, centre, presence, state};

use super::{offers, ready};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_pause_the_agent_is_where_the_pause_began_until_then_too() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::Presence).await;
    let until = Timestamp(desk.told().at.0 / 60_000 * 60_000 + 3_600_000);
    let choose = |activity: &str, until| Command::SetPresence {
        account: account.clone(),
        change: PresenceChange { activity: Some(activity.into()), until, ..PresenceChange::default() },
    };
    let own = |desk: &Desk| {
        let own = state(desk.told(), &account).presence.clone().expect("the own presence is known");
        (own.activity.expect("an activity is on").0, own.until)
    };
    let lunch =
        desk.told().agent.pauses.iter().find(|pause| pause.title == "Lunch").expect("a pause").key.clone();
    let set = |target| Command::SetState { target, accounts: Some(vec![account.clone()]) };
    let pause = || set(AgentTarget::Pause { pause: lunch.clone() });

    super::confirmed(&mut desk, choose("working", Some(Until::At { at: until }))).await;
    super::confirmed(&mut desk, pause()).await;
    assert_eq!(own(&desk).0, "lunch");
    super::confirmed(&mut desk, set(AgentTarget::Ready)).await;
    assert_eq!(own(&desk), ("working".to_owned(), Some(until)));

    // What the agent chooses during the pause counts more.
    super::confirmed(&mut desk, pause()).await;
    super::confirmed(&mut desk, choose("meeting", None)).await;
    super::confirmed(&mut desk, set(AgentTarget::Ready)).await;
    assert_eq!(own(&desk).0, "available");
    assert_eq!(presence(desk.told(), &account), Some(Presence::Ready));
}
