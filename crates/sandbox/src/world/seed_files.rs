//! Fills the cabinet: companies, contacts, tickets, texts, campaigns, and a month of past work.

use super::{
    Activity, Cause, Channel, DAY, Direction, EndedBy, HOUR, MINUTE, Millis, Phase, SECOND, World, names,
    records::{record, text},
    seed_tickets,
};
use serde_json::{Value, json};

const SUBJECTS: [&str; 16] = [
    "Invoice for March shows the wrong address",
    "Lamp arrived with a cracked shade",
    "Kde je moje zásilka?",
    "Frage zur Garantie",
    "Byta leveransadress",
    "Password reset does not arrive",
    "Devis pour 40 chaises",
    "Subscription renewal",
    "Router restarts every night around 02:00",
    "配送日の変更について",
    "طلب نسخة من الفاتورة",
    "Reklamace: chybí návod",
    "Feedback on yesterday’s call",
    "Second-hand part availability, ref. <A&B> “X-20”",
    "Two-factor sign-in on a new phone 📱",
    "Urgent: whole office without telephones",
];

pub(super) fn fill(world: &mut World) {
    basics(world);
    companies(world);
    contacts(world);
    seed_tickets::ordinary(world);
    texts(world);
    campaigns(world);
    history(world);
}

fn put(world: &mut World, table: &'static str, id: &str, row: Value) {
    world.records.table(table).put(id, record(row));
}

fn basics(world: &mut World) {
    let now = world.now();
    put(
        world,
        "databases",
        "default",
        json!({"title": "Customers", "description": "", "created": now - 400 * DAY}),
    );
    put(
        world,
        "databases",
        "partners",
        json!({"title": "Partners", "description": "", "created": now - 300 * DAY}),
    );
    put(
        world,
        "time_groups",
        "office_hours",
        json!({"title": "Office hours", "description": "Mon–Fri 8–18"}),
    );
    let sla = |title, unit, first: [i64; 3], solve: [i64; 3]| {
        json!({"title": title, "unit": unit, "response_low": first[0], "response_normal": first[1],
            "response_high": first[2], "solution_low": solve[0], "solution_normal": solve[1], "solution_high": solve[2]})
    };
    put(world, "service_levels", "standard", sla("Standard", "HOURS", [24, 8, 4], [120, 72, 24]));
    put(world, "service_levels", "fast", sla("Fast", "MINUTES", [120, 60, 15], [960, 480, 120]));
    let category = |title, sla, required, several| {
        json!({"title": title, "description": "", "service_level": sla, "time_group": "office_hours",
            "email_queue": "3001", "call_queue": "2100", "sms_queue": "3003", "code_required": required,
            "external_comments": false, "several_codes": several, "archive_after_days": 90,
            "codes": ["solved", "information", "complaint", "escalated"]})
    };
    put(
        world,
        "ticket_categories",
        "categories_support",
        category("Support", "standard", "closing_ticket", true),
    );
    put(world, "ticket_categories", "categories_orders", category("Orders", "standard", "never", false));
    put(world, "ticket_categories", "categories_outage", category("Outages", "fast", "always", true));
    let mut complaints = category("Complaints", "standard", "closing_ticket", false);
    // Only these may see it, on a face whose departments have members.
    complaints["agents"] = json!(["tomas", "noah", "oisin"]);
    put(world, "ticket_categories", "categories_complaints", complaints);
    for (id, title, kind) in [
        ("floor", "Contact-centre floor", "users"),
        ("voice", "Telephone queues", "queues"),
        ("written", "Written queues", "queues"),
        ("helpdesk", "Helpdesk", "categories"),
        ("agents", "Agents", "profiles"),
    ] {
        put(world, "groups", id, json!({"title": title, "description": "", "kind": kind}));
    }
    views(world);
    put(
        world,
        "announcements",
        "welcome",
        json!({"title": "Welcome to the practice centre", "text": "Everybody here is invented.", "created": now - DAY}),
    );
    put(
        world,
        "articles",
        "returns",
        json!({"title": "How to send something back", "text": "<p>Within 30 days …</p>", "created": now - 90 * DAY,
            "edited": now - 9 * DAY}),
    );
}

/// The tenant's saved views; what they show is told in the filters of the platform whose views they are.
fn views(world: &mut World) {
    let is = |field: &str, value: &str| json!({"field": field, "operator": "eq", "value": value});
    let mine = json!({"logic": "and", "filters": [is("stage", "OPEN"), is("user", "_LOGGED")]});
    let free =
        json!({"logic": "and", "filters": [is("stage", "OPEN"), {"field": "user", "operator": "isnull"}]});
    let late = json!({"logic": "and", "filters": [is("stage", "OPEN"),
        {"field": "sla_overdue", "operator": "gt", "value": 0}]});
    let live = json!({"logic": "or", "filters": [is("stage", "OPEN"), is("stage", "WAIT")]});
    for (id, title, filter) in [
        ("open", "Open", json!([is("stage", "OPEN")])),
        ("mine", "Mine", mine),
        ("unassigned", "Unassigned", free),
        ("waiting", "Waiting", json!([is("stage", "WAIT")])),
        ("late", "Late", late),
        (
            "reklamace",
            "Reklamace & výpadky",
            json!({"logic": "and", "filters": [live,
            {"field": "category", "operator": "in", "value": ["categories_outage", "categories_complaints"]}]}),
        ),
    ] {
        let sort = json!([{"field": "edited", "dir": "desc"}]);
        let row = json!({"title": title, "description": "", "shared": true, "filter": filter, "sort": sort});
        put(world, "ticket_views", id, row);
    }
}

fn companies(world: &mut World) {
    let now = world.now();
    for (index, (title, country)) in names::COMPANIES.iter().enumerate() {
        let number = names::number(country, &mut world.dice);
        let created = now - world.dice.between(30, 400) * DAY;
        let row = json!({"title": title, "database": if index % 3 == 2 { "partners" } else { "default" },
            "service_level": if index == 4 { json!("fast") } else { Value::Null }, "owner": "ida", "description": "",
            "created": created, "edited": created + DAY, "custom": {"number": [number], "email": [], "note": []}});
        put(world, "companies", &format!("accounts_{:04}", index + 1), row);
    }
}

fn contacts(world: &mut World) {
    let now = world.now();
    for (index, person) in names::CUSTOMERS.iter().enumerate() {
        let id = format!("contacts_{:04}", index + 1);
        let first = names::number(person.country, &mut world.dice);
        let mut numbers = vec![first];
        if index % 4 == 1 {
            numbers.push(names::number(person.country, &mut world.dice));
        }
        if index == 9 {
            // Seven numbers: what an address book really looks like after some years.
            numbers.extend((0..5).map(|_| names::number("GB", &mut world.dice)));
        }
        let local = names::plain(person.last, &format!("customer{}", index + 1));
        let mut emails = vec![format!("{local}@example.com")];
        match index % 7 {
            2 => emails.push(format!("{local}.office@example.org")),
            5 => emails.clear(),
            _ => {}
        }
        let created = now - world.dice.between(20, 700) * DAY;
        let owner = world.roster.get(index % 5).cloned();
        let company = (index % 3 == 0).then(|| format!("accounts_{:04}", index % 10 + 1));
        let title = format!("{} {}", person.first, person.last).trim().to_owned();
        let row = json!({"title": title, "first_name": person.first, "last_name": person.last,
            "database": if index % 11 == 10 { "partners" } else { "default" }, "company": company, "owner": owner,
            "description": if index % 6 == 0 { "Prefers to be called in the morning" } else { "" },
            "score": if index % 5 == 0 { json!(world.dice.between(-20, 90)) } else { Value::Null },
            "created": created, "edited": created + 5 * DAY,
            "custom": {"number": numbers, "email": emails, "address": [Value::Null], "note": []}});
        put(world, "contacts", &id, row);
    }
}

fn texts(world: &mut World) {
    let rows = [
        ("greeting", "Greeting", "PLAIN", "CHAT", "", "Hello, how can I help you?"),
        (
            "reply_en",
            "Reply (English)",
            "RICH",
            "EMAIL",
            "Re: your question",
            "<p>Dear customer,</p><p></p><p>Kind regards</p>",
        ),
        (
            "reply_cs",
            "Odpověď (česky)",
            "RICH",
            "EMAIL",
            "Re: Váš dotaz",
            "<p>Dobrý den,</p><p></p><p>S pozdravem</p>",
        ),
        ("delivery_sms", "Delivery note", "PLAIN", "SMS", "", "Your parcel arrives tomorrow."),
        ("wa_hello", "WhatsApp opening", "PLAIN", "WAP_OUTGOING", "", "Hello from Offhook Practice"),
        ("signature", "Signature", "RICH", "USERSIGN", "", "<p>Offhook Practice</p>"),
    ];
    for (index, (id, title, format, usage, subject, content)) in rows.into_iter().enumerate() {
        let owner = if id == "signature" { json!("ida") } else { Value::Null };
        let row = json!({"number": index + 1, "title": title, "description": "", "format": format, "usage": usage,
            "owner": owner, "subject": subject, "content": content, "data_url": "", "config": {}});
        put(world, "templates", id, row);
    }
}

fn campaigns(world: &mut World) {
    let now = world.now();
    put(world, "crm_types", "contracts", json!({"title": "Contracts", "description": ""}));
    for index in 1..=8 {
        let row = json!({"type": "contracts", "owner": "ida", "contact": format!("contacts_{index:04}"),
            "company": Value::Null, "ticket": if index % 3 == 0 { json!(index.to_string()) } else { Value::Null },
            "title": format!("Contract {}/2026", 100 + index), "description": "", "code": Value::Null,
            "state": if index % 4 == 0 { "CLOSE" } else { "OPEN" }, "created": now - index * DAY, "edited": now - index * DAY,
            "custom": {}});
        put(world, "crm_records", &format!("records_{index:04}"), row);
    }
    put(world, "campaign_databases", "renewals", json!({"title": "Renewals", "description": ""}));
    let row = json!({"title": "Renewals", "description": "Contracts that end this quarter", "queue": "2100",
        "color": "#1565c0", "icon": "phone", "tab": "contact", "config": {}, "custom_form": false, "created": now - 60 * DAY});
    put(world, "campaign_types", "renewals", row);
    for index in 1..=20 {
        let row = json!({"owner": if index % 2 == 0 { json!("ida") } else { Value::Null }, "type": "renewals",
            "database": "renewals", "contact": format!("contacts_{index:04}"), "next_call": now + index * HOUR,
            "action": index % 7, "call": Value::Null, "activity": Value::Null, "options": {}, "codes": [],
            "created": now - 20 * DAY, "edited": now - DAY, "custom": {}});
        put(world, "campaign_records", &format!("campaigns_{index:04}"), row);
    }
}

/// Ninety past activities over a month, of every channel.
fn history(world: &mut World) {
    let now = world.now();
    let channels = [
        (Channel::Call, 2000),
        (Channel::Call, 2001),
        (Channel::Email, 3001),
        (Channel::Call, 2100),
        (Channel::Chat, 3002),
        (Channel::Sms, 3003),
        (Channel::Call, 2000),
        (Channel::Facebook, 3004),
        (Channel::Whatsapp, 3006),
        (Channel::Instagram, 3005),
        (Channel::Viber, 3007),
        (Channel::Comment, 0),
    ];
    for index in 0..90 {
        let (channel, queue) = channels[index % channels.len()];
        let at =
            now - 30 * DAY + Millis::try_from(index).unwrap_or(0) * 8 * HOUR + world.dice.between(0, HOUR);
        let id = world.draw_activity_id();
        let number = world.draw_item_number();
        let direction = match (queue, index) {
            (_, 36) => Direction::Internal,
            (2100, _) => Direction::Out,
            _ if index % 9 == 5 => Direction::Out,
            _ => Direction::In,
        };
        let mut activity = Activity::new(id, number, channel, direction, at);
        activity.item_id = world.draw_item_id(channel);
        activity.queue = (queue != 0).then_some(queue);
        activity.called = world.queues.get(&queue).map_or(String::new(), |q| q.address.clone());
        past_party(world, &mut activity, index);
        let missed = channel == Channel::Call && direction == Direction::In && index % 10 == 6;
        activity.phase = Phase::Closed;
        activity.ringing_since = Some(at + 2 * SECOND);
        activity.missed = missed;
        if missed {
            activity.cause = Some(Cause::Abandoned);
            activity.ended_by = Some(EndedBy::Customer);
            activity.closed = Some(at + 25 * SECOND);
            activity.called_back = (index % 20 == 6).then_some(at + HOUR);
        } else {
            let talked = world.dice.between(20, 600) * SECOND;
            activity.agent = Some(world.roster[index % world.roster.len().min(6)].clone());
            activity.attempts = 1;
            activity.opened = Some(at + 8 * SECOND);
            activity.talk_since = Some(at + 8 * SECOND);
            activity.talk_ended = Some(at + 8 * SECOND + talked);
            activity.ended_by = Some(if index % 2 == 0 { EndedBy::Customer } else { EndedBy::Agent });
            activity.closed = Some(at + 8 * SECOND + talked + MINUTE);
            let code = world.queues.get(&queue).and_then(|q| q.wrap_up_codes.first().cloned());
            activity.wrap_up_codes = code.into_iter().collect();
            activity.note =
                if index % 4 == 0 { "Asked for a copy of the invoice.".to_owned() } else { String::new() };
        }
        if matches!(channel, Channel::Email | Channel::Comment) {
            activity.ticket = Some((index % 30 + 1).to_string());
        }
        if channel == Channel::Email {
            let log = b"02:00:13 link down\n02:00:41 link up\n".as_slice();
            activity
                .attachments
                .push(world.files.put("device.log", "text/plain", log.into(), at).attachment());
        }
        world.activities.insert(activity.id.clone(), activity);
    }
}

fn past_party(world: &mut World, activity: &mut Activity, index: usize) {
    let contact_id = format!("contacts_{:04}", index * 7 % names::CUSTOMERS.len() + 1);
    let Some(contact) = world.records.find("contacts", &contact_id) else { return };
    let of = |field: &str| {
        let value = contact.get("custom").and_then(|c| c.get(field)?.get(0)?.as_str());
        value.map(str::to_owned)
    };
    activity.party = text(contact, "title").to_owned();
    activity.contact = Some(contact_id);
    activity.title = if activity.channel == Channel::Call {
        activity.party.clone()
    } else {
        SUBJECTS[index % SUBJECTS.len()].to_owned()
    };
    activity.address = match activity.channel {
        Channel::Email => of("email").unwrap_or_else(|| "someone@example.com".to_owned()),
        Channel::Comment => String::new(),
        _ => of("number").unwrap_or_default(),
    };
    activity.text = format!("<p>{}</p>", SUBJECTS[(index + 3) % SUBJECTS.len()]);
}
