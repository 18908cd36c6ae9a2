//! Fields of tickets, customers and records: what they are called, what they hold, and what of them may be changed.
//!
//! Every value is a list of texts, whatever the kind, so that two versions of a record can be compared field by field
//! and nothing a platform sends is lost on the way.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The keys of fields that have the same meaning on every platform. All others belong to one account.
pub mod field {
    /// Subject.
    pub const TITLE: &str = "title";
    /// Where it stands: a word of [`crate::Stage`].
    pub const STAGE: &str = "stage";
    /// How urgent it is: a word of [`crate::Priority`].
    pub const PRIORITY: &str = "priority";
    /// Whose it is: the platform's name of a user, or nothing.
    pub const OWNER: &str = "owner";
    /// Category or department: the platform's name of it.
    pub const CATEGORY: &str = "category";
    /// Statuses (dispositions) of the category.
    pub const STATUSES: &str = "statuses";
    /// Tags.
    pub const TAGS: &str = "tags";
    /// When it opens again by itself.
    pub const REOPEN: &str = "reopen";
    /// Who follows it.
    pub const FOLLOWERS: &str = "followers";
    /// The ticket it is part of.
    pub const PARENT: &str = "parent";
    /// The customer: the platform's name of a contact.
    pub const CONTACT: &str = "contact";
    /// The customer's e-mail address.
    pub const EMAIL: &str = "email";
    /// Explanation for colleagues.
    pub const DESCRIPTION: &str = "description";
    /// Groups of a customer.
    pub const GROUPS: &str = "groups";
}

/// How a field is filled in, and what stands in its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A number, as text.
    Number,
    /// One of the options, or nothing.
    Choice,
    /// Any of the options.
    Choices,
    /// Words of one's own, with the options as proposals.
    Tags,
    /// `1` or nothing.
    Flag,
    /// `2026-11-22`.
    Date,
    /// A moment: milliseconds since the Unix epoch, as text.
    Time,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Link,
}

/// One option of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldOption {
    /// What stands in the values.
    pub value: String,
    /// What the agent reads; empty for the words of [`crate::Stage`] and [`crate::Priority`], which the page translates.
    pub title: String,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormField {
    /// Its name: of [`field`], or the platform's own behind `custom.`.
    pub key: String,
    /// What the agent reads; empty for the keys of [`field`], which the page translates.
    pub title: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// What it holds now.
    pub values: Vec<String>,
    /// What may be chosen.
    pub options: Vec<FieldOption>,
    /// Must not be empty.
    pub required: bool,
    /// May be changed by this agent.
    pub editable: bool,
}

/// One field as it was when the agent began, and as the agent wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldEdit {
    /// Its key.
    pub key: String,
    /// What it held when the agent saw it. If the platform has something else by now, nothing is overwritten.
    pub was: Vec<String>,
    /// What it shall hold.
    pub now: Vec<String>,
}

/// A field that somebody else changed while the agent did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldConflict {
    /// The field as it is on the platform now, with what may be chosen.
    pub theirs: FormField,
    /// What it held when the agent began.
    pub was: Vec<String>,
    /// What the agent wants.
    pub mine: Vec<String>,
}
