use model::StagedFile;
use serde_json::{Value, json};

use super::super::made::record;
use super::*;

fn is(activity: Value, kind: MessageKind, text: &str) -> Found {
    let message = Message {
        kind,
        text: text.to_owned(),
        to: vec!["Eva@acme.example".to_owned()],
        ..Message::default()
    };
    is_it(&record::<Activity>(activity), &message)
}

fn email(text: &str, address: &str, action: &str, direction: &str) -> Value {
    json!({"name": "a", "type": "EMAIL", "action": action,
        "item": {"name": "e", "direction": direction, "text": text, "address": address}})
}

#[test]
fn a_message_is_known_again_by_its_text_and_its_addressees() {
    let text = "Yes,\n  on  Monday. A & B";
    let html = letter::to_html(text);
    let signed = format!("{html}<br>-- <br>Ida");
    let reply = |activity| is(activity, MessageKind::Reply, text);
    assert_eq!(reply(email(&html, "eva@acme.example", "CLOSE", "out")), Found::Yes);
    assert_eq!(reply(email(&signed, "x@acme.example, eva@acme.example", "CLOSE", "out")), Found::Yes);
    assert_eq!(reply(email(&html, "x@acme.example", "CLOSE", "out")), Found::No, "somebody else got it");
    assert_eq!(reply(email("Yes", "eva@acme.example", "CLOSE", "out")), Found::No);
    assert_eq!(reply(email(&html, "eva@acme.example", "CLOSE", "in")), Found::No);
    let forward = email(&format!("{signed}<blockquote>Old</blockquote>"), "eva@acme.example", "OPEN", "out");
    assert_eq!(is(forward, MessageKind::Forward, text), Found::No, "begun and not sent");
    let note = json!({"name": "a", "type": "", "description": html});
    assert_eq!(is(note.clone(), MessageKind::Note, text), Found::Yes);
    assert_eq!(is(note.clone(), MessageKind::Note, "Yes,"), Found::No, "a part is not the whole");
    assert_eq!(is(note, MessageKind::Reply, text), Found::No);
}

#[test]
fn a_text_message_whose_words_nobody_tells_may_be_any() {
    let sms = |text: Value| json!({"name": "a", "type": "SMS", "item": {"name": "s", "direction": "OUT", "text": text}});
    assert_eq!(is(sms(json!("On my way")), MessageKind::Sms, "On my way"), Found::Yes);
    assert_eq!(is(sms(json!("Late")), MessageKind::Sms, "On my way"), Found::No);
    assert_eq!(is(sms(json!(null)), MessageKind::Sms, "On my way"), Found::Perhaps);
}

#[test]
fn files_tell_messages_apart_where_they_are_told() {
    let file = StagedFile { id: "1".into(), name: "plan.pdf".into(), mime: String::new(), size: 1 };
    let message = Message { kind: MessageKind::Note, files: vec![file], ..Message::default() };
    let with =
        |files: Value| is_it(&record(json!({"name": "a", "type": "", "attachments": files})), &message);
    assert_eq!(with(json!([{"file": 1, "title": "plan.pdf"}])), Found::Yes);
    assert_eq!(with(json!([{"file": 1, "title": "other.pdf"}])), Found::No);
}
