//! Which sources of a record are copies of one another.

/// A sketch as it lies in a contribution's value: little-endian shingles (u32), numbers and names (u16), ascending.
pub(crate) type Parts<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Days of `as_of` within which copies appear.
pub(crate) const WINDOW: i32 = 3;
/// Heads of families that a source is compared with at most.
pub(crate) const HEADS: usize = 64;
/// Least share of the smaller sketch's shingles that the other has.
const CONTAINMENT: (usize, usize) = (1, 2);
/// Largest share of the numbers and of the names of the one that the other lacks: stories from one template differ there.
const MISSING: (usize, usize) = (1, 4);
/// Fewest shingles in common range that say anything.
const FEWEST: usize = 4;

/// True when one text is an edited copy of the other.
pub(crate) fn copies(a: Parts<'_>, b: Parts<'_>) -> bool {
    let (x, y) = (a.0.as_chunks::<4>().0, b.0.as_chunks::<4>().0);
    let read = |c: &[u8; 4]| u32::from_le_bytes(*c);
    // A full bottom sketch knows nothing above its largest hash.
    let top = |s: &[[u8; 4]]| if s.len() >= 64 { s.last().map_or(u32::MAX, read) } else { u32::MAX };
    let limit = top(x).min(top(y));
    let known = |s: &[[u8; 4]]| s.iter().take_while(|c| read(c) <= limit).count();
    let (n, m) = (known(x), known(y));
    let least = n.min(m);
    if least < FEWEST {
        return false;
    }
    let shared = common(x[..n].iter().map(read), y[..m].iter().map(read));
    shared * CONTAINMENT.1 >= least * CONTAINMENT.0 && guard(a.1, b.1) && guard(a.2, b.2)
}

/// True when the shorter list is, but for a few, inside the longer one.
fn guard(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (a.as_chunks::<2>().0, b.as_chunks::<2>().0);
    let read = |c: &[u8; 2]| u16::from_le_bytes(*c);
    let full = |s: &[[u8; 2]]| if s.len() >= 32 { s.last().map_or(u16::MAX, read) } else { u16::MAX };
    let limit = full(a).min(full(b));
    let known = |s: &[[u8; 2]]| s.iter().take_while(|c| read(c) <= limit).count();
    let (n, m) = (known(a), known(b));
    let shared = common(a[..n].iter().map(read), b[..m].iter().map(read));
    let least = n.min(m);
    (least - shared) * MISSING.1 <= least * MISSING.0
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
