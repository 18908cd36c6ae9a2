//! Tickets: what they look like, the rules by which they change, saved views, and files.

use crate::lab::Lab;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

fn open() -> Value {
    json!({"title": "Broken chair", "category": "categories_support", "contact": "contacts_0003"})
}

async fn make(lab: &Lab, fields: Value) -> i64 {
    let (status, body) = lab.post("tickets", fields).await;
    assert_eq!(status, 201, "{body}");
    body["result"]["name"].as_i64().unwrap()
}

#[tokio::test]
async fn a_ticket_has_its_deadlines_by_the_service_level_and_its_scheme_of_fields() {
    let lab = Lab::open().await;
    let mut urgent = open();
    urgent["priority"] = json!("HIGH");
    urgent["category"] = json!("categories_outage");
    urgent["statuses"] = json!(["escalated"]);
    let name = make(&lab, urgent).await;
    let ticket = lab.result(&format!("tickets/{name}")).await;
    assert_eq!((&ticket["stage"], &ticket["priority"]), (&json!("OPEN"), &json!("HIGH")));
    assert_eq!(ticket["created_by"]["name"], "ida");
    assert_eq!(
        ticket["category"]["sla"]["unit"], "MINUTES",
        "15 minutes for an answer, two hours to solve it"
    );
    let minutes = ticket["sla_duration"].as_i64().unwrap() / 60;
    assert!((118..=120).contains(&minutes), "{minutes}");
    let scheme = &ticket["_sys"]["cfScheme"];
    assert_eq!(scheme["severity"]["type"], "SELECTBOX");
    assert_eq!(scheme["products"]["multiple"], true);
    assert_eq!(scheme["erp"]["readonly"], true);
    assert_eq!(ticket["customFields"], json!([]), "empty maps are lists");
}

#[tokio::test]
async fn the_departments_rules_about_statuses_are_kept() {
    let lab = Lab::open().await;
    let name = make(&lab, open()).await;
    let path = format!("tickets/{name}");
    let (status, body) = lab.put(&path, json!({"stage": "CLOSE"})).await;
    assert_eq!((status, &body["error"]["form"]["statuses"]), (400, &json!("Entry is required")));
    assert_eq!(body["result"]["stage"], "CLOSE", "the refusal shows the ticket as it would have been");
    assert_eq!(lab.result(&path).await["stage"], "OPEN", "and saves nothing");
    let (status, body) = lab.put(&path, json!({"stage": "CLOSE", "statuses": ["solved", "complaint"]})).await;
    assert_eq!((status, body["result"]["statuses"].as_array().unwrap().len()), (200, 2), "{body}");
    assert!(body["result"]["closed"].is_string());

    // This one takes one status, and needs none.
    let mut order = open();
    order["category"] = json!("categories_orders");
    let orders = format!("tickets/{}", make(&lab, order).await);
    let (status, body) = lab.put(&orders, json!({"statuses": ["solved", "complaint"]})).await;
    assert_eq!((status, &body["error"]["form"]["statuses"]), (400, &json!("Only one status is allowed")));
    assert_eq!(
        lab.put(&orders, json!({"statuses": ["wrong_number"]})).await.0,
        400,
        "not of this department"
    );
    assert_eq!(lab.put(&orders, json!({"stage": "CLOSE"})).await.0, 200);

    // And this one always needs one.
    let mut outage = open();
    outage["category"] = json!("categories_outage");
    let (status, body) = lab.post("tickets", outage).await;
    assert_eq!((status, &body["error"]["form"]["statuses"]), (400, &json!("Entry is required")));
}

#[tokio::test]
async fn custom_fields_are_checked_by_their_scheme() {
    let lab = Lab::open().await;
    let path = format!("tickets/{}", make(&lab, open()).await);
    let write = |fields: Value| lab.put(&path, json!({"customFields": fields}));
    let good = json!({"order": "20417", "severity": ["major"], "products": ["lamp", "další"], "agreed": true,
        "delivery": "2026-03-01", "erp": "X", "unknown": "y"});
    let (status, _) = lab.put(&path, json!({"customFields": good})).await;
    assert_eq!(status, 200);
    let fields = lab.result(&path).await["customFields"].clone();
    assert_eq!(fields["order"], json!(["20417"]));
    assert_eq!(fields["products"], json!(["lamp", "další"]));
    assert_eq!(fields["agreed"], json!(["1"]));
    assert_eq!(fields.get("erp").or(fields.get("unknown")), None, "read-only and unknown ones are ignored");
    for (field, bad) in [
        ("severity", json!("fatal")),
        ("severity", json!(["minor", "major"])),
        ("products", json!(["sofa"])),
        ("delivery", json!("31.2.2026")),
        ("email", json!("nobody")),
    ] {
        let mut sent = json!({});
        sent[field] = bad;
        let (status, body) = write(sent.clone()).await;
        assert!(status == 400 && body["error"]["form"]["customFields"][field].is_array(), "{sent}: {body}");
    }
    write(json!({"order": ""})).await;
    let fields = lab.result(&path).await["customFields"].clone();
    assert_eq!((&fields["order"], &fields["severity"]), (&json!([]), &json!(["major"])), "the rest stays");
}

#[tokio::test]
async fn owner_followers_parent_reopening_and_deadline_are_set_and_cleared() {
    let lab = Lab::open().await;
    let name = make(&lab, open()).await;
    let path = format!("tickets/{name}");
    let (status, body) = lab
        .put(
            &path,
            json!({"user": "tomas", "followers": ["ida", "amara"], "parentTicket": 5, "stage": "WAIT",
            "reopen": "2099-01-01 08:00:00", "sla_deadtime": "2099-02-01 08:00:00"}),
        )
        .await;
    let ticket = &body["result"];
    assert_eq!(status, 200, "{body}");
    assert_eq!((&ticket["user"]["name"], &ticket["parentTicket"]["name"]), (&json!("tomas"), &json!(5)));
    assert_eq!((&ticket["isFollowed"], &ticket["sla_custom"]), (&json!(true), &json!(true)));
    assert_eq!(lab.result("tickets/5").await["isParent"], true);
    let (_, body) =
        lab.put(&path, json!({"user": "", "followers": [], "parentTicket": "", "reopen": ""})).await;
    let ticket = &body["result"];
    assert_eq!(
        (&ticket["user"], &ticket["parentTicket"], &ticket["reopen"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(lab.result("tickets/5").await["isParent"], false);
    assert_eq!(lab.put(&path, json!({"parentTicket": name})).await.0, 400, "nobody is their own parent");
}

#[tokio::test]
async fn another_priority_promises_other_deadlines_unless_one_was_set_by_hand() {
    let lab = Lab::open().await;
    let path = format!("tickets/{}", make(&lab, open()).await);
    let before = lab.result(&path).await;
    let (_, body) = lab.put(&path, json!({"priority": "HIGH"})).await;
    let urgent = &body["result"];
    assert!(urgent["sla_deadtime"].as_str() < before["sla_deadtime"].as_str(), "{urgent}");
    assert!(urgent["sla_change"].is_string() && before["sla_change"].is_null());
    lab.put(&path, json!({"sla_deadtime": "2099-02-01 08:00:00"})).await;
    let (_, body) = lab.put(&path, json!({"priority": "LOW"})).await;
    assert_eq!(body["result"]["sla_deadtime"], "2099-02-01 08:00:00");
}

#[tokio::test]
async fn a_postponed_ticket_opens_again_when_its_time_has_come() {
    let lab = Lab::open().await;
    let path = format!("tickets/{}", make(&lab, open()).await);
    let now = lab.control().run("GET", "/state", json!({})).unwrap()["now_ms"].as_i64().unwrap();
    let number = path.trim_start_matches("tickets/").to_owned();
    let edit = json!({"agent": "ida", "state": "waiting", "reopen": now + 60_000});
    lab.control().run("POST", &format!("/tickets/{number}/edit"), edit).unwrap();
    assert_eq!(lab.result(&path).await["stage"], "WAIT");
    lab.control().advance(61);
    let ticket = lab.result(&path).await;
    assert_eq!((&ticket["stage"], &ticket["reopen"]), (&json!("OPEN"), &Value::Null));
}

#[tokio::test]
async fn every_change_is_later_than_the_one_before_so_that_what_changed_since_can_be_asked() {
    let lab = Lab::open().await;
    let control = lab.control();
    let number = make(&lab, open()).await;
    let mut last = 0;
    for round in 0..20 {
        let edit = json!({"agent": "tomas", "title": format!("Round {round}")});
        let done = control.run("POST", &format!("/tickets/{number}/edit"), edit).unwrap();
        let changed = done["changed"].as_i64().unwrap();
        assert!(changed > last, "{changed} is not after {last}");
        last = changed;
    }
    let edited =
        lab.result(&format!("tickets/{number}")).await["edited"].as_str().unwrap().replace(' ', "%20");
    let since = format!(
        "tickets?filter[0][field]=edited&filter[0][operator]=gte&filter[0][value]={edited}&fields=name"
    );
    let rows = lab.rows(&since).await;
    assert!(rows.iter().any(|r| r["name"] == number), "{rows:?}");
    assert_eq!(rows[0].as_object().unwrap().len(), 1, "only what was asked for");
}

#[tokio::test]
async fn saved_views_have_filters_and_counts_that_lists_agree_with() {
    let lab = Lab::open().await;
    let views = lab.rows("ticketsViews").await;
    assert!(views.len() >= 5);
    for view in &views {
        let name = view["name"].as_str().unwrap();
        let list = lab
            .result(&format!(
                "tickets?filter[field]=_ticketView&filter[operator]=eq&filter[value]={name}&take=1"
            ))
            .await;
        assert_eq!(list["total"], view["count"], "{name}");
    }
    assert_eq!(
        lab.get("tickets?filter[field]=_ticketView&filter[operator]=eq&filter[value]=nonsense").await.0,
        400
    );
    lab.control().switch("view_count", "string").unwrap();
    assert!(lab.rows("ticketsViews").await[0]["count"].is_string());
    lab.control().switch("view_count", "float").unwrap();
    assert!(lab.rows("ticketsViews").await[0]["count"].is_f64());
}

#[tokio::test]
async fn full_text_finds_titles_customers_and_what_was_written() {
    let lab = Lab::open().await;
    let number = make(&lab, open()).await;
    let say = json!({"from": "customer", "text": "Das Žluťoučké Rücklicht blinkt"});
    lab.control().run("POST", &format!("/tickets/{number}/message"), say).unwrap();
    for words in ["%C5%BDLU%C5%A4OU%C4%8CK%C3%89", "broken%20chair", "r%C3%BCcklicht"] {
        let found = lab.rows(&format!("tickets?q={words}")).await;
        assert!(found.iter().any(|t| t["name"] == number), "{words}");
    }
    assert_eq!(lab.rows("tickets?q=nobody-ever-wrote-this").await.len(), 0);
}

#[tokio::test]
async fn filters_walk_through_references_and_match_any_of_several() {
    let lab = Lab::open().await;
    let mut fields = open();
    fields["followers"] = json!(["tomas", "amara"]);
    fields["user"] = json!("lucia");
    let number = make(&lab, fields).await;
    for filter in [
        "filter[0][field]=followers&filter[0][operator]=eq&filter[0][value]=amara",
        "filter[0][field]=category.title&filter[0][operator]=eq&filter[0][value]=Support&filter[1][field]=user.title&filter[1][operator]=like&filter[1][value]=Luc%25",
        "filter[0][field]=contact.lastname&filter[0][operator]=eq&filter[0][value]=Pro%C5%A1ek&filter[1][field]=user&filter[1][operator]=eq&filter[1][value]=lucia",
    ] {
        let rows = lab.rows(&format!("tickets?take=1000&{filter}")).await;
        assert!(rows.iter().any(|t| t["name"] == number), "{filter}");
    }
}

#[tokio::test]
async fn a_right_that_was_taken_away_is_told_beside_its_field() {
    let lab = Lab::open().await;
    let path = format!("tickets/{}", make(&lab, open()).await);
    lab.control().run("POST", "/permissions", json!({"user": "ida", "deny": ["tickets.close"]})).unwrap();
    let (status, body) = lab.put(&path, json!({"stage": "CLOSE", "statuses": ["solved"]})).await;
    assert_eq!((status, &body["error"]["form"]["stage"]), (400, &json!("You have no right to do this")));
    assert_eq!(lab.put(&path, json!({"stage": "WAIT"})).await.0, 200);
}

#[tokio::test]
async fn a_deleted_ticket_is_gone_from_everywhere() {
    let lab = Lab::open().await;
    let number = make(&lab, open()).await;
    lab.control().run("POST", &format!("/tickets/{number}/message"), json!({"text": "Hello"})).unwrap();
    let entry =
        lab.rows(&format!("tickets/{number}/activities")).await[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(lab.delete(&format!("tickets/{number}")).await.0, 204);
    for path in
        [format!("tickets/{number}"), format!("tickets/{number}/activities"), format!("activities/{entry}")]
    {
        assert_eq!(lab.get(&path).await.0, 404, "{path}");
    }
    assert_eq!(lab.put(&format!("tickets/{number}"), json!({"title": "x"})).await.0, 404);
    assert_eq!(lab.delete(&format!("tickets/{number}")).await.0, 404);
}

#[tokio::test]
async fn crm_and_campaign_records_of_a_ticket_are_read_and_written() {
    let lab = Lab::open().await;
    let records = lab.rows("tickets/3/crmRecords").await;
    assert!(!records.is_empty());
    let path = format!("crmRecords/{}", records[0]["name"].as_str().unwrap());
    assert_eq!(records[0]["_sys"]["cfScheme"]["until"]["type"], "DATE");
    let (status, body) = lab.put(&path, json!({"stage": "CLOSE", "customFields": {"tariff": "large"}})).await;
    assert_eq!((status, &body["result"]["customFields"]["tariff"]), (200, &json!(["large"])));
    let contact = records[0]["contact"]["name"].as_str().unwrap();
    let campaign = lab.rows(&format!("contacts/{contact}/campaignsRecords")).await;
    assert_eq!(campaign[0]["_sys"]["cfScheme"]["interest"]["type"], "RADIO");
    let path = format!("campaignsRecords/{}", campaign[0]["name"].as_str().unwrap());
    let (status, body) = lab.put(&path, json!({"customFields": {"interest": "warm"}, "action": "5"})).await;
    assert_eq!((status, &body["result"]["customFields"]["interest"]), (200, &json!(["warm"])), "{body}");
}

#[tokio::test]
async fn a_file_too_large_is_refused_and_a_small_one_hangs_on_a_comment() {
    let lab = Lab::with(&[("max_file", "1000")]).await;
    let number = make(&lab, open()).await;
    let base = lab.sandbox.daktela_url();
    let upload = |bytes: usize| {
        let part =
            Part::bytes(vec![7u8; bytes]).file_name("přehled.bin").mime_str("application/x-test").unwrap();
        let to = format!("{base}/file/upload.php?type=save&accessToken={}", lab.token);
        lab.http.post(to).multipart(Form::new().part("files", part)).send()
    };
    assert_eq!(upload(1_001).await.unwrap().status(), 413);
    let key: String = upload(1_000).await.unwrap().json().await.unwrap();
    let files = json!({"1": {"_uid": "1", "name": key, "title": "přehled.bin", "size": 1000, "type": "application/x-test"}});
    let comment = json!({"comment": "<p>See file</p>", "comment_add_files": files});
    assert_eq!(lab.put(&format!("tickets/{number}"), comment).await.0, 200);
    let activities =
        lab.rows(&format!("tickets/{number}/activities?sort[0][field]=time&sort[0][dir]=desc")).await;
    let note = activities.iter().find(|a| a["description"] == "<p>See file</p>").unwrap();
    let files = lab.rows(&format!("activities/{}/attachments", note["name"].as_str().unwrap())).await;
    assert_eq!((&files[0]["title"], &files[0]["size"]), (&json!("přehled.bin"), &json!(1000)));
    let fetch =
        format!("{base}/file/download.php?mapper=activitiesComment&name={}&download=1", files[0]["file"]);
    let got = lab.http.get(fetch).header("X-AUTH-TOKEN", &lab.token).send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap().len(), 1_000);
    assert_eq!(lab.result(&format!("tickets/{number}")).await["has_attachment"], true);
    let lost = json!({"comment": "x", "comment_add_files": {"1": {"name": "0123"}}});
    assert_eq!(lab.put(&format!("tickets/{number}"), lost).await.0, 400);
}
