//! An operator's folder on top of the built-in data.

use std::fs;

use dateline_gazetteer::{Day, Gazetteer, Kind};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(dir.path().join(name), text).expect("written");
    }
    dir
}

fn refused(files: &[(&str, &str)]) -> String {
    let dir = folder(files);
    match Gazetteer::load_with_extra(dir.path()) {
        Ok(_) => panic!("accepted {files:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn entries_are_added_and_overridden_by_id() {
    let dir = folder(&[
        ("people-desk.tsv", "dl:anna-example\tAnna Example\tFR\tf\tExample\tforeign minister@FR 2027-01-01..\n"),
        (
            "events-desk.toml",
            "[[event]]\nid = \"g7\"\nname = \"G7 summit\"\nclass = \"summit\"\neditions = [\"2027-06-14..2027-06-16 US Miami\"]\n",
        ),
        ("notes.txt", "passed by"),
    ]);
    let g = Gazetteer::load_with_extra(dir.path()).expect("sound data");
    let anna = g.lookup("anna example").find(|p| p.entry.kind == Kind::Person).expect("known by name");
    assert_eq!(&*g.person(anna.entry.index).id, "dl:anna-example");
    let g7 = g.lookup("g7 summit").find(|p| p.entry.kind == Kind::Event).expect("still there");
    let edition = g.event(g7.entry.index).edition_near(Day::new(2027, 6, 1), None).expect("an edition");
    assert_eq!(edition.from, Day::new(2027, 6, 14));
    assert_ne!(g.version(), Gazetteer::load().expect("sound data").version());
}

#[test]
fn a_fault_names_file_line_and_entry() {
    for (file, text, said) in [
        ("people-x.tsv", "# note\ndl:a\tA B\tFR\t\t\tpresident@XX 2020..\n", &["people-x.tsv:2", "A B", "XX"][..]),
        ("people-x.tsv", "dl:a\tA B\tFR\t\t\tpresident@FR 2020-02-01..2019\n", &["people-x.tsv:1", "ends before"]),
        ("people-x.tsv", "dl:a\tA B\tFR\nd2\tB C\tQQ\n", &["people-x.tsv:2", "d2", "QQ"]),
        ("people-x.tsv", "dl:a\tA B\tFR\ndl:a\tB C\tFR\n", &["people-x.tsv:2", "twice"]),
        (
            "venues.toml",
            "[[venue]]\nid = \"x\"\nname = \"X\"\ncountry = \"FR\"\ncity = \"Nowhere\"\n",
            &["venues.toml:1", "x", "Nowhere"],
        ),
        ("venues.toml", "[[venue]]\nid = \"x\"\nnmae = \"X\"\n", &["venues.toml:3", "nmae"]),
        ("persons.tsv", "", &["persons.tsv", "belongs to no table"]),
    ] {
        let message = refused(&[(file, text)]);
        for part in said {
            assert!(message.contains(part), "{message} lacks {part}");
        }
    }
}
