use serde_json::json;

use super::*;

const T: Timestamp = Timestamp(1_000_000);

fn call(id: &str, token: i64, status: &str) -> CallState {
    let call = json!({"callId": id, "stateToken": token, "status": status, "inbound": true});
    serde_json::from_value(call).unwrap()
}

fn whole(calls: &[CallState], full: bool) -> UserState {
    UserState { full_state: Some(full), calls: calls.to_vec(), ..UserState::default() }
}

fn dialogs(version: u64, extent: &str, dialogs: &str) -> DialogInfo {
    let document = format!(
        "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' version='{version}' state='{extent}' entity='sip:a@b'>{dialogs}</dialog-info>"
    );
    dstny::sip::dialog_info::parse(&document).unwrap()
}

fn early(id: &str) -> String {
    format!("<dialog id='{id}' call-id='{id}' direction='recipient'><state>early</state></dialog>")
}

fn ended(id: &str, event: &str) -> String {
    format!(
        "<dialog id='{id}' call-id='{id}' direction='recipient'><state event='{event}'>terminated</state></dialog>"
    )
}

fn statuses(book: &Book) -> Vec<(String, String)> {
    let of = |(id, call, _): (&str, &CallState, &Past)| {
        (id.to_owned(), call.status.as_ref().unwrap().as_str().to_owned())
    };
    book.calls().map(of).collect()
}

fn only(id: &str, status: &str) -> Vec<(String, String)> {
    vec![(id.to_owned(), status.to_owned())]
}

/// A book that knows one ringing call.
fn ringing() -> Book {
    let mut book = Book::default();
    let look = book.look();
    assert!(book.whole(look, whole(&[call("a", 5, "RINGING")], true), T).is_empty());
    book
}

#[test]
fn a_look_that_was_asked_for_before_an_event_does_not_undo_it() {
    let mut book = ringing();
    let look = book.look();
    assert_eq!(book.event(call("a", 6, "ACTIVE"), T), Heard::Taken);
    book.whole(look, whole(&[call("a", 5, "RINGING")], true), T);
    assert_eq!(statuses(&book), only("a", "ACTIVE"));
    // Nor does one that did not know the call yet.
    let look = book.look();
    assert_eq!(book.event(call("b", 1, "RINGING"), T), Heard::Taken);
    book.whole(look, whole(&[call("a", 6, "ACTIVE")], true), T);
    assert_eq!(statuses(&book).len(), 2);
    let look = book.look();
    book.whole(look, whole(&[call("a", 6, "ACTIVE")], true), T);
    assert_eq!(statuses(&book), only("a", "ACTIVE"), "a look asked for later knows better");
}

#[test]
fn an_event_with_a_lower_token_is_looked_into_and_not_believed() {
    let mut book = ringing();
    assert_eq!(book.event(call("a", 4, "ACTIVE"), T), Heard::Doubtful);
    assert_eq!(statuses(&book), only("a", "RINGING"));
    let look = book.look();
    book.looked(look, call("a", 4, "ACTIVE"), T);
    assert_eq!(statuses(&book), only("a", "ACTIVE"), "tokens that do not grow are no reason to be blind");
    assert_eq!(book.event(CallState::default(), T), Heard::Senseless);
}

#[test]
fn a_call_that_is_over_does_not_come_back_with_an_old_look_or_a_repeated_event() {
    let mut book = ringing();
    let old = book.look();
    assert_eq!(book.event(call("a", 6, "TERMINATED"), T), Heard::Taken);
    assert!(statuses(&book).is_empty());
    book.whole(old, whole(&[call("a", 5, "RINGING")], true), T);
    assert_eq!(book.event(call("a", 5, "RINGING"), T), Heard::Doubtful);
    assert_eq!(book.event(call("a", 6, "TERMINATED"), T), Heard::Taken);
    assert!(statuses(&book).is_empty());
    let new = book.look();
    book.whole(new, whole(&[call("a", 9, "RINGING")], true), T);
    assert_eq!(statuses(&book), only("a", "RINGING"), "a platform may use a name again");
}

#[test]
fn of_two_looks_the_one_that_was_asked_for_later_counts_whichever_answers_first() {
    let (ringing, talking) = ([call("a", 5, "RINGING")], [call("a", 6, "ACTIVE")]);
    for newer_first in [false, true] {
        let mut book = self::ringing();
        let (older, newer) = (book.look(), book.look());
        let mut answers = [(older, &ringing), (newer, &talking)];
        if newer_first {
            answers.reverse();
        }
        for (look, calls) in answers {
            book.whole(look, whole(calls, true), T);
        }
        assert_eq!(statuses(&book), only("a", "ACTIVE"), "newer first: {newer_first}");
    }
    // What the newer look did not find any more, the older one does not bring back.
    let mut book = Book::default();
    let (older, newer) = (book.look(), book.look());
    book.whole(newer, whole(&[], true), T);
    book.whole(older, whole(&ringing, true), T);
    assert_eq!(statuses(&book), []);
}

#[test]
fn a_partial_state_says_nothing_about_the_calls_it_leaves_out() {
    let mut book = ringing();
    let look = book.look();
    let untold = book.whole(look, whole(&[call("b", 1, "RINGING")], false), T);
    assert_eq!(untold, ["a"]);
    assert_eq!(statuses(&book).len(), 2);
    let look = book.look();
    book.not_there(look, "a", T);
    assert_eq!(statuses(&book), only("b", "RINGING"));
}

#[test]
fn the_dialog_tells_why_a_ringing_ended_and_is_waited_for() {
    for (event, fate) in [
        ("cancelled", Fate::Abandoned),
        ("remote-bye", Fate::Abandoned),
        ("replaced", Fate::Elsewhere),
        ("timeout", Fate::Passed),
        ("rejected", Fate::Passed),
        ("shrugged", Fate::Gone),
    ] {
        let mut book = ringing();
        assert!(!book.dialogs(dialogs(0, "full", &early("a")), T));
        assert_eq!(book.event(call("a", 6, "TERMINATED"), T), Heard::Taken);
        assert_eq!((book.is_ending(), book.live().is_empty()), (true, true));
        assert!(!book.dialogs(dialogs(1, "partial", &ended("a", event)), T));
        // A word that says nothing is no reason to end sooner.
        book.settle(T.plus_ms(PATIENCE_MS));
        assert_eq!(book.take_left(), [("a".to_owned(), fate)], "{event}");
    }
}

#[test]
fn who_hears_no_dialogs_does_not_wait_for_them() {
    let mut book = ringing();
    assert_eq!(book.event(call("a", 6, "TERMINATED"), T), Heard::Taken);
    assert_eq!(book.take_left(), [("a".to_owned(), Fate::Gone)]);
    // The word may come first, too.
    let mut book = ringing();
    assert!(!book.dialogs(dialogs(0, "full", &early("a")), T));
    assert!(!book.dialogs(dialogs(1, "partial", &ended("a", "cancelled")), T));
    let look = book.look();
    book.whole(look, whole(&[], true), T);
    assert_eq!(book.take_left(), [("a".to_owned(), Fate::Abandoned)]);
}

#[test]
fn a_conversation_that_is_over_was_the_agents_own() {
    let mut book = ringing();
    assert_eq!(book.event(call("a", 6, "ACTIVE"), T), Heard::Taken);
    assert_eq!(book.event(call("a", 7, "TERMINATED"), T), Heard::Taken);
    assert_eq!(book.take_left(), [("a".to_owned(), Fate::Handled)]);
}

#[test]
fn what_the_agent_refused_went_on_whatever_its_dialog_says() {
    let mut book = ringing();
    assert!(!book.dialogs(dialogs(0, "full", &early("a")), T));
    book.set_declined("a", true);
    assert_eq!(book.event(call("a", 6, "TERMINATED"), T), Heard::Taken);
    assert_eq!(book.take_left(), [("a".to_owned(), Fate::Passed)]);
}

#[test]
fn a_gap_in_the_dialogs_asks_for_the_whole() {
    let mut book = ringing();
    assert!(!book.dialogs(dialogs(3, "full", &early("a")), T));
    assert!(book.dialogs(dialogs(5, "partial", &ended("a", "cancelled")), T));
}

proptest::proptest! {
    /// Events of one call, in any order and any number of times, with a look whenever the book asks for one: the book
    /// ends with what the platform says.
    #[test]
    fn the_book_ends_with_what_the_platform_says(
        order in proptest::collection::vec(0usize..6, 0..40),
    ) {
        let history: Vec<CallState> =
            ["RINGING", "ACTIVE", "HELD", "ACTIVE", "HELD", "ACTIVE"].iter().zip(1..)
                .map(|(status, token)| call("a", token, status)).collect();
        let now = history.last().unwrap();
        let mut book = Book::default();
        for index in order {
            if book.event(history[index].clone(), T) == Heard::Doubtful {
                let look = book.look();
                book.looked(look, now.clone(), T);
            }
        }
        let look = book.look();
        book.whole(look, whole(std::slice::from_ref(now), true), T);
        proptest::prop_assert_eq!(statuses(&book), only("a", "ACTIVE"));
    }
}
