//! `dateline demo`: the whole pipeline on the embedded broker.

use std::time::{Duration, Instant};

use crate::program::run;

#[test]
fn the_demo_ends_by_itself_with_records_and_what_to_try_next() {
    let begin = Instant::now();
    let ran = run(&["demo"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    let xi = ran.out.lines().find(|l| l.starts_with("visit: Xi Jinping (CN) -> Moscow (RU), 2025-05-07..10")).unwrap();
    assert!(xi.contains(", confirmed, revision 1, 1 source, \""), "{xi}");
    assert!(ran.out.contains("\n12 articles became ") && ran.out.contains("\nTry next\n"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'), "plain lines where nobody looks");
}

#[test]
fn the_demo_runs_over_the_users_own_articles() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let good = include_str!("../../demo/articles.jsonl").lines().next().unwrap();
    std::fs::write(file.path(), format!("{good}\nbad\n")).unwrap();
    let ran = run(&["demo", "--input", file.path().to_str().unwrap()], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("\n2 articles became ") && ran.out.contains("1 could not be read"), "{}", ran.out);
    let ran = run(&["demo", "--input", "/none.jsonl"], "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("dateline: /none.jsonl: cannot be opened ("), "{}", ran.err);
}
