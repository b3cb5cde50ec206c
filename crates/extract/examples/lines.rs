//! Articles as JSON lines on standard input, what the engine says of them on standard output.
#![allow(clippy::print_stdout)]
use dateline_extract::{Context, Engine};
use dateline_model::{Article, Version};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::builtin()?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let article = Article::decode(line.as_bytes())?.article;
        let context = Context { version: Version { ms: 0, offset: 0 }, anchor: None };
        println!("{}", serde_json::to_string(&engine.extract(&article, &context).line())?);
    }
    Ok(())
}
