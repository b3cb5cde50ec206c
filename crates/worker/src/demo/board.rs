//! The records on a terminal: a live table; elsewhere a plain line for each revision.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;

use crate::output::{Data, Flow};

use super::line::{Articles, Telling, tell};
use super::wire::Revision;

/// All records as they stand.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// In the order in which they were opened.
    rows: Vec<(String, Telling)>,
    heard: HashSet<String>,
    /// What was sent, for quotes.
    pub(super) articles: Articles,
}

impl Board {
    /// Takes a revision in; the line that tells it. A tombstone takes its record away and has no line.
    pub(super) fn take(&mut self, revision: &Revision) -> Option<String> {
        let Some(record) = &revision.record else {
            self.rows.retain(|(id, _)| *id != revision.id);
            return None;
        };
        let sources = record["sources"].as_array().into_iter().flatten();
        self.heard.extend(sources.filter_map(|s| s["article_id"].as_str()).map(str::to_owned));
        let told = tell(record, &self.articles);
        let line = plain(&told);
        match self.rows.iter_mut().find(|(id, _)| *id == revision.id) {
            // A topic read twice never takes a record back.
            Some((_, row)) if row.revision > told.revision => return None,
            Some((_, row)) => *row = told,
            None => self.rows.push((revision.id.clone(), told)),
        }
        Some(line)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Articles of `fed` that no record names.
    pub(super) fn silent(&self, fed: u64) -> u64 {
        fed.saturating_sub(self.heard.len() as u64)
    }

    /// The table: visits, then events; `width` columns, at most `height` lines.
    pub(super) fn table(&self, width: usize, height: usize) -> Vec<String> {
        let head = format!("{:<17} {:<10} {:<44} {:<22} rev src", "RECORD", "STATUS", "WHO AND WHERE", "WHEN");
        let mut lines = vec![clip(&head, width)];
        let (visits, events): (Vec<_>, Vec<_>) = self.rows.iter().map(|(_, t)| t).partition(|t| t.kind == "visit");
        let all: Vec<&Telling> = visits.into_iter().chain(events).collect();
        // Two lines a record where they fit, else one.
        let quotes = all.len() * 2 + 2 <= height;
        for (i, t) in all.iter().enumerate() {
            if lines.len() + 1 >= height && i + 1 < all.len() {
                lines.push(clip(&format!("... and {} more", all.len() - i), width));
                break;
            }
            let what = clip(&t.what, 44);
            let row =
                format!("{:<17} {:<10} {what:<44} {:<22} {:>3} {:>3}", t.kind, t.status, t.when, t.revision, t.sources);
            lines.push(clip(&row, width));
            if quotes && let Some(quote) = &t.quote {
                lines.push(clip(&format!("{:<17} \"{quote}\"", ""), width));
            }
        }
        lines
    }
}

/// One revision in one line.
fn plain(t: &Telling) -> String {
    let sources = if t.sources == 1 { "source" } else { "sources" };
    let mut line =
        format!("{}: {}, {}, {}, revision {}, {} {sources}", t.kind, t.what, t.when, t.status, t.revision, t.sources);
    if let Some(quote) = &t.quote {
        let _ = write!(line, ", \"{quote}\"");
    }
    line
}

fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        text.to_owned()
    } else {
        text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
    }
}

/// Where the records are shown.
pub(super) struct Screen {
    data: Data,
    live: bool,
    drawn: usize,
    last: Vec<String>,
}

impl Screen {
    pub(super) fn new(live: bool) -> Self {
        Self { data: Data::default(), live, drawn: 0, last: vec![] }
    }

    pub(super) fn say(&mut self, text: &str) -> io::Result<Flow> {
        self.data.write(text.as_bytes())?;
        self.data.write(b"\n")?;
        self.data.flush()
    }

    /// A revision's line, where there is no table.
    pub(super) fn line(&mut self, line: &str) -> io::Result<Flow> {
        if self.live { Ok(Flow::Open) } else { self.say(line) }
    }

    /// Draws the table anew over the one before, if anything moved.
    pub(super) fn draw(&mut self, board: &Board, status: &str) -> io::Result<Flow> {
        if !self.live {
            return Ok(Flow::Open);
        }
        let (width, height) = size();
        let mut lines = board.table(width, height.saturating_sub(2));
        lines.push(clip(status, width));
        if lines == self.last {
            return Ok(Flow::Open);
        }
        let mut text = String::new();
        if self.drawn > 0 {
            let _ = write!(text, "\x1b[{}A", self.drawn);
        }
        text.push_str("\x1b[J");
        for line in &lines {
            text.push_str(line);
            text.push('\n');
        }
        self.drawn = lines.len();
        self.last = lines;
        self.data.write(text.as_bytes())?;
        self.data.flush()
    }

    /// The whole table and the last words.
    pub(super) fn finish(&mut self, board: &Board, words: &str) -> io::Result<Flow> {
        if self.live {
            if self.drawn > 0 {
                self.data.write(format!("\x1b[{}A\x1b[J", self.drawn).as_bytes())?;
            }
            for line in board.table(size().0, usize::MAX) {
                self.data.write(line.as_bytes())?;
                self.data.write(b"\n")?;
            }
        }
        self.data.write(words.as_bytes())?;
        self.data.flush()
    }
}

fn size() -> (usize, usize) {
    terminal_size::terminal_size().map_or((110, 40), |(w, h)| (usize::from(w.0), usize::from(h.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn revision(id: &str, revision: u64) -> Revision {
        let record = json!({
            "record_type": "visit", "status": "confirmed", "revision": revision, "source_count": 1,
            "visitor": {"name": "Xi", "country": "CN"}, "destination": {"country": "RU"},
            "period": {"start": "2025-05-07", "end": null},
            "sources": [{"article_id": id, "evidence": [{"path": "status", "text": "will travel"}]}],
        });
        Revision { id: id.to_owned(), record: Some(record) }
    }

    #[test]
    fn a_revision_replaces_its_row_and_a_tombstone_takes_it_away() {
        let mut board = Board::default();
        let line = board.take(&revision("a", 1)).unwrap();
        assert_eq!(line, "visit: Xi (CN) -> RU, 2025-05-07, confirmed, revision 1, 1 source, \"will travel\"");
        board.take(&revision("b", 1));
        assert!(board.take(&revision("a", 2)).is_some() && board.take(&revision("a", 1)).is_none());
        assert_eq!((board.len(), board.silent(5)), (2, 3));
        assert_eq!(board.take(&Revision { id: "a".into(), record: None }), None);
        assert_eq!(board.len(), 1);
    }

    #[test]
    fn the_table_fits_its_terminal() {
        let mut board = Board::default();
        for i in 0..30 {
            board.take(&revision(&i.to_string(), 1));
        }
        let table = board.table(60, 20);
        assert!(table.len() <= 20 && table.iter().all(|l| l.chars().count() <= 60));
        assert_eq!(table.last().unwrap(), "... and 12 more");
        assert_eq!(board.table(200, usize::MAX).len(), 61);
    }
}
