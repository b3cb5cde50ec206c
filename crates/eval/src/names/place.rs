//! Names of cities.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::fold;

/// Row of `data/places.txt` by the name, folded and without spaces.
fn rows() -> &'static FxHashMap<String, usize> {
    static ROWS: LazyLock<FxHashMap<String, usize>> = LazyLock::new(|| {
        let mut rows = FxHashMap::default();
        let lines = include_str!("../../data/places.txt").lines().filter(|l| !l.starts_with('#'));
        for (i, row) in lines.enumerate() {
            rows.extend(row.split(',').map(|name| (fold(name).concat(), i)));
        }
        rows
    });
    &ROWS
}

/// True when two names are one city's: equal after folding (articles dropped), or of one row of the table.
pub(crate) fn same_place(a: &str, b: &str) -> bool {
    let key = |name: &str| -> String {
        fold(name).into_iter().filter(|t| !matches!(t.as_str(), "the" | "el" | "al")).collect()
    };
    let (x, y) = (key(a), key(b));
    if x.is_empty() || x == y {
        return !x.is_empty();
    }
    matches!((rows().get(&x), rows().get(&y)), (Some(i), Some(j)) if i == j)
}
