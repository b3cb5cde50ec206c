//! Articles from files, decided on all cores, handed on in the order of the input.

use dateline_model::ArticleError;
use rayon::prelude::*;

use super::args::PlainArgs;
use crate::decide::{Decided, Decider};
use crate::input::{PlainText, Source, Text, Windows, read_plain};
use crate::output::{Flow, Progress};

/// What became of an article, made ready on the core that decided it.
pub(super) type Ready<T> = Result<T, ArticleError>;

/// Reads all inputs and decides their articles in parallel: `ready` runs there, `each` here, in the order of the input.
/// True when everything that was
/// wanted could be read: after a closed pipe nothing more is.
pub(super) fn for_each<T: Send>(
    files: &[std::path::PathBuf],
    plain: &PlainArgs,
    decider: &Decider,
    ready: impl Fn(Decided) -> T + Sync,
    mut each: impl FnMut(Vec<T>) -> anyhow::Result<Flow>,
) -> anyhow::Result<bool> {
    let sources = Source::of_args(files);
    let total: Option<u64> = sources.iter().map(Source::size).sum();
    let mut progress = Progress::new(total);
    let mut clean = true;
    if plain.text {
        anyhow::ensure!(
            plain.id.is_none() || sources.len() == 1,
            "--id names one article, but there are several files"
        );
        for (i, source) in sources.iter().enumerate() {
            let read = read_plain(source, decider.max_bytes()).map_err(|e| e.to_string());
            let decided = read.map(|bytes| decide_plain(&bytes, plain, decider, i as i64 + 1));
            match decided {
                Ok(Ok(d)) => {
                    if each(vec![ready(d)])? == Flow::Closed {
                        return Ok(true);
                    }
                }
                Ok(Err(e)) => {
                    clean = false;
                    progress.message(format!("{}: {e}", source.name()));
                }
                Err(e) => {
                    clean = false;
                    progress.message(format!(
                        "{}: cannot be read ({e}): name a readable file, or - for stdin",
                        source.name()
                    ));
                }
            }
        }
        return Ok(clean);
    }
    let names: Vec<String> = sources.iter().map(Source::name).collect();
    for window in Windows::new(sources, decider.max_bytes()) {
        let decided: Vec<Ready<T>> = window
            .items
            .par_iter()
            .map(|item| match &item.line.text {
                Text::Bytes(bytes) => decider.json(bytes, None, item.ordinal as i64).map(&ready),
                Text::TooLong(len) => Err(decider.too_large(*len)),
            })
            .collect();
        let mut good = Vec::with_capacity(decided.len());
        for (item, result) in window.items.iter().zip(decided) {
            match result {
                Ok(t) => good.push(t),
                Err(e) => {
                    clean = false;
                    progress.message(format!("{}:{}: {e}", names[item.source], item.line.number));
                }
            }
        }
        for (source, why) in &window.failed {
            clean = false;
            progress.message(format!("{}: {why}: name a readable file, or - for stdin", names[*source]));
        }
        progress.advance(window.items.iter().map(|i| i.line.taken).sum(), window.items.len() as u64);
        if each(good)? == Flow::Closed {
            clean = true;
            break;
        }
    }
    progress.finish();
    Ok(clean)
}

fn decide_plain(bytes: &[u8], plain: &PlainArgs, decider: &Decider, offset: i64) -> Result<Decided, ArticleError> {
    use dateline_model::ErrorClass;
    if bytes.len() > decider.max_bytes() {
        return Err(decider.too_large(bytes.len() as u64));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let problem = format!("byte {} is no UTF-8: send the article as UTF-8", e.valid_up_to());
        ArticleError::new(ErrorClass::InvalidUtf8, "article", problem)
    })?;
    let about = PlainText {
        published_at: plain.published_at.clone(),
        id: plain.id.clone(),
        source: plain.source.clone(),
        url: plain.url.clone(),
    };
    decider.article(about.article(text), 0, None, offset)
}
