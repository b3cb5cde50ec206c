//! A program against the regular expression that says the same.

use proptest::prelude::*;
use regex_automata::meta::Regex;

use super::*;

/// Numbers slots in the order in which they open.
fn number(node: &mut Node, slots: &mut usize) {
    match node {
        Node::Row(nodes) | Node::Either(nodes) => nodes.iter_mut().for_each(|n| number(n, slots)),
        Node::Repeat(inner, _) => number(inner, slots),
        Node::Slot(n, inner) => {
            *n = *slots;
            *slots += 1;
            number(inner, slots);
        }
        Node::One(_) | Node::Gap | Node::Start | Node::End => {}
    }
}

fn regex(node: &Node) -> String {
    let all = |nodes: &[Node], by: &str| nodes.iter().map(regex).collect::<Vec<_>>().join(by);
    match node {
        Node::One(set) => format!("[{}]", set.iter().map(|s| format!("\\x{s:02x}")).collect::<Vec<_>>().concat()),
        Node::Gap => format!("[^\\x{:02x}]{{0,{GAP}}}?", sym::STOP),
        Node::Start => "^".to_owned(),
        Node::End => "$".to_owned(),
        Node::Row(nodes) => format!("(?:{})", all(nodes, "")),
        Node::Either(nodes) => format!("(?:{})", all(nodes, "|")),
        Node::Repeat(inner, times) => {
            let times = match times {
                Times::Maybe => "?",
                Times::Any => "*",
                Times::Some => "+",
            };
            format!("(?:{}){times}", regex(inner))
        }
        Node::Slot(_, inner) => format!("({})", regex(inner)),
    }
}

fn node() -> impl Strategy<Value = Node> {
    let set = proptest::collection::vec(1u8..5, 1..3).prop_map(|s| Node::One(SymSet::of(&s)));
    let leaf = prop_oneof![6 => set, 2 => Just(Node::Gap), 1 => Just(Node::Start), 1 => Just(Node::End)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let times = prop_oneof![Just(Times::Maybe), Just(Times::Any), Just(Times::Some)];
        prop_oneof![
            3 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Node::Row),
            1 => proptest::collection::vec(inner.clone(), 1..4).prop_map(Node::Either),
            1 => (inner.clone(), times).prop_map(|(n, t)| Node::Repeat(Box::new(n), t)),
            2 => inner.prop_map(|n| Node::Slot(0, Box::new(n))),
        ]
    })
}

fn by_regex(pattern: &str, row: &[Sym]) -> Vec<Found> {
    let regex = Regex::builder()
        .configure(Regex::config().utf8_empty(false))
        .syntax(regex_automata::util::syntax::Config::new().utf8(false).unicode(false))
        .build(pattern)
        .unwrap();
    let found = |caps: regex_automata::util::captures::Captures| {
        let whole = caps.get_match().unwrap();
        let slots = (1..caps.group_len()).filter_map(|g| caps.get_group(g).map(|s| (g - 1, (s.start, s.end))));
        Found { span: (whole.start(), whole.end()), slots: slots.collect() }
    };
    regex.captures_iter(row).map(found).collect()
}

fn by_program(pattern: &Node, slots: usize, row: &[Sym]) -> Vec<Found> {
    let mut out = vec![];
    Runner::default().all(&Program::new(pattern, slots).unwrap(), row, |f| out.push(f));
    out
}

proptest! {
    #[test]
    fn a_program_finds_what_the_regular_expression_finds(
        mut pattern in node(),
        row in proptest::collection::vec(prop_oneof![8 => 1u8..6, 1 => Just(sym::STOP)], 0..16),
    ) {
        let mut slots = 0;
        number(&mut pattern, &mut slots);
        prop_assert_eq!(by_program(&pattern, slots, &row), by_regex(&regex(&pattern), &row));
    }
}

#[test]
fn a_pattern_that_macros_blow_up_is_refused() {
    let mut pattern = Node::One(SymSet::of(&[1]));
    for _ in 0..16 {
        pattern = Node::Row(vec![pattern.clone(), pattern]);
    }
    assert!(Program::new(&pattern, 0).is_none());
}
