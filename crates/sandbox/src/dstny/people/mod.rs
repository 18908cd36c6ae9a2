//! People: who is in the address book, what they say to be doing, and what is known of them.
//!
//! A contact is a colleague (the directory), a contact of the world (shared by the organisation), a private or a group's
//! contact that is kept here, or the number of a queue. Ids look like addresses; a *contact entry id* is one more dress of
//! the same, unpadded base64 (see [`entry`]).

mod card;
mod contacts;
mod entry;
mod personal;
mod photo;
mod pidf;
mod presence;
mod schedule;
mod shortcuts;
mod zones;

pub(super) use card::own_fields;
pub(super) use photo::Photos;
pub(super) use pidf::write as pidf;
pub(super) use presence::document as presence;

use super::Context;
use super::answer::{Failure, Told};
use super::office::Office;
use crate::world::{Channel, LineState, World};

pub(super) fn furnish(office: &mut Office, world: &World) {
    card::furnish(office, world);
    contacts::furnish(office, world);
    personal::furnish(office, world);
    schedule::furnish(office, world);
    shortcuts::furnish(office, world);
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    presence::answer(cx)
        .or_else(|| contacts::answer(cx))
        .or_else(|| card::answer(cx))
        .or_else(|| photo::answer(cx))
        .or_else(|| schedule::answer(cx))
        .or_else(|| personal::answer(cx))
        .or_else(|| shortcuts::answer(cx))
        .or_else(|| zones::answer(cx))
}

/// Whether somebody is talking; ringing alone does not count.
pub(super) fn in_call(world: &World, user: &str) -> bool {
    world.lines_of(user).iter().any(|line| matches!(line.state(), LineState::Talking | LineState::Held))
}

/// Whether somebody manages other people's data.
pub(super) fn supervises(world: &World, user: &str) -> bool {
    world.agents.get(user).is_some_and(|a| a.role == "supervisor")
}

/// The groups that a user belongs to: call queues that the user may be in.
pub(super) fn groups_of(world: &World, user: &str) -> Vec<u32> {
    let Some(agent) = world.agents.get(user) else { return Vec::new() };
    let calls = world.queues.values().filter(|q| q.channel == Channel::Call);
    calls.map(|q| q.id).filter(|q| !world.queue_login(&agent.profile, *q).is_empty()).collect()
}

/// The numbers of a contact, as `viewer` sees it.
pub(super) fn numbers_of(cx: &Context<'_>, viewer: &str, cid: &str) -> Result<Vec<String>, Failure> {
    Ok(entry::find(cx, viewer, cid)?.numbers(cx))
}

fn first_and_last(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or((name, ""))
}
