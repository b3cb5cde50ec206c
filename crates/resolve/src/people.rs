//! One value for equal actors: names repeat, and comparing two is dear.

use std::sync::Arc;

use dateline_model::Actor;
use rustc_hash::FxHashMap;

use crate::identity::{Sameness, Who};

/// The actors that live contributions name, each once, and what comparing them gave.
#[derive(Default)]
pub(crate) struct People {
    table: FxHashMap<Box<str>, Arc<Who>>,
    next: u32,
    /// Size of the table after the last sweep of values that nobody holds.
    kept: usize,
    unnumbered: bool,
}

impl People {
    /// A table whose values have no numbers, for comparisons with those of another table.
    pub(crate) fn unnumbered() -> Self {
        Self { unnumbered: true, ..Self::default() }
    }

    /// The value of an actor; equal actors share one.
    pub(crate) fn who(&mut self, actor: &Actor, named: bool) -> Arc<Who> {
        let text = |t: &Option<String>| t.as_deref().unwrap_or("\u{1}").to_owned();
        let (entity, country, role) = (text(&actor.entity_id), text(&actor.country), text(&actor.role));
        let flags = u8::from(actor.group) + 2 * u8::from(named);
        let known = format!("{}\0{entity}\0{country}\0{role}\0{flags}", actor.name);
        if let Some(who) = self.table.get(known.as_str()) {
            return who.clone();
        }
        if self.table.len() > 2 * self.kept + 1024 {
            self.table.retain(|_, who| Arc::strong_count(who) > 1);
            self.kept = self.table.len();
        }
        self.next += 1;
        let id = if self.unnumbered { 0 } else { self.next };
        let who = Arc::new(Who { id, ..Who::new(actor, named) });
        self.table.insert(known.into(), who.clone());
        who
    }
}

/// What comparing two actors gave, remembered.
#[derive(Default)]
pub(crate) struct Comparisons(FxHashMap<(u32, u32), Sameness>);

/// Comparisons remembered at most; then all are forgotten.
const REMEMBERED: usize = 1 << 18;

impl Comparisons {
    pub(crate) fn same(&mut self, a: &Who, b: &Who) -> Sameness {
        if a.id == 0 || b.id == 0 {
            return a.same(b);
        }
        if a.id == b.id {
            return Sameness::Same;
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        *self.0.entry((a.id.min(b.id), a.id.max(b.id))).or_insert_with(|| a.same(b))
    }
}
