//! What platforms tell of a day afterwards, and the past of platforms that tell nothing: what was kept here.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::join_all;
use model::{
    AccountId, BandState, Capability, Change, ContactOutcome, DayDate, HistoryId, HistoryItem, PastOutcome,
    Problem, ProblemCode, Timestamp, Witness,
};

use super::calendar;
use super::kept::KeptContact;
use super::spans::Spans;
use crate::clock;
use crate::connector::{HistoryPart, Past};
use crate::core::Core;
use crate::office::in_time;

/// How long a platform is left alone about today.
const AGAIN_MS: i64 = 5 * 60_000;
/// A hole in today that is not worth a question.
const HOLE_MS: i64 = 60_000;

/// Asks the platforms that tell of past days about one: those that have not told of it yet behind the caller's back, or,
/// if `now` says so, all of them, and waits for them as long as anybody would. Nobody who stops waiting stops the question.
///
/// # Errors
/// When the store fails.
pub(super) async fn ask_platforms(
    core: &Arc<Core>,
    date: Date,
    zone: &TimeZone,
    now: bool,
) -> Result<(), Problem> {
    let (begins, ends) = calendar::bounds(date, zone)?;
    let wanted_at = clock::now();
    if begins >= wanted_at {
        return Ok(());
    }
    let written = date.to_string();
    let mut waits = Vec::new();
    for (account, _) in core.offering(Capability::PastDays) {
        if !now && !is_worth_asking(core, &account, &written, (begins, ends)).await? {
            continue;
        }
        let question = {
            let (core, account, date) = (core.clone(), account.clone(), written.clone());
            async move {
                let turn = core.day.turn_of(&account);
                let _turn = match turn.try_lock() {
                    Ok(turn) => turn,
                    // One question at a time: what is not waited for comes again by itself.
                    Err(_) if !now => return,
                    Err(_) => turn.lock().await,
                };
                let asked = core.store.day_asked(account.clone(), date.clone()).await;
                if asked.is_ok_and(|asked| asked.is_some_and(|asked| asked >= wanted_at)) {
                    return;
                }
                core.stopped.clone().run_until_cancelled(ask(&core, account, date, (begins, ends))).await;
            }
        };
        waits.push((account, tokio::spawn(question)));
    }
    if now {
        let all = waits.into_iter().map(|(account, question)| {
            let done = async move { question.await.map_err(|_| Problem::new(ProblemCode::Internal)) };
            let date = &written;
            async move {
                if let Err(problem) = in_time(done, &account).await {
                    core.day.asked(date, &account, Some(problem));
                }
            }
        });
        join_all(all).await;
    }
    Ok(())
}

/// A past day is asked about once after it has ended, today when something of it was not seen.
async fn is_worth_asking(
    core: &Core,
    account: &AccountId,
    date: &DayDate,
    (begins, ends): (Timestamp, Timestamp),
) -> Result<bool, Problem> {
    let (asked, now) = (core.store.day_asked(account.clone(), date.clone()).await?, clock::now());
    if core.day.is_resting(date, account, now) {
        return Ok(false);
    }
    if ends <= now {
        return Ok(asked.is_none_or(|asked| asked < ends));
    }
    if asked.is_some_and(|asked| now.ms_since(asked) < AGAIN_MS) {
        return Ok(false);
    }
    let kept = core.store.day(begins, ends).await?;
    let seen = kept.bands.iter().filter(|band| {
        band.account == *account && band.witness == Witness::Seen && band.was.state != BandState::Unheard
    });
    let seen = Spans::of(seen.map(|band| (band.from, if band.is_open { now } else { band.to })));
    let since = asked.map_or(begins, |asked| asked.max(begins));
    Ok(Spans::of([(since, now)]).without(&seen).ms() > HOLE_MS)
}

async fn ask(core: &Arc<Core>, account: AccountId, date: DayDate, (begins, ends): (Timestamp, Timestamp)) {
    let now = clock::now();
    let stretch = (begins, ends.min(now));
    let kept = match core.ask(&account, |office| office.past_day(stretch.0, stretch.1)).await {
        Ok(told) => {
            if told.unreadable > 0 {
                tracing::warn!(%account, unreadable = told.unreadable, "records of a day could not be read");
            }
            core.store.keep_told(account.clone(), stretch, told.bands, told.contacts).await
        }
        Err(problem) => Err(problem),
    };
    let problem = match kept {
        Ok(is_news) => {
            if is_news {
                core.day.forget_sums(&BTreeSet::from([date.clone()]));
                core.hub.tell(Change::Day { date: date.clone() });
            }
            core.store.put_day_asked(account.clone(), date.clone(), now).await.err()
        }
        Err(problem) => Some(problem),
    };
    if let Some(problem) = &problem {
        tracing::info!(%account, code = ?problem.code, "a platform could not tell of a day");
        core.day.rests(&date, &account, clock::now());
    }
    core.day.asked(&date, &account, problem);
}

/// The past of accounts whose platforms have none that can be read: the contacts that were kept here.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn local_history(
    core: &Core,
    accounts: Vec<AccountId>,
    past: &Past,
) -> Result<HistoryPart, Problem> {
    let wanted = outcomes(&past.outcomes);
    if accounts.is_empty() || wanted.is_empty() {
        return Ok(HistoryPart::default());
    }
    core.day.catch_up().await;
    let mut kept = core.store.contacts_before(accounts, wanted, past.before, past.most + 1).await?;
    let more = kept.len() > past.most;
    kept.truncate(past.most);
    Ok(HistoryPart { items: kept.into_iter().map(item).collect(), more, unreadable: 0 })
}

fn outcomes(wanted: &[PastOutcome]) -> Vec<ContactOutcome> {
    const ALL: [ContactOutcome; 5] = [
        ContactOutcome::Handled,
        ContactOutcome::Missed,
        ContactOutcome::Declined,
        ContactOutcome::Elsewhere,
        ContactOutcome::NoAnswer,
    ];
    ALL.into_iter().filter(|one| wanted.is_empty() || wanted.contains(&past_outcome(*one))).collect()
}

fn past_outcome(outcome: ContactOutcome) -> PastOutcome {
    match outcome {
        ContactOutcome::Handled | ContactOutcome::Open => PastOutcome::Answered,
        ContactOutcome::Missed | ContactOutcome::Declined | ContactOutcome::NoAnswer => PastOutcome::Missed,
        ContactOutcome::Elsewhere => PastOutcome::Forwarded,
    }
}

fn item(kept: KeptContact) -> HistoryItem {
    let block = kept.shown_at(kept.seen_to);
    let talk = block.answered.zip(block.ended).map(|(from, to)| super::spans::seconds(to.ms_since(from)));
    HistoryItem {
        id: HistoryId(block.id.0),
        account: block.account,
        channel: block.channel,
        direction: block.direction,
        outcome: past_outcome(block.outcome),
        other_outcome: None,
        party: block.party,
        queue: block.queue,
        at: block.began,
        seconds: talk,
        count: 1,
        seen: None,
        played: None,
        handled: None,
        agent: None,
        facts: kept.facts,
        web: kept.web,
    }
}
