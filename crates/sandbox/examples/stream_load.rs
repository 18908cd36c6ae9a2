//! How many open event streams and changes of calls a second the sandbox carries: `cargo run --release -p offhook-sandbox
//! --example stream_load -- [streams] [changes a second] [seconds]`.

use offhook_sandbox::{Options, start};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|a| a.parse::<u64>());
    let mut next = |otherwise| numbers.next().unwrap_or(Ok(otherwise));
    let (streams, rate, seconds) = (next(200)?, next(2_000)?, next(10)?);
    // A second application of the same provider is told so; there is only this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sandbox = start(Options { agents: usize::try_from(streams)?, ..Options::default() }).await?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let events = Arc::new(AtomicU64::new(0));
    for user in sandbox.dstny_users() {
        let url =
            format!("{}/api/call/state/v1/dialogs/{}/{}", sandbox.dstny_url(), user.domain, user.username);
        let mut stream = http.get(url).bearer_auth(&user.token).send().await?.error_for_status()?;
        let events = events.clone();
        tokio::spawn(async move {
            while let Ok(Some(bytes)) = stream.chunk().await {
                let ended = bytes.windows(2).filter(|w| w == b"\n\n").count();
                events.fetch_add(u64::try_from(ended).unwrap_or(0), Ordering::Relaxed);
            }
        });
    }
    // Each needs a call and to answer it before it can be held.
    sandbox.control().change_calls(rate);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (before, begun) = (events.load(Ordering::Relaxed), Instant::now());
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let told = events.load(Ordering::Relaxed) - before;
    let took = begun.elapsed().as_secs_f64();
    println!(
        "{streams} streams, {rate} changes a second wanted: {:.0} events a second were read",
        told as f64 / took
    );
    sandbox.stop().await;
    Ok(())
}
