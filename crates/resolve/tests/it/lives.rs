//! Lives of visits: what becomes of records, report by report, and what each revision says that it changed.

use std::collections::BTreeMap;

use dateline_model::{Message, Record, Sketch, VisitKind, VisitStatus};
use dateline_resolve::{Partition, Publication, Settings};

use crate::support::{Said, retract};

fn of<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Shingles of a text by its number; no two texts share any.
fn sketch(text: &str) -> Sketch {
    let n: u32 = text.trim_start_matches("text ").parse().unwrap();
    Sketch { shingles: (0..16).map(|i| 1000 * n + 7 * i).collect(), numbers: vec![n as u16], names: vec![] }
}

/// A story that is being told: partitions by country, and what was learnt of its visits.
#[derive(Default)]
struct Story {
    partitions: BTreeMap<String, Partition>,
    /// Record ids by the number of the visit.
    records: BTreeMap<String, String>,
    /// The newest version of each article.
    versions: BTreeMap<String, i64>,
    /// Mentions told by an article.
    told: BTreeMap<String, u32>,
}

impl Story {
    fn report(&mut self, line: &str) -> (Said, String) {
        let field: Vec<&str> = line.split('|').map(str::trim).collect();
        let (article, visit) = field[0].split_at(1);
        let newer = visit.ends_with('\'');
        let (name, role) = field[2].split_once(", ").unwrap();
        let (start, end) = field[3].split_once("..").unwrap_or((field[3], ""));
        let given = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        let (city, country) = field[5].split_once('/').unwrap_or((field[5], "FR"));
        let index = self.told.entry(article.to_owned()).or_default();
        if newer {
            *index = 0;
        }
        let mut said = Said {
            index: *index,
            visitor: name.to_owned(),
            role: Some(role.to_owned()),
            city: given(city),
            destination: country.to_owned(),
            start: given(start),
            end: given(end),
            status: of::<VisitStatus>(field[4]),
            kind: field.get(6).copied().filter(|k| !k.is_empty()).map_or(VisitKind::Unspecified, of::<VisitKind>),
            sketch: field.get(7).copied().map(sketch),
            ..Said::new(article, field[1])
        };
        *index += 1;
        said.version.0 += i64::from(newer);
        self.versions.insert(article.to_owned(), said.version.0);
        (said, visit.trim_end_matches('\'').to_owned())
    }

    /// The visits that publications are of and what these say that they changed, as the story has it.
    fn published(&self, publications: &[Publication]) -> String {
        let changed = |p: &Publication| match &p.record {
            Record::Visit(r) if r.revision == 1 => (r.id.clone(), "new".to_owned()),
            Record::Visit(r) => (r.id.clone(), r.changed.join(", ")),
            Record::Event(_) => panic!("no event was told of"),
        };
        let name = |id: &str| self.records.iter().find(|(_, r)| *r == id).map_or("?", |(n, _)| n.as_str());
        let mut list: Vec<String> =
            publications.iter().map(changed).map(|(id, fields)| format!("{} {fields}", name(&id))).collect();
        list.sort();
        if list.is_empty() { "-".to_owned() } else { list.join("; ") }
    }

    fn tell(&mut self, line: &str) -> Result<(), String> {
        let (what, expected) = line.split_once("=>").unwrap();
        let (what, expected) = (what.trim(), expected.trim());
        if let Some(article) = what.strip_prefix("retract ") {
            // A correction takes back what older versions said; a retraction all.
            let version = self.versions[article] + i64::from(!self.corrected(article));
            let message = retract(article, (version, 0));
            let mut all = vec![];
            for p in self.partitions.values_mut() {
                all.extend(p.apply(&message, 0).publications);
            }
            let got = self.published(&all);
            return if got == expected { Ok(()) } else { Err(format!("{line}\n  published: {got}")) };
        }
        let (said, visit) = self.report(what);
        let message: Message = said.message();
        let p = self.partitions.entry(said.destination.clone()).or_insert_with(|| Partition::new(Settings::default()));
        let why = p.explain(&message).to_string();
        let publications = p.apply(&message, 0).publications;
        let record = p.places().get(&(said.article.clone(), said.index)).cloned().unwrap_or_default();
        let known = self.records.entry(visit.clone()).or_insert_with(|| record.clone()).clone();
        if known != record {
            return Err(format!("{line}\n  is not with its visit\n{why}"));
        }
        let got = self.published(&publications);
        let expected = if expected == "-" { expected.to_owned() } else { format!("{visit} {expected}") };
        if got == expected { Ok(()) } else { Err(format!("{line}\n  published: {got}\n{why}")) }
    }

    /// True when a newer version of the article was told.
    fn corrected(&self, article: &str) -> bool {
        self.versions.get(article).is_some_and(|v| v % 1000 != 0)
    }

    fn ends(&self, line: &str) -> Result<(), String> {
        let expected: Vec<&str> = line.trim_start_matches('!').split('|').map(str::trim).collect();
        let id = &self.records[expected[0]];
        let found = self.partitions.values().flat_map(Partition::records).find_map(|r| match r {
            Record::Visit(r) if r.id == *id => Some(r),
            _ => None,
        });
        let got = match &found {
            None => "gone".to_owned(),
            Some(r) => {
                let v = &r.body;
                let date = |d: Option<dateline_model::PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
                let period = format!("{}..{}", date(v.period.start), date(v.period.end));
                let status = serde_json::to_value(v.status).unwrap();
                let city = v.destination.city.as_deref().unwrap_or("");
                let period = period.strip_suffix("..").unwrap_or(&period);
                format!("{} | {period} | {} | {city}", v.visitor.actor.name, status.as_str().unwrap())
            }
        };
        let expected = expected[1..].join(" | ");
        if got == expected { Ok(()) } else { Err(format!("{line}\n  record: {got}")) }
    }
}

#[test]
fn records_live_as_the_stories_tell() {
    let (mut wrong, mut stories, mut name, mut story) = (vec![], 0, "", Story::default());
    for line in include_str!("lives.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let held = if let Some(new) = line.strip_prefix("= ") {
            (name, story) = (new, Story::default());
            stories += 1;
            Ok(())
        } else if line.starts_with('!') {
            story.ends(line)
        } else {
            story.tell(line)
        };
        if let Err(why) = held {
            wrong.push(format!("= {name}\n{why}"));
        }
    }
    assert!(wrong.is_empty(), "{} lines of {stories} stories:\n{}", wrong.len(), wrong.join("\n"));
}
