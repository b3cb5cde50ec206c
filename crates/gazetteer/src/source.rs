//! The data files: those compiled in, those of an operator's folder, and the two forms that they come in.

use std::borrow::Cow;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::Error;

/// Text of an entry: borrowed from the compiled-in file, or owned.
pub(crate) type Text = Cow<'static, str>;

/// Which table a file belongs to: the part of its name before the first `-` or `.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Table {
    Countries,
    Regions,
    Cities,
    Roles,
    Organisations,
    Venues,
    Events,
    People,
    GivenNames,
}

impl Table {
    const ALL: [(&'static str, &'static str, Self); 9] = [
        ("countries", "toml", Self::Countries),
        ("regions", "toml", Self::Regions),
        ("cities", "tsv", Self::Cities),
        ("roles", "toml", Self::Roles),
        ("organisations", "toml", Self::Organisations),
        ("venues", "toml", Self::Venues),
        ("events", "toml", Self::Events),
        ("people", "tsv", Self::People),
        ("given_names", "tsv", Self::GivenNames),
    ];

    fn of(file: &str) -> Option<Self> {
        let (stem, rest) = file.split_at(file.find(['-', '.'])?);
        let (_, extension) = rest.rsplit_once('.')?;
        Self::ALL.iter().find(|(s, e, _)| *s == stem && *e == extension).map(|(_, _, table)| *table)
    }
}

/// One data file.
pub(crate) struct Source {
    pub(crate) table: Table,
    pub(crate) file: String,
    pub(crate) text: Text,
}

macro_rules! built_in {
    ($($table:ident $file:literal),* $(,)?) => {
        /// The files compiled in, in the order in which they are read.
        pub(crate) fn built_in() -> Vec<Source> {
            vec![$(Source {
                table: Table::$table,
                file: $file.to_owned(),
                text: Cow::Borrowed(include_str!(concat!("../../../config/gazetteer/", $file))),
            }),*]
        }
    };
}

built_in! {
    Countries "countries.toml",
    Regions "regions.toml",
    Cities "cities.tsv",
    Roles "roles.toml",
    Organisations "organisations.toml",
    Venues "venues.toml",
    Events "events.toml",
    People "people.tsv",
    GivenNames "given_names.tsv",
}

/// The files of an operator's folder, in the order of tables and then of names. Other files than `.toml` and `.tsv` are passed
/// by (notes, backups); a `.toml` or `.tsv` file that belongs to no table is an error, for it would be ignored in silence.
pub(crate) fn from_folder(dir: &Path) -> Result<Vec<Source>, Error> {
    let unreadable = |path: &Path, source| Error::Read { file: path.display().to_string(), source };
    let mut sources = Vec::new();
    for item in std::fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let path = item.map_err(|e| unreadable(dir, e))?.path();
        let Some(file) = path.file_name().and_then(|n| n.to_str()) else { continue };
        if file.starts_with('.') || !path.extension().is_some_and(|e| e == "toml" || e == "tsv") {
            continue;
        }
        let table = Table::of(file).ok_or_else(|| Error::Syntax {
            file: path.display().to_string(),
            line: 1,
            reason: "the name belongs to no table: expected <table>[-anything].<toml|tsv> with one of \
                     countries, regions, roles, organisations, venues, events (toml), cities, people, given_names (tsv)"
                .to_owned(),
        })?;
        let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
        sources.push(Source { table, file: path.display().to_string(), text: Cow::Owned(text) });
    }
    sources.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
    Ok(sources)
}

/// Where an entry was read: for messages.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) file: std::rc::Rc<str>,
    pub(crate) line: usize,
}

impl Origin {
    pub(crate) fn error(&self, entry: &str, reason: impl Into<String>) -> Error {
        Error::Entry { file: self.file.to_string(), line: self.line, entry: entry.to_owned(), reason: reason.into() }
    }
}

/// Reads a TOML file into `T`; a fault is reported with its line.
pub(crate) fn read_toml<T: DeserializeOwned>(source: &Source) -> Result<T, Error> {
    toml::from_str(&source.text).map_err(|e| Error::Syntax {
        file: source.file.clone(),
        line: e.span().map_or(1, |s| line_of(&source.text, s.start)),
        reason: e.message().to_owned(),
    })
}

/// The entries of a TOML list with the line on which each begins.
pub(crate) fn with_origin<T>(source: &Source, items: Vec<Spanned<T>>) -> impl Iterator<Item = (Origin, T)> {
    let file: std::rc::Rc<str> = source.file.as_str().into();
    let starts: Vec<usize> = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    items.into_iter().map(move |item| {
        let at = item.span().start;
        let line = starts.partition_point(|start| *start <= at).max(1);
        (Origin { file: file.clone(), line }, item.into_inner())
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count() + 1
}

/// A line of a TSV file, cut at its tabs. Lines that are blank or begin with `#` are comments.
pub(crate) struct Row {
    pub(crate) origin: Origin,
    fields: Vec<Text>,
}

impl Row {
    /// The field in column `column`; empty where the line ends before it.
    pub(crate) fn get(&self, column: usize) -> Text {
        self.fields.get(column).cloned().unwrap_or_default()
    }

    pub(crate) fn error(&self, reason: impl Into<String>) -> Error {
        self.origin.error(&self.get(0), reason)
    }
}

/// The rows of a TSV file; a line with more than `columns` fields is an error.
pub(crate) fn read_tsv(source: &Source, columns: usize) -> Result<Vec<Row>, Error> {
    let file: std::rc::Rc<str> = source.file.as_str().into();
    let mut rows = Vec::new();
    let mut row = |number: usize, fields: Vec<Text>| {
        let row = Row { origin: Origin { file: file.clone(), line: number + 1 }, fields };
        if row.fields.len() > columns {
            return Err(row.error(format!("{} fields, at most {columns} are known", row.fields.len())));
        }
        rows.push(row);
        Ok(())
    };
    match &source.text {
        Cow::Borrowed(text) => {
            for (number, line) in lines(text) {
                row(number, line.split('\t').map(|f| Cow::Borrowed(f.trim())).collect())?;
            }
        }
        Cow::Owned(text) => {
            for (number, line) in lines(text) {
                row(number, line.split('\t').map(|f| Cow::Owned(f.trim().to_owned())).collect())?;
            }
        }
    }
    Ok(rows)
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// The parts of a `|`-separated field, without the empty ones.
pub(crate) fn split_bar(text: &str) -> impl Iterator<Item = &str> {
    text.split('|').map(str::trim).filter(|p| !p.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_table_that_its_name_begins_with() {
        for (file, table) in [
            ("people.tsv", Some(Table::People)),
            ("people-desk.tsv", Some(Table::People)),
            ("events-2027.v2.toml", Some(Table::Events)),
            ("people.toml", None),
            ("peoples.tsv", None),
            ("README", None),
        ] {
            assert_eq!(Table::of(file), table, "{file}");
        }
    }
}
