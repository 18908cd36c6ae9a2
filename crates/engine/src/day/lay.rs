//! Bands as they are shown: cut to the day, one beside the other. Whatever is kept (told and seen, of two processes, around a
//! clock that jumped), no moment of an account has two, and none between the first and the last has none.

use std::collections::BTreeMap;

use model::{AccountId, BandState, StateBand, Timestamp, Witness};

use super::kept::{KeptBand, Was};

/// A band as it is laid, with what its sums need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) account: AccountId,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) is_open: bool,
    pub(super) witness: Witness,
    pub(super) was: Was,
}

impl Laid {
    /// As it is shown.
    pub(super) fn shown(self) -> StateBand {
        let Self { account, from, to, is_open, witness, was } = self;
        StateBand { account, state: was.state, from, to, open: is_open, witness }
    }
}

/// Lays the bands of all accounts into the stretch from `begins` to `until`, by account and time.
pub(super) fn lay(bands: &[KeptBand], begins: Timestamp, until: Timestamp) -> Vec<Laid> {
    let mut lines: BTreeMap<&AccountId, Vec<Cut<'_>>> = BTreeMap::new();
    for band in bands {
        let (from, to) = (band.from.max(begins), if band.is_open { until } else { band.to.min(until) });
        if from < to {
            lines.entry(&band.account).or_default().push(Cut { band, from, to });
        }
    }
    lines.into_iter().flat_map(|(account, line)| lay_line(account, &line, until)).collect()
}

/// The part of a band that lies in the day.
struct Cut<'a> {
    band: &'a KeptBand,
    from: Timestamp,
    to: Timestamp,
}

fn lay_line(account: &AccountId, line: &[Cut<'_>], until: Timestamp) -> Vec<Laid> {
    let mut edges: Vec<Timestamp> = line.iter().flat_map(|cut| [cut.from, cut.to]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut laid: Vec<Laid> = Vec::new();
    for stretch in edges.windows(2) {
        let (from, to) = (stretch[0], stretch[1]);
        let there = line.iter().filter(|cut| cut.from <= from && cut.to >= to).map(|cut| cut.band);
        let unheard = Was { state: BandState::Unheard, borrowed: false };
        // Of two the later word counts.
        let (is_open, witness, was) = match there.max_by_key(|band| (weight(band), band.from, band.witness)) {
            Some(band) => (band.is_open && to == until, band.witness, band.was.clone()),
            None => (false, Witness::Seen, unheard),
        };
        let part = Laid { account: account.clone(), from, to, is_open, witness, was };
        match laid.last_mut() {
            Some(last) if last.was == part.was && last.witness == part.witness => {
                (last.to, last.is_open) = (part.to, part.is_open);
            }
            _ => laid.push(part),
        }
    }
    laid
}

/// What was seen counts more than what was told, and that more than that nobody knows.
fn weight(band: &KeptBand) -> u8 {
    match (&band.was.state, band.witness) {
        (BandState::Unheard, _) => 0,
        (_, Witness::Told) => 1,
        (_, Witness::Seen) => 2,
    }
}
