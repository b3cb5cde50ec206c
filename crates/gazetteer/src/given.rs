//! Given names and the gender that they are most often borne by.

use rustc_hash::FxHashMap;

use crate::Error;
use crate::fold::fold_token;
use crate::role::Gender;
use crate::source::Row;

/// Columns of `given_names.tsv`: `m`, `f` or `u`, culture, names with blanks between them.
pub(crate) const COLUMNS: usize = 3;

/// Folded given name -> its gender, None where both bear it.
#[derive(Debug, Default)]
pub(crate) struct GivenNames(FxHashMap<String, Option<Gender>>);

impl GivenNames {
    /// Adds a row. A name that stands under both genders is borne by both.
    pub(crate) fn add(&mut self, row: &Row, overrides: bool) -> Result<(), Error> {
        let gender = match &*row.get(0) {
            "m" => Some(Gender::Male),
            "f" => Some(Gender::Female),
            "u" => None,
            other => return Err(row.error(format!("`{other}`: expected m, f or u"))),
        };
        for name in row.get(2).split_whitespace() {
            let known = self.0.entry(fold_token(name)).or_insert(gender);
            if overrides {
                *known = gender;
            } else if *known != gender {
                *known = None;
            }
        }
        Ok(())
    }

    pub(crate) fn contains(&self, folded: &str) -> bool {
        self.0.contains_key(folded)
    }

    pub(crate) fn gender(&self, folded: &str) -> Option<Gender> {
        *self.0.get(folded)?
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
