//! Contacts of all accounts: kept in step with the platforms, searched as one, and found behind a number.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use model::ipc::ContactQuery;
use model::{
    AccountId, ActivityId, Capability, Contact, ContactDetail, ContactId, ContactMatch, ContactPage, Phone,
    Problem, ProblemCode,
};

use crate::clock;
use crate::core::Core;
use crate::identify;
use crate::session::{Session, offers};

/// How many contacts a search shows.
const SHOWN: usize = 50;
/// How long a search waits for a platform.
const PATIENCE: Duration = Duration::from_secs(8);
/// How old the local index of an account may grow before it is read again.
const FRESH_MS: i64 = 6 * 3_600_000;
/// How long to wait after a synchronisation that broke off.
const RETRY: Duration = Duration::from_secs(120);
/// How many matches of a caller have their open tickets looked up.
const WITH_TICKETS: usize = 3;
/// How many tickets of a contact are shown from the index.
const TICKETS: usize = 20;

/// Keeps the local index of an account's contacts in step with the platform until dropped: once signed in, then every
/// few hours. One page at a time, so that it never crowds out a command.
pub(crate) async fn keep_in_step(core: Arc<Core>, session: Arc<Session>) {
    offered(&core, &session.account, Capability::Contacts).await;
    loop {
        let due = match core.store.synced_at(session.account.clone()).await {
            Ok(Some(at)) => at.plus_ms(FRESH_MS).ms_since(clock::now()),
            Ok(None) | Err(_) => 0,
        };
        let wait = if due > 0 {
            Duration::from_millis(due.unsigned_abs())
        } else {
            match read_all(&core, &session).await {
                Ok(()) => continue,
                Err(problem) => {
                    tracing::info!(account = %session.account, code = ?problem.code, "contacts could not be read");
                    RETRY
                }
            }
        };
        tokio::time::sleep(wait).await;
    }
}

async fn read_all(core: &Core, session: &Session) -> Result<(), Problem> {
    let generation = core.store.begin_sync(session.account.clone()).await?;
    let mut next = Some(0);
    while let Some(skip) = next {
        let found = session.connector.contacts(skip).await?;
        core.store.put_contacts(found.contacts).await?;
        next = found.next;
    }
    let gone = core.store.finish_sync(session.account.clone(), generation, clock::now()).await?;
    tracing::info!(account = %session.account, gone, "contacts are in step");
    Ok(())
}

/// Waits until the account has been signed in to and offers something.
pub(crate) async fn offered(core: &Core, account: &AccountId, what: Capability) {
    let (_, mut follower) = core.hub.follow();
    while !offers(core, account, what) {
        if follower.next().await == crate::Followed::End {
            std::future::pending::<()>().await;
        }
    }
}

/// Asks the platforms who the other side of an activity is, and for the open tickets of those who it may be.
pub(crate) async fn find_out(
    core: Arc<Core>,
    activity: ActivityId,
    phone: Option<Phone>,
    linked: Option<Contact>,
) {
    if let Some(phone) = phone.clone().filter(|phone| !crate::numbers::is_withheld(&phone.raw)) {
        let asked = core.offering(Capability::Contacts).into_iter().map(|(_, connector)| {
            let phone = phone.clone();
            async move { tokio::time::timeout(PATIENCE, connector.callers(phone)).await }
        });
        for found in join_all(asked).await.into_iter().flatten().flatten() {
            if let Err(problem) = core.store.put_contacts(found.contacts).await {
                tracing::warn!(code = ?problem.code, "contacts that were found could not be kept");
            }
        }
    }
    let mut matches = match identify::identify(&core.store, phone.as_ref(), linked) {
        Ok(matches) => matches,
        Err(problem) => {
            tracing::warn!(code = ?problem.code, "a caller could not be looked up");
            return;
        }
    };
    core.hub.update(|state, _| state.identified(&activity, matches.clone()));
    join_all(matches.iter_mut().take(WITH_TICKETS).map(|found| open_tickets(&core, found))).await;
    core.hub.update(|state, _| state.identified(&activity, matches));
}

async fn open_tickets(core: &Core, found: &mut ContactMatch) {
    let Some((account, name)) = found.contact.id.parts() else { return };
    if !offers(core, &account, Capability::Tickets) {
        return;
    }
    let Ok(session) = core.session(&account) else { return };
    let asked = tokio::time::timeout(PATIENCE, session.connector.open_tickets(name.to_owned())).await;
    if let Ok(Ok(tickets)) = asked {
        found.tickets = tickets;
    }
}

/// Searches contacts of all accounts.
pub(crate) async fn search(core: &Core, query: ContactQuery) -> Result<ContactPage, Problem> {
    let contacts = core.store.search(query.text.clone(), SHOWN).await?;
    let mut page = ContactPage { contacts, online: query.online, problems: Vec::new(), unreadable: 0 };
    if !query.online {
        return Ok(page);
    }
    let asked = core.offering(Capability::Contacts).into_iter().map(|(account, connector)| {
        let text = query.text.clone();
        async move {
            let slow = || Err(Problem::new(ProblemCode::Network));
            let found = tokio::time::timeout(PATIENCE, connector.search(text)).await;
            (account, found.unwrap_or_else(|_| slow()))
        }
    });
    let mut found_online = Vec::new();
    for (account, found) in join_all(asked).await {
        match found {
            Ok(found) => {
                page.unreadable += found.unreadable;
                found_online.extend(found.contacts);
            }
            Err(problem) => page.problems.push(problem.on(&account)),
        }
    }
    core.store.put_contacts(found_online.clone()).await?;
    page.contacts = core.store.search(query.text, SHOWN).await?;
    // A platform may know a contact by something that the local index does not.
    for contact in found_online {
        if page.contacts.len() >= SHOWN {
            break;
        }
        if !page.contacts.iter().any(|shown| shown.id == contact.id) {
            page.contacts.push(contact);
        }
    }
    Ok(page)
}

/// A contact with its tickets and past activities; if its platform does not answer, with what is known here and the reason.
pub(crate) async fn contact(core: &Core, id: ContactId) -> Result<ContactDetail, Problem> {
    let kept = core.store.contact(id.clone()).await?;
    let Some((account, name)) = id.parts() else { return Err(Problem::new(ProblemCode::Gone)) };
    let known = core.store.tickets_of(id.clone(), TICKETS).await?;
    let asked = match core.session(&account) {
        Ok(session) => session.connector.contact(name.to_owned()).await,
        Err(problem) => Err(problem),
    };
    match (asked, kept) {
        (Ok(mut detail), kept) => {
            core.store.put_contacts(vec![detail.contact.clone()]).await?;
            detail.contact.favourite = kept.is_some_and(|kept| kept.favourite);
            let told: Vec<_> = detail.tickets.iter().map(|ticket| ticket.id.clone()).collect();
            detail.tickets.extend(known.into_iter().filter(|ticket| !told.contains(&ticket.id)));
            Ok(detail)
        }
        (Err(problem), Some(contact)) => Ok(ContactDetail {
            contact,
            tickets: known,
            activities: Vec::new(),
            problems: vec![problem.on(&account)],
            unreadable: 0,
        }),
        (Err(problem), None) => Err(problem.on(&account)),
    }
}
