//! The rule files: those that the build carries, and an operator's on top.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{LoadError, builtin};

/// Where an engine reads rules and gazetteer beside what the build carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// A folder of rule files (`*.toml`): a rule whose name is known replaces that rule, any other is added. A file whose
    /// name begins with `lexicon` adds words to the lexicon.
    pub rules_dir: Option<PathBuf>,
    /// Single rule files, read after those of the folder.
    pub rule_files: Vec<PathBuf>,
    /// A folder of gazetteer files.
    pub gazetteer_dir: Option<PathBuf>,
}

/// One rule file.
#[derive(Debug, Clone)]
pub(crate) struct RuleFile {
    /// Its name, as messages give it.
    pub name: String,
    pub text: Cow<'static, str>,
}

impl RuleFile {
    fn read(path: &Path) -> Result<Self, LoadError> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text: text.into() }),
            Err(e) => Err(LoadError::Rules { file: name, problem: format!("cannot be read ({e})") }),
        }
    }

    /// What is wrong with the file, with the line that a byte of it stands on.
    pub(crate) fn error_at(&self, byte: usize, problem: String) -> LoadError {
        LoadError::Rules { file: format!("{}:{}", self.name, self.line(byte)), problem }
    }

    /// What the TOML reader says against it.
    pub(crate) fn toml_error(&self, e: &toml::de::Error) -> LoadError {
        self.error_at(e.span().map_or(0, |s| s.start), e.message().to_owned())
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, byte: usize) -> usize {
        self.text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() + 1
    }
}

/// All rule files by what they hold, each list in the order of reading.
#[derive(Debug, Clone)]
pub(crate) struct RuleFiles {
    pub lexicon: Vec<RuleFile>,
    pub rules: Vec<RuleFile>,
}

impl RuleFiles {
    /// Those that the build carries, then the operator's by name.
    pub(crate) fn read(sources: &Sources) -> Result<Self, LoadError> {
        let carried = |(name, text): &(&str, &'static str)| RuleFile { name: (*name).to_owned(), text: (*text).into() };
        let mut files =
            Self { lexicon: vec![carried(&builtin::LEXICON)], rules: builtin::RULES.iter().map(carried).collect() };
        let mut paths = vec![];
        if let Some(dir) = &sources.rules_dir {
            let unreadable = |e: std::io::Error| LoadError::Rules {
                file: dir.display().to_string(),
                problem: format!("cannot be read ({e}): name a folder of rule files"),
            };
            for entry in fs::read_dir(dir).map_err(unreadable)? {
                let path = entry.map_err(unreadable)?.path();
                let hidden = path.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
                if !hidden && path.extension().is_some_and(|e| e == "toml") {
                    paths.push(path);
                }
            }
            paths.sort();
        }
        for path in paths.iter().chain(&sources.rule_files) {
            let file = RuleFile::read(path)?;
            let of_words = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("lexicon"));
            if of_words { &mut files.lexicon } else { &mut files.rules }.push(file);
        }
        Ok(files)
    }

    /// All texts by name, for the version.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lexicon.iter().chain(&self.rules).map(|f| (f.name.as_str(), &*f.text))
    }
}
