//! Files of activities: which there are, which of them are pictures inside a text, and their bytes.

use daktela::models::{Activity, Attachment as File, Item};
use model::{Attachment, Problem, ProblemCode};

use super::super::super::{FileBytes, Inline, RawBody};
use super::super::Daktela;
use super::{inferred, timeline};

/// The pictures in the text of an activity, and its other files.
pub(super) fn of(activity: &Activity, body: &RawBody) -> (Vec<Inline>, Vec<Attachment>) {
    let of_item: &[File] = match &activity.item {
        Some(Item::Email(email)) => &email.attachments,
        Some(Item::Web(web)) => &web.attachments,
        Some(Item::Fbm(message)) => &message.attachments,
        Some(Item::Igdm(message)) => &message.attachments,
        Some(Item::Wap(message)) => &message.attachments,
        Some(Item::Vbr(message)) => &message.attachments,
        _ => &[],
    };
    let text = match body {
        RawBody::Html(html) => html.as_str(),
        RawBody::Text(_) => "",
    };
    let own = own_addresses(text);
    let (mut inline, mut files) = (Vec::new(), Vec::new());
    let all = of_item.iter().chain(&activity.attachments);
    for file in all {
        let shown = timeline::attachment(file, inferred::mapper(activity.kind.as_ref()));
        let cid = file.cid.as_deref().map(|cid| cid.trim_matches(['<', '>'])).filter(|cid| !cid.is_empty());
        let mut in_text = false;
        if let Some(cid) = cid.filter(|cid| text.contains(*cid)) {
            inline.push(timeline::picture(cid, shown.clone()));
            in_text = true;
        }
        for (address, _) in own.iter().filter(|(_, name)| *name == file.name) {
            inline.push(timeline::picture(address, shown.clone()));
            in_text = true;
        }
        // A picture that the text does not show is a file like any other.
        if !in_text {
            files.push(shown);
        }
    }
    (inline, files)
}

/// Files that hang on something that is not an activity of its own.
pub(super) fn listed(files: &[File], mapper: &str) -> Vec<Attachment> {
    files.iter().map(|file| timeline::attachment(file, mapper)).collect()
}

/// Addresses in a text that lead to files of the server itself, with the names of the files.
fn own_addresses(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in html.match_indices(inferred::DOWNLOAD) {
        let (before, behind) = html.split_at(at);
        let is_edge = |c: char| matches!(c, '"' | '\'' | '<' | '>' | '(' | ')') || c.is_whitespace();
        let begin = before
            .rfind(is_edge)
            .map_or(0, |edge| edge + before[edge..].chars().next().map_or(1, char::len_utf8));
        let end = behind.find(is_edge).unwrap_or(behind.len());
        let address = format!("{}{}", &before[begin..], &behind[..end]).replace("&amp;", "&");
        let query = address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        if let Some(name) = query.split('&').find_map(|pair| pair.strip_prefix("name=")) {
            found.push((address.clone(), name.to_owned()));
        }
    }
    found
}

impl Daktela {
    /// Reads a file by the name that [`timeline::attachment`] gave it.
    pub(super) async fn read_file(&self, file: String, most: u64) -> Result<FileBytes, Problem> {
        let known = file.split_once('/').filter(|(mapper, _)| inferred::MAPPERS.contains(mapper));
        let Some((mapper, name)) = known else { return Err(Problem::new(ProblemCode::Gone)) };
        let read = self.signed(|| self.client.download(mapper, name, most)).await;
        read.map(|(bytes, mime)| FileBytes { bytes, mime }).map_err(|error| self.problem(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_servers_own_files_are_found() {
        let html = "<p>ž<img src=\"/file/download.php?mapper=activitiesEmail&amp;name=660\"> \
            <img src='https://acme.example/file/download.php?name=7&download=1'></p> file/download.php";
        assert_eq!(
            own_addresses(html),
            [
                ("/file/download.php?mapper=activitiesEmail&name=660".to_owned(), "660".to_owned()),
                ("https://acme.example/file/download.php?name=7&download=1".to_owned(), "7".to_owned()),
            ]
        );
    }
}
