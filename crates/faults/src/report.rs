//! What is said of each fault, and in the end.

use std::collections::BTreeMap;
use std::time::Duration;

/// Faults with the time that the work took to get over them.
#[derive(Debug, Default)]
pub(crate) struct Report {
    recovered: BTreeMap<String, Vec<Duration>>,
    pub(crate) problems: Vec<String>,
}

impl Report {
    pub(crate) fn recovered(&mut self, kind: String, time: Duration) {
        self.recovered.entry(kind).or_default().push(time);
    }

    pub(crate) fn problem(&mut self, at: Duration, problem: String) {
        println!("{:>7.1} s  PROBLEM {problem}", at.as_secs_f64());
        self.problems.push(problem);
    }

    /// Prints the table; whether nothing was wrong.
    pub(crate) fn print(&self) -> bool {
        println!("\n{:<28} {:>6} {:>9} {:>9}", "fault", "count", "p50 s", "max s");
        let mut all: Vec<Duration> = vec![];
        for (kind, times) in &self.recovered {
            line(kind, times);
            all.extend(times);
        }
        line("all", &all);
        println!("\n{} problems", self.problems.len());
        for problem in &self.problems {
            println!("- {problem}");
        }
        self.problems.is_empty()
    }
}

fn line(kind: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let seconds = |time: Option<&Duration>| time.map_or(0.0, Duration::as_secs_f64);
    let (middle, last) = (seconds(times.get(times.len() / 2)), seconds(times.last()));
    println!("{kind:<28} {:>6} {middle:>9.1} {last:>9.1}", times.len());
}
