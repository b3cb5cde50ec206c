//! The configuration as it holds, as TOML with the origin of each value; secrets are masked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::leaves::PROPERTIES;
use super::{Loaded, Origin, secret};

impl Loaded {
    /// TOML that could be used as a configuration file (apart from masked secrets).
    pub fn show(&self) -> String {
        let mut sections: BTreeMap<&str, String> = BTreeMap::new();
        for (key, value) in &self.leaves {
            let (head, name) = match key.strip_prefix(PROPERTIES) {
                Some(property) => ("kafka.properties", format!("\"{property}\"")),
                None => key.rsplit_once('.').map_or(("", key.clone()), |(head, name)| (head, name.to_owned())),
            };
            let origin = self.origins.get(key).unwrap_or(&Origin::Default);
            let section = sections.entry(head).or_default();
            let _ = writeln!(section, "{name} = {}  # {origin}", secret::shown(key, value));
        }
        let with_head = |(head, lines): (&str, String)| match head {
            "" => lines,
            _ => format!("\n[{head}]\n{lines}"),
        };
        sections.into_iter().map(with_head).collect()
    }

    /// Number of values that are set to something else than by default.
    pub fn given(&self) -> usize {
        self.origins.len()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load;

    #[test]
    fn shown_toml_reads_back_to_the_same_settings_and_masks_secrets() {
        let vars = [
            ("DATELINE_KAFKA__PROPERTIES__SASL_PASSWORD", "canary"),
            ("DATELINE_APP", "two"),
            ("DATELINE_KAFKA__PROPERTIES__SASL_USERNAME", "me"),
        ];
        let loaded = load(None, vars.map(|(k, v)| (k.to_owned(), v.to_owned())), vec![]).unwrap();
        let shown = loaded.show();
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("app = \"two\"  # environment DATELINE_APP\n"), "{shown}");
        assert!(shown.contains("\"sasl.password\" = \"********\"  # environment DATELINE_KAFKA"), "{shown}");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), shown.replace("********", "canary")).unwrap();
        assert_eq!(load(Some(file.path()), [], vec![]).unwrap().settings, loaded.settings);
    }
}
