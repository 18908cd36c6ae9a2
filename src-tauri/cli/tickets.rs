//! `offhook tickets`: the inbox as lines, and what an agent writes, through the same outbox as the window's.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use model::{
    Capability, Entry, FieldEdit, FormField, InboxList, InboxQuery, Message, MessageKind, Named, SavedFilter,
    Snapshot, StagedFile, Ticket, TicketDetail, TicketFilter, TicketId, TicketQuery, Work,
};
use serde_json::json;

use super::End;
use super::act::nothing;
use super::core::Core;

/// How many rows are asked for at once: as many as are answered.
const PAGE: u32 = 200;

/// The commands of `tickets`.
#[derive(Subcommand)]
pub(super) enum Tickets {
    /// List tickets, newest first
    List(List),
    /// List the filters, with counts
    Filters {
        /// As JSON, a filter a line
        #[arg(long)]
        json: bool,
    },
    /// Print a ticket: its fields and what was written
    Show {
        /// The ticket, as `list` names it
        ticket: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Answer the customer
    Reply(Write),
    /// Write a note that only colleagues see
    Note(Write),
    /// Change fields, e.g. stage=closed priority=high tags=vip,return
    Set {
        /// The ticket, as `list` names it
        ticket: String,
        /// Key and new value; nothing behind the = empties a field, several values stand between commas
        #[arg(required = true, value_name = "KEY=VALUE")]
        fields: Vec<String>,
    },
}

/// Which tickets.
#[derive(Args)]
pub(super) struct List {
    /// A filter, by id or title: mine, unassigned, waiting, due, all, or one that `filters` names
    #[arg(long, default_value = "mine", conflicts_with = "text")]
    filter: String,
    /// Words to find, here and on the platforms
    #[arg(long)]
    text: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// As JSON, a ticket a line
    #[arg(long)]
    json: bool,
}

/// What is written, and where.
#[derive(Args)]
pub(super) struct Write {
    /// The ticket, as `list` names it
    ticket: String,
    /// The words
    text: String,
    /// Send this file with it; may be repeated
    #[arg(long)]
    file: Vec<PathBuf>,
}

impl Tickets {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        in_step(core).await?;
        match self {
            Self::List(list) => list.run(core).await,
            Self::Filters { json } => {
                let filters: Vec<SavedFilter> = core.call("filters", json!(null)).await?;
                for filter in filters {
                    if json { println!("{}", json!(filter)) } else { println!("{}", filter_line(&filter)) }
                }
                Ok(End::Done)
            }
            Self::Show { ticket, json } => {
                let detail = read(core, &ticket).await?;
                if json {
                    println!("{}", json!(detail));
                } else {
                    show(&detail);
                }
                match detail.problems.into_iter().next() {
                    Some(problem) => Err(End::Refused(problem)),
                    None => Ok(End::Done),
                }
            }
            Self::Reply(write) => write.run(core, MessageKind::Reply).await,
            Self::Note(write) => write.run(core, MessageKind::Note).await,
            Self::Set { ticket, fields } => {
                let wanted = fields.iter().map(|field| pair(field)).collect::<Result<Vec<_>, _>>()?;
                let detail = read(core, &ticket).await?;
                let edit = wanted.into_iter().map(|(key, value)| change(&detail.fields, key, value));
                let edit = edit.collect::<Result<Vec<_>, _>>()?;
                queue(core, &Work::Edit { ticket: detail.ticket.id, edit }).await
            }
        }
    }
}

impl List {
    async fn run(self, core: &Core) -> Result<End, End> {
        let query = match self.text {
            // What was searched for is looked for in all stages.
            Some(text) => InboxQuery { text, online: true, ..InboxQuery::default() },
            None => query_of(core.call("filters", json!(null)).await?, &self.filter)?,
        };
        let list: InboxList = core.call("inbox", json!(query)).await?;
        let mut shown = 0;
        while shown < list.total.min(self.limit) {
            let count = (self.limit - shown).min(PAGE);
            let part = json!({ "list": list.list, "from": shown, "count": count });
            let tickets: Vec<Ticket> = core.call("inbox_rows", part).await?;
            if tickets.is_empty() {
                break;
            }
            for ticket in &tickets {
                if self.json { println!("{}", json!(ticket)) } else { println!("{}", line(ticket)) }
            }
            shown += count;
        }
        match list.problems.into_iter().next() {
            Some(problem) => Err(End::Refused(problem)),
            None => Ok(End::Done),
        }
    }
}

impl Write {
    async fn run(self, core: &Core, kind: MessageKind) -> Result<End, End> {
        let ticket = find(core, &self.ticket).await?;
        let mut files = Vec::new();
        for path in &self.file {
            files.push(stage(core, path).await?);
        }
        let message = Message { kind, text: self.text, files, ..Message::default() };
        queue(core, &Work::Send { ticket, message }).await
    }
}

/// Waits until tickets can be read, and those of each account have been read once or cannot be.
async fn in_step(core: &Core) -> Result<Snapshot, End> {
    let in_step = |snapshot: &Snapshot| {
        let with_tickets = |state: &&model::AccountState| state.capabilities.contains(&Capability::Tickets);
        snapshot.accounts.iter().filter(with_tickets).all(|state| {
            let sync = snapshot.inbox.iter().find(|sync| sync.account == state.account.id);
            sync.is_some_and(|sync| sync.complete || sync.problem.is_some())
        })
    };
    Ok(core.once(in_step).await?)
}

/// Puts it into the outbox and waits until it is sent.
async fn queue(core: &Core, work: &Work) -> Result<End, End> {
    let item: u64 = core.call("queue_work", json!(work)).await?;
    core.sent(item).await?;
    Ok(End::Done)
}

/// The ticket that is meant: by its whole id, or by the number that agents and customers say.
async fn find(core: &Core, named: &str) -> Result<TicketId, End> {
    if named.contains('/') {
        return Ok(TicketId::from(named));
    }
    let query = InboxQuery { text: named.to_owned(), ..InboxQuery::default() };
    let list: InboxList = core.call("inbox", json!(query)).await?;
    let mut fitting = list.first.into_iter().filter(|ticket| ticket.number == named);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(nothing("There is no such ticket.")),
        (Some(one), Some(other)) => {
            Err(End::Usage(format!("several can be meant, name one: {}, {} …", one.id, other.id)))
        }
    }
}

async fn read(core: &Core, named: &str) -> Result<TicketDetail, End> {
    let ticket = find(core, named).await?;
    Ok(core.call("ticket", json!(TicketQuery { ticket, fresh: true })).await?)
}

async fn stage(core: &Core, path: &Path) -> Result<StagedFile, End> {
    use base64::Engine as _;

    let bytes =
        tokio::fs::read(path).await.map_err(|error| End::Usage(format!("{}: {error}", path.display())))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let base64 = base64::prelude::BASE64_STANDARD.encode(bytes);
    // What it is the platform sees from its name.
    let file = json!({ "name": name, "mime": "application/octet-stream", "base64": base64 });
    Ok(core.call("stage_file", file).await?)
}

fn query_of(filters: Vec<SavedFilter>, wanted: &str) -> Result<InboxQuery, End> {
    let fits = |filter: &SavedFilter| {
        filter.id.as_str() == wanted || filter.title.to_lowercase() == wanted.to_lowercase()
    };
    let ids: Vec<String> = filters.iter().map(|filter| filter.id.to_string()).collect();
    let found = filters
        .into_iter()
        .find(fits)
        .ok_or_else(|| End::Usage(format!("there is no filter {wanted:?}; there are: {}", ids.join(", "))))?;
    Ok(match found.filter {
        Some(filter) => InboxQuery { filter, sort: found.sort, ..InboxQuery::default() },
        None => InboxQuery { view: Some(found.id), filter: TicketFilter::default(), ..InboxQuery::default() },
    })
}

fn pair(text: &str) -> Result<(&str, &str), End> {
    text.split_once('=').ok_or_else(|| End::Usage(format!("{text:?} is not KEY=VALUE")))
}

/// What a field is to hold: by its value, or by what the agent reads where something is chosen.
fn change(fields: &[FormField], key: &str, value: &str) -> Result<FieldEdit, End> {
    let field = fields.iter().find(|field| field.key == key && field.editable).ok_or_else(|| {
        let keys: Vec<_> = fields.iter().filter(|field| field.editable).map(|one| one.key.as_str()).collect();
        End::Usage(format!("the field {key:?} cannot be changed; these can: {}", keys.join(", ")))
    })?;
    let chosen = |said: &str| {
        let fits = |title: &str| title.to_lowercase() == said.to_lowercase();
        let option = field.options.iter().find(|one| one.value == said || fits(&one.title));
        option.map_or_else(|| said.to_owned(), |option| option.value.clone())
    };
    let several = matches!(field.kind, model::FieldKind::Choices | model::FieldKind::Tags);
    let now = match several {
        true => value.split(',').map(str::trim).filter(|one| !one.is_empty()).map(chosen).collect(),
        false => Some(chosen(value)).filter(|one| !one.is_empty()).into_iter().collect(),
    };
    Ok(FieldEdit { key: key.to_owned(), was: field.values.clone(), now })
}

fn filter_line(filter: &SavedFilter) -> String {
    let total = filter.total.map(|total| total.to_string()).unwrap_or_default();
    format!("{}\t{total}\t{}", filter.id, filter.title)
}

fn title_of(named: Option<&Named>) -> &str {
    named.map_or("", |named| &named.title)
}

fn line(ticket: &Ticket) -> String {
    let unread = if ticket.unread { "unread" } else { "" };
    let (stage, owner) = (ticket.stage.word(), title_of(ticket.owner.as_ref()));
    let (id, who, title) = (&ticket.id, one_line(&ticket.customer.name), one_line(&ticket.title));
    format!("{id}\t{}\t{stage}\t{unread}\t{who}\t{owner}\t{title}", ticket.number)
}

fn show(detail: &TicketDetail) {
    println!("{}", line(&detail.ticket));
    for field in detail.fields.iter().filter(|field| !field.values.is_empty()) {
        println!("{}={}", field.key, one_line(&field.values.join(",")));
    }
    for entry in &detail.entries {
        println!();
        println!("{}", head(entry));
        if !entry.body.text.is_empty() {
            println!("{}", plain(&entry.body.text));
        }
        for file in &entry.files {
            println!("file {}\t{}", file.id, one_line(&file.name));
        }
    }
}

fn head(entry: &Entry) -> String {
    // Milliseconds, as `watch --json` has them: what reads this may be a program.
    let kind = format!("{:?}", entry.kind).to_lowercase();
    format!("{}\t{kind}\t{}\t{}", entry.at.0, one_line(&entry.author.name), one_line(&entry.title))
}

/// What customers wrote goes to a terminal here: signs that steer one are left out.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use model::{FieldKind, FieldOption};

    use super::*;

    fn field(key: &str, kind: FieldKind) -> FormField {
        let option = FieldOption { value: "u1".to_owned(), title: "Tomáš Marný".to_owned() };
        let (title, values) = (String::new(), vec!["before".to_owned()]);
        let (required, editable) = (false, true);
        FormField { key: key.to_owned(), title, kind, values, options: vec![option], required, editable }
    }

    #[test]
    fn a_field_is_set_by_its_value_or_by_what_the_agent_reads() {
        let fields = [field("owner", FieldKind::Choice), field("tags", FieldKind::Tags)];
        let now = |key, value| change(&fields, key, value).unwrap().now;
        assert_eq!(now("owner", "u1"), ["u1"]);
        assert_eq!(now("owner", "tomáš marný"), ["u1"]);
        assert_eq!(now("owner", ""), [""; 0]);
        assert_eq!(now("tags", "vip, return"), ["vip", "return"]);
        assert_eq!(
            change(&fields, "owner", "u2").unwrap().was,
            ["before"],
            "what is overwritten is compared"
        );
        let End::Usage(text) = change(&fields, "stage", "closed").unwrap_err() else { panic!("no usage") };
        assert!(text.contains("owner, tags"), "{text}");
        assert!(matches!(pair("stage"), Err(End::Usage(_))));
        assert_eq!(pair("custom.note=a=b").unwrap(), ("custom.note", "a=b"));
    }

    #[test]
    fn what_customers_wrote_steers_no_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\nc\r\u{7}\u{9b}31m"), "a[2Jb\nc31m");
        assert_eq!(one_line("a\nb\u{1b}c"), "a b c");
    }
}
