//! Every operation of both APIs, asked as its example asks, against the example's own shape.

use crate::lab::{Lab, told};
use crate::shape::Shape;
use serde_json::{Map, Value, json};

const OPERATIONS: &str = include_str!("../data/ccaip-operations.json");

const SHAPE: Shape = Shape {
    sometimes: &[],
    loose: &[],
    may_be_empty: &["children"],
    every_row: false,
    nothing_is_text: true,
};

/// One row that has of each member what any row has of it, for members may be null here and filled there.
fn richest(rows: &[Value]) -> Value {
    rows.iter().fold(Value::Null, |best, row| join(best, row.clone()))
}

fn join(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            for (name, value) in other {
                let had = one.remove(&name).unwrap_or(Value::Null);
                one.insert(name, join(had, value));
            }
            Value::Object(one)
        }
        (Value::Array(one), Value::Array(other)) => {
            let both: Vec<Value> = one.into_iter().chain(other).collect();
            if both.iter().all(Value::is_object) && !both.is_empty() {
                return json!([richest(&both)]);
            }
            Value::Array(both)
        }
        (Value::Null, other) => other,
        (one, _) => one,
    }
}

/// Members that a row has although the example's are always null there.
fn without_null(example: &Value) -> Value {
    match example {
        Value::Object(members) => {
            let told = members.iter().filter(|(_, v)| !v.is_null());
            Value::Object(told.map(|(k, v)| (k.clone(), without_null(v))).collect::<Map<_, _>>())
        }
        Value::Array(rows) => Value::Array(rows.iter().map(without_null).collect()),
        other => other.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_like_its_example() {
    let operations: Vec<Value> = serde_json::from_str(OPERATIONS).unwrap();
    assert_eq!(operations.len(), 25);
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    // Two calls wait, so that the menus have something to tell.
    for number in ["+442079460111", "+442079460112"] {
        lab.run("/ring", json!({"number": number, "queue": 2002}));
    }
    lab.on_page("tomas", "available");
    for channel in ["call", "chat"] {
        lab.rings("tomas", channel);
        if channel == "call" {
            lab.on_page("tomas", "accept");
        }
    }
    let mut problems = Vec::new();
    for operation in &operations {
        let op = operation["id"].as_str().unwrap();
        let record = match op {
            "menus.one" => "2000",
            "teams.one" => "2",
            _ => "61",
        };
        let path = operation["path"].as_str().unwrap().replace("{record_id}", record);
        // What cannot be left out is said; filters would only hide rows.
        let query: &[(&str, &str)] = match op {
            "menus.sla" | "menus.sla_by_queue_group" => &[("channel", "call"), ("minutes", "600")],
            "apps.wait_times" => &[("lang", "en")],
            _ => &[("per", "500"), ("with_deleted", "true")],
        };
        let mut request = lab.request(operation["method"].as_str().unwrap(), &path).query(query);
        if let Some(mut body) = operation.get("body").filter(|b| b.is_object()).cloned() {
            for (name, value) in [("agent_email", json!("ida@offhook.example")), ("agent_ids", json!([101]))]
            {
                if body.get(name).is_some() {
                    body[name] = value;
                }
            }
            request = request.json(&body);
        }
        let (status, answer) = told(request.send().await.unwrap()).await;
        let good = if op == "apps.calls.create.outbound" { 201 } else { 200 };
        if status != good {
            problems.push(format!("{op}: {status} {answer}"));
            continue;
        }
        let example = without_null(&operation["example"]);
        match (&example, &answer) {
            (Value::Array(example), Value::Array(rows)) if !example.is_empty() => {
                // What stands above everything has no parent.
                let below: Vec<Value> = match op.ends_with(".tree") {
                    true => rows.iter().flat_map(|r| r["children"].as_array().unwrap().clone()).collect(),
                    false => rows.clone(),
                };
                let best = json!([richest(&below)]);
                problems.extend(
                    SHAPE.lacks(&json!([richest(example)]), &best).iter().map(|p| format!("{op}: {p}")),
                );
                // A row of wait_times has the one of `voice_call` and `chat` that it tells.
                for member in example[0].as_object().unwrap().keys().filter(|m| *m != "voice_call") {
                    if let Some(row) = rows.iter().find(|r| r.get(member).is_none()) {
                        problems.push(format!("{op}: {member} is missing in {}", row["id"]));
                    }
                }
            }
            (Value::Object(_), Value::Object(_)) => {
                problems.extend(SHAPE.lacks(&example, &answer).iter().map(|p| format!("{op}: {p}")));
            }
            // Of some nothing is known but that they answer with a list.
            (Value::Array(_) | Value::Null, Value::Array(_)) => {}
            (_, other) => problems.push(format!("{op} answers {other}")),
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test]
async fn trees_nest_what_the_lists_tell() {
    let lab = Lab::open().await;
    fn ids(branch: &Value, all: &mut Vec<i64>) {
        for row in branch.as_array().unwrap() {
            all.push(row["id"].as_i64().unwrap());
            for child in row["children"].as_array().unwrap() {
                assert_eq!(child["parent_id"], row["id"]);
            }
            ids(&row["children"], all);
        }
    }
    for resource in ["menus", "teams"] {
        let (_, tree) = lab.get(&format!("{resource}/tree")).await;
        let mut nested = Vec::new();
        ids(&tree, &mut nested);
        nested.sort_unstable();
        let mut flat: Vec<i64> = lab.rows(resource).await.iter().map(|r| r["id"].as_i64().unwrap()).collect();
        flat.sort_unstable();
        assert_eq!(nested, flat, "{resource}");
        assert!(nested.len() > 3);
    }
    let (_, mobile) = lab.get("menus/tree?menu_type=mobile_menu").await;
    assert!(mobile.as_array().unwrap().iter().all(|m| m["menu_type"] == "mobile_menu"));
    assert_eq!(lab.get("menus/tree?lang=fr").await.1, json!([]));
}
