//! The source that a dead letter's bytes name, as far as that can be told of bytes which could not be read.

use serde::Deserialize;
use serde_json::Value;

/// So far into broken JSON is looked.
const HEAD: usize = 64 << 10;
/// Longest name that is believed.
const LONGEST: usize = 200;

#[derive(Deserialize)]
struct Sourced {
    source: Option<Value>,
    article: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    source: Option<Value>,
}

/// The `source` of an article, or of the article of a mention.
pub(super) fn of(value: &[u8]) -> Option<String> {
    let name = match serde_json::from_slice::<Sourced>(value) {
        Ok(read) => read.source.or(read.article.and_then(|a| a.source))?.as_str()?.to_owned(),
        Err(_) => printed(&String::from_utf8_lossy(&value[..value.len().min(HEAD)]))?,
    };
    (!name.is_empty() && name.len() <= LONGEST && !name.contains(char::is_control)).then_some(name)
}

/// The first `"source": "..."` of a text.
fn printed(text: &str) -> Option<String> {
    let rest = text.split_once("\"source\"")?.1.trim_start().strip_prefix(':')?.trim_start();
    Some(rest.strip_prefix('"')?.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_found_in_whole_and_in_broken_articles() {
        for (value, source) in [
            (r#"{"source": "courier.test", "body": 5}"#, Some("courier.test")),
            (r#"{"kind": "visit", "article": {"source": "wire.test"}}"#, Some("wire.test")),
            (r#"{"id": "a", "source" : "wire.test", "body": "cut of"#, Some("wire.test")),
            (r#"{"source": "a", "source": "b"}"#, Some("a")),
            (r#"{"source": 7}"#, None),
            (r#"{"source": "two\nlines"}"#, None),
            ("plain text", None),
            ("[1, 2]", None),
            ("", None),
        ] {
            assert_eq!(of(value.as_bytes()).as_deref(), source, "{value}");
        }
        assert_eq!(of(b"{\"source\": \"wire.test\", \"body\": \"\xff\"}").as_deref(), Some("wire.test"));
    }
}
