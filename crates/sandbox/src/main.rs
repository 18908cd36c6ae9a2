//! The sandbox by itself, for work on it; the product's entry is `offhook sandbox`.

use clap::Parser;

/// A local contact centre over real HTTP.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    sandbox: offhook_sandbox::SandboxArgs,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    offhook_sandbox::run(Cli::parse().sandbox).await
}
