//! What can be written on the command line.

pub(super) mod operate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use dateline_model::Timestamp;
use toml::Value;

use crate::config::Flag;
use crate::config::settings::{From, Role};
use crate::exit::EXIT_CODES;
use operate::{CompletionsArgs, DlqArgs, StatusArgs, TraceArgs};

/// Structured visits and events from a stream of news articles.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, max_term_width = 110, after_help = EXIT_CODES)]
pub(super) struct Cli {
    /// Configuration file (TOML); config/dateline.toml documents every key.
    #[arg(long, global = true, value_name = "FILE", env = "DATELINE_CONFIG")]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say what each article says: JSONL in, one line an article out; no broker needed.
    #[command(after_help = EXIT_CODES)]
    Extract(ExtractArgs),
    /// Resolve articles (or mention messages) to records: the stream of revisions, one line each; no broker needed.
    #[command(after_help = EXIT_CODES)]
    Resolve(ResolveArgs),
    /// Run the service: articles in, records out, exactly once.
    #[command(after_help = EXIT_CODES)]
    Run(RunArgs),
    /// Make the topics, or compare them with what they should be.
    Topics(TopicsArgs),
    /// List, show and send again what could not be read.
    #[command(after_help = EXIT_CODES)]
    Dlq(DlqArgs),
    /// Where an article went: its place, receipt, mentions, records, dead letters.
    Trace(TraceArgs),
    /// How a running worker is, on one screen; or a health check.
    Status(StatusArgs),
    /// Look at, check or make anew the state that resolution keeps in its changelog.
    #[command(after_help = EXIT_CODES)]
    State(StateArgs),
    /// Show the whole pipeline at work on a broker inside this process; nothing to install, nothing left behind.
    Demo(DemoArgs),
    /// Print the main text of an HTML page as extraction reads it.
    Clean(CleanArgs),
    /// Hold extraction against labelled articles: what is found, what is right, by field, source and rule.
    Eval(EvalArgs),
    /// Run the example sentences of rule files.
    Rules(RulesArgs),
    /// Check the configuration, or show it as it holds with the origin of each value.
    Config(ConfigArgs),
    /// Print the JSON Schema of a wire contract.
    Schema(SchemaArgs),
    /// Print a script by which a shell completes commands and flags.
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExtractArgs {
    /// Files with one JSON article a line; - is the standard input.
    #[arg(value_name = "FILES")]
    pub(super) files: Vec<PathBuf>,
    /// Show each article with its evidence marked, and the rule behind each value.
    #[arg(long)]
    pub(super) explain: bool,
    /// Also print what was found on the way: times (offsets, TIMEX3 type and value), entities with ids, clauses.
    #[arg(long, conflicts_with = "explain")]
    pub(super) annotations: bool,
    #[command(flatten)]
    pub(super) plain: PlainArgs,
}

#[derive(Debug, Args)]
pub(super) struct PlainArgs {
    /// Each file is one article in plain text: the first line is the title, the rest the body.
    #[arg(long)]
    pub(super) text: bool,
    /// When a plain text was published: RFC 3339 or YYYY-MM-DD.
    #[arg(long, value_name = "DATE", requires = "text", value_parser = Timestamp::parse)]
    pub(super) published_at: Option<Timestamp>,
    /// Id of a plain text.
    #[arg(long, requires = "text")]
    pub(super) id: Option<String>,
    /// Outlet of a plain text.
    #[arg(long, requires = "text")]
    pub(super) source: Option<String>,
    /// URL of a plain text.
    #[arg(long, requires = "text")]
    pub(super) url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ResolveArgs {
    /// Files with one JSON article (or mention message) a line; - is the standard input.
    #[arg(value_name = "FILES")]
    pub(super) files: Vec<PathBuf>,
    /// The lines are messages of the mentions topic; a field "timestamp" (ms) in a line moves the stream time.
    #[arg(long, conflicts_with_all = ["text", "stream_time"])]
    pub(super) mentions: bool,
    /// What moves the stream time, by which quiet records are sealed; without it it stands still.
    #[arg(long, value_name = "CLOCK")]
    pub(super) stream_time: Option<StreamTime>,
    /// Explain on stderr what each mention is held against, and which features join it or keep it apart.
    #[arg(long)]
    pub(super) why: bool,
    #[command(flatten)]
    pub(super) plain: PlainArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum StreamTime {
    /// The publication time of the articles.
    PublishedAt,
}

#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// Labelled articles, one a line: an article with "visits" and "events" as a reader labels them (docs/extraction.md).
    #[arg(value_name = "GOLD")]
    pub(super) gold: PathBuf,
    /// Also print so many missed and wrong visits and events each, with their quotes; none of the unread articles.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) errors: usize,
    /// Also check that every value has a quote, and that every quote is the exact slice; code 1 where one is not.
    #[arg(long)]
    pub(super) evidence: bool,
    /// Tell the same articles with other people, countries, cities and years, and print what that loses: whether extraction
    /// reads or remembers. An even seed moves them into the future, an odd one into the past.
    #[arg(long, value_name = "SEED", conflicts_with = "evidence")]
    pub(super) swap: Option<u64>,
    /// Leave out a rule, or a stage (title, grounded, point_back, pointers, moves, settle, purposes, surroundings, delegations,
    /// topics), so that one sees what it gains; may be given several times.
    #[arg(long, value_name = "RULE|STAGE")]
    pub(super) without: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    pub(super) action: RulesAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesAction {
    /// Exit 0 when every example is read by its rule and gives what it says.
    Check {
        /// Rule files on top of those of the build and of extract.rules_dir: only their examples are run; without files all.
        #[arg(value_name = "FILES")]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    pub(super) action: ConfigAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigAction {
    /// Exit 0 when file and environment hold no error.
    Check,
    /// Print the configuration as it holds, each value with its origin; secrets are masked.
    Show,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// article, mention, receipt, visit-record or event-record; without it their names are listed.
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
}

/// Flags of everything that talks to brokers.
#[derive(Debug, Args, Default)]
pub(super) struct BrokerArgs {
    /// Brokers: HOST:PORT, several with commas.
    #[arg(long, value_name = "HOST:PORT", global = true)]
    pub(super) brokers: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TopicsArgs {
    #[command(subcommand)]
    pub(super) action: TopicsAction,
    #[command(flatten)]
    pub(super) broker: BrokerArgs,
    /// Partitions of each topic [create: 12; check: any, as many mentions as state].
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(i32).range(1..=10_000))]
    pub(super) partitions: Option<i32>,
    /// Replicas of each partition; -1: the broker's default.
    #[arg(long, value_name = "N", global = true, allow_negative_numbers = true, default_value_t = -1)]
    pub(super) replication: i32,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum TopicsAction {
    /// Make the topics that are missing.
    Create,
    /// Exit 0 when all topics are there and as they should be.
    Check,
}

#[derive(Debug, Args)]
pub(super) struct StateArgs {
    #[command(subcommand)]
    pub(super) action: StateAction,
    #[command(flatten)]
    pub(super) broker: BrokerArgs,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum StateAction {
    /// Print one line of JSON a partition: how far it has come, and what it holds.
    Inspect,
    /// Exit 0 when the state is whole, belongs to the committed offsets, and is what the mentions make of it.
    Verify,
    /// Make the state anew from the mentions. Every resolving worker must be stopped.
    Rebuild {
        /// Also where mentions have expired: what only they said is forgotten, and told again under new ids.
        #[arg(long)]
        accept_new_ids: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Your own articles instead of the bundled ones: one JSON article a line; - is the standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) input: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    /// HTML file; - is the standard input.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Stages to run.
    #[arg(long)]
    pub(super) role: Option<Role>,
    #[command(flatten)]
    pub(super) broker: BrokerArgs,
    /// Name of this instance, unique and the same after a restart (default: the host's name).
    #[arg(long, value_name = "NAME")]
    pub(super) instance: Option<String>,
    /// Address of /livez, /readyz and /metrics.
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) admin: Option<String>,
    /// Make missing topics.
    #[arg(long)]
    pub(super) create_topics: bool,
    /// Where a group without committed offsets starts when its output already holds records.
    #[arg(long)]
    pub(super) from: Option<From>,
    /// Go on although articles were deleted before they were read.
    #[arg(long)]
    pub(super) accept_loss: bool,
}

impl Command {
    /// The keys that the flags set.
    pub(super) fn flags(&self) -> Vec<Flag> {
        match self {
            Self::Run(args) => args.flags(),
            Self::Topics(args) => args.broker.flags(),
            Self::Dlq(args) => args.broker.flags(),
            Self::Trace(args) => args.broker.flags(),
            Self::Status(args) => args.flags(),
            Self::State(args) => args.broker.flags(),
            _ => vec![],
        }
    }
}

/// Adds a flag that was given.
fn given(flags: &mut Vec<Flag>, key: &'static str, flag: &'static str, value: Option<Value>) {
    if let Some(value) = value {
        flags.push(Flag { key, flag, value });
    }
}

impl BrokerArgs {
    fn flags(&self) -> Vec<Flag> {
        let mut flags = vec![];
        given(&mut flags, "kafka.brokers", "--brokers", self.brokers.clone().map(Value::String));
        flags
    }
}

impl StatusArgs {
    fn flags(&self) -> Vec<Flag> {
        let mut flags = vec![];
        given(&mut flags, "admin.address", "--admin", self.admin.clone().map(Value::String));
        flags
    }
}

impl RunArgs {
    fn flags(&self) -> Vec<Flag> {
        let mut flags = self.broker.flags();
        let text = |s: &str| Value::String(s.to_owned());
        given(&mut flags, "role", "--role", self.role.map(|r| text(r.as_str())));
        given(&mut flags, "instance", "--instance", self.instance.as_deref().map(text));
        given(&mut flags, "admin.address", "--admin", self.admin.as_deref().map(text));
        given(&mut flags, "create_topics", "--create-topics", self.create_topics.then_some(Value::Boolean(true)));
        let from = self.from.and_then(|f| Value::try_from(f).ok());
        given(&mut flags, "start.from", "--from", from);
        given(&mut flags, "start.accept_loss", "--accept-loss", self.accept_loss.then_some(Value::Boolean(true)));
        flags
    }
}
