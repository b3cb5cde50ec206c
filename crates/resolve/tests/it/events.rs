//! Which mentions are one event: a table of pairs, held in both orders.

use dateline_model::{
    Actor, Body, Certainty, Event, EventStatus, EventType, Mention, Message, Part, Participant, Period, Place, Plover,
};
use dateline_resolve::{Partition, Settings};

use crate::support::Said;

fn of<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn participant(text: &str) -> Participant {
    let (name, country) = text.split_once('/').unwrap();
    let group = name.starts_with('*');
    let actor =
        Actor { name: name.trim_start_matches('*').into(), country: Some(country.into()), group, ..Actor::default() };
    Participant { actor, part: Part::Actor, certainty: Certainty::Stated }
}

fn mention(article: &str, event_type: EventType, text: &str) -> Message {
    let field: Vec<&str> = text.split(':').map(str::trim).collect();
    let (start, end) = field[1].split_once("..").unwrap_or((field[1], ""));
    let given = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let Message::Mention(m) = Said::new(article, field[4]).message() else { panic!() };
    let event = Event {
        event_type,
        subtype: None,
        plover: Plover::default(),
        cameo: None,
        participants: field[0].split(',').map(str::trim).filter(|p| !p.is_empty()).map(participant).collect(),
        place: Some(Place { country: Some("FR".into()), city: given(field[2]), ..Place::default() }),
        period: Period {
            start: given(start).map(|d| d.parse().unwrap()),
            end: given(end).map(|d| d.parse().unwrap()),
            days: None,
        },
        status: of::<EventStatus>(field[3]),
        certainty: Certainty::Stated,
        attribution: None,
        topic: None,
        topic_certainty: None,
        quote: None,
        during_visit: None,
        background: false,
        confidence: 0.9,
        evidence: vec![],
    };
    Message::Mention(Box::new(Mention { body: Body::Event(Box::new(event)), ..*m }))
}

#[test]
fn pairs_of_events_are_one_or_two_in_either_order() {
    let lines = include_str!("events.txt").lines().enumerate();
    let mut wrong = vec![];
    let mut cases = 0;
    for (number, line) in lines.filter(|(_, l)| !l.starts_with('#') && !l.is_empty()) {
        let part: Vec<&str> = line.split('|').map(str::trim).collect();
        let event_type = of::<EventType>(part[1]);
        let (a, b) = (mention("a", event_type, part[2]), mention("b", event_type, part[3]));
        for pair in [[&a, &b], [&b, &a]] {
            cases += 1;
            let mut p = Partition::new(Settings::default());
            p.apply(pair[0], 0);
            let why = p.explain(pair[1]);
            p.apply(pair[1], 0);
            let records = p.records().count();
            if records != if part[0] == "same" { 1 } else { 2 } {
                wrong.push(format!("line {}: {line}\n{why}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_visit_lists_the_events_on_its_programme() {
    let mut p = Partition::new(Settings::default());
    for (article, day) in [("e1", "2025-03-03"), ("e2", "2025-06-03")] {
        let text = format!("Ann Lee/XA, Bob Roe/FR : {day} : Paris : planned : 2025-03-01");
        let Message::Mention(mut m) = mention(article, EventType::Talks, &text) else { panic!() };
        let Body::Event(e) = &mut m.body else { panic!() };
        e.topic = Some("trade".into());
        e.during_visit = Some(dateline_model::DuringVisit { visitor: "Ann Lee".into(), country: "FR".into() });
        p.apply(&Message::Mention(m), 0);
    }
    let visit =
        Said { start: Some("2025-03-02".into()), end: Some("2025-03-04".into()), ..Said::new("v", "2025-03-01") };
    let applied = p.apply(&visit.message(), 0);
    let dateline_model::Record::Visit(r) = &applied.publications[0].record else { panic!() };
    let agenda: Vec<String> = r
        .agenda
        .iter()
        .map(|a| format!("{:?} {:?} {:?}", a.event_type, a.start.map(|d| d.to_string()), a.topic))
        .collect();
    assert_eq!(agenda, [r#"Talks Some("2025-03-03") Some("trade")"#]);
}
