//! Group "Call State": what is going on with a user's calls, and who is told about changes.
//!
//! A call carries a `stateToken` that changes with every change; a command that names it fails if somebody else was
//! faster (see [`crate::may_be_outdated`]). What may be done with a call right now is in its `actions`, and nowhere
//! else. The streams of this group are described in [`crate::Subscription`].

use crate::client::{Call, Client};
use crate::loose::{object, words};
use crate::{Error, Loose};

words! {
    /// Where a call is in its life.
    pub enum CallStatus {
        /// A device of the user has begun to call.
        Initiated = "INITIATED",
        /// It rings, at the user (`inbound`) or at the other side.
        Ringing = "RINGING",
        /// The parties talk.
        Active = "ACTIVE",
        /// On hold.
        Held = "HELD",
        /// Over.
        Terminated = "TERMINATED",
    }
}

words! {
    /// What has just happened to a call.
    pub enum CallEvent {
        /// It could not be set up; see the description.
        Failed = "FAILED",
        /// The user's microphone is off.
        Muted = "MUTED",
        /// It is on again.
        Unmuted = "UNMUTED",
        /// Somebody came into the conference.
        ParticipantAdded = "PARTICIPANT_ADDED",
        /// Somebody left it.
        ParticipantLeft = "PARTICIPANT_LEFT",
        /// The user left it.
        LeftConference = "LEFT_CONFERENCE",
    }
}

words! {
    /// What may be done with a call.
    pub enum ActionName {
        /// Answer it, on one of the action's devices.
        Answer = "ANSWER",
        /// Put it on hold.
        Hold = "HOLD",
        /// Take it off hold.
        Resume = "RESUME",
        /// Move it to another device.
        Move = "MOVE",
        /// Switch the microphone off.
        Mute = "MUTE",
        /// Switch it on.
        Unmute = "UNMUTE",
        /// Park it for others to pick up.
        Park = "PARK",
        /// Transfer it.
        Transfer = "TRANSFER",
        /// Begin to record.
        StartRecording = "START_REC",
        /// End the recording.
        StopRecording = "STOP_REC",
        /// Keep the recording.
        SaveRecording = "SAVE_REC",
        /// Do not keep it after all.
        DiscardRecording = "DISCARD_REC",
        /// Pause it.
        PauseRecording = "PAUSE_REC",
        /// Go on with it.
        ResumeRecording = "RESUME_REC",
    }
}

words! {
    /// What kind of party somebody is.
    pub enum PartyType {
        /// A person.
        User = "USER_ID",
        /// A service, such as a conference.
        Service = "SERVICE_ID",
        /// The number of a group or switchboard.
        FunctionNumber = "FUNCTION_NUMBER_ID",
    }
}

object! {
    /// Somebody at the other end.
    pub struct Party {
        /// What kind of party.
        kind: Option<PartyType> = "type",
        /// The number as a URI, `tel:+15550100`.
        tel_uri: Option<String> = "telUri",
        /// The name to show.
        display_name: Option<String> = "displayName",
        /// The number to show, often an extension.
        display_number: Option<String> = "displayNumber",
        /// How the party listens in (`BARGE`), if it does.
        intrusion_type: Option<String> = "intrusionType",
    }
}

object! {
    /// How a call got here.
    pub struct HistoryInfo {
        /// What it is about, such as the name of the number that was called.
        subject: Option<String> = "subject",
        /// The number of the queue that supports it.
        acd_support: Option<String> = "acdSupport",
        /// Whether somebody camped on.
        camp_on: Option<bool> = "campOn",
        /// Who was called first.
        initial_party: Option<Party> = "initialParty",
        /// Who had it before.
        previous_party: Option<Party> = "previousParty",
        /// Why that party gave it away: `TRANSFERRED`, `DISTRIBUTED`.
        previous_retarget_reason: Option<String> = "previousRetargetReason",
    }
}

object! {
    /// One of several parties.
    pub struct Participant {
        /// Its identifier, for removing it from a conference.
        id: Option<String> = "id",
        /// Who it is.
        remote_party: Option<Party> = "remoteParty",
        /// How it got here.
        history_info: Option<HistoryInfo> = "historyInfo",
    }
}

object! {
    /// Something that may be done with a call now.
    pub struct Action {
        /// What.
        action: Option<ActionName> = "action",
        /// With which devices; nothing if the action needs none or the platform does not say.
        device_ids: Vec<String> = "deviceIds" | "deviceId" | "devices",
    }
}

object! {
    /// The state of one call.
    pub struct CallState {
        /// Which state this is; goes with every command.
        state_token: Option<i64> = "stateToken",
        /// The identifier of the call.
        call_id: Option<String> = "callId",
        /// Who is at the other end.
        remote_party: Option<Party> = "remoteParty",
        /// All others, in a conference or when somebody listens in.
        participants: Vec<Participant> = "participants",
        /// Whether it is a conference.
        conference: Option<bool> = "conference",
        /// Which conference.
        conference_id: Option<String> = "conferenceId",
        /// How it got here.
        history_info: Option<HistoryInfo> = "historyInfo",
        /// Whether the user was called.
        inbound: Option<bool> = "inbound",
        /// Whether somebody listens in.
        intruded: Option<bool> = "intruded",
        /// Where it is in its life.
        status: Option<CallStatus> = "status",
        /// What has just happened.
        event: Option<CallEvent> = "event",
        /// The same in words.
        event_description: Option<String> = "eventDescription",
        /// Whether the user's microphone is off.
        muted: Option<bool> = "muted",
        /// How long it lasts so far, in seconds.
        duration: Option<i64> = "duration",
        /// Whether it can be recorded.
        recordable: Option<bool> = "recordable",
        /// Whether it is being recorded.
        recording: Option<bool> = "recording",
        /// For how long, in seconds.
        recording_duration: Option<i64> = "recordingDuration",
        /// Whether a recording service outside of the platform records it.
        external_recording: Option<bool> = "externalRecording",
        /// For how long, in seconds.
        external_recording_duration: Option<i64> = "externalRecordingDuration",
        /// Whether that pauses.
        external_recording_paused: Option<bool> = "externalRecordingPaused",
        /// The user's devices that take part.
        device_ids: Vec<String> = "deviceIds",
        /// What may be done now.
        actions: Vec<Action> = "actions",
        /// The same call in other systems, such as statistics.
        correlation_id: Option<String> = "correlationId",
    }
}

impl CallState {
    /// The action of this name, if it is offered now.
    pub fn action(&self, name: &ActionName) -> Option<&Action> {
        self.actions.iter().find(|action| action.action.as_ref() == Some(name))
    }
}

object! {
    /// All calls of a user.
    pub struct UserState {
        /// Whether these are all; if not, only those that changed.
        full_state: Option<bool> = "fullState",
        /// The calls.
        calls: Vec<CallState> = "calls",
    }
}

object! {
    /// An address to which the platform posts news. Of no use behind a firewall: there the streams are.
    pub struct Webhook {
        /// Where to post.
        target_url: Option<String> = "targetUrl",
        /// An identifier of the caller's choice.
        target_id: Option<String> = "targetId",
        /// Whether the target is outside of the platform's own network.
        public_target: Option<bool> = "publicTarget",
    }
}

object! {
    /// For how long a webhook is registered.
    pub struct Registration {
        /// After so many seconds it has to be registered again.
        expires_on: Option<i64> = "expiresOn",
    }
}

impl Client {
    /// Fetches a snapshot of the current state of a call.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the call is over.
    pub async fn call_state(&self, call_id: &str) -> Result<CallState, Error> {
        self.one(Call::of("callstate.call.get").at("callId", call_id)).await
    }

    /// Fetches a snapshot of the current state of the user: all calls.
    ///
    /// # Errors
    /// As every request.
    pub async fn user_state(&self) -> Result<UserState, Error> {
        self.one(Call::of("callstate.user.get")).await
    }

    /// Registers a webhook that is told when the state of a call has changed.
    ///
    /// # Errors
    /// As every request.
    pub async fn call_webhook_register(&self, call_id: &str, webhook: &Webhook) -> Result<(), Error> {
        self.done(Call::of("callstate.webhook.call").at("callId", call_id).json(&webhook.write())).await
    }

    /// Registers a webhook that is told about new and ended calls of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn user_webhook_register(&self, webhook: &Webhook) -> Result<Registration, Error> {
        self.one(Call::of("callstate.webhook.user").json(&webhook.write())).await
    }

    /// Unregisters the webhook of a call.
    ///
    /// # Errors
    /// As every request.
    pub async fn call_webhook_unregister(&self, call_id: &str, target_id: &str) -> Result<(), Error> {
        let call = Call::of("callstate.webhook.call.delete");
        self.done(call.at("callId", call_id).at("targetId", target_id)).await
    }

    /// Unregisters the webhook of the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn user_webhook_unregister(&self, target_id: &str) -> Result<(), Error> {
        self.done(Call::of("callstate.webhook.user.delete").at("targetId", target_id)).await
    }
}
