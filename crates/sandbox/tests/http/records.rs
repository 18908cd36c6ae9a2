//! Reading and writing records: every model and field of the REST reference, validation, CRUD, relations.

use crate::lab::Lab;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Models and fields as the reference lists them: `## Model`, then rows of `| `field` | …`.
fn reference() -> Option<BTreeMap<String, Vec<String>>> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let file =
        fs::read_dir(seeds).ok()?.flatten().find(|f| f.file_name().to_string_lossy().starts_with("000_"))?;
    let text = fs::read_to_string(file.path()).ok()?;
    let mut models: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            current = title[..1].to_lowercase() + &title[1..];
        } else if let Some(row) = line.strip_prefix("| `")
            && !current.starts_with("filtering")
        {
            models.entry(current.clone()).or_default().push(row.split('`').next()?.to_owned());
        }
    }
    Some(models)
}

#[tokio::test]
async fn every_model_of_the_reference_is_there_with_every_field() {
    let Some(models) = reference() else {
        println!("skipped: the vendor's reference is not beside this checkout");
        return;
    };
    assert!(models.len() >= 20, "{models:?}");
    let lab = Lab::open().await;
    lab.ready().await;
    for (model, fields) in models {
        let rows = lab.rows(&format!("{model}.json?take=2")).await;
        let row = rows.first().unwrap_or_else(|| panic!("{model} has no rows"));
        for field in fields {
            assert!(row.get(&field).is_some(), "{model}.{field} is missing in {row}");
        }
        assert_eq!(row["_sys"]["model"], model);
        let key = if model == "activitiesCall" { "id_call" } else { "name" };
        let name = row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
        let one = lab.result(&format!("{model}/{name}")).await;
        assert_eq!(one[key], row[key], "{model}");
    }
}

#[tokio::test]
async fn a_contact_is_created_changed_and_deleted() {
    let lab = Lab::open().await;
    let new = json!({"firstname": "Zofia", "lastname": "Żurawska", "database": "default",
        "customFields": {"number": "+4822000123", "email": ["z@example.com"]}});
    let (status, body) = lab.post("contacts.json", new).await;
    assert_eq!(status, 201);
    let contact = &body["result"];
    assert_eq!(
        (&contact["title"], &contact["database"]["name"]),
        (&json!("Zofia Żurawska"), &json!("default"))
    );
    assert_eq!(contact["customFields"]["number"], json!(["+4822000123"]));
    let path = format!("contacts/{}.json", contact["name"].as_str().unwrap());
    let (status, body) = lab.put(&path, json!({"lastname": "Gąsior", "customFields": {"email": []}})).await;
    assert_eq!((status, &body["result"]["title"]), (200, &json!("Zofia Gąsior")));
    assert_eq!(
        body["result"]["customFields"],
        json!({"number": ["+4822000123"], "email": []}),
        "what was not sent stays"
    );
    assert_eq!(lab.delete(&path).await, (204, Value::Null));
    assert_eq!(lab.get(&path).await, (404, Value::Null));
}

#[tokio::test]
async fn what_is_wrong_is_told_per_field_and_nothing_is_saved() {
    let lab = Lab::open().await;
    let before = lab.result("contacts?take=1").await["total"].clone();
    let wrong = json!({"firstname": "A", "database": "nowhere", "customFields": {"email": "no-address"}});
    let (status, body) = lab.post("contacts", wrong).await;
    assert_eq!(status, 400);
    let form = &body["error"]["form"];
    assert_eq!(
        (&form["lastname"], &form["database"]),
        (&json!("Entry is required"), &json!("Foreign key error"))
    );
    assert_eq!(form["customFields"]["email"], json!(["E-mail does not have a valid format"]));
    assert_eq!((&body["error"]["primary"], &body["result"]["firstname"]), (&json!([]), &json!("A")));
    assert!(body["result"]["name"].is_string(), "the echo carries a provisional name");
    assert_eq!(lab.result("contacts?take=1").await["total"], before);
}

#[tokio::test]
async fn a_ticket_gets_a_number_defaults_and_times() {
    let lab = Lab::open().await;
    let (status, body) =
        lab.post("tickets", json!({"title": "Kein Ton", "category": "categories_support"})).await;
    assert_eq!(status, 201);
    let ticket = &body["result"];
    let name = ticket["name"].as_i64().unwrap();
    assert_eq!((&ticket["stage"], &ticket["priority"]), (&json!("OPEN"), &json!("LOW")));
    assert!(ticket["sla_deadtime"].is_string() && ticket["created_by"]["name"] == "ida");
    assert_eq!(ticket["category"]["sla"]["unit"], "HOURS");
    let change = json!({"stage": "CLOSE", "statuses": ["solved"], "user": "tomas", "followers": ["ida"], "created": "2001-01-01"});
    let (_, body) = lab.put(&format!("tickets/{name}"), change).await;
    let closed = &body["result"];
    assert!(
        closed["closed"].is_string() && closed["created"] == ticket["created"],
        "read-only fields are not written"
    );
    assert_eq!(
        (&closed["statuses"][0]["name"], &closed["user"]["name"]),
        (&json!("solved"), &json!("tomas"))
    );
    let (_, body) =
        lab.put(&format!("tickets/{name}"), json!({"user": "", "stage": "OPEN", "statuses": []})).await;
    assert_eq!(
        (&body["result"]["user"], &body["result"]["closed"], &body["result"]["statuses"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    let (status, body) = lab.put(&format!("tickets/{name}"), json!({"stage": "GONE"})).await;
    assert_eq!((status, &body["error"]["form"]["stage"]), (400, &json!("Value is not allowed")));
}

#[tokio::test]
async fn names_are_chosen_or_drawn_and_may_hold_anything() {
    let lab = Lab::open().await;
    let odd = json!({"name": "john doe#x+y/z.json", "lastname": "Odd", "database": "default"});
    assert_eq!(lab.post("contacts", odd.clone()).await.0, 201);
    let (status, body) = lab.post("contacts", odd).await;
    assert_eq!((status, &body["error"]["form"]["name"]), (400, &json!("Name is already used")));
    let found = lab.result("contacts/john%20doe%23x%2By%2Fz%2Ejson").await;
    assert_eq!(found["lastname"], "Odd");
}

#[tokio::test]
async fn statuses_have_exactly_their_nine_keys_and_pauses_can_be_made() {
    let lab = Lab::open().await;
    let status = lab.result("statuses/solved").await;
    let mut keys: Vec<_> = status.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let nine = [
        "_sys",
        "blacklist_database",
        "blacklist_expiration_time",
        "color",
        "description",
        "name",
        "nextcall",
        "title",
        "validation",
    ];
    assert_eq!(keys, nine);
    let (code, body) =
        lab.post("pauses", json!({"name": "yoga", "title": "Yoga", "paid": 1, "max_duration": "20"})).await;
    assert_eq!(
        (code, &body["result"]["type"], &body["result"]["max_duration"]),
        (201, &json!(""), &json!(20))
    );
    lab.ready().await;
    assert_eq!(lab.post("usersSession", json!({"pause": "yoga"})).await.0, 200, "and be used at once");
}

#[tokio::test]
async fn what_is_not_offered_is_405_and_what_is_not_allowed_403() {
    let lab = Lab::open().await;
    let activity = lab.rows("activities?take=1").await[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(lab.delete(&format!("activities/{activity}")).await, (405, Value::Null));
    assert_eq!(lab.post("realtimeSessions", json!({})).await.0, 405);
    assert_eq!(lab.get("usersSession").await.0, 405);
    assert_eq!(lab.post("queues", json!({"title": "x"})).await, (403, Value::Null));
    assert_eq!(lab.get("nonsense").await, (404, Value::Null));
    assert_eq!(lab.get("tickets/xxx").await, (404, Value::Null));
    lab.control().run("POST", "/permissions", json!({"user": "ida", "deny": ["contacts"]})).unwrap();
    assert_eq!(lab.get("contacts").await, (403, Value::Null));
    assert_eq!(lab.get("tickets?take=1").await.0, 200);
}

#[tokio::test]
async fn relations_are_ordinary_lists() {
    let lab = Lab::open().await;
    let codes = lab.rows("ticketsCategories/categories_support/statuses.json").await;
    assert_eq!(codes.len(), 4);
    let codes = lab.rows("queues/2000/statuses").await;
    assert!(codes.iter().any(|c| c["name"] == "escalated"));
    let emails =
        lab.rows("activities?filter[field]=type&filter[operator]=eq&filter[value]=EMAIL&take=100").await;
    let email = emails.iter().find(|e| e["item"]["attachments"][0]["title"] == "device.log").unwrap();
    let files = lab.rows(&format!("activities/{}/attachments.json", email["name"].as_str().unwrap())).await;
    assert_eq!((&files[0]["title"], &files[0]["inline"]), (&json!("device.log"), &json!("0")));
    let ticket = email["ticket"]["name"].as_i64().unwrap();
    let activities = lab.result(&format!("tickets/{ticket}/activities.json?take=1&fields[0]=name")).await;
    assert!(activities["total"].as_i64().unwrap() >= 1);
    assert_eq!(activities["data"][0].as_object().unwrap().len(), 1);
    assert_eq!(lab.get("tickets/1/nonsense").await.0, 404);
}

#[tokio::test]
async fn messages_and_comments_are_written_and_sent() {
    let lab = Lab::open().await;
    let (status, body) =
        lab.post("activities", json!({"ticket": 2, "type": "", "description": "<p>Called back.</p>"})).await;
    assert_eq!((status, &body["result"]["type"], &body["result"]["item"]), (201, &json!(""), &Value::Null));
    let sms = json!({"queue": "3003", "type": "SMS", "action": "CLOSE", "number": "+442079460123", "text": "Hello"});
    let (status, body) = lab.post("activities", sms).await;
    assert_eq!((status, &body["result"]["item"]["sender"]), (201, &json!("+442079460123")));
    let mail = json!({"type": "EMAIL", "ticket": 2, "subject": "Re", "message": "<p>Hi</p>", "to": "a@example.com", "queue": "3001", "sendMail": true});
    let (status, body) = lab.post("activities", mail).await;
    assert_eq!((status, &body["result"]["item"]["state"]), (201, &json!("SENT")));
    assert_eq!(lab.post("activities", json!({"type": "EMAIL", "ticket": 99999})).await.0, 400);
}

#[tokio::test]
async fn other_people_may_be_seen_by_title_only() {
    let lab = Lab::with(&[("users", "restricted")]).await;
    let tickets = lab.rows("tickets?take=100").await;
    let other = tickets.iter().find(|t| t["user"]["title"] == "Tomáš Veverka").unwrap();
    assert_eq!(other["user"], json!({"title": "Tomáš Veverka", "alias": "tomas"}));
    assert!(tickets.iter().any(|t| t["user"]["name"] == "ida"), "oneself is seen in full");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_400() {
    let lab = Lab::open().await;
    let broken = lab
        .request(reqwest::Method::POST, "tickets")
        .header("content-type", "application/json")
        .body("{\"a\":");
    assert_eq!(broken.send().await.unwrap().status(), 400);
}
