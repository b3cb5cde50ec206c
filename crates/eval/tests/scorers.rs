//! Holds this crate's figures against the reference scorers, on the same gold and the same mentions. Scorers and gold belong to
//! nobody's working copy: where they are not beside it, each test shows as ignored, with the reason.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dateline_eval::{Case, Field, GoldArticle, event_figures, visit_figures};
use dateline_extract::{Context, Engine};
use dateline_model::{Article, Version};
use libtest_mimic::{Arguments, Completion, Trial};
use serde_json::Value;

/// How far a figure may be from the reference.
const NEAR: f64 = 0.03;

fn main() -> std::process::ExitCode {
    let visits = ["visits_dev", "visits_corpus", "articles_dev"].map(|g| (g, "visits"));
    let events = ["articles_dev", "events_corpus"].map(|g| (g, "events"));
    let trials = visits.into_iter().chain(events).map(|(gold, kind)| {
        Trial::ignorable_test(format!("{kind}_of_{gold}_score_as_the_reference_does"), move || match folder() {
            Err(reason) => Ok(Completion::ignored_with(reason)),
            Ok(folder) => {
                compare(&folder, gold, kind).map(|()| Completion::Completed).map_err(|e| e.to_string().into())
            }
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// The folder with `eval/` and `gold/`: the one named by DATELINE_TEST_GOLD, else `shared` beside the working copy.
fn folder() -> Result<PathBuf, String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("DATELINE_TEST_GOLD").map_or_else(beside, PathBuf::from);
    let needed = ["eval/score_visits.py", "eval/score_events.py", "gold"];
    if let Some(missing) = needed.iter().find(|n| !folder.join(n).exists()) {
        return Err(format!(
            "{} is not there: name the folder of scorers and gold in DATELINE_TEST_GOLD",
            folder.join(missing).display()
        ));
    }
    if Command::new("python3").arg("--version").output().is_err() {
        return Err("python3 not found: install it to run the reference scorers".to_owned());
    }
    Ok(folder)
}

fn compare(folder: &Path, gold: &str, kind: &str) -> Result<(), Box<dyn Error>> {
    let gold = folder.join(format!("gold/{gold}.jsonl"));
    let engine = Engine::builtin()?;
    let (mut cases, mut lines) = (vec![], String::new());
    for line in fs::read_to_string(&gold)?.lines().filter(|l| !l.trim().is_empty()) {
        let article = Article::decode(line.as_bytes())?.article;
        let found = engine.extract(&article, &Context { version: Version { ms: 0, offset: 0 }, anchor: None });
        lines += &serde_json::to_string(&found.line())?;
        lines.push('\n');
        let text = article.body.unwrap_or_default();
        let gold = GoldArticle::read(line.as_bytes())?;
        cases.push(Case { gold, title: article.title, text, visits: found.visits, events: found.events });
    }
    let scratch = tempfile::tempdir()?;
    let predictions = scratch.path().join("predictions.jsonl");
    fs::write(&predictions, lines)?;
    let scorer = folder.join(format!("eval/score_{kind}.py"));
    let ran = Command::new("python3").arg(scorer).arg(&gold).arg(&predictions).arg("--json").output()?;
    let reference: Value =
        serde_json::from_slice(&ran.stdout).map_err(|e| format!("{e}: {}", String::from_utf8_lossy(&ran.stderr)))?;
    let mut figures: Vec<(String, f64, Option<f64>)> = vec![];
    let mut figure = |path: &[&str], own: f64| {
        let other = path.iter().try_fold(&reference, |v, key| v.get(*key)).and_then(Value::as_f64);
        figures.push((path.join("."), own, other));
    };
    let (counts, strict) = if kind == "visits" {
        let f = visit_figures(&cases, 0.0).ok_or("no visit is labelled")?;
        figure(&["dated_strict"], f.dated_strict());
        for field in Field::ALL {
            f.accuracy(field).into_iter().for_each(|x| figure(&["fields", field.as_str()], x));
            f.value_f1(field).into_iter().for_each(|x| figure(&["value_f1", field.as_str()], x));
        }
        (f.counts, f.strict_f1())
    } else {
        let f = event_figures(&cases, 0.0).ok_or("no event is labelled")?;
        (f.counts, f.strict_f1())
    };
    figure(&["precision"], counts.precision());
    figure(&["recall"], counts.recall());
    figure(&["f1"], counts.f1());
    figure(&["strict_f1"], strict);
    for (name, own, other) in figures {
        let other = other.ok_or_else(|| format!("the reference has no {name}"))?;
        if (own - other).abs() > NEAR {
            return Err(format!("{name} is {own:.4}, the reference says {other:.4}").into());
        }
    }
    Ok(())
}
