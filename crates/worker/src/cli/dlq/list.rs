//! `dateline dlq list`: one line a class and source.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::queue::{NO_SOURCE, Place, Queue, Seen, place};
use crate::cli::args::operate::FilterArgs;
use crate::cli::time;
use crate::exit::Exit;
use crate::output;

/// Letters of one class and source: where they are, and when they were written.
type Groups = BTreeMap<(String, String), Vec<(Place, i64)>>;

pub(super) fn run(queue: &Queue, filter: &FilterArgs, limit: usize) -> anyhow::Result<Exit> {
    let mut groups = Groups::new();
    let seen = queue.each(&queue.extent(filter)?, filter, |letter, source| {
        let key = (letter.class().to_owned(), source.unwrap_or_else(|| NO_SOURCE.to_owned()));
        groups.entry(key).or_default().push((place(&letter), letter.record().timestamp_ms));
    })?;
    if seen.foreign > 0 {
        output::message(format!("{}: {} records are no dead letters and are left out", queue.topic, seen.foreign));
    }
    if groups.is_empty() {
        output::message(format!("{}: no dead letters", queue.topic));
    } else {
        output::print(&table(&groups, &seen, limit))?;
    }
    Ok(Exit::Done)
}

fn table(groups: &Groups, seen: &Seen, limit: usize) -> String {
    let mut rows: Vec<_> = groups.iter().collect();
    rows.sort_by_key(|(_, letters)| std::cmp::Reverse(letters.len()));
    rows.truncate(limit);
    let width = |of: fn(&(String, String)) -> &String, least: usize| {
        rows.iter().map(|(key, _)| of(key).chars().count()).max().unwrap_or(0).max(least)
    };
    let (class, source) = (width(|k| &k.0, 5), width(|k| &k.1, 6));
    let mut text = format!(
        "{:class$}  {:source$}  {:>7}  {:>10}  {:20}  LAST\n",
        "CLASS", "SOURCE", "LETTERS", "SENT AGAIN", "FIRST"
    );
    for ((c, s), letters) in rows {
        let again = letters.iter().filter(|(place, _)| seen.redriven.contains(place)).count();
        let times = letters.iter().map(|(_, ms)| *ms);
        let first = time(times.clone().min().unwrap_or_default());
        let last = time(times.max().unwrap_or_default());
        let _ = writeln!(text, "{c:class$}  {s:source$}  {:>7}  {again:>10}  {first:20}  {last}", letters.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_group_comes_first() {
        let t = 1_746_489_600_000;
        let groups = Groups::from([
            (("bad_date".to_owned(), "wire.test".to_owned()), vec![((0, 4), t + 5000)]),
            (("not_json".to_owned(), "-".to_owned()), vec![((0, 1), t), ((2, 1), t + 61_000), ((1, 0), t + 1000)]),
        ]);
        let seen = Seen { redriven: [(0, 1), (0, 4)].into(), foreign: 0 };
        let expected = "\
CLASS     SOURCE     LETTERS  SENT AGAIN  FIRST                 LAST
not_json  -                3           1  2025-05-06T00:00:00Z  2025-05-06T00:01:01Z
bad_date  wire.test        1           1  2025-05-06T00:00:05Z  2025-05-06T00:00:05Z
";
        assert_eq!(table(&groups, &seen, 10), expected);
        assert_eq!(table(&groups, &seen, 1).lines().count(), 2);
    }
}
