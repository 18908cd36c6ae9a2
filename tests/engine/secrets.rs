//! Canaries: a password, its tokens, a pasted token, the caller's number and name, and a note go through everything the
//! engine does, and are then looked for where they must not be: in the log, and (the secrets) in the database and in
//! what a view is told.

use std::io::Write;
use std::sync::{Arc, Mutex};

use model::{Command, Draft, Link, Phase};
use product_tests::{Desk, activity, by_token, centre, ring};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_and_nobodys_data_leave_their_place() {
    let log = Log::default();
    tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::TRACE).init();
    let sandbox = centre(&[("poll_hold", "1")]).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;
    let other = desk.add(by_token(&sandbox, 1)).await;
    desk.link(&other, Link::Live).await;

    let call = desk.rung(&control, &account, "+442079460987").await;
    desk.confirmed(Command::Answer { activity: call.id.clone(), device: None }).await;
    control.run("POST", "/tokens/expire", serde_json::json!({"user": "ida"})).unwrap();
    desk.confirmed(Command::Hangup { activity: call.id.clone() }).await;
    desk.until("wrap-up", |s| activity(s, &call.id).filter(|a| a.phase == Phase::WrapUp).map(|_| ())).await;
    let draft = Draft { note: "canary of a note".to_owned(), dispositions: vec!["no_such_code".into()] };
    desk.run(Command::Close { activity: call.id.clone(), draft }).await;
    control.fault(serde_json::json!({"kind": "malformed", "route": "appPullData", "count": 1})).unwrap();
    control
        .fault(serde_json::json!({"kind": "status", "status": 500, "route": "appPullData", "count": 1}))
        .unwrap();
    ring(&control, "+442079460987");
    desk.link(&account, Link::Degraded).await;
    desk.link(&account, Link::Live).await;

    let kept = product_tests::secret(&desk, &account).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let text = |key: &str| kept[key].as_str().unwrap().to_owned();
    let secrets =
        [text("password"), text("access"), text("refresh"), sandbox.users()[1].access_token.clone()];
    assert!(secrets.iter().all(|secret| secret.len() > 5));

    let told = serde_json::to_string(&desk.engine.snapshot()).unwrap();
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the session was renewed"), "the log is looked at");
    let database = desk.database();
    for secret in &secrets {
        assert!(!told.contains(secret.as_str()) && !logged.contains(secret.as_str()));
        assert!(!database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    }
    for personal in ["20 7946 0987", "2079460987", "canary of a note"] {
        let line = logged.lines().find(|line| line.contains(personal));
        assert_eq!(line, None, "{personal}");
    }
}
