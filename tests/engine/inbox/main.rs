//! Tickets of Daktela and LiveAgent in one inbox, through the whole engine, over real HTTP.

mod killed;
mod letters;
mod lists;
mod writing;

use model::Platform;

/// The platforms that have tickets.
const BOTH: [Platform; 2] = [Platform::Daktela, Platform::LiveAgent];
