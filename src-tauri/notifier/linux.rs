//! Notifications on Linux: the Desktop Notifications Specification 1.2 over D-Bus, spoken directly.
//!
//! One task owns the connection for as long as Offhook runs: a daemon drops the notifications of a client that hangs
//! up, and pressed buttons arrive on it. All asks go through the task's queue, so that a withdrawal can never overtake
//! the showing it withdraws. When the daemon is replaced (a shell restarts) what still rings is shown again; when the
//! bus itself is gone the next ask connects anew. No call waits longer than [`PATIENCE`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use model::Problem;
use tokio::sync::{mpsc, oneshot};
use zbus::zvariant::Value;

use super::{Note, Notifier, OnPress, Press, Weight, not_shown};

/// How long the daemon may take. Bus activation of a missing daemon would wait 25 s.
const PATIENCE: Duration = Duration::from_secs(3);

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[allow(clippy::too_many_arguments, reason = "the signature is the specification's")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: &HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;
    fn close_notification(&self, id: u32) -> zbus::Result<()>;
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;
    fn get_server_information(&self) -> zbus::Result<(String, String, String, String)>;
    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

enum Ask {
    Show(Note, oneshot::Sender<Result<(), Problem>>),
    Withdraw(String),
    Settled(oneshot::Sender<()>),
    Describe(oneshot::Sender<Result<String, Problem>>),
}

/// The notifier.
pub(super) struct Dbus(mpsc::UnboundedSender<Ask>);

impl Dbus {
    /// Starts the task on the runtime this is called in.
    pub(super) fn start(on_press: OnPress, fallback: Arc<dyn Notifier>) -> Self {
        let (asks, inbox) = mpsc::unbounded_channel();
        let task = Task { on_press, fallback, shown: HashMap::new() };
        tauri::async_runtime::spawn(task.run(inbox));
        Self(asks)
    }

    fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(oneshot::Sender<Result<T, Problem>>) -> Ask,
    ) -> BoxFuture<'static, Result<T, Problem>> {
        let (answer, wait) = oneshot::channel();
        let _ = self.0.send(ask(answer));
        async { wait.await.unwrap_or_else(|_| Err(not_shown("the notifier has ended"))) }.boxed()
    }
}

impl Notifier for Dbus {
    fn show(&self, note: Note) -> BoxFuture<'static, Result<(), Problem>> {
        self.ask(|answer| Ask::Show(note, answer))
    }

    fn withdraw(&self, tag: &str) {
        let _ = self.0.send(Ask::Withdraw(tag.to_owned()));
    }

    fn settled(&self) -> BoxFuture<'static, ()> {
        let (answer, wait) = oneshot::channel();
        let _ = self.0.send(Ask::Settled(answer));
        async { wait.await.unwrap_or_default() }.boxed()
    }

    fn describe(&self) -> BoxFuture<'static, Result<String, Problem>> {
        self.ask(Ask::Describe)
    }
}

/// A connection with what arrives on it.
struct Daemon {
    proxy: NotificationsProxy<'static>,
    actions: ActionInvokedStream,
    closed: NotificationClosedStream,
    owners: zbus::proxy::OwnerChangedStream<'static>,
    /// What the daemon can do; empty until it is asked, forgotten when another takes its place.
    capabilities: Option<Vec<String>>,
}

impl Daemon {
    async fn connect() -> zbus::Result<Self> {
        let connection = zbus::Connection::session().await?;
        let proxy = NotificationsProxy::builder(&connection)
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?;
        let actions = proxy.receive_action_invoked().await?;
        let closed = proxy.receive_notification_closed().await?;
        let owners = proxy.inner().receive_owner_changed().await?;
        Ok(Self { proxy, actions, closed, owners, capabilities: None })
    }

    async fn show(&mut self, note: &Note, replaces: u32) -> zbus::Result<u32> {
        if self.capabilities.is_none() {
            self.capabilities = Some(self.proxy.get_capabilities().await?);
        }
        let can = |what: &str| self.capabilities.iter().flatten().any(|capability| capability == what);
        let body = if can("body-markup") { escape(&note.body) } else { note.body.clone() };
        let mut hints: HashMap<&str, Value<'_>> = HashMap::new();
        hints.insert("desktop-entry", Value::from("offhook"));
        let mut timeout = -1;
        if note.weight == Weight::Ringing {
            hints.insert("urgency", Value::from(2_u8));
            hints.insert("category", Value::from("call.incoming"));
            // A pressed button must not take the notification away before the platform has agreed.
            hints.insert("resident", Value::from(true));
            // The ring is ours: no second sound beside it.
            hints.insert("suppress-sound", Value::from(true));
            timeout = 0;
        }
        let mut actions = Vec::new();
        if can("actions") {
            for (press, label) in &note.buttons {
                actions.extend([press.key(), label.as_str()]);
            }
            actions.extend([Press::Open.key(), "Offhook"]);
        }
        self.proxy.notify("Offhook", replaces, "offhook", &note.title, &body, &actions, &hints, timeout).await
    }
}

/// What happened, seen by the task.
enum Heard {
    Ask(Ask),
    Pressed(u32, String),
    Closed(u32),
    NewDaemon,
    /// The connection is gone.
    Lost,
    End,
}

struct Task {
    on_press: OnPress,
    fallback: Arc<dyn Notifier>,
    /// What shows, by tag, with the daemon's number for it; no number when the fallback shows it.
    shown: HashMap<String, (Option<u32>, Note)>,
}

impl Task {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Ask>) {
        let mut daemon: Option<Daemon> = None;
        loop {
            match hear(&mut inbox, daemon.as_mut()).await {
                Heard::End => return,
                Heard::Lost => {
                    tracing::info!("the session bus is gone");
                    daemon = None;
                }
                Heard::Ask(Ask::Show(note, answer)) => {
                    let result = self.show(&mut daemon, note).await;
                    if let Err(problem) = &result {
                        tracing::warn!(%problem, "a notification did not show");
                    }
                    // Most callers do not wait for it.
                    let _ = answer.send(result);
                }
                Heard::Ask(Ask::Withdraw(tag)) => self.withdraw(daemon.as_ref(), &tag).await,
                Heard::Ask(Ask::Settled(answer)) => {
                    let _ = answer.send(());
                }
                Heard::Ask(Ask::Describe(answer)) => {
                    let _ = answer.send(describe(&mut daemon).await);
                }
                Heard::Pressed(id, key) => {
                    let tag = self.tag_of(id);
                    if let (Some(tag), Some(press)) = (tag, Press::from_key(&key)) {
                        (self.on_press)(&tag, press);
                    }
                }
                Heard::Closed(id) => {
                    if let Some(tag) = self.tag_of(id) {
                        self.shown.remove(&tag);
                    }
                }
                Heard::NewDaemon => {
                    if let Some(daemon) = &mut daemon {
                        daemon.capabilities = None;
                    }
                    self.show_again(&mut daemon).await;
                }
            }
        }
    }

    fn tag_of(&self, id: u32) -> Option<String> {
        self.shown.iter().find(|(_, (shown, _))| *shown == Some(id)).map(|(tag, _)| tag.clone())
    }

    async fn show(&mut self, daemon: &mut Option<Daemon>, note: Note) -> Result<(), Problem> {
        let replaces = self.shown.get(&note.tag).and_then(|(id, _)| *id).unwrap_or(0);
        let native = patiently(async {
            let daemon = connected(daemon).await?;
            daemon.show(&note, replaces).await
        })
        .await;
        match native {
            Ok(id) => {
                self.shown.insert(note.tag.clone(), (Some(id), note));
                Ok(())
            }
            Err(why) => {
                tracing::info!(why, "no notification daemon: trying the plugin");
                let tag = note.tag.clone();
                let shown = self.fallback.show(note.clone()).await;
                if shown.is_ok() {
                    self.shown.insert(tag, (None, note));
                    return Ok(());
                }
                // It may ring still when a daemon appears.
                if note.weight == Weight::Ringing {
                    self.shown.insert(tag, (None, note));
                }
                Err(not_shown(why))
            }
        }
    }

    /// After the daemon was replaced its numbers mean nothing any more.
    async fn show_again(&mut self, daemon: &mut Option<Daemon>) {
        let ringing: Vec<Note> = self
            .shown
            .drain()
            .map(|(_, (_, note))| note)
            .filter(|note| note.weight == Weight::Ringing)
            .collect();
        for note in ringing {
            if let Err(problem) = self.show(daemon, note).await {
                tracing::warn!(%problem, "a notification did not show again");
            }
        }
    }

    async fn withdraw(&mut self, daemon: Option<&Daemon>, tag: &str) {
        match self.shown.remove(tag) {
            Some((Some(id), _)) => {
                if let Some(daemon) = daemon {
                    // A daemon that has closed it already answers with an error; both are fine.
                    if let Err(why) = patiently(daemon.proxy.close_notification(id)).await {
                        tracing::debug!(why, "a notification was gone already");
                    }
                }
            }
            Some((None, _)) => self.fallback.withdraw(tag),
            None => {}
        }
    }
}

async fn hear(inbox: &mut mpsc::UnboundedReceiver<Ask>, daemon: Option<&mut Daemon>) -> Heard {
    let Some(daemon) = daemon else {
        return inbox.recv().await.map_or(Heard::End, Heard::Ask);
    };
    tokio::select! {
        ask = inbox.recv() => ask.map_or(Heard::End, Heard::Ask),
        signal = daemon.actions.next() => match signal {
            Some(signal) => signal.args().map_or(Heard::Closed(0), |args| Heard::Pressed(args.id, args.action_key)),
            None => Heard::Lost,
        },
        signal = daemon.closed.next() => match signal {
            Some(signal) => Heard::Closed(signal.args().map_or(0, |args| args.id)),
            None => Heard::Lost,
        },
        owner = daemon.owners.next() => match owner {
            Some(Some(_)) => Heard::NewDaemon,
            Some(None) => Heard::Closed(0),
            None => Heard::Lost,
        },
    }
}

async fn connected(daemon: &mut Option<Daemon>) -> zbus::Result<&mut Daemon> {
    match daemon {
        Some(daemon) => Ok(daemon),
        empty => Ok(empty.insert(Daemon::connect().await?)),
    }
}

async fn describe(daemon: &mut Option<Daemon>) -> Result<String, Problem> {
    patiently(async {
        let daemon = connected(daemon).await?;
        let (name, _, version, _) = daemon.proxy.get_server_information().await?;
        let capabilities = daemon.proxy.get_capabilities().await?;
        Ok(format!("{name} {version}: {}", capabilities.join(", ")))
    })
    .await
    .map_err(not_shown)
}

async fn patiently<T>(call: impl Future<Output = zbus::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the notification daemon does not answer".to_owned()),
    }
}

/// The body may hold a little markup, so what a platform sent must not become any.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_is_called_is_never_markup() {
        assert_eq!(escape("<b>R&D</b>"), "&lt;b&gt;R&amp;D&lt;/b&gt;");
    }

    #[test]
    fn every_button_comes_back_as_what_it_was() {
        for press in [Press::Open, Press::Answer, Press::Decline] {
            assert_eq!(Press::from_key(press.key()), Some(press));
        }
        assert_eq!(Press::from_key("inline-reply"), None);
    }
}
