//! The fields of a conversation: what it holds and what of it may be changed.

use liveagent::conversations::{Conversation, CustomField, Status};
use model::{FieldEdit, FieldKind, FieldOption, FormField, Stage, field};

use super::super::book::{Names, given};
use super::reader;

/// The prefix of a custom field's key.
pub(super) const CUSTOM: &str = "custom.";

/// The states that may be set, with the word of each.
pub(super) const SETTABLE: [(Stage, Status); 3] =
    [(Stage::Open, Status::Open), (Stage::Answered, Status::Answered), (Stage::Closed, Status::Resolved)];

/// The fields of a conversation, in the order in which they are shown.
pub(super) fn of(conversation: &Conversation, names: &Names) -> Vec<FormField> {
    let (stage, said) = reader::stage(conversation.status.as_ref());
    let mut stages: Vec<FieldOption> = SETTABLE.iter().map(|(stage, _)| option(stage.word(), "")).collect();
    if !stages.iter().any(|option| option.value == stage.word()) {
        stages.insert(0, option(stage.word(), &said));
    }
    let owners = names.agents.iter().map(|(id, person)| option(id, &person.name));
    let tags = names.tags.values().map(|tag| option(tag, tag));
    let mut fields = vec![
        FormField {
            editable: false,
            ..text(field::TITLE, vec![given(conversation.subject.clone()).unwrap_or_default()])
        },
        FormField { required: true, ..choice(field::STAGE, Some(stage.word().to_owned()), stages) },
        choice(field::OWNER, given(conversation.assigned_to.clone()), owners.collect()),
        FormField {
            required: true,
            ..choice(field::CATEGORY, given(conversation.department.clone()), departments(names))
        },
        FormField {
            kind: FieldKind::Tags,
            options: tags.collect(),
            ..text(field::TAGS, titles(&conversation.tags, names))
        },
        FormField {
            kind: FieldKind::Email,
            editable: false,
            ..text(field::EMAIL, given(conversation.owner_email.clone()).into_iter().collect())
        },
    ];
    fields.extend(custom(&conversation.custom_fields));
    fields
}

/// The fields of a new conversation in one of these departments.
pub(super) fn of_new(departments: Vec<FieldOption>) -> Vec<FormField> {
    vec![
        FormField { required: true, ..choice(field::CATEGORY, None, departments) },
        FormField { required: true, kind: FieldKind::Email, ..text(field::EMAIL, Vec::new()) },
        FormField { required: true, ..text(field::TITLE, Vec::new()) },
    ]
}

/// What tags say, by their ids; sorted, so that two versions can be compared.
pub(super) fn titles(tags: &[String], names: &Names) -> Vec<String> {
    let mut titles: Vec<String> = tags.iter().filter_map(|tag| names.tag(tag)).map(|tag| tag.title).collect();
    titles.sort();
    titles
}

/// Custom fields that hold something: the document tells of no others.
pub(super) fn custom(fields: &[CustomField]) -> Vec<FormField> {
    let mut found: Vec<FormField> = Vec::new();
    for one in fields {
        let key = format!("{CUSTOM}{}", one.code);
        let value = given(one.value.clone());
        match found.iter_mut().find(|field| field.key == key) {
            Some(field) => field.values.extend(value),
            None => {
                found.push(FormField { title: one.code.clone(), ..text(&key, value.into_iter().collect()) });
            }
        }
    }
    found
}

/// Fields as they are on the platform, with those that an edit fills for the first time or has emptied: the platform
/// leaves out what holds nothing.
pub(super) fn with_empty(mut theirs: Vec<FormField>, edit: &[FieldEdit]) -> Vec<FormField> {
    for one in edit.iter().filter(|one| one.key.starts_with(CUSTOM)) {
        if !theirs.iter().any(|field| field.key == one.key) {
            theirs.push(text(&one.key, Vec::new()));
        }
    }
    theirs
}

fn departments(names: &Names) -> Vec<FieldOption> {
    names.departments.iter().map(|(id, name)| option(id, name)).collect()
}

pub(super) fn text(key: &str, values: Vec<String>) -> FormField {
    FormField {
        key: key.to_owned(),
        title: String::new(),
        kind: FieldKind::Text,
        values,
        options: Vec::new(),
        required: false,
        editable: true,
    }
}

pub(super) fn option(value: &str, title: &str) -> FieldOption {
    FieldOption { value: value.to_owned(), title: title.to_owned() }
}

fn choice(key: &str, value: Option<String>, options: Vec<FieldOption>) -> FormField {
    FormField { kind: FieldKind::Choice, options, ..text(key, value.into_iter().collect()) }
}
