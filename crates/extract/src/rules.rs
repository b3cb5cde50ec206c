//! Rules: patterns over chunk symbols with slots and effects, read from TOML.
//!
//! A pattern is a row of atoms: a symbol (`PERSON`, `travel.v`, `to`), a macro (`WHO`), a group `( a b | c )`, a gap `..`
//! (anything but a stop, at most ten chunks); each may carry a slot (`visitor:WHO`) and one of `?`, `*`, `+`.

use std::collections::BTreeMap;

use dateline_model::EventType;
use regex_automata::meta::Regex;
use serde::Deserialize;
use toml::Spanned;

use crate::LoadError;
use crate::files::RuleFile;
use crate::lexicon::{Lexicon, Sym, sym};

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
    /// A row that the rule matches has one symbol of each of these sets.
    needs: Vec<SymSet>,
    regex: Regex,
    /// Slot of each capture group, from group 1.
    slots: Vec<String>,
}

/// A set of symbols.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct SymSet([u64; 4]);

impl SymSet {
    fn of(symbols: &[Sym]) -> Self {
        let mut out = Self::default();
        for s in symbols {
            out.0[usize::from(s >> 6)] |= 1 << (s & 63);
        }
        out
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|x| x.count_ones()).sum()
    }
}

/// A part of a pattern: the regular expression over symbols, and what every match of it has.
#[derive(Default)]
struct Piece {
    regex: String,
    needs: Vec<SymSet>,
}

/// All rules, with an index by the symbols that can begin to interest them.
pub(crate) struct Rules {
    pub list: Vec<Rule>,
    clause: Vec<Vec<u16>>,
    sentence: Vec<Vec<u16>>,
}

/// A rule that fired: its captures as ranges of symbols.
pub(crate) struct Fired {
    pub rule: usize,
    pub span: (usize, usize),
    pub slots: Vec<(usize, (usize, usize))>,
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
                let mut compiler = Compiler { lexicon, macros: &macros, slots: vec![], triggers: vec![], depth: 0 };
                let pattern =
                    compiler.pattern(&written.pattern).map_err(|e| error(format!("rule {}: {e}", written.name)))?;
                let regex = Regex::builder()
                    .configure(Regex::config().utf8_empty(false))
                    .syntax(regex_automata::util::syntax::Config::new().utf8(false).unicode(false))
                    .build(&pattern.regex)
                    .map_err(|e| error(format!("rule {}: {e}", written.name)))?;
                let known = rules.list.iter().position(|r| r.name == written.name);
                if let Some(k) = known {
                    if rules.list[k].file == file.name {
                        return Err(error(format!("rule {}: this name stands twice in the file", written.name)));
                    }
                    rules.leave_out(&written.name);
                }
                let index = known.unwrap_or(rules.list.len()) as u16;
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
                for s in &compiler.triggers {
                    if !by[usize::from(*s)].contains(&index) {
                        by[usize::from(*s)].push(index);
                    }
                }
                let mut needs = pattern.needs;
                needs.sort_unstable_by_key(SymSet::len);
                needs.dedup();
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
                    regex,
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
            due.retain(|i| usize::from(*i) != index);
        }
        true
    }

    /// Every rule that matches a row of symbols.
    pub(crate) fn fire(&self, over: Over, symbols: &[Sym]) -> Vec<Fired> {
        let by = if over == Over::Clause { &self.clause } else { &self.sentence };
        let mut due: Vec<u16> = symbols.iter().flat_map(|s| &by[usize::from(*s)]).copied().collect();
        due.sort_unstable();
        due.dedup();
        let mut out = vec![];
        let row = SymSet::of(symbols);
        for index in due {
            let rule = &self.list[usize::from(index)];
            if !(rule.needs.iter().all(|set| set.meets(&row)) && rule.regex.is_match(symbols)) {
                continue;
            }
            for caps in rule.regex.captures_iter(symbols) {
                let Some(whole) = caps.get_match() else { continue };
                let slots = (1..caps.group_len())
                    .filter_map(|g| caps.get_group(g).map(|s| (g - 1, (s.start, s.end))))
                    .collect();
                out.push(Fired { rule: usize::from(index), span: (whole.start(), whole.end()), slots });
            }
        }
        out
    }
}

impl Rule {
    /// Name of a slot.
    pub(crate) fn slot(&self, n: usize) -> &str {
        self.slots.get(n).map_or("", String::as_str)
    }
}

struct Compiler<'a> {
    lexicon: &'a Lexicon,
    macros: &'a BTreeMap<String, String>,
    slots: Vec<String>,
    triggers: Vec<Sym>,
    depth: usize,
}

impl Compiler<'_> {
    fn pattern(&mut self, text: &str) -> Result<Piece, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('|', " | ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let out = self.alternatives(&words, &mut at)?;
        if at < words.len() {
            return Err(format!("unexpected {:?}", words[at]));
        }
        Ok(out)
    }

    fn alternatives(&mut self, words: &[&str], at: &mut usize) -> Result<Piece, String> {
        let mut branches = vec![Piece::default()];
        while *at < words.len() && words[*at] != ")" {
            if words[*at] == "|" {
                branches.push(Piece::default());
                *at += 1;
                continue;
            }
            let item = self.item(words, at)?;
            if let Some(branch) = branches.last_mut() {
                branch.regex.push_str(&item.regex);
                branch.needs.extend(item.needs);
            }
        }
        let regex = branches.iter().map(|b| b.regex.as_str()).collect::<Vec<_>>().join("|");
        let needs = if let [one] = branches.as_mut_slice() {
            std::mem::take(&mut one.needs)
        } else {
            // of each branch one symbol of its smallest set
            let smallest = branches.iter().map(|b| b.needs.iter().copied().min_by_key(SymSet::len));
            smallest
                .collect::<Option<Vec<_>>>()
                .into_iter()
                .map(|sets| sets.into_iter().fold(SymSet::default(), SymSet::union))
                .collect()
        };
        Ok(Piece { regex: format!("(?:{regex})"), needs })
    }

    fn item(&mut self, words: &[&str], at: &mut usize) -> Result<Piece, String> {
        let word = words[*at];
        let (slot, atom) = match word.split_once(':') {
            Some((slot, atom)) => (Some(slot), atom),
            None => (None, word),
        };
        if let Some(slot) = slot {
            self.slots.push(slot.to_owned());
        }
        // a slot or nothing in front of a parenthesis: "visitor:" "(" ... ")"
        let (inner, quantifier) = if atom == "(" || (atom.is_empty() && words.get(*at + 1) == Some(&"(")) {
            *at += if atom.is_empty() { 2 } else { 1 };
            let inner = self.alternatives(words, at)?;
            if words.get(*at) != Some(&")") {
                return Err("a parenthesis is not closed".to_owned());
            }
            *at += 1;
            let q = words.get(*at).filter(|w| matches!(**w, "?" | "*" | "+")).copied();
            if q.is_some() {
                *at += 1;
            }
            (inner, q.unwrap_or(""))
        } else {
            *at += 1;
            let name = atom.strip_suffix(['?', '*', '+']).unwrap_or(atom);
            (self.atom(name)?, &atom[name.len()..])
        };
        let body = if slot.is_some() { format!("({})", inner.regex) } else { inner.regex };
        let regex = if quantifier.is_empty() { body } else { format!("(?:{body}){quantifier}") };
        Ok(Piece { regex, needs: if matches!(quantifier, "?" | "*") { vec![] } else { inner.needs } })
    }

    fn atom(&mut self, name: &str) -> Result<Piece, String> {
        let free = |regex: String| Ok(Piece { regex, needs: vec![] });
        match name {
            ".." => return free(format!("[^\\x{:02x}]{{0,10}}?", sym::STOP)),
            "<" => return free("^".to_owned()),
            ">" => return free("$".to_owned()),
            _ => {}
        }
        if let Some(text) = self.macros.get(name) {
            if self.depth > 8 {
                return Err(format!("macro {name} goes round in circles"));
            }
            self.depth += 1;
            let out = self.pattern(&text.clone());
            self.depth -= 1;
            return out;
        }
        let s = self.lexicon.symbol(name).ok_or_else(|| format!("{name:?} is no symbol, macro or gap"))?;
        if (name.contains('.') && name != "other.v") || name == "VISITOR" && self.depth == 0 {
            self.triggers.push(s);
        }
        Ok(Piece { regex: format!("\\x{s:02x}"), needs: vec![SymSet::of(&[s])] })
    }
}
