//! Group "Call Control (CTI)": everything that can be done with a call. Needs the right "Call control" and a licence
//! for Cloud CTI or Call Control.
//!
//! Every command takes the `stateToken` the caller believes in; the server refuses if it is not the current one (with
//! which status is not documented: see [`crate::may_be_outdated`]). Where no token is given, none is sent. Answers
//! are the new state of the call; success of a command that starts a call says only that the device has begun.

use serde_json::{Map, Value};

use crate::Error;
use crate::call_state::{CallState, Webhook};
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};
use crate::user_line::LineChoice;

words! {
    /// How a call is made.
    pub enum CallKind {
        /// As usual.
        Basic = "BASIC",
        /// Past the diversions of the one called.
        DiversionBypass = "DIVERSION_BYPASS",
        /// Into a call that is going on.
        Intrusion = "INTRUSION",
        /// As an intercom: it answers by itself.
        Intercom = "INTERCOM",
        /// To the voicemail.
        Voicemail = "VOICEMAIL",
        /// Into a call, heard by all.
        Barge = "BARGE",
        /// Into a call, heard by the colleague only.
        Whisper = "WHISPER",
        /// Into a call, silently.
        Monitor = "MONITOR",
    }
}

words! {
    /// How a call is transferred.
    pub enum TransferKind {
        /// As usual.
        Basic = "BASIC",
        /// To the voicemail of the destination.
        Voicemail = "VOICEMAIL",
        /// It waits until the destination is free.
        CampOn = "CAMP_ON",
        /// Past the diversions of the destination.
        DiversionBypass = "DIVERSION_BYPASS",
    }
}

object! {
    /// A call to be made.
    pub struct MakeCall {
        /// Whom to call: a SIP or tel URI. Required.
        destination: Option<String> = "destination",
        /// The role in which the user calls.
        role: Option<String> = "role",
        /// The number that the other side shall see.
        user_line: Option<LineChoice> = "userLine",
        /// How the call is made; [`CallKind::Basic`] if not given.
        kind: Option<CallKind> = "type",
        /// Where to post the call's changes.
        target_url: Option<String> = "targetUrl",
        /// An identifier for that; required with a URL.
        target_id: Option<String> = "targetId",
        /// Whether the target is outside of the platform's own network.
        public_target: Option<bool> = "publicTarget",
    }
}

object! {
    /// The SIP dialog of a call that rings somewhere else, as the stream of dialogs names it.
    pub struct SipDialog {
        /// `Call-ID`.
        call_id: Option<String> = "callId",
        /// The tag of the `To` header.
        to_tag: Option<String> = "toTag",
        /// The tag of the `From` header.
        from_tag: Option<String> = "fromTag",
        /// Whether it may only be picked up while it rings.
        early_only: Option<bool> = "earlyOnly",
        /// Where to post the call's changes.
        target_url: Option<String> = "targetUrl",
        /// An identifier for that; required with a URL.
        target_id: Option<String> = "targetId",
        /// Whether the target is outside of the platform's own network.
        public_target: Option<bool> = "publicTarget",
    }
}

/// A call as its commander believes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// The identifier of the call.
    pub call_id: &'a str,
    /// The `stateToken` of the state that was looked at, if the platform gave one.
    pub state_token: Option<i64>,
}

impl<'a> Known<'a> {
    /// A call in this state; `None` for a state without identifier.
    pub fn of(state: &'a CallState) -> Option<Self> {
        Some(Self { call_id: state.call_id.as_deref()?, state_token: state.state_token })
    }

    fn body(self) -> Map<String, Value> {
        self.state_token.map(|token| ("stateToken".to_owned(), token.into())).into_iter().collect()
    }

    /// A command on this call.
    pub(crate) fn command(self, operation: &'static str) -> Call {
        Call::of(operation).at("callId", self.call_id).json(&Value::Object(self.body()))
    }

    /// A command on this call and another one.
    fn command_with(self, operation: &'static str, target: Known<'_>, more: Option<(&str, Value)>) -> Call {
        let mut body = self.body();
        body.insert("targetCallId".to_owned(), target.call_id.into());
        if let Some(token) = target.state_token {
            body.insert("targetStateToken".to_owned(), token.into());
        }
        body.extend(more.map(|(key, value)| (key.to_owned(), value)));
        Call::of(operation).at("callId", self.call_id).json(&Value::Object(body))
    }
}

impl Client {
    /// Makes a conference of a call, if it is none yet, and adds the other call to it.
    ///
    /// # Errors
    /// As every command.
    pub async fn conference(&self, call: Known<'_>, target: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command_with("cti.conference", target, None)).await
    }

    /// Puts a call on hold and takes the other one, which was held or rings at the same device.
    ///
    /// # Errors
    /// As every command.
    pub async fn alternate(&self, call: Known<'_>, target: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command_with("cti.alternate", target, None)).await
    }

    /// Answers a ringing call on a device; the call's `actions` say which devices can.
    ///
    /// # Errors
    /// As every command.
    pub async fn answer(
        &self,
        call_id: &str,
        device_id: &str,
        webhook: &Webhook,
    ) -> Result<CallState, Error> {
        let call = Call::of("cti.answer").at("callId", call_id).at("deviceId", device_id);
        self.one(call.json(&webhook.write())).await
    }

    /// Hangs up a call, declines one that rings, or gives up one that was begun.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is over already.
    pub async fn clear(&self, call_id: &str) -> Result<(), Error> {
        self.done(Call::of("cti.clear").at("callId", call_id)).await
    }

    /// Puts a call on hold.
    ///
    /// # Errors
    /// As every command.
    pub async fn hold(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("cti.hold")).await
    }

    /// Leaves a conference; the others can go on.
    ///
    /// # Errors
    /// As every command.
    pub async fn leave_conference(&self, call_id: &str) -> Result<CallState, Error> {
        self.one(Call::of("cti.leaveconference").at("callId", call_id)).await
    }

    /// Makes a call from a device.
    ///
    /// # Errors
    /// As every command.
    pub async fn make_call(&self, device_id: &str, call: &MakeCall) -> Result<CallState, Error> {
        self.one(Call::of("cti.makecall").at("deviceId", device_id).json(&call.write())).await
    }

    /// Makes a second call with the device of the first, which is put on hold; for devices that cannot have two.
    ///
    /// # Errors
    /// As every command.
    pub async fn consultation_call(&self, call_id: &str, call: &MakeCall) -> Result<CallState, Error> {
        self.one(Call::of("cti.consultation").at("callId", call_id).json(&call.write())).await
    }

    /// Moves a call to another device of the user; a held call stays held.
    ///
    /// # Errors
    /// As every command.
    pub async fn move_call(&self, call: Known<'_>, device_id: &str) -> Result<CallState, Error> {
        self.one(call.command("cti.move").at("deviceId", device_id)).await
    }

    /// Switches the microphone off.
    ///
    /// # Errors
    /// As every command.
    pub async fn mute(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("cti.mute")).await
    }

    /// Switches the microphone on.
    ///
    /// # Errors
    /// As every command.
    pub async fn unmute(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("cti.unmute")).await
    }

    /// Parks a call, so that anybody can pick it up; it is no longer the user's.
    ///
    /// # Errors
    /// As every command.
    pub async fn park(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("cti.park")).await
    }

    /// Picks up a call that rings for somebody else. For service accounts only; users have [`Client::pickup_sip`].
    ///
    /// # Errors
    /// As every command.
    pub async fn pickup(
        &self,
        device_id: &str,
        call_id: &str,
        webhook: &Webhook,
    ) -> Result<CallState, Error> {
        let call = Call::of("cti.pickup").at("deviceId", device_id).at("callId", call_id);
        self.one(call.json(&webhook.write())).await
    }

    /// Picks up a call from a queue, or one that rings for somebody else, by its SIP dialog.
    ///
    /// # Errors
    /// As every command.
    pub async fn pickup_sip(&self, device_id: &str, dialog: &SipDialog) -> Result<CallState, Error> {
        self.one(Call::of("cti.pickupsip").at("deviceId", device_id).json(&dialog.write())).await
    }

    /// Removes somebody from a conference.
    ///
    /// # Errors
    /// As every command.
    pub async fn remove_participant(
        &self,
        call: Known<'_>,
        participant_id: &str,
    ) -> Result<CallState, Error> {
        self.one(call.command("cti.removeparticipant").at("participantId", participant_id)).await
    }

    /// Takes a call off hold.
    ///
    /// # Errors
    /// As every command.
    pub async fn resume(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("cti.resume")).await
    }

    /// Sends tones: `0`-`9`, `A`-`D`, `#`, `*`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for anything else; otherwise as every command.
    pub async fn dtmf(&self, call: Known<'_>, digits: &str) -> Result<CallState, Error> {
        if digits.is_empty() || !digits.chars().all(|c| matches!(c, '0'..='9' | 'A'..='D' | '#' | '*')) {
            return Err(Error::invalid("digits", "tones are 0-9, A-D, # and *"));
        }
        let mut body = call.body();
        body.insert("digits".to_owned(), digits.into());
        self.one(Call::of("cti.dtmf").at("callId", call.call_id).json(&Value::Object(body))).await
    }

    /// Transfers a call to a destination (a SIP or tel URI) and lets go of it at once.
    ///
    /// # Errors
    /// As every command.
    pub async fn transfer_blind(
        &self,
        call: Known<'_>,
        destination: &str,
        kind: &TransferKind,
    ) -> Result<CallState, Error> {
        self.transfer(call, destination, kind, true).await
    }

    /// Transfers a call to a destination and keeps it until the destination has it.
    ///
    /// # Errors
    /// As every command.
    pub async fn transfer_watched(
        &self,
        call: Known<'_>,
        destination: &str,
        kind: &TransferKind,
    ) -> Result<CallState, Error> {
        self.transfer(call, destination, kind, false).await
    }

    async fn transfer(
        &self,
        call: Known<'_>,
        destination: &str,
        kind: &TransferKind,
        blind: bool,
    ) -> Result<CallState, Error> {
        let mut body = call.body();
        body.insert("blind".to_owned(), blind.into());
        body.insert("type".to_owned(), kind.as_str().into());
        body.insert("destination".to_owned(), destination.into());
        self.one(Call::of("cti.transfer").at("callId", call.call_id).json(&Value::Object(body))).await
    }

    /// Connects the other sides of two calls at once; a target that still rings is called anew.
    ///
    /// # Errors
    /// As every command.
    pub async fn transfer_calls(&self, call: Known<'_>, target: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command_with("cti.transfercalls", target, Some(("waitForAnswer", false.into())))).await
    }

    /// Connects the other sides of two calls as soon as the target answers; until then the first hears ringing.
    ///
    /// # Errors
    /// As every command.
    pub async fn transfer_calls_when_answered(
        &self,
        call: Known<'_>,
        target: Known<'_>,
    ) -> Result<CallState, Error> {
        self.one(call.command_with("cti.transfercalls", target, Some(("waitForAnswer", true.into())))).await
    }
}
