//! Who is who inside one group: persons by their printed names, offices without a name, bodies of people.

use dateline_model::Actor;

use crate::spelling::{fold, hash, loose, skeleton};
use crate::words;

/// How sure it is that two mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sameness {
    /// They cannot be the same.
    Different,
    /// An office on one side and nothing against it on the other.
    Office,
    /// A part of the name, or another spelling of it.
    Variant,
    /// The same name or the same entity.
    Same,
}

/// What a printed name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A person by name.
    Person,
    /// A person by office only ("senior Omani envoy").
    Office,
    /// A body of people ("US Treasury officials").
    Body,
}

/// A visitor or participant taken apart for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Who {
    /// Number in its table; equal numbers mean equal values.
    pub(crate) id: u32,
    pub(crate) class: Class,
    /// Name tokens without leading titles and particles; content words of a body.
    pub(crate) tokens: Box<[Box<str>]>,
    /// Hash of the gazetteer's id, 0 without one.
    pub(crate) entity: u64,
    /// Hash of the canonical role, 0 without one.
    pub(crate) role: u32,
    /// Regnal number ("XIV"), junior or senior.
    pub(crate) number: Option<Box<str>>,
    /// Hash of the country code, 0 without one.
    pub(crate) country: u32,
    /// Keys under which it is found.
    pub(crate) keys: Box<[u32]>,
    /// Keys that it looks under: two that can be the same meet in one, in both directions.
    pub(crate) asks: Box<[u32]>,
    /// Tokens printed and letters in them: the fullest name has the most.
    pub(crate) fullness: (u8, u16),
}

fn key(text: &str) -> u32 {
    (hash(text) as u32) | 0x20
}

const ANY_PERSON: u32 = 1;
const ANY_OFFICE: u32 = 2;
const ANY_BODY: u32 = 3;

/// Keys under which those are found that can be the same as one found under this key.
pub(crate) fn meets(key: u32) -> impl Iterator<Item = u32> {
    match key {
        ANY_PERSON => [Some(ANY_OFFICE), None],
        ANY_OFFICE => [Some(ANY_OFFICE), Some(ANY_PERSON)],
        other => [Some(other), None],
    }
    .into_iter()
    .flatten()
}

/// Index key of a country that takes part in something.
pub(crate) fn country_key(country: u32) -> u32 {
    country.rotate_left(7) | 0x10
}

fn is_ordinal(token: &str) -> bool {
    token.len() <= 5 && token.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) && token != "xi" && token != "vi"
}

impl Who {
    pub(crate) fn new(actor: &Actor, named: bool) -> Self {
        let name = actor.name.split([',', '(']).next().unwrap_or("");
        let folded = fold(name);
        let printed = folded.iter().map(String::len).sum::<usize>() as u16;
        let fullness = (folded.len() as u8, printed);
        let class = class(&folded, actor.group, named);
        let mut tokens: Vec<&str> = folded.iter().map(String::as_str).collect();
        let mut number = None;
        match class {
            Class::Person => {
                let lead = tokens.iter().take_while(|t| words::is("titles", t)).count();
                if lead < tokens.len() {
                    tokens.drain(..lead);
                }
                // A regnal number is printed in capitals: "Xi" is a name, "John XI" a pope.
                let regnal =
                    name.split_whitespace().last().filter(|t| t.len() <= 5 && t.chars().all(|c| "IVX".contains(c)));
                let last = tokens.last().copied().unwrap_or("");
                if tokens.len() > 1 && (regnal.is_some() || is_ordinal(last) || matches!(last, "jr" | "sr")) {
                    number = tokens.pop().map(Into::into);
                }
                if tokens.iter().any(|t| !words::is("particles", t)) {
                    tokens.retain(|t| !words::is("particles", t));
                }
            }
            Class::Office | Class::Body => {
                tokens.retain(|t| !words::is("filler", t) && !words::is("offices", t) && !words::is("bodies", t));
            }
        }
        let tokens: Box<[Box<str>]> = tokens.into_iter().map(Into::into).collect();
        let entity = actor.entity_id.as_deref().map_or(0, hash);
        let names = || tokens.iter().map(|t| key(&skeleton(t))).chain((entity != 0).then_some(entity as u32));
        let (any_person, any_office, any_body) = (ANY_PERSON, ANY_OFFICE, ANY_BODY);
        let (keys, asks): (Vec<u32>, Vec<u32>) = match class {
            Class::Person => (names().chain([any_person]).collect(), names().chain([any_office]).collect()),
            Class::Office => (vec![any_office], vec![any_office, any_person]),
            Class::Body => (vec![any_body], vec![any_body]),
        };
        let distinct = |mut keys: Vec<u32>| -> Box<[u32]> {
            keys.sort_unstable();
            keys.dedup();
            keys.into()
        };
        Self {
            id: 0,
            class,
            tokens,
            entity,
            role: actor.role.as_deref().map_or(0, key),
            number,
            country: actor.country.as_deref().map_or(0, key),
            keys: distinct(keys),
            asks: distinct(asks),
            fullness,
        }
    }

    fn meets_by_name(&self, other: &Self) -> bool {
        let own = |key: &&u32| !matches!(**key, ANY_PERSON | ANY_OFFICE | ANY_BODY);
        self.keys.iter().filter(own).any(|key| other.keys.binary_search(key).is_ok())
    }

    /// True when it is more than an office.
    pub(crate) fn names(&self) -> bool {
        self.class != Class::Office
    }

    /// How sure it is that two actors of one country are the same.
    pub(crate) fn same(&self, other: &Self) -> Sameness {
        if self.id != 0 && self.id == other.id || self.entity != 0 && self.entity == other.entity {
            return Sameness::Same;
        }
        match (self.class, other.class) {
            // Two that can be the same meet under a key of their own names.
            (Class::Person, Class::Person) if !self.meets_by_name(other) => Sameness::Different,
            (Class::Person, Class::Person) => {
                let names = same_person(self, other);
                let two_entities = self.entity != 0 && other.entity != 0;
                if two_entities && names < Sameness::Same { Sameness::Different } else { names }
            }
            (Class::Body, Class::Body) => same_body(self, other),
            (Class::Body, _) | (_, Class::Body) => Sameness::Different,
            _ if self.role != 0 && other.role != 0 && self.role != other.role => Sameness::Different,
            (Class::Office, Class::Office) => Sameness::Variant,
            _ => Sameness::Office,
        }
    }
}

fn class(tokens: &[String], group: bool, named: bool) -> Class {
    let has = |list: &str| tokens.iter().any(|t| words::is(list, t));
    let content = |t: &String| !words::is("titles", t) && !words::is("filler", t) && !words::is("offices", t);
    if group || (has("bodies") && !tokens.is_empty()) {
        return Class::Body;
    }
    let last_is_office = tokens.last().is_some_and(|t| words::is("offices", t));
    // "senior Omani envoy" ends in its office; "Special Envoy Tom Barrack" does not.
    if last_is_office && !(named && tokens.iter().filter(|t| content(t)).count() > 1) || !tokens.iter().any(content) {
        return Class::Office;
    }
    Class::Person
}

fn same_person(a: &Who, b: &Who) -> Sameness {
    if let (Some(x), Some(y)) = (&a.number, &b.number)
        && x != y
    {
        return Sameness::Different;
    }
    if a.tokens == b.tokens {
        return Sameness::Same;
    }
    let joined = |w: &Who| w.tokens.concat();
    let sorted = |w: &Who| {
        let mut t: Vec<String> = w.tokens.iter().map(|t| loose(t)).collect();
        t.sort_unstable();
        t
    };
    if joined(a) == joined(b) || sorted(a) == sorted(b) {
        return Sameness::Same;
    }
    let (short, long) = if a.tokens.len() <= b.tokens.len() { (&a.tokens, &b.tokens) } else { (&b.tokens, &a.tokens) };
    let (Some(first), Some(last)) = (short.first(), short.last()) else { return Sameness::Different };
    if short.len() == 1 {
        let fits = |t: &str| same_family(first, t);
        // A family name, a given name alone, a middle name that one goes by ("Lula").
        return if first.len() >= 2 && long.iter().any(|t| fits(t)) { Sameness::Variant } else { Sameness::Different };
    }
    if short.iter().all(|s| long.iter().any(|l| loose(s) == loose(l))) {
        return Sameness::Variant;
    }
    let middle = |t: &[Box<str>]| t[1..t.len() - 1].iter().find(|m| initial(m)).cloned();
    if let (Some(x), Some(y)) = (middle(short), middle(long))
        && x != y
    {
        return Sameness::Different;
    }
    let family_first = words::is("family_first", first) && long.first() == Some(first);
    if family_first {
        return Sameness::Different;
    }
    let given = long.first().is_some_and(|f| same_given(first, f));
    let family = long.last().is_some_and(|l| same_family(last, l));
    if given && family { Sameness::Variant } else { Sameness::Different }
}

fn initial(t: &str) -> bool {
    t.len() == 1 || t.len() <= 3 && !t.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

fn same_family(a: &str, b: &str) -> bool {
    if a == b || loose(a) == loose(b) {
        return true;
    }
    let s = skeleton(a);
    s.len() >= 3 && s == skeleton(b) && a.ends_with('a') == b.ends_with('a')
}

fn same_given(a: &str, b: &str) -> bool {
    let same_letter = a.as_bytes()[0] == b.as_bytes()[0];
    a == b
        || loose(a) == loose(b)
        || words::short_forms(a, b)
        || same_letter && (initial(a) || initial(b))
        || same_letter && skeleton(a).len() >= 3 && skeleton(a) == skeleton(b) && a.ends_with('a') == b.ends_with('a')
}

fn same_body(a: &Who, b: &Who) -> Sameness {
    if a.tokens == b.tokens {
        return Sameness::Same;
    }
    let inside = |x: &Who, y: &Who| x.tokens.iter().all(|t| y.tokens.contains(t));
    if inside(a, b) || inside(b, a) { Sameness::Variant } else { Sameness::Different }
}
