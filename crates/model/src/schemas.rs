//! JSON Schemas of the wire contracts, generated from the types.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use crate::article::ArticleWire;
use crate::{EventRecord, Message, Receipt, VisitRecord};

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

/// `(file name, schema)` of every contract, in a fixed order.
pub fn all() -> Vec<(&'static str, Schema)> {
    vec![
        ("article.json", schema::<ArticleWire>()),
        ("mention.json", schema::<Message>()),
        ("receipt.json", schema::<Receipt>()),
        ("visit-record.json", schema::<VisitRecord>()),
        ("event-record.json", schema::<EventRecord>()),
    ]
}

/// The text of a schema file.
pub fn text(schema: &Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
        for (name, schema) in super::all() {
            let file = folder.join(name);
            let expected = super::text(&schema);
            if std::env::var_os("UPDATE_SCHEMAS").is_some() {
                std::fs::write(&file, &expected).unwrap();
            }
            let committed = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(committed == expected, "schemas/{name} has drifted: UPDATE_SCHEMAS=1 cargo test -p dateline-model");
        }
    }
}
