//! The fields of a ticket: what they hold, what may be chosen, and how they are written.

use std::collections::BTreeMap;

use daktela::models::{Stage as Wire, StatusRequired, Ticket, TicketCategory, TicketPriority, User};
use daktela::{Fk, Moments, Record, Scheme};
use model::{FieldEdit, FieldKind, FieldOption, FormField, Priority, Problem, ProblemCode, field};
use serde_json::{Map, Value, json};

use super::super::Daktela;
use super::super::agent::moment;
use super::desk::{Setup, option};
use super::rows::named;
use super::{custom, inferred, rows};

/// What the fields of a ticket depend on.
pub(super) struct Around<'a> {
    pub(super) me: &'a User,
    pub(super) setup: &'a Setup,
    /// The category's rules, where they are known.
    pub(super) category: Option<&'a TicketCategory>,
    /// The statuses that the category offers.
    pub(super) statuses: &'a [FieldOption],
    pub(super) scheme: &'a Scheme,
    pub(super) moments: &'a Moments,
    pub(super) may_write: bool,
}

impl Around<'_> {
    /// The fields of a ticket that is there.
    pub(super) fn fields(&self, ticket: &Ticket) -> Vec<FormField> {
        let mut fields = self.common(ticket);
        // Only whoever makes a ticket names its address.
        fields.push(self.field(field::EMAIL, FieldKind::Email, ticket.email.iter().cloned()).fixed());
        let parent = ticket.parent_ticket.as_ref().and_then(|parent| parent.name.clone());
        fields.push(self.field(field::PARENT, FieldKind::Text, parent));
        fields.extend(custom::fields(self.scheme, &ticket.custom_fields, self.moments, self.may_write));
        fields
    }

    /// The fields of a ticket that is to be made.
    pub(super) fn new_ticket(&self, category: Option<String>) -> Vec<FormField> {
        let ticket = Ticket {
            category: category.map(Fk::to),
            stage: Some(Wire::Open),
            priority: Some(TicketPriority::Low),
            ..Ticket::default()
        };
        let mut fields = self.common(&ticket);
        fields.push(self.field(field::EMAIL, FieldKind::Email, None));
        fields.push(self.field(field::PARENT, FieldKind::Text, None));
        fields.extend(custom::fields(self.scheme, &ticket.custom_fields, self.moments, self.may_write));
        fields
    }

    fn common(&self, ticket: &Ticket) -> Vec<FormField> {
        let wire = ticket.stage.as_ref();
        let stage = wire.map(|wire| inferred::stage(wire).word().to_owned());
        let priority = ticket.priority.as_ref().and_then(rows::priority);
        let word = |value: &str| FieldOption { value: value.to_owned(), title: String::new() };
        let priorities = [Priority::Low, Priority::Medium, Priority::High];
        let reopen = ticket.reopen.map(|at| moment(at).0.to_string());
        vec![
            self.field(field::TITLE, FieldKind::Text, ticket.title.clone()).needed(),
            self.field(field::STAGE, FieldKind::Choice, stage)
                .of(inferred::STAGES.map(|stage| word(stage.word())))
                .needed(),
            self.field(field::PRIORITY, FieldKind::Choice, priority.map(|one| one.word().to_owned()))
                .of(priorities.map(|one| word(one.word())))
                .needed(),
            self.category(ticket).needed(),
            self.owner(ticket),
            self.statuses(ticket),
            self.field(field::REOPEN, FieldKind::Time, reopen),
            self.field(field::CONTACT, FieldKind::Choice, names([ticket.contact.as_ref()]))
                .with(ticket.contact.as_ref().and_then(chosen)),
            self.field(field::FOLLOWERS, FieldKind::Choices, names(ticket.followers.iter().map(Some)))
                .of(self.setup.users.clone())
                .with(ticket.followers.iter().filter_map(chosen)),
            self.field(field::DESCRIPTION, FieldKind::LongText, ticket.description.clone()),
        ]
    }

    fn category(&self, ticket: &Ticket) -> FormField {
        let options =
            self.setup.categories.iter().map(|category| option(&category.name, category.title.as_deref()));
        self.field(field::CATEGORY, FieldKind::Choice, names([ticket.category.as_ref()]))
            .of(options)
            .with(ticket.category.as_ref().and_then(chosen))
    }

    fn owner(&self, ticket: &Ticket) -> FormField {
        let me = option(&self.me.name, self.me.title.as_deref());
        self.field(field::OWNER, FieldKind::Choice, names([ticket.user.as_ref()]))
            .of(self.setup.users.clone())
            .with(ticket.user.as_ref().and_then(chosen))
            .with([me])
    }

    fn statuses(&self, ticket: &Ticket) -> FormField {
        // Older servers say nothing; then only what is there already proves that there may be several.
        let several = self.category.and_then(|category| category.multiple_statuses) == Some(true)
            || ticket.statuses.len() > 1;
        let kind = if several { FieldKind::Choices } else { FieldKind::Choice };
        let is_closed = matches!(ticket.stage, Some(Wire::Close | Wire::Archive));
        let required = match self.category.and_then(|category| category.status_required.as_ref()) {
            Some(StatusRequired::Always) => true,
            Some(StatusRequired::ClosingTicket) => is_closed,
            Some(StatusRequired::Never | StatusRequired::Other(_)) | None => false,
        };
        let field = self.field(field::STATUSES, kind, names(ticket.statuses.iter().map(Some)));
        let field = field.of(self.statuses.to_vec()).with(ticket.statuses.iter().filter_map(chosen));
        FormField { required, ..field }
    }

    fn field(&self, key: &str, kind: FieldKind, values: impl IntoIterator<Item = String>) -> FormField {
        FormField {
            key: key.to_owned(),
            title: String::new(),
            kind,
            values: values.into_iter().filter(|value| !value.is_empty()).collect(),
            options: Vec::new(),
            required: false,
            editable: self.may_write,
        }
    }
}

/// What is said of a field beside its value.
pub(super) trait Said: Sized {
    /// It must not be empty.
    fn needed(self) -> Self;
    /// It cannot be changed.
    fn fixed(self) -> Self;
    /// These may be chosen.
    fn of(self, options: impl IntoIterator<Item = FieldOption>) -> Self;
    /// These too, unless they are among them.
    fn with(self, options: impl IntoIterator<Item = FieldOption>) -> Self;
}

impl Said for FormField {
    fn needed(self) -> Self {
        Self { required: true, ..self }
    }

    fn fixed(self) -> Self {
        Self { editable: false, ..self }
    }

    fn of(self, options: impl IntoIterator<Item = FieldOption>) -> Self {
        Self { options: options.into_iter().collect(), ..self }
    }

    fn with(mut self, options: impl IntoIterator<Item = FieldOption>) -> Self {
        for option in options {
            if !self.options.iter().any(|known| known.value == option.value) {
                self.options.push(option);
            }
        }
        self
    }
}

pub(super) fn names<'a, T: 'a>(fks: impl IntoIterator<Item = Option<&'a Fk<T>>>) -> Vec<String> {
    fks.into_iter().flatten().filter_map(|fk| named(fk).map(|named| named.id)).collect()
}

pub(super) fn chosen<T>(fk: &Fk<T>) -> Option<FieldOption> {
    named(fk).map(|named| FieldOption { value: named.id, title: named.title })
}

/// Edits as the body of a request. References are cleared by the empty text, lists by the empty list.
///
/// # Errors
/// A value that has no word on this platform.
pub(super) fn body(
    edits: &[&FieldEdit],
    scheme: &Scheme,
    moments: &Moments,
) -> Result<Map<String, Value>, Problem> {
    let mut body = Map::new();
    let mut own = Map::new();
    for edit in edits {
        let one = edit.now.first().map(|value| value.trim()).unwrap_or_default();
        let unknown = || {
            let mut problem = Problem::new(ProblemCode::NotPossible).with("why", "bad_value");
            problem.fields.insert(edit.key.clone(), edit.now.clone());
            problem
        };
        if let Some(key) = edit.key.strip_prefix(custom::PREFIX) {
            own.insert(key.to_owned(), custom::written(scheme.0.get(key), &edit.now, moments));
            continue;
        }
        let value = match edit.key.as_str() {
            field::STAGE => json!(inferred::stage_word(one).ok_or_else(unknown)?),
            field::PRIORITY => json!(priority_word(one).ok_or_else(unknown)?),
            field::STATUSES | field::FOLLOWERS => json!(edit.now),
            field::REOPEN if one.is_empty() => json!(""),
            field::REOPEN => json!(custom::moment(one, moments).ok_or_else(unknown)?),
            field::PARENT => json!(one.trim_start_matches('#')),
            field::DESCRIPTION => json!(edit.now.first().cloned().unwrap_or_default()),
            _ => json!(one),
        };
        body.insert(wire_key(&edit.key).ok_or_else(unknown)?.to_owned(), value);
    }
    if !own.is_empty() {
        body.insert(inferred::CUSTOM_FIELDS.to_owned(), Value::Object(own));
    }
    Ok(body)
}

fn priority_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "low" => "LOW",
        "medium" => "MEDIUM",
        "high" => "HIGH",
        _ => return None,
    })
}

/// Our keys and the platform's.
const KEYS: [(&str, &str); 12] = [
    (field::TITLE, "title"),
    (field::STAGE, "stage"),
    (field::PRIORITY, "priority"),
    (field::OWNER, "user"),
    (field::CATEGORY, "category"),
    (field::STATUSES, "statuses"),
    (field::REOPEN, "reopen"),
    (field::FOLLOWERS, "followers"),
    (field::PARENT, "parentTicket"),
    (field::CONTACT, "contact"),
    (field::EMAIL, "email"),
    (field::DESCRIPTION, "description"),
];

fn wire_key(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(ours, _)| *ours == key).map(|(_, theirs)| *theirs)
}

/// What the platform said beside its fields, beside ours.
pub(super) fn translated(fields: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let translate = |(key, words): (String, Vec<String>)| {
        let ours = match key.strip_prefix("customFields.") {
            Some(own) => format!("{}{own}", custom::PREFIX),
            None => KEYS
                .iter()
                .find(|(_, theirs)| *theirs == key)
                .map_or(key.clone(), |(ours, _)| (*ours).to_owned()),
        };
        (ours, words)
    };
    fields.into_iter().map(translate).collect()
}

/// What a user may do with a module, by the role.
pub(super) fn rights(user: &User, module: &str) -> daktela::Rights {
    let role = user.role.as_ref().and_then(|role| role.full.as_deref());
    daktela::rights(role.and_then(|role| role.options.get(module)))
}

impl Daktela {
    /// The fields of a new ticket.
    pub(super) async fn new_ticket_form(&self, category: Option<String>) -> Result<Vec<FormField>, Problem> {
        let me = self.me().await.map_err(|error| self.problem(&error))?;
        let (setup, scheme) = tokio::join!(self.setup(), self.ticket_scheme());
        let rules = category.as_deref().and_then(|name| setup.categories.iter().find(|one| one.name == name));
        let statuses = match &category {
            Some(name) => self.statuses_of::<TicketCategory>(name).await,
            None => Vec::new(),
        };
        let around = Around {
            me: &me,
            setup: &setup,
            category: rules,
            statuses: &statuses,
            scheme: &scheme,
            moments: &self.client.moments(),
            may_write: true,
        };
        Ok(around.new_ticket(category))
    }

    /// The record as the platform has it now, for comparing.
    pub(super) async fn fresh<T: Record>(&self, name: &str) -> Result<T, wire::Error> {
        self.signed(|| self.client.get::<T>(name)).await
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
