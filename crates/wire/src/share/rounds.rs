//! Which piece of data to look at next, when there is too little for all.
//!
//! Every piece has a [`Class`] (its rank) and a wished age. A piece is *due* when it is older than wished, or was asked for
//! out of turn. Of those that are due the choice falls on
//!
//! 1. what was asked for out of turn, the longest waiting first;
//! 2. a piece that was passed over more often than its rank has patience for (live 3, state 5, background 11,
//!    prefetch 31 times), the one that is furthest beyond that first;
//! 3. the best rank; within a rank the piece that is oldest, measured by its wished age.
//!
//! So lesser ranks get older first, but nothing starves: among N pieces a due one is chosen before its rank's patience and N
//! other choices are over, not counting what was asked for out of turn (see [`Rounds::longest_wait`]). For once it is
//! beyond its patience only such go before it as are further beyond, and each of them once: then it starts anew.
//!
//! Pure: time is handed in.

use std::time::Duration;

use super::Moment;
use crate::pace::Class;

/// The pieces and their ages.
#[derive(Debug, Clone)]
pub struct Rounds<P> {
    pieces: Vec<Piece<P>>,
}

#[derive(Debug, Clone)]
struct Piece<P> {
    name: P,
    class: Class,
    wish: Duration,
    watched: bool,
    wanted: Option<Moment>,
    fetched: Option<Moment>,
    asked: Option<Moment>,
    /// How often another one was chosen while this one was due.
    passed: u32,
    /// What `asked` and `passed` and `wanted` were before the choice fell on it, in case it was refused.
    before: (Option<Moment>, u32, Option<Moment>),
}

impl<P: Copy + Eq> Rounds<P> {
    /// Pieces with their rank and wished age, all watched and none ever fetched.
    pub fn new(pieces: impl IntoIterator<Item = (P, Class, Duration)>) -> Self {
        let piece = |(name, class, wish)| Piece {
            name,
            class,
            wish,
            watched: true,
            wanted: None,
            fetched: None,
            asked: None,
            passed: 0,
            before: (None, 0, None),
        };
        Self { pieces: pieces.into_iter().map(piece).collect() }
    }

    /// The best class of what is due, which is `Foreground` where something was asked for out of turn; else the moment at
    /// which something will be due, `None` if nothing is watched.
    pub fn due_class(&self, now: Moment) -> Result<Class, Option<Moment>> {
        let due = self.pieces.iter().filter(|piece| piece.is_due(now));
        let class = due.map(|piece| if piece.wanted.is_some() { Class::Foreground } else { piece.class });
        class
            .min_by_key(|class| (*class != Class::Foreground, *class))
            .ok_or_else(|| self.pieces.iter().filter_map(Piece::due_at).min())
    }

    /// Chooses what to look at now; it counts as asked for. `None` if nothing is due.
    pub fn choose(&mut self, now: Moment) -> Option<P> {
        let chosen = self.order(now).next()?;
        for (index, piece) in self.pieces.iter_mut().enumerate() {
            if index == chosen {
                piece.before = (piece.asked, piece.passed, piece.wanted);
                (piece.asked, piece.passed, piece.wanted) = (Some(now), 0, None);
            } else if piece.is_due(now) {
                piece.passed = piece.passed.saturating_add(1);
            }
        }
        self.pieces.get(chosen).map(|piece| piece.name)
    }

    /// Everything that is due, in the order of choice: what else the request might bring.
    pub fn due(&self, now: Moment) -> Vec<P> {
        self.order(now).filter_map(|index| self.pieces.get(index)).map(|piece| piece.name).collect()
    }

    /// An answer brought this piece, whether it was chosen for it or not.
    pub fn fetched(&mut self, name: P, now: Moment) {
        self.change(name, |piece| {
            (piece.fetched, piece.asked, piece.passed, piece.wanted) = (Some(now), Some(now), 0, None);
        });
    }

    /// The platform had no room for the request: the piece is where it was before the choice fell on it.
    pub fn refused(&mut self, name: P) {
        self.change(name, |piece| {
            let wanted_since = piece.wanted;
            (piece.asked, piece.passed, piece.wanted) = piece.before;
            piece.wanted = piece.wanted.or(wanted_since);
        });
    }

    /// Somebody waits for this piece.
    pub fn want(&mut self, name: P, now: Moment) {
        self.change(name, |piece| piece.wanted = piece.wanted.or(Some(now)));
    }

    /// Somebody looks at this piece (again).
    pub fn watch(&mut self, name: P) {
        self.change(name, |piece| piece.watched = true);
    }

    /// Nobody looks at this piece: it is not fetched until it is watched again or wanted.
    pub fn put_aside(&mut self, name: P) {
        self.change(name, |piece| (piece.watched, piece.passed) = (false, 0));
    }

    /// How old this piece may get from now on: longer while it is known to be quiet.
    pub fn wish(&mut self, name: P, age: Duration) {
        self.change(name, |piece| piece.wish = age);
    }

    /// How old each piece is, `None` if it was never fetched.
    pub fn ages(&self, now: Moment) -> Vec<(P, Option<Duration>)> {
        let age = |piece: &Piece<P>| piece.fetched.map(|fetched| now.saturating_sub(fetched));
        self.pieces.iter().map(|piece| (piece.name, age(piece))).collect()
    }

    /// After how many choices at the latest a piece of this class is chosen that stays due, if nothing is asked for out of
    /// turn.
    pub fn longest_wait(&self, class: Class) -> u32 {
        patience(class).saturating_add(u32::try_from(self.pieces.len()).unwrap_or(u32::MAX))
    }

    fn change(&mut self, name: P, change: impl FnOnce(&mut Piece<P>)) {
        self.pieces.iter_mut().find(|piece| piece.name == name).map(change);
    }

    /// The places of what is due, in the order of choice.
    fn order(&self, now: Moment) -> impl Iterator<Item = usize> + use<P> {
        let due = self.pieces.iter().enumerate().filter(|(_, piece)| piece.is_due(now));
        let mut keys: Vec<_> = due.map(|(index, piece)| (piece.key(now), index)).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, index)| index)
    }
}

/// Less is sooner: by wanting, by being beyond patience, by class, by age.
type Key = (Moment, i64, u8, std::cmp::Reverse<u64>);

impl<P> Piece<P> {
    fn due_at(&self) -> Option<Moment> {
        let asked = self.asked.map_or(Duration::ZERO, |asked| asked + self.wish);
        self.wanted.or_else(|| self.watched.then_some(asked))
    }

    fn is_due(&self, now: Moment) -> bool {
        self.due_at().is_some_and(|at| at <= now)
    }

    fn key(&self, now: Moment) -> Key {
        let beyond = i64::from(self.passed) - i64::from(patience(self.class));
        let age = now.saturating_sub(self.asked.unwrap_or_default());
        let thousandths = age.as_millis() * 1_000 / self.wish.as_millis().max(1);
        (
            self.wanted.unwrap_or(Moment::MAX),
            -beyond.max(0),
            self.class as u8,
            std::cmp::Reverse(u64::try_from(thousandths).unwrap_or(u64::MAX)),
        )
    }
}

/// How often a piece of this class is passed over before it goes before better ones.
const fn patience(class: Class) -> u32 {
    match class {
        // Of live ones: before better ones of the same rank.
        Class::Foreground | Class::Live => 3,
        Class::State => 5,
        Class::Background => 11,
        Class::Prefetch => 31,
    }
}
