//! Things that go wrong on the way: what the control interface lets happen to answers.
//!
//! A fault names a route by the start of its path (after `/api/v6/` or `/api/`) or by an operation's id, how often it
//! strikes, and what it does. Faults are tried in the order in which they were set; the first that strikes decides, except that latency adds up.

use crate::world::Dice;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The answer comes later.
    Latency { ms: u64 },
    /// The connection is closed before any answer.
    Drop,
    /// What was asked is done, and the connection is closed before any answer.
    LostAnswer,
    /// The connection stays open and nothing ever comes.
    HalfOpen,
    /// Only the first half of the body arrives, then the connection is closed.
    Truncate,
    /// The body is no JSON.
    Malformed,
    /// An answer with this status: 401 and 403 empty, 429 with `Retry-After`, 5xx as a proxy's HTML page.
    Status {
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// Polls are not answered and streams say nothing any more, not even those that are under way.
    Silent,
    /// Somebody else changes the call or the ticket just before the command is read.
    Conflict,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    /// Start of the path after `/api/v6/` or `/api/`, or of an operation's id; empty: every route.
    #[serde(default)]
    pub route: String,
    /// `daktela` or `dstny`; none: both faces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// How many more times; none: until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    #[serde(flatten)]
    pub kind: Kind,
}

impl Fault {
    fn means(&self, platform: &str, names: &[&str]) -> bool {
        self.platform.as_deref().is_none_or(|p| p == platform)
            && names.iter().any(|n| n.starts_with(&self.route))
    }
}

fn always() -> f64 {
    1.0
}

/// What strikes one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Strike {
    pub latency_ms: u64,
    pub kind: Option<Kind>,
}

#[derive(Debug)]
pub(crate) struct Faults {
    set: Vec<Fault>,
    dice: Dice,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self { set: Vec::new(), dice: Dice::new(seed ^ 0xFA_17) }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.set.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.set
    }

    /// Whether polls or streams are to stay silent.
    pub(crate) fn silent(&self, platform: &str, names: &[&str]) -> bool {
        self.set.iter().any(|f| f.kind == Kind::Silent && f.means(platform, names))
    }

    /// Decides what happens to this request, known by any of its `names`, and counts it.
    pub(crate) fn strike(&mut self, platform: &str, method: &str, names: &[&str]) -> Strike {
        let mut strike = Strike::default();
        for fault in &mut self.set {
            let meant = fault.means(platform, names)
                && fault.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(method))
                && fault.count != Some(0)
                && fault.kind != Kind::Silent;
            if !meant || !self.dice.chance(fault.probability) {
                continue;
            }
            if let Some(count) = &mut fault.count {
                *count -= 1;
            }
            match &fault.kind {
                Kind::Latency { ms } => strike.latency_ms += ms,
                other => {
                    strike.kind = Some(other.clone());
                    break;
                }
            }
        }
        self.set.retain(|f| f.count != Some(0));
        strike
    }
}
