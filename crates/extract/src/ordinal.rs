//! Which visit it is: "his third trip since February 2022", "the first minister to visit", "for the second time".

use dateline_model::{Ordinal, PartialDate};

use crate::chunk::{Kind, NounNp, Owner, Tokens};
use crate::frame::Frame;
use crate::quote::Quotes;
use crate::time::{Tense, TimeKind};
use crate::visit::Reader;

impl Reader<'_> {
    /// The ordinal that a frame's nouns or its subject state.
    pub(crate) fn ordinal(&self, frame: &Frame, visitor: usize, quotes: &mut Quotes) -> Option<Ordinal> {
        let s = frame.sentence;
        let name = self.engine.rule(frame.rule).name.as_str();
        let of_noun = self
            .nouns(frame)
            .into_iter()
            .find_map(|noun| noun.ordinal.filter(|_| self.owned_by(noun, frame, visitor) && !self.is_leg(s, noun)));
        // "met for a second time" counts no visits
        let travels = self.engine.rule(frame.rule).effects.dates.is_none();
        let (n, span) = of_noun
            .or_else(|| self.first_to(frame).filter(|_| travels))
            .or_else(|| self.nth_time(frame).filter(|_| travels))?;
        quotes.add("ordinal.n", (s, span), name);
        let since = self.since(s, frame.span.0);
        if let Some((_, at)) = since {
            quotes.add("ordinal.since", at, "time");
        }
        Some(Ordinal { n, since: since.map(|(d, _)| d) })
    }

    /// The ordinal of a noun, or the one right before it ("Lula's first trip").
    pub(crate) fn counted(&self, sentence: usize, noun: &NounNp) -> Option<(u32, Tokens)> {
        let part = self.doc.part_of(sentence);
        let maiden = (noun.name.0..noun.name.1).find(|t| matches!(part.lower(*t as usize), "maiden" | "inaugural"));
        noun.ordinal.or(maiden.map(|t| (1, (t, t + 1)))).or_else(|| {
            let before = noun.name.0.checked_sub(1)?;
            self.word_at(sentence, before).map(|n| (n, (before, before + 1)))
        })
    }

    /// The number of an ordinal word.
    fn word_at(&self, sentence: usize, token: u32) -> Option<u32> {
        number(self.doc.part_of(sentence).lower(token as usize))
    }

    /// "his first", "the Ukrainian's first": the noun is left out.
    pub(crate) fn elliptic(&self, sentence: usize, chunk: usize) -> Option<(u32, Tokens)> {
        let (from, to) = self.doc.sentences[sentence].chunks[chunk].tokens;
        let last = to.checked_sub(1)?;
        let part = self.doc.part_of(sentence);
        let owned = from < last && matches!(part.lower(from as usize), "his" | "her" | "their")
            || from.checked_sub(1).is_some_and(|b| matches!(part.lower(b as usize), "'s" | "’s"));
        self.word_at(sentence, last).filter(|_| owned).map(|n| (n, (last, to)))
    }

    fn owned_by(&self, noun: &NounNp, frame: &Frame, visitor: usize) -> bool {
        match noun.owner {
            Some(Owner::Chunk(c)) => self.entities.at((frame.sentence, c)) == Some(visitor),
            _ => true,
        }
    }

    /// "the first stop of a tour" counts no visits.
    pub(crate) fn is_leg(&self, sentence: usize, noun: &NounNp) -> bool {
        let head = self.doc.lower(sentence, noun.head);
        ["stop", "leg", "stage", "stopover", "day"].contains(&&*head)
    }

    /// "became the first Nordic minister to visit": the infinitive's subject is counted.
    fn first_to(&self, frame: &Frame) -> Option<(u32, Tokens)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let verb = clause.verb?;
        if !matches!(&s.chunks[verb].kind, Kind::Verb(v) if v.infinitive) {
            return None;
        }
        let before = verb.checked_sub(1)?;
        let (from, to) = s.chunks[before].tokens;
        (from..to.min(from + 3)).find_map(|t| self.word_at(frame.sentence, t).map(|n| (n, (t, t + 1))))
    }

    /// "for the third time"
    fn nth_time(&self, frame: &Frame) -> Option<(u32, Tokens)> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let part = self.doc.part_of(frame.sentence);
        clause.chunks.iter().find_map(|c| {
            let (from, to) = s.chunks[*c].tokens;
            let time = to.checked_sub(1).filter(|t| *t > from && part.lower(*t as usize) == "time")?;
            let n = self.word_at(frame.sentence, time - 1)?;
            Some((n, (time - 1, time + 1)))
        })
    }

    /// "since the launch of ... in February 2022": the last date behind "since".
    pub(crate) fn since(&self, sentence: usize, from: usize) -> Option<(PartialDate, (usize, Tokens))> {
        let s = &self.doc.sentences[sentence];
        for (i, c) in s.chunks.iter().enumerate().skip(from) {
            if let Kind::Time(t) = &c.kind
                && s.times[*t].kind() == TimeKind::Since
            {
                let r = s.times[*t].resolve(self.doc.as_of, Tense::Past);
                return r.start.map(|d| (d, (sentence, c.tokens)));
            }
            if c.sym == self.engine.symbols.since {
                for d in s.chunks.iter().skip(i).take(14) {
                    if let Kind::Time(t) = &d.kind {
                        let r = s.times[*t].resolve(self.doc.as_of, Tense::Past);
                        return r.start.map(|x| (x, (sentence, d.tokens)));
                    }
                }
            }
        }
        None
    }
}

/// The number of an ordinal word.
pub(crate) fn number(word: &str) -> Option<u32> {
    ORDINALS.iter().position(|o| *o == word).map(|n| n as u32 + 1)
}

const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
];
