//! Holds 500 agents on the long poll while a storm of calls goes on, and measures what that costs.
//!
//! `cargo run --release -p offhook-sandbox --example poll_load [AGENTS] [SECONDS]` starts itself once more as the server,
//! so that the processor time of the sandbox is told apart from that of its 500 clients. Each client signs in, takes its
//! telephone, goes ready and polls; a call that rings is answered, ended and filed, as an app would. Printed are the polls
//! and calls, the processor time and memory of the server, and the percentiles from the ring in the world to the answer
//! written to the socket and to the answer read by the client. It fails if any request fails.

use clap::Parser;
use offhook_sandbox::{SandboxArgs, run};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{Barrier, watch};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Cli {
    /// How many agents poll
    #[arg(default_value_t = 500)]
    agents: usize,
    /// For how long
    #[arg(default_value_t = 20)]
    seconds: u64,
    /// Be the server (used by the measuring process)
    #[arg(long)]
    serve: bool,
    #[command(flatten)]
    sandbox: SandboxArgs,
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    polls: u64,
    calls: u64,
    /// Activity → real time in microseconds when its ring was read.
    rings: Vec<(String, u64)>,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let cli = Cli::parse();
    if cli.serve {
        return Ok(run(cli.sandbox).await?);
    }
    // One pool of sockets per agent would be 500 clients; HTTP needs no TLS provider, but the client asks for one.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut server = Command::new(std::env::current_exe()?)
        .args(["--serve", "--scenario", "storm", "--agents", &cli.agents.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = measure(&mut server, cli.agents, cli.seconds).await;
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure(server: &mut Child, agents: usize, seconds: u64) -> Result<(), Error> {
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let ready: Value = serde_json::from_str(&line)?;
    let url = ready["platforms"]["daktela"]["url"].as_str().ok_or("no url")?.to_owned();
    let control = ready["control"].as_str().ok_or("no control")?.to_owned();
    let http = Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(2 * agents)
        .timeout(Duration::from_secs(40))
        .build()?;
    let all_ready = Arc::new(Barrier::new(agents + 1));
    let (stop, stopped) = watch::channel(false);
    let users = ready["platforms"]["daktela"]["users"].as_array().ok_or("no users")?;
    let clients: Vec<_> = users
        .iter()
        .enumerate()
        .map(|(index, user)| {
            let token = user["access_token"].as_str().unwrap_or_default().to_owned();
            let agent = App {
                http: http.clone(),
                url: format!("{url}/api/v6"),
                token,
                device: (301 + index).to_string(),
            };
            tokio::spawn(agent.work(all_ready.clone(), stopped.clone()))
        })
        .collect();
    all_ready.wait().await;
    let (begun, cpu) = (Instant::now(), processor_seconds(server.id()).unwrap_or(0.0));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (lasted, cpu) = (begun.elapsed().as_secs_f64(), processor_seconds(server.id()).unwrap_or(0.0) - cpu);
    let memory = resident_megabytes(server.id()).unwrap_or(0.0);
    stop.send(true)?;
    let mut total = Seen::default();
    for client in clients {
        let seen = client.await??;
        total.polls += seen.polls;
        total.calls += seen.calls;
        total.rings.extend(seen.rings);
    }
    let state: Value = http.get(format!("{control}/state")).send().await?.json().await?;
    let journal = http.get(format!("{control}/events")).send().await?.text().await?;
    let (mut rung, mut written) = (HashMap::new(), HashMap::new());
    for line in journal.lines() {
        let line: Value = serde_json::from_str(line)?;
        let key = line["detail"].as_str().unwrap_or_default().to_owned();
        match line["event"].as_str() {
            Some("activity.ringing") => {
                rung.entry(key).or_insert(line["t_us"].as_u64().unwrap_or(0));
            }
            Some("call.ringing_written") => {
                written.entry(key).or_insert(line["t_us"].as_u64().unwrap_or(0));
            }
            _ => {}
        }
    }
    let since_ring = |id: &String, at: u64| Some(at.saturating_sub(*rung.get(id)?));
    let to_socket = total.rings.iter().filter_map(|(id, _)| since_ring(id, *written.get(id)?)).collect();
    let to_client = total.rings.iter().filter_map(|(id, at)| since_ring(id, *at)).collect();
    println!(
        "{agents} agents for {lasted:.1} s: {} polls, {} calls answered and filed",
        total.polls, total.calls
    );
    println!("most polls in flight of one agent: {}", state["most_polls_in_flight"]);
    println!("server: {:.1} % of one core, {memory:.0} MB resident", 100.0 * cpu / lasted);
    println!("ring → written to the socket: {}", percentiles(to_socket));
    println!("ring → read by the client:    {}", percentiles(to_client));
    Ok(())
}

struct App {
    http: Client,
    url: String,
    token: String,
    device: String,
}

impl App {
    async fn work(self, all_ready: Arc<Barrier>, mut stopped: watch::Receiver<bool>) -> Result<Seen, Error> {
        let ready = json!({"setReady": true, "extension": self.device, "model": "sipDevices"});
        let began = self.write(reqwest::Method::POST, "usersSession", ready).await;
        all_ready.wait().await;
        began?;
        let mut seen = Seen::default();
        let mut hash = String::new();
        loop {
            let poll = self
                .http
                .get(format!("{}/appPullData?hash={hash}", self.url))
                .header("X-AUTH-TOKEN", &self.token);
            let answer = tokio::select! {
                answer = poll.send() => answer?,
                _ = stopped.changed() => return Ok(seen),
            };
            let body: Value = answer.error_for_status()?.json().await?;
            let at = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
            seen.polls += 1;
            hash = body["result"]["hash"].as_str().ok_or("no hash")?.to_owned();
            let rows = body["result"]["activities"].as_array().cloned().unwrap_or_default();
            if let Some(ringing) = rows.iter().find(|row| row["action"] == "WAIT") {
                let name = ringing["name"].as_str().ok_or("no name")?;
                seen.rings.push((name.to_owned(), at));
                let path = format!("activities/{name}");
                for step in [
                    json!({"action": "OPEN"}),
                    json!({"hangup": {"channel": null}}),
                    json!({"action": "CLOSE"}),
                ] {
                    self.write(reqwest::Method::PUT, &path, step).await?;
                }
                seen.calls += 1;
            }
        }
    }

    /// Writes, and fails unless the platform took it.
    async fn write(&self, method: reqwest::Method, path: &str, body: Value) -> Result<(), Error> {
        let request =
            self.http.request(method, format!("{}/{path}", self.url)).header("X-AUTH-TOKEN", &self.token);
        let answer = request.json(&body).send().await?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(format!("{path}: {}", answer.text().await?).into())
        }
    }
}

fn percentiles(mut times: Vec<u64>) -> String {
    if times.is_empty() {
        return "nothing rang".to_owned();
    }
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize] as f64 / 1_000.0;
    let [median, p90, p99, most] = [0.5, 0.9, 0.99, 1.0].map(at);
    format!(
        "median {median:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms, most {most:.2} ms ({} rings)",
        times.len()
    )
}

/// User and system time of a process so far. Linux only; elsewhere the figure is left out.
fn processor_seconds(process: u32) -> io::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in brackets may hold blanks: fields are counted after it.
    let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = after.split(' ').skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>();
    // 100 ticks a second is what Linux tells user space everywhere.
    Ok(ticks / 100.0)
}

fn resident_megabytes(process: u32) -> io::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    Ok(line.split_whitespace().next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0)
}
