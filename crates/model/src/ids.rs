//! Ids: of articles without one, of mentions, of records.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Version;
use crate::record::Kind;

/// Namespace of all UUIDv5 that Dateline makes: UUIDv5 of the DNS name `dateline`.
const NAMESPACE: Uuid = Uuid::from_u128(0x7c45_9a3e_27b1_5b0e_9d52_6f0d_5e1c_8a41);

fn v5(parts: &[&str]) -> Uuid {
    // The unit separator cannot be part of a kind, key or number, so that no two lists of parts collide.
    Uuid::new_v5(&NAMESPACE, parts.join("\u{1f}").as_bytes())
}

/// Id of an article that came without one: of its url, else of its content.
pub fn article_id(url: Option<&str>, title: Option<&str>, text: &str) -> String {
    match url {
        Some(u) => v5(&["article-url", u]),
        None => v5(&["article-content", title.unwrap_or(""), text]),
    }
    .to_string()
}

/// Id of a mention: `<article id>/<kind>/<mention index>`.
pub fn mention_id(article_id: &str, kind: Kind, mention_index: u32) -> String {
    format!("{article_id}/{}/{mention_index}", kind.as_str())
}

/// Id of a record: UUIDv5 of the mention that opened it. `n` is 0, or the next number where that id was used in the group.
pub fn record_id(
    kind: Kind,
    partition_key: &str,
    article_id: &str,
    version: Version,
    mention_index: u32,
    n: u32,
) -> Uuid {
    v5(&[
        kind.as_str(),
        partition_key,
        article_id,
        &version.ms.to_string(),
        &version.offset.to_string(),
        &mention_index.to_string(),
        &n.to_string(),
    ])
}

/// Hash of an article's title and text: 32 hexadecimal digits of SHA-256.
pub fn content_hash(title: &str, text: &str) -> String {
    let digest = Sha256::new().chain_update(title).chain_update([0]).chain_update(text).finalize();
    digest[..16].iter().fold(String::with_capacity(32), |mut s, b| {
        use std::fmt::Write as _;
        let _ = write!(s, "{b:02x}");
        s
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_differ_by_every_part() {
        let v = Version { ms: 1, offset: 2 };
        let id = record_id(Kind::Visit, "RU", "a-1", v, 0, 0);
        assert_eq!(id, record_id(Kind::Visit, "RU", "a-1", v, 0, 0));
        let others = [
            record_id(Kind::Event, "RU", "a-1", v, 0, 0),
            record_id(Kind::Visit, "CN", "a-1", v, 0, 0),
            record_id(Kind::Visit, "RU", "a-2", v, 0, 0),
            record_id(Kind::Visit, "RU", "a-1", Version { ms: 12, offset: 0 }, 0, 0),
            record_id(Kind::Visit, "RU", "a-1", v, 1, 0),
            record_id(Kind::Visit, "RU", "a-1", v, 0, 1),
        ];
        assert!(others.iter().all(|o| *o != id));
    }

    #[test]
    fn an_article_without_id_is_named_by_its_url_else_its_content() {
        assert_eq!(article_id(Some("u"), Some("t"), "a"), article_id(Some("u"), None, "b"));
        assert_ne!(article_id(None, Some("t"), "a"), article_id(None, Some("t"), "b"));
    }
}
