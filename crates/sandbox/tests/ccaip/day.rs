//! A typical day, run fast: everything that the vendor's document names appears, and other people's work goes on.

use crate::lab::Lab;
use offhook_sandbox::{Options, Scenario};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a member of the rows was, and of the rows below a list in them.
fn words(rows: &[Value], members: &[&str], seen: &mut BTreeSet<String>) {
    for row in rows {
        for member in members {
            let (first, rest) = member.split_once('/').unwrap_or((member, ""));
            match &row[first] {
                Value::Array(below) => words(below, &[rest], seen),
                Value::Object(_) => words(std::slice::from_ref(&row[first]), &[rest], seen),
                Value::String(word) => drop(seen.insert(word.clone())),
                Value::Number(number) => drop(seen.insert(number.to_string())),
                Value::Null | Value::Bool(_) => {}
            }
        }
    }
}

async fn look(lab: &Lab, seen: &mut BTreeSet<String>) {
    let call =
        ["status", "call_type", "fail_reason", "adapter_fail_code", "queue_durations/service_level_event"];
    let chat = ["status", "chat_type", "fail_reason"];
    for (path, members) in [
        ("calls?sort_column=updated_at&sort_direction=DESC&per=40", &call[..]),
        ("chats?sort_column=updated_at&sort_direction=DESC&per=20", &chat[..]),
        ("emails?sort_column=updated_at&sort_direction=DESC&per=10", &["email_status"][..]),
        ("agent_activity_logs?sort_column=id&sort_direction=DESC&per=80", &["activity", "status/name"][..]),
        ("campaigns", &["status", "mode", "campaign_type"][..]),
        ("menus", &["menu_type"][..]),
    ] {
        words(&lab.rows(path).await, members, seen);
    }
}

const DOCUMENTED: &str = "selecting queued assigned connecting connected finished failed switching recovered scheduled \
    action_only action_only_finished deflected voicemail voicemail_received voicemail_read \
    in_sla not_in_sla excluded canceled no_response unopened active paused resolved closed reopened \
    unknown expired eu_canceled eu_rejected eu_abandoned eu_in_menu_abandoned eu_busy eu_wrong_number eu_no_answer \
    eu_noti_failed ag_canceled ag_ignored ag_mic_no_device ag_mic_denied voip_twilio_error voip_tokbox_error \
    voip_invalid_token voip_conn_general voip_conn_timeout voip_conn_signal nothing \
    10001 11001 20001 20002 20003 20004 21001 21002 21003 22001 30001 30002 31001 31002 32001 32002 41001 42001 43001 \
    44001 44002 44003 90001 90002 \
    chat_picked_up chat_pick_up_attempt chat_notification_offered call_notification_offered call_pick_up_attempt \
    call_picked_up deltacast_call_notification_offered deltacast_call_pick_up_attempt deltacast_call_picked_up \
    deltacast_call_missed deltacast_call_projected deltacast_call_bounced multicast_call_notification_offered \
    multicast_call_pick_up_attempt multicast_call_picked_up call_outbound_dialing user_status_changed login logout \
    status_after_inquiries_applied Available In-call Wrap-up Break \
    created started dialing pause preview predictive progressive default external_list \
    ivr_menu mobile_menu web_menu email_menu";

const TYPES: [&str; 10] = [
    "Voice Inbound (IVR)",
    "Voice Inbound (App)",
    "Voice Callback (Web)",
    "Voice Scheduled (App)",
    "Voice Scheduled (Web)",
    "Voice Outbound",
    "Action Only",
    "Messaging Inbound (App Chat)",
    "Messaging Inbound (Web Chat)",
    "Messaging (SMS)",
];

#[tokio::test]
async fn everything_that_the_document_names_appears_on_a_long_day() {
    let options = Options { scenario: Scenario::TypicalDay, ..Options::default() };
    let lab = Lab::from(options, &[("ring_timeout", "20")]).await;
    let mut seen = BTreeSet::new();
    let wanted: Vec<&str> = DOCUMENTED.split_whitespace().chain(TYPES).collect();
    // Some states last seconds, so the day is looked at often; what was seen is over soon.
    for _ in 0..1_200 {
        look(&lab, &mut seen).await;
        if wanted.iter().all(|w| seen.contains(*w)) {
            break;
        }
        lab.pass(11);
    }
    let missing: Vec<&&str> = wanted.iter().filter(|w| !seen.contains(**w)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn campaigns_move_on_and_their_figures_add_up() {
    let lab = Lab::open().await;
    let before = lab.rows("campaigns").await;
    lab.pass(3_600);
    let after = lab.rows("campaigns").await;
    for (before, after) in before.iter().zip(&after) {
        let (was, is) = (&before["contact_stats"], &after["contact_stats"]);
        let number = |stats: &Value, name: &str| stats[name].as_i64().unwrap();
        assert_eq!(number(is, "Completed") + number(is, "Remaining"), number(is, "Contacts"));
        if after["status"] == "dialing" {
            assert!(number(is, "Completed") > number(was, "Completed"), "{}", after["name"]);
        }
    }
    let contacts = lab.rows("campaigns/61/contacts?per=10").await;
    assert_eq!(contacts.len(), 10);
    assert!(contacts.iter().all(|c| c["campaign_id"] == 61 && c["status"].is_string()));
}

#[tokio::test]
async fn a_day_is_the_same_for_the_same_seed() {
    let lists = || async {
        let lab = Lab::open().await;
        let names = |rows: Vec<Value>| {
            rows.iter()
                .map(|r| (r["id"].clone(), r["status"].clone(), r["end_user"]["identifier"].clone()))
                .collect::<Vec<_>>()
        };
        (
            lab.sandbox.ccaip_token(),
            names(lab.rows("calls?per=500").await),
            names(lab.rows("chats?per=500").await),
        )
    };
    assert_eq!(lists().await, lists().await);
}
