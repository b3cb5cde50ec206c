//! All names of all entries in one flat table, sorted by their folded form.

use crate::entry::{Case, EntryRef, Kind, Phrase};
use crate::fold::fold_into;

/// Folded names in one string, rows pointing into it.
#[derive(Default)]
pub(crate) struct Index {
    text: String,
    rows: Vec<Row>,
}

#[derive(Clone, Copy)]
struct Row {
    start: u32,
    len: u16,
    case: Case,
    entry: EntryRef,
}

impl Index {
    /// Adds a name; one that folds to nothing is left out.
    pub(crate) fn add(&mut self, name: &str, kind: Kind, index: u32, case: Case) {
        let start = self.text.len();
        fold_into(name, &mut self.text);
        let Ok(len) = u16::try_from(self.text.len() - start) else {
            self.text.truncate(start);
            return;
        };
        if len > 0 {
            self.rows.push(Row { start: start as u32, len, case, entry: EntryRef { kind, index } });
        }
    }

    /// Sorts by folded form and entry and drops repeats; a name of one entry under two cases keeps the more liberal one.
    pub(crate) fn finish(&mut self) {
        let text = &self.text;
        self.rows.sort_unstable_by(|a, b| (slice(text, a), a.entry, a.case).cmp(&(slice(text, b), b.entry, b.case)));
        self.rows.dedup_by(|b, a| a.entry == b.entry && slice(text, a) == slice(text, b));
        self.rows.shrink_to_fit();
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity() + self.rows.capacity() * size_of::<Row>()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Phrase<'_>> {
        self.rows.iter().map(|r| self.phrase(r))
    }

    /// The entries named by exactly these folded tokens; needs [`Index::finish`].
    pub(crate) fn get<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = Phrase<'a>> {
        let from = self.rows.partition_point(|r| slice(&self.text, r) < folded);
        self.rows[from..].iter().take_while(move |r| slice(&self.text, r) == folded).map(|r| self.phrase(r))
    }

    fn phrase(&self, row: &Row) -> Phrase<'_> {
        Phrase { folded: slice(&self.text, row), entry: row.entry, case: row.case }
    }
}

fn slice<'a>(text: &'a str, row: &Row) -> &'a str {
    &text[row.start as usize..row.start as usize + usize::from(row.len)]
}
