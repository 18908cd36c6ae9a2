//! Why something failed or was sent elsewhere: the document's codes, and its words for them.

use serde_json::Value;

use crate::filters::words_as_params;
use crate::inferred;
use crate::loose::{Loose, odd, serde_of, words};

/// What the agent's adapter says about a failure, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AdapterFailCode(pub i64);

/// The document's table. (Its typographic apostrophe and its "was was" are its own.)
const ADAPTER_FAIL_MESSAGES: [(i64, &str); 24] = [
    (10001, "This call encountered an unexpected error."),
    (11001, "This call expired while waiting in queue."),
    (20001, "This call was cancelled by the customer."),
    (20002, "This call was rejected by the customer."),
    (20003, "This call was abandoned by the customer."),
    (20004, "This call was abandoned by the customer during menu selection."),
    (21001, "The call could not be connected; the customer’s line is busy."),
    (21002, "The dialed phone number is invalid."),
    (21003, "This call was was not answered by the customer."),
    (22001, "The push notification to start this call failed to send."),
    (30001, "This call was cancelled."),
    (30002, "This expired call was not attended."),
    (31001, "Unable to detect microphone. Please check your device settings and try again."),
    (31002, "Unable to access microphone. Please check your device permissions and try again."),
    (32001, "The selected outbound number is invalid."),
    (32002, "Unable to connect call to the dialled phone number."),
    (41001, "An unexpected error occurred with the call connection."),
    (42001, "An unexpected error occurred with the call connection."),
    (43001, "This call has encountered an unexpected error."),
    (44001, "This call has encountered an unexpected error."),
    (44002, "This call is terminated because the connection timed out."),
    (44003, "This call has encountered an unexpected error."),
    (90001, "This call is terminated because no audio was detected."),
    (90002, "Unable to start the audio device. Please check your audio device permissions and try again."),
];

impl AdapterFailCode {
    /// All that are documented.
    pub fn all() -> impl Iterator<Item = Self> {
        ADAPTER_FAIL_MESSAGES.iter().map(|(code, _)| Self(*code))
    }

    /// The document's words for it.
    pub fn message(self) -> Option<&'static str> {
        ADAPTER_FAIL_MESSAGES.iter().find(|(code, _)| *code == self.0).map(|(_, message)| *message)
    }
}

impl Loose for AdapterFailCode {
    fn read(value: &Value) -> Result<Self, String> {
        i64::read(value).or_else(|_| odd("a code", value)).map(Self)
    }

    fn write(&self) -> Value {
        self.0.into()
    }
}

serde_of!(AdapterFailCode);

words! {
    /// Why a call failed.
    pub enum CallFailReason {
        /// It did not.
        Nothing = "nothing",
        /// Nobody knows.
        Unknown = "unknown",
        /// It waited too long.
        Expired = "expired",
        /// The customer cancelled.
        EuCanceled = "eu_canceled",
        /// The customer did not want it.
        EuRejected = "eu_rejected",
        /// The customer gave up.
        EuAbandoned = "eu_abandoned",
        /// The customer gave up while choosing.
        EuInMenuAbandoned = "eu_in_menu_abandoned",
        /// The customer's line is busy.
        EuBusy = "eu_busy",
        /// There is no such number.
        EuWrongNumber = "eu_wrong_number",
        /// The customer did not answer.
        EuNoAnswer = "eu_no_answer",
        /// The customer could not be notified.
        EuNotiFailed = "eu_noti_failed",
        /// The agent cancelled.
        AgCanceled = "ag_canceled",
        /// The agent did not take it.
        AgIgnored = "ag_ignored",
        /// The agent has no microphone.
        AgMicNoDevice = "ag_mic_no_device",
        /// The agent's microphone may not be used.
        AgMicDenied = "ag_mic_denied",
        /// The carrier failed.
        VoipTwilioError = "voip_twilio_error",
        /// The carrier failed.
        VoipTokboxError = "voip_tokbox_error",
        /// The carrier refused.
        VoipInvalidToken = "voip_invalid_token",
        /// The connection failed.
        VoipConnGeneral = "voip_conn_general",
        /// The connection took too long.
        VoipConnTimeout = "voip_conn_timeout",
        /// The connection failed.
        VoipConnSignal = "voip_conn_signal",
    }
}

impl CallFailReason {
    /// The document's words for it: those of the adapter's code for the same reason. `None` where nothing failed and for what
    /// is not documented.
    pub fn message(&self) -> Option<&'static str> {
        inferred::adapter_code(self)?.message()
    }
}

words! {
    /// Why a chat failed.
    pub enum ChatFailReason {
        /// It did not.
        Nothing = "nothing",
        /// Nobody knows.
        Unknown = "unknown",
        /// The customer wrote nothing more.
        NoResponse = "no_response",
        /// It waited too long.
        Expired = "expired",
    }
}

impl ChatFailReason {
    /// Words for it, `None` where nothing failed and for what is not documented.
    pub fn message(&self) -> Option<&'static str> {
        inferred::chat_failure(self)
    }
}

words! {
    /// Whether and how a call was sent elsewhere. The document names one value, and in a transfer `0`.
    pub enum Deflection {
        /// It was not.
        NoDeflection = "no_deflection",
    }
}

impl Deflection {
    /// Whether it was sent elsewhere.
    pub fn is_some(&self) -> bool {
        match self {
            Self::NoDeflection => false,
            Self::Other(text) => text != "0",
        }
    }
}

words_as_params!(CallFailReason, ChatFailReason);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_words() {
        assert_eq!(AdapterFailCode::all().filter_map(AdapterFailCode::message).count(), 24);
        assert_eq!(CallFailReason::ALL.len(), 21);
        for reason in CallFailReason::ALL {
            assert_eq!(reason.message().is_none(), *reason == CallFailReason::Nothing, "{reason}");
        }
        for reason in ChatFailReason::ALL {
            assert_eq!(reason.message().is_none(), *reason == ChatFailReason::Nothing, "{reason}");
        }
        assert_eq!(
            CallFailReason::EuBusy.message(),
            Some("The call could not be connected; the customer’s line is busy.")
        );
        assert_eq!(AdapterFailCode(1).message(), None);
        assert!(!Deflection::from("0").is_some() && Deflection::from("voicemail").is_some());
    }
}
