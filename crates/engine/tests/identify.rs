//! Who is calling.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use model::{AccountId, Confidence, Contact, ContactId, ContactNumber, Phone};
use offhook_engine::identify::{MOST, identify};
use offhook_engine::numbers;
use offhook_engine::store::Store;

fn contact(account: &str, name: &str, title: &str, numbers: &[&str]) -> Contact {
    let account = AccountId::from(account);
    Contact {
        id: ContactId::new(&account, name),
        account,
        title: title.to_owned(),
        company: None,
        numbers: numbers
            .iter()
            .map(|number| ContactNumber { label: String::new(), phone: numbers::phone(number, "CZ") })
            .collect(),
        emails: Vec::new(),
        description: None,
        favourite: false,
        mark: None,
        editable: false,
    }
}

async fn store_with(contacts: Vec<Contact>) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(dir.path()).unwrap();
    store.put_contacts(contacts).await.unwrap();
    (dir, store)
}

fn who(store: &Store, number: &str) -> Vec<(String, Confidence)> {
    let phone = numbers::phone(number, "CZ");
    let matches = identify(store, Some(&phone), None).unwrap();
    matches.into_iter().map(|found| (found.contact.title, found.confidence)).collect()
}

fn sure(title: &str) -> (String, Confidence) {
    (title.to_owned(), Confidence::Sure)
}

fn maybe(title: &str) -> (String, Confidence) {
    (title.to_owned(), Confidence::Maybe)
}

#[tokio::test]
async fn the_same_number_is_sure_in_any_dress_and_on_every_account() {
    let (_dir, store) = store_with(vec![
        contact("a", "1", "Jana", &["602 111 222", "00420602111222"]),
        contact("b", "1", "Jana in the other system", &["+420 602 111 222"]),
        contact("b", "2", "Somebody else", &["+420 602 111 223"]),
    ])
    .await;
    for dress in ["+420602111222", "602111222", "00420602111222", "sip:+420602111222@pbx.example"] {
        assert_eq!(who(&store, dress), [sure("Jana"), sure("Jana in the other system")], "{dress}");
    }
    assert_eq!(who(&store, "+420602111224"), []);
}

#[tokio::test]
async fn the_same_last_digits_are_a_maybe_after_what_is_sure() {
    let (_dir, store) = store_with(vec![
        contact("a", "1", "Abroad", &["+421 602 111 222"]),
        contact("a", "2", "Kept with a wrong prefix", &["9602111222"]),
        contact("a", "3", "Exactly", &["+420 602 111 222"]),
        contact("a", "4", "Seven digits, old form", &["2 111 222"]),
        contact("a", "5", "Six digits are too few", &["111 222"]),
    ])
    .await;
    assert_eq!(
        who(&store, "+420602111222"),
        [
            sure("Exactly"),
            maybe("Abroad"),
            maybe("Kept with a wrong prefix"),
            maybe("Seven digits, old form")
        ]
    );
    assert!(who(&store, "02111222").contains(&maybe("Seven digits, old form")));
}

#[tokio::test]
async fn an_extension_is_only_the_same_extension() {
    let (_dir, store) = store_with(vec![
        contact("a", "1", "Desk", &["1001"]),
        contact("a", "2", "Not the desk", &["+420 602 111 001", "11001", "100"]),
    ])
    .await;
    assert_eq!(who(&store, "1001"), [maybe("Desk")]);
    assert_eq!(who(&store, "01001"), []);
    assert_eq!(who(&store, "sip:1001@pbx.example"), [maybe("Desk")]);
}

#[tokio::test]
async fn a_hidden_caller_is_nobody() {
    let (_dir, store) =
        store_with(vec![contact("a", "1", "Anonymous", &["anonymous", "0", "266696687", ""])]).await;
    for hidden in ["", "anonymous", "Unknown", "0", "+266696687", "sip:anonymous@anonymous.invalid"] {
        assert_eq!(who(&store, hidden), [], "{hidden:?}");
    }
    assert_eq!(identify(&store, None, None).unwrap(), []);
}

#[tokio::test]
async fn the_contact_the_platform_linked_is_sure_and_first_even_when_the_number_is_hidden() {
    let (_dir, store) = store_with(vec![
        contact("a", "1", "Aaa by number", &["602111222"]),
        contact("a", "2", "Zzz linked, fuller here", &["602111222", "777333444"]),
    ])
    .await;
    let phone = numbers::phone("602111222", "CZ");
    let found = identify(&store, Some(&phone), Some(contact("a", "2", "Zzz", &[]))).unwrap();
    assert_eq!(
        found.iter().map(|found| found.contact.title.as_str()).collect::<Vec<_>>(),
        ["Zzz linked, fuller here", "Aaa by number"]
    );
    let unknown = contact("a", "3", "Not in the index yet", &[]);
    let hidden = Phone { raw: "anonymous".to_owned(), e164: None, display: String::new(), country: None };
    let found = identify(&store, Some(&hidden), Some(unknown.clone())).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].contact, found[0].confidence), (&unknown, Confidence::Sure));
}

#[tokio::test]
async fn a_number_of_many_names_a_few_favourites_first() {
    let many =
        (0..500).map(|n| contact("a", &n.to_string(), &format!("Clerk {n:03}"), &["+420 234 567 890"]));
    let (_dir, store) = store_with(many.collect()).await;
    store.set_favourite("a/40".into(), true).await.unwrap();
    let found = who(&store, "234567890");
    assert_eq!(found.len(), MOST);
    assert_eq!(found[0], sure("Clerk 040"));
    assert_eq!(found[1], sure("Clerk 000"));
}

#[tokio::test]
async fn identification_does_not_wait_for_a_writer() {
    let (dir, store) = store_with(vec![contact("a", "1", "Jana", &["602111222"])]).await;
    let other = rusqlite::Connection::open(dir.path().join("offhook.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE; DELETE FROM contacts").unwrap();
    assert_eq!(who(&store, "602111222"), [sure("Jana")]);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(who(&store, "602111222"), []);
}
