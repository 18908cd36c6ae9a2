//! Groups "Calls", "Line State" and "SMS": the simple ways to start something, without a licence for call control.

use jiff::Timestamp;
use serde_json::json;

use crate::Error;
use crate::answer::Written;
use crate::client::{Call, Client};
use crate::loose::{object, words};

words! {
    /// How a mobile call is transferred.
    pub enum MobileTransferType {
        /// At once.
        Blind = "BLIND_TRANSFER",
        /// After a talk with the destination.
        Attended = "ATTENDED_TRANSFER",
    }
}

object! {
    /// A transfer that is under way.
    pub struct MobileTransfer {
        /// Its identifier, for cancelling it.
        id: Option<String> = "id",
        /// How.
        kind: Option<MobileTransferType> = "type",
        /// Where to.
        destination: Option<String> = "destination",
        /// When it began.
        started: Option<Timestamp> = "transferStartTime",
    }
}

object! {
    /// The wrapping of a transfer.
    pub struct MobileTransferAnswer {
        /// The transfer, if there is one.
        transfer: Option<MobileTransfer> = "transferId",
    }
}

object! {
    /// How long somebody counts as being in a call that the platform does not see.
    pub struct ExternalLineState {
        /// Until then.
        expires_on: Option<Timestamp> = "expiresOn",
    }
}

/// How a call-back is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallBack {
    /// In which role: `PRIVATE`, `BUSINESS` or one of the organization's.
    pub role: Option<String>,
    /// Past the diversions of the one called.
    pub bypass: bool,
    /// Into a call that is going on.
    pub intrude: bool,
    /// By way of the mobile network.
    pub via_gsm: bool,
}

impl Client {
    /// Rings the user at a place of theirs (`mobile`, see the answer places of the configuration) and then calls a
    /// number or contact (`user@domain`): the simple click-to-call.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn call_back(&self, place: &str, to: &str, how: &CallBack) -> Result<Written, Error> {
        let call = Call::of("calls.callback")
            .at("aptype", place)
            .at("cid", to)
            .maybe("role", how.role.as_ref())
            .maybe("bypass", how.bypass.then_some(true))
            .maybe("intrude", how.intrude.then_some(true))
            .maybe("callback-via-gsm", how.via_gsm.then_some(true));
        self.one(call).await
    }

    /// Transfers the user's mobile call to a number.
    ///
    /// # Errors
    /// As every request.
    pub async fn mobile_transfer(
        &self,
        kind: &MobileTransferType,
        destination: &str,
    ) -> Result<Option<MobileTransfer>, Error> {
        let call =
            Call::of("calls.transfer.start").with("transferType", kind).with("destination", destination);
        self.one::<MobileTransferAnswer>(call).await.map(|answer| answer.transfer)
    }

    /// The transfer that is under way, if any.
    ///
    /// # Errors
    /// As every request.
    pub async fn mobile_transfer_status(&self) -> Result<Option<MobileTransfer>, Error> {
        self.one::<MobileTransferAnswer>(Call::of("calls.transfer.status"))
            .await
            .map(|answer| answer.transfer)
    }

    /// Cancels an attended transfer.
    ///
    /// # Errors
    /// As every request.
    pub async fn mobile_transfer_cancel(&self, transfer_id: &str) -> Result<(), Error> {
        self.done(Call::of("calls.transfer.cancel").at("transferId", transfer_id)).await
    }

    /// The line state that was set under this name.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn line_state(&self, external_id: &str) -> Result<ExternalLineState, Error> {
        self.one(Call::of("linestate.get").at("externalId", external_id)).await
    }

    /// Makes the user count as being in a call, under a name of the caller's choice.
    ///
    /// # Errors
    /// As every request.
    pub async fn create_line_state(&self, external_id: &str) -> Result<ExternalLineState, Error> {
        self.one(Call::of("linestate.create").at("externalId", external_id)).await
    }

    /// Makes that last longer.
    ///
    /// # Errors
    /// As every request.
    pub async fn update_line_state(&self, external_id: &str) -> Result<ExternalLineState, Error> {
        self.one(Call::of("linestate.update").at("externalId", external_id)).await
    }

    /// Ends that.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_line_state(&self, external_id: &str) -> Result<(), Error> {
        self.done(Call::of("linestate.delete").at("externalId", external_id)).await
    }

    /// Sends a text message. The number is expanded by the number plan of the organization.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn send_sms(&self, to: &str, text: &str) -> Result<Written, Error> {
        self.one(Call::of("sms.send").json(&json!({ "to": to, "smsText": text }))).await
    }
}
