//! Patterns as rule files write them, read into [`Node`]s.
//!
//! A pattern is a row of atoms: a symbol (`PERSON`, `travel.v`, `to`), a macro (`WHO`), a group `( a b | c )`, a gap `..`
//! (anything but a stop, at most ten chunks), `<` and `>` (nothing before, nothing behind); each may carry a slot
//! (`visitor:WHO`) and one of `?`, `*`, `+`.

use std::collections::BTreeMap;

use crate::lexicon::{Lexicon, Sym};
use crate::matcher::{Node, SymSet, Times};

/// A part of a pattern, and what every match of it has.
pub(crate) struct Piece {
    pub node: Node,
    /// A row that it matches has one symbol of each of these sets.
    pub needs: Vec<SymSet>,
}

/// Reads one pattern.
pub(crate) struct Compiler<'a> {
    lexicon: &'a Lexicon,
    macros: &'a BTreeMap<String, String>,
    /// Names of the slots in the order in which they open.
    pub slots: Vec<String>,
    /// Verbs and nouns of the pattern.
    pub triggers: Vec<Sym>,
    depth: usize,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(lexicon: &'a Lexicon, macros: &'a BTreeMap<String, String>) -> Self {
        Self { lexicon, macros, slots: vec![], triggers: vec![], depth: 0 }
    }

    pub(crate) fn pattern(&mut self, text: &str) -> Result<Piece, String> {
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
        let mut branches: Vec<(Vec<Node>, Vec<SymSet>)> = vec![(vec![], vec![])];
        while *at < words.len() && words[*at] != ")" {
            if words[*at] == "|" {
                branches.push((vec![], vec![]));
                *at += 1;
                continue;
            }
            let item = self.item(words, at)?;
            if let Some((row, needs)) = branches.last_mut() {
                row.push(item.node);
                needs.extend(item.needs);
            }
        }
        let needs = if let [(_, needs)] = branches.as_mut_slice() {
            std::mem::take(needs)
        } else {
            // of each branch one symbol of its smallest set
            let smallest = branches.iter().map(|(_, needs)| needs.iter().copied().min_by_key(SymSet::len));
            smallest
                .collect::<Option<Vec<_>>>()
                .into_iter()
                .map(|sets| sets.into_iter().fold(SymSet::default(), SymSet::union))
                .collect()
        };
        Ok(Piece { node: either(branches.into_iter().map(|(row, _)| in_row(row)).collect()), needs })
    }

    fn item(&mut self, words: &[&str], at: &mut usize) -> Result<Piece, String> {
        let word = words[*at];
        let (slot, atom) = match word.split_once(':') {
            Some((slot, atom)) => (Some(slot), atom),
            None => (None, word),
        };
        let number = self.slots.len();
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
        let body = if slot.is_some() { Node::Slot(number, Box::new(inner.node)) } else { inner.node };
        let times = match quantifier {
            "?" => Times::Maybe,
            "*" => Times::Any,
            "+" => Times::Some,
            _ => return Ok(Piece { node: body, needs: inner.needs }),
        };
        let needs = if times == Times::Some { inner.needs } else { vec![] };
        Ok(Piece { node: Node::Repeat(Box::new(body), times), needs })
    }

    fn atom(&mut self, name: &str) -> Result<Piece, String> {
        let free = |node: Node| Ok(Piece { node, needs: vec![] });
        match name {
            ".." => return free(Node::Gap),
            "<" => return free(Node::Start),
            ">" => return free(Node::End),
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
        let one = SymSet::of(&[s]);
        Ok(Piece { node: Node::One(one), needs: vec![one] })
    }
}

fn in_row(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 { nodes.remove(0) } else { Node::Row(nodes) }
}

/// Alternatives; those of one symbol each are one set.
fn either(mut branches: Vec<Node>) -> Node {
    let set = branches.iter().try_fold(SymSet::default(), |all, b| match b {
        Node::One(set) => Some(all.union(*set)),
        _ => None,
    });
    match set {
        Some(set) => Node::One(set),
        None if branches.len() == 1 => branches.remove(0),
        None => Node::Either(branches),
    }
}
