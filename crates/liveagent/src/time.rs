//! Times as LiveAgent writes them: `2012-03-02 11:21:04`, in the account's zone, which they do not name.
//!
//! [`AccountTime`] is such a time, kept as it was written; [`crate::Zone`] makes a moment of it.

use std::fmt;

use jiff::civil::DateTime;
use serde_json::Value;

use crate::call::Param;
use crate::loose::{Loose, kind, serde_of};

/// A time in the account's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountTime(pub DateTime);

impl AccountTime {
    /// Reads `YYYY-MM-DD HH:MM:SS`; a date alone is its midnight.
    pub fn parse(text: &str) -> Option<Self> {
        // A time that says its own zone (`…Z`, `+02:00`) would be read as if it did not.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"-: .T".contains(&byte));
        text.trim().parse().ok().filter(|_| plain).map(Self)
    }
}

/// As the platform writes it.
impl fmt::Display for AccountTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(f, "{date} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }
}

impl Loose for AccountTime {
    fn read(value: &Value) -> Result<Self, String> {
        let read = value.as_str().and_then(Self::parse);
        read.ok_or_else(|| format!("expected a time, found {}", kind(value)))
    }

    fn write(&self) -> Value {
        self.to_string().into()
    }
}

serde_of!(AccountTime);

impl Param for AccountTime {
    fn param(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// A condition on a time, the document's `opdatetime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpDateTime {
    /// `eq:` exactly then.
    Equal(AccountTime),
    /// `neq:` at any other time.
    NotEqual(AccountTime),
    /// `gt:` later.
    GreaterThan(AccountTime),
    /// `lt:` earlier.
    LessThan(AccountTime),
    /// `gte:` then or later.
    GreaterOrEqual(AccountTime),
    /// `lte:` then or earlier.
    LessOrEqual(AccountTime),
    /// `btw:` between the two.
    Between(AccountTime, AccountTime),
    /// `lk:` like this text, with `%` for any number of signs and `?` for one.
    Like(String),
}

impl Param for OpDateTime {
    fn param(&self) -> Option<String> {
        Some(match self {
            Self::Equal(time) => format!("eq:{time}"),
            Self::NotEqual(time) => format!("neq:{time}"),
            Self::GreaterThan(time) => format!("gt:{time}"),
            Self::LessThan(time) => format!("lt:{time}"),
            Self::GreaterOrEqual(time) => format!("gte:{time}"),
            Self::LessOrEqual(time) => format!("lte:{time}"),
            Self::Between(from, to) => format!("btw:{from},{to}"),
            Self::Like(pattern) => format!("lk:{pattern}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_and_written_as_the_document_shows_it() {
        for (text, shown) in [
            ("2012-03-02 11:21:04", "2012-03-02 11:21:04"),
            ("2014-01-25", "2014-01-25 00:00:00"),
            ("2012-03-02T11:21:04", "2012-03-02 11:21:04"),
        ] {
            assert_eq!(AccountTime::parse(text).unwrap().to_string(), shown);
        }
        for bad in ["", "now", "0000-00-00 00:00:00", "2012-13-02 11:21:04", "2012-03-02T11:21:04Z", "1"] {
            assert_eq!(AccountTime::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn conditions_are_written_with_their_operator() {
        let at = |text| AccountTime::parse(text).unwrap();
        let (from, to) = (at("2009-11-12 05:02:01"), at("2010-10-11 04:01:59"));
        for (condition, written) in [
            (OpDateTime::Equal(from), "eq:2009-11-12 05:02:01"),
            (OpDateTime::NotEqual(from), "neq:2009-11-12 05:02:01"),
            (OpDateTime::GreaterThan(from), "gt:2009-11-12 05:02:01"),
            (OpDateTime::LessThan(from), "lt:2009-11-12 05:02:01"),
            (OpDateTime::GreaterOrEqual(from), "gte:2009-11-12 05:02:01"),
            (OpDateTime::LessOrEqual(from), "lte:2009-11-12 05:02:01"),
            (OpDateTime::Between(from, to), "btw:2009-11-12 05:02:01,2010-10-11 04:01:59"),
            (OpDateTime::Like("2011-12-01 ??:59:59".into()), "lk:2011-12-01 ??:59:59"),
        ] {
            assert_eq!(condition.param().as_deref(), Some(written));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(any: String, near in "[-0-9:T .Z+]{0,24}") {
            let _ = (AccountTime::parse(&any), AccountTime::parse(&near));
        }
    }
}
