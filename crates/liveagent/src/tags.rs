//! Tags.

use wire::Error;

use crate::call::{Call, params};
use crate::client::Client;
use crate::loose::record;
use crate::paging::List;

record! {
    /// A tag.
    pub struct Tag {
        /// Which one.
        id: String = "id",
        /// What it says.
        name: Option<String> = "name",
        /// The colour of its text, six hexadecimal digits. Only in the detail.
        color: Option<String> = "color",
        /// The colour behind it. Only in the detail.
        background: Option<String> = "bg_color",
    }
}

params! {
    /// A tag to add.
    #[derive(Default)]
    pub struct NewTag {
        /// What it says.
        name: String = "name",
        /// The colour of its text, six hexadecimal digits.
        color: Option<String> = "color",
        /// The colour behind it.
        background: Option<String> = "bg_color",
    }
}

params! {
    /// What to change of a tag.
    #[derive(Default)]
    pub struct TagChange {
        /// What it says.
        name: Option<String> = "name",
        /// The colour of its text, six hexadecimal digits.
        color: Option<String> = "color",
        /// The colour behind it.
        background: Option<String> = "bg_color",
    }
}

/// How a tag is named where one is put on or taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagName {
    /// By its id.
    Id(String),
    /// By what it says.
    Name(String),
}

impl TagName {
    pub(crate) fn name_in(&self, call: Call) -> Call {
        match self {
            Self::Id(id) => call.field("id", id),
            Self::Name(name) => call.field("name", name),
        }
    }
}

impl Client {
    /// All tags.
    ///
    /// # Errors
    /// As every request.
    pub async fn tags(&self) -> Result<List<Tag>, Error> {
        self.rows(Call::get(["tags"]), "tags").await
    }

    /// One tag, with its colours.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn tag(&self, tag: &str) -> Result<Tag, Error> {
        self.one(Call::get(["tags", tag])).await
    }

    /// Adds a tag and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn tag_add(&self, new: &NewTag) -> Result<Tag, Error> {
        self.one(Call::post(["tags"]).fields(new.pairs())).await
    }

    /// Changes a tag.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn tag_change(&self, tag: &str, change: &TagChange) -> Result<(), Error> {
        self.done(Call::put(["tags", tag]).fields(change.pairs())).await
    }

    /// Deletes a tag.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn tag_delete(&self, tag: &str) -> Result<(), Error> {
        self.done(Call::delete(["tags", tag])).await
    }
}
