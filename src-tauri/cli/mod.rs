//! The command line.
//!
//! Without a subcommand `offhook` is the app. The subcommands need no display and never touch the window system: they
//! ask a running Offhook at its door, and where none runs they start the same engine for as long as they need it.
//!
//! Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong usage, 3 not confirmed in time.

mod accounts;
mod act;
mod control;
mod core;
mod day;
mod outbox;
mod queues;
mod routes;
mod tickets;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use model::Problem;

use crate::app::{self, Demo, Start};
use crate::{links, logging, webview};

/// One desktop app for the people who answer. Without a command: the app itself.
#[derive(Parser)]
#[command(name = "offhook", version, about)]
struct Cli {
    /// Keep everything (accounts, store, log) in this folder instead of the user's own
    #[arg(long, global = true, value_name = "DIR")]
    config_dir: Option<PathBuf>,
    /// Start without showing the window
    #[arg(long)]
    hidden: bool,
    /// tel: and callto: links to ask about
    #[arg(value_name = "URL")]
    urls: Vec<OsString>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Run a local contact centre to try things against
    Sandbox(sandbox::SandboxArgs),
    /// Run the app, signed in to a contact centre of its own
    Demo(DemoArgs),
    /// Accounts: add, list, check, remove, and where their operations are found
    Accounts {
        #[command(subcommand)]
        what: accounts::Accounts,
    },
    /// Print what happens until interrupted
    Watch(watch::Watch),
    /// Take contacts
    Ready(act::State),
    /// Go on a pause; without a name, list the pauses
    Pause {
        /// Its title
        name: Option<String>,
        #[command(flatten)]
        state: act::State,
    },
    /// Take no contacts
    Unready(act::State),
    /// Dial a number
    Dial(act::Dial),
    /// Answer what rings
    Answer(act::Which),
    /// Refuse what rings
    Decline(act::Which),
    /// End the conversation
    Hangup(act::Which),
    /// Close what is over, with dispositions and a note
    Close(act::Close),
    #[command(flatten)]
    Call(control::Call),
    /// Show or change the own presence, on an account that keeps one
    Presence(day::Presence),
    /// Show the queues and their figures, log in to one or out of it
    Queues(queues::Queues),
    /// Print the last calls of the past
    History(day::History),
    /// Print a day of the agent's: sums, states, contacts
    Day(day::MyDay),
    /// Tickets: list, show, answer, note, change
    Tickets {
        #[command(subcommand)]
        what: tickets::Tickets,
    },
    /// What is not sent yet: list it, send it again, throw it away
    Outbox {
        #[command(subcommand)]
        what: outbox::Outbox,
    },
}

#[derive(clap::Args)]
struct DemoArgs {
    /// Go ready at once, so that a call rings without a hand being moved
    #[arg(long)]
    ready: bool,
    /// Makes the same day again
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How a command of the command line ended.
#[derive(Debug)]
enum End {
    Done,
    Refused(Problem),
    Usage(String),
    NotConfirmed(Problem),
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// The program's entry.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.verb {
        None => run_app(cli),
        Some(Verb::Demo(demo)) => run_demo(cli.config_dir, &demo),
        Some(Verb::Sandbox(arguments)) => block_on(async {
            match sandbox::run(arguments).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("offhook sandbox: {error}");
                    ExitCode::from(1)
                }
            }
        }),
        Some(verb) => block_on(async {
            // A closed pipe or an interrupt ends these as it ends any tool.
            match run_verb(cli.config_dir, verb).await.unwrap_or_else(|end| end) {
                End::Done => ExitCode::SUCCESS,
                End::Refused(problem) => {
                    tell(&problem);
                    ExitCode::from(1)
                }
                End::Usage(text) => {
                    eprintln!("offhook: {text}");
                    ExitCode::from(2)
                }
                End::NotConfirmed(problem) => {
                    tell(&problem);
                    ExitCode::from(3)
                }
            }
        }),
    }
}

/// Says what happened, and the core's word for why where it has one.
fn tell(problem: &Problem) {
    match problem.facts.get("why") {
        Some(why) => eprintln!("offhook: {problem} ({why})"),
        None => eprintln!("offhook: {problem}"),
    }
}

fn run_app(cli: Cli) -> ExitCode {
    let mut links = Vec::new();
    for url in cli.urls {
        let url = url.to_string_lossy().into_owned();
        if links::is_link(&url) {
            links.push(url);
        } else if url.contains(':') {
            // Whatever a desktop hands over: the window comes up and nothing else happens.
            eprintln!("offhook: not a link to dial, ignored");
        } else {
            eprintln!("offhook: unknown command {url:?}; see offhook --help");
            return ExitCode::from(2);
        }
    }
    webview::prepare();
    app::run(Start { config_dir: cli.config_dir, links, hidden: cli.hidden, demo: None })
}

fn run_demo(config_dir: Option<PathBuf>, demo: &DemoArgs) -> ExitCode {
    webview::prepare();
    let temporary = match tempfile::Builder::new().prefix("offhook-demo-").tempdir() {
        Ok(dir) => dir,
        Err(error) => {
            eprintln!("offhook demo: {error}");
            return ExitCode::from(1);
        }
    };
    let options = sandbox::Options {
        scenario: sandbox::Scenario::TypicalDay,
        seed: demo.seed,
        ..sandbox::Options::default()
    };
    let centre = match block_on(sandbox::start(options)) {
        Ok(centre) => centre,
        Err(error) => {
            eprintln!("offhook demo: the contact centre did not start: {error}");
            return ExitCode::from(1);
        }
    };
    // For whoever drives the demo: where the centre can be controlled.
    println!("{}", centre.ready_line());
    app::run(Start {
        config_dir: Some(config_dir.unwrap_or_else(|| temporary.path().to_owned())),
        demo: Some(Demo { centre, ready: demo.ready }),
        ..Start::default()
    })
}

async fn run_verb(config_dir: Option<PathBuf>, verb: Verb) -> Result<End, End> {
    let place = crate::place::Place::new(config_dir.as_deref())
        .map_err(|error| End::Usage(format!("the folder cannot be used: {error}")))?;
    logging::start(&place.logs(), "warn");
    if let Verb::Watch(watch) = verb {
        return watch.run(&place).await;
    }
    let core = core::Core::reach(&place).await?;
    let end = act_on(&core, verb).await;
    core.close().await;
    end
}

async fn act_on(core: &core::Core, verb: Verb) -> Result<End, End> {
    match verb {
        Verb::Accounts { what } => accounts::run(core, what).await,
        Verb::Ready(state) => state.ready(core).await,
        Verb::Unready(state) => state.unready(core).await,
        Verb::Pause { name, state } => state.pause(core, name).await,
        Verb::Dial(dial) => dial.run(core).await,
        Verb::Answer(which) => which.answer(core).await,
        Verb::Decline(which) => which.decline(core).await,
        Verb::Hangup(which) => which.hangup(core).await,
        Verb::Close(close) => close.run(core).await,
        Verb::Call(call) => call.run(core).await,
        Verb::Presence(presence) => presence.run(core).await,
        Verb::Queues(queues) => queues.run(core).await,
        Verb::History(history) => history.run(core).await,
        Verb::Day(day) => day.run(core).await,
        Verb::Tickets { what } => what.run(core).await,
        Verb::Outbox { what } => what.run(core).await,
        Verb::Sandbox(_) | Verb::Demo(_) | Verb::Watch(_) => Err(End::Usage("not here".to_owned())),
    }
}

/// Everything runs on the one runtime that the app uses too, so that what is started before it lives on in it.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    tauri::async_runtime::block_on(work)
}
