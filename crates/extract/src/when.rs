//! When: the period of a frame from the time expressions around it.

mod legs;

use chrono::{Datelike as _, Days, NaiveDate};
use dateline_model::{PartialDate, Period};

use crate::Engine;
use crate::chunk::{Kind, NounNp, Tense, Tokens, VerbGroup};
use crate::clause::Link;
use crate::document::Document;
use crate::frame::Frame;
use crate::lexicon::Chain;
use crate::time::{self, Resolved, TimeKind};

pub(crate) use legs::own_days;

/// A period with the tokens behind each end of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct When {
    pub period: Period,
    /// First and last day of what the start names ("next week"), where it is fixed to the calendar.
    pub span: Option<(NaiveDate, NaiveDate)>,
    pub start_at: Option<(usize, Tokens)>,
    pub end_at: Option<(usize, Tokens)>,
    pub days_at: Option<(usize, Tokens)>,
    /// The anchor day was used.
    pub relative: bool,
    /// "every two months": a habit, no visit.
    pub habitual: bool,
}

/// The tense in which a verb group's dates are meant.
pub(crate) fn time_tense(v: Option<&VerbGroup>) -> time::Tense {
    let Some(v) = v else { return time::Tense::Unknown };
    if v.chain
        .iter()
        .any(|(c, _)| matches!(c, Chain::Planned | Chain::Expected | Chain::Likely | Chain::Wanted | Chain::Wished))
    {
        return time::Tense::Future;
    }
    match v.tense {
        Tense::Past | Tense::Perfect => time::Tense::Past,
        Tense::Future | Tense::Conditional | Tense::Possible => time::Tense::Future,
        Tense::Present | Tense::Progressive => time::Tense::Present,
        Tense::None => time::Tense::Unknown,
    }
}

impl When {
    /// Adds one resolved expression.
    pub(crate) fn add(&mut self, r: &Resolved, at: (usize, Tokens)) {
        match r.kind {
            TimeKind::Set => {
                self.habitual = true;
                return;
            }
            TimeKind::Clock | TimeKind::Since => return,
            TimeKind::Duration => {
                if self.period.days.is_none() && r.days.is_some() {
                    self.period.days = r.days;
                    self.days_at = Some(at);
                }
                return;
            }
            TimeKind::Until | TimeKind::By => {
                if self.period.end.is_none() && r.end.is_some() && r.kind == TimeKind::Until {
                    self.period.end = r.end;
                    self.end_at = Some(at);
                    self.relative |= r.relative;
                }
                return;
            }
            _ => {}
        }
        // A weekend is two days, not a month.
        let weekend = r.span.filter(|_| r.kind == TimeKind::Weekend);
        if let (Some((first, last)), None) = (weekend, self.period.start) {
            self.period.start = Some(PartialDate::Day(first));
            self.period.end = Some(PartialDate::Day(last));
            self.span = weekend;
            self.start_at = Some(at);
            self.end_at = Some(at);
            self.relative |= r.relative;
            return;
        }
        if self.period.start.is_some_and(|s| r.start.is_none_or(|n| n.precision() <= s.precision())) {
            return;
        }
        if r.start.is_some() {
            self.period.start = r.start;
            self.span = r.span;
            self.start_at = Some(at);
            self.relative |= r.relative;
        }
        if r.end.is_some() {
            self.period.end = r.end;
            self.end_at = Some(at);
        }
        if self.period.days.is_none() && r.kind == TimeKind::Range && r.days.is_some() {
            self.period.days = r.days;
            self.days_at = Some(at);
        }
    }

    /// The day read is the last one; a length gives the first.
    pub(crate) fn into_end(self) -> Self {
        let Some(PartialDate::Day(last)) = self.period.start else { return self };
        let days = self.period.days.filter(|d| *d > 0);
        let start = days.and_then(|d| last.checked_sub_days(Days::new(u64::from(d) - 1))).map(PartialDate::Day);
        Self {
            period: Period { start, end: Some(PartialDate::Day(last)), days: self.period.days },
            span: None,
            start_at: start.and(self.days_at),
            end_at: self.start_at,
            ..self
        }
    }

    /// "flies there this weekend": that is when the journey begins, not the whole of it.
    pub(crate) fn into_weekend_start(mut self) -> Self {
        if self.start_at.is_some()
            && self.start_at == self.end_at
            && self.period.days.is_none()
            && let (Some((first, last)), Some(PartialDate::Day(_))) = (self.span, self.period.start)
            && first.weekday() == chrono::Weekday::Sat
            && (last - first).num_days() == 1
        {
            self.period.end = None;
            self.end_at = None;
            self.period.start =
                (first.month() == last.month()).then(|| PartialDate::Month(first.year(), first.month()));
            if self.period.start.is_none() {
                self.start_at = None;
            }
        }
        self
    }

    /// A lone day is that of the talks, not of the visit: of it only the month is known.
    pub(crate) fn into_month(mut self) -> Self {
        if self.period.end.is_none()
            && let Some(start) = self.period.start
        {
            self.period.start = Some(start.to_month());
        }
        self
    }

    /// A start and a length give the end.
    pub(crate) fn close(&mut self) {
        if self.period.end.is_none()
            && let (Some(PartialDate::Day(start)), Some(days)) = (self.period.start, self.period.days)
            && days > 0
            && let Some(end) = start.checked_add_days(Days::new(u64::from(days) - 1))
        {
            self.period.end = Some(PartialDate::Day(end));
            self.end_at = self.days_at;
        }
        if let (Some(PartialDate::Day(start)), Some(PartialDate::Day(end))) = (self.period.start, self.period.end)
            && end < start
        {
            self.period.end = None;
            self.end_at = None;
        }
    }
}

/// The period as stated: no end is reckoned yet.
pub(crate) fn stated(engine: &Engine, doc: &Document<'_>, frame: &Frame, reported: bool) -> When {
    let sentence = &doc.sentences[frame.sentence];
    let mut when = When::default();
    let verb = frame.verb(doc);
    let tense = match time_tense(verb) {
        // "lands on Monday before going on to Oslo on Friday"
        time::Tense::Unknown => {
            time_tense(frame.clause.and_then(|k| governor(doc, frame.sentence, k)).filter(|g| g.finite))
        }
        // "cut short a visit on Sunday"
        time::Tense::Present if engine.rule(frame.rule).effects.status.as_deref() == Some("completed") => {
            time::Tense::Past
        }
        own => own,
    };
    let clause = frame.clause.and_then(|k| sentence.clauses.get(k));
    let noun_at = frame.slot("noun").first().copied();
    let place = |c: &usize| !matches!(sentence.chunks[*c].kind, Kind::Time(_) | Kind::Mark);
    let place_at = frame.slot("destination").iter().rev().copied().find(place);
    // the length of a journey to several countries is that of all its legs
    let legs = frame.slot("destination").iter().filter(|c| matches!(sentence.chunks[**c].kind, Kind::Place(_))).count();
    let of_noun = |when: &mut When, noun: &NounNp, own: bool| {
        let tour = is_tour(doc, frame.sentence, noun) || (own && legs > 1);
        for t in noun.times.iter().filter(|t| !(tour && sentence.times[**t].kind() == TimeKind::Duration)) {
            let e = &sentence.times[*t];
            when.add(&e.resolve(doc.as_of, tense), (frame.sentence, (e.tokens.start as u32, e.tokens.end as u32)));
        }
    };
    if let Some((_, noun)) = frame.noun(doc) {
        of_noun(&mut when, noun, true);
    }
    for c in around(engine, doc, frame) {
        let chunk = &sentence.chunks[c];
        // what is told since when is no date of the visit
        if chunk.sym == engine.symbols.since {
            break;
        }
        // "announced on Sunday": the day of the report, unless it stands behind the noun and its place
        if reported
            && place_at.or(noun_at).is_none_or(|n| {
                c < n
                    || (noun_at.is_some()
                        && Some(c) != place_at.map(|p| p + 1)
                        && c != n + 1
                        && !near(c, place_at, noun_at))
            })
        {
            continue;
        }
        match &chunk.kind {
            Kind::Time(t) => {
                let e = &sentence.times[*t];
                // "put off to October": a day to come
                let before = c.checked_sub(1).map(|b| engine.lexicon.name_of(sentence.chunks[b].sym));
                let later = engine.rule(frame.rule).effects.status.as_deref() == Some("postponed")
                    && matches!(before, Some("to" | "until"));
                let mut r = e.resolve(doc.as_of, if later { time::Tense::Future } else { tense });
                // "put off his departure until Sunday"
                let moved = |v: &VerbGroup| {
                    v.syms.iter().any(|x| {
                        matches!(engine.lexicon.name_of(*x), "postpone.v" | "extend.v" | "postpone.vp" | "extend.vp")
                    })
                };
                if r.kind == TimeKind::Until && verb.is_some_and(moved) {
                    r = e.resolve(doc.as_of, time::Tense::Future);
                }
                // "has been there since Thursday": that is when it began
                let there = engine.rule(frame.rule).effects.phase.as_deref() == Some("at");
                if r.kind == TimeKind::Since && there && verb.is_some_and(|v| v.tense == Tense::Perfect) {
                    r.kind = TimeKind::Day;
                }
                // "before April 19, when he visits"
                let opens = clause.is_some_and(|k| {
                    matches!(k.link, Link::Adverbial(s) if s == engine.symbols.when)
                        && !k.subject.contains(&c)
                        && k.subject.iter().all(|x| *x > c)
                });
                if opens && r.start.is_none() {
                    (r.start, r.end, r.kind) = (r.end, None, TimeKind::Day);
                }
                // "the first in 20 years" is no plan
                let further = r.kind == TimeKind::Duration
                    && c.checked_sub(1).is_some_and(|b| sentence.chunks[b].sym == engine.symbols.by);
                let far = r.start.zip(doc.as_of).is_some_and(|(d, a)| d.year() > a.year() + 3);
                // "extended the visit by a day": no length
                if !far && !further {
                    when.add(&r, (frame.sentence, chunk.tokens));
                }
            }
            // "went there for a one-day summit"
            Kind::Noun(n) if chunk.sym == engine.symbols.summit_noun && engine.rule(frame.rule).makes == "visit" => {
                for t in &n.times {
                    let e = &sentence.times[*t];
                    let r = e.resolve(doc.as_of, tense);
                    if r.kind == TimeKind::Duration && r.days == Some(1) {
                        when.add(&r, (frame.sentence, (e.tokens.start as u32, e.tokens.end as u32)));
                    }
                }
            }
            // "on a four-day visit" beside the frame's own noun
            Kind::Noun(n)
                if !reported
                    && engine.rule(frame.rule).makes == "visit"
                    && Some(c) != noun_at
                    && is_visit_noun(doc, frame, c) =>
            {
                of_noun(&mut when, n, false);
            }
            _ => {}
        }
    }
    when
}

/// The chunks in which a frame's dates stand.
fn around(engine: &Engine, doc: &Document<'_>, frame: &Frame) -> Vec<usize> {
    let sentence = &doc.sentences[frame.sentence];
    match frame.clause.and_then(|k| sentence.clauses.get(k)) {
        // a rule over the sentence reads on behind its clause
        Some(c) if engine.rule(frame.rule).over == crate::rules::Over::Sentence => {
            let tail = frame.span.1 + 1..(frame.span.1 + 4).min(sentence.chunks.len());
            let plain = |k: &usize| {
                !matches!(sentence.chunks[*k].kind, Kind::Verb(_))
                    && sentence.chunks[*k].sym != crate::lexicon::sym::COMMA
            };
            let aside = (frame.span.0..=frame.span.1).filter(|k| {
                // what the rule itself reads over is its own ("the last minister to come was X, in 2005")
                matches!(sentence.chunks[*k].kind, Kind::Time(_))
                    || sentence.clauses.iter().any(|x| x.link == Link::Aside && x.chunks.contains(k))
            });
            let mut all: Vec<usize> = c.chunks.iter().copied().chain(aside).chain(tail.take_while(plain)).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        // "In 1992 she became the first minister to visit Oslo"
        Some(c)
            if c.link == Link::Infinitive
                && !c.chunks.iter().any(|k| matches!(sentence.chunks[*k].kind, Kind::Time(_))) =>
        {
            let first = c.parent.and_then(|p| sentence.clauses.get(p)).filter(|p| {
                p.verb.is_some_and(|v| {
                    let text = doc.slice(frame.sentence, sentence.chunks[v].tokens).to_lowercase();
                    text.starts_with("bec") || text == "was" || text == "is"
                })
            });
            let days = first.into_iter().flat_map(|p| p.chunks.iter().copied());
            c.chunks.iter().copied().chain(days.filter(|k| matches!(sentence.chunks[*k].kind, Kind::Time(_)))).collect()
        }
        Some(c) => c.chunks.clone(),
        None => (frame.span.0..=frame.span.1).collect(),
    }
}

/// The day of the clause that a clause without a time of its own hangs on: "signed a contract on Friday, ending a visit",
/// "saw the speaker on Tuesday before leaving", "hours after he landed".
/// `beside`: of a clause that shares its subject, too ("scrapped the trip on Monday and flew home").
pub(crate) fn lent_day(
    engine: &Engine,
    doc: &Document<'_>,
    frame: &Frame,
    beside: bool,
) -> Option<(Resolved, (usize, Tokens))> {
    let sentence = &doc.sentences[frame.sentence];
    let own = frame.clause?;
    let clause = sentence.clauses.get(own)?;
    let dated = |k: usize| sentence.clauses[k].chunks.iter().any(|c| matches!(sentence.chunks[*c].kind, Kind::Time(_)));
    let opening = match clause.link {
        Link::Participle => clause.verb?,
        Link::Coordinate if beside => clause.verb?,
        Link::Adverbial(_) => *clause.chunks.iter().min()?,
        _ => return None,
    };
    // "two weeks after he left": no day of his
    if let Some(before) = opening.checked_sub(2).map(|c| &sentence.chunks[c])
        && matches!(before.kind, Kind::Time(_))
        && [engine.symbols.after, engine.symbols.before].contains(&sentence.chunks[opening - 1].sym)
        && !hours(doc, frame.sentence, opening - 2)
        && !matches!(&before.kind, Kind::Time(t) if sentence.times[*t].kind() == TimeKind::Day)
    {
        return None;
    }
    let main = clause
        .parent
        .filter(|p| sentence.clauses[*p].verb.is_some())
        .into_iter()
        .chain((0..sentence.clauses.len()).filter(|k| *k != own && sentence.clauses[*k].link != Link::Relative))
        .find(|k| dated(*k))?;
    let tense = time_tense(sentence.clauses[main].group(&sentence.chunks));
    sentence.clauses[main].chunks.iter().rev().find_map(|c| match &sentence.chunks[*c].kind {
        Kind::Time(t) => {
            let r = sentence.times[*t].resolve(doc.as_of, tense);
            (r.kind == TimeKind::Day && matches!(r.start, Some(PartialDate::Day(_))))
                .then_some((r, (frame.sentence, sentence.chunks[*c].tokens)))
        }
        _ => None,
    })
}

/// "which was to have taken place next week", "planned for Monday": the old date of what was put off.
pub(crate) fn planned_for(doc: &Document<'_>, sentence: usize, when: &mut When) {
    let s = &doc.sentences[sentence];
    for clause in &s.clauses {
        let Some(v) = clause.group(&s.chunks) else { continue };
        let text = clause.verb.map_or("", |c| doc.slice(sentence, s.chunks[c].tokens)).to_lowercase();
        let planned = v.chain.iter().any(|(c, _)| matches!(c, Chain::Planned | Chain::Expected))
            || text.ends_with("planned")
            || text.ends_with("scheduled");
        if !planned {
            continue;
        }
        for c in &clause.chunks {
            if let Kind::Time(t) = s.chunks[*c].kind {
                when.add(&s.times[t].resolve(doc.as_of, time::Tense::Future), (sentence, s.chunks[*c].tokens));
            }
        }
    }
}

/// The verb group that says when a clause happens: its own, or for a participle that of the clause it hangs on.
pub(crate) fn governor<'d>(doc: &'d Document<'_>, sentence: usize, clause: usize) -> Option<&'d VerbGroup> {
    let s = &doc.sentences[sentence];
    let own = s.clauses.get(clause)?;
    let group = own.group(&s.chunks)?;
    if group.finite || group.infinitive {
        return Some(group);
    }
    own.parent
        .into_iter()
        .chain((0..s.clauses.len()).filter(|k| *k != clause && s.clauses[*k].link != Link::Relative))
        .filter_map(|k| s.clauses[k].group(&s.chunks))
        .find(|v| v.finite)
        .or(Some(group))
}

fn hours(doc: &Document<'_>, sentence: usize, chunk: usize) -> bool {
    let text = doc.lower(sentence, doc.sentences[sentence].chunks[chunk].tokens);
    text.contains("hour") || text.contains("minute")
}

/// The length of a tour is that of all its legs.
pub(crate) fn is_tour(doc: &Document<'_>, sentence: usize, noun: &NounNp) -> bool {
    let text = doc.lower(sentence, noun.name);
    ["tour", "swing"].iter().any(|w| text.ends_with(w))
        || ["-country", "-nation", "-leg", "-stop", "-city"].iter().any(|w| text.contains(w))
}

/// Within two chunks behind the place (or the noun): "his visit to Russia in May".
fn near(c: usize, place: Option<usize>, noun: Option<usize>) -> bool {
    place.or(noun).is_some_and(|p| c > p && c <= p + 2)
}

fn is_visit_noun(doc: &Document<'_>, frame: &Frame, c: usize) -> bool {
    let chunk = &doc.sentences[frame.sentence].chunks[c];
    let Kind::Noun(n) = &chunk.kind else { return false };
    let head = doc.lower(frame.sentence, n.head);
    ["visit", "trip", "tour", "stay", "stopover", "journey", "swing", "mission"].contains(&&*head)
}
