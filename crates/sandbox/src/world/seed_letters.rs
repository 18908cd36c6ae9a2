//! Letters that a careless reader stumbles over: with script in them, with pictures that tell the sender that they were
//! seen, with nothing in them, far too long, or of dates that no calendar has. One ticket each.
//!
//! `{trap}` stands for an address of the control interface that counts who fetched it ([`World::furnish_letters`]): a test
//! that shows such a letter looks there afterwards.

use super::correspondence::Letter;
use super::entries::Body;
use super::tickets::{NewTicket, Priority, TicketState};
use super::{Attachment, Channel, DAY, Millis, World, seed_tickets};
use bytes::Bytes;

/// Every way to run script or fetch something that a mail reader has ever fallen for, in one letter.
const ACTIVE: &str = r##"<html><head><meta http-equiv="refresh" content="0;url={trap}refresh"><base href="{trap}base/">
<link rel="stylesheet" href="{trap}style"><style>@import url({trap}import); @font-face{font-family:x;src:url({trap}font)}
body{background:url({trap}background)} p{font-family:x}</style><title>Offer</title></head>
<body onload="fetch('{trap}onload')" background="{trap}body">
<p>Good day, here is our <b>special offer</b>.</p>
<script>fetch('{trap}script');document.title='owned'</script>
<img src="{trap}img" srcset="{trap}srcset 2x" onerror="fetch('{trap}onerror')" alt="Picture">
<img src=x onerror="new Image().src='{trap}broken'"><svg onload="fetch('{trap}svg')"><image href="{trap}svgimage"/></svg>
<iframe src="{trap}iframe"></iframe><object data="{trap}object"></object><embed src="{trap}embed">
<video src="{trap}video" poster="{trap}poster" autoplay></video><audio src="{trap}audio" autoplay></audio>
<form action="{trap}form"><input name="password" type="password" autofocus onfocus="fetch('{trap}focus')"><button>Sign in</button></form>
<a href="javascript:fetch('{trap}javascript')">Click here</a> <a href="data:text/html,<script>fetch('{trap}data')</script>">or here</a>
<math><mtext><table><mglyph><style><img src onerror="fetch('{trap}mglyph')"></style></mglyph></table></mtext></math>
<div style="position:fixed;inset:0;background:url({trap}fixed)">cover</div><p>The offer ends today.</p></body></html>"##;

const NEWSLETTER: &str = r#"<!DOCTYPE html><html><body style="margin:0"><table width="600" cellpadding="0" cellspacing="0" align="center">
<tr><td><img src="{trap}banner" width="600" height="120" alt="Summer at Nordljus"></td></tr>
<tr><td style="padding:16px;font-family:Georgia,serif"><h1 style="color:#1565c0">Summer at Nordljus</h1>
<p>Chairs from 49&nbsp;€, lamps from 29&nbsp;€.</p><p><a href="https://shop.example/summer?utm_source=mail">See everything</a> ·
<a href="mailto:hello@shop.example?subject=Stop">Unsubscribe</a> · <a href="tel:+442079460155">020 7946 0155</a></p></td></tr></table>
<img src="{trap}open?who=ida" width="1" height="1" alt=""></body></html>"#;

const PICTURES: &str = r#"<p>Dobrý den, posílám fotografii poškození:</p><p><img src="cid:damage@offhook.example" alt="Poškození"></p>
<p>A tento obrázek chybí: <img src="cid:missing@offhook.example" alt="nic"></p><p>S pozdravem<br>Eva</p>"#;

const QUOTED: &str = r#"<div dir="ltr">Yes, Thursday is fine. Please call before: +1 202-555-0119.</div><br>
<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 at 10:15, Offhook Practice &lt;<a href="mailto:hello@offhook.example">hello@offhook.example</a>&gt; wrote:<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"><p>Would Thursday suit you?</p>
<blockquote type="cite"><p>Am 1. März 2026 schrieb Jürgen Weißmüller:</p><p>Wann kommt der Techniker?</p></blockquote></blockquote></div>"#;

const LINKS: &str = r#"<p>Your account is locked. Unlock it here: <a href="http://203.0.113.9/login?u=ida">https://bank.example/login</a></p>
<p><a href="https://xn--pypal-4ve.example">https://раypal.example</a> · <a href="ftp://files.example/x">ftp</a> · <a href="file:///etc/passwd">file</a> ·
<a href="https://user:secret@shop.example/">user in link</a> · <a href="//shop.example/a">no scheme</a> · <a href="sms:+12025550143">text us</a></p>"#;

/// What somebody's mail program called HTML.
const NO_HTML: &str = "Dear sir < 3 \u{0} & if a<b and b>c then <<<<< \u{FFFD}\u{202E}gnp.exe \n\n--\nsent from my toaster </html></body><p";

const DIRECTIONS: &str = "<p>שלום, <b>הזמנה 20417</b> לא הגיעה. phone +97220000123 ‏</p><p dir=\"auto\">مرحبًا 👩‍👩‍👧‍👦 z̷̢̛a̶l̸g̵o̶ \u{200B}\u{202E}txt.exe\u{202C}</p>";

/// A red dot of one pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 0x0C, 0x49, 0x44, 0x41, 0x54, 8, 0xD7, 0x63, 0xF8,
    0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0x18, 0xDD, 0x8D, 0xB0, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42,
    0x60, 0x82,
];

impl World {
    /// Adds the careless reader's letters, and as many ordinary tickets that there are `wanted` in all. `control` is the
    /// control interface's base address.
    pub(crate) fn furnish_letters(&mut self, control: &str, wanted: usize) {
        let trap = format!("{control}/pixel?");
        let set = |text: &str| text.replace("{trap}", &trap);
        let long: String = (1..=4_000)
            .map(|n| format!("<p>{n}. The line went down again at night, as I wrote before.</p>"))
            .collect();
        let letters = [
            ("A special offer for you", set(ACTIVE)),
            ("Summer at Nordljus", set(NEWSLETTER)),
            ("Fotografie poškození", PICTURES.to_owned()),
            ("Re: Re: Re: Termin", QUOTED.to_owned()),
            ("Every night, in detail", long),
            ("(no subject)", String::new()),
            ("Not HTML at all", NO_HTML.to_owned()),
            ("Of another time", "<p>This letter is older than our database.</p>".to_owned()),
            ("עברית والعربية", DIRECTIONS.to_owned()),
            ("Account locked", LINKS.to_owned()),
        ];
        let last = self.tickets.len();
        for (index, (title, html)) in letters.into_iter().enumerate() {
            let contact = format!("contacts_{:04}", index * 3 + 1);
            let number = self.open_ticket(NewTicket {
                number: None,
                title: title.to_owned(),
                channel: Channel::Email,
                category: "categories_support".to_owned(),
                owner: Some(self.roster[0].clone()),
                contact: Some(contact),
                address: format!("letter{}@example.com", last + index + 1),
                priority: Priority::Normal,
                by: None,
            });
            let files = if title == "Fotografie poškození" { self.photographs() } else { Vec::new() };
            let letter = Letter { body: Body::html(html), files, ..Letter::default() };
            // Made a moment ago.
            let _ = self.customer_writes(number, letter);
            let age = DAY + Millis::try_from(index).unwrap_or(0) * DAY;
            self.tickets.age(number, age);
        }
        let odd = i64::try_from(last).unwrap_or(0) + 8;
        let _ = self.edit_ticket(odd, None, |t| {
            t.last_by_agent = Some(0);
            t.answered = Some(Millis::MAX);
            t.state = TicketState::Open;
        });
        seed_tickets::many(self, wanted);
    }

    /// One shown inside the letter, one hanging on it, and one with a name that wants to get out of its folder.
    fn photographs(&mut self) -> Vec<Attachment> {
        let now = self.now();
        let mut put = |title: &str, mime: &str, bytes: &'static [u8]| {
            self.files.put(title, mime, Bytes::from_static(bytes), now).attachment()
        };
        let mut inline = put("damage.png", "image/png", PNG);
        inline.cid = Some("damage@offhook.example".to_owned());
        let text = b"not an image".as_slice();
        vec![
            inline,
            put("fotografie poškození.png", "image/png", PNG),
            put("../../start\u{202E}gnp.bat", "application/octet-stream", text),
        ]
    }
}
