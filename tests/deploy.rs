//! What is shipped for operators fits the program: rules and boards ask for metrics and labels that exist, every alert has
//! its runbook, and every runbook its alert.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dateline_worker::telemetry::table::{ALL, Kind};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every series name that is scraped, with its labels.
fn series() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all = BTreeMap::new();
    for metric in ALL {
        let mut labels: BTreeSet<&str> = metric.labels.iter().map(|l| l.name).collect();
        if let Kind::Histogram(_) = metric.kind {
            all.insert(format!("{}_sum", metric.name), labels.clone());
            all.insert(format!("{}_count", metric.name), labels.clone());
            labels.insert("le");
            all.insert(format!("{}_bucket", metric.name), labels);
        } else {
            all.insert(metric.name.to_owned(), labels);
        }
    }
    all
}

/// Labels that Prometheus itself gives to what it scrapes.
const SCRAPED: [&str; 2] = ["job", "instance"];

/// Names of our metrics in a query, each with the labels that its selector asks for.
fn asked(query: &str) -> Vec<(String, Vec<String>)> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = vec![];
    let mut rest = query;
    while let Some(at) = rest.find("dateline_") {
        let recorded = rest[..at].ends_with(':');
        rest = &rest[at..];
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut labels = vec![];
        if let Some(selector) = rest.strip_prefix('{').and_then(|r| Some(r.split_once('}')?.0)) {
            for matcher in selector.split(',').map(str::trim).filter(|m| !m.is_empty()) {
                labels.push(matcher.chars().take_while(|c| word(*c)).collect());
            }
        }
        if !recorded {
            found.push((name, labels));
        }
    }
    found
}

fn check(place: &str, query: &str, wrong: &mut Vec<String>) -> usize {
    let series = series();
    let asked = asked(query);
    for (name, labels) in &asked {
        match series.get(name) {
            None => wrong.push(format!("{place}: no metric is called {name}")),
            Some(known) => {
                for label in labels.iter().filter(|l| !known.contains(l.as_str()) && !SCRAPED.contains(&l.as_str())) {
                    wrong.push(format!("{place}: {name} has no label {label}"));
                }
            }
        }
    }
    asked.len()
}

#[test]
fn the_rules_ask_for_metrics_and_labels_that_exist() {
    let (mut wrong, mut count) = (vec![], 0);
    for line in read("deploy/prometheus/rules.yaml").lines().filter(|l| l.trim_start().starts_with("expr:")) {
        count += check(line.trim(), line, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 30, "only {count} metrics were found");
}

#[test]
fn every_alert_has_its_runbook_and_a_test_and_every_runbook_its_alert() {
    let rules = read("deploy/prometheus/rules.yaml");
    let after = |key: &str| -> BTreeSet<String> {
        rules.lines().filter_map(|l| l.trim().strip_prefix(key)).map(|v| v.trim().to_owned()).collect()
    };
    let alerts = after("- alert:");
    let links = after("runbook_url:");
    let expected: BTreeSet<String> = alerts.iter().map(|a| format!("docs/runbooks/{a}.md")).collect();
    assert_eq!(links, expected);
    let files = fs::read_dir(root().join("docs/runbooks")).expect("runbooks").flatten();
    let files: BTreeSet<String> = files.map(|f| format!("docs/runbooks/{}", f.file_name().display())).collect();
    assert_eq!(files, expected);
    let tests = read("deploy/prometheus/rules_test.yaml");
    for alert in &alerts {
        let fires =
            tests.split(&format!("alertname: {alert}\n")).skip(1).any(|t| t.trim_start().starts_with("exp_alerts:\n"));
        assert!(fires, "no test makes {alert} fire");
    }
}

#[test]
fn the_boards_ask_for_metrics_and_labels_that_exist_and_link_to_each_other() {
    let folder = root().join("deploy/grafana/dashboards");
    let (mut wrong, mut queries, mut titles) = (vec![], 0, BTreeSet::new());
    for file in fs::read_dir(folder).expect("boards").flatten() {
        let board: Value = serde_json::from_str(&fs::read_to_string(file.path()).expect("a board")).expect("JSON");
        let title = board["title"].as_str().expect("a title").to_owned();
        let mut ids = BTreeSet::new();
        for panel in board["panels"].as_array().expect("panels") {
            let name = format!("{title} / {}", panel["title"].as_str().unwrap_or_default());
            assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{name}: its id stands twice");
            if panel["type"] == "row" {
                continue;
            }
            assert!(panel["description"].as_str().is_some_and(|d| d.len() > 20), "{name}: no description");
            assert!(
                panel["fieldConfig"]["defaults"]["unit"].is_string() || panel["type"] == "table",
                "{name}: no unit"
            );
            for target in panel["targets"].as_array().expect("targets") {
                queries += check(&name, target["expr"].as_str().expect("a query"), &mut wrong);
            }
        }
        assert!(board["links"].as_array().is_some_and(|l| !l.is_empty()), "{title} links to no other board");
        titles.insert(title);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(queries > 40 && titles.len() == 4, "{queries} queries on {titles:?}");
}
