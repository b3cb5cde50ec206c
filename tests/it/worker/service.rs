//! The running service seen from outside: health, metrics, and how it ends when it can't start.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use super::trial;
use dateline_tests::articles::{Fate, Sent, messages, records};
use dateline_tests::ledger::{self, Facts};
use dateline_tests::world::{World, until};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("health_and_metrics_tell_what_the_worker_does", health_and_metrics),
        trial("missing_topics_end_the_start_with_the_command_that_makes_them", missing_topics),
        trial("missing_topics_are_made_where_that_is_asked_for", topics_on_request),
        trial("a_second_worker_with_the_same_instance_ends_the_first_with_code_4", same_instance),
        Trial::test("worker::a_broker_that_never_answers_ends_the_start_in_time", || {
            unreachable();
            Ok(())
        }),
    ]
}

fn health_and_metrics() {
    let world = World::with_topics("health", 3, &[]);
    let mut worker = world.start("a");
    worker.ready();
    assert_eq!(worker.get("/livez"), (200, "extract: ok (running)\nresolve: ok (running)\n".to_owned()));
    assert_eq!(worker.get("/readyz"), (200, "extract: ok (running)\nresolve: ok (running)\n".to_owned()));
    assert_eq!(worker.get("/anything").0, 404);

    let before = worker.metrics();
    // What is counted exists at zero, so that a rate can be taken of the first one.
    for series in [
        "dateline_articles_total{outcome=\"mentions\"}",
        "dateline_mentions_total{kind=\"visit\"}",
        "dateline_records_total{kind=\"visit\",outcome=\"opened\"}",
        "dateline_dlq_records_total{stage=\"extract\",class=\"not_json\"}",
    ] {
        assert_eq!(before.count(series), 0, "{series}");
    }
    let sent = messages(4, 200);
    world.client.produce(&world.topic("news.articles"), records(&sent, 0));
    world.until_done(&mut [&mut worker]);

    let after = worker.metrics();
    let receipts = ledger::receipts(&world);
    for (outcome, name) in [
        (dateline_model::Outcome::Mentions, "mentions"),
        (dateline_model::Outcome::None, "none"),
        (dateline_model::Outcome::Dlq, "dlq"),
        (dateline_model::Outcome::Skipped, "skipped"),
    ] {
        let expected = receipts.iter().filter(|receipt| receipt.outcome == outcome).count();
        assert!(expected > 0, "{name} does not occur");
        assert_eq!(after.count(&format!("dateline_articles_total{{outcome=\"{name}\"}}")), expected, "{name}");
    }
    let not_json = sent.iter().filter(|sent| sent.fate == Fate::Poison("not_json")).count();
    assert_eq!(
        after.count("dateline_dlq_records_total{stage=\"extract\",class=\"not_json\"}"),
        not_json,
        "dead letters"
    );
    assert!(after.count("dateline_records_total{kind=\"visit\",outcome=\"opened\"}") > 0);
    for stage in ["extract", "resolve"] {
        for histogram in ["process", "transaction", "append_to_commit"] {
            assert!(
                after.count(&format!("dateline_{histogram}_seconds_count{{stage=\"{stage}\"}}")) > 0,
                "{histogram}"
            );
        }
        assert_eq!(after.count(&format!("dateline_ready{{stage=\"{stage}\"}}")), 1, "{stage}");
    }
    assert!(after.0.contains("dateline_build_info{"), "{}", after.0);
    until("the lag falls to 0", &mut [], || {
        let metrics = worker.metrics();
        let lag: Vec<&str> = metrics.0.lines().filter(|l| l.starts_with("dateline_consumer_lag_records{")).collect();
        let none = lag.len() == 6 && lag.iter().all(|line| line.ends_with(" 0"));
        if none { Ok(()) } else { Err(lag.join("\n")) }
    });
    worker.stop();
    ledger_is_strict(&world, &sent);
}

/// The ledger that other tests rely on finds each kind of loss and repetition.
fn ledger_is_strict(world: &World, sent: &[Sent]) {
    type Tampering = fn(&mut Facts);
    let tamperings: [(&str, Tampering); 11] = [
        ("a receipt is lost", |facts| drop(facts.receipts.pop())),
        ("a receipt comes twice", |facts| facts.receipts.push(facts.receipts[7].clone())),
        ("a receipt tells another outcome", |facts| facts.receipts[0].reason = Some("other".to_owned())),
        ("a receipt names one mention more", |facts| facts.receipts[0].mention_ids.push("x/visit/9".to_owned())),
        ("a mention is lost", |facts| drop(facts.mentions.remove(5))),
        ("a mention comes twice", |facts| facts.mentions.push(facts.mentions[5].clone())),
        ("a dead letter is lost", |facts| drop(facts.letters.pop())),
        ("a dead letter comes twice", |facts| facts.letters.push(facts.letters[0].clone())),
        ("a dead letter has other bytes", |facts| facts.letters[0].value = Some(b"other".to_vec())),
        ("the first of several revisions is lost", |facts| {
            let several = |key| facts.visits.iter().filter(|other| other.key == key).count() > 1;
            let at = facts.visits.iter().position(|visit| several(visit.key.clone())).expect("a record was revised");
            facts.visits.remove(at);
        }),
        ("a revision comes twice", |facts| facts.visits.insert(0, facts.visits[0].clone())),
    ];
    let facts = Facts::read(world);
    assert_eq!(facts.differences(sent), Vec::<String>::new());
    for (name, tamper) in tamperings {
        let mut tampered = facts.clone();
        tamper(&mut tampered);
        assert!(!tampered.differences(sent).is_empty(), "{name}, and the ledger does not see it");
    }
}

fn missing_topics() {
    let world = World::new("missing", &[]);
    let ran = world.run(&["run", "--instance", "a"], b"");
    assert_eq!(ran.code, 1, "{}", ran.err);
    for name in
        ["news.articles", "dateline.mentions", "news.visits", "news.events", "dateline.state", "news.articles.dlq"]
    {
        assert!(ran.err.contains(&world.topic(name)), "{name} is named:\n{}", ran.err);
    }
    let command = format!("dateline topics create --brokers {}", world.client.brokers());
    assert!(ran.err.contains(&command), "{command}:\n{}", ran.err);
    assert!(ran.err.contains("--create-topics"), "{}", ran.err);
}

fn topics_on_request() {
    let world = World::new("request", &[("CREATE_TOPICS", "true"), ("ROLE", "extract")]);
    let mut worker = world.start("a");
    worker.ready();
    worker.stop();
    let checked = world.run(&["topics", "check"], b"");
    assert_eq!(checked.code, 1, "an extracting worker makes no topics of records");
    assert!(checked.err.contains(&world.topic("news.visits")), "{}", checked.err);
    assert!(!checked.err.contains(&world.topic("dateline.mentions")), "{}", checked.err);
    let made = world.run(&["topics", "create"], b"");
    assert_eq!(made.code, 0, "{}", made.err);
    let checked = world.run(&["topics", "check"], b"");
    assert_eq!((checked.code, checked.out.as_str()), (0, "7 topics are as they should be\n"), "{}", checked.err);
}

fn same_instance() {
    let world = World::with_topics("same-instance", 2, &[]);
    let sent = messages(5, 40);
    let mut first = world.start("a");
    first.ready();
    let mut second = world.start("a");
    second.ready();
    world.client.produce(&world.topic("news.articles"), records(&sent, 0));
    let code = first.code();
    assert_eq!(code, 4, "{}", first.log());
    assert!(first.log().contains("--instance"), "{}", first.log());
    world.until_done(&mut [&mut second]);
    second.stop();
    ledger::check(&world, &sent);
}

fn unreachable() {
    let world = World::offline(&[("KAFKA__BROKERS", "127.0.0.1:1"), ("KAFKA__STARTUP_TIMEOUT", "2s")]);
    let begin = Instant::now();
    let ran = world.run(&["run", "--instance", "a"], b"");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    for word in ["127.0.0.1:1", "kafka.brokers", "kafka.startup_timeout (2s)"] {
        assert!(ran.err.contains(word), "{word}:\n{}", ran.err);
    }
}
