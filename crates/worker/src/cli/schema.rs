//! `dateline schema [NAME]`.

use std::fmt::Write as _;

use anyhow::bail;
use dateline_model::schemas;

use super::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let all = schemas::all();
    let names: Vec<&str> = all.iter().map(|(file, _)| file.trim_end_matches(".json")).collect();
    let Some(wanted) = &args.name else {
        let list = names.iter().fold(String::new(), |mut list, name| {
            let _ = writeln!(list, "{name}");
            list
        });
        output::print(&list)?;
        return Ok(Exit::Done);
    };
    let wanted = wanted.trim_end_matches(".json");
    match all.iter().zip(&names).find(|(_, name)| **name == wanted) {
        Some(((_, schema), _)) => output::print(&schemas::text(schema))?,
        None => bail!("there is no schema {wanted:?}: the schemas are {}", names.join(", ")),
    }
    Ok(Exit::Done)
}
