//! What rings and is talked in, and click-to-call.

use model::{Channel, Command, Direction, Phase, RingOutcome};
use product_tests::{activity, becomes, centre};
use sandbox::Ring;
use serde_json::json;

use super::{post, signed_in};

#[tokio::test]
async fn a_call_for_this_agent_rings_is_talked_in_and_ends() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    post(&control, "agents/ida/ready", json!({}));
    let call = product_tests::ring(&control, "+442079460555");
    let rung = desk
        .until("it rings", |s| {
            s.activities.iter().find(|a| a.account == account && a.phase == Phase::Ringing).cloned()
        })
        .await;
    assert_eq!((rung.channel, rung.direction), (Channel::Call, Direction::In));
    assert!(
        rung.web.as_deref().is_some_and(|web| web.starts_with(&sandbox.liveagent_url())),
        "{:?}",
        rung.web
    );
    assert!(rung.actions.is_empty(), "what cannot be done from here is not offered");
    post(&control, &format!("calls/{call}/answered-elsewhere"), json!({"agent": "tomas"}));
    assert_eq!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredElsewhere);
    desk.until("it is gone", |s| activity(s, &rung.id).is_none().then_some(())).await;
}

#[tokio::test]
async fn a_chat_rings_too_and_a_visitor_who_leaves_ends_it() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    post(&control, "agents/ida/ready", json!({}));
    let chat = Ring { agent: Some("ida".to_owned()), channel: Some("chat".to_owned()), ..Ring::default() };
    let chat = control.ring(chat).expect("a visitor writes");
    let rung = desk
        .until("it rings", |s| {
            s.activities.iter().find(|a| a.account == account && a.phase == Phase::Ringing).cloned()
        })
        .await;
    assert_eq!(rung.channel, Channel::Chat);
    post(&control, &format!("calls/{chat}/hangup"), json!({}));
    assert_ne!(desk.ring_ended(&rung.id).await, RingOutcome::AnsweredHere);
}

#[tokio::test]
async fn a_number_is_dialled_through_the_second_key() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    post(&control, "agents/ida/ready", json!({}));
    let dial = Command::Dial {
        account,
        number: "+442079460777".to_owned(),
        queue: None,
        device: None,
        line: None,
        contact: None,
    };
    desk.confirmed(dial).await;
    becomes("the centre dials", || {
        let state = control.run("GET", "state", serde_json::Value::Null).expect("the state is told");
        state["open"].to_string().contains("442079460777")
    })
    .await;
}
