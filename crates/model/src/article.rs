//! One news item as received, and how it is read from JSON.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Timestamp, ids};

/// One news item. At least one of title, body and html has text, or there is a url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Article id; made from url or content where the item has none.
    pub id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Title as received.
    pub title: Option<String>,
    /// Body as received.
    pub body: Option<String>,
    /// HTML, used when `body` is absent.
    pub html: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// Language as the producer says it.
    pub language: Option<String>,
}

/// An article and what was noticed while it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The article.
    pub article: Article,
    /// Number of fields that no contract names; they are kept out.
    pub unknown_fields: u32,
}

/// Why an article cannot be read: the class of its dead-letter entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorClass {
    /// The bytes are no UTF-8.
    InvalidUtf8,
    /// The text is no JSON.
    NotJson,
    /// It is nested too deeply.
    TooDeep,
    /// It is JSON but no object.
    NotAnObject,
    /// A field stands twice.
    DuplicateField,
    /// A field has another type.
    WrongType,
    /// A date or time cannot be read.
    BadDate,
    /// There is neither text nor url.
    MissingContent,
    /// It is larger than `article.max_bytes`.
    TooLarge,
    /// A tombstone without a readable key.
    BadKey,
    /// The extractor failed on it.
    ExtractorFailed,
}

impl ErrorClass {
    /// All classes, for metrics that exist at zero.
    pub const ALL: [Self; 11] = [
        Self::InvalidUtf8,
        Self::NotJson,
        Self::TooDeep,
        Self::NotAnObject,
        Self::DuplicateField,
        Self::WrongType,
        Self::BadDate,
        Self::MissingContent,
        Self::TooLarge,
        Self::BadKey,
        Self::ExtractorFailed,
    ];

    /// The class in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidUtf8 => "invalid_utf8",
            Self::NotJson => "not_json",
            Self::TooDeep => "too_deep",
            Self::NotAnObject => "not_an_object",
            Self::DuplicateField => "duplicate_field",
            Self::WrongType => "wrong_type",
            Self::BadDate => "bad_date",
            Self::MissingContent => "missing_content",
            Self::TooLarge => "too_large",
            Self::BadKey => "bad_key",
            Self::ExtractorFailed => "extractor_failed",
        }
    }
}

/// An article that cannot be read. `Display` gives `field: what is wrong, what to do`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct ArticleError {
    /// Class of the error.
    pub class: ErrorClass,
    /// The field, or `article`.
    pub field: String,
    /// What is wrong and what to do.
    pub problem: String,
}

impl ArticleError {
    /// An error of one field.
    pub fn new(class: ErrorClass, field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { class, field: field.into(), problem: problem.into() }
    }
}

impl Article {
    /// Reads an article from the JSON of a message or a line.
    pub fn decode(bytes: &[u8]) -> Result<Decoded, ArticleError> {
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let at = format!("byte {} is no UTF-8: send the article as UTF-8", e.valid_up_to());
            ArticleError::new(ErrorClass::InvalidUtf8, "article", at)
        })?;
        let mut de = serde_json::Deserializer::from_str(text);
        let mut fields = Fields::default();
        let read = FieldsSeed(&mut fields).deserialize(&mut de).and_then(|()| de.end());
        match (fields.error.take(), read) {
            (Some(error), _) => Err(error),
            (None, Err(e)) => Err(json_error(text, &e)),
            (None, Ok(())) => fields.into_article(),
        }
    }

    /// The text that is read: the body, else nothing (html is turned into text by the caller).
    pub fn has_text(&self) -> bool {
        let given = |x: &Option<String>| x.as_deref().is_some_and(|t| !t.trim().is_empty());
        given(&self.title) || given(&self.body) || given(&self.html)
    }

    /// True when the article announces that it changes an earlier one: `updated_at` is later than `published_at`.
    pub fn is_correction(&self) -> bool {
        matches!((&self.updated_at, &self.published_at), (Some(u), Some(p)) if u.ms() > p.ms())
    }

    /// Milliseconds that its version counts from, at most the Kafka timestamp where there is one.
    pub fn version_ms(&self, record_timestamp: Option<i64>) -> i64 {
        let own = self.updated_at.as_ref().or(self.published_at.as_ref()).map(Timestamp::ms);
        match (own, record_timestamp) {
            (Some(own), Some(kafka)) => own.min(kafka),
            (own, kafka) => own.or(kafka).unwrap_or(0),
        }
    }
}

fn json_error(text: &str, e: &serde_json::Error) -> ArticleError {
    if text.trim().is_empty() {
        return ArticleError::new(ErrorClass::NotJson, "article", "the message is empty: send one JSON object");
    }
    let message = e.to_string();
    if message.contains("recursion limit") {
        return ArticleError::new(ErrorClass::TooDeep, "article", "nested too deeply: an article is a flat object");
    }
    let fix = if message.contains("surrogate") {
        "write both halves of the surrogate pair, or the character itself"
    } else if message.contains("control character") {
        "escape control characters inside strings"
    } else {
        "send one JSON object in UTF-8"
    };
    ArticleError::new(ErrorClass::NotJson, "article", format!("not JSON ({message}): {fix}"))
}

const FIELDS: [&str; 9] = ["id", "url", "source", "title", "body", "html", "published_at", "updated_at", "language"];

#[derive(Default)]
struct Fields {
    values: [Option<String>; 9],
    seen: [bool; 9],
    unknown: u32,
    error: Option<ArticleError>,
}

impl Fields {
    fn note(&mut self, error: ArticleError) {
        self.error.get_or_insert(error);
    }

    fn put(&mut self, i: usize, value: Value) {
        if std::mem::replace(&mut self.seen[i], true) {
            let field = FIELDS[i];
            self.note(ArticleError::new(ErrorClass::DuplicateField, field, "stands twice: send it once"));
        }
        match value {
            Value::Null => {}
            Value::String(s) => self.values[i] = Some(s),
            other => {
                let kind = match other {
                    Value::Bool(_) => "a boolean",
                    Value::Number(_) => "a number",
                    Value::Array(_) => "an array",
                    _ => "an object",
                };
                self.note(ArticleError::new(
                    ErrorClass::WrongType,
                    FIELDS[i],
                    format!("{kind}: send a string or null"),
                ));
            }
        }
    }

    fn into_article(self) -> Result<Decoded, ArticleError> {
        let [id, url, source, title, body, html, published_at, updated_at, language] = self.values;
        let given = |x: Option<String>| x.filter(|s| !s.trim().is_empty());
        let time = |field: &str, x: Option<String>| {
            let parse =
                |s: String| Timestamp::parse(s.trim()).map_err(|e| ArticleError::new(ErrorClass::BadDate, field, e));
            given(x).map(parse).transpose()
        };
        let (url, published_at, updated_at) =
            (given(url), time("published_at", published_at)?, time("updated_at", updated_at)?);
        if title.is_none() && body.is_none() && html.is_none() && url.is_none() {
            let problem = "there is no body, html, title or url: send at least a body";
            return Err(ArticleError::new(ErrorClass::MissingContent, "body", problem));
        }
        let text = body.as_deref().or(html.as_deref()).unwrap_or("");
        let id = given(id).unwrap_or_else(|| ids::article_id(url.as_deref(), title.as_deref(), text));
        let (source, language) = (given(source), given(language));
        let article = Article { id, url, source, title, body, html, published_at, updated_at, language };
        Ok(Decoded { article, unknown_fields: self.unknown })
    }
}

struct FieldsSeed<'a>(&'a mut Fields);

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if let Some(i) = FIELDS.iter().position(|f| *f == key) {
                self.0.put(i, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
                self.0.unknown += 1;
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.not_an_object("null")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.not_an_object("a boolean")
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.not_an_object("a number")
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.not_an_object("a number")
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.not_an_object("a number")
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.not_an_object("a string")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.not_an_object("an array")
    }
}

impl FieldsSeed<'_> {
    #[allow(clippy::unnecessary_wraps)] // the visitor methods above return it as it is
    fn not_an_object<E>(self, what: &str) -> Result<(), E> {
        let problem = format!("{what}: send one JSON object");
        self.0.note(ArticleError::new(ErrorClass::NotAnObject, "article", problem));
        Ok(())
    }
}

/// The wire form of an article, for its schema.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Article")]
#[allow(dead_code)]
pub(crate) struct ArticleWire {
    /// Article id; missing: UUIDv5 of the url, else of the content.
    id: Option<String>,
    /// Where it was published.
    url: Option<String>,
    /// Outlet.
    source: Option<String>,
    /// Title.
    title: Option<String>,
    /// Text.
    body: Option<String>,
    /// HTML, used when `body` is absent.
    html: Option<String>,
    /// RFC 3339, or a bare date.
    published_at: Option<Timestamp>,
    /// RFC 3339, or a bare date; later than `published_at` it announces a correction.
    updated_at: Option<Timestamp>,
    /// ISO 639-1 code; found out where missing.
    language: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_gets_its_class_and_names_its_field() {
        let deep = format!(r#"{{"body": {}1{}}}"#, "[".repeat(500), "]".repeat(500));
        let cases: &[(&[u8], ErrorClass, &str)] = &[
            (b"", ErrorClass::NotJson, "article: the message is empty"),
            (b"hello", ErrorClass::NotJson, "article: not JSON"),
            (b"{\"body\": \"x\"} trailing", ErrorClass::NotJson, "article: not JSON (trailing characters"),
            (b"{\"body\": \"\xff\"}", ErrorClass::InvalidUtf8, "article: byte 10 is no UTF-8"),
            (b"[1, 2]", ErrorClass::NotAnObject, "article: an array"),
            (b"null", ErrorClass::NotAnObject, "article: null"),
            (b"{\"body\": 5}", ErrorClass::WrongType, "body: a number"),
            (b"{\"body\": \"x\", \"title\": [\"y\"]}", ErrorClass::WrongType, "title: an array"),
            (b"{\"id\": \"a\"}", ErrorClass::MissingContent, "body: there is no body"),
            (b"{\"body\": \"x\", \"body\": \"y\"}", ErrorClass::DuplicateField, "body: stands twice"),
            (
                b"{\"body\": \"x\", \"published_at\": \"20250-01-01\"}",
                ErrorClass::BadDate,
                "published_at: \"20250-01-01\"",
            ),
            (b"{\"body\": \"\\ud800 x\"}", ErrorClass::NotJson, "article: not JSON"),
            (b"{\"body\": \"a\x01b\"}", ErrorClass::NotJson, "article: not JSON (control character"),
            (deep.as_bytes(), ErrorClass::TooDeep, "article: nested too deeply"),
        ];
        for (input, class, words) in cases {
            let e = Article::decode(input).expect_err(words);
            assert!(e.class == *class && e.to_string().starts_with(words), "{words}: {:?} {e}", e.class);
        }
    }

    #[test]
    fn unknown_fields_are_kept_out_and_counted_however_deep() {
        let deep = format!(r#"{{"body": "x", "extra": {}1{}, "n": 2}}"#, "[".repeat(5000), "]".repeat(5000));
        assert_eq!(Article::decode(deep.as_bytes()).map(|d| d.unknown_fields), Ok(2));
    }

    #[test]
    fn an_article_without_body_is_an_article_when_it_has_a_url() {
        let d = Article::decode(br#"{"url": "https://example.org/1"}"#).unwrap();
        assert!(!d.article.has_text() && !d.article.id.is_empty());
    }

    #[test]
    fn a_version_is_never_later_than_the_record() {
        let a = Article::decode(br#"{"body": "x", "published_at": "2099-01-01", "updated_at": "2098-01-01"}"#)
            .unwrap()
            .article;
        assert_eq!(a.version_ms(Some(5)), 5);
        assert!(!a.is_correction() && a.version_ms(None) > 5);
    }
}
