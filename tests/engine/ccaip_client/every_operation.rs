//! Every operation against the sandbox's own reading of the document: nothing is unreadable and nothing documented is left without a
//! type; every word of the document's tables occurs and is known; filters mean the same to both sides.

use std::collections::BTreeSet;
use std::fmt::Debug;

use ccaip::{
    Activity, AdapterFailCode, AgentActivityLogs, Agents, CallFailReason, CallStatus, CallType, Calls,
    CampaignContacts, CampaignMode, CampaignStatus, CampaignType, Campaigns, Channel, ChannelType,
    ChatFailReason, ChatStatus, ChatType, Chats, Deleted, EmailStatus, Emails, Error, Id, Menu, MenuType,
    Menus, MenusTree, Page, Range, Sort, Team, Teams, WaitTimes,
};
use jiff::{SignedDuration, Timestamp};
use sandbox::Scenario;

use super::{all, centre, client, id_of, ida};

/// Every field of every record has its type.
fn typed<T: Debug>(what: &str, rows: &[T]) {
    assert!(!rows.is_empty(), "{what}: there are some");
    for row in rows {
        let shown = format!("{row:?}");
        let strange = shown.split("extra: ").skip(1).find(|rest| !rest.starts_with("{}"));
        assert_eq!(strange, None, "{what}");
    }
}

#[tokio::test]
async fn every_documented_list_is_read_whole() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    typed("agents", &all(&client, Agents::default()).await);
    typed("logs", &all(&client, AgentActivityLogs::default()).await);
    typed("calls", &all(&client, Calls::default()).await);
    typed("chats", &all(&client, Chats::default()).await);
    typed("emails", &all(&client, Emails::default()).await);
    let menus = all(&client, Menus::default()).await;
    typed("menus", &menus);
    let teams = all(&client, Teams::default()).await;
    typed("teams", &teams);
    let campaigns = all(&client, Campaigns {}).await;
    typed("campaigns", &campaigns);
    typed("statuses", &client.user_statuses().await.expect("statuses").rows);
    super::adapter(&sandbox, "login");
    typed("current status", &client.agents_current_status().await.expect("agents").rows);
    typed("tree", &client.menus_tree(&MenusTree::default()).await.expect("a tree").rows);
    typed("tree", &client.teams_tree().await.expect("a tree").rows);
    typed("waits", &client.wait_times(&WaitTimes::of("en")).await.expect("waits").rows);

    assert_eq!(client.menu(&menus[0].id, Deleted::LeftOut).await.expect("a menu").name, menus[0].name);
    assert_eq!(client.team(&teams[0].id, Deleted::Included).await.expect("a team").name, teams[0].name);
    let campaign = client.campaign(&campaigns[0].id).await.expect("a campaign");
    assert!(
        campaign.contact_stats.is_some_and(|stats| stats.contacts.is_some() && stats.remaining.is_some())
    );
    let unknown = Id::from(987_654_321);
    assert_eq!(client.menu(&unknown, Deleted::Included).await, Err(Error::NotFound));
    assert_eq!(client.campaign(&unknown).await, Err(Error::NotFound));
}

#[tokio::test]
async fn what_no_sample_shows_is_read_as_far_as_it_can_be() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    for channel in [Channel::Call, Channel::Chat] {
        let levels = client.menus_sla(channel, 60).await.expect("service levels").rows;
        assert!(!levels.is_empty());
        assert!(levels.iter().all(|row| row.materialized_path.is_some()));
        assert!(levels.iter().all(|row| row.percent().is_some_and(|share| (0.0..=100.0).contains(&share))));
        let groups = client.menus_sla_by_queue_group(channel, 60).await.expect("service levels").rows;
        assert!(groups.iter().all(|row| row.queue_group.is_some() && row.percent().is_some()));
    }
    let hours = client.menus_operation_hours().await.expect("hours").rows;
    assert!(hours.iter().all(|row| row.id.is_some() && !row.extra.is_empty()));
    let queues = client.queues_status().await.expect("queues").rows;
    assert!(queues.iter().all(|row| row.menu_id.is_some() && row.extra.contains_key("calls_in_queue")));
    let campaign = all(&client, Campaigns {}).await.remove(0).id;
    let page =
        client.page(&CampaignContacts { campaign }, Page { number: 1, per: 100 }).await.expect("contacts");
    assert_eq!(page.unreadable, []);
    sandbox.control().run("POST", "/ring", serde_json::json!({"queue": 2001})).expect("it rings");
    let waiting = client.menus_current_status().await.expect("menus").rows;
    let menu = waiting.iter().find(|menu| menu.id == Some(Id::from(2001))).expect("somebody waits");
    assert_eq!(menu.queued_calls, Some(1));
    assert!(menu.longest_wait().is_some());
}

#[tokio::test]
async fn holding_is_told_in_whatever_words() {
    for (key, expected) in [("absent", 0), ("on_hold", 1), ("hold_duration", 1)] {
        let sandbox = centre(&[("hold_key", key)]).await;
        super::adapter(&sandbox, "login");
        let status = client(&sandbox).agents_current_status().await.expect("agents").rows;
        let own = status.iter().find(|agent| agent.id == id_of(&ida(&sandbox))).expect("she is signed in");
        assert_eq!(own.hold().count(), expected, "{key}");
        assert!(
            own.status.as_ref().is_some_and(|status| status.name.is_some())
                && own.status_updated_at.is_some()
        );
    }
}

/// All of these occurred.
fn seen<T: Ord + Debug + Clone>(found: impl Iterator<Item = T>, expected: impl IntoIterator<Item = T>) {
    let found: BTreeSet<T> = found.collect();
    let missing: Vec<T> = expected.into_iter().filter(|word| !found.contains(word)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
    let unknown: Vec<&T> = found.iter().filter(|word| format!("{word:?}").starts_with("Other(")).collect();
    assert!(unknown.is_empty(), "unknown: {unknown:?}");
}

#[tokio::test]
async fn every_word_of_the_documents_tables_occurs_and_is_known() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let calls = all(&client, Calls::default()).await;
    let over =
        CallStatus::ALL.iter().filter(|status| status.is_over() && **status != CallStatus::VoicemailReceived);
    seen(calls.iter().filter_map(|call| call.status.clone()), over.cloned());
    seen(calls.iter().filter_map(|call| call.fail_reason.clone()), CallFailReason::ALL.iter().cloned());
    let documented = CallType::ALL.iter().take(6).cloned();
    let types = calls.iter().filter_map(|call| call.call_type.clone());
    // What an ActionOnlyCall is called in JSON no document says.
    seen(types.filter(|kind| kind.as_str() != "Action Only"), documented);
    seen(calls.iter().filter_map(|call| call.adapter_fail_code), AdapterFailCode::all());
    for call in &calls {
        let told = call.adapter_fail_code.and_then(AdapterFailCode::message);
        assert_eq!(told, call.adapter_fail_message.as_deref(), "{}", call.id);
        let failed = call.status == Some(CallStatus::Failed);
        assert!(
            !failed || call.fail_reason.as_ref().is_some_and(|why| why.message().is_some()),
            "{}",
            call.id
        );
    }
    let chats = all(&client, Chats::default()).await;
    let over = ChatStatus::ALL.iter().filter(|status| status.is_over()).cloned();
    seen(chats.iter().filter_map(|chat| chat.status.clone()), over);
    seen(chats.iter().filter_map(|chat| chat.chat_type.clone()), ChatType::ALL.iter().cloned());
    seen(
        chats.iter().filter_map(|chat| chat.fail_reason.clone()),
        ChatFailReason::ALL.iter().skip(1).cloned(),
    );
    let emails = all(&client, Emails::default()).await;
    seen(
        emails.iter().filter_map(|email| email.status.clone()),
        [EmailStatus::Resolved, EmailStatus::Closed],
    );
    let logs = all(&client, AgentActivityLogs::default()).await;
    seen(logs.iter().filter_map(|log| log.activity.clone()), Activity::ALL.iter().cloned());
    let campaigns = all(&client, Campaigns {}).await;
    seen(campaigns.iter().filter_map(|row| row.mode.clone()), CampaignMode::ALL.iter().cloned());
    seen(campaigns.iter().filter_map(|row| row.campaign_type.clone()), CampaignType::ALL.iter().cloned());
    assert!(campaigns.iter().all(|row| !matches!(row.status, None | Some(CampaignStatus::Other(_)))));
}

#[tokio::test]
async fn every_state_on_the_way_occurs_in_a_long_run() {
    let mut switches = sandbox::Switches::default();
    switches.set("rate_per_second", "0").expect("a switch");
    let options =
        sandbox::Options { scenario: Scenario::TypicalDay, switches, ..sandbox::Options::default() };
    let sandbox = sandbox::start(options).await.expect("the sandbox starts");
    let client = client(&sandbox);
    let mut calls: Vec<_> = CallStatus::ALL.iter().filter(|status| !status.is_over()).cloned().collect();
    let mut chats: Vec<_> = ChatStatus::ALL.iter().filter(|status| !status.is_over()).cloned().collect();
    for _ in 0..2000 {
        if calls.is_empty() && chats.is_empty() {
            return;
        }
        sandbox.control().advance(1);
        let now = all(&client, Calls { call_status: calls.clone(), ..Calls::default() }).await;
        calls.retain(|status| now.iter().all(|call| call.status.as_ref() != Some(status)));
        let now = all(&client, Chats { chat_status: chats.clone(), ..Chats::default() }).await;
        chats.retain(|status| now.iter().all(|chat| chat.status.as_ref() != Some(status)));
    }
    panic!("never seen: {calls:?} {chats:?}");
}

#[tokio::test]
async fn filters_mean_the_same_to_both_sides() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let calls = all(&client, Calls::default()).await;
    for call_type in [CallType::VoiceInboundIvr, CallType::VoiceCallbackWeb, CallType::VoiceOutbound] {
        let found = all(&client, Calls { call_type: vec![call_type.clone()], ..Calls::default() }).await;
        let expected = calls.iter().filter(|call| call.call_type == Some(call_type.clone())).count();
        assert_eq!(found.len(), expected, "{call_type}");
        assert!(found.iter().all(|call| call.call_type == Some(call_type.clone())), "{call_type}");
    }
    for status in CallStatus::ALL {
        let found = all(&client, Calls { call_status: vec![status.clone()], ..Calls::default() }).await;
        let expected = calls.iter().filter(|call| call.status.as_ref() == Some(status)).count();
        assert_eq!(found.len(), expected, "{status}");
        assert!(found.iter().all(|call| call.status.as_ref() == Some(status)), "{status}");
    }
    let mut moved: Vec<Timestamp> = calls.iter().filter_map(|call| call.updated_at).collect();
    moved.sort_unstable();
    let middle = moved[moved.len() / 2];
    let later = all(&client, Calls { updated_at: Range::from(middle), ..Calls::default() }).await;
    let second = SignedDuration::from_secs(1);
    assert!(later.iter().all(|call| call.updated_at.is_some_and(|at| at > middle - second)));
    assert!(later.len() >= moved.iter().filter(|at| **at >= middle).count());
    let long = Range::from(SignedDuration::from_secs(60));
    let long = all(&client, Calls { call_duration: long, ..Calls::default() }).await;
    assert!(long.iter().all(|call| call.call_duration.is_some_and(|span| span.as_secs() >= 60)));

    let sort = Some(Sort::descending("created_at"));
    let sorted = all(&client, Chats { sort, ..Chats::default() }).await;
    assert!(sorted.is_sorted_by_key(|chat| std::cmp::Reverse(chat.created_at)));
    let own = id_of(&ida(&sandbox));
    let agents = all(&client, Agents { id: vec![own.clone()], ..Agents::default() }).await;
    assert_eq!(
        agents.iter().map(|agent| agent.email.as_deref()).collect::<Vec<_>>(),
        [Some(ida(&sandbox).username.as_str())]
    );
    let logs =
        all(&client, AgentActivityLogs { agent_id: vec![own.clone()], ..AgentActivityLogs::default() }).await;
    assert!(logs.iter().all(|log| log.agent_id.as_ref() == Some(&own)));
    let web = all(&client, Menus { menu_type: vec![MenuType::Web], ..Menus::default() }).await;
    assert!(!web.is_empty() && web.iter().all(|menu| menu.menu_type == Some(MenuType::Web)));
    let chats = WaitTimes { channel_type: Some(ChannelType::Chat), ..WaitTimes::of("en") };
    let waits = client.wait_times(&chats).await.expect("waits").rows;
    assert!(!waits.is_empty() && waits.iter().all(|wait| wait.chat.is_some() && wait.voice_call.is_none()));
    assert!(matches!(
        client.wait_times(&WaitTimes::default()).await,
        Err(Error::Refused { status: 400, .. })
    ));
}

#[tokio::test]
async fn trees_have_every_branch() {
    for assignees in ["list", "object"] {
        let sandbox = centre(&[("assignees", assignees)]).await;
        let client = client(&sandbox);
        let branches: usize =
            client.menus_tree(&MenusTree::default()).await.expect("a tree").rows.iter().map(menus).sum();
        assert_eq!(branches, all(&client, Menus::default()).await.len());
        let branches: usize = client.teams_tree().await.expect("a tree").rows.iter().map(teams).sum();
        let flat = all(&client, Teams::default()).await;
        assert_eq!(branches, flat.len());
        assert!(flat.iter().any(|team| !team.assignees.is_empty()), "{assignees}");
    }
}

fn menus(menu: &Menu) -> usize {
    1 + menu.children.iter().map(menus).sum::<usize>()
}

fn teams(team: &Team) -> usize {
    1 + team.children.iter().map(teams).sum::<usize>()
}
