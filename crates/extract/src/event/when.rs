//! When an event is: by its noun, its clause, the sentence around it, or the present tense of a day item.

use dateline_model::{EventStatus, EventType, PartialDate, Period};

use crate::chunk::{Kind, Owner, Tense, Tokens};
use crate::clause::Link;
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::quote::Quotes;
use crate::rules::Over;
use crate::time::{self, TimeKind};
use crate::visit::Reader;
use crate::when::{When, time_tense};
use crate::words::among;

/// Chunks behind a noun in which its own date stands.
const REACH: usize = 6;

impl Reader<'_> {
    /// The period of a frame's event, with its evidence.
    pub(super) fn event_period(
        &self,
        frame: &Frame,
        kind: EventType,
        status: EventStatus,
        quotes: &mut Quotes,
    ) -> Period {
        let ahead = matches!(status, EventStatus::Planned | EventStatus::Expected | EventStatus::Rumored);
        let told = frame.verb(self.doc).is_some_and(|v| v.finite && v.tense == Tense::Past && v.chain.is_empty());
        let noun = frame.slot("noun").first().and_then(|n| n.checked_sub(1));
        let before =
            noun.is_some_and(|b| self.doc.sentences[frame.sentence].chunks[b].sym == self.engine.symbols.before);
        let tense = if ahead && (!told || before) { time::Tense::Future } else { self.tense_of(frame) };
        let mut when = self.noun_time(frame, tense);
        if when.period.start.is_none() && !self.over_days(frame) {
            for c in self.time_chunks(frame) {
                self.add_time(&mut when, frame, tense, c);
            }
        }
        if when.period.start.is_none() {
            self.borrow_time(&mut when, frame, tense);
        }
        when.close();
        // "put off from Thursday to Saturday": the new day
        let moved = status == EventStatus::Postponed && when.period.end.is_some();
        if moved || self.at_the_end(frame) || self.wound_up(frame) {
            when = when.into_end();
        }
        let s = frame.sentence;
        if when.period.start.is_none()
            && let Some(day) = self.told_today(frame, kind, status)
        {
            quotes.add("period.start", (s, self.trigger(frame)), "time:present");
            quotes.add_dateline("period.start", "time:dateline");
            return Period { start: Some(PartialDate::Day(day)), ..when.period };
        }
        for (path, at) in [("period.start", when.start_at), ("period.end", when.end_at), ("period.days", when.days_at)]
        {
            if let Some(at) = at {
                quotes.add(path, at, "time");
                if when.relative {
                    quotes.add_dateline(path, "time:dateline");
                }
            }
        }
        when.period
    }

    fn add_tokens(&self, when: &mut When, frame: &Frame, tense: time::Tense, time: usize, tokens: Tokens) {
        let e = &self.doc.sentences[frame.sentence].times[time];
        let mut r = e.resolve(self.doc.as_of, tense);
        // "before dawn on Saturday" is on that day
        let early = self.doc.lower(frame.sentence, tokens);
        if r.start.is_none() && ["before dawn", "before sunrise", "before noon"].iter().any(|w| early.starts_with(w)) {
            r.start = r.end.take();
            r.kind = TimeKind::Day;
        }
        when.add(&r, (frame.sentence, tokens));
    }

    /// The tense of the frame's verb; of one without tense that of the clause around it.
    fn tense_of(&self, frame: &Frame) -> time::Tense {
        let s = &self.doc.sentences[frame.sentence];
        let verb = frame.verb(self.doc);
        if self.announces(frame) {
            return time::Tense::Future;
        }
        // "rockets hit the town on Friday"
        let at = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
        let word = at.map(|v| self.doc.slice(frame.sentence, s.chunks[v].tokens).to_lowercase()).unwrap_or_default();
        if verb.is_some_and(|v| v.tense == Tense::Present && v.chain.is_empty())
            && word.split_whitespace().next_back().is_some_and(|w| among(&self.engine.words.unchanged, w))
        {
            return time::Tense::Past;
        }
        if let Some(outer) = self.shared(frame) {
            return time_tense(Some(outer));
        }
        if verb.is_none_or(|v| v.finite || v.infinitive) {
            return time_tense(verb);
        }
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        let parent = clause.and_then(|c| c.parent).and_then(|p| s.clauses.get(p)?.group(&s.chunks));
        let next = || s.clauses.iter().filter_map(|c| c.group(&s.chunks)).find(|v| v.finite);
        time_tense(parent.filter(|v| v.finite).or_else(next))
    }

    fn add_time(&self, when: &mut When, frame: &Frame, tense: time::Tense, chunk: usize) {
        let c = &self.doc.sentences[frame.sentence].chunks[chunk];
        if let Kind::Time(t) = c.kind {
            self.add_tokens(when, frame, tense, t, c.tokens);
        }
    }

    /// "Friday's parade", "the May 9 parade".
    fn noun_time(&self, frame: &Frame, tense: time::Tense) -> When {
        let mut when = When::default();
        let Some((_, noun)) = frame.noun(self.doc) else { return when };
        for t in &noun.times {
            let e = &self.doc.sentences[frame.sentence].times[*t];
            self.add_tokens(&mut when, frame, tense, *t, (e.tokens.start as u32, e.tokens.end as u32));
        }
        if let Some(Owner::Chunk(c)) = noun.owner {
            self.add_time(&mut when, frame, tense, c);
        }
        when
    }

    /// The chunks among which the frame's own date stands, the nearest first.
    fn time_chunks(&self, frame: &Frame) -> Vec<usize> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = frame.clause.and_then(|k| s.clauses.get(k));
        let mut out: Vec<usize> = vec![];
        if self.engine.rule(frame.rule).over == Over::Sentence {
            let noun = frame.slot("noun").first().copied().unwrap_or(frame.span.0);
            let tail = noun + 1..(frame.span.1 + REACH).min(s.chunks.len());
            out.extend(tail.take_while(|c| !matches!(s.chunks[*c].kind, Kind::Verb(_))));
            // a preposition before the noun ("during talks with") leaves the clause its own date
            let says =
                clause.and_then(|c| c.group(&s.chunks)).is_some_and(|v| v.syms.iter().any(|x| self.engine.speaks(*x)));
            if says {
                return out;
            }
        }
        out.extend(clause.map(|c| c.chunks.clone()).unwrap_or_default());
        out.retain(|c| !self.dates_another(frame, *c));
        let since = out.iter().position(|c| s.chunks[*c].sym == self.engine.symbols.since);
        out.truncate(since.unwrap_or(out.len()));
        out
    }

    /// "for two days of talks": on which of them is not said.
    fn over_days(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let Some(noun) = frame.slot("noun").first().copied().filter(|n| *n > 1) else { return false };
        let moves = frame.verb(self.doc).is_some_and(|v| {
            v.syms.iter().any(|x| {
                let name = self.engine.lexicon.name_of(*x);
                ["travel.", "arrive.", "leave.", "due.", "be."].iter().any(|w| name.starts_with(w))
            })
        });
        moves
            && s.chunks[noun - 1].sym == self.engine.symbols.of
            && matches!(s.chunks[noun - 2].kind, Kind::Time(t) if s.times[t].kind() == TimeKind::Duration)
    }

    /// "before the vote on Nov. 5": the day of the vote.
    fn dates_another(&self, frame: &Frame, chunk: usize) -> bool {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let symbols = &self.engine.symbols;
        if !matches!(chunks[chunk].kind, Kind::Time(_)) {
            return false;
        }
        // "last year's attack": the day of the attack
        if chunks.get(chunk + 1).is_some_and(|c| c.sym == sym::POSSESSIVE) {
            return !frame.slot("noun").contains(&(chunk + 2));
        }
        let own = |c: usize| frame.slots.iter().any(|(_, slot)| slot.contains(&c));
        let mut at = chunk;
        for _ in 0..5 {
            let Some(b) = at.checked_sub(1) else { return false };
            at = b;
            let c = &chunks[b];
            if c.sym == symbols.before || c.sym == symbols.since {
                return chunk - b > 1;
            }
            let joint = c.sym == symbols.of || self.engine.lexicon.name_of(c.sym) == "on" || c.sym == sym::POSSESSIVE;
            if own(b) || !(joint || matches!(c.kind, Kind::Noun(_) | Kind::Place(_) | Kind::Org(_))) {
                return false;
            }
        }
        false
    }

    /// The clause, or one that it goes on from, stands beside what the sentence tells: "after a visit during which he sat".
    fn detached(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let symbols = &self.engine.symbols;
        let mut at = frame.clause;
        while let Some(c) = at.and_then(|k| s.clauses.get(k)) {
            match c.link {
                Link::Relative => return true,
                Link::Adverbial(x) if x == symbols.after || x == symbols.before || x == symbols.since => return true,
                _ => {}
            }
            at = c.parent.filter(|p| Some(*p) < at);
        }
        false
    }

    /// A date of the sentence that is not of another tense: "arrived on Thursday, met the president and left".
    fn borrow_time(&self, when: &mut When, frame: &Frame, resolve: time::Tense) {
        let s = &self.doc.sentences[frame.sentence];
        let own = frame.clause.and_then(|k| s.clauses.get(k));
        if self.detached(frame) || !frame.slot("verb").is_empty() {
            return;
        }
        // behind a relative clause the date stands in front of the verb
        if let Some(v) = own.and_then(|c| c.verb).and_then(|v| v.checked_sub(1)) {
            self.add_time(when, frame, resolve, v);
        }
        if when.period.start.is_some() {
            return;
        }
        let ahead = |t: Tense| matches!(t, Tense::Future | Tense::Conditional | Tense::Possible);
        let tense = own.and_then(|c| c.group(&s.chunks)).map(|v| (ahead(v.tense) || !v.chain.is_empty(), v.infinitive));
        // the nearest clause in front first
        let at = frame.clause.unwrap_or(0).min(s.clauses.len());
        for (k, c) in s.clauses.iter().enumerate().take(at).rev().chain(s.clauses.iter().enumerate().skip(at)) {
            if Some(k) == frame.clause || c.link == Link::Relative {
                continue;
            }
            let Some(verb) = c.group(&s.chunks) else { continue };
            let says = verb.syms.iter().any(|x| self.engine.speaks(*x));
            let alike = tense.is_none_or(|(future, infinitive)| {
                infinitive || future == (ahead(verb.tense) || !verb.chain.is_empty())
            });
            if says || !alike {
                continue;
            }
            for i in &c.chunks {
                let duration = matches!(s.chunks[*i].kind, Kind::Time(t) if matches!(s.times[t].kind(), TimeKind::Duration | TimeKind::Since));
                if !duration {
                    self.add_time(when, frame, resolve, *i);
                }
            }
            if when.period.start.is_some() {
                when.period.end = None;
                when.end_at = None;
                return;
            }
        }
    }

    /// "wound up a two-day summit on Monday": the day is its last.
    fn wound_up(&self, frame: &Frame) -> bool {
        let end = |x: &u8| self.engine.lexicon.name_of(*x) == "end.v";
        let ends = frame.verb(self.doc).is_some_and(|v| v.syms.iter().any(end));
        ends && frame.noun(self.doc).is_some_and(|(_, n)| !n.times.is_empty())
    }

    /// "at the end of the summit": the day is its last.
    fn at_the_end(&self, frame: &Frame) -> bool {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let Some(noun) = frame.slot("noun").first().copied() else { return false };
        (noun.saturating_sub(4)..noun).any(|c| {
            chunks[c].sym == self.engine.symbols.of
                && c > 0
                && self.doc.lower(frame.sentence, chunks[c - 1].tokens).ends_with("end")
        })
    }

    /// A day item without a headline tells the day's news in the present tense.
    fn told_today(&self, frame: &Frame, kind: EventType, status: EventStatus) -> Option<chrono::NaiveDate> {
        let s = &self.doc.sentences[frame.sentence];
        let title = s.part != self.doc.body && self.doc.dateline.place.is_none();
        let told =
            matches!(kind, EventType::Statement | EventType::Sanction | EventType::Signing | EventType::Ceasefire);
        let item = (self.doc.parts.len() == 1 && self.in_lead(frame.sentence) && kind != EventType::Project)
            || (title && told);
        let present = |t: Tense| matches!(t, Tense::Present | Tense::None | Tense::Progressive);
        let own = frame.verb(self.doc).is_none_or(|v| present(v.tense) && v.chain.is_empty());
        let first = s.clauses.iter().filter_map(|c| c.group(&s.chunks)).find(|v| v.finite)?;
        let told = first.tense == Tense::Present && first.chain.is_empty();
        (item && own && told && status == EventStatus::Completed).then_some(self.doc.as_of?)
    }
}
