//! `dateline eval GOLD`: extraction held against labelled articles.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use dateline_eval::{Case, GoldArticle, check_evidence, errors, losses, scoreboard};
use dateline_extract::{Engine, Stage};
use dateline_gazetteer::Gazetteer;
use rayon::prelude::*;

use super::args::EvalArgs;
use super::extract::decider_over;
use crate::config::Loaded;
use crate::decide::Decider;
use crate::exit::Exit;
use crate::live::sources;
use crate::output;

/// Most problems of evidence that are listed.
const LISTED: usize = 20;

pub(super) fn run(args: &EvalArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let mut engine = Engine::load(&sources(&loaded.settings))?;
    let rules: BTreeSet<String> = engine.rule_names().map(str::to_owned).collect();
    for part in &args.without {
        let stages = Stage::ALL.map(Stage::as_str).join(", ");
        anyhow::ensure!(engine.leave_out(part), "--without {part}: no rule of this name, nor a stage: {stages}");
    }
    let decider = decider_over(Arc::new(engine), &loaded.settings).without_sketches();
    let lines = read(&args.gold)?;
    if let Some(seed) = args.swap {
        return swapped(&lines, &decider, args, seed);
    }
    let cases = cases(&lines, &decider, &args.gold)?;
    let mut out = scoreboard(&cases, &rules);
    let mut exit = Exit::Done;
    if args.evidence {
        let report = check_evidence(&cases);
        let _ = writeln!(
            out,
            "\nevidence {:.4} ({} of {} values), {} of {} quotes wrong",
            report.share(),
            report.proved,
            report.values,
            report.bad_quotes,
            report.quotes
        );
        for (path, n) in &report.unproved {
            let _ = writeln!(out, "  {path}: {n} without a quote");
        }
        for problem in report.problems.iter().take(LISTED) {
            let _ = writeln!(out, "  {problem}");
        }
        if !report.problems.is_empty() {
            exit = Exit::Failed;
        }
    }
    if args.errors > 0 {
        out.push('\n');
        out += &errors(&cases, args.errors);
    }
    output::print(&out)?;
    Ok(exit)
}

/// The same articles by another cast: what is lost.
fn swapped(lines: &[(usize, Vec<u8>)], decider: &Decider, args: &EvalArgs, seed: u64) -> anyhow::Result<Exit> {
    let path = &args.gold;
    let gazetteer = Gazetteer::load()?;
    let articles =
        lines.iter().map(|(n, line)| serde_json::from_slice(line).with_context(|| format!("{}:{n}", path.display())));
    let told = dateline_eval::swap(&articles.collect::<anyhow::Result<Vec<_>>>()?, &gazetteer, seed);
    let told = lines.iter().zip(&told).map(|((n, _), v)| Ok((*n, serde_json::to_vec(v)?)));
    let told = told.collect::<anyhow::Result<Vec<_>>>()?;
    let (before, after) = (cases(lines, decider, path)?, cases(&told, decider, path)?);
    output::print(&(losses(&before, &after) + &errors(&after, args.errors)))?;
    Ok(Exit::Done)
}

/// Number and bytes of each line that holds something.
fn read(path: &Path) -> anyhow::Result<Vec<(usize, Vec<u8>)>> {
    let bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let lines = bytes.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty());
    Ok(lines.map(|(i, l)| (i + 1, l.to_vec())).collect())
}

/// Reads labels and article of each line, and extracts from it.
fn cases(lines: &[(usize, Vec<u8>)], decider: &Decider, path: &Path) -> anyhow::Result<Vec<Case>> {
    let case = |(n, line): &(usize, Vec<u8>)| -> anyhow::Result<Case> {
        let place = || format!("{}:{n}", path.display());
        let gold = GoldArticle::read(line).with_context(place)?;
        let decided = decider.json(line, None, *n as i64).with_context(place)?;
        let article = decided.article;
        let text = match (article.body, article.html) {
            (Some(body), _) => body,
            (None, Some(html)) => dateline_text::html_text(&html),
            (None, None) => String::new(),
        };
        let (visits, events) = (decided.extraction.visits, decided.extraction.events);
        Ok(Case { gold, title: article.title, text, visits, events })
    };
    lines.par_iter().map(case).collect()
}
