//! What the reports count: letters, calls and chats of a span of time, gathered under a key (an agent, a channel, a
//! department, a tag, a piece of the time), and each figure by the name of its column.

use super::{Context, inferred};
use crate::world::{Activity, Author, Cause, Channel, Direction, Entry, Event, Millis, SECOND, Ticket};
use std::collections::BTreeMap;

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Mean {
    sum: i64,
    count: i64,
}

impl Mean {
    fn add(&mut self, from: Millis, to: Millis) {
        // Some moments are odd on purpose.
        self.sum = self.sum.saturating_add((to.saturating_sub(from) / SECOND).max(0));
        self.count += 1;
    }

    fn seconds(self) -> i64 {
        if self.count == 0 { 0 } else { self.sum / self.count }
    }
}

/// Figures under one key.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    answers: i64,
    first_answer: Mean,
    next_answer: Mean,
    assign: Mean,
    resolve: Mean,
    notes: i64,
    created: i64,
    resolved: i64,
    letters_in: i64,
    calls_in: i64,
    calls: Mean,
    call_pickup: Mean,
    calls_out: Mean,
    calls_internal: Mean,
    missed_calls: i64,
    calls_over: i64,
    calls_offline: i64,
    chats_in: i64,
    chats: Mean,
    chat_pickup: Mean,
    chat_answers: i64,
    missed_chats: i64,
    chats_over: i64,
    rewards: i64,
    punishments: i64,
}

impl Tally {
    /// A figure as the report shows it; `hours` is what `…_ph` is divided by. None if it has no such column.
    pub(super) fn column(&self, name: &str, hours: f64) -> Option<String> {
        if let Some(base) = name.strip_suffix("_ph") {
            let whole: f64 = self.column(base, hours)?.parse().ok()?;
            return Some(format!("{:.2}", if hours > 0.0 { whole / hours } else { 0.0 }));
        }
        let unrated = (self.answers - self.rewards - self.punishments).max(0);
        if let Some(base) = name.strip_suffix("_p") {
            let part: f64 = self.column(base, hours)?.parse().ok()?;
            let all = unrated + self.rewards + self.punishments;
            return Some(format!("{:.2}", if all > 0 { part * 100.0 / all as f64 } else { 0.0 }));
        }
        let value = match name {
            "answers" => self.answers,
            "newAnswerAvgTime" | "newAnswerAvgTimeSla" => self.first_answer.seconds(),
            "nextAnswerAvgTime" | "nextAnswerAvgTimeSla" => self.next_answer.seconds(),
            "firstAssignAvgTime" | "firstAssignAvgTimeSla" => self.assign.seconds(),
            "firstResolveAvgTime" | "firstResolveAvgTimeSla" => self.resolve.seconds(),
            "notes" => self.notes,
            "created_tickets" => self.created,
            "resolved_tickets" => self.resolved,
            "i_messages" => self.letters_in,
            "i_calls" => self.calls_in,
            "i_chats" => self.chats_in,
            "calls" => self.calls.count,
            "call_seconds" => self.calls.sum,
            "call_avg_time" => self.calls.seconds(),
            "call_pickup_avg_time" => self.call_pickup.seconds(),
            "calls_outgoing" => self.calls_out.count,
            "call_outgoing_seconds" => self.calls_out.sum,
            "call_outgoing_avg_time" => self.calls_out.seconds(),
            "calls_internal" => self.calls_internal.count,
            "call_internal_seconds" => self.calls_internal.sum,
            "call_internal_avg_time" => self.calls_internal.seconds(),
            "missed_calls" | "u_calls" => self.missed_calls,
            "f_calls" => self.calls_over,
            "o_calls" => self.calls_offline,
            "chats" => self.chats.count,
            "chatAvgTime" => self.chats.seconds(),
            "chat_pickup" => self.chat_pickup.count,
            "chatPickupAvgTime" => self.chat_pickup.seconds(),
            "chat_answers" => self.chat_answers,
            "missed_chats" | "u_chats" => self.missed_chats,
            "f_chats" => self.chats_over,
            "rewards" => self.rewards,
            "punishments" => self.punishments,
            "not_ranked" => unrated,
            _ => return None,
        };
        Some(value.to_string())
    }
}

/// What happened: when, to which ticket, by or at which agent.
pub(super) struct Fact<'a> {
    pub at: Millis,
    pub ticket: Option<&'a Ticket>,
    pub activity: Option<&'a Activity>,
    pub agent: Option<&'a str>,
}

/// Counts everything of a span of time under the keys that each fact has.
pub(super) fn count<K: Ord>(
    cx: &Context<'_>,
    (from, to): (Millis, Millis),
    keys: impl Fn(&Fact<'_>) -> Vec<K>,
) -> BTreeMap<K, Tally> {
    let mut all = BTreeMap::<K, Tally>::new();
    let mut tell = |fact: Fact<'_>, add: &dyn Fn(&mut Tally)| {
        if (from..=to).contains(&fact.at) {
            for key in keys(&fact) {
                add(all.entry(key).or_default());
            }
        }
    };
    // What was deleted counts no more.
    for ticket in cx.world.tickets.iter().filter(|t| t.changed >= from && t.created <= to) {
        of_ticket(ticket, &mut tell);
    }
    for activity in cx.world.activities.values() {
        let ticket = activity.ticket.as_deref().and_then(|t| cx.world.tickets.find(t));
        of_activity(activity, ticket, cx.world.now(), &mut tell);
    }
    all
}

type Tell<'a> = &'a mut dyn FnMut(Fact<'_>, &dyn Fn(&mut Tally));

fn of_ticket(ticket: &Ticket, tell: Tell<'_>) {
    let fact = |at, agent| Fact { at, ticket: Some(ticket), activity: None, agent };
    let owner = ticket.owner.as_deref();
    tell(fact(ticket.created, ticket.created_by.as_deref()), &|t| t.created += 1);
    if let Some(closed) = ticket.closed {
        tell(fact(closed, owner), &|t| {
            t.resolved += 1;
            t.resolve.add(ticket.created, closed);
        });
        match inferred::rating(ticket) {
            Some("W") => tell(fact(closed, owner), &|t| t.rewards += 1),
            Some(_) => tell(fact(closed, owner), &|t| t.punishments += 1),
            None => {}
        }
    }
    let (mut asked, mut assigned) = (Some(ticket.created), false);
    for entry in &ticket.entries {
        let agent = if let Author::Agent(id) = &entry.author { Some(&**id) } else { None };
        if entry.event == Some(Event::Assigned) && !std::mem::replace(&mut assigned, true) {
            tell(fact(entry.at, Some(&entry.body.text)), &|t| t.assign.add(ticket.created, entry.at));
        }
        if entry.is_note() {
            tell(fact(entry.at, agent), &|t| t.notes += 1);
        }
        if entry.is_message() {
            of_message(entry, agent.or(owner), ticket, &mut asked, &fact, tell);
        }
    }
}

fn of_message<'a>(
    entry: &Entry,
    agent: Option<&'a str>,
    ticket: &'a Ticket,
    asked: &mut Option<Millis>,
    fact: &dyn Fn(Millis, Option<&'a str>) -> Fact<'a>,
    tell: Tell<'_>,
) {
    match (entry.channel, entry.direction) {
        (Channel::Call, _) => tell(fact(entry.at, agent), &|t| t.calls_in += 1),
        (Channel::Chat, _) => {
            let answers = entry.lines.iter().filter(|l| matches!(l.author, Author::Agent(_))).count();
            let end = entry.lines.last().map_or(entry.at, |l| l.at);
            tell(fact(entry.at, agent), &|t| {
                t.chats_in += 1;
                t.chats_over += 1;
                t.chat_answers += i64::try_from(answers).unwrap_or(0);
                if answers > 0 { t.chats.add(entry.at, end) } else { t.missed_chats += 1 }
            });
        }
        (_, Direction::In) => {
            *asked = asked.or(Some(entry.at));
            tell(fact(entry.at, None), &|t| t.letters_in += 1);
        }
        _ => {
            let first = ticket.answered.is_none_or(|answered| entry.at <= answered);
            let since = asked.take();
            tell(fact(entry.at, agent), &|t| {
                t.answers += 1;
                match since {
                    Some(since) if first => t.first_answer.add(since, entry.at),
                    Some(since) => t.next_answer.add(since, entry.at),
                    None => {}
                }
            });
        }
    }
}

fn of_activity(activity: &Activity, ticket: Option<&Ticket>, now: Millis, tell: Tell<'_>) {
    let (talk, over) = (activity.talk_since, activity.talk_ended.or(activity.closed));
    let fact =
        Fact { at: activity.created, ticket, activity: Some(activity), agent: activity.agent.as_deref() };
    let end = over.unwrap_or(now);
    match (activity.channel, activity.direction) {
        (Channel::Call, Direction::In) => tell(fact, &|t| {
            t.calls_in += 1;
            t.calls_over += i64::from(over.is_some());
            t.calls_offline += i64::from(activity.cause == Some(Cause::Failed));
            match talk {
                Some(since) => {
                    t.calls.add(since, end);
                    t.call_pickup.add(activity.created, since);
                }
                None => t.missed_calls += i64::from(over.is_some()),
            }
        }),
        (Channel::Call, Direction::Out) => tell(fact, &|t| t.calls_out.add(talk.unwrap_or(end), end)),
        (Channel::Call, Direction::Internal) => {
            tell(fact, &|t| t.calls_internal.add(talk.unwrap_or(end), end));
        }
        (Channel::Chat, _) => tell(fact, &|t| {
            t.chats_in += 1;
            t.chats_over += i64::from(over.is_some());
            match activity.opened {
                Some(opened) => {
                    t.chats.add(opened, end);
                    t.chat_pickup.add(activity.created, opened);
                }
                None => t.missed_chats += i64::from(over.is_some()),
            }
        }),
        _ => {}
    }
}
