//! The control interface: makes things happen, shows what is, and lets things go wrong.
//!
//! [`Control::run`] is the whole of it: a method, a path and a JSON body, as `docs/sandbox.md` lists them. Over HTTP the
//! [`Desk`] passes requests to it; only `GET /events` streams. The typed methods are what tests and the demo use most.

use crate::Centre;
use crate::faults::Fault;
use crate::server::{Answer, Generation, Handler, Marks, Outcome, answer};
use crate::world::{Agent, Cause, Channel, LegState, Line, Phase, Refusal, SECOND, Topic, World};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited, channel::Channel as BodyChannel};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;

const LARGEST_BODY: usize = 24 << 20;
/// One transparent pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// Closed activities that `GET /state` still shows.
const CLOSED_SHOWN: usize = 50;

/// The control interface in process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Control(pub(crate) Arc<Centre>);

/// Why the control interface does not do what was asked: an HTTP status and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// 400, 404 or 409.
    pub status: u16,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Problem {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::NoSuchAgent | Refusal::NoSuchActivity | Refusal::NoSuchTicket => 404,
            _ => 409,
        };
        Self { status, message: format!("{refusal:?}") }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::bad(error.to_string())
    }
}

/// What is to come in; what is not said is chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ring {
    /// Only this agent is asked.
    pub agent: Option<String>,
    /// Who calls or writes; a stranger if nothing is said.
    pub number: Option<String>,
    /// The caller's name as the network tells it; else it is looked up among the contacts.
    pub name: Option<String>,
    /// Into which queue; else one of the agent's, or the first that fits.
    pub queue: Option<u32>,
    /// `call` (else), `email`, `chat`, `sms`, `facebook`, `instagram`, `whatsapp`, `viber`.
    pub channel: Option<String>,
    /// What was written.
    pub text: String,
    /// Rings at the agent's own number, whatever the queues do.
    pub direct: bool,
}

pub(crate) fn field(body: &Value, name: &str) -> Result<String, Problem> {
    let text = body.get(name).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| Problem::bad(format!("{name} is missing")))
}

impl Control {
    /// Lets something come in; answers the activity's name.
    ///
    /// # Errors
    /// An unknown agent, queue or channel.
    pub fn ring(&self, ring: Ring) -> Result<String, Problem> {
        if ring.direct {
            let agent = ring.agent.ok_or_else(|| Problem::bad("agent is missing"))?;
            let number = ring.number.as_deref().unwrap_or("+442079460555");
            return Ok(self.0.world().ring_directly(&agent, number, ring.name.as_deref().unwrap_or(""))?);
        }
        let channel: Option<Channel> = ring.channel.map(|c| serde_json::from_value(json!(c))).transpose()?;
        let mut world = self.0.world();
        Ok(world.ring(ring.agent, ring.number, ring.name, ring.queue, channel, ring.text)?)
    }

    /// The customer hangs up, or gives up waiting.
    ///
    /// # Errors
    /// An unknown activity.
    pub fn hangup(&self, activity: &str) -> Result<(), Problem> {
        self.on_activity(activity, World::far_hangs_up)
    }

    /// Another agent takes what rings or waits.
    ///
    /// # Errors
    /// An unknown activity or agent, or nothing that rings.
    pub fn answered_elsewhere(&self, activity: &str, agent: &str) -> Result<(), Problem> {
        Ok(self.0.world().answered_elsewhere(activity, agent)?)
    }

    /// It rang long enough at the agent who was asked.
    ///
    /// # Errors
    /// An unknown activity.
    pub fn ring_times_out(&self, activity: &str) -> Result<(), Problem> {
        self.on_activity(activity, |world, id| world.ring_timed_out(id, None))
    }

    /// The called party picks up now.
    ///
    /// # Errors
    /// An unknown activity.
    pub fn far_end_answers(&self, activity: &str) -> Result<(), Problem> {
        self.on_activity(activity, |world, id| {
            // The agent's own device may not even have been picked up yet.
            if world.activities.get(id).is_some_and(|a| a.legs.len() < 2) {
                world.dial_out(id);
            }
            world.far_answers(id);
        })
    }

    fn on_activity(&self, id: &str, what: impl FnOnce(&mut World, &str)) -> Result<(), Problem> {
        let mut world = self.0.world();
        if !world.activities.contains_key(id) {
            return Err(Refusal::NoSuchActivity.into());
        }
        what(&mut world, id);
        Ok(())
    }

    /// Pushes the scenario clock and lets everything happen that is due on the way, in order.
    pub fn advance(&self, seconds: i64) {
        let mut world = self.0.world();
        let target = world.now() + seconds.max(0) * SECOND;
        while let Some(due) = world.next_due().filter(|due| *due <= target) {
            let step = due - world.now();
            world.clock.advance(step);
            world.run_due();
        }
        let rest = target - world.now();
        world.clock.advance(rest);
    }

    /// Sets one switch.
    ///
    /// # Errors
    /// An unknown switch or a value that it does not allow.
    pub fn switch(&self, name: &str, value: &str) -> Result<(), Problem> {
        let mut switches = (*self.0.switches()).clone();
        switches.set(name, value).map_err(Problem::bad)?;
        self.0.set_switches(switches);
        Ok(())
    }

    /// Lets something go wrong, e.g. `{"kind":"status","status":502,"route":"tickets","count":1}`.
    ///
    /// # Errors
    /// A fault that we do not know.
    pub fn fault(&self, fault: Value) -> Result<(), Problem> {
        let fault: Fault = serde_json::from_value(fault)?;
        self.0.faults().add(fault);
        Ok(())
    }

    /// All is well again. What hangs goes on hanging.
    pub fn clear_faults(&self) {
        self.0.faults().clear();
    }

    /// Cuts every connection and opens the door again on the same port after `closed_for`; hashes are forgotten, and
    /// tokens from logins too if asked. The world goes on.
    pub fn restart(&self, closed_for: Duration, forget: Forget) {
        self.0.epoch.fetch_add(1, Ordering::Relaxed);
        if forget == Forget::HashesAndTokens {
            self.0.tokens().forget_logins();
        }
        self.0.journal.note("platform.restart", "", "");
        self.0.generation.send_replace(Generation { closed_for });
    }

    /// The whole state as `GET /state` shows it.
    #[must_use]
    pub fn state(&self) -> Value {
        let world = self.0.world();
        let agents: Map<String, Value> =
            world.agents.values().map(|a| (a.id.clone(), agent_state(&world, a))).collect();
        let mut closed: Vec<_> = world.activities.values().filter(|a| a.phase == Phase::Closed).collect();
        closed.sort_by_key(|a| std::cmp::Reverse(a.closed));
        closed.truncate(CLOSED_SHOWN);
        json!({
            "now_ms": world.now(), "agents": agents, "queues": world.queues, "devices": world.devices,
            "open": world.open_activities().collect::<Vec<_>>(), "closed": closed, "records": world.records.count(),
            "tickets": world.tickets.len(), "pixels": *self.0.pixels(), "planned": world.agenda_len(), "requests": self.0.journal.requests(),
            "most_polls_in_flight": world.agents.values().map(|a| a.most_polls_in_flight).max(),
            "polls_in_flight": world.agents.values().map(|a| a.polls_in_flight).sum::<u32>(),
            "faults": self.0.faults().list(), "streams": self.0.streams.list(), "webhooks": self.0.dstny().webhooks.count(),
        })
    }

    /// Lines of the journal after number `since`, each `{n, t_us, event, agent, detail}`.
    #[must_use]
    pub fn events(&self, since: u64) -> Vec<Value> {
        self.0.journal.since(since).iter().map(crate::journal::Line::json).collect()
    }

    /// Does what `method path` with `body` does over HTTP.
    ///
    /// # Errors
    /// 400 for what cannot be understood, 404 for what is not there, 409 for what the centre refuses.
    pub fn run(&self, method: &str, path: &str, body: Value) -> Result<Value, Problem> {
        let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
        if let Some(done) = self.run_dstny(method, &parts, &body) {
            return done;
        }
        if let Some(done) = self.run_tickets(method, &parts, &body) {
            return done;
        }
        if let Some(done) = self.run_ccaip(method, &parts, &body) {
            return done;
        }
        match (method, parts.as_slice()) {
            ("GET", ["state"]) => return Ok(self.state()),
            ("GET", ["switches"]) => return Ok(self.0.switches().describe()),
            ("GET", ["faults"]) => return Ok(json!(self.0.faults().list())),
            ("DELETE", ["faults"]) => self.clear_faults(),
            ("POST", ["ring"]) => {
                let id = self.ring(serde_json::from_value(body)?)?;
                let world = self.0.world();
                let activity = world.activities.get(&id);
                let agent = activity.and_then(|a| a.agent.clone());
                let line = agent.as_ref().and_then(|agent| {
                    world.lines_of(agent).into_iter().find(|l| l.call.id == id).map(|l| l.id().to_owned())
                });
                return Ok(
                    json!({"activity": id, "phase": activity.map(|a| a.phase), "agent": agent, "call": line}),
                );
            }
            ("POST", ["calls", id, what]) => self.call(id, what, &body)?,
            ("POST", ["agents", id, what]) => self.agent(id, what, &body)?,
            ("POST", ["tokens", what @ ("expire" | "revoke")]) => {
                let user = field(&body, "user")?;
                self.0.world().agent(&user)?;
                let mut tokens = self.0.tokens();
                let mut ended = if *what == "expire" { tokens.expire(&user) } else { tokens.revoke(&user) };
                drop(tokens);
                let tickets = &mut self.0.dstny().tickets;
                ended += if *what == "expire" { tickets.expire(&user) } else { tickets.revoke(&user) };
                // Polls that wait look at their token again.
                self.0.world().touch(&user, Topic::Presence);
                return Ok(json!({"ended": ended}));
            }
            ("POST", ["permissions"]) => {
                let user = field(&body, "user")?;
                let deny = body.get("deny").and_then(Value::as_array).cloned().unwrap_or_default();
                let mut world = self.0.world();
                let agent = world.agents.get_mut(&user).ok_or(Refusal::NoSuchAgent)?;
                agent.denied = deny.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            }
            ("POST", ["restart"]) => {
                let closed_for = body.get("closed_ms").and_then(Value::as_u64).unwrap_or(0);
                let forget = if body.get("forget_tokens") == Some(&Value::Bool(true)) {
                    Forget::HashesAndTokens
                } else {
                    Forget::Hashes
                };
                self.restart(Duration::from_millis(closed_for), forget);
            }
            ("POST", ["faults"]) => self.fault(body)?,
            ("POST", ["switches"]) => {
                let Value::Object(wanted) = body else {
                    return Err(Problem::bad("an object of switches is needed"));
                };
                for (name, value) in &wanted {
                    self.switch(name, value.as_str().unwrap_or(&value.to_string()))?;
                }
            }
            ("POST", ["clock", "advance"]) => {
                let seconds = body.get("seconds").and_then(Value::as_i64);
                self.advance(seconds.ok_or_else(|| Problem::bad("seconds is missing"))?);
            }
            _ => return Err(Problem { status: 404, message: format!("{method} {path} is not offered") }),
        }
        Ok(json!({"ok": true}))
    }

    fn call(&self, id: &str, what: &str, body: &Value) -> Result<(), Problem> {
        let id = &self.0.world().activity_of(id);
        match what {
            "stir" => self.on_activity(id, World::stir),
            "hangup" => self.hangup(id),
            "answered-elsewhere" => {
                let agent = body.get("agent").and_then(Value::as_str).map(str::to_owned);
                let agent = match agent {
                    Some(agent) => agent,
                    None => self.somebody_else(id)?,
                };
                self.answered_elsewhere(id, &agent)
            }
            "timeout" => self.ring_times_out(id),
            "answer" => self.far_end_answers(id),
            "hold" => Ok(self.0.world().hold(id, LegState::OnHold)?),
            "resume" => Ok(self.0.world().hold(id, LegState::Speaking)?),
            "busy" => self.on_activity(id, |world, id| world.far_fails(id, Cause::Busy)),
            _ => Err(Problem { status: 404, message: format!("a call does not {what}") }),
        }
    }

    fn somebody_else(&self, id: &str) -> Result<String, Problem> {
        let world = self.0.world();
        let asked = world.activities.get(id).ok_or(Refusal::NoSuchActivity)?.agent.clone();
        let other = world.roster.iter().find(|a| Some(*a) != asked.as_ref());
        Ok(other.cloned().ok_or(Refusal::NoSuchAgent)?)
    }

    fn agent(&self, id: &str, what: &str, body: &Value) -> Result<(), Problem> {
        let mut world = self.0.world();
        world.agent(id)?;
        match what {
            "ready" => {
                let free =
                    world.available_devices(id).iter().find(|d| d.owner.is_some()).map(|d| d.id.clone());
                world.sign_in(id);
                if world.agent(id)?.devices.is_empty()
                    && let Some(device) = free
                {
                    world.attach_device(id, &device)?;
                }
                world.go_ready(id)?;
            }
            "not-ready" => world.go_not_ready(id)?,
            "pause" => world.start_pause(id, &field(body, "pause")?)?,
            "end-pause" => world.end_pause(id)?,
            "logout" => world.sign_out(id),
            "device" => {
                let reachable = body.get("reachable").and_then(Value::as_bool).unwrap_or(false);
                let devices = match body.get("device").and_then(Value::as_str) {
                    Some(device) => vec![device.to_owned()],
                    None => world.agent(id)?.devices.clone(),
                };
                for device in devices {
                    world.set_device_reachable(&device, reachable)?;
                }
            }
            "reload" => {
                if let Some(agent) = world.agents.get_mut(id) {
                    agent.reload = true;
                }
                world.touch(id, Topic::Reload);
            }
            _ => return Err(Problem { status: 404, message: format!("an agent does not {what}") }),
        }
        Ok(())
    }
}

/// What a restart does not remember.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forget {
    /// Where each poll was.
    Hashes,
    /// That, and every token from a login; static tokens stay.
    HashesAndTokens,
}

fn agent_state(world: &World, agent: &Agent) -> Value {
    let line = |l: Line<'_>| {
        json!({"call": l.id(), "activity": l.call.id, "state": format!("{:?}", l.state()), "token": l.leg.token,
            "device": l.leg.device, "muted": l.leg.muted, "digits": l.leg.heard})
    };
    let lines: Vec<Value> = world.lines_of(&agent.id).into_iter().map(line).collect();
    json!({"name": agent.name, "presence": agent.presence, "since_ms": agent.since, "pause": agent.pause,
        "devices": agent.devices, "queues": agent.queues, "current": agent.current, "missed": agent.missed,
        "lines": lines, "doing": world.status(&agent.id).activity, "streams": agent.streams, "files": agent.files,
        "simulated": agent.simulated, "denied": agent.denied, "polls_in_flight": agent.polls_in_flight,
        "most_polls_in_flight": agent.most_polls_in_flight})
}

/// The control interface's door.
pub(crate) struct Desk {
    pub(crate) control: Control,
    /// The door is open as long as this is kept.
    pub(crate) _life: watch::Sender<Generation>,
}

fn json_answer(status: u16, body: &Value) -> Answer {
    answer(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), "application/json", body.to_string())
}

impl Handler for Desk {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, _marks: Marks) -> Outcome {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        if (head.method.as_str(), path) == ("GET", "/events") {
            return Outcome::Answer(self.events(head.uri.query().unwrap_or("")));
        }
        if (head.method.as_str(), path) == ("GET", "/pixel") {
            self.control.0.pixels().push(head.uri.query().unwrap_or("").to_owned());
            return Outcome::Answer(answer(StatusCode::OK, "image/gif", PIXEL));
        }
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Outcome::Answer(json_answer(413, &json!({"error": "too large"})));
        };
        let body = body.to_bytes();
        let body = if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&body) };
        let done =
            body.map_err(Problem::from).and_then(|body| self.control.run(head.method.as_str(), path, body));
        Outcome::Answer(match done {
            Ok(value) => json_answer(200, &value),
            Err(problem) => json_answer(problem.status, &json!({"error": problem.message})),
        })
    }
}

impl Desk {
    /// The journal as lines of JSON; with `follow=1` it goes on as things happen.
    fn events(&self, query: &str) -> Answer {
        let asked = |name: &str| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(k, _)| k == name)
                .map(|(_, v)| v.into_owned())
        };
        let mut since = asked("since").and_then(|s| s.parse().ok()).unwrap_or(0);
        let follow = asked("follow").is_some_and(|f| f != "0");
        let centre = self.control.0.clone();
        let (mut sender, body) = BodyChannel::<Bytes, std::io::Error>::new(4);
        tokio::spawn(async move {
            let mut grown = centre.journal.subscribe();
            loop {
                grown.mark_unchanged();
                let lines = centre.journal.since(since);
                if let Some(last) = lines.last() {
                    since = last.number;
                    let text: String = lines.iter().map(|line| format!("{}\n", line.json())).collect();
                    if sender.send_data(Bytes::from(text)).await.is_err() {
                        return;
                    }
                }
                if !follow || grown.changed().await.is_err() {
                    return;
                }
            }
        });
        let mut answer = Response::new(body.boxed());
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        answer
    }
}
