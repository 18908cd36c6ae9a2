//! What the live operations answer against the examples of the vendor's document: known members have the same kinds of
//! JSON, and those that every example of a thing has are there. And: no operation of the table is left unanswered.

use crate::lab::{DESK, Lab, told};
use crate::shape::Shape;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLES: &str = include_str!("../data/dstny-operations.json");
const ROUTES: &str = include_str!("../../src/dstny/routes.json");

/// Members that a call, a group or an item has only sometimes: the document's own examples lack them elsewhere.
const SOMETIMES: [&str; 27] = [
    "actions",
    "agent",
    "agents",
    "conferenceId",
    "correlationId",
    "deviceIds",
    "event",
    "eventDescription",
    "externalRecording",
    "externalRecordingDuration",
    "externalRecordingPaused",
    "forwardReason",
    "forwardedTo",
    "generated-id",
    "historyInfo",
    "id",
    "intrusionType",
    "note",
    "participants",
    "recordable",
    "recording",
    "recordingDuration",
    "remoteParty",
    "timeStamp",
    "subject",
    "acdSupport",
    "previousRetargetReason",
];

const SHAPE: Shape = Shape {
    sometimes: &SOMETIMES,
    // Some samples print these lists as text.
    loose: &["deviceIds", "actions"],
    may_be_empty: &[],
    every_row: true,
    nothing_is_text: false,
};

type Vars = BTreeMap<&'static str, String>;

fn vars(pairs: &[(&'static str, &str)]) -> Vars {
    let fixed = [("domain", "offhook.example"), ("user", "ida"), ("userId", "ida"), ("deviceId", DESK)];
    fixed.iter().chain(pairs).map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn path_of(route: &Value, vars: &Vars) -> String {
    let parts = route["path"].as_str().unwrap().split('/').map(|part| {
        match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) => vars.get(name).cloned().unwrap_or_else(|| "1".to_owned()),
            None => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn answers_have_the_shapes_of_their_examples() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    let routes: Vec<Value> = serde_json::from_str(ROUTES).unwrap();
    let lab = Lab::open().await;
    // A missed call for the group call log, a group to be in, and a call that is recorded.
    let missed = lab.run("/ring", json!({"queue": 2000}));
    lab.run(&format!("/calls/{}/hangup", missed["activity"].as_str().unwrap()), json!({}));
    let log = lab.read("ida", "/distributiongroup/calllog/D/ida").await;
    let item = log["callLogItem"].as_array().unwrap().last().unwrap()["itemId"].to_string();
    let none = json!({});
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut look = async |op: &'static str, query: &str, body: &Value, more: &[(&'static str, &str)]| {
        let route = routes.iter().find(|r| r["id"] == op).unwrap();
        let path = format!("{}{query}", path_of(route, &vars(more)));
        let method = route["method"].as_str().unwrap();
        let (status, answer) =
            lab.ask("ida", method, &path, if method == "GET" { Value::Null } else { body.clone() }).await;
        if !(200..300).contains(&status) {
            problems.push(format!("{op}: {status} {answer}"));
        }
        let wanted = examples.iter().find(|e| e["id"] == op).and_then(|e| e.get("response_example"));
        if let Some(wanted) = wanted.filter(|w| !w.is_null()) {
            problems.extend(SHAPE.lacks(wanted, &answer).into_iter().map(|p| format!("{op}: {p}")));
        }
        seen.insert(op);
        answer
    };
    let group = [
        ("group", "2000"),
        ("group-domain", "offhook.example"),
        ("grpid", "2000"),
        ("grpid-domain", "offhook.example"),
        ("agent", "ida@offhook.example"),
        ("queueId", "2000"),
        ("itemid", item.as_str()),
        ("externalId", "x"),
    ];
    look("distgroup.login", "", &none, &group).await;
    for op in [
        "acd.group.get.dep1",
        "acd.group.get",
        "acd.groups.list",
        "acd.groups.list.dep",
        "distgroup.calllog.group",
        "distgroup.calllog.all",
        "distgroup.list",
        "queue.statistics.org",
        "queue.statistics.org.dep",
        "queue.statistics.queue",
        "queue.statistics.user",
        "queue.statistics.user.dep",
        "linestate.create",
        "linestate.update",
        "linestate.get",
        "device.details",
        "device.icon.get",
        "device.name.get",
        "device.list",
        "device.shortlist",
        "distgroup.assigned.all",
        "distgroup.assigned.group",
        "linestate.delete",
    ] {
        look(op, "", &none, &group).await;
    }
    look("acd.group.get.dep2", "?ignoreStatistics=false", &none, &group).await;
    for op in ["acd.agent.login.dep1", "acd.agent.login", "acd.agent.login.dep2"] {
        look(op, "?action=login", &none, &group).await;
    }
    look("distgroup.calllog.assign", "", &json!({"state": "INPROGRESS", "note": "x"}), &group).await;
    look("distgroup.logout", "", &none, &group).await;
    look("device.name.set", "?name=x", &none, &[]).await;
    look("device.icon.set", "?name=TYPE_1", &none, &[]).await;
    let hook = json!({"targetUrl": "http://127.0.0.1:9/x", "targetId": "t", "publicTarget": true});
    look("device.webhook", "", &hook, &[]).await;
    look("device.webhook.delete", "", &none, &[("targetId", "t")]).await;
    look("callstate.webhook.user", "", &hook, &[]).await;
    look("callstate.webhook.user.delete", "", &none, &[("targetId", "t")]).await;
    let rings = lab.ring("ida", "+442079460123");
    let call = [("callId", rings.as_str()), ("targetId", "t"), ("participantId", "x")];
    look("cti.answer", "", &none, &call).await;
    for op in [
        "cti.mute",
        "cti.unmute",
        "cti.hold",
        "cti.resume",
        "rec.start",
        "rec.pause",
        "rec.resume",
        "rec.discard",
        "rec.save",
        "reccontrol.list",
        "callstate.call.get",
        "callstate.user.get",
    ] {
        look(op, "", &none, &call).await;
    }
    let listed = lab.read("ida", "/callrecording/D/ida").await;
    look("reccontrol.action", "?action=PAUSE", &none, &[("id", listed[0]["id"].as_str().unwrap())]).await;
    look("rec.stop", "", &none, &call).await;
    look("callstate.webhook.call", "", &hook, &call).await;
    look("callstate.webhook.call.delete", "", &none, &call).await;
    look("cti.dtmf", "", &json!({"digits": "1"}), &call).await;
    look("cti.move", "", &none, &[("callId", &rings), ("deviceId", crate::lab::MOBILE)]).await;
    let to = |number: &str| json!({"destination": format!("tel:{number}")});
    let made = look("cti.consultation", "", &to("+442079460150"), &call).await["callId"]
        .as_str()
        .unwrap()
        .to_owned();
    lab.run(&format!("/calls/{made}/answer"), json!({}));
    let both = [("callId", made.as_str())];
    look("cti.alternate", "", &json!({"targetCallId": rings}), &both).await;
    look("cti.conference", "", &json!({"targetCallId": made}), &call).await;
    let third =
        look("cti.makecall", "", &to("+442079460151"), &[]).await["callId"].as_str().unwrap().to_owned();
    lab.run(&format!("/calls/{third}/answer"), json!({}));
    let whole = look("cti.conference", "", &json!({"targetCallId": third}), &call).await;
    let person = whole["participants"][0]["id"].as_str().unwrap().to_owned();
    look("cti.removeparticipant", "", &none, &[("callId", &rings), ("participantId", &person)]).await;
    look("cti.leaveconference", "", &none, &call).await;
    for (op, body) in [
        ("cti.transfer", to("+442079460301")),
        ("cti.park", none.clone()),
        ("cti.transfercalls", none.clone()),
    ] {
        let line = lab.talk("+442079460123").await;
        let mut body = body;
        if op == "cti.transfercalls" {
            body = json!({"targetCallId": lab.reach("+442079460152").await});
        }
        look(op, "", &body, &[("callId", &line)]).await;
        if op == "cti.park" {
            let back = look("cti.pickup", "", &none, &[("callId", &line)]).await["callId"]
                .as_str()
                .unwrap()
                .to_owned();
            look("cti.clear", "", &none, &[("callId", &back)]).await;
        }
    }
    look("calls.callback", "?role=PRIVATE", &none, &[("aptype", "mobile"), ("cid", "tomas@offhook.example")])
        .await;
    lab.talk("+442079460123").await;
    let started =
        look("calls.transfer.start", "?transferType=ATTENDED_TRANSFER&destination=amara", &none, &[]).await;
    look("calls.transfer.status", "", &none, &[]).await;
    look(
        "calls.transfer.cancel",
        "",
        &none,
        &[("transferId", started["transferId"]["id"].as_str().unwrap())],
    )
    .await;
    // Those that other tests look at: they need a dialog's tags, or a password.
    seen.extend(["cti.pickupsip", "ticket.create", "ticket.delete"]);
    let mine = [
        "acd",
        "distgroup",
        "queue",
        "reccontrol",
        "calls",
        "linestate",
        "cti",
        "rec",
        "callstate",
        "device",
        "ticket",
    ];
    let all = routes.iter().map(|r| r["id"].as_str().unwrap());
    let missing: Vec<&str> = all
        .filter(|id| {
            mine.contains(&id.split('.').next().unwrap()) && !id.ends_with(".stream") && !seen.contains(id)
        })
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert_eq!(missing, [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_of_the_table_is_left_unanswered() {
    let routes: Vec<Value> = serde_json::from_str(ROUTES).unwrap();
    let lab = Lab::open().await;
    let mut left = Vec::new();
    for route in &routes {
        let id = route["id"].as_str().unwrap();
        let path =
            path_of(route, &vars(&[("cid", "tomas@offhook.example"), ("group-domain", "offhook.example")]));
        let response = lab
            .request("noah", route["method"].as_str().unwrap(), &path)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        let stream = response
            .headers()
            .get("content-type")
            .is_some_and(|k| k.to_str().unwrap().contains("event-stream"));
        let (status, body) = if stream { (200, Value::Null) } else { told(response).await };
        let reason = body["field"][0]["code"].is_string();
        if status == 501 || status == 405 || (status == 404 && !reason) || status >= 500 {
            left.push(format!("{id}: {status} {body}"));
        }
    }
    assert!(left.is_empty(), "\n{}", left.join("\n"));
    assert_eq!(routes.len(), 208);
}
