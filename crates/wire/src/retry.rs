//! When to try a request again: one pure function.
//!
//! Reads may be repeated whenever the trouble can pass by itself. A write may already have taken effect when
//! the connection breaks, and none of the platforms has idempotency keys; so a write is repeated only when it
//! certainly was not taken: the platform said "too many requests", or nobody was reached at all.

use std::time::Duration;

use crate::{Error, NetworkKind};

/// The longest wait that a `Retry-After` is believed for.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Whether a request changes something on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It only reads.
    Read,
    /// It changes something, or may.
    Write,
}

/// How much patience there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How often the request is sent at most, the first time included.
    pub attempts: u32,
    /// The longest single wait between two of them; a longer `Retry-After` ends it.
    pub longest_wait: Duration,
}

impl Policy {
    /// For reads in the background: nobody is looking at a button.
    pub const BACKGROUND: Self = Self { attempts: 4, longest_wait: LONGEST_WAIT };
    /// For what an agent has just asked for: better a quick "it did not work" than a late surprise.
    pub const COMMAND: Self = Self { attempts: 2, longest_wait: Duration::from_secs(3) };
    /// Send once.
    pub const NEVER: Self = Self { attempts: 1, longest_wait: Duration::ZERO };
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Give the error to the caller.
    Stop,
    /// Wait so long, then send the same again.
    After(Duration),
}

/// Decides about the next attempt. `attempt` counts from 1 and is the one that failed; `jitter` is a random
/// number from 0 to 1 that spreads the clients of a platform which has just come back.
pub fn decide(policy: Policy, effect: Effect, error: &Error, attempt: u32, jitter: f64) -> Decision {
    if attempt >= policy.attempts || !may_repeat(effect, error) {
        return Decision::Stop;
    }
    let own = Duration::from_millis(500) * 2_u32.saturating_pow(attempt.saturating_sub(1).min(10));
    let own = own.min(policy.longest_wait).mul_f64(jitter.clamp(0.0, 1.0));
    let asked = match error {
        Error::Transient { retry_after, .. } => retry_after.unwrap_or_default(),
        _ => Duration::ZERO,
    };
    // Never earlier than asked for; the jitter on top keeps everybody from coming back in the same instant.
    let wait = if asked.is_zero() { own } else { asked + own.min(Duration::from_secs(1)) };
    if asked > policy.longest_wait { Decision::Stop } else { Decision::After(wait) }
}

fn may_repeat(effect: Effect, error: &Error) -> bool {
    match error {
        Error::Transient { status: 429, .. } => true,
        Error::Network { kind: NetworkKind::Dns | NetworkKind::Connect, .. } => true,
        Error::Transient { status: 408 | 502 | 503 | 504, .. } => effect == Effect::Read,
        Error::Network { kind: NetworkKind::Timeout | NetworkKind::Closed, .. } => effect == Effect::Read,
        _ => false,
    }
}

/// Reads a `Retry-After` header: seconds, or an HTTP date compared with `now` (seconds since 1970).
/// Nonsense gives `None`; the past gives zero; nothing is longer than [`LONGEST_WAIT`].
pub fn retry_after(header: &str, now: i64) -> Option<Duration> {
    let header = header.trim();
    let seconds = match header.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => seconds.ceil() as i64,
        Ok(_) => return None,
        Err(_) => jiff::fmt::rfc2822::parse(header).ok()?.timestamp().as_second() - now,
    };
    let seconds = u64::try_from(seconds).unwrap_or_default();
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(kind: NetworkKind) -> Error {
        Error::Network { kind, host: "acme.example".into(), detail: String::new() }
    }

    fn status(status: u16, after: Option<u64>) -> Error {
        Error::Transient { status, retry_after: after.map(Duration::from_secs) }
    }

    #[test]
    fn who_is_tried_again() {
        use Effect::{Read, Write};
        let tls = NetworkKind::Tls { host: "acme.example".into(), issuer: None };
        let table = [
            (status(429, None), Read, true),
            (status(429, None), Write, true),
            (status(503, None), Read, true),
            (status(503, None), Write, false),
            (status(500, None), Read, false),
            (status(502, None), Write, false),
            (network(NetworkKind::Dns), Write, true),
            (network(NetworkKind::Connect), Write, true),
            (network(NetworkKind::Closed), Read, true),
            (network(NetworkKind::Closed), Write, false),
            (network(NetworkKind::Timeout), Write, false),
            (network(tls), Read, false),
            (Error::SignInNeeded, Read, false),
            (Error::Forbidden, Read, false),
            (Error::NotFound, Read, false),
            (Error::refused(400, []), Read, false),
            (Error::TooLarge { limit: 1 }, Read, false),
        ];
        for (error, effect, again) in table {
            let decision = decide(Policy::BACKGROUND, effect, &error, 1, 0.5);
            assert_eq!(matches!(decision, Decision::After(_)), again, "{error:?} {effect:?}");
        }
    }

    #[test]
    fn attempts_end_and_waits_grow() {
        let error = status(503, None);
        let waits: Vec<Decision> =
            (1..=4).map(|n| decide(Policy::BACKGROUND, Effect::Read, &error, n, 1.0)).collect();
        let after = |ms| Decision::After(Duration::from_millis(ms));
        assert_eq!(waits, [after(500), after(1000), after(2000), Decision::Stop]);
    }

    #[test]
    fn what_the_platform_asks_for_is_obeyed_or_ends_it() {
        let asked = |seconds| decide(Policy::COMMAND, Effect::Write, &status(429, Some(seconds)), 1, 0.0);
        assert_eq!(asked(2), Decision::After(Duration::from_secs(2)));
        assert_eq!(asked(30), Decision::Stop);
        let patient = decide(Policy::BACKGROUND, Effect::Write, &status(429, Some(30)), 1, 1.0);
        assert_eq!(patient, Decision::After(Duration::from_millis(30_500)));
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT
        let seconds = |n| Some(Duration::from_secs(n));
        for (header, expected) in [
            ("7", seconds(7)),
            (" 0 ", seconds(0)),
            ("1.2", seconds(2)),
            ("-5", seconds(0)),
            ("86400", seconds(60)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", seconds(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", seconds(0)),
            ("Tue, 08 Nov 1994 08:00:00 GMT", seconds(60)),
            ("soon", None),
            ("", None),
            ("NaN", None),
            ("inf", None),
        ] {
            assert_eq!(retry_after(header, now), expected, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_panic(header: String, now: i32) {
            retry_after(&header, i64::from(now));
        }

        #[test]
        fn no_wait_is_longer_than_allowed(seconds in 0_u64..200, attempt in 1_u32..100, jitter in 0.0..1.0_f64) {
            let policy = Policy { attempts: u32::MAX, longest_wait: Duration::from_secs(20) };
            if let Decision::After(wait) =
                decide(policy, Effect::Read, &status(429, Some(seconds)), attempt, jitter)
            {
                proptest::prop_assert!(wait <= policy.longest_wait + Duration::from_secs(1));
                proptest::prop_assert!(wait >= Duration::from_secs(seconds));
            }
        }
    }
}
