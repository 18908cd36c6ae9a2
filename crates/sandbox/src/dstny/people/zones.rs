//! The time zones of scheduled presence, with what they are off UTC at a moment, in milliseconds as text.

use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, read_time};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

const ZONES: [&str; 24] = [
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Montreal",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Etc/GMT",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Prague",
    "Europe/Stockholm",
    "Pacific/Auckland",
];

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    (cx.call.op == "cinfo1.timezones").then(|| list(cx))
}

fn list(cx: &Context<'_>) -> Result<Reply, Failure> {
    let when = match cx.call.query("when").filter(|w| !w.is_empty()) {
        Some(told) => read_time(told).ok_or_else(|| Failure::bad("when", "when.invalid", told))?,
        None => cx.world.now(),
    };
    let moment = Timestamp::from_millisecond(when).unwrap_or_default();
    let only = cx.call.query("tzid").filter(|t| !t.is_empty());
    let zones = ZONES.iter().filter(|zone| only.is_none_or(|only| only == **zone));
    let rows = zones.filter_map(|zone| {
        let offset = i64::from(TimeZone::get(zone).ok()?.to_offset(moment).seconds()) * 1_000;
        let (region, city) = zone.split_once('/')?;
        Some(json!({"region": region, "city": city.replace('_', " "), "offset": offset.to_string(), "tzid": zone}))
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Err(Failure::missing("tzid", "timezone.does.not.exist", only.unwrap_or("")));
    }
    Ok(Reply::ok(json!({"timezone": rows})))
}
