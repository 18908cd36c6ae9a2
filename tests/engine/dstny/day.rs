//! The rest of the agent's day: presence, queues and their figures, devices, lines, diversions, voicemail, texts, the past,
//! conferences, and where operations are found.

use model::{
    AccountId, AgentTarget, Capability, Command, DiversionCase, DiversionChange, HandledState, HistoryMark,
    HistoryQuery, ImportRoutes, MarkHistory, PastOutcome, Presence, PresenceChange, ProblemCode, Provenance,
    QueueJoin, QueueOf, SaveVoicemail, SendSms, SetDiversion, TakePart, Timestamp, Until, VoicemailSettings,
    Watch,
};
use product_tests::{Desk, centre, presence, state};
use serde_json::{Value, json};

use super::{answered, is_gone, offers, post, ready, rung, signed_in};

fn own<'a>(desk: &'a Desk, account: &AccountId) -> &'a model::OwnPresence {
    state(desk.told(), account).presence.as_ref().expect("the own presence is known")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_own_presence_is_set_in_every_part_and_heard_when_it_changes_elsewhere() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::Presence).await;
    assert!(own(&desk, &account).activities.len() > 2 && own(&desk, &account).roles.len() > 1);
    let set = |change: PresenceChange| Command::SetPresence { account: account.clone(), change };
    let until = Timestamp(desk.told().at.0 / 60_000 * 60_000 + 3_600_000);
    let change = PresenceChange {
        activity: Some("meeting".into()),
        note: Some("Back at two".to_owned()),
        until: Some(Until::At { at: until }),
        role: Some("private".into()),
        available: None,
    };
    super::confirmed(&mut desk, set(change)).await;
    let now = own(&desk, &account);
    assert_eq!(now.activity.as_ref().map(model::PresenceId::as_str), Some("meeting"));
    assert_eq!((now.note.as_str(), now.until, now.available), ("Back at two", Some(until), Some(false)));
    assert_eq!(presence(desk.told(), &account), Some(Presence::Paused));
    super::confirmed(
        &mut desk,
        set(PresenceChange { note: Some(String::new()), ..PresenceChange::default() }),
    )
    .await;
    assert_eq!(own(&desk, &account).note, "");
    assert_eq!(
        own(&desk, &account).activity.as_ref().map(model::PresenceId::as_str),
        Some("meeting"),
        "the rest stays"
    );
    let shortcut = own(&desk, &account).shortcuts.iter().find(|s| s.minutes == Some(45)).unwrap().id.clone();
    super::confirmed(&mut desk, Command::ApplyShortcut { account: account.clone(), shortcut }).await;
    desk.until("at lunch", |s| {
        let own = state(s, &account).presence.as_ref()?;
        (own.activity.as_ref()?.as_str() == "lunch" && own.until.is_some()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ready_not_ready_and_pauses_are_activities_and_queue_log_ins() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let joined = |desk: &Desk| {
        let queues = state(desk.told(), &account).queues.iter().filter(|queue| queue.logged_in);
        queues.map(|queue| queue.id.clone()).collect::<Vec<_>>()
    };
    let before = joined(&desk);
    assert!(!before.is_empty());
    let pauses: Vec<String> = desk.told().agent.pauses.iter().map(|pause| pause.title.clone()).collect();
    assert!(pauses.contains(&"Lunch".to_owned()) && !pauses.contains(&"Available".to_owned()), "{pauses:?}");
    let to = |target: AgentTarget| Command::SetState { target, accounts: None };
    super::confirmed(&mut desk, to(AgentTarget::NotReady)).await;
    desk.until("out of the queues", |s| state(s, &account).queues.iter().all(|q| !q.logged_in).then_some(()))
        .await;
    super::confirmed(&mut desk, to(AgentTarget::Ready)).await;
    desk.until("in the same queues", |s| {
        let queues = state(s, &account).queues.iter().filter(|queue| queue.logged_in);
        (queues.map(|queue| queue.id.clone()).collect::<Vec<_>>() == before).then_some(())
    })
    .await;
    super::confirmed(&mut desk, to(AgentTarget::Pause { pause: "lunch".into() })).await;
    assert_eq!(desk.told().agent.pause.as_deref(), Some("Lunch"));
    super::confirmed(&mut desk, to(AgentTarget::Ready)).await;
    assert_eq!(presence(desk.told(), &account), Some(Presence::Ready));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queues_are_joined_and_left_their_figures_are_live_and_their_people_known() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    let queue = desk
        .until("a queue to join", |s| {
            let queues = &state(s, &account).queues;
            queues.iter().find(|q| q.join == QueueJoin::Manual && !q.logged_in).map(|q| q.id.clone())
        })
        .await;
    for logged_in in [true, false, true] {
        super::confirmed(
            &mut desk,
            Command::SetQueue { account: account.clone(), queue: queue.clone(), logged_in },
        )
        .await;
    }
    offers(&mut desk, &account, Capability::QueueStatistics).await;
    desk.engine.watch(Watch { queues: vec![account.clone()], ..Watch::default() });
    desk.until("figures", |s| {
        let figures = s.statistics.iter().find(|one| one.queue == queue)?;
        figures.logged_in.filter(|count| *count > 0)
    })
    .await;
    let agents =
        desk.engine.queue_agents(QueueOf { account: account.clone(), queue: queue.clone() }).await.unwrap();
    let me = sandbox.dstny_users().swap_remove(0).title;
    let me = agents.iter().find(|agent| agent.name == me).expect("the agent is one of them");
    assert_eq!(me.logged_in, Some(true));
    let unknown = QueueOf { account, queue: "424242".into() };
    assert!(desk.engine.queue_agents(unknown).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_who_wait_are_counted_while_they_wait() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    offers(&mut desk, &account, Capability::QueueStatistics).await;
    desk.engine.watch(Watch { queues: vec![account.clone()], ..Watch::default() });
    let waiting = |count: u32| {
        move |s: &model::Snapshot| {
            let total: u32 = s.statistics.iter().filter_map(|one| one.waiting).sum();
            (!s.statistics.is_empty() && total == count).then_some(())
        }
    };
    desk.until("nobody waits", waiting(0)).await;
    let call = post(&control, "ring", json!({"queue": 2000, "number": super::CALLER}));
    desk.until("one waits", waiting(1)).await;
    assert!(desk.told().statistics.iter().any(|one| one.longest_since.is_some()));
    assert!(desk.told().statistics.iter().all(|one| one.average_wait.is_some()));
    post(&control, &format!("calls/{}/hangup", call["activity"].as_str().unwrap()), Value::Null);
    desk.until("nobody waits any more", waiting(0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_line_is_chosen_and_devices_change_live() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::Lines).await;
    let line = state(desk.told(), &account).lines.iter().find(|line| !line.active).unwrap().id.clone();
    super::confirmed(&mut desk, Command::SetLine { account: account.clone(), line: line.clone() }).await;
    desk.until("the line is used", |s| {
        state(s, &account).lines.iter().any(|known| known.id == line && known.active).then_some(())
    })
    .await;
    super::streams(&sandbox, "device.stream", 1).await;
    for device in ["301", "721322400"] {
        post(&sandbox.control(), "agents/ida/device", json!({"device": device, "reachable": false}));
    }
    desk.until("no device can be reached", |s| {
        let agent = state(s, &account).agent.as_ref()?;
        (agent.reach == model::Reach::Unreachable).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn diversions_and_the_voicemail_are_read_and_written() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    for capability in [Capability::Diversions, Capability::Voicemail] {
        offers(&mut desk, &account, capability).await;
    }
    let number = "+442079460188";
    let line = desk.engine.diversions(account.clone()).await.unwrap().lines[0].line.clone();
    let change = |change| SetDiversion { account: account.clone(), change };
    let rule = |number: Option<&str>| DiversionChange::Rule {
        line: line.clone(),
        case: DiversionCase::Busy,
        number: number.map(str::to_owned),
    };
    let busy = |all: &model::Diversions| {
        let rules = &all.lines.iter().find(|one| one.line == line).unwrap().rules;
        rules.iter().find(|rule| rule.case == DiversionCase::Busy).and_then(|rule| rule.number.clone())
    };
    let all = desk.engine.set_diversion(change(rule(Some(number)))).await.unwrap();
    assert_eq!(busy(&all).as_deref(), Some(number));
    let all = desk.engine.set_diversion(change(rule(None))).await.unwrap();
    assert_eq!(busy(&all), None);
    let lunch = |number: Option<&str>| DiversionChange::Activity {
        activity: "lunch".into(),
        number: number.map(str::to_owned),
    };
    let at_lunch = |all: &model::Diversions| {
        let one = all.activities.iter().find(|one| one.activity.as_str() == "lunch");
        one.and_then(|one| one.number.clone())
    };
    let all = desk.engine.set_diversion(change(lunch(Some(number)))).await.unwrap();
    assert_eq!(at_lunch(&all).as_deref(), Some(number));
    let all = desk.engine.set_diversion(change(lunch(None))).await.unwrap();
    assert_eq!(at_lunch(&all), None);
    let active = DiversionChange::Active { number: Some(number.to_owned()), until_presence_changes: false };
    let all = desk.engine.set_diversion(change(active)).await.unwrap();
    assert_eq!(all.active.as_deref(), Some(number));

    let before = desk.engine.voicemail(account.clone()).await.unwrap();
    let settings = VoicemailSettings {
        by_sms: before.by_sms.map(|on| !on),
        person_number: Some(number.to_owned()),
        ..before.clone()
    };
    let save = SaveVoicemail { account: account.clone(), settings: settings.clone() };
    assert_eq!(desk.engine.save_voicemail(save).await.unwrap(), settings);
    assert_eq!(desk.engine.voicemail(account).await.unwrap(), settings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_sent_and_refused_with_the_platforms_words() {
    let sandbox = centre(&[]).await;
    let (mut desk, account) = signed_in(&sandbox).await;
    offers(&mut desk, &account, Capability::Sms).await;
    let sms = |text: &str| SendSms {
        account: account.clone(),
        to: vec!["+442079460144".to_owned()],
        text: text.to_owned(),
    };
    desk.engine.send_sms(sms("Everything’s fine")).await.unwrap();
    let problem = desk.engine.send_sms(sms("")).await.unwrap_err();
    assert!(matches!(problem.code, ProblemCode::Refused | ProblemCode::NotPossible), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_past_is_read_page_by_page_and_marked() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::History).await;
    let call = answered(&mut desk, &control, &account).await.id;
    super::confirmed(&mut desk, Command::Hangup { activity: call.clone() }).await;
    is_gone(&mut desk, &call).await;
    let query = |outcomes: &[PastOutcome], before: Option<Timestamp>| HistoryQuery {
        account: Some(account.clone()),
        outcomes: outcomes.to_vec(),
        before,
        ..HistoryQuery::default()
    };
    let page = desk.engine.history(query(&[], None)).await.unwrap();
    assert_eq!(
        page.items[0].party.phone.as_ref().unwrap().e164.as_deref(),
        Some(super::CALLER),
        "{:?}",
        page.items[0]
    );
    assert!(page.items.is_sorted_by_key(|item| std::cmp::Reverse(item.at)));
    assert!(page.problems.is_empty() && page.unreadable == 0);
    let older = desk.engine.history(query(&[], Some(page.items[0].at))).await.unwrap();
    assert!(older.items.iter().all(|item| item.at < page.items[0].at));

    let missed =
        desk.engine.history(query(&[PastOutcome::Missed, PastOutcome::Voicemail], None)).await.unwrap();
    let wanted = [PastOutcome::Missed, PastOutcome::Voicemail];
    assert!(missed.items.iter().all(|item| wanted.contains(&item.outcome)));
    let mark = |item, mark| MarkHistory { item, mark };
    let first =
        missed.items.iter().find(|item| item.outcome == PastOutcome::Missed).expect("somebody was missed");
    for (set, seen) in [(HistoryMark::Seen, true), (HistoryMark::Unseen, false)] {
        desk.engine.mark_history(mark(first.id.clone(), set)).await.unwrap();
        let page = desk.engine.history(query(&wanted, None)).await.unwrap();
        assert_eq!(page.items.iter().find(|item| item.id == first.id).unwrap().seen, Some(seen));
    }
    desk.engine.mark_history(mark(first.id.clone(), HistoryMark::Deleted)).await.unwrap();
    let page = desk.engine.history(query(&wanted, None)).await.unwrap();
    assert!(page.items.iter().all(|item| item.id != first.id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_groups_missed_call_is_taken_care_of_with_a_note() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::GroupHistory).await;
    let call = rung(&mut desk, &control, &account).await;
    let group = call.queue.as_ref().unwrap().id.clone().unwrap();
    post(&control, &format!("calls/{}/hangup", call.id.parts().unwrap().1), Value::Null);
    is_gone(&mut desk, &call.id).await;
    let query =
        HistoryQuery { account: Some(account.clone()), group: Some(group), ..HistoryQuery::default() };
    let page = desk.engine.history(query.clone()).await.unwrap();
    let item = page.items.iter().find(|item| {
        item.party.phone.as_ref().and_then(|phone| phone.e164.as_deref()) == Some(super::CALLER)
    });
    let item = item.expect("the group's log has the call").clone();
    assert_eq!(item.handled.as_ref().unwrap().state, HandledState::Unhandled);
    let note = "Wants to be called back on Friday".to_owned();
    let mark = HistoryMark::Handled { state: HandledState::InProgress, note: note.clone() };
    desk.engine.mark_history(MarkHistory { item: item.id.clone(), mark }).await.unwrap();
    let page = desk.engine.history(query).await.unwrap();
    let handled = page.items.iter().find(|one| one.id == item.id).unwrap().handled.clone().unwrap();
    assert_eq!((handled.state, handled.note), (HandledState::InProgress, note));
    assert!(handled.agent.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conference_of_the_calendar_is_joined_and_left() {
    let sandbox = centre(&[("device_delay", "1")]).await;
    let (mut desk, account) = ready(&sandbox).await;
    offers(&mut desk, &account, Capability::Conferences).await;
    let conferences = desk.engine.conferences().await.unwrap();
    assert!(conferences.is_sorted_by_key(|conference| conference.begins));
    let conference =
        conferences.iter().find(|conference| !conference.numbers.is_empty()).expect("one to dial in to");
    let part =
        |join| TakePart { account: account.clone(), conference: conference.id.clone(), join, device: None };
    desk.engine.take_part(part(true)).await.unwrap();
    let call = desk.until("the call to it", |s| s.activities.first().map(|call| call.id.clone())).await;
    desk.engine.take_part(part(false)).await.unwrap();
    is_gone(&mut desk, &call).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_file_moves_an_operation_and_is_remembered() {
    let sandbox = centre(&[]).await;
    let (desk, account) = signed_in(&sandbox).await;
    let routes = desk.engine.routes(account.clone()).await.unwrap();
    assert!(routes.len() > 150);
    let list = routes.iter().find(|route| route.operation == "userline.list").unwrap();
    assert_eq!(list.provenance, Provenance::Inferred);
    let file = json!({"swagger": "2.0", "basePath": "/api", "paths": {
        "/moved/lines/{domain}/{user}": {"get": {"operationId": "userline.list", "parameters": []}},
        "/contacts/list/{domain}/{user}": {"get": {"operationId": "contacts.search", "parameters": []}},
        "/espresso": {"post": {"operationId": "coffee.make"}},
    }})
    .to_string();
    let import = |text: Option<&str>, keep| ImportRoutes {
        account: account.clone(),
        text: text.map(str::to_owned),
        keep,
    };
    let shown = desk.engine.import_routes(import(Some(&file), false)).await.unwrap();
    assert!(!shown.kept);
    assert_eq!(
        shown.changes.iter().map(|c| c.to.path.as_str()).collect::<Vec<_>>(),
        ["/moved/lines/{domain}/{user}"]
    );
    assert_eq!((shown.confirmed, shown.unknown.len()), (1, 1), "{shown:?}");
    let path = async |desk: &Desk| {
        let routes = desk.engine.routes(account.clone()).await.unwrap();
        routes
            .into_iter()
            .find(|route| route.operation == "userline.list")
            .map(|route| (route.path, route.provenance))
    };
    assert_eq!(path(&desk).await.unwrap().1, Provenance::Inferred, "only shown");
    assert!(desk.engine.import_routes(import(Some(&file), true)).await.unwrap().kept);
    let moved = ("/moved/lines/{domain}/{user}".to_owned(), Provenance::Imported);
    assert_eq!(path(&desk).await, Some(moved.clone()));
    // The connection check finds that it is not there: the file was wrong for this tenant.
    let report = desk.engine.check_account(account.clone()).await.unwrap();
    let line = report.lines.iter().find(|line| line.what == "userline.list").unwrap();
    assert_eq!(line.problem.as_ref().map(|problem| problem.code), Some(ProblemCode::NoSuchOperation));
    let mut desk = desk.restarted().await;
    desk.link(&account, model::Link::Live).await;
    assert_eq!(path(&desk).await, Some(moved), "and after a restart");
    desk.engine.import_routes(import(None, true)).await.unwrap();
    assert_eq!(path(&desk).await.unwrap().1, Provenance::Inferred);
    assert!(desk.engine.import_routes(import(Some("no file"), true)).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_connection_check_says_of_each_operation_whether_it_works_and_why_not() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = signed_in(&sandbox).await;
    for capability in [Capability::Voicemail, Capability::History, Capability::QueueStatistics] {
        offers(&mut desk, &account, capability).await;
    }
    let report = desk.engine.check_account(account.clone()).await.unwrap();
    let bad: Vec<_> = report.lines.iter().filter(|line| line.ok != Some(true)).collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert!(report.lines.len() > 20);
    post(&control, "licences", json!({"user": "ida", "licences": ["CTI"]}));
    control.fault(json!({"kind": "status", "status": 404, "route": "commlog.list"})).unwrap();
    let report = desk.engine.check_account(account.clone()).await.unwrap();
    let code = |what: &str| {
        let line = report.lines.iter().find(|line| line.what == what).unwrap();
        line.problem.as_ref().map(|problem| problem.code)
    };
    assert_eq!(code("voicemail.get"), Some(ProblemCode::NotLicensed));
    assert_eq!(code("commlog.list"), Some(ProblemCode::NoSuchOperation));
    assert_eq!(code("callstate.user.get"), None);
    // What depends on them is no longer offered.
    desk.until("hidden", |s| {
        let offered = &state(s, &account).capabilities;
        let gone = [Capability::Voicemail, Capability::History, Capability::QueueStatistics];
        gone.iter().all(|capability| !offered.contains(capability)).then_some(())
    })
    .await;
}
