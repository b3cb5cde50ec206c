//! The engine in use, and its exchange for one read anew.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use dateline_extract::{Engine, LoadError, Sources};

use crate::config::Settings;
use crate::decide::ExtractFn;

/// The engine in use. Reading its files anew exchanges it; an engine that cannot be made leaves the old one in force.
pub struct LiveEngine {
    sources: Sources,
    current: RwLock<Arc<Engine>>,
}

/// Versions of the rules and the gazetteer before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reloaded {
    /// Versions before.
    pub before: [String; 2],
    /// Versions after.
    pub after: [String; 2],
}

impl LiveEngine {
    /// Reads the build's own rules and gazetteer, and the operator's on top.
    pub fn load(settings: &Settings) -> Result<Self, LoadError> {
        let sources = sources(settings);
        let current = RwLock::new(Arc::new(Engine::load(&sources)?));
        Ok(Self { sources, current })
    }

    /// The engine in use now.
    pub fn current(&self) -> Arc<Engine> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads all files anew. An error names file and line, and the engine stays as it was.
    pub fn reload(&self) -> Result<Reloaded, LoadError> {
        let fresh = Arc::new(Engine::load(&self.sources)?);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let reloaded = Reloaded { before: versions(&current), after: versions(&fresh) };
        *current = fresh;
        Ok(reloaded)
    }

    /// Extraction by the engine that is in use when an article is read.
    pub fn extract(self: &Arc<Self>) -> ExtractFn {
        let live = Arc::clone(self);
        Arc::new(move |article, context| live.current().extract(article, context))
    }
}

/// Where the configured engine reads its files.
pub fn sources(settings: &Settings) -> Sources {
    let folder = |dir: &str| Some(PathBuf::from(dir)).filter(|d| !d.as_os_str().is_empty());
    Sources {
        rules_dir: folder(&settings.extract.rules_dir),
        rule_files: vec![],
        gazetteer_dir: folder(&settings.gazetteer.extra_dir),
    }
}

fn versions(engine: &Engine) -> [String; 2] {
    [engine.rules_version().to_owned(), engine.gazetteer_version().to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_refused_with_its_line_and_the_old_engine_stays_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.extract.rules_dir = folder.path().display().to_string();
        let live = Arc::new(LiveEngine::load(&settings).unwrap());
        let first = live.current().rules_version().to_owned();
        let file = folder.path().join("own.toml");
        let rule = |pattern: &str| {
            format!(
                "# our own\n\n[[rule]]\nname = \"own.drop_in\"\nover = \"clause\"\nmakes = \"visit\"\npattern = \"{pattern}\"\n"
            )
        };
        std::fs::write(&file, rule("visitor:WHO drop.v destination:WHERE")).unwrap();
        let refused = live.reload().unwrap_err().to_string();
        let words = format!("{}:3: rule own.drop_in: \"drop.v\" is no symbol, macro or gap", file.display());
        assert_eq!(refused, words);
        assert_eq!(live.current().rules_version(), first);
        std::fs::write(&file, rule("visitor:WHO visit.v destination:WHERE")).unwrap();
        let reloaded = live.reload().unwrap();
        assert_eq!(reloaded.before[0], first);
        assert!(reloaded.after[0] != first && live.current().rule_names().any(|n| n == "own.drop_in"));
    }
}
