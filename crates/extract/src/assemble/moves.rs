//! Arrivals, departures and stays that say no destination ("he flew in on Sunday and is due to go home on Thursday"): they
//! give the first and the last day of a visit that is told elsewhere.

use chrono::NaiveDate;
use dateline_model::{PartialDate, VisitStatus};

use super::point;
use crate::chunk::{Kind, PlaceNp, Tense, Tokens, VerbGroup};
use crate::clause::Clause;
use crate::frame::Frame;
use crate::lexicon::{Chain, sym};
use crate::time::Value;
use crate::visit::{Draft, Reader};
use crate::when::{When, governor, lent_day, stated, time_tense};

/// Which end of a visit a move tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    In,
    Out,
    Stay,
}

/// One move of a visitor.
struct Move {
    /// Who; `None` where a visit is the subject ("the trip ended").
    visitor: Option<usize>,
    turn: Turn,
    when: When,
    /// It has happened.
    past: bool,
    /// The country that is entered or left, where it is said.
    country: Option<u32>,
    /// Sentence and chunk that tell it.
    at: (usize, usize),
    trigger: Tokens,
    rule: usize,
}

/// Applies the moves that the frames tell: first all arrivals, as a departure belongs to what has begun.
pub(super) fn apply(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let mut moves: Vec<Move> = frames.iter().flat_map(|f| read(reader, f)).collect();
    moves.sort_by_key(|m| m.turn == Turn::Out);
    for m in &moves {
        if let Some(i) = target(reader, drafts, m) {
            set(reader, &mut drafts[i], m);
        }
    }
}

/// "on Tuesday, the last day of her stay", "on the second day of his visit": the day itself, else that of the report.
pub(super) fn numbered_days(reader: &Reader<'_>, drafts: &mut [Draft]) {
    for (s, sentence) in reader.doc.sentences.iter().enumerate() {
        for (c, chunk) in sentence.chunks.iter().enumerate() {
            let Some(n) = numbered(reader, s, c) else { continue };
            let tense = sentence
                .clauses
                .iter()
                .find(|k| k.chunks.contains(&c))
                .map_or(crate::time::Tense::Past, |k| time_tense(k.group(&sentence.chunks)));
            let named = (c.saturating_sub(2)..c).rev().find_map(|k| match sentence.chunks[k].kind {
                Kind::Time(d) => Some((sentence.times[d].resolve(reader.doc.as_of, tense), sentence.chunks[k].tokens)),
                _ => None,
            });
            let day = named.as_ref().map_or(reader.doc.as_of, |(r, _)| r.start.and_then(PartialDate::day));
            let there = |d: &Draft| {
                sentence.clauses.iter().any(|k| {
                    k.chunks.contains(&c) && k.chunks.iter().any(|x| reader.entities.at((s, *x)) == Some(d.visitor))
                })
            };
            let Some(day) = day else { continue };
            // the leg that the day can belong to
            let fits = |d: &Draft| {
                d.when.start.is_none_or(|s| s.first_day() <= day) && d.when.end.is_none_or(|e| e.last_day() >= day)
            };
            let Some(d) = drafts.iter_mut().filter(|d| !d.background && there(d) && fits(d)).max_by_key(|d| d.weight)
            else {
                continue;
            };
            let path = if n == 0 { "period.end" } else { "period.start" };
            let value = PartialDate::Day(day - chrono::Days::new(u64::from(n.saturating_sub(1))));
            let old = if n == 0 { d.when.end } else { d.when.start };
            if old.is_some_and(|o| o.precision() == 2 || !o.contains(value)) {
                continue;
            }
            *(if n == 0 { &mut d.when.end } else { &mut d.when.start }) = Some(value);
            d.quotes.drop_path(path);
            d.quotes.add(path, (s, chunk.tokens), "time");
            if let Some((_, at)) = named {
                d.quotes.add(path, (s, at), "time");
            }
            d.quotes.add_dateline(path, "time:dateline");
        }
    }
}

/// The number of a day of a visit that a chunk names; 0 is the last.
fn numbered(reader: &Reader<'_>, s: usize, c: usize) -> Option<u32> {
    let sentence = &reader.doc.sentences[s];
    match &sentence.chunks[c].kind {
        Kind::Time(t) => match sentence.times[*t].value {
            Value::NthDay { n, .. } => Some(n),
            _ => None,
        },
        Kind::Noun(_) => {
            let of = sentence.chunks.get(c + 1).is_some_and(|k| k.sym == reader.engine.symbols.of);
            let visit = sentence.chunks.get(c + 2).is_some_and(|k| k.sym == reader.engine.symbols.visit_noun);
            let text = reader.doc.lower(s, sentence.chunks[c].tokens);
            let words: Vec<&str> = text.split_whitespace().collect();
            match words.as_slice() {
                [.., "last" | "final", "day"] if of && visit => Some(0),
                [.., n, "day"] if of && visit => crate::ordinal::number(n),
                _ => None,
            }
        }
        _ => None,
    }
}

fn read(reader: &Reader<'_>, frame: &Frame) -> Vec<Move> {
    let rule = reader.engine.rule(frame.rule);
    let s = &reader.doc.sentences[frame.sentence];
    let (Some(what), Some(clause)) = (rule.effects.moves.as_deref(), frame.clause.and_then(|k| s.clauses.get(k)))
    else {
        return vec![];
    };
    let mut when = stated(reader.engine, reader.doc, frame, false);
    if let Some(noun) = frame.slot("noun").first().copied() {
        let turn = match what {
            "first" => Turn::In,
            "last" => Turn::Out,
            _ => Turn::Stay,
        };
        let trigger = s.chunks[clause.verb.unwrap_or(noun)].tokens;
        let at = (frame.sentence, noun);
        let past = false;
        return vec![Move { visitor: None, turn, when, past, country: None, at, trigger, rule: frame.rule }];
    }
    let (Some(verb_at), Some(verb)) = (clause.verb, clause.group(&s.chunks)) else { return vec![] };
    let Some(tells) = frame.clause.and_then(|k| governor(reader.doc, frame.sentence, k)) else { return vec![] };
    if unsure(verb) || unsure(tells) {
        return vec![];
    }
    if when.period.start.is_none()
        && when.period.end.is_none()
        && what != "stay"
        && let Some((r, at)) = lent_day(reader.engine, reader.doc, frame, true)
    {
        when.add(&r, at);
    }
    // "left for Freetown in the afternoon": on the day of the report
    if when.period.start.is_none()
        && when.period.end.is_none()
        && what != "stay"
        && let (Some(day), Some(at)) = (reader.doc.as_of, part_of_day(reader, frame.sentence, clause))
    {
        when.period.start = Some(PartialDate::Day(day));
        when.start_at = Some((frame.sentence, at));
        when.relative = true;
    }
    // a day item in the present tense tells what happened ("returns home in the evening")
    let today = tells.tense == Tense::Present && when.period.start.is_some_and(|d| d.day() == reader.doc.as_of);
    let past = (matches!(tells.tense, Tense::Past | Tense::Perfect) || today) && tells.chain.is_empty();
    let one = |visitor: Option<usize>, turn: Turn, country: Option<u32>| Move {
        visitor,
        turn,
        when: when.clone(),
        past,
        country,
        at: (frame.sentence, verb_at),
        trigger: s.chunks[verb_at].tokens,
        rule: frame.rule,
    };
    let mut out = vec![];
    for (visitor, _) in reader.visitors(frame) {
        let home = reader.home(visitor);
        let way = Way::read(reader, frame.sentence, clause, verb_at, home);
        let away = |c: Option<u32>| c.filter(|c| Some(*c) != home);
        let homeward = way.home || way.to.is_some_and(|c| reader.at_home(&reader.entities.list[visitor], c, way.city));
        match what {
            "in" if homeward => out.push(one(Some(visitor), Turn::Out, away(way.from))),
            "in" if way.to.is_some() || way.sure => out.push(one(Some(visitor), Turn::In, way.to)),
            "go" | "out" if homeward => out.push(one(Some(visitor), Turn::Out, away(way.from))),
            "go" if way.from.is_some() && away(way.from).is_some() => out.push(one(Some(visitor), Turn::Out, way.from)),
            "out" if way.from == home && home.is_some() => {}
            "out" if away(way.from).is_some() => out.push(one(Some(visitor), Turn::Out, way.from)),
            "out" if way.to.is_none() && way.bare => out.push(one(Some(visitor), Turn::Out, None)),
            // "will be home for the weekend"
            "stay" if way.home => {}
            "stay" => out.push(one(Some(visitor), Turn::Stay, way.to.or(way.there))),
            _ => {}
        }
    }
    out
}

/// "in the evening", "at dawn": a part of a day that is not said.
fn part_of_day(reader: &Reader<'_>, sentence: usize, clause: &Clause) -> Option<Tokens> {
    let chunks = &reader.doc.sentences[sentence].chunks;
    let part = |c: &&usize| reader.engine.lexicon.name_of(chunks[**c].sym) == "daypart.n";
    clause.chunks.iter().find(part).map(|c| chunks[*c].tokens)
}

/// Nothing is known to have moved: it may, is wanted, is not.
fn unsure(v: &VerbGroup) -> bool {
    v.negated
        || v.unmade
        || v.tense == Tense::Possible
        || v.chain.iter().any(|(c, not)| {
            *not || matches!(c, Chain::Wanted | Chain::Wished | Chain::Refused | Chain::Rumored | Chain::Likely)
        })
}

/// Where a clause of motion leads.
#[derive(Default)]
struct Way {
    from: Option<u32>,
    to: Option<u32>,
    city: Option<u32>,
    /// The place that "where" stands for.
    there: Option<u32>,
    /// "flew home"
    home: bool,
    /// Nothing but adverbs, times and prepositions follows the verb: it is no "left office".
    bare: bool,
    /// The verb means an arrival without a place, too.
    sure: bool,
}

impl Way {
    fn read(reader: &Reader<'_>, sentence: usize, clause: &Clause, verb: usize, home: Option<u32>) -> Self {
        let (engine, doc) = (reader.engine, reader.doc);
        let chunks = &doc.sentences[sentence].chunks;
        let lower = |c: usize| doc.lower(sentence, chunks[c].tokens);
        let words = lower(verb);
        let last = words.split_whitespace().last().unwrap_or("").to_owned();
        let ground = |p: &PlaceNp| {
            let (country, city, _) = reader.resolve(p);
            (country.map(|c| reader.on_the_day(c)), city)
        };
        let there = clause.place.and_then(|c| match &chunks[c].kind {
            Kind::Place(p) => ground(p).0,
            _ => None,
        });
        let mut way = Self {
            there,
            home: words.split_whitespace().any(|w| w == "home"),
            bare: true,
            sure: ![
                "get", "got", "gets", "getting", "reach", "reached", "reaches", "come", "came", "comes", "coming", "it",
            ]
            .contains(&last.as_str()),
            ..Self::default()
        };
        let leaves = engine.lexicon.name_of(chunks[verb].sym).starts_with("leave");
        let mut preposition = "";
        let mut first = true;
        for c in clause.chunks.iter().copied().filter(|c| *c > verb) {
            match &chunks[c].kind {
                // "at 5:30 p.m. Manila time"; "left the palace"
                Kind::Place(PlaceNp::Venue(_)) => preposition = "",
                Kind::Place(_) if matches!(chunks[c - 1].kind, Kind::Time(_)) => {}
                Kind::Place(p) => {
                    let (country, city) = ground(p);
                    let vague = matches!(p, PlaceNp::Here | PlaceNp::Capital(None)) && country == home;
                    match preposition {
                        "from" | "of" => way.from = way.from.or(country),
                        _ if vague => {}
                        "" if leaves && first => way.from = way.from.or(country),
                        _ if way.to.is_none() => (way.to, way.city) = (country, city),
                        _ => {}
                    }
                    preposition = "";
                }
                Kind::Time(_) => preposition = "",
                Kind::Mark if chunks[c].sym == sym::ADVERB => way.home |= lower(c) == "home",
                Kind::Mark => {
                    preposition = engine.lexicon.name_of(chunks[c].sym);
                    if chunks[c].sym == sym::COMMA {
                        preposition = "";
                    }
                }
                _ => {
                    way.home |= lower(c) == "home";
                    way.bare &= !first || way.home;
                    preposition = "";
                }
            }
            first &= matches!(chunks[c].kind, Kind::Time(_)) || chunks[c].sym == sym::ADVERB;
        }
        way
    }
}

fn target(reader: &Reader<'_>, drafts: &[Draft], m: &Move) -> Option<usize> {
    if m.visitor.is_none() {
        return point::at_noun(reader, drafts, m.at);
    }
    let day = day_of(m);
    let alive = |d: &Draft| {
        !d.background && !matches!(d.status, VisitStatus::Cancelled | VisitStatus::Denied | VisitStatus::Postponed)
    };
    let fits = |d: &Draft| {
        let (began, latest) = (d.when.start.map(PartialDate::first_day), d.when.start.map(PartialDate::last_day));
        match (m.turn, day) {
            (_, None) => true,
            (Turn::In, Some(day)) => {
                !d.passed
                    && d.when.start.is_none_or(|s| s.contains(PartialDate::Day(day)))
                    && d.when.end.is_none_or(|e| e.last_day() >= day)
            }
            (_, Some(day)) => began.is_none_or(|b| b <= day) && latest.is_none_or(|l| (day - l).num_days() <= 45),
        }
    };
    let own = |d: &Draft| m.visitor.is_some_and(|v| v == d.visitor || stands_for(reader, v, d.visitor));
    // who goes on to somewhere on a day not said does not end this visit by going home
    let open_leg =
        |d: &Draft| d.when.start.is_none() && matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed);
    let homeward = m.turn == Turn::Out && m.country.is_none();
    if homeward && drafts.iter().filter(|d| own(d) && alive(d) && open_leg(d)).count() > 1 {
        return None;
    }
    drafts
        .iter()
        .enumerate()
        .filter(|(_, d)| own(d) && alive(d) && fits(d) && m.country.is_none_or(|c| c == d.country))
        .max_by_key(|(i, d)| {
            let under_way = matches!(d.status, VisitStatus::Ongoing | VisitStatus::Completed);
            let began = d.when.start.map(PartialDate::first_day);
            (under_way || !m.past, began.filter(|_| m.turn != Turn::In), d.weight, usize::MAX - *i)
        })
        .map(|(i, _)| i)
}

/// "the American", said of the one visitor of that country.
fn stands_for(reader: &Reader<'_>, said: usize, visitor: usize) -> bool {
    let (a, b) = (&reader.entities.list[said], &reader.entities.list[visitor]);
    a.group
        && !a.sent
        && !a.military
        && !b.group
        && a.country.is_some()
        && a.country == b.country
        && !a.name.contains(' ')
}

fn day_of(m: &Move) -> Option<NaiveDate> {
    let p = &m.when.period;
    match m.turn {
        Turn::Stay => p.end.or(p.start),
        _ => p.start,
    }
    .and_then(PartialDate::day)
}

fn set(reader: &Reader<'_>, d: &mut Draft, m: &Move) {
    let rule = reader.engine.rule(m.rule).name.as_str();
    let p = &m.when.period;
    let as_of = reader.doc.as_of;
    let mut took = false;
    if m.turn != Turn::Out
        && let (Some(start @ PartialDate::Day(_)), Some(at)) = (p.start, m.when.start_at)
        && d.when.start.is_none_or(|s| s.precision() < 2 && s.contains(start))
        && (m.turn == Turn::In || p.end.is_some())
    {
        d.when.start = Some(start);
        d.span = None;
        quote(d, "period.start", at, m, rule);
        took = true;
    }
    let end =
        if m.turn == Turn::Out { p.start.map(|s| (s, m.when.start_at)) } else { p.end.map(|e| (e, m.when.end_at)) };
    if let Some((end @ PartialDate::Day(last), Some(at))) = end
        && d.when.end.is_none()
        && d.when.start.is_none_or(|s| s.first_day() <= last)
    {
        d.when.end = Some(end);
        quote(d, "period.end", at, m, rule);
        took = true;
    }
    if let (Some(days), None, Some(at)) = (p.days, d.when.days, m.when.days_at)
        && m.turn == Turn::Stay
        && (m.visitor.is_some() || reader.doc.slice(m.at.0, m.trigger).contains("last"))
    {
        d.when.days = Some(days);
        quote(d, "period.days", at, m, rule);
        took = true;
    }
    if took && m.when.relative {
        for path in ["period.start", "period.end"] {
            if d.quotes.has(path) {
                d.quotes.add_dateline(path, "time:dateline");
            }
        }
    }
    if d.firm {
        return;
    }
    let before = d.status;
    let reached = day_of(m).is_none_or(|day| as_of.is_none_or(|a| day <= a));
    match m.turn {
        Turn::Out if m.past && reached => {
            d.status = VisitStatus::Completed;
            d.ended = true;
        }
        Turn::In
            if m.past
                && reached
                && matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed | VisitStatus::Rumored) =>
        {
            d.status = VisitStatus::Ongoing;
        }
        _ => {}
    }
    if d.status != before {
        d.quotes.drop_path("status");
        d.quotes.add("status", (m.at.0, m.trigger), rule);
    }
}

/// The time, and the words that say which end of the visit it is.
fn quote(d: &mut Draft, path: &str, at: (usize, Tokens), m: &Move, rule: &str) {
    d.quotes.drop_path(path);
    d.quotes.add(path, at, "time");
    d.quotes.add(path, (m.at.0, m.trigger), rule);
}
