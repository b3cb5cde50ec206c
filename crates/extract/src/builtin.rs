//! The rule files that the build carries.

/// Name and text of the lexicon.
pub(crate) const LEXICON: (&str, &str) = ("lexicon.toml", include_str!("../../../config/rules/lexicon.toml"));

/// Name and text of the rule files.
pub(crate) const RULES: [(&str, &str); 8] = [
    ("visits.toml", include_str!("../../../config/rules/visits.toml")),
    ("moves.toml", include_str!("../../../config/rules/moves.toml")),
    ("events/talks.toml", include_str!("../../../config/rules/events/talks.toml")),
    ("events/ceremony.toml", include_str!("../../../config/rules/events/ceremony.toml")),
    ("events/deals.toml", include_str!("../../../config/rules/events/deals.toml")),
    ("events/statements.toml", include_str!("../../../config/rules/events/statements.toml")),
    ("events/conflict.toml", include_str!("../../../config/rules/events/conflict.toml")),
    ("events/pressure.toml", include_str!("../../../config/rules/events/pressure.toml")),
];

/// Name and text of the vocabulary of time.
const TIME: (&str, &str) = ("time.toml", include_str!("../../../config/rules/time.toml"));

/// Name and text of the words that the reading of events asks for.
pub(crate) const EVENT_WORDS: (&str, &str) =
    ("events/words.toml", include_str!("../../../config/rules/events/words.toml"));

/// 12 hexadecimal digits over all rule files, the vocabulary of time, the words of events and the table of confidence.
pub(crate) fn version<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let mut all = String::new();
    for (name, text) in files.chain([TIME, EVENT_WORDS, crate::calibration::FILE]) {
        all.push_str(name);
        all.push('\n');
        all.push_str(text);
    }
    dateline_model::ids::content_hash("rules", &all)[..12].to_owned()
}
