//! Notices and trends. In the making.

use model::QueueTrend;

use crate::Engine;

impl Engine {
    /// How the figures of all queues went while Offhook ran.
    pub fn queue_trends(&self) -> Vec<QueueTrend> {
        Vec::new()
    }

    /// Puts a notice aside.
    pub fn dismiss_notice(&self, _key: &str) {}
}
