//! Clauses: a sentence's chunks cut into rows with one verb each, every row with its subject in front. Relative and
//! participial clauses get the noun that they hang on, coordinated ones share the subject.

mod aside;

use crate::Engine;
use crate::chunk::{Chunk, Kind, VerbGroup};
use crate::lexicon::{Form, Sym, sym};

/// How a clause hangs on the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Main,
    Coordinate,
    Relative,
    Complement,
    Infinitive,
    Participle,
    /// Between two commas behind the subject, without a verb.
    Aside,
    Adverbial(Sym),
}

/// A clause.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// Indices of chunks, subject first.
    pub chunks: Vec<usize>,
    pub subject: Vec<usize>,
    pub verb: Option<usize>,
    pub parent: Option<usize>,
    pub link: Link,
    /// A participle without auxiliary that is passive ("a delegation led by").
    pub passive: bool,
    /// The place that "where" stands for.
    pub place: Option<usize>,
}

impl Clause {
    fn new(link: Link, parent: Option<usize>) -> Self {
        Self { chunks: vec![], subject: vec![], verb: None, parent, link, passive: false, place: None }
    }

    /// The verb group.
    pub(crate) fn group<'a>(&self, chunks: &'a [Chunk]) -> Option<&'a VerbGroup> {
        match &chunks.get(self.verb?)?.kind {
            Kind::Verb(v) => Some(v),
            _ => None,
        }
    }

    /// The symbols of the clause, one row for each reading of its verb; `row` is the memory for them.
    pub(crate) fn rows(&self, chunks: &[Chunk], row: &mut Vec<Sym>, mut each: impl FnMut(&[Sym])) {
        row.clear();
        row.extend(self.chunks.iter().map(|i| chunks[*i].sym));
        let Some(v) = self.group(chunks) else { return each(row) };
        for s in &v.syms {
            let verb = if self.passive && !v.passive { s + 1 } else { *s };
            for (i, of) in row.iter_mut().zip(&self.chunks) {
                if Some(*of) == self.verb {
                    *i = verb;
                }
            }
            each(row);
        }
    }
}

fn is_np(c: &Chunk) -> bool {
    matches!(
        c.kind,
        Kind::Person(_)
            | Kind::Group(_)
            | Kind::Place(_)
            | Kind::Org(_)
            | Kind::Pronoun(_)
            | Kind::Noun(_)
            | Kind::Source
    )
}

fn is_entity(c: &Chunk) -> bool {
    matches!(c.kind, Kind::Person(_) | Kind::Group(_) | Kind::Place(_) | Kind::Org(_) | Kind::Pronoun(_))
}

struct Splitter<'a> {
    engine: &'a Engine,
    chunks: &'a [Chunk],
    clauses: Vec<Clause>,
    current: usize,
}

/// Cuts a sentence into clauses.
pub(crate) fn clauses(engine: &Engine, chunks: &[Chunk]) -> Vec<Clause> {
    let mut s = Splitter { engine, chunks, clauses: vec![Clause::new(Link::Main, None)], current: 0 };
    for i in 0..chunks.len() {
        s.step(i);
    }
    s.lend_subjects();
    s.clauses
}

impl Splitter<'_> {
    /// "Kicking off a tour, he met ...": a participle in front of its subject gets the main clause's.
    fn lend_subjects(&mut self) {
        for k in 0..self.clauses.len() {
            if !self.clauses[k].subject.is_empty()
                || !matches!(self.clauses[k].link, Link::Participle | Link::Infinitive)
            {
                continue;
            }
            let main = (k + 1..self.clauses.len())
                .chain(0..k)
                .find(|j| !self.clauses[*j].subject.is_empty() && self.clauses[*j].link != Link::Relative);
            let waiting = || {
                let first =
                    self.clauses.iter().find(|c| c.link == Link::Main && c.verb.is_none() && !c.chunks.is_empty())?;
                first.chunks.iter().find(|c| is_entity(&self.chunks[**c])).map(|c| vec![*c])
            };
            if let Some(subject) = main.map(|j| self.clauses[j].subject.clone()).or_else(waiting) {
                let own = std::mem::take(&mut self.clauses[k].chunks);
                self.clauses[k].chunks =
                    subject.iter().copied().chain(own.into_iter().filter(|c| !subject.contains(c))).collect();
                self.clauses[k].subject = subject;
            }
        }
    }

    fn cur(&mut self) -> &mut Clause {
        &mut self.clauses[self.current]
    }

    fn open(&mut self, link: Link) -> usize {
        let parent = self.current;
        self.clauses.push(Clause::new(link, Some(parent)));
        self.current = self.clauses.len() - 1;
        self.current
    }

    fn step(&mut self, i: usize) {
        let c = &self.chunks[i];
        let symbols = &self.engine.symbols;
        match &c.kind {
            Kind::Verb(v) => self.verb(i, v),
            Kind::Mark if c.sym == sym::STOP => {
                self.clauses.push(Clause::new(Link::Main, None));
                self.current = self.clauses.len() - 1;
            }
            Kind::Mark if symbols.relative.contains(&c.sym) => {
                let antecedent = self.antecedent(i);
                let said = self.clauses[self.current].group(self.chunks).is_some_and(|v| self.says(v));
                let that = c.sym == symbols.that;
                let adjacent = antecedent.is_some_and(|a| a + 1 == i || a + 3 == i);
                match antecedent {
                    Some(a) if !(that && (said || !adjacent)) => {
                        self.open(Link::Relative);
                        let cur = self.cur();
                        cur.subject = vec![a];
                        cur.chunks = vec![a];
                    }
                    _ => self.cur().chunks.push(i),
                }
            }
            Kind::Mark if c.sym == symbols.r#where => {
                // "to Beijing for the parade, where"
                let place = (i.saturating_sub(7)..i).rev().find(|a| matches!(self.chunks[*a].kind, Kind::Place(_)));
                self.open(Link::Relative);
                self.cur().place = place;
            }
            // "his first trip as president takes him to": no clause, but what he is
            Kind::Mark
                if symbols.subordinate.contains(&c.sym)
                    && self.engine.lexicon.name_of(c.sym) == "as"
                    && self.clauses[self.current].verb.is_none()
                    && !self.clauses[self.current].chunks.is_empty()
                    && self
                        .chunks
                        .get(i + 1)
                        .is_some_and(|x| matches!(&x.kind, Kind::Person(p) if p.name.is_none()))
                    && self.chunks.get(i + 2).is_some_and(|x| matches!(x.kind, Kind::Verb(_))) =>
            {
                self.cur().chunks.push(i);
            }
            Kind::Mark if symbols.subordinate.contains(&c.sym) && self.clause_follows(i) => {
                // "in October, when he flew to": the day belongs to what happened then
                let day = i.checked_sub(2).filter(|d| {
                    self.chunks[i - 1].sym == sym::COMMA
                        && matches!(self.chunks[*d].kind, Kind::Time(_))
                        && c.sym == symbols.when
                });
                self.open(Link::Adverbial(c.sym));
                self.cur().chunks.extend(day);
            }
            _ => self.cur().chunks.push(i),
        }
    }

    /// The noun in front of a relative pronoun, over a comma.
    fn antecedent(&self, i: usize) -> Option<usize> {
        let mut at = i.checked_sub(1)?;
        if matches!(self.chunks[at].sym, sym::COMMA | sym::DASH) {
            at = at.checked_sub(1)?;
        }
        // "a delegation from Hunan which is": the people, not the place
        let people = at.checked_sub(2).filter(|k| {
            matches!(self.chunks[at].kind, Kind::Place(_) | Kind::Org(_))
                && [self.engine.symbols.from, self.engine.symbols.of].contains(&self.chunks[k + 1].sym)
                && matches!(self.chunks[*k].kind, Kind::Group(_) | Kind::Person(_))
        });
        is_np(&self.chunks[at]).then_some(people.unwrap_or(at))
    }

    /// A finite verb comes before the next boundary: the conjunction opens a clause, it is no preposition.
    fn clause_follows(&self, i: usize) -> bool {
        for c in &self.chunks[i + 1..] {
            match &c.kind {
                Kind::Verb(v) => return v.finite,
                Kind::Mark
                    if c.sym == sym::STOP
                        || c.sym == self.engine.symbols.that
                        || c.sym == sym::COMMA
                        || c.sym == sym::DASH
                        || c.sym == self.engine.symbols.but =>
                {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    fn says(&self, v: &VerbGroup) -> bool {
        v.syms.iter().any(|s| self.engine.speaks(*s))
    }

    fn verb(&mut self, i: usize, v: &VerbGroup) {
        let has_verb = self.clauses[self.current].verb.is_some();
        if self.reduced(i, v) {
            let np = self.adjacent(i);
            let back = self.current;
            self.open(Link::Participle);
            let shared = self.clauses[back].subject.clone();
            let comma = i > 0 && self.chunks[i - 1].sym == sym::COMMA;
            let subject = match np {
                Some(n) => vec![n],
                None if comma && shared.is_empty() => self.last_entity(i).into_iter().collect(),
                None => shared,
            };
            let passive = matches!(v.form, Form::Past | Form::Participle);
            let cur = self.cur();
            cur.chunks.clone_from(&subject);
            cur.chunks.push(i);
            cur.subject = subject;
            cur.verb = Some(i);
            cur.passive = passive;
            return;
        }
        if !has_verb {
            self.cut_aside(i);
            let subject = self.subject_of_first(i);
            let cur = self.cur();
            if cur.subject.is_empty() {
                cur.subject = subject;
            }
            cur.verb = Some(i);
            cur.chunks.push(i);
            return;
        }
        if v.infinitive {
            let shared = self.controller(i).unwrap_or_else(|| self.clauses[self.current].subject.clone());
            self.open(Link::Infinitive);
            let cur = self.cur();
            cur.chunks.clone_from(&shared);
            cur.chunks.push(i);
            cur.subject = shared;
            cur.verb = Some(i);
            return;
        }
        self.finite(i);
    }

    /// "will allow the minister to see": who is allowed sees.
    fn controller(&self, i: usize) -> Option<Vec<usize>> {
        let cur = &self.clauses[self.current];
        let verb = cur.verb?;
        let at = i.checked_sub(1).filter(|at| *at == verb + 1)?;
        let lets = matches!(&self.chunks[verb].kind, Kind::Verb(v) if v.syms.contains(&self.engine.symbols.other_verb));
        (lets && matches!(self.chunks[at].kind, Kind::Person(_) | Kind::Group(_) | Kind::Pronoun(_))).then(|| vec![at])
    }

    fn finite(&mut self, i: usize) {
        let mut subject = self.subject_before(i);
        // "farmers demanding aid from Paris blocked", "lawmakers who are visiting Gaza City met": what stands behind the
        // participle or in the relative clause is no subject while the noun in front still waits for its verb
        let cur = &self.clauses[self.current];
        let behind = |k: usize| {
            k.checked_sub(1).is_some_and(|b| self.engine.symbols.place_prepositions.contains(&self.chunks[b].sym))
        };
        // "the delegation that arrived in Oslo is staying": neither is a place behind a preposition
        let place =
            matches!(subject.as_slice(), [one] if matches!(self.chunks[*one].kind, Kind::Place(_)) && behind(*one));
        let waits = matches!(cur.link, Link::Participle | Link::Relative)
            && cur.parent.is_some_and(|p| self.clauses[p].verb.is_none() && !self.clauses[p].chunks.is_empty())
            && !(cur.link == Link::Relative && cur.group(self.chunks).is_some_and(|v| self.says(v)));
        let visited =
            cur.link == Link::Participle && !cur.passive && cur.verb.is_some_and(|v| Some(&(v + 1)) == subject.first());
        let object = visited
            || waits && place && cur.link == Link::Relative
            || waits
                && cur.verb.is_some_and(|v| {
                    !(v..i).any(|k| matches!(self.chunks[k].sym, sym::COMMA | sym::DASH | sym::QUOTE))
                });
        if object || self.is_agent(&subject) {
            // "a delegation headed by X is expected": the clause of the delegation goes on
            subject.clear();
        }
        if subject.is_empty() {
            // The main clause goes on behind a relative one.
            let mut at = Some(self.current);
            while let Some(k) = at {
                if self.clauses[k].verb.is_none() && !self.clauses[k].chunks.is_empty() {
                    self.current = k;
                    // the comma in front of what stood between subject and verb
                    if self.clauses[k]
                        .chunks
                        .last()
                        .is_some_and(|c| matches!(self.chunks[*c].sym, sym::COMMA | sym::DASH))
                    {
                        self.clauses[k].chunks.pop();
                    }
                    self.cut_aside(i);
                    let s = self.subject_of_first(i);
                    let cur = self.cur();
                    cur.subject = if s.is_empty() { cur.subject.clone() } else { s };
                    cur.verb = Some(i);
                    cur.chunks.push(i);
                    return;
                }
                at = self.clauses[k].parent.filter(|_| {
                    matches!(
                        self.clauses[k].link,
                        Link::Relative | Link::Participle | Link::Infinitive | Link::Adverbial(_)
                    )
                });
            }
            let from = match self.clauses[self.current].link {
                Link::Relative | Link::Participle if i > 0 && self.chunks[i - 1].sym == sym::COMMA => {
                    self.clauses[self.current].parent.unwrap_or(self.current)
                }
                _ => self.current,
            };
            self.current = from;
            let shared = self.clauses[from].subject.clone();
            self.open(Link::Coordinate);
            let cur = self.cur();
            cur.chunks.clone_from(&shared);
            cur.chunks.push(i);
            cur.subject = shared;
            cur.verb = Some(i);
            return;
        }
        let said = self.clauses[self.current].group(self.chunks).is_some_and(|v| self.says(v));
        let (subject, owner) = self.visit_head(subject);
        // Take the subject out of the clause in whose tail it was read.
        let mut first = owner.or(subject.iter().min().copied()).unwrap_or(i);
        // "..., and in April he came": the day is that of the clause that it opens
        let dated = |k: usize| matches!(self.chunks[k].kind, Kind::Time(_));
        let prep = |k: usize| {
            self.engine.symbols.place_prepositions.contains(&self.chunks[k].sym)
                || self.engine.lexicon.name_of(self.chunks[k].sym) == "on"
        };
        let mut open = first;
        if open > 0 && self.chunks[open - 1].sym == sym::COMMA {
            open -= 1;
        }
        if open > 0 && dated(open - 1) {
            open -= 1;
            if open > 0 && prep(open - 1) {
                open -= 1;
            }
            let edge = open > 0
                && (self.chunks[open - 1].sym == sym::COMMA
                    || self.engine.symbols.conjunctions.contains(&self.chunks[open - 1].sym));
            if edge && self.clauses[self.current].verb.is_some_and(|v| v < open) {
                first = open;
            }
        }
        let tail: Vec<usize> = self.cur().chunks.iter().copied().filter(|k| *k >= first).collect();
        self.cur().chunks.retain(|k| *k < first);
        self.open(if said { Link::Complement } else { Link::Coordinate });
        let cur = self.cur();
        cur.chunks = tail;
        cur.chunks.push(i);
        cur.subject = subject;
        cur.verb = Some(i);
    }

    /// "said that the visit of X to Y was off": the head is the visit; with it the first chunk of its owner.
    fn visit_head(&self, subject: Vec<usize>) -> (Vec<usize>, Option<usize>) {
        let verb = self.clauses[self.current].verb.unwrap_or(0);
        let [place] = subject.as_slice() else { return (subject, None) };
        let link = |k: usize| ["to", "in", "of"].contains(&self.engine.lexicon.name_of(self.chunks[k].sym));
        let noun = place.checked_sub(2).filter(|n| {
            matches!(self.chunks[*place].kind, Kind::Place(_))
                && link(place - 1)
                && self.chunks[*n].sym == self.engine.symbols.visit_noun
                && *n > verb
        });
        match noun {
            Some(n) => {
                let owned = n > verb + 2 && self.chunks[n - 1].sym == sym::POSSESSIVE;
                (vec![n], owned.then(|| n - 2))
            }
            None => (subject, None),
        }
    }

    /// What stands behind the "by" of a participle whose noun still waits for its verb, or in its list ("including").
    fn is_agent(&self, subject: &[usize]) -> bool {
        let cur = &self.clauses[self.current];
        let waits = cur.parent.is_some_and(|p| self.clauses[p].verb.is_none() && !self.clauses[p].chunks.is_empty());
        let by = subject.first().and_then(|f| f.checked_sub(1)).is_some_and(|b| {
            self.chunks[b].sym == self.engine.symbols.by || self.engine.symbols.among.contains(&self.chunks[b].sym)
        });
        cur.passive && waits && by
    }

    /// Subject of a clause's first verb: the last noun row before it.
    fn subject_of_first(&self, i: usize) -> Vec<usize> {
        let cur = &self.clauses[self.current];
        let floor = cur.chunks.first().copied().unwrap_or(0);
        let Some(at) =
            self.adjacent(i).or_else(|| cur.chunks.iter().rev().copied().find(|k| *k < i && is_np(&self.chunks[*k])))
        else {
            return vec![];
        };
        // "Ruiz, Chile's envoy, is": Ruiz
        if let Some(named) = self.apposed(at) {
            return vec![named];
        }
        // "Ruiz, the head of the group, told": Ruiz
        if let Some(named) = self.set_off(i, at) {
            return vec![named];
        }
        // "the visit of X to Y begins": the head is what stands before "of".
        self.list_back(at, floor)
    }

    /// The name in front of an office between commas whose owner kept the two apart.
    fn apposed(&self, at: usize) -> Option<usize> {
        let unnamed = |k: usize| matches!(&self.chunks[k].kind, Kind::Person(p) if p.name.is_none());
        let closed = self.chunks.get(at + 1).is_some_and(|c| c.sym == sym::COMMA);
        let owned = at >= 4 && self.chunks[at - 1].sym == sym::POSSESSIVE && self.chunks[at - 3].sym == sym::COMMA;
        let name = at.checked_sub(4).filter(|_| closed && owned && unnamed(at))?;
        matches!(&self.chunks[name].kind, Kind::Person(p) if p.name.is_some()).then_some(name)
    }

    /// The name that opens a clause and is set off by commas from what stands before the verb.
    fn set_off(&self, verb: usize, at: usize) -> Option<usize> {
        let comma = |k: usize| self.chunks.get(k).is_some_and(|c| c.sym == sym::COMMA);
        let cur = &self.clauses[self.current];
        let first = cur.chunks.iter().copied().find(|k| is_np(&self.chunks[*k]))?;
        let named = matches!(&self.chunks[first].kind, Kind::Person(p) if p.name.is_some());
        let office = matches!(self.chunks.get(first + 2)?.kind, Kind::Noun(_) | Kind::Person(_));
        let of = (first + 3..at).any(|k| self.chunks[k].sym == self.engine.symbols.of);
        let plain = !(first + 1..at).any(|k| self.chunks[k].sym == self.engine.symbols.and);
        (named && first + 3 < at && comma(first + 1) && comma(verb - 1) && office && of && plain).then_some(first)
    }

    /// Subject of a further finite verb: the noun right before it.
    fn subject_before(&self, i: usize) -> Vec<usize> {
        let cur = &self.clauses[self.current];
        let Some(verb) = cur.verb else { return vec![] };
        // "said that the leaders, Diaz and Cruz, would meet"
        let listed = || {
            let at = i.checked_sub(2).filter(|_| self.chunks[i - 1].sym == sym::COMMA && i > 4)?;
            let and = self.chunks[at - 1].sym == self.engine.symbols.and;
            let people = [at, at - 2].iter().all(|k| matches!(self.chunks[*k].kind, Kind::Person(_)));
            (and && people && cur.group(self.chunks).is_some_and(|v| self.says(v))).then_some(at)
        };
        let Some(at) = self.adjacent(i).or_else(listed) else { return vec![] };
        if at < verb {
            return vec![];
        }
        let said = cur.group(self.chunks).is_some_and(|v| self.says(v));
        let floor = if said { verb + 1 } else { verb + 2 };
        self.list_back(at, floor.min(at))
    }

    /// The row "A, B and C" that ends at `at`.
    fn list_back(&self, at: usize, floor: usize) -> Vec<usize> {
        let mut out = vec![at];
        let mut k = at;
        while k >= floor + 2 {
            let link = self.chunks[k - 1].sym;
            // "..., Kenya and Egypt, the ministry said": a list ends with "and", a comma alone parts
            let listed = link == self.engine.symbols.and || (link == sym::COMMA && k < at);
            // "the minister and five colleagues"
            let last = link == self.engine.symbols.and
                && k == at
                && matches!(self.chunks[k].kind, Kind::Noun(_))
                && matches!(self.chunks[k - 2].kind, Kind::Person(_));
            if listed && is_entity(&self.chunks[k - 2]) && (is_entity(&self.chunks[k]) || last) {
                out.push(k - 2);
                k -= 2;
            } else if link == sym::COMMA && k >= 3 && self.chunks[k - 2].sym == self.engine.symbols.and {
                k -= 2;
            } else {
                break;
            }
        }
        out.reverse();
        out
    }

    /// The noun in front of a verb, over adverbs and times ("Xi on Sunday visited").
    fn adjacent(&self, i: usize) -> Option<usize> {
        let mut at = i;
        let mut crossed = false;
        while at > 0 {
            at -= 1;
            let c = &self.chunks[at];
            match &c.kind {
                _ if is_np(c) => {
                    // "the president of China said": the row's head is before "of"
                    return Some(at);
                }
                Kind::Time(_) => crossed = true,
                Kind::Mark if c.sym == sym::ADVERB => {}
                Kind::Mark if c.sym == sym::CLOSE => {
                    while at > 0 && self.chunks[at].sym != sym::OPEN {
                        at -= 1;
                    }
                }
                Kind::Mark
                    if crossed
                        && c.sym != sym::COMMA
                        && c.sym != self.engine.symbols.and
                        && c.sym >= sym::FIRST_FREE => {}
                _ => return None,
            }
        }
        None
    }

    fn last_entity(&self, i: usize) -> Option<usize> {
        (0..i).rev().find(|k| is_entity(&self.chunks[*k]))
    }

    /// A participle that hangs on a noun: "a delegation led by", "talks held in", ", accompanied by", "visiting Moscow".
    fn reduced(&self, i: usize, v: &VerbGroup) -> bool {
        if v.infinitive || !v.chain.is_empty() || v.passive {
            return false;
        }
        let bare = matches!(v.form, Form::Past | Form::Participle) && v.tense == crate::chunk::Tense::Past
            || v.form == Form::Participle && v.tense == crate::chunk::Tense::None;
        let ing = v.form == Form::Ing && !v.finite;
        if ing {
            return true;
        }
        if !bare {
            return false;
        }
        let by = self.chunks.get(i + 1).is_some_and(|c| c.sym == self.engine.symbols.by);
        let cur = &self.clauses[self.current];
        let object = cur.verb.is_some_and(|verb| {
            let said = cur.group(self.chunks).is_some_and(|v| self.says(v));
            !said
                && self.adjacent(i).is_some_and(|np| {
                    np > verb
                        && np + 1 == i
                        && !(verb + 1..np).any(|k| {
                            self.chunks[k].sym == sym::COMMA
                                || self.engine.symbols.conjunctions.contains(&self.chunks[k].sym)
                                || self.chunks[k].sym == self.engine.symbols.that
                        })
                })
        });
        v.form == Form::Participle
            || by
            || (object && self.chunks.get(i + 1).is_some_and(|c| matches!(c.kind, Kind::Mark | Kind::Time(_))))
    }
}
