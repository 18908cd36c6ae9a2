//! Event streams (`text/event-stream`): the parser, the driver that keeps one subscription fresh, and the budget that shares
//! an account's few connections among many subscriptions.
//!
//! ```text
//! bytes ─► Parser ─► Driver ─► Subscriber (the platform: how to open, what the whole is, what an event means)
//!                       ▲
//!                    Budget: own calls first, then queues, then what is on the screen
//! ```

mod budget;
mod driver;
mod heartbeat;
mod parser;
mod reading;
mod subscriber;
mod told;

pub use crate::link::{Link, LinkState};
pub use budget::{Budget, BudgetLimits, Handle, Priority};
pub use driver::{Driver, Ended, Limits};
pub use heartbeat::Silence;
pub use parser::{Event, Item, Parser, ParserLimits};
pub use subscriber::{Body, Stream, Subscriber, Taken, Verdict};
pub use told::{Figures, Way};
