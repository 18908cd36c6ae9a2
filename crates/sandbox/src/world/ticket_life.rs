//! Tickets have a life of their own: customers write again, colleagues answer, take, tag and close.
//!
//! On a typical day something happens every half minute; a benchmark may want hundreds of changes a second
//! ([`World::set_ticket_rate`]). The practising agent's own answers are left to the agent.

use super::correspondence::Letter;
use super::entries::Body;
use super::tickets::{NewTicket, Priority, TicketState};
use super::{Channel, Due, Millis, SECOND, World, records::text};

const ASKED: [&str; 6] = [
    "<p>Any news?</p>",
    "<p>Thank you, that helped. One more thing: the invoice number is missing.</p>",
    "<p>Ještě jsem nic nedostal. Můžete to prosím ověřit?</p>",
    "<p>Vielen Dank, nun läuft es wieder.</p>",
    "<p>Tack! När kommer leveransen?</p>",
    "<p>ありがとうございます。届きました。</p>",
];

const ANSWERED: [&str; 4] = [
    "<p>Hello,</p><p>we are looking into it.</p>",
    "<p>Dobrý den,</p><p>prověřujeme to u dopravce.</p>",
    "<p>Guten Tag,</p><p>das Ersatzteil ist unterwegs.</p>",
    "<p>Hej,</p><p>det är fixat nu.</p>",
];

/// How long one step of a fast life is; several things may happen in one.
const STEP: Millis = 20;

impl World {
    /// So many changes of tickets happen in a second; 0: none but those of the scenario.
    pub(crate) fn set_ticket_rate(&mut self, per_second: u32) {
        let was = std::mem::replace(&mut self.ticket_rate, per_second);
        if was == 0 && per_second > 0 {
            let now = self.now();
            self.agenda.add(now + STEP, Due::TicketRate { since: now, done: 0 });
        }
    }

    /// As many changes as the rate asks for since it was set, minus what was done.
    pub(super) fn tickets_hurry(&mut self, since: Millis, done: u64) {
        let (now, rate) = (self.now(), u64::from(self.ticket_rate));
        if rate == 0 {
            return;
        }
        let wanted = u64::try_from(now - since).unwrap_or(0) * rate / 1_000;
        for _ in done..wanted {
            self.something_happens();
        }
        self.agenda.add(now + STEP, Due::TicketRate { since, done: wanted });
    }

    pub(super) fn ticket_day(&mut self) {
        self.something_happens();
        let next = self.now() + self.dice.between(20, 60) * SECOND;
        self.agenda.add(next, Due::TicketDay);
    }

    fn something_happens(&mut self) {
        let colleagues = self.roster.len().clamp(2, 6);
        let index = usize::try_from(self.dice.between(1, colleagues as i64)).unwrap_or(0);
        let Some(colleague) = self.roster.get(index).cloned() else { return };
        let Some(number) = self.some_open_ticket() else { return self.somebody_opens_a_ticket() };
        let owner = self.tickets.get(number).and_then(|t| t.owner.clone());
        let channel = self.tickets.get(number).map_or(Channel::Email, |t| t.channel);
        let others = owner.is_some() && owner.as_ref() != self.roster.first();
        // The ticket is there: it was found a moment ago.
        let _ = match self.dice.between(0, 10) {
            0 => return self.somebody_opens_a_ticket(),
            1..6 => {
                let words: &&str = self.dice.pick(&ASKED);
                let body = Body::in_channel(words, channel);
                self.customer_writes(number, Letter { body, ..Letter::default() }).map(|_| ())
            }
            6..8 if others => {
                let words: &&str = self.dice.pick(&ANSWERED);
                let body = Body::in_channel(words, channel);
                let agent = owner.unwrap_or_default();
                self.agent_replies(&agent, number, Letter { body, ..Letter::default() }).map(|_| ())
            }
            8 if others => self.edit_ticket(number, owner.as_deref(), |t| {
                t.state = TicketState::Closed;
                t.codes = vec!["solved".to_owned()];
            }),
            _ if owner.is_none() => {
                self.edit_ticket(number, Some(&colleague), |t| t.owner = Some(colleague.clone()))
            }
            _ => self.edit_ticket(number, Some(&colleague), |t| {
                if t.tags.iter().any(|tag| tag == "vip") {
                    t.tags.retain(|tag| tag != "vip");
                } else {
                    t.tags.push("vip".to_owned());
                }
            }),
        };
    }

    fn some_open_ticket(&mut self) -> Option<i64> {
        let last = self.tickets.iter().next_back()?.number;
        let from = self.dice.between(1, last + 1);
        let live = |number: &i64| {
            self.tickets
                .get(*number)
                .is_some_and(|t| matches!(t.state, TicketState::Open | TicketState::Waiting))
        };
        (from..=last).chain(1..from).find(live)
    }

    fn somebody_opens_a_ticket(&mut self) {
        let contacts: Vec<(String, String)> = self
            .records
            .list("contacts")
            .filter_map(|c| {
                let address = c.get("custom")?.get("email")?.get(0)?.as_str()?.to_owned();
                Some((text(c, "id").to_owned(), address))
            })
            .collect();
        if contacts.is_empty() {
            return;
        }
        let (contact, address) = self.dice.pick(&contacts).clone();
        let number = self.open_ticket(NewTicket {
            number: None,
            title: "Question about my order".to_owned(),
            channel: Channel::Email,
            category: "categories_support".to_owned(),
            owner: None,
            contact: Some(contact),
            address,
            priority: Priority::Normal,
            by: None,
        });
        let body = Body::html(*self.dice.pick(&ASKED));
        // Made a moment ago.
        let _ = self.customer_writes(number, Letter { body, ..Letter::default() });
    }
}
