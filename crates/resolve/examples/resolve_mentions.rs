//! Mention messages, one a line on stdin, become record revisions, one a line on stdout.

use std::io::{BufRead, Write};

use dateline_model::Message;
use dateline_resolve::{Partition, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut partitions = std::collections::BTreeMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let message = Message::decode(line?.as_bytes())?;
        let key = match &message {
            Message::Mention(m) => m.partition_key(),
            Message::Retract(_) => continue,
        };
        let partition = partitions.entry(key).or_insert_with(|| Partition::new(Settings::default()));
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
