//! The documents say what is so: links lead somewhere, named paths, tests and metrics exist, the README's record is what the
//! program makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// All documents, by their path from the root.
fn documents() -> Vec<String> {
    let mut found: Vec<String> = ["README.md", "ARCHITECTURE.md", "crates/README.md"].map(str::to_owned).into();
    for folder in ["docs", "docs/runbooks"] {
        for entry in fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}")).flatten() {
            if entry.path().extension().is_some_and(|e| e == "md") {
                found.push(format!("{folder}/{}", entry.file_name().display()));
            }
        }
    }
    found.sort();
    found
}

/// What stands between `open` and `close`, on one line.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    text.lines().flat_map(move |line| line.split(open).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0)))
}

/// Code spans outside of code blocks.
fn code_spans(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            prose += line;
            prose.push('\n');
        }
    }
    assert!(prose.matches('`').count().is_multiple_of(2), "a code span is not closed");
    prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// All Rust sources below a folder, as one text.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
        let path = entry.path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all += &fs::read_to_string(&path).expect("a source");
        }
    }
    all
}

#[test]
fn every_link_inside_the_project_leads_somewhere() {
    let mut dead = vec![];
    for document in documents() {
        let folder = root().join(&document).parent().expect("a folder").to_owned();
        for link in between(&read(&document), "](", ')') {
            let path = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !path.is_empty() && !folder.join(path).exists() {
                dead.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn every_path_that_a_document_names_exists() {
    let folders = ["crates/", "config/", "deploy/", "docs/", "schemas/", "tests/", ".ci/"];
    let mut missing = vec![];
    for document in documents() {
        for span in code_spans(&read(&document)) {
            let named = folders.iter().any(|f| span.starts_with(f)) && !span.contains([' ', '*', '<']);
            if named && !root().join(&span).exists() {
                missing.push(format!("{document}: {span}"));
            }
        }
    }
    assert!(missing.is_empty(), "named, but not there:\n{}", missing.join("\n"));
}

#[test]
fn every_test_that_the_guarantees_name_exists() {
    let all = sources(&root().join("crates")) + &sources(&root().join("tests/it"));
    let mut named = 0;
    for span in code_spans(&read("docs/guarantees.md")) {
        let on_broker = span.starts_with("runner::") || span.starts_with("worker::");
        let test = span.matches('_').count() >= 4 && span.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if on_broker && span.len() > 12 {
            // the worker's tests on the broker get their prefix where they are listed
            let own = span.strip_prefix("worker::").unwrap_or(&span);
            let listed = [own, &span].iter().any(|name| all.contains(&format!("\"{name}\"")));
            assert!(listed, "no test is named {span}");
        } else if test {
            assert!(all.contains(&format!("fn {span}(")), "no test is named {span}");
        }
        named += usize::from(on_broker || test);
    }
    assert!(named > 20, "only {named} tests are named");
}

#[test]
fn the_readme_shows_the_record_that_the_program_makes() {
    let readme = read("README.md");
    let shown = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a record");
    let shown: Value = serde_json::from_str(shown).expect("the record is JSON");
    let article = read("crates/worker/demo/articles.jsonl").lines().next().expect("an article").to_owned();
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), article).expect("an article is written");
    let output = Command::new(env!("CARGO_BIN_EXE_dateline-under-test")).arg("resolve").arg(file.path()).output();
    let output = output.expect("the program runs");
    let made = String::from_utf8(output.stdout).expect("UTF-8");
    let made: Value = serde_json::from_str(made.lines().next().expect("a record is made")).expect("JSON");
    let mut different = vec![];
    compare("", &shown, &made, &mut different);
    assert!(different.is_empty(), "README.md shows another record:\n{}", different.join("\n"));
}

/// All that is shown is in what was made: fields may be left out, entries of a list too, numbers may be rounded.
fn compare(path: &str, shown: &Value, made: &Value, different: &mut Vec<String>) {
    match (shown, made) {
        (Value::Object(shown), Value::Object(made)) => {
            for (key, value) in shown {
                compare(&format!("{path}.{key}"), value, made.get(key).unwrap_or(&Value::Null), different);
            }
        }
        (Value::Array(shown), Value::Array(made)) => {
            for (i, value) in shown.iter().enumerate() {
                let fits = |candidate: &Value| {
                    let mut wrong = vec![];
                    compare("", value, candidate, &mut wrong);
                    wrong.is_empty()
                };
                if !made.iter().any(fits) {
                    different.push(format!("{path}[{i}]: {value} is not there"));
                }
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            if (a - b).abs() > 0.005 {
                different.push(format!("{path}: {a} is shown, {b} is made"));
            }
        }
        _ if shown == made => {}
        _ => different.push(format!("{path}: {shown} is shown, {made} is made")),
    }
}
