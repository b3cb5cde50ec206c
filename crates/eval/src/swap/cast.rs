//! Who takes whose place in a story.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use dateline_gazetteer::{Body, Country, Day, Gazetteer, Gender, Kind};
use serde::Deserialize;
use serde_json::Value;

use super::phrases::Phrases;
use super::random::Random;
use crate::names::{fold, is_group, same_name, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    countries: Vec<String>,
    kept_countries: BTreeSet<String>,
    kept_roles: Vec<String>,
    articled: Vec<String>,
    calendar: Vec<String>,
    after_a_noun: Vec<String>,
    onsets: Vec<String>,
    middles: Vec<String>,
    given_ends: Vec<String>,
    family_ends: Vec<String>,
}

fn file() -> &'static File {
    static FILE: LazyLock<File> =
        LazyLock::new(|| toml::from_str(include_str!("../../data/swap.toml")).expect("a test reads data/swap.toml"));
    &FILE
}

/// The new cast of a story.
pub(super) struct Cast {
    codes: BTreeMap<String, String>,
    phrases: Phrases,
    /// Years by which all dates move: none where a throne stays, for it has its time.
    pub(super) years: i32,
}

/// A person of the story with all forms of the name.
struct Role {
    forms: Vec<String>,
    country: Option<String>,
}

impl Cast {
    pub(super) fn new(story: &[&Value], gazetteer: &Gazetteer, years: i32, random: &mut Random) -> Self {
        let gold: Vec<&Value> = story
            .iter()
            .flat_map(|a| ["visits", "events"].into_iter().filter_map(|k| a.get(k)?.as_array()).flatten())
            .collect();
        let mut kept: BTreeSet<String> = file().kept_countries.clone();
        let mut thrones: Vec<Vec<String>> = vec![];
        let mut named: Vec<(Vec<String>, Option<String>)> = vec![];
        for entry in &gold {
            for (field, country) in
                [("visitor", "visitor_country"), ("host", "destination_country"), ("participants", "")]
            {
                let code = entry.get(country).and_then(Value::as_str).map(str::to_owned);
                for names in persons(entry, field) {
                    if of_a_throne(entry, field, &names) {
                        kept.extend(code.clone());
                        thrones.push(names);
                    } else {
                        named.push((names, code.clone()));
                    }
                }
            }
        }
        let mut people: Vec<Role> = vec![];
        for (names, country) in named {
            let one = |a: &[String], b: &[String]| a.iter().any(|x| b.iter().any(|y| same_name(x, y, None)));
            if thrones.iter().any(|t| one(t, &names)) {
                kept.extend(country);
                continue;
            }
            match people.iter_mut().find(|p| one(&p.forms, &names)) {
                Some(p) => {
                    p.forms.extend(names);
                    p.country = p.country.take().or(country);
                }
                None => people.push(Role { forms: names, country }),
            }
        }
        let codes = replace_countries(&gold, &kept, gazetteer, random);
        let years = if thrones.is_empty() { years } else { 0 };
        let mut cast = Self { phrases: Phrases::default(), codes, years };
        let day = story
            .iter()
            .find_map(|a| a.get("published_at")?.as_str()?.get(..4)?.parse::<i32>().ok())
            .and_then(|y| u16::try_from(y + years).ok())
            .map(|y| Day::new(y, 1, 1));
        random.shuffle(&mut people);
        let mut taken = BTreeSet::new();
        for (i, person) in people.iter().enumerate() {
            let home = person.country.as_ref().and_then(|c| cast.codes.get(c)).cloned();
            let real = home.filter(|_| i % 2 == 1).and_then(|c| {
                let gender = gender(gazetteer, &person.forms);
                holder(gazetteer, &c, day?, gender, &mut taken, random)
            });
            let (given, family) = real.unwrap_or_else(|| invented(gazetteer, random));
            cast.person(&person.forms, &given, &family);
        }
        let pairs: Vec<(String, String)> = cast.codes.clone().into_iter().collect();
        for (old, new) in pairs {
            if let (Some(a), Some(b)) = (gazetteer.country_by_code(&old), gazetteer.country_by_code(&new)) {
                cast.places(&gold, gazetteer, a, b);
                cast.country(gazetteer.country(a), gazetteer.country(b));
            }
        }
        cast
    }

    /// A text by the new cast.
    pub(super) fn replace(&self, text: &str) -> String {
        self.phrases.replace(text)
    }

    /// The code of a country's replacement.
    pub(super) fn code(&self, code: &str) -> String {
        self.codes.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }

    fn person(&mut self, forms: &[String], given: &str, family: &str) {
        let full = format!("{given} {family}");
        for form in forms {
            let tokens: Vec<&str> = form.split(' ').filter(|t| !t.is_empty()).collect();
            if tokens.len() < 2 {
                self.word(form, family);
                continue;
            }
            self.phrases.add_also_in_capitals(form, &full);
            let first = fold(tokens[0]).concat();
            let family_first = words().family_first.contains(&first);
            let (own, others) = if family_first {
                (tokens[0].to_owned(), &tokens[1..])
            } else {
                let particle = |t: &&str| words().particles.contains(&fold(t).concat());
                let at =
                    tokens.len() - 1 - tokens[1..tokens.len() - 1].iter().rev().take_while(|t| particle(t)).count();
                (tokens[at..].join(" "), &tokens[..1])
            };
            self.word(&own, family);
            if own.contains(' ') {
                self.word(tokens[tokens.len() - 1], family);
            }
            for t in others {
                self.word(t, given);
            }
        }
    }

    /// A lone name: not where it may be a month, a country or an initial.
    fn word(&mut self, from: &str, to: &str) {
        let other = file().calendar.iter().any(|m| m == from)
            || crate::names::with_codes(&fold(from)).iter().any(|t| crate::names::is_code(t));
        if from.chars().count() > 1 && from.starts_with(char::is_uppercase) && !other {
            self.phrases.add_also_in_capitals(from, to);
        } else if from.contains(' ') && !other {
            self.phrases.add(from, to);
        }
    }

    /// Cities that gold names and the capital, by those of the new country; venues by where they stand.
    fn places(&mut self, gold: &[&Value], gazetteer: &Gazetteer, old: u32, new: u32) {
        let largest = |country: u32| {
            let mut list: Vec<&dateline_gazetteer::City> =
                gazetteer.cities().iter().filter(|c| c.country == country).collect();
            list.sort_by_key(|c| (!c.capital, std::cmp::Reverse(c.population)));
            list
        };
        let (olds, news) = (largest(old), largest(new));
        // The capital, and cities whose names mean nothing else.
        let alone = |name: &str| gazetteer.lookup(&fold(name).join(" ")).count() == 1;
        let fresh: Vec<&str> =
            news.iter().map(|c| &*c.name).enumerate().filter(|(i, n)| *i == 0 || alone(n)).map(|(_, n)| n).collect();
        let Some(capital) = fresh.first().copied() else { return };
        let named: BTreeSet<&str> = gold
            .iter()
            .flat_map(|e| {
                ["destination_city", "city", "destination_city_alt", "city_alt"].into_iter().filter_map(|k| e.get(k))
            })
            .flat_map(|v| v.as_str().into_iter().chain(v.as_array().into_iter().flatten().filter_map(Value::as_str)))
            .collect();
        let mut next = 1;
        for city in &olds {
            let mentioned = named.contains(&*city.name) || city.alternates().any(|n| named.contains(n));
            if !city.capital && !mentioned {
                continue;
            }
            let to = if city.capital { capital } else { fresh.get(next).copied().unwrap_or(capital) };
            next += usize::from(!city.capital);
            for name in std::iter::once(&*city.name).chain(city.alternates()).filter(|n| n.chars().count() > 2) {
                self.phrases.add_also_in_capitals(name, to);
            }
        }
        for venue in gazetteer.venues().iter().filter(|v| v.country == old) {
            let head = venue.office.map(|r| &*gazetteer.role(r).name);
            let to = match head {
                Some("president" | "prime minister" | "chancellor") => "presidential palace".to_owned(),
                _ if venue.government => "government".to_owned(),
                _ => format!("central {capital}"),
            };
            let with_article = if venue.government { format!("the {to}") } else { to.clone() };
            for name in std::iter::once(&venue.name).chain(&venue.aliases) {
                self.phrases.add(&format!("the {name}"), &with_article);
                for word in head.iter().flat_map(|_| ["at", "in", "to", "from", "of", "by"]) {
                    let place = if word == "at" || word == "to" { format!(" in {capital}") } else { String::new() };
                    self.phrases.add(&format!("{word} {name}"), &format!("{word} the {to}{place}"));
                    self.phrases.add(&format!("{word} the {name}"), &format!("{word} the {to}{place}"));
                }
                self.phrases.add(name, &to);
            }
        }
    }

    fn country(&mut self, old: &Country, new: &Country) {
        let adjective = new.adjectives.first().map_or(&*new.name, |a| a);
        let many = new.plurals.first().map_or_else(|| format!("{adjective} people"), ToString::to_string);
        let one = new.people.first().map_or_else(|| adjective.to_owned(), ToString::to_string);
        for name in std::iter::once(&old.name).chain(&old.aliases) {
            if file().articled.iter().any(|w| name.contains(w.as_str())) {
                self.phrases.add(&format!("the {name}"), &new.name);
            }
            self.phrases.add_also_in_capitals(name, &new.name);
        }
        for short in &old.upper {
            let dotted: String = short.chars().filter(|c| *c != '.').flat_map(|c| [c, '.']).collect();
            for form in [short.to_string(), dotted] {
                for word in &file().after_a_noun {
                    let follows = format!(" {word} ");
                    self.phrases.add(&format!("the {form}{follows}"), &format!("{}{follows}", new.name));
                    self.phrases.add(&format!("{form}{follows}"), &format!("{}{follows}", new.name));
                }
                for end in [".\n", "'s", "\u{2019}s"] {
                    self.phrases.add(&format!("the {form}{end}"), &format!("{}{end}", new.name));
                    self.phrases.add(&format!("{form}{end}"), &format!("{}{end}", new.name));
                }
                self.phrases.add(&format!("the {form}"), &new.name);
                self.phrases.add(&format!("{form} "), &format!("{adjective} "));
                self.phrases.add(&form, &new.name);
            }
        }
        for (list, to) in [(&old.adjectives, adjective), (&old.plurals, many.as_str()), (&old.people, one.as_str())] {
            for word in list {
                self.phrases.add_also_in_capitals(word, to);
            }
        }
    }
}

/// The personal names of a gold field, each with its further forms.
fn persons(entry: &Value, field: &str) -> Vec<Vec<String>> {
    let strings = |v: Option<&Value>| -> Vec<String> {
        let one = v.and_then(Value::as_str).into_iter();
        let many = v.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        one.chain(many).map(str::to_owned).collect()
    };
    let person =
        |n: &String| !is_group(n) && !crate::names::with_codes(&fold(n)).iter().any(|t| crate::names::is_code(t));
    let mut names = strings(entry.get(field));
    names.extend(strings(entry.get(format!("{field}_alt"))));
    names.retain(person);
    if field == "participants" {
        return names.into_iter().map(|n| vec![n]).collect();
    }
    if names.is_empty() { vec![] } else { vec![names] }
}

/// True for those whose names stay.
fn of_a_throne(entry: &Value, field: &str, names: &[String]) -> bool {
    let role = entry.get("visitor_role").and_then(Value::as_str).filter(|_| field == "visitor").unwrap_or("");
    file().kept_roles.iter().any(|r| role.ends_with(r.as_str()))
        || names.iter().any(|n| fold(n).iter().any(|t| words().monarchs.contains_key(t)))
}

fn replace_countries(
    gold: &[&Value],
    kept: &BTreeSet<String>,
    gazetteer: &Gazetteer,
    random: &mut Random,
) -> BTreeMap<String, String> {
    let keys = [
        "visitor_country",
        "destination_country",
        "country",
        "visitor_country_alt",
        "destination_country_alt",
        "country_alt",
    ];
    let used: BTreeSet<String> = gold
        .iter()
        .flat_map(|e| keys.iter().filter_map(|k| e.get(*k)))
        .flat_map(|v| v.as_str().into_iter().chain(v.as_array().into_iter().flatten().filter_map(Value::as_str)))
        .map(str::to_owned)
        .collect();
    let mut pool: Vec<&String> = file().countries.iter().filter(|c| !used.contains(*c)).collect();
    random.shuffle(&mut pool);
    let olds = used.iter().filter(|c| !kept.contains(*c) && gazetteer.country_by_code(c).is_some());
    olds.cloned().zip(pool.into_iter().cloned()).collect()
}

/// The gender of whoever bears one of some names.
fn gender(gazetteer: &Gazetteer, forms: &[String]) -> Option<Gender> {
    let of_name = |form: &String| {
        let folded = fold(form);
        let joined = folded.join(" ");
        let person = gazetteer.lookup(&joined).find(|e| e.entry.kind == Kind::Person);
        person
            .and_then(|e| gazetteer.person_gender(e.entry.index))
            .or_else(|| gazetteer.given_name_gender(folded.first()?))
    };
    forms.iter().find_map(of_name)
}

/// Somebody of a gender who held an office of a country on a day: given name and family name.
fn holder(
    gazetteer: &Gazetteer,
    code: &str,
    day: Day,
    gender: Option<Gender>,
    taken: &mut BTreeSet<String>,
    random: &mut Random,
) -> Option<(String, String)> {
    let country = gazetteer.country_by_code(code)?;
    let here = |t: &dateline_gazetteer::Term| t.body == Body::Country(country) && t.covers(day) && t.sure;
    let named: Vec<&str> = (0..)
        .zip(gazetteer.people())
        .filter(|(_, p)| p.terms.iter().any(here) && !p.ambiguous)
        .filter(|(i, _)| gender.is_none() || gazetteer.person_gender(*i) == gender)
        .map(|(_, p)| &*p.name)
        .filter(|n| n.split(' ').count() == 2 && !taken.contains(*n))
        .collect();
    let name = random.pick(&named)?;
    taken.insert((*name).to_owned());
    name.split_once(' ').map(|(g, f)| (g.to_owned(), f.to_owned()))
}

/// A name that no table knows.
fn invented(gazetteer: &Gazetteer, random: &mut Random) -> (String, String) {
    let f = file();
    let mut word = |ends: &[String]| loop {
        let parts = [random.pick(&f.onsets), random.pick(&f.middles), random.pick(ends)];
        let name: String = parts.into_iter().flatten().map(String::as_str).collect();
        let folded = fold(&name).join(" ");
        if gazetteer.lookup(&folded).next().is_none() {
            return name;
        }
    };
    (word(&f.given_ends), word(&f.family_ends))
}
