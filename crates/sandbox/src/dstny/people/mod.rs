//! Answers of this room.

use super::Context;
use super::answer::Told;
use crate::world::World;

/// What this room keeps.
#[derive(Debug)]
pub(crate) struct People;

impl People {
    pub(super) fn new(_world: &World) -> Self {
        Self
    }
}

pub(super) fn answer(_cx: &mut Context<'_>) -> Told {
    None
}
