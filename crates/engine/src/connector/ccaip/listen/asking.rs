//! What each piece is asked with, and where its answer goes.

use ccaip::{
    AgentActivityLogs, Agents, Calls, Channel, Chats, Id, Listing, MenusTree, Page, Paged, Range, Sort,
    WaitTimes,
};
use jiff::{SignedDuration, Timestamp as Moment};
use wire::Error;

use super::super::budget::Piece;
use super::super::story::{Key, Kind, Story};
use super::super::{inferred, now};
use super::Listener;

/// How many lines of the log, and how many contacts, one look brings.
const LINES: u32 = 50;
const CONTACTS: u32 = 25;
/// Contacts by number: more, because a tenant that does not know the filter shows everybody's.
const OFFERED: u32 = 100;

impl Listener {
    /// Asks for one piece and takes the answer in; says what it brought: before it is known who we are, only that.
    pub(super) async fn take(&self, piece: Piece) -> Result<Piece, Error> {
        let ccaip = &self.ccaip;
        let client = &ccaip.client;
        let known = ccaip.picture().me();
        let Some(me) = known else {
            self.become_known().await?;
            if piece != Piece::State {
                ccaip.looks().want(piece);
            }
            return Ok(Piece::State);
        };
        match piece {
            Piece::Log => {
                let read = ccaip.picture().log_read.filter(|_| !self.plain_log);
                let since = read.and_then(|read| read.checked_sub(SignedDuration::from_secs(60)).ok());
                let question = AgentActivityLogs {
                    agent_id: vec![me],
                    started_at: since.map(Range::from).unwrap_or_default(),
                    sort: Some(Sort::descending("started_at")),
                    ..AgentActivityLogs::default()
                };
                let lines = self.page(&question, LINES).await?;
                ccaip.picture().logged(&lines.rows, now());
            }
            Piece::Calls => {
                let question = Calls { agent_id: vec![me.clone()], sort: newest(), ..Calls::default() };
                let calls = self.page(&question, CONTACTS).await?;
                self.mine(Kind::Call, calls.rows.iter().map(Read::Call), &me);
            }
            Piece::Chats => {
                let question = Chats { agent_id: vec![me.clone()], sort: newest(), ..Chats::default() };
                let chats = self.page(&question, CONTACTS).await?;
                self.mine(Kind::Chat, chats.rows.iter().map(Read::Chat), &me);
            }
            Piece::OfferedCalls => {
                let Some((keys, updated_at)) = self.to_look_up(Kind::Call, &me) else { return Ok(piece) };
                let id = keys.iter().map(|key| key.id.clone()).collect();
                let question = Calls { id, updated_at, sort: newest(), ..Calls::default() };
                let calls = self.page(&question, OFFERED).await?;
                let region = ccaip.picture().region.clone();
                let stories = calls.rows.iter().map(|call| Story::of_call(call, &me, &region)).collect();
                ccaip.picture().live.looked_up(&keys, stories);
            }
            Piece::OfferedChats => {
                let Some((keys, updated_at)) = self.to_look_up(Kind::Chat, &me) else { return Ok(piece) };
                let id = keys.iter().map(|key| key.id.clone()).collect();
                let question = Chats { id, updated_at, sort: newest(), ..Chats::default() };
                let chats = self.page(&question, OFFERED).await?;
                let region = ccaip.picture().region.clone();
                let stories = chats.rows.iter().map(|chat| Story::of_chat(chat, &me, &region)).collect();
                ccaip.picture().live.looked_up(&keys, stories);
            }
            Piece::State => self.state(&me).await?,
            Piece::Crowd => {
                let orders = ccaip.picture().orders;
                self.crowd(&me, orders).await?;
                ccaip.looks().fetched(Piece::State);
            }
            Piece::Errand => ccaip.run_errand().await?,
            Piece::Waiting => {
                let rows = client.menus_current_status().await?;
                self.count(&rows);
                ccaip.picture().board.waiting(rows.rows, now());
                self.figures();
            }
            Piece::Waits => {
                let lang = ccaip.language.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
                let rows = client.wait_times(&WaitTimes::of(&lang)).await?;
                self.count(&rows);
                ccaip.picture().board.waits(rows.rows);
                self.figures();
            }
            Piece::CallLevels => {
                let rows = client.menus_sla(Channel::Call, inferred::LEVEL_MINUTES).await?;
                self.count(&rows);
                ccaip.picture().board.levels(model::Channel::Call, &rows.rows);
                self.figures();
            }
            Piece::ChatLevels => {
                let rows = client.menus_sla(Channel::Chat, inferred::LEVEL_MINUTES).await?;
                self.count(&rows);
                ccaip.picture().board.levels(model::Channel::Chat, &rows.rows);
                self.figures();
            }
            Piece::Statuses => {
                let rows = client.user_statuses().await?;
                self.count(&rows);
                ccaip.memory().statuses.clone_from(&rows.rows);
                ccaip.picture().knows_statuses(rows.rows);
                ccaip.learned();
            }
            Piece::Menus => {
                let rows = client.menus_tree(&MenusTree::default()).await?;
                self.count(&rows);
                ccaip.picture().board.tree(&rows.rows);
                self.figures();
            }
            Piece::Hours => {
                let rows = client.menus_operation_hours().await?;
                self.count(&rows);
                ccaip.picture().board.open_at(rows.rows);
                self.figures();
            }
        }
        Ok(piece)
    }

    /// Whoever it was that we looked for first, it is known now who we are.
    async fn become_known(&self) -> Result<(), Error> {
        let agent = match self.ccaip.remembered().await? {
            Some(agent) => Some(agent),
            None => self.ccaip.search().await?,
        };
        self.ccaip.picture().is_agent(agent.ok_or(Error::SignInNeeded)?);
        self.go_on(&self.ccaip.looks());
        Ok(())
    }

    async fn state(&self, me: &Id) -> Result<(), Error> {
        let ccaip = &self.ccaip;
        let (talks, orders) = {
            let picture = ccaip.picture();
            (picture.live.talks(), picture.orders)
        };
        if talks {
            return self.crowd(me, orders).await;
        }
        let question = Agents { id: vec![me.clone()], ..Agents::default() };
        let found = self.page(&question, 1).await?;
        let agent = found.rows.into_iter().find(|agent| agent.id == *me).ok_or(Error::NotFound)?;
        let mut picture = ccaip.picture();
        if picture.orders == orders {
            picture.is_agent(agent);
        }
        Ok(())
    }

    /// Who is signed in: our own line, and how many they are.
    async fn crowd(&self, me: &Id, orders: u64) -> Result<(), Error> {
        let ccaip = &self.ccaip;
        let rows = ccaip.client.agents_current_status().await?;
        self.count(&rows);
        ccaip.looks().pace().crowd(rows.received());
        let mut picture = ccaip.picture();
        if picture.orders == orders {
            picture.is_listed(rows.rows.iter().find(|row| row.id == *me));
        }
        Ok(())
    }

    async fn page<Q: Listing>(&self, question: &Q, per: u32) -> Result<Paged<Q::Row>, Error> {
        let rows = self.ccaip.client.page(question, Page { number: 1, per }).await?;
        self.count(&rows);
        Ok(rows)
    }

    /// The same records come with every look, so the worst look counts.
    fn count<T>(&self, rows: &Paged<T>) {
        let lost = u32::try_from(rows.unreadable.len()).unwrap_or(u32::MAX);
        let mut picture = self.ccaip.picture();
        picture.unreadable = picture.unreadable.max(lost);
    }

    fn mine<'a>(&self, kind: Kind, rows: impl Iterator<Item = Read<'a>>, me: &Id) {
        let mut picture = self.ccaip.picture();
        let region = picture.region.clone();
        let stories = rows.map(|row| match row {
            Read::Call(call) => Story::of_call(call, me, &region),
            Read::Chat(chat) => Story::of_chat(chat, me, &region),
        });
        // A tenant that does not know the filter would show everybody's.
        let stories = stories.filter(|story| story.was_of(me)).collect();
        picture.live.mine(kind, stories);
        picture.live.settle(kind, now());
    }

    /// What has to be asked for by number, and since when it may have changed.
    fn to_look_up(&self, kind: Kind, me: &Id) -> Option<(Vec<Key>, Range<Moment>)> {
        let picture = self.ccaip.picture();
        let keys = picture.live.to_look_up(kind, me, now());
        let apart = SignedDuration::try_from(inferred::CLOCKS_APART).unwrap_or_default();
        let since = picture.live.since(&keys).and_then(|since| since.checked_sub(apart).ok());
        (!keys.is_empty()).then_some((keys, since.map(Range::from).unwrap_or_default()))
    }

    fn figures(&self) {
        let picture = self.ccaip.picture();
        let mine = picture.agent.as_ref().map(|agent| agent.channels.clone()).unwrap_or_default();
        let figures = picture.board.figures(&self.ccaip.account, &mine, now());
        if !figures.is_empty() {
            self.ear.statistics(figures);
        }
    }
}

/// A record of either list.
enum Read<'a> {
    Call(&'a ccaip::Call),
    Chat(&'a ccaip::Chat),
}

fn newest() -> Option<Sort> {
    Some(Sort::descending("updated_at"))
}
