//! Knowledge bases: articles, categories, forums, suggestions.

use wire::Error;

use crate::call::{Call, params};
use crate::client::Client;
use crate::loose::{letters, record};
use crate::paging::{List, listing};
use crate::time::AccountTime;

letters! {
    /// What an entry is.
    pub enum EntryType {
        /// The home page.
        Home = "H",
        /// A category.
        Category = "C",
        /// An article.
        Article = "A",
        /// A forum.
        Forum = "Q",
        /// A topic in a forum.
        Topic = "R",
        /// A category of suggestions.
        SuggestionCategory = "G",
        /// A suggestion.
        Suggestion = "S",
    }
}

letters! {
    /// Where an entry stands.
    pub enum EntryStatus {
        /// New.
        New = "N",
        /// Completed.
        Completed = "C",
        /// Published.
        Published = "P",
        /// A draft.
        Draft = "D",
        /// Being made.
        Init = "I",
        /// In review.
        Review = "U",
        /// Planned.
        Planned = "L",
        /// Started.
        Started = "S",
        /// Declined.
        Declined = "X",
    }
}

letters! {
    /// Who may read an entry.
    pub enum Access {
        /// Agents only.
        Internal = "I",
        /// Everybody.
        Public = "P",
    }
}

record! {
    /// An entry: an article, a category, a forum … Each operation gives a part of the fields.
    pub struct Entry {
        /// Which one.
        id: String = "kb_entry_id",
        /// In which knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// The entry above.
        parent: Option<String> = "parent_entry_id",
        /// What it is.
        kind: Option<EntryType> = "rtype",
        /// Where it stands.
        status: Option<EntryStatus> = "rstatus",
        /// Who may read it.
        access: Option<Access> = "access",
        /// Who may read what is above.
        access_inherited: Option<Access> = "access_inherited",
        /// Its number in the URL.
        url_code: Option<String> = "urlcode",
        /// The entries above it, from the top: `0|7|16`.
        tree_path: Option<String> = "treepath",
        /// Its place among its neighbours.
        order: Option<i64> = "rorder",
        /// Its title; a search marks what was found in it.
        title: Option<String> = "title",
        /// Its title without marks. Only in a search.
        title_clear: Option<String> = "title_clear",
        /// What search engines are told.
        meta_description: Option<String> = "metadescription",
        /// Key words.
        keywords: Option<String> = "keywords",
        /// The content as HTML.
        content: Option<String> = "content",
        /// The content as text.
        content_text: Option<String> = "content_text",
        /// The content as simple HTML.
        content_simple_html: Option<String> = "content_simple_html",
        /// The conversation it came from.
        conversation: Option<String> = "conversationid",
        /// The department it belongs to.
        department: Option<String> = "departmentid",
        /// How often it was read.
        views: Option<i64> = "views",
        /// How many people voted for it.
        votes: Option<i64> = "votes" | "votesCount",
        /// When it was written.
        created: Option<AccountTime> = "datecreated",
        /// When it was changed last.
        changed: Option<AccountTime> = "datechanged",
        /// Whether it was deleted.
        deleted: Option<bool> = "deleted",
        /// What it is about.
        description: Option<String> = "description",
        /// Where everybody reads it; without a scheme. Only in a search.
        url: Option<String> = "url",
    }
}

record! {
    /// A knowledge base.
    pub struct KnowledgeBase {
        /// Which one.
        id: String = "kb_id",
        /// What it is called.
        name: Option<String> = "name",
    }
}

record! {
    /// A category of suggestions.
    pub struct SuggestionCategory {
        /// Which one.
        id: String = "id",
        /// What it is called.
        title: Option<String> = "title",
        /// Where it is, in words.
        path: Option<String> = "path",
    }
}

listing! {
    /// All entries.
    #[derive(Default)]
    pub struct Entries -> Entry ["knowledgebase/entries", "entries", KNOWLEDGE] {
        /// Of this knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// Below this path: `0|23|`.
        tree_path: Option<String> = "tree_path",
        /// Right below this entry.
        parent: Option<String> = "parent_entry_id",
        /// Just this one.
        entry: Option<String> = "entry_id",
        /// That changed after this.
        changed_after: Option<AccountTime> = "date_changed",
    }
}

listing! {
    /// All articles. The document calls this list deprecated: [`Entries`] has more.
    #[derive(Default)]
    pub struct Articles -> Entry ["knowledgebase/articles", "articles", KNOWLEDGE] {
        /// Of this knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// Below this path: `0|23|`.
        tree_path: Option<String> = "tree_path",
        /// Right below this entry.
        parent: Option<String> = "parent_id",
        /// Just this one.
        article: Option<String> = "article_id",
    }
}

listing! {
    /// All knowledge bases.
    #[derive(Default)]
    pub struct KnowledgeBases -> KnowledgeBase ["knowledgebase/knowledgebases", "knowledgebases", KNOWLEDGE] {
    }
}

params! {
    /// What to look for.
    #[derive(Default)]
    pub struct Search {
        /// The words.
        query: String = "query",
        /// In this knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// At and below this entry.
        top: Option<String> = "top_article_id",
        /// How many entries at most: 10 unless said, up to 500.
        limit: Option<u32> = "limit",
    }
}

params! {
    /// An article to write.
    #[derive(Default)]
    pub struct NewArticle {
        /// Its title.
        title: String = "title",
        /// Its content as HTML.
        content: String = "content",
        /// In which knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// Below which entry.
        parent: Option<String> = "parent_entry_id",
        /// Published or a draft.
        status: Option<EntryStatus> = "rstatus",
        /// Who may read it.
        access: Option<Access> = "access",
        /// Its place among its neighbours.
        order: Option<u32> = "rorder",
        /// Key words.
        keywords: Option<String> = "keywords",
        /// Whether the category shows it in full.
        full_preview: Option<bool> = "full_preview",
    }
}

params! {
    /// A category, forum or category of suggestions to make.
    #[derive(Default)]
    pub struct NewCategory {
        /// Its title.
        title: String = "title",
        /// In which knowledge base.
        knowledge_base: Option<String> = "kb_id",
        /// Below which entry.
        parent: Option<String> = "parent_entry_id",
        /// What it is; a category unless said.
        kind: Option<EntryType> = "rtype",
        /// Who may read it.
        access: Option<Access> = "access",
        /// Its place among its neighbours.
        order: Option<u32> = "rorder",
        /// Key words.
        keywords: Option<String> = "keywords",
        /// The department it belongs to.
        department: Option<String> = "departmentid",
        /// What it is about.
        description: Option<String> = "description",
    }
}

impl Client {
    /// Looks for words in a knowledge base.
    ///
    /// # Errors
    /// As every request.
    pub async fn knowledge_search(&self, search: &Search) -> Result<List<Entry>, Error> {
        let mut call = Call::get(["knowledgebase", "search"]);
        call.query = search.pairs();
        self.rows(call, "entries").await
    }

    /// Writes an article and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn article_add(&self, new: &NewArticle) -> Result<Entry, Error> {
        self.one(Call::post(["knowledgebase", "articles"]).fields(new.pairs())).await
    }

    /// Makes a category and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn category_add(&self, new: &NewCategory) -> Result<Entry, Error> {
        self.one(Call::post(["knowledgebase", "categories"]).fields(new.pairs())).await
    }

    /// Deletes an entry. With a category goes all that is below it, and nothing brings it back.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn entry_delete(&self, entry: &str) -> Result<(), Error> {
        self.done(Call::delete(["knowledgebase", "entries", entry])).await
    }

    /// All categories of suggestions.
    ///
    /// # Errors
    /// As every request.
    pub async fn suggestion_categories(&self) -> Result<List<SuggestionCategory>, Error> {
        self.rows(Call::get(["suggestioncategories"]), "suggestioncategories").await
    }
}
