//! What one article says about one visit or event, and its retraction: the messages of `dateline.mentions`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::record::Kind;
use crate::{Event, PartialDate, SCHEMA, Timestamp, Visit, ids};

/// Version of an article, `[ms, offset]`: ms of `updated_at`, else `published_at`, else the Kafka timestamp, and at most
/// the Kafka timestamp; the offset is that in the articles topic (in file mode the line number).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
#[schemars(with = "(i64, i64)")]
pub struct Version {
    /// Milliseconds since the epoch.
    pub ms: i64,
    /// Offset in the articles topic, or line number.
    pub offset: i64,
}

impl From<(i64, i64)> for Version {
    fn from((ms, offset): (i64, i64)) -> Self {
        Self { ms, offset }
    }
}

impl From<Version> for (i64, i64) {
    fn from(v: Version) -> Self {
        (v.ms, v.offset)
    }
}

/// A small summary of an article's text by which near-duplicates are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Sketch {
    /// Bottom sketch of word shingles: at most 64 hashes, ascending; base64 of little-endian u32 on the wire.
    #[serde(with = "base64_u32")]
    #[schemars(with = "String")]
    pub shingles: Vec<u32>,
    /// Hashes of the numbers in the text, at most 32, ascending.
    pub numbers: Vec<u16>,
    /// Hashes of the names in the text, at most 32, ascending.
    pub names: Vec<u16>,
}

mod base64_u32 {
    use super::{Deserialize, Deserializer, Serializer};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(v: &[u32], s: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = v.iter().flat_map(|x| x.to_le_bytes()).collect();
        s.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u32>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        let bytes = STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)?;
        let (words, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() || words.len() > 64 {
            return Err(D::Error::custom("shingles: base64 of at most 64 u32 expected"));
        }
        Ok(words.iter().map(|b| u32::from_le_bytes(*b)).collect())
    }
}

/// What a mention tells of its article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleRef {
    /// Article id.
    pub id: String,
    /// Version of the article; missing in lines that nobody corrects: the lowest.
    #[serde(default)]
    pub version: Version,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Publication time as given.
    pub published_at: Option<Timestamp>,
    /// The day that the article speaks from: its dateline's, else that of `published_at`. A full timestamp is read as
    /// its day.
    #[serde(default, deserialize_with = "day_of")]
    pub as_of: Option<PartialDate>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Hash of title and text.
    pub content_hash: String,
    /// Summary for near-duplicates; null: never taken for a copy.
    pub sketch: Option<Sketch>,
}

fn day_of<'de, D: Deserializer<'de>>(d: D) -> Result<Option<PartialDate>, D::Error> {
    let Some(text) = Option::<std::borrow::Cow<'de, str>>::deserialize(d)? else { return Ok(None) };
    match text.parse() {
        Ok(date) => Ok(Some(date)),
        Err(_) => Timestamp::parse(&text).map(|t| Some(PartialDate::Day(t.date()))).map_err(D::Error::custom),
    }
}

/// What is mentioned.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A visit.
    Visit(Box<Visit>),
    /// An event.
    Event(Box<Event>),
}

/// What one article says about one visit or one event, with evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Counts per article and kind.
    pub mention_index: u32,
    /// The article.
    pub article: ArticleRef,
    /// `rules`, or the name of another extractor.
    pub extractor: String,
    /// Version of the rules.
    pub rules_version: String,
    /// Version of the gazetteer.
    pub gazetteer_version: String,
    /// The visit or event.
    pub body: Body,
}

impl Mention {
    /// Visit or event.
    pub fn kind(&self) -> Kind {
        match self.body {
            Body::Visit(_) => Kind::Visit,
            Body::Event(_) => Kind::Event,
        }
    }

    /// `<article id>/<kind>/<mention index>`.
    pub fn id(&self) -> String {
        ids::mention_id(&self.article.id, self.kind(), self.mention_index)
    }

    /// The country where it happens: visits by destination; events by the destination of the visit that they belong to,
    /// else by place, else by the sorted countries of the first two principals (`CN|RU`); `ZZ` when there is nothing.
    pub fn partition_key(&self) -> String {
        match &self.body {
            Body::Visit(v) => v.destination.country.clone().unwrap_or_else(|| "ZZ".to_owned()),
            Body::Event(e) => {
                let on_the_ground = e.during_visit.as_ref().map(|d| d.country.clone());
                let on_the_ground = on_the_ground.or_else(|| e.place.as_ref().and_then(|p| p.country.clone()));
                on_the_ground.unwrap_or_else(|| {
                    let mut codes: Vec<&str> = vec![];
                    for code in e.participants.iter().filter_map(|p| p.actor.country.as_deref()) {
                        if codes.len() < 2 && !codes.contains(&code) {
                            codes.push(code);
                        }
                    }
                    codes.sort_unstable();
                    if codes.is_empty() { "ZZ".to_owned() } else { codes.join("|") }
                })
            }
        }
    }
}

/// An article's change or removal: what it said in lower versions and no longer says is to be taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Retraction {
    /// Article id.
    pub id: String,
    /// The version that announces the change.
    pub version: Version,
}

/// A message of `dateline.mentions`.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A mention.
    Mention(Box<Mention>),
    /// A retraction.
    Retract(Retraction),
}

/// Why a message of `dateline.mentions` was not read.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// It was written by a newer build.
    #[error("mention schema {0} is newer than {SCHEMA}, the newest that this build reads")]
    Newer(u32),
    /// It is no mention.
    #[error("not a mention: {0}")]
    Malformed(String),
}

impl Message {
    /// Reads one message. A schema newer than this build's is told apart from what cannot be read at all.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        let malformed = |e: serde_json::Error| MessageError::Malformed(e.to_string());
        let head: Head = serde_json::from_slice(bytes).map_err(malformed)?;
        if head.schema > SCHEMA {
            return Err(MessageError::Newer(head.schema));
        }
        serde_json::from_slice(bytes).map_err(malformed)
    }

    /// The article's id.
    pub fn article_id(&self) -> &str {
        match self {
            Self::Mention(m) => &m.article.id,
            Self::Retract(r) => &r.id,
        }
    }

    /// JSON of the message. Errors only where a float is not finite.
    pub fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

/// The wire form of a mention message.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename = "Mention")]
#[schemars(rename = "Mention")]
pub(crate) struct Wire {
    /// Schema version, 1.
    schema: u32,
    /// `visit`, `event` or `retract`.
    kind: WireKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mention_index: Option<u32>,
    article: WireArticle,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extractor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rules_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gazetteer_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visit: Option<Box<Visit>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Box<Event>>,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WireKind {
    Visit,
    Event,
    Retract,
}

/// The article of a mention, or only id and version of a retraction.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum WireArticle {
    Full(Box<ArticleRef>),
    Id(Retraction),
}

impl From<&Message> for Wire {
    fn from(m: &Message) -> Self {
        match m {
            Message::Retract(r) => Self {
                schema: SCHEMA,
                kind: WireKind::Retract,
                mention_index: None,
                article: WireArticle::Id(r.clone()),
                extractor: None,
                rules_version: None,
                gazetteer_version: None,
                visit: None,
                event: None,
            },
            Message::Mention(m) => {
                let (kind, visit, event) = match &m.body {
                    Body::Visit(v) => (WireKind::Visit, Some(v.clone()), None),
                    Body::Event(e) => (WireKind::Event, None, Some(e.clone())),
                };
                Self {
                    schema: SCHEMA,
                    kind,
                    mention_index: Some(m.mention_index),
                    article: WireArticle::Full(Box::new(m.article.clone())),
                    extractor: Some(m.extractor.clone()),
                    rules_version: Some(m.rules_version.clone()),
                    gazetteer_version: Some(m.gazetteer_version.clone()),
                    visit,
                    event,
                }
            }
        }
    }
}

impl TryFrom<Wire> for Message {
    type Error = String;

    fn try_from(w: Wire) -> Result<Self, String> {
        let body = match (w.kind, w.visit, w.event) {
            (WireKind::Retract, ..) => {
                let (id, version) = match w.article {
                    WireArticle::Full(a) => (a.id, a.version),
                    WireArticle::Id(r) => (r.id, r.version),
                };
                return Ok(Self::Retract(Retraction { id, version }));
            }
            (WireKind::Visit, Some(v), _) => Body::Visit(v),
            (WireKind::Event, _, Some(e)) => Body::Event(e),
            (WireKind::Visit, None, _) => return Err("visit: missing".to_owned()),
            (WireKind::Event, _, None) => return Err("event: missing".to_owned()),
        };
        let WireArticle::Full(article) = w.article else { return Err("article: content_hash is missing".to_owned()) };
        Ok(Self::Mention(Box::new(Mention {
            mention_index: w.mention_index.ok_or("mention_index: missing")?,
            article: *article,
            extractor: w.extractor.unwrap_or_else(|| "rules".to_owned()),
            rules_version: w.rules_version.unwrap_or_default(),
            gazetteer_version: w.gazetteer_version.unwrap_or_default(),
            body,
        })))
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Wire::from(self).serialize(s)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::try_from(Wire::deserialize(d)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Message {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Wire::schema_name()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let mut schema = Wire::json_schema(g);
        let rules = json_schema!({
            "oneOf": [
                { "properties": { "kind": { "const": "visit" } }, "required": ["visit", "mention_index"] },
                { "properties": { "kind": { "const": "event" } }, "required": ["event", "mention_index"] },
                { "properties": { "kind": { "const": "retract" } } }
            ]
        });
        if let Some(one_of) = rules.get("oneOf") {
            schema.insert("oneOf".to_owned(), one_of.clone());
        }
        schema
    }
}
