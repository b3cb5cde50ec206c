//! Labelled articles: what a careful reader takes from them, with the further values that are right too.
//!
//! One JSON object a line: `id`, `published_at`, `visits` and `events` where labelled, and optionally `source` and `cluster`.
//! `<field>_alt` lists further right values of a field (null in it: leaving it out is right); `"optional": true` marks an entry
//! that may be missed or given.

use dateline_model::PartialDate;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A labelled article. Its text is read by whoever extracts.
#[derive(Debug, Clone)]
pub struct GoldArticle {
    /// Id.
    pub id: String,
    /// Year of publication, where known.
    pub year: Option<i32>,
    /// Outlet or collection; `-` where it names none.
    pub source: String,
    /// The story that it tells.
    pub cluster: Option<String>,
    /// Labelled visits.
    pub visits: Option<Vec<GoldVisit>>,
    /// Labelled events.
    pub events: Option<Vec<GoldEvent>>,
}

/// The main value of a field and those that are right, too. A `None` in it: leaving the field out is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<T>(pub Vec<Option<T>>);

impl<T: PartialEq> Accepted<T> {
    /// The main value.
    pub fn main(&self) -> Option<&T> {
        self.0.first().and_then(Option::as_ref)
    }

    /// True when saying nothing is right.
    pub fn none(&self) -> bool {
        self.0.iter().any(Option::is_none)
    }

    /// The values that are not null.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    /// True when a value, or its absence, is right.
    pub fn has(&self, value: Option<&T>) -> bool {
        self.0.iter().any(|v| v.as_ref() == value)
    }

    /// The same without alternatives.
    pub fn only_main(mut self) -> Self {
        self.0.truncate(1);
        self
    }
}

/// "Third trip since February 2022".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoldOrdinal {
    /// 3.
    pub n: u64,
    /// The day, month or year since which is counted.
    pub since: Option<PartialDate>,
}

/// A labelled visit.
#[derive(Debug, Clone)]
pub struct GoldVisit {
    /// Names of the visitor, aliases included.
    pub visitor: Accepted<String>,
    /// Country of the visitor.
    pub visitor_country: Accepted<String>,
    /// Role of the visitor.
    pub role: Accepted<String>,
    /// False when the name is nowhere in the article.
    pub named: bool,
    /// Destination country.
    pub country: Accepted<String>,
    /// Destination city.
    pub city: Accepted<String>,
    /// First day.
    pub start: Accepted<PartialDate>,
    /// Last day.
    pub end: Accepted<PartialDate>,
    /// Status in snake case.
    pub status: Accepted<String>,
    /// Kind in snake case.
    pub kind: Accepted<String>,
    /// Host.
    pub host: Accepted<String>,
    /// Whether it is in focus, where labelled.
    pub primary: Option<Accepted<bool>>,
    /// Who says so, where labelled.
    pub attribution: Option<Accepted<String>>,
    /// How it is put, where labelled.
    pub certainty: Option<Accepted<String>>,
    /// Which visit it is, where labelled.
    pub ordinal: Option<Accepted<GoldOrdinal>>,
    /// Neither missing nor having it is wrong.
    pub optional: bool,
}

/// A labelled event.
#[derive(Debug, Clone)]
pub struct GoldEvent {
    /// Type in snake case.
    pub event_type: Accepted<String>,
    /// Lists of participants, each one right.
    pub participants: Vec<Vec<String>>,
    /// Country.
    pub country: Accepted<String>,
    /// City.
    pub city: Accepted<String>,
    /// Date.
    pub date: Accepted<PartialDate>,
    /// Status in snake case.
    pub status: Accepted<String>,
    /// Neither missing nor having it is wrong.
    pub optional: bool,
}

/// Why a line is no labelled article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct GoldError {
    /// Where in the object.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

type Read<T> = Result<T, GoldError>;

fn error(path: impl Into<String>, problem: impl Into<String>) -> GoldError {
    GoldError { path: path.into(), problem: problem.into() }
}

impl GoldArticle {
    /// Reads one line.
    pub fn read(line: &[u8]) -> Read<Self> {
        let all: Map<String, Value> = serde_json::from_slice(line).map_err(|e| error("line", e.to_string()))?;
        let text = |key: &str| all.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = text("id").ok_or_else(|| error("id", "a string expected"))?;
        let year = text("published_at").and_then(|t| t.get(..4)?.parse().ok());
        let source = text("source").or_else(|| text("repo")).unwrap_or_else(|| "-".to_owned());
        Ok(Self {
            id,
            year,
            source,
            cluster: text("cluster"),
            visits: entries(&all, "visits", GoldVisit::read)?,
            events: entries(&all, "events", GoldEvent::read)?,
        })
    }

    /// True for the part that stays unread by those who write rules: every third article, and of the stories some whole ones.
    pub fn unread(&self) -> bool {
        match &self.cluster {
            Some(c) => UNREAD_CLUSTERS.contains(&c.as_str()),
            None => fnv1a64(self.id.as_bytes()).is_multiple_of(3),
        }
    }
}

/// Stories that stay unread.
const UNREAD_CLUSTERS: [&str; 4] = ["c-03", "c-17", "c-23", "c-25"];

/// Fowler, Noll and Vo's hash FNV-1a, 64 bits.
pub fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

fn entries<T>(
    all: &Map<String, Value>,
    key: &str,
    read: impl Fn(&Map<String, Value>, &str) -> Read<T>,
) -> Read<Option<Vec<T>>> {
    let Some(list) = all.get(key) else { return Ok(None) };
    let list = list.as_array().ok_or_else(|| error(key, "a list expected"))?;
    let one = |(i, v): (usize, &Value)| {
        let path = format!("{key}[{i}]");
        read(v.as_object().ok_or_else(|| error(&path, "an object expected"))?, &path)
    };
    list.iter().enumerate().map(one).collect::<Read<Vec<T>>>().map(Some)
}

/// Main value and alternatives; `short` is an older spelling of `<field>_alt`.
fn accepted<T: DeserializeOwned>(v: &Map<String, Value>, path: &str, field: &str, short: &str) -> Read<Accepted<T>> {
    accepted_with(v, path, field, short, |x| serde_json::from_value(x.clone()).map_err(|e| e.to_string()))
}

fn accepted_with<T>(
    v: &Map<String, Value>,
    path: &str,
    field: &str,
    short: &str,
    read: impl Fn(&Value) -> Result<Option<T>, String>,
) -> Read<Accepted<T>> {
    let mut out = vec![];
    let one = |x: &Value| read(x).map_err(|e| error(format!("{path}.{field}"), e));
    out.push(one(v.get(field).unwrap_or(&Value::Null))?);
    for key in [format!("{field}_alt"), short.to_owned()] {
        match v.get(&key) {
            Some(Value::Array(list)) => out.extend(list.iter().map(one).collect::<Read<Vec<_>>>()?),
            None | Some(Value::Null) => {}
            Some(_) => return Err(error(format!("{path}.{key}"), "a list expected")),
        }
    }
    Ok(Accepted(out))
}

fn optional(v: &Map<String, Value>) -> bool {
    v.get("optional").and_then(Value::as_bool).unwrap_or(false)
}

/// A source is a string, or an object with `source`.
fn read_source(x: &Value) -> Result<Option<String>, String> {
    match x.get("source").unwrap_or(x) {
        Value::String(s) => Ok(Some(s.clone())),
        Value::Null => Ok(None),
        other => Err(format!("{other} is no source")),
    }
}

fn read_ordinal(x: &Value) -> Result<Option<GoldOrdinal>, String> {
    if x.is_null() {
        return Ok(None);
    }
    let n = x.get("n").and_then(Value::as_u64).ok_or("n: a number expected")?;
    let since = match x.get("since") {
        Some(Value::String(s)) => Some(s.parse::<PartialDate>().map_err(|e| e.to_string())?),
        _ => None,
    };
    Ok(Some(GoldOrdinal { n, since }))
}

impl GoldVisit {
    fn read(v: &Map<String, Value>, path: &str) -> Read<Self> {
        let given = |field: &str| v.contains_key(field);
        let mut visitor: Accepted<String> = accepted(v, path, "visitor", "visitor_aliases")?;
        visitor.0.retain(|n| n.as_ref().is_some_and(|n| !n.is_empty()));
        Ok(Self {
            visitor,
            visitor_country: accepted(v, path, "visitor_country", "")?,
            role: accepted(v, path, "visitor_role", "role_alt")?,
            named: v.get("visitor_named") != Some(&Value::Bool(false)),
            country: accepted(v, path, "destination_country", "dest_alt")?,
            city: accepted(v, path, "destination_city", "city_alt")?,
            start: accepted(v, path, "start", "")?,
            end: accepted(v, path, "end", "")?,
            status: accepted(v, path, "status", "")?,
            kind: accepted(v, path, "kind", "")?,
            host: accepted(v, path, "host", "")?,
            primary: given("primary").then(|| accepted(v, path, "primary", "")).transpose()?,
            attribution: given("attribution")
                .then(|| accepted_with(v, path, "attribution", "", read_source))
                .transpose()?,
            certainty: given("certainty").then(|| accepted(v, path, "certainty", "")).transpose()?,
            ordinal: given("ordinal").then(|| accepted_with(v, path, "ordinal", "", read_ordinal)).transpose()?,
            optional: optional(v),
        })
    }
}

impl GoldEvent {
    fn read(v: &Map<String, Value>, path: &str) -> Read<Self> {
        let main = v.get("participants").into_iter();
        let further = v.get("participants_alt").and_then(Value::as_array).into_iter().flatten();
        Ok(Self {
            event_type: accepted(v, path, "type", "")?,
            participants: main.chain(further).map(names).collect(),
            country: accepted(v, path, "country", "")?,
            city: accepted(v, path, "city", "")?,
            date: accepted(v, path, "date", "")?,
            status: accepted(v, path, "status", "")?,
            optional: optional(v),
        })
    }
}

/// Names of a list of participants, each a string or an object with `name`.
fn names(list: &Value) -> Vec<String> {
    let name = |p: &Value| p.get("name").unwrap_or(p).as_str().map(str::to_owned);
    list.as_array().into_iter().flatten().filter_map(name).filter(|n| !n.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_and_older_spellings_are_read() {
        let line =
            br#"{"id": "x", "published_at": "1996-02-03", "visits": [{"visitor": "Ann Bo", "role_alt": ["envoy"],
            "visitor_role": "official", "destination_country": "FR", "start": "1996-02", "start_alt": [null],
            "attribution": {"source": "the palace"}, "ordinal": {"n": 2, "since": "1990"}}]}"#;
        let a = GoldArticle::read(line).unwrap();
        let v = &a.visits.unwrap()[0];
        assert_eq!((a.year, a.source.as_str(), a.events.is_none()), (Some(1996), "-", true));
        assert_eq!(v.role.0, [Some("official".to_owned()), Some("envoy".to_owned())]);
        assert!(v.start.none() && v.start.main().is_some() && v.primary.is_none() && v.named);
        assert_eq!(v.attribution.as_ref().unwrap().main().unwrap(), "the palace");
        assert_eq!(v.ordinal.as_ref().unwrap().main().unwrap().n, 2);
    }

    #[test]
    fn a_wrong_shape_is_told_with_its_place() {
        for (line, words) in [
            (r#"{"visits": []}"#, "id: a string expected"),
            (r#"{"id": "x", "visits": {}}"#, "visits: a list expected"),
            (
                r#"{"id": "x", "visits": [{"start": "May"}]}"#,
                "visits[0].start: \"May\" is no date: write YYYY, YYYY-MM or YYYY-MM-DD",
            ),
            (r#"{"id": "x", "events": [{"city_alt": "Rome"}]}"#, "events[0].city_alt: a list expected"),
        ] {
            assert_eq!(GoldArticle::read(line.as_bytes()).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // test vectors of draft-eastlake-fnv
        assert_eq!(
            (fnv1a64(b""), fnv1a64(b"a"), fnv1a64(b"foobar")),
            (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c, 0x8594_4171_f739_67e8)
        );
    }
}
