//! Texts that the platform keeps for answers.

use daktela::models::{Template as Wire, TemplateFormat, TemplateUse};
use daktela::{LARGEST_PAGE, Query};
use model::{Insert, Problem, Template};
use wire::Error;

use super::super::Daktela;

impl Daktela {
    /// Texts that are kept for answers, for e-mails first.
    pub(super) async fn answer_templates(&self) -> Result<Vec<Template>, Problem> {
        let uses = [TemplateUse::Email, TemplateUse::Sms];
        let query = Query::new()
            .filter(Wire::FIELDS.usingtype.is_in(uses.iter().map(TemplateUse::as_str)))
            .sort(&Wire::FIELDS.usingtype)
            .sort(&Wire::FIELDS.title)
            .take(LARGEST_PAGE);
        match self.signed(|| self.client.list::<Wire>(&query)).await {
            Ok(list) => Ok(list.rows.into_iter().map(template).collect()),
            Err(Error::Forbidden | Error::NotFound) => Ok(Vec::new()),
            Err(error) => Err(self.problem(&error)),
        }
    }

    /// The words of a template. Which signs in it stand for something of the ticket is not documented, so they stay.
    pub(super) async fn answer_template(&self, name: String) -> Result<Insert, Problem> {
        let template = self.fresh::<Wire>(&name).await.map_err(|error| self.problem(&error))?;
        let content = template.content.unwrap_or_default();
        let is_plain = template.format == Some(TemplateFormat::Plain);
        let text = if is_plain { content } else { letter::text(letter::Source::Html(&content)) };
        Ok(Insert { subject: template.subject.filter(|subject| !subject.trim().is_empty()), text })
    }
}

fn template(template: Wire) -> Template {
    Template {
        title: template.title.unwrap_or_else(|| template.name.clone()),
        group: template.usingtype.map(|usage| usage.as_str().to_owned()).unwrap_or_default(),
        id: template.name,
    }
}
