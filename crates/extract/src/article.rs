//! The way of one article through the engine.

use std::borrow::Cow;
use std::fmt::Write as _;

use dateline_model::{Article, ArticleRef, Field, ids};
use dateline_text::{html_text, is_english};

use crate::document::Document;
use crate::entity::Entities;
use crate::frame::frames;
use crate::visit::Reader;
use crate::{Context, Engine, Extraction, SkipClass, Step, assemble, event};

impl Engine {
    /// Reads one article. The result depends on the article, the context, the rules and the gazetteer alone.
    pub fn extract(&self, article: &Article, context: &Context) -> Extraction {
        self.extract_watched(article, context, &mut |_| ())
    }

    /// The same; `after` is told each step when it is done, so that one sees what takes the time. A step of sentences
    /// is done once for each.
    pub fn extract_watched(&self, article: &Article, context: &Context, after: &mut dyn FnMut(Step)) -> Extraction {
        let (field, text) = main_text(article);
        if !article.has_text() {
            let class =
                if article.url.is_some() && article.body.is_none() { SkipClass::NoText } else { SkipClass::Empty };
            return Extraction::skipped(article, context, class);
        }
        let sample = if text.trim().is_empty() { article.title.as_deref().unwrap_or("") } else { &text };
        if !is_english(sample) {
            return Extraction::skipped(article, context, SkipClass::Language);
        }
        after(Step::Language);
        let doc = Document::read(self, article, field, &text, context.anchor, after);
        let entities = Entities::read(self, &doc);
        let reader = Reader::new(self, &doc, &entities);
        after(Step::Entities);
        let frames = frames(self, &doc);
        after(Step::Rules);
        let drafts = assemble::visits(&reader, &frames);
        let foremost = drafts.iter().map(|d| d.weight).max().unwrap_or(0);
        let visits = drafts.iter().map(|d| reader.visit(d, !d.background && d.weight == foremost)).collect();
        after(Step::Visits);
        let events = event::events(&reader, &frames, &drafts);
        after(Step::Events);
        Extraction {
            article: ArticleRef {
                id: article.id.clone(),
                version: context.version,
                url: article.url.clone(),
                source: article.source.clone(),
                title: article.title.clone(),
                published_at: article.published_at.clone(),
                as_of: doc.as_of_date(),
                language: Some("en".to_owned()),
                content_hash: ids::content_hash(article.title.as_deref().unwrap_or(""), &text),
                sketch: None,
            },
            skipped: None,
            visits,
            events,
            rules_version: self.rules_version().to_owned(),
            gazetteer_version: self.gazetteer_version().to_owned(),
        }
    }

    /// The chunks and clauses of an article in readable form, for those who write rules.
    pub fn describe(&self, article: &Article) -> String {
        let (field, text) = main_text(article);
        let doc = Document::read(self, article, field, &text, None, &mut |_| ());
        let mut out = String::new();
        for (s, sentence) in doc.sentences.iter().enumerate() {
            let show = |c: &usize| {
                let chunk = &sentence.chunks[*c];
                format!("[{} {}]", self.lexicon.name_of(chunk.sym), doc.slice(s, chunk.tokens))
            };
            let all: Vec<usize> = (0..sentence.chunks.len()).collect();
            let _ = writeln!(out, "{}", all.iter().map(show).collect::<Vec<_>>().join(" "));
            for clause in &sentence.clauses {
                let _ = writeln!(
                    out,
                    "    {:?}{} {}",
                    clause.link,
                    if clause.passive { " passive" } else { "" },
                    clause.chunks.iter().map(show).collect::<Vec<_>>().join(" ")
                );
            }
        }
        for f in frames(self, &doc) {
            let _ = writeln!(
                out,
                "{} in sentence {} clause {:?}: {:?}",
                self.rule(f.rule).name,
                f.sentence,
                f.clause,
                f.slots
            );
        }
        out
    }
}

/// The text that is read, and the field that its offsets count in: the body, else what html says.
pub(crate) fn main_text(article: &Article) -> (Field, Cow<'_, str>) {
    match (&article.body, &article.html) {
        (Some(body), _) => (Field::Body, Cow::Borrowed(body)),
        (None, Some(html)) => (Field::HtmlText, Cow::Owned(html_text(html))),
        (None, None) => (Field::Body, Cow::Borrowed("")),
    }
}
