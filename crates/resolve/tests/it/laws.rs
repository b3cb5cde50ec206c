//! The laws: what records say does not depend on the order of arrival; the same log gives the same bytes, whatever its
//! batches, restarts and aborted transactions.

use std::collections::BTreeMap;

use dateline_model::{
    Actor, Body, Certainty, DuringVisit, Event, EventStatus, EventType, Message, Part, Participant, Plover, Sketch,
    VisitKind, VisitStatus,
};
use dateline_resolve::{Applied, Partition, Settings};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{Said, retract};

const STATUSES: [VisitStatus; 8] = [
    VisitStatus::Rumored,
    VisitStatus::Planned,
    VisitStatus::Confirmed,
    VisitStatus::Ongoing,
    VisitStatus::Completed,
    VisitStatus::Postponed,
    VisitStatus::Cancelled,
    VisitStatus::Denied,
];
const KINDS: [VisitKind; 4] = [VisitKind::State, VisitKind::Summit, VisitKind::Unspecified, VisitKind::Private];
const NAMES: [&str; 8] = [
    "Ann Lee",
    "Lee",
    "Ann-Marie Lee",
    "Bob Roe",
    "Robert Roe",
    "senior envoy",
    "trade delegation",
    "Treasury officials",
];

fn day(n: u32) -> String {
    format!("{}-{:02}-{:02}", 2025 + n / 336, 1 + n / 28 % 12, 1 + n % 28)
}

/// Most days are near one another; some are further away than anything is put off.
fn days() -> impl Strategy<Value = u32> {
    prop_oneof![3 => 0u32..60, 1 => (0u32..60).prop_map(|n| n * 25)]
}

fn sketches() -> impl Strategy<Value = Option<Sketch>> {
    prop_oneof![
        2 => Just(None),
        3 => (0u32..4, 0u32..4).prop_map(|(text, edits)| {
            // Four texts; an edited copy has a few shingles of its own.
            let own = (0..edits).map(|e| 1000 * text + 500 + e * 7);
            let mut shingles: Vec<u32> = (0..12).map(|i| 1000 * text + i * 3).chain(own).collect();
            shingles.sort_unstable();
            Some(Sketch { shingles, numbers: vec![text as u16], names: vec![] })
        }),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let who = (0usize..NAMES.len(), prop_oneof![4 => Just("XA"), 1 => Just("XB")]);
    let when = (days(), days(), 0u32..5, 0u8..5);
    let what = (0usize..STATUSES.len(), 0usize..KINDS.len(), 0u8..3, prop::bool::ANY);
    let which = (0u32..9, 0u32..2, 0i64..3);
    (who, when, what, which, sketches()).prop_map(
        |(
            (name, country),
            (as_of, start, days, precision),
            (status, kind, city, purpose),
            (article, index, version),
            sketch,
        )| {
            let starts = day(start);
            Said {
                index,
                version: (1_700_000_000_000 + version, i64::from(article)),
                visitor: NAMES[name].to_owned(),
                country,
                city: [None, Some("Paris"), Some("Lyon")][usize::from(city)].map(str::to_owned),
                start: match precision {
                    0 => None,
                    1 => Some(starts[..7].to_owned()),
                    2 => Some(starts[..4].to_owned()),
                    _ => Some(starts.clone()),
                },
                end: (precision == 4).then(|| day(start + days)),
                status: STATUSES[status],
                kind: KINDS[kind],
                purpose: purpose.then_some("trade talks"),
                sketch,
                ..Said::new(&format!("a{article}"), &day(as_of))
            }
        },
    )
}

/// The event of a report: its type, who takes part beside the visitor.
type Other = Option<(EventType, Option<usize>)>;

fn others() -> impl Strategy<Value = Other> {
    let kinds = prop_oneof![3 => Just(EventType::Talks), 1 => Just(EventType::Attack)];
    let event = (kinds, prop::option::of(0usize..NAMES.len())).prop_map(Some);
    prop_oneof![2 => Just(None), 1 => event]
}

/// What a report says, of an event with the same values where it is one.
fn message(said: &Said, other: &Other) -> Message {
    let Message::Mention(mut m) = said.message() else { unreachable!("reports are mentions") };
    let (Some((event_type, second)), Body::Visit(v)) = (other, &m.body) else { return Message::Mention(m) };
    let status = match said.status {
        VisitStatus::Rumored => EventStatus::Rumored,
        VisitStatus::Planned => EventStatus::Planned,
        VisitStatus::Confirmed => EventStatus::Expected,
        VisitStatus::Ongoing => EventStatus::Ongoing,
        VisitStatus::Completed => EventStatus::Completed,
        VisitStatus::Postponed => EventStatus::Postponed,
        VisitStatus::Cancelled => EventStatus::Cancelled,
        VisitStatus::Denied => EventStatus::Denied,
    };
    let takes_part = |actor| Participant { actor, part: Part::Actor, certainty: Certainty::Stated };
    let second = second.map(|n| Actor { name: NAMES[n].into(), country: Some("FR".into()), ..Actor::default() });
    // Some reports name nobody.
    let first = (said.kind != VisitKind::Private).then(|| v.visitor.actor.clone());
    m.body = Body::Event(Box::new(Event {
        event_type: *event_type,
        subtype: None,
        plover: Plover::default(),
        cameo: None,
        participants: first.into_iter().chain(second).map(takes_part).collect(),
        place: Some(v.destination.clone()),
        period: v.period,
        status,
        certainty: Certainty::Stated,
        attribution: None,
        topic: said.purpose.map(str::to_owned),
        topic_certainty: None,
        quote: None,
        during_visit: said.purpose.map(|_| DuringVisit { visitor: "Ann Lee".into(), country: "FR".into() }),
        background: false,
        confidence: 0.8,
        evidence: vec![],
    }));
    Message::Mention(m)
}

/// Messages of which no two have one mention id and version with different content.
fn messages(most: usize) -> impl Strategy<Value = Vec<Message>> {
    let retractions = prop::collection::vec((0u32..9, 0i64..4), 0..3);
    (prop::collection::vec((said(), others()), 1..most), retractions).prop_map(|(list, retractions)| {
        let mut days: BTreeMap<String, String> = BTreeMap::new();
        let mut ids: BTreeMap<(bool, String, u32, i64), (Said, Other)> = BTreeMap::new();
        for (mut s, other) in list {
            // One version of an article speaks from one day.
            let day = days.entry(format!("{}{}", s.article, s.version.0)).or_insert_with(|| s.day.clone());
            s.day.clone_from(day);
            ids.entry((other.is_some(), s.article.clone(), s.index, s.version.0)).or_insert((s, other));
        }
        let mut out: Vec<Message> = ids.values().map(|(s, other)| message(s, other)).collect();
        out.extend(
            retractions.into_iter().map(|(a, v)| retract(&format!("a{a}"), (1_700_000_000_000 + v, i64::from(a)))),
        );
        out
    })
}

/// All that records say, without what may depend on the order of arrival.
fn content(p: &Partition) -> Vec<String> {
    let mut all: Vec<String> = p
        .records()
        .map(|r| {
            let mut v = serde_json::to_value(&r).unwrap();
            let o = v.as_object_mut().unwrap();
            for field in ["id", "revision", "changed", "caused_by", "merged_into", "agenda"] {
                o.remove(field);
            }
            v.to_string()
        })
        .collect();
    all.sort();
    all
}

/// Long after all days of the tests, and records retire after three hours.
const LATE: i64 = 1_800_000_000_000;

fn hasty() -> Partition {
    Partition::new(Settings { retire_after_ms: 3 * 3_600_000 })
}

fn run(messages: &[Message]) -> Partition {
    let mut p = Partition::new(Settings::default());
    for m in messages {
        p.apply(m, 0);
        p.committed();
    }
    p
}

fn bytes(a: &Applied) -> String {
    let records: Vec<Value> = a.publications.iter().map(|p| serde_json::to_value(&p.record).unwrap()).collect();
    format!("{:?} {:?} {}", a.outcome, a.changes, Value::from(records))
}

/// A partition restored from the changelog of another.
fn restored(changelog: &BTreeMap<Vec<u8>, (usize, Vec<u8>)>) -> Partition {
    let mut p = hasty();
    let mut log: Vec<_> = changelog.iter().collect();
    log.sort_by_key(|(_, (offset, _))| *offset);
    for (key, (_, value)) in log {
        p.restore(key, Some(value)).unwrap();
    }
    p.restored().unwrap();
    p
}

fn write(changelog: &mut BTreeMap<Vec<u8>, (usize, Vec<u8>)>, offset: &mut usize, applied: &Applied) {
    for c in &applied.changes {
        *offset += 1;
        assert_ne!(c.key.first(), Some(&0), "keys that begin with a zero byte are the runner's");
        match &c.value {
            Some(v) => _ = changelog.insert(c.key.clone(), (*offset, v.clone())),
            None => _ = changelog.remove(&c.key),
        }
    }
}

#[test]
fn a_late_report_changes_what_a_later_one_joins_though_they_have_nothing_to_do_with_each_other() {
    let plan = Said { visitor: "Lee".into(), city: Some("Lyon".into()), ..Said::new("a", "2025-01-01") };
    let rumour = Said { status: VisitStatus::Rumored, kind: VisitKind::Private, ..Said::new("b", "2026-04-06") };
    let recalled = Said {
        city: Some("Paris".into()),
        start: Some("2025-01".into()),
        day: "2026-09-16".into(),
        article: "c".into(),
        ..rumour.clone()
    };
    let [plan, rumour, recalled] = [plan, rumour, recalled].map(|s| s.message());
    let in_order = run(&[plan.clone(), rumour.clone(), recalled.clone()]);
    assert_eq!(content(&in_order), content(&run(&[plan, recalled, rumour])));
    assert_eq!(in_order.records().count(), 1);
}

fn cases() -> u32 {
    std::env::var("LAW_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_records_say_does_not_depend_on_the_order_of_arrival(
        (a, b) in messages(14).prop_flat_map(|m| (Just(m.clone()), Just(m).prop_shuffle())),
    ) {
        prop_assert_eq!(content(&run(&a)), content(&run(&b)));
    }

    #[test]
    fn a_restart_anywhere_changes_no_byte_of_what_follows((log, at) in (messages(14).prop_shuffle(), 0usize..14)) {
        let mut p = hasty();
        let (mut changelog, mut offset) = (BTreeMap::new(), 0);
        for (n, m) in log.iter().enumerate() {
            let time = LATE + n as i64 * 3_600_000;
            if n >= at {
                let mut again = restored(&changelog);
                prop_assert_eq!(p.dump(), again.dump());
                let (was, is) = (p.apply(m, time), again.apply(m, time));
                prop_assert_eq!(bytes(&was), bytes(&is));
                write(&mut changelog, &mut offset, &was);
            } else {
                write(&mut changelog, &mut offset, &p.apply(m, time));
            }
            p.committed();
        }
        prop_assert_eq!(content(&p), content(&restored(&changelog)));
    }

    #[test]
    fn an_aborted_batch_leaves_no_trace((log, junk) in (messages(10).prop_shuffle(), messages(10).prop_shuffle())) {
        let (mut plain, mut aborting) = (hasty(), hasty());
        for (n, m) in log.iter().enumerate() {
            let time = LATE + n as i64 * 3_600_000;
            for j in junk.iter().skip(n).take(3) {
                aborting.apply(j, time + 1);
            }
            aborting.aborted();
            prop_assert_eq!(plain.dump(), aborting.dump());
            prop_assert_eq!(bytes(&plain.apply(m, time)), bytes(&aborting.apply(m, time)));
            plain.committed();
            aborting.committed();
        }
        prop_assert_eq!(content(&plain), content(&aborting));
    }

    #[test]
    fn the_bounds_of_batches_do_not_matter((log, every) in (messages(14).prop_shuffle(), 1usize..5)) {
        let (mut one, mut many) = (hasty(), hasty());
        for (n, m) in log.iter().enumerate() {
            let time = LATE + n as i64 * 3_600_000;
            prop_assert_eq!(bytes(&one.apply(m, time)), bytes(&many.apply(m, time)));
            one.committed();
            if n % every == 0 {
                many.committed();
            }
        }
    }
}
