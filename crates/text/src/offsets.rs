//! Byte offsets to offsets in Unicode scalar values.

/// Maps byte offsets of one text to offsets in scalar values: a checkpoint every 256 bytes, none for ASCII.
#[derive(Debug, Clone)]
pub struct CharOffsets<'a> {
    text: &'a str,
    checkpoints: Option<Vec<u32>>,
}

const STEP: usize = 256;

impl<'a> CharOffsets<'a> {
    /// Prepares the map in one pass.
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text, checkpoints: None };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut chars = 0u32;
        for (i, b) in text.bytes().enumerate() {
            if i % STEP == 0 {
                checkpoints.push(chars);
            }
            chars += u32::from(!is_continuation(b));
        }
        Self { text, checkpoints: Some(checkpoints) }
    }

    /// Scalar values before `byte`, which is a boundary of the text.
    pub fn at(&self, byte: u32) -> u32 {
        let Some(checkpoints) = &self.checkpoints else { return byte };
        let byte = (byte as usize).min(self.text.len());
        let step = (byte / STEP).min(checkpoints.len().saturating_sub(1));
        let rest = &self.text.as_bytes()[step * STEP..byte];
        checkpoints.get(step).copied().unwrap_or(0) + rest.iter().filter(|b| !is_continuation(**b)).count() as u32
    }
}

fn is_continuation(b: u8) -> bool {
    b & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn an_offset_counts_the_scalar_values_before_it(text in "[a-zé漢😀 ]{0,700}") {
            let map = CharOffsets::new(&text);
            for (chars, (byte, _)) in text.char_indices().enumerate() {
                proptest::prop_assert_eq!(map.at(byte as u32), chars as u32);
            }
            proptest::prop_assert_eq!(map.at(text.len() as u32), text.chars().count() as u32);
        }
    }
}
