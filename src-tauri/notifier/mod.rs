//! System notifications behind one trait.
//!
//! Each system has an implementation of its own, because what a ringing call needs (it stays while it rings, it has
//! Answer and Decline, it can be withdrawn the moment it is over) is exactly what a common denominator lacks. Where the
//! native one cannot show, the Tauri plugin shows at least a plain notification.
//!
//! A notification is named by its `tag`; showing the same tag again replaces it in place.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::{Problem, ProblemCode};
use tauri::AppHandle;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod plugin;
#[cfg(target_os = "windows")]
mod windows;

/// What was pressed on a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// The notification itself.
    Open,
    /// Its button "Answer".
    Answer,
    /// Its button "Decline".
    Decline,
}

impl Press {
    /// The name that goes to the system and comes back.
    fn key(self) -> &'static str {
        match self {
            Self::Open => "default",
            Self::Answer => "answer",
            Self::Decline => "decline",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        [Self::Open, Self::Answer, Self::Decline].into_iter().find(|press| press.key() == key)
    }
}

/// How much a notification matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// A call: stays until it is withdrawn, breaks through where the system allows that.
    Ringing,
    /// A word in passing.
    Plain,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// Its name; the same name replaces.
    pub tag: String,
    /// The first line, plain text.
    pub title: String,
    /// The second line, plain text.
    pub body: String,
    /// How much it matters.
    pub weight: Weight,
    /// Its buttons with their labels.
    pub buttons: Vec<(Press, String)>,
}

/// Called with the tag and what was pressed, on any thread.
pub(crate) type OnPress = Arc<dyn Fn(&str, Press) + Send + Sync>;

/// Shows notifications and takes them back. Calls return at once and take effect in their order.
pub(crate) trait Notifier: Send + Sync {
    /// Shows `note`, replacing one of the same tag. The future tells whether it shows; it need not be awaited.
    fn show(&self, note: Note) -> BoxFuture<'static, Result<(), Problem>>;

    /// Takes the notification away, also out of the system's history. Fine if it is gone already.
    fn withdraw(&self, tag: &str);

    /// Waits until everything asked so far has been done, so that nothing stays behind when the program ends.
    fn settled(&self) -> BoxFuture<'static, ()>;

    /// What shows the notifications on this computer, for support.
    ///
    /// # Errors
    /// When nothing does.
    fn describe(&self) -> BoxFuture<'static, Result<String, Problem>>;
}

/// The notifier of this system.
pub(crate) fn start(app: &AppHandle, on_press: OnPress) -> Arc<dyn Notifier> {
    let plugin: Arc<dyn Notifier> = Arc::new(plugin::Plugin::new(app, &on_press));
    #[cfg(target_os = "linux")]
    return Arc::new(linux::Dbus::start(on_press, plugin));
    #[cfg(target_os = "windows")]
    return Arc::new(windows::Toasts::new(app, on_press, plugin));
    #[cfg(target_os = "macos")]
    return Arc::new(macos::Center::new(on_press, plugin));
}

fn not_shown(why: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::NotPossible).with("what", "notifications").with("reason", why)
}
