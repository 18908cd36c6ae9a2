//! Contacts: found, marked, kept, and followed while a window shows them.

use model::ipc::ContactQuery;
use model::{
    Capability, ContactFields, ContactId, ContactMark, LabelledNumber, Lamp, MarkContact, SaveContact,
    Snapshot, Watch,
};
use product_tests::{becomes, centre};
use serde_json::json;

use super::{offers, open_streams, post, ready, signed_in};

fn query(text: &str) -> ContactQuery {
    serde_json::from_value(json!({"text": text, "online": true})).expect("a query")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_the_beginning_of_a_name_and_marked() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    offers(&mut desk, &account, Capability::Contacts).await;
    let colleague = &sandbox.dstny_users()[1];
    let first_name = colleague.title.split(' ').next().unwrap().to_owned();
    let id = ContactId::new(&account, &format!("{}@{}", colleague.username, colleague.domain));
    let page = desk.engine.search_contacts(query(&first_name)).await.unwrap();
    let found = page.contacts.iter().find(|contact| contact.id == id).expect("the colleague is found");
    assert_eq!(found.title, colleague.title);
    assert!(!found.numbers.is_empty() && !found.editable);
    for mark in [Some(ContactMark::Vip), Some(ContactMark::Favourite), None] {
        desk.engine.mark_contact(MarkContact { contact: id.clone(), mark }).await.unwrap();
        let detail = desk.engine.contact(id.clone()).await.unwrap();
        assert_eq!(detail.contact.mark, mark);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_personal_contact_is_made_changed_found_behind_a_call_and_deleted() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::PersonalContacts).await;
    let fields = |last: &str, number: &str| ContactFields {
        first_name: "Zora".to_owned(),
        last_name: last.to_owned(),
        company: "Lamps & Co".to_owned(),
        email: "zora@lamps.example".to_owned(),
        numbers: vec![LabelledNumber { label: "WORK".to_owned(), number: number.to_owned() }],
    };
    let save = |contact: Option<ContactId>, fields| SaveContact { account: account.clone(), contact, fields };
    let id = desk.engine.save_contact(save(None, fields("Quint", "+442079460611"))).await.unwrap();
    let made = desk.engine.contact(id.clone()).await.unwrap().contact;
    assert_eq!((made.title.as_str(), made.editable), ("Zora Quint", true));
    assert_eq!(made.numbers[0].phone.e164.as_deref(), Some("+442079460611"));
    desk.engine.save_contact(save(Some(id.clone()), fields("Quill", "+442079460612"))).await.unwrap();
    assert_eq!(desk.engine.contact(id.clone()).await.unwrap().contact.title, "Zora Quill");
    let call = super::rung_by(&mut desk, &sandbox.control(), &account, "+442079460612").await;
    super::shows(&mut desk, &call.id, "the caller is known", |call| {
        call.matches.iter().any(|found| found.contact.title == "Zora Quill")
    })
    .await;
    desk.engine.delete_contact(id.clone()).await.unwrap();
    assert!(desk.engine.contact(id).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_a_window_shows_is_followed_live_and_nobody_else() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    offers(&mut desk, &account, Capability::ContactPresence).await;
    let domain = sandbox.dstny_users()[0].domain.clone();
    let of = |user: &str| ContactId::new(&account, &format!("{user}@{domain}"));
    let watch =
        |users: &[&str]| Watch { contacts: users.iter().map(|user| of(user)).collect(), ..Watch::default() };
    desk.engine.watch(watch(&["tomas", "amara"]));
    let presence = |s: &Snapshot, user: &str| s.presences.iter().find(|p| p.contact == of(user)).cloned();
    desk.until("both are followed", |s| {
        (presence(s, "tomas")?.live && presence(s, "amara")?.live).then_some(())
    })
    .await;
    desk.until("free", |s| (presence(s, "tomas")?.lamp == Lamp::Idle).then_some(())).await;
    let call = post(&control, "ring", json!({"agent": "tomas", "direct": true}));
    desk.until("it rings there", |s| (presence(s, "tomas")?.lamp == Lamp::Ringing).then_some(())).await;
    post(&control, &format!("calls/{}/hangup", call["activity"].as_str().unwrap()), json!(null));
    desk.until("free again", |s| (presence(s, "tomas")?.lamp == Lamp::Idle).then_some(())).await;
    desk.engine.watch(watch(&["amara"]));
    desk.until("forgotten", |s| presence(s, "tomas").is_none().then_some(())).await;
    becomes("only one line is followed", || open_streams(&control, "cinfo1.linestate.stream") == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_are_no_streams_presence_is_asked_for_and_says_so() {
    let sandbox = centre(&[("sse_answer", "204")]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    offers(&mut desk, &account, Capability::ContactPresence).await;
    let contact = ContactId::new(&account, &format!("tomas@{}", sandbox.dstny_users()[0].domain));
    desk.engine.watch(Watch { contacts: vec![contact.clone()], ..Watch::default() });
    let known =
        |s: &Snapshot| s.presences.iter().find(|p| p.contact == contact && p.activity.is_some()).cloned();
    assert!(!desk.until("told", known).await.live);
}
