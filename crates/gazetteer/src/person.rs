//! People in the news and their terms of office.

use crate::fold::fold_into;
use crate::role::{Gender, RoleId};
use crate::source::{Origin, Row, Text, split_bar};
use crate::{Day, Error};

/// A person.
#[derive(Debug)]
pub struct Person {
    /// Wikidata id (`Q...`) where known, else an own one (`dl:...`).
    pub id: Text,
    /// Full name as English news prints it.
    pub name: Text,
    /// Other printed forms and transliterations that mean this person wherever they stand.
    pub variants: Vec<Text>,
    /// Forms used at second mention when they are not the name's last word (`Suu Kyi`, `Sisi`).
    pub family_names: Vec<Text>,
    /// Another person of the table has a name that folds to the same: the name alone decides nothing.
    pub ambiguous: bool,
    /// Index of [`crate::Country`]: the country that the person stands for, none for the Dalai Lama.
    pub country: Option<u32>,
    /// Known gender.
    pub gender: Option<Gender>,
    /// Terms of office by first day.
    pub terms: Vec<Term>,
}

/// What an office belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Body {
    /// Index of [`crate::Country`] (also EU and UN).
    Country(u32),
    /// Index of [`crate::Organisation`].
    Organisation(u32),
}

/// A term of office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The canonical role.
    pub role: RoleId,
    /// The country or organisation.
    pub body: Body,
    /// First day, or the first day of the month or year known.
    pub from: Day,
    /// Last day, None while in office (as of the table's date).
    pub to: Option<Day>,
    /// False where dates or person are doubtful: such a term never decides an identity.
    pub sure: bool,
}

impl Term {
    /// True when the office was held on `day`.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Person {
    /// The terms held on `day`, in the order of their first days.
    pub fn terms_at(&self, day: Day) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.covers(day))
    }

    /// The role on `day`: of several a sure one before an unsure one, one in the person's own country before others (a monarch
    /// of several realms), then the one that began last.
    pub fn role_at(&self, day: Day) -> Option<&Term> {
        let own = |t: &Term| matches!(t.body, Body::Country(c) if Some(c) == self.country);
        self.terms_at(day).max_by_key(|t| (t.sure, own(t), t.from))
    }

    /// The last role that ended before `day`: what the person is a former holder of.
    pub fn former_role_at(&self, day: Day) -> Option<&Term> {
        self.terms.iter().filter(|t| t.to.is_some_and(|to| to < day)).max_by_key(|t| (t.to, t.sure))
    }

    /// All names that stand for this person alone, the full one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.variants.iter().map(|v| &**v))
    }
}

/// Columns of `people.tsv`.
pub(crate) const COLUMNS: usize = 6;

/// What a row's terms refer to by name.
pub(crate) trait Lookup {
    fn country(&self, code: &str) -> Option<u32>;
    fn body(&self, id: &str) -> Option<Body>;
    fn role(&self, name: &str) -> Option<RoleId>;
}

pub(crate) fn read(row: &Row, lookup: &impl Lookup) -> Result<Person, Error> {
    let id = row.get(0);
    if id.is_empty() || id.contains(char::is_whitespace) {
        return Err(row.error("an id without blanks comes first"));
    }
    let printed = row.get(1);
    let (name, ambiguous) = match printed.strip_prefix('*') {
        Some(rest) => (Text::Owned(rest.to_owned()), true),
        None => (printed, false),
    };
    if name.is_empty() {
        return Err(row.error("the name is missing"));
    }
    let code = row.get(2);
    let country = match &*code {
        "" => None,
        code => Some(lookup.country(code).ok_or_else(|| row.error(format!("unknown country `{code}`")))?),
    };
    let gender = match &*row.get(3) {
        "" => None,
        "m" => Some(Gender::Male),
        "f" => Some(Gender::Female),
        other => return Err(row.error(format!("gender `{other}`: expected m, f or nothing"))),
    };
    let (mut variants, mut family_names) = (Vec::new(), Vec::new());
    for form in split_bar(&row.get(4)) {
        match form.strip_prefix('/') {
            Some(family) => family_names.push(Text::Owned(family.to_owned())),
            None => variants.push(Text::Owned(form.to_owned())),
        }
    }
    let mut terms = row
        .get(5)
        .split(';')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|t| term(t, &row.origin, &name, lookup))
        .collect::<Result<Vec<_>, _>>()?;
    terms.sort_by_key(|t| (t.from, t.to, t.role, t.body));
    Ok(Person { id, name, variants, family_names, ambiguous, country, gender, terms })
}

/// `prime minister@GB 1979-05-04..1990-11-28`, `..` open, `?` at the end when unsure.
fn term(text: &str, origin: &Origin, entry: &str, lookup: &impl Lookup) -> Result<Term, Error> {
    let fault = |reason: String| origin.error(entry, format!("term `{text}`: {reason}"));
    let (plain, sure) = match text.strip_suffix('?') {
        Some(rest) => (rest.trim_end(), false),
        None => (text, true),
    };
    let shape = || fault("expected `role@CODE FROM..TO`".to_owned());
    let (office, span) = plain.rsplit_once(' ').ok_or_else(shape)?;
    let (role, body) = office.rsplit_once('@').ok_or_else(shape)?;
    let (from, to) = span.split_once("..").ok_or_else(shape)?;
    let no_date = |part: &str| fault(format!("`{part}` is no date (YYYY, YYYY-MM or YYYY-MM-DD)"));
    let term = Term {
        role: lookup.role(role).ok_or_else(|| fault(format!("unknown role `{role}`")))?,
        body: lookup.body(body).ok_or_else(|| fault(format!("unknown country or organisation `{body}`")))?,
        from: Day::parse_first(from).ok_or_else(|| no_date(from))?,
        to: if to.is_empty() { None } else { Some(Day::parse_last(to).ok_or_else(|| no_date(to))?) },
        sure,
    };
    if term.to.is_some_and(|to| to < term.from) {
        return Err(fault("it ends before it begins".to_owned()));
    }
    Ok(term)
}

/// Particles that belong to the family name they stand before.
const PARTICLES: [&str; 24] = [
    "al", "el", "bin", "ibn", "ben", "ould", "de", "del", "della", "di", "da", "dos", "do", "van", "von", "der", "den",
    "la", "le", "zu", "st", "ter", "abu", "mc",
];

/// Folded forms by which a person may be named at second mention, `family_first` as in China and Korea. The stated ones alone where
/// there are some; else the last name, with and without its particles, the last hyphenated pair, and in names of three and more words also
/// the last two (`Lopez Obrador`).
pub(crate) fn family_keys(person: &Person, family_first: bool) -> Vec<String> {
    let fold = |name: &str| {
        let mut out = String::new();
        fold_into(name, &mut out);
        out
    };
    if !person.family_names.is_empty() {
        return person.family_names.iter().map(|n| fold(n)).collect();
    }
    let words: Vec<&str> = person.name.split_whitespace().collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    if family_first {
        return vec![fold(first)];
    }
    let mut keys = vec![fold(last)];
    if let Some((_, tail)) = last.rsplit_once('-') {
        keys.push(fold(tail));
    }
    // Particles stay with the name: "van der Bellen", "de Villepin".
    let mut start = words.len() - 1;
    while start > 1 && PARTICLES.contains(&fold(words[start - 1]).as_str()) {
        start -= 1;
    }
    if start < words.len() - 1 {
        keys.push(fold(&words[start..].join(" ")));
    } else if words.len() > 2 {
        keys.push(fold(&words[words.len() - 2..].join(" ")));
    }
    keys.retain(|k| !k.is_empty());
    keys
}
