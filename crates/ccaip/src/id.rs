//! Identifiers.
//!
//! The document shows small whole numbers. A tenant is free to outgrow any of our number types, and other clients saw
//! texts: so an identifier is its own text here, `7` and `"7"` are the same one, and none is ever calculated with.

use std::fmt;

use serde_json::Value;

use crate::loose::{Field, Loose, odd, serde_of, whole};

/// An identifier of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

impl Id {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Loose for Id {
    /// A number that JSON could only keep roughly is none: two records would get the same identifier.
    fn read(value: &Value) -> Result<Self, String> {
        let text = match value {
            Value::Number(number) if number.is_f64() => {
                number.as_f64().and_then(whole).map(|number| number.to_string())
            }
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => None,
        };
        text.map_or_else(|| odd("an identifier", value), |text| Ok(Self(text)))
    }

    /// A number where it came as one or could have.
    fn write(&self) -> Value {
        let same = |number: String, value: Value| (number == self.0).then_some(value);
        let signed = self.0.parse::<i64>().ok().and_then(|id| same(id.to_string(), id.into()));
        let unsigned = || self.0.parse::<u64>().ok().and_then(|id| same(id.to_string(), id.into()));
        signed.or_else(unsigned).unwrap_or_else(|| self.0.as_str().into())
    }
}

/// The identifier of a record: without it the record is none.
impl Field for Id {
    fn take(map: &mut serde_json::Map<String, Value>, keys: &[&'static str]) -> Result<Self, String> {
        let key = keys.first().copied().unwrap_or_default();
        if let Some(value @ Value::Number(_)) = map.get(key)
            && Self::read(value).is_err()
        {
            return Err(format!("its {key} is too large"));
        }
        let found: Option<Self> = Field::take(map, keys)?;
        found.ok_or_else(|| format!("it has no {key}"))
    }

    fn put(&self, map: &mut serde_json::Map<String, Value>, key: &str) {
        map.insert(key.to_owned(), self.write());
    }
}

serde_of!(Id);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_and_its_text_are_the_same_and_large_ones_stay_exact() {
        assert_eq!(Id::read(&json!(7)), Id::read(&json!(" 7 ")));
        for exact in [json!(u64::MAX), json!(i64::MIN), json!(-1), json!(0), json!("007"), json!("a-1")] {
            assert_eq!(Id::read(&exact).unwrap().write(), exact);
        }
        assert_eq!(Id::read(&json!(7.0)).unwrap(), Id::from(7));
        for none in [
            json!(1e300),
            json!(18_446_744_073_709_551_616.0_f64),
            json!(7.5),
            json!(""),
            json!([1]),
            json!(null),
        ] {
            assert!(Id::read(&none).is_err(), "{none}");
        }
    }
}
