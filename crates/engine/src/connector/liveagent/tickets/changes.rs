//! What changed: the first fill, then by `datechanged`.
//!
//! The first fill goes through the agents, this one first, because only the filter by agent tells whose a conversation is;
//! then through all conversations, of which those not met before are nobody's. It is kept in memory whose they are, so a
//! fill that was broken off by the end of the app begins anew.
//!
//! Afterwards everything since the last change is asked for. Times have whole seconds: the last of them is asked for
//! again, and what is already known of it is left out. A conversation is known once it was read when its second was over:
//! whatever happened later in that second would else never be seen.

use std::collections::HashMap;

use jiff::Timestamp as Moment;
use liveagent::conversations::{Conversation, Conversations, Status};
use liveagent::{Client, Page};
use serde::{Deserialize, Serialize};
use wire::Error;

use super::super::super::{Changes, Mark};
use super::super::book::{self, Names};
use super::super::{LiveAgent, inferred};
use super::reader::{self, Reader, reader};

/// How many conversations a page of the fill has.
const PAGE: u32 = 500;
/// How many changed conversations are read in detail at once.
const AT_ONCE: usize = 40;
/// How many changed conversations are listed at most. The order of the list is not documented, so of more than that nobody
/// knows which are left out: then everything is read anew.
const MOST: usize = 5000;
/// How far pages of the fill overlap: a conversation that moves up between two pages must not be left out.
const OVERLAP: u32 = 20;

/// Where reading stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// The first fill: since when changes are to be asked for afterwards, whose conversations come now (none: everybody's),
    /// how many of them are known.
    Fill { since: Moment, agent: Option<String>, offset: u32 },
    /// Changes since then; what is known of that very second.
    Since { since: Moment, known: Vec<Known> },
}

/// A conversation as it was at a second, and when that was first and last read by this computer's clock: whatever the
/// platform's clock says, its second is over a second after it was first met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    id: String,
    at: i64,
    first: Moment,
    last: Moment,
}

impl Known {
    fn is(&self, at: Moment, row: &Conversation) -> bool {
        self.id == row.id && self.at == at.as_second()
    }

    fn is_settled(&self) -> bool {
        self.last.duration_since(self.first) > jiff::SignedDuration::from_secs(1)
    }
}

/// Whose conversations are, as met during the first fill.
#[derive(Debug, Default)]
pub(in super::super) struct Owners(HashMap<String, String>);

impl LiveAgent {
    pub(super) async fn changes(&self, mark: Option<Mark>) -> Result<Changes, Error> {
        let client = self.beside();
        let standing = mark.and_then(|mark| serde_json::from_str(&mark.0).ok());
        let standing = match standing {
            // Whose the others are was in memory, and is no more.
            Some(Standing::Fill { since, .. }) if !self.is_filling() => {
                Standing::Fill { since, agent: Some(self.me()?), offset: 0 }
            }
            Some(standing) => standing,
            None => self.anew()?,
        };
        match standing {
            Standing::Fill { since, agent, offset } => self.fill(&client, since, agent, offset).await,
            Standing::Since { since, known } => self.news(&client, since, known).await,
        }
    }

    /// The first fill, or one because too much has changed. This computer's clock may be ahead of the platform's.
    fn anew(&self) -> Result<Standing, Error> {
        let apart = jiff::SignedDuration::from_millis(inferred::CLOCKS_APART_MS);
        Ok(Standing::Fill { since: Moment::now() - apart, agent: Some(self.me()?), offset: 0 })
    }

    /// The agent's userid; without it nobody can say what is mine.
    fn me(&self) -> Result<String, Error> {
        self.picture().me().ok_or(Error::SignInNeeded)
    }

    fn is_filling(&self) -> bool {
        self.owners().is_some()
    }

    async fn fill(
        &self,
        client: &Client,
        since: Moment,
        agent: Option<String>,
        offset: u32,
    ) -> Result<Changes, Error> {
        let question = Conversations { agent: agent.clone(), ..Conversations::default() };
        let page = client.list(&question, Page { offset, limit: PAGE }).await?;
        let received = u32::try_from(page.received()).unwrap_or(u32::MAX);
        let me = self.me()?;
        let ids: Vec<&str> = page.rows.iter().flat_map(book::ids).collect();
        let names = self.book.names_with(client, &ids).await?;
        let reader = reader(self, names.clone());
        let mut changes =
            Changes { unreadable: count(page.unreadable.len()), more: true, ..Changes::default() };
        let mut rows = self.with_owners(page.rows, agent.as_deref());
        if agent.is_none() && !names.knows_agents {
            for row in rows.iter_mut().filter(|row| row.assigned_to.is_none() && is_open(row)) {
                // Nobody says whose they are: each has to be asked, so that nobody takes over what is somebody's.
                *row = client.conversation(&row.id).await?;
            }
        }
        take_in(&reader, rows, &mut changes);
        let next = if received >= PAGE {
            Standing::Fill { since, agent, offset: offset.saturating_add(received - OVERLAP) }
        } else {
            match agent {
                Some(agent) => Standing::Fill { since, agent: after(&names, &me, &agent), offset: 0 },
                None => {
                    *self.owners() = None;
                    changes.more = false;
                    Standing::Since { since, known: Vec::new() }
                }
            }
        };
        changes.mark = Some(mark(&next));
        Ok(changes)
    }

    /// The rows of a page with whose they are, which is remembered for the last pass.
    fn with_owners(&self, rows: Vec<Conversation>, agent: Option<&str>) -> Vec<Conversation> {
        let mut owners = self.owners();
        let owners = owners.get_or_insert_default();
        let owned = rows.into_iter().map(|row| match agent {
            Some(agent) => {
                owners.0.insert(row.id.clone(), agent.to_owned());
                Conversation { assigned_to: Some(agent.to_owned()), ..row }
            }
            None => Conversation { assigned_to: owners.0.get(&row.id).cloned(), ..row },
        });
        owned.collect()
    }

    async fn news(&self, client: &Client, since: Moment, known: Vec<Known>) -> Result<Changes, Error> {
        let zone = self.memory().zone.clone();
        // "After" leaves the second itself out, which may not have been over at the last look.
        let from = zone.since(since - jiff::SignedDuration::from_secs(1), Moment::now());
        let list = client.pages(Conversations::changed_after(from)).all(MOST).await?;
        if list.received() >= MOST {
            return Ok(Changes { mark: Some(mark(&self.anew()?)), more: true, ..Changes::default() });
        }
        let mut rows: Vec<(Moment, Conversation)> = list
            .rows
            .into_iter()
            .map(|row| (row.changed.map_or(since, |time| zone.timestamp(time)), row))
            .filter(|(at, row)| !known.iter().any(|known| known.is(*at, row) && known.is_settled()))
            .collect();
        rows.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.id.cmp(&other.id)));
        let more = rows.len() > AT_ONCE;
        rows.truncate(AT_ONCE);
        let mut full = Vec::new();
        let mut changes = Changes { unreadable: count(list.unreadable.len()), more, ..Changes::default() };
        let mut latest = (since, known);
        for (at, row) in rows {
            if at > latest.0 {
                latest = (at, Vec::new());
            }
            let now = Moment::now();
            match latest.1.iter_mut().find(|known| known.is(at, &row)) {
                Some(known) => known.last = now,
                None => {
                    let (id, at) = (row.id.clone(), at.as_second());
                    latest.1.push(Known { id, at, first: now, last: now });
                }
            }
            let row = match client.conversation(&row.id).await {
                Ok(full) => full,
                Err(error) if liveagent::is_gone(&error) => {
                    changes.gone.push(row.id);
                    continue;
                }
                // One that cannot be read costs itself; the row alone would say that it is nobody's.
                Err(Error::Refused { .. } | Error::Forbidden | Error::Protocol { .. }) => {
                    changes.unreadable += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            full.push(row);
        }
        let ids: Vec<&str> = full.iter().flat_map(book::ids).collect();
        let reader = reader(self, self.book.names_with(client, &ids).await?);
        take_in(&reader, full, &mut changes);
        changes.mark = Some(mark(&Standing::Since { since: latest.0, known: latest.1 }));
        Ok(changes)
    }
}

fn take_in(reader: &Reader, rows: impl IntoIterator<Item = Conversation>, changes: &mut Changes) {
    for row in rows {
        match row.status {
            Some(Status::Deleted) => changes.gone.push(row.id),
            _ => changes.tickets.push(reader.ticket(&row)),
        }
    }
}

fn is_open(row: &Conversation) -> bool {
    reader::stage(row.status.as_ref()).0.is_open()
}

/// Whose conversations come after this agent's: this agent's own come first, the others by id, everybody's last.
fn after(names: &Names, me: &str, agent: &str) -> Option<String> {
    let mut others = names.agents.keys().filter(|id| *id != me);
    others.find(|id| agent == me || id.as_str() > agent).cloned()
}

fn mark(standing: &Standing) -> Mark {
    Mark(serde_json::to_string(standing).unwrap_or_default())
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
