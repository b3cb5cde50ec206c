//! The rule files that the build carries.

/// Name and text of the lexicon.
pub(crate) const LEXICON: (&str, &str) = ("lexicon.toml", include_str!("../../../config/rules/lexicon.toml"));

/// Name and text of the rule files.
pub(crate) const RULES: [(&str, &str); 2] = [
    ("visits.toml", include_str!("../../../config/rules/visits.toml")),
    ("events.toml", include_str!("../../../config/rules/events.toml")),
];

/// 12 hexadecimal digits over all rule files.
pub(crate) fn version() -> String {
    let all: String = std::iter::once(LEXICON).chain(RULES).map(|(name, text)| format!("{name}\n{text}\n")).collect();
    dateline_model::ids::content_hash("rules", &all)[..12].to_owned()
}
