//! What the platform says when it refuses, in English and Czech.

use crate::world::Refusal;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Language {
    English,
    Czech,
}

impl Language {
    /// From `cs_CZ`, `de` …; what we cannot speak becomes English.
    pub(super) fn of(tag: Option<&str>) -> Self {
        if tag.is_some_and(|t| t.to_lowercase().starts_with("cs")) { Self::Czech } else { Self::English }
    }

    fn say(self, english: &'static str, czech: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Czech => czech,
        }
    }

    pub(super) fn required(self) -> &'static str {
        self.say("Entry is required", "Položka je povinná")
    }

    pub(super) fn foreign_key(self) -> &'static str {
        self.say("Foreign key error", "Chyba cizího klíče")
    }

    pub(super) fn bad_value(self) -> &'static str {
        self.say("Value is not allowed", "Hodnota není povolena")
    }

    pub(super) fn bad_email(self) -> &'static str {
        self.say("E-mail does not have a valid format", "E-mail není ve správném formátu")
    }

    pub(super) fn name_taken(self) -> &'static str {
        self.say("Name is already used", "Název je již použit")
    }

    pub(super) fn no_right(self) -> &'static str {
        self.say("You have no right to do this", "K tomuto nemáte právo")
    }

    pub(super) fn no_password_login(self) -> &'static str {
        self.say("Sign in with a password is not allowed", "Přihlášení heslem není povoleno")
    }

    /// The first three are the vendor's own words; the others are ours.
    pub(super) fn refusal(self, refusal: &Refusal) -> String {
        let text = match refusal {
            Refusal::QueuesNeedDevice => self.say(
                "User is logged in to queues which require at least one device",
                "Uživatel je přihlášen ve frontách, které vyžadují alespoň jedno zařízení",
            ),
            Refusal::NoDevice => {
                self.say("User have not available devices", "Uživatel nemá dostupná zařízení")
            }
            Refusal::NoSuchActivity => self.say("Object not exist", "Objekt neexistuje"),
            Refusal::NoSuchAgent => self.say("User does not exist", "Uživatel neexistuje"),
            Refusal::NoSuchPause => self.say("Pause does not exist", "Pauza neexistuje"),
            Refusal::NoSuchQueue => self.say("Queue does not exist", "Fronta neexistuje"),
            Refusal::NoSuchDevice => self.say("Device is not available", "Zařízení není dostupné"),
            Refusal::QueueForbidden => {
                self.say("User has no right to this queue", "Uživatel nemá právo k této frontě")
            }
            Refusal::NotReady => self.say("User is not ready", "Uživatel není připraven"),
            Refusal::WhichDevice => self.say("Choose a device", "Vyberte zařízení"),
            Refusal::NoOutgoingQueue => self.say(
                "User is not logged in to any outgoing queue",
                "Uživatel není přihlášen v žádné odchozí frontě",
            ),
            Refusal::NumberUnusable => self.say("Number cannot be dialled", "Číslo nelze vytočit"),
            Refusal::NotYours => {
                self.say("Activity belongs to another user", "Aktivita patří jinému uživateli")
            }
            Refusal::AlreadyTaken => {
                self.say("Activity was accepted by another user", "Aktivitu přijal jiný uživatel")
            }
            Refusal::NotRinging => self.say("Activity does not ring any more", "Aktivita již nezvoní"),
            Refusal::CallInProgress => self.say("Call is in progress", "Hovor probíhá"),
            Refusal::NoLine => self.say("Channel does not exist", "Kanál neexistuje"),
            Refusal::AlreadyClosed => self.say("Activity is closed", "Aktivita je uzavřena"),
            Refusal::CodeRequired => self.say("Status is required", "Status je povinný"),
            Refusal::OnlyOneCode => self.say("Only one status is allowed", "Je povolen pouze jeden status"),
            Refusal::NoSuchTicket => self.say("Ticket does not exist", "Tiket neexistuje"),
            Refusal::NoSuchCategory => self.say("Category does not exist", "Kategorie neexistuje"),
            Refusal::NoSuchCode(_) => self.say("Status does not exist", "Status neexistuje"),
        };
        text.to_owned()
    }
}
