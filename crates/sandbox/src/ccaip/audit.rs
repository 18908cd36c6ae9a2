//! Brings the book in line with the world as it is, where no line of the journal told: lines of calls that were joined, desks
//! that were cleared, journal lines that are no longer kept.

use super::desks::base_of;
use super::ledger::Ledger;
use super::session::Kind;
use crate::world::{LegState, Millis, Phase, World};
use std::collections::{BTreeMap, BTreeSet};

impl Ledger {
    /// Brings the book in line with the world where no line told: lines joined, desks cleared, lines lost.
    pub(super) fn reconcile(&mut self, world: &World, now: Millis) {
        for activity in world.open_activities() {
            self.known(world, &activity.id, activity.created);
        }
        let mut busy: BTreeMap<&str, (BTreeSet<i64>, BTreeSet<i64>)> = BTreeMap::new();
        for place in self.open.clone() {
            let Some(session) = self.sessions.get_mut(place) else { continue };
            let Some(activity) = session.activity.as_ref().and_then(|a| world.activities.get(a)) else {
                continue;
            };
            if activity.phase == Phase::Closed {
                let at = activity.closed.unwrap_or(now);
                if !session.is_over() {
                    Self::ended(session, Some(activity), at);
                }
                self.open.remove(&place);
                continue;
            }
            session.ticket.clone_from(&activity.ticket);
            if session.kind == Kind::Email
                && activity.phase == Phase::Postponed
                && session.status(now) != "paused"
            {
                session.step(now, "paused");
            }
            if activity.phase != Phase::Active {
                continue;
            }
            let up = activity.legs.iter().filter(|l| l.state != LegState::Closed);
            for agent in up.filter_map(|l| l.agent.as_deref()) {
                busy.entry(agent).or_default().0.insert(session.id);
            }
            if session.kind == Kind::Chat
                && let Some(agent) = activity.agent.as_deref()
            {
                busy.entry(agent).or_default().1.insert(session.id);
            }
        }
        for agent in world.agents.values() {
            let (calls, chats) = busy.remove(agent.id.as_str()).unwrap_or_default();
            let desk = self.desks.desk(&agent.id, agent.since);
            if (&desk.calls, &desk.chats) != (&calls, &chats) {
                self.desks.change(&agent.id, now, |desk| (desk.calls, desk.chats) = (calls, chats));
            }
            let unfiled = self.desks.get(&agent.id).map(|d| d.unfiled.clone()).unwrap_or_default();
            let gone: Vec<i64> =
                unfiled.into_iter().filter(|id| !agent.current.iter().any(|a| self.is(a, *id))).collect();
            if !gone.is_empty() {
                self.desks.change(&agent.id, now, |desk| desk.unfiled.retain(|id| !gone.contains(id)));
            }
            if self.desks.desk(&agent.id, now).base != base_of(world, agent) {
                let base = base_of(world, agent);
                self.desks.change(&agent.id, agent.since, |desk| (desk.base, desk.over) = (base, None));
            }
        }
        self.desks.settle_all();
    }

    fn is(&self, activity: &str, id: i64) -> bool {
        self.places.get(activity).and_then(|at| self.sessions.get(*at)).is_some_and(|s| s.id == id)
    }
}
