//! How a frame's visit stands: by its verb and what governs it, or by the words around its noun.

use dateline_model::{Certainty, VisitStatus};

use crate::chunk::{NounNp, Tense};
use crate::clause::Link;
use crate::frame::Frame;
use crate::modality::{Phase, judge};
use crate::visit::Reader;

impl Reader<'_> {
    pub(crate) fn status(&self, frame: &Frame, phase: Phase, says: bool) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        let rule = self.engine.rule(frame.rule);
        if let Some((at, noun)) = frame.noun(self.doc)
            && rule.over == crate::rules::Over::Sentence
        {
            return self.noun_status(frame, at, noun, says);
        }
        // "if he visits" tells of no visit
        let conditional = |link: Link| matches!(link, Link::Adverbial(x) if self.engine.lexicon.name_of(x) == "if");
        if clause.is_some_and(|c| conditional(c.link)) {
            return None;
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
    pub(crate) fn noun_status(
        &self,
        frame: &Frame,
        at: usize,
        noun: &NounNp,
        says: bool,
    ) -> Option<(VisitStatus, Certainty)> {
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
}
