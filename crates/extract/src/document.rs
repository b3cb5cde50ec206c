//! An article taken apart: parts, sentences, chunks, clauses.

use std::borrow::Cow;
use std::cell::OnceCell;

use chrono::NaiveDate;
use dateline_gazetteer::Day;
use dateline_model::{Article, Field, PartialDate};

use crate::chunk::{Chunk, Chunker, Kind};
use crate::clause::{Clause, clauses};
use crate::dateline::{self, Dateline};
use crate::marks;
use crate::merge::merge;
use crate::part::Part;
use crate::registry::Registry;
use crate::time::TimeExpr;
use crate::{Engine, Stage, Step};

/// A sentence with what was found in it.
pub(crate) struct Sentence {
    /// Index of its part.
    pub part: usize,
    pub chunks: Vec<Chunk>,
    pub times: Vec<TimeExpr>,
    pub clauses: Vec<Clause>,
}

/// An article taken apart.
pub(crate) struct Document<'a> {
    /// The title first where there is one, then the text.
    pub parts: Vec<Part<'a>>,
    pub dateline: Dateline,
    /// The part that the dateline stands in.
    pub body: usize,
    pub sentences: Vec<Sentence>,
    /// The day that the article speaks from.
    pub as_of: Option<NaiveDate>,
    /// The same as the gazetteer counts, or a day of the present when unknown.
    pub day: Option<Day>,
    /// Whether it is one of sports, once that was asked.
    sports: OnceCell<bool>,
}

impl<'a> Document<'a> {
    /// Reads title and text (`field` says whether it is body or html text).
    pub(crate) fn read(
        engine: &Engine,
        article: &'a Article,
        field: Field,
        text: &'a str,
        anchor: Option<NaiveDate>,
        after: &mut dyn FnMut(Step),
    ) -> Self {
        let mut parts = vec![];
        if let Some(title) = article.title.as_deref().filter(|t| !t.trim().is_empty() && engine.runs(Stage::Title)) {
            parts.push(Part::new(Field::Title, title, &engine.vocabulary));
        }
        parts.push(Part::new(field, text, &engine.vocabulary));
        after(Step::Words);
        let body = parts.len() - 1;
        let published = article.published_at.as_ref().map(dateline_model::Timestamp::date).or(anchor);
        let dateline = dateline::read(engine, &parts[body], published);
        let as_of = dateline.date.map(|(d, _)| d).or(published);
        let day = as_of.and_then(to_day);
        let mut registry = Registry::default();
        let mut sentences = vec![];
        // The text first: a headline in capitals is read with the names of the text.
        for index in (0..parts.len()).rev() {
            let skip = if index == body { dateline.end } else { 0 };
            let mut own = read_part(engine, &parts[index], index, skip, &mut registry, after);
            own.append(&mut sentences);
            sentences = own;
        }
        Self { parts, dateline, body, sentences, as_of, day, sports: OnceCell::new() }
    }

    /// The as-of day as a date of the model.
    pub(crate) fn as_of_date(&self) -> Option<PartialDate> {
        self.as_of.map(PartialDate::Day)
    }

    /// Two words of sports stand in it.
    pub(crate) fn is_sports(&self) -> bool {
        *self.sports.get_or_init(|| {
            let words = |p: &Part<'_>| (0..p.tokens.len()).filter(|i| p.is(*i, marks::ONE_SPORT)).count();
            self.parts.iter().map(words).sum::<usize>() > 1
        })
    }

    /// The part of a sentence.
    pub(crate) fn part_of(&self, sentence: usize) -> &Part<'a> {
        &self.parts[self.sentences[sentence].part]
    }

    /// Text of tokens in a sentence's part.
    pub(crate) fn slice(&self, sentence: usize, tokens: (u32, u32)) -> &'a str {
        self.part_of(sentence).slice(tokens.0 as usize, tokens.1 as usize)
    }

    /// The same in small letters.
    pub(crate) fn lower(&self, sentence: usize, tokens: (u32, u32)) -> Cow<'_, str> {
        self.part_of(sentence).lower_slice(tokens.0 as usize, tokens.1 as usize)
    }
}

fn read_part(
    engine: &Engine,
    part: &Part<'_>,
    index: usize,
    skip: usize,
    registry: &mut Registry,
    after: &mut dyn FnMut(Step),
) -> Vec<Sentence> {
    let mut out = Vec::with_capacity(part.sentences.len());
    for s in &part.sentences {
        let start = s.tokens.start.max(skip);
        if start >= s.tokens.end {
            continue;
        }
        let mut found = Chunker::chunks(engine, part, registry, start, s.tokens.end);
        merge(engine, &mut found.chunks);
        for c in &found.chunks {
            if let Kind::Person(p) = &c.kind
                && let Some(name) = p.name
                && (!p.weak || name.1 > name.0 + 1)
            {
                registry.learn(part.slice(name.0 as usize, name.1 as usize));
            }
        }
        after(Step::Chunks);
        let clauses = clauses(engine, &found.chunks);
        after(Step::Clauses);
        out.push(Sentence { part: index, chunks: found.chunks, times: found.times, clauses });
    }
    out
}

/// A calendar day as the gazetteer counts it.
pub(crate) fn to_day(d: NaiveDate) -> Option<Day> {
    use chrono::Datelike as _;
    Some(Day::new(u16::try_from(d.year()).ok()?, d.month() as u8, d.day() as u8))
}
