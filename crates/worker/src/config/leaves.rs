//! A configuration as a flat map from dotted key to value, and back.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// Where any property may be set; what follows is one name, dots and all.
pub(super) const PROPERTIES: &str = "kafka.properties.";

/// Dotted key to value.
pub(super) type Leaves = BTreeMap<String, Value>;

/// The leaves of a table. `a.b.c` written with or without quotes is the same key.
pub(super) fn flatten(table: &Table) -> Leaves {
    fn walk(table: &Table, prefix: &str, into: &mut Leaves) {
        for (key, value) in table {
            let path = format!("{prefix}{key}");
            match value {
                Value::Table(t) => walk(t, &format!("{path}."), into),
                other => _ = into.insert(path, other.clone()),
            }
        }
    }
    let mut leaves = Leaves::new();
    walk(table, "", &mut leaves);
    leaves
}

/// The table of leaves.
pub(super) fn nest<'a>(leaves: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Table {
    let mut root = Table::new();
    for (key, value) in leaves {
        let parts: Vec<&str> = match key.strip_prefix(PROPERTIES) {
            Some(property) => vec!["kafka", "properties", property],
            None => key.split('.').collect(),
        };
        let Some((last, sections)) = parts.split_last() else { continue };
        let mut table = &mut root;
        for section in sections {
            let entry = table.entry((*section).to_owned()).or_insert_with(|| Value::Table(Table::new()));
            match entry {
                Value::Table(t) => table = t,
                // A leaf where a section belongs: replaced, for unknown keys never come this far.
                other => {
                    *other = Value::Table(Table::new());
                    let Value::Table(t) = other else { return root };
                    table = t;
                }
            }
        }
        table.insert((*last).to_owned(), value.clone());
    }
    root
}
