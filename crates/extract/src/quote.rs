//! Evidence: from tokens to exact slices of the article as received.

use dateline_model::Evidence;

use crate::chunk::Tokens;
use crate::document::Document;

/// Places that stand behind one value: the first ones. A text that says the same a thousand times has no more evidence.
const MOST: usize = 32;

/// Collects the evidence of one mention.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quotes {
    list: Vec<(String, usize, Tokens, String)>,
    dateline: Vec<(String, String)>,
}

impl Quotes {
    /// The tokens of a sentence stand behind a value.
    pub(crate) fn add(&mut self, path: &str, at: (usize, Tokens), rule: &str) {
        if at.1.0 >= at.1.1 {
            return;
        }
        let mut behind = 0;
        for (_, s, t, r) in self.list.iter().filter(|(p, ..)| p == path) {
            behind += 1;
            if behind == MOST || (*s == at.0 && *t == at.1 && r == rule) {
                return;
            }
        }
        self.list.push((path.to_owned(), at.0, at.1, rule.to_owned()));
    }

    /// A relative date, or "here", was read against the dateline.
    pub(crate) fn add_dateline(&mut self, path: &str, rule: &str) {
        if !self.dateline.iter().any(|(p, _)| p == path) {
            self.dateline.push((path.to_owned(), rule.to_owned()));
        }
    }

    /// Takes over what another mention of the same thing has.
    pub(crate) fn append(&mut self, other: Self, keep: impl Fn(&str) -> bool) {
        for (path, sentence, tokens, rule) in other.list {
            if keep(&path) {
                self.add(&path, (sentence, tokens), &rule);
            }
        }
        for (path, rule) in other.dateline {
            if keep(&path) {
                self.add_dateline(&path, &rule);
            }
        }
    }

    /// Takes over the evidence under one path as evidence under another.
    pub(crate) fn take(&mut self, other: &Self, from: &str, to: &str) {
        for (path, sentence, tokens, rule) in &other.list {
            if let Some(rest) = path.strip_prefix(from) {
                self.add(&format!("{to}{rest}"), (*sentence, *tokens), rule);
            }
        }
        for (path, rule) in &other.dateline {
            if let Some(rest) = path.strip_prefix(from) {
                self.add_dateline(&format!("{to}{rest}"), rule);
            }
        }
    }

    /// True when a value has evidence.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.list.iter().any(|(p, ..)| p == path) || self.dateline.iter().any(|(p, _)| p == path)
    }

    /// True when a rule stands behind a value.
    pub(crate) fn by_rule(&self, path: &str, rule: &str) -> bool {
        self.list.iter().any(|(p, _, _, r)| p == path && r == rule)
    }

    /// Drops the evidence of a value that is given up.
    pub(crate) fn drop_path(&mut self, path: &str) {
        self.list.retain(|(p, ..)| p != path);
        self.dateline.retain(|(p, _)| p != path);
    }

    /// Exact slices, by path and place.
    pub(crate) fn finish(&self, doc: &Document<'_>) -> Vec<Evidence> {
        let mut out: Vec<Evidence> = self
            .list
            .iter()
            .filter_map(|(path, sentence, tokens, rule)| {
                slice(doc, doc.sentences.get(*sentence)?.part, *tokens, path, rule)
            })
            .collect();
        out.extend(self.dateline.iter().filter_map(|(path, rule)| {
            let date = doc.dateline.date.as_ref().map(|(_, tokens)| *tokens);
            let place = doc.dateline.place.as_ref().map(|(_, tokens)| *tokens);
            let of_place = path.starts_with("destination.") || path.starts_with("place.");
            let tokens = if of_place { place } else { date };
            slice(doc, doc.body, tokens?, path, rule)
        }));
        out.sort_by(|a, b| (&a.path, a.field, a.start, a.end).cmp(&(&b.path, b.field, b.start, b.end)));
        out
    }
}

pub(crate) fn slice(doc: &Document<'_>, part: usize, tokens: Tokens, path: &str, rule: &str) -> Option<Evidence> {
    let part = doc.parts.get(part)?;
    let (first, last) = (part.tokens.get(tokens.0 as usize)?, part.tokens.get((tokens.1 as usize).checked_sub(1)?)?);
    let text = part.text.get(first.start as usize..last.end as usize)?;
    Some(Evidence {
        path: path.to_owned(),
        field: part.field,
        start: part.offsets.at(first.start),
        end: part.offsets.at(last.end),
        text: text.to_owned(),
        rule: rule.to_owned(),
    })
}
