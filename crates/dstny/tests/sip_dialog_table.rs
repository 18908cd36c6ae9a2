//! The dialog table against a model of the server: whatever is lost, doubled or comes in another order on the way, the table is
//! what the server has as soon as one more document arrives.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::collections::BTreeMap;

use offhook_dstny::sip::dialog_info::{Dialog, DialogInfo, DialogState, Extent};
use offhook_dstny::sip::{DialogTable, Outcome};
use proptest::prelude::*;

fn dialog(id: &str, state: DialogState) -> Dialog {
    Dialog { id: id.to_owned(), call_id: Some(format!("call of {id}")), state, ..Dialog::default() }
}

fn document(version: Option<u64>, extent: Extent, dialogs: Vec<Dialog>) -> DialogInfo {
    DialogInfo { entity: "sip:ida@example.com".to_owned(), version, extent, dialogs }
}

fn known(table: &DialogTable) -> Vec<(String, DialogState)> {
    table.dialogs().map(|dialog| (dialog.id.clone(), dialog.state.clone())).collect()
}

/// A server that counts and sends a document for each change, a full one now and then.
#[derive(Default)]
struct Server {
    dialogs: BTreeMap<String, Dialog>,
    version: u64,
    sent: Vec<DialogInfo>,
}

#[derive(Debug, Clone)]
enum Step {
    Change { id: u8, state: u8 },
    Whole,
    Restart,
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Arrives,
    Lost,
    Twice,
    Later(usize),
}

impl Server {
    fn new() -> Self {
        let mut server = Self::default();
        server.send(Extent::Full, Vec::new());
        server
    }

    fn send(&mut self, extent: Extent, dialogs: Vec<Dialog>) {
        self.sent.push(document(Some(self.version), extent, dialogs));
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Change { id, state } => {
                self.version += 1;
                let states = [
                    DialogState::Trying,
                    DialogState::Early,
                    DialogState::Confirmed,
                    DialogState::Terminated,
                ];
                let changed = dialog(&format!("d{id}"), states[usize::from(*state) % 4].clone());
                if changed.ended() {
                    self.dialogs.remove(&changed.id);
                } else {
                    self.dialogs.insert(changed.id.clone(), changed.clone());
                }
                self.send(Extent::Partial, vec![changed]);
            }
            Step::Whole => {
                self.version += 1;
                self.send(Extent::Full, self.dialogs.values().cloned().collect());
            }
            Step::Restart => {
                self.version = 0;
                self.send(Extent::Full, self.dialogs.values().cloned().collect());
            }
        }
    }

    fn snapshot(&self) -> DialogInfo {
        document(Some(self.version), Extent::Full, self.dialogs.values().cloned().collect())
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0_u8..4, 0_u8..4).prop_map(|(id, state)| Step::Change { id, state }),
        1 => Just(Step::Whole),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Arrives),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Twice),
        1 => (1_usize..6).prop_map(Fate::Later),
    ]
}

/// The documents in the order in which they arrive; the place of each is its own number plus its delay.
fn arrivals(sent: &[DialogInfo], fates: &[Fate]) -> Vec<DialogInfo> {
    let mut placed: Vec<(usize, &DialogInfo)> = Vec::new();
    for (i, document) in sent.iter().enumerate() {
        match fates[i % fates.len()] {
            Fate::Arrives => placed.push((i, document)),
            Fate::Lost => {}
            Fate::Twice => placed.extend([(i, document), (i + 2, document)]),
            Fate::Later(by) => placed.push((i + by, document)),
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, document)| document.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_table_equals_the_servers_under_loss_duplication_and_reordering(
        steps in prop::collection::vec(step(), 1..40),
        fates in prop::collection::vec(fate(), 1..40),
        counted: bool,
    ) {
        let mut server = Server::new();
        steps.iter().for_each(|step| server.step(step));
        let arrived = arrivals(&server.sent, &fates);
        // A snapshot that comes another way than the stream has no number of its count.
        let numbered = |snapshot: DialogInfo| DialogInfo { version: snapshot.version.filter(|_| counted), ..snapshot };
        let mut table = DialogTable::default();
        // The stream begins with everything; who asks for the whole gets it as it is then.
        let _ = table.apply(server.sent[0].clone());
        for document in arrived {
            if let Outcome::Refetch(_) = table.apply(document) {
                table.replace(numbered(server.snapshot()));
            }
        }
        server.step(&Step::Change { id: 9, state: 1 });
        if let Outcome::Refetch(_) = table.apply(server.sent.last().unwrap().clone()) {
            table.replace(numbered(server.snapshot()));
        }
        let truth: Vec<_> = server.dialogs.values().map(|d| (d.id.clone(), d.state.clone())).collect();
        prop_assert_eq!(known(&table), truth);
        prop_assert!(!table.is_stale());
    }

    #[test]
    fn a_restart_that_is_heard_starts_the_count_over(
        before in prop::collection::vec(step(), 0..20),
        after in prop::collection::vec(step(), 0..20),
    ) {
        let mut server = Server::new();
        before.iter().for_each(|step| server.step(step));
        server.step(&Step::Restart);
        after.iter().for_each(|step| server.step(step));
        let mut table = DialogTable::default();
        for (i, document) in server.sent.iter().enumerate() {
            if let Outcome::Refetch(_) = table.apply(document.clone()) {
                // What the server had when it was asked: everything up to here.
                let mut then = Server::new();
                let steps = before.iter().chain([&Step::Restart]).chain(&after);
                steps.take(i).for_each(|step| then.step(step));
                table.replace(then.snapshot());
            }
        }
        let truth: Vec<_> = server.dialogs.values().map(|d| (d.id.clone(), d.state.clone())).collect();
        prop_assert_eq!(known(&table), truth);
    }
}

#[test]
fn a_gap_leaves_the_table_as_it_was_until_the_whole_comes() {
    let mut table = DialogTable::default();
    let early = || dialog("a", DialogState::Early);
    assert_eq!(table.apply(document(Some(3), Extent::Partial, vec![early()])), Outcome::Refetch(Vec::new()));
    assert_eq!((table.lamp(), table.is_stale()), (None, true));
    table.replace(document(Some(3), Extent::Full, vec![early()]));
    assert_eq!(table.apply(document(Some(5), Extent::Partial, Vec::new())), Outcome::Refetch(Vec::new()));
    assert_eq!(known(&table), [("a".to_owned(), DialogState::Early)]);
    // The missing one comes late: it alone does not close the gap.
    assert_eq!(table.apply(document(Some(4), Extent::Partial, Vec::new())), Outcome::Ignored);
    assert!(table.is_stale());
    // A full one from the stream closes it too, and says what has gone.
    let Outcome::Taken(gone) = table.apply(document(Some(6), Extent::Full, Vec::new())) else {
        panic!("not taken")
    };
    assert_eq!((gone[0].id.as_str(), gone[0].ended(), table.is_stale()), ("a", true, false));
}

#[test]
fn old_documents_change_nothing() {
    let mut table = DialogTable::default();
    let first = document(Some(0), Extent::Full, Vec::new());
    assert_eq!(table.apply(first.clone()), Outcome::Taken(Vec::new()));
    assert_eq!(table.apply(first), Outcome::Ignored);
    let one = document(Some(1), Extent::Partial, vec![dialog("a", DialogState::Early)]);
    assert_eq!(table.apply(one.clone()), Outcome::Taken(Vec::new()));
    assert_eq!(table.apply(one), Outcome::Ignored);
    assert_eq!(table.apply(document(Some(1), Extent::Full, Vec::new())), Outcome::Ignored);
    assert_eq!(known(&table).len(), 1);
}

#[test]
fn a_partial_document_may_leave_out_what_was_said_before() {
    let mut table = DialogTable::default();
    let _ = table.apply(document(Some(0), Extent::Full, vec![dialog("a", DialogState::Early)]));
    let brief = Dialog { id: "a".to_owned(), state: DialogState::Confirmed, ..Dialog::default() };
    let _ = table.apply(document(Some(1), Extent::Partial, vec![brief]));
    assert_eq!(table.dialogs().next().unwrap().call_id.as_deref(), Some("call of a"));
}

#[test]
fn a_server_that_does_not_count_is_believed_when_it_sends_the_whole() {
    let mut table = DialogTable::default();
    let whole = document(None, Extent::Full, vec![dialog("a", DialogState::Early)]);
    assert_eq!(table.apply(whole), Outcome::Taken(Vec::new()));
    let part = document(None, Extent::Partial, vec![dialog("b", DialogState::Early)]);
    assert_eq!(table.apply(part), Outcome::Refetch(Vec::new()));
    table.replace(document(None, Extent::Full, Vec::new()));
    // From a snapshot without a number on, the first number that comes is where to count from.
    let next = document(Some(8), Extent::Partial, vec![dialog("b", DialogState::Early)]);
    assert_eq!(table.apply(next), Outcome::Taken(Vec::new()));
    assert_eq!(table.version(), Some(8));
}

#[test]
fn a_new_subscription_counts_anew_and_what_was_known_is_old_until_the_whole_comes() {
    let mut table = DialogTable::default();
    let _ = table.apply(document(Some(57), Extent::Full, vec![dialog("a", DialogState::Early)]));
    table.subscribed();
    assert_eq!((known(&table).len(), table.is_stale()), (1, true));
    let mut other = table.clone();
    // A server that begins with everything, with whatever number.
    let first = document(Some(1), Extent::Full, vec![dialog("b", DialogState::Early)]);
    let Outcome::Taken(gone) = table.apply(first) else { panic!("not taken") };
    assert_eq!((gone[0].id.as_str(), table.is_stale()), ("a", false));
    // One that begins with a change: only a snapshot helps, and the count goes on after it.
    let change = |number| document(Some(number), Extent::Partial, vec![dialog("b", DialogState::Early)]);
    assert_eq!(other.apply(change(1)), Outcome::Refetch(Vec::new()));
    other.replace(document(None, Extent::Full, Vec::new()));
    assert_eq!(other.apply(change(2)), Outcome::Taken(Vec::new()));
    assert_eq!(other.apply(change(4)), Outcome::Refetch(Vec::new()));
}
