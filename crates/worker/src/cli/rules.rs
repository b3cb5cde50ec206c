//! `dateline rules check [FILES]`.

use dateline_extract::Engine;

use super::args::{RulesAction, RulesArgs};
use crate::config::Loaded;
use crate::exit::Exit;
use crate::live::sources;
use crate::output;

pub(super) fn run(args: &RulesArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let RulesAction::Check { files } = &args.action;
    let mut sources = sources(&loaded.settings);
    sources.rule_files.extend(files.iter().cloned());
    let engine = Engine::load(&sources)?;
    let named: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
    let wanted = |file: &str| named.is_empty() || named.iter().any(|n| n == file);
    let checked = engine.check_examples(wanted);
    for failure in &checked.failures {
        output::message(failure);
    }
    let (rules, examples, failed) = (checked.rules, checked.examples, checked.failures.len());
    output::print(&format!("{rules} rules, {examples} examples, {failed} fail\n"))?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}
