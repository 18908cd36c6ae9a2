//! JSON dressed as XML, for those who do not ask for JSON: members become elements, lists repeat theirs.

use serde_json::Value;

/// Text with the five characters that XML reserves escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // What XML cannot hold at all.
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A whole document. The member `id` is an attribute, as the contacts of a PHP client show it.
pub(super) fn document(root: &str, value: &Value) -> String {
    let inner = match value {
        // One root, whatever the document is.
        Value::Array(_) => format!("<{root}>{}</{root}>", element("item", value)),
        Value::Null => format!("<{root}/>"),
        _ => element(root, value),
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{inner}")
}

pub(super) fn element(name: &str, value: &Value) -> String {
    // Names come from the vendor's own keys; only a class name starts with a dot.
    let name = name.trim_start_matches('.');
    match value {
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(|item| element(name, item)).collect(),
        Value::Object(members) => {
            let plain =
                |v: &Value| v.as_str().map(str::to_owned).or_else(|| v.as_i64().map(|n| n.to_string()));
            let id = members.get("id").and_then(plain);
            let attribute = id.as_ref().map(|id| format!(" id=\"{}\"", escape(id))).unwrap_or_default();
            let inner: String = members
                .iter()
                .filter(|(key, _)| id.is_none() || *key != "id")
                .map(|(key, value)| element(key, value))
                .collect();
            format!("<{name}{attribute}>{inner}</{name}>")
        }
        Value::String(text) => format!("<{name}>{}</{name}>", escape(text)),
        Value::Bool(_) | Value::Number(_) => format!("<{name}>{value}</{name}>"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn members_become_elements_and_lists_repeat() {
        let contacts = json!({"contact": [{"id": "a@x", "firstname": "B<o>", "n": [1, 2], "none": null}]});
        assert_eq!(
            super::element("contacts", &contacts),
            r#"<contacts><contact id="a@x"><firstname>B&lt;o&gt;</firstname><n>1</n><n>2</n></contact></contacts>"#
        );
    }
}
