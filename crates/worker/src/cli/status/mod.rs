//! `dateline status`: a running worker on one screen, told by its admin address.

mod http;
mod scrape;
mod screen;

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::thread;
use std::time::Duration;

use anyhow::bail;

use super::args::operate::{Check, StatusArgs};
use crate::config::{ConfigError, Loaded};
use crate::exit::Exit;
use crate::output::{Data, Flow};
use crate::telemetry::tally::now_ms;
use http::get;
use scrape::Scrape;
use screen::{Health, Look, screen};

/// Between the two scrapes that rates are taken of.
const BETWEEN: Duration = Duration::from_secs(1);

pub(super) fn run(args: &StatusArgs, settings: impl Fn() -> Result<Loaded, ConfigError>) -> anyhow::Result<Exit> {
    if let Some(check) = args.check {
        let path = match check {
            Check::Live => "/livez",
            Check::Ready => "/readyz",
        };
        // Nothing is printed: whoever runs a health check wants its exit code.
        let well = address(settings).is_ok_and(|address| get(&address, path).is_ok_and(|answer| answer.status == 200));
        return Ok(if well { Exit::Done } else { Exit::Failed });
    }
    let address = address(settings)?;
    let (mut data, terminal) = (Data::default(), std::io::stdout().is_terminal());
    let mut first = scrape(&address)?;
    loop {
        thread::sleep(BETWEEN);
        let text = match look(&address, &first) {
            Ok((look, second)) => {
                first = second;
                screen(&look)
            }
            // Whoever watches sees a restart.
            Err(e) if args.watch => format!("{e:#}\n"),
            Err(e) => return Err(e),
        };
        let mut page = String::new();
        if args.watch && terminal {
            page.push_str("\x1b[H\x1b[2J");
        }
        page.push_str(&text);
        if args.watch && !terminal {
            let _ = writeln!(page);
        }
        data.write(page.as_bytes())?;
        if data.flush()? == Flow::Closed || !args.watch {
            return Ok(Exit::Done);
        }
        thread::sleep(BETWEEN);
    }
}

fn address(settings: impl Fn() -> Result<Loaded, ConfigError>) -> anyhow::Result<String> {
    let address = settings()?.settings.admin.address;
    if address.is_empty() {
        bail!("no worker is named: give --admin HOST:PORT, the address that it was started with");
    }
    Ok(address)
}

fn scrape(address: &str) -> anyhow::Result<Scrape> {
    let answer = get(address, "/metrics")?;
    if answer.status != 200 || !answer.body.contains("dateline_build_info") {
        bail!("{address} answers, but is no admin address of a worker (/metrics: status {})", answer.status);
    }
    Ok(Scrape::parse(&answer.body))
}

fn look(address: &str, first: &Scrape) -> anyhow::Result<(Look, Scrape)> {
    let health = |path| -> anyhow::Result<Health> {
        let answer = get(address, path)?;
        Ok(Health { well: answer.status == 200, body: answer.body })
    };
    let (live, ready) = (health("/livez")?, health("/readyz")?);
    let second = scrape(address)?;
    let look =
        Look { address: address.to_owned(), live, ready, before: first.clone(), now: second.clone(), now_ms: now_ms() };
    Ok((look, second))
}
