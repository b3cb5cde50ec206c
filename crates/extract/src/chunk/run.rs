//! The chunker: one pass over a sentence's tokens.

use dateline_gazetteer::Kind as Gaz;
use dateline_text::TokenKind;

use super::noun::Piece;
use super::{Chunk, Kind, Owner, SentenceChunks};
use crate::Engine;
use crate::lexicon::{Form, Lex, sym};
use crate::marks;
use crate::part::Part;
use crate::registry::Registry;
use crate::time::{self, TimeKind};
use crate::vocabulary::Entry;

/// Turns sentences into chunks.
pub(crate) struct Chunker<'a> {
    pub(super) engine: &'a Engine,
    pub(super) part: &'a Part<'a>,
    pub(super) registry: &'a Registry,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) out: SentenceChunks,
    /// Next time expression not yet passed.
    pub(super) time_at: usize,
    /// Memory for the pieces of the next noun group.
    pub(super) spare: Vec<Piece>,
}

impl<'a> Chunker<'a> {
    /// The chunks of tokens `[start, end)`.
    pub(crate) fn chunks(
        engine: &'a Engine,
        part: &'a Part<'a>,
        registry: &'a Registry,
        start: usize,
        end: usize,
    ) -> SentenceChunks {
        let times = time::find_known(part.text, &part.tokens, start..end, |i| part.time_word(i));
        let out = SentenceChunks { chunks: Vec::with_capacity(end - start), times };
        let mut c = Self { engine, part, registry, start, end, out, time_at: 0, spare: vec![] };
        let mut i = start;
        while i < end {
            let next = c.step(i);
            i = next.max(i + 1);
        }
        c.out
    }

    pub(super) fn push(&mut self, from: usize, to: usize, sym: u8, kind: Kind) {
        self.out.chunks.push(Chunk { tokens: (from as u32, to as u32), sym, kind });
    }

    /// The time expression that starts at `i`.
    pub(super) fn time_at(&mut self, i: usize) -> Option<(usize, usize)> {
        while self.out.times.get(self.time_at).is_some_and(|t| t.tokens.start < i) {
            self.time_at += 1;
        }
        let t = self.out.times.get(self.time_at)?;
        (t.tokens.start == i).then(|| (self.time_at, t.tokens.end.min(self.end)))
    }

    fn step(&mut self, i: usize) -> usize {
        let t = self.part.tokens[i];
        if let Some((time, to)) = self.time_at(i) {
            if let Some(next) = self.noun_group(i) {
                return next;
            }
            let duration = self.out.times[time].kind() == TimeKind::Duration;
            self.push(i, to, if duration { sym::DURATION } else { sym::DATE }, Kind::Time(time));
            return to;
        }
        match t.kind {
            TokenKind::Newline | TokenKind::Hyphen => i + 1,
            TokenKind::Possessive => {
                self.push(i, i + 1, sym::POSSESSIVE, Kind::Mark);
                i + 1
            }
            TokenKind::Dash => self.mark(i, sym::DASH),
            TokenKind::Quote => self.mark(i, sym::QUOTE),
            TokenKind::Punct(p) => self.mark(
                i,
                match p {
                    ',' => sym::COMMA,
                    '(' | '[' | '<' => sym::OPEN,
                    ')' | ']' | '>' => sym::CLOSE,
                    ';' | ':' | '.' | '!' | '?' | '|' => sym::STOP,
                    _ => sym::OTHER,
                },
            ),
            TokenKind::Word | TokenKind::Number => self.word(i),
        }
    }

    fn mark(&mut self, i: usize, s: u8) -> usize {
        self.push(i, i + 1, s, Kind::Mark);
        i + 1
    }

    fn word(&mut self, i: usize) -> usize {
        if self.verb_here(i)
            && let Some((end, group)) = self.verb_group(i)
        {
            let s = group.syms.first().copied().unwrap_or(sym::OTHER);
            self.push(i, end, s, Kind::Verb(Box::new(group)));
            return end;
        }
        let word = self.part.lower(i);
        if let Some(p) =
            self.part.class(i).pronoun.filter(|_| !(self.part.tokens[i].upper && self.part.is(i, marks::NAME)))
        {
            // "Petrov himself went": it is Petrov, with stress
            let stress = matches!(word, "himself" | "herself")
                && self.out.chunks.last().is_some_and(|c| {
                    c.tokens.1 as usize == i && (matches!(c.kind, Kind::Person(_)) || c.sym == sym::THING)
                });
            if stress {
                return self.mark(i, sym::ADVERB);
            }
            self.push(i, i + 1, sym::PRONOUN, Kind::Pronoun(p));
            return i + 1;
        }
        let name_here = self.part.is(i, marks::LONG_NAME);
        let counted = matches!(word, "over" | "about" | "around") && self.number_at(i + 1);
        if !name_here && !counted {
            let words = if self.part.is(i, marks::WORD) { self.part.matches_at(i) } else { &[] };
            let symbol = words.iter().find_map(|m| match m.entry {
                Entry::Lex(Lex::Word(s)) if m.end as usize <= self.end => Some((m.end as usize, s)),
                _ => None,
            });
            if let Some((end, s)) = symbol {
                self.push(i, end, s, Kind::Mark);
                return end;
            }
            // "Lula's first trip" counts trips
            let owned = self.out.chunks.last().is_some_and(|c| c.sym == sym::POSSESSIVE)
                && self.part.class(i).ordinal.is_some();
            if self.is_adverb(i) && !self.part.tokens[i].capital && !owned {
                self.push(i, i + 1, sym::ADVERB, Kind::Mark);
                return i + 1;
            }
        }
        if let Some(next) = self.noun_group(i) {
            return next;
        }
        self.push(i, i + 1, sym::OTHER, Kind::Mark);
        i + 1
    }

    /// Decides whether a verb group starts at `i`, where the word can also be a noun, by what stands before.
    fn verb_here(&self, i: usize) -> bool {
        if self.aux_at(i) {
            return true;
        }
        let t = self.part.tokens[i];
        if t.kind != TokenKind::Word {
            return false;
        }
        if self.part.lower(i) == "visiting" && self.visiting_adjective(i) {
            return false;
        }
        let Some((end, _, form)) = self.verb_reading(i, |_| true) else {
            return self.looks_like_verb(i);
        };
        // "provided that"
        let longer = |m: &&crate::vocabulary::Match| {
            m.end as usize > end
                && matches!(m.entry, Entry::Lex(Lex::Word(s)) if self.engine.symbols.subordinate.contains(&s))
        };
        if self.part.matches_at(i).iter().any(|m| longer(&m)) {
            return false;
        }
        // "including", "following": a preposition by now
        if form == Form::Ing && self.part.is(i, marks::ONE_WORD) {
            return false;
        }
        if t.capital && i > self.start && !self.part.title_case && !t.upper {
            return false;
        }
        // "Silva's meeting with"
        let owned = form == Form::Ing
            && self.out.chunks.last().is_some_and(|c| c.sym == sym::POSSESSIVE)
            && self.part.readings(i).any(|l| matches!(l, Lex::Noun { .. }));
        if end > i + 1 && !owned && matches!(form, Form::Past | Form::Third | Form::Participle | Form::Ing) {
            return true;
        }
        let nouns = marks::ONE_NOUN | marks::ONE_GROUP | marks::ONE_ADJECTIVE | marks::ONE_SOURCE | marks::ONE_LEADER;
        let noun = self.part.is(i, nouns | marks::TITLE);
        let Some(before) = self.out.chunks.last() else {
            return !noun && matches!(form, Form::Ing | Form::Past);
        };
        let subject = matches!(
            before.kind,
            Kind::Person(_) | Kind::Group(_) | Kind::Place(_) | Kind::Org(_) | Kind::Pronoun(_) | Kind::Source
        );
        let relative = self.engine.symbols.relative.contains(&before.sym);
        let time = matches!(before.kind, Kind::Time(_)) || before.sym == sym::ADVERB;
        // "X, who has been there since Monday, stays until Friday"
        if form == Form::Third && before.sym == sym::COMMA && end < self.end && self.part.lower(end) == "until" {
            return true;
        }
        match form {
            Form::Ing | Form::Past | Form::Participle if !noun => true,
            Form::Past | Form::Participle
                if !self.noun_follows(end) && (subject || matches!(before.kind, Kind::Noun(_))) =>
            {
                true
            }
            // "Lammy visits settlements", "X, the head of NATO, visits Oslo", "X and Y visit areas"
            Form::Third | Form::Base
                if noun
                    && (form == Form::Third || self.people_listed())
                    && (matches!(&before.kind, Kind::Person(p) if p.name.is_some())
                        || before.sym == sym::COMMA && self.subject_waits())
                    && self.third_person_verb(i, end) =>
            {
                true
            }
            Form::Third | Form::Base if noun => {
                (subject || relative || (time && self.subject_waits())) && self.object_follows(end)
            }
            // "a U.S. trade team": a country takes no bare verb in front of a body of people
            Form::Base
                if matches!(before.kind, Kind::Place(_) | Kind::Org(_))
                    && self.part.readings(end).any(|l| matches!(l, Lex::Group(_) | Lex::Noun { .. })) =>
            {
                false
            }
            // "OPEC states, ..."
            Form::Third
                if matches!(before.kind, Kind::Place(_) | Kind::Org(_))
                    && self.part.tokens.get(end).is_none_or(|t| matches!(t.kind, TokenKind::Punct(',' | '.')))
                    && self
                        .part
                        .readings(i)
                        .any(|l| matches!(l, Lex::Verb { sym, .. } if self.engine.lexicon.name_of(sym) == "say.v")) =>
            {
                false
            }
            Form::Base => {
                subject
                    || (before.sym == sym::COMMA && !noun && self.subject_waits())
                    || relative
                    || time
                    || before.sym == self.engine.symbols.and
                    || matches!(before.kind, Kind::Noun(_))
                    || before.sym == sym::THING
            }
            Form::Third => true,
            _ => subject || relative || (time && self.subject_waits()) || before.sym == self.engine.symbols.and,
        }
    }

    /// "met visiting French minister": the word describes whom it stands before.
    fn visiting_adjective(&self, i: usize) -> bool {
        // "visiting U.S. President": a country counts where an office follows
        let country = |at: usize| {
            self.part.matches_at(at).iter().find_map(|m| {
                matches!(m.entry, Entry::Gaz(e, _) if matches!(e.kind, Gaz::Country)).then_some(m.end as usize)
            })
        };
        let office = |at: usize| at < self.end && self.part.is(at, marks::TITLE);
        let person = |at: usize| {
            country(at).is_some_and(office)
                || self.part.is(at, marks::TITLE | marks::DEMONYM | marks::ORGANISATION | marks::PERSON | marks::GROUP)
        };
        let governed = match self.out.chunks.last() {
            None => true,
            Some(c) => match &c.kind {
                Kind::Verb(v) => !v.syms.contains(&self.engine.symbols.be_verb),
                Kind::Mark => self.engine.symbols.object_prepositions.contains(&c.sym),
                _ => false,
            },
        };
        let listed = self.out.chunks.last().is_some_and(|c| c.sym == self.engine.symbols.and)
            && self.out.chunks.len().checked_sub(2).is_some_and(|k| {
                matches!(self.out.chunks[k].kind, Kind::Person(_) | Kind::Group(_) | Kind::Place(_) | Kind::Pronoun(_))
            });
        (governed || listed) && i + 1 < self.end && person(i + 1)
    }

    /// A subject stands in the sentence and no finite verb yet.
    fn subject_waits(&self) -> bool {
        let mut subject = false;
        for c in &self.out.chunks {
            match &c.kind {
                Kind::Person(_) | Kind::Group(_) | Kind::Place(_) | Kind::Org(_) | Kind::Pronoun(_) => subject = true,
                Kind::Verb(v) if v.finite => return false,
                _ => {}
            }
        }
        subject
    }

    /// "X and Y": the chunks so far end in a row of people.
    fn people_listed(&self) -> bool {
        let chunks = &self.out.chunks;
        let person = |c: &Chunk| matches!(c.kind, Kind::Person(_));
        let last = chunks.iter().rposition(|c| c.sym == self.engine.symbols.and);
        last.is_some_and(|k| k > 0 && chunks[k + 1..].iter().any(person) && chunks[..k].iter().any(person))
    }

    /// Behind the name of a person a word that is verb and noun is the verb, unless what follows goes with a noun. Talks are
    /// held by people ("the Lavrov talks"), visits are paid.
    pub(super) fn third_person_verb(&self, at: usize, end: usize) -> bool {
        let talks = self
            .part
            .readings(at)
            .any(|l| matches!(l, Lex::Noun { sym } if self.engine.lexicon.name_of(sym) != "visit.n"));
        if end >= self.end || talks || self.aux_at(end) {
            return false;
        }
        let noun = self.part.readings(at).any(|l| matches!(l, Lex::Noun { .. }));
        let goes_with_noun = match self.part.lower(end) {
            "of" | "by" | "and" | "or" => true,
            "to" => noun,
            _ => false,
        };
        !goes_with_noun && matches!(self.part.tokens[end].kind, TokenKind::Word | TokenKind::Number | TokenKind::Quote)
    }

    /// After a word that can be noun or verb: an object or a preposition of place speaks for the verb.
    fn object_follows(&self, end: usize) -> bool {
        if end >= self.end {
            return self.part.title_case;
        }
        let t = self.part.tokens[end];
        let word = self.part.lower(end);
        match t.kind {
            TokenKind::Word => {
                t.capital
                    || matches!(
                        word,
                        "the"
                            | "a"
                            | "an"
                            | "his"
                            | "her"
                            | "its"
                            | "their"
                            | "to"
                            | "for"
                            | "in"
                            | "on"
                            | "from"
                            | "with"
                            | "by"
                            | "at"
                            | "into"
                            | "new"
                            | "former"
                            | "off"
                            | "up"
                            | "over"
                            | "against"
                            | "as"
                            | "after"
                            | "before"
                            | "that"
                            | "no"
                            | "not"
                            | "until"
                            | "till"
                    )
                    || self.part.is(end, marks::NAME)
            }
            TokenKind::Number => true,
            TokenKind::Quote => true,
            _ => false,
        }
    }

    /// A word that no reading knows, told for a verb by its ending.
    fn looks_like_verb(&self, i: usize) -> bool {
        let t = self.part.tokens[i];
        let word = self.part.word(i);
        if t.capital || word.len() < 5 || !self.part.matches_at(i).is_empty() {
            return false;
        }
        let after_subject = self.out.chunks.last().is_some_and(|c| {
            matches!(
                c.kind,
                Kind::Person(_) | Kind::Group(_) | Kind::Place(_) | Kind::Org(_) | Kind::Pronoun(_) | Kind::Noun(_)
            ) || self.engine.symbols.relative.contains(&c.sym)
                || c.sym == sym::ADVERB
        });
        word.ends_with("ed") && after_subject
    }

    /// The owner that a possessive before the next chunk names.
    pub(super) fn owner_before(&self) -> Option<Owner> {
        let n = self.out.chunks.len();
        (n >= 2 && self.out.chunks[n - 1].sym == sym::POSSESSIVE).then(|| Owner::Chunk(n - 2))
    }
}
