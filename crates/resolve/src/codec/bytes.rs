//! Numbers and texts as bytes: LEB128 varints, zigzag for signed numbers, lengths before texts.

use crate::StateError;

use super::corrupt;

/// Appends values.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, b: u8) {
        self.0.push(b);
    }

    pub(crate) fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    pub(crate) fn signed(&mut self, n: i64) {
        self.varint(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    pub(crate) fn bytes(&mut self, b: &[u8]) {
        self.0.extend_from_slice(b);
    }

    pub(crate) fn text(&mut self, t: &str) {
        self.varint(t.len() as u64);
        self.bytes(t.as_bytes());
    }
}

/// Takes values from the front; nothing read from outside can make it panic or allocate more than the value's length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

type Read<T> = Result<T, StateError>;

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Read<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(|| corrupt("it ends early"))?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn varint(&mut self) -> Read<u64> {
        if let Some((first @ 0..0x80, rest)) = self.0.split_first() {
            self.0 = rest;
            return Ok(u64::from(*first));
        }
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let b = self.byte()?;
            n |= u64::from(b & 0x7f) << shift;
            if b < 0x80 {
                return Ok(n);
            }
        }
        Err(corrupt("a number is too long"))
    }

    pub(crate) fn u32(&mut self) -> Read<u32> {
        u32::try_from(self.varint()?).map_err(|_| corrupt("a number is too large"))
    }

    pub(crate) fn signed(&mut self) -> Read<i64> {
        let n = self.varint()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }

    pub(crate) fn take(&mut self, n: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or_else(|| corrupt("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn text(&mut self) -> Read<&'a str> {
        let n = self.varint()?;
        self.text_of(n)
    }

    /// The bytes of a text.
    pub(crate) fn text_bytes(&mut self) -> Read<&'a [u8]> {
        let n = self.varint()?;
        self.take(usize::try_from(n).unwrap_or(usize::MAX))
    }

    pub(crate) fn maybe_text(&mut self) -> Read<Option<&'a str>> {
        match self.varint()? {
            0 => Ok(None),
            n => self.text_of(n - 1).map(Some),
        }
    }

    fn text_of(&mut self, n: u64) -> Read<&'a str> {
        let taken = self.take(usize::try_from(n).unwrap_or(usize::MAX))?;
        std::str::from_utf8(taken).map_err(|_| corrupt("a text is no UTF-8"))
    }

    /// The number of items that follow; each takes at least one byte.
    pub(crate) fn count(&mut self) -> Read<usize> {
        let n = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
        if n > self.0.len() { Err(corrupt("it ends early")) } else { Ok(n) }
    }

    /// The bytes that are left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }
}
