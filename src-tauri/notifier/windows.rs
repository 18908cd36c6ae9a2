//! Notifications on Windows: toasts through WinRT.
//!
//! Not run yet: this was type-checked for Windows and written from Microsoft's toast schema. The scenario
//! `incomingCall` keeps the toast on the screen while it rings; tag and group let us take it away again, also out of
//! the action centre. A toast shows only under an application id that the installer has registered (the Start-menu
//! shortcut carries it); where that is missing the plugin shows a plain one.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::Problem;
use tauri::{AppHandle, Manager};
use windows::Data::Xml::Dom::XmlDocument;
use windows::Foundation::TypedEventHandler;
use windows::UI::Notifications::{ToastActivatedEventArgs, ToastNotification, ToastNotificationManager};
use windows::core::{HSTRING, IInspectable, Interface};

use super::{Note, Notifier, OnPress, Press, Weight, not_shown};

const GROUP: &str = "offhook";
/// Windows refuses longer tags.
const LONGEST_TAG: usize = 64;

/// The notifier.
pub(super) struct Toasts {
    app_id: HSTRING,
    on_press: OnPress,
    fallback: Arc<dyn Notifier>,
}

impl Toasts {
    pub(super) fn new(app: &AppHandle, on_press: OnPress, fallback: Arc<dyn Notifier>) -> Self {
        Self { app_id: HSTRING::from(app.config().identifier.as_str()), on_press, fallback }
    }

    fn toast(&self, note: &Note) -> windows::core::Result<()> {
        let document = XmlDocument::new()?;
        document.LoadXml(&HSTRING::from(xml(note)))?;
        let toast = ToastNotification::CreateToastNotification(&document)?;
        toast.SetTag(&tag(&note.tag))?;
        toast.SetGroup(&HSTRING::from(GROUP))?;
        let (on_press, name) = (Arc::clone(&self.on_press), note.tag.clone());
        toast.Activated(&TypedEventHandler::<ToastNotification, IInspectable>::new(
            move |_, arguments| {
                let key = arguments
                    .as_ref()
                    .and_then(|arguments| arguments.cast::<ToastActivatedEventArgs>().ok())
                    .and_then(|arguments| arguments.Arguments().ok())
                    .map(|arguments| arguments.to_string())
                    .unwrap_or_default();
                on_press(&name, Press::from_key(&key).unwrap_or(Press::Open));
                Ok(())
            },
        ))?;
        ToastNotificationManager::CreateToastNotifierWithId(&self.app_id)?.Show(&toast)
    }
}

impl Notifier for Toasts {
    fn show(&self, note: Note) -> BoxFuture<'static, Result<(), Problem>> {
        match self.toast(&note) {
            Ok(()) => async { Ok(()) }.boxed(),
            Err(error) => {
                tracing::warn!(%error, "a toast did not show: trying the plugin");
                self.fallback.show(note)
            }
        }
    }

    fn withdraw(&self, name: &str) {
        let removed = ToastNotificationManager::History().and_then(|history| {
            history.RemoveGroupedTagWithId(&tag(name), &HSTRING::from(GROUP), &self.app_id)
        });
        if let Err(error) = removed {
            tracing::debug!(%error, "a toast was gone already");
        }
        self.fallback.withdraw(name);
    }

    fn settled(&self) -> BoxFuture<'static, ()> {
        // Nothing is put off.
        async {}.boxed()
    }

    fn describe(&self) -> BoxFuture<'static, Result<String, Problem>> {
        let setting = ToastNotificationManager::CreateToastNotifierWithId(&self.app_id)
            .and_then(|notifier| notifier.Setting());
        async move {
            let setting = setting.map_err(|error| not_shown(error.to_string()))?;
            Ok(format!("toasts, setting {}", setting.0))
        }
        .boxed()
    }
}

fn tag(name: &str) -> HSTRING {
    HSTRING::from(name.chars().take(LONGEST_TAG).collect::<String>())
}

fn xml(note: &Note) -> String {
    let scenario = match note.weight {
        Weight::Ringing => " scenario=\"incomingCall\"",
        Weight::Plain => "",
    };
    let buttons: String = note
        .buttons
        .iter()
        .map(|(press, label)| {
            format!(
                "<action activationType=\"foreground\" arguments=\"{}\" content=\"{}\"/>",
                press.key(),
                escape(label)
            )
        })
        .collect();
    format!(
        "<toast launch=\"{}\"{scenario}><visual><binding template=\"ToastGeneric\"><text>{}</text><text>{}</text>\
         </binding></visual><actions>{buttons}</actions><audio silent=\"true\"/></toast>",
        Press::Open.key(),
        escape(&note.title),
        escape(&note.body),
    )
}

fn escape(text: &str) -> String {
    text.chars()
        // XML has no way to write control characters.
        .filter(|c| !c.is_control())
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
