//! The part of API v3 that v1 lacks and a desk needs: calls, devices, agents by e-mail address.
//!
//! It has keys of its own, and a budget of its own with them. What is here follows the vendor's public reference of v3 as other
//! clients use it; parameters of a `POST` travel in the query. Whether an ordinary key may begin a call, and whose phone
//! rings then, is not documented: the agent who owns the key is what the wording suggests.

use serde_json::Value;
use wire::address::encoded;
use wire::pace::{Class, Pace};
use wire::retry::Effect;
use wire::{Error, HeaderName, HttpOptions, Method, Request, Secret};

use crate::answer::{self, Content};
use crate::base::BaseUrl;
use crate::call::{Call, params};
use crate::client::{ACCEPT, KEY};
use crate::inferred;
use crate::line::Line;
use crate::loose::{Loose, letters, record};
use crate::paging::List;
use crate::time::AccountTime;

letters! {
    /// Where a call stands.
    pub enum CallState {
        /// The other side cannot be reached.
        Offline = "O",
        /// It waits for an agent.
        Queued = "Q",
        /// It rings at an agent's.
        Ringing = "R",
        /// It goes on.
        Calling = "C",
        /// It is over.
        Finished = "F",
    }
}

letters! {
    /// Who began a call.
    pub enum CallDirection {
        /// A customer.
        Incoming = "I",
        /// An agent.
        Outgoing = "O",
        /// An agent called an agent.
        Internal = "T",
    }
}

letters! {
    /// Whether something can be reached.
    pub enum Presence {
        /// It can.
        Online = "N",
        /// It cannot.
        Offline = "F",
        /// Paused.
        Paused = "P",
        /// Only on a mobile device.
        Mobile = "C",
    }
}

letters! {
    /// What a device is for.
    pub enum ServiceType {
        /// Messages.
        Messages = "M",
        /// Chats.
        Chats = "T",
        /// Calls.
        Phone = "P",
    }
}

letters! {
    /// What a device is.
    pub enum DeviceType {
        /// The panel in a browser.
        Web = "W",
        /// The vendor's app.
        App = "A",
        /// A phone.
        External = "E",
    }
}

record! {
    /// An agent as v3 tells it.
    pub struct Agent {
        /// Which one: the userid, as in v1.
        id: String = "id",
        /// E-mail address.
        email: Option<String> = "email",
        /// Name.
        name: Option<String> = "name",
        /// `owner`, `admin` or `agent`.
        role: Option<String> = "role",
        /// Whether the agent can be reached.
        online_status: Option<Presence> = "online_status",
        /// A picture.
        avatar: Option<String> = "avatar_url",
    }
}

record! {
    /// Where a call stands and with whom.
    pub struct CallStatus {
        /// Where it stands.
        state: Option<CallState> = "status",
        /// Whether an agent picked it out of the queue.
        manually_picked_up: Option<bool> = "manually_picked_up",
        /// The agent.
        agent: Option<Agent> = "agent",
    }
}

record! {
    /// A call.
    pub struct CallRecord {
        /// Which one.
        id: String = "id",
        /// Its conversation.
        ticket: Option<String> = "ticketId",
        /// Who began it.
        direction: Option<CallDirection> = "type",
        /// The number that calls.
        from: Option<String> = "fromNumber",
        /// The number that is called.
        to: Option<String> = "toNumber",
        /// The company's own number it goes by.
        via: Option<String> = "viaNumber",
        /// When it began.
        created: Option<AccountTime> = "dateCreated",
        /// When it was answered.
        answered: Option<AccountTime> = "dateAnswered",
        /// When it ended.
        finished: Option<AccountTime> = "dateFinished",
        /// How long it was, in seconds.
        duration: Option<i64> = "callDuration",
    }
}

record! {
    /// Something an agent can be reached with.
    pub struct Device {
        /// Which one.
        id: String = "id",
        /// Whose (userid).
        agent: Option<String> = "agentid" | "agentId",
        /// What it is for.
        service: Option<ServiceType> = "service_type",
        /// What it is.
        kind: Option<DeviceType> = "type",
        /// Whether it can be reached.
        online: Option<Presence> = "online_status",
        /// Whether the agent wants it to be.
        preset: Option<Presence> = "preset_status",
        /// The phone behind it.
        phone: Option<String> = "phone_id" | "phoneId",
    }
}

params! {
    /// A call to begin.
    #[derive(Default)]
    pub struct StartCall {
        /// The number to call, as `+15550100`.
        to: String = "to_number",
        /// The conversation it belongs to.
        ticket: Option<String> = "ticketId",
        /// The company's own number to call from.
        via: Option<String> = "via_number",
    }
}

/// A client of one account, with one key of API v3.
#[derive(Debug)]
pub struct Client {
    line: Line,
    base: BaseUrl,
    key: Secret,
    class: Class,
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the options cannot be used.
    pub fn new(base: BaseUrl, options: HttpOptions, key: Secret) -> Result<Self, Error> {
        let line = Line::new(base.origin().clone(), options)?;
        Ok(Self { line, base, key, class: Class::Foreground })
    }

    /// The budget of the key.
    pub fn pace(&self) -> &Pace {
        &self.line.pace
    }

    /// Forgets idle connections, which are dead after a sleep or a change of network.
    pub fn reset_connections(&self) {
        self.line.http.reset();
    }

    /// Whether the key is accepted. A key of API v1 is not.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if it is not.
    pub async fn check_key(&self) -> Result<(), Error> {
        accepts(&self.line, &self.base, self.class, &self.key).await
    }

    /// Whether the platform answers at all.
    ///
    /// # Errors
    /// As every request.
    pub async fn ping(&self) -> Result<(), Error> {
        self.send(Call::get(["ping"])).await.map(drop)
    }

    /// Begins a call: the agent's phone rings, and the customer is dialled when the agent has picked up. Returns the id of
    /// the call where the platform tells it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn call_start(&self, start: &StartCall) -> Result<Option<String>, Error> {
        let mut call = Call::post(["call", "_start"]);
        call.query = start.pairs();
        let content = self.send(call).await?;
        Ok(inferred::created(content.value(), "id").or_else(|| inferred::created(content.value(), "callId")))
    }

    /// Where a call stands.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn call_status(&self, call: &str) -> Result<CallStatus, Error> {
        self.send(Call::get(["calls", call, "status"])).await?.one()
    }

    /// Calls, the newest first, `most` at most (up to 500).
    ///
    /// # Errors
    /// As every request.
    pub async fn calls(&self, most: u32) -> Result<List<CallRecord>, Error> {
        let call = Call::get(["calls"]).with("_perPage", most.clamp(1, 500));
        self.send(call.with("_sortField", "dateCreated").with("_sortDir", "DESC")).await?.list("")
    }

    /// What everybody can be reached with.
    ///
    /// # Errors
    /// As every request.
    pub async fn devices(&self) -> Result<List<Device>, Error> {
        self.paged(Call::get(["devices"])).await
    }

    /// All agents.
    ///
    /// # Errors
    /// As every request.
    pub async fn agents(&self) -> Result<List<Agent>, Error> {
        self.paged(Call::get(["agents"])).await
    }

    /// The agent with this e-mail address.
    ///
    /// # Errors
    /// As every request.
    pub async fn agent_by_email(&self, email: &str) -> Result<Option<Agent>, Error> {
        let email = email.trim();
        let found: List<Agent> =
            self.paged(Call::get(["agents"]).with("_filters", filter("email", email))).await?;
        let is_it = |agent: &Agent| agent.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email));
        Ok(found.rows.into_iter().find(is_it))
    }

    /// All pages of a list: 1-based, ended by a short page.
    async fn paged<T: Loose>(&self, call: Call) -> Result<List<T>, Error> {
        const SIZE: u32 = 500;
        const MOST_PAGES: u32 = 20;
        let mut all = List { rows: Vec::new(), unreadable: Vec::new() };
        for page in 1..=MOST_PAGES {
            let part = call.clone().with("_page", page).with("_perPage", SIZE);
            let List { rows, unreadable } = self.send(part).await?.list("")?;
            let is_last = rows.len() + unreadable.len() < SIZE as usize;
            all.rows.extend(rows);
            all.unreadable.extend(unreadable);
            if is_last {
                break;
            }
        }
        Ok(all)
    }

    async fn send(&self, call: Call) -> Result<Content, Error> {
        send(&self.line, &self.base, self.class, &self.key, call).await
    }
}

/// Whether API v3 accepts a key: `ping` needs none, so the agents are asked for.
pub(crate) async fn accepts(line: &Line, base: &BaseUrl, class: Class, key: &Secret) -> Result<(), Error> {
    let call = Call::get(["agents"]).with("_perPage", 1_u32);
    send(line, base, class, key, call).await.map(drop)
}

async fn send(line: &Line, base: &BaseUrl, class: Class, key: &Secret, call: Call) -> Result<Content, Error> {
    let mut url = base.endpoint(&format!("/v3{}", call.path()?));
    let pairs = call.query.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    let pairs = pairs.collect::<Vec<_>>().join("&");
    url.set_query(Some(pairs.as_str()).filter(|pairs| !pairs.is_empty()));
    let request = Request::new(call.method.clone(), url.clone())
        .header(ACCEPT, "application/json")
        .credential(HeaderName::from_static(KEY), key.clone());
    let effect = if call.method == Method::GET { Effect::Read } else { Effect::Write };
    line.exchange(class, effect, &request, |answer| answer::open(answer, &url, effect, key)).await
}

/// A condition as v3 takes it.
fn filter(column: &str, value: &str) -> String {
    Value::from(vec![Value::from(vec![column, "E", value])]).to_string()
}
