//! What else goes through the platform: calls, chats and e-mails of other people's, which the world knows nothing of. Each
//! follows a plot, and together the plots show every status, type, reason and code of the vendor's document. Each was
//! played once before the first request; on a typical day and in a storm they go on one after the other.

use super::desks::Desks;
use super::inferred::{self, REASONS};
use super::menus::{APP_CALL, MAIL, SUPPORT, WEB_CALLBACK, WEB_CHAT, is_own};
use super::session::{EndUser, Kind, Session, Transfer};
use super::statuses::AVAILABLE;
use crate::world::{Dice, MINUTE, Millis, Play, SECOND, World};

/// A new plot begins as often.
const PACE: Millis = 40 * SECOND;
/// How far apart the plots of the past began.
const REHEARSED: Millis = 41 * MINUTE;

const LOGGED: [&str; 15] = [
    "chat_picked_up",
    "chat_pick_up_attempt",
    "chat_notification_offered",
    "call_notification_offered",
    "call_pick_up_attempt",
    "call_picked_up",
    "deltacast_call_notification_offered",
    "deltacast_call_pick_up_attempt",
    "deltacast_call_picked_up",
    "deltacast_call_missed",
    "deltacast_call_projected",
    "deltacast_call_bounced",
    "multicast_call_notification_offered",
    "multicast_call_pick_up_attempt",
    "multicast_call_picked_up",
];

#[derive(Debug, Clone, Copy)]
enum Plot {
    /// A call from the menus to the end of the talk.
    Talk(&'static str, u32),
    /// The first provider fails, the second connects.
    Switching,
    /// Called back at a time that was agreed.
    Scheduled(&'static str),
    /// The customer's own exchange carries it, the app only shows what it is about.
    ActionOnly,
    Deflected,
    Voicemail,
    /// A call that failed and its call-back.
    Recovered,
    /// Reason and code.
    Failed(&'static str, Option<i64>),
    Chat(&'static str),
    ChatEnds(&'static str, &'static str),
    /// An answered letter that was put aside and came back.
    Letter,
    /// Passed on from one agent to another, in a menu of that kind.
    PassedOn(Kind),
    /// A colleague's log lines that the others bring about seldom.
    Log(&'static str),
}

fn all() -> Vec<Plot> {
    let mut plots = vec![
        Plot::Talk("Voice Inbound (IVR)", SUPPORT),
        Plot::Talk("Voice Inbound (App)", APP_CALL),
        Plot::Talk("Voice Callback (Web)", WEB_CALLBACK),
        Plot::Talk("Voice Outbound", 2_100),
        Plot::Switching,
        Plot::Scheduled("Voice Scheduled (App)"),
        Plot::Scheduled("Voice Scheduled (Web)"),
        Plot::ActionOnly,
        Plot::Deflected,
        Plot::Voicemail,
        Plot::Recovered,
        Plot::Chat("Messaging Inbound (App Chat)"),
        Plot::Chat("Messaging Inbound (Web Chat)"),
        Plot::Chat("Messaging (SMS)"),
        Plot::ChatEnds("canceled", "nothing"),
        Plot::ChatEnds("failed", "unknown"),
        Plot::ChatEnds("failed", "expired"),
        Plot::ChatEnds("no_response", "no_response"),
        Plot::Letter,
        Plot::PassedOn(Kind::Call),
        Plot::PassedOn(Kind::Chat),
        Plot::PassedOn(Kind::Email),
    ];
    for (reason, codes) in REASONS {
        plots.extend(codes.iter().map(|code| Plot::Failed(reason, Some(*code))));
    }
    plots.extend(LOGGED.map(Plot::Log));
    plots.push(Plot::Log("status_after_inquiries_applied"));
    plots.push(Plot::Log("call_outbound_dialing"));
    plots
}

#[derive(Debug)]
pub(super) struct Plots {
    plots: Vec<Plot>,
    dice: Dice,
    /// Which plot is next, and when; none: nothing goes on by itself.
    turn: usize,
    next: Option<Millis>,
    number: i64,
    /// Whose work other people's calls are: not the one who practises.
    colleagues: Vec<String>,
}

impl Plots {
    pub(super) fn new(seed: u64, world: &World) -> Self {
        let lively = matches!(world.play, Play::TypicalDay { .. } | Play::Storm);
        let others: Vec<String> = world.roster.iter().skip(5).take(2).cloned().collect();
        Self {
            plots: all(),
            dice: Dice::new(seed ^ 0x91_07),
            turn: 0,
            next: lively.then(|| world.now() + 5 * SECOND),
            number: 20_000,
            colleagues: if others.is_empty() { world.roster.clone() } else { others },
        }
    }

    /// Plays everything once, in the past.
    pub(super) fn rehearse(&mut self, sessions: &mut Vec<Session>, desks: &mut Desks, world: &World) {
        let plots = self.plots.clone();
        let mut at = world.now() - REHEARSED * Millis::try_from(plots.len() + 1).unwrap_or(0);
        for plot in plots {
            self.play(plot, at, sessions, desks);
            at += REHEARSED;
        }
        self.number = 900_000;
    }

    /// Begins what is due by now.
    pub(super) fn go_on(&mut self, sessions: &mut Vec<Session>, desks: &mut Desks, now: Millis) {
        while let Some(at) = self.next.filter(|at| *at <= now) {
            let plot = self.plots[self.turn % self.plots.len()];
            self.turn += 1;
            self.next = Some(at + PACE);
            self.play(plot, at, sessions, desks);
        }
    }

    fn session(&mut self, kind: Kind, type_name: &'static str, menu: u32, at: Millis) -> Session {
        self.number += 1;
        let contact = format!("contacts_{:04}", self.dice.between(1, 48));
        // Numbers that are kept for invented people.
        let identifier = match kind {
            Kind::Email => format!("customer{}@example.com", self.number),
            _ => format!("+1415555{:04}", 100 + self.number % 96),
        };
        let known = self.dice.chance(0.5);
        let contact = known.then_some(contact);
        let id = inferred::end_user_id(contact.as_deref(), &identifier);
        let mut session = Session::new(self.number, kind, type_name, at, EndUser { id, identifier, contact });
        session.menu = Some(menu);
        session.verified = known;
        if kind == Kind::Call && !is_own(menu) {
            session.support_number = Some("+442079460100".to_owned());
        }
        session
    }

    fn colleague(&mut self) -> String {
        self.dice.pick(&self.colleagues).clone()
    }

    fn play(&mut self, plot: Plot, at: Millis, sessions: &mut Vec<Session>, desks: &mut Desks) {
        match plot {
            Plot::Talk(type_name, menu) => {
                let mut call = self.session(Kind::Call, type_name, menu, at);
                call.step(at, "selecting");
                self.talk(&mut call, at + 12 * SECOND);
                sessions.push(call);
            }
            Plot::Switching => {
                let mut call = self.session(Kind::Call, "Voice Inbound (App)", APP_CALL, at);
                call.queue(at, "queued");
                let agent = self.colleague();
                let taken = at + 9 * SECOND;
                call.take(taken, &agent, "assigned");
                call.step(taken + SECOND, "connecting");
                for (after, status) in [(3, "switching"), (25, "connecting"), (28, "connected")] {
                    call.step(taken + after * SECOND, status);
                }
                call.connected = Some(taken + 28 * SECOND);
                call.end(taken + 150 * SECOND, "finished");
                sessions.push(call);
            }
            Plot::Scheduled(type_name) => {
                let menu = if type_name.contains("App") { APP_CALL } else { WEB_CALLBACK };
                let mut call = self.session(Kind::Call, type_name, menu, at);
                call.step(at, "scheduled");
                call.deflection = "scheduled_call";
                let then = at + 10 * MINUTE;
                call.scheduled = Some(then);
                self.talk(&mut call, then);
                sessions.push(call);
            }
            Plot::ActionOnly => {
                let mut call = self.session(Kind::Call, "Action Only", APP_CALL, at);
                call.step(at, "action_only");
                call.end(at + 200 * SECOND, "action_only_finished");
                sessions.push(call);
            }
            Plot::Deflected => {
                let mut call = self.session(Kind::Call, "Voice Inbound (IVR)", SUPPORT, at);
                call.step(at, "selecting");
                call.queue(at + 8 * SECOND, "queued");
                call.deflection = "over_capacity_deflection";
                call.end(at + 30 * SECOND, "deflected");
                sessions.push(call);
            }
            Plot::Voicemail => {
                let mut call = self.session(Kind::Call, "Voice Inbound (IVR)", SUPPORT, at);
                (call.deflection, call.voicemail) = ("voicemail", "over_capacity");
                call.step(at, "selecting");
                call.step(at + 10 * SECOND, "voicemail");
                call.recorded = true;
                call.end(at + 55 * SECOND, "voicemail_received");
                call.step(at + 8 * MINUTE, "voicemail_read");
                sessions.push(call);
            }
            Plot::Recovered => {
                let mut failed = self.session(Kind::Call, "Voice Inbound (IVR)", SUPPORT, at);
                failed.queue(at, "queued");
                failed.fails(at + 40 * SECOND, "voip_conn_general");
                let parent = failed.id;
                let user = failed.user.clone();
                sessions.push(failed);
                let again = at + 2 * MINUTE;
                let mut call = self.session(Kind::Call, "Voice Outbound", 2_100, again);
                (call.parent, call.user) = (Some(parent), user);
                self.talk(&mut call, again);
                let ended = call.ends.unwrap_or(again);
                call.step(ended, "recovered");
                sessions.push(call);
            }
            Plot::Failed(reason, code) => {
                let outbound = matches!(code, Some(21001..=21003 | 32001 | 32002));
                let (type_name, menu) =
                    if outbound { ("Voice Outbound", 2_100) } else { ("Voice Inbound (IVR)", SUPPORT) };
                let mut call = self.session(Kind::Call, type_name, menu, at);
                if reason == "eu_in_menu_abandoned" {
                    call.step(at, "selecting");
                } else {
                    call.queue(at, "queued");
                }
                if reason.starts_with("ag_mic") || reason.starts_with("voip") || outbound {
                    let agent = self.colleague();
                    call.assigned = Some(at + 6 * SECOND);
                    call.step(at + 6 * SECOND, "assigned");
                    call.step(at + 7 * SECOND, "connecting");
                    call.agent = Some(agent);
                }
                // Who gives up at once counts in no service level.
                let after = if reason == "eu_abandoned" { 4 } else { 35 };
                call.fails(at + after * SECOND, reason);
                call.fail_code = code;
                sessions.push(call);
            }
            Plot::Chat(type_name) => {
                let menu = if type_name == "Messaging (SMS)" { 3_003 } else { WEB_CHAT };
                let mut chat = self.session(Kind::Chat, type_name, menu, at);
                chat.queue(at, "queued");
                let agent = self.colleague();
                let taken = at + self.dice.between(4, 50) * SECOND;
                chat.take(taken, &agent, "assigned");
                chat.messages = [0, 12, 31, 40].map(|after| taken + after * SECOND).to_vec();
                chat.disconnected_by = "disconnected_by_end_user";
                chat.rating = Some(5);
                chat.end(taken + 70 * SECOND, "finished");
                sessions.push(chat);
            }
            Plot::ChatEnds(status, reason) => {
                let mut chat = self.session(Kind::Chat, "Messaging Inbound (Web Chat)", WEB_CHAT, at);
                chat.queue(at, "queued");
                chat.messages = vec![at];
                chat.fail = reason;
                chat.end(at + 90 * SECOND, status);
                sessions.push(chat);
            }
            Plot::Letter => {
                let mut letter = self.session(Kind::Email, "Email", MAIL, at);
                letter.subject = "Delivery to another address".to_owned();
                letter.queue(at, "unopened");
                let agent = self.colleague();
                letter.take(at + MINUTE, &agent, "active");
                for (minute, status) in [(4, "paused"), (9, "reopened"), (10, "active"), (14, "resolved")] {
                    letter.step(at + minute * MINUTE, status);
                }
                letter.end(at + 20 * MINUTE, "closed");
                sessions.push(letter);
            }
            Plot::PassedOn(kind) => {
                let passed = self.passed_on(kind, at);
                sessions.push(passed);
            }
            Plot::Log(activity) => {
                let agent = self.colleague();
                desks.write(&agent, activity, AVAILABLE, at, Some(at), None, None);
            }
        }
    }

    /// One agent takes it and passes it on to another one.
    fn passed_on(&mut self, kind: Kind, at: Millis) -> Session {
        let (type_name, menu, first, taken, over) = match kind {
            Kind::Call => ("Voice Inbound (App)", APP_CALL, "queued", "assigned", "finished"),
            Kind::Chat => ("Messaging Inbound (App Chat)", WEB_CHAT, "queued", "assigned", "finished"),
            Kind::Email => ("Email", MAIL, "unopened", "active", "resolved"),
        };
        let mut session = self.session(kind, type_name, menu, at);
        session.subject = "A question of guarantee".to_owned();
        session.queue(at, first);
        let from = self.colleagues.first().cloned().unwrap_or_default();
        let to = self.colleagues.last().cloned().unwrap_or_default();
        session.offers.push((at, from.clone()));
        session.take(at + 9 * SECOND, &from, taken);
        let passed = at + 80 * SECOND;
        session.transfers.push(Transfer {
            id: session.id * 10,
            created: passed,
            from_agent: from,
            from_menu: Some(menu),
            to_agent: Some(to.clone()),
            to_menu: Some(menu),
            connected: None,
            failed: None,
        });
        session.take(passed + 12 * SECOND, &to, taken);
        session.messages = [0, 20, 95, 130].map(|after| at + after * SECOND).to_vec();
        session.rating = Some(4);
        session.ticket = Some("7".to_owned());
        session.recorded = kind == Kind::Call;
        session.end(passed + 120 * SECOND, over);
        session
    }

    /// Waits from `at` on, is answered and talked about.
    fn talk(&mut self, call: &mut Session, at: Millis) {
        let agent = self.colleague();
        let taken = at + self.dice.between(3, 90) * SECOND;
        if call.type_name == "Voice Outbound" {
            call.step(at, "assigned");
        } else {
            call.queue(at, "queued");
            call.offers.push((at, agent.clone()));
        }
        call.take(taken, &agent, "assigned");
        let talked = self.dice.between(40, 400) * SECOND;
        call.rating = Some(self.dice.between(1, 6));
        call.recorded = true;
        call.disconnected_by = "disconnected_by_end_user";
        call.end(taken + talked, "finished");
        if let Some(handle) = call.handles.last_mut() {
            handle.after = 20 * SECOND;
        }
    }
}
