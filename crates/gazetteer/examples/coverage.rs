//! Holds the table of people against lists of office holders and reports how many of them it knows and where it says otherwise.
//!
//! ```text
//! cargo run --release -p dateline-gazetteer --example coverage -- OFFICE_HOLDERS.tsv [HEADS.tsv] [--contradictions] [--missing]
//! ```
//!
//! `OFFICE_HOLDERS.tsv` has a header line with `country`, `role_guess`, `name`, `wikidata`, `start`, `end`; `HEADS.tsv` one with `country`,
//! `name`, `start`, `end`. A person is known when somebody with the same id or the same folded name stands for, or held office in, that
//! country. A contradiction is a sure term of the same role and country that begins or ends more than a month away from the list's.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::io::Write;

use dateline_gazetteer::{Body, Day, Gazetteer, Person, fold_name};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let Some(holders) = files.first() else {
        return Err("usage: coverage OFFICE_HOLDERS.tsv [HEADS.tsv] [--contradictions]".into());
    };
    let gazetteer = Gazetteer::load()?;
    let known = Known::new(&gazetteer);
    let mut out = std::io::stdout().lock();
    let mut report = Report::default();
    for row in read(holders)? {
        let class = match row["role_guess"].as_str() {
            "president" | "monarch" => "heads of state",
            "prime minister" | "chancellor" => "heads of government",
            "foreign minister" => "foreign ministers",
            "defence minister" => "defence ministers",
            _ => continue,
        };
        report.add(class, &row, &known, &gazetteer);
    }
    if let Some(heads) = files.get(1) {
        for row in read(heads)? {
            report.add("heads 1985-2001", &row, &known, &gazetteer);
        }
    }
    for (class, (people, found)) in &report.coverage {
        let share = found.len() as f64 / people.len() as f64;
        writeln!(out, "{class:20} {:5} of {:5} known  {share:.3}", found.len(), people.len())?;
    }
    writeln!(
        out,
        "terms compared {}, contradicted by more than a month {}",
        report.compared,
        report.contradictions.len()
    )?;
    if flags.iter().any(|f| f == "--contradictions") {
        for line in &report.contradictions {
            writeln!(out, "{line}")?;
        }
    }
    if flags.iter().any(|f| f == "--missing") {
        for line in &report.missing {
            writeln!(out, "missing: {line}")?;
        }
    }
    Ok(())
}

type Row = HashMap<String, String>;

fn read(path: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("an empty file")?.split('\t').collect();
    Ok(lines
        .map(|line| header.iter().zip(line.split('\t')).map(|(k, v)| ((*k).to_owned(), v.to_owned())).collect())
        .collect())
}

/// The table by id and by folded name within a country.
struct Known<'a> {
    ids: HashMap<&'a str, &'a Person>,
    names: HashMap<(String, String), &'a Person>,
}

impl<'a> Known<'a> {
    fn new(gazetteer: &'a Gazetteer) -> Self {
        let mut names = HashMap::new();
        for person in gazetteer.people() {
            let bodies = person.terms.iter().filter_map(|t| match t.body {
                Body::Country(c) => Some(c),
                Body::Organisation(_) => None,
            });
            let codes: HashSet<&str> = bodies
                .chain(person.country)
                .flat_map(|c| {
                    let country = gazetteer.country(c);
                    // The lists give an old state's people under the code of today.
                    [&*country.code, country.after.last().map_or(&*country.code, |(_, code)| code)]
                })
                .map(|code| match code {
                    "SU" => "RU",
                    "YU" => "RS",
                    other => other,
                })
                .collect();
            for name in person.names() {
                for code in &codes {
                    names.insert(((*code).to_owned(), sorted(name)), person);
                }
            }
        }
        Self { ids: gazetteer.people().iter().map(|p| (&*p.id, p)).collect(), names }
    }

    fn find(&self, row: &Row) -> Option<&'a Person> {
        let by_id = row.get("wikidata").and_then(|id| self.ids.get(id.as_str()).copied());
        by_id.or_else(|| self.names.get(&(row["country"].clone(), sorted(&row["name"]))).copied())
    }
}

/// Tokens in alphabetical order: family name first or last makes no difference.
fn sorted(name: &str) -> String {
    let mut tokens = fold_name(name);
    tokens.sort();
    tokens.join(" ")
}

#[derive(Default)]
struct Report {
    coverage: BTreeMap<&'static str, (HashSet<String>, HashSet<String>)>,
    compared: usize,
    contradictions: Vec<String>,
    missing: Vec<String>,
}

impl Report {
    fn add(&mut self, class: &'static str, row: &Row, known: &Known<'_>, gazetteer: &Gazetteer) {
        let key = format!("{}:{}", row["country"], row.get("wikidata").unwrap_or(&row["name"]));
        let (people, found) = self.coverage.entry(class).or_default();
        people.insert(key.clone());
        let Some(person) = known.find(row) else {
            self.missing.push(format!("{class} {} {} {}..{}", row["country"], row["name"], row["start"], row["end"]));
            return;
        };
        found.insert(key);
        let (Some(role), Some(country)) =
            (row.get("role_guess").and_then(|r| gazetteer.role_by_name(r)), gazetteer.country_by_code(&row["country"]))
        else {
            return;
        };
        let (Some(start), end) = (Day::parse_first(&row["start"]), Day::parse_last(&row["end"])) else { return };
        if row["start"].len() < 10 || (row["end"].len() != 10 && !row["end"].is_empty()) {
            return;
        }
        let same: Vec<_> =
            person.terms.iter().filter(|t| t.sure && t.role == role && t.body == Body::Country(country)).collect();
        if same.is_empty() {
            return;
        }
        self.compared += 1;
        let inside = |day: Day, slack: i32| {
            same.iter().any(|t| {
                day.rough_number() >= t.from.rough_number() - slack
                    && t.to.is_none_or(|to| day.rough_number() <= to.rough_number() + slack)
            })
        };
        if !inside(start, 31) || end.is_some_and(|e| !inside(e, 31)) {
            let ours: Vec<String> = same
                .iter()
                .map(|t| format!("{}..{}", t.from, t.to.map_or_else(String::new, |d| d.to_string())))
                .collect();
            self.contradictions.push(format!(
                "{} {} {}: list {}..{}, table {}",
                row["country"],
                row["role_guess"],
                row["name"],
                row["start"],
                row["end"],
                ours.join(" ")
            ));
        }
    }
}
