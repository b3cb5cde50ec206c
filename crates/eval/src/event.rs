//! Events of one article held against gold.
//!
//! Precision is lenient, for gold lists the salient events only: a further prediction is forgiven when its type and all its
//! participants occur in the article's gold and it neither repeats another nor tells a missed one with a wrong date or place.

use dateline_model::{Event, EventType};

use crate::date;
use crate::gold::{GoldEvent, GoldVisit};
use crate::matching::{best_matching, best_pairs};
use crate::names::{same_party, same_place};
use crate::visit::snake;

/// The events of one article, scored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scored {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) missed: Vec<usize>,
    pub(crate) wrong: Vec<usize>,
    pub(crate) forgiven: Vec<usize>,
}

/// A prediction matched to a gold event, and what is right of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) gold: usize,
    pub(crate) predicted: usize,
    pub(crate) date: bool,
    pub(crate) country: bool,
    pub(crate) city: bool,
    pub(crate) status: bool,
}

impl Pair {
    /// Date, country, city and status are right.
    pub(crate) fn strict(&self) -> bool {
        self.date && self.country && self.city && self.status
    }
}

/// Scores the predictions of one article; `year`: of publication.
pub(crate) fn score(gold: &[GoldEvent], visits: &[GoldVisit], predicted: &[&Event], year: Option<i32>) -> Scored {
    let known = known_names(gold, visits);
    let close = |g: &GoldEvent, p: usize| closeness(g, predicted[p], &known);
    let matched = best_matching(gold, predicted.len(), |g| g.optional, close);
    let found = |i: usize| matched.iter().any(|(g, _)| *g == i);
    let mut out =
        Scored { missed: (0..gold.len()).filter(|i| !gold[*i].optional && !found(*i)).collect(), ..Scored::default() };
    out.pairs = matched.iter().map(|(g, p)| judge(*g, *p, &gold[*g], predicted[*p], year)).collect();
    let mut kept: Vec<&Event> = matched.iter().map(|(_, p)| predicted[*p]).collect();
    for (j, p) in predicted.iter().copied().enumerate() {
        if matched.iter().any(|(_, m)| *m == j) {
            continue;
        }
        let again = || matched.iter().any(|(g, _)| close(&gold[*g], j).is_some());
        let tells_missed = || out.missed.iter().any(|i| tells(&gold[*i], p));
        if forgivable(gold, p, &known, &kept) && !again() && !tells_missed() {
            kept.push(p);
            out.forgiven.push(j);
        } else {
            out.wrong.push(j);
        }
    }
    out
}

fn judge(gold: usize, predicted: usize, g: &GoldEvent, p: &Event, year: Option<i32>) -> Pair {
    let place = p.place.as_ref();
    let city = place.and_then(|p| p.city.as_deref());
    Pair {
        gold,
        predicted,
        date: date::right(&g.date, p.period.start, year),
        country: g.country.has(place.and_then(|p| p.country.as_ref())),
        city: g.city.0.iter().any(|c| match (c, city) {
            (Some(c), Some(city)) => same_place(c, city),
            (c, city) => c.as_deref().is_none_or(str::is_empty) && city.is_none(),
        }),
        status: g.status.has(Some(&snake(&p.status))),
    }
}

fn names(p: &Event) -> Vec<&str> {
    p.participants.iter().map(|x| x.actor.name.as_str()).filter(|n| !n.is_empty()).collect()
}

/// How many of the names `a` find a partner of their own in `b`.
fn agreeing<A: AsRef<str>, B: AsRef<str>>(a: &[A], b: &[B]) -> usize {
    let row = |x: &A| b.iter().map(|y| i64::from(same_party(x.as_ref(), y.as_ref()))).collect();
    best_pairs(&a.iter().map(row).collect::<Vec<Vec<i64>>>()).len()
}

/// `None` when the prediction cannot be the gold event, else 0 to 99: participants first, then date, place and status.
fn closeness(g: &GoldEvent, p: &Event, known: &[&str]) -> Option<u32> {
    let start = p.period.start;
    let country = p.place.as_ref().and_then(|x| x.country.as_ref());
    if !g.event_type.has(Some(&snake(&p.event_type))) || !g.date.0.iter().any(|d| date::fits(*d, start)) {
        return None;
    }
    let same_country = g.country.has(country);
    if country.is_some() && !same_country && !g.country.none() {
        return None;
    }
    let parties = names(p);
    let open = matches!(p.event_type, EventType::Summit | EventType::Ceremony);
    let guests: &[&str] = if open { known } else { &[] };
    let strangers = parties.iter().filter(|x| !guests.iter().any(|k| same_party(k, x))).count();
    let close_date = start.is_some() && g.date.values().any(|d| date::fits(Some(*d), start));
    let agreed = g.participants.iter().filter_map(|want| {
        let n = agreeing(want, &parties);
        let anchored = !want.is_empty() || (country.is_some() && same_country) || close_date;
        (n >= want.len().min(2) && strangers.min(parties.len() - n) <= n.max(2) && anchored).then_some(n)
    });
    let agreed = agreed.max()?;
    let city = p.place.as_ref().and_then(|x| x.city.as_deref());
    let same_city = city.is_some_and(|c| g.city.values().any(|x| same_place(x, c)));
    let same_date = start.is_some() && g.date.has(start.as_ref());
    let status = g.status.has(Some(&snake(&p.status)));
    let points = [(same_date, 8), (same_country, 4), (same_city, 2), (status, 1)];
    let points: u32 = points.iter().filter(|(yes, _)| *yes).map(|(_, n)| n).sum();
    Some(agreed.min(5) as u32 * 15 + points)
}

/// True when the prediction has type and participants of the gold event, whatever it says of date and place.
fn tells(g: &GoldEvent, p: &Event) -> bool {
    let parties = names(p);
    g.event_type.has(Some(&snake(&p.event_type)))
        && g.participants.iter().any(|want| !want.is_empty() && agreeing(want, &parties) >= want.len().min(2))
}

/// True when two predictions tell one event: type, participants, and dates that do not contradict.
fn repeats(p: &Event, q: &Event) -> bool {
    let (a, b) = (names(p), names(q));
    p.event_type == q.event_type
        && agreeing(&a, &b) == a.len().min(b.len())
        && date::fits(p.period.start, q.period.start)
}

fn known_names<'g>(events: &'g [GoldEvent], visits: &'g [GoldVisit]) -> Vec<&'g str> {
    let parties = events.iter().flat_map(|e| e.participants.iter().flatten());
    let people = visits.iter().flat_map(|v| v.visitor.values().chain(v.host.values()));
    parties.chain(people).map(String::as_str).collect()
}

/// A further prediction that may be a true event too minor for gold; `kept`: those matched or forgiven before it.
fn forgivable(gold: &[GoldEvent], p: &Event, known: &[&str], kept: &[&Event]) -> bool {
    let parties = names(p);
    let event_type = snake(&p.event_type);
    gold.iter().any(|g| g.event_type.has(Some(&event_type)))
        && !parties.is_empty()
        && parties.iter().all(|n| known.iter().any(|k| same_party(k, n)))
        && !kept.iter().any(|q| repeats(q, p))
}
