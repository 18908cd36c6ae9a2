//! Campaigns with what became of their contacts, and teams with who is in them and what they are doing.

use std::collections::BTreeMap;

use ccaip::{AgentCurrentStatus, CampaignStatus, Campaigns, Id, Listing, Loose, Teams, Walk};
use model::{Campaign, Channel, Count, QueueRef, Team, TeamMember};
use serde_json::Value;
use wire::Error;
use wire::pace::Class;

use super::story::{given, name_of, queue_id};
use super::{Ccaip, moment};

/// How many records a page has, and how many pages are read.
const PAGE: u32 = 100;
const PAGES: usize = 5;

impl Ccaip {
    pub(super) async fn all_campaigns(&self) -> Result<Vec<Campaign>, Error> {
        let rows = self.rows(Campaigns::default()).await?;
        Ok(rows.iter().map(|campaign| self.campaign(campaign)).collect())
    }

    fn campaign(&self, of: &ccaip::Campaign) -> Campaign {
        let stats = of.contact_stats.as_ref();
        let count = |figure: Option<i64>| figure.and_then(|figure| u32::try_from(figure).ok());
        let counts = stats.map(Loose::write);
        let counts = counts.as_ref().and_then(Value::as_object).into_iter().flatten();
        let remaining = stats.and_then(|stats| stats.remaining);
        let all = stats.and_then(|stats| stats.contacts).or(of.target_number_to_process);
        // What is finished is told outright, or it is whatever does not remain.
        let done = stats.and_then(|stats| stats.completed.or(stats.finished));
        let done = done.or_else(|| Some((all? - remaining?).max(0)));
        Campaign {
            account: self.account.clone(),
            title: given(of.name.as_deref()).unwrap_or_else(|| of.id.to_string()),
            id: of.id.to_string(),
            mode: of.mode.as_ref().map(|mode| mode.as_str().to_owned()).unwrap_or_default(),
            state: of.status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default(),
            running: of.status.as_ref().and_then(|status| match status {
                CampaignStatus::Started | CampaignStatus::Dialing => Some(true),
                CampaignStatus::Created | CampaignStatus::Pause | CampaignStatus::Finished => Some(false),
                CampaignStatus::Other(_) => None,
            }),
            queue: of.queue.as_ref().and_then(|menu| {
                let title = self.picture().board.title(&menu.id).or_else(|| given(menu.name.as_deref()))?;
                Some(QueueRef { id: Some(queue_id(&menu.id, Channel::Call)), title })
            }),
            contacts: count(all),
            done: count(done),
            counts: counts
                .filter_map(|(what, value)| Some(Count { what: what.clone(), value: words(value)? }))
                .collect(),
            begins: of.starts_at.map(moment),
            ends: of.ends_at.map(moment),
        }
    }

    /// Teams with who is in them; what they are doing is asked for all signed-in agents at once.
    pub(super) async fn all_teams(&self) -> Result<Vec<Team>, Error> {
        let rows = self.rows(Teams::default()).await?;
        let now = self.ask(Class::Foreground, self.client.agents_current_status()).await;
        let now = match now {
            Ok(list) => list.rows,
            Err(error) => {
                tracing::info!(account = %self.account, %error, "what colleagues are doing is not told");
                Vec::new()
            }
        };
        let states: BTreeMap<&Id, &AgentCurrentStatus> = now.iter().map(|state| (&state.id, state)).collect();
        let agent = self.picture().agent.clone();
        let me = agent.as_ref().map(|agent| &agent.id);
        let mine: Vec<&Id> = agent.iter().flat_map(|agent| &agent.teams).map(|team| &team.id).collect();
        let teams = flat(rows);
        let team = |of: &ccaip::Team| Team {
            account: self.account.clone(),
            id: of.id.to_string(),
            title: given(of.name.as_deref()).unwrap_or_else(|| of.id.to_string()),
            parent: of.parent_id.as_ref().map(Id::to_string),
            mine: mine.contains(&&of.id)
                || of.assignees.iter().any(|member| member.id.is_some() && member.id.as_ref() == me),
            members: of
                .assignees
                .iter()
                .filter_map(|member| {
                    let state = member.id.as_ref().and_then(|id| states.get(id));
                    Some(TeamMember {
                        name: name_of(member)?,
                        presence: state.and_then(|state| given(state.status.as_ref()?.name.as_deref())),
                        since: state.and_then(|state| state.status_updated_at).map(moment),
                    })
                })
                .collect(),
        };
        Ok(teams.iter().map(team).collect())
    }

    /// All pages of a list, each for a turn of its own.
    async fn rows<Q: Listing>(&self, question: Q) -> Result<Vec<Q::Row>, Error> {
        let mut walk = Walk::new(question, PAGE);
        let mut rows = Vec::new();
        for _ in 0..PAGES {
            if walk.is_done() {
                break;
            }
            match self.ask(Class::Foreground, walk.next(&self.client)).await? {
                Some(page) => rows.extend(page.rows),
                None => break,
            }
        }
        Ok(rows)
    }
}

/// A parent before its children, whatever order they came in, and everybody once.
fn flat(rows: Vec<ccaip::Team>) -> Vec<ccaip::Team> {
    let mut left: Vec<ccaip::Team> = Vec::new();
    let mut inner = rows;
    // Some answer trees where lists were asked for.
    while let Some(mut team) = inner.pop() {
        for mut child in std::mem::take(&mut team.children) {
            child.parent_id.get_or_insert_with(|| team.id.clone());
            inner.push(child);
        }
        if team.deleted != Some(true) && !left.iter().any(|known| known.id == team.id) {
            left.push(team);
        }
    }
    left.sort_by(|one, other| {
        (one.position, &one.name, &one.id).cmp(&(other.position, &other.name, &other.id))
    });
    let mut teams: Vec<ccaip::Team> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let known = |team: &ccaip::Team, left: &[ccaip::Team]| {
            let above = team.parent_id.as_ref().filter(|parent| **parent != team.id);
            !above.is_some_and(|parent| left.iter().any(|other| other.id == *parent))
        };
        let at = (0..left.len()).find(|at| left.get(*at).is_some_and(|team| known(team, &left)));
        // Two that are each other's parents come anyhow.
        let team = left.remove(at.unwrap_or(0));
        let after = team.parent_id.as_ref().and_then(|parent| end_of(&teams, parent));
        teams.insert(after.unwrap_or(teams.len()), team);
    }
    teams
}

/// Behind the last of a team's own.
fn end_of(teams: &[ccaip::Team], parent: &Id) -> Option<usize> {
    let at = teams.iter().position(|team| team.id == *parent)?;
    let mut family = vec![parent];
    let mut end = at + 1;
    while let Some(team) =
        teams.get(end).filter(|team| team.parent_id.as_ref().is_some_and(|p| family.contains(&p)))
    {
        family.push(&team.id);
        end += 1;
    }
    Some(end)
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => given(Some(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn teams_come_as_trees_whatever_they_came_as() {
        let order = |value: Value| -> Vec<String> {
            flat(serde_json::from_value(value).unwrap()).iter().map(|team| team.id.to_string()).collect()
        };
        assert_eq!(
            order(
                json!([{"id": 4, "parent_id": 2}, {"id": 3, "parent_id": 1}, {"id": 2, "parent_id": 1}, {"id": 1},
                {"id": 5, "deleted": true}, {"id": 6}])
            ),
            ["1", "2", "4", "3", "6"]
        );
        assert_eq!(
            order(json!([{"id": 1, "children": [{"id": 2, "children": [{"id": 3}]}]}])),
            ["1", "2", "3"]
        );
        assert_eq!(order(json!([{"id": 1, "parent_id": 2}, {"id": 2, "parent_id": 1}])).len(), 2);
    }
}
