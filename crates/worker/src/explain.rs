//! An article with its evidence marked, and the rule behind each value: `dateline extract --explain`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dateline_extract::Extraction;
use dateline_model::{Article, Evidence, Field, Kind};
use serde::Serialize;
use serde_json::Value;

/// How it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Plain text: evidence stands in brackets.
    Plain,
    /// For a terminal: evidence is coloured.
    Colour,
}

impl Look {
    /// Colours on a terminal, unless `NO_COLOR` is set to anything (no-color.org).
    pub fn of_terminal(is_terminal: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        if is_terminal && !refused { Self::Colour } else { Self::Plain }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

const BOLD: &str = "1";
const DIM: &str = "2";
const VISIT: &str = "32";
const EVENT: &str = "36";
/// Begins evidence on a terminal: underlined, yellow.
const MARK: &str = "\x1b[4;33m";

/// The spans of a field that are evidence, numbered in the order of the text.
type Spans = BTreeMap<(Field, u32, u32), usize>;

/// The page of one article.
pub fn explain(article: &Article, extraction: &Extraction, look: Look) -> String {
    let evidence =
        extraction.visits.iter().flat_map(|v| &v.evidence).chain(extraction.events.iter().flat_map(|e| &e.evidence));
    let mut spans: Spans = evidence.map(|e| ((e.field, e.start, e.end), 0)).collect();
    for (i, number) in spans.values_mut().enumerate() {
        *number = i + 1;
    }
    let mut out = String::new();
    let about = [article.source.as_deref(), article.published_at.as_ref().map(dateline_model::Timestamp::as_str)];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    let _ = writeln!(out, "{}", look.paint(DIM, &format!("== {} {}", article.id, about.join(" "))));
    if let Some(title) = &article.title {
        let _ = writeln!(out, "{}\n", look.paint(BOLD, &marked(title, Field::Title, &spans, look)));
    }
    let html = article.html.as_deref().filter(|_| article.body.is_none()).map(dateline_text::html_text);
    let (field, text) =
        html.as_deref().map_or((Field::Body, article.body.as_deref().unwrap_or("")), |t| (Field::HtmlText, t));
    let _ = writeln!(out, "{}\n", marked(text.trim_end(), field, &spans, look));
    if let Some(class) = extraction.skipped {
        let _ = writeln!(out, "passed by: {}\n", class.as_str());
    }
    for (i, v) in extraction.visits.iter().enumerate() {
        values(&mut out, Kind::Visit, i, v, &v.evidence, &spans, look);
    }
    for (i, e) in extraction.events.iter().enumerate() {
        values(&mut out, Kind::Event, i, e, &e.evidence, &spans, look);
    }
    if extraction.skipped.is_none() && extraction.visits.is_empty() && extraction.events.is_empty() {
        out.push_str("no visit and no event\n\n");
    }
    out
}

/// The text with `[quote]n` around every span; overlapping spans close in their own order.
fn marked(text: &str, field: Field, spans: &Spans, look: Look) -> String {
    let mut opens: BTreeMap<u32, usize> = BTreeMap::new();
    let mut closes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for ((_, start, end), number) in spans.iter().filter(|((f, ..), _)| *f == field) {
        *opens.entry(*start).or_default() += 1;
        closes.entry(*end).or_default().push(*number);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut at = |i: u32, out: &mut String| {
        for number in closes.get(&i).into_iter().flatten() {
            depth = depth.saturating_sub(1);
            let again = if depth > 0 { MARK } else { "" };
            let _ = match look {
                Look::Plain => write!(out, "]{number}"),
                Look::Colour => write!(out, "\x1b[0m\x1b[2m{number}\x1b[0m{again}"),
            };
        }
        for _ in 0..opens.get(&i).copied().unwrap_or(0) {
            depth += 1;
            out.push_str(if look == Look::Plain { "[" } else { MARK });
        }
    };
    let mut end = 0;
    for (i, c) in text.chars().enumerate() {
        at(i as u32, &mut out);
        out.push(c);
        end = i as u32 + 1;
    }
    at(end, &mut out);
    out
}

/// One mention: each value with its quote and rule.
fn values<T: Serialize>(
    out: &mut String,
    kind: Kind,
    index: usize,
    body: &T,
    evidence: &[Evidence],
    spans: &Spans,
    look: Look,
) {
    let json = serde_json::to_value(body).unwrap_or_default();
    let colour = if kind == Kind::Visit { VISIT } else { EVENT };
    let _ = writeln!(out, "{}", look.paint(colour, &format!("{} {index}", kind.as_str())));
    for (path, value) in leaves(&json) {
        let quotes: Vec<&Evidence> =
            evidence.iter().filter(|e| path == e.path || path.starts_with(&format!("{}.", e.path))).collect();
        let _ = write!(out, "  {path:<28} {}", look.paint(BOLD, &value));
        let pad = 24usize.saturating_sub(value.chars().count());
        for (i, e) in quotes.iter().enumerate() {
            let number = spans.get(&(e.field, e.start, e.end)).copied().unwrap_or(0);
            let lead = if i == 0 { " ".repeat(pad) } else { format!("\n{}", " ".repeat(55)) };
            let quote = e.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(out, "{lead} {number:>3} \"{quote}\"  {}", look.paint(DIM, &e.rule));
        }
        out.push('\n');
    }
    out.push('\n');
}

/// Dotted path and printed value of every value that says something.
fn leaves(json: &Value) -> Vec<(String, String)> {
    fn walk(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
        let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            Value::Null => {}
            Value::Object(map) => {
                map.iter().filter(|(k, _)| *k != "evidence").for_each(|(k, v)| walk(v, &below(k), into));
            }
            Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| walk(v, &below(&i.to_string()), into)),
            Value::String(s) => into.push((path.to_owned(), s.clone())),
            other => into.push((path.to_owned(), other.to_string())),
        }
    }
    let mut into = vec![];
    walk(json, "", &mut into);
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(list: &[(u32, u32)]) -> Spans {
        list.iter().enumerate().map(|(i, (s, e))| ((Field::Body, *s, *e), i + 1)).collect()
    }

    #[test]
    fn evidence_is_bracketed_and_numbered_also_where_spans_nest_or_touch() {
        let text = "Präsident Xi lands in Moscow";
        let marks = marked(text, Field::Body, &spans(&[(0, 12), (10, 12), (13, 18), (22, 28)]), Look::Plain);
        assert_eq!(marks, "[Präsident [Xi]1]2 [lands]3 in [Moscow]4");
        assert_eq!(marked(text, Field::Title, &spans(&[(0, 12)]), Look::Plain), text);
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let text = "Xi lands in Moscow";
        let coloured = marked(text, Field::Body, &spans(&[(0, 2), (12, 18)]), Look::Colour);
        assert!(coloured.contains("\x1b[4;33mXi\x1b[0m"));
        let mut plain = String::new();
        let mut inside = false;
        for c in coloured.chars() {
            match c {
                '\x1b' => inside = true,
                'm' if inside => inside = false,
                c if !inside => plain.push(c),
                _ => {}
            }
        }
        assert_eq!(plain, "Xi1 lands in Moscow2");
    }

    #[test]
    fn every_value_is_listed_by_its_path() {
        let json = serde_json::json!({"a": {"b": null, "c": 1}, "evidence": [1], "d": ["x", {"e": true}]});
        let expected = [("a.c", "1"), ("d.0", "x"), ("d.1.e", "true")];
        assert_eq!(leaves(&json), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
