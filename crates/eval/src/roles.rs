//! Roles: the closed list, the words that mean one of them, and what else is right for one (`data/roles.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::names::{fold, is_code, with_codes};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    dropped: Vec<String>,
    roles: BTreeMap<String, Vec<String>>,
    pattern: Vec<Pattern>,
    accepted: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    words: Vec<String>,
    role: String,
}

struct Roles {
    file: File,
    /// Folded words and the role that they mean.
    synonyms: BTreeMap<String, String>,
    /// Those of several words, the longest first.
    phrases: Vec<String>,
}

fn roles() -> &'static Roles {
    static ROLES: LazyLock<Roles> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../data/roles.toml")).expect("a test reads data/roles.toml");
        let mut synonyms = BTreeMap::new();
        for (role, list) in &file.roles {
            for w in std::iter::once(role).chain(list) {
                synonyms.insert(fold(w).join(" "), role.clone());
            }
        }
        let mut phrases: Vec<String> = synonyms.keys().filter(|k| k.contains(' ')).cloned().collect();
        phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
        Roles { file, synonyms, phrases }
    });
    &ROLES
}

/// The canonical role of a printed or predicted one, with "former" or "deputy" in front where the text says so; what is no
/// known role equals only itself. A country in front and words such as "acting" say nothing. `None` for none.
pub(crate) fn canonical(text: &str) -> Option<String> {
    canonical_of(&fold(text))
}

fn canonical_of(words: &[String]) -> Option<String> {
    let r = roles();
    let first = words.first()?;
    if matches!(first.as_str(), "former" | "ex" | "late") {
        return canonical_of(&words[1..]).map(|inner| format!("former {inner}"));
    }
    let home: Vec<String> = with_codes(words).into_iter().filter(|w| !is_code(w)).collect();
    let plain: Vec<String> = home.iter().filter(|w| !r.file.dropped.contains(w)).cloned().collect();
    if let Some(found) = [words, &home, &plain].into_iter().find_map(|ws| r.synonyms.get(&ws.join(" "))) {
        return Some(found.clone());
    }
    if matches!(first.as_str(), "deputy" | "vice" | "assistant" | "under") && words.len() > 1 {
        return canonical_of(&words[1..]).map(|inner| match inner.as_str() {
            "legislator" | "delegation" => inner,
            _ => format!("deputy {inner}"),
        });
    }
    let phrase = words.join(" ");
    let padded = format!(" {phrase} ");
    let holds = |w: &String| padded.contains(&format!(" {w} "));
    // "Middle East envoy", "special envoy for Syria"
    if let Some(name) = r.phrases.iter().find(|p| holds(p)) {
        return r.synonyms.get(name).cloned();
    }
    let by_word = r.file.pattern.iter().find(|p| p.words.iter().any(holds));
    Some(by_word.map_or(phrase, |p| p.role.clone()))
}

/// True when the predicted role is the gold one, a synonym, or one that is accepted for it.
pub(crate) fn role_fits(gold: &str, predicted: &str) -> bool {
    let (g, p) = (canonical(gold), canonical(predicted));
    if g == p {
        return true;
    }
    let (Some(g), Some(p)) = (g, p) else { return false };
    let (g, p) = match (g.strip_prefix("former "), p.strip_prefix("former ")) {
        (Some(g), Some(p)) => (g, p),
        _ => (g.as_str(), p.as_str()),
    };
    roles().file.accepted.get(g).is_some_and(|list| list.iter().any(|r| r == p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_one_office_mean_one_role() {
        for (text, role) in [
            ("Premier", "prime minister"),
            ("the Chinese president", "president"),
            ("acting foreign secretary", "foreign minister"),
            ("former President", "former president"),
            ("Deputy Foreign Minister", "deputy foreign minister"),
            ("special envoy for Syria", "envoy"),
            ("undersecretary of state", "deputy minister"),
            ("trade minister", "minister"),
            ("beekeeper", "beekeeper"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(role), "{text}");
        }
        assert_eq!(canonical("  "), None);
    }

    #[test]
    fn no_word_means_two_roles() {
        let r = roles();
        let written: usize = r.file.roles.values().map(|list| list.len() + 1).sum();
        assert_eq!(r.synonyms.len(), written);
    }

    #[test]
    fn a_wider_role_is_right_where_the_table_says_so() {
        assert!(
            role_fits("king", "monarch")
                && role_fits("leader", "president")
                && role_fits("former king", "former monarch")
        );
        assert!(!role_fits("president", "leader") && !role_fits("king", "queen"));
    }
}
