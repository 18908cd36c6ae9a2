//! Names: the platform speaks of departments, agents and tags by their ids. Read once, again when an id comes that is not
//! among them, and now and then because people come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use liveagent::Client;
use liveagent::conversations::Conversation;
use model::Named;
use tokio::sync::Mutex;
use tokio::time::Instant;
use wire::Error;

/// How old the names may grow.
const FRESH: Duration = Duration::from_secs(15 * 60);

/// The names of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Departments that are in use, by id.
    pub(super) departments: BTreeMap<String, String>,
    /// Agents, by userid.
    pub(super) agents: BTreeMap<String, Person>,
    /// Whether the platform tells who the agents are.
    pub(super) knows_agents: bool,
    /// Tags, by id.
    pub(super) tags: BTreeMap<String, String>,
}

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
}

impl Names {
    fn has(&self, id: &str) -> bool {
        self.departments.contains_key(id) || self.agents.contains_key(id) || self.tags.contains_key(id)
    }

    pub(super) fn department(&self, id: &str) -> Option<Named> {
        named(id, self.departments.get(id).cloned())
    }

    pub(super) fn agent(&self, id: &str) -> Option<Named> {
        named(id, self.agents.get(id).map(|person| person.name.clone()))
    }

    pub(super) fn tag(&self, id: &str) -> Option<Named> {
        named(id, self.tags.get(id).cloned())
    }
}

/// An id without a name shows itself: better than nothing.
fn named(id: &str, title: Option<String>) -> Option<Named> {
    let id = id.trim();
    (!id.is_empty()).then(|| Named { id: id.to_owned(), title: title.unwrap_or_else(|| id.to_owned()) })
}

/// The names and when they were read.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    at: Instant,
    names: Arc<Names>,
    /// Ids that were looked for and are nobody's: not a reason to read again.
    nobodys: BTreeSet<String>,
}

impl Book {
    /// The names, read if they are not there or too old.
    pub(super) async fn names(&self, client: &Client) -> Result<Arc<Names>, Error> {
        self.names_with(client, &[]).await
    }

    /// The names with those of these ids, which may be new.
    pub(super) async fn names_with(&self, client: &Client, ids: &[&str]) -> Result<Arc<Names>, Error> {
        let mut kept = self.0.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.at.elapsed() < FRESH) {
            let is_new = |id: &&str| !kept.names.has(id) && !kept.nobodys.contains(*id);
            if !ids.iter().any(is_new) {
                return Ok(kept.names.clone());
            }
        }
        match read(client).await {
            Ok(names) => {
                let names = Arc::new(names);
                let mut nobodys = kept.take().map(|kept| kept.nobodys).unwrap_or_default();
                nobodys.extend(ids.iter().filter(|id| !names.has(id)).map(|id| (*id).to_owned()));
                *kept = Some(Kept { at: Instant::now(), names: names.clone(), nobodys });
                Ok(names)
            }
            // Old names are better than none.
            Err(error) => kept.as_ref().map(|kept| kept.names.clone()).ok_or(error),
        }
    }
}

/// The ids in a conversation that have names.
pub(super) fn ids(conversation: &Conversation) -> Vec<&str> {
    let one = [&conversation.department, &conversation.assigned_to];
    let one = one.into_iter().filter_map(Option::as_deref);
    one.chain(conversation.tags.iter().map(String::as_str))
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .collect()
}

async fn read(client: &Client) -> Result<Names, Error> {
    let (departments, agents, tags) =
        tokio::join!(client.departments(), client.online_agents(), client.tags());
    let departments = departments?.rows.into_iter().filter(|department| department.deleted != Some(true));
    let departments = departments.map(|department| {
        let name = given(department.name).unwrap_or_else(|| department.id.clone());
        (department.id, name)
    });
    // Who may not see the others sees their ids. Any other failure must not make everybody's conversations nobody's.
    let (knows_agents, agents) = match agents {
        Ok(list) => (true, list.rows),
        Err(Error::Refused { .. } | Error::Forbidden | Error::NotFound) => (false, Vec::new()),
        Err(error) => return Err(error),
    };
    let agents = agents.into_iter().map(|agent| {
        let email = given(agent.username).unwrap_or_default();
        let name = [given(agent.first_name), given(agent.last_name)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let name = if name.is_empty() {
            if email.is_empty() { agent.id.clone() } else { email.clone() }
        } else {
            name
        };
        (agent.id, Person { name, email })
    });
    let tags = tags.map(|list| list.rows).unwrap_or_default().into_iter().filter_map(|tag| {
        let id = tag.id;
        let name = given(tag.name)?;
        Some((id, name))
    });
    Ok(Names {
        departments: departments.collect(),
        agents: agents.collect(),
        knows_agents,
        tags: tags.collect(),
    })
}

/// What is there and not empty.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
