//! Notices that the computer has slept, so that dead connections are dropped at once and not when a poll times out.
//!
//! Two signs: the clock on the wall has moved further than the clock that stands still during sleep, and logind's
//! `PrepareForSleep` where there is one. The first needs nothing from the system and also sees a virtual machine that
//! was paused.

use std::time::{Duration, SystemTime};

use engine::Engine;
use tokio::time::Instant;

const EVERY: Duration = Duration::from_secs(5);
/// A wall clock that has moved this much further has not just been corrected.
const JUMP: Duration = Duration::from_secs(3);

/// Follows both signs for as long as the runtime lives.
pub(crate) async fn watch(engine: Engine) {
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(logind(engine.clone()));
    loop {
        let (wall, steady) = (SystemTime::now(), Instant::now());
        tokio::time::sleep(EVERY).await;
        if slept(wall, SystemTime::now(), steady.elapsed()) {
            tracing::info!("the clock has jumped: the computer has slept");
            engine.wake();
        }
    }
}

/// Whether the wall clock went further than the steady one. One that goes back says nothing about sleep.
fn slept(before: SystemTime, after: SystemTime, steady: Duration) -> bool {
    after.duration_since(before).is_ok_and(|wall| wall > steady + JUMP)
}

#[cfg(target_os = "linux")]
async fn logind(engine: Engine) {
    use futures_util::StreamExt;

    #[zbus::proxy(
        interface = "org.freedesktop.login1.Manager",
        default_service = "org.freedesktop.login1",
        default_path = "/org/freedesktop/login1",
        gen_blocking = false
    )]
    trait Manager {
        #[zbus(signal)]
        fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
    }

    let signals = async {
        let system = zbus::Connection::system().await?;
        ManagerProxy::new(&system).await?.receive_prepare_for_sleep().await
    };
    match signals.await {
        Ok(mut signals) => {
            while let Some(signal) = signals.next().await {
                if signal.args().is_ok_and(|sleep| !sleep.start) {
                    tracing::info!("the computer has woken up");
                    engine.wake();
                }
            }
        }
        Err(error) => tracing::debug!(%error, "no logind: only the clock tells of sleep"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_the_clock_is_sleep_and_a_correction_is_not() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let after = |s| start + Duration::from_secs(s);
        assert!(slept(start, after(3600), EVERY));
        assert!(!slept(start, after(5), EVERY));
        assert!(!slept(start, after(7), EVERY), "a correction by two seconds");
        assert!(!slept(after(3600), start, EVERY), "an hour back");
    }
}
