//! What an agent does: start a call, see it through its states, set a status, be signed out.

use ccaip::{
    AgentActivityLogs, Call, CallRefusalReason, CallStarted, CallStatus, CallTo, CallType, Calls, Client,
    Error, Id, NewCall, NewStatus, Page, ParticipantType,
};
use sandbox::Sandbox;

use super::{adapter, all, centre, client, id_of, ida};

const NUMBER: &str = "+44 20 7946 0123";

fn new(sandbox: &Sandbox) -> NewCall {
    NewCall::outbound(&ida(sandbox).username, NUMBER)
}

async fn refused(client: &Client, call: &NewCall) -> CallRefusalReason {
    match client.start_call(call).await.expect("an answer") {
        CallStarted::Refused(why) => why.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_is_started_and_its_agent_is_told() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    adapter(&sandbox, "available");
    let CallStarted::Assigned(Some(call)) = client.start_call(&new(&sandbox)).await.expect("an answer")
    else {
        panic!("it is made");
    };
    assert_eq!((call.status, call.call_type), (Some(CallStatus::Assigned), Some(CallType::VoiceOutboundApi)));
    assert_eq!(call.agent_info.and_then(|agent| agent.id), Some(id_of(&ida(&sandbox))));
    let has = |kind| call.participants.iter().any(|who| who.kind.as_ref() == Some(kind));
    assert!(has(&ParticipantType::Agent) && has(&ParticipantType::EndUser));
    assert_eq!(
        refused(&client, &new(&sandbox)).await,
        CallRefusalReason::AgentNotAvailable,
        "she is in a call"
    );
}

#[tokio::test]
async fn what_has_to_be_done_in_the_adapter_is_told() {
    for (switch, expected) in [("number", CallStarted::ChooseNumber), ("adapter", CallStarted::ActInAdapter)]
    {
        let sandbox = centre(&[("call_start", switch)]).await;
        let client = client(&sandbox);
        adapter(&sandbox, "available");
        assert_eq!(client.start_call(&new(&sandbox)).await, Ok(expected));
        let calling = Calls {
            call_status: vec![CallStatus::Assigned],
            agent_id: vec![id_of(&ida(&sandbox))],
            ..Calls::default()
        };
        let before: Vec<Id> = all(&client, calling.clone()).await.into_iter().map(|call| call.id).collect();
        adapter(&sandbox, "start");
        let after = all(&client, calling).await;
        assert!(after.iter().any(|call| !before.contains(&call.id)), "{switch}");
    }
}

#[tokio::test]
async fn every_documented_refusal_of_a_call_is_known() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let good = new(&sandbox);
    let with = |change: fn(&mut NewCall)| {
        let mut call = good.clone();
        change(&mut call);
        call
    };
    for (call, reason) in [
        (good.clone(), CallRefusalReason::AgentNotAvailable),
        (with(|call| call.to = CallTo::Number(String::new())), CallRefusalReason::NobodyToCall),
        (with(|call| call.agent_email.clear()), CallRefusalReason::AgentEmailRequired),
        (with(|call| call.agent_email = "nobody@acme.example".into()), CallRefusalReason::NotAnAgentEmail),
        (with(|call| call.to = CallTo::Number("ida".into())), CallRefusalReason::NumberNotWellFormed),
        (with(|call| call.to = CallTo::Ticket("0".into())), CallRefusalReason::ContactNotFound),
        (with(|call| call.call_type = CallType::VoiceInboundIvr), CallRefusalReason::InvalidCallType),
    ] {
        assert_eq!(refused(&client, &call).await, reason, "{call:?}");
    }
    let agents = all(&client, ccaip::Agents::default()).await;
    let mut reasons = Vec::new();
    for email in agents.into_iter().filter_map(|agent| agent.email) {
        reasons.push(refused(&client, &NewCall { agent_email: email, ..good.clone() }).await);
    }
    assert!(reasons.contains(&CallRefusalReason::AgentMayNotCall), "{reasons:?}");
}

#[tokio::test]
async fn a_call_can_be_scheduled() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let at: jiff::Timestamp = "2030-01-01T09:00:00Z".parse().expect("a time");
    let call = NewCall { call_type: CallType::VoiceScheduledApi, scheduled_at: Some(at), ..new(&sandbox) };
    let CallStarted::Assigned(Some(call)) = client.start_call(&call).await.expect("an answer") else {
        panic!("it is made");
    };
    assert_eq!((call.status, call.scheduled_at), (Some(CallStatus::Scheduled), Some(at)));
}

/// The call of this number, once it is so.
async fn until(client: &Client, id: &Id, is: impl Fn(&Call) -> bool) -> Call {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let mut last = None;
    while tokio::time::Instant::now() < deadline {
        let page = client.page(&Calls::default(), Page { number: 1, per: 500 }).await.expect("calls");
        if let Some(call) = page.rows.into_iter().find(|call| call.id == *id) {
            if is(&call) {
                return call;
            }
            last = Some(call);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it never was so: {last:?}");
}

#[tokio::test]
async fn a_call_is_seen_through_its_states() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    adapter(&sandbox, "available");
    let before: Vec<Id> = all(&client, Calls::default()).await.into_iter().map(|call| call.id).collect();
    let ring = serde_json::json!({"queue": 2001, "number": NUMBER, "agent": "ida"});
    sandbox.control().run("POST", "/ring", ring).expect("it rings");
    let calls = all(&client, Calls::default()).await;
    let call = calls.into_iter().find(|call| !before.contains(&call.id)).expect("a new one");
    assert_eq!(call.status, Some(CallStatus::Queued));
    assert!(call.selected_menu.is_some() && call.queued_at.is_some() && call.agent_info.is_none());
    adapter(&sandbox, "accept");
    let connected = until(&client, &call.id, |call| call.status == Some(CallStatus::Connected)).await;
    assert_eq!(connected.agent_info.and_then(|agent| agent.id), Some(id_of(&ida(&sandbox))));
    assert!(connected.connected_at.is_some() && connected.end_user.is_some());
    adapter(&sandbox, "hangup");
    let finished =
        until(&client, &call.id, |call| call.status.as_ref().is_some_and(CallStatus::is_over)).await;
    assert!(finished.ends_at.is_some() && !finished.queue_durations.is_empty());
    let logs = AgentActivityLogs { call_id: vec![call.id], ..AgentActivityLogs::default() };
    assert!(!all(&client, logs).await.is_empty());
}

async fn status_of(client: &Client, agent: &Id) -> Option<String> {
    let all = client.agents_current_status().await.expect("agents").rows;
    all.into_iter().find(|row| row.id == *agent)?.status?.name
}

#[tokio::test]
async fn a_status_is_set_and_a_state_of_the_system_is_not() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let own = id_of(&ida(&sandbox));
    let told = client.set_status(&NewStatus::of(&own, "Available")).await.expect("told").rows.remove(0);
    assert_eq!((told.agent_id, told.current_status.as_deref()), (Some(own.clone()), Some("Available")));
    assert_eq!(status_of(&client, &own).await.as_deref(), Some("Available"));
    match client.set_status(&NewStatus::of(&own, "In-call")).await {
        Ok(told) => assert_ne!(told.rows[0].current_status.as_deref(), Some("In-call")),
        Err(error) => assert!(matches!(error, Error::Refused { status: 400, .. }), "{error:?}"),
    }
    client.set_status(&NewStatus::of(&own, "Lunch")).await.expect("told");
    assert_eq!(status_of(&client, &own).await.as_deref(), Some("Lunch"));
    client.force_logout(std::slice::from_ref(&own)).await.expect("signed out");
    assert_eq!(status_of(&client, &own).await, None, "who is not in the list is not signed in");
}

#[tokio::test]
async fn a_tenant_may_refuse_a_status_to_who_is_not_signed_in() {
    let sandbox = centre(&[("set_status_offline", "refuse")]).await;
    let client = client(&sandbox);
    let told = client.set_status(&NewStatus::of(&id_of(&ida(&sandbox)), "Available")).await.expect("told");
    assert!(told.rows[0].message.is_some());
    assert_ne!(told.rows[0].current_status.as_deref(), Some("Available"));
}
