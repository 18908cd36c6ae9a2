//! What an agent changed against what the platform has by now, field by field: for connectors whose platform has no
//! way to say "only if it is still so".

use model::{FieldConflict, FieldEdit, FieldKind, FormField};

/// Compares edits with the fields as they are on the platform, and gives those that have to be written. What the
/// platform has already is left out.
///
/// # Errors
/// Every field that somebody else changed to something else; then nothing is to be written. A field that is no longer
/// there (another category, say) is one that somebody changed to nothing.
pub(super) fn to_write<'a>(
    edit: &'a [FieldEdit],
    theirs: &[FormField],
) -> Result<Vec<&'a FieldEdit>, Vec<FieldConflict>> {
    let (mut write, mut conflicts) = (Vec::new(), Vec::new());
    for edit in edit {
        let field = theirs.iter().find(|field| field.key == edit.key);
        let kind = field.map_or(FieldKind::Text, |field| field.kind);
        let have = field.map(|field| field.values.as_slice()).unwrap_or_default();
        if field.is_some() && same(kind, have, &edit.now) {
            continue;
        }
        match field {
            Some(_) if same(kind, have, &edit.was) => write.push(edit),
            Some(field) => {
                let (was, mine) = (edit.was.clone(), edit.now.clone());
                conflicts.push(FieldConflict { theirs: field.clone(), was, mine });
            }
            None => conflicts.push(FieldConflict {
                theirs: missing(&edit.key),
                was: edit.was.clone(),
                mine: edit.now.clone(),
            }),
        }
    }
    if conflicts.is_empty() { Ok(write) } else { Err(conflicts) }
}

/// Whether edits stand on the platform as they were meant: for work whose answer was lost.
pub(super) fn stand(edit: &[FieldEdit], theirs: &[FormField]) -> bool {
    edit.iter().all(|edit| {
        theirs.iter().any(|field| field.key == edit.key && same(field.kind, &field.values, &edit.now))
    })
}

/// Whether values mean the same: order means nothing where several may be chosen, empty ones and outer blanks never do.
fn same(kind: FieldKind, one: &[String], other: &[String]) -> bool {
    let values = |values: &[String]| {
        let texts = values.iter().map(|value| value.trim().replace("\r\n", "\n"));
        let mut values: Vec<String> = texts.filter(|value| !value.is_empty()).collect();
        if matches!(kind, FieldKind::Choices | FieldKind::Tags) {
            values.sort_unstable();
            values.dedup();
        }
        values
    };
    values(one) == values(other)
}

fn missing(key: &str) -> FormField {
    FormField {
        key: key.to_owned(),
        title: String::new(),
        kind: FieldKind::Text,
        values: Vec::new(),
        options: Vec::new(),
        required: false,
        editable: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, kind: FieldKind, values: &[&str]) -> FormField {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        FormField { kind, values, ..missing(key) }
    }

    fn edit(key: &str, was: &[&str], now: &[&str]) -> FieldEdit {
        let list = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        FieldEdit { key: key.to_owned(), was: list(was), now: list(now) }
    }

    #[test]
    fn only_what_nobody_else_changed_is_written() {
        let theirs = [
            field("title", FieldKind::Text, &["Boiler"]),
            field("stage", FieldKind::Choice, &["open"]),
            field("tags", FieldKind::Tags, &["b", "a"]),
            field("owner", FieldKind::Choice, &[]),
        ];
        let unchanged = edit("title", &[" Boiler"], &["Boilers"]);
        let done = edit("stage", &["closed"], &["open"]);
        let other_order = edit("tags", &["a", "b"], &["c"]);
        let nobodys = edit("owner", &[""], &["ida"]);
        let all = [unchanged.clone(), done, other_order.clone(), nobodys.clone()];
        assert_eq!(to_write(&all, &theirs), Ok(vec![&unchanged, &other_order, &nobodys]));

        let changed = edit("title", &["Kettle"], &["Boilers"]);
        let gone = edit("custom.x", &["1"], &["2"]);
        let edits = [changed, other_order, gone];
        let conflicts = to_write(&edits, &theirs).unwrap_err();
        let keys: Vec<&str> = conflicts.iter().map(|one| one.theirs.key.as_str()).collect();
        assert_eq!(keys, ["title", "custom.x"]);
        assert_eq!(conflicts[0].mine, ["Boilers"]);
    }

    #[test]
    fn edits_stand_when_every_field_holds_what_was_wanted() {
        let theirs = [field("title", FieldKind::Text, &["Boilers"])];
        assert!(stand(&[edit("title", &["Boiler"], &["Boilers"])], &theirs));
        assert!(!stand(&[edit("title", &["Boiler"], &["Kettle"])], &theirs));
        assert!(!stand(&[edit("stage", &[], &["open"])], &theirs));
    }
}
