//! What to list: filters, order, fields and page.
//!
//! Filters are sent in the grouped form that the API documents
//! (`filter[logic]=and&filter[filters][0][field]=…`), nested to any depth. A page and an order should always
//! be given, because the server's defaults are not documented; [`Query::new`] asks for 100 records.
//!
//! ```
//! use offhook_daktela::{Filter, Query, models::Ticket};
//!
//! let f = Ticket::FIELDS;
//! let query = Query::new()
//!     .filter(f.stage.eq("OPEN"))
//!     .filter(Filter::any([f.user.eq("jana"), f.user.is_null()]))
//!     .sort_descending(&f.edited)
//!     .take(50);
//! assert_eq!(query.pairs().unwrap()[0], ("filter[logic]".to_owned(), "and".to_owned()));
//! ```

use std::borrow::Cow;

use wire::Error;

use crate::record::Field;

/// The largest page that the API gives.
pub const LARGEST_PAGE: u32 = 1000;

/// A value in a filter. Yes and no are sent as 1 and 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand(String);

impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Operand {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<i64> for Operand {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<bool> for Operand {
    fn from(yes: bool) -> Self {
        Self(if yes { "1" } else { "0" }.to_owned())
    }
}

/// A condition on records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// One comparison.
    Compare {
        /// Which field; may lead through references.
        field: Field,
        /// How, in the API's word.
        operator: Cow<'static, str>,
        /// With what.
        value: FilterValue,
    },
    /// Several conditions together.
    Group {
        /// `and` or `or`.
        logic: &'static str,
        /// The conditions.
        filters: Vec<Self>,
    },
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// Nothing: the operator says all.
    None,
    /// One value.
    One(Operand),
    /// Several values.
    Many(Vec<Operand>),
}

impl Filter {
    /// All of these must hold.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::Group { logic: "and", filters: filters.into_iter().collect() }
    }

    /// One of these must hold.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::Group { logic: "or", filters: filters.into_iter().collect() }
    }

    /// A comparison whose operator this crate does not offer as a method.
    pub fn with(field: &Field, operator: impl Into<Cow<'static, str>>, value: FilterValue) -> Self {
        Self::Compare { field: field.clone(), operator: operator.into(), value }
    }

    fn write(&self, prefix: &str, pairs: &mut Pairs) -> Result<(), Error> {
        match self {
            Self::Group { filters, .. } if filters.is_empty() => {
                return Err(Error::invalid("filter", "a group needs at least one condition"));
            }
            Self::Group { logic, filters } => {
                pairs.push((format!("{prefix}[logic]"), (*logic).to_owned()));
                for (index, filter) in filters.iter().enumerate() {
                    filter.write(&format!("{prefix}[filters][{index}]"), pairs)?;
                }
            }
            Self::Compare { field, operator, value } => {
                pairs.push((format!("{prefix}[field]"), field.to_string()));
                pairs.push((format!("{prefix}[operator]"), operator.clone().into_owned()));
                match value {
                    FilterValue::None => {}
                    FilterValue::One(value) => pairs.push((format!("{prefix}[value]"), value.0.clone())),
                    FilterValue::Many(values) if values.is_empty() => {
                        return Err(Error::invalid("filter", "an empty list of values is not accepted"));
                    }
                    FilterValue::Many(values) => {
                        for (index, value) in values.iter().enumerate() {
                            pairs.push((format!("{prefix}[value][{index}]"), value.0.clone()));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

macro_rules! comparisons {
    ($( $(#[$doc:meta])* $method:ident = $operator:literal, )*) => {
        $( $(#[$doc])*
        pub fn $method(&self, value: impl Into<Operand>) -> Filter {
            Filter::with(self, $operator, FilterValue::One(value.into()))
        } )*
    };
}

/// Conditions on a field.
impl Field {
    comparisons! {
        /// It is this. References are compared by name.
        eq = "eq",
        /// It is not this.
        neq = "neq",
        /// It is less.
        lt = "lt",
        /// It is less or the same.
        lte = "lte",
        /// It is more.
        gt = "gt",
        /// It is more or the same.
        gte = "gte",
        /// It matches this SQL pattern (`%` for anything).
        like = "like",
        /// It does not match this SQL pattern.
        not_like = "notlike",
        /// It has this inside.
        contains = "contains",
        /// It does not have this inside.
        does_not_contain = "doesnotcontain",
        /// It begins with this.
        starts_with = "startswith",
        /// It ends with this.
        ends_with = "endswith",
        /// It matches this regular expression.
        matches = "regexp",
    }

    /// It is empty.
    pub fn is_null(&self) -> Filter {
        Filter::with(self, "isnull", FilterValue::None)
    }

    /// It is not empty.
    pub fn is_not_null(&self) -> Filter {
        Filter::with(self, "isnotnull", FilterValue::None)
    }

    /// It is one of these; at least one must be given.
    pub fn is_in<T: Into<Operand>>(&self, values: impl IntoIterator<Item = T>) -> Filter {
        Filter::with(self, "in", many(values))
    }

    /// It is none of these; at least one must be given.
    pub fn is_not_in<T: Into<Operand>>(&self, values: impl IntoIterator<Item = T>) -> Filter {
        Filter::with(self, "notin", many(values))
    }

    /// It lies between these, or is one of them.
    pub fn between(&self, low: impl Into<Operand>, high: impl Into<Operand>) -> Filter {
        Filter::with(self, "between", FilterValue::Many(vec![low.into(), high.into()]))
    }
}

fn many<T: Into<Operand>>(values: impl IntoIterator<Item = T>) -> FilterValue {
    FilterValue::Many(values.into_iter().map(Into::into).collect())
}

type Pairs = Vec<(String, String)>;

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    filters: Vec<Filter>,
    sort: Vec<(Field, &'static str)>,
    fields: Vec<Field>,
    search: Option<String>,
    skip: u64,
    take: u32,
}

impl Default for Query {
    fn default() -> Self {
        Self::new()
    }
}

impl Query {
    /// Everything, the first 100.
    pub fn new() -> Self {
        Self { filters: Vec::new(), sort: Vec::new(), fields: Vec::new(), search: None, skip: 0, take: 100 }
    }

    /// Adds a condition; all of them must hold.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Full-text search, as the platform understands it.
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    /// Orders by this field, smallest first; called again, orders further.
    pub fn sort(mut self, field: &Field) -> Self {
        self.sort.push((field.clone(), "asc"));
        self
    }

    /// Orders by this field, largest first; called again, orders further.
    pub fn sort_descending(mut self, field: &Field) -> Self {
        self.sort.push((field.clone(), "desc"));
        self
    }

    /// Asks for these fields only. The identifier must be among them, or no record can be read.
    pub fn fields<'a>(mut self, fields: impl IntoIterator<Item = &'a Field>) -> Self {
        self.fields.extend(fields.into_iter().cloned());
        self
    }

    /// How many records, 1 to [`LARGEST_PAGE`].
    pub fn take(mut self, take: u32) -> Self {
        self.take = take;
        self
    }

    /// How many records to leave out at the beginning.
    pub fn skip(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }

    pub(crate) fn page_size(&self) -> u32 {
        self.take
    }

    /// The query string, as pairs that are not yet percent-encoded.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for what the API refuses: an empty list of values, an empty group, a page
    /// outside 1 to [`LARGEST_PAGE`].
    pub fn pairs(&self) -> Result<Vec<(String, String)>, Error> {
        if !(1..=LARGEST_PAGE).contains(&self.take) {
            return Err(Error::invalid("take", format!("a page has 1 to {LARGEST_PAGE} records")));
        }
        let mut pairs = Pairs::new();
        if !self.filters.is_empty() {
            Filter::all(self.filters.iter().cloned()).write("filter", &mut pairs)?;
        }
        for (index, (field, direction)) in self.sort.iter().enumerate() {
            pairs.push((format!("sort[{index}][field]"), field.to_string()));
            pairs.push((format!("sort[{index}][dir]"), (*direction).to_owned()));
        }
        for (index, field) in self.fields.iter().enumerate() {
            pairs.push((format!("fields[{index}]"), field.to_string()));
        }
        if let Some(text) = &self.search {
            pairs.push(("q".to_owned(), text.clone()));
        }
        pairs.push(("skip".to_owned(), self.skip.to_string()));
        pairs.push(("take".to_owned(), self.take.to_string()));
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Contact, Ticket};

    fn written(query: &Query) -> Vec<String> {
        query.pairs().unwrap().into_iter().map(|(key, value)| format!("{key}={value}")).collect()
    }

    #[test]
    fn conditions_are_written_in_the_grouped_form_and_nest() {
        let f = Ticket::FIELDS;
        let query = Query::new()
            .filter(f.stage.is_in(["OPEN", "WAIT"]))
            .filter(Filter::any([f.user.eq("jana"), Filter::all([f.user.is_null(), f.unread.eq(true)])]))
            .sort_descending(&f.edited)
            .sort(&f.name)
            .fields([&f.name, &f.title])
            .search("boiler")
            .skip(100)
            .take(50);
        assert_eq!(
            written(&query),
            [
                "filter[logic]=and",
                "filter[filters][0][field]=stage",
                "filter[filters][0][operator]=in",
                "filter[filters][0][value][0]=OPEN",
                "filter[filters][0][value][1]=WAIT",
                "filter[filters][1][logic]=or",
                "filter[filters][1][filters][0][field]=user",
                "filter[filters][1][filters][0][operator]=eq",
                "filter[filters][1][filters][0][value]=jana",
                "filter[filters][1][filters][1][logic]=and",
                "filter[filters][1][filters][1][filters][0][field]=user",
                "filter[filters][1][filters][1][filters][0][operator]=isnull",
                "filter[filters][1][filters][1][filters][1][field]=unread",
                "filter[filters][1][filters][1][filters][1][operator]=eq",
                "filter[filters][1][filters][1][filters][1][value]=1",
                "sort[0][field]=edited",
                "sort[0][dir]=desc",
                "sort[1][field]=name",
                "sort[1][dir]=asc",
                "fields[0]=name",
                "fields[1]=title",
                "q=boiler",
                "skip=100",
                "take=50",
            ]
        );
    }

    #[test]
    fn fields_lead_through_references_and_into_custom_fields() {
        let through = Ticket::FIELDS.contact.dot(&Contact::FIELDS.title);
        assert_eq!(through.to_string(), "contact.title");
        assert_eq!(Field::custom("number").to_string(), "customFields.number");
        assert_eq!(Ticket::FIELDS.custom_fields.to_string(), "customFields");
    }

    #[test]
    fn what_the_api_refuses_is_refused_before_it_is_sent() {
        let stage = Ticket::FIELDS.stage;
        let refused = [
            Query::new().take(0),
            Query::new().take(1001),
            Query::new().filter(stage.is_in(Vec::<String>::new())),
            Query::new().filter(Filter::any([])),
        ];
        for query in refused {
            assert!(matches!(query.pairs(), Err(Error::InvalidInput { .. })), "{query:?}");
        }
    }
}
