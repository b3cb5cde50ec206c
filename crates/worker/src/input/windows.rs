//! Bounded windows of lines: read on a thread of their own, so that reading, work and waiting overlap.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::{Line, LineReader, Source, Text};

/// Most lines in a window, and most bytes (one line more at most).
const LINES: usize = 1024;
const BYTES: usize = 8 << 20;
/// Most lines and bytes in a chunk, and most chunks under way: memory is bounded by their product.
const CHUNK_LINES: usize = 64;
const CHUNK_BYTES: usize = 1 << 20;
const CHUNKS: usize = 16;

/// A line with the input that it came from.
pub struct Item {
    /// Index of the input in the list.
    pub source: usize,
    /// Number of the line over all inputs, from 1.
    pub ordinal: u64,
    /// The line.
    pub line: Line,
}

/// What the reading thread sends.
enum Chunk {
    Lines(Vec<Item>),
    /// An input could not be opened or read: its index and why.
    Failed(usize, String),
}

/// One window.
#[derive(Default)]
pub struct Window {
    /// Lines in the order of the input.
    pub items: Vec<Item>,
    /// Inputs that could not be read (to their end), and why.
    pub failed: Vec<(usize, String)>,
}

/// Windows over the lines of several inputs, in order. A window ends early when the input has no more to give at the
/// moment, so that a slow producer sees its results at once.
pub struct Windows {
    chunks: Receiver<Chunk>,
}

impl Windows {
    /// Starts reading; a line longer than `max_line` bytes comes as [`Text::TooLong`].
    pub fn new(sources: Vec<Source>, max_line: usize) -> Self {
        let (send, chunks) = sync_channel(CHUNKS);
        // The thread is not joined: it may wait for a pipe for ever, and ends with the process.
        thread::spawn(move || {
            let mut ordinal = 0;
            for (index, source) in sources.iter().enumerate() {
                if !read_one(source, index, max_line, &mut ordinal, &|c| send.send(c).is_ok()) {
                    return;
                }
            }
        });
        Self { chunks }
    }
}

/// Reads one input to its end; false when nobody listens any more.
fn read_one(source: &Source, index: usize, max: usize, ordinal: &mut u64, send: &dyn Fn(Chunk) -> bool) -> bool {
    let mut reader = match source.open() {
        Ok(input) => LineReader::new(input, max),
        Err(e) => return send(Chunk::Failed(index, format!("cannot be opened ({e})"))),
    };
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    loop {
        match reader.next_line() {
            Ok(Some(line)) => {
                *ordinal += 1;
                bytes += len(&line);
                chunk.push(Item { source: index, ordinal: *ordinal, line });
                let full = chunk.len() >= CHUNK_LINES || bytes >= CHUNK_BYTES;
                if full || !reader.line_is_buffered() {
                    bytes = 0;
                    if !send(Chunk::Lines(std::mem::take(&mut chunk))) {
                        return false;
                    }
                }
            }
            Ok(None) => return true,
            Err(e) => return send(Chunk::Failed(index, format!("cannot be read on ({e})"))),
        }
    }
}

fn len(line: &Line) -> usize {
    match &line.text {
        Text::Bytes(b) => b.len(),
        Text::TooLong(_) => 0,
    }
}

impl Iterator for Windows {
    type Item = Window;

    fn next(&mut self) -> Option<Window> {
        let mut window = Window::default();
        let mut bytes = 0;
        let mut chunk = self.chunks.recv().ok()?;
        loop {
            match chunk {
                Chunk::Failed(source, why) => window.failed.push((source, why)),
                Chunk::Lines(lines) => {
                    bytes += lines.iter().map(|i| len(&i.line)).sum::<usize>();
                    window.items.extend(lines);
                }
            }
            if !window.failed.is_empty() || window.items.len() >= LINES || bytes >= BYTES {
                return Some(window);
            }
            match self.chunks.try_recv() {
                Ok(next) => chunk = next,
                Err(_) => return Some(window),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn lines_come_in_order_over_several_files_and_a_missing_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        let mut f = std::fs::File::create(&file).unwrap();
        for i in 0..5000 {
            writeln!(f, "{i}").unwrap();
        }
        drop(f);
        let missing = Source::File(folder.path().join("none"));
        let sources = vec![Source::File(file.clone()), missing, Source::File(file)];
        let (mut ordinals, mut failed) = (vec![], vec![]);
        for window in Windows::new(sources, 100) {
            assert!(window.items.len() < LINES + CHUNK_LINES);
            ordinals.extend(window.items.iter().map(|i| (i.source, i.ordinal, i.line.number)));
            failed.extend(window.failed);
        }
        let expected = (1..=10_000u64).map(|o| if o <= 5000 { (0, o, o) } else { (2, o, o - 5000) });
        assert!(ordinals.into_iter().eq(expected));
        assert_eq!(failed.len(), 1);
        assert!(failed[0].0 == 1 && failed[0].1.starts_with("cannot be opened ("), "{failed:?}");
    }
}
