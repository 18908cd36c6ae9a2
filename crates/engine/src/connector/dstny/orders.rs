//! Orders: what an agent asks for, in Dstny's words.

use dstny::call_control::{MakeCall, SipDialog};
use dstny::call_state::Webhook;
use dstny::presence::{Activity, PresenceChange as WireChange};
use dstny::{End, wire::Error};
use model::{DeviceId, LineId, PauseId, PresenceChange, Problem, QueueId, ShortcutId, Until};

use super::control::uri;
use super::memory::Available;
use super::offers::{Part, is_a_clear_no};
use super::{Dstny, agent, inferred, watching};
use crate::clock;
use crate::plan::impossible;
use crate::sight::{Done, Effect, Failure, Order};

impl Dstny {
    pub(super) async fn carry_out(&self, order: Order) -> Result<Done, Failure> {
        let done = match order {
            Order::Control { activity, control, other } => {
                return self.control(activity, control, other).await;
            }
            Order::Ready { .. } => self.go_ready().await,
            Order::NotReady { keep_queues } => self.go_not_ready(keep_queues).await,
            Order::Pause { pause, keep_queues } => self.go_on_pause(&pause, keep_queues).await,
            Order::Queue { queue, logged_in } => {
                // What the agent says of a queue by hand holds.
                self.remember(|memory| memory.left_queues.retain(|left| *left != queue.0));
                self.log_in_to(&queue, logged_in).await
            }
            Order::Answer { activity, device } => self.answer(&activity, device).await,
            Order::Decline { activity } | Order::Hangup { activity } => self.clear(&activity).await,
            Order::Dial { number, device, line, queue: _ } => {
                return self.dial(&number, device, line.as_ref()).await;
            }
            Order::PickUp { contact: _, handle, device } => return self.pick_up(&handle, device).await,
            Order::SetPresence(change) => self.set_presence(change).await,
            Order::ApplyShortcut(shortcut) => self.apply_shortcut(&shortcut).await,
            Order::SetLine(line) => self.set_line(&line).await,
            Order::Device { .. } | Order::Close { .. } => return Err(refused(impossible("not_offered"))),
        };
        done.map(|()| Done::default()).map_err(|error| self.failure(&error))
    }

    // Calls

    async fn answer(&self, call: &str, device: Option<DeviceId>) -> Result<(), Error> {
        let device = device.map(|device| device.0).or_else(|| self.picture().device_to_answer(call));
        let device = device.ok_or_else(|| Error::invalid("device", "there is none that could answer"))?;
        let answer = self.client.answer(call, &device, &Webhook::default()).await;
        // Whatever the answer was, how the call stands now is worth knowing at once.
        self.news.calls.notify_one();
        self.answered(answer?, call);
        Ok(())
    }

    async fn clear(&self, call: &str) -> Result<(), Error> {
        self.picture().book.set_declined(call, true);
        let cleared = self.client.clear(call).await;
        self.news.calls.notify_one();
        match cleared {
            // It is over already, which is what was wanted.
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(error) => {
                self.picture().book.set_declined(call, false);
                Err(error)
            }
        }
    }

    async fn dial(
        &self,
        number: &str,
        device: Option<DeviceId>,
        line: Option<&LineId>,
    ) -> Result<Done, Failure> {
        let chosen = device.map(|device| device.0).or_else(|| self.picture().device_to_dial());
        let made = match chosen {
            Some(device) => {
                let user_line = line.and_then(agent::line_choice);
                let call = MakeCall { destination: Some(uri(number)), user_line, ..MakeCall::default() };
                self.client.make_call(&device, &call).await
            }
            None => return self.call_back(number, Error::NotFound).await,
        };
        match made {
            Ok(call) => {
                let made = call.call_id.clone();
                if let Some(id) = &made {
                    self.answered(call, id);
                }
                Ok(Done { made, ..Done::default() })
            }
            Err(error) if self.lacks_call_control(&error) => self.call_back(number, error).await,
            Err(error) => {
                self.news.calls.notify_one();
                Err(self.failure(&error))
            }
        }
    }

    /// Whether it is not the number or the device that was refused: a call-back would ring elsewhere than the agent meant.
    fn lacks_call_control(&self, error: &Error) -> bool {
        let is_user_refused = || self.picture().offers.refused(Part::Calls).is_some();
        let is_licence = matches!(error, Error::MissingRight { right, .. } if right == "licence");
        is_licence || (is_a_clear_no(error) && is_user_refused())
    }

    /// Without a licence for call control the platform can still call the agent, and then the number.
    async fn call_back(&self, number: &str, why: Error) -> Result<Done, Failure> {
        let Some(place) = self.picture().answer_place() else { return Err(self.failure(&why)) };
        match self.client.call_back(&place, number, &Default::default()).await {
            Ok(_) => Ok(Done { unseen: !self.picture().offers.works(Part::Calls), ..Done::default() }),
            // What would have been needed in the first place says more.
            Err(error) if is_a_clear_no(&error) => Err(self.failure(&why)),
            Err(error) => Err(self.failure(&error)),
        }
    }

    async fn pick_up(&self, handle: &str, device: Option<DeviceId>) -> Result<Done, Failure> {
        let device = device.map(|device| device.0).or_else(|| self.picture().device_to_dial());
        let (Some(dialog), Some(device)) = (watching::Handle::read(handle), device) else {
            return Err(refused(impossible("no_device")));
        };
        let dialog = SipDialog {
            call_id: Some(dialog.call_id),
            to_tag: dialog.to_tag,
            from_tag: dialog.from_tag,
            early_only: Some(true),
            ..SipDialog::default()
        };
        let call = self.client.pickup_sip(&device, &dialog).await.map_err(|error| self.failure(&error))?;
        let made = call.call_id.clone();
        if let Some(id) = &made {
            self.answered(call, id);
        }
        Ok(Done { made, ..Done::default() })
    }

    // The agent's state

    async fn go_ready(&self) -> Result<(), Error> {
        let available = self.activity_to_be_available().filter(|_| !self.picture().is_available());
        if let Some(available) = available {
            self.set_available(available, true).await?;
        }
        for queue in self.queues_to_join() {
            self.log_in_to(&queue, true).await?;
        }
        self.remember(|memory| {
            memory.left_queues.clear();
            memory.before_pause = None;
        });
        Ok(())
    }

    async fn go_not_ready(&self, keep_queues: bool) -> Result<(), Error> {
        let (joined, is_paused) = {
            let picture = self.picture();
            (picture.joined_queues(), picture.presence() == model::Presence::Paused)
        };
        if !keep_queues {
            self.leave_queues(joined).await?;
        }
        let is_enough = !keep_queues && self.picture().has_queues();
        match self.activity_to_be_available() {
            // Out of all queues: being available to colleagues does not bring calls of customers.
            _ if is_enough && !is_paused => Ok(()),
            Some(activity) => self.set_available(activity, is_enough).await,
            None => Ok(()),
        }
    }

    async fn go_on_pause(&self, pause: &PauseId, keep_queues: bool) -> Result<(), Error> {
        let (joined, before) = {
            let picture = self.picture();
            (picture.joined_queues(), picture.available_activity())
        };
        let activity = Activity { id: Some(pause.0.clone()), available: Some(false), ..Activity::default() };
        self.change_activity(activity).await?;
        if before.is_some() {
            self.remember(|memory| memory.before_pause = before);
        }
        if keep_queues { Ok(()) } else { self.leave_queues(joined).await }
    }

    async fn leave_queues(&self, joined: Vec<QueueId>) -> Result<(), Error> {
        if !joined.is_empty() {
            let left = joined.iter().map(|queue| queue.0.clone()).collect();
            self.remember(|memory| memory.left_queues = left);
        }
        for queue in joined {
            self.log_in_to(&queue, false).await?;
        }
        Ok(())
    }

    /// Those that the agent left before, or all where it is not known that any was left and none is joined.
    fn queues_to_join(&self) -> Vec<QueueId> {
        let left = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner).left_queues.clone();
        self.picture().queues_to_join(&left)
    }

    /// Logs in to a queue, or out. Who is where the agent wants to be has got what was asked for, whatever the answer: the
    /// platform, or the agent on another one, may have been quicker.
    async fn log_in_to(&self, queue: &QueueId, logged_in: bool) -> Result<(), Error> {
        let done = self.ask_to_log_in(queue, logged_in).await;
        self.news.groups.notify_one();
        let Err(error @ (Error::Refused { .. } | Error::NotFound)) = done else { return done };
        let asked = self.picture().ask_groups();
        let groups = self.read_groups().await?;
        let is_taken = self.picture().groups_read(asked, groups);
        self.show();
        let is_there = self.picture().joined_queues().contains(queue);
        if is_taken && is_there == logged_in { Ok(()) } else { Err(error) }
    }

    async fn ask_to_log_in(&self, queue: &QueueId, logged_in: bool) -> Result<(), Error> {
        let client = &self.client;
        let (group, domain) = agent::group_of(queue, client.identity())
            .ok_or_else(|| Error::invalid("queue", "it is none of this account's"))?;
        let told = match logged_in {
            true => client.distribution_group_log_in(group, &domain).await,
            false => client.distribution_group_log_out(group, &domain).await,
        };
        match told {
            Ok(groups) => self.picture().groups_told(groups),
            Err(error) if is_a_clear_no(&error) => {
                let agent = client.identity().cid();
                match logged_in {
                    true => client.acd_agent_log_in(group, &domain, &agent).await?,
                    false => client.acd_agent_log_out(group, &domain, &agent).await?,
                }
            }
            Err(error) => return Err(error),
        }
        self.show();
        Ok(())
    }

    fn activity_to_be_available(&self) -> Option<Available> {
        let memory = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = memory.before_pause.clone();
        drop(memory);
        self.picture().activity_to_be_available(before, clock::now())
    }

    async fn set_available(&self, in_it: Available, available: bool) -> Result<(), Error> {
        let until = in_it.until.and_then(|until| jiff::Timestamp::from_millisecond(until).ok());
        let activity = Activity {
            id: Some(in_it.activity),
            available: Some(available),
            expiration: until.map(End::At),
            ..Activity::default()
        };
        self.change_activity(activity).await
    }

    async fn change_activity(&self, activity: Activity) -> Result<(), Error> {
        self.change_presence(WireChange { activity: Some(activity), ..WireChange::default() }).await
    }

    async fn set_presence(&self, change: PresenceChange) -> Result<(), Error> {
        let expiration = change.until.map(|until| match until {
            Until::Never => End::Never,
            Until::At { at } => jiff::Timestamp::from_millisecond(at.0).map_or(End::Never, End::At),
        });
        let touches_activity =
            change.activity.is_some() || expiration.is_some() || change.available.is_some();
        if change.activity.is_some() {
            // What the agent chooses holds.
            self.remember(|memory| memory.before_pause = None);
        }
        let id = change.activity.map(|activity| activity.0).or_else(|| self.picture().activity());
        let activity = Activity { id, expiration, available: change.available, ..Activity::default() };
        self.change_presence(WireChange {
            role: change.role.map(|role| role.0),
            note: change.note,
            activity: touches_activity.then_some(activity),
            ..WireChange::default()
        })
        .await
    }

    async fn change_presence(&self, change: WireChange) -> Result<(), Error> {
        let presence = self.client.set_presence(&change).await;
        self.news.presence.notify_one();
        self.picture().presence_told(presence?);
        self.show();
        Ok(())
    }

    /// The platform has no operation that applies a shortcut: what it stands for is set.
    async fn apply_shortcut(&self, id: &ShortcutId) -> Result<(), Error> {
        let shortcut = self.picture().shortcut(id).ok_or(Error::NotFound)?;
        self.remember(|memory| memory.before_pause = None);
        let expiration = inferred::end_of(&shortcut, &jiff::Zoned::now());
        let activity = Activity {
            id: shortcut.activity_id.clone(),
            available: shortcut.available,
            expiration: Some(expiration),
            ..Activity::default()
        };
        self.change_presence(WireChange { activity: Some(activity), ..WireChange::default() }).await?;
        let divert_to =
            shortcut.diversion_phone_number.filter(|_| shortcut.apply_diversion_number == Some(true));
        if let Some(number) = divert_to {
            self.client.set_diversion_number_for_activity(&number).await?;
        }
        Ok(())
    }

    async fn set_line(&self, line: &LineId) -> Result<(), Error> {
        let choice =
            agent::line_choice(line).ok_or_else(|| Error::invalid("line", "there is no such line"))?;
        self.client.set_line(&choice).await?;
        let lines = self.client.lines().await?;
        self.picture().lines_told(lines);
        self.show();
        Ok(())
    }
}

fn refused(problem: Problem) -> Failure {
    Failure { problem, effect: Effect::Refused }
}
