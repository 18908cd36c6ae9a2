//! Contacts: one address book, callers known at once, and what is around somebody.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::collections::BTreeSet;

use model::ipc::{ContactQuery, Favourite};
use model::{Capability, Command, Confidence, Contact, ProblemCode};
use product_tests::{Desk, activity, by_password, centre, ring, state};

fn query(text: &str, online: bool) -> ContactQuery {
    ContactQuery { text: text.to_owned(), online }
}

/// All contacts, once they have been read.
async fn all(desk: &mut Desk, account: &model::AccountId) -> Vec<Contact> {
    desk.until("contacts are offered", |s| {
        state(s, account).capabilities.contains(&Capability::Contacts).then_some(())
    })
    .await;
    for _ in 0..2_000 {
        let page = desk.engine.search_contacts(query("", false)).await.unwrap();
        if page.contacts.len() >= 40 {
            return page.contacts;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("contacts are read after the sign-in")
}

fn with_number(contacts: &[Contact]) -> &Contact {
    let has = |contact: &&Contact| contact.numbers.first().is_some_and(|number| number.phone.e164.is_some());
    contacts.iter().find(has).expect("somebody has a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_read_once_signed_in_and_searched_without_the_network() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.sign_in(&sandbox, 0).await;
    let contacts = all(&mut desk, &account).await;
    let somebody = with_number(&contacts);
    sandbox.control().fault(serde_json::json!({"kind": "drop"})).unwrap();
    let digits = &somebody.numbers[0].phone.e164.as_ref().unwrap()[3..];
    for text in [&somebody.title, digits] {
        let page = desk.engine.search_contacts(query(text, false)).await.unwrap();
        assert!(page.contacts.iter().any(|found| found.id == somebody.id), "{text}");
    }
    let page = desk.engine.search_contacts(query(&somebody.title, true)).await.unwrap();
    assert!(page.contacts.iter().any(|found| found.id == somebody.id), "what is kept is found all the same");
    assert_eq!(page.problems.len(), 1, "and the account that does not answer is named");
    assert_eq!(page.problems[0].account.as_ref(), Some(&account));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_asks_the_platform_too() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.sign_in(&sandbox, 0).await;
    let contacts = all(&mut desk, &account).await;
    let word = contacts[0].title.split(' ').next_back().unwrap();
    let page = desk.engine.search_contacts(query(word, true)).await.unwrap();
    assert!(page.online && page.problems.is_empty(), "{:?}", page.problems);
    assert!(page.contacts.iter().any(|found| found.id == contacts[0].id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_caller_has_a_name_from_every_account() {
    let (one, other) = (centre(&[]).await, centre(&[]).await);
    let (mut desk, first) = Desk::ready(&one).await;
    let second = desk.add(by_password(&other, 1)).await;
    all(&mut desk, &first).await;
    let contacts = all(&mut desk, &second).await;
    let caller = with_number(&contacts).clone();
    let number = caller.numbers[0].phone.e164.clone().unwrap();
    let id = model::ActivityId::new(&first, &ring(&one.control(), &number));
    let matches = desk
        .until("both accounts know the caller", |s| {
            let matches = &activity(s, &id)?.matches;
            let accounts: BTreeSet<_> = matches.iter().map(|m| m.contact.account.clone()).collect();
            (accounts.len() == 2).then(|| matches.clone())
        })
        .await;
    assert!(matches.iter().all(|found| found.confidence == Confidence::Sure));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_is_shown_with_its_tickets_and_past_and_called_back() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let contacts = all(&mut desk, &account).await;
    let mut rich = None;
    for contact in contacts.iter().filter(|contact| !contact.numbers.is_empty()) {
        let detail = desk.engine.contact(contact.id.clone()).await.unwrap();
        assert!(detail.problems.is_empty() && detail.unreadable == 0, "{:?}", detail.problems);
        if !detail.tickets.is_empty() && !detail.activities.is_empty() {
            rich = Some(detail);
            break;
        }
    }
    let detail = rich.expect("somebody has tickets and a past");
    assert!(detail.activities.windows(2).all(|pair| pair[0].at >= pair[1].at), "newest first");
    let dial = Command::Dial {
        account: account.clone(),
        number: detail.contact.numbers[0].phone.raw.clone(),
        queue: Some("2100".into()),
        device: None,
        line: None,
        contact: Some(detail.contact.id.clone()),
    };
    let made = desk.confirmed(dial).await.made.unwrap();
    desk.until("the callee is known", |s| {
        activity(s, &made)?.matches.iter().any(|m| m.contact.id == detail.contact.id).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn favourites_come_first_and_outlive_a_new_reading() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let account = desk.sign_in(&sandbox, 0).await;
    let last = all(&mut desk, &account).await.pop().unwrap();
    desk.engine.set_favourite(Favourite { contact: last.id.clone(), on: true }).await.unwrap();
    let first = desk.engine.search_contacts(query("", false)).await.unwrap().contacts.remove(0);
    assert_eq!((first.id, first.favourite), (last.id.clone(), true));
    assert!(desk.engine.contact(last.id).await.unwrap().contact.favourite);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_read_contacts_is_not_offered_them() {
    let sandbox = centre(&[]).await;
    sandbox
        .control()
        .run("POST", "/permissions", serde_json::json!({"user": "ida", "deny": ["contacts"]}))
        .unwrap();
    let (desk, account) = Desk::ready(&sandbox).await;
    let offered = &state(desk.told(), &account).capabilities;
    assert!(
        !offered.contains(&Capability::Contacts) && offered.contains(&Capability::Tickets),
        "{offered:?}"
    );
    let nobody = model::ContactId::new(&account, "nobody");
    assert!(matches!(
        desk.engine.contact(nobody).await.unwrap_err().code,
        ProblemCode::Forbidden | ProblemCode::Gone
    ));
}
