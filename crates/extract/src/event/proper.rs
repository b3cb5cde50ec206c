//! What words a rule over symbols cannot tell apart: armed attacks from blows with words, troops from tourists, strikes of
//! workers from strikes of planes, events from nouns that only stand before another.

use dateline_gazetteer::OrganisationClass;
use dateline_model::EventType;

use crate::chunk::{Kind, NounNp, Pronoun};
use crate::clause::Link;
use crate::frame::Frame;
use crate::lexicon::{Form, sym};
use crate::time::TimeKind;
use crate::visit::Reader;
use crate::words::holds;

impl Reader<'_> {
    /// The type of a frame's event by its words: a strike of workers is none, or a protest where the state employs them.
    pub(super) fn kind_of(&self, frame: &Frame, kind: EventType) -> Option<EventType> {
        if self.compound(frame, kind) {
            return None;
        }
        let s = frame.sentence;
        let words = &self.engine.words;
        if kind != EventType::Attack {
            return Some(kind);
        }
        let noun = frame.noun(self.doc).map(|(_, n)| self.doc.slice(s, n.name).to_lowercase());
        if noun.as_deref().is_some_and(|n| holds(&words.bloodless, n)) {
            return None;
        }
        let trigger = self.doc.slice(s, self.trigger(frame)).to_lowercase();
        let strikes = trigger.split_whitespace().any(|w| matches!(w, "strike" | "strikes" | "struck"));
        let at = frame.slot("noun").first().and_then(|n| n.checked_sub(1));
        let on = at.is_some_and(|b| self.engine.lexicon.name_of(self.doc.sentences[s].chunks[b].sym) == "on");
        let alone = !["air", "missile", "drone", "rocket", "military", "attack"].iter().any(|w| trigger.contains(w));
        if !(strikes && alone && frame.slot("recipient").is_empty()) {
            return Some(kind);
        }
        let sentence = self.sentence_text(s);
        if !on && !holds(&words.labour, &sentence) && !trigger.contains("strike action") {
            return Some(kind);
        }
        holds(&words.public, &sentence).then_some(EventType::Protest)
    }

    /// The words of a sentence in small letters.
    pub(super) fn sentence_text(&self, s: usize) -> String {
        let chunks = &self.doc.sentences[s].chunks;
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else { return String::new() };
        self.doc.slice(s, (first.tokens.0, last.tokens.1)).to_lowercase()
    }

    /// "summit venue", "demonstration centres": the noun only stands before another.
    fn compound(&self, frame: &Frame, kind: EventType) -> bool {
        let Some((at, noun)) = frame.noun(self.doc) else { return false };
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let Some(next) = chunks.get(at + 1) else { return false };
        let told = matches!(kind, EventType::Ceasefire | EventType::Signing | EventType::Sanction | EventType::Aid);
        let head = |n: &NounNp| n.head.0 == next.tokens.0;
        !told
            && noun.head.1 == next.tokens.0
            && next.sym == sym::THING
            && matches!(&next.kind, Kind::Noun(n) if head(n))
    }

    /// Words are no weapons ("the bank attacked the plan"), and who is arrested is not attacked.
    fn armed(&self, frame: &Frame) -> bool {
        let s = frame.sentence;
        let at = |c: &usize| self.entities.at((s, *c)).map(|e| &self.entities.list[e]);
        let actors = frame.slot("actor");
        let verb = self.doc.slice(s, self.trigger(frame)).to_lowercase();
        let takes = ["seiz", "captur"].iter().any(|w| verb.contains(w));
        let civil = |c: &usize| {
            at(c).is_some_and(|e| {
                e.group && (!e.military || e.name.to_lowercase().contains("police")) && e.organisation.is_none()
            })
        };
        if takes && !actors.is_empty() && actors.iter().all(civil) {
            return false;
        }
        // "fighting poverty"
        let chunks = &self.doc.sentences[s].chunks;
        if frame.noun(self.doc).is_some_and(|(at, n)| {
            self.doc.slice(s, n.head).eq_ignore_ascii_case("fighting")
                && chunks.get(at + 1).is_some_and(|c| matches!(c.kind, Kind::Noun(_)))
        }) {
            return false;
        }
        let fights = |c: &usize| {
            at(c).is_none_or(|e| {
                e.military
                    || e.group
                        && e.organisation.is_none_or(|o| {
                            self.engine.gazetteer.organisation(o).class != OrganisationClass::International
                        })
            })
        };
        let who = |c: &&usize| {
            at(c).is_some() || matches!(chunks[**c].kind, Kind::Place(_) | Kind::Noun(_) | Kind::Pronoun(_))
        };
        actors.is_empty() || actors.iter().filter(who).any(fights)
    }

    /// A report of a game: its attacks, meetings and rallies are none.
    pub(super) fn plays(&self) -> bool {
        let body = self.doc.sentences.iter().position(|x| x.part == self.doc.body).unwrap_or(0);
        let lead = 0..(body + 3).min(self.doc.sentences.len());
        let words: Vec<String> = lead.map(|s| self.sentence_text(s)).collect();
        let found = self.engine.words.games.iter().filter(|w| words.iter().any(|s| spoken(s, w)));
        found.take(2).count() > 1
    }

    /// "since the invasion", "until the troops leave", "if it attacks": no news of that event.
    pub(super) fn aside(&self, frame: &Frame) -> bool {
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
        // "hopes of resuming talks"
        let hoped = frame.slot("noun").first().is_some_and(|n| {
            *n > 1
                && matches!(&s.chunks[n - 1].kind, Kind::Verb(v) if v.form == Form::Ing && !v.finite)
                && matches!(self.engine.lexicon.name_of(s.chunks[n - 2].sym), "of" | "for" | "on" | "towards" | "to")
        });
        // "if attacked again"
        let supposed = verb.is_some_and(|v| v > 0 && named(s.chunks[v - 1].sym));
        // "a senator who has called for talks": told of him, not by him
        let told = self.engine.rule(frame.rule).effects.lead && clause.is_some_and(|c| c.link == Link::Relative);
        gerund
            || hoped
            || supposed
            || told
            || lasting
            || subordinate
            || noun.is_some_and(|b| named(s.chunks[b].sym))
            || self.behind_since(frame)
    }

    /// A time expression that counts from the event: "since Moscow sent its army".
    fn behind_since(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let first = frame.span.0.min(frame.span.1);
        (first.saturating_sub(2)..first).any(|c| s.chunks[c].sym == self.engine.symbols.since)
    }

    /// What a rule over verbs cannot see: only troops are deployed, a statement needs a verb that states.
    pub(super) fn proper(&self, frame: &Frame, kind: EventType) -> bool {
        match kind {
            // "Germany meets Chile" is a match
            EventType::Talks => {
                let name = self.engine.rule(frame.rule).name.as_str();
                let alone = |slot: &str| {
                    let [c] = frame.slot(slot) else { return false };
                    matches!(&self.doc.sentences[frame.sentence].chunks[*c].kind, Kind::Pronoun(p) if *p != Pronoun::They || name == "talks.between")
                };
                // "he spoke for an hour" is a speech, "meetings, among them one" another thing
                if matches!(name, "talks.spoke" | "talks.between") && alone("actor") {
                    return false;
                }
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
                            self.engine.words.runways.iter().any(|w| text.contains(w.as_str()))
                        })
                    });
                    return (word.contains("receiv") || word.contains("met")) && !runway;
                }
                let plain = matches!(word.split_whitespace().next_back(), Some("meet" | "meets" | "met"));
                !(plain && land("actor") && land("recipient"))
            }
            EventType::Attack => self.armed(frame),
            // whatever they do, protesters protest
            EventType::Protest if self.engine.rule(frame.rule).name == "protest.crowd" => {
                let chunks = &self.doc.sentences[frame.sentence].chunks;
                frame.slot("actor").iter().any(|c| {
                    let text = self.doc.slice(frame.sentence, chunks[*c].tokens).to_lowercase();
                    holds(&self.engine.words.crowds, &text)
                })
            }
            // "it demonstrated that": no protest
            EventType::Protest => {
                let s = &self.doc.sentences[frame.sentence];
                let verb = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
                let next = verb.and_then(|v| s.chunks.get(v + 1));
                // "the right to protest"; "rallied to his cause"
                let before = verb
                    .and_then(|v| v.checked_sub(1))
                    .map(|b| self.doc.slice(frame.sentence, s.chunks[b].tokens).to_lowercase());
                if before.is_some_and(|b| b.ends_with("right") || b.ends_with("rights")) {
                    return false;
                }
                // "in protest"
                if frame.noun(self.doc).is_some_and(|(at, n)| {
                    at > 0
                        && n.head == s.chunks[at].tokens
                        && self.doc.slice(frame.sentence, n.head).eq_ignore_ascii_case("protest")
                        && self.engine.lexicon.name_of(s.chunks[at - 1].sym) == "in"
                }) {
                    return false;
                }
                // "demonstrated their skills"
                let words = self.doc.slice(frame.sentence, self.trigger(frame)).to_lowercase();
                let shows = words.contains("demonstrat") && frame.slot("noun").is_empty();
                let rallies = words.contains("rall") && frame.slot("noun").is_empty();
                let to = next.is_some_and(|c| self.engine.lexicon.name_of(c.sym) == "to");
                if rallies && (to || frame.slot("actor").is_empty()) {
                    return false;
                }
                next.is_none_or(|c| {
                    c.sym != self.engine.symbols.that && !(shows && matches!(c.kind, Kind::Noun(_) | Kind::Pronoun(_)))
                })
            }
            EventType::Deployment => frame
                .slot("contingent")
                .iter()
                .any(|c| self.entities.at((frame.sentence, *c)).is_some_and(|e| self.entities.list[e].military)),
            // "put their names to a pact"
            EventType::Signing if self.engine.rule(frame.rule).name == "signing.put_name" => {
                let chunks = &self.doc.sentences[frame.sentence].chunks;
                let tokens = (chunks[frame.span.0].tokens.0, chunks[frame.span.1].tokens.1);
                holds(&self.engine.words.signatures, &self.doc.slice(frame.sentence, tokens).to_lowercase())
            }
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
            EventType::Statement if self.engine.rule(frame.rule).name == "statement.vow" => {
                let words = self.doc.slice(frame.sentence, self.trigger(frame)).to_lowercase();
                self.of_office(frame)
                    && self.engine.words.vows.iter().any(|w| words.split(' ').any(|x| x.starts_with(w.as_str())))
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
        if self.engine.words.reports.iter().any(|w| words.contains(w.as_str())) {
            return false;
        }
        let speaker = frame.slot("actor").first().and_then(|c| self.entities.at((frame.sentence, *c)));
        frame.sentence <= body
            && speaker.is_none_or(|e| {
                let e = &self.entities.list[e];
                (e.group && !e.military) || e.leader || e.role.is_some_and(|r| self.engine.gazetteer.role(r).visitor)
            })
    }
}

/// The phrase stands in the text as words of its own.
fn spoken(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(i, _)| {
        let before = text[..i].chars().next_back();
        let after = text[i + phrase.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}
