//! The engine against the sandbox's Dstny face, over real HTTP and real event streams.

mod calls;
mod day;
mod faults;
mod handing_on;
mod people;
mod presence;
mod readings;
mod sign_in;
mod two_platforms;

use model::{
    AccountId, Action, Activity, ActivityId, Capability, Command, CommandStatus, Control as Deed, Credential,
    NewAccount, Phase, Platform, Snapshot,
};
use product_tests::{Desk, activity, new_account, state};
use sandbox::{Control, Sandbox};
use serde_json::{Value, json};

/// Who calls, if nothing else is said.
pub const CALLER: &str = "+442079460555";

/// A user of the sandbox as a new account with the ticket that opens everything.
pub fn by_ticket(sandbox: &Sandbox, user: usize) -> NewAccount {
    let user = sandbox.dstny_users().swap_remove(user);
    let username = Some(format!("{}@{}", user.username, user.domain));
    of_dstny(sandbox, Credential::Token { token: user.token, username, second: None, user: None })
}

/// A user of the sandbox as a new account with the password.
pub fn by_password(sandbox: &Sandbox, user: usize, code: Option<&str>) -> NewAccount {
    let user = sandbox.dstny_users().swap_remove(user);
    let username = format!("{}@{}", user.username, user.domain);
    let code = code.map(str::to_owned);
    of_dstny(sandbox, Credential::Password { username, password: user.password, code })
}

fn of_dstny(sandbox: &Sandbox, credential: Credential) -> NewAccount {
    NewAccount { platform: Platform::Dstny, ..new_account(&sandbox.dstny_url(), credential) }
}

/// A desk signed in as the first user, once everything about the account is known.
pub async fn signed_in(sandbox: &Sandbox) -> (Desk, AccountId) {
    let mut desk = Desk::new().await;
    let account = desk.add(by_ticket(sandbox, 0)).await;
    offers(&mut desk, &account, Capability::QueueLogin).await;
    (desk, account)
}

/// Waits until an account offers something.
pub async fn offers(desk: &mut Desk, account: &AccountId, capability: Capability) {
    let offers = |s: &Snapshot| state(s, account).capabilities.contains(&capability).then_some(());
    desk.until(&format!("{capability:?} is offered"), offers).await;
}

/// A desk that is signed in and ready as the first user, and hears its dialogs.
pub async fn ready(sandbox: &Sandbox) -> (Desk, AccountId) {
    let (mut desk, account) = signed_in(sandbox).await;
    desk.go_ready(&account).await;
    streams(sandbox, "callstate.dialogs.stream", 1).await;
    (desk, account)
}

/// Waits until so many streams of an operation are open.
pub async fn streams(sandbox: &Sandbox, operation: &str, count: usize) {
    let control = sandbox.control();
    product_tests::becomes(&format!("{count} of {operation}"), || open_streams(&control, operation) >= count)
        .await;
}

/// How many streams of an operation are open.
pub fn open_streams(control: &Control, operation: &str) -> usize {
    let streams = control.run("GET", "streams", Value::Null).expect("the streams are told");
    let of = |stream: &&Value| stream["operation"] == operation;
    streams["open"].as_array().map_or(0, |streams| streams.iter().filter(of).count())
}

/// Has the control interface do something.
pub fn post(control: &Control, path: &str, body: Value) -> Value {
    control.run("POST", path, body).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

/// Lets a call ring at the first user, and says what the line is called.
pub fn ring(control: &Control, number: &str) -> String {
    let rung = post(control, "ring", json!({"agent": "ida", "number": number}));
    rung["call"].as_str().unwrap_or_else(|| panic!("it rings nowhere: {rung}")).to_owned()
}

/// Lets a call ring and waits until it does here.
pub async fn rung(desk: &mut Desk, control: &Control, account: &AccountId) -> Activity {
    rung_by(desk, control, account, CALLER).await
}

/// The same, from this number.
pub async fn rung_by(desk: &mut Desk, control: &Control, account: &AccountId, number: &str) -> Activity {
    let id = ActivityId::new(account, &ring(control, number));
    desk.until("it rings", |s| s.rings.iter().any(|ring| ring.activity == id).then_some(())).await;
    activity(desk.told(), &id).cloned().expect("what rings is an activity")
}

/// Waits until an activity shows something.
pub async fn shows(
    desk: &mut Desk,
    id: &ActivityId,
    what: &str,
    shows: impl Fn(&Activity) -> bool,
) -> Activity {
    desk.until(what, |s| activity(s, id).filter(|activity| shows(activity)).cloned()).await
}

/// Waits until an activity is no more.
pub async fn is_gone(desk: &mut Desk, id: &ActivityId) {
    desk.until("it is gone", |s| activity(s, id).is_none().then_some(())).await;
}

/// A call that has been answered.
pub async fn answered(desk: &mut Desk, control: &Control, account: &AccountId) -> Activity {
    let call = rung(desk, control, account).await;
    confirmed(desk, Command::Answer { activity: call.id.clone(), device: None }).await;
    offering(desk, &call.id, Action::Hold).await
}

/// Runs a command that must be confirmed, and takes in all that was told until then.
pub async fn confirmed(desk: &mut Desk, command: Command) -> CommandStatus {
    let status = desk.run(command).await;
    assert_eq!(status.outcome, model::Outcome::Confirmed, "{status:?}");
    let seq = desk.engine.snapshot().seq;
    desk.until("all is told", |s| (s.seq >= seq).then_some(())).await;
    status
}

/// Waits until an action is offered.
pub async fn offering(desk: &mut Desk, id: &ActivityId, action: Action) -> Activity {
    shows(desk, id, &format!("{action:?} is offered"), |call| call.actions.contains(&action)).await
}

/// Does something with a call, once that is offered, and waits until the platform shows it.
pub async fn control(desk: &mut Desk, id: &ActivityId, deed: Deed) {
    offering(desk, id, deed.action()).await;
    confirmed(desk, Command::Control { activity: id.clone(), control: deed }).await;
}

/// Whether a call stands in a phase.
pub fn in_phase(phase: Phase) -> impl Fn(&Activity) -> bool {
    move |call| call.phase == phase
}
