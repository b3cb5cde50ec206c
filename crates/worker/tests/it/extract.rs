//! `dateline extract`.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::program::{command, json_lines, run, run_with};

fn article(id: usize) -> String {
    format!(r#"{{"id": "a-{id}", "body": "Nothing happened here today.", "published_at": "2025-05-05"}}"#)
}

#[test]
fn the_output_has_a_line_an_article_in_the_order_of_the_input() {
    let mut input = String::new();
    for i in 0..5000 {
        let _ = writeln!(input, "{}", article(i));
    }
    let ran = run(&["extract"], &input);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ids: Vec<String> = json_lines(&ran.out).iter().map(|l| l["article_id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.iter().enumerate().all(|(i, id)| *id == format!("a-{i}")) && ids.len() == 5000);
}

#[test]
fn files_are_read_one_after_the_other_and_errors_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.jsonl"), folder.path().join("two.jsonl"));
    std::fs::write(&one, format!("{}\nbad\n", article(1))).unwrap();
    std::fs::write(&two, format!("bad\r\n{}", article(2))).unwrap();
    let (one, two) = (one.display().to_string(), two.display().to_string());
    let missing = folder.path().join("none.jsonl").display().to_string();
    let ran = run(&["extract", &one, &missing, "-", &two], &article(3));
    let ids: Vec<_> = json_lines(&ran.out).iter().map(|l| l["article_id"].clone()).collect();
    assert_eq!(ids, ["a-1", "a-3", "a-2"]);
    let words = "article: not JSON (expected value at line 1 column 1): send one JSON object in UTF-8";
    let expected = [
        format!("{one}:2: {words}"),
        format!(
            "{missing}: cannot be opened (No such file or directory (os error 2)): name a readable file, or - for stdin"
        ),
        format!("{two}:1: {words}"),
    ];
    assert_eq!((ran.err.lines().collect::<Vec<_>>(), ran.code), (expected.iter().map(String::as_str).collect(), 1));
}

#[test]
fn a_result_comes_before_the_input_ends() {
    let mut child = command(&["extract"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for i in 0..3 {
        writeln!(stdin, "{}", article(i)).unwrap();
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("a-{i}")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child =
        command(&["extract"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let writer = std::thread::spawn(move || {
        // Endless input: ends when the program does.
        let lines = (0..100).map(article).collect::<Vec<_>>().join("\n") + "\n";
        while stdin.write_all(lines.as_bytes()).is_ok() {}
    });
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    let ended = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_bound_of_an_article_is_configured() {
    let mut command = command(&["extract"]);
    command.env("DATELINE_ARTICLE__MAX_BYTES", "1 KiB");
    let long = format!(r#"{{"body": "{}"}}"#, "x".repeat(2000));
    let ran = run_with(command, format!("{long}\n{}\n", article(1)).as_bytes());
    assert_eq!(
        ran.err,
        "stdin:1: article: 2012 bytes, more than article.max_bytes (1024): send less or raise article.max_bytes\n"
    );
    assert_eq!((ran.code, json_lines(&ran.out).len()), (1, 1));
}

#[test]
fn plain_text_is_an_article_with_its_title_on_the_first_line() {
    let args = ["extract", "--text", "--published-at", "2025-05-05", "--id", "t-1", "--source", "example.test"];
    let ran = run(&args, "A title\nNothing happened here today.");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(json_lines(&ran.out)[0]["article_id"], "t-1");
    let ran = run_with(command(&["extract", "--text"]), b"A title\n\xff");
    assert_eq!((ran.code, ran.err.as_str()), (1, "stdin: article: byte 8 is no UTF-8: send the article as UTF-8\n"));
    let ran = run(&["extract", "--text", "--published-at", "yesterday"], "x");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("\"yesterday\" is no time") && ran.err.contains("write RFC 3339"), "{}", ran.err);
}

#[test]
fn explain_shows_the_article_and_what_was_found_in_plain_text_where_nobody_looks() {
    let ran = run(&["extract", "--explain"], &article(1));
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.starts_with("== a-1 2025-05-05\n") && ran.out.contains("Nothing happened here today."),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains('\x1b'));
}
