//! The sandbox from the command line.

use crate::{Options, Scenario, Switches, start};
use std::io::{self, Write};
use std::path::PathBuf;

/// Arguments of `offhook sandbox`.
#[derive(Debug, Clone, clap::Args)]
pub struct SandboxArgs {
    /// Port of the platform's Daktela face; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the platform's Dstny face; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub dstny_port: u16,
    /// Port of the platform's LiveAgent face; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub liveagent_port: u16,
    /// Port of the platform's CCAI Platform face; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub ccaip_port: u16,
    /// Port of the control interface; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub control_port: u16,
    /// quiet, typical-day, storm, or the path of a script
    #[arg(long, default_value = "quiet")]
    pub scenario: String,
    /// All chance comes from it
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Speak HTTPS; the authority to trust is in the ready line
    #[arg(long)]
    pub tls: bool,
    /// How many agents there are [default: 8, in a storm 500]
    #[arg(long)]
    pub agents: Option<usize>,
    /// How many tickets there are at least, e.g. 100000 [default: a few dozen]
    #[arg(long, default_value_t = 0)]
    pub tickets: usize,
    /// A reading of the documents, e.g. pull=delta; may be given several times
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    pub switches: Vec<String>,
}

impl SandboxArgs {
    fn options(&self) -> io::Result<Options> {
        let scenario = match self.scenario.replace('_', "-").as_str() {
            "quiet" => Scenario::Quiet,
            "typical-day" => Scenario::TypicalDay,
            "storm" => Scenario::Storm,
            _ => Scenario::File(PathBuf::from(&self.scenario)),
        };
        let mut switches = Switches::default();
        for wish in &self.switches {
            let (name, value) = wish.split_once('=').unwrap_or((wish, ""));
            switches.set(name, value).map_err(|told| io::Error::new(io::ErrorKind::InvalidInput, told))?;
        }
        let agents = self.agents.unwrap_or(if scenario == Scenario::Storm { 500 } else { 8 });
        Ok(Options {
            scenario,
            seed: self.seed,
            tls: self.tls,
            port: self.port,
            dstny_port: self.dstny_port,
            liveagent_port: self.liveagent_port,
            ccaip_port: self.ccaip_port,
            control_port: self.control_port,
            agents,
            tickets: self.tickets,
            switches,
        })
    }
}

/// Runs a sandbox until it is interrupted (Ctrl-C, or SIGTERM on Unix); prints the ready line on standard output.
///
/// # Errors
/// As [`start`], and for a switch that does not exist.
pub async fn run(args: SandboxArgs) -> io::Result<()> {
    let sandbox = start(args.options()?).await?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", sandbox.ready_line())?;
    out.flush()?;
    drop(out);
    interrupted().await?;
    sandbox.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn interrupted() -> io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
