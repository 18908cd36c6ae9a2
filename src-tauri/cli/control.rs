//! What an agent does with a live call, as commands. As everywhere, only what the platform offers for it now; the call need
//! not be named where only one offers it.

use clap::{Args, Subcommand, ValueEnum};
use model::{Activity, ActivityId, Command, Control, DeviceId, Handing, Snapshot};

use super::End;
use super::act::{Which, offers};
use super::core::Core;

/// The commands for live calls.
#[derive(Subcommand)]
pub(super) enum Call {
    /// Put a call on hold
    Hold(Which),
    /// Take a call back from hold
    Resume(Which),
    /// Turn the microphone off
    Mute(Which),
    /// Turn the microphone on
    Unmute(Which),
    /// Send tones
    Dtmf {
        /// 0–9, *, #, A–D
        digits: String,
        #[command(flatten)]
        which: Which,
    },
    /// Hand a call on to a number, without talking first
    Transfer(Transfer),
    /// Call somebody while the call waits
    Consult {
        /// The number, as a person would write it
        number: String,
        #[command(flatten)]
        which: Which,
        /// On this device (its name on the platform)
        #[arg(long)]
        device: Option<String>,
    },
    /// Join two calls and leave both
    Join {
        #[command(flatten)]
        pair: Pair,
        /// Wait until the other has answered
        #[arg(long)]
        when_answered: bool,
    },
    /// Talk to both at once
    Conference(Pair),
    /// Hold one call and take back the other
    Swap(Pair),
    /// Leave a conference to the others
    Leave(Which),
    /// Go on with a call on another device
    Move {
        /// The device (its name on the platform)
        device: String,
        #[command(flatten)]
        which: Which,
    },
    /// Leave a call where any colleague can pick it up
    Park(Which),
    /// Record a call
    Record {
        /// What to do
        what: Recorder,
        #[command(flatten)]
        which: Which,
    },
}

/// What to do with a recording.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Recorder {
    /// Begin
    Start,
    /// End
    Stop,
    /// Interrupt
    Pause,
    /// Go on
    Resume,
    /// Keep
    Save,
    /// Throw away
    Discard,
}

/// Whereto a call is handed on, and how.
#[derive(Args)]
pub(super) struct Transfer {
    /// The number, as a person would write it
    number: String,
    #[command(flatten)]
    which: Which,
    /// To the voicemail of the other
    #[arg(long, conflicts_with = "when_free")]
    to_voicemail: bool,
    /// Wait until the other, who is busy, is free
    #[arg(long)]
    when_free: bool,
}

/// Two calls. Neither need be named while one of them is a consultation for the other.
#[derive(Args)]
pub(super) struct Pair {
    #[command(flatten)]
    which: Which,
    /// The other call, as `watch` names it
    #[arg(long, value_name = "ACTIVITY")]
    with: Option<String>,
}

impl Call {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let (which, control) = match self {
            Self::Hold(which) => (which, Control::Hold),
            Self::Resume(which) => (which, Control::Resume),
            Self::Mute(which) => (which, Control::Mute),
            Self::Unmute(which) => (which, Control::Unmute),
            Self::Dtmf { digits, which } => (which, Control::Dtmf { digits }),
            Self::Transfer(Transfer { number: to, which, to_voicemail, when_free }) => {
                let handing = match (to_voicemail, when_free) {
                    (true, _) => Handing::Voicemail,
                    (false, true) => Handing::CampOn,
                    (false, false) => Handing::Blind,
                };
                (which, Control::Transfer { to, handing })
            }
            Self::Consult { number: to, which, device } => {
                (which, Control::Consult { to, device: device.map(DeviceId) })
            }
            Self::Join { pair, when_answered } => {
                return pair.run(core, &snapshot, |with| Control::Join { with, when_answered }).await;
            }
            Self::Conference(pair) => {
                return pair.run(core, &snapshot, |with| Control::Conference { with }).await;
            }
            Self::Swap(pair) => return pair.run(core, &snapshot, |with| Control::Swap { with }).await,
            Self::Leave(which) => (which, Control::LeaveConference),
            Self::Move { device, which } => (which, Control::Move { device: DeviceId(device) }),
            Self::Park(which) => (which, Control::Park),
            Self::Record { what, which } => (which, record(what)),
        };
        let activity = which.find(&snapshot, |activity| offers(activity, control.action()))?;
        finish(core, activity, control).await
    }
}

impl Pair {
    async fn run(
        self,
        core: &Core,
        snapshot: &Snapshot,
        control: impl Fn(ActivityId) -> Control,
    ) -> Result<End, End> {
        let action = control(ActivityId::from("")).action();
        let first_of =
            |activity: &Activity| activity.call.as_ref().and_then(|call| call.consults_for.clone());
        let is_free = |with: &Activity, first: &ActivityId| with.id != *first && with.call.is_some();
        let first = match (&self.which.activity, &self.with) {
            (None, None) => {
                // The consultation and whom it is for: with more than two calls nothing else is certain.
                let consulting = snapshot.activities.iter().filter(|activity| first_of(activity).is_some());
                match consulting.collect::<Vec<_>>()[..] {
                    [only] if offers(only, action) => {
                        let first = first_of(only).unwrap_or_else(|| only.id.clone());
                        return finish(core, only.id.clone(), control(first)).await;
                    }
                    _ => self.which.find(snapshot, |activity| offers(activity, action))?,
                }
            }
            _ => self.which.find(snapshot, |activity| offers(activity, action))?,
        };
        let other = Which { activity: self.with.clone() };
        let with = other.find(snapshot, |activity| is_free(activity, &first))?;
        finish(core, first, control(with)).await
    }
}

fn record(what: Recorder) -> Control {
    match what {
        Recorder::Start => Control::RecordStart,
        Recorder::Stop => Control::RecordStop,
        Recorder::Pause => Control::RecordPause,
        Recorder::Resume => Control::RecordResume,
        Recorder::Save => Control::RecordSave,
        Recorder::Discard => Control::RecordDiscard,
    }
}

async fn finish(core: &Core, activity: ActivityId, control: Control) -> Result<End, End> {
    let status = core.execute(&Command::Control { activity, control }).await?;
    if let Some(made) = status.made {
        println!("{made}");
    }
    Ok(End::Done)
}
