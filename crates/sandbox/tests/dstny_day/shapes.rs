//! Every response example of the vendor's document against what the sandbox answers to that operation: the same members
//! with the same kinds of JSON. The answer may have more members and more rows.

use crate::lab::{Lab, Told, told};
use crate::shape::Shape;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const EXAMPLES: &str = include_str!("../data/dstny-operations.json");
const ROUTES: &str = include_str!("../../src/dstny/routes.json");
/// First parts of the ids of the groups that are looked at here.
const GROUPS: [&str; 16] = [
    "actdiv",
    "buddy",
    "cinfo",
    "cinfo1",
    "commlog",
    "config",
    "contacts",
    "diversion",
    "event",
    "mobile",
    "pcontacts",
    "shortcuts",
    "sms",
    "uinfo",
    "userline",
    "voicemail",
];

const NOAH: &str = "noah@offhook.example";
const AMARA: &str = "amara@offhook.example";
const IDA: &str = "ida@offhook.example";
const PIDF: &str = "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:ida@offhook.example'>\
    <tuple id='a'><status><basic>closed</basic></status></tuple></presence>";

enum Body {
    /// The document's own request example, if it has one.
    Example,
    Json(Value),
    Raw(&'static str, &'static str),
}

/// One operation as it is asked.
struct Step {
    op: &'static str,
    user: &'static str,
    variables: Vec<(&'static str, &'static str)>,
    query: &'static str,
    body: Body,
    /// Members of the body that become the value of a variable.
    patches: Vec<(&'static str, &'static str)>,
    /// A variable that becomes a part of the answer.
    take: Option<(&'static str, &'static str)>,
}

fn step(op: &'static str) -> Step {
    Step { op, user: "ida", variables: vec![], query: "", body: Body::Example, patches: vec![], take: None }
}

impl Step {
    fn by(mut self, user: &'static str) -> Self {
        self.user = user;
        self
    }

    fn with(mut self, variable: &'static str, value: &'static str) -> Self {
        self.variables.push((variable, value));
        self
    }

    fn asking(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    fn sending(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    fn raw(mut self, kind: &'static str, body: &'static str) -> Self {
        self.body = Body::Raw(kind, body);
        self
    }

    fn patched(mut self, pointer: &'static str, variable: &'static str) -> Self {
        self.patches.push((pointer, variable));
        self
    }

    fn taking(mut self, variable: &'static str, pointer: &'static str) -> Self {
        self.take = Some((variable, pointer));
        self
    }
}

/// What has to be done before an operation can be tried, and how it is asked then (the last step).
fn plan(op: &'static str) -> Vec<Step> {
    let event = || step("event.create").taking("eventId", "/id");
    let series = || {
        let body = json!({"dateTimeStart": "2025-03-11T15:38:39Z", "dateTimeEnd": "2025-03-11T16:38:39Z",
            "name": "Test meeting", "organizer": {"firstName": "Alice", "lastName": "Test", "businessPhone": "+123402",
            "mobilePhone": "+46767676195"}, "participants": [{"firstName": "Bob", "lastName": "Test",
            "businessPhone": "+123403", "mobilePhone": "+46767676194"}], "minutesBeforeMeetingReminder": 15,
            "minutesBeforeMeetingSMS": 15, "recurringType": "DAILY", "interval": 1, "note": "Ongoing",
            "moxtraBinderId": "IBcgJw9swZjy68F2tP1XEKA3"});
        step("event.create").sending(body).taking("confId", "/id").with("eventDate", "2025-03-20")
    };
    let changed = || step("event.occurrence.update");
    let item = || {
        step("commlog.list")
            .asking("itemType=INCOMING_CALL")
            .taking("itemId", "/historyItems/0/.CallDTO/itemId")
    };
    let scheduled = || step("cinfo1.scheduled.create").with("cid", IDA).taking("presenceId", "/presenceId");
    let personal = || step("pcontacts.user.list").taking("cid", "/personal_contact/0/cid");
    let grouped = || step("pcontacts.group.list").taking("cid", "/personal_contact/0/cid");
    let shared = || step("pcontacts.org.list").by("noah").taking("cid", "/personal_contact/0/cid");
    let note = || step("uinfo.presence.set");
    let this = step(op);
    match op {
        "actdiv.get" => vec![step("actdiv.set"), this.with("activityId", "lunch")],
        "actdiv.setone" => vec![this.with("activityId", "out_of_office")],
        "actdiv.list" => vec![step("actdiv.set"), this],
        "actdiv.delete" => vec![step("actdiv.set"), this.with("activityId", "busy")],
        "buddy.templates" => vec![this.asking("applyContactTemplates=true")],
        "buddy.verify" | "buddy.delete" | "buddy.add" | "contacts.remove" => vec![this],
        "contacts.add" => vec![step("contacts.remove").with("cid", AMARA), this],
        "contacts.addmany" => vec![this.with("cid", AMARA).patched("/contact/0/email", "cid")],
        "contacts.status" => vec![this.with("contactStatus", "FAVORITE")],
        "cinfo.get" => vec![this.with("cid", NOAH)],
        "cinfo1.get" => vec![this.with("cid", NOAH).asking("includeFields=true")],
        "cinfo.image" | "cinfo1.image" => vec![this.with("cid", AMARA).asking("ver=1&prefWidth=9")],
        "cinfo.vcard.update" | "cinfo1.vcard.update" => vec![personal(), this],
        "cinfo.fields.update" => vec![this.by("noah").with("cid", IDA)],
        "cinfo1.fields.update" => vec![this.with("cid", IDA)],
        "cinfo.note.update" | "uinfo.note.set" => vec![this.with("cid", IDA).with("note", "Back%20at%205")],
        "cinfo1.note.update" => vec![this.with("cid", IDA).asking("note=Back")],
        "cinfo.activity.update" | "cinfo1.activity.update" | "uinfo.activity.set" => {
            vec![this.with("cid", IDA).with("activity", "lunch")]
        }
        "cinfo.expires.update" | "cinfo1.expires.update" | "uinfo.expires.set" => {
            vec![this.with("cid", IDA).with("expires", "2099-01-31T20:00:00Z")]
        }
        "cinfo.role.update" | "cinfo1.role.update" => vec![this.with("cid", IDA).with("role", "private")],
        "cinfo1.presence.get" => vec![this.with("cid", IDA).asking("expandRecurrence=true")],
        "cinfo1.presence.pidf" => vec![this.with("cid", IDA).raw("application/pidf+xml", PIDF)],
        "cinfo1.scheduled.create" => vec![this.with("cid", IDA)],
        "cinfo1.scheduled.get" | "cinfo1.scheduled.delete" => vec![scheduled(), this],
        "cinfo1.scheduled.update" => vec![scheduled(), this.patched("/presenceId", "presenceId")],
        "commlog.item.deletiontime" => vec![item(), this.asking("delete=true")],
        "commlog.item.mark" => vec![item(), this.asking("isSeen=true&isPlayed=true&updateCallItem=false")],
        "commlog.item.delete" => vec![item(), this.asking("updateCallItem=true")],
        "commlog.item.get" | "commlog.item.setdeleted" => vec![item(), this],
        "commlog.mark" | "commlog.delete" => vec![this.asking("untilItemId=99999&isSeen=true&isPlayed=true")],
        "diversion.rule.get" | "diversion.rule.delete" => {
            let rule = [("lineOrderType", "PRIMARY"), ("diversionRuleType", "CFWD_NO_ANSWER")];
            let this = rule.iter().fold(this, |this, (name, value)| this.with(name, value));
            vec![step("diversion.rules.set"), this]
        }
        "diversion.rule.set" => {
            vec![this.with("lineOrderType", "SECONDARY").with("diversionRuleType", "CFWD_ON_BUSY")]
        }
        "diversion.rules.get" | "diversion.rules.delete" => vec![step("diversion.rules.set"), this],
        "diversion.line.get" | "diversion.line.set" | "diversion.line.delete" => {
            vec![step("diversion.rules.set"), this.with("lineOrderType", "PRIMARY")]
        }
        "diversion.number.get" => vec![step("diversion.number.set").asking("phoneNumber=%2B14423455"), this],
        "diversion.number.set" => vec![this.asking("phoneNumber=%2B14423455&activityScoped=true")],
        "event.get" | "event.delete" | "event.webmeet.get" | "event.conference.join" => vec![event(), this],
        "event.conference.leave" => vec![event(), step("event.conference.join"), this],
        "event.update" => vec![event(), this.patched("/id", "eventId")],
        "event.occurrence.get" | "event.occurrence.update" | "event.occurrence.delete" => {
            vec![series(), this]
        }
        "event.list" => vec![series(), changed(), this],
        "event.stream.get" => {
            let this = this.with("binder_id", "IBcgJw9swZjy68F2tP1XEKA3").with("unique_id", "+46767676194");
            vec![series(), changed(), this]
        }
        "mobile.fullcallerid.get" | "mobile.presentation.get" => vec![this.with("number", "+420721322400")],
        "mobile.presentation.set" => vec![this.with("number", "+420721322400").asking("value=3")],
        "mobile.fullcallerid.set" | "mobile.pbxintegration.set" | "mobile.routetopbx.set" => {
            vec![this.with("number", "420721322400").asking("enable=false")]
        }
        "pcontacts.phonelabels" => vec![this.with("locale", "en_US")],
        "pcontacts.user.get" | "pcontacts.user.delete" => vec![personal(), this],
        "pcontacts.user.update" => vec![personal(), this.patched("/cid", "cid")],
        "pcontacts.group.get" | "pcontacts.group.delete" => vec![grouped(), this],
        "pcontacts.group.update" => vec![grouped(), this.patched("/cid", "cid")],
        "pcontacts.org.list" | "pcontacts.org.create" => vec![this.by("noah")],
        "pcontacts.org.get" | "pcontacts.org.delete" => vec![shared(), this.by("noah")],
        "pcontacts.org.update" => vec![shared(), this.by("noah").patched("/cid", "cid")],
        "shortcuts.get" | "shortcuts.set" | "shortcuts.delete" => vec![this.with("id", "sdfdsf3333")],
        "sms.send" => {
            vec![this.sending(json!({"to": "+442079460123", "smsText": "Everything’s going to be amazing"}))]
        }
        "uinfo.image.set" => vec![this.raw("image/png", "not looked into")],
        "uinfo.presence.get" => vec![note(), this],
        _ => vec![this],
    }
}

type Variables = BTreeMap<&'static str, String>;

async fn take(
    lab: &Lab,
    step: &Step,
    variables: &mut Variables,
    routes: &[Value],
    examples: &[Value],
) -> Told {
    variables.extend(step.variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
    variables.insert("user", step.user.to_owned());
    variables.insert("userId", step.user.to_owned());
    let route = routes.iter().find(|r| r["id"] == step.op).unwrap();
    let part = |part: &str| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
        Some(name) => variables.get(name).unwrap_or_else(|| panic!("{} needs {name}", step.op)).clone(),
        None => part.to_owned(),
    };
    let path: Vec<String> = route["path"].as_str().unwrap().split('/').map(part).collect();
    let path = format!("{}?{}", path.join("/"), step.query);
    let request = lab.request(step.user, route["method"].as_str().unwrap(), &path);
    let own = examples.iter().find(|e| e["id"] == step.op).and_then(|e| e.get("request_example"));
    let request = match (&step.body, own) {
        (Body::Raw(kind, body), _) => request.header("Content-Type", *kind).body(*body),
        (Body::Json(body), _) => request.json(body),
        (Body::Example, Some(example)) => {
            let mut body = example.clone();
            for (pointer, variable) in &step.patches {
                let value = &variables[variable];
                let value = value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number));
                let place = body.pointer_mut(pointer).unwrap();
                *place = if place.is_string() { json!(variables[variable]) } else { value };
            }
            request.json(&body)
        }
        (Body::Example, None) => request,
    };
    let told = told(request.send().await.unwrap()).await;
    if let Some((variable, pointer)) = step.take {
        let value =
            told.1.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}: {}", step.op, told.1));
        variables.insert(variable, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    told
}

/// A result document names what was made only if something was, and has no problems when it was done.
const SHAPE: Shape = Shape {
    sometimes: &["generated-id"],
    loose: &[],
    may_be_empty: &["field", "warning"],
    every_row: false,
    nothing_is_text: false,
};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_shape_of_its_example() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    let routes: Vec<Value> = serde_json::from_str(ROUTES).unwrap();
    let ids: Vec<&'static str> = routes
        .iter()
        .map(|r| &*r["id"].as_str().unwrap().to_owned().leak())
        .filter(|id| !id.ends_with(".stream"))
        .collect();
    let mut problems = Vec::new();
    let mut looked_at = 0;
    for op in ids.into_iter().filter(|id| GROUPS.contains(&id.split('.').next().unwrap())) {
        let lab = Lab::open().await;
        let mut variables = Variables::from([("domain", "offhook.example".to_owned())]);
        let tomas =
            if op.contains("presence.update") || op == "cinfo.presence.get" { "tomas" } else { "amara" };
        variables.insert("cid", format!("{tomas}@offhook.example"));
        variables.insert("groupId", "2000".to_owned());
        let steps = plan(op);
        let mut answer = (0, Value::Null);
        for step in &steps {
            answer = take(&lab, step, &mut variables, &routes, &examples).await;
            if !(200..300).contains(&answer.0) {
                problems.push(format!("{op}: {} answers {} {}", step.op, answer.0, answer.1));
            }
        }
        looked_at += 1;
        let wanted = examples.iter().find(|e| e["id"] == op).and_then(|e| e.get("response_example"));
        // A bare answer is text on the wire, whatever it would be as JSON.
        let bare = |value: &Value| answer.1.is_string() && (value.is_boolean() || value.is_string());
        if let Some(wanted) = wanted.filter(|w| !w.is_null() && !bare(w)) {
            problems
                .extend(SHAPE.lacks(wanted, &answer.1).into_iter().map(|problem| format!("{op}: {problem}")));
        }
        lab.sandbox.stop().await;
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert_eq!(looked_at, 128);
}

#[tokio::test]
async fn a_refusal_has_the_shape_of_the_documents_result() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    let wanted = &examples.iter().find(|e| e["id"] == "sms.send").unwrap()["response_example"];
    let lab = Lab::open().await;
    let (status, refusal) = lab.send("POST", "/sms", json!({"to": "nowhere", "smsText": "x"})).await;
    assert_eq!(status, 400);
    assert_eq!(SHAPE.lacks(wanted, &refusal), Vec::<String>::new());
    assert!(refusal["field"][0]["code"] == "number.invalid", "{refusal}");
}
