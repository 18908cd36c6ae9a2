use model::{Change, CommandStatus, Event, Outcome, Snapshot};
use serde_json::json;

use super::*;
use crate::tests::{Stage, stage};

fn key(stage: &Stage) -> Key {
    Key::take(&stage.shell.place).unwrap().expect("nobody else is in this folder")
}

async fn open(stage: &Stage) -> Door {
    Door::open(Arc::clone(&stage.shell), key(stage)).await
}

async fn visitor(stage: &Stage) -> Visitor {
    Visitor::knock(&stage.shell.place.door()).await.expect("the door is open")
}

fn call(command: &str, request: Value) -> Ask {
    Ask::Call { command: command.to_owned(), request }
}

#[tokio::test]
async fn a_folder_has_one_key_and_gets_it_back() {
    let stage = stage().await;
    let first = key(&stage);
    assert!(Key::take(&stage.shell.place).unwrap().is_none());
    drop(first);
    assert!(matches!(reach(&stage.shell.place).await.unwrap(), Reached::Mine(_)));
}

#[tokio::test]
async fn whoever_comes_second_asks_at_the_door() {
    let stage = stage().await;
    let _door = open(&stage).await;
    let Reached::Theirs(mut visitor) = reach(&stage.shell.place).await.unwrap() else {
        panic!("a second engine could start")
    };
    let snapshot: Snapshot = visitor.ask(&call("snapshot", Value::Null)).await.unwrap();
    assert!(snapshot.accounts.is_empty());
    let refused = visitor.ask::<Value>(&call("no_such_command", json!("canary"))).await.unwrap_err();
    assert!(!format!("{refused:?}").contains("canary"));

    let id: CommandId = visitor.ask(&call("execute", json!({ "do": "resend", "item": 7 }))).await.unwrap();
    let status: CommandStatus = visitor.ask(&Ask::Finished { id }).await.unwrap();
    assert!(matches!(status.outcome, Outcome::Refused { .. }), "{status:?}");

    let mut follower = self::visitor(&stage).await;
    let first: Snapshot = follower.ask(&Ask::Follow).await.unwrap();
    let settings = model::Settings { region: "SE".to_owned(), ..first.settings };
    let (): () = visitor.ask(&call("save_settings", json!(settings))).await.unwrap();
    let events: Vec<Event> = serde_json::from_value(follower.hear().await.unwrap()).unwrap();
    assert!(
        events
            .iter()
            .any(|event| matches!(&event.change, Change::Settings { settings } if settings.region == "SE"))
    );
}

#[tokio::test]
async fn where_no_app_is_a_start_takes_over_and_keeps_its_links() {
    let stage = stage().await;
    let door = open(&stage).await;
    let link = Ask::Open { links: vec!["tel:+442079460123".to_owned()] };
    assert!(!visitor(&stage).await.ask::<bool>(&link).await.unwrap(), "this is not the app");
    door.app_knocks().await;
    assert_eq!(stage.shell.links.take(), None, "the app that starts has it");
    door.empty().await;
    door.close().await;
    assert!(matches!(reach(&stage.shell.place).await.unwrap(), Reached::Mine(_)));
}

#[tokio::test]
async fn who_ends_lets_its_visitors_finish_and_nobody_new_in() {
    let stage = stage().await;
    let door = open(&stage).await;
    let Reached::Theirs(mut busy) = reach(&stage.shell.place).await.unwrap() else { panic!("not reached") };
    let mut follower = visitor(&stage).await;
    let _: Snapshot = follower.ask(&Ask::Follow).await.unwrap();

    let mut ending = std::pin::pin!(door.empty());
    assert!(futures_util::poll!(ending.as_mut()).is_pending(), "somebody is still inside");
    assert!(Visitor::knock(&stage.shell.place.door()).await.is_none());
    let _: Snapshot = busy.ask(&call("snapshot", Value::Null)).await.unwrap();
    drop(busy);
    ending.await;
    stage.shell.engine.stop(model::LeaveState::Stay).await;
    follower.hear().await.expect_err("a follower is told that it ended");
}

#[cfg(unix)]
#[tokio::test]
async fn a_door_left_by_a_killed_run_is_opened_again_and_only_for_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage().await;
    let path = stage.shell.place.door();
    // Bound and never answered: what a killed program leaves.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(Visitor::knock(&path).await.is_none());
    let door = open(&stage).await;
    assert!(Visitor::knock(&path).await.is_some());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    door.close().await;
    assert!(!path.exists(), "nothing is left behind");
}
