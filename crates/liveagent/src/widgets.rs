//! Contact widgets: the buttons and forms on the customer's pages.

use serde_json::Value;
use wire::Error;

use crate::call::{Call, Param, params};
use crate::client::Client;
use crate::loose::{letters, record};
use crate::paging::listing;
use crate::time::AccountTime;

letters! {
    /// What a widget is. (The document has two letters for a contact form.)
    pub enum WidgetType {
        /// A chat button.
        ChatButton = "C",
        /// A contact form.
        ContactForm = "O",
        /// An invitation written in HTML.
        InvitationHtml = "U",
        /// An invitation with a picture.
        InvitationImage = "M",
        /// A chat window.
        ChatWindow = "G",
        /// A contact form in a window.
        ContactFormB = "B",
        /// A search.
        Search = "K",
        /// The knowledge base.
        KnowledgeBase = "W",
        /// A button for suggestions.
        SuggestButton = "S",
        /// A button for calls.
        CallButton = "P",
    }
}

letters! {
    /// When the code of a widget is used.
    pub enum UseCode {
        /// While agents are online.
        Online = "N",
        /// While none are.
        Offline = "F",
        /// Always.
        Both = "B",
    }
}

letters! {
    /// Where a widget stands.
    pub enum WidgetStatus {
        /// Active.
        Active = "A",
        /// Being made.
        Create = "C",
        /// Inactive.
        Inactive = "I",
        /// Offline.
        Offline = "F",
        /// Online.
        Online = "N",
    }
}

record! {
    /// A setting of a widget.
    pub struct WidgetAttribute {
        /// Which one.
        name: String = "name",
        /// The group it belongs to.
        section: Option<String> = "section",
        /// The value.
        value: Option<String> = "value",
    }
}

record! {
    /// A field of a widget's form.
    pub struct WidgetFormField {
        /// The form.
        form: Option<String> = "formid",
        /// Which field.
        code: String = "code",
        /// What it is called.
        name: Option<String> = "name",
        /// What it is for.
        description: Option<String> = "description",
        /// What it takes.
        validator: Option<String> = "validator",
        /// Who sees it.
        visibility: Option<String> = "visibility",
        /// What kind of field it is.
        kind: Option<String> = "rtype",
        /// Where it stands.
        status: Option<String> = "rstatus",
        /// What may be chosen.
        available_values: Option<String> = "availablevalues",
    }
}

record! {
    /// A widget. Its code is HTML for other people's pages.
    pub struct Widget {
        /// Which one.
        id: String = "contactwidgetid",
        /// What it is called.
        name: Option<String> = "name",
        /// What it offers, in letters.
        provide: Option<String> = "provide",
        /// Its department.
        department: Option<String> = "departmentid",
        /// Its knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// What it is.
        kind: Option<WidgetType> = "rtype",
        /// When its code is used.
        use_code: Option<UseCode> = "usecode",
        /// Where it stands.
        status: Option<WidgetStatus> = "status",
        /// What it is for.
        description: Option<String> = "description",
        /// How often it was shown.
        impressions: Option<i64> = "impressions",
        /// How many conversations began there.
        tickets: Option<i64> = "tickets",
        /// Its language.
        language: Option<String> = "language",
        /// When it was shown last.
        last_display_time: Option<AccountTime> = "last_display_time",
        /// Where it was shown last.
        last_display_url: Option<String> = "last_display_url",
        /// Its code while agents are online. Only in the detail, as all that follows.
        online_code: Option<String> = "onlinecode",
        /// The same for Internet Explorer 9 and older.
        online_code_ie: Option<String> = "onlinecode_ieold",
        /// Its code while none are.
        offline_code: Option<String> = "offlinecode",
        /// The same for Internet Explorer 9 and older.
        offline_code_ie: Option<String> = "offlinecode_ieold",
        /// Its style while agents are online.
        online_css: Option<String> = "onlinecode_css",
        /// The same for Internet Explorer 9 and older.
        online_css_ie: Option<String> = "onlinecode_ieold_css",
        /// Its style while none are.
        offline_css: Option<String> = "offlinecode_css",
        /// The same for Internet Explorer 9 and older. (The answer writes the key in capitals, requests do not.)
        offline_css_ie: Option<String> = "offlinecode_ieold_CSS" | "offlinecode_ieold_css",
        /// What a page has to contain.
        integration_code: Option<String> = "integration_code",
        /// Settings.
        attributes: Vec<WidgetAttribute> = "attributes",
        /// The fields of its form.
        form_fields: Vec<WidgetFormField> = "form_fields",
    }
}

listing! {
    /// Which widgets to list.
    #[derive(Default)]
    pub struct Widgets -> Widget ["widgets", "widgets", REPORTS] {
        /// That offer this.
        provide: Option<String> = "provide",
        /// Of this department.
        department: Option<String> = "departmentid",
        /// Of this kind.
        kind: Option<WidgetType> = "rtype",
        /// Whose code is used then.
        use_code: Option<UseCode> = "usecode",
        /// In this state.
        status: Option<WidgetStatus> = "status",
    }
}

/// A list as a form takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Json<T>(pub Vec<T>);

impl<T: crate::Loose> Param for Json<T> {
    fn param(&self) -> Option<String> {
        Some(Value::Array(self.0.iter().map(crate::Loose::write).collect()).to_string())
    }
}

params! {
    /// A widget to make, or the whole of what one is changed to.
    pub struct WidgetForm {
        /// What it is called.
        name: String = "name",
        /// What it offers, in letters.
        provide: String = "provide",
        /// Its department.
        department: String = "departmentid",
        /// What it is.
        kind: WidgetType = "rtype",
        /// When its code is used.
        use_code: UseCode = "usecode",
        /// Where it stands.
        status: WidgetStatus = "status",
        /// Settings.
        attributes: Json<WidgetAttribute> = "attributes",
        /// The fields of its form.
        form_fields: Json<WidgetFormField> = "form_fields",
        /// Its knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// What it is for.
        description: Option<String> = "description",
        /// Its language.
        language: Option<String> = "language",
        /// When it was shown last.
        last_display_time: Option<AccountTime> = "last_display_time",
        /// Where it was shown last.
        last_display_url: Option<String> = "last_display_url",
        /// Its code while agents are online.
        online_code: Option<String> = "onlinecode",
        /// The same for Internet Explorer 9 and older.
        online_code_ie: Option<String> = "onlinecode_ieold",
        /// Its code while none are.
        offline_code: Option<String> = "offlinecode",
        /// The same for Internet Explorer 9 and older.
        offline_code_ie: Option<String> = "offlinecode_ieold",
        /// Its style while agents are online.
        online_css: Option<String> = "onlinecode_css",
        /// The same for Internet Explorer 9 and older.
        online_css_ie: Option<String> = "onlinecode_ieold_css",
        /// Its style while none are.
        offline_css: Option<String> = "offlinecode_css",
        /// The same for Internet Explorer 9 and older.
        offline_css_ie: Option<String> = "offlinecode_ieold_css",
    }
}

impl Client {
    /// One widget, with its code.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn widget(&self, widget: &str) -> Result<Widget, Error> {
        self.one(Call::get(["widgets", widget])).await
    }

    /// Makes a widget and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn widget_add(&self, form: &WidgetForm) -> Result<Widget, Error> {
        self.one(Call::post(["widgets"]).fields(form.pairs())).await
    }

    /// Changes a widget and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn widget_change(&self, widget: &str, form: &WidgetForm) -> Result<Widget, Error> {
        self.one(Call::put(["widgets", widget]).fields(form.pairs())).await
    }
}
