//! What extraction costs, by step: `bench FILE [ROUNDS]` over articles as JSON lines.
//!
//! Of every step of every article the quickest of the rounds counts, so that other work on the machine tells little.
#![allow(clippy::print_stdout)]
use std::time::{Duration, Instant};

use dateline_extract::{Context, Engine, Step};
use dateline_model::{Article, Version};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The steps, and JSON before and after them.
const NAMES: [&str; 10] =
    ["decode", "language", "words", "chunks", "clauses", "entities", "rules", "visits", "events", "encode"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("bench FILE [ROUNDS]")?;
    let rounds: usize = args.next().map_or(Ok(5), |n| n.parse())?;
    let text = std::fs::read_to_string(file)?;
    let articles: Vec<&str> = text.lines().collect();
    let start = Instant::now();
    let engine = Engine::builtin()?;
    println!("{:>9.0} ms to load, {} MB after", start.elapsed().as_secs_f64() * 1e3, resident().unwrap_or(0) / 1024);
    let mut best = vec![[Duration::MAX; NAMES.len()]; articles.len()];
    for _ in 0..rounds {
        for (line, best) in articles.iter().zip(&mut best) {
            for (b, now) in best.iter_mut().zip(once(&engine, line)?) {
                *b = now.min(*b);
            }
        }
    }
    let total = |step: usize| best.iter().map(|b| b[step].as_secs_f64()).sum::<f64>();
    let all: f64 = (0..NAMES.len()).map(total).sum();
    for (step, name) in NAMES.iter().enumerate() {
        println!(
            "{name:>9} {:>8.2} us {:>5.1} %",
            total(step) * 1e6 / articles.len() as f64,
            total(step) * 100.0 / all
        );
    }
    println!(
        "{:>9.0} articles/s of {} bytes, {:.2} MB/s, {} MB at most",
        articles.len() as f64 / all,
        text.len() / articles.len().max(1),
        text.len() as f64 / all / 1e6,
        resident().unwrap_or(0) / 1024,
    );
    Ok(())
}

fn once(engine: &Engine, line: &str) -> Result<[Duration; NAMES.len()], Box<dyn std::error::Error>> {
    let mut out = [Duration::ZERO; NAMES.len()];
    let mut last = Instant::now();
    let mut lap = |step: usize| {
        let now = Instant::now();
        out[step] += now - std::mem::replace(&mut last, now);
    };
    let article = Article::decode(line.as_bytes())?.article;
    lap(0);
    let context = Context { version: Version { ms: 0, offset: 0 }, anchor: None };
    let number = |s: Step| Step::ALL.iter().position(|x| *x == s).unwrap_or(0) + 1;
    let extraction = engine.extract_watched(&article, &context, &mut |step| lap(number(step)));
    let json = serde_json::to_vec(&extraction.line())?;
    std::hint::black_box(json);
    lap(NAMES.len() - 1);
    Ok(out)
}

/// The most memory that the process ever had, in kB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
