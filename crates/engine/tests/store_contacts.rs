//! The index of contacts: found by what people type, whatever they type, and in step with the platform.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use model::{AccountId, Contact, ContactId, ContactNumber, Timestamp};
use offhook_engine::numbers;
use offhook_engine::store::Store;
use proptest::prelude::*;

fn contact(account: &str, name: &str, title: &str, numbers: &[&str]) -> Contact {
    let account = AccountId::from(account);
    Contact {
        id: ContactId::new(&account, name),
        account,
        title: title.to_owned(),
        company: None,
        numbers: numbers
            .iter()
            .map(|number| ContactNumber { label: "Phone".to_owned(), phone: numbers::phone(number, "CZ") })
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

async fn titles(store: &Store, text: &str) -> Vec<String> {
    store.search(text.to_owned(), 20).await.unwrap().into_iter().map(|contact| contact.title).collect()
}

async fn people() -> (tempfile::TempDir, Store) {
    store_with(vec![
        Contact {
            company: Some("Dvořák & synové".to_owned()),
            emails: vec!["petra.novakova@dilna.example".to_owned()],
            ..contact("a", "1", "Petra Nováková", &["602 111 222", "1001"])
        },
        contact("a", "2", "Antonín Dvořák", &["+420 777 060 211"]),
        contact("a", "3", "Dvořák Jan", &["00420 603 333 444"]),
        contact("b", "4", "Łukasz Żółć", &["+48 512 345 678"]),
        contact("b", "5", "Anna Größe", &["+49 30 123456"]),
        contact("b", "6", "24/7 Servis", &["+44 20 7946 0958"]),
        contact("b", "7", "山田太郎", &["+81 3-1234-5678"]),
        contact("b", "8", "O'Brien, Siobhán", &["+353 1 234 5678"]),
    ])
    .await
}

#[tokio::test]
async fn names_are_found_without_accents_and_the_beginning_of_the_name_comes_first() {
    let (_dir, store) = people().await;
    assert_eq!(titles(&store, "dvorak").await, ["Dvořák Jan", "Antonín Dvořák", "Petra Nováková"]);
    assert_eq!(titles(&store, "DVOŘ").await, ["Dvořák Jan", "Antonín Dvořák", "Petra Nováková"]);
    assert_eq!(titles(&store, "jan dvo").await, ["Dvořák Jan"]);
    for (typed, title) in [
        ("lukasz zolc", "Łukasz Żółć"),
        ("grosse", "Anna Größe"),
        ("Größe", "Anna Größe"),
        ("山田", "山田太郎"),
        ("o'brien", "O'Brien, Siobhán"),
        ("brien sio", "O'Brien, Siobhán"),
        ("petra.nov", "Petra Nováková"),
        ("dilna.example", "Petra Nováková"),
        ("24/7", "24/7 Servis"),
        ("nova 602", "Petra Nováková"),
        ("novakova 420602", "Petra Nováková"),
    ] {
        assert_eq!(titles(&store, typed).await, [title], "{typed:?}");
    }
    assert_eq!(titles(&store, "nobody").await, [""; 0]);
}

#[tokio::test]
async fn numbers_are_found_by_any_part_in_any_dress() {
    let (_dir, store) = people().await;
    for (typed, title) in [
        ("602 11", "Petra Nováková"),
        ("+420602", "Petra Nováková"),
        ("(602) 111-222", "Petra Nováková"),
        ("00420 602", "Petra Nováková"),
        ("0602111", "Petra Nováková"),
        ("111222", "Petra Nováková"),
        ("1001", "Petra Nováková"),
        ("6 0 2 1 1 1", "Petra Nováková"),
        ("020 7946", "24/7 Servis"),
        ("+44 (0)20 7946 0958", "24/7 Servis"),
        ("０２０７９４６", "24/7 Servis"),
        ("345 67", "Łukasz Żółć"),
    ] {
        assert_eq!(titles(&store, typed).await.first().map(String::as_str), Some(title), "{typed:?}");
    }
    // A number that begins so comes before one that only holds it.
    assert_eq!(titles(&store, "60211").await, ["Petra Nováková", "Antonín Dvořák"]);
    assert_eq!(titles(&store, "10").await, ["Petra Nováková"]);
}

#[tokio::test]
async fn favourites_come_first_and_empty_text_lists_everybody_by_title() {
    let (_dir, store) = people().await;
    store.set_favourite("a/2".into(), true).await.unwrap();
    store.set_favourite("b/7".into(), true).await.unwrap();
    store.set_favourite("gone/1".into(), true).await.unwrap();
    assert_eq!(titles(&store, "dvo").await[0], "Antonín Dvořák");
    let all = store.search("  ".to_owned(), 20).await.unwrap();
    assert_eq!(all.iter().map(|contact| contact.favourite).filter(|favourite| *favourite).count(), 2);
    assert_eq!(
        all.iter().map(|contact| contact.title.as_str()).collect::<Vec<_>>(),
        [
            "Antonín Dvořák",
            "山田太郎",
            "24/7 Servis",
            "Anna Größe",
            "Dvořák Jan",
            "Łukasz Żółć",
            "O'Brien, Siobhán",
            "Petra Nováková",
        ]
    );
    assert_eq!(store.search(String::new(), 3).await.unwrap().len(), 3);
    assert_eq!(store.search("a".to_owned(), 0).await.unwrap(), []);
    store.set_favourite("a/2".into(), false).await.unwrap();
    assert_eq!(titles(&store, "dvo").await[0], "Dvořák Jan");
}

#[tokio::test]
async fn a_full_synchronisation_sweeps_what_is_gone_and_keeps_favourites() {
    let (_dir, store) = people().await;
    store.set_favourite("a/1".into(), true).await.unwrap();
    let account = || AccountId::from("a");
    assert_eq!(store.synced_at(account()).await.unwrap(), None);

    let first = store.begin_sync(account()).await.unwrap();
    let petra = contact("a", "1", "Petra Veselá", &["+420 605 555 666"]);
    store.put_contacts(vec![petra.clone(), contact("a", "9", "Nový Člověk", &[])]).await.unwrap();
    assert_eq!(store.finish_sync(account(), first, Timestamp(5)).await.unwrap(), 2, "a/2 and a/3 are gone");
    assert_eq!(store.synced_at(account()).await.unwrap(), Some(Timestamp(5)));

    assert_eq!(titles(&store, "dvorak").await, [""; 0], "old words are gone too");
    assert_eq!(titles(&store, "602111").await, [""; 0], "and old numbers");
    assert_eq!(
        store.search("605555".to_owned(), 5).await.unwrap(),
        [Contact { favourite: true, ..petra.clone() }]
    );
    assert_eq!(titles(&store, "zolc").await, ["Łukasz Żółć"], "another account is untouched");

    // One that breaks off sweeps nothing, and the next one starts over.
    store.begin_sync(account()).await.unwrap();
    store.put_contacts(vec![petra.clone()]).await.unwrap();
    assert_eq!(titles(&store, "novy").await, ["Nový Člověk"]);
    let third = store.begin_sync(account()).await.unwrap();
    store.put_contacts(vec![petra]).await.unwrap();
    assert_eq!(store.finish_sync(account(), third, Timestamp(6)).await.unwrap(), 1);
    assert_eq!(titles(&store, "novy").await, [""; 0]);

    store.forget_account(account()).await.unwrap();
    assert_eq!(store.contact("a/1".into()).await.unwrap(), None);
    assert_eq!(titles(&store, "").await.len(), 5);
}

#[tokio::test]
async fn contacts_of_an_account_that_is_not_kept_are_gone_after_a_restart_when_nobody_uses_them() {
    let dir = tempfile::tempdir().unwrap();
    let count = async |store: &Store| titles(store, "").await.len();
    let (practising, _) = Store::open(dir.path()).unwrap();
    practising.begin_sync("practice".into()).await.unwrap();
    practising.put_contacts(vec![contact("practice", "1", "Jana", &["602111222"])]).await.unwrap();
    let (beside, _) = Store::open(dir.path()).unwrap();
    assert_eq!(count(&beside).await, 1);
    drop((practising, beside));
    let (next, _) = Store::open(dir.path()).unwrap();
    assert_eq!(count(&next).await, 0);
}

#[tokio::test]
async fn a_contact_taken_out_is_found_by_nothing() {
    let (_dir, store) = people().await;
    store.remove_contact("a/1".into()).await.unwrap();
    for typed in ["petra", "602111", "1001", "dilna"] {
        assert_eq!(titles(&store, typed).await, [""; 0], "{typed:?}");
    }
}

#[tokio::test]
async fn hostile_search_text_is_only_text() {
    let (_dir, store) = people().await;
    let long = "a".repeat(10_000);
    for typed in [
        "\"",
        "\"\"",
        "'",
        "*",
        "^",
        "-",
        "NEAR(",
        "NEAR(a b, 2)",
        "a AND",
        "OR",
        "NOT x",
        "title:petra",
        "{title}",
        "a:b:c",
        "(",
        ")",
        "petra)",
        "\0",
        "pe\0tra",
        "\u{202e}",
        "; DROP TABLE contacts",
        "\\",
        "%",
        "_",
        "petra\"*",
        "🙂",
        "🙂 petra",
        "½",
        "\u{1e900}",
        "ᾼ",
        &long,
    ] {
        store.search(typed.to_owned(), 20).await.unwrap_or_else(|problem| panic!("{typed:?}: {problem}"));
    }
    assert_eq!(titles(&store, "pe\0tra").await, ["Petra Nováková"]);
    assert_eq!(titles(&store, "\"petra").await, ["Petra Nováková"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_searches_without_error(typed in proptest::collection::vec(prop_oneof!["\\PC{0,12}", "[\"'*^:(){}+\\- ]{1,6}", "[0-9 +()]{1,8}"], 0..6)) {
        thread_local! {
            static STORE: (tokio::runtime::Runtime, tempfile::TempDir, Store) = {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let (dir, store) = runtime.block_on(people());
                (runtime, dir, store)
            };
        }
        let text = typed.concat();
        STORE.with(|(runtime, _, store)| {
            let found = runtime.block_on(store.search(text.clone(), 20));
            prop_assert!(found.is_ok(), "{:?}: {:?}", text, found);
            Ok(())
        })?;
    }
}
