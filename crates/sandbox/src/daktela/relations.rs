//! `/{model}/{name}/{relation}`: ordinary lists of what belongs to one record.

use super::models::{Model, Row, Source, activities_of, model};
use super::query::{envelope_list, list_of};
use super::{Context, Failure, Reply};
use crate::daktela::models::View;
use crate::world::records::text;
use crate::world::{Record, World};
use serde_json::Value;

pub(super) fn list(
    cx: &Context<'_>,
    user: &str,
    of: &str,
    name: &str,
    relation: &str,
) -> Result<Reply, Failure> {
    let parent = model(of).ok_or(Failure::NotFound)?;
    let world = cx.centre.world();
    let record = parent.row(&world, name).ok_or(Failure::NotFound)?.record(&world);
    // Queues of a profile carry the attributes of the relation, so they are drawn here.
    if let ("profiles" | "users", "queues") = (parent.name, relation) {
        let profile = if parent.name == "users" { text(&record, "profile") } else { name };
        let view = View::new(&world, cx.switches, &cx.zone, Some(user));
        let queues = world.records.find("profiles", profile).and_then(|p| p.get("queues")?.as_object());
        let ids = queues.into_iter().flat_map(|q| q.keys()).filter_map(|id| id.parse().ok());
        let rows: Vec<Value> = ids.map(|id| view.queue_for(id, profile, None)).collect();
        let total = rows.len();
        return Ok(Reply::ok(envelope_list(cx, rows, total)));
    }
    let (model, rows) = related(&world, parent, &record, name, relation).ok_or(Failure::NotFound)?;
    list_of(cx, user, &world, model, rows)
}

fn related<'a>(
    world: &'a World,
    parent: &Model,
    record: &Record,
    name: &str,
    relation: &str,
) -> Option<(&'static Model, Vec<Row<'a>>)> {
    let pointing = |of: &str, field: &str| {
        let of = model(of)?;
        let rows = of.rows(world).into_iter().filter(|row| row.points_to(field, name, world)).collect();
        Some((of, rows))
    };
    let named = |of: &str, names: Option<&Value>| {
        let of = model(of)?;
        let names = names.and_then(Value::as_array).cloned().unwrap_or_default();
        Some((of, names.iter().filter_map(|n| of.row(world, n.as_str()?)).collect()))
    };
    match (parent.name, relation) {
        ("tickets", "activities") => Some((model("activities")?, activities_of(world, name.parse().ok()?))),
        ("tickets", "children") => pointing("tickets", "parent"),
        ("tickets" | "ticketsCategories" | "campaignsRecords", "statuses") => {
            named("statuses", record.get("codes"))
        }
        ("tickets", "followers") => named("users", record.get("followers")),
        ("queues" | "activities", "statuses") => named("statuses", record.get("statuses")),
        ("contacts", "activities") => pointing("activities", "contact"),
        ("contacts", "tickets") => pointing("tickets", "contact"),
        ("contacts", "crmRecords") => pointing("crmRecords", "contact"),
        ("contacts", "campaignsRecords") => pointing("campaignsRecords", "contact"),
        ("tickets", "records" | "crmRecords") => pointing("crmRecords", "ticket"),
        ("accounts", "crmRecords") => pointing("crmRecords", "company"),
        ("accounts", "contacts") => pointing("contacts", "company"),
        ("campaignsRecords", "activities") => pointing("activities", "record"),
        ("users" | "profiles", "pauses") => {
            let of = model("pauses")?;
            let rows = of.rows(world).into_iter().filter(|p| p.text("kind", world).is_empty()).collect();
            Some((of, rows))
        }
        ("activities", "attachments") => {
            let item = record.get("item").filter(|item| item.is_object());
            let behind = item.and_then(|item| {
                model(item.get("model")?.as_str()?)?.row(world, item.get("name")?.as_str()?)
            });
            let files = match behind {
                Some(row) => row.value("attachments", world),
                None => record.get("attachments").cloned().unwrap_or_default(),
            };
            let rows = files.as_array().cloned().unwrap_or_default();
            let rows = rows.into_iter().filter_map(|r| Some(Row::Made(r.as_object()?.clone()))).collect();
            Some((model("activitiesEmailFiles")?, rows))
        }
        (_, "messages") if matches!(parent.source, Source::Items { .. }) => {
            let lines = record.get("messages")?.as_array()?;
            let rows = lines.iter().filter_map(|line| Some(Row::Made(line.as_object()?.clone()))).collect();
            Some((model("activitiesMessages")?, rows))
        }
        (_, "activities") if matches!(parent.source, Source::Items { .. }) => {
            named("activities", record.get("activities"))
        }
        _ => None,
    }
}
