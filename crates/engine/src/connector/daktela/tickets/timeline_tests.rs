use serde_json::{Value, json};

use super::super::made::record;
use super::*;

fn read(activity: Value) -> Vec<RawEntry> {
    let me: User = record(json!({"name": "ida", "title": "Ida Lind"}));
    Reader { me: &me, region: "CZ" }.entries(&record::<Activity>(activity), Vec::new())
}

fn fact_of(entry: &RawEntry, label: &str) -> Option<String> {
    entry.facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.clone())
}

#[test]
fn an_email_brings_its_addressees_its_pictures_and_its_other_files() {
    let entries = read(
        json!({"name": "activities_1", "type": "EMAIL", "title": "Boiler", "time": "2026-06-01 10:00:00",
        "contact": {"name": "c", "title": "Eva"}, "user": {"name": "ida"}, "description": "", "queue": {"name": 3001, "title": "Help"},
        "item": {"name": "emails_1", "_sys": {"model": "activitiesEmail"}, "title": "Re: Boiler", "address": "eva@acme.example",
            "direction": "in", "text": "<p>See <img src=\"cid:pic@1\"> and <img src=\"/file/download.php?mapper=x&amp;name=7\"></p>",
            "options": {"headers": {"to": [{"address": "help@acme.example", "display": "Help"}], "cc": "a@x.example, b@x.example"}},
            "attachments": [
                {"file": 5, "inline": "1", "cid": "<pic@1>", "title": "pic.png", "type": "image/png", "size": 3},
                {"file": 6, "inline": "0", "cid": "", "title": "C:\\plan.pdf", "type": "application/pdf", "size": "9"},
                {"file": 7, "title": "own.png", "type": "image/png"},
                {"file": 8, "inline": "1", "cid": "nowhere", "title": "logo.png"}]}}),
    );
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!(
        (entry.kind, entry.direction, entry.title.as_str()),
        (EntryKind::Message, Direction::In, "Re: Boiler")
    );
    assert_eq!((entry.author.kind, entry.author.name.as_str()), (AuthorKind::Customer, "Eva"));
    assert_eq!(fact_of(entry, "to").as_deref(), Some("help@acme.example"));
    assert_eq!(fact_of(entry, "cc").as_deref(), Some("a@x.example, b@x.example"));
    assert_eq!(fact_of(entry, "queue").as_deref(), Some("Help"));
    let pictures: Vec<(&str, &str)> =
        entry.inline.iter().map(|one| (one.cid.as_str(), one.file.id.as_str())).collect();
    assert_eq!(
        pictures,
        [("pic@1", "activitiesEmail/5"), ("/file/download.php?mapper=x&name=7", "activitiesEmail/7")]
    );
    let files: Vec<(&str, Option<u64>)> =
        entry.files.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(
        files,
        [("plan.pdf", Some(9)), ("logo.png", None)],
        "a picture the text does not show is a file"
    );
}

#[test]
fn what_became_of_an_outgoing_email_is_told() {
    for (state, delivery) in [
        (json!("SENT"), Some(Delivery::Sent)),
        (json!("FAILED"), Some(Delivery::Failed)),
        (json!("WAIT"), Some(Delivery::Waiting)),
        (json!("POSTPROCESSING"), Some(Delivery::Waiting)),
        (json!("DRAFT"), Some(Delivery::Draft)),
        (json!(""), None),
        (json!(null), None),
        (json!("ELSEWHERE"), None),
    ] {
        let entries =
            read(json!({"name": "a", "type": "EMAIL", "user": {"name": "ida", "title": "Ida Lind"},
            "item": {"name": "e", "direction": "out", "state": state, "address": "eva@acme.example"}}));
        assert_eq!(entries[0].delivery, delivery, "{state}");
        assert!(entries[0].author.me && entries[0].direction == Direction::Out);
        assert_eq!(fact_of(&entries[0], "to").as_deref(), Some("eva@acme.example"));
    }
}

#[test]
fn calls_chats_comments_and_the_rest_have_their_kind() {
    let line = |name: &str, way: &str, kind: &str| {
        json!({"name": name, "direction": way, "text": name, "type": kind,
        "time_created": "2026-06-01 10:00:00"})
    };
    let chat = json!({"name": "w", "title": "Visitor", "messages": [line("l1", "IN", "PUBLIC"), line("l2", "OUT", "PUBLIC"),
        line("l3", "OUT", "PRIVATE"), line("l4", "BOT", "PUBLIC"), line("l5", "OUT", "COMMAND")]});
    for (kind, item, description, expected) in [
        (
            "CALL",
            json!({"id_call": "c", "clid": "+420601000000", "direction": "in", "answered": false, "missed_call": 1,
            "waiting_time": 42, "options": {"missedagentname": "Tomáš"}}),
            "",
            vec![("a", EntryKind::Call, Channel::Call, Direction::In)],
        ),
        (
            "CHAT",
            chat,
            "Asked about lamps",
            vec![
                ("a", EntryKind::Message, Channel::Chat, Direction::In),
                ("a#l2", EntryKind::Message, Channel::Chat, Direction::Out),
                ("a#l3", EntryKind::Note, Channel::Chat, Direction::Internal),
                ("a#l4", EntryKind::Message, Channel::Chat, Direction::Out),
                ("a#note", EntryKind::Note, Channel::Chat, Direction::Internal),
            ],
        ),
        ("", json!(null), "<p>Hm</p>", vec![("a", EntryKind::Note, Channel::Comment, Direction::Internal)]),
        (
            "SMS",
            json!({"name": "s", "sender": "+420601000000", "direction": "OUT", "text": "Yes"}),
            "",
            vec![("a", EntryKind::Message, Channel::Sms, Direction::Out)],
        ),
        (
            "WAP",
            json!({"name": "s", "direction": "IN"}),
            "",
            vec![("a", EntryKind::Message, Channel::Whatsapp, Direction::In)],
        ),
        (
            "FBCOMMENT",
            json!({"name": "s"}),
            "Public",
            vec![("a", EntryKind::Message, Channel::Social, Direction::In)],
        ),
        ("HOLOGRAM", json!(42), "", vec![("a", EntryKind::Message, Channel::Other, Direction::In)]),
    ] {
        let entries = read(json!({"name": "a", "type": kind, "item": item, "description": description,
            "user": {"name": "tomas", "title": "Tomáš"}}));
        let short: Vec<_> = entries.iter().map(|e| (e.id.as_str(), e.kind, e.channel, e.direction)).collect();
        assert_eq!(short, expected, "{kind}");
    }
    let missed = &read(
        json!({"name": "a", "type": "CALL", "item": {"id_call": "c", "missed_call": 1, "waiting_time": 102,
        "options": {"missedagentname": "Tomáš"}, "clid": "+420601000000"}}),
    )[0];
    assert_eq!(
        (fact_of(missed, "waited").as_deref(), fact_of(missed, "missed").as_deref()),
        (Some("1:42"), Some("Tomáš"))
    );
    assert!(missed.phone.is_some() && missed.seconds.is_none());
}

#[test]
fn lines_are_asked_for_where_the_item_does_not_tell_them() {
    let ask = |activity: Value| lines_to_ask(&record::<Activity>(activity));
    assert_eq!(
        ask(json!({"name": "a", "type": "CHAT", "item": {"name": "w1"}})),
        Some(("activitiesWeb", "w1".to_owned()))
    );
    assert_eq!(
        ask(json!({"name": "a", "type": "VBR", "item": {"name": "v1"}})),
        Some(("activitiesVbr", "v1".to_owned()))
    );
    assert_eq!(
        ask(json!({"name": "a", "type": "CHAT", "item": {"name": "w1", "messages": [{"name": "l"}]}})),
        None
    );
    assert_eq!(ask(json!({"name": "a", "type": "EMAIL", "item": {"name": "e1"}})), None);
    assert_eq!(ask(json!({"name": "a", "type": "CHAT", "item": 42})), None);
}
