//! The application itself: its version, its clock, and whether a key is the right one.

use jiff::Timestamp;
use wire::Error;

use crate::call::Call;
use crate::client::Client;
use crate::loose::record;
use crate::time::AccountTime;
use crate::v3;
use crate::zone::{self, Observed};

record! {
    /// What the application says about itself.
    pub struct ApplicationStatus {
        /// The version of LiveAgent.
        version: Option<String> = "liveagentversion",
        /// The version of the vendor's framework below.
        framework_version: Option<String> = "gpfversion",
        /// When it was installed.
        installed: Option<AccountTime> = "dateinstalled",
        /// When it was updated last.
        updated: Option<AccountTime> = "datelatestupdate",
        /// What time it is there now.
        current_server_time: Option<AccountTime> = "current_server_time",
    }
}

/// What a key turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyCheck {
    /// It is accepted.
    Accepted(ApplicationStatus),
    /// It is a key of API v3: both versions have keys of their own, made on different pages of the settings.
    OfVersion3,
    /// Neither version knows it.
    Unknown,
}

impl Client {
    /// What the application says about itself.
    ///
    /// # Errors
    /// As every request.
    pub async fn application_status(&self) -> Result<ApplicationStatus, Error> {
        self.one(Call::get(["application", "status"])).await
    }

    /// The offset of the account's clock, measured against the server's own `Date` (or, without one, against this
    /// computer's clock); for [`crate::Zone::observe`]. `None` if the clock makes no sense.
    ///
    /// # Errors
    /// As every request.
    pub async fn observe_offset(&self) -> Result<Option<Observed>, Error> {
        let content = self.open(Call::get(["application", "status"])).await?;
        let now = content.date.unwrap_or_else(Timestamp::now);
        Ok(zone::observed(&content.one()?, now))
    }

    /// Tries the key. One that is refused is shown to API v3 of the same account too, because the platform's own words
    /// ("ApiKey not found") do not say that it is merely a key of the other version.
    ///
    /// # Errors
    /// As every request, except [`Error::SignInNeeded`].
    pub async fn check_key(&self) -> Result<KeyCheck, Error> {
        match self.application_status().await {
            Ok(status) => Ok(KeyCheck::Accepted(status)),
            Err(Error::SignInNeeded) if !self.key().is_empty() => {
                match v3::accepts(self.line(), self.base(), self.class(), &self.key()).await {
                    Ok(()) => Ok(KeyCheck::OfVersion3),
                    // Whatever else stands there: it is the key of v1 that was asked about.
                    Err(_not_that_one) => Ok(KeyCheck::Unknown),
                }
            }
            Err(Error::SignInNeeded) => Ok(KeyCheck::Unknown),
            Err(error) => Err(error),
        }
    }
}
