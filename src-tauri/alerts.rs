//! The one place that rings: pop-up window, notification, sound and task bar, together.
//!
//! After each batch of events the state is looked at as it is now, what should be seen and heard is derived from it
//! ([`wanted`], pure), and only the difference to what is shown is carried out ([`difference`], pure). So everything
//! appears together and goes together, whatever order events came in, whether some were lost, and wherever the call was
//! answered. No part waits for another: a missing notification daemon does not silence the sound.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Followed;
use model::{
    Action, Activity, ActivityId, Change, Command, Confidence, Event, Notice, Ring, RingOutcome, Settings,
    Snapshot,
};
use tokio::sync::mpsc;

use crate::notices;
use crate::notifier::{Note, Press, Weight};
use crate::shell::Shell;
use crate::sound::Ringing;
use crate::words::Words;

/// Tag of the test notification.
const TEST: &str = "test";
/// What stands before the activity in the tag of a notification about a missed one.
const MISSED: &str = "missed ";

/// What the agent should see and hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    notes: BTreeMap<ActivityId, Note>,
    /// What the agent should know although nothing rings, by key.
    notices: BTreeMap<String, Note>,
    popup: bool,
    sound: Option<Ringing>,
    attention: bool,
    raise: bool,
}

/// One step from what is shown to what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Show(Note),
    Withdraw(String),
    Popup(bool),
    Sound(Option<Ringing>),
    Attention(bool),
    Raise,
}

/// Follows the engine and rings. Ends with the engine.
pub(crate) async fn run(shell: Arc<Shell>) {
    let (silence, mut silenced_asks) = mpsc::unbounded_channel();
    // A second run would ring twice.
    if shell.silence.set(silence).is_err() {
        return;
    }
    let (mut snapshot, mut follower) = shell.engine.follow();
    let mut shown = Wanted::default();
    let mut silenced = BTreeSet::new();
    loop {
        silenced.retain(|id| is_ringing(&snapshot, id));
        let next = wanted(&snapshot, &silenced, &shell.words());
        for step in difference(&shown, &next) {
            carry_out(&shell, step);
        }
        shown = next;
        tokio::select! {
            followed = follower.next() => match followed {
                Followed::Events(events) => {
                    let before = std::mem::replace(&mut snapshot, shell.engine.snapshot());
                    shell.speak(snapshot.settings.language.as_deref());
                    // What was missed is often gone from the state of now; who it was stands in the one before.
                    for note in missed(&events, &before, &shell.words()) {
                        notify(&shell, note);
                    }
                }
                Followed::Gap => snapshot = shell.engine.snapshot(),
                Followed::End => break,
            },
            Some(activity) = silenced_asks.recv() => {
                silenced.insert(activity);
            }
        }
    }
    for step in difference(&shown, &Wanted::default()) {
        carry_out(&shell, step);
    }
}

/// What a button on a notification does. `tag` is the activity.
pub(crate) fn pressed(shell: &Shell, tag: &str, press: Press) {
    if tag == TEST || notices::is_one(tag) {
        return shell.desk.show_main();
    }
    let activity = ActivityId::from(tag.strip_prefix(MISSED).unwrap_or(tag));
    match press {
        Press::Answer => shell.run(Command::Answer { activity, device: None }),
        Press::Decline => shell.run(Command::Decline { activity }),
        Press::Open => {
            shell.desk.show_main();
            shell.desk.tell(model::ipc::ShellEvent::Show { activity });
        }
    }
}

/// A notification that stands for nothing: to see that one shows.
pub(crate) fn test_note(words: &Words) -> Note {
    Note {
        tag: TEST.to_owned(),
        title: words.say("shell.test_title"),
        body: words.say("shell.test_body"),
        weight: Weight::Plain,
        buttons: Vec::new(),
    }
}

fn carry_out(shell: &Shell, step: Step) {
    match step {
        Step::Show(note) => notify(shell, note),
        Step::Withdraw(tag) => {
            if let Some(notifier) = shell.notifier.get() {
                notifier.withdraw(&tag);
            }
        }
        Step::Popup(visible) => shell.desk.popup(visible),
        Step::Sound(Some(ringing)) => shell.sound.ring(ringing),
        Step::Sound(None) => shell.sound.quiet(),
        Step::Attention(wanted) => shell.desk.attention(wanted),
        Step::Raise => shell.desk.show_main(),
    }
}

fn notify(shell: &Shell, note: Note) {
    if let Some(notifier) = shell.notifier.get() {
        // The ask is in the notifier's queue already; what became of it is in its log.
        drop(notifier.show(note));
    }
}

fn live(snapshot: &Snapshot) -> impl Iterator<Item = &Ring> {
    snapshot.rings.iter().filter(|ring| ring.ended.is_none())
}

fn is_ringing(snapshot: &Snapshot, id: &ActivityId) -> bool {
    live(snapshot).any(|ring| ring.activity == *id)
}

fn activity<'a>(snapshot: &'a Snapshot, id: &ActivityId) -> Option<&'a Activity> {
    snapshot.activities.iter().find(|activity| activity.id == *id)
}

fn wanted(snapshot: &Snapshot, silenced: &BTreeSet<ActivityId>, words: &Words) -> Wanted {
    let Settings { alerts, .. } = &snapshot.settings;
    let rings = || live(snapshot);
    let any = rings().next().is_some();
    let audible = alerts.sound && rings().any(|ring| !silenced.contains(&ring.activity));
    let notes = rings()
        .filter(|_| alerts.notification)
        .map(|ring| (ring.activity.clone(), ringing_note(snapshot, &ring.activity, words)))
        .collect();
    let told = |notice: &&Notice| alerts.notification && notice.notify && !notice.dismissed;
    let notices = (snapshot.notices.iter().filter(told))
        .map(|notice| (notice.key.clone(), notices::note(snapshot, notice, words)))
        .collect();
    Wanted {
        notes,
        notices,
        popup: alerts.popup && any,
        sound: audible.then(|| Ringing { device: alerts.sound_device.clone(), volume: alerts.volume }),
        attention: any,
        raise: alerts.raise && any,
    }
}

fn difference(shown: &Wanted, wanted: &Wanted) -> Vec<Step> {
    let mut steps = Vec::new();
    // What the agent sees first comes first.
    if shown.popup != wanted.popup {
        steps.push(Step::Popup(wanted.popup));
    }
    steps.extend(replaced(&shown.notes, &wanted.notes));
    steps.extend(replaced(&shown.notices, &wanted.notices));
    if shown.sound != wanted.sound {
        steps.push(Step::Sound(wanted.sound.clone()));
    }
    if shown.attention != wanted.attention {
        steps.push(Step::Attention(wanted.attention));
    }
    if wanted.raise && !shown.raise {
        steps.push(Step::Raise);
    }
    steps
}

/// The steps from these notes to those.
fn replaced<K: Ord>(shown: &BTreeMap<K, Note>, wanted: &BTreeMap<K, Note>) -> Vec<Step> {
    let gone = shown.iter().filter(|(key, _)| !wanted.contains_key(key));
    let new = wanted.iter().filter(|(key, note)| shown.get(key) != Some(note));
    let gone = gone.map(|(_, note)| Step::Withdraw(note.tag.clone()));
    gone.chain(new.map(|(_, note)| Step::Show(note.clone()))).collect()
}

fn ringing_note(snapshot: &Snapshot, id: &ActivityId, words: &Words) -> Note {
    let activity = activity(snapshot, id);
    let offers = |action| activity.is_some_and(|activity| activity.actions.contains(&action));
    let mut buttons = Vec::new();
    if offers(Action::Answer) {
        buttons.push((Press::Answer, words.say("action.answer")));
    }
    if offers(Action::Decline) {
        buttons.push((Press::Decline, words.say("action.decline")));
    }
    Note {
        tag: id.as_str().to_owned(),
        title: words.fill("shell.ringing_title", &[("who", &who(activity, words))]),
        body: through(snapshot, activity, words),
        weight: Weight::Ringing,
        buttons,
    }
}

/// Notes of what this agent missed in these events. `before` is the state before them: afterwards the activity may be
/// gone.
fn missed(events: &[Event], before: &Snapshot, words: &Words) -> Vec<Note> {
    if !before.settings.alerts.notification {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let mut known: BTreeMap<&ActivityId, &Activity> = BTreeMap::new();
    for event in events {
        match &event.change {
            Change::Activity { activity } => {
                known.insert(&activity.id, activity);
            }
            Change::Ring {
                ring: Ring { activity: id, ended: Some(RingOutcome::Abandoned | RingOutcome::TimedOut), .. },
            } => {
                let activity = known.get(id).copied().or_else(|| activity(before, id));
                let number =
                    activity.and_then(|activity| activity.party.phone.as_ref()).map(|phone| &phone.display);
                let lines = [number.cloned().unwrap_or_default(), through(before, activity, words)];
                notes.push(Note {
                    tag: format!("{MISSED}{id}"),
                    title: words.fill("shell.missed_title", &[("who", &who(activity, words))]),
                    body: lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
                    weight: Weight::Plain,
                    buttons: Vec::new(),
                });
            }
            _ => {}
        }
    }
    notes
}

/// Who calls, as well as we know.
fn who(activity: Option<&Activity>, words: &Words) -> String {
    let Some(activity) = activity else { return words.say("shell.unknown_caller") };
    let party = &activity.party;
    let best = activity.matches.first();
    let sure =
        best.filter(|found| found.confidence == Confidence::Sure).map(|found| found.contact.title.clone());
    sure.or_else(|| party.name.clone())
        .or_else(|| best.map(|found| format!("{}?", found.contact.title)))
        .or_else(|| party.phone.as_ref().map(|phone| phone.display.clone()))
        .or_else(|| party.address.clone())
        .filter(|who| !who.trim().is_empty())
        .unwrap_or_else(|| words.say("shell.unknown_caller"))
}

/// Through which queue and account it came.
fn through(snapshot: &Snapshot, activity: Option<&Activity>, words: &Words) -> String {
    let Some(activity) = activity else { return String::new() };
    let account = snapshot.accounts.iter().find(|state| state.account.id == activity.account);
    let account = account.map_or("", |state| state.account.name.as_str());
    match &activity.queue {
        Some(queue) => words.fill("shell.ringing_body", &[("queue", &queue.title), ("account", account)]),
        None => account.to_owned(),
    }
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
