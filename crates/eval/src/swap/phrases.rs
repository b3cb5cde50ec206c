//! Replaces phrases in a text, the longest first, at word boundaries, each place once.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// By first letter, the longest first.
    by_first: BTreeMap<char, Vec<(String, String)>>,
}

impl Phrases {
    /// Adds a phrase unless it is there.
    pub(super) fn add(&mut self, from: &str, to: &str) {
        let Some(first) = from.chars().next() else { return };
        let list = self.by_first.entry(first).or_default();
        if !list.iter().any(|(f, _)| f == from) {
            list.push((from.to_owned(), to.to_owned()));
            list.sort_by_key(|(f, _)| std::cmp::Reverse(f.len()));
        }
    }

    /// The same, and as a headline or dateline in capitals has it.
    pub(super) fn add_also_in_capitals(&mut self, from: &str, to: &str) {
        self.add(from, to);
        if from.chars().count() > 3 {
            self.add(&from.to_uppercase(), &to.to_uppercase());
        }
    }

    pub(super) fn replace(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let mut inside_word = false;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if !inside_word && let Some((from, to)) = self.at(c, rest) {
                out.push_str(to);
                rest = &rest[from.len()..];
                inside_word = from.ends_with(char::is_alphanumeric);
                continue;
            }
            out.push(c);
            inside_word = c.is_alphanumeric();
            rest = &rest[c.len_utf8()..];
        }
        out
    }

    fn at(&self, first: char, text: &str) -> Option<&(String, String)> {
        let ends = |from: &str| {
            let after = text[from.len()..].chars().next();
            !from.ends_with(char::is_alphanumeric) || !after.is_some_and(char::is_alphanumeric)
        };
        self.by_first.get(&first)?.iter().find(|(from, _)| text.starts_with(from.as_str()) && ends(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_replaced_once_and_the_longest_wins() {
        let mut p = Phrases::default();
        p.add("Mali", "Peru");
        p.add("Peru", "Chad");
        p.add("New Mali", "Old Peru");
        p.add_also_in_capitals("Bamako", "Lima");
        assert_eq!(
            p.replace("Mali's Malian man in New Mali, BAMAKO; Peru."),
            "Peru's Malian man in Old Peru, LIMA; Chad."
        );
    }
}
