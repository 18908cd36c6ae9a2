//! Group "User Line": the number that others see when the user calls.

use crate::Error;
use crate::answer::Written;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};

words! {
    /// What kind of line it is.
    pub enum LineType {
        /// None is shown.
        Anonymous = "ANONYMOUS",
        /// The number of a queue.
        Acd = "ACD",
        /// The number of a simple queue.
        AcdLight = "ACD_LIGHT",
        /// The number of an attendant group.
        Attendant = "ATTENDANT",
        /// The number of the switchboard.
        Switchboard = "SWITCHBOARD",
        /// The user's fixed line at work.
        OfficeFixed = "OFFICE_FIXED",
        /// The user's private fixed line.
        PrivateFixed = "PRIVATE_FIXED",
        /// The user's mobile at work.
        OfficeMobile = "OFFICE_MOBILE",
        /// The user's private mobile.
        PrivateMobile = "PRIVATE_MOBILE",
    }
}

object! {
    /// Which line is meant.
    pub struct LineChoice {
        /// What kind.
        kind: Option<LineType> = "type",
        /// For the user's own lines 0 is the first and 1 the second; for groups the number of the group.
        group_id: Option<i64> = "groupId",
    }
}

object! {
    /// A line that the user may call from.
    pub struct Line {
        /// What kind.
        kind: Option<LineType> = "type",
        /// See [`LineChoice::group_id`].
        group_id: Option<i64> = "groupId",
        /// The number.
        number: Option<String> = "number",
        /// What it is called.
        name: Option<String> = "name",
        /// Whether it is the one that is used.
        active: Option<bool> = "active",
    }
}

impl Client {
    /// All lines the user can use.
    ///
    /// # Errors
    /// As every request.
    pub async fn lines(&self) -> Result<Vec<Line>, Error> {
        self.list(Call::of("userline.list"), "line").await
    }

    /// The line that is used now.
    ///
    /// # Errors
    /// As every request.
    pub async fn line(&self) -> Result<Line, Error> {
        self.one(Call::of("userline.get")).await
    }

    /// Uses this line from now on.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn set_line(&self, line: &LineChoice) -> Result<Written, Error> {
        self.one(Call::of("userline.set").json(&line.write())).await
    }
}
