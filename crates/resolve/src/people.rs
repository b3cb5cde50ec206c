//! One value for equal actors, and what comparing two of them gave: names repeat, and taking one apart is dear.

use std::ops::Deref;
use std::sync::Arc;

use dateline_model::Actor;
use rustc_hash::FxHashMap;

use crate::facts::{Theme, theme_of};
use crate::identity::{Sameness, Who};
use crate::words;

/// Who takes part: the visitor, or an event's participants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parties(Box<[Arc<Who>]>);

impl Deref for Parties {
    type Target = [Arc<Who>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The actors that live contributions name, each once, and what else texts that repeat were taken apart into.
#[derive(Default)]
pub(crate) struct People {
    table: FxHashMap<Box<str>, Arc<Who>>,
    lists: FxHashMap<Box<[u32]>, Arc<Parties>>,
    cities: FxHashMap<Box<str>, u32>,
    themes: FxHashMap<Box<str>, Theme>,
    next: u32,
    /// Sizes of the tables after the last sweep of values that nobody holds.
    kept: (usize, usize),
    unnumbered: bool,
    /// Scratch of look-ups.
    known: String,
    ids: Vec<u32>,
}

/// Texts remembered at most; then all are forgotten.
const REMEMBERED_TEXTS: usize = 1 << 13;

impl People {
    /// A table whose values have no numbers, for comparisons with those of another table.
    pub(crate) fn unnumbered() -> Self {
        Self { unnumbered: true, ..Self::default() }
    }

    /// The value of an actor; equal actors share one.
    pub(crate) fn who(&mut self, actor: &Actor, named: bool) -> Arc<Who> {
        let known = &mut self.known;
        known.clear();
        known.push_str(&actor.name);
        for part in [&actor.entity_id, &actor.country, &actor.role] {
            known.push('\0');
            known.push_str(part.as_deref().unwrap_or("\u{1}"));
        }
        known.push('\0');
        known.push(char::from(b'0' + u8::from(actor.group) + 2 * u8::from(named)));
        if let Some(who) = self.table.get(known.as_str()) {
            return who.clone();
        }
        if self.table.len() > 2 * self.kept.0 + 1024 {
            self.table.retain(|_, who| Arc::strong_count(who) > 1);
            self.kept.0 = self.table.len();
        }
        self.next += 1;
        let id = if self.unnumbered { 0 } else { self.next };
        let who = Arc::new(Who { id, ..Who::new(actor, named) });
        self.table.insert(self.known.as_str().into(), who.clone());
        who
    }

    /// The value of a list of actors; equal lists share one.
    pub(crate) fn parties<'a>(&mut self, actors: impl Iterator<Item = (&'a Actor, bool)>) -> Arc<Parties> {
        let list: Vec<Arc<Who>> = actors.map(|(actor, named)| self.who(actor, named)).collect();
        if self.unnumbered {
            return Arc::new(Parties(list.into()));
        }
        self.ids.clear();
        self.ids.extend(list.iter().map(|w| w.id));
        if let Some(parties) = self.lists.get(self.ids.as_slice()) {
            return parties.clone();
        }
        if self.lists.len() > 2 * self.kept.1 + 1024 {
            self.lists.retain(|_, list| Arc::strong_count(list) > 1);
            self.kept.1 = self.lists.len();
        }
        let parties = Arc::new(Parties(list.into()));
        self.lists.insert(self.ids.as_slice().into(), parties.clone());
        parties
    }

    /// Number of a city; spellings of one city share it.
    pub(crate) fn city(&mut self, name: &str) -> u32 {
        remembered(&mut self.cities, name, words::city)
    }

    /// The content words of a purpose or topic.
    pub(crate) fn theme(&mut self, text: &str) -> Theme {
        remembered(&mut self.themes, text, theme_of)
    }
}

fn remembered<T: Copy>(table: &mut FxHashMap<Box<str>, T>, text: &str, make: impl Fn(&str) -> T) -> T {
    if let Some(value) = table.get(text) {
        return *value;
    }
    if table.len() >= REMEMBERED_TEXTS {
        table.clear();
    }
    let value = make(text);
    table.insert(text.into(), value);
    value
}

/// What comparing two actors gave, remembered.
#[derive(Default)]
pub(crate) struct Comparisons(FxHashMap<(u32, u32), Sameness>);

/// Comparisons remembered at most; then all are forgotten.
const REMEMBERED: usize = 1 << 16;

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
