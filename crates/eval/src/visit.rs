//! Visits of one article held against gold.

use std::collections::BTreeSet;

use dateline_model::Visit;
use serde::Serialize;

use crate::date;
use crate::gold::{Accepted, GoldOrdinal, GoldVisit};
use crate::matching::best_matching;
use crate::names::{content, fold, is_code, is_group, same_name, same_place, singular, with_codes, words};
use crate::roles::{canonical, role_fits};

/// A field that is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// First day.
    Start,
    /// Last day.
    End,
    /// Destination city.
    City,
    /// Status, planned and confirmed taken for one.
    Status,
    /// Status.
    StatusExact,
    /// Kind of visit.
    Kind,
    /// Host.
    Host,
    /// Country of the visitor.
    VisitorCountry,
    /// Role of the visitor.
    Role,
    /// Whether it is in focus.
    Primary,
    /// Who says so.
    Attribution,
    /// Which visit it is.
    Ordinal,
    /// How it is put.
    Certainty,
}

impl Field {
    /// All, in the order in which they are printed.
    pub const ALL: [Self; 13] = [
        Self::Start,
        Self::End,
        Self::City,
        Self::Status,
        Self::StatusExact,
        Self::Kind,
        Self::Host,
        Self::VisitorCountry,
        Self::Role,
        Self::Primary,
        Self::Attribution,
        Self::Ordinal,
        Self::Certainty,
    ];

    /// Name in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::City => "city",
            Self::Status => "status",
            Self::StatusExact => "status_exact",
            Self::Kind => "kind",
            Self::Host => "host",
            Self::VisitorCountry => "visitor_country",
            Self::Role => "role",
            Self::Primary => "primary",
            Self::Attribution => "attribution",
            Self::Ordinal => "ordinal",
            Self::Certainty => "certainty",
        }
    }
}

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// An accepted value was given.
    Value,
    /// Right without one.
    Null,
    /// A value was due.
    Missing,
    /// Another value was given.
    Wrong,
}

/// What became of one field of a matched prediction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) field: Field,
    pub(crate) right: bool,
    /// For fields that may be empty: what became of the value, and whether one was due.
    pub(crate) value: Option<(Verdict, bool)>,
}

/// A prediction matched to a gold visit.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) gold: usize,
    pub(crate) predicted: usize,
    pub(crate) fields: Vec<Judged>,
}

impl Pair {
    /// Start, end, city and status are right.
    pub(crate) fn strict(&self) -> bool {
        let needed = [Field::Start, Field::End, Field::City, Field::Status];
        self.fields.iter().all(|j| j.right || !needed.contains(&j.field))
    }
}

/// The visits of one article, scored: indices into gold and predictions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scored {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) missed: Vec<usize>,
    pub(crate) wrong: Vec<usize>,
}

/// Scores the predictions of one article; `year`: of publication.
pub(crate) fn score(gold: &[GoldVisit], predicted: &[&Visit], year: Option<i32>) -> Scored {
    let known = people(gold);
    let judge = |g: &GoldVisit, p: usize| judge(g, predicted[p], &known, year);
    let points = |g: &GoldVisit, p: usize| {
        candidate(g, predicted[p], &known).then(|| judge(g, p).iter().filter(|j| j.right).count() as u32)
    };
    let matched = best_matching(gold, predicted.len(), |g| g.optional, points);
    let has = |i: &usize, of: fn(&(usize, usize)) -> usize| matched.iter().any(|m| of(m) == *i);
    Scored {
        missed: (0..gold.len()).filter(|i| !gold[*i].optional && !has(i, |m| m.0)).collect(),
        wrong: (0..predicted.len()).filter(|j| !has(j, |m| m.1)).collect(),
        pairs: matched.iter().map(|(g, p)| Pair { gold: *g, predicted: *p, fields: judge(&gold[*g], *p) }).collect(),
    }
}

/// An enum value in snake case.
pub(crate) fn snake<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// All names that an article's gold gives to visitors and hosts.
fn people(gold: &[GoldVisit]) -> Vec<&str> {
    let names = gold.iter().flat_map(|v| v.visitor.values().chain(v.host.values()));
    names.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
}

/// True for "Xi Jinping Vladimir Putin": longer than two known names, which mean two people, and both in it.
fn takes_in_two(name: &str, known: &[&str]) -> bool {
    let own = fold(name);
    if known.iter().any(|n| fold(n) == own) {
        return false;
    }
    let inside: Vec<&str> =
        known.iter().copied().filter(|n| fold(n).len() < own.len() && same_name(n, name, None)).collect();
    inside.iter().any(|a| inside.iter().any(|b| !same_name(a, b, None)))
}

/// True when the prediction can be the gold visit.
fn candidate(g: &GoldVisit, p: &Visit, known: &[&str]) -> bool {
    g.country.has(p.destination.country.as_ref())
        && g.start.0.iter().any(|s| date::fits(*s, p.period.start))
        && country_fits(g, p)
        && same_visitor(g, p)
        && !takes_in_two(&p.visitor.actor.name, known)
}

/// The visitor's country is unknown to one side, or accepted.
fn country_fits(g: &GoldVisit, p: &Visit) -> bool {
    let code = p.visitor.actor.country.as_ref();
    code.is_none() || g.visitor_country.main().is_none() || g.visitor_country.has(code)
}

/// The predicted visitor has one of gold's names, or is a delegation of the same country where gold takes one, or gold's
/// unnamed office.
fn same_visitor(g: &GoldVisit, p: &Visit) -> bool {
    let who = &p.visitor.actor;
    let shared = g.visitor_country.main().filter(|c| who.country.as_ref() == Some(c)).map(String::as_str);
    if g.visitor.values().any(|n| same_name(n, &who.name, shared.filter(|_| is_group(n)))) {
        return true;
    }
    if !is_group(&who.name) {
        return false;
    }
    let said = content(&who.name);
    let Some(_) = shared.filter(|c| said.codes.iter().all(|x| x == c)) else { return false };
    let words = words();
    let sent = g.role.values().any(|r| canonical(r).as_deref() == Some("delegation"));
    if sent && said.rest.is_empty() && !said.military {
        // "Chinese delegation"
        return who.group || fold(&who.name).iter().any(|t| words.sent.contains(t) || t == "delegates");
    }
    let office: Vec<String> = fold(&who.name).into_iter().filter(|t| !words.bodies.contains(t)).collect();
    !g.named && g.role.values().any(|r| role_fits(r, &office.join(" ")))
}

/// The values of a field where `nothing` says no more than null.
fn without(values: &Accepted<String>, nothing: &str) -> Accepted<String> {
    Accepted(values.0.iter().map(|v| v.clone().filter(|v| v != nothing)).collect())
}

fn verdict<T: PartialEq, P>(
    values: &Accepted<T>,
    given: Option<&P>,
    right: impl Fn(&T, &P) -> bool,
) -> (Verdict, bool) {
    let verdict = match given {
        None if values.none() => Verdict::Null,
        None => Verdict::Missing,
        Some(p) if values.values().any(|v| right(v, p)) => Verdict::Value,
        Some(_) => Verdict::Wrong,
    };
    (verdict, !values.none())
}

/// Which fields of a matched prediction are right.
fn judge(g: &GoldVisit, p: &Visit, known: &[&str], year: Option<i32>) -> Vec<Judged> {
    let mut out = Vec::with_capacity(Field::ALL.len());
    let mut value = |field, (verdict, due): (Verdict, bool)| {
        let right = matches!(verdict, Verdict::Value | Verdict::Null);
        out.push(Judged { field, right, value: Some((verdict, due)) });
    };
    let given = |s: &str| Some(s.to_owned()).filter(|s| !s.is_empty());
    for (field, values, day) in [(Field::Start, &g.start, p.period.start), (Field::End, &g.end, p.period.end)] {
        let (mut verdict, due) = verdict(values, day.as_ref(), |v, p| v == p);
        if verdict == Verdict::Wrong && date::right(values, day, year) {
            verdict = Verdict::Null;
        }
        value(field, (verdict, due));
    }
    value(Field::City, verdict(&g.city, p.destination.city.as_ref(), |v, p| same_place(v, p)));
    let host = p.host.as_ref().map(|h| h.name.clone()).filter(|h| !h.is_empty());
    value(Field::Host, verdict(&g.host, host.as_ref(), |v, h| !takes_in_two(h, known) && same_name(v, h, None)));
    value(Field::Role, verdict(&g.role, p.visitor.actor.role.as_ref(), |v, r| role_fits(v, r)));
    let kind = given(&snake(&p.visit_kind)).filter(|k| k != "unspecified");
    value(Field::Kind, verdict(&without(&g.kind, "unspecified"), kind.as_ref(), |v, k| v == k));
    if let Some(values) = &g.attribution {
        let source = p.attribution.as_ref().map(|a| &a.source);
        value(Field::Attribution, verdict(values, source, |v, s| said_by(v, s)));
    }
    if let Some(values) = &g.ordinal {
        let ordinal = p.ordinal.map(|o| GoldOrdinal { n: u64::from(o.n), since: o.since });
        value(Field::Ordinal, verdict(values, ordinal.as_ref(), |v, o| v == o));
    }
    if let Some(values) = &g.certainty {
        let said = given(&snake(&p.certainty)).filter(|c| c != "stated");
        value(Field::Certainty, verdict(&without(values, "stated"), said.as_ref(), |v, c| v == c));
    }
    let mut plain = |field, right| out.push(Judged { field, right, value: None });
    let status = snake(&p.status);
    let announced = |s: &str| matches!(s, "planned" | "confirmed");
    plain(Field::Status, g.status.values().any(|s| *s == status || (announced(s) && announced(&status))));
    plain(Field::StatusExact, g.status.has(Some(&status)));
    let code = p.visitor.actor.country.as_ref();
    let body = g.visitor_country.main().is_none() && code.is_some_and(|c| c == "UN" || c == "EU");
    plain(Field::VisitorCountry, body || g.visitor_country.has(code));
    if let Some(values) = &g.primary {
        plain(Field::Primary, values.has(Some(&p.primary)));
    }
    out
}

/// Attributions agree when the words of the shorter (without fillers) are in the longer, which is at most four times as long.
fn said_by(gold: &str, source: &str) -> bool {
    let w = words();
    let set = |text: &str| -> BTreeSet<String> {
        let all = with_codes(&fold(text)).into_iter().map(|t| if is_code(&t) { t } else { singular(&t).to_owned() });
        all.filter(|t| !w.filler.contains(t) && !w.particles.contains(t)).collect()
    };
    let (a, b) = (set(gold), set(source));
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !small.is_empty() && small.is_subset(&large) && large.len() <= 4 * small.len()
}
