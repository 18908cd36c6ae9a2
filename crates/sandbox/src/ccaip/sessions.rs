//! The lists of calls, chats and e-mails, with the filters that the document gives each of them.

use super::answer::Told;
use super::filter::{Filters, page};
use super::session::{Kind, Session};
use super::{Context, inferred, odd, written};
use crate::world::Millis;
use serde_json::{Value, json};

const CALLS: Filters = Filters {
    arrays: &[
        "agent_id",
        "end_user_id",
        "call_status",
        "call_fail_reason",
        "verified",
        "call_type",
        "support_number",
    ],
    ranges: &["connected_at", "updated_at", "queued_at", "rating", "call_duration", "hold_duration"],
};
const CHATS: Filters = Filters {
    arrays: &["id", "agent_id", "end_user_id", "chat_type", "chat_status", "verified", "chat_fail_reason"],
    ranges: &[
        "assigned_at",
        "ends_at",
        "updated_at",
        "created_at",
        "rating",
        "first_msg_sent_at",
        "last_msg_sent_at",
        "chat_duration",
        "message_count",
        "average_response_time",
        "longest_response_time",
        "wait_duration",
    ],
};
const EMAILS: Filters = Filters {
    arrays: &["id", "agent_id", "end_user_id", "email_status"],
    ranges: &["assigned_at", "finished_at", "updated_at", "created_at", "total_thread_numbers"],
};

pub(super) fn calls(cx: &mut Context<'_>) -> Told {
    list(cx, Kind::Call, &CALLS, written::call)
}

pub(super) fn chats(cx: &mut Context<'_>) -> Told {
    list(cx, Kind::Chat, &CHATS, written::chat)
}

pub(super) fn emails(cx: &mut Context<'_>) -> Told {
    list(cx, Kind::Email, &EMAILS, written::email)
}

fn list(
    cx: &Context<'_>,
    kind: Kind,
    filters: &Filters,
    write: impl Fn(&Context<'_>, &Session) -> Value,
) -> Told {
    let all = cx.store.ledger.sessions.iter().filter(|s| s.kind == kind && s.created() <= cx.now);
    let fact = |session: &&Session, name: &str| fact(cx, session, name);
    let mut kept: Vec<&Session> = all.filter(|s| filters.keep(cx.call, &|name| fact(s, name))).collect();
    kept.sort_by_key(|s| s.id);
    let told = page(cx.call, cx.switches, kept, fact, |session| write(cx, session))?;
    Ok(odd::stir(cx, told))
}

/// The classes of calls, by which the filter knows them; another vocabulary than the records'.
fn class(type_name: &str) -> &'static str {
    match type_name {
        "Voice Inbound (App)" => "IncomingCallApp",
        "Voice Scheduled (App)" => "ScheduledCallApp",
        "Voice Callback (Web)" => "IncomingCallWeb",
        "Voice Scheduled (Web)" => "ScheduledCallWeb",
        "Voice Scheduled (API)" => "AgentScheduledCall",
        "Voice Inbound (IVR)" | "Voice Inbound (API)" => "IvrCall",
        "Action Only" => "ActionOnlyCall",
        _ => "OutboundCall",
    }
}

/// What is known of a record by the name of a field or a filter.
fn fact(cx: &Context<'_>, session: &Session, name: &str) -> Value {
    let now = cx.now;
    let past = |at: Option<Millis>| json!(at.filter(|at| *at <= now));
    let sent = || session.messages.iter().copied().filter(|at| *at <= now).collect::<Vec<_>>();
    let over = session.ends.is_some_and(|at| at <= now);
    match name {
        "id" => json!(session.id),
        "parent_id" => json!(session.parent),
        "agent_id" => json!(written::agent_of(cx, session).map(|a| inferred::agent_id(&cx.world, a))),
        "end_user_id" => json!(session.user.id),
        "status" | "call_status" | "chat_status" | "email_status" => json!(written::status(cx, session)),
        "fail_reason" | "call_fail_reason" | "chat_fail_reason" => {
            json!(if over { session.fail } else { "nothing" })
        }
        "verified" => json!(session.verified),
        "call_type" => json!([class(session.type_name), session.type_name]),
        "chat_type" => json!(session.type_name),
        "support_number" => json!(session.support_number),
        "lang" => json!(session.lang),
        "created_at" => json!(session.created()),
        "updated_at" => json!(session.updated(now)),
        "queued_at" => past(session.queued),
        "assigned_at" => past(session.assigned),
        "connected_at" => past(session.connected),
        "ends_at" | "finished_at" => past(session.ends),
        "scheduled_at" => json!(session.scheduled),
        "rating" => json!(session.rating.filter(|_| over)),
        "call_duration" | "chat_duration" | "email_duration" => json!(session.duration(now)),
        "hold_duration" => json!(session.hold_duration(now)),
        "wait_duration" | "queue_duration" => json!(session.queue_duration(now)),
        "first_msg_sent_at" => json!(sent().first()),
        "last_msg_sent_at" => json!(sent().last()),
        "message_count" => json!(sent().len()),
        "average_response_time" => json!(written::response_times(&sent()).0),
        "longest_response_time" => json!(written::response_times(&sent()).1),
        "total_thread_numbers" => json!(written::threads(session, now).count()),
        _ => Value::Null,
    }
}
