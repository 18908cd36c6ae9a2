//! What the windows (and the command line of a running Offhook) may ask for: one method for each command of
//! [`model::ipc`]. Nearly all of it is the engine's work; here stands only what belongs to this computer.

use std::time::Duration;

use model::ipc::{
    AlertReport, ContactQuery, DiagnosticLine, DialRequest, Favourite, Handlers, Quit, SaveDraft, ShellEvent,
    SignIn,
};
use model::{
    AccountId, ActivityId, Article, Bulk, BulkProgress, CalendarConference, Centre, Command, CommandId,
    Composing, ConnectionReport, ContactDetail, ContactId, ContactPage, Day, DayLine, DayQuery, Diversions,
    EntriesBefore, Entry, ExportDays, FileOf, FilterId, FormField, FormOf, HistoryPage, HistoryQuery,
    ImportRoutes, InboxList, InboxPart, InboxQuery, Insert, KnowledgeQuery, LeaveState, MarkContact,
    MarkHistory, NewAccount, ParsedNumber, Platform, Problem, ProblemCode, QueueAgent, QueueOf, QueueTrend,
    Resolve, Route, RoutesReport, SaveContact, SaveFilter, SaveVoicemail, SavedFilter, SendSms, SetDiversion,
    Settings, ShowRemote, SignInForm, Snapshot, StageFile, StagedFile, TakePart, Template, TemplateOf,
    Ticket, TicketDetail, TicketId, TicketQuery, VoicemailSettings, Watch, Work,
};

use crate::saving::{self, Chosen};
use crate::shell::Shell;
use crate::sound::Ringing;
use crate::{alerts, browse, diagnostics};

/// How long a test notification stays.
const TEST_SHOWS: Duration = Duration::from_secs(6);

impl Handlers for Shell {
    async fn snapshot(&self, (): ()) -> Result<Snapshot, Problem> {
        Ok(self.engine.snapshot())
    }

    async fn execute(&self, request: Command) -> Result<CommandId, Problem> {
        Ok(self.engine.execute(request))
    }

    async fn save_draft(&self, request: SaveDraft) -> Result<(), Problem> {
        self.engine.save_draft(request).await
    }

    async fn search_contacts(&self, request: ContactQuery) -> Result<ContactPage, Problem> {
        self.engine.search_contacts(request).await
    }

    async fn contact(&self, request: ContactId) -> Result<ContactDetail, Problem> {
        self.engine.contact(request).await
    }

    async fn set_favourite(&self, request: Favourite) -> Result<(), Problem> {
        self.engine.set_favourite(request).await
    }

    async fn mark_contact(&self, request: MarkContact) -> Result<(), Problem> {
        self.engine.mark_contact(request).await
    }

    async fn save_contact(&self, request: SaveContact) -> Result<ContactId, Problem> {
        self.engine.save_contact(request).await
    }

    async fn delete_contact(&self, request: ContactId) -> Result<(), Problem> {
        self.engine.delete_contact(request).await
    }

    async fn watch(&self, request: Watch) -> Result<(), Problem> {
        self.engine.watch(request);
        Ok(())
    }

    async fn queue_agents(&self, request: QueueOf) -> Result<Vec<QueueAgent>, Problem> {
        self.engine.queue_agents(request).await
    }

    async fn queue_trends(&self, (): ()) -> Result<Vec<QueueTrend>, Problem> {
        Ok(self.engine.queue_trends())
    }

    async fn centre(&self, (): ()) -> Result<Centre, Problem> {
        Ok(self.engine.centre().await)
    }

    async fn show_wallboard(&self, (): ()) -> Result<(), Problem> {
        self.desk.show_wallboard()
    }

    async fn close_wallboard(&self, (): ()) -> Result<(), Problem> {
        self.desk.close_wallboard();
        Ok(())
    }

    async fn dismiss_notice(&self, request: String) -> Result<(), Problem> {
        self.engine.dismiss_notice(&request);
        Ok(())
    }

    async fn day(&self, request: DayQuery) -> Result<Day, Problem> {
        self.engine.day(request).await
    }

    async fn days(&self, (): ()) -> Result<Vec<DayLine>, Problem> {
        self.engine.days().await
    }

    async fn export_days(&self, request: ExportDays) -> Result<Option<String>, Problem> {
        let name = format!("offhook-{}-{}.csv", request.from, request.to);
        let csv = self.engine.days_as_csv(request).await?;
        let title = self.words().fill("file.save_named", &[("name", &name)]);
        let path = match self.desk.ask_where(title, name.clone()).await {
            Chosen::At(path) => path,
            Chosen::Nowhere => return Ok(None),
            Chosen::NobodyToAsk => saving::downloads()
                .ok_or_else(|| Problem::new(ProblemCode::NotPossible).with("why", "no_folder"))?
                .join(name),
        };
        tokio::fs::write(&path, csv).await.map_err(|error| {
            Problem::new(ProblemCode::NotPossible).with("why", "file").saying([error.to_string()])
        })?;
        Ok(Some(path.display().to_string()))
    }

    async fn history(&self, request: HistoryQuery) -> Result<HistoryPage, Problem> {
        self.engine.history(request).await
    }

    async fn mark_history(&self, request: MarkHistory) -> Result<(), Problem> {
        self.engine.mark_history(request).await
    }

    async fn diversions(&self, request: AccountId) -> Result<Diversions, Problem> {
        self.engine.diversions(request).await
    }

    async fn set_diversion(&self, request: SetDiversion) -> Result<Diversions, Problem> {
        self.engine.set_diversion(request).await
    }

    async fn voicemail(&self, request: AccountId) -> Result<VoicemailSettings, Problem> {
        self.engine.voicemail(request).await
    }

    async fn save_voicemail(&self, request: SaveVoicemail) -> Result<VoicemailSettings, Problem> {
        self.engine.save_voicemail(request).await
    }

    async fn send_sms(&self, request: SendSms) -> Result<(), Problem> {
        self.engine.send_sms(request).await
    }

    async fn conferences(&self, (): ()) -> Result<Vec<CalendarConference>, Problem> {
        self.engine.conferences().await
    }

    async fn take_part(&self, request: TakePart) -> Result<(), Problem> {
        self.engine.take_part(request).await
    }

    async fn filters(&self, (): ()) -> Result<Vec<SavedFilter>, Problem> {
        self.engine.filters().await
    }

    async fn save_filter(&self, request: SaveFilter) -> Result<FilterId, Problem> {
        self.engine.save_filter(request).await
    }

    async fn delete_filter(&self, request: FilterId) -> Result<(), Problem> {
        self.engine.delete_filter(request).await
    }

    async fn inbox(&self, request: InboxQuery) -> Result<InboxList, Problem> {
        self.engine.inbox(request).await
    }

    async fn inbox_rows(&self, request: InboxPart) -> Result<Vec<Ticket>, Problem> {
        self.engine.inbox_rows(request).await
    }

    async fn ticket(&self, request: TicketQuery) -> Result<TicketDetail, Problem> {
        self.engine.ticket(request).await
    }

    async fn earlier_entries(&self, request: EntriesBefore) -> Result<Vec<Entry>, Problem> {
        self.engine.earlier_entries(request).await
    }

    async fn mark_read(&self, request: TicketId) -> Result<(), Problem> {
        self.engine.mark_read(request).await
    }

    async fn show_remote(&self, request: ShowRemote) -> Result<Entry, Problem> {
        self.engine.show_remote(request).await
    }

    async fn ticket_form(&self, request: FormOf) -> Result<Vec<FormField>, Problem> {
        self.engine.ticket_form(request).await
    }

    async fn templates(&self, request: TicketId) -> Result<Vec<Template>, Problem> {
        self.engine.templates(request).await
    }

    async fn template(&self, request: TemplateOf) -> Result<Insert, Problem> {
        self.engine.template(request).await
    }

    async fn knowledge(&self, request: KnowledgeQuery) -> Result<Vec<Article>, Problem> {
        self.engine.knowledge(request).await
    }

    async fn compose(&self, request: Composing) -> Result<(), Problem> {
        self.engine.compose(request).await
    }

    async fn drop_composing(&self, request: String) -> Result<(), Problem> {
        self.engine.drop_composing(request).await
    }

    async fn send(&self, request: String) -> Result<u64, Problem> {
        self.engine.send(request).await
    }

    async fn queue_work(&self, request: Work) -> Result<u64, Problem> {
        self.engine.queue_work(request).await
    }

    async fn take_back(&self, request: u64) -> Result<String, Problem> {
        self.engine.take_back(request).await
    }

    async fn resolve(&self, request: Resolve) -> Result<(), Problem> {
        self.engine.resolve(request).await
    }

    async fn bulk(&self, request: Bulk) -> Result<BulkProgress, Problem> {
        self.engine.bulk(request).await
    }

    async fn cancel_bulk(&self, request: u64) -> Result<(), Problem> {
        self.engine.cancel_bulk(request).await
    }

    async fn stage_file(&self, request: StageFile) -> Result<StagedFile, Problem> {
        self.engine.stage_file(request).await
    }

    async fn save_file(&self, request: FileOf) -> Result<Option<String>, Problem> {
        let name = self.engine.file_name(&request).await?;
        let title = self.words().fill("file.save_named", &[("name", &name)]);
        let saved = match self.desk.ask_where(title, name).await {
            Chosen::At(path) => {
                self.engine.save_file_as(request, &path).await?;
                path
            }
            Chosen::Nowhere => return Ok(None),
            Chosen::NobodyToAsk => {
                let folder = saving::downloads()
                    .ok_or_else(|| Problem::new(ProblemCode::NotPossible).with("why", "no_folder"))?;
                self.engine.save_file(request, &folder).await?
            }
        };
        Ok(Some(saved.display().to_string()))
    }

    async fn open_link(&self, request: String) -> Result<(), Problem> {
        browse::open(&request).await
    }

    async fn routes(&self, request: AccountId) -> Result<Vec<Route>, Problem> {
        self.engine.routes(request).await
    }

    async fn import_routes(&self, request: ImportRoutes) -> Result<RoutesReport, Problem> {
        self.engine.import_routes(request).await
    }

    async fn platforms(&self, (): ()) -> Result<Vec<SignInForm>, Problem> {
        Ok(Platform::ALL.map(Platform::sign_in_form).to_vec())
    }

    async fn parse_number(&self, request: String) -> Result<ParsedNumber, Problem> {
        Ok(self.engine.parse_number(&request))
    }

    async fn check_new_account(&self, request: NewAccount) -> Result<ConnectionReport, Problem> {
        Ok(self.engine.check_new_account(request).await)
    }

    async fn check_account(&self, request: AccountId) -> Result<ConnectionReport, Problem> {
        self.engine.check_account(request).await
    }

    async fn add_account(&self, request: NewAccount) -> Result<AccountId, Problem> {
        self.engine.add_account(request).await
    }

    async fn sign_in(&self, request: SignIn) -> Result<(), Problem> {
        self.engine.sign_in(request).await
    }

    async fn remove_account(&self, request: AccountId) -> Result<(), Problem> {
        self.engine.remove_account(request.clone()).await?;
        self.practice.removed(&request).await;
        Ok(())
    }

    async fn start_practice(&self, (): ()) -> Result<AccountId, Problem> {
        self.practice.start(&self.engine).await
    }

    async fn practice_ring(&self, (): ()) -> Result<(), Problem> {
        self.practice.ring().await
    }

    async fn save_settings(&self, request: Settings) -> Result<(), Problem> {
        self.engine.save_settings(request).await
    }

    async fn test_alert(&self, (): ()) -> Result<AlertReport, Problem> {
        let alerts = self.engine.snapshot().settings.alerts;
        let ringing = Ringing { device: alerts.sound_device, volume: alerts.volume };
        let notification = async {
            let notifier = self
                .notifier
                .get()
                .ok_or_else(|| Problem::new(ProblemCode::NotPossible).with("what", "notifications"))?;
            let note = alerts::test_note(&self.words());
            let tag = note.tag.clone();
            notifier.show(note).await?;
            let notifier = std::sync::Arc::clone(notifier);
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(TEST_SHOWS).await;
                notifier.withdraw(&tag);
            });
            Ok(())
        };
        let (notification, sound) = tokio::join!(notification, self.sound.test(ringing));
        Ok(AlertReport { notification: notification.err(), sound: sound.err() })
    }

    async fn sound_devices(&self, (): ()) -> Result<Vec<String>, Problem> {
        Ok(self.sound.devices().await)
    }

    async fn silence(&self, request: ActivityId) -> Result<(), Problem> {
        if let Some(silence) = self.silence.get() {
            // Nothing rings any more once alerts have ended.
            let _ = silence.send(request);
        }
        Ok(())
    }

    async fn pending_dial(&self, (): ()) -> Result<Option<DialRequest>, Problem> {
        let region = self.engine.snapshot().settings.region;
        // One that cannot be dialled is told too: the agent has clicked on something.
        Ok(self.links.take().map(|text| {
            let number = engine::numbers::parse(&text, &region);
            DialRequest { text, number }
        }))
    }

    async fn unlock_keychain(&self, (): ()) -> Result<(), Problem> {
        self.engine.retry_vault();
        Ok(())
    }

    async fn diagnostics(&self, (): ()) -> Result<Vec<DiagnosticLine>, Problem> {
        Ok(diagnostics::lines(self).await)
    }

    async fn show_main(&self, request: Option<ActivityId>) -> Result<(), Problem> {
        self.desk.show_main();
        if let Some(activity) = request {
            self.desk.tell(ShellEvent::Show { activity });
        }
        Ok(())
    }

    async fn page_ready(&self, (): ()) -> Result<(), Problem> {
        // Which window it was only the door knows: see `ipc::call`.
        Ok(())
    }

    async fn quit(&self, request: Quit) -> Result<(), Problem> {
        if request.leave == LeaveState::Ask {
            return Ok(());
        }
        if request.remember {
            let settings = self.engine.snapshot().settings;
            self.engine.save_settings(Settings { leave: request.leave, ..settings }).await?;
        }
        self.leave(request.leave).await;
        Ok(())
    }
}
