//! The draft that one frame gives.

use dateline_model::{Attribution, Certainty, Event, EventStatus, EventType, Part, Period};

use super::EventDraft;
use super::code::codes;
use crate::attribution::attribution;
use crate::chunk::Kind;
use crate::frame::Frame;
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};
use crate::words::holds;

/// An event longer ago than this many days is told as history.
const BACKGROUND_DAYS: i64 = 45;

/// Sentences of the text that tell the news.
const LEAD: usize = 2;

/// Sentences of the text that a reader sees first.
const FIRST: usize = 3;

/// "sees", "receives", "welcomed": talks only where it is people that are seen.
fn loose(verb: &str) -> bool {
    let last = verb.split_whitespace().next_back().unwrap_or_default();
    ["see", "sees", "saw", "seen", "seeing", "receive", "welcome", "greet"].iter().any(|w| last.starts_with(w))
}

impl Reader<'_> {
    /// The event that a frame tells; `None` for a frame of a visit, and where the words say that there is none.
    pub(super) fn event(&self, frame: &Frame, visits: &[Draft]) -> Option<EventDraft> {
        let rule = self.engine.rule(frame.rule);
        let kind = self.kind_of(frame, rule.event?)?;
        let s = frame.sentence;
        if rule.effects.lead && !self.in_lead(s) || self.aside(frame) || !self.proper(frame, kind) {
            return None;
        }
        // "no agreement was signed"
        if frame.noun(self.doc).is_some_and(|(at, _)| {
            let whole = self.doc.slice(s, self.doc.sentences[s].chunks[at].tokens).to_lowercase();
            whole.starts_with("no ")
        }) {
            return None;
        }
        let source = attribution(self.engine, self.doc, self.entities, frame).filter(|_| kind != EventType::Statement);
        let (mut status, mut certainty) = self.event_status(frame)?;
        if let Some(fixed) = &rule.effects.status {
            status = serde_json::from_value(serde_json::Value::String(fixed.clone())).ok()?;
        }
        let mut quotes = Quotes::default();
        let (name, trigger) = (rule.name.as_str(), self.trigger(frame));
        for path in ["event_type", "status", "certainty"] {
            quotes.add(path, (s, trigger), name);
        }
        let period = self.event_period(frame, kind, status, &mut quotes);
        status = self.by_calendar(kind, status, &period);
        // "to reach a deal": nothing is agreed yet
        let open = !matches!(status, EventStatus::Completed | EventStatus::Ongoing) && period.start.is_none();
        if open && name == "signing.agree" {
            return None;
        }
        if let Some(source) = &source {
            if source.denies {
                (status, certainty) = (EventStatus::Denied, Certainty::Denied);
            } else if source.certainty == Certainty::Rumored && certainty == Certainty::Stated {
                certainty = Certainty::Rumored;
            }
        }
        let (mut participants, who) = self.parties(frame, kind, visits, &mut quotes);
        let word = self.doc.lower(s, trigger);
        let met = participants.iter().any(|p| p.part == Part::Recipient);
        let seen = |w: &Option<usize>| w.is_none_or(|e| self.weighty(&self.entities.list[e]));
        // "his counterpart, Salifou Mody"
        let official = ["actor", "recipient"].iter().any(|slot| {
            let slot = frame.slot(slot);
            let noun = |c: usize| matches!(self.doc.sentences[s].chunks[c].kind, Kind::Noun(_));
            slot.iter().any(|c| noun(*c) && slot.contains(&(c + 2)) && self.by_office(s, *c))
        });
        // whom a president receives need have no office
        let guest = name == "talks.received_by" && word.ends_with("received") && who.iter().any(seen);
        let weighty = official || guest || who.iter().all(seen);
        if kind == EventType::Talks
            && frame.slots.iter().any(|(n, _)| n == "recipient")
            && !(met && weighty)
            && loose(&word)
        {
            return None;
        }
        for p in participants.iter_mut().filter(|p| p.part == Part::Contingent || rule.effects.joins) {
            p.certainty = certainty;
        }
        let place = self.place_of(frame, kind, &mut quotes);
        let topic = self.topic(frame, kind, &mut quotes);
        let topic_certainty = topic.as_ref().filter(|_| rule.effects.joins).map(|_| self.topic_certainty(frame));
        let subtype = rule.effects.subtype.clone().or_else(|| self.subtype(frame, kind));
        if let Some(a) = &source {
            quotes.add("attribution.source", a.at, "attribution");
            if let Some(at) = a.reported_at {
                quotes.add("attribution.reported_on", at, "time");
            }
        }
        let quote = (kind == EventType::Statement).then(|| self.quotation(s, &mut quotes)).flatten();
        let (plover, cameo) = codes(kind, status);
        let noun = frame.noun(self.doc).map(|(_, n)| n);
        let known = noun.and_then(|n| n.event);
        let opens = frame.slot("noun").first() == Some(&0);
        let definite = noun.is_some_and(|n| n.definite || n.owner.is_some()) || opens;
        let event = Event {
            event_type: kind,
            subtype,
            plover,
            cameo: Some(cameo.to_owned()),
            participants,
            place,
            background: self.history(&period),
            period,
            status,
            certainty,
            attribution: source.map(|a| Attribution { source: a.text, reported_on: a.reported_on }),
            topic,
            topic_certainty,
            quote,
            during_visit: None,
            confidence: rule.effects.confidence.unwrap_or(0.7),
            evidence: vec![],
        };
        Some(EventDraft {
            event,
            quotes,
            sentence: s,
            at: self.doc.sentences[s].chunks.iter().position(|c| c.tokens == trigger).unwrap_or(frame.span.0),
            who,
            joins: rule.effects.joins || self.continues(frame),
            weak: rule.effects.weak,
            title: self.doc.sentences[s].part != self.doc.body,
            known,
            definite,
            lead: rule.effects.lead,
            salient: self.salient(s),
            by_subject: frame.slot("actor").is_empty() && rule.effects.subject_acts,
            head: match noun {
                Some(n) => self.doc.lower(s, n.head).into_owned(),
                None => self.doc.lower(s, trigger).into_owned(),
            },
            open: self.unnamed(frame),
            spoken: name == "talks.spoke",
            summit: noun.is_some_and(|n| self.doc.lower(s, n.head).contains("summit")) || name == "summit.meeting",
        })
    }

    /// No slot says with whom, or only by office: "his counterpart", "the leadership".
    fn unnamed(&self, frame: &Frame) -> bool {
        let slot = frame.slot("recipient");
        slot.is_empty() || slot.iter().any(|c| self.by_office(frame.sentence, *c))
    }

    /// "his counterpart", "her host": somebody whose office says it.
    fn by_office(&self, sentence: usize, chunk: usize) -> bool {
        let text = self.doc.slice(sentence, self.doc.sentences[sentence].chunks[chunk].tokens).to_lowercase();
        holds(&self.engine.words.locals, &text)
    }

    /// "They discussed": what they met for.
    fn continues(&self, frame: &Frame) -> bool {
        let [actor] = frame.slot("actor") else { return false };
        let chunk = &self.doc.sentences[frame.sentence].chunks[*actor];
        self.engine.rule(frame.rule).name == "talks.spoke" && matches!(chunk.kind, Kind::Pronoun(_))
    }

    /// The word that says what statement or ceremony it is: "warning", "parade", "wreath".
    fn subtype(&self, frame: &Frame, kind: EventType) -> Option<String> {
        let s = frame.sentence;
        match (kind, frame.noun(self.doc)) {
            (EventType::Statement | EventType::Ceremony, Some((_, noun))) => {
                Some(self.doc.lower(s, noun.head).into_owned())
            }
            (EventType::Ceremony, None) => {
                let words = self.doc.lower(s, self.trigger(frame));
                words.split_whitespace().next_back().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// The headline and the first sentences of the text.
    pub(super) fn in_lead(&self, sentence: usize) -> bool {
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        sentence < body + LEAD
    }

    /// The headline and the sentences that the reader sees first.
    pub(super) fn salient(&self, sentence: usize) -> bool {
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        sentence < body + FIRST
    }

    fn history(&self, period: &Period) -> bool {
        let end = period.end.or(period.start);
        self.doc.as_of.zip(end).is_some_and(|(a, d)| (a - d.last_day()).num_days() > BACKGROUND_DAYS)
    }
}
