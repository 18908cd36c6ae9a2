//! What Dstny says in the documents of the SIP world: who is on the phone (`application/dialog-info+xml`, RFC 4235) and who
//! can be reached (`application/pidf+xml`, RFC 3863, 4479, 4480, 4481, 4482).
//!
//! Pure parsers and pure state, no I/O: [`dialog_info`] and [`pidf`] read one document, [`DialogTable`] keeps the truth
//! over a series of them, and [`presence::summary`] says what a presence document means at a given moment. [`xml`] is
//! the reader below, for other small documents too. Whatever arrives, nothing here panics, and what it costs is bounded.

pub mod dialog_info;
mod dialog_table;
pub mod pidf;
pub mod presence;
pub mod xml;

pub use dialog_info::{Dialog, DialogInfo, DialogState, Direction, Extent, Lamp, lamp};
pub use dialog_table::{DialogTable, Outcome};
pub use pidf::Presence;
pub use presence::{Summary, summary};
