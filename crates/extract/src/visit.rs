//! From frames to the visits of an article: who, where, when, in which state, as which kind, hosted by whom.

use dateline_model::{
    Actor, Attribution, Certainty, Ordinal, PartialDate, Period, Place, Plover, Visit, VisitKind, VisitStatus, Visitor,
};

use crate::Engine;
use crate::attribution::{Source, attribution};
use crate::chunk::{Kind, NounNp, Owner, PlaceNp, Tense, Tokens};
use crate::document::Document;
use crate::entity::{Entities, Entity, resolve_place};
use crate::frame::Frame;
use crate::lexicon::AdjKind;
use crate::modality::{Phase, against_calendar, judge};
use crate::quote::Quotes;
use crate::when::{When, period};

/// A visit in the making: one frame's reading, or several merged.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub visitor: usize,
    pub country: u32,
    pub city: Option<u32>,
    pub venue: Option<u32>,
    pub status: VisitStatus,
    pub certainty: Certainty,
    pub kind: VisitKind,
    pub host: Option<usize>,
    pub when: Period,
    pub attribution: Option<Source>,
    pub ordinal: Option<Ordinal>,
    pub purpose: Option<String>,
    /// The first sentence that tells it, and the first of the text.
    pub sentence: usize,
    pub weight: u32,
    pub background: bool,
    pub confidence: f32,
    pub quotes: Quotes,
    /// The rule says that this is the status, whatever tense.
    pub firm: bool,
    /// The text tells its end.
    pub ended: bool,
}

/// What a frame without a destination says of a visit that is told elsewhere: "the trip was postponed".
#[derive(Debug, Clone)]
pub(crate) struct Pointer {
    pub at: (usize, usize),
    pub visitor: Option<usize>,
    pub status: VisitStatus,
    pub firm: bool,
    pub when: Period,
    pub new_dates: bool,
    pub ends: bool,
    pub source: Option<Source>,
    pub quotes: Quotes,
}

/// What one frame gives.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub drafts: Vec<Draft>,
    pub pointer: Option<Pointer>,
}

/// The readings of all visit frames, one for each visitor and destination.
pub(crate) struct Reader<'a> {
    pub engine: &'a Engine,
    pub doc: &'a Document<'a>,
    pub entities: &'a Entities,
    /// Countries that the article speaks of: they tell which city a name means.
    pub context: Vec<u32>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(engine: &'a Engine, doc: &'a Document<'a>, entities: &'a Entities) -> Self {
        let mut context = vec![];
        for s in &doc.sentences {
            for c in &s.chunks {
                match &c.kind {
                    Kind::Place(PlaceNp::Country(x)) => context.push(*x),
                    Kind::Person(p) => context.extend(p.country),
                    Kind::Group(g) => context.extend(g.country),
                    Kind::Noun(n) => context.extend(n.countries.iter().map(|(c, _)| *c)),
                    _ => {}
                }
            }
        }
        context.sort_unstable();
        context.dedup();
        Self { engine, doc, entities, context }
    }

    /// The visits that one frame tells.
    pub(crate) fn read(&self, frame: &Frame) -> Reading {
        let rule = self.engine.rule(frame.rule);
        let effects = &rule.effects;
        let phase = effects.phase.as_deref().and_then(Phase::parse).unwrap_or(Phase::Whole);
        let source = attribution(self.engine, self.doc, self.entities, frame);
        let Some((mut status, mut certainty)) = self.status(frame, phase, source.is_some()) else {
            return Reading::default();
        };
        if effects.only_made && !matches!(status, VisitStatus::Ongoing | VisitStatus::Completed) {
            return Reading::default();
        }
        let firm = effects.status.is_some();
        if let Some(s) = effects.status.as_deref().and_then(status_by_name) {
            status = s;
        }
        let mut when = period(self.engine, self.doc, frame, effects.reported);
        if effects.dates.as_deref() == Some("end") {
            // "ended a three-day visit on Friday": the day is the last one
            when = when.into_end();
        }
        if effects.dates.as_deref() == Some("month") {
            when = when.into_month();
        }
        if !firm {
            status = against_calendar(status, &when.period, self.doc.as_of);
        }
        let denied = source.as_ref().is_some_and(|s| s.denies);
        if denied {
            (status, certainty) = (VisitStatus::Denied, Certainty::Denied);
        }
        let firm = firm || denied;
        if let Some(s) = source.as_ref().filter(|_| !denied) {
            if s.certainty != Certainty::Stated && certainty == Certainty::Stated {
                certainty = s.certainty;
                if s.certainty == Certainty::Rumored && matches!(status, VisitStatus::Planned) {
                    status = VisitStatus::Rumored;
                }
            }
            if status == VisitStatus::Planned
                && s.official
                && certainty == Certainty::Stated
                && when.period.start.is_some_and(|d| d.precision() > 0)
            {
                status = VisitStatus::Confirmed;
            }
        }
        let places = self.places(frame);
        let visitors = self.visitors(frame);
        if places.is_empty() {
            let visitor = visitors.first().map(|(v, _)| *v);
            let mut quotes = Quotes::default();
            quotes.add("status", (frame.sentence, self.trigger(frame)), &rule.name);
            for (path, at) in [("period.start", when.start_at), ("period.end", when.end_at)] {
                if let Some(at) = at {
                    quotes.add(path, at, "time");
                    if when.relative {
                        quotes.add_dateline(path, "time:dateline");
                    }
                }
            }
            if let Some(a) = &source {
                quotes.add("attribution.source", a.at, "attribution");
                if let Some(at) = a.reported_at {
                    quotes.add("attribution.reported_on", at, "time");
                }
            }
            let noun = frame.slot("noun").first().copied();
            return Reading {
                drafts: vec![],
                pointer: Some(Pointer {
                    at: (frame.sentence, noun.unwrap_or(frame.span.0)),
                    visitor,
                    status,
                    firm,
                    when: when.period,
                    new_dates: effects.dates.as_deref() == Some("new"),
                    ends: effects.dates.as_deref() == Some("end"),
                    source,
                    quotes,
                }),
            };
        }
        let mut out = vec![];
        for (visitor, visitor_at) in &visitors {
            for (place, place_at) in &places {
                if let Some(d) = self.draft(
                    frame,
                    (*visitor, *visitor_at),
                    (place, *place_at),
                    &when,
                    status,
                    certainty,
                    source.as_ref(),
                ) {
                    out.push(Draft { firm, ..d });
                }
            }
        }
        Reading { drafts: out, pointer: None }
    }

    #[allow(clippy::too_many_arguments)]
    fn draft(
        &self,
        frame: &Frame,
        (visitor, visitor_at): (usize, usize),
        (place, place_at): (&PlaceNp, Tokens),
        when: &When,
        status: VisitStatus,
        certainty: Certainty,
        source: Option<&Source>,
    ) -> Option<Draft> {
        let rule = self.engine.rule(frame.rule);
        let entity = &self.entities.list[visitor];
        let (country, city, venue) = resolve_place(self.engine, self.doc, place, &self.context);
        let country = self.on_the_day(country?);
        let home = entity.country.map(|c| self.on_the_day(c));
        let body = ["UN", "EU"].contains(&&*self.engine.gazetteer.country(country).code);
        if body || home == Some(country) || !self.eligible(entity, country) {
            return None;
        }
        let s = frame.sentence;
        let name = rule.name.as_str();
        let mut quotes = Quotes::default();
        let visitor_tokens = self.doc.sentences[s].chunks[visitor_at].tokens;
        quotes.add("visitor.name", (s, visitor_tokens), name);
        quotes.add("visitor.name", (entity.name_at.0, entity.name_at.1), "coref:name");
        quotes.add("destination.country", (s, place_at), name);
        if city.is_some() {
            quotes.add("destination.city", (s, place_at), name);
        }
        if venue.is_some() {
            quotes.add("destination.venue", (s, place_at), name);
        }
        let trigger = self.trigger(frame);
        quotes.add("status", (s, trigger), name);
        quotes.add("certainty", (s, trigger), name);
        for (path, at) in [("period.start", when.start_at), ("period.end", when.end_at), ("period.days", when.days_at)]
        {
            if let Some(at) = at {
                quotes.add(path, at, "time");
                if when.relative && path != "period.days" {
                    quotes.add_dateline(path, "time:dateline");
                }
            }
        }
        let mut kind = rule.effects.kind.as_deref().and_then(kind_by_name).unwrap_or_default();
        for noun in self.nouns(frame) {
            if let Some((k, span)) = kind_of(noun) {
                kind = k;
                quotes.add("visit_kind", (s, span), name);
            }
        }
        if kind == VisitKind::Unspecified
            && let Some(span) = self.summit_beside(frame)
        {
            kind = VisitKind::Summit;
            quotes.add("visit_kind", (s, span), "summit");
        }
        if kind != VisitKind::Unspecified && !quotes.has("visit_kind") {
            quotes.add("visit_kind", (s, trigger), name);
        }
        let mut ordinal = None;
        for noun in self.nouns(frame) {
            if let Some((n, span)) = noun.ordinal
                && self.owned_by(noun, frame, visitor)
            {
                let since = self.since(frame);
                ordinal = Some(Ordinal { n, since: since.map(|(d, _)| d) });
                quotes.add("ordinal.n", (s, span), name);
                if let Some((_, at)) = since {
                    quotes.add("ordinal.since", at, "time");
                }
            }
        }
        let host = self.host(frame, visitor, country, &mut quotes);
        let purpose = self.purpose(frame, &mut quotes);
        if let Some(a) = source {
            quotes.add("attribution.source", a.at, "attribution");
            if let Some(at) = a.reported_at {
                quotes.add("attribution.reported_on", at, "time");
            }
        }
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        let background = self.background(when, status);
        Some(Draft {
            visitor,
            country,
            city,
            venue,
            status,
            certainty,
            kind,
            host,
            when: when.period,
            attribution: source.cloned(),
            ordinal,
            purpose,
            sentence: s,
            weight: u32::from(s < body) * 2 + u32::from(s.saturating_sub(body) < 2),
            background,
            confidence: rule.effects.confidence.unwrap_or(0.8),
            quotes,
            firm: false,
            ended: rule.effects.phase.as_deref() == Some("end") || self.behind_after(frame),
        })
    }

    fn on_the_day(&self, country: u32) -> u32 {
        self.doc.day.map_or(country, |d| self.engine.gazetteer.country_at(country, d))
    }

    /// Officials, envoys, legislators, party, religious and royal persons, and delegations travel as visitors that count.
    fn eligible(&self, e: &Entity, country: u32) -> bool {
        if e.group {
            let many = e.count.is_some()
                && ["leaders", "heads", "presidents", "ministers", "dignitaries", "kings"]
                    .iter()
                    .any(|w| e.name.contains(w));
            return e.sent && !e.military && (many || e.country_at.is_some() || e.organisation.is_some());
        }
        if e.country.is_none() && e.organisation.is_none() {
            return self.comes_from_elsewhere(e, country);
        }
        if e.weak && e.role.is_none() {
            return false;
        }
        match e.role {
            Some(r) => self.engine.gazetteer.role(r).visitor && (!e.anonymous || e.country.is_some()),
            None => e.leader && e.country.is_some(),
        }
    }

    /// A minister whose country is not said is no local where the dateline is in another country than the destination.
    fn comes_from_elsewhere(&self, e: &Entity, destination: u32) -> bool {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState, Minister};
        let office = e
            .role
            .is_some_and(|r| matches!(self.engine.gazetteer.role(r).class, HeadOfState | HeadOfGovernment | Minister));
        let ground = self
            .doc
            .dateline
            .place
            .as_ref()
            .and_then(|(p, _)| resolve_place(self.engine, self.doc, p, &self.context).0);
        office && e.named && !e.anonymous && ground.is_some_and(|g| self.on_the_day(g) != destination)
    }

    /// Visitors of a frame: those of the slot, else the noun's owner, else the clause's subject.
    fn visitors(&self, frame: &Frame) -> Vec<(usize, usize)> {
        let sentence = &self.doc.sentences[frame.sentence];
        let mut out: Vec<(usize, usize)> = vec![];
        let mut add = |chunk: usize| {
            if let Some(e) = self.entities.at((frame.sentence, chunk))
                && !out.iter().any(|(x, _)| *x == e)
            {
                out.push((e, chunk));
            }
        };
        for c in frame.slots.iter().filter(|(n, _)| n == "visitor").flat_map(|(_, c)| c) {
            add(*c);
        }
        if frame.slot("visitor").is_empty()
            && let Some((at, noun)) = frame.noun(self.doc)
        {
            match noun.owner {
                Some(Owner::Chunk(c)) => add(c),
                Some(Owner::Pronoun(p)) => {
                    if let Some(e) = self.entities.recent(self.doc, (frame.sentence, at), p) {
                        return vec![(e, at)];
                    }
                }
                None => {
                    let subject = frame
                        .clause
                        .and_then(|k| sentence.clauses.get(k))
                        .map(|c| c.subject.clone())
                        .unwrap_or_default();
                    if self.engine.rule(frame.rule).effects.subject_visits || self.adverbial(frame.sentence, at) {
                        for c in subject.into_iter().filter(|c| *c != at) {
                            add(c);
                        }
                    }
                    if out.is_empty() {
                        // "a Chinese visit to Moscow" has no visitor to name
                        return vec![];
                    }
                }
            }
        }
        out
    }

    /// "after a four-day visit to": the visit is over.
    fn behind_after(&self, frame: &Frame) -> bool {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let noun = frame
            .slot("noun")
            .first()
            .copied()
            .filter(|_| self.engine.rule(frame.rule).over == crate::rules::Over::Sentence);
        noun.and_then(|n| n.checked_sub(1)).is_some_and(|b| chunks[b].sym == self.engine.symbols.after)
    }

    /// A visit noun behind a preposition is the setting of what the subject does: "said during a visit to", "at the end of a visit".
    fn adverbial(&self, sentence: usize, noun: usize) -> bool {
        let chunks = &self.doc.sentences[sentence].chunks;
        let Some(before) = noun.checked_sub(1) else { return false };
        let symbols = &self.engine.symbols;
        let edge = |c: usize| {
            let text = self.doc.slice(sentence, chunks[c].tokens).to_lowercase();
            ["end", "start", "beginning", "eve", "conclusion", "part", "close", "leg"]
                .iter()
                .any(|w| text.split_whitespace().any(|x| x == *w))
        };
        if chunks[before].sym == symbols.of {
            return before > 0 && edge(before - 1);
        }
        symbols.settings.contains(&chunks[before].sym)
    }

    /// Destinations of a frame: those of the slot, the noun's own place, or where the rule says.
    fn places(&self, frame: &Frame) -> Vec<(PlaceNp, Tokens)> {
        let sentence = &self.doc.sentences[frame.sentence];
        let mut out: Vec<(PlaceNp, Tokens)> = vec![];
        for c in frame.slot("destination") {
            let chunk = &sentence.chunks[*c];
            match &chunk.kind {
                Kind::Place(p) => out.push((p.clone(), chunk.tokens)),
                Kind::Org(o) => {
                    let org = self.engine.gazetteer.organisation(*o);
                    if let Some(city) = org.city {
                        out.push((PlaceNp::Cities(vec![city]), chunk.tokens));
                    }
                }
                Kind::Noun(n) => out.extend(n.places.iter().cloned()),
                Kind::Mark if self.engine.lexicon.name_of(chunk.sym) == "here" => {
                    out.push((PlaceNp::Here, chunk.tokens));
                }
                _ => {}
            }
        }
        if out.is_empty()
            && let Some((_, noun)) = frame.noun(self.doc)
        {
            out.extend(noun.places.iter().cloned());
            if out.is_empty()
                && let Some(event) = noun.event
                && self.engine.rule(frame.rule).effects.destination.as_deref() == Some("event")
            {
                out.extend(self.event_place(event, noun.head));
            }
        }
        if out.is_empty() {
            match self.engine.rule(frame.rule).effects.destination.as_deref() {
                Some("host") => {
                    for c in frame.slot("host") {
                        if let Some(e) = self.entities.at((frame.sentence, *c))
                            && let Some(country) = self.entities.list[e].country
                        {
                            out.push((PlaceNp::Country(country), sentence.chunks[*c].tokens));
                            break;
                        }
                        if let Kind::Place(p) = &sentence.chunks[*c].kind {
                            out.push((p.clone(), sentence.chunks[*c].tokens));
                            break;
                        }
                    }
                }
                Some("other") => {
                    // "met the visiting minister": the country of whom the visitor meets, else the dateline's
                    let visitor = frame.slot("visitor").first().and_then(|c| self.entities.at((frame.sentence, *c)));
                    let home = visitor.and_then(|v| self.entities.list[v].country);
                    let clause = frame
                        .clause
                        .and_then(|k| sentence.clauses.get(k))
                        .map(|c| c.chunks.clone())
                        .unwrap_or_default();
                    let met = clause.iter().find_map(|c| {
                        let e = self.entities.at((frame.sentence, *c))?;
                        let country = self.entities.list[e]
                            .country
                            .filter(|x| Some(*x) != home && Some(e) != visitor && !self.entities.list[e].group)?;
                        Some((PlaceNp::Country(country), sentence.chunks[*c].tokens))
                    });
                    let here = self.doc.dateline.place.as_ref().map(|(p, _)| (p.clone(), self.trigger(frame)));
                    out.extend(met.or(here));
                }
                Some("dateline_of_local") => {
                    // "met the Serbian president" under a dateline of Belgrade
                    if let Some((p, _)) = &self.doc.dateline.place {
                        let ground = resolve_place(self.engine, self.doc, p, &self.context).0;
                        let local = frame.slots.iter().flat_map(|(_, c)| c).find(|c| {
                            let e = self.entities.at((frame.sentence, **c)).map(|e| &self.entities.list[e]);
                            e.is_some_and(|e| {
                                e.country.is_some()
                                    && e.country.map(|c| self.on_the_day(c)) == ground.map(|c| self.on_the_day(c))
                            })
                        });
                        out.extend(local.map(|c| (p.clone(), sentence.chunks[*c].tokens)));
                    }
                }
                Some("here") => {
                    if let Some((p, _)) = &self.doc.dateline.place {
                        out.push((p.clone(), self.trigger(frame)));
                    }
                }
                _ => {}
            }
        }
        // "Moscow and Russia": one destination, the finer one
        let mut seen: Vec<u32> = vec![];
        out.sort_by_key(|(p, _)| matches!(p, PlaceNp::Country(_)));
        out.retain(|(p, _)| match resolve_place(self.engine, self.doc, p, &self.context).0 {
            Some(c) if !seen.contains(&c) => {
                seen.push(c);
                true
            }
            _ => false,
        });
        out
    }

    fn event_place(&self, event: u32, head: Tokens) -> Option<(PlaceNp, Tokens)> {
        let e = self.engine.gazetteer.event(event);
        let edition = self.doc.day.and_then(|d| e.edition_near(d, None));
        let city = edition.as_ref().and_then(|x| x.city).or(e.city);
        let country = edition.as_ref().and_then(|x| x.country).or(e.country);
        city.map(|c| (PlaceNp::Cities(vec![c]), head)).or(country.map(|c| (PlaceNp::Country(c), head)))
    }

    pub(crate) fn trigger(&self, frame: &Frame) -> Tokens {
        let s = &self.doc.sentences[frame.sentence];
        if let Some((at, _)) = frame.noun(self.doc) {
            return s.chunks[at].tokens;
        }
        let verb = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
        s.chunks[verb.unwrap_or(frame.span.0)].tokens
    }

    fn status(&self, frame: &Frame, phase: Phase, says: bool) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        let rule = self.engine.rule(frame.rule);
        if let Some((at, noun)) = frame.noun(self.doc)
            && rule.over == crate::rules::Over::Sentence
        {
            return self.noun_status(frame, at, noun, says);
        }
        let verb = frame.verb(self.doc)?;
        let verb_at = clause.and_then(|c| c.verb).and_then(|v| v.checked_sub(1)).map(|b| s.chunks[b].sym);
        if !verb.finite && !verb.infinitive && verb_at == Some(self.engine.symbols.after) {
            return Some((VisitStatus::Completed, Certainty::Stated));
        }
        if !verb.finite && !verb.infinitive && verb_at == Some(self.engine.symbols.before) {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        if verb.infinitive || (!verb.finite && verb.tense == Tense::None) {
            // A bare infinitive or participle stands under what governs it.
            let parent = clause.and_then(|c| c.parent).and_then(|p| s.clauses.get(p));
            let Some(governor) = parent.and_then(|p| p.group(&s.chunks)) else {
                return if verb.infinitive && self.doc.part_of(frame.sentence).title_case || s.part != self.doc.body {
                    Some((VisitStatus::Planned, Certainty::Stated))
                } else {
                    judge(Some(verb), phase, says)
                };
            };
            let chained = governor.syms.iter().any(|x| {
                self.engine.lexicon.name_of(*x).starts_with("invite")
                    || self.engine.lexicon.name_of(*x).starts_with("refuse")
            });
            if chained || governor.negated {
                return None;
            }
            let (outer, certainty) = judge(Some(governor), Phase::Arrive, says)?;
            if verb.infinitive {
                return Some(match outer {
                    VisitStatus::Ongoing | VisitStatus::Completed
                        if governor.tense == Tense::Past && phase == Phase::Whole =>
                    {
                        (VisitStatus::Planned, certainty)
                    }
                    other => (other, certainty),
                });
            }
            return Some((outer, certainty));
        }
        if verb.infinitive {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        judge(Some(verb), phase, says)
    }

    /// A visit that only a noun tells: by its adjectives, the preposition in front, and the clause around.
    fn noun_status(&self, frame: &Frame, at: usize, noun: &NounNp, says: bool) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let part = self.doc.part_of(frame.sentence);
        let words: Vec<String> = (noun.name.0..noun.name.1).map(|t| part.lower(t as usize)).collect();
        let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        if any(&["possible", "potential", "proposed", "rumoured", "rumored"]) {
            return Some((VisitStatus::Rumored, Certainty::Rumored));
        }
        if any(&["planned", "scheduled", "upcoming", "forthcoming", "expected", "next", "intended", "coming"]) {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        if any(&["recent", "last", "previous", "earlier"]) {
            return Some((VisitStatus::Completed, Certainty::Stated));
        }
        let before = at.checked_sub(1).map(|i| &s.chunks[i]);
        let before = match before {
            Some(b) if b.sym == crate::lexicon::sym::POSSESSIVE => at.checked_sub(3).map(|i| &s.chunks[i]),
            other => other,
        };
        if let Some(b) = before {
            let symbols = &self.engine.symbols;
            if b.sym == symbols.after {
                return Some((VisitStatus::Completed, Certainty::Stated));
            }
            if b.sym == symbols.before {
                return Some((VisitStatus::Planned, Certainty::Stated));
            }
        }
        let Some(verb) = frame.verb(self.doc) else { return Some((VisitStatus::Planned, Certainty::Stated)) };
        if verb.negated {
            return None;
        }
        let (status, certainty) = judge(Some(verb), Phase::At, says)?;
        Some((status, certainty))
    }

    /// The noun of the frame and other visit nouns of its clause.
    fn nouns<'d>(&'d self, frame: &Frame) -> Vec<&'d NounNp> {
        let s = &self.doc.sentences[frame.sentence];
        let own = frame.slot("noun").first().copied();
        let clause = frame.clause.and_then(|k| s.clauses.get(k)).map(|c| c.chunks.clone()).unwrap_or_default();
        own.into_iter()
            .chain(
                clause
                    .into_iter()
                    .filter(|c| Some(*c) != own && self.engine.rule(frame.rule).over == crate::rules::Over::Clause),
            )
            .filter_map(|c| match &s.chunks[c].kind {
                Kind::Noun(n) if s.chunks[c].sym == self.engine.symbols.visit_noun => Some(&**n),
                _ => None,
            })
            .collect()
    }

    fn owned_by(&self, noun: &NounNp, frame: &Frame, visitor: usize) -> bool {
        match noun.owner {
            Some(Owner::Chunk(c)) => self.entities.at((frame.sentence, c)) == Some(visitor),
            _ => true,
        }
    }

    /// "since the launch of ... in February 2022": the last date behind "since".
    fn since(&self, frame: &Frame) -> Option<(PartialDate, (usize, Tokens))> {
        let s = &self.doc.sentences[frame.sentence];
        for (i, c) in s.chunks.iter().enumerate().skip(frame.span.0) {
            if let Kind::Time(t) = &c.kind
                && s.times[*t].kind() == crate::time::TimeKind::Since
            {
                let r = s.times[*t].resolve(self.doc.as_of, crate::time::Tense::Past);
                return r.start.map(|d| (d, (frame.sentence, c.tokens)));
            }
            if c.sym == self.engine.symbols.since {
                for d in s.chunks.iter().skip(i).take(14) {
                    if let Kind::Time(t) = &d.kind {
                        let r = s.times[*t].resolve(self.doc.as_of, crate::time::Tense::Past);
                        return r.start.map(|x| (x, (frame.sentence, d.tokens)));
                    }
                }
            }
        }
        None
    }

    /// A summit in the frame's clause that the visitor travels to.
    fn summit_beside(&self, frame: &Frame) -> Option<Tokens> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let from = frame.span.0.min(frame.span.1);
        let own = clause.chunks.iter().copied();
        let children = s
            .clauses
            .iter()
            .filter(|c| c.parent == frame.clause && c.link == crate::clause::Link::Infinitive)
            .flat_map(|c| c.chunks.iter().copied());
        own.chain(children)
            .filter(|c| *c >= from)
            .find(|c| {
                s.chunks[*c].sym == self.engine.symbols.summit_noun
                    && !self.doc.slice(frame.sentence, s.chunks[*c].tokens).to_lowercase().contains("forum")
            })
            .map(|c| s.chunks[c].tokens)
    }

    fn host(&self, frame: &Frame, visitor: usize, country: u32, quotes: &mut Quotes) -> Option<usize> {
        let s = &self.doc.sentences[frame.sentence];
        for c in frame.slot("host") {
            if let Some(e) = self.entities.at((frame.sentence, *c))
                && e != visitor
                && self.local(e, country)
            {
                quotes.add("host.name", (frame.sentence, s.chunks[*c].tokens), &self.engine.rule(frame.rule).name);
                quotes.add("host.name", self.entities.list[e].name_at, "coref:name");
                return Some(e);
            }
        }
        None
    }

    /// A named person who stands for the country on the ground.
    fn local(&self, e: usize, country: u32) -> bool {
        let e = &self.entities.list[e];
        !e.group && !e.anonymous && e.named && e.country.is_some_and(|c| self.on_the_day(c) == country)
    }

    /// "for talks with ...", "to attend the parade": what the visit is for, in the article's words.
    fn purpose(&self, frame: &Frame, quotes: &mut Quotes) -> Option<String> {
        let s = &self.doc.sentences[frame.sentence];
        let slot = frame.slot("purpose");
        let (first, last) = (*slot.first()?, *slot.last()?);
        let tokens = (s.chunks[first].tokens.0, s.chunks[last].tokens.1);
        quotes.add("purpose", (frame.sentence, tokens), &self.engine.rule(frame.rule).name);
        Some(crate::entity::clean_name(self.doc.slice(frame.sentence, tokens)))
    }

    fn background(&self, when: &When, status: VisitStatus) -> bool {
        let far = match (when.period.end.or(when.period.start), self.doc.as_of) {
            (Some(d), Some(day)) => (day - d.last_day()).num_days() > 45,
            _ => false,
        };
        far && status == VisitStatus::Completed
    }

    /// The mention of a draft.
    pub(crate) fn visit(&self, d: &Draft, primary: bool) -> Visit {
        let e = &self.entities.list[d.visitor];
        let mut quotes = d.quotes.clone();
        let actor = self.actor(e, "visitor", &mut quotes);
        let host = d.host.map(|h| self.actor(&self.entities.list[h], "host", &mut quotes));
        let place = self.place(d.country, d.city, d.venue);
        let attribution =
            d.attribution.as_ref().map(|a| Attribution { source: a.text.clone(), reported_on: a.reported_on });
        let announced = matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed | VisitStatus::Rumored);
        let plover = if announced {
            Plover { event: "AGREE".to_owned(), mode: Some("visit".to_owned()) }
        } else {
            Plover { event: "CONSULT".to_owned(), mode: Some("visit".to_owned()) }
        };
        Visit {
            visitor: Visitor { actor, named: e.named },
            host,
            destination: place,
            period: d.when,
            visit_kind: d.kind,
            status: d.status,
            certainty: d.certainty,
            attribution,
            purpose: d.purpose.clone(),
            topics: vec![],
            ordinal: d.ordinal,
            delegation: vec![],
            primary,
            plover,
            cameo: Some(if announced { "036" } else { "042" }.to_owned()),
            confidence: d.confidence,
            evidence: quotes.finish(self.doc),
        }
    }

    pub(crate) fn place(&self, country: u32, city: Option<u32>, venue: Option<u32>) -> Place {
        let gaz = &self.engine.gazetteer;
        let city = city.map(|c| gaz.city(c));
        Place {
            country: Some(gaz.country(country).code.to_string()),
            city: city.map(|c| c.name.to_string()),
            venue: venue.map(|v| gaz.venue(v).name.to_string()),
            geonames_id: city.map(|c| c.id),
            lat: city.map(|c| c.lat),
            lon: city.map(|c| c.lon),
        }
    }

    /// An entity as an actor, with evidence under `path`.
    pub(crate) fn actor(&self, e: &Entity, path: &str, quotes: &mut Quotes) -> Actor {
        let gaz = &self.engine.gazetteer;
        let role = self.role(e);
        let country = e.country.map(|c| gaz.country(self.on_the_day(c)).code.to_string());
        let name_at = e.name_at;
        if country.is_some() {
            quotes.add(
                &format!("{path}.country"),
                e.country_at.unwrap_or(name_at),
                if e.country_at.is_some() { "country" } else { "gazetteer" },
            );
        }
        if role.is_some() {
            quotes.add(
                &format!("{path}.role"),
                e.role_at.unwrap_or(name_at),
                if e.role_at.is_some() { "role" } else { "gazetteer" },
            );
        }
        let entity_id = e.person.map(|p| gaz.person(p).id.to_string());
        if entity_id.is_some() {
            quotes.add(&format!("{path}.entity_id"), name_at, "gazetteer");
        }
        if e.count.is_some() {
            quotes.add(&format!("{path}.count"), name_at, "count");
        }
        Actor { name: e.name.clone(), entity_id, country, role, group: e.group, count: e.count }
    }

    fn role(&self, e: &Entity) -> Option<String> {
        if e.group {
            return Some("delegation".to_owned());
        }
        let name = match e.role {
            Some(r) => self.engine.gazetteer.role(r).name.to_string(),
            None if e.leader => "leader".to_owned(),
            None => return None,
        };
        Some(match (e.former, e.deputy) {
            (true, _) => format!("former {name}"),
            (_, true) => format!("deputy {name}"),
            _ => name,
        })
    }
}

/// Kind that the adjectives of a visit noun state.
fn kind_of(noun: &NounNp) -> Option<(VisitKind, Tokens)> {
    noun.kinds.iter().find_map(|(k, span)| {
        let kind = match k {
            AdjKind::State => VisitKind::State,
            AdjKind::Official => VisitKind::Official,
            AdjKind::Working => VisitKind::Working,
            AdjKind::Private => VisitKind::Private,
            AdjKind::Plain => return None,
        };
        Some((kind, *span))
    })
}

/// The kind of a noun's adjectives, for nouns that stand alone ("the state visit").
pub(crate) fn noun_kind(noun: &NounNp) -> Option<(VisitKind, Tokens)> {
    kind_of(noun)
}

fn kind_by_name(name: &str) -> Option<VisitKind> {
    Some(match name {
        "state" => VisitKind::State,
        "official" => VisitKind::Official,
        "working" => VisitKind::Working,
        "private" => VisitKind::Private,
        "summit" => VisitKind::Summit,
        "transit" => VisitKind::Transit,
        _ => return None,
    })
}

fn status_by_name(name: &str) -> Option<VisitStatus> {
    Some(match name {
        "rumored" => VisitStatus::Rumored,
        "planned" => VisitStatus::Planned,
        "confirmed" => VisitStatus::Confirmed,
        "ongoing" => VisitStatus::Ongoing,
        "completed" => VisitStatus::Completed,
        "postponed" => VisitStatus::Postponed,
        "cancelled" => VisitStatus::Cancelled,
        "denied" => VisitStatus::Denied,
        _ => return None,
    })
}
