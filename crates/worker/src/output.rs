//! Standard output is data, standard error is messages; a closed pipe ends the program quietly.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Open,
    /// The reader of the pipe has gone: nothing more is wanted.
    Closed,
}

/// Data on standard output.
pub struct Data(BufWriter<io::Stdout>);

impl Default for Data {
    fn default() -> Self {
        Self(BufWriter::with_capacity(256 * 1024, io::stdout()))
    }
}

impl Data {
    /// Writes bytes; they may stay in the buffer.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<Flow> {
        flow(self.0.write_all(bytes))
    }

    /// Hands the buffer over to the reader.
    pub fn flush(&mut self) -> io::Result<Flow> {
        flow(self.0.flush())
    }
}

fn flow(result: io::Result<()>) -> io::Result<Flow> {
    match result {
        Ok(()) => Ok(Flow::Open),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(Flow::Closed),
        Err(e) => Err(e),
    }
}

/// Writes a text to standard output at once.
pub fn print(text: &str) -> io::Result<()> {
    let mut data = Data::default();
    data.write(text.as_bytes())?;
    data.flush().map(|_| ())
}

/// Writes one line to standard error. That nobody reads it is no error.
pub fn message(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// How long work may take before a bar appears.
const PATIENCE: Duration = Duration::from_secs(2);

/// Messages and a progress bar on standard error, where that is a terminal: the bar appears when the work is long.
pub struct Progress {
    bar: Option<ProgressBar>,
    total: Option<u64>,
    done: u64,
    counted: u64,
    /// What is counted.
    what: &'static str,
    template: &'static str,
    begin: Instant,
    wanted: bool,
}

impl Progress {
    /// Of lines; it stays away where the data goes to a terminal. `total`: bytes of all inputs, where they are known.
    pub fn new(total: Option<u64>) -> Self {
        let wanted = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let template = if total.is_some() {
            "{wide_bar} {bytes}/{total_bytes} {msg} eta {eta}"
        } else {
            "{spinner} {bytes} {msg}"
        };
        Self { bar: None, total, done: 0, counted: 0, what: "lines", template, begin: Instant::now(), wanted }
    }

    /// Of work whose data is printed at its end: `total` steps in which `what` are counted.
    pub fn steps(total: u64, what: &'static str) -> Self {
        let (template, wanted) = ("{wide_bar} {percent}% {msg} eta {eta}", io::stderr().is_terminal());
        Self { bar: None, total: Some(total), done: 0, counted: 0, what, template, begin: Instant::now(), wanted }
    }

    /// So many bytes (or steps) and lines (or what is counted) more are done.
    pub fn advance(&mut self, bytes: u64, lines: u64) {
        self.done += bytes;
        self.counted += lines;
        if self.wanted && self.bar.is_none() && self.begin.elapsed() >= PATIENCE {
            self.bar = Some(bar(self.total, self.template));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
            let rate = self.counted as f64 / self.begin.elapsed().as_secs_f64();
            bar.set_message(format!("{} {}, {rate:.0}/s", self.counted, self.what));
        }
    }

    /// A message above the bar.
    pub fn message(&self, text: impl Display) {
        match &self.bar {
            Some(bar) => bar.suspend(|| message(text)),
            None => message(text),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>, template: &str) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
