//! Bodies of people, organisations, and those who are described by office alone.

use std::collections::BTreeSet;

use super::fold::fold;
use super::words::{content_words, is_code, with_codes, words};

/// What a description says: nations, other words of content, whether it is of troops.
pub(crate) struct Content {
    pub(crate) codes: BTreeSet<String>,
    pub(crate) rest: BTreeSet<String>,
    pub(crate) military: bool,
}

pub(crate) fn content(name: &str) -> Content {
    let w = words();
    let all = content_words(name);
    let empty =
        |t: &String| w.filler.contains(t) || w.sent.contains(t) || w.military.contains(t) || w.particles.contains(t);
    Content {
        military: all.iter().any(|t| w.military.contains(t)),
        codes: all.iter().filter(|t| is_code(t)).cloned().collect(),
        rest: all.into_iter().filter(|t| !is_code(t) && !empty(t)).collect(),
    }
}

/// How many words stand before the name in "Special Envoy Tom Barrack"; 0 where no name follows.
pub(super) fn office_words(all: &[String]) -> usize {
    let w = words();
    let n = all.iter().rposition(|t| w.offices.contains(t)).map_or(0, |i| i + 1);
    let name = &all[n..];
    let no_name = |t: &String| {
        is_code(t) || w.filler.contains(t) || w.sent.contains(t) || w.military.contains(t) || w.bodies.contains(t)
    };
    if name.len() > 1 && !name.iter().any(no_name) { n } else { 0 }
}

/// True for a body of people, an organisation, or somebody described only by office.
pub(crate) fn is_group(name: &str) -> bool {
    let w = words();
    let all = content_words(name);
    if office_words(&all) > 0 {
        return false;
    }
    if all.iter().any(|t| w.sent.contains(t) || w.military.contains(t) || w.bodies.contains(t)) {
        return true;
    }
    let lead = all.iter().take_while(|t| is_code(t) || w.titles.contains(*t)).count();
    (lead == all.len() && all.iter().any(|t| w.people.contains(t) || is_code(t)))
        || all[lead..].iter().any(|t| w.people.contains(t))
}

/// All words of content of the shorter occur in the longer; nationalities agree; troops are no delegation. `country`, where
/// the two are known to share one, makes its own name say nothing more.
pub(super) fn same_group(a: &str, b: &str, country: Option<&str>) -> bool {
    let (mut x, mut y) = (content(a), content(b));
    if let Some(c) = country {
        x.codes.remove(c);
        y.codes.remove(c);
    }
    let named_in = |codes: &BTreeSet<String>, other: &Content| {
        codes.iter().all(|c| other.rest.contains(c) || other.codes.contains(c))
    };
    if x.military != y.military {
        return false;
    }
    if !x.codes.is_empty()
        && !y.codes.is_empty()
        && x.codes != y.codes
        && !(country.is_some() && (named_in(&x.codes, &y) || named_in(&y.codes, &x)))
    {
        return false;
    }
    // no description, but a text
    if x.rest.len().max(y.rest.len()) > 12 {
        return false;
    }
    match (x.rest.is_empty(), y.rest.is_empty()) {
        (false, false) => x.rest.is_subset(&y.rest) || y.rest.is_subset(&x.rest),
        (true, true) => !x.codes.is_empty() || !y.codes.is_empty() || country.is_some() || fold(a) == fold(b),
        // "Chinese delegation" is "Chinese treasury officials", but not "treasury officials"
        _ => country.is_some() || (!x.codes.is_empty() && !y.codes.is_empty()),
    }
}

/// The code of the country that a body of the state stands for ("Syrian troops", "the Ugandan government").
pub(super) fn state_of(name: &str) -> Option<String> {
    let all = with_codes(&fold(name));
    let codes: BTreeSet<&String> = all.iter().filter(|t| is_code(t)).collect();
    let bodies = all.iter().all(|t| is_code(t) || words().state_bodies.contains(t));
    if codes.len() == 1 && bodies { codes.first().map(|c| (*c).clone()) } else { None }
}
