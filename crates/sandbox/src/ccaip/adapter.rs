//! What agents do on the platform's own page, which no API does: log in, take what rings, refuse it or let it ring, hold,
//! hang up, be done with after-call work, and start what the API asked for. The control interface does it for them.

use super::Store;
use super::inferred;
use crate::world::{Activity, Channel, LegState, Phase, Presence, Refusal, World};

/// One thing that an agent does on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    LogIn,
    LogOut,
    Available,
    Accept,
    Reject,
    Miss,
    Hold,
    Resume,
    HangUp,
    /// Files what is open, and ends after-call work.
    Done,
    /// Chooses an outbound number, or confirms: what the API asked to be called is called.
    Start,
}

impl Deed {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "login" => Self::LogIn,
            "logout" => Self::LogOut,
            "available" => Self::Available,
            "accept" => Self::Accept,
            "reject" => Self::Reject,
            "miss" => Self::Miss,
            "hold" => Self::Hold,
            "resume" => Self::Resume,
            "hangup" => Self::HangUp,
            "done" => Self::Done,
            "start" => Self::Start,
            _ => return None,
        })
    }
}

/// Logs an agent in; the page is open from now on.
pub(super) fn log_in(world: &mut World, agent: &str) {
    world.sign_in(agent);
    if let Some(agent) = world.agents.get_mut(agent) {
        agent.adapter = true;
    }
}

/// Makes an agent available: with the own device, and in the queues.
pub(super) fn become_ready(world: &mut World, agent: &str) -> Result<(), Refusal> {
    let at = world.agent(agent)?;
    match at.presence {
        Presence::Ready => return Ok(()),
        Presence::Paused => return world.end_pause(agent),
        Presence::NotReady | Presence::SignedOut => {}
    }
    if at.devices.is_empty() {
        let own =
            world.available_devices(agent).into_iter().find(|d| d.owner.is_some()).map(|d| d.id.clone());
        world.attach_device(agent, &own.ok_or(Refusal::NoDevice)?)?;
    }
    world.go_ready(agent)?;
    // Telephone queues are joined by being ready; here written ones are too.
    let profile = world.agent(agent)?.profile.clone();
    let written: Vec<u32> = world
        .queues
        .values()
        .filter(|q| !q.deactivated && !q.needs_device() && !world.queue_login(&profile, q.id).is_empty())
        .map(|q| q.id)
        .collect();
    for queue in written {
        world.join_queue(agent, queue, 0)?;
    }
    Ok(())
}

/// The agent's first activity of which that is true, or the one that `wanted` names by this platform's number.
fn find(
    world: &World,
    agent: &str,
    wanted: Option<i64>,
    is: impl Fn(&Activity) -> bool,
) -> Result<String, Refusal> {
    let agent = world.agent(agent)?;
    let all = agent.current.iter().filter_map(|id| world.activities.get(id));
    let mut fitting = all.filter(|a| wanted.is_none_or(|n| n == a.item_number) && is(a));
    fitting.next().map(|a| a.id.clone()).ok_or(Refusal::NoSuchActivity)
}

/// Does it; `contact` is the number of the call or chat when there are several.
pub(crate) fn act(
    world: &mut World,
    store: &mut Store,
    agent: &str,
    deed: Deed,
    contact: Option<i64>,
) -> Result<Option<i64>, Refusal> {
    world.agent(agent)?;
    let id = match deed {
        Deed::LogIn => {
            log_in(world, agent);
            None
        }
        Deed::LogOut => {
            world.sign_out(agent);
            None
        }
        Deed::Available => {
            log_in(world, agent);
            become_ready(world, agent)?;
            None
        }
        Deed::Accept => {
            let id = find(world, agent, contact, |a| a.phase == Phase::Ringing)?;
            let device = world.agent(agent)?.devices.first().cloned();
            world.accept(agent, &id, device.as_deref())?;
            Some(id)
        }
        Deed::Reject | Deed::Miss => {
            let id = find(world, agent, contact, |a| a.phase == Phase::Ringing)?;
            match deed {
                Deed::Reject => world.reject(agent, &id)?,
                _ => world.ring_timed_out(&id, None),
            }
            Some(id)
        }
        Deed::Hold | Deed::Resume => {
            let id = find(world, agent, contact, |a| a.phase == Phase::Active && a.line_is_up())?;
            world.hold(&id, if deed == Deed::Hold { LegState::OnHold } else { LegState::Speaking })?;
            Some(id)
        }
        Deed::HangUp => {
            let id = find(world, agent, contact, |a| a.phase == Phase::Active)?;
            let call = world.activities.get(&id).is_some_and(|a| a.channel == Channel::Call);
            if call {
                world.hang_up(agent, &id)?;
            } else {
                world.close(agent, &id, None)?;
            }
            Some(id)
        }
        Deed::Done => {
            let open = find(world, agent, contact, |a| a.phase == Phase::Active && !a.line_is_up());
            match &open {
                Ok(id) => {
                    let queue = world.activities.get(id).and_then(|a| a.queue);
                    let codes = queue.and_then(|q| world.queues.get(&q)).map(|q| q.wrap_up_codes.clone());
                    let first = codes.and_then(|codes| codes.into_iter().next());
                    world.close(agent, id, Some(first.into_iter().collect()))?;
                }
                Err(_) if world.agent(agent)?.wrap_up_until.is_some() => {}
                Err(refusal) => return Err(refusal.clone()),
            }
            if world.agent(agent)?.wrap_up_until.is_some() {
                world.end_pause(agent)?;
            }
            open.ok()
        }
        Deed::Start => Some(store.start_asked(world, agent)?),
    };
    store.follow(world);
    Ok(id.and_then(|id| world.activities.get(&id)).map(|a| a.item_number))
}

/// The number by which this platform knows an activity, or the activity of that number.
pub(crate) fn activity_of(world: &World, named: &str) -> Option<String> {
    let number: i64 = named.parse().ok()?;
    world.activities.values().find(|a| a.item_number == number).map(|a| a.id.clone())
}

/// Whose number or address that is.
pub(crate) fn agent_of(world: &World, named: &str) -> Option<String> {
    let is = |id: &&String| {
        *id == named
            || inferred::agent_id(world, id).to_string() == named
            || world.agents.get(*id).is_some_and(|a| a.email.eq_ignore_ascii_case(named))
    };
    world.roster.iter().find(is).cloned()
}
