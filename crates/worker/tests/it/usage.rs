//! The command line itself.

use crate::program::run;

#[test]
fn help_lists_the_exit_codes() {
    for args in [&["--help"][..], &["run", "--help"], &["extract", "--help"]] {
        let ran = run(args, "");
        assert_eq!(ran.code, 0);
        for line in [
            "0  done, or drained after a signal",
            "4  another worker has taken",
            "6  refused, because data would be lost",
        ] {
            assert!(ran.out.contains(line), "{args:?}: {}", ran.out);
        }
    }
}

#[test]
fn wrong_usage_ends_with_2() {
    for args in [
        &["extrakt"][..],
        &[],
        &["extract", "--id", "x"],
        &["resolve", "--mentions", "--text"],
        &["run", "--role", "some"],
    ] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("Usage:") || ran.err.contains("error:"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn the_schemas_are_those_that_are_committed() {
    let names = run(&["schema"], "").out;
    assert_eq!(names, "article\nmention\nreceipt\nvisit-record\nevent-record\n");
    for name in names.lines() {
        let file = format!("{}/../../schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
        assert!(
            run(&["schema", name], "").out == std::fs::read_to_string(file).unwrap(),
            "schemas/{name}.json differs"
        );
    }
    let ran = run(&["schema", "visit"], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("the schemas are article, mention, receipt, visit-record, event-record"), "{}", ran.err);
}

#[test]
fn clean_prints_the_main_text_of_a_page() {
    let ran = run(&["clean", "-"], "<p>Xi Jinping arrived &amp; left.</p>");
    assert_eq!((ran.code, ran.out.trim()), (0, "Xi Jinping arrived & left."));
}
