//! A mention as a contribution's value.

use dateline_model::{
    Actor, Attribution, Body, Event, Evidence, Mention, PartialDate, Period, Place, Plover, Sketch, Timestamp, Visit,
};

use super::HEAD;
use super::bytes::Writer;
use super::codes::code;
use super::strings::Strings;
use super::text;
use crate::date::day;

/// Appends a contribution's value.
pub(crate) fn contribution(m: &Mention, opened: u8, strings: &mut Strings, w: &mut Writer) {
    let mut e = Encoder { w, strings };
    e.w.bytes(&[HEAD, opened]);
    e.mention(m);
}

struct Encoder<'a> {
    w: &'a mut Writer,
    strings: &'a mut Strings,
}

/// How a url is written.
pub(super) const URL_NONE: u8 = 0;
pub(super) const URL_WHOLE: u8 = 1;
/// What stands before the outlet's name, for urls that begin with it.
pub(super) const URL_HEADS: [(u8, &str); 2] = [(2, "https://"), (3, "https://www.")];

/// How a time is written: a UTC second, or as it is printed.
pub(super) const TIME_UTC: u8 = 1;
pub(super) const TIME_PRINTED: u8 = 2;

/// `as_of` that is the day of publication.
pub(super) const SAME_DAY: u8 = 4;

/// In the first byte of a piece of evidence beside the field's code: a span that an earlier one has, and a span whose
/// length in characters is not that of its text.
pub(super) const SPAN_AGAIN: u8 = 4;
pub(super) const SPAN_OTHER: u8 = 8;
/// Bytes of the length of the evidence.
pub(super) const EVIDENCE_LENGTH: usize = 3;
/// Longest text that is named again, in bytes: what is read must not grow without bound.
pub(super) const LONGEST_AGAIN: usize = 1024;

impl Encoder<'_> {
    fn often(&mut self, t: Option<&str>) {
        self.strings.write(self.w, t);
    }

    fn rare(&mut self, t: Option<&str>) {
        self.w.byte(u8::from(t.is_some()));
        if let Some(t) = t {
            text::write(self.w, t);
        }
    }

    fn mention(&mut self, m: &Mention) {
        let a = &m.article;
        self.w.text(&a.id);
        self.w.varint(u64::from(m.mention_index));
        self.w.signed(a.version.ms);
        self.w.signed(a.version.offset);
        self.sketch(a.sketch.as_ref());
        self.url(a.url.as_deref(), a.source.as_deref());
        self.often(a.source.as_deref());
        self.rare(a.title.as_deref());
        self.timestamp(a.published_at.as_ref());
        match (a.as_of, &a.published_at) {
            (Some(PartialDate::Day(d)), Some(t)) if t.date() == d => self.w.byte(SAME_DAY),
            (as_of, _) => self.date(as_of),
        }
        let (confidence, evidence) = match &m.body {
            Body::Visit(v) => (v.confidence, &v.evidence),
            Body::Event(e) => (e.confidence, &e.evidence),
        };
        self.w.bytes(&confidence.to_le_bytes());
        self.evidence(evidence);
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

    /// A shingle's highest 24 bits: two of 64 meet by chance in one of four thousand pairs of texts.
    fn sketch(&mut self, s: Option<&Sketch>) {
        let Some(s) = s else { return self.w.byte(0) };
        let (shingles, numbers, names) = (cut(&s.shingles, 64), cut(&s.numbers, 32), cut(&s.names, 32));
        self.w.bytes(&[1, shingles.len() as u8, numbers.len() as u8, names.len() as u8]);
        let at = self.w.0.len();
        self.w.0.resize(at + 3 * shingles.len() + 2 * (numbers.len() + names.len()), 0);
        let (three, two) = self.w.0[at..].split_at_mut(3 * shingles.len());
        for (packed, x) in three.as_chunks_mut::<3>().0.iter_mut().zip(shingles) {
            let [_, a, b, c] = x.to_le_bytes();
            *packed = [a, b, c];
        }
        for (packed, x) in two.as_chunks_mut::<2>().0.iter_mut().zip(numbers.iter().chain(names)) {
            *packed = x.to_le_bytes();
        }
    }

    fn url(&mut self, url: Option<&str>, outlet: Option<&str>) {
        let Some(url) = url else { return self.w.byte(URL_NONE) };
        let rest = |head: &str| url.strip_prefix(head).and_then(|rest| rest.strip_prefix(outlet?));
        for (tag, head) in URL_HEADS {
            if let Some(rest) = rest(head) {
                self.w.byte(tag);
                return text::write(self.w, rest);
            }
        }
        self.w.byte(URL_WHOLE);
        text::write(self.w, url);
    }

    fn timestamp(&mut self, t: Option<&Timestamp>) {
        let Some(t) = t else { return self.w.byte(0) };
        let seconds = t.ms().div_euclid(1000);
        if t.as_str().len() == 20 && Timestamp::utc(seconds).as_ref() == Some(t) {
            self.w.byte(TIME_UTC);
            self.w.signed(seconds);
        } else {
            self.w.byte(TIME_PRINTED);
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

    fn actor(&mut self, a: &Actor) {
        text::write(self.w, &a.name);
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

    /// The length in bytes, so that it can be passed by; then each piece, with its span once.
    fn evidence(&mut self, list: &[Evidence]) {
        let length = self.w.0.len();
        self.w.bytes(&[0; EVIDENCE_LENGTH]);
        self.w.varint(list.len() as u64);
        for (n, e) in list.iter().enumerate() {
            let same = |o: &Evidence| (o.start, o.end, o.field) == (e.start, e.end, e.field) && o.text == e.text;
            let again = list[..n].iter().position(same).filter(|_| e.text.len() <= LONGEST_AGAIN);
            let printed = i64::from(e.end) - i64::from(e.start);
            let other = again.is_none() && printed != e.text.chars().count() as i64;
            let flags = if again.is_some() { SPAN_AGAIN } else { 0 } | if other { SPAN_OTHER } else { 0 };
            self.w.byte(code(e.field) | flags);
            self.often(Some(&e.path));
            self.often(Some(&e.rule));
            if let Some(again) = again {
                self.w.varint(again as u64);
            } else {
                self.w.varint(u64::from(e.start));
                text::write(self.w, &e.text);
                if other {
                    self.w.signed(printed);
                }
            }
        }
        let written = (self.w.0.len() - length - EVIDENCE_LENGTH) as u32;
        self.w.0[length..length + EVIDENCE_LENGTH].copy_from_slice(&written.to_le_bytes()[..EVIDENCE_LENGTH]);
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
        self.w.bytes(&[code(v.visit_kind), code(v.status), code(v.certainty)]);
        self.attribution(v.attribution.as_ref());
        self.rare(v.purpose.as_deref());
        self.w.varint(v.topics.len() as u64);
        for t in &v.topics {
            text::write(self.w, t);
        }
        self.w.varint(v.ordinal.map_or(0, |o| u64::from(o.n) + 1));
        if let Some(o) = v.ordinal {
            self.date(o.since);
        }
        self.actors(&v.delegation);
        self.w.byte(u8::from(v.primary));
        self.plover(&v.plover);
        self.often(v.cameo.as_deref());
    }

    fn event(&mut self, e: &Event) {
        self.w.byte(code(e.event_type));
        self.rare(e.subtype.as_deref());
        self.plover(&e.plover);
        self.often(e.cameo.as_deref());
        self.w.varint(e.participants.len() as u64);
        for p in &e.participants {
            self.actor(&p.actor);
            self.w.bytes(&[code(p.part), code(p.certainty)]);
        }
        self.w.byte(u8::from(e.place.is_some()));
        if let Some(p) = &e.place {
            self.place(p);
        }
        self.period(&e.period);
        self.w.bytes(&[code(e.status), code(e.certainty)]);
        self.attribution(e.attribution.as_ref());
        self.rare(e.topic.as_deref());
        self.w.byte(e.topic_certainty.map_or(0, |c| code(c) + 1));
        self.rare(e.quote.as_deref());
        self.rare(e.during_visit.as_ref().map(|d| d.visitor.as_str()));
        if let Some(d) = &e.during_visit {
            self.often(Some(&d.country));
        }
        self.w.byte(u8::from(e.background));
    }
}

fn cut<T>(list: &[T], most: usize) -> &[T] {
    &list[..list.len().min(most)]
}
