//! The door between the core and a window: every command once, with the windows that may call it, its request and its
//! answer. From this one table come the trait the shell implements, the router, and the TypeScript of the frontend
//! (`ui/src/generated/model.ts`, written by this crate's tests).

use std::future::Future;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    AccountId, ActivityId, Article, Bulk, BulkProgress, CalendarConference, Centre, Command, CommandId,
    Composing, ConnectionReport, ContactDetail, ContactId, ContactPage, Credential, Day, DayLine, DayQuery,
    Diversions, Draft, EntriesBefore, Entry, ExportDays, FileOf, FilterId, FormField, FormOf, HistoryPage,
    HistoryQuery, ImportRoutes, InboxList, InboxPart, InboxQuery, Insert, KeepSecret, KnowledgeQuery,
    LeaveState, MarkContact, MarkHistory, NewAccount, ParsedNumber, Problem, ProblemCode, QueueAgent,
    QueueOf, QueueTrend, Resolve, Route, RoutesReport, SaveContact, SaveFilter, SaveVoicemail, SavedFilter,
    SendSms, SetDiversion, Settings, ShowRemote, SignInForm, Snapshot, StageFile, StagedFile, TakePart,
    Template, TemplateOf, Ticket, TicketDetail, TicketId, TicketQuery, VoicemailSettings, Watch, Work,
};

/// The largest request a window may send, in bytes of JSON. An operator's file of
/// operations is the longest thing there is.
pub const MAX_REQUEST: usize = 16 * 1024 * 1024;

/// The Tauri event on which batches of engine events arrive: a JSON array of [`crate::Event`].
pub const ENGINE_EVENTS: &str = "engine";
/// The Tauri event on which the shell itself speaks: one [`ShellEvent`].
pub const SHELL_EVENTS: &str = "shell";

/// The windows of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The main window.
    #[default]
    Main,
    /// The small window that shows what rings.
    Popup,
    /// The full-screen window with the figures of queues.
    Wallboard,
}

/// What the shell tells a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum ShellEvent {
    /// Show this ticket.
    ShowTicket {
        /// Which.
        ticket: TicketId,
    },
    /// A `tel:` link or the command line asks to dial: fetch it with `pending_dial` and ask the agent.
    DialWaiting,
    /// The agent wants to quit: ask what state to leave, then call `quit`.
    AskQuit,
    /// Show this activity.
    Show {
        /// Which.
        activity: ActivityId,
    },
    /// A system-wide shortcut was pressed.
    Hotkey {
        /// The action's name.
        action: String,
    },
}

/// Keeps what the agent has typed so far.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SaveDraft {
    /// For which activity.
    pub activity: ActivityId,
    /// All of it.
    pub draft: Draft,
}

/// A search as one types.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ContactQuery {
    /// What was typed: a part of a name, a company, an address or a number. Empty lists favourites first, then all.
    pub text: String,
    /// Whether to ask the platforms too; `false` answers from this computer at once.
    pub online: bool,
}

/// Marks a contact.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Favourite {
    /// Which.
    pub contact: ContactId,
    /// Marked or not.
    pub on: bool,
}

/// A new sign-in for an account whose session ended.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SignIn {
    /// Which.
    pub account: AccountId,
    /// How.
    pub credential: Credential,
    /// Where to keep the secret.
    pub keep: KeepSecret,
}

/// The agent's answer to "what state shall I leave?".
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Quit {
    /// `Ask` cancels.
    pub leave: LeaveState,
    /// Do the same from now on without asking.
    pub remember: bool,
}

/// A number that something outside Offhook wants dialled. Never dialled without the agent's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DialRequest {
    /// What was handed over, at most 200 characters of it.
    pub text: String,
    /// The number in it, as understood.
    pub number: ParsedNumber,
}

/// What became of a test alert, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertReport {
    /// Why the notification did not show; absent when it did.
    pub notification: Option<Problem>,
    /// Why the sound did not play; absent when it did.
    pub sound: Option<Problem>,
}

/// One fact about this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiagnosticLine {
    /// What: `version`, `keychain`, `notifications`, `tray`, `sound`, `links`, `webview`, `store`, `proxy`, `hotkeys`.
    pub what: String,
    /// Whether it works, where that is a question.
    pub ok: Option<bool>,
    /// The fact, without secrets or personal data.
    pub detail: String,
}

/// Declares the table of commands.
macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident [$($window:ident),+] ($request:ty) -> $answer:ty; )*) => {
        /// What the shell must be able to do; one method a command.
        pub trait Handlers: Send + Sync {
            $( $(#[$doc])* fn $name(&self, request: $request) -> impl Future<Output = Result<$answer, Problem>> + Send; )*
        }

        /// The commands and the windows that may call them.
        pub const COMMANDS: &[(&str, &[Window])] = &[ $( (stringify!($name), &[$(Window::$window),+]), )* ];

        /// Finds the command, reads its request, runs it and writes its answer.
        ///
        /// # Errors
        /// [`ProblemCode::Internal`] for an unknown command, one the window may not call, or a request that does not
        /// fit; else what the command answers.
        pub async fn dispatch<H: Handlers>(handlers: &H, from: Window, command: &str, request: Value) -> Result<Value, Problem> {
            let allowed = COMMANDS.iter().any(|(name, windows)| *name == command && windows.contains(&from));
            if !allowed {
                return Err(internal(format!("no command {command:?} for this window")));
            }
            match command {
                $( stringify!($name) => {
                    let request: $request = read(command, request)?;
                    write(handlers.$name(request).await?)
                } )*
                _ => Err(internal(format!("no command {command:?}"))),
            }
        }

        /// The lines of the TypeScript interface `Commands`.
        #[cfg(test)]
        fn signatures(config: &ts_rs::Config, types: &mut crate::ipc::typescript::Types) -> Vec<String> {
            vec![ $( {
                types.add::<$request>();
                types.add::<$answer>();
                format!("  {}: {{ request: {}; answer: {} }};", stringify!($name), <$request as TS>::name(config), <$answer as TS>::name(config))
            } ),* ]
        }
    };
}

commands! {
    /// Everything a view needs to start.
    snapshot [Main, Popup, Wallboard] (()) -> Snapshot;
    /// Starts a command; follow it by its number in the events.
    execute [Main, Popup] (Command) -> CommandId;
    /// Keeps what was typed, before anything else happens to it.
    save_draft [Main] (SaveDraft) -> ();
    /// Searches contacts.
    search_contacts [Main] (ContactQuery) -> ContactPage;
    /// A contact with its tickets and past activities.
    contact [Main] (ContactId) -> ContactDetail;
    /// Marks a contact.
    set_favourite [Main] (Favourite) -> ();
    /// Marks a contact on its platform.
    mark_contact [Main] (MarkContact) -> ();
    /// Keeps a personal contact on a platform.
    save_contact [Main] (SaveContact) -> ContactId;
    /// Deletes a personal contact on its platform.
    delete_contact [Main] (ContactId) -> ();
    /// Says what this window shows now, so that it is followed live.
    watch [Main, Wallboard] (Watch) -> ();
    /// The people of a queue.
    queue_agents [Main] (QueueOf) -> Vec<QueueAgent>;
    /// How the figures of all queues went while Offhook ran.
    queue_trends [Main, Wallboard] (()) -> Vec<QueueTrend>;
    /// Campaigns and teams of all accounts that have them.
    centre [Main] (()) -> Centre;
    /// Opens the wallboard, or brings it to the front.
    show_wallboard [Main] (()) -> ();
    /// Closes the wallboard.
    close_wallboard [Main, Wallboard] (()) -> ();
    /// Puts a notice aside, by its key.
    dismiss_notice [Main] (String) -> ();
    /// A day of the agent's.
    day [Main] (DayQuery) -> Day;
    /// The days that are kept, newest first.
    days [Main] (()) -> Vec<DayLine>;
    /// Saves days as CSV where the agent says; answers where that is, or nothing if the agent changed their mind.
    export_days [Main] (ExportDays) -> Option<String>;
    /// A page of the past.
    history [Main] (HistoryQuery) -> HistoryPage;
    /// Marks an item of the past.
    mark_history [Main] (MarkHistory) -> ();
    /// The diversions of an account.
    diversions [Main] (AccountId) -> Diversions;
    /// Changes one diversion and answers all of them.
    set_diversion [Main] (SetDiversion) -> Diversions;
    /// The voicemail of an account.
    voicemail [Main] (AccountId) -> VoicemailSettings;
    /// Keeps the voicemail of an account.
    save_voicemail [Main] (SaveVoicemail) -> VoicemailSettings;
    /// Sends a text.
    send_sms [Main] (SendSms) -> ();
    /// The conferences of the calendar, of all accounts that have one, soonest first.
    conferences [Main] (()) -> Vec<CalendarConference>;
    /// Joins a conference or leaves it.
    take_part [Main] (TakePart) -> ();
    /// The filters: built-in ones, the agent's own, and the views of the platforms, with counts.
    filters [Main] (()) -> Vec<SavedFilter>;
    /// Keeps a filter of the agent's own.
    save_filter [Main] (SaveFilter) -> FilterId;
    /// Throws a filter of the agent's own away.
    delete_filter [Main] (FilterId) -> ();
    /// Makes a list of tickets.
    inbox [Main] (InboxQuery) -> InboxList;
    /// A part of a list, each ticket as it is now.
    inbox_rows [Main] (InboxPart) -> Vec<Ticket>;
    /// A ticket with everything around it.
    ticket [Main] (TicketQuery) -> TicketDetail;
    /// Entries of the time line before those that are shown; the first of them is named.
    earlier_entries [Main] (EntriesBefore) -> Vec<Entry>;
    /// Marks a ticket as read, on this computer and on its platform where it has that.
    mark_read [Main] (TicketId) -> ();
    /// Shows the pictures from elsewhere in one message.
    show_remote [Main] (ShowRemote) -> Entry;
    /// Saves a file where the agent says; answers where that is, or nothing if the agent changed their mind.
    save_file [Main] (FileOf) -> Option<String>;
    /// Opens a link of a message in the browser or the mail program: http, https and mailto only.
    open_link [Main, Popup] (String) -> ();
    /// The fields of a new ticket.
    ticket_form [Main] (FormOf) -> Vec<FormField>;
    /// Texts that the platform keeps for answers.
    templates [Main] (TicketId) -> Vec<Template>;
    /// The words of a template, filled in for a ticket.
    template [Main] (TemplateOf) -> Insert;
    /// Searches a knowledge base.
    knowledge [Main] (KnowledgeQuery) -> Vec<Article>;
    /// Keeps what is being written, before anything else happens to it.
    compose [Main] (Composing) -> ();
    /// Throws away what is being written, on the agent's word.
    drop_composing [Main] (String) -> ();
    /// Puts what is being written into the outbox, in one step; answers the item's number.
    send [Main] (String) -> u64;
    /// Puts something into the outbox that was not written in a composer: a status, an owner, a tag, a deletion.
    queue_work [Main] (Work) -> u64;
    /// Takes an item out of the outbox again, to change it: it is a composition then, under the key that is answered.
    take_back [Main] (u64) -> String;
    /// Says what is to become of an item in conflict.
    resolve [Main] (Resolve) -> ();
    /// Makes the same change to many tickets; follow it by its number in the events.
    bulk [Main] (Bulk) -> BulkProgress;
    /// Takes out of a bulk change what was not sent yet.
    cancel_bulk [Main] (u64) -> ();
    /// Hands a file over, to be sent later.
    stage_file [Main] (StageFile) -> StagedFile;
    /// Where the operations of an account are found.
    routes [Main] (AccountId) -> Vec<Route>;
    /// Reads an operator's file of operations, and keeps it if asked.
    import_routes [Main] (ImportRoutes) -> RoutesReport;
    /// What each platform asks for at sign-in.
    platforms [Main] (()) -> Vec<SignInForm>;
    /// Reads a number as the dialler would.
    parse_number [Main] (String) -> ParsedNumber;
    /// Tries an address and a sign-in without keeping them.
    check_new_account [Main] (NewAccount) -> ConnectionReport;
    /// Checks an account that is there.
    check_account [Main] (AccountId) -> ConnectionReport;
    /// Signs in and keeps the account.
    add_account [Main] (NewAccount) -> AccountId;
    /// Signs in again.
    sign_in [Main] (SignIn) -> ();
    /// Signs out and forgets the account and its secret. Unsent work of it is lost, so ask first.
    remove_account [Main] (AccountId) -> ();
    /// Starts the practice centre and signs in to it.
    start_practice [Main] (()) -> AccountId;
    /// Makes the practice centre ring.
    practice_ring [Main] (()) -> ();
    /// Keeps settings.
    save_settings [Main] (Settings) -> ();
    /// Sends a test notification and plays the ring for two seconds.
    test_alert [Main] (()) -> AlertReport;
    /// Names of the sound outputs.
    sound_devices [Main] (()) -> Vec<String>;
    /// Stops the ring sound of one activity; the rest of the alert stays.
    silence [Main, Popup] (ActivityId) -> ();
    /// Takes the oldest number that waits to be dialled.
    pending_dial [Main] (()) -> Option<DialRequest>;
    /// Tries the keychain again.
    unlock_keychain [Main] (()) -> ();
    /// Facts about this computer, for support.
    diagnostics [Main] (()) -> Vec<DiagnosticLine>;
    /// Shows the main window, at an activity if one is given.
    show_main [Main, Popup] (Option<ActivityId>) -> ();
    /// The page has painted: its window may be shown.
    page_ready [Main, Popup, Wallboard] (()) -> ();
    /// Quits.
    quit [Main] (Quit) -> ();
}

fn internal(what: String) -> Problem {
    Problem::new(ProblemCode::Internal).with("what", what)
}

fn read<T: DeserializeOwned>(command: &str, request: Value) -> Result<T, Problem> {
    // The error of serde may quote the value, and the value may be a password: name the command only.
    serde_json::from_value(request).map_err(|_| internal(format!("request of {command} does not fit")))
}

fn write<T: Serialize>(answer: T) -> Result<Value, Problem> {
    serde_json::to_value(answer).map_err(|error| internal(error.to_string()))
}

#[cfg(test)]
mod typescript {
    //! Writes the TypeScript side of the table.

    use std::collections::BTreeMap;

    use ts_rs::{Config, TS, TypeVisitor};

    use super::{COMMANDS, ShellEvent, Window, signatures};
    use crate::{Event, Snapshot};

    /// Named types met so far, by name.
    pub(super) struct Types {
        config: Config,
        found: BTreeMap<String, String>,
    }

    impl Types {
        pub(super) fn add<T: TS + 'static + ?Sized>(&mut self) {
            if T::output_path().is_some() {
                let name = T::ident(&self.config);
                if self.found.contains_key(&name) {
                    return;
                }
                let docs = T::docs().unwrap_or_default();
                let declaration = T::decl(&self.config);
                self.found.insert(name, format!("{docs}export {declaration}"));
            }
            T::visit_dependencies(self);
            T::visit_generics(self);
        }
    }

    impl TypeVisitor for Types {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            self.add::<T>();
        }
    }

    fn generate() -> String {
        let config = || Config::new().with_large_int("number");
        let mut types = Types { config: config(), found: BTreeMap::new() };
        types.add::<Snapshot>();
        types.add::<Event>();
        types.add::<ShellEvent>();
        types.add::<Window>();
        let signatures = signatures(&config(), &mut types);
        let of = |window: Window| {
            let mine = COMMANDS.iter().filter(|(_, windows)| windows.contains(&window));
            mine.map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(" | ")
        };
        let declarations: Vec<_> = types.found.into_values().collect();
        format!(
            "// Generated by `cargo test -p offhook-model` from crates/model. Do not edit.\n\n{}\n\n/** Every command: what it takes and what it answers. */\nexport interface Commands {{\n{}\n}}\n\n/** Commands the pop-up window may call. */\nexport type PopupCommand = {};\n\n/** Commands the wallboard may call. */\nexport type WallboardCommand = {};\n\nexport const ENGINE_EVENTS = {:?};\nexport const SHELL_EVENTS = {:?};\n",
            declarations.join("\n\n"),
            signatures.join("\n"),
            of(Window::Popup),
            of(Window::Wallboard),
            super::ENGINE_EVENTS,
            super::SHELL_EVENTS,
        )
    }

    /// Writes the file when it differs; `npm test` then sees an uncommitted change and fails.
    #[test]
    fn the_frontend_has_the_types_of_today() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/generated/model.ts");
        let text = generate();
        assert!(text.contains("interface Commands") && text.contains("export type Snapshot"));
        if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
            return;
        }
        std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(&file, text).expect("the file can be written");
    }
}
