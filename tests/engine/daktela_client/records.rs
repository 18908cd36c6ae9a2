//! Every model as the sandbox draws it, and every form of the query grammar.

use std::collections::BTreeSet;

use daktela::models::{
    Account, Activity, ActivityCall, ActivityEmail, ActivityFbm, ActivityIgdm, ActivityKind, ActivitySms,
    ActivityVbr, ActivityWap, ActivityWeb, CampaignRecord, CampaignType, Contact, CrmRecord, Group, Item,
    Pause, Profile, Queue, RealtimeSession, SipDevice, Stage, Status, Template, Ticket, TicketCategory, User,
};
use daktela::{Client, Error, Field, Filter, Query, Record};
use product_tests::centre;
use serde_json::{Map, Value, json};

use super::with_token;

/// Lists a model and reads one of it alone.
async fn reads<T: Record>(client: &Client, name_of: fn(&T) -> &str) {
    let list = client
        .list::<T>(&Query::new().take(1000))
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", T::MODEL));
    assert_eq!(list.unreadable, [], "{}", T::MODEL);
    assert!(!list.rows.is_empty(), "{}", T::MODEL);
    assert_eq!(list.total, Some(list.rows.len() as u64), "{}", T::MODEL);
    let name = name_of(&list.rows[0]).to_owned();
    let one = client.get::<T>(&name).await.unwrap_or_else(|error| panic!("{}/{name}: {error}", T::MODEL));
    assert_eq!(name_of(&one), name);
    assert_eq!(client.get::<T>("no such record").await.err(), Some(Error::NotFound), "{}", T::MODEL);
}

#[tokio::test]
async fn every_model_of_the_reference_is_read() {
    for switches in [&[][..], &[("data", "map"), ("empty_maps", "object"), ("users", "restricted")][..]] {
        let sandbox = centre(switches).await;
        let client = &with_token(&sandbox);
        reads::<Ticket>(client, |record| &record.name).await;
        reads::<TicketCategory>(client, |record| &record.name).await;
        reads::<Activity>(client, |record| &record.name).await;
        reads::<ActivityCall>(client, |record| &record.id_call).await;
        reads::<ActivityEmail>(client, |record| &record.name).await;
        reads::<ActivityWeb>(client, |record| &record.name).await;
        reads::<ActivitySms>(client, |record| &record.name).await;
        reads::<ActivityFbm>(client, |record| &record.name).await;
        reads::<ActivityIgdm>(client, |record| &record.name).await;
        reads::<ActivityWap>(client, |record| &record.name).await;
        reads::<ActivityVbr>(client, |record| &record.name).await;
        reads::<Contact>(client, |record| &record.name).await;
        reads::<Account>(client, |record| &record.name).await;
        reads::<CrmRecord>(client, |record| &record.name).await;
        reads::<CampaignRecord>(client, |record| &record.name).await;
        reads::<CampaignType>(client, |record| &record.name).await;
        reads::<Group>(client, |record| &record.name).await;
        reads::<Pause>(client, |record| &record.name).await;
        reads::<Queue>(client, |record| &record.name).await;
        reads::<Profile>(client, |record| &record.name).await;
        reads::<SipDevice>(client, |record| &record.name).await;
        reads::<Status>(client, |record| &record.name).await;
        reads::<Template>(client, |record| &record.name).await;
        let sessions = client.list::<RealtimeSession>(&Query::new()).await.expect("live sessions");
        assert_eq!(sessions.unreadable, []);
    }
}

#[tokio::test]
async fn users_are_read_in_full_and_counted_where_rights_hide_their_names() {
    let sandbox = centre(&[]).await;
    reads::<User>(&with_token(&sandbox), |user| &user.name).await;
    let restricted = centre(&[("users", "restricted")]).await;
    let client = with_token(&restricted);
    let ticket = Query::new().filter(Ticket::FIELDS.user.is_not_null()).take(50);
    let tickets = client.list::<Ticket>(&ticket).await.expect("tickets");
    assert!(
        tickets.rows.iter().all(|ticket| ticket.user.as_ref().is_some_and(|user| !user.label().is_empty()))
    );
    let users = client.list::<User>(&Query::new().take(1000)).await.expect("users");
    assert_eq!(Some(users.received() as u64), users.total);
}

#[tokio::test]
async fn what_is_drawn_is_understood_and_not_only_skipped() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let tickets = client.list::<Ticket>(&Query::new().take(200)).await.expect("tickets").rows;
    for ticket in &tickets {
        assert!(
            ticket.stage.as_ref().is_some_and(|stage| !matches!(stage, Stage::Other(_))),
            "{:?}",
            ticket.stage
        );
        assert!(ticket.title.is_some() && ticket.created.is_some() && ticket.priority.is_some());
        assert!(ticket.category.as_ref().is_some_and(|category| !category.label().is_empty()));
    }
    let calls = Query::new().filter(Activity::FIELDS.kind.eq("CALL")).take(50);
    for activity in client.list::<Activity>(&calls).await.expect("calls").rows {
        assert_eq!(activity.kind, Some(ActivityKind::Call));
        let call = activity.item.as_ref().and_then(Item::call).expect("a call has a call");
        assert!(call.direction.is_some() && call.call_time.is_some() && call.clid.is_some());
    }
    let contacts = client.list::<Contact>(&Query::new().take(200)).await.expect("contacts").rows;
    assert!(contacts.iter().any(|contact| contact.custom_fields.get("number").len() > 1));
    assert!(contacts.iter().any(|contact| !contact.custom_fields.get("email").is_empty()));
}

async fn names(client: &Client, query: &Query) -> BTreeSet<String> {
    let list =
        client.list_all::<Contact>(query, 10_000).await.unwrap_or_else(|error| panic!("{query:?}: {error}"));
    list.rows.into_iter().map(|contact| contact.name).collect()
}

#[tokio::test]
async fn every_operator_means_what_its_name_says() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let all = client.list_all::<Contact>(&Query::new().take(1000), 10_000).await.expect("contacts").rows;
    let f = Contact::FIELDS;
    let some = all[all.len() / 2].clone();
    let last = some.lastname.clone().expect("a last name");
    let start: String = last.chars().take(2).collect();
    let other = all[0].lastname.clone().expect("a last name");
    let last_is = |contact: &Contact, text: &str| contact.lastname.as_deref() == Some(text);
    // Databases of this kind compare without regard to case.
    let has = |contact: &Contact, test: &dyn Fn(&str) -> bool| {
        contact.lastname.as_deref().is_some_and(|last| test(&last.to_lowercase()))
    };
    type Holds<'a> = Box<dyn Fn(&Contact) -> bool + 'a>;
    let table: Vec<(Filter, Holds<'_>)> = vec![
        (f.lastname.eq(last.as_str()), Box::new(|c| last_is(c, &last))),
        (f.lastname.neq(last.as_str()), Box::new(|c| !last_is(c, &last))),
        (
            f.lastname.starts_with(start.as_str()),
            Box::new(|c| has(c, &|text| text.starts_with(&start.to_lowercase()))),
        ),
        (
            f.lastname.contains(start.as_str()),
            Box::new(|c| has(c, &|text| text.contains(&start.to_lowercase()))),
        ),
        (
            f.lastname.does_not_contain(start.as_str()),
            Box::new(|c| !has(c, &|text| text.contains(&start.to_lowercase()))),
        ),
        (
            f.lastname.like(format!("%{start}%")),
            Box::new(|c| has(c, &|text| text.contains(&start.to_lowercase()))),
        ),
        (
            f.lastname.is_in([last.as_str(), other.as_str()]),
            Box::new(|c| last_is(c, &last) || last_is(c, &other)),
        ),
        (f.lastname.is_not_in([last.as_str()]), Box::new(|c| !last_is(c, &last))),
        (f.account.is_null(), Box::new(|c| c.account.is_none())),
        (f.account.is_not_null(), Box::new(|c| c.account.is_some())),
        (
            Filter::any([f.lastname.eq(last.as_str()), Filter::all([f.account.is_null(), f.user.is_null()])]),
            Box::new(|c| last_is(c, &last) || (c.account.is_none() && c.user.is_none())),
        ),
    ];
    for (filter, holds) in table {
        let expected: BTreeSet<String> = all.iter().filter(|c| holds(c)).map(|c| c.name.clone()).collect();
        let query = Query::new().filter(filter.clone()).sort(&f.name).take(1000);
        assert_eq!(names(&client, &query).await, expected, "{filter:?}");
    }
    let number = some.custom_fields.get("number").first().expect("a number");
    let found =
        names(&client, &Query::new().filter(Field::custom("number").eq(number.as_str())).sort(&f.name)).await;
    assert!(found.contains(&some.name), "found by one of several numbers");
}

#[tokio::test]
async fn pages_join_to_the_whole_under_every_total() {
    for total in ["int", "string", "absent"] {
        let sandbox = centre(&[("total", total)]).await;
        let client = with_token(&sandbox);
        let sorted = || Query::new().sort(&Contact::FIELDS.name);
        let whole = names(&client, &sorted().take(1000)).await;
        assert!(whole.len() > 20);
        assert_eq!(names(&client, &sorted().take(7)).await, whole, "{total}");
        let few = client.list_all::<Contact>(&sorted().take(7), 10).await.expect("two pages");
        assert_eq!(few.rows.len(), 14);
    }
}

#[tokio::test]
async fn only_the_fields_that_were_asked_for_come() {
    let sandbox = centre(&[]).await;
    let f = Contact::FIELDS;
    let query = Query::new().fields([&f.name, &f.lastname]).sort_descending(&f.lastname).take(5);
    let list = with_token(&sandbox).list::<Contact>(&query).await.expect("contacts");
    assert_eq!(list.rows.len(), 5);
    for contact in &list.rows {
        assert!(contact.lastname.is_some() && contact.title.is_none() && contact.created.is_none());
    }
}

fn fields(pairs: Value) -> Map<String, Value> {
    match pairs {
        Value::Object(map) => map,
        other => panic!("no map: {other}"),
    }
}

#[tokio::test]
async fn a_record_is_created_changed_and_deleted_and_refused_with_words_per_field() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let new = json!({"firstname": "Aino", "lastname": "Virta", "database": "default",
        "customFields": {"number": ["+358401234567"]}});
    let created = client.create::<Contact>(fields(new)).await.expect("created");
    assert_eq!(created.custom_fields.get("number"), ["+358401234567"]);
    let changed =
        client.update::<Contact>(&created.name, fields(json!({"lastname": "Niemi"}))).await.expect("changed");
    assert_eq!(changed.lastname.as_deref(), Some("Niemi"));
    client.delete::<Contact>(&created.name).await.expect("deleted");
    assert_eq!(client.get::<Contact>(&created.name).await.err(), Some(Error::NotFound));
    let refused = client.create::<Ticket>(fields(json!({"stage": "OPEN"}))).await.expect_err("no title");
    assert!(
        matches!(refused, Error::Refused { ref fields, .. } if fields.contains_key("title")),
        "{refused:?}"
    );
    let activity = client.list::<Activity>(&Query::new().take(1)).await.expect("one").rows.remove(0);
    let kept = client.delete::<Activity>(&activity.name).await.expect_err("activities are kept");
    assert!(matches!(kept, Error::Refused { status: 405, .. }));
}
