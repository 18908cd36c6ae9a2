//! Notices outside the window: what the agent should know although nothing rings, in a notification's two lines.

use model::{Measure, Notice, NoticeKind, Snapshot};

use crate::notifier::{Note, Weight};
use crate::words::Words;

/// What stands before the key in the tag of its notification.
const TAG: &str = "notice ";

/// Whether a tag is that of a notice.
pub(crate) fn is_one(tag: &str) -> bool {
    tag.starts_with(TAG)
}

/// The notification of a notice. It says nothing that moves by itself, so that it shows once.
pub(crate) fn note(snapshot: &Snapshot, notice: &Notice, words: &Words) -> Note {
    let account_of = |id: &model::AccountId| {
        let account = snapshot.accounts.iter().find(|state| state.account.id == *id);
        account.map_or_else(String::new, |state| state.account.name.clone())
    };
    let (title, body) = match &notice.kind {
        NoticeKind::Queue { queue, title, measure, limit, .. } => {
            let key = match measure {
                Measure::Waiting => "shell.notice_waiting",
                Measure::LongestWait => "shell.notice_longest",
                Measure::Free => "shell.notice_free",
                Measure::ServiceLevel => "shell.notice_service",
                Measure::Abandoned => "shell.notice_abandoned",
            };
            (words.fill(key, &[("queue", title), ("limit", &limit.to_string())]), account_of(&queue.account))
        }
        NoticeKind::LongPause { account, title, minutes, .. } => {
            let facts = [("pause", title.as_str()), ("minutes", &minutes.to_string())];
            (words.fill("shell.notice_pause", &facts), account_of(account))
        }
        NoticeKind::LongWrapUp { account, minutes, .. } => {
            (words.fill("shell.notice_wrap_up", &[("minutes", &minutes.to_string())]), account_of(account))
        }
        NoticeKind::SessionEnds { account, .. } => {
            let account = account_of(account);
            (
                words.fill("shell.notice_session", &[("account", &account)]),
                words.say("shell.notice_session_hint"),
            )
        }
    };
    Note { tag: format!("{TAG}{}", notice.key), title, body, weight: Weight::Plain, buttons: Vec::new() }
}
