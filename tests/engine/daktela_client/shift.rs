//! One agent's shift with every operation, each step confirmed by the pull; under every reading of what the documents
//! leave open, one by one and all together.

use std::time::Duration;

use daktela::models::{Activity, ActivityAction, AgentState, Queue, Status};
use daktela::pull::PullState;
use daktela::{Client, Closing, DeviceKind, Error, Query, SessionChange, Whoim};
use product_tests::ring;
use sandbox::{Control, Options, Sandbox, Switches};
use serde_json::Value;
use wire::poll::Part;

use super::signed_in;

const PATIENCE: Duration = Duration::from_secs(20);

/// An agent at work: the client, the picture that the pull has drawn, and where it stands.
struct Shift {
    client: Client,
    control: Control,
    state: PullState,
    hash: Option<String>,
}

impl Shift {
    async fn begin(sandbox: &Sandbox, client: Client) -> Self {
        let me = sandbox.users()[0].username.clone();
        let mut shift = Self { client, control: sandbox.control(), state: PullState::new(me), hash: None };
        shift.pull().await;
        shift
    }

    /// One poll; whatever it puts in doubt is read at once.
    async fn pull(&mut self) {
        let part = if self.hash.is_none() { Part::Whole } else { Part::Next };
        let answer = self.client.pull(self.hash.as_deref()).await.expect("an answer");
        self.hash = answer.hash.clone().or(self.hash.take());
        let changes = self.state.apply(answer, part);
        assert_eq!(changes.unreadable, []);
        for doubt in changes.in_doubt {
            let found = match self.client.get::<Activity>(&doubt.name).await {
                Ok(found) => Some(found),
                Err(Error::NotFound) => None,
                Err(error) => panic!("{error}"),
            };
            self.state.resolve(&doubt, found);
        }
    }

    async fn until(&mut self, what: &str, shows: impl Fn(&PullState) -> bool) {
        let waiting = async {
            while !shows(&self.state) {
                self.pull().await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            panic!("waited too long until {what}: {:#?}", self.state);
        }
    }

    async fn until_action(&mut self, name: &str, action: ActivityAction) {
        let what = format!("{name} is {action}");
        let is = |state: &PullState| state.activity(name).is_some_and(|a| a.action.as_ref() == Some(&action));
        self.until(&what, is).await;
    }

    async fn until_state(&mut self, agent: AgentState) {
        self.until(&format!("the agent is {agent}"), |state| state.session().state.as_ref() == Some(&agent))
            .await;
    }

    async fn until_gone(&mut self, name: &str) {
        self.until(&format!("{name} is gone"), |state| state.activity(name).is_none()).await;
    }

    fn is_speaking(state: &PullState, name: &str) -> bool {
        let call = state.activity(name).and_then(|activity| activity.item.as_ref()?.call());
        call.is_some_and(|call| call.live_channel_of("ida").is_some())
    }

    async fn change(&self, change: SessionChange) {
        self.client
            .change_session(&change)
            .await
            .unwrap_or_else(|error| panic!("{error}: {}", change.body()));
    }

    /// Closes with the first status of the queue.
    async fn close(&mut self, name: &str) {
        let queue = self.state.activity(name).and_then(|a| a.queue.as_ref()?.name.clone());
        let mut statuses = Vec::new();
        if let Some(queue) = queue {
            let query = Query::new().sort(&Status::FIELDS.name);
            let offered =
                self.client.related::<Queue, Status>(&queue, "statuses", &query).await.expect("statuses");
            statuses.extend(offered.rows.into_iter().map(|status| status.name).take(1));
        }
        let closing = Closing { statuses, description: Some("Talked about the boiler".to_owned()) };
        self.client.close(name, &closing).await.unwrap_or_else(|error| panic!("{error}: {closing:?}"));
        self.until_gone(name).await;
        let closed: Activity = self.client.get(name).await.expect("it is kept");
        assert_eq!(closed.action, Some(ActivityAction::Close));
        assert_eq!(closed.description.as_deref(), Some("Talked about the boiler"));
        assert_eq!(closed.statuses.len(), closing.statuses.len());
    }
}

/// Everything an agent does in a shift, each step confirmed by the pull.
async fn whole_shift(sandbox: &Sandbox) {
    let client = signed_in(sandbox).await;
    let whoim = client.whoim().await.expect("signed in");
    assert_eq!(whoim.user.name, "ida");
    assert!(!whoim.queues.is_empty() && !whoim.pauses.is_empty() && whoim.version.is_some());
    assert_eq!(whoim.unreadable, []);
    let mut shift = Shift::begin(sandbox, client).await;
    go_ready(&mut shift).await;
    take_a_call(&mut shift).await;
    leave_a_call_to_another(&mut shift, sandbox).await;
    reject_a_call(&mut shift).await;
    call_somebody(&mut shift, &whoim).await;
    take_a_break(&mut shift, &whoim).await;
    leave_and_join_a_queue(&mut shift, &whoim).await;
    shift.change(SessionChange::unready()).await;
    shift.until_state(AgentState::Session).await;
    shift.client.logout().await.expect("signed out");
    assert_eq!(shift.client.pull(None).await.expect_err("nobody is signed in"), Error::SignInNeeded);
}

async fn go_ready(shift: &mut Shift) {
    let devices = shift.client.available_devices().await.expect("devices");
    assert_eq!(devices.unreadable, []);
    let device = devices.rows.iter().find(|d| d.kind == Some(DeviceKind::SipDevice)).expect("a SIP device");
    shift.change(SessionChange::ready_on(&device.name, &DeviceKind::SipDevice)).await;
    shift.until_state(AgentState::Idle).await;
    let session = shift.state.session();
    assert!(session.exten.is_some() || !devices.rows.is_empty());
}

async fn take_a_call(shift: &mut Shift) {
    let name = ring(&shift.control, "+15550100");
    shift.until_action(&name, ActivityAction::Wait).await;
    let ringing = shift.state.activity(&name).expect("it rings").clone();
    assert!(ringing.user.expect("at somebody").is("ida"));
    let item = ringing.item.expect("a call");
    assert_eq!(item.call().and_then(|call| call.clid.as_deref()), Some("+15550100"));
    shift.client.accept(&name, None).await.expect("accepted");
    shift.until_action(&name, ActivityAction::Open).await;
    shift.until("they speak", |state| Shift::is_speaking(state, &name)).await;
    shift.client.hang_up(&name, None).await.expect("hung up");
    shift.until("the line is dead", |state| !Shift::is_speaking(state, &name)).await;
    shift.close(&name).await;
}

async fn leave_a_call_to_another(shift: &mut Shift, sandbox: &Sandbox) {
    ready_again(shift).await;
    let name = ring(&shift.control, "+15550101");
    shift.until_action(&name, ActivityAction::Wait).await;
    let colleague = sandbox.users()[1].username.clone();
    shift.control.answered_elsewhere(&name, &colleague).expect("somebody else takes it");
    shift
        .until("it does not ring here", |state| {
            state.activity(&name).is_none_or(|a| a.user.as_ref().is_none_or(|user| !user.is("ida")))
        })
        .await;
    let refused = shift.client.accept(&name, None).await.expect_err("it is taken");
    assert!(matches!(refused, Error::Refused { .. } | Error::NotFound), "{refused:?}");
    shift.control.hangup(&name).expect("the caller hangs up");
}

async fn reject_a_call(shift: &mut Shift) {
    ready_again(shift).await;
    let name = ring(&shift.control, "+15550102");
    shift.until_action(&name, ActivityAction::Wait).await;
    shift.client.reject(&name).await.expect("rejected");
    shift
        .until("it does not ring here", |state| {
            state.activity(&name).is_none_or(|a| a.user.as_ref().is_none_or(|user| !user.is("ida")))
        })
        .await;
    shift.control.hangup(&name).expect("the caller gives up");
}

async fn call_somebody(shift: &mut Shift, whoim: &Whoim) {
    ready_again(shift).await;
    let outgoing = whoim.queues.iter().find(|queue| queue.is_outgoing()).expect("a queue to call from");
    if !shift.state.queues().iter().any(|queue| queue.name == outgoing.name) {
        shift.change(SessionChange::new().log_in_to_queue(&outgoing.name, 0)).await;
        shift
            .until("the queue is joined", |s| s.queues().iter().any(|queue| queue.name == outgoing.name))
            .await;
    }
    let dialled = shift.client.dial("+15550103", Some(&outgoing.name)).await.expect("dialled");
    let name = dialled.expect("the activity").name;
    shift.until_action(&name, ActivityAction::Open).await;
    shift.control.far_end_answers(&name).expect("they pick up");
    shift.until("they speak", |state| Shift::is_speaking(state, &name)).await;
    let channel = shift
        .state
        .activity(&name)
        .and_then(|activity| activity.item.as_ref()?.call()?.live_channel_of("ida")?.name.clone());
    shift.client.hang_up(&name, channel.as_deref()).await.expect("hung up");
    shift.until("the line is dead", |state| !Shift::is_speaking(state, &name)).await;
    shift.close(&name).await;
}

async fn take_a_break(shift: &mut Shift, whoim: &Whoim) {
    ready_again(shift).await;
    let pause = whoim.pauses.iter().find(|pause| pause.kind.is_none()).expect("a pause to take");
    shift.change(SessionChange::new().pause(&pause.name)).await;
    shift.until_state(AgentState::Paused).await;
    let session = shift.state.session();
    assert!(session.id_pause.as_ref().is_some_and(|on| on.is(&pause.name)));
    assert!(session.on_pause.is_some());
    shift.change(SessionChange::new().end_pause()).await;
    shift.until_state(AgentState::Idle).await;
}

async fn leave_and_join_a_queue(shift: &mut Shift, whoim: &Whoim) {
    let profile = whoim.user.profile.as_ref().and_then(|profile| profile.name.clone()).expect("a profile");
    let offered = shift.client.profile_queues(&profile).await.expect("queues");
    assert_eq!(offered.unreadable, []);
    let joined = |state: &PullState, name: &str| state.queues().iter().any(|queue| queue.name == name);
    let queue = offered
        .rows
        .iter()
        .find(|queue| queue.can_log_in() != Some(false) && joined(&shift.state, &queue.name))
        .expect("a queue that is joined and can be left");
    shift.change(SessionChange::new().log_out_of_queue(&queue.name)).await;
    shift.until("the queue is left", |state| !joined(state, &queue.name)).await;
    shift.change(SessionChange::new().log_in_to_queue(&queue.name, 5)).await;
    shift.until("the queue is joined", |state| joined(state, &queue.name)).await;
}

/// Ends whatever pause the server has put the agent on.
async fn ready_again(shift: &mut Shift) {
    shift.change(SessionChange::new().end_pause()).await;
    shift.until_state(AgentState::Idle).await;
}

#[tokio::test]
async fn a_whole_shift_over_https() {
    let options = Options { tls: true, switches: quick(), ..Options::default() };
    let sandbox = sandbox::start(options).await.expect("the sandbox starts");
    assert!(sandbox.daktela_url().starts_with("https://"));
    whole_shift(&sandbox).await;
    sandbox.stop().await;
}

/// Polls without news come back soon, so that a test which waits in vain ends.
fn quick() -> Switches {
    let mut switches = Switches::default();
    switches.set("poll_hold", "1").expect("a switch");
    switches
}

/// Every value of every switch that is not its default, but for the one under which nobody can sign in.
fn readings() -> Vec<(String, String)> {
    let Value::Object(all) = Switches::default().describe() else { panic!("switches are described") };
    let mut readings = Vec::new();
    for (name, switch) in all {
        let values = switch["allowed"].as_array().cloned().unwrap_or_default();
        let values = values.iter().filter_map(Value::as_str).filter(|value| switch["default"] != **value);
        readings.extend(values.map(|value| (name.clone(), value.to_owned())));
    }
    readings.retain(|(name, _)| name != "sso_only");
    readings
}

async fn shift_under(readings: &[(String, String)]) {
    let mut switches = quick();
    for (name, value) in readings {
        switches.set(name, value).expect("a value of the switch");
    }
    let options = Options { switches, ..Options::default() };
    let sandbox = sandbox::start(options).await.expect("the sandbox starts");
    whole_shift(&sandbox).await;
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_shift_under_every_reading() {
    let readings = readings();
    assert!(readings.len() > 25, "{readings:?}");
    let mut failed = Vec::new();
    // A few at a time: a hundred servers at once on a small machine would test the machine.
    for some in readings.chunks(6) {
        let shifts = some.iter().map(|reading| {
            let reading = reading.clone();
            (reading.clone(), tokio::spawn(async move { shift_under(&[reading]).await }))
        });
        for (reading, shift) in shifts.collect::<Vec<_>>() {
            if shift.await.is_err() {
                failed.push(reading);
            }
        }
    }
    assert_eq!(failed, []);
}

/// The last value of every switch together: a server that is nowhere as expected.
#[tokio::test]
async fn a_whole_shift_where_nothing_is_as_expected() {
    shift_under(&readings()).await;
}
