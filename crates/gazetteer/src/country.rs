//! Countries, their codes through time, and the words for their people.

use serde::Deserialize;
use toml::Spanned;

use crate::source::{Origin, Source, Text, read_toml, with_origin};
use crate::{Day, Error, RoleId};

/// A state or territory with a code of its own.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code, also of states that are gone (SU, YU, CS, ZR, DD, TP), plus XK, EU and UN.
    pub code: Text,
    /// Common English name.
    pub name: Text,
    /// Other and former names, official names, short forms.
    pub aliases: Vec<Text>,
    /// Names that count only in capitals or with full stops: `US`, `UAE`.
    pub upper: Vec<Text>,
    /// Adjectives: `Chinese`.
    pub adjectives: Vec<Text>,
    /// One of its people: `Briton`.
    pub people: Vec<Text>,
    /// Several of them or all: `Britons`, `the Dutch`.
    pub plurals: Vec<Text>,
    /// The capital: index of [`crate::City`].
    pub capital: Option<u32>,
    /// Earlier capitals: the day from which it no longer was, and the city. By time.
    pub capitals_before: Vec<(Day, u32)>,
    /// First day of the state under this code, where it began after 1985.
    pub from: Option<Day>,
    /// First day on which it no longer existed.
    pub to: Option<Day>,
    /// Codes of the same territory before this one: the day from which each no longer held. By time.
    pub before: Vec<(Day, Text)>,
    /// Codes of the same territory after this one, each with its first day. By time.
    pub after: Vec<(Day, Text)>,
    /// A name that it shares with another country (`Congo`, `Dominican`) means that one where nothing else decides.
    pub rarer: bool,
    /// The office that `the Chinese leader` means: president, prime minister, king...
    pub leader: Option<RoleId>,
    /// People's family names come first here (`Xi Jinping`).
    pub family_first: bool,
}

impl Country {
    /// The code that this name means on `day`: Zaire is `ZR` until 16 May 1997 and `CD` from the day after, Russia is `SU` before
    /// 26 December 1991.
    pub fn code_at(&self, day: Day) -> &str {
        if let Some((_, code)) = self.before.iter().find(|(until, _)| day < *until) {
            return code;
        }
        self.after.iter().rev().find(|(from, _)| day >= *from).map_or(&self.code, |(_, code)| code)
    }

    /// The capital on `day`: Bonn for Germany in 1988.
    pub fn capital_at(&self, day: Day) -> Option<u32> {
        self.capitals_before.iter().find(|(until, _)| day < *until).map(|(_, city)| *city).or(self.capital)
    }
}

/// A word for what belongs to a country or region, or for its people.
#[derive(Debug)]
pub struct Demonym {
    /// The word as printed.
    pub word: Text,
    /// Index of [`Country`].
    pub country: u32,
    /// Index of [`crate::Region`] where the word belongs to a part of the country (`Chechen`).
    pub region: Option<u32>,
    /// It is an adjective: `the French president`.
    pub adjective: bool,
    /// It is one person: `a Briton`.
    pub singular: bool,
    /// It is several: `Britons`, `the Dutch`.
    pub plural: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    country: Vec<Spanned<Raw>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    pub(crate) code: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) upper: Vec<String>,
    #[serde(default)]
    pub(crate) adjectives: Vec<String>,
    #[serde(default)]
    pub(crate) people: Vec<String>,
    #[serde(default)]
    pub(crate) plurals: Vec<String>,
    pub(crate) capital: Option<String>,
    #[serde(default)]
    pub(crate) capitals_before: Vec<Past>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    #[serde(default)]
    pub(crate) before: Vec<Past>,
    #[serde(default)]
    pub(crate) after: Vec<Future>,
    pub(crate) leader: Option<String>,
    #[serde(default)]
    pub(crate) rarer: bool,
    #[serde(default)]
    pub(crate) family_first: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Past {
    pub(crate) until: String,
    #[serde(alias = "code", alias = "city")]
    pub(crate) value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Future {
    pub(crate) from: String,
    pub(crate) code: String,
}

pub(crate) fn read(source: &Source) -> Result<impl Iterator<Item = (Origin, Raw)>, Error> {
    Ok(with_origin(source, read_toml::<File>(source)?.country))
}

impl Raw {
    /// The country without its capitals, which need the table of cities.
    pub(crate) fn build(&self, origin: &Origin) -> Result<Country, Error> {
        let day = |text: &String| {
            Day::parse_first(text).ok_or_else(|| origin.error(&self.code, format!("`{text}` is no date (YYYY-MM-DD)")))
        };
        if self.code.len() != 2 || !self.code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(origin.error(&self.code, "a code has two capital letters"));
        }
        let texts = |list: &[String]| list.iter().map(|s| Text::Owned(s.clone())).collect::<Vec<_>>();
        Ok(Country {
            code: self.code.clone().into(),
            name: self.name.clone().into(),
            aliases: texts(&self.aliases),
            upper: texts(&self.upper),
            adjectives: texts(&self.adjectives),
            people: texts(&self.people),
            plurals: texts(&self.plurals),
            capital: None,
            capitals_before: Vec::new(),
            from: self.from.as_ref().map(day).transpose()?,
            to: self.to.as_ref().map(day).transpose()?,
            before: self
                .before
                .iter()
                .map(|p| Ok((day(&p.until)?, p.value.clone().into())))
                .collect::<Result<_, Error>>()?,
            after: self
                .after
                .iter()
                .map(|f| Ok((day(&f.from)?, f.code.clone().into())))
                .collect::<Result<_, Error>>()?,
            rarer: self.rarer,
            leader: None,
            family_first: self.family_first,
        })
    }
}

/// The words for a people with their forms (adjective, singular, plural), each word once; a plural in `s` is understood.
pub(crate) fn demonym_forms(adjectives: &[String], people: &[String], plurals: &[String]) -> Vec<(String, [bool; 3])> {
    let mut words: Vec<(String, [bool; 3])> = Vec::new();
    let mut add = |word: &str, form: usize| {
        if let Some((_, forms)) = words.iter_mut().find(|(w, _)| w == word) {
            forms[form] = true;
        } else {
            let mut forms = [false; 3];
            forms[form] = true;
            words.push((word.to_owned(), forms));
        }
    };
    for word in adjectives {
        add(word, 0);
    }
    for word in people {
        add(word, 1);
        add(plural_of(word).as_deref().unwrap_or(word), 2);
    }
    for word in plurals {
        add(word, 2);
    }
    words
}

/// The plural in `s`, or None for a noun that keeps its form (`Chinese`, `Swiss`).
fn plural_of(noun: &str) -> Option<String> {
    if noun.ends_with("ese") || noun.ends_with("iss") || noun.ends_with("sh") || noun.ends_with("ch") {
        None
    } else if let Some(stem) = noun.strip_suffix("man") {
        Some(if noun.ends_with("oman") || noun.ends_with("rman") { format!("{noun}s") } else { format!("{stem}men") })
    } else {
        Some(format!("{noun}s"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_noun() {
        for (noun, plural) in [
            ("Briton", Some("Britons")),
            ("Chinese", None),
            ("Swiss", None),
            ("Frenchman", Some("Frenchmen")),
            ("German", Some("Germans")),
            ("Saudi", Some("Saudis")),
        ] {
            assert_eq!(plural_of(noun).as_deref(), plural, "{noun}");
        }
    }
}
