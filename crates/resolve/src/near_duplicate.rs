//! Which sources of a record are copies of one another.

/// A sketch as it lies in a contribution's value: little-endian shingles (their highest 24 bits), numbers and
/// names (u16), ascending.
pub(crate) type Parts<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Days of `as_of` within which copies appear.
pub(crate) const WINDOW: i32 = 3;
/// Heads of families that a source is compared with at most.
pub(crate) const HEADS: usize = 64;
/// Least share of the smaller sketch's shingles that the other has.
const CONTAINMENT: (usize, usize) = (1, 2);
/// Largest share of one text's numbers and names together that the other lacks, and of its numbers alone: stories from
/// one template differ there.
const MISSING: (usize, usize) = (1, 3);
const NUMBERS_MISSING: (usize, usize) = (1, 2);
/// Fewest shingles in common range that say anything.
const FEWEST: usize = 4;

/// A sketch's shingles as 256 bits: what two sketches cannot share is seen without reading them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bits {
    bits: [u32; 8],
    shingles: u8,
    full: bool,
}

impl Bits {
    pub(crate) fn new(sketch: Parts<'_>) -> Self {
        let mut bits = [0; 8];
        let list = sketch.0.as_chunks::<SHINGLE>().0;
        for shingle in list {
            let n = read(*shingle);
            bits[(n >> 5 & 7) as usize] |= 1 << (n & 31);
        }
        Self { bits, shingles: list.len() as u8, full: list.len() >= 64 }
    }

    /// False only where [`copies`] is false: the most that two sketches can share is what their bits share, and the
    /// shingles that fell on a bit that was set.
    pub(crate) fn may_copy(&self, other: &Self) -> bool {
        if self.full || other.full {
            // A full sketch is cut where the other's ends: only sketches that have little in common range go on.
            let least = usize::from(self.shingles.min(other.shingles)) * 3 / 4;
            return self.most(other) * CONTAINMENT.1 >= least * CONTAINMENT.0;
        }
        self.most(other) * CONTAINMENT.1 >= usize::from(self.shingles.min(other.shingles)) * CONTAINMENT.0
    }

    fn most(&self, other: &Self) -> usize {
        let count = |b: &[u32; 8]| b.iter().map(|w| w.count_ones() as usize).sum::<usize>();
        let shared = count(&std::array::from_fn(|i| self.bits[i] & other.bits[i]));
        let doubled = |s: &Self| usize::from(s.shingles) - count(&s.bits);
        shared + doubled(self).min(doubled(other))
    }
}

/// Bytes of a shingle.
const SHINGLE: usize = 3;

fn read([a, b, c]: [u8; SHINGLE]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// True when one text is an edited copy of the other, by their sketches.
pub fn are_copies(a: &dateline_model::Sketch, b: &dateline_model::Sketch) -> bool {
    let (mut x, mut y) = (vec![], vec![]);
    copies(lay_out(a, &mut x), lay_out(b, &mut y))
}

/// A sketch as it lies in a value of the state.
fn lay_out<'a>(s: &dateline_model::Sketch, room: &'a mut Vec<u8>) -> Parts<'a> {
    let shingles = s.shingles.iter().flat_map(|h| (h >> 8).to_le_bytes().into_iter().take(SHINGLE));
    let words = |list: &[u16]| list.iter().flat_map(|h| h.to_le_bytes()).collect::<Vec<u8>>();
    room.extend(shingles);
    let at = room.len();
    let (numbers, names) = (words(&s.numbers), words(&s.names));
    room.extend(&numbers);
    room.extend(&names);
    let (shingles, guard) = room.split_at(at);
    let (numbers, names) = guard.split_at(numbers.len());
    (shingles, numbers, names)
}

/// True when one text is an edited copy of the other.
pub(crate) fn copies(a: Parts<'_>, b: Parts<'_>) -> bool {
    let (x, y) = (a.0.as_chunks::<SHINGLE>().0, b.0.as_chunks::<SHINGLE>().0);
    // A full bottom sketch knows nothing above its largest hash.
    let top = |s: &[[u8; SHINGLE]]| if s.len() >= 64 { s.last().map_or(u32::MAX, |c| read(*c)) } else { u32::MAX };
    let limit = top(x).min(top(y));
    let known = |s: &[[u8; SHINGLE]]| s.iter().take_while(|c| read(**c) <= limit).count();
    let (n, m) = (known(x), known(y));
    let least = n.min(m);
    if least < FEWEST {
        return false;
    }
    let shared = common(x[..n].iter().copied().map(read), y[..m].iter().copied().map(read));
    shared * CONTAINMENT.1 >= least * CONTAINMENT.0 && guard(a, b)
}

fn guard(a: Parts<'_>, b: Parts<'_>) -> bool {
    let ((numbers, no_number), (names, no_name)) = (missing(a.1, b.1), missing(a.2, b.2));
    no_number * NUMBERS_MISSING.1 <= numbers * NUMBERS_MISSING.0
        && (no_number + no_name) * MISSING.1 <= (numbers + names) * MISSING.0
}

/// The length of the shorter list in the range that both know, and how much of it the longer one lacks.
fn missing(a: &[u8], b: &[u8]) -> (usize, usize) {
    let (a, b) = (a.as_chunks::<2>().0, b.as_chunks::<2>().0);
    let read = |c: &[u8; 2]| u16::from_le_bytes(*c);
    let top = |s: &[[u8; 2]]| if s.len() >= 32 { s.last().map_or(u16::MAX, read) } else { u16::MAX };
    let limit = top(a).min(top(b));
    let known = |s: &[[u8; 2]]| s.iter().take_while(|c| read(c) <= limit).count();
    let (n, m) = (known(a), known(b));
    let shared = common(a[..n].iter().map(read), b[..m].iter().map(read));
    (n.min(m), n.min(m) - shared)
}

fn common<T: Ord>(a: impl Iterator<Item = T>, b: impl Iterator<Item = T>) -> usize {
    let (mut a, mut b) = (a.peekable(), b.peekable());
    let mut n = 0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => _ = a.next(),
            std::cmp::Ordering::Greater => _ = b.next(),
            std::cmp::Ordering::Equal => {
                n += 1;
                a.next();
                b.next();
            }
        }
    }
    n
}
