//! The table of expressions: values written by hand from the rules of reading, then laws for any text.

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::NaiveDate;
use dateline_model::PartialDate;
use dateline_text::tokenize;

use super::{Resolved, Tense, TimeExpr, find};

const TABLE: &str = include_str!("expressions.tsv");
const KNOWN: &str = include_str!("expressions.known.txt");

struct Row {
    id: &'static str,
    text: &'static str,
    anchor: Option<NaiveDate>,
    tense: Tense,
    /// Kind, start, end, days, as in the table.
    expected: [&'static str; 4],
    reference: Option<NaiveDate>,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let c: Vec<&str> = line.split('\t').collect();
        let date = |s: &str| (s != "-").then(|| s.parse().unwrap());
        let tense = match c[3] {
            "past" => Tense::Past,
            "present" => Tense::Present,
            "future" => Tense::Future,
            "unknown" => Tense::Unknown,
            other => panic!("{}: no tense {other:?}", c[0]),
        };
        let expected = [c[4], c[5], c[6], c[7]];
        Row { id: c[0], text: c[1], anchor: date(c[2]), tense, expected, reference: date(c[8]) }
    };
    TABLE.lines().skip(1).map(row).collect()
}

fn all(text: &str) -> Vec<TimeExpr> {
    let tokens = tokenize(text);
    find(text, &tokens, 0..tokens.len())
}

fn read(row: &Row) -> [String; 4] {
    let Some(first) = all(row.text).into_iter().next() else { return ["none", "-", "-", "-"].map(str::to_owned) };
    let r: Resolved = first.resolve_from(row.anchor, row.tense, row.reference);
    let date = |d: Option<PartialDate>| d.map_or("-".to_owned(), |d| d.to_string());
    let kind = format!("{:?}", r.kind).to_lowercase();
    [kind, date(r.start), date(r.end), r.days.map_or("-".to_owned(), |d| d.to_string())]
}

#[test]
fn the_table_of_expressions_reads_right_save_for_the_rows_listed_as_known() {
    let rows = rows();
    assert!(rows.len() >= 400 && rows.iter().filter(|r| r.id.starts_with("news-")).count() >= 100);
    let known: BTreeSet<&str> = KNOWN.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let mut wrong = String::new();
    let mut failed = BTreeSet::new();
    for row in &rows {
        // a day of the calendar has no length of its own in the table
        let got = read(row);
        if got != row.expected {
            failed.insert(row.id);
            writeln!(wrong, "{}: {:?} gives {got:?}, expected {:?}", row.id, row.text, row.expected).unwrap();
        }
    }
    let right = rows.len() - failed.len();
    println!("{right} of {} right\n{wrong}", rows.len());
    assert!(right * 100 >= rows.len() * 95, "only {right} of {} right:\n{wrong}", rows.len());
    assert_eq!(failed, known, "expressions.known.txt lists other rows than those that fail:\n{wrong}");
}

#[test]
fn ids_of_the_table_are_unique() {
    let rows = rows();
    assert_eq!(rows.iter().map(|r| r.id).collect::<BTreeSet<_>>().len(), rows.len());
}

/// Text, TIMEX3 type, TIMEX3 value.
type Expected<'a> = &'a [(&'a str, &'a str, &'a str)];

#[test]
fn a_range_gives_two_annotations_and_a_point_one() {
    let anchor = "2025-05-05".parse().ok();
    let values = |text: &str, tense| -> Vec<(String, &'static str, String)> {
        let tokens = tokenize(text);
        let found = find(text, &tokens, 0..tokens.len());
        let all = found.iter().flat_map(|e| e.timex(anchor, tense, None));
        all.map(|t| {
            let (a, b) = (tokens[t.tokens.start].start as usize, tokens[t.tokens.end - 1].end as usize);
            (text[a..b].to_owned(), t.kind, t.value)
        })
        .collect()
    };
    let cases: &[(&str, Tense, Expected)] = &[
        ("from May 7 to June 2", Tense::Future, &[("May 7", "DATE", "2025-05-07"), ("June 2", "DATE", "2025-06-02")]),
        ("since Friday", Tense::Past, &[("Friday", "DATE", "2025-05-02")]),
        ("next week", Tense::Future, &[("next week", "DATE", "2025-W20")]),
        ("over the weekend", Tense::Past, &[("the weekend", "DATE", "2025-W18-WE")]),
        ("a four-day visit", Tense::Past, &[("four-day", "DURATION", "P4D")]),
        ("every Tuesday", Tense::Past, &[("every Tuesday", "SET", "P1W")]),
        ("on Monday night", Tense::Past, &[("Monday night", "TIME", "2025-05-05TNI")]),
        ("at 10:30 a.m. on May 7", Tense::Future, &[("10:30 a.m. on May 7", "TIME", "2025-05-07T10:30")]),
        ("in the third quarter of 1986", Tense::Past, &[("the third quarter of 1986", "DATE", "1986-Q3")]),
        ("in the 1990s", Tense::Past, &[("the 1990s", "DATE", "199")]),
        ("this autumn", Tense::Future, &[("this autumn", "DATE", "2025-FA")]),
        ("the next day", Tense::Past, &[("the next day", "DATE", "XXXX-XX-XX")]),
    ];
    for (text, tense, expected) in cases {
        let got = values(text, *tense);
        let got: Vec<(&str, &str, &str)> = got.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str())).collect();
        assert_eq!(got, *expected, "{text}");
    }
}

#[test]
fn what_counts_from_another_time_says_so() {
    for (text, needs) in [("He left the next day.", true), ("He left two days later.", true), ("He left today.", false)]
    {
        let r = all(text)[0].resolve("2025-05-05".parse().ok(), Tense::Past);
        assert_eq!((r.needs_reference, r.start.is_none()), (needs, needs), "{text}");
    }
}

#[test]
fn a_printed_date_does_not_lean_on_the_anchor_and_a_weekday_does() {
    for (text, relative) in [("on May 7, 2025", false), ("in 2017", false), ("on Monday", true), ("on May 7", true)] {
        assert_eq!(all(text)[0].resolve("2025-05-05".parse().ok(), Tense::Past).relative, relative, "{text}");
    }
}

fn words() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    const WORDS: &str = "the a of on in at to and or from between through until since by before after within for during \
        starting ending end start middle early late mid later earlier ago last this next coming past previous following \
        same today yesterday tomorrow tonight overnight several few couple half every year years day days week weeks month \
        months hour hours night weekend quarter decade century morning noon May march June Dec. Monday Sat Friday spring \
        summer fall first second third two twenty hundred 7 10 31 99 7th 31st 1987 2025 0001 9999 2025-05-07 1000-01-01 \
        07.05.2025 10:30 10.30 GMT a.m. p.m. - -- , / . 's \" ( visit old long time Christmas New Eve \n";
    let one = proptest::sample::select(WORDS.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>());
    proptest::collection::vec((one, proptest::bool::weighted(0.85)), 0..60).prop_map(|list| {
        list.iter().fold(String::new(), |mut text, (word, spaced)| {
            text.push_str(word);
            if *spaced {
                text.push(' ');
            }
            text
        })
    })
}

/// Spans lie inside the range, in order, not empty, and every tense and anchor resolves without a panic.
fn lawful(text: &str, cut: (usize, usize)) -> Result<(), proptest::test_runner::TestCaseError> {
    let tokens = tokenize(text);
    let (a, b) = (cut.0.min(tokens.len()), cut.1.min(tokens.len()));
    let range = a.min(b)..a.max(b);
    let mut at = range.start;
    for e in find(text, &tokens, range.clone()) {
        proptest::prop_assert!(e.tokens.start >= at && e.tokens.end > e.tokens.start && e.tokens.end <= range.end);
        at = e.tokens.end;
        for anchor in [
            None,
            NaiveDate::from_ymd_opt(2024, 2, 29),
            NaiveDate::from_ymd_opt(1000, 1, 1),
            NaiveDate::from_ymd_opt(9999, 12, 31),
        ] {
            for tense in [Tense::Past, Tense::Present, Tense::Future, Tense::Unknown] {
                for reference in [None, anchor] {
                    let r = e.resolve_from(anchor, tense, reference);
                    proptest::prop_assert_eq!(r, e.resolve_from(anchor, tense, reference));
                    if let Some((first, last)) = r.span {
                        proptest::prop_assert!(first <= last, "{:?} {:?}", e, r);
                    }
                    for t in e.timex(anchor, tense, reference) {
                        proptest::prop_assert!(
                            !t.value.is_empty() && t.tokens.start >= e.tokens.start && t.tokens.end <= e.tokens.end
                        );
                    }
                }
            }
        }
    }
    Ok(())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_row_of_time_words_is_read_without_panic_in_order_and_inside_its_range(text in words(), a in 0usize..80, b in 0usize..80) {
        lawful(&text, (a, b))?;
        lawful(&text, (0, usize::MAX))?;
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,120}") {
        lawful(&text, (0, usize::MAX))?;
    }
}

#[test]
fn a_hundred_thousand_words_of_the_costliest_kind_take_seconds_at_most() {
    // every reading starts here and few end well; quadratic work would take hours
    for unit in ["the ", "May 7, ", "late on ", "from 7 to ", "the last three ", "early of the ", "second day of his "]
    {
        let text = unit.repeat(100_000) + "Monday";
        let tokens = tokenize(&text);
        let start = std::time::Instant::now();
        assert!(find(&text, &tokens, 0..tokens.len()).len() <= tokens.len());
        assert!(start.elapsed().as_secs() < 30, "{unit:?}: {:?}", start.elapsed());
    }
}
