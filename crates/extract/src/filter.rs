//! What is not in a set, told by one look into a small table (Bloom 1970, with one hash).

/// Bits for each key: of eight keys that are not in the set about one passes.
const BITS: usize = 8;

/// A set that may take a stranger for one of its own, never the other way.
#[derive(Default)]
pub(crate) struct Filter {
    bits: Vec<u64>,
    shift: u32,
}

impl Filter {
    /// An empty filter for so many keys.
    pub(crate) fn new(keys: usize) -> Self {
        let bits = (keys * BITS).next_power_of_two().max(64);
        Self { bits: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() }
    }

    pub(crate) fn add(&mut self, key: u64) {
        let at = self.place(key);
        self.bits[at / 64] |= 1 << (at % 64);
    }

    pub(crate) fn may_have(&self, key: u64) -> bool {
        let at = self.place(key);
        self.bits[at / 64] >> (at % 64) & 1 == 1
    }

    fn place(&self, key: u64) -> usize {
        (spread(key) >> self.shift) as usize
    }
}

/// The upper bits of the product depend on all bits of the key (Knuth, multiplicative hashing).
pub(crate) fn spread(key: u64) -> u64 {
    (key ^ key >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_all_its_keys_and_few_others() {
        let mut filter = Filter::new(1000);
        (0..1000).for_each(|k| filter.add(k * 7919));
        assert!((0..1000).all(|k| filter.may_have(k * 7919)));
        assert!((0..10_000).filter(|k| filter.may_have(k * 7919 + 1)).count() < 2500);
    }
}
