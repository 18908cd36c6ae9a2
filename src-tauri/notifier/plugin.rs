//! The fallback: Tauri's notification plugin. It shows and reports clicks everywhere, but can neither stay while it
//! rings nor, on Windows and macOS, be withdrawn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::Problem;
use tauri::AppHandle;
use tauri_plugin_notification::{Action, ActionType, ActiveNotification, NotificationExt};

use super::{Note, Notifier, OnPress, Press, Weight, not_shown};

/// The name of the action type with Answer and Decline.
const CALL: &str = "call";

/// The notifier.
pub(super) struct Plugin {
    app: AppHandle,
    /// The plugin names notifications by number.
    numbers: Arc<Mutex<HashMap<String, i32>>>,
}

impl Plugin {
    pub(super) fn new(app: &AppHandle, on_press: &OnPress) -> Self {
        let numbers = Arc::<Mutex<HashMap<String, i32>>>::default();
        let (known, on_press) = (Arc::clone(&numbers), Arc::clone(on_press));
        let listening = app.notification().on_action(move |performed| {
            let Some(number) = performed.notification().map(ActiveNotification::id) else { return };
            let numbers = known.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(tag) = numbers.iter().find(|(_, id)| **id == number).map(|(tag, _)| tag.clone()) else {
                return;
            };
            drop(numbers);
            on_press(&tag, Press::from_key(performed.action_id()).unwrap_or(Press::Open));
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "clicks on notifications of the plugin will not be heard");
        }
        Self { app: app.clone(), numbers }
    }

    fn number(&self, tag: &str) -> i32 {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.values().max().map_or(1, |last| last + 1);
        *numbers.entry(tag.to_owned()).or_insert(next)
    }
}

impl Notifier for Plugin {
    fn show(&self, note: Note) -> BoxFuture<'static, Result<(), Problem>> {
        let number = self.number(&note.tag);
        let notification = self.app.notification();
        let mut builder = notification.builder().id(number).title(note.title).body(note.body);
        if note.weight == Weight::Ringing {
            let buttons =
                note.buttons.iter().map(|(press, label)| Action::builder(press.key(), label).build());
            let call = ActionType::builder(CALL).actions(buttons.collect()).build();
            // Registered at each call: the labels follow the language.
            if notification.register_action_types(vec![call]).is_ok() {
                builder = builder.action_type_id(CALL);
            }
        }
        let shown = builder.show().map_err(|error| not_shown(error.to_string()));
        async { shown }.boxed()
    }

    fn withdraw(&self, tag: &str) {
        let number = self.numbers.lock().unwrap_or_else(PoisonError::into_inner).remove(tag);
        if let Some(number) = number
            && let Err(error) = self.app.notification().remove_active(vec![number])
        {
            tracing::debug!(%error, "a notification of the plugin was gone already");
        }
    }

    fn settled(&self) -> BoxFuture<'static, ()> {
        // Nothing is put off.
        async {}.boxed()
    }

    fn describe(&self) -> BoxFuture<'static, Result<String, Problem>> {
        async { Ok("Tauri's notification plugin".to_owned()) }.boxed()
    }
}
