//! A contribution: a whole mention, so that a record can be told from its contributions alone.

use chrono::NaiveDate;
use dateline_model::{
    Actor, ArticleRef, Attribution, Body, Certainty, DuringVisit, Event, EventStatus, EventType, Evidence, Field, Kind,
    Mention, Ordinal, Part, PartialDate, Participant, Period, Place, Plover, Sketch, Timestamp, Version, Visit,
    VisitKind, VisitStatus, Visitor,
};

use super::bytes::{Reader, Writer};
use super::strings::Strings;
use super::{HEAD, corrupt, open};
use crate::StateError;
use crate::facts::day;
use crate::near_duplicate::Parts;

type Read<T> = Result<T, StateError>;

/// Changelog key of a contribution.
pub(crate) fn key(kind: Kind, version: Version, index: u32, article: &str) -> Vec<u8> {
    let mut w = Writer(vec![b'c', kind as u8]);
    w.bytes(&version.ms.to_be_bytes());
    w.bytes(&version.offset.to_be_bytes());
    w.varint(u64::from(index));
    w.bytes(article.as_bytes());
    w.0
}

/// Where the number of records that the contribution opened stands in its value.
const OPENED: usize = 1;

/// A contribution's value with another number of records that it opened.
pub(crate) fn with_opened(value: &[u8], opened: u8) -> Box<[u8]> {
    let mut value: Box<[u8]> = value.into();
    value[OPENED] = opened;
    value
}

/// Number of records that the contribution opened.
pub(crate) fn opened(value: &[u8]) -> u8 {
    value.get(OPENED).copied().unwrap_or(0)
}

/// A contribution's value.
pub(crate) fn encode(m: &Mention, opened: u8, strings: &mut Strings) -> Vec<u8> {
    let mut e = Encoder { w: Writer(Vec::with_capacity(512)), strings };
    e.w.bytes(&[HEAD, opened]);
    e.mention(m);
    e.w.0
}

/// The sketch of a contribution, read in place: little-endian shingles, numbers, names.
pub(crate) fn sketch_of(value: &[u8]) -> Option<Parts<'_>> {
    let mut r = Reader::new(value.get(OPENED + 1..)?);
    sketch_parts(&mut r).ok().flatten()
}

fn sketch_parts<'a>(r: &mut Reader<'a>) -> Read<Option<Parts<'a>>> {
    if r.byte()? == 0 {
        return Ok(None);
    }
    let [shingles, numbers, names] = [r.byte()?, r.byte()?, r.byte()?].map(usize::from);
    Ok(Some((r.take(shingles * 4)?, r.take(numbers * 2)?, r.take(names * 2)?)))
}

/// The mention of a contribution's value.
pub(crate) fn decode(value: &[u8], strings: &Strings) -> Read<Mention> {
    let mut r = open(value)?;
    r.byte()?;
    let mut d = Decoder { r, strings };
    let mention = d.mention()?;
    if d.r.is_empty() { Ok(mention) } else { Err(corrupt("there is more than a contribution")) }
}

struct Encoder<'a> {
    w: Writer,
    strings: &'a mut Strings,
}

impl Encoder<'_> {
    fn often(&mut self, t: Option<&str>) {
        self.strings.write(&mut self.w, t);
    }

    fn rare(&mut self, t: Option<&str>) {
        self.w.maybe_text(t);
    }

    fn mention(&mut self, m: &Mention) {
        let a = &m.article;
        self.sketch(a.sketch.as_ref());
        self.w.varint(u64::from(m.mention_index));
        self.w.text(&a.id);
        self.w.signed(a.version.ms);
        self.w.signed(a.version.offset);
        self.rare(a.url.as_deref());
        self.often(a.source.as_deref());
        self.rare(a.title.as_deref());
        self.timestamp(a.published_at.as_ref());
        self.date(a.as_of);
        self.often(a.language.as_deref());
        self.hash(&a.content_hash);
        self.often(Some(&m.extractor));
        self.often(Some(&m.rules_version));
        self.often(Some(&m.gazetteer_version));
        match &m.body {
            Body::Visit(v) => {
                self.w.byte(0);
                self.visit(v);
            }
            Body::Event(e) => {
                self.w.byte(1);
                self.event(e);
            }
        }
    }

    fn sketch(&mut self, s: Option<&Sketch>) {
        let Some(s) = s else { return self.w.byte(0) };
        let (shingles, numbers, names) = (cut(&s.shingles, 64), cut(&s.numbers, 32), cut(&s.names, 32));
        self.w.bytes(&[1, shingles.len() as u8, numbers.len() as u8, names.len() as u8]);
        for x in shingles {
            self.w.bytes(&x.to_le_bytes());
        }
        for x in numbers.iter().chain(names) {
            self.w.bytes(&x.to_le_bytes());
        }
    }

    /// 0 none; 1 a UTC second; 2 as it is printed.
    fn timestamp(&mut self, t: Option<&Timestamp>) {
        let Some(t) = t else { return self.w.byte(0) };
        let seconds = t.ms().div_euclid(1000);
        if t.ms() % 1000 == 0 && utc(seconds).as_deref() == Some(t.as_str()) {
            self.w.byte(1);
            self.w.signed(seconds);
        } else {
            self.w.byte(2);
            self.w.text(t.as_str());
        }
    }

    fn date(&mut self, d: Option<PartialDate>) {
        match d {
            None => self.w.byte(0),
            Some(PartialDate::Year(y)) => {
                self.w.byte(1);
                self.w.signed(i64::from(y));
            }
            Some(PartialDate::Month(y, m)) => {
                self.w.byte(2);
                self.w.signed(i64::from(y) * 12 + i64::from(m) - 1);
            }
            Some(PartialDate::Day(d)) => {
                self.w.byte(3);
                self.w.signed(i64::from(day(d)));
            }
        }
    }

    /// 32 hexadecimal digits as 16 bytes, anything else as it is.
    fn hash(&mut self, h: &str) {
        let digits: Option<Vec<u8>> =
            h.bytes().map(|b| b"0123456789abcdef".iter().position(|d| *d == b).map(|n| n as u8)).collect();
        match digits {
            Some(d) if d.len() == 32 || d.len() == 64 => {
                self.w.byte((d.len() / 2) as u8);
                for p in d.chunks(2) {
                    self.w.byte(p[0] << 4 | p[1]);
                }
            }
            _ => {
                self.w.byte(0);
                self.w.text(h);
            }
        }
    }

    fn actor(&mut self, a: &Actor) {
        self.w.text(&a.name);
        self.rare(a.entity_id.as_deref());
        self.often(a.country.as_deref());
        self.often(a.role.as_deref());
        self.w.byte(u8::from(a.group));
        self.w.varint(a.count.map_or(0, |c| u64::from(c) + 1));
    }

    fn actors(&mut self, list: &[Actor]) {
        self.w.varint(list.len() as u64);
        for a in list {
            self.actor(a);
        }
    }

    fn place(&mut self, p: &Place) {
        self.often(p.country.as_deref());
        self.often(p.city.as_deref());
        self.rare(p.venue.as_deref());
        self.w.varint(p.geonames_id.map_or(0, |g| u64::from(g) + 1));
        for f in [p.lat, p.lon] {
            self.w.byte(u8::from(f.is_some()));
            if let Some(f) = f {
                self.w.bytes(&f.to_le_bytes());
            }
        }
    }

    fn period(&mut self, p: &Period) {
        self.date(p.start);
        self.date(p.end);
        self.w.varint(p.days.map_or(0, |d| u64::from(d) + 1));
    }

    fn attribution(&mut self, a: Option<&Attribution>) {
        self.rare(a.map(|a| a.source.as_str()));
        if let Some(a) = a {
            self.date(a.reported_on);
        }
    }

    fn plover(&mut self, p: &Plover) {
        self.often(Some(&p.event));
        self.often(p.mode.as_deref());
    }

    fn evidence(&mut self, list: &[Evidence]) {
        self.w.varint(list.len() as u64);
        for e in list {
            self.often(Some(&e.path));
            self.w.byte(e.field as u8);
            self.w.varint(u64::from(e.start));
            self.w.signed(i64::from(e.end) - i64::from(e.start));
            self.w.text(&e.text);
            self.often(Some(&e.rule));
        }
    }

    fn visit(&mut self, v: &Visit) {
        self.actor(&v.visitor.actor);
        self.w.byte(u8::from(v.visitor.named));
        self.w.byte(u8::from(v.host.is_some()));
        if let Some(h) = &v.host {
            self.actor(h);
        }
        self.place(&v.destination);
        self.period(&v.period);
        self.w.bytes(&[v.visit_kind as u8, v.status as u8, v.certainty as u8]);
        self.attribution(v.attribution.as_ref());
        self.rare(v.purpose.as_deref());
        self.w.varint(v.topics.len() as u64);
        for t in &v.topics {
            self.w.text(t);
        }
        self.w.varint(v.ordinal.map_or(0, |o| u64::from(o.n) + 1));
        if let Some(o) = v.ordinal {
            self.date(o.since);
        }
        self.actors(&v.delegation);
        self.w.byte(u8::from(v.primary));
        self.plover(&v.plover);
        self.often(v.cameo.as_deref());
        self.w.bytes(&v.confidence.to_le_bytes());
        self.evidence(&v.evidence);
    }

    fn event(&mut self, e: &Event) {
        self.w.byte(e.event_type as u8);
        self.rare(e.subtype.as_deref());
        self.plover(&e.plover);
        self.often(e.cameo.as_deref());
        self.w.varint(e.participants.len() as u64);
        for p in &e.participants {
            self.actor(&p.actor);
            self.w.bytes(&[p.part as u8, p.certainty as u8]);
        }
        self.w.byte(u8::from(e.place.is_some()));
        if let Some(p) = &e.place {
            self.place(p);
        }
        self.period(&e.period);
        self.w.bytes(&[e.status as u8, e.certainty as u8]);
        self.attribution(e.attribution.as_ref());
        self.rare(e.topic.as_deref());
        self.w.byte(e.topic_certainty.map_or(0, |c| c as u8 + 1));
        self.rare(e.quote.as_deref());
        self.rare(e.during_visit.as_ref().map(|d| d.visitor.as_str()));
        if let Some(d) = &e.during_visit {
            self.often(Some(&d.country));
        }
        self.w.byte(u8::from(e.background));
        self.w.bytes(&e.confidence.to_le_bytes());
        self.evidence(&e.evidence);
    }
}

fn cut<T>(list: &[T], most: usize) -> &[T] {
    &list[..list.len().min(most)]
}

fn utc(seconds: i64) -> Option<String> {
    chrono::DateTime::from_timestamp(seconds, 0).map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

struct Decoder<'a> {
    r: Reader<'a>,
    strings: &'a Strings,
}

/// The value of a code, by the order in which the type declares its values.
fn code<T: Copy>(all: &[T], code: u8) -> Read<T> {
    all.get(usize::from(code)).copied().ok_or_else(|| corrupt("an unknown code"))
}

const STATUSES: [VisitStatus; 8] = [
    VisitStatus::Rumored,
    VisitStatus::Planned,
    VisitStatus::Confirmed,
    VisitStatus::Ongoing,
    VisitStatus::Completed,
    VisitStatus::Postponed,
    VisitStatus::Cancelled,
    VisitStatus::Denied,
];
const EVENT_STATUSES: [EventStatus; 8] = [
    EventStatus::Planned,
    EventStatus::Expected,
    EventStatus::Rumored,
    EventStatus::Ongoing,
    EventStatus::Completed,
    EventStatus::Postponed,
    EventStatus::Cancelled,
    EventStatus::Denied,
];
const CERTAINTIES: [Certainty; 6] = [
    Certainty::Stated,
    Certainty::Expected,
    Certainty::Likely,
    Certainty::Rumored,
    Certainty::Denied,
    Certainty::Conditional,
];
const KINDS: [VisitKind; 7] = [
    VisitKind::State,
    VisitKind::Official,
    VisitKind::Working,
    VisitKind::Private,
    VisitKind::Summit,
    VisitKind::Transit,
    VisitKind::Unspecified,
];
const PARTS: [Part; 4] = [Part::Actor, Part::Recipient, Part::Attendee, Part::Contingent];
const FIELDS: [Field; 3] = [Field::Title, Field::Body, Field::HtmlText];
const EVENT_TYPES: [EventType; 14] = [
    EventType::Talks,
    EventType::PhoneCall,
    EventType::Summit,
    EventType::Ceremony,
    EventType::Signing,
    EventType::Statement,
    EventType::MilitaryExercise,
    EventType::Deployment,
    EventType::Attack,
    EventType::Protest,
    EventType::Sanction,
    EventType::Aid,
    EventType::Project,
    EventType::Ceasefire,
];

impl Decoder<'_> {
    fn often(&mut self) -> Read<Option<String>> {
        Ok(self.strings.read(&mut self.r)?.map(str::to_owned))
    }

    fn must(&mut self) -> Read<String> {
        self.often()?.ok_or_else(|| corrupt("a string is missing"))
    }

    fn rare(&mut self) -> Read<Option<String>> {
        Ok(self.r.maybe_text()?.map(str::to_owned))
    }

    fn text(&mut self) -> Read<String> {
        Ok(self.r.text()?.to_owned())
    }

    fn flag(&mut self) -> Read<bool> {
        Ok(self.r.byte()? != 0)
    }

    fn float(&mut self) -> Read<f32> {
        let b = self.r.take(4)?;
        Ok(f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn count_plus_one(&mut self) -> Read<Option<u32>> {
        match self.r.varint()? {
            0 => Ok(None),
            n => u32::try_from(n - 1).map(Some).map_err(|_| corrupt("a number is too large")),
        }
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let n = self.r.count()?;
        (0..n).map(|_| item(self)).collect()
    }

    fn mention(&mut self) -> Read<Mention> {
        let sketch = self.sketch()?;
        let mention_index = self.r.u32()?;
        let article = ArticleRef {
            id: self.text()?,
            version: Version { ms: self.r.signed()?, offset: self.r.signed()? },
            url: self.rare()?,
            source: self.often()?,
            title: self.rare()?,
            published_at: self.timestamp()?,
            as_of: self.date()?,
            language: self.often()?,
            content_hash: self.hash()?,
            sketch,
        };
        let (extractor, rules_version, gazetteer_version) = (self.must()?, self.must()?, self.must()?);
        let body = match self.r.byte()? {
            0 => Body::Visit(Box::new(self.visit()?)),
            1 => Body::Event(Box::new(self.event()?)),
            _ => return Err(corrupt("an unknown kind")),
        };
        Ok(Mention { mention_index, article, extractor, rules_version, gazetteer_version, body })
    }

    fn sketch(&mut self) -> Read<Option<Sketch>> {
        let words = |b: &[u8]| b.as_chunks::<2>().0.iter().map(|c| u16::from_le_bytes(*c)).collect();
        Ok(sketch_parts(&mut self.r)?.map(|(shingles, numbers, names)| Sketch {
            shingles: shingles.as_chunks::<4>().0.iter().map(|c| u32::from_le_bytes(*c)).collect(),
            numbers: words(numbers),
            names: words(names),
        }))
    }

    fn timestamp(&mut self) -> Read<Option<Timestamp>> {
        let text = match self.r.byte()? {
            0 => return Ok(None),
            1 => utc(self.r.signed()?).ok_or_else(|| corrupt("a time out of range"))?,
            _ => self.text()?,
        };
        Timestamp::parse(&text).map(Some).map_err(|e| corrupt(&e))
    }

    fn date(&mut self) -> Read<Option<PartialDate>> {
        let kind = self.r.byte()?;
        if kind == 0 {
            return Ok(None);
        }
        let n = i32::try_from(self.r.signed()?).map_err(|_| corrupt("a date out of range"))?;
        let year_fits = |y: i32| (1000..=9999).contains(&y);
        let date = match kind {
            1 if year_fits(n) => PartialDate::Year(n),
            2 if year_fits(n.div_euclid(12)) => PartialDate::Month(n.div_euclid(12), n.rem_euclid(12) as u32 + 1),
            3 => {
                PartialDate::Day(NaiveDate::from_num_days_from_ce_opt(n).ok_or_else(|| corrupt("a date out of range"))?)
            }
            _ => return Err(corrupt("a date out of range")),
        };
        Ok(Some(date))
    }

    fn hash(&mut self) -> Read<String> {
        match self.r.byte()? {
            0 => self.text(),
            n => {
                use std::fmt::Write as _;
                let bytes = self.r.take(usize::from(n))?;
                Ok(bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut s, b| {
                    let _ = write!(s, "{b:02x}");
                    s
                }))
            }
        }
    }

    fn actor(&mut self) -> Read<Actor> {
        Ok(Actor {
            name: self.text()?,
            entity_id: self.rare()?,
            country: self.often()?,
            role: self.often()?,
            group: self.flag()?,
            count: self.count_plus_one()?,
        })
    }

    fn place(&mut self) -> Read<Place> {
        Ok(Place {
            country: self.often()?,
            city: self.often()?,
            venue: self.rare()?,
            geonames_id: self.count_plus_one()?,
            lat: if self.flag()? { Some(self.float()?) } else { None },
            lon: if self.flag()? { Some(self.float()?) } else { None },
        })
    }

    fn period(&mut self) -> Read<Period> {
        Ok(Period { start: self.date()?, end: self.date()?, days: self.count_plus_one()? })
    }

    fn attribution(&mut self) -> Read<Option<Attribution>> {
        let Some(source) = self.rare()? else { return Ok(None) };
        Ok(Some(Attribution { source, reported_on: self.date()? }))
    }

    fn plover(&mut self) -> Read<Plover> {
        Ok(Plover { event: self.must()?, mode: self.often()? })
    }

    fn evidence(&mut self) -> Read<Vec<Evidence>> {
        self.list(|d| {
            let path = d.must()?;
            let field = code(&FIELDS, d.r.byte()?)?;
            let start = d.r.u32()?;
            let end = u32::try_from(i64::from(start).saturating_add(d.r.signed()?))
                .map_err(|_| corrupt("a span out of range"))?;
            Ok(Evidence { path, field, start, end, text: d.text()?, rule: d.must()? })
        })
    }

    fn visit(&mut self) -> Read<Visit> {
        Ok(Visit {
            visitor: Visitor { actor: self.actor()?, named: self.flag()? },
            host: if self.flag()? { Some(self.actor()?) } else { None },
            destination: self.place()?,
            period: self.period()?,
            visit_kind: code(&KINDS, self.r.byte()?)?,
            status: code(&STATUSES, self.r.byte()?)?,
            certainty: code(&CERTAINTIES, self.r.byte()?)?,
            attribution: self.attribution()?,
            purpose: self.rare()?,
            topics: self.list(Self::text)?,
            ordinal: match self.count_plus_one()? {
                None => None,
                Some(n) => Some(Ordinal { n, since: self.date()? }),
            },
            delegation: self.list(Self::actor)?,
            primary: self.flag()?,
            plover: self.plover()?,
            cameo: self.often()?,
            confidence: self.float()?,
            evidence: self.evidence()?,
        })
    }

    fn event(&mut self) -> Read<Event> {
        Ok(Event {
            event_type: code(&EVENT_TYPES, self.r.byte()?)?,
            subtype: self.rare()?,
            plover: self.plover()?,
            cameo: self.often()?,
            participants: self.list(|d| {
                let actor = d.actor()?;
                Ok(Participant { actor, part: code(&PARTS, d.r.byte()?)?, certainty: code(&CERTAINTIES, d.r.byte()?)? })
            })?,
            place: if self.flag()? { Some(self.place()?) } else { None },
            period: self.period()?,
            status: code(&EVENT_STATUSES, self.r.byte()?)?,
            certainty: code(&CERTAINTIES, self.r.byte()?)?,
            attribution: self.attribution()?,
            topic: self.rare()?,
            topic_certainty: match self.r.byte()? {
                0 => None,
                n => Some(code(&CERTAINTIES, n - 1)?),
            },
            quote: self.rare()?,
            during_visit: match self.rare()? {
                None => None,
                Some(visitor) => Some(DuringVisit { visitor, country: self.must()? }),
            },
            background: self.flag()?,
            confidence: self.float()?,
            evidence: self.evidence()?,
        })
    }
}
