//! What can be written for the commands of who operates a deployment.

use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use dateline_model::Timestamp;

use super::BrokerArgs;
use crate::config::units::Span;
use crate::telemetry::table::dlq_classes;
use crate::telemetry::tally::now_ms;

#[derive(Debug, Args)]
pub(in crate::cli) struct DlqArgs {
    #[command(subcommand)]
    pub(in crate::cli) action: DlqAction,
    #[command(flatten)]
    pub(in crate::cli) broker: BrokerArgs,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DlqAction {
    /// One line a class and source: how many letters there are, how many of them were sent again, the first and the last one.
    List {
        #[command(flatten)]
        filter: FilterArgs,
        /// At most so many lines, the largest first.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Print letters, the newest first: error, headers, bytes, and what would become of them today.
    Show {
        #[command(flatten)]
        filter: FilterArgs,
        /// At most so many letters.
        #[arg(long, value_name = "N", default_value_t = 10)]
        limit: usize,
        /// All bytes of a letter, not the first 2,000 only.
        #[arg(long)]
        full: bool,
    },
    /// Send letters back to the topic that they came from, the oldest first, each exactly once.
    Redrive {
        #[command(flatten)]
        filter: FilterArgs,
        /// At most so many letters.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        /// Only say what would be sent.
        #[arg(long)]
        dry_run: bool,
        /// At most so many letters a second.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        rate: Option<u32>,
    },
}

/// Which letters.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct FilterArgs {
    /// Only letters of this class.
    #[arg(long, value_parser = PossibleValuesParser::new(dlq_classes()))]
    pub(in crate::cli) class: Option<String>,
    /// Only letters of this source, as `dlq list` prints it.
    #[arg(long)]
    pub(in crate::cli) source: Option<String>,
    /// Only letters written since: 6h (ago), 2026-03-01 or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(in crate::cli) since: Option<i64>,
    /// Only letters written before: 6h (ago), 2026-03-01 or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(in crate::cli) until: Option<i64>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct StatusArgs {
    /// Address of the worker's /livez, /readyz and /metrics (default: admin.address).
    #[arg(long, value_name = "HOST:PORT")]
    pub(in crate::cli) admin: Option<String>,
    /// Draw the screen anew every two seconds.
    #[arg(long)]
    pub(in crate::cli) watch: bool,
    /// Print nothing; exit 0 when the worker is live (or ready), else 1.
    #[arg(long, value_name = "WHAT", conflicts_with = "watch")]
    pub(in crate::cli) check: Option<Check>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Check {
    /// Every stage's thread steps.
    Live,
    /// The first assignment of every stage is restored.
    Ready,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct TraceArgs {
    /// Id of the article.
    #[arg(value_name = "ARTICLE_ID")]
    pub(in crate::cli) article_id: String,
    #[command(flatten)]
    pub(in crate::cli) broker: BrokerArgs,
    /// How far to look back: 6h (ago), 2026-03-01 or RFC 3339.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = moment)]
    pub(in crate::cli) since: i64,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell.
    pub(in crate::cli) shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shell {
    /// Bash: put it into /etc/bash_completion.d/dateline.
    Bash,
    /// Zsh: put it as _dateline into a folder of $fpath.
    Zsh,
    /// Fish: put it into ~/.config/fish/completions/dateline.fish.
    Fish,
}

/// A moment in ms since the epoch: a length of time ago, or a point in time.
fn moment(text: &str) -> Result<i64, String> {
    if let Ok(Span(ago)) = text.parse() {
        return Ok(now_ms() - i64::try_from(Duration::as_millis(&ago)).unwrap_or(i64::MAX));
    }
    match Timestamp::parse(text) {
        Ok(time) => Ok(time.ms()),
        Err(_) => Err("no time: write how long ago (30m, 6h, 7d), a day (2026-03-01) or RFC 3339".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_ago_a_day_or_a_point_in_time() {
        let ago = now_ms() - moment("6h").unwrap();
        assert!((6 * 3_600_000..6 * 3_600_000 + 60_000).contains(&ago), "{ago}");
        assert_eq!(moment("2025-05-06"), Ok(1_746_489_600_000));
        assert_eq!(moment("2025-05-06T02:00:00+02:00"), Ok(1_746_489_600_000));
        for bad in ["yesterday", "6", "", "2025-13-01"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }
}
