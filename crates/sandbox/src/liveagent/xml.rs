//! JSON dressed as XML, as the vendor's samples show it: a list's rows are named like the list without its last letter,
//! also where that is no English word, and `item` where the samples say so.

use crate::dstny::escape;
use serde_json::Value;

/// Lists whose rows are called `item`.
const ITEMS: [&str; 5] =
    ["performance", "agentsavailability", "availability", "chatsOverview", "callsOverview"];

/// A whole document.
pub(super) fn document(value: &Value) -> String {
    format!("<?xml version='1.0' encoding='utf-8'?>{}", element("response", value))
}

fn element(name: &str, value: &Value) -> String {
    let inner = match value {
        Value::Null => return format!("<{name}/>"),
        Value::Array(rows) if rows.is_empty() => return format!("<{name}/>"),
        Value::Array(rows) => {
            let row = if ITEMS.contains(&name) { "item" } else { name.strip_suffix('s').unwrap_or("item") };
            rows.iter().map(|value| element(row, value)).collect()
        }
        Value::Object(members) => members.iter().map(|(name, value)| element(name, value)).collect(),
        Value::String(text) => escape(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    format!("<{name}>{inner}</{name}>")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn rows_lose_the_last_letter_of_their_list() {
        let told = json!({"companies": [{"name": "A & B", "note": null}], "tags": [], "phones": ["+1"]});
        assert_eq!(
            super::document(&told),
            "<?xml version='1.0' encoding='utf-8'?><response><companies><companie><name>A &amp; B</name><note/>\
             </companie></companies><phones><phone>+1</phone></phones><tags/></response>"
        );
        assert!(
            super::document(&json!({"callsOverview": [{"running": 3}]}))
                .contains("<item><running>3</running></item>")
        );
    }
}
