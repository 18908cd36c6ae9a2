//! Everything of an agent's day that is not a live call.

use dstny::commlog::{LogMarks, LogQuery};
use dstny::contact_info::ScheduledPresence;
use dstny::contacts::{ContactQuery, ContactStatus};
use dstny::event::{Event, EventParticipant};
use dstny::groups::{GroupDetail, GroupLogQuery, Handling};
use dstny::personal_contacts::{AddressBook, PersonalContact, PersonalNumber};
use dstny::presence::{PresenceChange, Shortcut};
use dstny::user_line::LineChoice;
use dstny::{Availability, End, Error};
use jiff::{Timestamp, ToSpan};
use product_tests::centre;
use serde_json::json;

use super::{client, ring, run};

fn soon() -> Timestamp {
    let later = Timestamp::now() + 2.hours();
    Timestamp::from_second(later.as_second()).expect("a time")
}

#[tokio::test]
async fn a_connection_check_finds_everything_where_the_table_has_it() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let probes = ida.probes();
    assert!(probes.len() >= 25);
    for route in probes {
        let judged = ida.probe(&route).await.expect("signed in");
        assert_eq!(judged, Availability::Works, "{}", route.id);
    }
    run(&sandbox, "/licences", json!({"user": "ida", "licences": ["CTI"]}));
    run(&sandbox, "/scopes", json!({"user": "ida", "scopes": ["QUEUE_STATISTICS", "CALLS", "USER"]}));
    let judged = async |id: &str| {
        let route = ida.routes().get(id).cloned().expect("an operation");
        ida.probe(&route).await.expect("signed in")
    };
    assert!(matches!(judged("queue.statistics.user").await, Availability::NotLicensed { .. }));
    let scope = Some("Communication Log".to_owned());
    assert_eq!(judged("commlog.list").await, Availability::NotPermitted { scope });
    assert_eq!(judged("uinfo.presence.get").await, Availability::Works);
}

#[tokio::test]
async fn presence_is_set_with_note_and_end_and_seen_by_others() {
    let sandbox = centre(&[]).await;
    let (ida, tomas) = (client(&sandbox, "ida"), client(&sandbox, "tomas"));
    let activities = ida.activities(Some("en")).await.expect("activities");
    assert!(activities.iter().any(|activity| activity.id.as_deref() == Some("lunch")));
    ida.set_activity("lunch", Some(false)).await.expect("at lunch");
    let end = soon();
    ida.set_activity_end(End::At(end)).await.expect("until then");
    assert_eq!(ida.activity_end().await.expect("an end"), Some(End::At(end)));
    let note = PresenceChange { note: Some("Back & ready, +1".into()), ..PresenceChange::default() };
    ida.set_presence(&note).await.expect("a note");
    ida.set_contact_activity_end(&ida.identity().cid(), End::Never).await.expect("no end");
    assert_eq!(ida.activity_end().await.expect("an end"), Some(End::Never));
    assert!(!ida.is_available().await.expect("an answer"));
    assert_eq!(ida.activity().await.expect("an activity"), "lunch");
    let seen = tomas.contact(&ida.identity().cid()).await.expect("a contact").presence.expect("a presence");
    assert_eq!(seen.note.as_deref(), Some("Back & ready, +1"));
    assert_eq!(seen.activity.and_then(|activity| activity.id).as_deref(), Some("lunch"));
    tomas.contact_presence(&ida.identity().cid()).await.expect("as a document too");
}

#[tokio::test]
async fn shortcuts_and_plans_are_made_changed_and_taken_away() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let shortcut = Shortcut {
        id: Some("s-1".into()),
        name: Some("Short walk".into()),
        activity_id: Some("lunch".into()),
        available: Some(false),
        duration_type: Some("MINUTES".into()),
        duration_minutes: Some(15),
        order: Some(1),
        image_id: Some("ic_shortcut_coffee".into()),
        ..Shortcut::default()
    };
    ida.set_shortcut("s-1", &shortcut).await.expect("made");
    assert_eq!(ida.shortcut("s-1").await.expect("there").name.as_deref(), Some("Short walk"));
    ida.delete_shortcut("s-1").await.expect("gone");
    assert_eq!(ida.shortcut("s-1").await.expect_err("gone"), Error::NotFound);

    let cid = ida.identity().cid();
    let plan = ScheduledPresence {
        activity: Some("meeting".into()),
        name: Some("Review".into()),
        start: Some(soon()),
        end: Some(soon() + 1.hour()),
        time_zone: Some("Europe/Stockholm".into()),
        ..ScheduledPresence::default()
    };
    let made = ida.schedule_presence(&cid, &plan).await.expect("planned");
    let id = made.presence_id.clone().expect("an identifier");
    assert_eq!((made.start, made.end), (plan.start, plan.end));
    ida.update_scheduled_presence(&cid, &id, &ScheduledPresence { name: Some("Retro".into()), ..made })
        .await
        .expect("changed");
    assert_eq!(ida.scheduled_presence(&cid, &id).await.expect("there").name.as_deref(), Some("Retro"));
    ida.delete_scheduled_presence(&cid, &id, None, None).await.expect("gone");
}

#[tokio::test]
async fn groups_are_logged_in_to_and_their_calls_taken_care_of() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let domain = ida.identity().domain.clone();
    let groups = ida.acd_groups(GroupDetail::default()).await.expect("groups");
    assert!(groups.iter().any(|group| group.id == Some(2000) && !group.agents.is_empty()));
    let logged_in = async || {
        let groups = ida.distribution_groups().await.expect("groups");
        groups.iter().find(|group| group.id == Some(2002)).and_then(|group| group.logged_in)
    };
    ida.distribution_group_log_in(2002, &domain).await.expect("in");
    assert_eq!(logged_in().await, Some(true));
    ida.acd_agent_log_out(2002, &domain, &ida.identity().cid()).await.expect("out");
    assert_eq!(logged_in().await, Some(false));
    let queues = ida.queue_statistics().await.expect("statistics");
    assert!(queues.iter().all(|queue| queue.queue_length.is_some()) && !queues.is_empty());

    let log = ida.group_call_logs(&GroupLogQuery::default()).await.expect("a log");
    let item = log.items.iter().find_map(|item| item.item_id).expect("calls of the past");
    let taken =
        ida.assign_group_call(item, &Handling::InProgress, Some("I call back")).await.expect("taken on");
    assert_eq!(taken.handled_status.and_then(|status| status.note).as_deref(), Some("I call back"));
    assert!(
        ida.assigned_group_calls().await.expect("mine").items.iter().any(|mine| mine.item_id == Some(item))
    );
}

#[tokio::test]
async fn contacts_are_found_marked_and_written_down() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let query = ContactQuery { query: Some("tom".into()), ..ContactQuery::default() };
    let found = ida.search_contacts(&query).await.expect("found");
    let tomas = found.iter().find_map(|contact| contact.id.clone()).expect("with an identifier");
    ida.add_favorite(&tomas).await.expect("a favourite");
    assert!(ida.is_favorite(&tomas).await.expect("an answer"));
    assert_eq!(
        ida.set_contact_status(&tomas, &ContactStatus::Vip).await.expect("important"),
        Some(ContactStatus::Vip)
    );
    ida.remove_favorite(&tomas).await.expect("no more");
    assert!(!ida.is_favorite(&tomas).await.expect("an answer"));

    let book = &AddressBook::Own;
    let contact = PersonalContact {
        first_name: Some("Noor".into()),
        last_name: Some("de Wit".into()),
        company: Some("Van Dijk & Zn".into()),
        phone_numbers: vec![PersonalNumber {
            kind: Some("WORK".into()),
            phone_number: Some("+442079460188".into()),
            preferred_number: Some(true),
            ..PersonalNumber::default()
        }],
        ..PersonalContact::default()
    };
    let made = ida.create_personal_contact(book, &contact).await.expect("made");
    let cid = made.cid.clone().expect("an identifier");
    let changed = PersonalContact { company: Some("Van Dijk".into()), ..made };
    ida.update_personal_contact(book, &cid, &changed).await.expect("changed");
    let read = ida.personal_contact(book, &cid).await.expect("there");
    assert_eq!((read.company.as_deref(), read.phone_numbers.len()), (Some("Van Dijk"), 1));
    ida.delete_personal_contact(book, &cid).await.expect("gone");
    assert_eq!(ida.personal_contact(book, &cid).await.expect_err("gone"), Error::NotFound);
}

#[tokio::test]
async fn diversions_lines_voicemail_and_texts_are_set() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    ida.set_diversion_number("+442079460177").await.expect("diverted");
    assert_eq!(ida.diversion_number().await.expect("a number").as_deref(), Some("+442079460177"));
    ida.set_activity_diversion("lunch", "+442079460178").await.expect("diverted");
    let during = ida.activity_diversions().await.expect("diversions");
    assert!(during.iter().any(|one| one.phone_number.as_deref() == Some("+442079460178")));
    let rules = ida.diversion_rules().await.expect("rules");
    ida.set_diversion_rules(&rules).await.expect("the same again");

    let lines = ida.lines().await.expect("lines");
    let other = lines.iter().find(|line| line.active != Some(true)).expect("another line");
    let choice = LineChoice { kind: other.kind.clone(), group_id: other.group_id, ..LineChoice::default() };
    ida.set_line(&choice).await.expect("used");
    assert_eq!(ida.line().await.expect("a line").kind, other.kind);

    let mut settings = ida.voicemail_settings().await.expect("settings");
    settings.email_notification = settings.email_notification.map(|on| !on);
    assert_eq!(ida.set_voicemail_settings(&settings).await.expect("changed"), settings);
    ida.send_sms("+442079460199", "Your parcel is here – naïve & 50 %").await.expect("sent");
}

#[tokio::test]
async fn the_log_is_paged_marked_and_tidied() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    for _ in 0..2 {
        let call = ring(&sandbox);
        run(&sandbox, &format!("/calls/{call}/hangup"), json!({}));
    }
    let log = ida.log(&LogQuery { limit: Some(2), ..LogQuery::default() }).await.expect("a log");
    assert_eq!(log.items.len(), 2);
    assert!(
        log.items.iter().all(|item| item.class.ends_with("DTO") && item.entry.start_time.is_some()),
        "{log:?}"
    );
    let ids: Vec<i64> = log.items.iter().filter_map(|item| item.entry.item_id).collect();
    let smallest = *ids.iter().min().expect("numbers");
    let older = LogQuery { older_than: Some(smallest), ..LogQuery::default() };
    assert!(
        ida.log(&older).await.expect("older").items.iter().all(|item| item.entry.item_id < Some(smallest))
    );
    let marks = LogMarks { is_seen: true, is_played: false, update_call_item: false };
    ida.mark_log_item(smallest, marks).await.expect("seen");
    let item = ida.log_item(smallest).await.expect("there").items.remove(0).entry;
    assert_eq!(item.is_seen, Some(true));
    ida.delete_log_item(smallest, false).await.expect("gone");
}

#[tokio::test]
async fn a_conference_is_planned_joined_and_left() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let event = Event {
        name: Some("Standup".into()),
        start: Some(soon()),
        end: Some(soon() + 30.minutes()),
        time_zone: Some("Europe/Stockholm".into()),
        organizer: Some(EventParticipant { first_name: Some("Ida".into()), ..EventParticipant::default() }),
        ..Event::default()
    };
    let made = ida.create_event(&event).await.expect("planned");
    let id = made.id.expect("an identifier");
    assert!(ida.events().await.expect("events").iter().any(|event| event.id == Some(id)));
    ida.join_event_conference(id, None).await.expect("joined");
    ida.leave_event_conference(id, None).await.expect("left");
    ida.update_event(id, &Event { name: Some("Planning".into()), ..made }).await.expect("changed");
    assert_eq!(ida.event(id).await.expect("there").name.as_deref(), Some("Planning"));
    ida.delete_event(id).await.expect("gone");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_platforms_words_by_field() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let error = ida.send_sms("", "Hello").await.expect_err("to nobody");
    let Error::Refused { fields, .. } = &error else { panic!("{error:?}") };
    assert!(!fields.is_empty(), "{error:?}");
}
