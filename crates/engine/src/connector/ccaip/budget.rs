//! What is looked at, how often at best, and out of which part of the customer's requests.

use std::time::Duration;

use model::DataPiece;
use wire::pace::{Class, Pace};
use wire::share::{Learned, Looks, Plan, Rounds};

/// A piece of the picture that one request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// The agent's activity log: rings, what was taken, states.
    Log,
    /// The agent's calls, what changed last first.
    Calls,
    /// The same of chats.
    Chats,
    /// Calls by number: what is on offer belongs to nobody yet.
    OfferedCalls,
    OfferedChats,
    /// The agent's state.
    State,
    /// What waits in menus.
    Waiting,
    /// Who is there, and how long one waits.
    Waits,
    CallLevels,
    ChatLevels,
    /// The states that there are.
    Statuses,
    Menus,
    Hours,
    /// Who is signed in: the agent's state too, and among how many the requests are shared.
    Crowd,
    /// Whatever nobody waits for: the next request of it.
    Errand,
}

impl Piece {
    pub(super) const ALL: [Self; 15] = [
        Self::Log,
        Self::Calls,
        Self::Chats,
        Self::OfferedCalls,
        Self::OfferedChats,
        Self::State,
        Self::Waiting,
        Self::Waits,
        Self::CallLevels,
        Self::ChatLevels,
        Self::Statuses,
        Self::Menus,
        Self::Hours,
        Self::Crowd,
        Self::Errand,
    ];
    /// What nobody needs while no window shows queues.
    pub(super) const OF_QUEUES: [Self; 5] =
        [Self::Waiting, Self::Waits, Self::CallLevels, Self::ChatLevels, Self::Hours];

    fn class(self) -> Class {
        match self {
            Self::Log | Self::Calls | Self::Chats | Self::OfferedCalls | Self::OfferedChats => Class::Live,
            Self::State => Class::State,
            Self::Waiting | Self::Waits | Self::CallLevels | Self::ChatLevels | Self::Errand => {
                Class::Background
            }
            Self::Statuses | Self::Menus | Self::Hours | Self::Crowd => Class::Prefetch,
        }
    }

    /// Whether nothing else tells what it tells: when it fails, all waits until it does not.
    pub(super) fn is_vital(self) -> bool {
        matches!(self.class(), Class::Live | Class::State)
    }

    /// How old it may get while nothing calls for more.
    pub(super) fn wish(self) -> Duration {
        Duration::from_secs(match self {
            Self::Log => 4,
            // The log says when there is something new in them; this is for what it should miss.
            Self::Calls | Self::Chats => 60,
            Self::OfferedCalls | Self::OfferedChats => 3,
            Self::State => 15,
            Self::Errand => 1,
            Self::Waiting => 20,
            Self::Waits => 30,
            Self::CallLevels | Self::ChatLevels => 120,
            Self::Crowd => 600,
            Self::Statuses | Self::Menus | Self::Hours => 1800,
        })
    }

    /// What of the health it is.
    pub(super) fn data(self) -> DataPiece {
        match self {
            Self::Log | Self::Calls | Self::Chats | Self::OfferedCalls | Self::OfferedChats => {
                DataPiece::Contacts
            }
            Self::State => DataPiece::State,
            Self::Waiting | Self::Waits | Self::CallLevels | Self::ChatLevels => DataPiece::Queues,
            Self::Statuses | Self::Menus | Self::Hours | Self::Crowd | Self::Errand => DataPiece::Directory,
        }
    }
}

/// Of the practice centre everything is ours.
const ALONE: Plan = Plan { limit: 10.0, part: 1.0 };
/// Where nobody else is, nothing has to be found out: a look a second from the first.
const EVERY: Duration = Duration::from_secs(1);

/// The looks of an account with this part of the customer's requests, in per cent; without one, what [`Plan`] takes to be
/// modest.
pub(super) fn looks(share: Option<u32>, is_alone: bool, learned: Option<&Learned>) -> Looks<Piece> {
    let usual = if is_alone { ALONE } else { Plan::default() };
    let plan = share.map_or(usual, |part| Plan { part: f64::from(part.clamp(1, 100)) / 100.0, ..usual });
    let evenly = is_alone.then(|| Learned::evenly(EVERY));
    let pace = Pace::sharing(plan, evenly.as_ref().or(learned));
    let looks = Looks::new(pace, Rounds::new(Piece::ALL.map(|piece| (piece, piece.class(), piece.wish()))));
    for piece in Piece::OF_QUEUES.into_iter().chain([Piece::OfferedCalls, Piece::OfferedChats, Piece::Errand])
    {
        looks.put_aside(piece);
    }
    looks
}
