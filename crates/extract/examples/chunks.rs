//! Prints chunks, clauses and fired rules of a text on standard input: what rules are written over.
#![allow(clippy::print_stdout)]
use std::io::Read as _;

use dateline_model::Article;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let article = Article {
        id: String::new(),
        url: None,
        source: None,
        title: None,
        body: Some(text),
        html: None,
        published_at: None,
        updated_at: None,
        language: None,
    };
    println!("{}", dateline_extract::Engine::builtin()?.describe(&article));
    Ok(())
}
