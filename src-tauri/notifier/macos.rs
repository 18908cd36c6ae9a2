//! Notifications on macOS: `UNUserNotificationCenter`, through the crate `mac-usernotifications`.
//!
//! Not run yet: this was type-checked for macOS and written from the crate's sources. Notifications of an app without
//! a bundle identifier (a plain development build) are refused by the system; then the plugin shows them. A ringing
//! call is time-sensitive, which breaks through Focus where the user allows it.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use mac_usernotifications::action::Action;
use mac_usernotifications::{InterruptionLevel, Notification, check_bundle, close_delivered};
use model::Problem;

use super::{Note, Notifier, OnPress, Press, Weight, not_shown};

/// The notifier.
pub(super) struct Center {
    on_press: OnPress,
    fallback: Arc<dyn Notifier>,
    /// Asks in their order: one must be done before the next begins, or a withdrawal could overtake.
    turn: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

impl Center {
    pub(super) fn new(on_press: OnPress, fallback: Arc<dyn Notifier>) -> Self {
        Self { on_press, fallback, turn: Arc::default() }
    }

    /// Runs `work` after whatever was asked before it.
    fn in_turn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> tokio::sync::oneshot::Receiver<T> {
        let (answer, wait) = tokio::sync::oneshot::channel();
        let (done, before_next) = tokio::sync::oneshot::channel::<()>();
        let next = async { drop(before_next.await) }.boxed();
        let before = self.turn.lock().unwrap_or_else(PoisonError::into_inner).replace(next);
        tauri::async_runtime::spawn(async move {
            if let Some(before) = before {
                before.await;
            }
            let _ = answer.send(work.await);
            let _ = done.send(());
        });
        wait
    }
}

impl Notifier for Center {
    fn show(&self, note: Note) -> BoxFuture<'static, Result<(), Problem>> {
        let (on_press, fallback) = (Arc::clone(&self.on_press), Arc::clone(&self.fallback));
        let shown = self.in_turn(async move {
            let native = check_bundle();
            if native.is_err() {
                return fallback.show(note).await;
            }
            let mut notification = Notification::new().title(&note.title).message(&note.body).id(&note.tag);
            for (press, label) in &note.buttons {
                notification = notification.action(Action::button(press.key(), label.as_str()));
            }
            if note.weight == Weight::Ringing {
                notification = notification.interruption_level(InterruptionLevel::TimeSensitive);
            }
            let handle = notification.send().await.map_err(|error| not_shown(error.to_string()))?;
            tauri::async_runtime::spawn(async move {
                let Ok(response) = handle.response().await else { return };
                if response.is_default_action() {
                    on_press(&note.tag, Press::Open);
                } else if let Some(press) = Press::from_key(&response.action_identifier) {
                    on_press(&note.tag, press);
                }
            });
            Ok(())
        });
        async { shown.await.unwrap_or_else(|_| Err(not_shown("the notifier has ended"))) }.boxed()
    }

    fn withdraw(&self, tag: &str) {
        let tag = tag.to_owned();
        let fallback = Arc::clone(&self.fallback);
        drop(self.in_turn(async move {
            fallback.withdraw(&tag);
            close_delivered(&tag).await;
        }));
    }

    fn settled(&self) -> BoxFuture<'static, ()> {
        let before = self.in_turn(async {});
        async { before.await.unwrap_or_default() }.boxed()
    }

    fn describe(&self) -> BoxFuture<'static, Result<String, Problem>> {
        async {
            check_bundle().map_err(|error| not_shown(error.to_string()))?;
            Ok("UNUserNotificationCenter".to_owned())
        }
        .boxed()
    }
}
