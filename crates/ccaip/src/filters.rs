//! What a list may be asked for: arrays `id[]=1&id[]=2`, ranges `created_at[from]=…&created_at[to]=…`, single values, and the order.
//!
//! The document's bounds are "after" and "before" a value; whether the value itself belongs to it is not said, so who
//! goes on where the last look ended takes the last moment twice and drops what it knows (see [`crate::Walk`]).

use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use crate::id::Id;

/// Pairs of a query.
pub(crate) type Pairs = Vec<(String, String)>;

/// A filter; one that says nothing is not sent.
pub(crate) trait Filter {
    fn push(&self, key: &str, pairs: &mut Pairs);
}

/// A value in a query.
pub(crate) trait Param {
    fn param(&self) -> String;
}

impl Param for String {
    fn param(&self) -> String {
        self.clone()
    }
}

impl Param for Id {
    fn param(&self) -> String {
        self.to_string()
    }
}

impl Param for bool {
    fn param(&self) -> String {
        self.to_string()
    }
}

impl Param for i64 {
    fn param(&self) -> String {
        self.to_string()
    }
}

impl Param for u32 {
    fn param(&self) -> String {
        self.to_string()
    }
}

/// Whole seconds.
impl Param for SignedDuration {
    fn param(&self) -> String {
        self.as_secs().to_string()
    }
}

impl<T: Param> Filter for Option<T> {
    fn push(&self, key: &str, pairs: &mut Pairs) {
        pairs.extend(self.iter().map(|value| (key.to_owned(), value.param())));
    }
}

/// Any of them.
impl<T: Param> Filter for Vec<T> {
    fn push(&self, key: &str, pairs: &mut Pairs) {
        pairs.extend(self.iter().map(|value| (key.to_owned(), value.param())));
    }
}

/// A range of a field; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    /// After this.
    pub from: Option<T>,
    /// Before this.
    pub to: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { from: None, to: None }
    }
}

impl<T> Range<T> {
    /// All after this.
    pub fn from(from: T) -> Self {
        Self { from: Some(from), to: None }
    }

    /// All before this.
    pub fn to(to: T) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// All between the two.
    pub fn between(from: T, to: T) -> Self {
        Self { from: Some(from), to: Some(to) }
    }
}

/// An end of a range. Times are asked for in whole seconds, so the range is made so large that nothing is lost.
pub(crate) trait Bound {
    fn lower(&self) -> String;
    fn upper(&self) -> String;
}

impl Bound for Timestamp {
    fn lower(&self) -> String {
        seconds(*self, RoundMode::Floor)
    }

    fn upper(&self) -> String {
        seconds(*self, RoundMode::Ceil)
    }
}

fn seconds(time: Timestamp, mode: RoundMode) -> String {
    let rounding = TimestampRound::new().smallest(Unit::Second).mode(mode);
    format!("{:.0}", time.round(rounding).unwrap_or(time))
}

impl Bound for i64 {
    fn lower(&self) -> String {
        self.to_string()
    }

    fn upper(&self) -> String {
        self.to_string()
    }
}

impl Bound for SignedDuration {
    fn lower(&self) -> String {
        self.as_secs().to_string()
    }

    fn upper(&self) -> String {
        (self.as_secs() + i64::from(self.subsec_nanos() > 0)).to_string()
    }
}

impl<T: Bound> Filter for Range<T> {
    fn push(&self, key: &str, pairs: &mut Pairs) {
        pairs.extend(self.from.iter().map(|from| (format!("{key}[from]"), from.lower())));
        pairs.extend(self.to.iter().map(|to| (format!("{key}[to]"), to.upper())));
    }
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// By which field of the record, as it stands in JSON.
    pub column: String,
    /// Which end first.
    pub direction: Direction,
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The smallest, `ASC`.
    Ascending,
    /// The largest, `DESC`.
    Descending,
}

impl Sort {
    /// The smallest, or the oldest, first.
    pub fn ascending(column: &str) -> Self {
        Self { column: column.to_owned(), direction: Direction::Ascending }
    }

    /// The largest, or the newest, first.
    pub fn descending(column: &str) -> Self {
        Self { column: column.to_owned(), direction: Direction::Descending }
    }
}

impl Filter for Option<Sort> {
    fn push(&self, _: &str, pairs: &mut Pairs) {
        if let Some(Sort { column, direction }) = self {
            let direction = if *direction == Direction::Ascending { "ASC" } else { "DESC" };
            pairs.push(("sort_column".to_owned(), column.clone()));
            pairs.push(("sort_direction".to_owned(), direction.to_owned()));
        }
    }
}

/// Words are asked for as they stand in JSON.
macro_rules! words_as_params {
    ($($name:ty),* $(,)?) => {
        $(
            impl crate::filters::Param for $name {
                fn param(&self) -> String {
                    self.as_str().to_owned()
                }
            }
        )*
    };
}
pub(crate) use words_as_params;

/// Declares what can be asked for: a struct whose fields are parameters. With `-> Row [path]` it is a list that can be paged.
macro_rules! question {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(-> $row:ty [$path:literal])? {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $key:expr, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        impl $name {
            pub(crate) fn pairs(&self) -> crate::filters::Pairs {
                #[allow(unused_mut)] // a list without filters has nothing to add
                let mut pairs = Vec::new();
                $( crate::filters::Filter::push(&self.$field, $key, &mut pairs); )*
                pairs
            }
        }

        $(
            impl crate::paging::Listing for $name {
                type Row = $row;

                fn path(&self) -> crate::paging::Path<'_> {
                    crate::paging::Path { pattern: $path, id: None }
                }

                fn parameters(&self) -> Vec<(String, String)> {
                    self.pairs()
                }

                fn id_of(row: &$row) -> Option<&crate::Id> {
                    Some(&row.id)
                }
            }
        )?
    };
}
pub(crate) use question;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_times_is_never_narrower_than_asked() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut pairs = Pairs::new();
        Range::between(at("2019-01-01T00:00:00.896Z"), at("2019-01-02T23:59:59.001Z"))
            .push("created_at", &mut pairs);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            pairs,
            [
                pair("created_at[from]", "2019-01-01T00:00:00Z"),
                pair("created_at[to]", "2019-01-03T00:00:00Z")
            ]
        );
    }
}
