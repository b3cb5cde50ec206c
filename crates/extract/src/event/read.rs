//! The draft that one frame gives.

use dateline_model::{Attribution, Certainty, Event, EventStatus, EventType, Part, Period};

use super::EventDraft;
use super::code::codes;
use dateline_gazetteer::OrganisationClass;

use crate::attribution::attribution;
use crate::chunk::Kind;
use crate::clause::Link;
use crate::frame::Frame;
use crate::lexicon::Form;
use crate::quote::Quotes;
use crate::time::TimeKind;
use crate::visit::{Draft, Reader};

/// An event longer ago than this many days is told as history.
const BACKGROUND_DAYS: i64 = 45;

/// Verbs of saying that report figures or thoughts.
const REPORTS: [&str; 8] = ["states", "report", "quot", "estimat", "predict", "believ", "think", "thought"];

/// Sentences of the text that tell the news.
const LEAD: usize = 2;

/// "sees", "receives", "welcomed": talks only where it is people that are seen.
fn loose(verb: &str) -> bool {
    let last = verb.split_whitespace().next_back().unwrap_or_default();
    ["see", "sees", "saw", "seen", "seeing", "receive", "welcome", "greet"].iter().any(|w| last.starts_with(w))
}

impl Reader<'_> {
    /// The event that a frame tells; `None` for a frame of a visit, and where the words say that there is none.
    pub(super) fn event(&self, frame: &Frame, visits: &[Draft]) -> Option<EventDraft> {
        let rule = self.engine.rule(frame.rule);
        let kind = rule.event?;
        let s = frame.sentence;
        if rule.effects.lead && !self.in_lead(s) || self.aside(frame) || !self.proper(frame, kind) {
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
        if let Some(source) = &source {
            if source.denies {
                (status, certainty) = (EventStatus::Denied, Certainty::Denied);
            } else if source.certainty == Certainty::Rumored && certainty == Certainty::Stated {
                certainty = Certainty::Rumored;
            }
        }
        let (mut participants, who) = self.parties(frame, kind, visits, &mut quotes);
        let word = self.doc.slice(s, trigger).to_lowercase();
        let met = participants.iter().any(|p| p.part == Part::Recipient);
        if kind == EventType::Talks && frame.slots.iter().any(|(n, _)| n == "recipient") && !met && loose(&word) {
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
            joins: rule.effects.joins,
            weak: rule.effects.weak,
            title: self.doc.sentences[s].part != self.doc.body,
            known,
            definite,
            lead: rule.effects.lead,
            by_subject: frame.slot("actor").is_empty() && rule.effects.subject_acts,
            head: match noun {
                Some(n) => self.doc.slice(s, n.head).to_lowercase(),
                None => self.doc.slice(s, trigger).to_lowercase(),
            },
            open: frame.slot("recipient").is_empty(),
            summit: noun.is_some_and(|n| self.doc.slice(s, n.head).to_lowercase().contains("summit"))
                || name == "summit.meeting",
        })
    }

    /// The word that says what statement or ceremony it is: "warning", "parade", "wreath".
    fn subtype(&self, frame: &Frame, kind: EventType) -> Option<String> {
        let s = frame.sentence;
        match (kind, frame.noun(self.doc)) {
            (EventType::Statement | EventType::Ceremony, Some((_, noun))) => {
                Some(self.doc.slice(s, noun.head).to_lowercase())
            }
            (EventType::Ceremony, None) => {
                let words = self.doc.slice(s, self.trigger(frame)).to_lowercase();
                words.split_whitespace().next_back().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// "since the invasion", "until the troops leave", "if it attacks": no news of that event.
    fn aside(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let named = |symbol: u8| matches!(self.engine.lexicon.name_of(symbol), "since" | "until" | "if");
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        let subordinate = clause.is_some_and(|c| matches!(c.link, Link::Adverbial(x) if named(x)));
        let noun = frame.slot("noun").first().and_then(|n| n.checked_sub(1));
        let verb = clause.and_then(|c| c.verb).filter(|_| frame.slot("noun").is_empty());
        let gerund = verb.is_some_and(|v| {
            let bare = clause.and_then(|c| c.group(&s.chunks)).is_some_and(|g| g.form == Form::Ing && !g.finite);
            bare && v > 0
                && matches!(
                    self.engine.lexicon.name_of(s.chunks[v - 1].sym),
                    "that" | "of" | "for" | "from" | "against" | "over"
                )
        });
        // "have been fighting since": no news
        let lasting = self.engine.rule(frame.rule).event == Some(EventType::Attack)
            && clause.is_some_and(|c| {
                c.chunks.iter().any(|i| match s.chunks[*i].kind {
                    Kind::Time(t) => s.times[t].kind() == TimeKind::Since,
                    _ => s.chunks[*i].sym == self.engine.symbols.since,
                })
            });
        gerund || lasting || subordinate || noun.is_some_and(|b| named(s.chunks[b].sym)) || self.behind_since(frame)
    }

    /// A time expression that counts from the event: "since Moscow sent its army".
    fn behind_since(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let first = frame.span.0.min(frame.span.1);
        (first.saturating_sub(2)..first).any(|c| s.chunks[c].sym == self.engine.symbols.since)
    }

    /// What a rule over verbs cannot see: only troops are deployed, a statement needs a verb that states.
    fn proper(&self, frame: &Frame, kind: EventType) -> bool {
        match kind {
            // "Germany meets Chile" is a match
            EventType::Talks => {
                let chunks = &self.doc.sentences[frame.sentence].chunks;
                let land = |slot: &str| {
                    let slot = frame.slot(slot);
                    !slot.is_empty()
                        && slot.iter().all(|c| {
                            !matches!(
                                chunks[*c].kind,
                                Kind::Person(_) | Kind::Group(_) | Kind::Org(_) | Kind::Pronoun(_) | Kind::Noun(_)
                            )
                        })
                };
                let word = self.doc.slice(frame.sentence, self.trigger(frame)).to_lowercase();
                // who is greeted on the tarmac has not talked yet
                if self.engine.rule(frame.rule).name.starts_with("talks.received") {
                    let clause = frame.clause.and_then(|k| self.doc.sentences[frame.sentence].clauses.get(k));
                    let runway = clause.is_some_and(|c| {
                        c.chunks.iter().any(|i| {
                            let text = self.doc.slice(frame.sentence, chunks[*i].tokens).to_lowercase();
                            ["airport", "tarmac", "runway", "airfield", "station", "harbour"]
                                .iter()
                                .any(|w| text.contains(w))
                        })
                    });
                    return (word.contains("receiv") || word.contains("met")) && !runway;
                }
                let plain = matches!(word.split_whitespace().next_back(), Some("meet" | "meets" | "met"));
                !(plain && land("actor") && land("recipient"))
            }
            // words are no weapons: "the bank attacked the plan"
            EventType::Attack => {
                let at = |c: &usize| self.entities.at((frame.sentence, *c)).map(|e| &self.entities.list[e]);
                let armed = |c: &usize| {
                    at(c).is_none_or(|e| {
                        e.group
                            && e.organisation.is_none_or(|o| {
                                self.engine.gazetteer.organisation(o).class != OrganisationClass::International
                            })
                    })
                };
                let actors = frame.slot("actor");
                actors.is_empty() || actors.iter().any(armed)
            }
            // "it demonstrated that": no protest
            EventType::Protest => {
                let s = &self.doc.sentences[frame.sentence];
                let verb = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
                verb.and_then(|v| s.chunks.get(v + 1)).is_none_or(|c| c.sym != self.engine.symbols.that)
            }
            EventType::Deployment => frame
                .slot("contingent")
                .iter()
                .any(|c| self.entities.at((frame.sentence, *c)).is_some_and(|e| self.entities.list[e].military)),
            // a meeting of heads of state is a summit, one of ministers is none
            EventType::Summit
                if frame.noun(self.doc).is_some_and(|(at, _)| {
                    self.doc.sentences[frame.sentence].chunks[at].sym != self.engine.symbols.summit_noun
                }) =>
            {
                frame.slot("recipient").iter().any(|c| {
                    let text = self
                        .doc
                        .slice(frame.sentence, self.doc.sentences[frame.sentence].chunks[*c].tokens)
                        .to_lowercase();
                    ["leaders", "heads of", "presidents", "summit"].iter().any(|w| text.contains(w))
                })
            }
            EventType::Statement if self.engine.rule(frame.rule).effects.lead => {
                let states = frame.verb(self.doc).is_some_and(|v| v.finite && !v.infinitive && !v.negated);
                states && (!self.engine.rule(frame.rule).effects.weak || self.of_office(frame))
            }
            _ => true,
        }
    }

    /// What a state, a body or the holder of a high office says in the first sentence is news by itself.
    fn of_office(&self, frame: &Frame) -> bool {
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        let words = self.doc.slice(frame.sentence, self.trigger(frame)).to_lowercase();
        if REPORTS.iter().any(|w| words.contains(w)) {
            return false;
        }
        let speaker = frame.slot("actor").first().and_then(|c| self.entities.at((frame.sentence, *c)));
        frame.sentence <= body
            && speaker.is_none_or(|e| {
                let e = &self.entities.list[e];
                (e.group && !e.military) || e.leader || e.role.is_some_and(|r| self.engine.gazetteer.role(r).visitor)
            })
    }

    /// The headline and the first sentences of the text.
    pub(super) fn in_lead(&self, sentence: usize) -> bool {
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        sentence < body + LEAD
    }

    fn history(&self, period: &Period) -> bool {
        let end = period.end.or(period.start);
        self.doc.as_of.zip(end).is_some_and(|(a, d)| (a - d.last_day()).num_days() > BACKGROUND_DAYS)
    }
}
