//! Rules: patterns over chunk symbols with slots and effects, read from TOML.
//! How a pattern is written stands in `pattern.rs`.

use std::collections::BTreeMap;

use dateline_model::EventType;
use serde::Deserialize;
use toml::Spanned;

use crate::LoadError;
use crate::files::RuleFile;
use crate::lexicon::{Lexicon, Sym};
use crate::matcher::{Found, Program, Runner, SymSet};
use crate::pattern::Compiler;

/// What a rule is read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Over {
    /// One clause: subject, verb, what follows.
    Clause,
    /// The whole sentence.
    Sentence,
}

/// A rule as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    pattern: String,
    over: Over,
    /// `visit`, or an event type.
    makes: String,
    #[serde(default)]
    effects: Effects,
    #[serde(default)]
    examples: Vec<Spanned<Example>>,
    /// The symbols that a row must have for the rule to be tried, where the pattern's own are too common.
    #[serde(default)]
    trigger: Vec<String>,
}

/// What a rule says beside its slots.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Effects {
    /// Status, whatever the tense: `postponed`, `cancelled`, `completed`, ...
    pub status: Option<String>,
    /// Where the destination is when no slot says: `here` (the dateline's place), `host` (the host's country), `event` (where
    /// the noun's recurring event is held), `subject` (the country that the clause is about), `other` (that of whom the
    /// visitor meets), `dateline_of_local` (the dateline's place, where one of its people is met).
    pub destination: Option<String>,
    /// Which part of a visit the verb tells of: `leave`, `arrive`, `whole`, `at`, `end`.
    pub phase: Option<String>,
    /// The clause tells one end of a visit that is told elsewhere: `in`, `out`, `go` (as the places say), `stay`; with a
    /// visit as the subject `first`, `last`, `whole`.
    pub moves: Option<String>,
    /// The clause's day is that of the report, not of the visit.
    #[serde(default)]
    pub reported: bool,
    /// What the clause's day is: `end` the last one, `new` a new date; `month`: only the month is taken; `none`: nothing is.
    pub dates: Option<String>,
    /// The clause's subject visits when no slot and no owner says who does.
    #[serde(default)]
    pub subject_visits: bool,
    /// Without a destination the visitor comes to where the article speaks from, or to where its main visit goes.
    #[serde(default)]
    pub ground: bool,
    /// Only where the slot `home` is the visitor's own country: the end of the visit to where he was.
    #[serde(default)]
    pub homeward: bool,
    /// Another visit than the one that the same sentence tells.
    #[serde(default)]
    pub again: bool,
    /// Only what is under way or over counts, no plan.
    #[serde(default)]
    pub only_made: bool,
    /// Visit kind.
    pub kind: Option<String>,
    /// Subtype of an event.
    pub subtype: Option<String>,
    /// Base confidence, 0 to 1.
    pub confidence: Option<f32>,
    /// Which participants are recipients or attendees: slot -> part.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
    /// What the rule reads belongs to an event of its type that is told elsewhere; alone it is none.
    #[serde(default)]
    pub joins: bool,
    /// The event is known only by its noun: it needs a place, a date or two parties to stand.
    #[serde(default)]
    pub weak: bool,
    /// The clause's subject takes part in the event when no slot and no owner of the noun says who does.
    #[serde(default)]
    pub subject_acts: bool,
    /// It is an event only where the news is told: in the headline and the first sentences.
    #[serde(default)]
    pub lead: bool,
}

/// A sentence that the rule must read, and what it must say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// The sentence.
    pub text: String,
    /// Expected values by path (`visitor`, `country`, `city`, `status`, ...).
    #[serde(default)]
    pub gives: BTreeMap<String, String>,
    /// Line of its file.
    #[serde(skip)]
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    macros: BTreeMap<String, String>,
    #[serde(default)]
    rule: Vec<Spanned<Written>>,
}

/// A compiled rule.
pub(crate) struct Rule {
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    pub over: Over,
    pub makes: String,
    /// The event type that it makes; none for a visit.
    pub event: Option<EventType>,
    pub effects: Effects,
    pub examples: Vec<Example>,
    /// A row that the rule is tried on has one symbol of each of these sets; the first is the rarest.
    needs: Vec<SymSet>,
    program: Program,
    slots: Vec<String>,
}

/// All rules, with an index by the symbols that can begin to interest them.
pub(crate) struct Rules {
    pub list: Vec<Rule>,
    clause: Due,
    sentence: Due,
}

/// For each symbol the rules that it can interest, as bits: those that need it, or another of a set, most.
type Due = Vec<Vec<u64>>;

/// A rule that fired, with its slots as ranges of symbols.
pub(crate) struct Fired {
    pub rule: usize,
    pub found: Found,
}

impl Rules {
    /// Compiles rule files. A rule of a later file replaces the one of the same name.
    pub(crate) fn parse(files: &[RuleFile], lexicon: &Lexicon) -> Result<Self, LoadError> {
        let mut rules = Self { list: vec![], clause: vec![vec![]; 256], sentence: vec![vec![]; 256] };
        let mut macros = BTreeMap::new();
        for file in files {
            let read: File = toml::from_str(&file.text).map_err(|e| file.toml_error(&e))?;
            macros.extend(read.macros);
            for written in read.rule {
                let at = written.span().start;
                let error = |problem: String| file.error_at(at, problem);
                let written = written.into_inner();
                let mut compiler = Compiler::new(lexicon, &macros);
                let pattern =
                    compiler.pattern(&written.pattern).map_err(|e| error(format!("rule {}: {e}", written.name)))?;
                let program = Program::new(&pattern.node, compiler.slots.len())
                    .ok_or_else(|| error(format!("rule {}: the pattern is too long", written.name)))?;
                let known = rules.list.iter().position(|r| r.name == written.name);
                if let Some(k) = known {
                    if rules.list[k].file == file.name {
                        return Err(error(format!("rule {}: this name stands twice in the file", written.name)));
                    }
                    rules.leave_out(&written.name);
                }
                let index = known.unwrap_or(rules.list.len());
                let by = match written.over {
                    Over::Clause => &mut rules.clause,
                    Over::Sentence => &mut rules.sentence,
                };
                if compiler.triggers.is_empty() {
                    return Err(error(format!(
                        "rule {}: a pattern needs a verb or a noun (travel.v, visit.n)",
                        written.name
                    )));
                }
                if !written.trigger.is_empty() {
                    compiler.triggers = written
                        .trigger
                        .iter()
                        .map(|t| lexicon.symbol(t).ok_or_else(|| error(format!("trigger {t:?} is no symbol"))))
                        .collect::<Result<_, _>>()?;
                }
                let event: Option<EventType> =
                    serde_json::from_value(serde_json::Value::String(written.makes.clone())).ok();
                if event.is_none() && written.makes != "visit" {
                    return Err(error(format!(
                        "rule {}: makes {:?}: visit or an event type expected",
                        written.name, written.makes
                    )));
                }
                let mut needs = pattern.needs;
                needs.push(SymSet::of(&compiler.triggers));
                needs.sort_by_key(|set| rarity(lexicon, *set));
                needs.dedup();
                for s in needs.first().into_iter().flat_map(|set| set.iter()) {
                    let due = &mut by[usize::from(s)];
                    due.resize(due.len().max(index / 64 + 1), 0);
                    due[index / 64] |= 1 << (index % 64);
                }
                let with_line = |e: Spanned<Example>| {
                    let line = file.line(e.span().start);
                    Example { line, ..e.into_inner() }
                };
                let rule = Rule {
                    name: written.name,
                    file: file.name.clone(),
                    over: written.over,
                    makes: written.makes,
                    event,
                    effects: written.effects,
                    needs,
                    examples: written.examples.into_iter().map(with_line).collect(),
                    program,
                    slots: compiler.slots,
                };
                match known {
                    Some(k) => rules.list[k] = rule,
                    None => rules.list.push(rule),
                }
            }
        }
        Ok(rules)
    }

    /// Tries a rule on no row any more. False where there is none of that name.
    pub(crate) fn leave_out(&mut self, name: &str) -> bool {
        let Some(index) = self.list.iter().position(|r| r.name == name) else { return false };
        for due in self.clause.iter_mut().chain(&mut self.sentence) {
            if let Some(word) = due.get_mut(index / 64) {
                *word &= !(1 << (index % 64));
            }
        }
        true
    }

    /// Every rule that matches a row of symbols, in the order of the rules.
    pub(crate) fn fire(&self, over: Over, symbols: &[Sym], runner: &mut Runner) -> Vec<Fired> {
        let by = if over == Over::Clause { &self.clause } else { &self.sentence };
        let row = SymSet::of(symbols);
        let mut due = std::mem::take(&mut runner.due);
        due.clear();
        due.resize(self.list.len().div_ceil(64), 0);
        for s in row.iter() {
            for (all, more) in due.iter_mut().zip(&by[usize::from(s)]) {
                *all |= more;
            }
        }
        let mut out = vec![];
        for (word, mut bits) in due.iter().copied().enumerate() {
            while bits != 0 {
                let index = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let rule = &self.list[index];
                if rule.needs.iter().all(|set| set.meets(&row)) {
                    runner.all(&rule.program, symbols, |found| out.push(Fired { rule: index, found }));
                }
            }
        }
        runner.due = due;
        out
    }
}

/// How often rows have a symbol of a set, roughly: a verb or noun that rules know is rarer than a preposition, and that
/// than a name or a comma.
fn rarity(lexicon: &Lexicon, set: SymSet) -> u32 {
    let of = |s: Sym| match lexicon.name_of(s) {
        "other.v" | "be.v" | "have.v" | "say.v" => 10,
        name if name.contains('.') => 1,
        name if name.starts_with(|c: char| c.is_ascii_uppercase()) => 40,
        _ => 15,
    };
    set.iter().map(of).sum()
}

impl Rule {
    /// Name of a slot.
    pub(crate) fn slot(&self, n: usize) -> &str {
        self.slots.get(n).map_or("", String::as_str)
    }
}
