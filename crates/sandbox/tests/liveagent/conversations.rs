//! Conversations as agents work on them and customers write: over LiveAgent and, where it matters, seen by Daktela too.

use crate::lab::Lab;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const IDA: &str = "ida@offhook.example";

async fn detail(lab: &Lab, id: &str) -> Value {
    lab.read(&format!("conversations/{id}")).await
}

/// Letters and texts of all messages, group by group.
async fn texts(lab: &Lab, id: &str) -> Vec<(String, Vec<(String, String)>)> {
    let word = |v: &Value| v.as_str().unwrap().to_owned();
    let groups = lab.rows(&format!("conversations/{id}/messages"), "groups").await;
    let messages = |g: &Value| {
        g["messages"].as_array().unwrap().iter().map(|m| (word(&m["rtype"]), word(&m["message"]))).collect()
    };
    groups.iter().map(|g| (word(&g["rtype"]), messages(g))).collect()
}

#[tokio::test]
async fn a_conversation_goes_from_new_over_answered_and_open_to_resolved() {
    let lab = Lab::open().await;
    let id = lab.opened();
    let first = detail(&lab, &id).await;
    assert_eq!((&first["status"], &first["assignedto"]), (&json!("N"), &Value::Null));
    assert_eq!(first["departmentid"].as_str().map(|d| d.starts_with("categories_")), Some(true));
    for name in ["code", "publicurlcode"] {
        assert_eq!(detail(&lab, first[name].as_str().unwrap()).await["conversationid"], id.as_str());
    }
    let path = format!("conversations/{id}/messages");
    let reply = [("message", "<p>We look</p>"), ("useridentifier", IDA), ("is_html_message", "Y")];
    lab.done("POST", &path, &reply).await;
    assert_eq!(detail(&lab, &id).await["status"], "A");
    let ida = lab.read("agents/ida@offhook.example").await;
    let groups = lab.rows(&path, "groups").await;
    let last = groups.last().unwrap();
    assert_eq!((&last["rtype"], &last["userid"]), (&json!("4"), &ida["userid"]));
    // Without a user only a note is made, whatever is asked.
    lab.done("POST", &path, &[("message", "who am I"), ("type", "M")]).await;
    let all = texts(&lab, &id).await;
    assert!(
        all.last()
            .unwrap()
            .1
            .iter()
            .any(|(kind, text)| matches!(kind.as_str(), "N" | "I") && text == "who am I")
    );
    assert_eq!(detail(&lab, &id).await["messagegroupsout"], "1");
    let status = format!("conversations/{id}/status");
    for letter in ["C", "A", "R"] {
        lab.done("PUT", &status, &[("status", letter), ("useridentifier", IDA)]).await;
        assert_eq!(detail(&lab, &id).await["status"], letter);
    }
    assert_eq!(lab.send("PUT", &status, &[("status", "X")]).await.0, 500, "only A, C and R");
    lab.done("DELETE", &format!("conversations/{id}"), &[("note", "a test"), ("useridentifier", IDA)]).await;
    assert_eq!(detail(&lab, &id).await["status"], "X");
    assert!(texts(&lab, &id).await.iter().any(|(kind, _)| kind == "X"));
}

#[tokio::test]
async fn what_changed_since_is_found_exactly() {
    let lab = Lab::open().await;
    let id = lab.opened();
    lab.run("/clock/advance", json!({"seconds": 5}));
    let now = lab.read("application/status").await["current_server_time"].as_str().unwrap().to_owned();
    let since = format!("conversations?datechanged=gte:{}", now.replace(' ', "%20"));
    assert_eq!(lab.rows(&since, "conversations").await, [] as [Value; 0]);
    lab.done("PUT", &format!("conversations/{id}/attendants"), &[("agentidentifier", IDA)]).await;
    let changed = lab.rows(&since, "conversations").await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["conversationid"], id.as_str());
    assert_eq!(lab.rows(&since.replace("gte:", "lt:"), "conversations").await.len() as u64, {
        lab.rows("conversations?limit=1000", "conversations").await.len() as u64 - 1
    });
    assert_eq!(lab.get("conversations?datechanged=gt:soon").await.0, 500);
}

#[tokio::test]
async fn lists_are_filtered_and_paged_without_a_total() {
    let lab = Lab::open().await;
    let all = lab.rows("conversations?limit=1000", "conversations").await;
    let mut paged = Vec::new();
    loop {
        let page = lab.rows(&format!("conversations?limit=7&offset={}", paged.len()), "conversations").await;
        let short = page.len() < 7;
        paged.extend(page);
        if short {
            break;
        }
    }
    assert_eq!(paged, all);
    let count = |member: &str, values: &[&str]| {
        all.iter().filter(|c| values.contains(&c[member].as_str().unwrap())).count()
    };
    for (query, member, values) in [
        ("status=R,A", "status", vec!["R", "A"]),
        ("channel_type=E,B", "channel_type", vec!["E", "B"]),
        ("department=categories_support", "departmentid", vec!["categories_support"]),
    ] {
        let rows = lab.rows(&format!("conversations?limit=1000&{query}"), "conversations").await;
        assert_eq!(rows.len(), count(member, &values), "{query}");
        assert!(!rows.is_empty(), "{query}");
    }
    let mine = lab.rows(&format!("conversations?limit=1000&agent={IDA}"), "conversations").await;
    assert!(!mine.is_empty() && mine.len() < all.len());
    let owner = all.iter().map(|c| c["owneremail"].as_str().unwrap()).find(|m| !m.is_empty()).unwrap();
    let owned = lab.rows(&format!("conversations?limit=1000&owneridentifier={owner}"), "conversations").await;
    assert!(!owned.is_empty() && owned.iter().all(|c| c["owneremail"] == owner));
}

#[tokio::test]
async fn transfers_stay_within_departments_that_the_agent_works_in() {
    let lab = Lab::open().await;
    let id = lab.opened();
    let path = format!("conversations/{id}/attendants");
    let departments = lab.rows("departments", "departments").await;
    let staff = async |id: &str| {
        let rows = lab.rows(&format!("departments/{id}/agents"), "agents").await;
        rows.iter().map(|a| a["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut hidden = None;
    for department in &departments {
        let id = department["departmentid"].as_str().unwrap();
        if !staff(id).await.contains(&IDA.to_owned()) {
            hidden = Some(id.to_owned());
        }
    }
    let hidden = hidden.unwrap();
    let (status, body) = lab.send("PUT", &path, &[("department", &hidden), ("agentidentifier", IDA)]).await;
    assert_eq!(status, 500, "{body}");
    let colleague = staff(&hidden).await[0].clone();
    lab.done("PUT", &path, &[("department", &hidden), ("agentidentifier", &colleague), ("note", "please")])
        .await;
    let moved = detail(&lab, &id).await;
    assert_eq!(moved["departmentid"], hidden.as_str());
    assert!(texts(&lab, &id).await.iter().any(|(kind, _)| kind == "T"));
    let (status, _) = lab
        .send("PUT", &format!("conversations/{id}/status"), &[("status", "R"), ("useridentifier", IDA)])
        .await;
    assert_eq!(status, 403, "she has no access any more");
    assert_eq!(lab.send("PUT", &path, &[("agentidentifier", "nobody@example.com")]).await.0, 404);
}

#[tokio::test]
async fn tags_and_fields_are_put_on_and_taken_off() {
    let lab = Lab::open().await;
    let id = lab.opened();
    let tags = format!("conversations/{id}/tags");
    lab.done("POST", &tags, &[("name", "brand new")]).await;
    let shown = lab.rows(&tags, "tags").await;
    assert_eq!(shown[0]["name"], "brand new");
    let tag = shown[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(detail(&lab, &id).await["tags"], tag.as_str());
    lab.done("PUT", &format!("tags/{tag}"), &[("name", "renamed")]).await;
    assert_eq!(lab.rows(&tags, "tags").await[0]["name"], "renamed");
    lab.done("DELETE", &tags, &[("id", &tag)]).await;
    assert_eq!(detail(&lab, &id).await["tags"], "");
    let fields = format!("conversations/{id}/fields");
    let both = r#"[{"code":"order","value":"1"},{"code":"order","value":"2"},{"code":"size","value":"L"}]"#;
    lab.done("POST", &fields, &[("customfields", both)]).await;
    assert_eq!(detail(&lab, &id).await["customfields"].as_array().unwrap().len(), 3);
    lab.done("DELETE", &fields, &[("code", "order")]).await;
    assert_eq!(detail(&lab, &id).await["customfields"], json!([{"code": "size", "value": "L"}]));
    assert_eq!(lab.send("POST", &fields, &[("customfields", "no json")]).await.0, 500);
}

#[tokio::test]
async fn a_reply_carries_files_and_the_customer_reads_and_answers() {
    let lab = Lab::open().await;
    let id = lab.opened();
    let path = format!("conversations/{id}/messages");
    let file =
        lab.done("POST", "files", &[("name", "a.txt"), ("type", "text/plain"), ("data", "aGk=")]).await;
    let file = file["fileid"].as_str().unwrap();
    lab.done("POST", &path, &[("message", "see there"), ("useridentifier", IDA), ("attachments", file)])
        .await;
    let (_, messages) = texts(&lab, &id).await.pop().unwrap();
    assert!(messages.contains(&("F".to_owned(), file.to_owned())), "{messages:?}");
    let (status, _) =
        lab.send("POST", &path, &[("message", "x"), ("useridentifier", IDA), ("attachments", "none")]).await;
    assert_eq!(status, 500);
    let before = detail(&lab, &id).await;
    lab.run(&format!("/tickets/{id}/message"), json!({"from": "customer", "html": "<b>still</b> waiting"}));
    let grown = detail(&lab, &id).await;
    assert_eq!((&before["messagegroupsin"], &grown["messagegroupsin"]), (&json!("1"), &json!("2")));
    assert_eq!((&grown["preview"], &grown["status"]), (&json!("still waiting"), &json!("C")));
}

#[tokio::test]
async fn conversations_are_begun_by_agents_and_by_customers() {
    let lab = Lab::open().await;
    let form = [
        ("department", "categories_support"),
        ("subject", "Your order"),
        ("recipient", "new@example.org"),
        ("message", "Hello"),
    ];
    let begun = lab.done("POST", "conversations", &[&form[..], &[("useridentifier", IDA)]].concat()).await;
    let first = detail(&lab, begun["conversationid"].as_str().unwrap()).await;
    assert_eq!((&first["status"], &first["owneremail"]), (&json!("A"), &json!("new@example.org")));
    let asked = lab.done("POST", "conversations", &form).await;
    assert_eq!(detail(&lab, asked["conversationid"].as_str().unwrap()).await["status"], "N");
}

#[tokio::test]
async fn customers_have_fields_and_groups_and_are_found_by_each_of_their_names() {
    let lab = Lab::open().await;
    let one = lab.read("customers/contacts_0001").await;
    for name in ["email", "userid"] {
        let named = one[name].as_str().unwrap();
        assert_eq!(lab.read(&format!("customers/{named}")).await["contactid"], "contacts_0001");
    }
    let groups = "customers/contacts_0001/groups";
    lab.done("POST", groups, &[("name", "VIP")]).await;
    assert_eq!(lab.rows(groups, "groups").await[0]["groupname"], "VIP");
    lab.done("DELETE", groups, &[("name", "VIP")]).await;
    assert!(lab.rows(groups, "groups").await.is_empty());
    assert_eq!(lab.send("POST", groups, &[("name", "nobody's")]).await.0, 404);
    lab.done(
        "POST",
        "customers/contacts_0001/fields",
        &[("customfields", r#"[{"code":"shoe","value":"44"}]"#)],
    )
    .await;
    let fields = lab.read("customers/contacts_0001").await["customfields"].clone();
    assert!(fields.as_array().unwrap().contains(&json!({"code": "shoe", "value": "44"})), "{fields}");
    lab.done("DELETE", "customers/contacts_0001/fields", &[]).await;
    assert_eq!(lab.read("customers/contacts_0001").await["customfields"], json!([]));
    let made = lab.done("POST", "customers", &[("firstname", "Noor"), ("email", "noor@example.net")]).await;
    assert_eq!(lab.read("customers/noor@example.net").await["contactid"], made["contactid"]);
    assert_eq!(lab.get("customers/nobody").await.0, 404);
}

/// A large world in which something of everything happened.
async fn busy(letters: &str) -> Lab {
    let mut options = offhook_sandbox::Options { tickets: 1_500, ..Default::default() };
    for (name, value) in [("rate_limit", "0"), ("liveagent_letters", letters), ("ring_timeout", "0")] {
        options.switches.set(name, value).unwrap();
    }
    let lab = Lab::from(options).await;
    let all = lab.rows("conversations?limit=40&status=N,C", "conversations").await;
    for (index, conversation) in all.iter().enumerate() {
        let id = conversation["conversationid"].as_str().unwrap();
        match index % 5 {
            0 => lab.done("DELETE", &format!("conversations/{id}"), &[]).await,
            1 => lab.done("POST", &format!("conversations/{id}/tags"), &[("name", "spam")]).await,
            2 => {
                lab.done(
                    "PUT",
                    &format!("conversations/{id}/attendants"),
                    &[("agentidentifier", "tomas@offhook.example")],
                )
                .await
            }
            3 => lab.done("PUT", &format!("conversations/{id}/status"), &[("status", "C")]).await,
            _ => lab.done("PUT", &format!("conversations/{id}/status"), &[("status", "R")]).await,
        };
    }
    lab.run("/agents/ida/ready", json!({}));
    for ring in [json!({"agent": "ida"}), json!({"channel": "chat", "text": "Hello?"})] {
        lab.run("/ring", ring);
    }
    let id = lab.opened();
    lab.run(&format!("/tickets/{id}/edit"), json!({"state": "waiting", "reopen": 4_000_000_000_000i64}));
    lab.done("POST", &format!("conversations/{id}/tags"), &[("name", "vip")]).await;
    for _ in 0..8 {
        let file = json!({"name": "a.txt", "type": "text/plain", "text": "hi"});
        let letter = json!({"subject": "Re: it", "text": "Yes.\n> Really?", "files": [file]});
        lab.run(&format!("/tickets/{id}/message"), letter);
        let copied = [("department", "categories_support"), ("subject", "x"), ("message", "y")];
        let more = [("recipient", "new@example.org"), ("carbon_copy", "all@example.org")];
        lab.done("POST", "conversations", &[&copied[..], &more].concat()).await;
    }
    let call = lab.v3("POST", "call/_start?to_number=%2B442079460177").await.1;
    lab.run("/clock/advance", json!({"seconds": 10}));
    assert_eq!(
        lab.v3("GET", &format!("calls/{}/status", call["id"].as_str().unwrap())).await.1["status"],
        "C"
    );
    for _ in 0..8 {
        let missed = lab.run("/ring", json!({"number": "+442079460124"}));
        lab.get("conversations?limit=1").await;
        lab.run(&format!("/calls/{}/hangup", missed["activity"].as_str().unwrap()), json!({}));
    }
    lab
}

fn letters(list: &str) -> BTreeSet<String> {
    list.chars().map(|c| c.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_of_the_document_occurs_in_the_long_run_and_others_only_when_asked_for() {
    for (reading, unknown) in [("documented", false), ("unknown", true)] {
        let lab = busy(reading).await;
        let mut all = lab.rows("conversations?limit=1000", "conversations").await;
        all.extend(lab.rows("conversations?limit=1000&offset=1000", "conversations").await);
        let (mut groups, mut messages) = (BTreeSet::new(), BTreeSet::new());
        let word = |v: &Value| v.as_str().unwrap().to_owned();
        for conversation in &all[..600] {
            let path = format!("conversations/{}/messages", word(&conversation["conversationid"]));
            for group in lab.rows(&path, "groups").await {
                groups.insert(word(&group["rtype"]));
                messages.extend(group["messages"].as_array().unwrap().iter().map(|m| word(&m["rtype"])));
            }
        }
        let seen = |member: &str| all.iter().map(|c| word(&c[member])).collect::<BTreeSet<_>>();
        for (what, seen, documented) in [
            ("status", seen("status"), "IXBCRNWATP"),
            ("channel", seen("channel_type"), "EBMIFATQSCW"),
            ("group", groups, "PVCXFIZKA5MURYSGTWQJB34"),
            ("message", messages, "DEFZHIMXNQCPWJSGOARTUVK3Y0"),
        ] {
            let known = letters(documented);
            let (others, missing): (Vec<_>, Vec<_>) =
                (seen.difference(&known).collect(), known.difference(&seen).collect());
            let newer = unknown && matches!(what, "status" | "channel" | "group");
            assert_eq!(!others.is_empty(), newer, "{what}: {others:?}");
            assert!(unknown || missing.is_empty(), "{what}: {missing:?} are missing");
        }
    }
}
