//! Labelled articles on standard input, the same stories by another cast on standard output: `swap SEED < GOLD.jsonl`.
#![allow(clippy::print_stdout)]
use dateline_gazetteer::Gazetteer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seed = std::env::args().nth(1).ok_or("give a seed")?.parse()?;
    let articles = std::io::stdin().lines().map(|l| Ok(serde_json::from_str(&l?)?));
    let articles = articles.collect::<Result<Vec<serde_json::Value>, Box<dyn std::error::Error>>>()?;
    for told in dateline_eval::swap(&articles, &Gazetteer::load()?, seed) {
        println!("{told}");
    }
    Ok(())
}
