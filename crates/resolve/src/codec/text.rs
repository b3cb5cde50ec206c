//! Texts with the pairs of letters that are most frequent in news English in one byte (digram coding).

use super::bytes::{Reader, Writer};
use super::corrupt;
use crate::StateError;

/// The pairs of codes 0x80 to 0xFE. They are part of the encoding: a change is a new encoding.
const PAIRS: &[u8; 254] = b" M S T a b c d e f h i o p s t w's) , -a-f-s-t/0/1/20/025/a adaialanarasataybecacechcoctd \
    dadedie e-edeieleneresetf fogahahehihoiaicinirisitkekil lalelilllomamemimon n-ndnengni\
    nonto ofonoporoupapeprr rarerirorus s-sesistt t-tatethtitotrunurusveviwiwoy y-";

/// Before a byte that is no ASCII.
const OTHER: u8 = 0xff;

/// Code of a pair of ASCII letters; 0 where it has none.
static CODES: [[u8; 128]; 128] = {
    let mut codes = [[0; 128]; 128];
    let mut n = 0;
    while n < 127 {
        codes[PAIRS[2 * n] as usize][PAIRS[2 * n + 1] as usize] = 0x80 + n as u8;
        n += 1;
    }
    codes
};

/// Writes a text: twice the length, and one where pairs are coded; then the bytes.
pub(crate) fn write(w: &mut Writer, text: &str) {
    let bytes = text.as_bytes();
    // The length comes first: one byte is kept for it, which is moved where it takes more.
    let at = w.0.len();
    w.0.resize(at + 1 + 2 * bytes.len(), 0);
    let coded = &mut w.0[at + 1..];
    let (mut i, mut len) = (0, 0);
    while let Some(a) = bytes.get(i).copied() {
        let b = bytes.get(i + 1).copied().unwrap_or(0);
        if !a.is_ascii() {
            coded[len..len + 2].copy_from_slice(&[OTHER, a]);
            (i, len) = (i + 1, len + 2);
            continue;
        }
        let code = if b.is_ascii() { CODES[usize::from(a)][usize::from(b)] } else { 0 };
        coded[len] = if code == 0 { a } else { code };
        (i, len) = (if code == 0 { i + 1 } else { i + 2 }, len + 1);
    }
    if len < bytes.len() {
        w.0.truncate(at + 1 + len);
        let head = len << 1 | 1;
        if head < 0x80 {
            w.0[at] = head as u8;
        } else {
            let mut long = Writer::default();
            long.varint(head as u64);
            w.0.splice(at..=at, long.0);
        }
    } else {
        w.0.truncate(at);
        w.varint((bytes.len() as u64) << 1);
        w.bytes(bytes);
    }
}

/// Reads a text behind what is in `out` already.
pub(crate) fn read(r: &mut Reader<'_>, mut out: String) -> Result<String, StateError> {
    let head = r.varint()?;
    let taken = r.take(usize::try_from(head >> 1).unwrap_or(usize::MAX))?;
    let no_text = || corrupt("a text is no UTF-8");
    if head & 1 == 0 {
        out.push_str(std::str::from_utf8(taken).map_err(|_| no_text())?);
        return Ok(out);
    }
    let mut plain = out.into_bytes();
    plain.reserve(taken.len() * 2);
    let mut rest = taken.iter();
    while let Some(b) = rest.next().copied() {
        match b {
            0..0x80 => plain.push(b),
            OTHER => plain.push(*rest.next().ok_or_else(no_text)?),
            _ => {
                let n = usize::from(b - 0x80) * 2;
                plain.extend_from_slice(&PAIRS[n..n + 2]);
            }
        }
    }
    String::from_utf8(plain).map_err(|_| no_text())
}

/// Passes by a text.
pub(crate) fn skip(r: &mut Reader<'_>) -> Result<(), StateError> {
    let head = r.varint()?;
    r.take(usize::try_from(head >> 1).unwrap_or(usize::MAX)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(text: &str) -> Vec<u8> {
        let mut w = Writer::default();
        write(&mut w, text);
        let mut r = Reader::new(&w.0);
        assert_eq!(read(&mut r, "before ".to_owned()).unwrap(), format!("before {text}"));
        assert!(r.is_empty());
        w.0
    }

    #[test]
    fn a_text_comes_back_as_it_was() {
        for text in ["", "a", "Zürich", "the “third” trip", "日本", "x\0\u{7f}\u{80}", &"talks on trade ".repeat(40)]
        {
            coded(text);
        }
    }

    #[test]
    fn an_english_text_shrinks_and_no_text_grows_by_more_than_its_length() {
        let title = "President arrives in the capital for talks on trade and energy";
        assert!(coded(title).len() * 10 < title.len() * 7);
        assert_eq!(coded("日本").len(), 1 + "日本".len());
    }
}
