//! Lines of bounded length.

use std::io::{self, BufRead, BufReader, Read};

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of the line in its input, from 1.
    pub number: u64,
    /// Bytes that it took in the input.
    pub taken: u64,
    /// What stands there.
    pub text: Text,
}

/// The text of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Text {
    /// The bytes.
    Bytes(Vec<u8>),
    /// More than the bound; only the length is known.
    TooLong(u64),
}

/// Reads lines; what is longer than `max` bytes is counted, never kept.
pub struct LineReader<R> {
    input: BufReader<R>,
    max: usize,
    number: u64,
}

const BUFFER: usize = 256 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

impl<R: Read> LineReader<R> {
    /// A reader over one input.
    pub fn new(input: R, max: usize) -> Self {
        Self { input: BufReader::with_capacity(BUFFER, input), max, number: 0 }
    }

    /// True when the next line can be had without waiting for the input.
    pub fn line_is_buffered(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line; `None` at the end of input.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let (mut kept, mut taken, mut ended) = (Vec::new(), 0u64, false);
        while !ended {
            let available = match self.input.fill_buf() {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                break;
            }
            let end = available.iter().position(|b| *b == b'\n');
            let (piece, used) = end.map_or((available, available.len()), |i| (&available[..i], i + 1));
            // One byte beyond the bound is enough to know that it is passed.
            let room = (self.max + 1).saturating_sub(kept.len());
            kept.extend_from_slice(&piece[..piece.len().min(room)]);
            taken += used as u64;
            ended = end.is_some();
            self.input.consume(used);
        }
        if taken == 0 {
            return Ok(None);
        }
        self.number += 1;
        let text = if kept.len() > self.max {
            Text::TooLong(taken - u64::from(ended))
        } else {
            if kept.last() == Some(&b'\r') {
                kept.pop();
            }
            if self.number == 1 && kept.starts_with(BOM) {
                kept.drain(..BOM.len());
            }
            Text::Bytes(kept)
        };
        Ok(Some(Line { number: self.number, taken, text }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8], max: usize) -> Vec<(u64, Text)> {
        let mut reader = LineReader::new(input, max);
        std::iter::from_fn(|| reader.next_line().unwrap()).map(|l| (l.number, l.text)).collect()
    }

    fn bytes(s: &str) -> Text {
        Text::Bytes(s.into())
    }

    #[test]
    fn lines_end_with_or_without_carriage_return_and_the_last_one_needs_no_end() {
        assert_eq!(read(b"a\r\n\nb", 9), [(1, bytes("a")), (2, bytes("")), (3, bytes("b"))]);
        assert_eq!(read(b"", 9), []);
        assert_eq!(read(b"\xef\xbb\xbfa\n", 9), [(1, bytes("a"))]);
    }

    #[test]
    fn a_line_beyond_the_bound_is_counted_and_the_next_one_is_read() {
        let mut input = vec![b'x'; 3 * BUFFER];
        input.extend_from_slice(b"\nok\n");
        assert_eq!(read(&input, 5), [(1, Text::TooLong(3 * BUFFER as u64)), (2, bytes("ok"))]);
        assert_eq!(read(b"12345\n123456", 5), [(1, bytes("12345")), (2, Text::TooLong(6))]);
    }
}
