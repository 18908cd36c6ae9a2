//! `offhook outbox`: what was finished and is not on its platform yet.

use clap::Subcommand;
use model::{Command, OutboxItem, OutboxState, Work};
use serde_json::json;

use super::End;
use super::act::nothing;
use super::core::Core;

/// The commands of `outbox`.
#[derive(Subcommand)]
pub(super) enum Outbox {
    /// List it
    List {
        /// As JSON, an item a line
        #[arg(long)]
        json: bool,
    },
    /// Send an item again
    Resend {
        /// Its number
        item: u64,
    },
    /// Throw an item away, with what is written in it
    Discard {
        /// Its number
        item: u64,
    },
}

impl Outbox {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        match self {
            Self::List { json } => {
                for item in core.snapshot().await?.outbox {
                    if json { println!("{}", json!(item)) } else { println!("{}", line(&item)) }
                }
            }
            Self::Resend { item } => {
                there(core, item).await?;
                core.settled().await?;
                core.sent_again(item).await?;
            }
            Self::Discard { item } => {
                there(core, item).await?;
                core.execute(&Command::Discard { item }).await?;
            }
        }
        Ok(End::Done)
    }
}

async fn there(core: &Core, item: u64) -> Result<(), End> {
    let outbox = core.snapshot().await?.outbox;
    match outbox.iter().any(|known| known.id == item) {
        true => Ok(()),
        false => Err(nothing("There is no such item in the outbox.")),
    }
}

fn line(item: &OutboxItem) -> String {
    let what = match &item.work {
        Work::Close { activity, .. } => format!("close {activity}"),
        Work::Send { ticket, message } => format!("{:?} {ticket}", message.kind).to_lowercase(),
        Work::Edit { ticket, .. } => format!("change {ticket}"),
        Work::Delete { ticket, .. } => format!("delete {ticket}"),
        Work::Create { account, .. } => format!("new ticket on {account}"),
        Work::EditRecord { record, .. } => format!("change {record}"),
    };
    let state = match &item.state {
        OutboxState::Waiting => "waiting".to_owned(),
        OutboxState::Sending => "sending".to_owned(),
        OutboxState::Refused { problem } => format!("refused: {problem}"),
        OutboxState::Unknown { .. } => "being looked up".to_owned(),
        OutboxState::Ask { problem } => format!("nobody can say whether it arrived: {problem}"),
        OutboxState::Conflict { fields } => {
            let keys: Vec<_> = fields.iter().map(|field| field.theirs.key.as_str()).collect();
            format!("somebody else has changed {}", keys.join(", "))
        }
    };
    format!("{}\t{what}\t{}\t{state}", item.id, item.title)
}
