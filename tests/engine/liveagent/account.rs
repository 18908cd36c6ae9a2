//! Signing in, the check, contacts, figures.

use model::ipc::ContactQuery;
use model::{Capability, Presence, ProblemCode, Snapshot, Watch};
use product_tests::{Desk, centre, presence, state};

use super::{by_key, signed_in, with_keys};

#[tokio::test]
async fn a_key_and_an_address_open_the_account() {
    let sandbox = centre(&[]).await;
    let (desk, account) = signed_in(&sandbox).await;
    let told = state(desk.told(), &account);
    let agent = told.agent.as_ref().expect("it is known who we are");
    assert_eq!(agent.username, sandbox.liveagent_users()[0].username);
    assert!(agent.name.contains(' '), "a first and a last name: {}", agent.name);
    for offered in [Capability::Contacts, Capability::Knowledge, Capability::CreateTickets, Capability::Dial]
    {
        assert!(told.capabilities.contains(&offered), "{offered:?}");
    }
    assert!(!told.capabilities.contains(&Capability::Ready), "nobody can set the state from outside");
    assert!(told.queues.iter().any(|queue| queue.title == "Support"));
}

#[tokio::test]
async fn what_is_wrong_with_keys_is_said() {
    let sandbox = centre(&[]).await;
    let user = sandbox.liveagent_users().swap_remove(0);
    let desk = Desk::new().await;
    let (key, email) = (sandbox.liveagent_key(), Some(user.username.as_str()));
    for (what, account, field) in [
        ("a key that nobody knows", with_keys(&sandbox, "nonsense", email, None), None),
        ("a key of the other version", with_keys(&sandbox, &user.v3_key, email, None), Some("token")),
        ("no address", with_keys(&sandbox, &key, None, None), Some("username")),
        ("a stranger", with_keys(&sandbox, &key, Some("nobody@offhook.example"), None), Some("username")),
    ] {
        let problem = desk.engine.add_account(account).await.expect_err(what);
        assert_eq!(problem.code, ProblemCode::WrongCredentials, "{what}: {problem}");
        assert_eq!(problem.fields.keys().map(String::as_str).next(), field, "{what}: {problem}");
    }
    assert!(desk.engine.snapshot().accounts.is_empty());
}

#[tokio::test]
async fn without_the_second_key_nothing_is_dialled_and_the_check_says_so() {
    let sandbox = centre(&[]).await;
    let user = sandbox.liveagent_users().swap_remove(0);
    let new = || with_keys(&sandbox, &sandbox.liveagent_key(), Some(&user.username), None);
    let mut desk = Desk::new().await;
    let report = desk.engine.check_new_account(new()).await;
    let ok = |what: &str| report.lines.iter().find(|line| line.what == what).and_then(|line| line.ok);
    assert_eq!(
        ["address", "sign_in", "tickets", "queues", "knowledge"].map(ok),
        [Some(true); 5],
        "{report:?}"
    );
    assert_eq!(ok("dial"), Some(false));
    let account = desk.add(new()).await;
    let known = |s: &Snapshot| state(s, &account).capabilities.contains(&Capability::Tickets).then_some(());
    desk.until("it is known", known).await;
    assert!(!state(desk.told(), &account).capabilities.contains(&Capability::Dial));
}

#[tokio::test]
async fn customers_are_contacts() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    let query = |text: &str| ContactQuery { text: text.to_owned(), online: false };
    let found = loop {
        let page = desk.engine.search_contacts(query("")).await.expect("contacts are searched");
        if let Some(contact) = page.contacts.iter().find(|contact| !contact.emails.is_empty()) {
            break contact.clone();
        }
        desk.until("something is told", |_| Some(())).await;
        tokio::task::yield_now().await;
    };
    assert_eq!(found.account, account);
    let detail = desk.engine.contact(found.id).await.expect("a contact is read");
    assert_eq!(detail.contact.emails, found.emails);
    assert!(detail.problems.is_empty(), "{:?}", detail.problems);
}

#[tokio::test]
async fn departments_have_figures_while_they_are_watched() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    desk.engine.watch(Watch { queues: vec![account.clone()], ..Watch::default() });
    let figures = desk
        .until("figures are told", |s| {
            s.statistics.iter().find(|one| one.account == account && one.title == "Support").cloned()
        })
        .await;
    assert_eq!(figures.waiting, Some(0));
    assert_eq!(figures.source, "overview");
}

#[tokio::test]
async fn the_own_state_is_shown_and_does_not_make_the_joined_state_mixed() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let daktela = desk.sign_in(&sandbox, 0).await;
    let liveagent = desk.add(by_key(&sandbox, 0)).await;
    let known = |s: &Snapshot| presence(s, &liveagent).filter(|presence| *presence != Presence::Unknown);
    desk.until("the own state is known", known).await;
    desk.go_ready(&daktela).await;
    desk.until("ready as one", |s| (s.agent.presence == model::UnifiedPresence::Ready).then_some(())).await;
}
