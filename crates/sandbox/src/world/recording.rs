//! The recording of a call: by hand or always, paused, and kept or thrown away at its end.

use super::{Activity, Deed, Millis, Refusal, SECOND, World};

/// The recording of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub(crate) struct Recording {
    pub on: bool,
    pub paused: bool,
    /// Kept when the call ends.
    pub saved: bool,
    /// Recorded before `since`.
    pub before: Millis,
    /// Running since then.
    pub since: Option<Millis>,
}

impl Recording {
    pub(crate) fn seconds(&self, now: Millis) -> i64 {
        (self.before + self.since.map_or(0, |since| now - since)) / SECOND
    }

    fn stand(&mut self, now: Millis) {
        self.before += self.since.take().map_or(0, |since| now - since);
    }
}

/// How calls can be recorded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum RecordingRule {
    Off,
    /// The agent starts and stops.
    StartStop,
    /// All of the call is recorded, and thrown away at its end unless it was saved.
    OnDemand,
    /// Started and stopped, paused, and saved or thrown away.
    #[default]
    Everything,
}

impl World {
    pub(super) fn recording_deeds(&self, call: &Activity) -> Vec<Deed> {
        let recording = call.recording;
        let pause = if recording.paused { Deed::ResumeRecording } else { Deed::PauseRecording };
        let save = if recording.saved { Deed::DiscardRecording } else { Deed::SaveRecording };
        match self.rules.recording {
            RecordingRule::Off => vec![],
            RecordingRule::OnDemand => vec![pause, save],
            RecordingRule::StartStop | RecordingRule::Everything if !recording.on => {
                vec![Deed::StartRecording]
            }
            RecordingRule::StartStop => vec![Deed::StopRecording],
            RecordingRule::Everything => vec![Deed::StopRecording, pause, save],
        }
    }

    /// Does one thing with the recording.
    pub(crate) fn record(&mut self, agent: &str, id: &str, deed: Deed) -> Result<(), Refusal> {
        let call = self.able(agent, id, deed)?.call.id.clone();
        let now = self.now();
        let Some(activity) = self.activities.get_mut(&call) else { return Ok(()) };
        let recording = &mut activity.recording;
        match deed {
            Deed::StartRecording => {
                *recording = Recording { on: true, saved: true, since: Some(now), ..Recording::default() };
            }
            Deed::StopRecording => {
                recording.stand(now);
                recording.on = false;
            }
            Deed::PauseRecording => {
                recording.stand(now);
                recording.paused = true;
            }
            Deed::ResumeRecording => {
                recording.since = Some(now);
                recording.paused = false;
            }
            Deed::SaveRecording => recording.saved = true,
            _ => recording.saved = false,
        }
        for leg in &mut activity.legs {
            leg.event = None;
        }
        self.changed(&call, &[agent]);
        Ok(())
    }

    /// The talk began: what is always recorded is recorded from now on.
    pub(super) fn recording_begins(&mut self, call: &str) {
        let now = self.now();
        if self.rules.recording == RecordingRule::OnDemand
            && let Some(activity) = self.activities.get_mut(call)
        {
            activity.recording = Recording { on: true, since: Some(now), ..Recording::default() };
        }
    }

    pub(super) fn keep_what_was_recorded(&mut self, id: &str, agent: &str) {
        let now = self.now();
        let Some(activity) = self.activities.get_mut(id) else { return };
        let seconds = activity.recording.seconds(now);
        activity.recording.since = None;
        activity.recording.before = seconds * SECOND;
        let kept = activity.recording.saved && activity.talk_since.is_some();
        activity.recording.on = false;
        if kept {
            let (number, name) = (activity.address.clone(), activity.party.clone());
            self.keep_recording(agent, &number, &name, seconds);
        }
    }
}
