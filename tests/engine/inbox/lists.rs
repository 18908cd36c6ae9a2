//! What is listed, counted and found, and how it follows what happens on the platforms.

use std::collections::BTreeSet;

use model::{FilterId, InboxQuery, Platform, Stage, TicketFilter, TicketQuery, Watch, Whose};
use product_tests::tickets::{
    all, complete, first_user, fresh, in_step, listed, opened, post, rows, seen, truth,
};
use product_tests::{Desk, becomes, centre};
use serde_json::{Value, json};

use super::BOTH;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_platforms_make_one_list_whose_filters_count_what_they_show() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    let mut accounts = Vec::new();
    for platform in BOTH {
        let account = desk.add(first_user(&sandbox, platform)).await;
        complete(&mut desk, &account).await;
        accounts.push(account);
    }
    let there = sandbox.control().run("GET", "tickets", Value::Null).expect("tickets are told");
    let there: Vec<&Value> =
        there.as_array().expect("a list").iter().filter(|ticket| ticket["state"] != "deleted").collect();
    let here = listed(&desk, all()).await;
    assert_eq!(here.len(), 2 * there.len(), "each account lists every ticket");
    let newest: Vec<_> = here.iter().map(|ticket| ticket.changed_at).collect();
    assert!(newest.is_sorted_by(|one, next| one >= next), "one order over both");

    let filters = desk.engine.filters().await.expect("filters");
    for built_in in ["mine", "unassigned", "waiting", "due", "all"] {
        let filter = filters.iter().find(|one| one.id == FilterId::from(built_in)).expect(built_in);
        let query = InboxQuery {
            filter: filter.filter.clone().expect("built-in ones say what they show"),
            ..InboxQuery::default()
        };
        let shown = rows(&desk, query).await;
        assert_eq!(filter.total, u32::try_from(shown.len()).ok(), "{built_in}");
        let unread = shown.iter().filter(|ticket| ticket.unread).count();
        assert_eq!(filter.unread as usize, unread, "{built_in}");
    }
    let mine = TicketFilter { whose: Whose::Mine, ..all() };
    let mine = listed(&desk, mine).await;
    let of_ida = there.iter().filter(|ticket| ticket["owner"] == "ida").count();
    assert_eq!(mine.len(), 2 * of_ida);
    for account in &accounts {
        let one = TicketFilter { accounts: vec![account.clone()], ..all() };
        let shown = listed(&desk, one).await;
        assert_eq!(shown.len(), there.len());
        assert!(shown.iter().all(|ticket| ticket.account == *account));
    }
    let closed = TicketFilter { stages: vec![Stage::Closed], ..TicketFilter::default() };
    assert!(listed(&desk, closed).await.iter().all(|ticket| ticket.stage == Stage::Closed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_found_on_both_platforms_whatever_their_accents() {
    let sandbox = centre(&[]).await;
    let mut desk = Desk::new().await;
    for platform in BOTH {
        let account = desk.add(first_user(&sandbox, platform)).await;
        complete(&mut desk, &account).await;
    }
    for words in ["Nordljus", "fotografie poskozeni"] {
        let query = |online| InboxQuery { text: words.to_owned(), online, ..InboxQuery::default() };
        let found = rows(&desk, query(false)).await;
        let accounts: BTreeSet<_> = found.iter().map(|ticket| ticket.account.clone()).collect();
        assert_eq!(accounts.len(), 2, "{words}: {found:#?}");
        let list = desk.engine.inbox(query(true)).await.expect("platforms are asked");
        assert_eq!(list.problems, [], "{words}");
        assert!(list.total as usize >= found.len(), "{words}");
    }
    let nothing = InboxQuery { text: "xyzzyplugh".to_owned(), ..InboxQuery::default() };
    assert_eq!(rows(&desk, nothing).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_on_the_platform_is_seen_here() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, account) = in_step(&sandbox, platform).await;
        let body = json!({"title": "A lamp", "text": "It flickers.", "owner": "ida"});
        let (id, number) = opened(&mut desk, &control, &account, body).await;
        let ticket = seen(&desk, &id, |ticket| ticket.mine).await;
        assert!(ticket.awaits_answer && ticket.title == "A lamp", "{ticket:#?}");
        post(
            &control,
            &format!("tickets/{number}/message"),
            json!({"from": "agent", "text": "A new one is coming."}),
        );
        // Which of two wrote last LiveAgent does not list.
        seen(&desk, &id, |ticket| {
            let answered = platform == Platform::LiveAgent || !ticket.awaits_answer;
            answered && ticket.preview.contains("A new one is coming.")
        })
        .await;
        post(
            &control,
            &format!("tickets/{number}/message"),
            json!({"from": "customer", "text": "Thank you!"}),
        );
        seen(&desk, &id, |ticket| ticket.awaits_answer && ticket.preview.contains("Thank you!")).await;
        let theirs = json!({"agent": "tomas", "owner": "tomas", "tags": ["vip"]});
        post(&control, &format!("tickets/{number}/edit"), theirs);
        seen(&desk, &id, |ticket| {
            // Tickets of Daktela have no tags.
            let tagged = platform == Platform::Daktela || ticket.tags.iter().any(|tag| tag.title == "vip");
            !ticket.mine && ticket.owner.is_some() && tagged
        })
        .await;
        let detail = fresh(&desk, &id).await;
        let texts: Vec<&str> = detail.entries.iter().map(|entry| entry.body.text.trim()).collect();
        for text in ["It flickers.", "A new one is coming.", "Thank you!"] {
            assert_eq!(texts.iter().filter(|one| one.contains(text)).count(), 1, "{text}: {texts:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_vanished_says_so_and_costs_nothing_else() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, account) = in_step(&sandbox, platform).await;
        let (id, number) =
            opened(&mut desk, &control, &account, json!({"title": "A slip", "text": "Sorry."})).await;
        let others = listed(&desk, all()).await.len() - 1;
        post(&control, &format!("tickets/{number}/delete"), json!({"agent": "tomas"}));
        let query = TicketQuery { ticket: id.clone(), fresh: true };
        let problem = desk.engine.ticket(query).await.expect_err("it is gone");
        assert_eq!(problem.code, model::ProblemCode::Gone, "{problem:?}");
        let rest = listed(&desk, all()).await;
        assert!(rest.len() >= others);
        assert!(rest.iter().all(|ticket| ticket.id != id || ticket.stage == Stage::Deleted));
        assert_eq!(truth(&control, &number)["state"], "deleted");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_here_when_the_platform_is_not_and_follows_when_it_is_back() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (desk, _) = in_step(&sandbox, Platform::Daktela).await;
    let before = listed(&desk, all()).await.len();
    control.fault(json!({"kind": "drop"})).expect("a fault");
    let mut desk = desk.restarted().await;
    assert_eq!(listed(&desk, all()).await.len(), before, "kept on this computer");
    let made = post(&control, "tickets", json!({"title": "Meanwhile", "text": "Anybody there?"}));
    control.clear_faults();
    desk.engine.wake();
    desk.engine.watch(Watch { inbox: true, ..Watch::default() });
    let account = desk.told().accounts[0].account.id.clone();
    let id = model::TicketId::new(&account, &made["ticket"].to_string());
    seen(&desk, &id, |ticket| ticket.title == "Meanwhile").await;
    desk.is_in_step().await;
    becomes("nothing else is new", || control.state()["tickets"].as_u64() >= Some(before as u64)).await;
}
