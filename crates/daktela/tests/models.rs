//! Records as they were seen (names and texts changed) or as the reference promises them, read by every model.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use jiff::tz::TimeZone;
use offhook_daktela::models::*;
use offhook_daktela::{CustomKind, Device, DeviceKind, Fk, Reading, Record};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read<T: Record>(value: Value) -> T {
    read_noting(value).0
}

fn read_noting<T: Record>(value: Value) -> (T, Vec<String>) {
    let reading = Reading::new(TimeZone::get("Europe/Prague").unwrap());
    let Value::Object(map) = value else { panic!("not a record") };
    (T::read(&map, &reading).unwrap(), reading.odd())
}

/// Recorded in 2022, keys reordered.
fn email_activity() -> Value {
    json!({"name":"activities_629f5020a5988094907979","ticket":{"name":10361,"title":"Boiler"},
        "title":"Support issue","action":"CLOSE","type":"EMAIL",
        "item":{"queue":{"name":3001},"user":null,"contact":null,"title":"Support issue","address":"jana@acme.example",
            "direction":"in","wait_time":0,"duration":0,"answered":true,"text":"<p>Hello</p>",
            "options":{"headers":{"cc":"","to":[{"address":"help@acme.example"}]}},"time":"2022-06-07 15:18:24",
            "state":null,"name":"emails_629f502","_sys":{"hash":null,"model":"activitiesEmail"},
            "files":[{"file":660,"inline":"0","cid":"","title":"device.log","type":"text/plain","size":93}]},
        "queue":{"name":3001,"title":"Help"},"user":null,"contact":null,"survey":null,"record":null,"statuses":[],
        "priority":0,"options":null,"description":"","important":false,"time":"2022-06-07 15:18:24","time_wait":null,
        "time_open":null,"time_close":"2022-06-07 15:18:24","baw":0,"aaw":0,"duration":0,"ringing_time":0,
        "created_by":null,"customFields":[],"_sys":{"hash":"46212","model":"activities"},"attachments":[]})
}

#[test]
fn an_activity_as_recorded() {
    let (activity, odd) = read_noting::<Activity>(email_activity());
    assert_eq!(odd, [] as [String; 0]);
    assert_eq!(activity.action, Some(ActivityAction::Close));
    assert!(activity.ticket.as_ref().unwrap().is("10361"), "an integer name is compared as text");
    assert_eq!(activity.queue.unwrap().label(), "Help");
    assert_eq!(activity.time.unwrap().to_string(), "2022-06-07T13:18:24Z");
    assert_eq!(activity.description, None);
    assert!(activity.options.is_empty() && activity.custom_fields.0.is_empty());
    let Some(Item::Email(email)) = activity.item else { panic!() };
    assert_eq!((email.direction, email.state), (Some(Direction::In), None));
    assert_eq!((email.attachments[0].name.as_str(), email.attachments[0].inline), ("660", Some(false)));
}

#[test]
fn the_item_of_an_activity_is_what_its_model_says_or_its_type_or_only_a_number() {
    let item =
        |kind: Value, item: Value| read::<Activity>(json!({"name": "a", "type": kind, "item": item})).item;
    let call = json!({"id_call": "c1", "clid": "+15550100", "answered": "1", "missed_call": null,
        "channels": null, "_sys": {"model": "activitiesCall"}});
    let Some(Item::Call(read)) = item(json!("CALL"), call.clone()) else { panic!() };
    assert_eq!((read.id_call.as_str(), read.answered, read.channels.len()), ("c1", Some(true), 0));
    let without_sys = json!({"id_call": "c1"});
    assert!(item(json!("CALL"), without_sys).unwrap().call().is_some());
    assert!(matches!(item(json!("CHAT"), json!({"name": "w1"})), Some(Item::Web(_))));
    assert!(matches!(item(json!("WAP"), json!({"name": "w1"})), Some(Item::Wap(_))));
    assert_eq!(item(json!("CALL"), json!(42)), Some(Item::Id("42".into())));
    assert_eq!(item(json!(""), json!(null)), None);
    assert_eq!(item(json!("CALL"), json!([])), None);
    assert!(matches!(item(json!("HOLOGRAM"), json!({"name": "x"})), Some(Item::Other(_))));
}

#[test]
fn the_legs_of_a_call_are_a_list_or_a_map_and_everything_not_closed_is_live() {
    let leg = |state: Value, user: &str| json!({"name": "l", "state": state, "user": {"name": user}});
    for channels in
        [json!([leg(json!("Speaking"), "jana")]), json!({"7": leg(json!("Some New State"), "jana")})]
    {
        let call: ActivityCall = read(json!({"id_call": "c", "channels": channels}));
        assert!(call.live_channel_of("jana").is_some());
        assert!(call.live_channel_of("pavel").is_none());
    }
    let closed: ActivityCall = read(json!({"id_call": "c", "channels": [leg(json!("Closed"), "jana")]}));
    assert!(closed.live_channel_of("jana").is_none());
}

#[test]
fn references_come_in_every_dress() {
    let user = |value: Value| read::<Ticket>(json!({"name": 1, "user": value})).user;
    let full = user(json!({"name": "jana", "title": "Jana", "email": "jana@acme.example"})).unwrap();
    assert!(full.is("jana"));
    assert_eq!(full.full.unwrap().email.as_deref(), Some("jana@acme.example"));
    let restricted = user(json!({"title": "An user", "alias": "user"})).unwrap();
    assert_eq!(
        (restricted.name.as_deref(), restricted.label(), restricted.full.is_none()),
        (None, "An user", true)
    );
    assert_eq!(user(json!("jana")), Some(Fk::to("jana")));
    assert_eq!(user(json!(42)), Some(Fk::to("42")));
    for nothing in [json!(null), json!({}), json!([]), json!("")] {
        assert_eq!(user(nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn custom_fields_come_in_every_dress() {
    let fields = |value: Value| read::<Contact>(json!({"name": "c", "customFields": value})).custom_fields;
    let recorded = fields(
        json!({"number":["+15550100", null, 15550101],"address":[null],"email":"a@b.example","note":[]}),
    );
    assert_eq!(recorded.get("number"), ["+15550100", "15550101"]);
    assert_eq!(recorded.get("email"), ["a@b.example"]);
    assert!(recorded.get("address").is_empty() && recorded.get("unknown").is_empty());
    assert!(fields(json!([])).0.is_empty() && fields(json!(null)).0.is_empty());
}

#[test]
fn a_user_as_recorded_and_the_words_of_both_documents() {
    let (user, odd) = read_noting::<User>(
        json!({"name":"admin","title":"Administrator","type":"BO","alias":"",
        "profile":{"name":"admin","title":"BO","type":"BO","maxActivities":5,"canTransferCall":"none",
            "options":{"extensionRequired":false},"customViews":[]},
        "role":{"name":"r","options":{"tickets":31},"shortcuts":[],"type":"BO"},"extension":"214","acl":null,
        "extension_state":"online","clid":"","static":false,"recordAtCallStart":"bridged","email":"",
        "options":{"sign":"x"},"timezone":"_AUTOMATIC_","deactivated":false,"_sys":{"hash":null,"model":"users"}}),
    );
    assert_eq!(odd, [] as [String; 0]);
    assert_eq!((user.kind, user.is_static), (Some(UserKind::BackOffice), Some(false)));
    let profile = user.profile.unwrap().full.unwrap();
    assert_eq!((profile.max_activities, profile.custom_views.len()), (Some(5), 0));
    assert_eq!(
        read::<User>(json!({"name": "x", "type": "robot"})).kind,
        Some(UserKind::Other("robot".into()))
    );
}

#[test]
fn a_live_session_under_both_spellings() {
    for key in ["onpause", "on_pause"] {
        let (session, odd) = read_noting::<RealtimeSession>(
            json!({"id_agent":{"name":"jana"},"state":"Paused",
            "exten":305,"exten_status":"","presence_status":null,"id_pause":{"name":"lunch","title":"Lunch","type":""},
            key:"2026-11-20 12:00:00","onpause_unknown":1}),
        );
        assert_eq!(odd, [] as [String; 0]);
        assert!(session.on_pause.is_some(), "{key}");
        assert_eq!((session.exten.as_deref(), session.exten_status), (Some("305"), None));
        assert_eq!(session.id_pause.unwrap().full.unwrap().kind, None, "'' is a pause of the instance");
    }
}

#[test]
fn queues_say_whether_one_can_log_in_and_call_out() {
    let queue = |value| read::<Queue>(value);
    let manual = queue(json!({"name": 2000, "type": "out", "options": [], "_rdata": {"login": "manual"}}));
    assert_eq!((manual.can_log_in(), manual.is_outgoing()), (Some(true), true));
    assert_eq!(queue(json!({"name": 1, "_rdata": {"login": ""}})).can_log_in(), Some(false));
    assert_eq!(queue(json!({"name": 1, "_rdata": {"login": null}})).can_log_in(), Some(false));
    assert_eq!(queue(json!({"name": 1, "_rdata": null})).can_log_in(), None);
    assert_eq!(
        queue(json!({"name": 1, "deactivated": 1, "_rdata": {"login": "auto"}})).can_log_in(),
        Some(false)
    );
    assert!(!queue(json!({"name": 1, "type": "in", "direction": "in"})).is_outgoing());
    assert!(queue(json!({"name": 1, "type": "newtype", "direction": "out"})).is_outgoing());
}

#[test]
fn devices_have_a_kind() {
    let device: Device =
        read(json!({"name": 305, "title": "Desk", "model": "sipDevices", "cc_device": true}));
    assert_eq!((device.name.as_str(), device.kind), ("305", Some(DeviceKind::SipDevice)));
}

#[test]
fn words_in_capitals_and_small_and_numbers_as_words() {
    let direction = |value| read::<ActivitySms>(json!({"name": "s", "direction": value})).direction;
    assert_eq!(direction(json!("IN")), Some(Direction::In));
    assert_eq!(direction(json!("out")), Some(Direction::Out));
    assert_eq!(direction(json!("")), None);
    let action = |value| read::<CampaignRecord>(json!({"name": "r", "action": value})).action;
    assert_eq!(action(json!(5)), Some(CampaignAction::Done));
    assert_eq!(action(json!("5")), Some(CampaignAction::Done));
    assert_eq!(read::<ActivitySms>(json!({"name": "s", "missed": "YES"})).missed, Some(true));
}

#[test]
fn a_status_has_exactly_the_recorded_keys_and_a_pause_its_own() {
    let (status, odd) = read_noting::<Status>(json!({"title":"Solved","description":"","validation":false,
        "nextcall":false,"blacklist_database":null,"blacklist_expiration_time":0,"color":"#00ff00","name":"solved",
        "_sys":{"model":"statuses"}}));
    assert_eq!((status.color.as_deref(), odd.len()), (Some("#00ff00"), 0));
    let pause: Pause = read(json!({"name":"lunch","title":"Lunch","type":null,"paid":1,"max_duration":"30"}));
    assert_eq!((pause.paid, pause.max_duration), (Some(true), Some(30)));
    assert_eq!(read::<Pause>(json!({"name":"w","type":"wrap"})).kind, Some(PauseKind::Wrap));
}

#[test]
fn an_endless_chain_of_parents_ends() {
    let mut ticket = json!({"name": 0});
    for name in 1..100 {
        ticket = json!({"name": name, "parentTicket": ticket});
    }
    let mut ticket = Some(Box::new(read::<Ticket>(ticket)));
    let mut depth = 0;
    while let Some(parent) = ticket.and_then(|ticket| ticket.parent_ticket) {
        ticket = parent.full;
        depth += 1;
        assert!(parent.name.is_some());
    }
    assert!(depth < 10, "{depth}");
}

/// Every model of the reference, read from the same map.
fn read_everything(map: &Map<String, Value>) {
    macro_rules! every {
        ($($model:ty),* $(,)?) => { $(
            let reading = Reading::new(TimeZone::UTC);
            let _ = <$model>::read(map, &reading);
            let _ = reading.odd();
        )* };
    }
    every!(
        Ticket,
        TicketCategory,
        Activity,
        ActivityCall,
        ActivityEmail,
        ActivityWeb,
        ActivitySms,
        ActivityFbm,
        ActivityIgdm,
        ActivityWap,
        ActivityVbr,
        Contact,
        Account,
        CrmRecord,
        CampaignRecord,
        CampaignType,
        Group,
        Pause,
        Queue,
        Status,
        Template,
        User,
        RealtimeSession,
        SipDevice,
        Profile,
        CallChannel,
        Attachment,
        Device,
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2022-06-07 15:18:24")),
        Just(json!("9999-99-99 99:99:99")),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any_key(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    let known = [
        "name",
        "title",
        "type",
        "action",
        "item",
        "user",
        "ticket",
        "parentTicket",
        "queue",
        "contact",
        "statuses",
        "options",
        "customFields",
        "time",
        "time_open",
        "priority",
        "important",
        "id_call",
        "channels",
        "activities",
        "attachments",
        "profile",
        "_rdata",
        "_sys",
        "model",
        "state",
        "direction",
        "onpause",
        "followers",
        "created",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_json_makes_a_reader_panic(map in prop::collection::hash_map(any_key(), any_json(), 0..12)) {
        read_everything(&map.into_iter().collect());
    }
}

#[test]
fn a_scheme_tells_what_the_fields_of_the_instance_are() {
    let ticket: Ticket = read(
        json!({"name": 2, "customFields": {"number": ["+15550100"]}, "_sys": {"hash": null,
        "model": "tickets", "cfScheme": {
            "number": {"type": "PHONE", "title": "Phone", "hidden": false, "readonly": false, "multiple": true},
            "tariff": {"type": "SELECTBOX", "title": "Tariff", "readonly_in_update": 1, "readonly_in_activity": 0,
                "items": [{"name": "i1", "title": "Small", "value": "s"}, {"name": "i2", "value": "l"}, "other"]},
            "odd": {"type": "HOLOGRAM", "hidden": "1", "items": null}}}}),
    );
    let field = |key: &str| &ticket.scheme.0[key];
    assert_eq!((field("number").kind.clone(), field("number").multiple), (Some(CustomKind::Phone), true));
    assert!(field("tariff").readonly && !field("number").readonly);
    let items = [("s", "Small"), ("l", "l"), ("other", "other")].map(|(v, t)| (v.to_owned(), t.to_owned()));
    assert_eq!(field("tariff").items, items);
    assert!(field("odd").hidden && field("odd").kind == Some(CustomKind::Other("HOLOGRAM".into())));
    for none in [json!({}), json!([]), json!(null), json!({"cfScheme": []}), json!({"cfScheme": null})] {
        assert!(read::<Contact>(json!({"name": "c", "_sys": none})).scheme.0.is_empty());
    }
}

#[test]
fn the_count_of_a_view_comes_in_every_dress() {
    for count in [json!(7), json!(7.0), json!("7")] {
        assert_eq!(read::<TicketView>(json!({"name": "v", "title": "Mine", "count": count})).count, Some(7));
    }
}

#[test]
fn the_lines_of_a_conversation_stand_in_its_item_or_do_not() {
    let told: Activity = read(json!({"name": "a", "type": "CHAT", "item": {"name": "w", "messages": [
        {"name": "l1", "direction": "IN", "text": "Hello", "time_created": "2026-06-01 10:00:00", "type": "PUBLIC"},
        {"name": "l2", "direction": "BOT", "text": "One moment", "time_created": "2026-06-01 10:00:01"},
        {"text": "no name"}]}}));
    let Some(Item::Web(web)) = told.item else { panic!() };
    assert_eq!(web.lines.len(), 2, "a line without a name costs itself only");
    assert_eq!(web.lines[1].direction, Some(Direction::Other("BOT".into())));
    let untold: Activity =
        read(json!({"name": "a", "type": "WAP", "item": {"name": "w", "sender": "+15550100"}}));
    let Some(Item::Wap(message)) = untold.item else { panic!() };
    assert!(message.lines.is_empty());
}
