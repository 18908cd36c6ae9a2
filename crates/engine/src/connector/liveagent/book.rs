//! Names: the platform speaks of departments, agents and tags by their ids. Read once, again when an id is not among them,
//! and now and then because people come and go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use liveagent::Client;
use model::Named;
use tokio::sync::Mutex;
use tokio::time::Instant;
use wire::Error;

/// How old the names may grow.
const FRESH: Duration = Duration::from_secs(15 * 60);
/// How soon they are read again for an id that is not among them.
const AGAIN: Duration = Duration::from_secs(60);

/// The names of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Departments that are in use, by id.
    pub(super) departments: BTreeMap<String, String>,
    /// Agents, by userid.
    pub(super) agents: BTreeMap<String, Person>,
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
pub(super) struct Book(Mutex<Option<(Instant, Arc<Names>)>>);

impl Book {
    /// The names, read if they are not there or too old.
    pub(super) async fn names(&self, client: &Client) -> Result<Arc<Names>, Error> {
        self.younger_than(client, FRESH).await
    }

    /// The names, for ids that are not among those of before.
    pub(super) async fn names_again(&self, client: &Client) -> Result<Arc<Names>, Error> {
        self.younger_than(client, AGAIN).await
    }

    /// A tag that was made just now.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }

    async fn younger_than(&self, client: &Client, age: Duration) -> Result<Arc<Names>, Error> {
        let mut kept = self.0.lock().await;
        if let Some((at, names)) = kept.as_ref().filter(|(at, _)| at.elapsed() < age) {
            let _ = at;
            return Ok(names.clone());
        }
        match read(client).await {
            Ok(names) => {
                let names = Arc::new(names);
                *kept = Some((Instant::now(), names.clone()));
                Ok(names)
            }
            // Old names are better than none.
            Err(error) => kept.as_ref().map(|(_, names)| names.clone()).ok_or(error),
        }
    }
}

async fn read(client: &Client) -> Result<Names, Error> {
    let (departments, agents, tags) =
        tokio::join!(client.departments(), client.online_agents(), client.tags());
    let departments = departments?.rows.into_iter().filter(|department| department.deleted != Some(true));
    let departments = departments.map(|department| {
        let name = given(department.name).unwrap_or_else(|| department.id.clone());
        (department.id, name)
    });
    // Who may not see the others sees their ids.
    let agents = agents.map(|list| list.rows).unwrap_or_default().into_iter().map(|agent| {
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
    Ok(Names { departments: departments.collect(), agents: agents.collect(), tags: tags.collect() })
}

/// What is there and not empty.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
