//! `dateline resolve`.

use serde_json::{Value, json};

use crate::program::{json_lines, run};

/// A mention message: Xi Jinping's visit to Russia as article `id` tells it.
fn mention(id: &str, published_at: &str, status: &str) -> Value {
    let ms = dateline_model::Timestamp::parse(published_at).unwrap().ms();
    json!({
        "schema": 1, "kind": "visit", "mention_index": 0, "extractor": "rules", "rules_version": "r", "gazetteer_version": "g",
        "article": {"id": id, "version": [ms, 1], "url": null, "source": "example.test", "title": null,
            "published_at": published_at, "as_of": &published_at[..10], "language": "en", "content_hash": id, "sketch": null},
        "visit": {"visitor": {"name": "Xi Jinping", "country": "CN", "role": "president"}, "host": null,
            "destination": {"country": "RU"}, "period": {"start": "2025-05-07", "end": "2025-05-10"},
            "visit_kind": "state", "status": status, "certainty": "stated", "attribution": null, "primary": true,
            "plover": {"event": "CONSULT", "mode": "visit"}, "confidence": 0.9}
    })
}

fn lines(messages: &[Value]) -> String {
    messages.iter().map(|m| m.to_string() + "\n").collect()
}

#[test]
fn mentions_become_the_stream_of_revisions_in_order() {
    let input = [mention("a", "2025-05-05T12:00:00Z", "confirmed"), mention("b", "2025-05-11T12:00:00Z", "completed")];
    let ran = run(&["resolve", "--mentions"], &lines(&input));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let revisions = json_lines(&ran.out);
    let told: Vec<_> =
        revisions.iter().map(|r| (r["revision"].clone(), r["status"].clone(), r["caused_by"].clone())).collect();
    let expected = [(json!(1), json!("confirmed"), json!("a")), (json!(2), json!("completed"), json!("b"))];
    assert_eq!(told, expected);
    assert_eq!(revisions[0]["id"], revisions[1]["id"]);
}

#[test]
fn a_source_that_changes_nothing_comes_at_the_end_of_input() {
    let mut second = mention("b", "2025-05-05T13:00:00Z", "confirmed");
    second["article"]["source"] = json!("other.test");
    let ran = run(&["resolve", "--mentions"], &lines(&[mention("a", "2025-05-05T12:00:00Z", "confirmed"), second]));
    let revisions = json_lines(&ran.out);
    assert_eq!(revisions.len(), 2, "{}", ran.out);
    assert_eq!((&revisions[1]["changed"], &revisions[1]["caused_by"]), (&json!([]), &Value::Null));
    assert_eq!(revisions[1]["source_count"], 2);
}

#[test]
fn a_retraction_deletes_and_no_line_is_printed_for_the_tombstone() {
    let retraction =
        json!({"schema": 1, "kind": "retract", "article": {"id": "a", "version": [1_800_000_000_000_i64, 2]}});
    let ran = run(&["resolve", "--mentions"], &lines(&[mention("a", "2025-05-05T12:00:00Z", "confirmed"), retraction]));
    let revisions = json_lines(&ran.out);
    assert_eq!((revisions.len(), &revisions[1]["deleted"]), (2, &json!(true)), "{}", ran.out);
}

#[test]
fn a_timestamp_in_the_line_moves_the_stream_time() {
    let mut first = mention("a", "2025-05-05T12:00:00Z", "confirmed");
    first["timestamp"] = json!(1_746_446_400_000_i64);
    let ran = run(&["resolve", "--mentions"], &lines(&[first]));
    assert_eq!((ran.code, json_lines(&ran.out).len()), (0, 1));
}

#[test]
fn a_bad_line_is_told_and_the_rest_goes_on() {
    let input = format!("{{}}\n[]\n{}\n", mention("a", "2025-05-05T12:00:00Z", "confirmed"));
    let ran = run(&["resolve", "--mentions"], &input);
    let said: Vec<&str> = ran.err.lines().collect();
    assert!(said[0].starts_with("stdin:1: mention: missing field `schema`"), "{}", ran.err);
    assert!(
        said[0].ends_with(": send one message of the mentions topic a line")
            && said[1].starts_with("stdin:2: mention: ")
    );
    assert_eq!((ran.code, json_lines(&ran.out).len(), said.len()), (1, 1, 2));
}

#[test]
fn a_newer_message_stops_with_its_own_exit_code() {
    let ran = run(&["resolve", "--mentions"], "{\"schema\": 2, \"kind\": \"trip\"}\n");
    assert_eq!(ran.code, 5);
    assert_eq!(
        ran.err,
        "stdin:1: schema: mention schema 2 is newer than 1, the newest that this build reads: deploy the newer build\n"
    );
}

#[test]
fn articles_are_extracted_and_resolved_and_bad_ones_told() {
    let ran = run(&["resolve"], "bad\n{\"id\": \"a\", \"body\": \"Nothing happened here today.\"}\n");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(
        ran.err,
        "stdin:1: article: not JSON (expected value at line 1 column 1): send one JSON object in UTF-8\n"
    );
}
