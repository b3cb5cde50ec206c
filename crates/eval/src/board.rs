//! The scoreboard as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use dateline_model::{Event, Evidence, PartialDate, Visit};

use crate::confidence::{Bin, Row};
use crate::figures::{EventFigures, VisitFigures};
use crate::gold::{GoldEvent, GoldVisit};
use crate::visit::{Field, snake};
use crate::{Case, by_rule, calibration, curve, event_figures, visit_figures};

/// The scoreboard: all figures over all articles, over those that may be read while rules are written, and over the unread ones;
/// by source and by rule; calibration and the curve over the least confidence. `rules`: names of all rules.
pub fn scoreboard(cases: &[Case], rules: &BTreeSet<String>) -> String {
    let part = |unread: bool| cases.iter().filter(move |c| c.gold.unread() == unread);
    let mut out = String::new();
    if let Some(all) = visit_figures(cases, 0.0) {
        let parts = [false, true].map(|unread| visit_figures(part(unread), 0.0).unwrap_or_default());
        visits(&mut out, &[&all, &parts[0], &parts[1]]);
    }
    if let Some(all) = event_figures(cases, 0.0) {
        let parts = [false, true].map(|unread| event_figures(part(unread), 0.0).unwrap_or_default());
        events(&mut out, &[&all, &parts[0], &parts[1]]);
    }
    sources(&mut out, cases);
    let _ = writeln!(out, "{:<28} {:>6} {:>6} {:>8} {:>6}", "rule", "right", "strict", "forgiven", "wrong");
    for (rule, t) in by_rule(cases, rules) {
        let _ = writeln!(out, "{rule:<28} {:>6} {:>6} {:>8} {:>6}", t.right, t.strict, t.forgiven, t.wrong);
    }
    out.push('\n');
    confidence(&mut out, cases);
    out
}

/// Columns: all, read, unread.
fn line(out: &mut String, name: &str, columns: &[String; 3]) {
    let [all, read, unread] = columns;
    let _ = writeln!(out, "{name:<28} {all:>9} {read:>9} {unread:>9}");
}

fn head(out: &mut String, name: &str) {
    line(out, name, &["all", "read", "unread"].map(str::to_owned));
}

fn figure(x: f64) -> String {
    format!("{x:.4}")
}

fn visits(out: &mut String, figures: &[&VisitFigures; 3]) {
    head(out, "visits");
    let all = figures[0];
    let row_of = |out: &mut String, name: &str, f: &dyn Fn(&VisitFigures) -> String| line(out, name, &figures.map(f));
    row_of(out, "articles", &|f| f.articles.to_string());
    row_of(out, "gold", &|f| (f.counts.right + f.counts.missed).to_string());
    row_of(out, "predicted", &|f| (f.counts.right + f.counts.wrong).to_string());
    row_of(out, "forgiven", &|f| f.forgiven.to_string());
    row_of(out, "precision", &|f| figure(f.counts.precision()));
    row_of(out, "recall", &|f| figure(f.counts.recall()));
    row_of(out, "f1", &|f| figure(f.counts.f1()));
    row_of(out, "strict_f1", &|f| figure(f.strict_f1()));
    row_of(out, "dated_strict", &|f| figure(f.dated_strict()));
    row_of(out, "negatives_clean", &|f| format!("{}/{}", f.negatives.1, f.negatives.0));
    let field = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), figure);
    for x in Field::ALL.into_iter().filter(|x| all.accuracy(*x).is_some()) {
        row_of(out, &format!("accuracy {}", x.as_str()), &|f| field(f.accuracy(x)));
    }
    for x in Field::ALL.into_iter().filter(|x| all.value_f1(*x).is_some()) {
        row_of(out, &format!("value_f1 {}", x.as_str()), &|f| field(f.value_f1(x)));
    }
    out.push('\n');
}

fn events(out: &mut String, figures: &[&EventFigures; 3]) {
    head(out, "events");
    let all = figures[0];
    let row_of = |out: &mut String, name: &str, f: &dyn Fn(&EventFigures) -> String| line(out, name, &figures.map(f));
    row_of(out, "articles", &|f| f.articles.to_string());
    row_of(out, "gold", &|f| (f.counts.right + f.counts.missed).to_string());
    row_of(out, "predicted", &|f| (f.counts.right + f.counts.wrong).to_string());
    row_of(out, "forgiven", &|f| f.forgiven.to_string());
    row_of(out, "precision", &|f| figure(f.counts.precision()));
    row_of(out, "recall", &|f| figure(f.counts.recall()));
    row_of(out, "f1", &|f| figure(f.counts.f1()));
    row_of(out, "strict_f1", &|f| figure(f.strict_f1()));
    for (i, name) in EventFigures::FIELDS.iter().enumerate() {
        row_of(out, &format!("accuracy {name}"), &|f| figure(crate::figures::ratio(f.fields[i], f.counts.right)));
    }
    for name in all.by_type.keys() {
        let found =
            |f: &EventFigures| f.by_type.get(name).map_or_else(|| "-".to_owned(), |(n, of)| format!("{n}/{of}"));
        row_of(out, &format!("found {name}"), &found);
    }
    out.push('\n');
}

fn sources(out: &mut String, cases: &[Case]) {
    let mut by: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        by.entry(&case.gold.source).or_default().push(case);
    }
    if by.len() < 2 {
        return;
    }
    let _ = writeln!(
        out,
        "{:<28} {:>8}  {:>6} {:>6} {:>6} {:>6}  {:>6} {:>6} {:>6} {:>6}",
        "source", "articles", "visitP", "R", "F1", "strict", "eventP", "R", "F1", "strict"
    );
    for (source, list) in by {
        let _ = write!(out, "{source:<28} {:>8} ", list.len());
        let of_visits = visit_figures(list.iter().copied(), 0.0);
        row(out, of_visits.map(|f| (f.counts.precision(), f.counts.recall(), f.counts.f1(), f.strict_f1())));
        out.push(' ');
        let of_events = event_figures(list.iter().copied(), 0.0);
        row(out, of_events.map(|f| (f.counts.precision(), f.counts.recall(), f.counts.f1(), f.strict_f1())));
        out.push('\n');
    }
    out.push('\n');
}

fn row(out: &mut String, row: Option<Row>) {
    let _ = match row {
        Some((p, r, f, s)) => write!(out, " {p:>6.3} {r:>6.3} {f:>6.3} {s:>6.3}"),
        None => write!(out, " {:>6} {:>6} {:>6} {:>6}", "-", "-", "-", "-"),
    };
}

fn confidence(out: &mut String, cases: &[Case]) {
    let (visits, events) = calibration(cases);
    let [read, unread] = [false, true].map(|unread| calibration(cases.iter().filter(|c| c.gold.unread() == unread)));
    let _ = writeln!(
        out,
        "{:<11} {:>6} {:>6} {:>6}   {:>6} {:>6} {:>6}",
        "confidence", "visits", "mean", "right", "events", "mean", "right"
    );
    let bin = |b: &Bin| format!("{:>6} {:>6.3} {:>6.3}", b.mentions, b.confidence(), b.precision());
    for (i, (v, e)) in visits.0.iter().zip(&events.0).enumerate().filter(|(_, (v, e))| v.mentions + e.mentions > 0) {
        let _ = writeln!(out, "0.{i} to {:<4} {}   {}", format!("{:.1}", (i + 1) as f32 / 10.0), bin(v), bin(e));
    }
    line(out, "calibration error, visits", &[&visits, &read.0, &unread.0].map(|c| figure(c.error())));
    line(out, "calibration error, events", &[&events, &read.1, &unread.1].map(|c| figure(c.error())));
    let _ = writeln!(
        out,
        "\n{:<14}  {:>6} {:>6} {:>6} {:>6}  {:>6} {:>6} {:>6} {:>6}",
        "min_confidence", "visitP", "R", "F1", "strict", "eventP", "R", "F1", "strict"
    );
    for (least, v, e) in curve(cases) {
        let _ = write!(out, "{least:<14.2} ");
        row(out, v);
        out.push(' ');
        row(out, e);
        out.push('\n');
    }
}

/// What the same articles lose when they are told by another cast, of which each has as many.
pub fn losses(before: &[Case], after: &[Case]) -> String {
    let mut out = format!("{:<28} {:>9} {:>9} {:>9}\n", "", "as it is", "swapped", "loss");
    let mut row = |name: &str, a: f64, b: f64| {
        let _ = writeln!(out, "{name:<28} {a:>9.4} {b:>9.4} {:>9.4}", a - b);
    };
    if let (Some(a), Some(b)) = (visit_figures(before, 0.0), visit_figures(after, 0.0)) {
        row("visits f1", a.counts.f1(), b.counts.f1());
        row("visits strict_f1", a.strict_f1(), b.strict_f1());
        row("visits precision", a.counts.precision(), b.counts.precision());
        row("visits recall", a.counts.recall(), b.counts.recall());
    }
    if let (Some(a), Some(b)) = (event_figures(before, 0.0), event_figures(after, 0.0)) {
        row("events f1", a.counts.f1(), b.counts.f1());
        row("events strict_f1", a.strict_f1(), b.strict_f1());
    }
    out
}

/// The first missed and the first wrong visits and events, so many of each, with quotes. The unread articles stay unread.
pub fn errors(cases: &[Case], most: usize) -> String {
    let mut lists: [Vec<String>; 4] = Default::default();
    for case in cases.iter().filter(|c| !c.gold.unread()) {
        let id = &case.gold.id;
        if let (Some((kept, scored)), Some(gold)) = (case.score_visits(0.0), &case.gold.visits) {
            lists[0].extend(scored.missed.iter().map(|i| format!("MISSED {id} {}", gold_visit(&gold[*i]))));
            lists[1].extend(scored.wrong.iter().map(|j| format!("WRONG  {id} {}", visit(kept[*j]))));
        }
        if let (Some((kept, scored)), Some(gold)) = (case.score_events(0.0), &case.gold.events) {
            lists[2].extend(scored.missed.iter().map(|i| format!("MISSED {id} {}", gold_event(&gold[*i]))));
            lists[3].extend(scored.wrong.iter().map(|j| format!("WRONG  {id} {}", event(kept[*j]))));
        }
    }
    let mut out = String::new();
    for line in lists.iter().flat_map(|l| l.iter().take(most)) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

fn date(d: Option<PartialDate>) -> String {
    d.map_or_else(|| "-".to_owned(), |d| d.to_string())
}

fn text(s: Option<&String>) -> &str {
    s.map_or("-", String::as_str)
}

fn gold_visit(g: &GoldVisit) -> String {
    let (start, end) = (date(g.start.main().copied()), date(g.end.main().copied()));
    let (country, city) = (text(g.country.main()), text(g.city.main()));
    format!("{} -> {country} {city} {start} {end} {}", text(g.visitor.main()), text(g.status.main()))
}

fn gold_event(g: &GoldEvent) -> String {
    let parties = g.participants.first().map(|p| p.join("; ")).unwrap_or_default();
    let (country, city, day) = (text(g.country.main()), text(g.city.main()), date(g.date.main().copied()));
    format!("{} [{parties}] {country} {city} {day} {}", text(g.event_type.main()), text(g.status.main()))
}

fn visit(v: &Visit) -> String {
    let place = &v.destination;
    let (start, end) = (date(v.period.start), date(v.period.end));
    let head = format!(
        "{} -> {} {} {start} {end} {} ({:.2})",
        v.visitor.actor.name,
        text(place.country.as_ref()),
        text(place.city.as_ref()),
        snake(&v.status),
        v.confidence
    );
    head + &quotes(&v.evidence)
}

fn event(e: &Event) -> String {
    let parties: Vec<&str> = e.participants.iter().map(|p| p.actor.name.as_str()).collect();
    let place = e.place.as_ref();
    let head = format!(
        "{} [{}] {} {} {} {} ({:.2})",
        snake(&e.event_type),
        parties.join("; "),
        text(place.and_then(|p| p.country.as_ref())),
        text(place.and_then(|p| p.city.as_ref())),
        date(e.period.start),
        snake(&e.status),
        e.confidence
    );
    head + &quotes(&e.evidence)
}

/// A line a value: path, quote, rule.
fn quotes(evidence: &[Evidence]) -> String {
    let mut out = String::new();
    for e in evidence {
        let words: Vec<&str> = e.text.split_whitespace().collect();
        let _ = write!(out, "\n         {:<24} {:?}  {}", e.path, words.join(" "), e.rule);
    }
    out
}
