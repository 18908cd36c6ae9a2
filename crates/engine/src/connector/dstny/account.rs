//! What the account is: read once, and again when the platform says so or somebody has written. None of it makes a ring wait.

use std::sync::Arc;
use std::time::Duration;

use dstny::Subscription;
use dstny::commlog::{LogItemType, LogQuery};
use dstny::config::Configuration as WireConfiguration;
use dstny::contacts::ContactQuery;
use dstny::groups::{Group, GroupDetail, GroupLogQuery};
use dstny::personal_contacts::AddressBook;
use dstny::wire::Error;
use dstny::wire::sse::{Budget, Priority};

use super::Dstny;
use super::offers::{Part, is_a_clear_no};
use super::picture::Asked;
use super::subscriptions::{Configuration, Devices, Follow, OwnPresence};

/// How often the groups are read without any sign.
const GROUPS_EVERY: Duration = Duration::from_secs(30);
/// How long the platform takes to write its log.
const WRITTEN: Duration = Duration::from_secs(1);
/// How long to wait before reading again what could not be read.
const READ_AGAIN: Duration = Duration::from_secs(10);

/// Reads the groups whenever something was said of them, and now and then.
pub(super) async fn keep_groups(dstny: Arc<Dstny>) {
    loop {
        let sign = tokio::time::timeout(GROUPS_EVERY, dstny.news.groups.notified());
        if sign.await.is_err() && dstny.picture().offers.refused(Part::Groups).is_some() {
            continue;
        }
        let asked = dstny.picture().ask_groups();
        let Ok(groups) = dstny.read_groups().await else { continue };
        let is_taken = dstny.picture().groups_read(asked, groups);
        match is_taken {
            true => dstny.show(),
            false => dstny.news.groups.notify_one(),
        }
    }
}

/// Reads what the account is and what it offers, then follows what of it has a stream.
pub(super) async fn read_everything(dstny: Arc<Dstny>, budget: Budget) {
    while !dstny.read_statics().await {
        tokio::time::sleep(READ_AGAIN).await;
    }
    let open = |key, subscription, topic| {
        let follow = Follow { dstny: dstny.clone(), subscription, topic };
        budget.open(key, Priority::Queues, follow)
    };
    let own = Subscription::contact_presence(&dstny.client.identity().cid());
    let _presence = open("own presence", own, OwnPresence);
    let devices = Follow { dstny: dstny.clone(), subscription: Subscription::devices(), topic: Devices };
    let _devices = budget.open("devices", Priority::Queues, devices);
    let config = Subscription::configuration();
    let config = Follow { dstny: dstny.clone(), subscription: config, topic: Configuration };
    let _config = budget.open("configuration", Priority::Queues, config);
    while !dstny.find_out_what_works().await {
        tokio::time::sleep(READ_AGAIN).await;
    }
    loop {
        tokio::select! {
            () = dstny.news.presence.notified() => {
                let asked = dstny.picture().ask_presence();
                if let Ok(presence) = dstny.client.presence().await {
                    dstny.presence_read(asked, presence);
                }
            }
            () = dstny.news.configuration.notified() => {
                if let Err(error) = dstny.read_configuration().await {
                    tracing::info!(account = %dstny.account, %error, "the configuration could not be read");
                }
            }
            () = dstny.news.missed.notified() => {
                // The platform writes its log a moment after the call.
                tokio::time::sleep(WRITTEN).await;
                let missed = dstny.client.log(&missed()).await;
                dstny.missed_read(&missed);
            }
        }
        dstny.show();
    }
}

impl Dstny {
    /// Reads what the account is. Answers whether all of it could be read, or is known not to be there.
    async fn read_statics(&self) -> bool {
        let client = &self.client;
        let own = client.identity().cid();
        let (asked_presence, asked_groups) = {
            let picture = self.picture();
            (picture.ask_presence(), picture.ask_groups())
        };
        let (config, presence, groups, devices, lines, shortcuts, me) = tokio::join!(
            self.read_configuration(),
            client.presence(),
            self.read_groups(),
            self.read_devices(),
            client.lines(),
            client.shortcuts(),
            client.contact(&own),
        );
        let mut is_complete = is_settled(&config);
        let mut picture = self.picture();
        let mut take = |part, settled, changed: bool| {
            is_complete &= settled;
            changed.then(|| tracing::debug!(account = %self.account, ?part, "known now"));
        };
        take(Part::Presence, is_settled(&presence), picture.offers.note(Part::Presence, &presence));
        take(Part::Groups, is_settled(&groups), false);
        take(Part::Devices, is_settled(&devices), false);
        take(Part::Lines, is_settled(&lines), picture.offers.note(Part::Lines, &lines));
        take(Part::Shortcuts, is_settled(&shortcuts), picture.offers.note(Part::Shortcuts, &shortcuts));
        take(Part::ContactPresence, is_settled(&me), picture.offers.note(Part::ContactPresence, &me));
        // Whatever was told meanwhile is newer.
        if let Ok(presence) = presence {
            let _ = picture.presence_read(asked_presence, presence);
        }
        if let Ok(groups) = groups {
            let _ = picture.groups_read(asked_groups, groups);
        }
        devices.into_iter().for_each(|devices| picture.devices_told(devices));
        lines.into_iter().for_each(|lines| picture.lines_told(lines));
        shortcuts.into_iter().for_each(|shortcuts| picture.shortcuts_told(shortcuts));
        me.into_iter().for_each(|me| picture.name_told(super::people::title_of(&me)));
        picture.statics_looked_at();
        drop(picture);
        self.show();
        self.looks.send_modify(|looks| looks.is_read = true);
        is_complete
    }

    /// Takes in the own presence as it was read; if something newer was told meanwhile, it is read again.
    pub(super) fn presence_read(&self, asked: Asked, presence: dstny::presence::Presence) {
        let is_taken = self.picture().presence_read(asked, presence);
        match is_taken {
            true => self.news.shown.notify_one(),
            false => self.news.presence.notify_one(),
        }
    }

    /// The organisation's words, from where they are all together or one by one.
    pub(super) async fn read_configuration(&self) -> Result<(), Error> {
        let language = self.picture().language();
        let language = Some(language.as_str()).filter(|language| !language.is_empty());
        let config = match self.client.configuration(language).await {
            Err(error) if is_a_clear_no(&error) => {
                let (activities, roles) =
                    tokio::join!(self.client.activities(language), self.client.roles(language));
                activities.map(|activity| WireConfiguration {
                    activities: Some(dstny::config::Activities { activity, ..Default::default() }),
                    roles: roles.ok().map(|role| dstny::config::Roles { role, ..Default::default() }),
                    ..WireConfiguration::default()
                })
            }
            config => config,
        };
        let mut picture = self.picture();
        picture.offers.note(Part::Config, &config);
        picture.config_told(config?);
        Ok(())
    }

    /// The groups of the user, with or without what only one of the two lists tells.
    pub(super) async fn read_groups(&self) -> Result<Vec<Group>, Error> {
        let detail = GroupDetail { ignore_statistics: true, ignore_agents: true };
        let groups = match self.client.acd_groups(detail).await {
            Err(error) if is_a_clear_no(&error) => {
                let groups = self.client.distribution_groups().await;
                groups.map(|groups| groups.into_iter().map(as_group).collect())
            }
            groups => groups,
        };
        self.picture().offers.note(Part::Groups, &groups);
        groups
    }

    /// The devices of the user, with their status where it is told.
    pub(super) async fn read_devices(&self) -> Result<Vec<dstny::device::Device>, Error> {
        let devices = match self.client.devices(None).await {
            Err(error) if is_a_clear_no(&error) => self.client.active_devices().await,
            devices => devices,
        };
        self.picture().offers.note(Part::Devices, &devices);
        match devices {
            Err(error) if is_a_clear_no(&error) => Ok(Vec::new()),
            devices => devices,
        }
    }

    /// Counts the missed calls that the agent has not seen.
    fn missed_read(&self, log: &Result<dstny::commlog::Log, Error>) {
        self.picture().offers.note(Part::Log, log);
        if let Ok(log) = log {
            let unseen = log.items.iter().filter(|item| item.entry.is_seen == Some(false)).count();
            self.picture().missed_told(u32::try_from(unseen).unwrap_or(u32::MAX));
        }
    }

    /// Asks each part once that nothing else has asked. Answers whether all of them have answered.
    pub(super) async fn find_out_what_works(&self) -> bool {
        let client = &self.client;
        let one_contact = ContactQuery { max_results: Some(1), ..ContactQuery::default() };
        let one_call = GroupLogQuery { limit: Some(1), ..GroupLogQuery::default() };
        let missed = missed();
        let (log, group_log, contacts, personal) = tokio::join!(
            client.log(&missed),
            client.group_call_logs(&one_call),
            client.search_contacts(&one_contact),
            client.personal_contacts(&AddressBook::Own),
        );
        let (statistics, rules, voicemail, events) = tokio::join!(
            client.queue_statistics(),
            client.diversion_rules(),
            client.voicemail_settings(),
            client.events(),
        );
        let mut picture = self.picture();
        let mut answers = vec![
            is_settled(&log),
            is_settled(&group_log),
            is_settled(&contacts),
            is_settled(&personal),
            is_settled(&statistics),
            is_settled(&rules),
            is_settled(&voicemail),
            is_settled(&events),
        ];
        picture.offers.note(Part::GroupLog, &group_log);
        picture.offers.note(Part::Contacts, &contacts);
        picture.offers.note(Part::PersonalContacts, &personal);
        picture.offers.note(Part::Statistics, &statistics);
        picture.offers.note(Part::Diversions, &rules);
        picture.offers.note(Part::Voicemail, &voicemail);
        picture.offers.note(Part::Events, &events);
        drop(picture);
        self.missed_read(&log);
        self.show();
        answers.drain(..).all(|settled| settled)
    }
}

/// How many missed calls are counted at most.
const MISSED: u32 = 100;

/// The missed calls of the agent's log.
fn missed() -> LogQuery {
    LogQuery { limit: Some(MISSED), item_types: vec![LogItemType::MissedCall], ..LogQuery::default() }
}

/// Whether an answer will not be another one a moment later.
fn is_settled<T>(answer: &Result<T, Error>) -> bool {
    answer.as_ref().err().is_none_or(|error| is_a_clear_no(error) || !error.is_passing())
}

fn as_group(group: dstny::groups::DistributionGroup) -> Group {
    Group {
        id: group.id,
        domain: group.domain,
        name: group.name,
        kind: group.kind,
        logged_in: group.logged_in,
        night_mode: group.night_mode,
        ..Group::default()
    }
}
