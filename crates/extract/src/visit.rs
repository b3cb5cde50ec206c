//! From frames to the visits of an article: who, where, when, in which state, as which kind, hosted by whom.

use chrono::NaiveDate;
use dateline_model::{Certainty, Ordinal, PartialDate, Period, VisitKind, VisitStatus};

use crate::Engine;
use crate::attribution::{Source, attribution};
use crate::chunk::{Kind, NounNp, PlaceNp, Tense, Tokens};
use crate::document::Document;
use crate::entity::{Entities, Entity, resolve_place};
use crate::frame::Frame;
use crate::kind::{kind_by_name, kind_of};
use crate::lexicon::Form;
use crate::modality::{Phase, against_calendar};
use crate::quote::Quotes;
use crate::when::{When, lent_day, own_days, planned_for, stated};

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
    /// Companions, and where they are named.
    pub delegation: Vec<(usize, (usize, Tokens))>,
    /// What is to be talked about, as printed.
    pub topics: Vec<(String, (usize, Tokens))>,
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
    /// "and goes back to Cairo": another visit than the one of the same sentence.
    pub again: bool,
    /// First and last day of what the start names ("next week").
    pub span: Option<(NaiveDate, NaiveDate)>,
    /// Only the place that the visitor came from.
    pub passed: bool,
    /// The status is read off the clause around a noun: any verb of the visit's own knows better.
    pub loose: bool,
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
    ///
    /// `ground` is the place of a frame that names none.
    pub(crate) fn read(&self, frame: &Frame, ground: Option<&PlaceNp>) -> Reading {
        let rule = self.engine.rule(frame.rule);
        let effects = &rule.effects;
        if effects.homeward && !self.goes_home(frame) {
            return Reading::default();
        }
        // "the first visit by a Kenyan minister in ten years" counts visits, it tells of none
        if self.counts(frame) {
            return Reading::default();
        }
        let phase = effects.phase.as_deref().and_then(Phase::parse).unwrap_or(Phase::Whole);
        let source = attribution(self.engine, self.doc, self.entities, frame);
        let Some((mut status, mut certainty, mut loose)) = self.standing(frame, phase, source.is_some()) else {
            return Reading::default();
        };
        if effects.only_made && !matches!(status, VisitStatus::Ongoing | VisitStatus::Completed) {
            return Reading::default();
        }
        let ends = |s: VisitStatus| !matches!(s, VisitStatus::Planned | VisitStatus::Rumored);
        let mut firm = effects.status.as_deref().and_then(status_by_name).is_some_and(ends);
        let unmade = matches!(status, VisitStatus::Planned | VisitStatus::Rumored);
        if let Some(s) = effects.status.as_deref().and_then(status_by_name) {
            // "will fly home from Rome": not over yet
            (status, firm, loose) = if s == VisitStatus::Completed && phase == Phase::End && unmade && !loose {
                (VisitStatus::Ongoing, false, true)
            } else {
                if s == VisitStatus::Rumored && certainty == Certainty::Stated {
                    certainty = Certainty::Rumored;
                }
                (s, ends(s), false)
            };
        }
        // "was to depart in the evening": still there
        let leaves = |v: &crate::chunk::VerbGroup| v.syms.iter().any(|x| self.engine.lexicon.name_of(*x) == "leave.v");
        if phase == Phase::End
            && !firm
            && status == VisitStatus::Planned
            && !loose
            && frame.verb(self.doc).is_some_and(leaves)
        {
            (status, loose) = (VisitStatus::Ongoing, true);
        }
        let mut when = stated(self.engine, self.doc, frame, effects.reported);
        if when.habitual && matches!(status, VisitStatus::Ongoing | VisitStatus::Completed) {
            return Reading::default();
        }
        if when.period.start.is_none()
            && !effects.reported
            && matches!(phase, Phase::Leave | Phase::Arrive | Phase::End)
            && let Some((r, at)) = lent_day(self.engine, self.doc, frame, false)
        {
            when.add(&r, at);
        }
        // "Malawi (17-19 October): he will visit Lilongwe": what stands at the head of an item
        if when.period.start.is_none()
            && let [place, day, stop, ..] = self.doc.sentences[frame.sentence].chunks.as_slice()
            && let (Kind::Place(_), Kind::Time(t)) = (&place.kind, &day.kind)
            && stop.sym == crate::lexicon::sym::STOP
        {
            let r = self.doc.sentences[frame.sentence].times[*t].resolve(self.doc.as_of, crate::time::Tense::Future);
            when.add(&r, (frame.sentence, day.tokens));
        }
        // "leaves tonight": not yet
        let tonight = |at: (usize, Tokens)| {
            let text = self.doc.slice(at.0, at.1).to_lowercase();
            ["tonight", "this evening", "later today"].iter().any(|w| text.contains(w))
        };
        let present = frame.verb(self.doc).is_some_and(|v| v.tense == Tense::Present && !v.passive);
        if status == VisitStatus::Ongoing && phase == Phase::Leave && present && when.start_at.is_some_and(tonight) {
            status = VisitStatus::Planned;
        }
        // "lands with half his cabinet": today
        if when.period.start.is_none()
            && phase == Phase::Arrive
            && status == VisitStatus::Ongoing
            && let (Some(day), Some(at)) = (self.doc.as_of, self.arrives(frame))
        {
            when.period.start = Some(PartialDate::Day(day));
            (when.start_at, when.relative) = (Some((frame.sentence, at)), true);
        }
        if firm && when.period.start.is_none() && matches!(status, VisitStatus::Postponed | VisitStatus::Cancelled) {
            planned_for(self.doc, frame.sentence, &mut when);
        }
        if effects.dates.as_deref() == Some("end") {
            // "ended a three-day visit on Friday": the day is the last one
            when = when.into_end();
        }
        if matches!(phase, Phase::Leave | Phase::Arrive) {
            when = when.into_weekend_start();
        }
        if effects.dates.as_deref() == Some("none") {
            when = When::default();
        }
        if effects.dates.as_deref() == Some("month") {
            when = when.into_month();
        }
        // "put off until Monday"
        if effects.dates.as_deref() == Some("new") && when.period.start.is_none() && when.period.end.is_some() {
            (when.period.start, when.start_at) = (when.period.end.take(), when.end_at.take());
        }
        when.close();
        // A day of long ago beside what is to come or goes on is none of the visit.
        let ahead = matches!(status, VisitStatus::Planned | VisitStatus::Ongoing);
        let old = |d: PartialDate| self.doc.as_of.is_some_and(|a| (a - d.last_day()).num_days() > 60);
        if ahead
            && !firm
            && when.period.start.is_some_and(old)
            && when.period.end.is_none_or(old)
            && phase != Phase::At
            && rule.over == crate::rules::Over::Sentence
        {
            // "during a visit last September by": its own day says when it was
            let chunks = &self.doc.sentences[frame.sentence].chunks;
            let own = when.start_at.is_some_and(|(_, at)| {
                let here = chunks.iter().position(|c| c.tokens == at);
                here.is_some_and(|k| frame.span.0 <= k && k <= frame.span.1 + 2)
            });
            if own && loose && status == VisitStatus::Ongoing {
                (status, loose) = (VisitStatus::Completed, false);
            } else {
                when = When::default();
            }
        }
        // "leaves tonight": that is still to come
        let later = |at: (usize, Tokens)| {
            let text = self.doc.slice(at.0, at.1).to_lowercase();
            ["tonight", "later", "this evening"].iter().any(|w| text.contains(w))
        };
        if status == VisitStatus::Ongoing
            && matches!(phase, Phase::Leave | Phase::Arrive)
            && frame.verb(self.doc).is_some_and(|v| v.tense == crate::chunk::Tense::Present)
            && when.start_at.is_some_and(later)
        {
            status = VisitStatus::Planned;
        }
        if !firm {
            status = against_calendar(status, &when.period, when.span, self.doc.as_of);
        }
        let denied = status == VisitStatus::Denied || source.as_ref().is_some_and(|s| s.denies);
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
        // whom one met long ago was not met where the article is written
        let local = effects.destination.as_deref() == Some("dateline_of_local");
        if local
            && when.period.start.is_some_and(|d| self.doc.as_of.is_some_and(|a| (a - d.last_day()).num_days() > 10))
        {
            return Reading::default();
        }
        let mut places = self.places(frame);
        // "for Washington, where he is expected on Friday"
        let clause = frame.clause.and_then(|k| self.doc.sentences[frame.sentence].clauses.get(k));
        if places.is_empty()
            && let Some(at) = clause.and_then(|c| c.place)
            && let Kind::Place(p) = &self.doc.sentences[frame.sentence].chunks[at].kind
        {
            places.push((p.clone(), self.doc.sentences[frame.sentence].chunks[at].tokens));
        }
        if places.is_empty() {
            places.extend(ground.map(|p| (p.clone(), self.trigger(frame))));
        }
        // "the guests will go on to Pune": within the country that they are in
        if matches!(status, VisitStatus::Planned | VisitStatus::Confirmed)
            && !firm
            && let [(place, _)] = places.as_slice()
            && self.goes_on_inside(frame, place)
        {
            (status, loose, when) = (VisitStatus::Ongoing, true, When::default());
        }
        // "as he left the ministry": he is still in the country
        if phase == Phase::End && !places.is_empty() && places.iter().all(|(p, _)| matches!(p, PlaceNp::Venue(_))) {
            return Reading::default();
        }
        // "the summit in Oslo last October, which he attended"
        if let [(_, at)] = places.as_slice()
            && when.period.start.is_none()
            && rule.over == crate::rules::Over::Sentence
            && frame.slot("noun").is_empty()
            && let Some(days) = own_days(self.doc, frame, *at)
        {
            when = days;
        }
        let mut visitors = self.visitors(frame);
        if effects.subject_visits
            && let Some(country) = places.first().and_then(|(p, _)| self.country_of(p))
            && visitors.iter().all(|(v, _)| self.home(*v) == Some(country))
        {
            let guests = self.foreigners(frame, country);
            if !guests.is_empty() {
                visitors = guests;
            }
        }
        // Departures and arrivals date a visit that is told elsewhere by the rules of moves.
        let moves = effects.ground && rule.over == crate::rules::Over::Clause && frame.slot("noun").is_empty();
        let talks = frame.slot("noun").first().is_some_and(|c| {
            let noun = self.doc.sentences[frame.sentence].chunks[*c].sym;
            noun != self.engine.symbols.visit_noun
        });
        if places.is_empty() && (moves || talks) {
            return Reading::default();
        }
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
        // "to Oslo on Monday and to Riga on Tuesday", but "to Oslo and Riga on Monday"
        let each = places.iter().filter(|(_, at)| own_days(self.doc, frame, *at).is_some()).count() > 1;
        for (visitor, visitor_at) in &visitors {
            for (leg, (place, place_at)) in places.iter().enumerate() {
                // the day and the length of a tour are those of its first leg and of the whole
                let own = When::default();
                let of_tour = places.len() > 1 && matches!(when.period.start, Some(PartialDate::Day(_)));
                let said = own_days(self.doc, frame, *place_at);
                let when = match &said {
                    Some(days) if each => days,
                    _ if of_tour && leg > 0 => &own,
                    _ => &when,
                };
                if let Some(d) = self.draft(
                    frame,
                    (*visitor, *visitor_at),
                    (place, *place_at),
                    when,
                    status,
                    certainty,
                    source.as_ref(),
                ) {
                    out.push(Draft { firm, loose: loose && !firm, ..d });
                }
            }
        }
        Reading { drafts: out, pointer: None }
    }

    /// The noun of the frame has a number and its visitor is anybody of an office.
    fn counts(&self, frame: &Frame) -> bool {
        let sentence = &self.doc.sentences[frame.sentence];
        let anybody = |c: &usize| {
            matches!(&sentence.chunks[*c].kind, Kind::Person(p) if p.name.is_none() && p.indefinite)
                && self.doc.slice(frame.sentence, sentence.chunks[*c].tokens).to_lowercase().starts_with('a')
        };
        let noun = frame.slot("noun").first().copied();
        let numbered = frame.noun(self.doc).is_some_and(|(_, n)| n.ordinal.is_some());
        noun.is_some() && numbered && !frame.slot("visitor").is_empty() && frame.slot("visitor").iter().all(anybody)
    }

    /// The verb of a text that tells an arrival in the simple present.
    fn arrives(&self, frame: &Frame) -> Option<Tokens> {
        let sentence = &self.doc.sentences[frame.sentence];
        let verb = sentence.clauses.get(frame.clause?)?;
        let group = verb.group(&sentence.chunks)?;
        let arrival = |x: &u8| self.engine.lexicon.name_of(*x) == "land.v";
        let simple = group.tense == Tense::Present && group.form == Form::Third && group.chain.is_empty();
        let told = sentence.part == self.doc.body && simple && group.finite && group.syms.iter().any(arrival);
        told.then(|| sentence.chunks[verb.verb.unwrap_or(0)].tokens)
    }

    /// The verb tells a journey on, to another city of the country that the article is written in.
    fn goes_on_inside(&self, frame: &Frame, place: &PlaceNp) -> bool {
        let text = self.doc.lower(frame.sentence, self.trigger(frame));
        let on = text.ends_with(" on") || text.ends_with("proceed") || text.ends_with("continue");
        let (country, city, _) = self.resolve(place);
        let ground = self.doc.dateline.place.as_ref().map(|(p, _)| self.resolve(p));
        let inside = ground.is_some_and(|(land, town, _)| land == country && town.is_some() && town != city);
        on && city.is_some() && inside && frame.verb(self.doc).is_some()
    }

    /// The slot `home` is the visitor's own country.
    fn goes_home(&self, frame: &Frame) -> bool {
        let sentence = &self.doc.sentences[frame.sentence];
        let to = frame.slot("home").first().and_then(|c| match &sentence.chunks[*c].kind {
            Kind::Place(p) => self.country_of(p),
            _ => None,
        });
        let visitors = self.visitors(frame);
        let home = visitors.first().and_then(|(v, _)| self.home(*v));
        to.is_some() && to.map(|c| self.on_the_day(c)) == home
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) fn draft(
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
        let (country, city, venue) = self.resolve(place);
        let country = self.on_the_day(country?);
        let body = ["UN", "EU"].contains(&&*self.engine.gazetteer.country(country).code);
        if body || self.at_home(entity, country, city) || !self.eligible(entity, country) {
            return None;
        }
        // "No Nepali general has been to": nobody has
        let whom = self.doc.slice(frame.sentence, self.doc.sentences[frame.sentence].chunks[visitor_at].tokens);
        if whom.len() > 3 && whom.is_char_boundary(3) && whom[..3].eq_ignore_ascii_case("no ") {
            return None;
        }
        // somebody of no known country who speaks somewhere is at home there more often than not
        let weak = rule.effects.confidence.unwrap_or(0.8) < 0.7;
        if weak && entity.country.is_none() && entity.organisation.is_none() && self.doc.dateline.place.is_none() {
            return None;
        }
        // ambassadors are where they are posted
        let posted = entity.role.is_some_and(|r| &*self.engine.gazetteer.role(r).name == "ambassador");
        if posted && matches!(rule.effects.phase.as_deref(), Some("at")) {
            return None;
        }
        // where somebody of no known country came from may be home
        let passed = rule.effects.dates.as_deref() == Some("none") && rule.effects.phase.as_deref() == Some("end");
        if passed && entity.country.is_none() && entity.organisation.is_none() {
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
            && let Some(span) = self.summit_beside(frame, country)
        {
            kind = VisitKind::Summit;
            quotes.add("visit_kind", (s, span), "summit");
        }
        if kind != VisitKind::Unspecified && !quotes.has("visit_kind") {
            quotes.add("visit_kind", (s, trigger), name);
        }
        let ordinal = self.ordinal(frame, visitor, &mut quotes);
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
            delegation: vec![],
            topics: vec![],
            sentence: s,
            weight: u32::from(s < body) * 2 + u32::from(s.saturating_sub(body) < 2),
            background,
            confidence: rule.effects.confidence.unwrap_or(0.8),
            quotes,
            firm: false,
            again: rule.effects.again,
            passed,
            ended: status == VisitStatus::Completed
                && (rule.effects.phase.as_deref() == Some("end") || self.behind_after(frame)),
            span: when.span,
            loose: false,
        })
    }

    pub(crate) fn on_the_day(&self, country: u32) -> u32 {
        self.doc.day.map_or(country, |d| self.engine.gazetteer.country_at(country, d))
    }

    /// What a place means: country, city, venue.
    pub(crate) fn resolve(&self, place: &PlaceNp) -> (Option<u32>, Option<u32>, Option<u32>) {
        resolve_place(self.engine, self.doc, place, &self.context)
    }

    /// The country that a place is in.
    pub(crate) fn country_of(&self, place: &PlaceNp) -> Option<u32> {
        self.resolve(place).0
    }

    /// The country of an entity on the article's day.
    pub(crate) fn home(&self, entity: usize) -> Option<u32> {
        self.entities.list[entity].country.map(|c| self.on_the_day(c))
    }

    /// The country is the entity's own, or the city the seat of its organisation: nobody is on a visit there.
    pub(crate) fn at_home(&self, e: &Entity, country: u32, city: Option<u32>) -> bool {
        let code = |c: u32| &*self.engine.gazetteer.country(c).code;
        let at = city.map(|c| &*self.engine.gazetteer.city(c).name);
        e.country.map(|c| self.on_the_day(c)).is_some_and(|home| {
            home == country
                || (code(home) == "EU" && code(country) == "BE")
                || (code(home) == "UN" && at == Some("New York"))
                || (code(home) == "VA" && at == Some("Rome"))
        })
    }

    pub(crate) fn trigger(&self, frame: &Frame) -> Tokens {
        let s = &self.doc.sentences[frame.sentence];
        if let Some((at, _)) = frame.noun(self.doc) {
            return s.chunks[at].tokens;
        }
        let verb = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
        s.chunks[verb.unwrap_or(frame.span.0)].tokens
    }

    /// The noun of the frame and other visit nouns of its clause.
    pub(crate) fn nouns<'d>(&'d self, frame: &Frame) -> Vec<&'d NounNp> {
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

    pub(crate) fn host(&self, frame: &Frame, visitor: usize, country: u32, quotes: &mut Quotes) -> Option<usize> {
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
    pub(crate) fn local(&self, e: usize, country: u32) -> bool {
        let e = &self.entities.list[e];
        !e.group && !e.anonymous && e.named && e.country.is_some_and(|c| self.on_the_day(c) == country)
    }

    /// "for talks with ...", "to attend the parade": what the visit is for, in the article's words.
    pub(crate) fn purpose(&self, frame: &Frame, quotes: &mut Quotes) -> Option<String> {
        let s = &self.doc.sentences[frame.sentence];
        let slot = frame.slot("purpose");
        let (first, last) = (*slot.first()?, *slot.last()?);
        let tokens = (s.chunks[first].tokens.0, s.chunks[last].tokens.1);
        quotes.add("purpose", (frame.sentence, tokens), &self.engine.rule(frame.rule).name);
        Some(crate::entity::clean_name(self.doc.slice(frame.sentence, tokens)))
    }

    pub(crate) fn background(&self, when: &When, status: VisitStatus) -> bool {
        let far = match (when.period.end.or(when.period.start), self.doc.as_of) {
            (Some(d), Some(day)) => (day - d.last_day()).num_days() > 45,
            _ => false,
        };
        far && status == VisitStatus::Completed
    }
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
