//! Orders: what an agent asks for, in Daktela's words.

use daktela::models::{Activity, ActivityAction};
use daktela::{Closing, SessionChange};
use model::{DeviceId, Draft, Presence, Problem, ProblemCode};
use wire::Error;

use super::super::Closed;
use super::{Daktela, people};
use crate::problem;
use crate::sight::{Done, Failure, Order};

impl Daktela {
    pub(super) async fn carry_out(&self, order: Order) -> Result<Done, Failure> {
        let is_dial = matches!(order, Order::Dial { .. });
        self.order(order).await.map_err(|error| {
            let mut failure = problem::failure(&error, &self.host);
            if is_dial && matches!(error, Error::InvalidInput { .. }) {
                failure.problem = Problem { code: ProblemCode::BadNumber, ..failure.problem };
            }
            failure
        })
    }

    async fn order(&self, order: Order) -> Result<Done, Error> {
        let client = &self.client;
        match order {
            Order::Ready { device } => {
                self.need_devices().await;
                self.session(self.ready(device.as_ref())).await
            }
            Order::NotReady { .. } => self.session(SessionChange::unready()).await,
            Order::Pause { pause, .. } => {
                // Inferred: a pause is taken from ready, so whoever is not ready goes ready with the same request.
                self.need_devices().await;
                let presence = self.picture().presence();
                let change = match presence {
                    Presence::NotReady => self.ready(None),
                    Presence::Ready | Presence::Paused | Presence::Unknown => SessionChange::new(),
                };
                self.session(change.pause(pause.as_str())).await
            }
            Order::Device { device, logged_in } => {
                let change = SessionChange::new();
                self.session(match logged_in {
                    true => change.add_device(device.as_str()),
                    false => change.remove_device(device.as_str()),
                })
                .await
            }
            Order::Queue { queue, logged_in } => {
                let change = SessionChange::new();
                self.session(match logged_in {
                    true => change.log_in_to_queue(queue.as_str(), 0),
                    false => change.log_out_of_queue(queue.as_str()),
                })
                .await
            }
            Order::Answer { activity, device } => {
                let device = self.device_for(&activity, device);
                self.signed(|| client.accept(&activity, device.as_deref())).await?;
                Ok(Done::default())
            }
            Order::Decline { activity } => {
                self.signed(|| client.reject(&activity)).await?;
                Ok(Done::default())
            }
            Order::Hangup { activity } => {
                self.signed(|| client.hang_up(&activity, None)).await?;
                Ok(Done::default())
            }
            Order::Dial { number, queue, device, line: _ } => {
                // Inferred: the documents know no device for dialling, so the call starts on the one the agent is on,
                // and choosing another means to move there.
                let on = self.picture().devices_on();
                if let Some(device) = device.filter(|device| !on.contains(&device.0)) {
                    self.session(SessionChange::new().add_device(device.as_str())).await?;
                    for old in on {
                        self.session(SessionChange::new().remove_device(&old)).await?;
                    }
                }
                let queue = queue.as_ref().map(model::QueueId::as_str);
                let made = self.signed(|| client.dial(&number, queue)).await?;
                Ok(Done { made: made.map(|activity| activity.name), ..Done::default() })
            }
            Order::Control { .. }
            | Order::PickUp { .. }
            | Order::SetPresence(_)
            | Order::ApplyShortcut(_)
            | Order::SetLine(_) => Err(Error::invalid("order", "Daktela controls no live calls")),
            Order::Close { activity, draft } => {
                let closing = closing(&draft);
                self.signed(|| client.close(&activity, &closing)).await?;
                Ok(Done::default())
            }
        }
    }

    async fn session(&self, change: SessionChange) -> Result<Done, Error> {
        self.signed(|| self.client.change_session(&change)).await.map(|()| Done::default())
    }

    /// Right after the sign-in the devices may still be on their way: going ready without one would be refused.
    async fn need_devices(&self) {
        if !self.picture().knows_devices()
            && let Ok(devices) = self.signed(|| self.client.available_devices()).await
        {
            self.picture().learned_devices(devices);
        }
    }

    /// Ends a pause, or goes ready: on a device where the agent is on none and there are some.
    fn ready(&self, device: Option<&DeviceId>) -> SessionChange {
        let picture = self.picture();
        if picture.presence() == Presence::Paused {
            return SessionChange::new().end_pause();
        }
        let needs_device = picture.devices_on().is_empty();
        match picture.device_to_take(device).filter(|_| needs_device) {
            Some((device, kind)) => SessionChange::ready_on(&device, &kind),
            None => SessionChange::ready(),
        }
    }

    /// The device a call is taken on; other channels need none.
    fn device_for(&self, activity: &str, chosen: Option<DeviceId>) -> Option<String> {
        let picture = self.picture();
        if !picture.is_call(activity) {
            return None;
        }
        chosen.map(|device| device.0).or_else(|| picture.devices_on().into_iter().next())
    }

    /// What became of a close whose answer was lost.
    pub(super) async fn what_became_of(&self, activity: String, draft: Draft) -> Result<Closed, Problem> {
        match self.signed(|| self.client.get::<Activity>(&activity)).await {
            Ok(found) if found.action != Some(ActivityAction::Close) => Ok(Closed::Open),
            Ok(found) => {
                let has = |id: &model::DispositionId| found.statuses.iter().any(|s| s.is(id.as_str()));
                let kept = people::plain(found.description.as_deref().unwrap_or_default());
                let note = people::plain(&people::as_html(&draft.note));
                let as_asked = draft.dispositions.iter().all(has) && kept.contains(&note);
                Ok(if as_asked { Closed::AsAsked } else { Closed::Otherwise })
            }
            Err(Error::NotFound) => Ok(Closed::Gone),
            Err(error) => Err(self.problem(&error)),
        }
    }
}

fn closing(draft: &Draft) -> Closing {
    let note = draft.note.trim();
    Closing {
        statuses: draft.dispositions.iter().map(|id| id.as_str().to_owned()).collect(),
        description: (!note.is_empty()).then(|| people::as_html(note)),
    }
}
