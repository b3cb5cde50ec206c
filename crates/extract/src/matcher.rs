//! Patterns as small programs over rows of symbols, run by backtracking that tries no fork twice at one place: time is
//! bounded by program times row. Alternatives are tried in the order in which they are written, and the first that leads
//! to a match counts, as in Perl (Cox 2009, "Regular Expression Matching: the Virtual Machine Approach").

use crate::lexicon::{Sym, sym};

/// Most symbols that a gap takes.
const GAP: usize = 10;

/// Most steps of a program: what macros of macros may grow to.
const LONGEST: usize = 20_000;

/// A set of symbols.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SymSet([u64; 4]);

impl SymSet {
    pub(crate) fn of(symbols: &[Sym]) -> Self {
        let mut out = Self::default();
        for s in symbols {
            out.0[usize::from(s >> 6)] |= 1 << (s & 63);
        }
        out
    }

    pub(crate) fn has(&self, s: Sym) -> bool {
        self.0[usize::from(s >> 6)] >> (s & 63) & 1 == 1
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(crate) fn len(&self) -> u32 {
        self.0.iter().map(|x| x.count_ones()).sum()
    }

    /// Its symbols, ascending.
    pub(crate) fn iter(self) -> impl Iterator<Item = Sym> {
        (0..4u8).flat_map(move |word| {
            let mut bits = self.0[usize::from(word)];
            std::iter::from_fn(move || {
                let bit = (bits != 0).then(|| bits.trailing_zeros() as u8)?;
                bits &= bits - 1;
                Some(word * 64 + bit)
            })
        })
    }
}

/// A pattern as it is written.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// One symbol of a set.
    One(SymSet),
    /// Up to ten symbols that are no stop, as few as will do.
    Gap,
    /// Nothing stands before.
    Start,
    /// Nothing follows.
    End,
    Row(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, Times),
    /// What a slot takes, by number.
    Slot(usize, Box<Node>),
}

/// How often, as often as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Maybe,
    Any,
    Some,
}

#[derive(Debug, Clone, Copy)]
enum Op {
    One(Sym),
    Set(SymSet),
    NoStop,
    Start,
    End,
    /// Try the first, then the second.
    Fork(u32, u32),
    Go(u32),
    Mark(u32),
    Found,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Program {
    ops: Vec<Op>,
    slots: usize,
    /// What a match can begin with; none where it can begin with anything or be empty.
    first: Option<SymSet>,
}

impl Program {
    /// Compiles a pattern; `None` when it is too long.
    pub(crate) fn new(pattern: &Node, slots: usize) -> Option<Self> {
        let mut out = Self { ops: vec![], slots, first: None };
        out.emit(pattern)?;
        out.ops.push(Op::Found);
        let mut first = SymSet::default();
        out.first = out.begins(0, &mut vec![false; out.ops.len()], &mut first).then_some(first);
        Some(out)
    }

    fn here(&self) -> u32 {
        self.ops.len() as u32
    }

    fn fork(&mut self) -> usize {
        self.ops.push(Op::Fork(self.here() + 1, 0));
        self.ops.len() - 1
    }

    /// Where a fork or jump leads that was emitted before its end was known.
    fn land(&mut self, at: usize) {
        let here = self.here();
        match &mut self.ops[at] {
            Op::Fork(_, to) if *to == 0 => *to = here,
            Op::Fork(to, _) | Op::Go(to) => *to = here,
            _ => {}
        }
    }

    fn emit(&mut self, node: &Node) -> Option<()> {
        if self.ops.len() > LONGEST {
            return None;
        }
        match node {
            Node::One(set) => {
                let mut symbols = set.iter();
                let op = match (symbols.next(), symbols.next()) {
                    (Some(s), None) => Op::One(s),
                    _ => Op::Set(*set),
                };
                self.ops.push(op);
            }
            Node::Gap => {
                let mut forks = Vec::with_capacity(GAP);
                for _ in 0..GAP {
                    // rather on than further
                    let next = self.here() + 1;
                    self.ops.push(Op::Fork(u32::MAX, next));
                    forks.push(self.ops.len() - 1);
                    self.ops.push(Op::NoStop);
                }
                for f in forks {
                    self.land(f);
                }
            }
            Node::Start => self.ops.push(Op::Start),
            Node::End => self.ops.push(Op::End),
            Node::Row(nodes) => {
                for n in nodes {
                    self.emit(n)?;
                }
            }
            Node::Either(branches) => {
                let mut ends = vec![];
                for (i, b) in branches.iter().enumerate() {
                    if i + 1 == branches.len() {
                        self.emit(b)?;
                        break;
                    }
                    let fork = self.fork();
                    self.emit(b)?;
                    ends.push(self.ops.len());
                    self.ops.push(Op::Go(0));
                    self.land(fork);
                }
                for e in ends {
                    self.land(e);
                }
            }
            Node::Repeat(inner, times) => {
                let skip = (*times != Times::Some).then(|| self.fork());
                let start = self.here();
                self.emit(inner)?;
                if *times != Times::Maybe {
                    let next = self.here() + 1;
                    self.ops.push(Op::Fork(start, next));
                }
                if let Some(skip) = skip {
                    self.land(skip);
                }
            }
            Node::Slot(n, inner) => {
                self.ops.push(Op::Mark(*n as u32 * 2));
                self.emit(inner)?;
                self.ops.push(Op::Mark(*n as u32 * 2 + 1));
            }
        }
        Some(())
    }

    /// Collects what can be read first from an operation on; false when that can be anything or nothing.
    fn begins(&self, op: u32, seen: &mut [bool], first: &mut SymSet) -> bool {
        if std::mem::replace(&mut seen[op as usize], true) {
            return true;
        }
        match self.ops[op as usize] {
            Op::One(s) => *first = first.union(SymSet::of(&[s])),
            Op::Set(set) => *first = first.union(set),
            Op::NoStop | Op::Found => return false,
            Op::Start | Op::End | Op::Mark(_) => return self.begins(op + 1, seen, first),
            Op::Fork(a, b) => return self.begins(a, seen, first) && self.begins(b, seen, first),
            Op::Go(to) => return self.begins(to, seen, first),
        }
        true
    }
}

/// Where a program matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub span: (usize, usize),
    /// Slots that took something, by number.
    pub slots: Vec<(usize, (usize, usize))>,
}

/// What is still to be tried, or to be put back before that.
enum Job {
    Try { op: u32, at: u32 },
    Undo { mark: u32, was: u32 },
}

const UNSET: u32 = u32::MAX;

/// The memory that running programs takes, kept from one run to the next.
#[derive(Default)]
pub(crate) struct Runner {
    /// Rules to be tried on a row, as bits.
    pub due: Vec<u64>,
    seen: Vec<u64>,
    jobs: Vec<Job>,
    marks: Vec<u32>,
}

impl Runner {
    /// All matches in a row from left to right, without overlaps.
    pub(crate) fn all(&mut self, program: &Program, row: &[Sym], mut each: impl FnMut(Found)) {
        let (mut from, mut last) = (0, None);
        while let Some(found) = self.next(program, row, from) {
            if found.span.0 == found.span.1 && last == Some(found.span.1) {
                // nothing, right behind a match, is no further one
                from += 1;
                continue;
            }
            from = found.span.1;
            last = Some(from);
            each(found);
        }
    }

    /// The first match that begins at `from` or later.
    fn next(&mut self, program: &Program, row: &[Sym], from: usize) -> Option<Found> {
        let can_begin = |at: usize| match (&program.first, row.get(at)) {
            (None, _) => true,
            (Some(first), Some(s)) => first.has(*s),
            (Some(_), None) => false,
        };
        let mut fresh = true;
        for start in (from..=row.len()).filter(|s| can_begin(*s)) {
            if std::mem::take(&mut fresh) {
                self.seen.clear();
                self.seen.resize((program.ops.len() * (row.len() + 1)).div_ceil(64), 0);
                self.marks.clear();
                self.marks.resize(program.slots * 2, UNSET);
            }
            if let Some(end) = self.run(program, row, start as u32) {
                let slots = self.marks.chunks_exact(2).enumerate();
                let slots = slots.filter(|(_, m)| m[0] != UNSET && m[1] != UNSET);
                let slots = slots.map(|(n, m)| (n, (m[0] as usize, m[1] as usize))).collect();
                return Some(Found { span: (start, end as usize), slots });
            }
        }
        None
    }

    fn run(&mut self, program: &Program, row: &[Sym], start: u32) -> Option<u32> {
        self.jobs.clear();
        let (mut op, mut at) = (0, start);
        loop {
            if let Some(end) = self.follow(program, row, op, at) {
                return Some(end);
            }
            loop {
                match self.jobs.pop()? {
                    Job::Undo { mark, was } => self.marks[mark as usize] = was,
                    Job::Try { op: o, at: a } => {
                        (op, at) = (o, a);
                        break;
                    }
                }
            }
        }
    }

    /// Goes on until a match or a dead end.
    fn follow(&mut self, program: &Program, row: &[Sym], mut op: u32, mut at: u32) -> Option<u32> {
        let here = |at: u32| row.get(at as usize).copied();
        loop {
            let takes = match program.ops[op as usize] {
                Op::One(s) => here(at) == Some(s),
                Op::Set(set) => here(at).is_some_and(|s| set.has(s)),
                Op::NoStop => here(at).is_some_and(|s| s != sym::STOP),
                Op::Start if at > 0 => return None,
                Op::End if (at as usize) < row.len() => return None,
                Op::Start | Op::End => {
                    op += 1;
                    continue;
                }
                Op::Go(to) => {
                    op = to;
                    continue;
                }
                Op::Mark(mark) => {
                    let was = std::mem::replace(&mut self.marks[mark as usize], at);
                    self.jobs.push(Job::Undo { mark, was });
                    op += 1;
                    continue;
                }
                Op::Fork(first, second) => {
                    let key = op as usize * (row.len() + 1) + at as usize;
                    let (word, bit) = (key / 64, 1 << (key % 64));
                    if self.seen[word] & bit != 0 {
                        return None;
                    }
                    self.seen[word] |= bit;
                    self.jobs.push(Job::Try { op: second, at });
                    op = first;
                    continue;
                }
                Op::Found => return Some(at),
            };
            if !takes {
                return None;
            }
            (op, at) = (op + 1, at + 1);
        }
    }
}

#[cfg(test)]
mod tests;
