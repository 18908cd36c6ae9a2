//! Calls, chats and e-mails as this platform writes them: every field of the vendor's samples, as of one moment.

use super::session::{EndUser, Handle, Kind, Part, Session, Transfer, Wait};
use super::{Context, agents, inferred, menus};
use crate::world::{Activity, Millis, SECOND};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// `2018-06-07T19:49:52.896Z`.
pub(super) fn time(at: Millis) -> String {
    Timestamp::from_millisecond(at).map(|t| format!("{t:.3}")).unwrap_or_default()
}

/// A moment that is past; one that is to come is not known yet.
fn past(at: Option<Millis>, now: Millis) -> Value {
    at.filter(|at| *at <= now).map_or(Value::Null, |at| json!(time(at)))
}

fn seconds(from: Millis, to: Option<Millis>, now: Millis) -> i64 {
    (to.unwrap_or(now).min(now) - from).max(0) / SECOND
}

/// Who has it now, or at whom it rings where that means that it is assigned (switch `offer`).
pub(super) fn agent_of<'a>(cx: &Context<'_>, session: &'a Session) -> Option<&'a str> {
    let rings = session.ringing.as_deref().filter(|_| session.menu.is_none() || offers_assign(cx));
    let had = session.agent.as_deref().filter(|_| session.assigned.is_none_or(|at| at <= cx.now));
    rings.or(had)
}

fn offers_assign(cx: &Context<'_>) -> bool {
    cx.switches.is("offer", "assigned")
}

/// The status, under which a call that is offered may count as assigned.
pub(super) fn status(cx: &Context<'_>, session: &Session) -> &'static str {
    match session.status(cx.now) {
        "queued" if session.ringing.is_some() && offers_assign(cx) => "assigned",
        other => other,
    }
}

fn put(row: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        row.extend(more);
    }
}

/// What calls, chats and e-mails have in common.
fn common(cx: &Context<'_>, session: &Session) -> Map<String, Value> {
    let ticket = session.ticket.as_ref();
    let Value::Object(row) = json!({"id": session.id, "lang": session.lang,
        "created_at": time(session.created()), "assigned_at": past(session.assigned, cx.now),
        "updated_at": time(session.updated(cx.now)), "queue_duration": session.queue_duration(cx.now),
        "out_ticket_id": ticket, "out_ticket_url": ticket.map(|t| cx.call.own(&format!("/crm/tickets/{t}"))),
        "selected_menu": cx.store.menus.selected(session.menu),
        "menu_path": cx.store.menus.menu_path(session.menu),
        "agent_info": agent_of(cx, session).map(|agent| agents::info(cx, agent)),
        "end_user": end_user(&session.user),
        "transfers": session.transfers.iter().map(|t| transfer(cx, session, t)).collect::<Vec<_>>()})
    else {
        return Map::new();
    };
    row
}

fn end_user(user: &EndUser) -> Value {
    json!({"id": user.id, "identifier": user.identifier, "out_contact_id": user.contact})
}

fn transfer(cx: &Context<'_>, session: &Session, transfer: &Transfer) -> Value {
    let now = cx.now;
    let over = transfer.connected.or(transfer.failed).filter(|at| *at <= now);
    let status = match (transfer.connected.filter(|at| *at <= now), over) {
        (Some(_), _) => inferred::TRANSFERRED,
        (None, Some(_)) => inferred::TRANSFER_FAILED,
        (None, None) => "transferring",
    };
    let mut row = json!({"id": transfer.id, "status": status, "created_at": time(transfer.created),
        "updated_at": time(over.unwrap_or(transfer.created)),
        "from_menu": cx.store.menus.menu_path(transfer.from_menu),
        "to_menu": cx.store.menus.menu_path(transfer.to_menu),
        "from_agent": agents::info(cx, &transfer.from_agent),
        "to_agent": transfer.to_agent.as_ref().map(|agent| agents::info(cx, agent))});
    if session.kind != Kind::Email {
        row["fail_reason"] = json!(if transfer.failed.is_some() { "ag_ignored" } else { "nothing" });
    }
    if session.kind == Kind::Call {
        row["wait_duration"] = json!(seconds(transfer.created, transfer.connected.or(transfer.failed), now));
        row["call_duration"] = json!(transfer.connected.map_or(0, |at| seconds(at, session.ends, now)));
        row["assigned_at"] = past(transfer.connected, now);
        row["connected_at"] = past(transfer.connected, now);
        row["deflection"] = json!(0);
    }
    row
}

fn handles(cx: &Context<'_>, session: &Session) -> Value {
    let event = if session.kind == Kind::Call { "call_finished" } else { "chat_finished" };
    let row = |handle: &Handle| {
        let menu = menus::path_id(handle.menu);
        let lasted = seconds(handle.from, handle.to, cx.now);
        let agent = inferred::agent_id(&cx.world, &handle.agent);
        let mut row = json!({"agent_id": agent, "menu_path_id": menu, "lang": session.lang,
            "transfer": handle.transfer, "started_at": time(handle.from), "ended_at": past(handle.to, cx.now)});
        let (name, rest) = match session.kind {
            Kind::Call => ("call_duration", handle.after),
            Kind::Chat => ("chat_duration", handle.after),
            Kind::Email => {
                row["transfer_id"] = json!(session.transfers.first().map(|t| t.id));
                row["assignment_type"] = json!("auto");
                row["menu_path"] = json!(handle.menu.map(|id| cx.store.menus.named_path(id)));
                row["email_duration"] = json!(lasted);
                return row;
            }
        };
        row[name] = json!(lasted);
        row["acw_duration"] = json!(rest / SECOND);
        row["wait_duration"] = json!(handle.waited / SECOND);
        row["event"] = json!(event);
        row
    };
    session.handles.iter().filter(|h| h.from <= cx.now).map(row).collect()
}

/// `in_sla`, `not_in_sla` or `excluded`: whether a wait kept the queue's promise.
pub(super) fn promise_kept(wait: &Wait) -> &'static str {
    let (_, target, abandon) = menus::promise(wait.menu.unwrap_or(0));
    let Some(to) = wait.to else { return "excluded" };
    let waited = (to - wait.from) / SECOND;
    match wait.answered {
        true if waited <= target => "in_sla",
        true => "not_in_sla",
        // Who gave up before anybody could answer does not count.
        false if waited <= abandon => "excluded",
        false => "not_in_sla",
    }
}

fn waits(cx: &Context<'_>, session: &Session) -> Value {
    let row = |wait: &Wait| {
        let to = wait.to.filter(|to| *to <= cx.now);
        let agent = wait.agent.as_ref().filter(|_| to.is_some()).map(|a| inferred::agent_id(&cx.world, a));
        let mut row = json!({"agent_id": agent, "queue_duration": seconds(wait.from, to, cx.now),
            "menu_path_id": menus::path_id(wait.menu), "lang": session.lang, "started_at": time(wait.from),
            "ended_at": to.map(time)});
        if session.kind == Kind::Email {
            row["menu_path"] = json!(wait.menu.map(|id| cx.store.menus.named_path(id)));
            row["assignment_type"] = json!("auto");
            return row;
        }
        let (percent, target, abandon) = menus::promise(wait.menu.unwrap_or(0));
        row["transfer"] = json!(wait.transfer);
        row["service_level_abandon_time_threshold"] = json!(abandon);
        row["service_level_event"] = to.map_or(Value::Null, |_| json!(promise_kept(wait)));
        row["service_level_target_percent"] = json!(percent);
        row["service_level_target_time"] = json!(target);
        row["event"] = json!(match (to, wait.answered) {
            (None, _) => Value::Null,
            (Some(_), true) => json!("answered"),
            (Some(_), false) => json!("abandoned"),
        });
        row
    };
    session.waits.iter().filter(|w| w.from <= cx.now).map(row).collect()
}

fn participants(cx: &Context<'_>, session: &Session) -> Value {
    let now = cx.now;
    let row = |part: &Part| {
        let (connected, ended) = (part.connected.filter(|at| *at <= now), part.ended.filter(|at| *at <= now));
        let failed = ended.is_some() && connected.is_none() && session.fail != "nothing";
        let status = match (connected, ended) {
            _ if failed => "failed",
            (_, Some(_)) => "finished",
            (Some(_), None) => "connected",
            (None, None) => "waiting",
        };
        let customer = part.agent.is_none();
        let mut row = json!({"id": part.id, "type": if customer { "end_user" } else { "agent" }, "status": status,
            "user_id": part.agent.as_ref().map(|a| inferred::agent_id(&cx.world, a)),
            "end_user_id": customer.then_some(session.user.id),
            "call_duration": connected.map(|from| seconds(from, ended, now)),
            "hold_duration": connected.map(|_| if customer { session.hold_duration(now) } else { 0 }),
            "connected_at": connected.map(time), "ended_at": ended.map(time),
            "fail_reason": if failed { session.fail } else { "nothing" }});
        if session.kind == Kind::Call {
            row["call_id"] = json!(session.id);
            row["adapter_fail_code"] = json!(session.fail_code.filter(|_| failed));
            row["adapter_fail_message"] = fail_message(session.fail_code.filter(|_| failed));
        } else {
            row["chat_id"] = json!(session.id);
            row["entry_type"] = json!("queue_or_transfer");
        }
        row
    };
    session.parts.iter().filter(|p| p.connected.is_none_or(|at| at <= now)).map(row).collect()
}

fn offers(session: &Session, now: Millis) -> Value {
    let row = |(index, (at, _)): (usize, &(Millis, String))| json!({"casting_time": time(*at), "group": format!("Group {}", index + 1)});
    session.offers.iter().filter(|(at, _)| *at <= now).enumerate().map(row).collect()
}

/// What stands beside the status: who ended it.
fn sub_status(status: &str, session: &Session, over: bool) -> String {
    let who = match session.disconnected_by {
        _ if !over => "Disconnected by unknown",
        "disconnected_by_end_user" => "Disconnected by end user",
        "disconnected_by_agent" => "Disconnected by agent",
        _ => "Disconnected by unknown",
    };
    if status == "finished" {
        return who.to_owned();
    }
    let mut word = status.replace('_', " ");
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("{word}: {who}")
}

/// What customers sent out of the app: a photo and a video.
fn media(cx: &Context<'_>, session: &Session) -> (Value, Value) {
    let at = |name: &str| cx.call.own(&format!("/media/{}/{name}", session.id));
    if !matches!(session.type_name, "Voice Inbound (App)" | "Messaging Inbound (App Chat)") {
        return (json!([]), json!([]));
    }
    let (photo, video) = (session.id * 10 + 1, session.id * 10 + 2);
    (
        json!([{"id": photo, "photo_type": "photo", "url": at("photo.jpg")}]),
        json!([{"id": video, "url": at("video.mp4")}]),
    )
}

pub(super) fn call(cx: &Context<'_>, session: &Session) -> Value {
    let now = cx.now;
    let status = status(cx, session);
    let failed = status == "failed";
    let over = session.ends.is_some_and(|at| at <= now);
    let mut row = common(cx, session);
    let (photos, videos) = media(cx, session);
    let recorded = session.recorded && over;
    put(
        &mut row,
        json!({"parent_id": session.parent, "call_type": session.type_name, "status": status,
            "sub_status": sub_status(status, session, over), "queued_at": past(session.queued, now),
            "connected_at": past(session.connected, now), "ends_at": past(session.ends, now),
            "scheduled_at": session.scheduled.map(time), "wait_duration": session.queue_duration(now),
            "call_duration": session.duration(now), "hold_duration": session.hold_duration(now),
            "rating": session.rating.filter(|_| over), "has_feedback": session.rating.is_some() && over,
            "voip_provider": "voip_provider_twilio", "verified": session.verified,
            "recording_url": recorded.then(|| cx.call.own(&format!("/recordings/{}.mp3", session.id))),
            "recording_permission": if recorded { "granted" } else { "not_asked" },
            "voicemail_reason": session.voicemail, "deflection": session.deflection,
            "disconnected_by": if over { session.disconnected_by } else { "disconnected_by_unknown" },
            "finish_reason": "no_reason"}),
    );
    put(
        &mut row,
        json!({"fail_details": failed.then_some(session.fail), "fail_reason": if failed { session.fail } else { "nothing" },
            "adapter_fail_code": session.fail_code.filter(|_| failed),
            "adapter_fail_message": fail_message(session.fail_code.filter(|_| failed)),
            "support_number": session.support_number, "photos": photos, "videos": videos,
            "deflection_details": [], "handle_durations": handles(cx, session),
            "queue_durations": waits(cx, session), "participants": participants(cx, session),
            "offer_type": if session.offers.is_empty() { Value::Null } else { json!("cascade") },
            "offer_events": offers(session, now), "answer_type": "manual",
            "outbound_number": session.outbound_number, "wait_time_sms": [], "in_call_sms": []}),
    );
    Value::Object(row)
}

pub(super) fn chat(cx: &Context<'_>, session: &Session) -> Value {
    let now = cx.now;
    let status = status(cx, session);
    let over = session.ends.is_some_and(|at| at <= now);
    let mut row = common(cx, session);
    let (photos, videos) = media(cx, session);
    let sent: Vec<Millis> = session.messages.iter().copied().filter(|at| *at <= now).collect();
    let (average, longest) = response_times(&sent);
    put(
        &mut row,
        json!({"chat_type": session.type_name, "status": status, "sub_status": sub_status(status, session, over),
            "ends_at": past(session.ends, now), "first_msg_sent_at": sent.first().map(|at| time(*at)),
            "last_msg_sent_at": sent.last().map(|at| time(*at)), "wait_duration": session.queue_duration(now),
            "chat_duration": session.duration(now), "verified": session.verified,
            "rating": session.rating.filter(|_| over), "has_feedback": session.rating.is_some() && over,
            "finish_reason": "finish_reason_none",
            "fail_reason": (over && session.fail != "nothing").then_some(session.fail),
            "message_count": sent.len(), "average_response_time": average, "longest_response_time": longest,
            "photos": photos, "videos": videos, "handle_durations": handles(cx, session),
            "queue_durations": waits(cx, session), "participants": participants(cx, session),
            "offer_type": "cascade", "offer_events": offers(session, now)}),
    );
    Value::Object(row)
}

/// Average and longest time between one message and the next, in seconds.
pub(super) fn response_times(sent: &[Millis]) -> (i64, i64) {
    let gaps: Vec<i64> = sent.windows(2).map(|pair| (pair[1] - pair[0]) / SECOND).collect();
    let count = i64::try_from(gaps.len()).unwrap_or(1).max(1);
    (gaps.iter().sum::<i64>() / count, gaps.iter().copied().max().unwrap_or(0))
}

pub(super) fn email(cx: &Context<'_>, session: &Session) -> Value {
    let now = cx.now;
    let mut row = common(cx, session);
    let activity = session.activity.as_ref().and_then(|id| cx.world.activities.get(id));
    let files = activity.map_or(0, |a: &Activity| a.attachments.len());
    let content = |name: &str| cx.call.own(&format!("/media/{}/{name}", session.id));
    let mut attachments =
        vec![json!({"id": session.id * 10, "file_type": "email_content", "url": content("content.html")})];
    attachments.extend((1..=files).map(|n| {
        json!({"id": session.id * 10 + n as i64, "file_type": "attachment", "url": content(&format!("{n}"))})
    }));
    let letters: Vec<Value> = threads(session, now)
        .enumerate()
        .map(|(n, at)| {
            json!({"id": session.id * 10 + n as i64, "subject": session.subject, "attachment_count": files,
                "direction": if n % 2 == 0 { "inbound" } else { "outbound" },
                "is_read": session.assigned.is_some_and(|read| read <= now), "is_draft": false,
                "created_at": time(at), "updated_at": time(at)})
        })
        .collect();
    let consumer: Vec<Value> = session
        .handles
        .iter()
        .filter(|h| h.from <= now)
        .map(|h| {
            json!({"id": session.id * 10, "email_duration": seconds(h.from, h.to, now), "attachments_count": files,
                "started_at": time(h.from), "ended_at": past(h.to, now)})
        })
        .collect();
    put(
        &mut row,
        json!({"email_status": session.status(now), "finished_at": past(session.ends, now),
            "email_duration": session.duration(now), "total_thread_numbers": letters.len(),
            "email_attachments": attachments, "email_threads": letters, "handle_durations": handles(cx, session),
            "queue_durations": waits(cx, session), "consumer_handle_durations": consumer}),
    );
    Value::Object(row)
}

/// When letters of an e-mail were written: the customer's, and the answer.
pub(super) fn threads(session: &Session, now: Millis) -> impl Iterator<Item = Millis> {
    [Some(session.created()), session.ends.filter(|at| *at <= now)].into_iter().flatten()
}

/// The sentence that belongs to a code of the adapter.
fn fail_message(code: Option<i64>) -> Value {
    code.and_then(|code| FAIL_MESSAGES.iter().find(|(known, _)| *known == code))
        .map_or(Value::Null, |(_, message)| json!(message))
}

/// All codes of the adapter, as the vendor's document lists them.
pub(super) const FAIL_MESSAGES: [(i64, &str); 24] = [
    (10001, "This call encountered an unexpected error."),
    (11001, "This call expired while waiting in queue."),
    (20001, "This call was cancelled by the customer."),
    (20002, "This call was rejected by the customer."),
    (20003, "This call was abandoned by the customer."),
    (20004, "This call was abandoned by the customer during menu selection."),
    (21001, "The call could not be connected; the customer’s line is busy."),
    (21002, "The dialed phone number is invalid."),
    (21003, "This call was was not answered by the customer."),
    (22001, "The push notification to start this call failed to send."),
    (30001, "This call was cancelled."),
    (30002, "This expired call was not attended."),
    (31001, "Unable to detect microphone. Please check your device settings and try again."),
    (31002, "Unable to access microphone. Please check your device permissions and try again."),
    (32001, "The selected outbound number is invalid."),
    (32002, "Unable to connect call to the dialled phone number."),
    (41001, "An unexpected error occurred with the call connection."),
    (42001, "An unexpected error occurred with the call connection."),
    (43001, "This call has encountered an unexpected error."),
    (44001, "This call has encountered an unexpected error."),
    (44002, "This call is terminated because the connection timed out."),
    (44003, "This call has encountered an unexpected error."),
    (90001, "This call is terminated because no audio was detected."),
    (90002, "Unable to start the audio device. Please check your audio device permissions and try again."),
];

#[cfg(test)]
mod tests {
    use super::{response_times, time};

    #[test]
    fn times_have_milliseconds_and_a_zone() {
        assert_eq!(time(1_528_400_992_896), "2018-06-07T19:49:52.896Z");
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(response_times(&[0, 4_000, 12_000]), (6, 8));
        assert_eq!(response_times(&[5]), (0, 0));
    }
}
