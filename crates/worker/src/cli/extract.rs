//! `dateline extract [FILES|-]`.

use std::io::IsTerminal as _;
use std::sync::Arc;

use dateline_extract::{Annotations, Context, Engine, Line};
use serde::Serialize;

use super::args::ExtractArgs;
use super::articles::for_each;
use crate::config::settings::Anchor;
use crate::config::{Loaded, Settings};
use crate::decide::{Decided, Decider};
use crate::exit::Exit;
use crate::explain::{Look, explain};
use crate::live::sources;
use crate::output::{Data, Flow};

pub(super) fn run(args: &ExtractArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let engine = Arc::new(Engine::load(&sources(&loaded.settings))?);
    let decider = decider_over(Arc::clone(&engine), &loaded.settings).without_sketches();
    let look = Look::of_terminal(std::io::stdout().is_terminal());
    let line = |decided: Decided| -> Vec<u8> {
        if args.explain {
            return explain(&decided.article, &decided.extraction, look).into_bytes();
        }
        let line = decided.extraction.line();
        let mut line = if args.annotations {
            let context = Context { version: decided.extraction.article.version, anchor: None };
            serde_json::to_vec(&Annotated { line, annotations: engine.annotate(&decided.article, &context) })
        } else {
            serde_json::to_vec(&line)
        }
        .unwrap_or_default();
        line.push(b'\n');
        line
    };
    let mut data = Data::default();
    let clean = for_each(&args.files, &args.plain, &decider, line, |lines| {
        for line in lines {
            if data.write(&line)? == Flow::Closed {
                return Ok(Flow::Closed);
            }
        }
        Ok(data.flush()?)
    })?;
    Ok(if clean { Exit::Done } else { Exit::Failed })
}

/// An output line with what was found on the way.
#[derive(Serialize)]
struct Annotated<'a> {
    #[serde(flatten)]
    line: Line<'a>,
    annotations: Annotations,
}

/// The decider that the configuration asks for.
pub(super) fn decider(settings: &Settings) -> anyhow::Result<Decider> {
    Ok(decider_over(Arc::new(Engine::load(&sources(settings))?), settings))
}

pub(super) fn decider_over(engine: Arc<Engine>, settings: &Settings) -> Decider {
    let on_record = settings.time.anchor == Anchor::RecordTimestamp;
    Decider::new(engine, settings.article.max_bytes.0 as usize, on_record).keeping(settings.extract.min_confidence)
}
