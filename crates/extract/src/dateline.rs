//! Datelines: "BEIJING, Nov. 4, 2005 (Xinhua) -- ...".

use chrono::NaiveDate;
use dateline_gazetteer::Kind as Gaz;
use dateline_text::TokenKind;

use crate::Engine;
use crate::chunk::{PlaceNp, Tokens};
use crate::part::Part;
use crate::time::{self, Tense};
use crate::vocabulary::Entry;

/// What the head of a text says of where and when it was written.
#[derive(Debug, Default)]
pub(crate) struct Dateline {
    /// First token behind it.
    pub end: usize,
    pub place: Option<(PlaceNp, Tokens)>,
    pub date: Option<(NaiveDate, Tokens)>,
}

/// Longest remark in front of a dateline, in tokens.
const REMARK: usize = 60;
const LONGEST: usize = 24;

/// Reads the dateline at the head of a body; `published` completes a date without year.
pub(crate) fn read(engine: &Engine, part: &Part<'_>, published: Option<NaiveDate>) -> Dateline {
    let mut out = Dateline::default();
    let from = remark(part);
    let Some(end) = terminator(part, from) else { return out };
    let mut at = from;
    while at < end {
        let mut cities: Vec<u32> = vec![];
        let mut other = None;
        let mut longest = at;
        for m in part.matches_at(at) {
            let to = m.end as usize;
            let Entry::Gaz(e, _) = m.entry else { continue };
            if to < longest || to > end {
                continue;
            }
            match e.kind {
                Gaz::City => cities.push(e.index),
                Gaz::Country => other = Some(PlaceNp::Country(e.index)),
                Gaz::Region => other = other.or(Some(PlaceNp::Region(e.index))),
                Gaz::Venue => other = other.or(Some(PlaceNp::Venue(e.index))),
                Gaz::Organisation if engine.gazetteer.organisation(e.index).id.as_ref() as &str == "UN" => {
                    // UNITED NATIONS: its headquarters
                    other = engine.gazetteer.organisation(e.index).city.map(|c| PlaceNp::Cities(vec![c]));
                }
                _ => continue,
            }
            longest = to;
        }
        if longest > at {
            let span = (at as u32, longest as u32);
            let country = match &other {
                Some(PlaceNp::Country(c)) => Some(*c),
                Some(PlaceNp::Region(r)) => Some(engine.gazetteer.region(*r).country),
                _ => None,
            };
            // "BKERKE, Lebanon", "SINGAPORE": a country's name is no town of that name elsewhere
            if let Some(c) = country {
                cities.retain(|k| engine.gazetteer.city(*k).country == c);
            }
            match (&mut out.place, country) {
                (Some((PlaceNp::Cities(known), _)), Some(c)) => {
                    let inside: Vec<u32> =
                        known.iter().copied().filter(|k| engine.gazetteer.city(*k).country == c).collect();
                    if !inside.is_empty() {
                        *known = inside;
                    }
                }
                (None, _) if !cities.is_empty() => out.place = Some((PlaceNp::Cities(cities), span)),
                (None, _) => out.place = other.map(|p| (p, span)),
                _ => {}
            }
            at = longest;
        } else {
            at += 1;
        }
    }
    for t in time::find(part.text, &part.tokens, from..end) {
        let r = t.resolve(published, Tense::Past);
        if let Some(day) = r.start.and_then(dateline_model::PartialDate::day) {
            let near = published.is_none_or(|p| (p - day).num_days().abs() < 400);
            if near {
                out.date = Some((day, (t.tokens.start as u32, t.tokens.end as u32)));
            }
        }
    }
    out.end = end + usize::from(part.tokens.get(end).is_some());
    out
}

/// The tokens in front of the dateline: a remark in brackets on a line of its own ("(Corrects the day in paragraph 2)"), or
/// the hour of a live page.
fn remark(part: &Part<'_>) -> usize {
    let kind = |i: usize| part.tokens.get(i).map(|t| t.kind);
    // "10:30 Washington - The minister"
    if kind(0) == Some(TokenKind::Number) && part.word(0).contains(':') {
        return 1;
    }
    if kind(0) != Some(TokenKind::Punct('(')) {
        return 0;
    }
    let close = (1..part.tokens.len().min(REMARK)).find(|i| kind(*i) == Some(TokenKind::Punct(')')));
    let Some(mut at) = close.map(|i| i + 1).filter(|i| kind(*i) == Some(TokenKind::Newline)) else { return 0 };
    while kind(at) == Some(TokenKind::Newline) {
        at += 1;
    }
    at
}

/// Where the dateline ends: a dash, a bar, a colon or a line end after a place in capitals or a lone place name.
fn terminator(part: &Part<'_>, from: usize) -> Option<usize> {
    let first = part.tokens.get(from)?;
    if first.kind != TokenKind::Word || !first.capital {
        return None;
    }
    let place = |at: usize| {
        part.matches_at(at).iter().any(|m| matches!(m.entry, Entry::Gaz(e, _) if matches!(e.kind, Gaz::City | Gaz::Country | Gaz::Region | Gaz::Venue | Gaz::Organisation)))
    };
    let mut depth = 0;
    for (i, t) in part.tokens.iter().enumerate().skip(from).take(LONGEST) {
        match t.kind {
            TokenKind::Punct('(') => depth += 1,
            TokenKind::Punct(')') => {
                depth -= 1;
                // "BEIJING, Nov. 4 (Xinhua)\n" or "(AFP) Text"
                if depth == 0 && first.upper && part.tokens.get(i + 1).is_some_and(|n| n.capital && n.spaced) {
                    return Some(i + 1).filter(|_| place(from) || first.upper).map(|e| e - 1);
                }
            }
            TokenKind::Dash | TokenKind::Punct('|' | ':') if i > from => {
                return (place(from) || first.upper).then_some(i);
            }
            TokenKind::Newline => {
                return ((first.upper || place(from)) && i > from && short_head(part, from, i)).then_some(i);
            }
            TokenKind::Punct(',' | '.' | '/') | TokenKind::Number | TokenKind::Hyphen => {}
            TokenKind::Word => {
                let word = part.word(i);
                let small = word.starts_with(char::is_lowercase);
                if small && depth == 0 && !matches!(word, "and" | "de" | "la" | "of" | "near" | "al" | "el") {
                    return None;
                }
            }
            _ if depth > 0 => {}
            _ => return None,
        }
    }
    None
}

/// The first line is no sentence.
fn short_head(part: &Part<'_>, from: usize, end: usize) -> bool {
    end - from < 16 && part.tokens[end - 1].kind != TokenKind::Punct('.')
}
