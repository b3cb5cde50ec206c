//! Which mentions are one visit: worked stories.

use std::collections::BTreeMap;

use dateline_model::{Message, Record, VisitKind, VisitStatus};
use dateline_resolve::{Partition, Settings};

use crate::support::Said;

struct Line {
    story: String,
    number: usize,
    visit: String,
    said: Said,
}

fn of<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn lines() -> Vec<Line> {
    let (mut story, mut lines) = (String::new(), vec![]);
    for (number, line) in
        include_str!("visits.txt").lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty())
    {
        if let Some(name) = line.strip_prefix("= ") {
            name.clone_into(&mut story);
            continue;
        }
        let field: Vec<&str> = line.split('|').map(str::trim).collect();
        let (article, visit) = field[0].split_at(1);
        let (name, role) = field[2].split_once(", ").map_or((field[2], None), |(n, r)| (n, Some(r)));
        let (start, end) = field[3].split_once("..").map_or((field[3], ""), |(s, e)| (s, e));
        let given = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        let index =
            lines.iter().filter(|l: &&Line| l.story == story && l.said.article == format!("{article}-{story}")).count();
        let said = Said {
            index: index as u32,
            visitor: name.to_owned(),
            role: role.map(str::to_owned),
            city: given(field[5]),
            start: given(start),
            end: given(end),
            status: of::<VisitStatus>(field[4]),
            kind: field.get(6).copied().filter(|k| !k.is_empty()).map_or(VisitKind::Unspecified, of::<VisitKind>),
            ..Said::new(&format!("{article}-{story}"), field[1])
        };
        lines.push(Line { story: story.clone(), number: number + 1, visit: visit.to_owned(), said });
    }
    lines
}

#[test]
fn the_stories_come_apart_into_their_visits() {
    let lines = lines();
    let mut stories: Vec<&str> = lines.iter().map(|l| l.story.as_str()).collect();
    stories.dedup();
    let mut wrong = vec![];
    for story in &stories {
        let mut p = Partition::new(Settings::default());
        let mut of_mention: BTreeMap<(String, u32), (String, usize)> = BTreeMap::new();
        let mut whys = BTreeMap::new();
        for l in lines.iter().filter(|l| l.story == *story) {
            let m: Message = l.said.message();
            whys.insert(l.number, p.explain(&m).to_string());
            p.apply(&m, 0);
            of_mention.insert((l.said.article.clone(), l.said.index), (l.visit.clone(), l.number));
        }
        let mut record_of: BTreeMap<&str, String> = BTreeMap::new();
        let place = p.places();
        for ((article, index), (visit, number)) in &of_mention {
            let record = place[&(article.clone(), *index)].clone();
            let known = record_of.entry(visit).or_insert_with(|| record.clone());
            if *known != record {
                wrong.push(format!("{story}, line {number}: not with its visit\n{}", whys[number]));
            }
        }
        let records = p.records().filter(|r| matches!(r, Record::Visit(_))).count();
        if records < record_of.len() {
            wrong.push(format!("{story}: two visits are one record"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} stories:\n{}", wrong.len(), stories.len(), wrong.join("\n"));
}
