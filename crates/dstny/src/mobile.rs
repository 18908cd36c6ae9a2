//! Group "Mobile Subscriber": settings of a mobile number that belongs to the organization.

use crate::Error;
use crate::client::{Call, Client};

impl Client {
    /// Whether incoming calls show the full number of the caller.
    ///
    /// # Errors
    /// As every request.
    pub async fn full_caller_id(&self, number: &str) -> Result<bool, Error> {
        self.one(Call::of("mobile.fullcallerid.get").at("number", number)).await
    }

    /// Sets whether incoming calls show the full number of the caller.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_full_caller_id(&self, number: &str, enable: bool) -> Result<(), Error> {
        self.done(Call::of("mobile.fullcallerid.set").at("number", number).with("enable", enable)).await
    }

    /// Which number others see: one of four settings, by number. Their meaning is lost in the document.
    ///
    /// # Errors
    /// As every request.
    pub async fn number_presentation(&self, number: &str) -> Result<i64, Error> {
        self.one(Call::of("mobile.presentation.get").at("number", number)).await
    }

    /// Sets which number others see.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_number_presentation(&self, number: &str, value: i64) -> Result<(), Error> {
        self.done(Call::of("mobile.presentation.set").at("number", number).with("value", value)).await
    }

    /// Sets whether the number is part of the telephone system.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_pbx_integration(&self, number: &str, enable: bool) -> Result<(), Error> {
        self.done(Call::of("mobile.pbxintegration.set").at("number", number).with("enable", enable)).await
    }

    /// Sets whether calls go by way of the telephone system.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_route_to_pbx(&self, number: &str, enable: bool) -> Result<(), Error> {
        self.done(Call::of("mobile.routetopbx.set").at("number", number).with("enable", enable)).await
    }
}
