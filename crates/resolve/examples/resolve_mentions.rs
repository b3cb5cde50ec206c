//! Mention messages, one a line on stdin, become record revisions, one a line on stdout. With a file of articles as
//! argument, mentions without a sketch get that of their article's title and body.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use dateline_model::{Article, Message};
use dateline_resolve::{Partition, Settings, sketch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut articles = BTreeMap::new();
    if let Some(file) = std::env::args().nth(1) {
        for line in std::fs::read_to_string(file)?.lines() {
            let article = Article::decode(line.as_bytes())?.article;
            articles.insert(article.id.clone(), article);
        }
    }
    let mut partitions = BTreeMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let mut message = Message::decode(line?.as_bytes())?;
        let Message::Mention(m) = &mut message else { continue };
        if let (None, Some(a)) = (&m.article.sketch, articles.get(&m.article.id)) {
            m.article.sketch = sketch(a.title.as_deref().unwrap_or(""), a.body.as_deref().unwrap_or(""));
        }
        let partition = partitions.entry(m.partition_key()).or_insert_with(|| Partition::new(Settings::default()));
        for p in partition.apply(&message, 0).publications {
            writeln!(out, "{}", serde_json::to_string(&p.record)?)?;
        }
        partition.committed();
    }
    for p in partitions.values_mut().flat_map(Partition::flush) {
        writeln!(out, "{}", serde_json::to_string(&p.record)?)?;
    }
    Ok(())
}
