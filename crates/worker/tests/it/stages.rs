//! The extract stage over the table of bad input, and the resolve stage over what extract wrote.

use std::sync::{Arc, LazyLock, Mutex};

use dateline_extract::{Context, Engine, Extraction};
use dateline_kafka::{Header, InputRecord, OutputRecord, Stage, StageError, Target};
use dateline_model::{Article, Message};
use dateline_worker::decide::Decider;
use dateline_worker::stages::extract::{self, ExtractStage};
use dateline_worker::stages::resolve::{self, ResolveStage};
use dateline_worker::telemetry::table;
use dateline_worker::telemetry::tally::{Sink, Tally, ToNothing};
use serde_json::{Value, json};

use crate::bad_input::cases;

fn record(key: Option<&[u8]>, value: Option<Vec<u8>>, offset: i64) -> InputRecord {
    let headers = vec![Header { name: "traceparent".into(), value: Some(b"00-aa-bb-01".to_vec()) }];
    let key = key.map(<[u8]>::to_vec);
    InputRecord {
        topic: "news.articles".into(),
        partition: 3,
        offset,
        timestamp_ms: 1_767_225_600_000,
        key,
        value,
        headers,
    }
}

/// One visit of Xi Jinping to Russia, or to where the article's body says.
fn visit(country: &str) -> dateline_model::Visit {
    serde_json::from_value(json!({
        "visitor": {"name": "Xi Jinping", "country": "CN", "role": "president"}, "host": null,
        "destination": {"country": country}, "period": {"start": "2025-05-07", "end": "2025-05-10"},
        "visit_kind": "state", "status": "confirmed", "certainty": "stated", "attribution": null, "primary": true,
        "plover": {"event": "CONSULT", "mode": "visit"}, "confidence": 0.9
    }))
    .unwrap()
}

fn decider() -> Decider {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());
    let extract = |a: &Article, c: &Context| -> Extraction {
        assert!(a.id != "bang", "the rule met its limit");
        let mut e = ENGINE.extract(a, c);
        e.visits = match a.body.as_deref() {
            Some(code @ ("RU" | "KZ")) => vec![visit(code)],
            _ => e.visits,
        };
        if !e.visits.is_empty() {
            e.skipped = None;
        }
        e
    };
    Decider::with(Arc::new(extract), 2 << 20, false)
}

#[derive(Default)]
struct Kept(Mutex<Vec<Tally>>);

impl Sink for Kept {
    fn committed(&self, _: &'static str, tally: &Tally) {
        let mut copy = Tally::default();
        for metric in [table::ARTICLES, table::MENTIONS, table::ARTICLE_KEYS, table::UNKNOWN_FIELDS] {
            for labels in tally.labels(&metric) {
                copy.add(metric, &labels, tally.get(&metric, &labels));
            }
        }
        self.0.lock().unwrap().push(copy);
    }

    fn state(&self, _: &dyn Fn() -> dateline_resolve::Stats) {}
}

fn stage(sink: Arc<dyn Sink>) -> ExtractStage {
    let topics = extract::Topics { mentions: "mentions".into(), receipts: Some("receipts".into()) };
    ExtractStage::new(decider(), topics, vec!["Reuters"], sink)
}

fn receipt(outputs: &[OutputRecord]) -> Value {
    let receipts: Vec<_> = outputs.iter().filter(|o| &*o.topic == "receipts").collect();
    assert_eq!(receipts.len(), 1, "one receipt an article");
    let receipt: Value = serde_json::from_slice(receipts[0].value.as_deref().unwrap()).unwrap();
    assert_eq!(receipts[0].key.as_deref(), receipt["article_id"].as_str().map(str::as_bytes));
    receipt
}

#[test]
fn every_bad_input_gets_its_class_its_words_and_one_receipt() {
    let cases = cases();
    let batch: Vec<InputRecord> =
        cases.iter().enumerate().map(|(i, c)| record(c.key().as_deref(), c.value(), i as i64)).collect();
    let kept = Arc::new(Kept::default());
    let mut stage = stage(Arc::clone(&kept) as Arc<dyn Sink>);
    let processed = stage.process(&batch).unwrap();
    assert_eq!(processed.len(), batch.len());
    for ((case, input), p) in cases.iter().zip(&batch).zip(&processed) {
        let receipt = receipt(&p.outputs);
        assert_eq!((&receipt["partition"], &receipt["offset"]), (&json!(3), &json!(input.offset)), "{}", case.name);
        let poison = p.poison.as_ref();
        assert_eq!(poison.map(|p| p.message.as_str()), case.words.as_deref(), "{}", case.name);
        if case.outcome == "dlq" {
            assert_eq!(poison.map(|p| p.class), case.class.as_deref(), "{}", case.name);
            assert_eq!((&receipt["outcome"], receipt["reason"].as_str()), (&json!("dlq"), case.class.as_deref()));
        } else if case.outcome == "skipped" {
            assert_eq!(
                (&receipt["outcome"], receipt["reason"].as_str()),
                (&json!("skipped"), case.class.as_deref()),
                "{}",
                case.name
            );
        } else {
            assert_eq!(receipt["outcome"], "none", "{}", case.name);
        }
    }
    assert!(kept.0.lock().unwrap().is_empty(), "nothing is counted before the commit");
    stage.committed();
    let tallies = kept.0.lock().unwrap();
    assert_eq!(tallies[0].sum(&table::ARTICLES), cases.len() as u64);
    assert_eq!(tallies[0].sum(&table::UNKNOWN_FIELDS), 3);
    assert_eq!(tallies[0].get(&table::ARTICLE_KEYS, &["missing"]), 1);
    assert_eq!(tallies[0].get(&table::ARTICLE_KEYS, &["not_utf8"]), 1);
}

#[test]
fn an_aborted_batch_is_not_counted() {
    let kept = Arc::new(Kept::default());
    let mut stage = stage(Arc::clone(&kept) as Arc<dyn Sink>);
    let batch = [record(Some(b"a"), Some(br#"{"id": "a", "body": "RU"}"#.to_vec()), 0)];
    stage.process(&batch).unwrap();
    stage.aborted();
    stage.process(&batch).unwrap();
    stage.committed();
    assert_eq!(kept.0.lock().unwrap()[0].get(&table::MENTIONS, &["visit"]), 1);
}

#[test]
fn a_mention_goes_to_its_country_with_its_trace_and_the_append_time_of_its_article() {
    let p = stage(Arc::new(ToNothing))
        .process(&[record(Some(b"a"), Some(br#"{"id": "a", "body": "RU", "published_at": "2025-05-05"}"#.to_vec()), 7)])
        .unwrap();
    let [mention, _] = p[0].outputs.as_slice() else { panic!("{:?}", p[0]) };
    assert_eq!(
        (&*mention.topic, mention.target, mention.key.as_deref()),
        ("mentions", Target::ByKey, Some(b"RU".as_slice()))
    );
    let header = |name: &str| mention.headers.iter().find(|h| h.name == name).and_then(|h| h.value.clone());
    assert_eq!(header("traceparent"), Some(b"00-aa-bb-01".to_vec()));
    assert_eq!(header("dateline.article.timestamp"), Some(b"1767225600000".to_vec()));
    let Message::Mention(m) = Message::decode(mention.value.as_deref().unwrap()).unwrap() else {
        panic!("a retraction")
    };
    assert_eq!((m.article.version.ms, m.article.version.offset), (1_746_403_200_000, 7));
    assert_eq!(receipt(&p[0].outputs)["mention_ids"], json!(["a/visit/0"]));
}

#[test]
fn a_correction_sends_its_mentions_first_and_then_a_retraction_to_every_partition() {
    let article = br#"{"id": "a", "body": "KZ", "published_at": "2025-05-05", "updated_at": "2025-05-06"}"#;
    let p = stage(Arc::new(ToNothing)).process(&[record(Some(b"a"), Some(article.to_vec()), 7)]).unwrap();
    let targets: Vec<_> = p[0].outputs.iter().map(|o| (&*o.topic, o.target, o.key.as_deref().unwrap())).collect();
    let expected = [
        ("mentions", Target::ByKey, b"KZ".as_slice()),
        ("mentions", Target::Every, b"a".as_slice()),
        ("receipts", Target::ByKey, b"a".as_slice()),
    ];
    assert_eq!(targets, expected);
    let retraction: Value = serde_json::from_slice(p[0].outputs[1].value.as_deref().unwrap()).unwrap();
    assert_eq!(
        retraction,
        json!({"schema": 1, "kind": "retract", "article": {"id": "a", "version": [1_746_489_600_000_i64, 7]}})
    );
}

#[test]
fn a_tombstone_retracts_its_article_everywhere_with_the_time_of_the_record() {
    let p = stage(Arc::new(ToNothing)).process(&[record(Some(b"a"), None, 9)]).unwrap();
    assert_eq!((p[0].outputs[0].target, p[0].outputs.len()), (Target::Every, 2));
    let retraction: Value = serde_json::from_slice(p[0].outputs[0].value.as_deref().unwrap()).unwrap();
    assert_eq!(retraction["article"], json!({"id": "a", "version": [1_767_225_600_000_i64, 9]}));
    let receipt = receipt(&p[0].outputs);
    assert_eq!(
        (&receipt["outcome"], &receipt["reason"], &receipt["mention_ids"]),
        (&json!("none"), &json!("retraction"), &json!([]))
    );
}

#[test]
fn a_panic_on_one_article_is_its_dead_letter_and_the_batch_goes_on() {
    let batch = [
        record(Some(b"k"), Some(br#"{"id": "bang", "body": "x"}"#.to_vec()), 0),
        record(Some(b"a"), Some(br#"{"id": "a", "body": "RU"}"#.to_vec()), 1),
    ];
    let p = stage(Arc::new(ToNothing)).process(&batch).unwrap();
    let poison = p[0].poison.as_ref().unwrap();
    assert_eq!(poison.class, "extractor_failed");
    assert!(
        poison.message.starts_with("article: the extractor failed (the rule met its limit at "),
        "{}",
        poison.message
    );
    assert_eq!(receipt(&p[0].outputs)["article_id"], "bang");
    assert_eq!(receipt(&p[1].outputs)["outcome"], "mentions");
}

fn resolve_stage() -> ResolveStage {
    let topics = resolve::Topics { visits: "visits".into(), events: "events".into(), state: "state".into() };
    ResolveStage::new(dateline_resolve::Settings::default(), topics, "dateline".to_owned(), Arc::new(ToNothing))
}

fn to_input(output: &OutputRecord, offset: i64) -> InputRecord {
    InputRecord {
        topic: output.topic.clone(),
        partition: 0,
        offset,
        timestamp_ms: 1_767_225_600_000,
        key: output.key.clone(),
        value: output.value.clone(),
        headers: output.headers.clone(),
    }
}

fn mention(id: &str, published_at: &str) -> OutputRecord {
    let article = format!(r#"{{"id": "{id}", "body": "RU", "published_at": "{published_at}"}}"#);
    let mut p = stage(Arc::new(ToNothing)).process(&[record(None, Some(article.into_bytes()), 7)]).unwrap();
    p.remove(0).outputs.remove(0)
}

#[test]
fn a_mention_becomes_a_record_with_cloud_event_headers_and_state() {
    let mut stage = resolve_stage();
    stage.assigned(0);
    stage.restored(0).unwrap();
    let p = stage.process(&[to_input(&mention("a", "2025-05-05T12:00:00Z"), 0)]).unwrap();
    let [visit] = p[0].outputs.as_slice() else { panic!("{:?}", p[0]) };
    let body: Value = serde_json::from_slice(visit.value.as_deref().unwrap()).unwrap();
    assert_eq!(
        (&body["record_type"], &body["revision"], &body["caused_by"]),
        (&json!("visit"), &json!(1), &json!("a"))
    );
    let id = body["id"].as_str().unwrap();
    assert_eq!((&*visit.topic, visit.key.as_deref()), ("visits", Some(id.as_bytes())));
    let headers: Vec<(&str, &str)> = visit
        .headers
        .iter()
        .map(|h| (h.name.as_str(), std::str::from_utf8(h.value.as_deref().unwrap()).unwrap()))
        .collect();
    let event_id = format!("{id}/1");
    let expected = [
        ("content-type", "application/json"),
        ("ce_specversion", "1.0"),
        ("ce_id", event_id.as_str()),
        ("ce_type", "news.visit.v1"),
        ("ce_source", "dateline"),
        ("ce_time", "2025-05-05T12:00:00Z"),
        ("traceparent", "00-aa-bb-01"),
    ];
    assert_eq!(headers, expected);
    assert!(!p[0].state.is_empty() && p[0].state.iter().all(|c| c.key.first() != Some(&0)));
}

#[test]
fn a_stage_restored_from_its_state_changes_goes_on_with_the_same_record() {
    let (mut first, mut second) = (resolve_stage(), resolve_stage());
    let p = first.process(&[to_input(&mention("a", "2025-05-05T12:00:00Z"), 0)]).unwrap();
    first.committed();
    second.assigned(0);
    for change in &p[0].state {
        second.restore(0, &change.key, change.value.as_deref()).unwrap();
    }
    second.restored(0).unwrap();
    let correction =
        br#"{"id": "a", "body": "KZ", "published_at": "2025-05-05T12:00:00Z", "updated_at": "2025-05-06T00:00:00Z"}"#;
    let mut sent =
        stage(Arc::new(ToNothing)).process(&[record(None, Some(correction.to_vec()), 8)]).unwrap().remove(0).outputs;
    let retraction = to_input(&sent.remove(1), 1);
    let (one, two) =
        (first.process(std::slice::from_ref(&retraction)).unwrap(), second.process(&[retraction]).unwrap());
    assert_eq!(one, two);
    let values: Vec<Option<Value>> =
        one[0].outputs.iter().map(|o| o.value.as_deref().map(|v| serde_json::from_slice(v).unwrap())).collect();
    assert!(values[0].as_ref().unwrap()["deleted"] == json!(true) && values[1].is_none(), "{values:?}");
}

#[test]
fn a_mention_that_cannot_be_read_is_poison_and_a_newer_one_stops_the_stage() {
    let mut stage = resolve_stage();
    let mut bad = to_input(&mention("a", "2025-05-05"), 4);
    bad.value = Some(b"{}".to_vec());
    let p = stage.process(std::slice::from_ref(&bad)).unwrap();
    let poison = p[0].poison.as_ref().unwrap();
    assert_eq!(poison.class, "bad_mention");
    assert!(poison.message.starts_with("mention: not a mention: missing field `schema`"), "{}", poison.message);
    bad.value = Some(br#"{"schema": 99, "kind": "trip"}"#.to_vec());
    match stage.process(&[bad]) {
        Err(StageError::Newer { what, topic, partition, offset }) => {
            assert_eq!((topic.as_str(), partition, offset), ("mentions", 0, 4));
            assert!(what.contains("schema 99"), "{what}");
        }
        other => panic!("{other:?}"),
    }
}
