//! Group "Call Recording": on-demand recording of a call. Needs a licence for Cloud CTI.
//!
//! There are two ways, by the user's configuration: start and stop, or a recording that runs by itself and is thrown
//! away at the end of the call unless it was saved. A call's `actions` say which commands it takes.

use crate::Error;
use crate::call_control::Known;
use crate::call_state::CallState;
use crate::client::Client;

impl Client {
    /// Takes back a save: the recording will be discarded at the end of the call.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_discard(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.discard")).await
    }

    /// Pauses the recording.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_pause(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.pause")).await
    }

    /// Goes on with a paused recording.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_resume(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.resume")).await
    }

    /// Keeps the recording of the whole call, beyond the end of the call.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_save(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.save")).await
    }

    /// Begins to record from here.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_start(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.start")).await
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// As every command.
    pub async fn recording_stop(&self, call: Known<'_>) -> Result<CallState, Error> {
        self.one(call.command("rec.stop")).await
    }
}
