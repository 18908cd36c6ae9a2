//! Tells the engine at once that the computer woke up or its network changed, where the system says so.
//!
//! The engine notices sleep by its own clock within seconds. logind and NetworkManager, on Linux, tell it without that
//! delay, and a change of network has no other sign at all. Either may be missing.

use engine::Engine;

/// Follows the system's word for as long as the runtime lives.
#[cfg(target_os = "linux")]
pub(crate) async fn watch(engine: Engine) {
    let system = match zbus::Connection::system().await {
        Ok(system) => system,
        Err(error) => {
            tracing::info!(%error, "no system bus: only the engine's clock tells of sleep");
            return;
        }
    };
    let (sleep, network) = tokio::join!(after_sleep(&system, &engine), on_a_new_network(&system, &engine));
    for error in [sleep.err(), network.err()].into_iter().flatten() {
        tracing::debug!(%error, "the system does not tell of sleep or of the network");
    }
}

/// Elsewhere the engine's clock is all there is.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn watch(_: Engine) {}

#[cfg(target_os = "linux")]
async fn after_sleep(system: &zbus::Connection, engine: &Engine) -> zbus::Result<()> {
    use futures_util::StreamExt;

    #[zbus::proxy(
        interface = "org.freedesktop.login1.Manager",
        default_service = "org.freedesktop.login1",
        default_path = "/org/freedesktop/login1",
        gen_blocking = false
    )]
    trait Login {
        #[zbus(signal)]
        fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
    }

    let mut signals = LoginProxy::new(system).await?.receive_prepare_for_sleep().await?;
    while let Some(signal) = signals.next().await {
        if !signal.args()?.start {
            tracing::info!("the computer has woken up");
            engine.wake();
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
async fn on_a_new_network(system: &zbus::Connection, engine: &Engine) -> zbus::Result<()> {
    use futures_util::StreamExt;

    /// `NM_STATE_CONNECTED_GLOBAL`.
    const CONNECTED: u32 = 70;

    #[zbus::proxy(
        interface = "org.freedesktop.NetworkManager",
        default_service = "org.freedesktop.NetworkManager",
        default_path = "/org/freedesktop/NetworkManager",
        gen_blocking = false
    )]
    trait Network {
        #[zbus(signal, name = "StateChanged")]
        fn state_went_to(&self, state: u32) -> zbus::Result<()>;
    }

    let mut signals = NetworkProxy::new(system).await?.receive_state_went_to().await?;
    while let Some(signal) = signals.next().await {
        if signal.args()?.state == CONNECTED {
            tracing::info!("the network is back");
            engine.wake();
        }
    }
    Ok(())
}
