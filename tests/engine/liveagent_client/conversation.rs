//! The life of a conversation, and what is not let happen to it.

use liveagent::conversations::{
    Conversations, CustomField, Deletion, NewConversation, NewStatus, Status, Transfer,
};
use liveagent::messages::{GroupType, MessagesBetween, NewMessage};
use liveagent::tags::TagName;
use liveagent::{Client, Error, is_gone};
use product_tests::centre;

use super::{client, hers, ida};

async fn texts(client: &Client, id: &str) -> Vec<String> {
    let groups = client.conversation_messages(id, &MessagesBetween::default()).await.expect("messages");
    assert_eq!(groups.unreadable, []);
    groups.rows.into_iter().flat_map(|group| group.messages).filter_map(|message| message.text).collect()
}

#[tokio::test]
async fn a_conversation_is_answered_noted_tagged_described_and_resolved() {
    let sandbox = centre(&[]).await;
    let (client, ida) = (client(&sandbox), ida(&sandbox).username);
    let id = hers(&client, &sandbox).await;
    let reply = NewMessage::reply(&ida, "First line\nžluťoučký kůň & \"co\" = 100 %\n--boundary--");
    client.conversation_message_add(&id, &reply).await.expect("answered");
    client
        .conversation_message_add(&id, &NewMessage::note(Some(ida.clone()), "inside"))
        .await
        .expect("noted");
    let written = texts(&client, &id).await;
    assert!(written.contains(&reply.text) && written.contains(&"inside".to_owned()), "{written:?}");

    client.conversation_tag_add(&id, &TagName::Name("VIP".into())).await.expect("tagged");
    let tags = client.conversation_tags(&id).await.expect("tags").rows;
    let vip = tags.iter().find(|tag| tag.name.as_deref() == Some("VIP")).expect("the tag");
    client.conversation_tag_remove(&id, &TagName::Id(vip.id.clone())).await.expect("untagged");
    assert!(!client.conversation_tags(&id).await.expect("tags").rows.contains(vip));

    let field = CustomField { code: "order".into(), value: Some("4711 & more".into()), ..Default::default() };
    client.conversation_fields_add(&id, std::slice::from_ref(&field)).await.expect("described");
    assert!(client.conversation(&id).await.expect("it").custom_fields.contains(&field));
    client.conversation_field_delete(&id, "order").await.expect("no more");
    assert!(!client.conversation(&id).await.expect("it").custom_fields.contains(&field));

    let status = NewStatus { status: Status::Resolved, note: Some("done & dusted".into()), by: Some(ida) };
    client.conversation_status(&id, &status).await.expect("resolved");
    let resolved = client.conversation(&id).await.expect("it");
    assert_eq!(resolved.status, Some(Status::Resolved));
    assert!(texts(&client, &id).await.contains(&"done & dusted".to_owned()));
    for name in [resolved.code, resolved.public_url_code].into_iter().flatten() {
        assert_eq!(client.conversation(&name).await.expect("the same").id, id, "{name}");
    }
}

#[tokio::test]
async fn a_file_travels_with_a_message_and_is_found_in_it() {
    let sandbox = centre(&[]).await;
    let (client, ida) = (client(&sandbox), ida(&sandbox).username);
    let id = hers(&client, &sandbox).await;
    let file = client.file_upload("plan.pdf", "application/pdf", b"%PDF-1.7").await.expect("up");
    let new = NewMessage { attachments: vec![file.id.clone()], ..NewMessage::reply(ida, "see the plan") };
    client.conversation_message_add(&id, &new).await.expect("sent");
    let groups = client.conversation_messages(&id, &MessagesBetween::default()).await.expect("messages").rows;
    let files: Vec<&str> = groups.iter().flat_map(|group| &group.messages).flat_map(|m| m.files()).collect();
    assert!(files.contains(&file.id.as_str()), "{files:?}");
}

#[tokio::test]
async fn every_conversation_is_read_whole() {
    let sandbox = super::large(120, &[("rate_limit", "0")]).await;
    let client = client(&sandbox);
    let all = client.pages(Conversations::default()).all(100).await.expect("all").rows;
    let mut kinds = std::collections::BTreeSet::new();
    for row in all.iter().take(100) {
        let groups =
            client.conversation_messages(&row.id, &MessagesBetween::default()).await.expect("messages");
        assert_eq!(groups.unreadable, []);
        for group in groups.rows {
            let odd =
                group.other.keys().chain(group.messages.iter().flat_map(|message| message.other.keys()));
            assert!(odd.clone().all(|key| key.starts_with("date")), "{:?}", odd.collect::<Vec<_>>());
            kinds.extend(group.kind);
        }
    }
    assert!(kinds.len() > 5 && !kinds.iter().any(|kind| matches!(kind, GroupType::Other(_))), "{kinds:?}");
}

#[tokio::test]
async fn a_conversation_is_handed_on_and_deleted_with_a_note() {
    let sandbox = centre(&[]).await;
    let (client, ida) = (client(&sandbox), ida(&sandbox).username);
    let id = hers(&client, &sandbox).await;
    let before = client.conversation(&id).await.expect("it");
    let states = client.online_agents().await.expect("agents").rows;
    let mut handed = None;
    for other in states.iter().filter(|state| state.username.as_deref() != Some(ida.as_str())) {
        let to =
            Transfer { agent: Some(other.id.clone()), note: Some("yours".into()), ..Transfer::default() };
        match client.conversation_transfer(&id, &to).await {
            Ok(()) => {
                handed = Some(other.id.clone());
                break;
            }
            // Who does not work in the department is not given its conversations, and the platform says so.
            Err(Error::Refused { words, .. }) => assert!(!words.is_empty()),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(client.conversation(&id).await.expect("it").assigned_to, handed);
    assert!(handed.is_some() && before.assigned_to != handed);
    client
        .conversation_delete(&id, &Deletion { note: Some("a mistake".into()), by: None })
        .await
        .expect("gone");
    let after = client.conversation(&id).await.map(|conversation| conversation.status);
    assert!(matches!(after, Ok(Some(Status::Deleted)) | Err(Error::NotFound)), "{after:?}");
}

#[tokio::test]
async fn a_vanished_conversation_is_told_in_every_dress() {
    for (missing, errors) in [("500", "documented"), ("404", "documented"), ("500", "200")] {
        let sandbox = centre(&[("liveagent_missing", missing), ("liveagent_errors", errors)]).await;
        let client = client(&sandbox);
        assert_eq!(client.conversation("0badc0de").await, Err(Error::NotFound), "{missing} {errors}");
        let note = NewMessage::note(None, "x");
        let write = client.conversation_message_add("0badc0de", &note).await.expect_err("not there");
        assert!(is_gone(&write), "{missing} {errors}: {write:?}");
        let nobody = NewMessage::note(Some("nobody@offhook.example".to_owned()), "x");
        let known = hers(&client, &sandbox).await;
        let refused =
            client.conversation_message_add(&known, &nobody).await.expect_err("nobody of that name");
        assert!(!is_gone(&refused), "the conversation is there: {refused:?}");
    }
}

#[tokio::test]
async fn an_agent_begins_a_conversation() {
    let sandbox = centre(&[]).await;
    let (client, ida) = (client(&sandbox), ida(&sandbox).username);
    let departments = client.departments().await.expect("departments").rows;
    let new = NewConversation {
        message: "Your order is on its way.".into(),
        by: ida,
        department: Some(departments[0].id.clone()),
        subject: "Your order".into(),
        recipient: "new.customer@example.org".into(),
        ..NewConversation::default()
    };
    let id = client.conversation_create(&new).await.expect("begun").expect("with an id");
    assert_eq!(client.conversation(&id).await.expect("it").subject.as_deref(), Some("Your order"));
    assert!(texts(&client, &id).await.contains(&new.message));
}
