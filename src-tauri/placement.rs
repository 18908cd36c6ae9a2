//! Where windows go: arithmetic over monitors, without a window system.
//!
//! All values are physical pixels of one desktop-wide plane, on which monitors lie side by side. A remembered place is
//! only honoured as far as it is on a monitor that is there now.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Distance of the pop-up from the edges of the work area.
const MARGIN: i32 = 16;

/// A rectangle on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Area {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Area {
    /// Whether the point lies inside.
    pub(crate) fn holds(&self, (x, y): (i32, i32)) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// The place nearest to `at` where a window of this size lies wholly inside; the upper left corner when it is
    /// too large.
    fn clamp(&self, at: (i32, i32), size: (i32, i32)) -> (i32, i32) {
        let fit = |at: i32, from: i32, room: i32, size: i32| at.min(from + room - size).max(from);
        (fit(at.0, self.x, self.width, size.0), fit(at.1, self.y, self.height, size.1))
    }
}

/// Where the pop-up goes: where it was dragged to, if that is on a monitor; else into the lower right corner of the work
/// area with the pointer, else of the first one. Nothing when there is no monitor.
pub(crate) fn popup(
    dragged_to: Option<(i32, i32)>,
    size: (i32, i32),
    work_areas: &[Area],
    pointer: Option<(i32, i32)>,
) -> Option<(i32, i32)> {
    if let Some(at) = dragged_to {
        let middle = (at.0 + size.0 / 2, at.1 + size.1 / 2);
        if let Some(area) = work_areas.iter().find(|area| area.holds(middle)) {
            return Some(area.clamp(at, size));
        }
    }
    let under_pointer = pointer.and_then(|pointer| work_areas.iter().find(|area| area.holds(pointer)));
    let area = under_pointer.or_else(|| work_areas.first())?;
    let corner = (area.x + area.width - size.0 - MARGIN, area.y + area.height - size.1 - MARGIN);
    Some(area.clamp(corner, size))
}

/// Where the main window goes: where it was, if enough of it to be dragged is on a monitor that is there.
pub(crate) fn main(was: Option<Area>, work_areas: &[Area]) -> Option<Area> {
    let was = was?;
    let handle = (was.x + was.width / 2, was.y + MARGIN);
    let area = work_areas.iter().find(|area| area.holds(handle))?;
    let (width, height) = (was.width.min(area.width), was.height.min(area.height));
    let (x, y) = area.clamp((was.x, was.y), (width, height));
    Some(Area { x, y, width, height })
}

/// What is remembered of the windows and of the dialogs they open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Memory {
    /// Where the agent dragged the pop-up to.
    pub popup: Option<(i32, i32)>,
    /// Where the main window was.
    pub main: Option<Area>,
    /// The folder the last file was saved in.
    pub saved_in: Option<PathBuf>,
}

impl Memory {
    fn file(dir: &Path) -> PathBuf {
        dir.join("windows.json")
    }

    /// What was kept in this folder; nothing if it cannot be read.
    pub(crate) fn load(dir: &Path) -> Self {
        let text = std::fs::read_to_string(Self::file(dir)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps it in this folder.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save(&self, dir: &Path) -> std::io::Result<()> {
        std::fs::write(Self::file(dir), serde_json::to_string(self)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEFT: Area = Area { x: 0, y: 30, width: 1280, height: 994 };
    const RIGHT: Area = Area { x: 1280, y: 0, width: 1920, height: 1080 };
    const SIZE: (i32, i32) = (380, 240);

    #[test]
    fn it_comes_up_on_the_monitor_with_the_pointer_and_stays_where_it_was_dragged() {
        let areas = [LEFT, RIGHT];
        assert_eq!(
            popup(None, SIZE, &areas, Some((2000, 500))),
            Some((1280 + 1920 - 380 - 16, 1080 - 240 - 16))
        );
        assert_eq!(popup(None, SIZE, &areas, None), Some((1280 - 380 - 16, 30 + 994 - 240 - 16)));
        assert_eq!(popup(Some((100, 100)), SIZE, &areas, Some((2000, 500))), Some((100, 100)));
    }

    #[test]
    fn an_unplugged_monitor_takes_no_window_with_it() {
        let at = popup(Some((2500, 400)), SIZE, &[LEFT], Some((10, 40))).unwrap();
        assert!(LEFT.holds(at));
        assert_eq!(main(Some(Area { x: 1400, y: 100, width: 1000, height: 700 }), &[LEFT]), None);
        assert_eq!(popup(None, SIZE, &[], None), None);
    }

    proptest! {
        /// Wherever it was dragged, whatever monitors are there: the whole window can be seen.
        #[test]
        fn it_is_always_wholly_on_a_monitor(
            dragged in prop::option::of((-5000..5000, -5000..5000)),
            pointer in prop::option::of((-5000..5000, -5000..5000)),
            both in any::<bool>(),
        ) {
            let areas = if both { vec![LEFT, RIGHT] } else { vec![LEFT] };
            let at = popup(dragged, SIZE, &areas, pointer).unwrap();
            let far = (at.0 + SIZE.0 - 1, at.1 + SIZE.1 - 1);
            prop_assert!(areas.iter().any(|area| area.holds(at) && area.holds(far)));
        }
    }
}
