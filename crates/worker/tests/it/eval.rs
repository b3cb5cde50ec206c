//! `dateline eval` and `dateline rules check`, and what is left of mentions below the least confidence.

use crate::program::{command, json_lines, run, run_with};

/// Three labelled articles: a visit that is told plainly, one that is not, and no visit.
const GOLD: &str = r#"{"id": "g-1", "source": "one.test", "published_at": "2025-05-05", "title": "Ruto in Berlin", "body": "BERLIN, May 5 (Wire) - Kenyan President William Ruto arrived in Berlin on Sunday for a three-day visit.", "visits": [{"visitor": "William Ruto", "visitor_country": "KE", "visitor_role": "president", "destination_country": "DE", "destination_city": "Berlin", "start": "2025-05-04", "end": "2025-05-06", "status": "ongoing", "kind": "unspecified", "host": null}], "events": []}
{"id": "g-5", "source": "two.test", "published_at": "2025-05-05", "body": "The foreign minister of Norway was seen far from home, in the company of sheep.", "visits": [{"visitor": "Espen Barth Eide", "visitor_country": "NO", "visitor_role": "foreign minister", "destination_country": "NZ", "start": null, "end": null, "status": "completed", "kind": "unspecified", "host": null}]}
{"id": "g-3", "source": "two.test", "published_at": "2025-05-05", "body": "Nothing happened here today, and nobody came to see it.", "visits": []}
"#;

fn gold() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl");
    std::fs::write(&path, GOLD).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

/// The row of a name: its cells.
fn row<'o>(out: &'o str, name: &str) -> Vec<&'o str> {
    let line =
        out.lines().find(|l| l.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("no {name} in\n{out}"));
    line[name.len()..].split_whitespace().collect()
}

#[test]
fn the_scoreboard_tells_what_was_found_by_field_source_and_rule() {
    let (_folder, path) = gold();
    let ran = run(&["eval", &path, "--evidence", "--errors", "5"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(row(&ran.out, "articles")[0], "3");
    assert_eq!(row(&ran.out, "precision")[0], "1.0000");
    assert_eq!(row(&ran.out, "recall")[0], "0.5000");
    assert_eq!(row(&ran.out, "strict_f1")[0], "0.6667");
    assert_eq!(row(&ran.out, "negatives_clean")[0], "1/1");
    assert_eq!(row(&ran.out, "value_f1 end")[0], "1.0000");
    assert_eq!(row(&ran.out, "one.test")[..4], ["1", "1.000", "1.000", "1.000"]);
    assert_eq!(row(&ran.out, "visit.arrive"), ["1", "1", "0", "0"]);
    assert!(ran.out.contains("\nevidence 1.0000 "), "{}", ran.out);
    assert!(ran.out.contains("\nMISSED g-5 Espen Barth Eide -> NZ"), "{}", ran.out);
}

#[test]
fn what_a_rule_or_a_stage_gains_is_seen_without_it() {
    let (_folder, path) = gold();
    let ran = run(&["eval", &path, "--without", "visit.arrive", "--without", "purposes"], "");
    assert!(!ran.out.contains("visit.arrive"), "{}", ran.out);
    let ran = run(&["eval", &path, "--without", "visit.fly_to_the_moon"], "");
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("dateline: --without visit.fly_to_the_moon: no rule of this name, nor a stage: title, ")
    );
}

#[test]
fn another_cast_is_told_by_its_seed() {
    let (_folder, path) = gold();
    let ran = run(&["eval", &path, "--swap", "8"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(row(&ran.out, "visits precision")[0], "1.0000");
    assert_eq!(run(&["eval", &path, "--swap", "8"], "").out, ran.out);
}

#[test]
fn a_line_that_is_no_gold_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold.jsonl").display().to_string();
    std::fs::write(&path, "\n{\"id\": \"g\", \"body\": \"x\", \"visits\": [{\"start\": \"May\"}]}\n").unwrap();
    let ran = run(&["eval", &path], "");
    let words = format!("dateline: {path}:2: visits[0].start: \"May\" is no date: write YYYY, YYYY-MM or YYYY-MM-DD\n");
    assert_eq!((ran.code, ran.err), (1, words));
}

#[test]
fn mentions_below_the_least_confidence_are_dropped() {
    let article = GOLD.lines().next().unwrap();
    let visits = |least: &str| {
        let mut command = command(&["extract"]);
        command.env("DATELINE_EXTRACT__MIN_CONFIDENCE", least);
        json_lines(&run_with(command, article.as_bytes()).out)[0]["visits"].as_array().unwrap().len()
    };
    assert_eq!((visits("0.5"), visits("1.0")), (1, 0));
    let mut command = command(&["extract"]);
    command.env("DATELINE_EXTRACT__MIN_CONFIDENCE", "1.5");
    assert!(run_with(command, b"").err.contains("must be 0 to 1"));
}

/// An operator's own rule with two examples, the second of which it does not read.
const OWN: &str = r#"
[macros]
WHO = "( PERSON | GROUP )"

[[rule]]
name = "own.wend"
over = "clause"
makes = "visit"
pattern = "visitor:WHO wend.v to destination:PLACE"
effects = { phase = "leave", confidence = 0.8 }
examples = [
  { text = "Peruvian President Inez Quillca wended to Quito.", gives = { visitor = "Inez Quillca", country = "EC" } },
  { text = "Peruvian President Inez Quillca wended to Bogota.", gives = { country = "VE" } },
]
"#;

#[test]
fn an_example_that_fails_is_named_by_file_line_and_rule() {
    let folder = tempfile::tempdir().unwrap();
    let (rules, lexicon) = (folder.path().join("own.toml"), folder.path().join("lexicon-own.toml"));
    std::fs::write(&rules, OWN).unwrap();
    std::fs::write(&lexicon, "[verbs]\nwend = [\"wend\"]\n").unwrap();
    let (rules, lexicon) = (rules.display().to_string(), lexicon.display().to_string());
    let ran = run(&["rules", "check", &lexicon, &rules], "");
    let words = format!(
        "{rules}:13: rule own.wend: \"Peruvian President Inez Quillca wended to Bogota.\": country is Some(\"CO\"), \"VE\" expected\n"
    );
    assert_eq!((ran.code, ran.err, ran.out.as_str()), (1, words, "1 rules, 2 examples, 1 fail\n"));
}

#[test]
fn the_rules_of_the_folder_are_used_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.toml"), OWN.replace("\"VE\"", "\"CO\"")).unwrap();
    std::fs::write(folder.path().join("lexicon.toml"), "[verbs]\nwend = [\"wend\"]\n").unwrap();
    let with_folder = |args: &[&str]| {
        let mut command = command(args);
        command.env("DATELINE_EXTRACT__RULES_DIR", folder.path());
        command
    };
    let ran = run_with(with_folder(&["rules", "check"]), b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let article =
        r#"{"body": "Peruvian President Inez Quillca wended to Bogota on Sunday.", "published_at": "2025-05-05"}"#;
    let ran = run_with(with_folder(&["extract"]), article.as_bytes());
    assert_eq!(json_lines(&ran.out)[0]["visits"][0]["destination"]["country"], "CO");
    std::fs::write(folder.path().join("own.toml"), "[[rule]]\nname = 5\n").unwrap();
    let ran = run_with(with_folder(&["extract"]), article.as_bytes());
    assert!(ran.code == 1 && ran.err.contains("own.toml:2: "), "{}", ran.err);
}

#[test]
fn entries_of_the_gazetteer_folder_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let venue =
        "[[venue]]\nid = \"own-hall\"\nname = \"Walnut Hall\"\ncountry = \"UY\"\ncity = \"Montevideo\"\nplace = true\n";
    std::fs::write(folder.path().join("venues-own.toml"), venue).unwrap();
    let mut command = command(&["extract"]);
    command.env("DATELINE_GAZETTEER__EXTRA_DIR", folder.path());
    let article =
        r#"{"body": "Kenyan President William Ruto arrived at Walnut Hall on Sunday.", "published_at": "2025-05-05"}"#;
    let ran = run_with(command, article.as_bytes());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(json_lines(&ran.out)[0]["visits"][0]["destination"]["city"], "Montevideo");
}
