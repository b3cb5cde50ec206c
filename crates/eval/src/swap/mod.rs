//! The same stories with other people, countries, cities and years: shows whether extraction reads or remembers.
//!
//! People, countries and cities that gold knows are replaced consistently within a story, text and gold together: countries by
//! others, their cities and words for their people with them; half of the people by invented names, the others by holders of an
//! office there. All years move by 28, after which the calendar is the same, weekdays included. Thrones and churches stay, in
//! their time.

mod cast;
mod phrases;
mod random;

use std::collections::BTreeMap;

use dateline_gazetteer::Gazetteer;
use serde_json::Value;

use crate::gold::fnv1a64;
use cast::Cast;
use random::Random;

/// Years by which all dates move: a whole cycle of the calendar (1901 to 2099).
const CYCLE: i32 = 28;

/// Retells labelled articles: objects as the lines of a gold file hold them. An even seed moves them into the future, an odd one
/// into the past; the rest of it decides who takes whose place.
pub fn swap(articles: &[Value], gazetteer: &Gazetteer, seed: u64) -> Vec<Value> {
    let years = if seed.is_multiple_of(2) { CYCLE } else { -CYCLE };
    let story = |a: &Value| -> String {
        let key = a.get("cluster").filter(|c| c.is_string()).or_else(|| a.get("id"));
        key.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut stories: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for a in articles {
        stories.entry(story(a)).or_default().push(a);
    }
    let casts: BTreeMap<&String, Cast> = stories
        .iter()
        .map(|(key, told)| {
            let mut random = Random::new(seed ^ fnv1a64(key.as_bytes()));
            (key, Cast::new(told, gazetteer, years, &mut random))
        })
        .collect();
    articles.iter().map(|a| casts.get(&story(a)).map_or_else(|| a.clone(), |cast| retold(a, cast))).collect()
}

/// One article by another cast.
fn retold(article: &Value, cast: &Cast) -> Value {
    let years = cast.years;
    let mut out = article.clone();
    let Some(map) = out.as_object_mut() else { return out };
    for (key, value) in map.iter_mut() {
        match key.as_str() {
            "title" | "body" => text(value, &|s| shift_years(&cast.replace(s), years)),
            "published_at" => text(value, &|s| shift_years(s, years)),
            "visits" | "events" => entry(value, cast, years),
            _ => {}
        }
    }
    out
}

fn entry(value: &mut Value, cast: &Cast, years: i32) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|v| entry(v, cast, years)),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let field = key.strip_suffix("_alt").unwrap_or(key);
                match field {
                    "visitor_country" | "destination_country" | "country" | "dest" => text(value, &|s| cast.code(s)),
                    "start" | "end" | "date" | "since" => text(value, &|s| shift_years(s, years)),
                    "ordinal" => entry(value, cast, years),
                    "visitor" | "host" | "destination_city" | "city" | "attribution" | "participants" => {
                        text(value, &|s| cast.replace(s));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Changes every string of a value.
fn text(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(s) => *s = change(s),
        Value::Array(list) => list.iter_mut().for_each(|v| text(v, change)),
        Value::Object(map) => map.values_mut().for_each(|v| text(v, change)),
        _ => {}
    }
}

/// Moves every number of four digits that can be a year.
fn shift_years(s: &str, years: i32) -> String {
    let mut out = String::with_capacity(s.len());
    let mut digits = String::new();
    let flush = |digits: &mut String, out: &mut String| {
        match digits.parse::<i32>() {
            Ok(y) if digits.len() == 4 && (1930..2080).contains(&y) => out.push_str(&(y + years).to_string()),
            _ => out.push_str(digits),
        }
        digits.clear();
    };
    for c in s.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut digits, &mut out);
            out.push(c);
        }
    }
    flush(&mut digits, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn story() -> Vec<Value> {
        let visit = json!({"visitor": "Jian Doravel", "visitor_country": "CN", "visitor_role": "president",
            "destination_country": "RU", "destination_city": "Moscow", "start": "2025-05-07", "host": "Piotr Lemnov"});
        let body = "MOSCOW, May 7 (Wire) - Chinese President Jian Doravel arrived in Moscow on Wednesday. Doravel, who last came to \
            Russia in 2023, met Piotr Lemnov at the Kremlin.";
        vec![
            json!({"id": "s-1", "title": "Doravel in Russia", "body": body, "published_at": "2025-05-07T12:00:00Z", "visits": [visit]}),
        ]
    }

    #[test]
    fn gold_and_text_are_retold_together() {
        let gazetteer = Gazetteer::load().unwrap();
        let told = &swap(&story(), &gazetteer, 4)[0];
        let visit = &told["visits"][0];
        let body = told["body"].as_str().unwrap();
        for field in ["visitor", "destination_city", "host"] {
            assert!(body.contains(visit[field].as_str().unwrap()), "{field} of {visit} in {body}");
        }
        for gone in ["Doravel", "Chinese", "Russia", "Moscow", "MOSCOW", "Lemnov", "Kremlin", "2023"] {
            assert!(!body.contains(gone), "{gone} in {body}");
        }
        assert_ne!(visit["visitor_country"], "CN");
        assert_eq!(
            (visit["start"].as_str(), told["published_at"].as_str()),
            (Some("2053-05-07"), Some("2053-05-07T12:00:00Z"))
        );
        assert_eq!(body.matches("2051").count(), 1);
    }

    #[test]
    fn a_seed_tells_the_same_again_and_another_tells_it_otherwise() {
        let gazetteer = Gazetteer::load().unwrap();
        assert_eq!(swap(&story(), &gazetteer, 4), swap(&story(), &gazetteer, 4));
        assert_ne!(swap(&story(), &gazetteer, 4), swap(&story(), &gazetteer, 6));
    }

    #[test]
    fn thrones_stay() {
        let gazetteer = Gazetteer::load().unwrap();
        let visit = json!({"visitor": "King Felipe VI", "visitor_country": "ES", "visitor_role": "king", "destination_country": "EG"});
        let told = &swap(
            &[json!({"id": "s", "body": "King Felipe VI of Spain flew to Egypt.", "visits": [visit]})],
            &gazetteer,
            1,
        )[0];
        assert!(told["body"].as_str().unwrap().starts_with("King Felipe VI of Spain flew to "));
        assert!(told["visits"][0]["visitor_country"] == "ES" && told["visits"][0]["destination_country"] != "EG");
    }
}
