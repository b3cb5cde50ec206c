//! A contribution's value as a mention, whole or in parts.

use dateline_model::{
    Actor, ArticleRef, Attribution, Body, DuringVisit, Event, Evidence, Field, Mention, Ordinal, PartialDate,
    Participant, Period, Place, Plover, Quotes, Sketch, Source, Timestamp, Version, Visit, Visitor,
};

use serde::Serialize;
use smallvec::SmallVec;

use super::bytes::Reader;
use super::codes::value;
use super::contribution::{SHINGLE, SHINGLE_1, sketch_parts};
use super::encode::{EVIDENCE_LENGTH, LONGEST_AGAIN, SAME_DAY, SPAN_AGAIN, SPAN_OTHER, TIME_UTC, URL_HEADS, URL_NONE};
use super::strings::Strings;
use super::{Read, corrupt, text};

/// A piece of evidence with its strings where they lie.
struct Piece<'a> {
    path: &'a str,
    field: Field,
    start: u32,
    end: u32,
    text: std::ops::Range<usize>,
    rule: &'a str,
}

pub(super) struct Decoder<'a> {
    r: Reader<'a>,
    strings: &'a Strings,
    /// The first encoding: texts are as they are, evidence stands in the body.
    first: bool,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(r: Reader<'a>, strings: &'a Strings) -> Self {
        Self { r, strings, first: false }
    }

    pub(super) fn is_done(&self) -> bool {
        self.r.is_empty()
    }

    fn often(&mut self) -> Read<Option<String>> {
        Ok(self.strings.read(&mut self.r)?.map(str::to_owned))
    }

    pub(super) fn must(&mut self) -> Read<String> {
        self.often()?.ok_or_else(|| corrupt("a string is missing"))
    }

    fn text(&mut self) -> Read<String> {
        if self.first { Ok(self.r.text()?.to_owned()) } else { text::read(&mut self.r, String::new()) }
    }

    fn rare(&mut self) -> Read<Option<String>> {
        if self.first {
            return Ok(self.r.maybe_text()?.map(str::to_owned));
        }
        if self.flag()? { self.text().map(Some) } else { Ok(None) }
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

    pub(super) fn mention(&mut self) -> Read<Mention> {
        let id = self.r.text()?.to_owned();
        let mention_index = self.r.u32()?;
        let version = Version { ms: self.r.signed()?, offset: self.r.signed()? };
        let sketch = self.sketch()?;
        let (url, source, title) = self.place_of_publication()?;
        let (published_at, as_of) = self.times()?;
        let confidence = self.float()?;
        let evidence = self.evidence()?;
        let (extractor, rules_version, gazetteer_version) = (self.must()?, self.must()?, self.must()?);
        let mut body = self.body()?;
        match &mut body {
            Body::Visit(v) => (v.confidence, v.evidence) = (confidence, evidence),
            Body::Event(e) => (e.confidence, e.evidence) = (confidence, evidence),
        }
        let (language, content_hash) = (None, String::new());
        let article =
            ArticleRef { id, version, url, source, title, published_at, as_of, language, content_hash, sketch };
        Ok(Mention { mention_index, article, extractor, rules_version, gazetteer_version, body })
    }

    /// A mention in the first encoding.
    pub(super) fn mention_1(&mut self) -> Read<Mention> {
        self.first = true;
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
        let body = self.body()?;
        Ok(Mention { mention_index, article, extractor, rules_version, gazetteer_version, body })
    }

    pub(super) fn body(&mut self) -> Read<Body> {
        match self.r.byte()? {
            0 => Ok(Body::Visit(Box::new(self.visit()?))),
            1 => Ok(Body::Event(Box::new(self.event()?))),
            _ => Err(corrupt("an unknown kind")),
        }
    }

    /// Passes by everything between the sketch and the extractor.
    pub(super) fn skip_article(&mut self) -> Read<()> {
        self.skip_place_of_publication()?;
        self.skip_times()?;
        self.r.take(4)?;
        self.evidence_bytes().map(|_| ())
    }

    pub(super) fn source(&mut self, article: &str) -> Read<(Source, f32)> {
        let (url, source, title) = self.place_of_publication()?;
        let (published_at, _) = self.times()?;
        let confidence = self.float()?;
        let evidence = self.quotes()?;
        let article_id = article.to_owned();
        Ok((Source { article_id, url, source, title, published_at, near_duplicate_of: None, evidence }, confidence))
    }

    pub(super) fn confidence(&mut self) -> Read<f32> {
        self.skip_place_of_publication()?;
        self.skip_times()?;
        self.float()
    }

    pub(super) fn seen(&mut self) -> Read<Option<String>> {
        self.skip_place_of_publication()?;
        let (published_at, as_of) = self.times()?;
        Ok(published_at.map(|t| t.as_str().to_owned()).or(as_of.map(|d| d.to_string())))
    }

    fn place_of_publication(&mut self) -> Read<(Option<String>, Option<String>, Option<String>)> {
        let tag = self.r.byte()?;
        let mut url = self.r;
        if tag != URL_NONE {
            text::skip(&mut self.r)?;
        }
        let source = self.often()?;
        let url = match URL_HEADS.iter().find(|(t, _)| *t == tag) {
            _ if tag == URL_NONE => None,
            Some((_, head)) => Some(text::read(&mut url, [head, source.as_deref().unwrap_or("")].concat())?),
            None => Some(text::read(&mut url, String::new())?),
        };
        Ok((url, source, self.rare()?))
    }

    pub(super) fn skip_place_of_publication(&mut self) -> Read<()> {
        if self.r.byte()? != URL_NONE {
            text::skip(&mut self.r)?;
        }
        self.strings.read(&mut self.r)?;
        if self.flag()? { text::skip(&mut self.r) } else { Ok(()) }
    }

    pub(super) fn times(&mut self) -> Read<(Option<Timestamp>, Option<PartialDate>)> {
        let published_at = self.timestamp()?;
        let mut ahead = self.r;
        let as_of = if ahead.byte()? == SAME_DAY {
            self.r = ahead;
            published_at.as_ref().map(|t| PartialDate::Day(t.date()))
        } else {
            self.date()?
        };
        Ok((published_at, as_of))
    }

    fn skip_times(&mut self) -> Read<()> {
        match self.r.byte()? {
            0 => {}
            TIME_UTC => _ = self.r.signed()?,
            _ => _ = self.r.text()?,
        }
        if !matches!(self.r.byte()?, 0 | SAME_DAY) {
            self.r.signed()?;
        }
        Ok(())
    }

    fn sketch(&mut self) -> Read<Option<Sketch>> {
        let words = |b: &[u8]| b.as_chunks::<2>().0.iter().map(|c| u16::from_le_bytes(*c)).collect();
        let first = self.first;
        let shingles = |b: &[u8]| {
            if first {
                return b.as_chunks::<SHINGLE_1>().0.iter().map(|c| u32::from_le_bytes(*c)).collect();
            }
            b.as_chunks::<SHINGLE>().0.iter().map(|c| u32::from_le_bytes([0, c[0], c[1], c[2]])).collect()
        };
        let width = if self.first { SHINGLE_1 } else { SHINGLE };
        Ok(sketch_parts(&mut self.r, width)?.map(|(s, numbers, names)| Sketch {
            shingles: shingles(s),
            numbers: words(numbers),
            names: words(names),
        }))
    }

    fn timestamp(&mut self) -> Read<Option<Timestamp>> {
        match self.r.byte()? {
            0 => Ok(None),
            TIME_UTC => Timestamp::utc(self.r.signed()?).map(Some).ok_or_else(|| corrupt("a time out of range")),
            _ => Timestamp::parse(self.r.text()?).map(Some).map_err(|e| corrupt(&e)),
        }
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
            3 => PartialDate::Day(
                chrono::NaiveDate::from_num_days_from_ce_opt(n).ok_or_else(|| corrupt("a date out of range"))?,
            ),
            _ => return Err(corrupt("a date out of range")),
        };
        Ok(Some(date))
    }

    /// The content hash of the first encoding.
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

    fn evidence_bytes(&mut self) -> Read<&'a [u8]> {
        let length = self.r.take(EVIDENCE_LENGTH)?;
        let length = length.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
        self.r.take(length)
    }

    /// Pieces of evidence with their strings where they lie, and the texts that their ranges are of.
    fn pieces(&mut self) -> Read<(Vec<Piece<'a>>, String)> {
        let mut inner = Reader::new(self.evidence_bytes()?);
        let n = inner.count()?;
        let mut list: Vec<Piece<'a>> = Vec::with_capacity(n);
        let mut texts = String::new();
        for _ in 0..n {
            let flags = inner.byte()?;
            let field = value(flags & 3)?;
            let strings = self.strings;
            let string = |r: &mut Reader<'a>| strings.read(r)?.ok_or_else(|| corrupt("a string is missing"));
            let (path, rule) = (string(&mut inner)?, string(&mut inner)?);
            let (start, end, text) = if flags & SPAN_AGAIN != 0 {
                let other = list.get(inner.u32()? as usize).filter(|p| p.text.len() <= LONGEST_AGAIN);
                let other = other.ok_or_else(|| corrupt("a span that it names is missing"))?;
                (other.start, other.end, other.text.clone())
            } else {
                let (start, from) = (inner.u32()?, texts.len());
                texts = text::read(&mut inner, texts)?;
                let text = from..texts.len();
                let printed = match flags & SPAN_OTHER {
                    0 => texts[text.clone()].chars().count() as i64,
                    _ => inner.signed()?,
                };
                (start, span_end(start, printed)?, text)
            };
            list.push(Piece { path, field, start, end, text, rule });
        }
        if inner.is_empty() { Ok((list, texts)) } else { Err(corrupt("there is more than the evidence")) }
    }

    fn evidence(&mut self) -> Read<Vec<Evidence>> {
        let (pieces, texts) = self.pieces()?;
        let evidence = |p: Piece<'_>| Evidence {
            path: p.path.to_owned(),
            field: p.field,
            start: p.start,
            end: p.end,
            text: texts[p.text].to_owned(),
            rule: p.rule.to_owned(),
        };
        Ok(pieces.into_iter().map(evidence).collect())
    }

    /// The same as it is published.
    fn quotes(&mut self) -> Read<Quotes> {
        #[derive(Serialize)]
        struct Printed<'a> {
            path: &'a str,
            r#in: Field,
            start: u32,
            end: u32,
            text: &'a str,
            rule: &'a str,
        }
        let (pieces, texts) = self.pieces()?;
        let printed = |p: &Piece<'a>| Printed {
            path: p.path,
            r#in: p.field,
            start: p.start,
            end: p.end,
            text: &texts[p.text.clone()],
            rule: p.rule,
        };
        let list: SmallVec<[Printed<'_>; 24]> = pieces.iter().map(printed).collect();
        Quotes::new(&list.as_slice()).map_err(|e| corrupt(&e.to_string()))
    }

    fn evidence_1(&mut self) -> Read<Vec<Evidence>> {
        self.list(|d| {
            let path = d.must()?;
            let field = value(d.r.byte()?)?;
            let start = d.r.u32()?;
            let end = span_end(start, d.r.signed()?)?;
            Ok(Evidence { path, field, start, end, text: d.text()?, rule: d.must()? })
        })
    }

    /// What stood at the end of a body in the first encoding.
    fn end_of_body(&mut self) -> Read<(f32, Vec<Evidence>)> {
        if self.first { Ok((self.float()?, self.evidence_1()?)) } else { Ok((0.0, vec![])) }
    }

    fn visit(&mut self) -> Read<Visit> {
        let mut visit = Visit {
            visitor: Visitor { actor: self.actor()?, named: self.flag()? },
            host: if self.flag()? { Some(self.actor()?) } else { None },
            destination: self.place()?,
            period: self.period()?,
            visit_kind: value(self.r.byte()?)?,
            status: value(self.r.byte()?)?,
            certainty: value(self.r.byte()?)?,
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
            confidence: 0.0,
            evidence: vec![],
        };
        (visit.confidence, visit.evidence) = self.end_of_body()?;
        Ok(visit)
    }

    fn event(&mut self) -> Read<Event> {
        let mut event = Event {
            event_type: value(self.r.byte()?)?,
            subtype: self.rare()?,
            plover: self.plover()?,
            cameo: self.often()?,
            participants: self.list(|d| {
                let actor = d.actor()?;
                Ok(Participant { actor, part: value(d.r.byte()?)?, certainty: value(d.r.byte()?)? })
            })?,
            place: if self.flag()? { Some(self.place()?) } else { None },
            period: self.period()?,
            status: value(self.r.byte()?)?,
            certainty: value(self.r.byte()?)?,
            attribution: self.attribution()?,
            topic: self.rare()?,
            topic_certainty: match self.r.byte()? {
                0 => None,
                n => Some(value(n - 1)?),
            },
            quote: self.rare()?,
            during_visit: match self.rare()? {
                None => None,
                Some(visitor) => Some(DuringVisit { visitor, country: self.must()? }),
            },
            background: self.flag()?,
            confidence: 0.0,
            evidence: vec![],
        };
        (event.confidence, event.evidence) = self.end_of_body()?;
        Ok(event)
    }
}

fn span_end(start: u32, printed: i64) -> Read<u32> {
    u32::try_from(i64::from(start).saturating_add(printed)).map_err(|_| corrupt("a span out of range"))
}
