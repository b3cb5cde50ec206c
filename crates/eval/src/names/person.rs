//! Personal names.

use std::collections::BTreeSet;

use super::fold::{fold, loose, skeleton};
use super::group::office_words;
use super::words::{is_code, with_codes, words};

/// A printed personal name taken apart.
pub(super) struct Person {
    /// "II" of a pope.
    ordinal: Option<String>,
    /// `jr` or `sr`.
    junior: Option<String>,
    raw: Vec<String>,
    /// Royal and papal titles.
    pub(super) monarch: BTreeSet<String>,
    first: Option<String>,
    /// Names without leading titles and particles.
    pub(super) tokens: Vec<String>,
}

fn son(word: &str) -> bool {
    matches!(word, "bin" | "ibn")
}

/// The name before "II", and "II".
fn split_ordinal(name: &str) -> (&str, Option<String>) {
    let trimmed = name.trim_end();
    let last = trimmed.rsplit(char::is_whitespace).next().unwrap_or("");
    let before = trimmed[..trimmed.len() - last.len()].trim_end();
    let numeral = (1..=5).contains(&last.len()) && last.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    if numeral && before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        (before, Some(last.to_owned()))
    } else {
        (name, None)
    }
}

impl Person {
    pub(super) fn read(name: &str) -> Self {
        let w = words();
        let name = name.split([',', '(']).next().unwrap_or("");
        let (name, ordinal) = split_ordinal(name);
        let mut raw = with_codes(&fold(name));
        // King Abdullah of Jordan
        if let Some(cut) = raw.iter().skip(1).position(|t| t == "of").map(|i| i + 1)
            && raw[..cut].iter().any(|t| !w.titles.contains(t))
        {
            raw.truncate(cut);
        }
        let n = office_words(&raw);
        if !raw[..n].iter().all(|t| is_code(t) || w.titles.contains(t)) {
            raw.drain(..n);
        }
        let junior = if raw.len() > 1 && raw.last().is_some_and(|l| l == "jr" || l == "sr") { raw.pop() } else { None };
        let mut lead = 0;
        while lead < raw.len()
            && (is_code(&raw[lead]) || w.titles.contains(&raw[lead]))
            && !raw.get(lead + 1).is_some_and(|t| son(t))
        {
            lead += 1;
        }
        let raw: Vec<String> = raw.into_iter().map(|t| t.to_lowercase()).collect();
        let rest = &raw[lead..];
        let names: Vec<String> = rest.iter().filter(|t| !w.particles.contains(*t)).cloned().collect();
        Self {
            ordinal,
            junior,
            monarch: raw[..lead].iter().filter_map(|t| w.monarchs.get(t)).cloned().collect(),
            first: rest.first().cloned(),
            tokens: if names.is_empty() { rest.to_vec() } else { names },
            raw,
        }
    }
}

fn first_char(word: &str) -> Option<char> {
    word.chars().next()
}

fn initials(word: &str) -> bool {
    let n = word.chars().count();
    n == 1 || (n <= 3 && !word.contains(['a', 'e', 'i', 'o', 'u']))
}

/// Given names that can be one person's: equal, initial, short form, or another transliteration.
fn same_given(a: &str, b: &str) -> bool {
    if a == b || loose(a) == loose(b) {
        return true;
    }
    let begin = first_char(a) == first_char(b);
    let (la, lb) = (a.chars().count(), b.chars().count());
    if begin && la.min(lb) <= 3 && (initials(a) || initials(b) || la <= 2) {
        return initials(a) || initials(b);
    }
    let own = |x: &str| words().short.get(x).cloned().unwrap_or_else(|| vec![x.to_owned()]);
    let other = own(b);
    if own(a).iter().any(|x| other.contains(x)) {
        return true;
    }
    if begin && skeleton(a).chars().count() >= 3 && skeleton(a) == skeleton(b) && a.ends_with('a') == b.ends_with('a') {
        return true;
    }
    let differing = a.chars().zip(b.chars()).filter(|(x, y)| x != y).count();
    la == lb && la >= 4 && begin && a.chars().last() == b.chars().last() && differing == 1
}

/// Family names equal after folding, or with the same consonants (at least `least` of them).
fn same_family(a: &str, b: &str, least: usize) -> bool {
    a == b
        || loose(a) == loose(b)
        || (skeleton(a).chars().count() >= least && skeleton(a) == skeleton(b) && a.ends_with('a') == b.ends_with('a'))
}

/// True when two printed names can be one person's.
pub(super) fn same_person(a: &Person, b: &Person) -> bool {
    let clash = a.ordinal.is_some() && b.ordinal.is_some() && a.ordinal != b.ordinal;
    if a.raw.is_empty() || b.raw.is_empty() || clash {
        return false;
    }
    // "Pope" is "Pope John Paul II"
    if a.tokens.is_empty() || b.tokens.is_empty() {
        let royal = !a.monarch.is_empty() || !b.monarch.is_empty();
        return if royal { !a.monarch.is_disjoint(&b.monarch) } else { a.raw == b.raw };
    }
    if a.junior != b.junior && a.tokens.len().min(b.tokens.len()) > 1 {
        return false;
    }
    let sorted = |p: &Person| {
        let mut all = p.raw.clone();
        all.sort();
        all
    };
    if sorted(a) == sorted(b) || a.tokens.concat() == b.tokens.concat() {
        return true;
    }
    let (short, long) = if b.tokens.len() < a.tokens.len() { (b, a) } else { (a, b) };
    let (s, l) = (&short.tokens, &long.tokens);
    // no name, but several in a row
    if l.len() > if s.len() == 1 { 6 } else { s.len() + 3 } {
        return false;
    }
    let family_first = |p: &Person| p.first.as_ref().is_some_and(|f| words().family_first.contains(f));
    if let [one] = s.as_slice() {
        if let [other] = l.as_slice() {
            return same_family(one, other, 4);
        }
        let of_father = long.raw.iter().any(|t| son(t));
        let regnal = !long.monarch.is_empty() || (!short.monarch.is_empty() && of_father);
        if short.first == long.first && (family_first(short) || regnal) {
            return true;
        }
        // King Hussein is not Saddam Hussein, King Salman not Prince Mohammed bin Salman, Un not Kim Jong Un
        if (!short.monarch.is_empty() && (of_father || long.monarch.is_empty())) || one.chars().count() < 3 {
            return false;
        }
        let last = l.last().map_or("", String::as_str);
        return same_family(one, last, 4) || l[1..l.len() - 1].contains(one);
    }
    let inside = s.iter().all(|t| l.contains(t));
    if inside || (a.first == b.first && family_first(a)) {
        return inside;
    }
    let middle = |t: &[String]| -> Vec<String> { t[1..t.len() - 1].iter().filter(|x| initials(x)).cloned().collect() };
    let (x, y) = (middle(s), middle(l));
    // George W. is not George H.W. Bush
    if !x.is_empty() && !y.is_empty() && x != y {
        return false;
    }
    same_given(&s[0], &l[0]) && same_family(&s[s.len() - 1], &l[l.len() - 1], 3)
}
