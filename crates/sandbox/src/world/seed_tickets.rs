//! Tickets to begin with: three dozen of the ordinary kind, and as many more as a large world is to have.
//!
//! Of a large world every ticket differs (who, when, whose, how far), but texts are shared, so that a hundred thousand
//! fit into some hundred megabytes and are there in seconds.

use super::entries::{Author, Body, ChatLine, Entry, Event};
use super::tickets::{Priority, Ticket, TicketState};
use super::{Channel, DAY, Dice, HOUR, MINUTE, Millis, World, names, records::Record, records::text};
use serde_json::json;
use std::sync::Arc;

/// Subject, what the customer writes, and what is answered, in many languages and writings.
const TALKS: [(&str, &str, &str); 16] = [
    (
        "Invoice for March shows the wrong address",
        "<p>Hello,</p><p>the invoice still goes to our <b>old</b> office. Please send a new one. My number is +44 20 7946 0311.</p>",
        "<p>Hello,</p><p>here is the corrected invoice.</p><p>Kind regards</p>",
    ),
    (
        "Lamp arrived with a cracked shade",
        "<p>Hi there, see the photo. The box was fine, the shade was not.</p><ul><li>order 4711</li><li>colour: sand</li></ul>",
        "<p>We are sorry. A new shade leaves our house today.</p>",
    ),
    (
        "Kde je moje zásilka?",
        "<p>Dobrý den,</p><p>objednávku č. 20417 jsem měl dostat už v úterý. Žluťoučký kůň stále nedorazil.</p><p>Děkuji</p>",
        "<p>Dobrý den,</p><p>zásilka je u dopravce a dorazí zítra.</p>",
    ),
    (
        "Frage zur Garantie",
        "<p>Guten Tag,</p><p>gilt die Garantie auch für das Ersatzteil? Das Gerät läuft nach der Prüfung wieder heiß.</p>",
        "<p>Guten Tag,</p><p>ja, auch für Ersatzteile gelten zwei Jahre.</p>",
    ),
    (
        "Byta leveransadress",
        "<p>Hej!</p><p>Kan ni skicka paketet till Ängsvägen 7 i stället? Jag är på landet hela veckan.</p>",
        "<p>Hej!</p><p>Det är ordnat. Paketet kommer på torsdag.</p>",
    ),
    (
        "Password reset does not arrive",
        "<p>I asked three times for a new password and nothing came, not even in the spam folder.</p>",
        "<p>Your mail server had refused ours. Please try again now.</p>",
    ),
    (
        "Devis pour 40 chaises",
        "<p>Bonjour,</p><p>pourriez-vous nous faire un devis pour 40 chaises, livrées à l’été&nbsp;?</p>",
        "<p>Bonjour,</p><p>vous trouverez le devis ci-joint.</p>",
    ),
    (
        "Subscription renewal",
        "<p>Please do not renew automatically this year.</p>",
        "<p>Done. Your subscription ends on the last day of the month.</p>",
    ),
    (
        "Router restarts every night around 02:00",
        "<p>Since the update it restarts every night:</p><pre>02:00:13 link down\n02:00:41 link up</pre>",
        "<p>Please send us the log file, then we know more.</p>",
    ),
    (
        "配送日の変更について",
        "<p>お世話になっております。</p><p>配送日を来週の金曜日に変更していただけますか。</p>",
        "<p>承知いたしました。金曜日にお届けします。</p>",
    ),
    (
        "طلب نسخة من الفاتورة",
        "<p dir=\"rtl\">مرحبًا، أرجو إرسال نسخة من فاتورة شهر آذار رقم 20417.</p>",
        "<p dir=\"rtl\">مرحبًا، النسخة مرفقة.</p>",
    ),
    (
        "Reklamace: chybí návod",
        "<p>V krabici chyběl návod i záruční list. Co teď?</p>",
        "<p>Návod posíláme e-mailem, záruční list poštou.</p>",
    ),
    (
        "Feedback on yesterday’s call",
        "<p>Just wanted to say: the lady was <i>very</i> patient with my father. Thank you!</p>",
        "<p>Thank you, we have told her.</p>",
    ),
    (
        "Second-hand part availability, ref. <A&B> “X-20”",
        "<p>Do you still have part &lt;A&amp;B&gt; “X-20”? 2 &gt; 1 would be fine, too.</p>",
        "<p>One is left. Shall we keep it for you?</p>",
    ),
    (
        "Two-factor sign-in on a new phone 📱",
        "<p>New phone, no codes. 😅 How do I get back in?</p>",
        "<p>We have reset it. Please scan the new code.</p>",
    ),
    (
        "Urgent: whole office without telephones",
        "<p><b>Nobody can call us since 8 o’clock.</b> Please ring my mobile: +1 202-555-0143.</p>",
        "<p>A technician is on the way.</p>",
    ),
];

const NOTES: [&str; 4] = [
    "<p>Called back, nobody there.</p>",
    "<p>Waits for the warehouse.</p>",
    "<p>Zákazník volal také na linku.</p>",
    "<p>See contract 104/2026.</p>",
];

const TAGS: [&str; 6] = ["vip", "invoice", "delivery", "bug", "second-level", "zpět"];

/// Channels in the shares in which they come.
const CHANNELS: [Channel; 12] = [
    Channel::Email,
    Channel::Email,
    Channel::Chat,
    Channel::Email,
    Channel::Sms,
    Channel::Email,
    Channel::Whatsapp,
    Channel::Email,
    Channel::Facebook,
    Channel::Email,
    Channel::Instagram,
    Channel::Viber,
];

/// One text as a mail and as anything else.
struct Talk {
    mail: Body,
    plain: Body,
}

impl Talk {
    fn of(html: &str) -> Self {
        Self { mail: Body::in_channel(html, Channel::Email), plain: Body::in_channel(html, Channel::Sms) }
    }

    fn written(&self, channel: Channel) -> Body {
        if channel == Channel::Email { self.mail.clone() } else { self.plain.clone() }
    }
}

/// Everything that is looked up once for all tickets.
struct Supplies {
    talks: Vec<(String, Talk, Talk)>,
    notes: Vec<Body>,
    agents: Vec<Arc<str>>,
    contacts: Vec<(String, Arc<str>, Arc<str>)>,
    categories: Vec<String>,
    nothing: Arc<str>,
}

impl Supplies {
    fn of(world: &World) -> Self {
        let talk = |(subject, asked, answered): &(&str, &str, &str)| {
            ((*subject).to_owned(), Talk::of(asked), Talk::of(answered))
        };
        let contact = |c: &Record| {
            let first = |field: &str| {
                let value = c.get("custom").and_then(|of| of.get(field)?.get(0)?.as_str());
                Arc::<str>::from(value.unwrap_or_default())
            };
            (text(c, "id").to_owned(), first("email"), first("number"))
        };
        Self {
            talks: TALKS.iter().map(talk).collect(),
            notes: NOTES.iter().map(|n| Body::html(*n)).collect(),
            agents: world.roster.iter().take(40).map(|a| a.as_str().into()).collect(),
            contacts: world.records.list("contacts").map(contact).collect(),
            categories: world.records.list("ticket_categories").map(|c| text(c, "id").to_owned()).collect(),
            nothing: "".into(),
        }
    }
}

/// The three dozen that are always there: every state, priority, owner and channel among them.
pub(super) fn ordinary(world: &mut World) {
    let supplies = Supplies::of(world);
    let now = world.now();
    let office = world.roster.len().min(5);
    for index in 0..36usize {
        let number = world.tickets.draw_number();
        let created = now - world.dice.between(1, 40) * DAY - world.dice.between(0, DAY);
        let edited = created + world.dice.between(1, 20) * HOUR;
        let contact = index * 5 % names::CUSTOMERS.len();
        let state = [
            TicketState::Open,
            TicketState::Open,
            TicketState::Waiting,
            TicketState::Closed,
            TicketState::Open,
            TicketState::Archived,
        ][index % 6];
        let category =
            ["categories_support", "categories_orders", "categories_support", "categories_outage"][index % 4];
        let plan = Plan {
            number,
            talk: index % TALKS.len(),
            channel: if index % 3 == 2 { CHANNELS[index % CHANNELS.len()] } else { Channel::Email },
            contact,
            category,
            owner: (index % 4 != 3).then(|| world.roster[index % office].as_str().into()),
            state,
            priority: [Priority::Low, Priority::Normal, Priority::High][index % 3],
            created,
            edited,
            letters: 2 + index % 4,
        };
        let mut ticket = make(world, &supplies, &plan);
        if index % 2 == 0 {
            ticket.description = "<p>See the conversation below.</p>".to_owned();
        }
        ticket.unread = (index % 5 == 0).then_some(edited);
        if index % 6 == 2 {
            ticket.followers = vec!["ida".to_owned(), "tomas".to_owned()];
        }
        if index == 7 {
            ticket.parent = Some(3);
        }
        if index % 6 == 1 {
            let log = b"02:00:13 link down\n02:00:41 link up\n".as_slice();
            let file = world.files.put("device.log", "text/plain", log.into(), created).attachment();
            if let Some(letter) = ticket.entries.iter_mut().find(|e| e.is_message()) {
                letter.attachments.push(file);
            }
        }
        world.tickets.put(ticket);
    }
}

/// Fills up to `wanted` tickets in all. Ages go back three years, most are closed, as in a real centre.
pub(super) fn many(world: &mut World, wanted: usize) {
    let supplies = Supplies::of(world);
    let now = world.now();
    // Chance of its own: the rest of the world is the same with and without a large past.
    let mut dice = Dice::new(world.dice.clone().next() ^ 0x71C_4E75);
    let missing = wanted.saturating_sub(world.tickets.len());
    for index in 0..missing {
        let number = world.tickets.draw_number();
        // The newest ticket has the highest number.
        let share = (missing - index) as f64 / missing as f64;
        let age = (share * share * (1_095 * DAY) as f64) as Millis + dice.between(0, HOUR);
        let created = now - age - MINUTE;
        let open = age < 30 * DAY && dice.chance(0.5) || dice.chance(0.02);
        let state = match (open, dice.between(0, 10)) {
            (true, 0..3) => TicketState::Waiting,
            (true, _) => TicketState::Open,
            (false, 0..6) => TicketState::Archived,
            (false, _) => TicketState::Closed,
        };
        let owner = dice.chance(0.8).then(|| dice.pick(&supplies.agents).clone());
        let category = dice.pick(&supplies.categories).clone();
        let plan = Plan {
            number,
            talk: dice.between(0, TALKS.len() as i64) as usize,
            channel: *dice.pick(&CHANNELS),
            contact: dice.between(0, names::CUSTOMERS.len() as i64) as usize,
            category: &category,
            owner,
            state,
            priority: [Priority::Low, Priority::Normal, Priority::Normal, Priority::High]
                [dice.between(0, 4) as usize],
            created,
            edited: (created + dice.between(1, 200) * HOUR).min(now - dice.between(0, MINUTE)),
            letters: 1 + dice.between(0, 4) as usize,
        };
        let mut ticket = make(world, &supplies, &plan);
        // A title is not the same a thousand times.
        ticket.title = format!("{} #{number}", ticket.title);
        if state == TicketState::Open && dice.chance(0.3) {
            ticket.unread = Some(ticket.last_activity);
        }
        if dice.chance(0.25) {
            ticket.tags = vec![(*dice.pick(&TAGS)).to_owned()];
        }
        if state == TicketState::Waiting {
            ticket.reopen = dice.chance(0.5).then(|| now + dice.between(1, 200) * HOUR);
        }
        world.tickets.put(ticket);
    }
}

struct Plan<'a> {
    number: i64,
    talk: usize,
    channel: Channel,
    contact: usize,
    category: &'a str,
    owner: Option<Arc<str>>,
    state: TicketState,
    priority: Priority,
    created: Millis,
    edited: Millis,
    /// Messages in all; customer and agent take turns.
    letters: usize,
}

fn make(world: &mut World, supplies: &Supplies, plan: &Plan<'_>) -> Ticket {
    let (title, asked, answered) = &supplies.talks[plan.talk];
    let (contact, email, phone) = &supplies.contacts[plan.contact % supplies.contacts.len()];
    let address = if plan.channel == Channel::Email { email } else { phone };
    let agent = plan.owner.clone().unwrap_or_else(|| supplies.agents[0].clone());
    let blank = |number, channel, author, at, body| {
        let mut entry = Entry::bare(number, channel, author, at, body);
        (entry.cc, entry.bcc) = (supplies.nothing.clone(), supplies.nothing.clone());
        entry.to = if channel == Channel::Comment { supplies.nothing.clone() } else { address.clone() };
        entry.read = true;
        entry
    };
    let mut entries = Vec::with_capacity(plan.letters + 1);
    let mut opened = blank(
        world.draw_item_number(),
        Channel::Comment,
        Author::Customer,
        plan.created,
        Body { html: false, text: supplies.nothing.clone() },
    );
    opened.event = Some(Event::Created);
    entries.push(opened);
    let (mut last_by_agent, mut last_by_customer, mut answered_at) = (None, None, None);
    let span = (plan.edited - plan.created) / plan.letters as Millis;
    for letter in 0..plan.letters {
        let at = plan.created + span * letter as Millis;
        let number = world.draw_item_number();
        let entry = if letter % 2 == 0 {
            last_by_customer = Some(at);
            blank(number, plan.channel, Author::Customer, at, asked.written(plan.channel))
        } else {
            last_by_agent = Some(at);
            answered_at = answered_at.or(Some(at));
            blank(number, plan.channel, Author::Agent(agent.clone()), at, answered.written(plan.channel))
        };
        entries.push(entry);
    }
    if plan.channel == Channel::Chat
        && let Some(chat) = entries.get_mut(1)
    {
        let line = |author, after, text: &Body| ChatLine {
            author,
            at: plan.created + after,
            text: text.text.clone(),
        };
        chat.lines = vec![
            line(Author::Customer, 0, &asked.plain),
            line(Author::Agent(agent.clone()), MINUTE, &answered.plain),
        ];
    }
    if plan.number % 3 == 0 {
        let note = supplies.notes[(plan.number % 4) as usize].clone();
        let number = world.draw_item_number();
        entries.push(blank(number, Channel::Comment, Author::Agent(agent.clone()), plan.edited, note));
    }
    let done = matches!(plan.state, TicketState::Closed | TicketState::Archived);
    let (answer, solve) = world.service_level(plan.category, plan.priority);
    let mut custom = Record::new();
    if plan.number % 4 == 0 {
        custom.insert("order".into(), json!([format!("{}", 20_000 + plan.number)]));
    }
    Ticket {
        number: plan.number,
        title: title.clone(),
        channel: plan.channel,
        category: plan.category.to_owned(),
        owner: plan.owner.as_deref().map(str::to_owned),
        contact: Some(contact.clone()),
        address: address.to_string(),
        parent: None,
        merged_into: None,
        state: plan.state,
        priority: plan.priority,
        description: String::new(),
        answer_until: plan.created + answer,
        solve_until: plan.created + solve,
        deadline_by_hand: false,
        level_changed: None,
        reopen: None,
        created: plan.created,
        created_by: None,
        changed: plan.edited,
        changed_by: plan.owner.as_deref().map(str::to_owned),
        last_activity: entries.last().map_or(plan.created, |e| e.at),
        last_by_agent,
        last_by_customer,
        answered: answered_at,
        closed: done.then_some(plan.edited),
        unread: None,
        followers: Vec::new(),
        codes: if done { vec!["solved".to_owned()] } else { Vec::new() },
        tags: Vec::new(),
        custom,
        entries,
    }
}
