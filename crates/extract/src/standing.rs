//! How a frame's visit stands: by its verb and what governs it, or by the words around its noun.

use dateline_model::{Certainty, VisitStatus};

use crate::chunk::{Kind, NounNp, Tense, VerbGroup};
use crate::clause::{Clause, Link};
use crate::frame::Frame;
use crate::lexicon::{Chain, Form, sym};
use crate::modality::{Phase, judge};
use crate::visit::Reader;
use crate::when::governor;
use crate::words::among;

impl Reader<'_> {
    /// Status and certainty; true where they are only those of the clause around a noun.
    pub(crate) fn standing(&self, frame: &Frame, phase: Phase, says: bool) -> Option<(VisitStatus, Certainty, bool)> {
        if let (Some((at, _)), Some(verb)) = (frame.noun(self.doc), frame.verb(self.doc))
            && !verb.negated
            && let Some((status, certainty)) = self.predicate(frame, at, verb)
        {
            return Some((status, certainty, false));
        }
        if let Some((at, noun)) = frame.noun(self.doc)
            && self.engine.rule(frame.rule).over == crate::rules::Over::Sentence
        {
            if let Some((status, certainty)) = self.noun_status(frame, at, noun) {
                return Some((status, certainty, false));
            }
            let Some(verb) = frame.verb(self.doc) else {
                return Some((VisitStatus::Planned, Certainty::Stated, true));
            };
            if verb.negated {
                return None;
            }
            return judge(Some(verb), Phase::At, says).map(|(status, certainty)| (status, certainty, true));
        }
        // "Kerry in Oslo for talks", a headline
        let rule = self.engine.rule(frame.rule);
        if frame.clause.is_none() && rule.over == crate::rules::Over::Sentence && phase == Phase::At {
            return Some((VisitStatus::Ongoing, Certainty::Stated, true));
        }
        self.verb_status(frame, phase, says).map(|(status, certainty)| (status, certainty, false))
    }

    fn verb_status(&self, frame: &Frame, phase: Phase, says: bool) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        // "if he visits" tells of no visit
        let conditional = |link: Link| matches!(link, Link::Adverbial(x) if self.engine.lexicon.name_of(x) == "if");
        if clause.is_some_and(|c| conditional(c.link)) {
            return None;
        }
        let mut verb = frame.verb(self.doc)?;
        // "will attend the summit and go back": the modal holds for both
        if let Some(c) = clause
            && c.link == Link::Coordinate
            && verb.finite
            && verb.form == Form::Base
            && matches!(verb.tense, Tense::Present | Tense::None)
            && verb.chain.is_empty()
            && let Some(first) = c.parent.and_then(|p| s.clauses.get(p)?.group(&s.chunks))
            && (first.infinitive
                || matches!(first.tense, Tense::Future | Tense::Conditional | Tense::Possible)
                || !first.chain.is_empty())
        {
            verb = first;
        }
        let text = clause.and_then(|c| c.verb).map(|v| self.doc.lower(frame.sentence, s.chunks[v].tokens));
        if text.as_deref().is_some_and(|t| t.split_whitespace().any(|w| w == "probably" || w == "likely"))
            && !verb.negated
            && verb.tense == Tense::Future
        {
            return Some((VisitStatus::Rumored, Certainty::Likely));
        }
        // "will remain until Friday": he is there
        if text.as_deref().is_some_and(|t| t.ends_with("remain") || t.ends_with("stay on"))
            && matches!(verb.tense, Tense::Future | Tense::Present)
            && !verb.negated
            && !verb.hedged
        {
            return Some((VisitStatus::Ongoing, Certainty::Stated));
        }
        // "hopes to visit": what the visitor would like may come about
        let wished = verb.chain.last().is_some_and(|(c, not)| *c == Chain::Wished && !*not);
        if wished && !verb.negated && !verb.passive && matches!(phase, Phase::Leave | Phase::Arrive | Phase::Whole) {
            return Some((VisitStatus::Rumored, Certainty::Rumored));
        }
        let is = |name: &str| verb.syms.iter().any(|x| self.engine.lexicon.name_of(*x) == name);
        // "is planning a visit"
        if is("plan.v") && !verb.negated && verb.chain.is_empty() && frame.noun(self.doc).is_some() {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        // "spent three days there", "had been there"
        let had = text.as_deref().is_some_and(|t| t.starts_with("had been"));
        if !verb.negated && verb.chain.is_empty() && (is("stay.v") && verb.tense == Tense::Past || is("be.v") && had) {
            return Some((VisitStatus::Completed, Certainty::Stated));
        }
        let after = clause.and_then(|c| c.verb).map_or(0, |v| v + 1);
        let tail = |words: &[&str]| {
            words.iter().enumerate().all(|(k, w)| {
                s.chunks
                    .get(after + k)
                    .is_some_and(|c| self.doc.slice(frame.sentence, c.tokens).eq_ignore_ascii_case(w))
            })
        };
        // "is not coming after all"
        if verb.negated && tail(&["after", "all"]) {
            return Some((VisitStatus::Cancelled, Certainty::Stated));
        }
        // "has no plans to visit"
        if verb.infinitive
            && clause.and_then(|c| c.verb).and_then(|v| v.checked_sub(1)).is_some_and(|b| {
                matches!(s.chunks[b].kind, Kind::Noun(_))
                    && self.doc.slice(frame.sentence, s.chunks[b].tokens).to_lowercase().starts_with("no ")
            })
        {
            return None;
        }
        if is("expect.vp") && !verb.negated {
            return Some((VisitStatus::Planned, Certainty::Expected));
        }
        let verb_at = clause.and_then(|c| c.verb).and_then(|v| v.checked_sub(1)).map(|b| s.chunks[b].sym);
        if !verb.finite && !verb.infinitive && verb_at == Some(self.engine.symbols.after) {
            return Some((VisitStatus::Completed, Certainty::Stated));
        }
        if !verb.finite && !verb.infinitive && verb_at == Some(self.engine.symbols.before) {
            // "saw the speaker before leaving": he has left
            if phase == Phase::End
                && let Some(governor) = frame.clause.and_then(|k| governor(self.doc, frame.sentence, k))
            {
                return judge(Some(governor), Phase::End, says);
            }
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        if verb.infinitive || (!verb.finite && verb.tense == Tense::None) {
            // A bare infinitive or participle stands under what governs it.
            let parent = clause.and_then(|c| c.parent).and_then(|p| s.clauses.get(p));
            let loose = frame.clause.filter(|_| !verb.infinitive).and_then(|k| governor(self.doc, frame.sentence, k));
            let loose = loose.filter(|g| g.finite);
            let Some(governor) = parent.and_then(|p| p.group(&s.chunks)).or(loose) else {
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
            // "became the first minister to visit": he did
            let whom = clause.and_then(|c| c.verb).and_then(|v| v.checked_sub(1)).is_some_and(|b| {
                matches!(&s.chunks[b].kind, crate::chunk::Kind::Person(p) if p.name.is_none())
                    || matches!(s.chunks[b].kind, crate::chunk::Kind::Group(_))
            });
            let is = governor.syms.contains(&self.engine.symbols.be_verb)
                || parent.and_then(|p| p.verb).is_some_and(|v| {
                    self.doc.slice(frame.sentence, s.chunks[v].tokens).to_lowercase().starts_with("bec")
                });
            if verb.infinitive && whom && is && matches!(outer, VisitStatus::Ongoing | VisitStatus::Completed) {
                return Some((VisitStatus::Completed, certainty));
            }
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
        let (status, certainty) = judge(Some(verb), phase, says)?;
        // "will go only if the talks resume"
        let hinges = |k: &Clause| {
            k.parent == frame.clause && matches!(k.link, Link::Adverbial(x) if self.engine.lexicon.name_of(x) == "if")
        };
        if status == VisitStatus::Planned && s.clauses.iter().any(hinges) {
            return Some((status, Certainty::Conditional));
        }
        Some((status, certainty))
    }

    /// What a noun's adjectives and the preposition in front of it say: "the planned visit", "after a visit".
    fn noun_status(&self, frame: &Frame, at: usize, noun: &NounNp) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let part = self.doc.part_of(frame.sentence);
        let words: Vec<&str> = (noun.name.0..noun.name.1).map(|t| part.lower(t as usize)).collect();
        let lists = &self.engine.words;
        let any = |list: &[String]| words.iter().any(|w| among(list, w));
        if any(&lists.rumored) {
            return Some((VisitStatus::Rumored, Certainty::Rumored));
        }
        if any(&lists.planned) || any(&lists.planned_visit) {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        if any(&lists.past_visit) {
            return Some((VisitStatus::Completed, Certainty::Stated));
        }
        let mut before = at.checked_sub(1)?;
        if s.chunks[before].sym == sym::POSSESSIVE {
            before = before.checked_sub(2)?;
        }
        let symbols = &self.engine.symbols;
        // "until after a visit to" is still ahead
        let until = before.checked_sub(1).is_some_and(|b| self.engine.lexicon.name_of(s.chunks[b].sym) == "until");
        match s.chunks[before].sym {
            b if b == symbols.after && !until => Some((VisitStatus::Completed, Certainty::Stated)),
            b if b == symbols.from => Some((VisitStatus::Completed, Certainty::Stated)),
            b if b == symbols.before || b == symbols.after => Some((VisitStatus::Planned, Certainty::Stated)),
            b if b == symbols.of && self.closes(frame.sentence, before) => {
                Some((VisitStatus::Completed, Certainty::Stated))
            }
            b if b == symbols.of && self.opens(frame.sentence, before) => {
                Some((VisitStatus::Planned, Certainty::Stated))
            }
            _ => None,
        }
    }

    /// What is said of the visit: "is likely", "is under consideration", "expects a visit".
    fn predicate(&self, frame: &Frame, noun: usize, verb: &VerbGroup) -> Option<(VisitStatus, Certainty)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let at = clause.verb?;
        let is = |class: &str| verb.syms.iter().any(|x| self.engine.lexicon.name_of(*x) == class);
        if is("expect.v") && at < noun {
            return Some((VisitStatus::Planned, Certainty::Expected));
        }
        // "a visit is being prepared"
        if at > noun && verb.passive && self.doc.slice(frame.sentence, s.chunks[at].tokens).contains("being ") {
            return Some((VisitStatus::Planned, Certainty::Stated));
        }
        // "It was his second visit to"
        if is("be.v") && at < noun && verb.tense == Tense::Past && verb.chain.is_empty() {
            let it = clause
                .subject
                .iter()
                .all(|c| matches!(s.chunks[*c].kind, crate::chunk::Kind::Pronoun(crate::chunk::Pronoun::It)));
            return it.then_some((VisitStatus::Completed, Certainty::Stated));
        }
        if !is("be.v") || at < noun {
            return None;
        }
        let text = clause
            .chunks
            .iter()
            .filter(|c| **c > at)
            .take(3)
            .map(|c| self.doc.slice(frame.sentence, s.chunks[*c].tokens));
        let text = text.collect::<Vec<_>>().join(" ").to_lowercase();
        let said = |words: &[&str]| words.iter().any(|w| text.starts_with(w));
        if said(&["likely", "probable"]) {
            return Some((VisitStatus::Rumored, Certainty::Likely));
        }
        said(&["possible", "under consideration", "under discussion", "being considered", "in doubt", "conceivable"])
            .then_some((VisitStatus::Rumored, Certainty::Rumored))
    }

    /// "at the end of"
    pub(crate) fn closes(&self, sentence: usize, of: usize) -> bool {
        self.edge(sentence, of, &["end", "conclusion", "close"])
    }

    /// "on the eve of"
    fn opens(&self, sentence: usize, of: usize) -> bool {
        self.edge(sentence, of, &["eve"])
    }

    fn edge(&self, sentence: usize, of: usize, words: &[&str]) -> bool {
        of.checked_sub(1).is_some_and(|noun| {
            let text = self.doc.lower(sentence, self.doc.sentences[sentence].chunks[noun].tokens);
            text.split_whitespace().last().is_some_and(|w| words.contains(&w))
        })
    }
}
