//! Dialog-info and PIDF documents of the standards and of real phones, and what nobody should send.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::path::PathBuf;

use jiff::Timestamp;
use offhook_dstny::sip::dialog_info::{self, Dialog, DialogState, Direction, Extent, Lamp, Party, lamp};
use offhook_dstny::sip::pidf::{self, Activities, Basic, LinkKind, Note, Person, Presence, Timed, Tuple};
use offhook_dstny::sip::xml::{self, XmlError};
use offhook_dstny::sip::{DialogTable, Outcome, summary};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn data(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/sip").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(&data("expectations.json")).unwrap();
    let cases: Vec<Value> =
        all["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == kind).cloned().collect();
    assert!(cases.len() >= 9, "{} cases of {kind}", cases.len());
    cases
}

/// What a document says, in the words of the expectations; only what is there.
fn object(pairs: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    Value::Object(
        pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>(),
    )
}

fn dialog_json(dialog: &Dialog) -> Value {
    let state = match &dialog.state {
        DialogState::Trying => "trying",
        DialogState::Proceeding => "proceeding",
        DialogState::Early => "early",
        DialogState::Confirmed => "confirmed",
        DialogState::Terminated => "terminated",
        DialogState::Other(word) => word,
        DialogState::Unsaid => "",
    };
    let party = |party: &Party| {
        let params: Map<_, _> = party.params.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
        (*party != Party::default()).then(|| {
            object([
                ("identity", party.identity.as_ref().map(|v| json!(v))),
                ("display", party.display.as_ref().map(|v| json!(v))),
                ("target", party.target.as_ref().map(|v| json!(v))),
                ("params", (!params.is_empty()).then_some(Value::Object(params))),
            ])
        })
    };
    object([
        ("id", Some(json!(dialog.id))),
        ("state", Some(json!(state))),
        ("call_id", dialog.call_id.as_ref().map(|v| json!(v))),
        ("local_tag", dialog.local_tag.as_ref().map(|v| json!(v))),
        ("remote_tag", dialog.remote_tag.as_ref().map(|v| json!(v))),
        (
            "direction",
            dialog
                .direction
                .map(|d| json!(if d == Direction::Initiator { "initiator" } else { "recipient" })),
        ),
        ("event", dialog.event.as_ref().map(|v| json!(v))),
        ("code", dialog.code.map(|v| json!(v))),
        ("duration", dialog.duration.map(|v| json!(v))),
        ("local", party(&dialog.local)),
        ("remote", party(&dialog.remote)),
        (
            "replaces",
            dialog
                .replaces
                .as_ref()
                .map(|r| json!({"call_id": r.call_id, "local_tag": r.local_tag, "remote_tag": r.remote_tag})),
        ),
        ("referred_by", dialog.referred_by.as_ref().map(|v| json!(v))),
    ])
}

#[test]
fn every_dialog_info_case_is_read_as_it_is_meant() {
    for case in cases("dialog-info") {
        let file = case["file"].as_str().unwrap();
        let document = dialog_info::parse(&data(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(json!(document.entity), case["entity"], "{file}");
        assert_eq!(json!(document.version), case["version"], "{file}");
        assert_eq!(document.extent == Extent::Full, case["state"] == "full", "{file}");
        let mut dialogs: Vec<Value> = document.dialogs.iter().map(dialog_json).collect();
        if file.contains("d13") {
            // `display-name` is not in the standard: may be read, need not; we do.
            assert_eq!(
                dialogs[0]["remote"].as_object_mut().unwrap().remove("display"),
                Some(json!("Joe Bloggs"))
            );
        }
        assert_eq!(json!(dialogs), case["dialogs"], "{file}");
        let lit = match lamp(&document.dialogs) {
            Lamp::Idle => "idle",
            Lamp::Ringing => "ringing",
            Lamp::Hold => "hold",
            Lamp::Busy => "busy",
        };
        assert_eq!(json!(lit), case["lamp"], "{file}");
    }
}

#[test]
fn every_presence_case_is_read_as_it_is_meant() {
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let time = |value: &Value| value.as_str().map(|text| text.parse::<Timestamp>().unwrap());
    let texts = |notes: &[Note]| notes.iter().map(|note| note.text.clone()).collect::<Vec<_>>();
    let list = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .map(|list| list.iter().map(|v| v.as_str().unwrap().to_owned()).collect())
            .unwrap_or_default()
    };
    for case in cases("pidf") {
        let file = case["file"].as_str().unwrap();
        let presence = pidf::parse(&data(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(json!(presence.entity), case["entity"], "{file}");
        assert_eq!(texts(&presence.notes), list(&case["notes"]), "{file}");
        let tuples = case["tuples"].as_array().unwrap();
        assert_eq!(presence.tuples.len(), tuples.len(), "{file}");
        for (tuple, expected) in presence.tuples.iter().zip(tuples) {
            assert_eq!(json!(tuple.id), expected["id"], "{file}");
            assert_eq!(tuple.basic == Some(Basic::Open), expected["basic"] == "open", "{file}");
            assert_eq!(json!(tuple.contact), expected["contact"], "{file}");
            let priority = expected["priority"].as_str().map(|p| (p.parse::<f64>().unwrap() * 1000.0) as u16);
            assert_eq!(tuple.priority, priority, "{file}");
            assert_eq!(texts(&tuple.notes), list(&expected["notes"]), "{file}");
            assert_eq!(tuple.timestamp, time(&expected["timestamp"]), "{file}");
        }
        let persons = case["persons"].as_array().unwrap();
        assert_eq!(presence.persons.len(), persons.len(), "{file}");
        for (person, expected) in presence.persons.iter().zip(persons) {
            assert_eq!(json!(person.id), expected["id"], "{file}");
            let activities = person.activities.clone().unwrap_or_default();
            assert_eq!(activities.kinds, list(&expected["activities"]), "{file}");
            assert_eq!(json!(activities.note), expected["activities_note"], "{file}");
            assert_eq!(activities.until, time(&expected["activities_until"]), "{file}");
            assert_eq!(texts(&person.notes), list(&expected["notes"]), "{file}");
            assert_eq!(person.timestamp, time(&expected["timestamp"]), "{file}");
        }
        for (device, expected) in
            presence.devices.iter().zip(case["devices"].as_array().into_iter().flatten())
        {
            assert_eq!(json!(device.id), expected["id"], "{file}");
            assert_eq!(json!(device.user_input.as_ref().unwrap().word), expected["user_input"], "{file}");
        }
        assert_eq!(json!(summary(&presence, now).online), case["online"], "{file}");
    }
}

#[test]
fn the_flow_of_the_standard_ends_with_an_empty_table() {
    let mut table = DialogTable::default();
    let mut lamps = Vec::new();
    for step in ["1-full-early", "2-partial-confirmed"] {
        let document = dialog_info::parse(&data(&format!("rfc-examples/rfc4235-flow-{step}.xml"))).unwrap();
        assert_eq!(table.apply(document), Outcome::Taken(Vec::new()));
        lamps.push(table.lamp());
    }
    assert_eq!(lamps, [Some(Lamp::Busy), Some(Lamp::Busy)]);
    let bye = data("rfc-examples/rfc4235-flow-3-partial-terminated-remote-bye.xml");
    let Outcome::Taken(ended) = table.apply(dialog_info::parse(&bye).unwrap()) else { panic!("not taken") };
    assert_eq!(ended[0].event.as_deref(), Some("remote-bye"));
    assert_eq!((table.dialogs().count(), table.lamp()), (0, Some(Lamp::Idle)));
}

#[test]
fn every_example_of_the_standards_can_be_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/sip/rfc-examples");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let document = data(&format!("rfc-examples/{name}"));
        match name.as_str() {
            name if name.starts_with("rfc4235") => assert!(dialog_info::parse(&document).is_ok(), "{name}"),
            name if name.ends_with(".xml") => assert!(pidf::parse(&document).is_ok(), "{name}"),
            _ => continue,
        }
        read += 1;
    }
    assert_eq!(read, 15);
}

fn info(dialogs: &str) -> Lamp {
    let document =
        format!("<dialog-info version='0' state='full' entity='sip:a@example.com'>{dialogs}</dialog-info>");
    lamp(&dialog_info::parse(&document).unwrap().dialogs)
}

#[test]
fn the_lamp_follows_its_rule() {
    let held = "<dialog id='h'><state>confirmed</state><local><target uri='sip:a@192.0.2.1'>\
                <param pname='+sip.rendering' pval='no'/></target></local></dialog>";
    let ringing = "<dialog id='r' direction='recipient'><state>early</state></dialog>";
    let calling = "<dialog id='c' direction='initiator'><state>early</state></dialog>";
    let talking = "<dialog id='t'><state>confirmed</state></dialog>";
    let over = "<dialog id='o'><state event='local-bye'>terminated</state></dialog>";
    let strange = "<dialog id='s'><state>levitating</state></dialog>";
    let silent = "<dialog id='n'/>";
    assert_eq!(info(""), Lamp::Idle);
    assert_eq!(info(over), Lamp::Idle);
    assert_eq!(info(held), Lamp::Hold);
    assert_eq!(info(&format!("{held}{over}")), Lamp::Hold);
    assert_eq!(info(&format!("{held}{talking}")), Lamp::Busy);
    assert_eq!(info(&format!("{talking}{held}")), Lamp::Busy);
    assert_eq!(info(&format!("{talking}{ringing}{held}")), Lamp::Ringing);
    for busy in [calling, talking, strange, silent] {
        assert_eq!(info(busy), Lamp::Busy, "{busy}");
    }
}

#[test]
fn the_attribute_of_the_drafts_and_any_prefix_are_understood() {
    let document = dialog_info::parse(
        "<d:dialog-info xmlns:d='urn:ietf:params:xml:ns:dialog-info' xmlns:x='urn:example:x' version='7' notify-state='partial' \
         entity='sip:a@example.com'><x:dialog id='foreign'/><d:dialog id='1'><d:state>early</d:state></d:dialog></d:dialog-info>",
    )
    .unwrap();
    assert_eq!((document.extent, document.version, document.dialogs.len()), (Extent::Partial, Some(7), 1));
}

#[test]
fn a_document_that_would_spoil_the_table_is_refused() {
    for document in [
        "",
        "   ",
        "no XML at all",
        "<dialog-info version='1' state='full'>",
        "<dialog-info version='1' state='full'></dialog>",
        "<dialog-info version='1'/>",
        "<dialog-info version='1' state='delta'/>",
        "<presence xmlns='urn:ietf:params:xml:ns:pidf'/>",
        "<dialog-info xmlns='urn:example:other' version='1' state='full'/>",
        "<dialog-info state='full'/><dialog-info state='full'/>",
    ] {
        assert!(dialog_info::parse(document).is_err(), "{document}");
    }
}

#[test]
fn what_could_hurt_the_reader_is_refused() {
    let bomb =
        "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;&lol;'>]><presence>&lol2;</presence>";
    assert_eq!(xml::read(bomb), Err(XmlError::Doctype));
    assert_eq!(xml::read("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), Err(XmlError::Doctype));
    assert_eq!(xml::read("<a>&xxe;</a>"), Err(XmlError::Entity("xxe".to_owned())));
    assert!(matches!(xml::read("<a b='&xxe;'/>"), Err(XmlError::Malformed(_))));
    let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    assert!(xml::read(&deep(xml::DEEPEST)).is_ok());
    assert_eq!(xml::read(&deep(xml::DEEPEST + 1)), Err(XmlError::TooLarge));
    let wide = |n: usize| format!("<a>{}</a>", "<b/>".repeat(n));
    assert!(xml::read(&wide(xml::MOST - 1)).is_ok());
    assert_eq!(xml::read(&wide(xml::MOST)), Err(XmlError::TooLarge));
    let dressed = |n: usize| {
        let attributes: String = (0..n).map(|n| format!(" a{n}='' xmlns:b{n}='urn:b'")).collect();
        format!("<a><b{attributes}/></a>")
    };
    assert!(xml::read(&dressed(xml::MOST_ATTRIBUTES / 2)).is_ok());
    assert_eq!(xml::read(&dressed(xml::MOST_ATTRIBUTES / 2 + 1)), Err(XmlError::TooLarge));
    assert_eq!(xml::read(&format!("<a>{}</a>", " ".repeat(xml::LARGEST))), Err(XmlError::TooLarge));
}

#[test]
fn text_is_put_together_from_its_pieces() {
    let root = xml::read(
        "\u{feff}<?xml version='1.0'?><a x=' 1 &amp; 2 '>a&lt;b<!-- no --><![CDATA[<&>]]>&#x10D;</a>",
    )
    .unwrap();
    assert_eq!((root.text(), root.attribute("x")), ("a<b<&>č", Some("1 & 2")));
}

fn presence(inner: &str) -> Presence {
    pidf::parse(&format!(
        "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:dm='urn:ietf:params:xml:ns:pidf:data-model' \
         xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' xmlns:ts='urn:ietf:params:xml:ns:pidf:timed-status' \
         xmlns:c='urn:ietf:params:xml:ns:pidf:cipid' xmlns:x='urn:example:x' entity='pres:a@example.com'>{inner}</presence>"
    ))
    .unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn tuple(id: &str, basic: &str, priority: &str, more: &str) -> String {
    format!(
        "<tuple id='{id}'><status><basic>{basic}</basic></status>{more}<contact priority='{priority}'>sip:{id}@example.com</contact></tuple>"
    )
}

#[test]
fn the_open_tuple_of_the_highest_priority_is_where_to_reach_them() {
    let now = at("2026-11-22T12:00:00Z");
    let found = |inner: &str| {
        let summary = summary(&presence(inner), now);
        (summary.online, summary.contact)
    };
    let (low, high) = (tuple("low", "open", "0.2", ""), tuple("high", "open", "0.9", ""));
    let closed = tuple("closed", "closed", "1.0", "");
    let assistant = tuple("desk", "open", "1.0", "<r:relationship><r:assistant/></r:relationship>");
    let sip = |id: &str| Some(format!("sip:{id}@example.com"));
    assert_eq!(found(""), (None, None));
    assert_eq!(found(&format!("{low}{high}{closed}")), (Some(true), sip("high")));
    assert_eq!(found(&format!("{low}{assistant}")), (Some(true), sip("low")));
    assert_eq!(found(&closed), (Some(false), None));
    assert_eq!(found(&assistant), (None, None), "an assistant at work says nothing about the person");
    assert_eq!(found("<tuple id='t'><status/></tuple>"), (None, None));
    let first = tuple("first", "open", "0.9", "");
    assert_eq!(found(&format!("{first}{high}")), (Some(true), sip("first")), "the first of equals");
    let impossible = tuple("impossible", "open", "7", "");
    assert_eq!(found(&format!("{impossible}{low}")), (Some(true), sip("low")));
}

#[test]
fn a_tuple_that_demands_what_we_do_not_know_is_left_out() {
    let count = |more: &str| presence(&tuple("t", "open", "1", more)).tuples.len();
    assert_eq!(count("<x:thing mustUnderstand='true'/>"), 0);
    assert_eq!(count("<x:thing xmlns:p='urn:ietf:params:xml:ns:pidf' p:mustUnderstand='1'/>"), 0);
    assert_eq!(count("<r:service-class><x:deep mustUnderstand='true'/></r:service-class>"), 0);
    assert_eq!(count("<x:thing mustUnderstand='false'/>"), 1);
    assert_eq!(count("<x:thing/>"), 1);
    assert_eq!(count("<r:class mustUnderstand='true'>email</r:class>"), 1);
}

#[test]
fn a_timed_status_counts_in_its_time_only() {
    let timed = "<ts:timed-status from='2026-11-22T10:00:00Z' until='2026-11-22T11:00:00Z'><ts:basic>closed</ts:basic></ts:timed-status>";
    let online = |inner: &str, now: &str| summary(&presence(inner), at(now)).online;
    let plain = tuple("t", "open", "1", timed);
    assert_eq!(online(&plain, "2026-11-22T09:59:59Z"), Some(true));
    assert_eq!(online(&plain, "2026-11-22T10:00:00Z"), Some(false));
    assert_eq!(online(&plain, "2026-11-22T11:00:00Z"), Some(true));
    let written_later =
        tuple("t", "open", "1", &format!("{timed}<timestamp>2026-11-22T10:30:00Z</timestamp>"));
    assert_eq!(online(&written_later, "2026-11-22T10:40:00Z"), Some(true));
}

#[test]
fn an_activity_is_current_between_its_times() {
    let inner = "<dm:person id='p'><r:activities from='2026-11-22T10:00:00Z' until='2026-11-22T11:00:00Z'><r:note>Lunch</r:note><r:meal/>\
                 </r:activities><dm:note>Back soon</dm:note></dm:person>";
    let now = |now: &str| summary(&presence(inner), at(now));
    assert_eq!(now("2026-11-22T09:00:00Z").activities, Vec::<String>::new());
    assert_eq!(now("2026-11-22T09:00:00Z").past_activities, Vec::<String>::new());
    let during = now("2026-11-22T10:30:00Z");
    assert_eq!((during.activities, during.note.as_deref()), (vec!["meal".to_owned()], Some("Lunch")));
    assert_eq!(during.until, Some(at("2026-11-22T11:00:00Z")));
    let after = now("2026-11-22T11:00:00Z");
    assert_eq!((after.activities, after.past_activities), (Vec::new(), vec!["meal".to_owned()]));
    assert_eq!((after.note.as_deref(), after.until), (Some("Back soon"), None));
}

#[test]
fn the_newer_of_person_and_tuple_is_believed_wherever_it_stands() {
    let person = |time: &str| {
        format!(
            "<dm:person id='p'><r:activities><r:busy/></r:activities><dm:note>Person</dm:note><dm:timestamp>{time}</dm:timestamp></dm:person>"
        )
    };
    let closed = "<tuple id='t'><status><basic>closed</basic></status><note>Tuple</note><timestamp>2026-11-22T10:00:00Z</timestamp></tuple>";
    let now = at("2026-11-22T12:00:00Z");
    for (before, after) in [(true, false), (false, true)] {
        let place = |person: String| {
            format!("{}{closed}{}", if before { &person } else { "" }, if after { &person } else { "" })
        };
        let older = summary(&presence(&place(person("2026-11-22T09:00:00Z"))), now);
        assert_eq!((older.activities.len(), older.past_activities.len()), (0, 1));
        assert_eq!((older.note.as_deref(), older.as_of), (Some("Tuple"), Some(at("2026-11-22T10:00:00Z"))));
        let newer = summary(&presence(&place(person("2026-11-22T11:00:00Z"))), now);
        assert_eq!((newer.activities.len(), newer.past_activities.len()), (1, 0));
        assert_eq!((newer.note.as_deref(), newer.online), (Some("Person"), Some(false)));
    }
    let two = format!(
        "{}{}",
        person("2026-11-22T11:00:00Z"),
        "<dm:person id='old'><dm:note>Old</dm:note><dm:timestamp>2026-11-22T08:00:00Z</dm:timestamp></dm:person>"
    );
    assert_eq!(summary(&presence(&two), now).note.as_deref(), Some("Person"));
}

#[test]
fn addresses_are_handed_out_on_request_and_only_those_of_the_web() {
    let presence = presence(
        "<dm:person id='p'><c:card>https://example.com/a.vcf</c:card><c:icon>file:///etc/passwd</c:icon>\
         <c:sound>javascript:alert(1)</c:sound><c:map>http://example.com/map</c:map><r:status-icon>https://example.com/i.png</r:status-icon></dm:person>",
    );
    let found: Vec<_> = presence.links.iter().map(|link| (link.kind, link.url.as_str())).collect();
    assert_eq!(
        found,
        [(LinkKind::Card, "https://example.com/a.vcf"), (LinkKind::Map, "http://example.com/map")]
    );
}

#[test]
fn what_is_written_for_the_platform_is_read_back_the_same() {
    let time = Some(at("2026-11-22T12:30:00Z"));
    let presence = Presence {
        entity: Some("pres:åsa@example.com".to_owned()),
        tuples: vec![Tuple {
            id: "t<1>".to_owned(),
            basic: Some(Basic::Open),
            contact: Some("tel:+15550142277".to_owned()),
            priority: Some(805),
            relationship: Some("self".to_owned()),
            notes: vec![Note { lang: Some("sv".to_owned()), text: "Möte & \"fika\"".to_owned() }],
            timestamp: time,
            timed: vec![Timed { from: at("2026-11-23T08:00:00Z"), until: time, basic: Some(Basic::Closed) }],
        }],
        persons: vec![Person {
            id: "p".to_owned(),
            activities: Some(Activities {
                kinds: vec!["on-the-phone".to_owned(), "mending the roof".to_owned()],
                note: Some("until <5>".to_owned()),
                from: time,
                until: time,
            }),
            time_offset: Some(-240),
            ..Person::default()
        }],
        notes: vec![Note { lang: None, text: "všem".to_owned() }],
        ..Presence::default()
    };
    assert_eq!(pidf::parse(&presence.to_xml()), Ok(presence));
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in ".{0,200}", piece in "[<>a-z/='\"& \\[\\]!?:-]{0,200}") {
        for document in [
            text.clone(),
            piece.clone(),
            format!("<dialog-info state='full' version='1'>{piece}</dialog-info>"),
            format!("<presence xmlns='urn:ietf:params:xml:ns:pidf'><tuple id='1'>{piece}</tuple>{text}</presence>"),
        ] {
            let _ = dialog_info::parse(&document);
            let now = Timestamp::UNIX_EPOCH;
            let _ = pidf::parse(&document).map(|presence| summary(&presence, now));
        }
    }

    #[test]
    fn a_cut_or_damaged_document_never_panics(which in 0_usize..3, cut in 0_usize..4000, junk in any::<u8>()) {
        let files = ["sip-xml/d05-rfc4235-6.2-replaced-with-errata.xml", "sip-xml/p05-rfc4480-rpid.xml", "sip-xml/p17-rfc4482-cipid.xml"];
        let mut bytes = data(files[which]).into_bytes();
        let at = cut % bytes.len();
        bytes[at] = junk;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = (dialog_info::parse(&text), pidf::parse(&text));
        let short = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let _ = (dialog_info::parse(&short), pidf::parse(&short));
    }

    #[test]
    fn any_words_can_be_written(kinds in prop::collection::vec("\\PC{1,12}", 0..4), note in "\\PC{0,20}") {
        let squeeze = |s: &String| s.trim().to_owned();
        prop_assume!(kinds.iter().all(|kind| !squeeze(kind).is_empty() && squeeze(kind) == *kind));
        let person = Person {
            activities: Some(Activities { kinds, note: Some(squeeze(&note)).filter(|n| !n.is_empty()), ..Activities::default() }),
            ..Person::default()
        };
        let presence = Presence { persons: vec![person], ..Presence::default() };
        prop_assert_eq!(pidf::parse(&presence.to_xml()), Ok(presence));
    }
}
