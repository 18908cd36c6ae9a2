//! Furnishes the centre: queues, rights, telephones, agents. The files (contacts, tickets, history) are in `seed_files`.

use super::{
    Agent, Channel, Device, DeviceKind, Direction, Queue, World, names, records::record, seed_files,
};
use serde_json::{Map, Value, json};

/// Up to this many agents share the common queues; beyond it they work in teams, each with a queue of its own.
const ONE_FLOOR: usize = 40;
const TEAM: usize = 25;

pub(super) fn furnish(world: &mut World, agents: usize) {
    wrap_up_codes(world);
    queues(world, agents);
    rights(world, agents);
    pauses(world);
    people(world, agents.max(1));
    seed_files::fill(world);
}

fn wrap_up_codes(world: &mut World) {
    let codes = [
        ("solved", "Solved", "#2e7d32", false),
        ("information", "Information given", "#1565c0", false),
        ("callback", "Call back", "#f9a825", true),
        ("complaint", "Complaint", "#c62828", false),
        ("order", "Order placed", "#00838f", false),
        ("wrong_number", "Wrong number", "#6d4c41", false),
        ("voicemail", "Voicemail left", "#5e35b1", true),
        ("not_interested", "Not interested", "#546e7a", false),
        ("escalated", "Handed to second level", "#ad1457", false),
    ];
    for (id, title, color, nextcall) in codes {
        let row = json!({"title": title, "description": "", "color": color, "validation": false, "nextcall": nextcall,
            "blacklist_database": null, "blacklist_expiration_time": null});
        world.records.table("wrap_up_codes").put(id, record(row));
    }
}

fn queue(id: u32, name: &str, channel: Channel, direction: Option<Direction>, address: &str) -> Queue {
    Queue {
        id,
        name: name.to_owned(),
        description: String::new(),
        channel,
        direction,
        deactivated: false,
        wrap_up_seconds: 0,
        wrap_up_codes: Vec::new(),
        code_required: false,
        several_codes: false,
        address: address.to_owned(),
    }
}

fn codes(of: &[&str]) -> Vec<String> {
    of.iter().map(|c| (*c).to_owned()).collect()
}

fn queues(world: &mut World, agents: usize) {
    use Channel::{Call, Chat, Email, Facebook, Instagram, Sms, Viber, Whatsapp};
    use Direction::{In, Out};
    let support_codes = codes(&["solved", "information", "callback", "complaint", "escalated"]);
    let mut all = vec![
        Queue {
            description: "Questions and faults".to_owned(),
            wrap_up_seconds: 15,
            wrap_up_codes: support_codes.clone(),
            code_required: true,
            several_codes: true,
            ..queue(2000, "Support", Call, Some(In), "+442079460100")
        },
        Queue {
            wrap_up_codes: codes(&["order", "information", "wrong_number"]),
            ..queue(2001, "Orders", Call, Some(In), "+442079460101")
        },
        queue(2002, "Partners", Call, Some(In), "+442079460102"),
        Queue {
            wrap_up_codes: codes(&["solved", "callback", "voicemail", "not_interested"]),
            ..queue(2100, "Outgoing calls", Call, Some(Out), "+442079460110")
        },
        Queue { deactivated: true, ..queue(2999, "Summer campaign", Call, Some(In), "+442079460199") },
        Queue {
            wrap_up_codes: support_codes,
            several_codes: true,
            ..queue(3001, "E-mail", Email, None, "hello@offhook.example")
        },
        queue(3002, "Web chat", Chat, None, "https://offhook.example"),
        queue(3003, "SMS", Sms, None, "+442079460120"),
        queue(3004, "Facebook", Facebook, None, "offhook.practice"),
        queue(3005, "Instagram", Instagram, None, "offhook.practice"),
        queue(3006, "WhatsApp", Whatsapp, None, "+442079460121"),
        queue(3007, "Viber", Viber, None, "+442079460122"),
    ];
    for team in 0..teams(agents) {
        let address = format!("+4420794602{team:02}");
        all.push(queue(
            5_000 + u32::try_from(team).unwrap_or(0),
            &format!("Team {}", team + 1),
            Call,
            Some(In),
            &address,
        ));
    }
    world.queues = all.into_iter().map(|q| (q.id, q)).collect();
}

fn teams(agents: usize) -> usize {
    if agents > ONE_FLOOR { agents.div_ceil(TEAM) } else { 0 }
}

fn rights(world: &mut World, agents: usize) {
    let mut profile = |id: &str,
                       title: &str,
                       kind: &str,
                       device_required: bool,
                       queues: Map<String, Value>| {
        let row = json!({"title": title, "description": "", "kind": kind, "device_required": device_required,
            "max_activities": null, "max_records": 5, "transfer": "blind and assisted transfer", "monitoring": 1,
            "queues": queues});
        world.records.table("profiles").put(id, record(row));
    };
    let logins =
        |of: &[(u32, &str)]| of.iter().map(|(q, how)| (q.to_string(), json!(how))).collect::<Map<_, _>>();
    let floor = [
        (2000, "auto"),
        (2001, "auto"),
        (2002, "manual"),
        (2100, "auto"),
        (2999, "auto"),
        (3001, "manual"),
        (3002, "manual"),
        (3003, "manual"),
        (3004, ""),
    ];
    profile("agents", "Agents", "CC", true, logins(&floor));
    let all = [2000, 2001, 2002, 2100, 3001, 3002, 3003, 3004, 3005, 3006, 3007].map(|q| (q, "manual"));
    profile("supervisors", "Supervisors", "CC", false, logins(&all));
    profile("back_office", "Back office", "BO", false, Map::new());
    for team in 0..teams(agents) {
        let own = 5_000 + u32::try_from(team).unwrap_or(0);
        let id = format!("team_{}", team + 1);
        profile(&id, &format!("Team {}", team + 1), "CC", true, logins(&[(own, "auto"), (2100, "auto")]));
    }
    for (id, title, kind) in
        [("agent", "Agent", "CC"), ("supervisor", "Supervisor", "CC"), ("office", "Office", "BO")]
    {
        let row = json!({"title": title, "description": "", "kind": kind,
            "rights": {"tickets": 31, "contacts": 31, "accounts": 31, "activities": 15, "pCalls": 112, "statuses": 31}});
        world.records.table("roles").put(id, record(row));
    }
}

fn pauses(world: &mut World) {
    let pauses = [
        ("lunch", "Lunch", "", false, 45),
        ("coffee", "Short break", "", true, 10),
        ("training", "Training", "", true, 0),
        ("meeting", "Meeting", "", true, 60),
        ("wrap", "After-call work", "wrap_up", true, 0),
        ("inactive", "Inactive", "inactive", false, 0),
        ("dnd", "Do not disturb", "do_not_disturb", false, 0),
    ];
    for (id, title, kind, paid, minutes) in pauses {
        let row = json!({"title": title, "kind": kind, "paid": paid, "max_duration": minutes, "calculated_from": "",
            "repeatable": true, "max_amount": 0, "min_timeout": 0, "auto_pause": false, "prevent_direct_calls": false});
        world.records.table("pauses").put(id, record(row));
    }
}

fn people(world: &mut World, agents: usize) {
    let now = world.now();
    for index in 0..agents {
        let mut agent = match names::AGENTS.get(index) {
            Some((id, person)) => Agent::new(id, &format!("{} {}", person.first, person.last), now),
            None => {
                let customer = world.dice.pick(&names::CUSTOMERS);
                let name = format!("{} {} {}", customer.first, customer.last, index + 1);
                Agent::new(&format!("agent{:03}", index + 1), name.trim(), now)
            }
        };
        if teams(agents) > 0 {
            agent.profile = format!("team_{}", index / TEAM + 1);
        } else if index == 5 {
            // Static login: ready from the start, device or not.
            agent.static_login = true;
            agent.profile = "supervisors".to_owned();
            agent.role = "supervisor".to_owned();
        } else if index == 7 {
            agent.profile = "back_office".to_owned();
            agent.role = "office".to_owned();
        }
        agent.timezone = if index == 3 { "Asia/Tokyo".to_owned() } else { agent.timezone };
        device(world, &(301 + index).to_string(), DeviceKind::Sip, "Desk phone", Some(&agent.id), true);
        if index < names::AGENTS.len() {
            let mobile = format!("7213224{index:02}");
            device(world, &mobile, DeviceKind::External, "Mobile", Some(&agent.id), true);
        }
        world.roster.push(agent.id.clone());
        world.agents.insert(agent.id.clone(), agent);
    }
    device(world, "291", DeviceKind::Sip, "Hot desk", None, true);
    device(world, "290", DeviceKind::Sip, "Reception", None, false);
}

fn device(
    world: &mut World,
    id: &str,
    kind: DeviceKind,
    title: &str,
    owner: Option<&str>,
    contact_centre: bool,
) {
    let device = Device {
        id: id.to_owned(),
        kind,
        title: format!("{title} {id}"),
        owner: owner.map(str::to_owned),
        reachable: true,
        contact_centre,
    };
    world.devices.insert(device.id.clone(), device);
}
