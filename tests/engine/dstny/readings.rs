//! Every reading of what the document leaves open: under each of them a call rings, is answered, held and hung up.

use model::{Command, Control as Deed, Link, Phase};
use product_tests::centre;

use super::{answered, control, in_phase, is_gone, ready, shows};

async fn a_shift_under(switches: &[(&str, &str)]) {
    let sandbox = centre(switches).await;
    let (mut desk, account) = ready_under(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await.id;
    control(&mut desk, &call, Deed::Hold).await;
    shows(&mut desk, &call, "they still talk", in_phase(Phase::Open)).await;
    control(&mut desk, &call, Deed::Resume).await;
    super::confirmed(&mut desk, Command::Hangup { activity: call.clone() }).await;
    is_gone(&mut desk, &call).await;
    desk.link(&account, Link::Live).await;
}

/// Without a stream there is none to wait for.
async fn ready_under(sandbox: &sandbox::Sandbox) -> (product_tests::Desk, model::AccountId) {
    let (mut desk, account) = super::signed_in(sandbox).await;
    desk.go_ready(&account).await;
    desk.link(&account, Link::Live).await;
    (desk, account)
}

macro_rules! readings {
    ($($name:ident: $switches:expr;)*) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            a_shift_under(&$switches).await;
        }
    )* };
}

readings! {
    events_without_ids: [("sse_ids", "off")];
    documents_in_several_lines_with_windows_ends: [("sse_lines", "multi"), ("sse_eol", "crlf"), ("sse_event", "named")];
    call_states_as_xml: [("sse_payload", "xml")];
    streams_that_begin_with_the_first_change: [("sse_first", "none")];
    no_stream_but_one_document: [("sse_answer", "json")];
    no_stream_at_all: [("sse_answer", "204")];
    streams_that_die_silently: [("sse_die", "silently")];
    writes_by_post_only: [("methods", "post_only")];
    writes_by_put_only: [("methods", "put_only")];
    lists_as_text: [("arrays", "strings")];
    only_what_changed: [("user_state", "partial")];
    refusals_as_400: [("errors_status", "400"), ("state_token", "400")];
    refusals_as_200: [("errors_status", "200")];
    answers_without_content: [("no_content", "object"), ("empty_document", "object")];
    answers_without_a_body: [("no_content", "empty"), ("empty_document", "nothing")];
    every_action_by_name: [("actions", "all"), ("recording", "on_demand")];
    times_in_millis: [("times", "millis")];
    times_without_zone: [("times", "no_zone")];
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_worked_is_remembered_over_a_restart() {
    let sandbox = centre(&[("methods", "put_only")]).await;
    let (mut desk, account) = ready(&sandbox).await;
    let call = answered(&mut desk, &sandbox.control(), &account).await.id;
    control(&mut desk, &call, Deed::Hold).await;
    let mut desk = desk.restarted().await;
    desk.link(&account, Link::Live).await;
    shows(&mut desk, &call, "it is on hold", |call| call.on_hold).await;
    control(&mut desk, &call, Deed::Resume).await;
    shows(&mut desk, &call, "it goes on", |call| !call.on_hold).await;
}
