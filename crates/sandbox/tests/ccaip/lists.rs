//! Filters, order, pages and their headers, and records that a careless reader stumbles over.

use crate::lab::Lab;
use serde_json::{Value, json};

fn ids(rows: &[Value]) -> Vec<u64> {
    rows.iter().map(|r| r["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_list_comes_in_pages_that_hold_each_record_once() {
    let lab = Lab::open().await;
    let answer = lab.request("GET", "/manager/api/v1/calls?per=25").send().await.unwrap();
    let total: usize = answer.headers()["total"].to_str().unwrap().parse().unwrap();
    assert_eq!(answer.headers()["per-page"], "25");
    assert_eq!(answer.headers().get("link"), None, "the default installation has none");
    let mut all = Vec::new();
    for page in 1.. {
        let rows = lab.rows(&format!("calls?per=25&page={page}")).await;
        all.extend(ids(&rows));
        if rows.len() < 25 {
            break;
        }
    }
    assert_eq!(all.len(), total);
    all.dedup();
    assert_eq!(all.len(), total);
    assert_eq!(
        lab.rows("calls").await.len(),
        total.min(100),
        "a hundred a page unless another number is named"
    );
    assert!(lab.rows("calls?page=999").await.is_empty());
    lab.sandbox.control().switch("per_most", "10").unwrap();
    assert_eq!(lab.rows("calls?per=100").await.len(), 10);
    for switch in ["ccaip_total", "ccaip_per_page"] {
        lab.sandbox.control().switch(switch, "absent").unwrap();
    }
    let bare = lab.request("GET", "/manager/api/v1/calls").send().await.unwrap();
    assert!(bare.headers().get("total").is_none() && bare.headers().get("per-page").is_none());
}

#[tokio::test]
async fn links_bear_all_filters_and_may_lead_elsewhere() {
    let lab = Lab::with(&[("link", "present")]).await;
    let link = |path: &'static str| {
        let request = lab.request("GET", path);
        async move { request.send().await.unwrap().headers()["link"].to_str().unwrap().to_owned() }
    };
    let own = lab.sandbox.ccaip_url();
    let next =
        link("/manager/api/v1/calls?per=30&call_type[]=IvrCall&updated_at[from]=2019-01-01T00:00:00Z").await;
    let target = next.split(['<', '>']).nth(1).unwrap();
    assert!(target.starts_with(&format!("{own}/manager/api/v1/calls?")), "{next}");
    assert!(next.contains("; rel=\"next\"") && next.contains("; rel=\"last\""));
    let path = target.strip_prefix(&own).unwrap();
    let answer = lab.request("GET", path).send().await.unwrap();
    let last = answer.headers()["link"].to_str().unwrap().to_owned();
    let second: Vec<Value> = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let first = lab.rows("calls?per=30&call_type[]=IvrCall").await;
    assert!(second.iter().all(|c| c["call_type"].as_str().unwrap().contains("IVR")), "the filter went along");
    assert!(first.iter().all(|c| !second.contains(c)));
    assert!(!last.contains("rel=\"next\""), "{last}");
    lab.sandbox.control().switch("link", "relative").unwrap();
    assert!(link("/manager/api/v1/calls?per=5").await.starts_with("</manager/api/v1/calls?per=5&page=2>"));
    lab.sandbox.control().switch("link", "elsewhere").unwrap();
    assert!(link("/manager/api/v1/calls?per=5").await.starts_with("<https://paging.example.net/manager/"));
}

#[tokio::test]
async fn calls_are_filtered_by_what_the_document_names_and_by_nothing_else() {
    let lab = Lab::open().await;
    let all = lab.rows("calls?per=500").await;
    let count = |is: &dyn Fn(&Value) -> bool| all.iter().filter(|c| is(c)).count();
    let text = |c: &Value, m: &str| c[m].as_str().unwrap_or("").to_owned();
    let agent = 106;
    let user = all[3]["end_user"]["id"].as_i64().unwrap();
    let cases: Vec<(String, usize)> = vec![
        (format!("agent_id[]={agent}"), count(&|c| c["agent_info"]["id"] == agent)),
        (format!("agent_id%5B%5D={agent}"), count(&|c| c["agent_info"]["id"] == agent)),
        (format!("end_user_id[]={user}"), count(&|c| c["end_user"]["id"] == user)),
        (
            "call_status[]=failed&call_status[]=voicemail_read".into(),
            count(&|c| c["status"] == "failed" || c["status"] == "voicemail_read"),
        ),
        ("call_status[]=Voicemail%20Read".into(), count(&|c| c["status"] == "voicemail_read")),
        ("call_fail_reason[]=eu_busy".into(), count(&|c| c["fail_reason"] == "eu_busy")),
        ("verified[]=true".into(), count(&|c| c["verified"] == true)),
        ("verified[]=False".into(), count(&|c| c["verified"] == false)),
        ("call_type[]=IncomingCallApp".into(), count(&|c| c["call_type"] == "Voice Inbound (App)")),
        ("call_type[]=Voice Inbound (App)".into(), count(&|c| c["call_type"] == "Voice Inbound (App)")),
        ("support_number[]=%2B442079460100".into(), count(&|c| c["support_number"] == "+442079460100")),
        (
            "rating[from]=3&rating[to]=4".into(),
            count(&|c| (3..=4).contains(&c["rating"].as_i64().unwrap_or(0))),
        ),
        ("call_duration[from]=60".into(), count(&|c| c["call_duration"].as_i64().unwrap() >= 60)),
        ("hold_duration[from]=1".into(), count(&|c| c["hold_duration"].as_i64().unwrap() >= 1)),
        // Not in this list's table: as if it were not there.
        ("id[]=1".into(), all.len()),
        ("created_at[from]=2099-01-01T00:00:00Z".into(), all.len()),
        ("weather[]=fine".into(), all.len()),
        ("rating[from]=good".into(), all.len()),
    ];
    for (query, wanted) in cases {
        let rows = lab.rows(&format!("calls?per=500&{query}")).await;
        assert_eq!(rows.len(), wanted, "{query}");
    }
    let moment = text(&all[10], "updated_at");
    let since = lab.rows(&format!("calls?per=500&updated_at[from]={moment}&updated_at[to]={moment}")).await;
    assert_eq!(ids(&since), [all[10]["id"].as_u64().unwrap()], "both bounds belong to it");
    let bare = moment.trim_end_matches('Z');
    assert_eq!(lab.rows(&format!("calls?updated_at[from]={bare}&updated_at[to]={bare}")).await, since);
}

#[tokio::test]
async fn other_lists_have_filters_of_their_own() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    lab.on_page("tomas", "login");
    for (query, wanted) in [
        ("agents?id[]=101&id[]=104", vec![101, 104]),
        ("agents?agent_number[]=1002", vec![102]),
        ("agents?online[]=true", vec![101, 102]),
        ("agents?status_id[]=1", vec![101]),
        ("agents?location[]=Tokyo", vec![104]),
        ("agents?wrap_up[]=true", vec![]),
        ("agents?last_login_time[from]=2019-01-01T00:00:00Z", vec![101, 102]),
        ("menus?menu_type[]=email_menu", vec![40, 3001]),
        ("menus?parent_id[]=10&hidden[]=true", vec![2100]),
        ("menus?name[]=Support&position[]=1", vec![2000]),
        ("menus?id[]=2999", vec![]),
        ("menus?id[]=2999&with_deleted=true", vec![2999]),
        ("teams?agents_count[from]=1&sort_column=agents_count&sort_direction=DESC", vec![2, 4, 3]),
        ("teams?id[]=900&with_deleted=true", vec![900]),
    ] {
        assert_eq!(ids(&lab.rows(query).await), wanted, "{query}");
    }
    let logs = lab.rows("agent_activity_logs?agent_id[]=101&activity[]=login&per=500").await;
    assert!(!logs.is_empty() && logs.iter().all(|l| l["agent_id"] == 101 && l["activity"] == "login"));
    let long = lab.rows("agent_activity_logs?duration[from]=3600&per=500").await;
    assert!(!long.is_empty() && long.iter().all(|l| l["duration"].as_i64().unwrap() >= 3600));
    let chats = lab.rows("chats?chat_status[]=no_response&chat_fail_reason[]=no_response").await;
    assert!(!chats.is_empty() && chats.iter().all(|c| c["status"] == "no_response"));
    let written = lab.rows("chats?message_count[from]=3&sort_column=chat_duration&sort_direction=DESC").await;
    let durations: Vec<i64> = written.iter().map(|c| c["chat_duration"].as_i64().unwrap()).collect();
    assert!(durations.len() > 2 && durations.is_sorted_by(|a, b| a >= b), "{durations:?}");
    let letters = lab.rows("emails?email_status[]=closed&total_thread_numbers[from]=2").await;
    assert!(!letters.is_empty());
}

#[tokio::test]
async fn odd_records_stand_beside_the_good_ones() {
    let lab = Lab::with(&[("ccaip_records", "odd")]).await;
    for list in ["calls", "chats", "emails", "agents", "agent_activity_logs"] {
        let rows = lab.rows(&format!("{list}?per=3")).await;
        assert_eq!(rows.len(), 3 + 4, "{list}");
        assert!(ids(&rows).contains(&u64::MAX));
        assert!(rows[6].as_object().unwrap().len() < rows[0].as_object().unwrap().len());
    }
    let calls = lab.rows("calls?per=1").await;
    assert_eq!((&calls[1]["status"], &calls[1]["fail_reason"]), (&json!("teleporting"), &json!("ag_asleep")));
    assert_eq!(calls[3]["created_at"], "2026-03-01 10:00:00");
    assert_eq!(lab.rows("calls?per=3&page=2").await.len(), 3, "only the first page has them");
}
