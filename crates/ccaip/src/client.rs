//! The client: where, and as whom.
//!
//! A [`Client`] is cheap to clone; clones share connections, credentials and what is known of the tenant's spelling. The
//! platform allows one (or ten) requests a second *for the whole customer*, so this client repeats nothing and follows
//! nothing by itself: one call is one request, for which the caller has decided. (The one exception: a path that is
//! not found in the plural is asked for in the singular, once, see [`Spellings`].)

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wire::address::encoded;
use wire::{Answer, Error, HeaderName, Http, HttpOptions, Method, Request, Secret, Url};

use crate::answer::{self, Content, Hidden};
use crate::apps::ids;
use crate::base::{Api, BaseUrl};
use crate::filters::{Filter, Pairs};
use crate::id::Id;
use crate::link::Next;
use crate::loose::Loose;
use crate::menus::{Channel, MenusTree};
use crate::paging::{Listing, Page, Paged, Path};
use crate::spelling::{Spellings, spelled};
use crate::{
    AgentCurrentStatus, AgentStatus, CallRefusal, CallStarted, Campaign, Menu, MenuCurrentStatus, MenuSla,
    NewCall, NewStatus, OperationHours, QueueGroupSla, QueueStatus, Team, UserStatus, WaitTime, WaitTimes,
};

/// As whom: HTTP Basic, with the name of the tenant and a token made under Settings > Developer Settings > API Credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name; without it the subdomain, as the vendor has it. Some tenants have names for their credentials.
    pub user: Option<String>,
    /// The token.
    pub token: Secret,
}

impl Credentials {
    /// The subdomain and this token.
    pub fn new(token: Secret) -> Self {
        Self { user: None, token }
    }
}

/// Whether a record that was deleted is wanted too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// It is not.
    LeftOut,
    /// It is.
    Included,
}

/// A client of one tenant.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Http,
    base: BaseUrl,
    secrets: RwLock<Secrets>,
    spellings: Mutex<Spellings>,
}

/// What must not be seen: the token, and what it looks like on its way.
#[derive(Debug, Clone)]
struct Secrets {
    token: Secret,
    encoded: Secret,
}

impl Secrets {
    fn of(base: &BaseUrl, credentials: Credentials) -> Result<Self, Error> {
        let Credentials { user, token } = credentials;
        let user = user.as_deref().map(str::trim).filter(|user| !user.is_empty());
        let user = user.unwrap_or_else(|| base.subdomain());
        if user.contains(':') {
            return Err(Error::invalid("user name", "it holds a colon, which no user name has"));
        }
        if token.is_empty() {
            return Err(Error::invalid("token", "it is empty"));
        }
        let encoded = Secret::new(STANDARD.encode(format!("{user}:{}", token.expose())));
        Ok(Self { token, encoded })
    }

    fn hidden(&self) -> Hidden<'_> {
        Hidden([&self.token, &self.encoded])
    }
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the options (a broken certificate authority or proxy) or the credentials (an empty token, a
    /// colon in the user name) cannot be used.
    pub fn new(base: BaseUrl, options: HttpOptions, credentials: Credentials) -> Result<Self, Error> {
        let http = Http::new(base.origin().clone(), options)?;
        let secrets = RwLock::new(Secrets::of(&base, credentials)?);
        Ok(Self { inner: Arc::new(Inner { http, base, secrets, spellings: Mutex::default() }) })
    }

    /// The address of the tenant.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// Signs in as this from now on.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] as [`Client::new`].
    pub fn set_credentials(&self, credentials: Credentials) -> Result<(), Error> {
        let secrets = Secrets::of(&self.inner.base, credentials)?;
        *self.inner.secrets.write().unwrap_or_else(PoisonError::into_inner) = secrets;
        Ok(())
    }

    /// What was learned of the tenant's spelling, to be kept for the next start.
    pub fn spellings(&self) -> Spellings {
        self.inner.spellings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with what was learned before.
    pub fn set_spellings(&self, spellings: Spellings) {
        *self.inner.spellings.lock().unwrap_or_else(PoisonError::into_inner) = spellings;
    }

    /// Forgets idle connections, which are dead after a sleep or a change of network.
    pub fn reset_connections(&self) {
        self.inner.http.reset();
    }

    /// One page of a list.
    ///
    /// # Errors
    /// As every request. Records that cannot be read are in [`Paged::unreadable`] and are no error.
    pub async fn page<Q: Listing>(&self, question: &Q, page: Page) -> Result<Paged<Q::Row>, Error> {
        let mut pairs = question.parameters();
        Some(page.number.max(1)).push("page", &mut pairs);
        Some(page.per.max(1)).push("per", &mut pairs);
        self.manager(question.path(), &pairs).await?.list()
    }

    /// The page that the platform named as the next of a list of such records.
    ///
    /// # Errors
    /// As every request.
    pub async fn follow<T: Loose>(&self, next: &Next) -> Result<Paged<T>, Error> {
        self.open(next.url()).await?.list()
    }

    /// What the signed-in agents are doing; who is not in it is not signed in.
    ///
    /// # Errors
    /// As every request.
    pub async fn agents_current_status(&self) -> Result<Paged<AgentCurrentStatus>, Error> {
        self.rows("agents/current_status", &[]).await
    }

    /// The tree of menus.
    ///
    /// # Errors
    /// As every request.
    pub async fn menus_tree(&self, which: &MenusTree) -> Result<Paged<Menu>, Error> {
        self.rows("menus/tree", &which.pairs()).await
    }

    /// One menu.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that identifier.
    pub async fn menu(&self, menu: &Id, deleted: Deleted) -> Result<Menu, Error> {
        self.one("menus/{id}", menu, &with_deleted(deleted)).await
    }

    /// The menus in which calls or chats wait, and how long.
    ///
    /// # Errors
    /// As every request.
    pub async fn menus_current_status(&self) -> Result<Paged<MenuCurrentStatus>, Error> {
        self.rows("menus/current_status", &[]).await
    }

    /// The service level of every way through the menus during the last minutes.
    ///
    /// # Errors
    /// As every request.
    pub async fn menus_sla(&self, channel: Channel, minutes: u32) -> Result<Paged<MenuSla>, Error> {
        self.rows("menus/sla", &during(channel, minutes)).await
    }

    /// The service level of every queue group during the last minutes.
    ///
    /// # Errors
    /// As every request.
    pub async fn menus_sla_by_queue_group(
        &self,
        channel: Channel,
        minutes: u32,
    ) -> Result<Paged<QueueGroupSla>, Error> {
        self.rows("menus/sla_by_queue_group", &during(channel, minutes)).await
    }

    /// All definitions of when menus are open.
    ///
    /// # Errors
    /// As every request.
    pub async fn menus_operation_hours(&self) -> Result<Paged<OperationHours>, Error> {
        self.rows("menus/operation_hours", &[]).await
    }

    /// The states in which an agent can be.
    ///
    /// # Errors
    /// As every request.
    pub async fn user_statuses(&self) -> Result<Paged<UserStatus>, Error> {
        self.rows("user_statuses", &[]).await
    }

    /// The tree of teams.
    ///
    /// # Errors
    /// As every request.
    pub async fn teams_tree(&self) -> Result<Paged<Team>, Error> {
        self.rows("teams/tree", &[]).await
    }

    /// One team.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that identifier.
    pub async fn team(&self, team: &Id, deleted: Deleted) -> Result<Team, Error> {
        self.one("teams/{id}", team, &with_deleted(deleted)).await
    }

    /// One campaign.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that identifier.
    pub async fn campaign(&self, campaign: &Id) -> Result<Campaign, Error> {
        self.one("campaigns/{id}", campaign, &[]).await
    }

    /// Starts a call: the platform's own adapter rings at the agent, then dials. A refusal in the documented words is an
    /// outcome and no error.
    ///
    /// # Errors
    /// [`Error::NotFound`] means a wrong subdomain; else as every request. After [`Error::Network`] it is unknown whether the
    /// call was made.
    pub async fn start_call(&self, call: &NewCall) -> Result<CallStarted, Error> {
        let (answer, url, secrets) = self.apps_post("calls", &call.body()).await?;
        Ok(match answer.status {
            201 => {
                let value = answer::document(&answer.body).unwrap_or_default();
                CallStarted::Assigned(Loose::read(&value).ok().map(Box::new))
            }
            200 => CallStarted::ChooseNumber,
            202 => CallStarted::ActInAdapter,
            400 => {
                let message = secrets.hidden().words(&answer.body).pop().unwrap_or_default();
                CallStarted::Refused(CallRefusal { reason: message.as_str().into(), message })
            }
            _ => {
                answer::accept(&answer, &url, &secrets.hidden())?;
                let status = answer.status;
                return Err(answer::protocol(&url, &answer.body, format!("HTTP {status} is not documented")));
            }
        })
    }

    /// Sets a status; the answer tells for each agent what it is now, as far as the platform says it.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words; else as every request.
    pub async fn set_status(&self, status: &NewStatus) -> Result<Paged<AgentStatus>, Error> {
        let (answer, url, secrets) = self.apps_post("agent_statuses", &status.body()).await?;
        answer::accept(&answer, &url, &secrets.hidden())?;
        Ok(answer::told(&answer.body))
    }

    /// Signs agents out.
    ///
    /// # Errors
    /// As [`Client::set_status`].
    pub async fn force_logout(&self, agents: &[Id]) -> Result<(), Error> {
        let body = json!({ "agent_ids": ids(agents) });
        let (answer, url, secrets) = self.apps_post("agent_statuses/force_logout", &body).await?;
        answer::accept(&answer, &url, &secrets.hidden())
    }

    /// How long somebody who comes to a queue now will wait.
    ///
    /// # Errors
    /// As every request.
    pub async fn wait_times(&self, which: &WaitTimes) -> Result<Paged<WaitTime>, Error> {
        self.open(&self.address(Api::Apps, "wait_times", &which.pairs())).await?.list()
    }

    /// What the queues look like now. Only the path of it is documented.
    ///
    /// # Errors
    /// As every request.
    pub async fn queues_status(&self) -> Result<Paged<QueueStatus>, Error> {
        self.open(&self.address(Api::Apps, "queues/status", &[])).await?.list()
    }

    async fn rows<T: Loose>(
        &self,
        pattern: &'static str,
        pairs: &[(String, String)],
    ) -> Result<Paged<T>, Error> {
        self.manager(Path { pattern, id: None }, pairs).await?.list()
    }

    async fn one<T: Loose>(
        &self,
        pattern: &'static str,
        id: &Id,
        pairs: &[(String, String)],
    ) -> Result<T, Error> {
        self.manager(Path { pattern, id: Some(id) }, pairs).await?.one()
    }

    /// A read of the Manager API, in the spelling that the tenant knows.
    async fn manager(&self, path: Path<'_>, pairs: &[(String, String)]) -> Result<Content, Error> {
        let id = match path.id.map(Id::as_str) {
            None => String::new(),
            Some("" | "." | "..") => return Err(Error::invalid("identifier", "it is empty")),
            Some(id) => encoded(id),
        };
        let plan = self.spellings().plan(path.pattern);
        let mut result = Err(Error::NotFound);
        for spelling in [Some(plan.first), plan.second].into_iter().flatten() {
            let place = spelled(path.pattern, spelling).replace("{id}", &id);
            result = self.open(&self.address(Api::Manager, &place, pairs)).await;
            let mut known = self.inner.spellings.lock().unwrap_or_else(PoisonError::into_inner);
            match &result {
                Ok(_) => known.learn(path.pattern, spelling),
                Err(Error::NotFound) => {
                    known.forget(path.pattern);
                    continue;
                }
                Err(_) => {}
            }
            break;
        }
        result
    }

    async fn open(&self, url: &Url) -> Result<Content, Error> {
        let secrets = self.secrets();
        let answer = self.send(Request::new(Method::GET, url.clone()), &secrets).await?;
        answer::open(&answer, url, self.base(), &secrets.hidden())
    }

    async fn apps_post(&self, path: &str, body: &Value) -> Result<(Answer, Url, Secrets), Error> {
        let (url, secrets) = (self.address(Api::Apps, path, &[]), self.secrets());
        let request = Request::new(Method::POST, url.clone()).json(body.to_string());
        Ok((self.send(request, &secrets).await?, url, secrets))
    }

    async fn send(&self, request: Request, secrets: &Secrets) -> Result<Answer, Error> {
        let basic = Secret::new(format!("Basic {}", secrets.encoded.expose()));
        let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
        self.inner.http.send(request.credential(AUTHORIZATION, basic)).await
    }

    fn address(&self, api: Api, path: &str, pairs: &[(String, String)]) -> Url {
        let mut url = self.inner.base.endpoint(api, path);
        if !pairs.is_empty() {
            let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
            url.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
        }
        url
    }

    fn secrets(&self) -> Secrets {
        self.inner.secrets.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn with_deleted(deleted: Deleted) -> Pairs {
    let mut pairs = Pairs::new();
    (deleted == Deleted::Included).then_some(true).push("with_deleted", &mut pairs);
    pairs
}

fn during(channel: Channel, minutes: u32) -> Pairs {
    let mut pairs = Pairs::new();
    Some(channel).push("channel", &mut pairs);
    Some(minutes).push("minutes", &mut pairs);
    pairs
}

const ACCEPT: HeaderName = HeaderName::from_static("accept");
const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");
