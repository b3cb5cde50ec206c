//! The layers of configuration and their order: defaults, file, environment, flags.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::error::{ConfigError, Origin, Problem};
use super::leaves::{Leaves, PROPERTIES, flatten, nest};
use super::{Settings, check, env, secret};

/// A value given by a flag of the command line.
#[derive(Debug, Clone)]
pub struct Flag {
    /// The key that it sets.
    pub key: &'static str,
    /// The flag as written (`--brokers`).
    pub flag: &'static str,
    /// The value.
    pub value: Value,
}

/// The configuration as it holds, and where each value comes from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The typed values.
    pub settings: Settings,
    pub(super) leaves: Leaves,
    pub(super) origins: BTreeMap<String, Origin>,
}

impl Loaded {
    /// A problem with the value of a key.
    pub fn problem(&self, key: &str, problem: impl Into<String>) -> ConfigError {
        ConfigError(vec![self.one(key, problem.into())])
    }

    fn one(&self, key: &str, problem: String) -> Problem {
        let value = self.leaves.get(key).map(|v| secret::shown(key, v));
        let origin = self.origins.get(key).cloned().unwrap_or(Origin::Default);
        Problem { key: key.to_owned(), value, origin, problem }
    }
}

/// Reads the configuration: later layers win. All problems are reported, not the first one only.
pub fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
    flags: Vec<Flag>,
) -> Result<Loaded, ConfigError> {
    let defaults = default_leaves();
    let mut reading = Reading { leaves: defaults.clone(), defaults, origins: BTreeMap::new(), problems: vec![] };
    if let Some(path) = file {
        reading.file(path);
    }
    let mut variables: Vec<_> = variables.into_iter().collect();
    variables.sort();
    for (name, text) in variables {
        if let Some(key) = env::key_of(&name) {
            let value = env::typed(&key, &text, &reading.defaults);
            reading.set(key, value, Origin::Env(name));
        }
    }
    for Flag { key, flag, value } in flags {
        reading.set(key.to_owned(), value, Origin::Flag(flag));
    }
    reading.finish()
}

fn default_leaves() -> Leaves {
    let value = Value::try_from(Settings::default()).unwrap_or(Value::Table(Table::new()));
    value.as_table().map(flatten).unwrap_or_default()
}

struct Reading {
    defaults: Leaves,
    leaves: Leaves,
    origins: BTreeMap<String, Origin>,
    problems: Vec<Problem>,
}

impl Reading {
    fn file(&mut self, path: &Path) {
        let origin = Origin::File(path.to_owned());
        let fail =
            |problem: String| Problem { key: "--config".to_owned(), value: None, origin: origin.clone(), problem };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) => return self.problems.push(fail(format!("cannot be read ({e}): give the path of a TOML file"))),
        };
        match text.parse::<Table>() {
            Ok(table) => {
                for (key, value) in flatten(&table) {
                    self.set(key, value, origin.clone());
                }
            }
            // The library's own words quote the line, and a secret may stand there.
            Err(e) => {
                let line = e.span().map_or(1, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
                self.problems.push(fail(format!("line {line} is no TOML: {}", e.message())));
            }
        }
    }

    /// Takes a value over when key and type are right; else notes the problem and keeps the value before.
    fn set(&mut self, key: String, value: Value, origin: Origin) {
        if !self.defaults.contains_key(&key) && key.strip_prefix(PROPERTIES).is_none_or(str::is_empty) {
            let problem = unknown(&key, &self.defaults);
            return self.problems.push(Problem { key, value: None, origin, problem });
        }
        let alone = nest([(&key, &value)]);
        if let Err(e) = Settings::try_from_table(alone) {
            let value = Some(secret::shown(&key, &value));
            let problem = if secret::is_secret(&key) { "has the wrong type: write a string".to_owned() } else { e };
            return self.problems.push(Problem { key, value, origin, problem });
        }
        self.leaves.insert(key.clone(), value);
        self.origins.insert(key, origin);
    }

    fn finish(self) -> Result<Loaded, ConfigError> {
        let settings = Settings::try_from_table(nest(&self.leaves));
        let mut problems = self.problems;
        match settings {
            Ok(settings) => {
                let loaded = Loaded { settings, leaves: self.leaves, origins: self.origins };
                for (key, problem) in check::problems(&loaded.settings) {
                    problems.push(loaded.one(&key, problem));
                }
                if problems.is_empty() { Ok(loaded) } else { Err(ConfigError(problems)) }
            }
            Err(problem) => {
                problems.push(Problem { key: "configuration".into(), value: None, origin: Origin::Default, problem });
                Err(ConfigError(problems))
            }
        }
    }
}

impl Settings {
    fn try_from_table(table: Table) -> Result<Self, String> {
        Value::Table(table).try_into().map_err(|e: toml::de::Error| e.message().to_owned())
    }
}

fn unknown(key: &str, known: &Leaves) -> String {
    if known.keys().any(|k| k.starts_with(&format!("{key}."))) {
        return format!("is a section: write [{key}] and its keys beneath");
    }
    let near = known.keys().map(|k| (strsim::normalized_damerau_levenshtein(k, key), k));
    // Also the right name in the wrong section is a near name.
    let same_name = |k: &str| k.rsplit('.').next() == key.rsplit('.').next();
    let near = near.map(|(score, k)| (if same_name(k) { score.max(0.9) } else { score }, k));
    match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((score, k)) if score > 0.6 => format!("unknown key: did you mean {k}?"),
        _ => "unknown key: `dateline config show` lists all keys".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut f = tempfile::NamedTempFile::new().unwrap();
        f.write_all(text.as_bytes()).unwrap();
        f
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let f = file("app = 'file'\ninstance = 'file'\nreceipts = 'on'\n[kafka]\nbrokers = 'file:1'\n");
        let vars = env(&[("DATELINE_KAFKA__BROKERS", "env:1"), ("DATELINE_INSTANCE", "env")]);
        let flags = vec![Flag { key: "kafka.brokers", flag: "--brokers", value: Value::String("flag:1".into()) }];
        let l = load(Some(f.path()), vars, flags).unwrap();
        let s = &l.settings;
        assert_eq!((s.kafka.brokers.as_str(), s.instance.as_str(), s.app.as_str()), ("flag:1", "env", "file"));
        assert_eq!(s.topics.articles, "news.articles");
        assert_eq!(l.origins["kafka.brokers"], Origin::Flag("--brokers"));
        assert_eq!(l.origins["instance"], Origin::Env("DATELINE_INSTANCE".into()));
    }

    #[test]
    fn a_problem_names_key_value_origin_and_remedy() {
        let cases = [
            (
                ("DATELINE_RECEIPTS", "yes"),
                "configuration: receipts = \"yes\" (environment DATELINE_RECEIPTS): unknown variant `yes`, expected `on` or `off`",
            ),
            (
                ("DATELINE_KAFKA__STARTUP_TIMEOUT", "30"),
                "configuration: kafka.startup_timeout = \"30\" (environment DATELINE_KAFKA__STARTUP_TIMEOUT): no length of time: write it as 20ms, 30s, 15m, 12h or 90d",
            ),
            (
                ("DATELINE_KAFKA__BROKER", "x"),
                "configuration: kafka.broker (environment DATELINE_KAFKA__BROKER): unknown key: did you mean kafka.brokers?",
            ),
            (
                ("DATELINE_BROKERS", "x"),
                "configuration: brokers (environment DATELINE_BROKERS): unknown key: did you mean kafka.brokers?",
            ),
            (
                ("DATELINE_KAFKA", "x"),
                "configuration: kafka (environment DATELINE_KAFKA): is a section: write [kafka] and its keys beneath",
            ),
            (
                ("DATELINE_ZZZZZZZ", "x"),
                "configuration: zzzzzzz (environment DATELINE_ZZZZZZZ): unknown key: `dateline config show` lists all keys",
            ),
            (
                ("DATELINE_CREATE_TOPICS", "1"),
                "configuration: create_topics = \"1\" (environment DATELINE_CREATE_TOPICS): invalid type: string \"1\", expected a boolean",
            ),
            (
                ("DATELINE_DLQ__MAX_RATIO", "often"),
                "configuration: dlq.max_ratio = \"often\" (environment DATELINE_DLQ__MAX_RATIO): no limit: write a number that is not negative, or \"off\"",
            ),
        ];
        for ((name, value), words) in cases {
            assert_eq!(load(None, env(&[(name, value)]), vec![]).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let f = file("rolle = 'all'\nrole = 5\n[kafka]\nbrokers = []\n");
        let e = load(Some(f.path()), [], vec![]).unwrap_err();
        assert_eq!(e.0.len(), 3, "{e}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_by_line_without_quoting_it() {
        let f = file("[kafka.properties]\n\"sasl.password\" = canary-5\n");
        let e = load(Some(f.path()), [], vec![]).unwrap_err().to_string();
        assert!(e.contains("line 2 is no TOML") && !e.contains("canary"), "{e}");
        let e = load(Some(Path::new("/none.toml")), [], vec![]).unwrap_err().to_string();
        assert!(e.starts_with("configuration: --config (file /none.toml): cannot be read ("), "{e}");
    }

    #[test]
    fn properties_keep_their_dots_with_and_without_quotes_and_secrets_are_never_told() {
        let f =
            file("[kafka.properties]\nsasl.username = 'me'\n\"queued.min.messages\" = 5\nsasl.password = ['canary']\n");
        let e = load(Some(f.path()), [], vec![]).unwrap_err();
        let words = format!("kafka.properties.sasl.password = \"********\" (file {})", f.path().display());
        assert!(e.to_string().contains(&words) && !e.to_string().contains("canary"), "{e}");
        let f = file("[kafka.properties]\nsasl.username = 'me'\n\"queued.min.messages\" = 5\n");
        let properties = load(Some(f.path()), [], vec![]).unwrap().settings.kafka.properties;
        let properties: Vec<_> = properties.iter().map(|(k, v)| (k.as_str(), v.0.as_str())).collect();
        assert_eq!(properties, [("queued.min.messages", "5"), ("sasl.username", "me")]);
    }
}
