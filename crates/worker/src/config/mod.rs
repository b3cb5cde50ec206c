//! Configuration: one typed struct, filled from defaults, file, environment and flags, each value with its origin.

mod check;
mod env;
mod error;
mod layers;
mod leaves;
mod secret;
pub mod settings;
mod show;
pub mod units;

pub use error::{ConfigError, Origin, Problem};
pub use layers::{Flag, Loaded, load};
pub use settings::Settings;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::leaves::flatten;
    use super::{Settings, load};

    #[test]
    fn the_documented_file_holds_every_key_with_its_default() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/dateline.toml");
        let loaded = load(Some(&path), [], vec![]).unwrap();
        assert_eq!(loaded.settings, Settings::default());
        let documented: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let documented: Vec<_> = flatten(&documented).into_keys().collect();
        assert_eq!(documented, loaded.leaves.keys().cloned().collect::<Vec<_>>());
    }

    #[test]
    fn the_documented_file_names_every_property_that_is_refused() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/dateline.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let (_, list) = text.split_once("# These are refused").unwrap();
        let (list, _) = list.split_once("[kafka.properties]").unwrap();
        let named: Vec<&str> = list.split([' ', ',', '\n', '#']).filter(|w| !w.is_empty()).collect();
        let missing: Vec<_> =
            dateline_kafka::PROTECTED_PROPERTIES.iter().map(|(n, _)| *n).filter(|n| !named.contains(n)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
