//! `dateline clean FILE`: the main text of an HTML page, in which evidence `html_text` counts its offsets.

use std::io::Read as _;

use anyhow::Context as _;

use super::args::CleanArgs;
use crate::exit::Exit;
use crate::input::Source;
use crate::output;

pub(super) fn run(args: &CleanArgs) -> anyhow::Result<Exit> {
    let sources = Source::of_args(std::slice::from_ref(&args.file));
    let source = sources.first().context("no file")?;
    let mut bytes = Vec::new();
    let read = source.open().and_then(|mut input| input.read_to_end(&mut bytes));
    read.with_context(|| format!("{}: cannot be read: name a readable file, or - for stdin", source.name()))?;
    let html = String::from_utf8(bytes).with_context(|| format!("{}: no UTF-8: convert it first", source.name()))?;
    output::print(&dateline_text::html_text(&html))?;
    Ok(Exit::Done)
}
