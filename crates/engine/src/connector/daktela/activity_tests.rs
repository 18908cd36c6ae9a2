use daktela::{Reading, Record};
use serde_json::{Value, json};

use super::*;

fn me() -> User {
    User { name: "jana".to_owned(), title: Some("Jana".to_owned()), ..User::default() }
}

fn read(row: &Value) -> Activity {
    Activity::read(row.as_object().unwrap(), &Reading::new(jiff::tz::TimeZone::UTC)).unwrap()
}

fn stands(row: &Value) -> Result<Seen, Fate> {
    let account = AccountId::from("a");
    let me = me();
    let reader = Reader { account: &account, region: "CZ", me: &me, rules: &|_| WrapUpRules::default() };
    match reader.read(&read(row)) {
        Stands::Here(seen) => Ok(*seen),
        Stands::Left(fate) => Err(fate),
    }
}

fn call(action: &str, user: &Value, direction: &str, channels: &Value) -> Value {
    json!({"name": "activities_1", "type": "CALL", "action": action, "user": user,
        "item": {"id_call": "1", "direction": direction, "clid": "+442079460555", "channels": channels,
            "_sys": {"model": "activitiesCall"}}, "_sys": {"model": "activities"}})
}

fn leg(user: &Value, state: &str) -> Value {
    json!({"name": "c", "user": user, "state": state})
}

#[test]
fn where_a_call_stands_follows_the_rules_of_the_agent_interface() {
    let (jana, eva) = (json!({"name": "jana"}), json!({"name": "eva"}));
    let nobody = Value::Null;
    let talking = json!([leg(&jana, "Speaking"), leg(&nobody, "Speaking")]);
    let held = json!([leg(&jana, "On Hold"), leg(&nobody, "Speaking")]);
    let over = json!([leg(&jana, "Closed"), leg(&nobody, "Closed")]);
    let nameless = json!([leg(&nobody, "Speaking"), leg(&nobody, "Speaking")]);
    let ended = json!([leg(&nobody, "Closed"), leg(&nobody, "Closed")]);
    let calling = json!([leg(&jana, "Speaking"), leg(&nobody, "Ringing")]);
    for (row, phase, actions) in [
        (call("WAIT", &jana, "in", &nobody), Phase::Ringing, vec![Action::Answer, Action::Decline]),
        (call("", &nobody, "in", &nobody), Phase::Waiting, vec![Action::Answer]),
        (call("WAIT", &nobody, "in", &nobody), Phase::Waiting, vec![Action::Answer]),
        (call("", &jana, "in", &nobody), Phase::Waiting, vec![Action::Answer]),
        (call("OPEN", &jana, "in", &talking), Phase::Open, vec![Action::Hangup]),
        (call("OPEN", &jana, "in", &held), Phase::Open, vec![Action::Hangup]),
        (call("OPEN", &jana, "in", &json!([])), Phase::Open, vec![Action::Hangup, Action::Close]),
        (call("OPEN", &jana, "in", &over), Phase::WrapUp, vec![Action::Close]),
        (call("OPEN", &jana, "out", &calling), Phase::Dialling, vec![Action::Hangup]),
        (call("OPEN", &jana, "out", &talking), Phase::Open, vec![Action::Hangup]),
        // Rights may hide whose leg it is.
        (call("OPEN", &jana, "in", &nameless), Phase::Open, vec![Action::Hangup]),
        (call("OPEN", &jana, "in", &ended), Phase::WrapUp, vec![Action::Close]),
        (call("POSTPONE", &jana, "in", &over), Phase::Postponed, vec![Action::Close]),
        // Rights may hide the login name.
        (
            call("WAIT", &json!({"title": "Jana", "alias": "j"}), "in", &nobody),
            Phase::Ringing,
            vec![Action::Answer, Action::Decline],
        ),
        // A word we do not know is not a ring.
        (call("SNOOZED", &jana, "in", &nobody), Phase::Waiting, vec![Action::Answer]),
    ] {
        let seen = stands(&row).unwrap_or_else(|fate| panic!("{row}: {fate:?}"));
        assert_eq!((seen.phase, seen.actions), (phase, actions), "{row}");
        assert_eq!(seen.on_hold, row["item"]["channels"] == held, "{row}");
    }
    for (row, fate) in [
        (call("WAIT", &eva, "in", &nobody), Fate::Passed),
        (call("OPEN", &eva, "in", &talking), Fate::Elsewhere),
    ] {
        assert_eq!(stands(&row).unwrap_err(), fate, "{row}");
    }
}

#[test]
fn how_a_closed_call_ended_is_told_from_its_record() {
    let closed = |user: &str, item: Value, opened: bool| {
        let mut row = call("CLOSE", &json!({"name": user}), "in", &Value::Null);
        for (key, value) in item.as_object().unwrap() {
            row["item"][key] = value.clone();
        }
        row["time_open"] = if opened { json!("2026-01-01 10:00:00") } else { Value::Null };
        fate_of(&read(&row), &me())
    };
    assert_eq!(closed("jana", json!({"disconnection_cause": "abandon"}), false), Fate::Abandoned);
    assert_eq!(closed("jana", json!({"answered": false}), true), Fate::Abandoned);
    assert_eq!(closed("jana", json!({"answered": true}), true), Fate::Handled);
    assert_eq!(closed("eva", json!({"answered": true}), true), Fate::Elsewhere);
}

#[test]
fn other_channels_are_closed_and_not_hung_up() {
    let row = json!({"name": "a", "type": "CHAT", "action": "OPEN", "user": {"name": "jana"},
        "item": {"name": "w", "title": "Order 17", "email": "k@example.org", "_sys": {"model": "activitiesWeb"}}});
    let seen = stands(&row).unwrap();
    assert_eq!((seen.channel, seen.phase, seen.actions), (Channel::Chat, Phase::Open, vec![Action::Close]));
    assert_eq!(seen.party.address.as_deref(), Some("k@example.org"));
}

#[test]
fn html_of_the_platform_becomes_plain_text_and_ours_survives_the_way_there_and_back() {
    for (html, text) in [
        ("<p>Hello<br/>there</p>&amp; more", "Hello\nthere\n& more"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("<script>alert(1)</script>x", "alert(1)x"),
        ("unfinished <b", "unfinished <b"),
        ("", ""),
    ] {
        assert_eq!(people::plain(html), text);
    }
    for note in ["two\nlines & <tags>", "plain", "5 > 3 < 7 &amp;"] {
        assert_eq!(people::plain(&people::as_html(note)), note);
    }
}
