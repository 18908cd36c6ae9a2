//! Tickets by the client alone: what the sandbox reads in the same documents.

use daktela::models::{
    Activity, ActivityKind, CrmDatabase, Item, Ticket, TicketCategory, TicketSla, TicketView, in_view,
};
use daktela::{Client, Error, Filter, OutgoingEmail, Query};
use product_tests::centre;
use sandbox::Sandbox;
use serde_json::{Map, Value, json};

use super::with_token;

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not a map: {other}"),
    }
}

fn letter(sandbox: &Sandbox) -> String {
    let ticket = json!({"title": "Chair", "html": "<p>Where is it?</p>", "contact": "contacts_0003", "department": "Support",
        "files": [{"name": "chair.txt", "type": "text/plain", "text": "broken"}]});
    let made = sandbox.control().run("POST", "tickets", ticket).expect("a ticket");
    made["ticket"].to_string()
}

async fn activities(client: &Client, ticket: &str) -> Vec<Activity> {
    let query = Query::new().sort(&Activity::FIELDS.time);
    let list = client.related::<Ticket, Activity>(ticket, "activities", &query).await.expect("activities");
    assert_eq!(list.unreadable, []);
    list.rows
}

#[tokio::test]
async fn what_an_administrator_keeps_for_tickets_is_read() {
    for count in ["int", "float", "string"] {
        let sandbox = centre(&[("view_count", count)]).await;
        let client = with_token(&sandbox);
        let views = client.list::<TicketView>(&Query::new()).await.expect("views").rows;
        for view in &views {
            let listed = client.list::<Ticket>(&Query::new().filter(in_view(&view.name)).take(1000)).await;
            let listed = listed.unwrap_or_else(|error| panic!("{}: {error}", view.name)).rows.len();
            assert_eq!(view.count, i64::try_from(listed).ok(), "{} as {count}", view.name);
        }
        assert!(views.len() > 3);
    }
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    assert!(!client.list::<TicketSla>(&Query::new()).await.expect("agreements").rows.is_empty());
    assert!(!client.list::<CrmDatabase>(&Query::new()).await.expect("databases").rows.is_empty());
    let categories = client.list::<TicketCategory>(&Query::new()).await.expect("categories").rows;
    assert!(categories.iter().any(|category| category.multiple_statuses == Some(true)));
    let ticket = client.get::<Ticket>("1").await.expect("a ticket");
    assert!(ticket.scheme.0.values().any(|field| !field.items.is_empty()));
}

#[tokio::test]
async fn what_changed_since_a_moment_is_asked_for_with_a_nested_condition() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let (edited, name) = (Ticket::FIELDS.edited, Ticket::FIELDS.name);
    let newest = Query::new().sort_descending(&edited).sort_descending(&name).take(1000);
    let all = client.list::<Ticket>(&newest).await.expect("tickets").rows;
    let (mut seen, mut below) = (Vec::new(), None::<(String, String)>);
    loop {
        let mut query = newest.clone().take(7);
        if let Some((at, last)) = &below {
            let same = Filter::all([edited.eq(&**at), name.lt(&**last)]);
            query = query.filter(Filter::any([edited.lt(&**at), same]));
        }
        let page = client.list::<Ticket>(&query).await.expect("a page").rows;
        let Some(last) = page.last() else { break };
        let at = client.moments().written(last.edited.expect("a date"));
        below = Some((at, last.name.clone()));
        seen.extend(page.into_iter().map(|ticket| ticket.name));
    }
    assert_eq!(
        seen,
        all.into_iter().map(|ticket| ticket.name).collect::<Vec<_>>(),
        "each once, in one order"
    );
}

#[tokio::test]
async fn a_ticket_is_made_changed_and_deleted() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let refused =
        client.create::<Ticket>(fields(json!({"stage": "OPEN"}))).await.expect_err("it has no title");
    let Error::Refused { fields: said, .. } = refused else { panic!("{refused:?}") };
    assert!(said.contains_key("title") && said.contains_key("category"), "{said:?}");
    let category =
        client.list::<TicketCategory>(&Query::new()).await.expect("categories").rows.remove(0).name;
    let body = json!({"title": "Lamp", "category": category, "stage": "OPEN", "priority": "LOW", "user": "ida",
        "customFields": {"severity": ["major"]}});
    let made = client.create::<Ticket>(fields(body)).await.expect("a ticket");
    assert_eq!(made.custom_fields.get("severity"), ["major"]);
    let changed = json!({"user": "", "customFields": {"order": "A 1"}});
    let changed = client.update::<Ticket>(&made.name, fields(changed)).await.expect("a change");
    assert_eq!(changed.user, None);
    assert_eq!(changed.custom_fields.get("severity"), ["major"], "what was not sent stays");
    client.delete::<Ticket>(&made.name).await.expect("it is deleted");
    assert_eq!(client.get::<Ticket>(&made.name).await.err(), Some(Error::NotFound));
}

#[tokio::test]
async fn what_is_written_on_a_ticket_is_read_there_with_its_files() {
    let sandbox = centre(&[]).await;
    let client = with_token(&sandbox);
    let ticket = letter(&sandbox);
    let first = activities(&client, &ticket).await.remove(0);
    let Some(Item::Email(email)) = first.item else { panic!("{:?}", first.item) };
    let (bytes, kind) =
        client.download("activitiesEmail", &email.attachments[0].name, 100).await.expect("a file");
    assert_eq!((&bytes[..], kind.starts_with("text/plain")), (&b"broken"[..], true));

    let file = client.upload("plan.pdf", "application/pdf", b"%PDF").await.expect("it goes up");
    client.comment(&ticket, "<p>Hm</p>").await.expect("a comment");
    client
        .comment_with_files(&ticket, "<p>With a plan</p>", std::slice::from_ref(&file))
        .await
        .expect("another");
    let email_out = OutgoingEmail {
        queue: "3001".into(),
        to: vec!["eva@acme.example".into()],
        subject: "Re: Chair".into(),
        html: "<p>On Monday</p>".into(),
        files: vec![file],
        ..OutgoingEmail::default()
    };
    client.send_email(&ticket, &email_out).await.expect("an answer");
    let begun = client.begin_forward(&email.name).await.expect("begun");
    client.finish_forward(&begun.name, &email_out).await.expect("sent on");
    client.send_sms(&ticket, "9001", "+15550100", "On my way").await.expect("a text");
    let after = activities(&client, &ticket).await;
    let kinds: Vec<_> = after.iter().map(|activity| activity.kind.clone()).collect();
    assert!(kinds.contains(&Some(ActivityKind::Sms)), "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| **kind == Some(ActivityKind::Email)).count(), 3, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| kind.is_none()).count(), 2, "{kinds:?}");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused() {
    let sandbox = centre(&[("max_file", "3")]).await;
    let refused = with_token(&sandbox).upload("plan.pdf", "application/pdf", b"%PDF").await;
    assert!(matches!(refused, Err(Error::Refused { status: 413, .. })), "{refused:?}");
}
