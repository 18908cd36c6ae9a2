//! Whether an answer has the shape of a document's example: the same members with the same kinds of JSON. The answer may
//! have more members and more rows.

use serde_json::Value;

/// How strictly is compared.
pub(crate) struct Shape {
    /// Members that may be absent.
    pub sometimes: &'static [&'static str],
    /// Members whose rows are not looked at.
    pub loose: &'static [&'static str],
    /// Lists that may be empty where the example's are not.
    pub may_be_empty: &'static [&'static str],
    /// Every row has to be like the example's first; else some row like each of the example's.
    pub every_row: bool,
    /// Nothing and text are the same kind.
    pub nothing_is_text: bool,
}

impl Shape {
    /// What an answer lacks of an example.
    pub(crate) fn lacks(&self, example: &Value, answer: &Value) -> Vec<String> {
        self.below(example, answer, "")
    }

    fn below(&self, example: &Value, answer: &Value, place: &str) -> Vec<String> {
        let last = place.rsplit('/').next().unwrap_or("");
        match (example, answer) {
            (Value::Object(example), Value::Object(answer)) => {
                let member = |(name, wanted): (&String, &Value)| match answer.get(name) {
                    None if self.sometimes.contains(&name.as_str()) => vec![],
                    None => vec![format!("{place}/{name} is missing")],
                    Some(value) => self.below(wanted, value, &format!("{place}/{name}")),
                };
                example.iter().flat_map(member).collect()
            }
            (_, Value::Array(_)) if self.loose.contains(&last) => vec![],
            (Value::Array(example), Value::Array(answer)) => self.rows(example, answer, place, last),
            (example, answer) if kind(example) == kind(answer) => vec![],
            (Value::Null, Value::String(_)) | (Value::String(_), Value::Null) if self.nothing_is_text => {
                vec![]
            }
            (example, answer) => vec![format!("{place} is {} instead of {}", kind(answer), kind(example))],
        }
    }

    fn rows(&self, example: &[Value], answer: &[Value], place: &str, last: &str) -> Vec<String> {
        let below = |wanted: &Value, row| self.below(wanted, row, &format!("{place}/*"));
        match (example.first(), self.every_row) {
            (None, _) => vec![],
            (Some(wanted), true) => answer.iter().flat_map(|row| below(wanted, row)).collect(),
            (Some(_), false) if answer.is_empty() && self.may_be_empty.contains(&last) => vec![],
            (Some(_), false) => {
                let best = |wanted: &Value| {
                    let all = answer.iter().map(|row| below(wanted, row));
                    all.min_by_key(Vec::len).unwrap_or_else(|| vec![format!("{place} is empty")])
                };
                example.iter().flat_map(best).collect()
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
