//! Every operation of the vendor's document, asked as its samples ask (the key in the query or in the form, the body as a
//! form or multipart), against the document's own examples: the same members with the same kinds of JSON.

use crate::lab::{Lab, told};
use crate::shape::Shape;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const OPERATIONS: &str = include_str!("../data/liveagent-operations.json");

const EVERY: Shape =
    Shape { sometimes: &[], loose: &[], may_be_empty: &[], every_row: true, nothing_is_text: true };
const ANY: Shape = Shape { every_row: false, ..EVERY };

/// Values for parameters of each operation; ids come from what was read before.
fn value(op: &str, name: &str, ids: &BTreeMap<&'static str, String>) -> Option<String> {
    let own = match (op, name) {
        ("tags.post", "name") => "Fragile",
        ("customersgroups.post", "name") => "Regulars",
        ("customersgroups.groupid.put" | "tags.tagid.put", "name") => "Renamed",
        (
            "customers.customeridentifier.groups.post" | "customers.customeridentifier.groups.delete",
            "name",
        ) => "VIP",
        (
            "conversations.conversationid.tags.post" | "conversations.conversationid.tags.delete",
            "id" | "name",
        ) => {
            return (name == "name").then(|| "vip".to_owned());
        }
        ("conversations.conversationid.status.put", "status") => "R",
        ("widgets.post" | "widgets.contactwidgetid.put", "status") => "A",
        ("widgets.post" | "widgets.contactwidgetid.put", "rtype") => "C",
        (_, "customfields") => {
            r#"[{"code":"varsymbol","value":"43894209"},{"code":"other_var","value":"test value"}]"#
        }
        (_, "useridentifier" | "agentidentifier") => "tomas@offhook.example",
        (_, "department" | "departmentid") => "categories_support",
        (_, "message") => "hello, this is example message",
        (_, "attachments") => return Some(ids["fileid"].clone()),
        (_, "data") => "aGVsbG8=",
        (_, "type") if op == "files.post" => "image/jpg",
        (_, "type") => "M",
        (_, "rstatus") => "P",
        (_, "access") => "P",
        (_, "rtype") => "G",
        (_, "usecode") => "B",
        (_, "provide") => "BFC",
        (_, "attributes" | "form_fields") => "[]",
        (_, "date_from") => "2020-01-24",
        (_, "date_to") => "2099-01-24 23:59:59",
        (_, "query") => "delivery",
        (_, "name" | "title" | "content" | "description" | "keywords" | "note") => "Example",
        (_, "color") => "FFFFFF",
        (_, "bg_color") => "0000FF",
        (_, "is_html_message" | "use_template") => "N",
        _ => return ids.get(name).cloned(),
    };
    Some(own.to_owned())
}

async fn ids(lab: &Lab) -> BTreeMap<&'static str, String> {
    // The last one: by its name an earlier one is used.
    let last = |rows: Vec<Value>, member: &str| rows.last().unwrap()[member].as_str().unwrap().to_owned();
    let first = |rows: Vec<Value>, member: &str| rows[0][member].as_str().unwrap().to_owned();
    let file =
        lab.done("POST", "files", &[("name", "a.txt"), ("type", "text/plain"), ("data", "aGk=")]).await;
    let customer = "contacts_0001".to_owned();
    BTreeMap::from([
        ("agentidentifier", "ida@offhook.example".to_owned()),
        ("companyid", first(lab.rows("companies", "companies").await, "id")),
        ("contactwidgetid", first(lab.rows("widgets", "widgets").await, "contactwidgetid")),
        ("conversationid", lab.opened()),
        ("customeridentifier", customer),
        ("departmentid", "categories_support".to_owned()),
        ("entry_id", "7".to_owned()),
        ("fileid", file["fileid"].as_str().unwrap().to_owned()),
        ("groupid", last(lab.rows("customersgroups", "groups").await, "id")),
        ("tagid", last(lab.rows("tags", "tags").await, "id")),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_like_its_example() {
    let operations: Vec<Value> = serde_json::from_str(OPERATIONS).unwrap();
    assert_eq!(operations.len(), 72);
    // Hundreds of requests come at once.
    let lab = Lab::with(&[("rate_limit", "0")]).await;
    lab.run("/agents/ida/ready", json!({}));
    // A call and a chat, so that their logs and lists have something to show.
    for ring in [json!({"agent": "ida"}), json!({"agent": "ida", "channel": "chat", "text": "Hello?"})] {
        lab.run("/ring", ring);
    }
    lab.get("conversations?limit=1").await;
    let ids = ids(&lab).await;
    // What is asked of an operation needs what another one wrote.
    let wrote = [("customers/contacts_0001/groups", "VIP"), ("customers/contacts_0001/groups", "Premium")];
    for (path, name) in wrote {
        lab.done("POST", path, &[("name", name)]).await;
    }
    let fields = r#"[{"code":"varsymbol","value":"1"},{"code":"other_var","value":"2"}]"#;
    for path in [
        "customers/contacts_0001/fields".to_owned(),
        format!("conversations/{}/fields", ids["conversationid"]),
    ] {
        lab.done("POST", &path, &[("customfields", fields)]).await;
    }
    lab.done("POST", &format!("conversations/{}/tags", ids["conversationid"]), &[("name", "vip")]).await;
    // Reads first, then writes, then what removes, from below.
    let order = |o: &Value| ["GET", "POST", "PUT", "DELETE"].iter().position(|m| o["method"] == *m).unwrap();
    let mut sorted = operations.clone();
    let depth = |o: &Value| o["path"].as_str().unwrap().split('/').count();
    sorted.sort_by_key(|o| (order(o), std::cmp::Reverse(depth(o))));
    let mut problems = Vec::new();
    for operation in &sorted {
        let op = operation["id"].as_str().unwrap();
        let mut path = operation["path"].as_str().unwrap().strip_prefix("/api/").unwrap().to_owned();
        let (mut query, mut form) = (Vec::new(), Vec::new());
        for list in ["mandatory", "optional"] {
            for parameter in operation[list].as_array().unwrap() {
                let name = parameter[0].as_str().unwrap();
                let key = lab.sandbox.liveagent_key();
                let place = parameter[1].as_str().unwrap();
                let found = match (name, place) {
                    ("apikey", _) => Some(key),
                    (_, "path") => Some(ids[name].clone()),
                    // Filters would only hide rows; what is mandatory is sent.
                    _ if list == "optional" && place == "query" => None,
                    _ => value(op, name, &ids),
                };
                let Some(found) = found else {
                    assert_eq!(list, "optional", "{op} needs {name}");
                    continue;
                };
                match place {
                    "path" => path = path.replace(&format!("{{{name}}}"), &found),
                    "query" => query.push((name.to_owned(), found)),
                    _ => form.push((name.to_owned(), found)),
                }
            }
        }
        let method: reqwest::Method = operation["method"].as_str().unwrap().parse().unwrap();
        let request = lab.http.request(method, lab.url(&path)).query(&query);
        let request = match operation["body_type"].as_str() {
            Some("multipart/form-data") => {
                let parts = form
                    .into_iter()
                    .fold(reqwest::multipart::Form::new(), |all, (name, v)| all.text(name, v));
                request.multipart(parts)
            }
            Some(_) => request.form(&form),
            None => request,
        };
        let (status, answer) = told(request.send().await.unwrap()).await;
        if status != 200 {
            problems.push(format!("{op}: {status} {answer}"));
            continue;
        }
        let example = &operation["response_example"];
        for shape in [EVERY, ANY] {
            problems.extend(shape.lacks(example, &answer).into_iter().map(|p| format!("{op}: {p}")));
        }
    }
    problems.dedup();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test]
async fn every_list_is_well_formed_xml_with_the_rows_names_of_the_samples() {
    let lab = Lab::open().await;
    let xml = |path: &str| {
        let request = lab.request("GET", path);
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    for (path, list, row) in [
        ("companies.xml", "companies", "companie"),
        ("conversations.xml?limit=2", "conversations", "conversation"),
        ("knowledgebase/entries.xml", "entries", "entrie"),
        ("suggestioncategories.xml", "suggestioncategories", "suggestioncategorie"),
        ("onlinestatus/agents.xml", "agentsOnlineStates", "agentsOnlineState"),
        ("chats/overview.xml", "chatsOverview", "item"),
        ("reports/calls/availability.xml?limitcount=2", "availability", "item"),
        ("tags.xml", "tags", "tag"),
    ] {
        let text = xml(path).await;
        let document = roxmltree::Document::parse(&text).unwrap();
        let all = document.root_element().first_element_child().unwrap();
        assert_eq!((document.root_element().tag_name().name(), all.tag_name().name()), ("response", list));
        assert_eq!(all.first_element_child().unwrap().tag_name().name(), row, "{text}");
    }
    let refusal = xml("agents/nobody@example.com.xml").await;
    assert!(refusal.contains("<status>ERROR</status><statuscode>404</statuscode>"), "{refusal}");
}
