//! What three platforms tell of one and the same hour of the practice centre.

use std::sync::Arc;
use std::time::Duration;

use model::{ContactOutcome, Credential, Direction, Draft, Phase, Platform, Timestamp};
use sandbox::{Control, Ring, Sandbox};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::clock;
use crate::sight::Order;

const CALLER: &str = "+442079460555";
const PATIENCE: Duration = Duration::from_secs(60);

/// An ear that remembers the last sight.
struct LastSight(tokio::sync::watch::Sender<Option<Sight>>);

impl Ear for LastSight {
    fn hearing(&self, _: Hearing) {}
    fn sight(&self, sight: Sight) {
        self.0.send_replace(Some(sight));
    }
    fn secret(&self, _: SecretString) {}
    fn statistics(&self, _: Vec<QueueStatistics>) {}
    fn presences(&self, _: Vec<ContactPresence>) {}
    fn stirred(&self) {}
    fn learned(&self) {}
}

struct Scene {
    sandbox: Sandbox,
    connector: Arc<dyn Connector>,
    sights: tokio::sync::watch::Receiver<Option<Sight>>,
    began: Timestamp,
    _ends: tokio_util::sync::DropGuard,
}

impl Scene {
    /// The first user of a platform, listening.
    async fn on(platform: Platform) -> Self {
        let sandbox = sandbox::start(sandbox::Options::default()).await.expect("the sandbox starts");
        let (url, credential) = credential(&sandbox, platform);
        let setting = Setting {
            account: "account".into(),
            url: address(platform, &url).expect("an address"),
            http: wire::HttpOptions::default(),
            language: "en".to_owned(),
            region: "GB".to_owned(),
            wake: wire::Wake::new(),
            memory: None,
        };
        let connector = open(platform, setting, &secret_of(platform, credential)).expect("a connector");
        connector.sign_in().await.expect("the sign-in works");
        let (sender, sights) = tokio::sync::watch::channel(None);
        let cancel = CancellationToken::new();
        tokio::spawn(connector.clone().listen(Arc::new(LastSight(sender)), cancel.clone()));
        // Platforms tell whole seconds.
        let began = clock::now().plus_ms(-2_000);
        let mut scene = Self { sandbox, connector, sights, began, _ends: cancel.drop_guard() };
        scene.sees("the account", |_| true).await;
        scene
    }

    fn control(&self) -> Control {
        self.sandbox.control()
    }

    fn post(&self, path: &str, body: Value) {
        self.control().run("POST", path, body).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
    }

    async fn sees(&mut self, what: &str, shows: impl Fn(&Sight) -> bool) {
        let seen = self.sights.wait_for(|sight| sight.as_ref().is_some_and(&shows));
        let seen = tokio::time::timeout(PATIENCE, seen).await;
        seen.unwrap_or_else(|_| panic!("{what} is not seen")).expect("it listens");
    }

    /// A call that rings at the first user.
    fn rings(&self) -> String {
        self.post("agents/ida/ready", json!({}));
        let ring = Ring { agent: Some("ida".to_owned()), number: Some(CALLER.to_owned()), ..Ring::default() };
        self.control().ring(ring).expect("a customer calls")
    }

    /// A call that the first user takes and that the customer ends.
    fn talks(&self) -> String {
        let call = self.rings();
        self.post(&format!("calls/{call}/answered-elsewhere"), json!({"agent": "ida"}));
        self.control().advance(30);
        self.control().hangup(&call).expect("the customer hangs up");
        call
    }

    async fn past(&self) -> PastDay {
        let office = self.connector.office().expect("it has a past");
        // The world's clock has been pushed on.
        office.past_day(self.began, clock::now().plus_ms(3_600_000)).await.expect("the past is told")
    }
}

fn credential(sandbox: &Sandbox, platform: Platform) -> (String, Credential) {
    let token = |token: String, username: Option<String>| Credential::Token {
        token,
        username,
        second: None,
        user: None,
    };
    match platform {
        Platform::Daktela => {
            let user = sandbox.users().swap_remove(0);
            (sandbox.daktela_url(), token(user.access_token, None))
        }
        Platform::Dstny => {
            let user = sandbox.dstny_users().swap_remove(0);
            (sandbox.dstny_url(), token(user.token, Some(format!("{}@{}", user.username, user.domain))))
        }
        Platform::LiveAgent => {
            let user = sandbox.liveagent_users().swap_remove(0);
            (sandbox.liveagent_url(), token(sandbox.liveagent_key(), Some(user.username)))
        }
        Platform::Ccaip => unreachable!("its past has tests of its own"),
    }
}

#[tokio::test]
async fn daktela_tells_a_call_with_its_wrap_up() {
    let mut scene = Scene::on(Platform::Daktela).await;
    let call = scene.talks();
    let code = |sight: &Sight| {
        let wraps_up = sight.activities.iter().find(|seen| seen.phase == Phase::WrapUp)?;
        Some(wraps_up.wrap_up.dispositions.first()?.id.clone())
    };
    scene.sees("the wrap-up", |sight| code(sight).is_some()).await;
    let code = scene.sights.borrow().as_ref().and_then(code);
    let past = scene.past().await;
    assert_eq!(past.contacts.len(), 1, "{past:?}");
    assert_eq!((past.contacts[0].outcome, past.contacts[0].closed), (ContactOutcome::Open, None));
    scene.control().advance(12);
    let draft = Draft { note: "Reset".to_owned(), dispositions: code.into_iter().collect() };
    let closed = scene.connector.run(Order::Close { activity: call.clone(), draft }).await;
    closed.expect("the record is closed");
    let past = scene.past().await;
    let block = &past.contacts[0];
    assert_eq!(block.id.parts(), Some(("account".into(), call.as_str())));
    assert_eq!((block.outcome, block.direction), (ContactOutcome::Handled, Direction::In));
    assert_eq!(block.party.phone.as_ref().and_then(|phone| phone.e164.as_deref()), Some(CALLER));
    let (answered, ended, closed) = (block.answered.unwrap(), block.ended.unwrap(), block.closed.unwrap());
    assert!(block.began <= answered && answered < ended && ended < closed, "{block:?}");
    let about = |ms: i64, seconds: i64| (ms - seconds * 1_000).abs() <= 5_000;
    assert!(about(ended.ms_since(answered), 30) && about(closed.ms_since(ended), 12), "{block:?}");
    assert!(past.bands.is_empty(), "no document has a log of states");
}

#[tokio::test]
async fn dstny_tells_calls_that_were_talked_and_missed() {
    let scene = Scene::on(Platform::Dstny).await;
    scene.talks();
    let missed = Ring { agent: Some("ida".to_owned()), direct: true, ..Ring::default() };
    let missed = scene.control().ring(missed).expect("somebody calls");
    scene.control().advance(3);
    scene.control().hangup(&missed).expect("and gives up");
    let past = scene.past().await;
    let outcomes: Vec<_> = past.contacts.iter().map(|block| (block.direction, block.outcome)).collect();
    assert_eq!(
        outcomes,
        [(Direction::In, ContactOutcome::Handled), (Direction::In, ContactOutcome::Missed)],
        "{past:?}"
    );
    let (answered, ended) = (past.contacts[0].answered.unwrap(), past.contacts[0].ended.unwrap());
    assert!((25_000..=35_000).contains(&ended.ms_since(answered)), "{past:?}");
    assert_eq!((past.contacts[1].answered, past.bands.len()), (None, 0));
}

#[tokio::test]
async fn liveagent_tells_when_the_agent_was_there() {
    let scene = Scene::on(Platform::LiveAgent).await;
    scene.talks();
    let past = scene.past().await;
    assert!(!past.bands.is_empty() && past.unreadable == 0, "{past:?}");
    assert!(past.bands.windows(2).all(|pair| pair[0].to < pair[1].from), "they do not overlap");
}
