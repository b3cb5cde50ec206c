//! Dead letters at work: listed, shown, and sent back to where they came from, each exactly once.

use std::collections::BTreeMap;
use std::time::Duration;

use dateline_kafka::InputRecord;
use dateline_tests::{Process, Record, Signal};
use libtest_mimic::Trial;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};

use super::trial;
use dateline_tests::ledger::header;
use dateline_tests::world::{Worker, World, until};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("dead_letters_are_listed_shown_and_sent_again_once", once),
        trial("a_redrive_that_is_killed_in_the_middle_sends_each_letter_exactly_once", killed),
    ]
}

const ARTICLES: &str = "news.articles";
const LETTERS: &str = "news.articles.dlq";

/// Bytes that are no article.
fn poison(n: usize) -> Record {
    let mut record = Record::new(format!("p-{n}"), format!("{{\"source\": \"wire.test\", \"body\": \"part {n}"));
    record.headers = vec![("origin".to_owned(), format!("crawler {n}").into_bytes())];
    record
}

/// How often each key is in a topic.
fn times(records: &[InputRecord]) -> BTreeMap<String, usize> {
    records.iter().fold(BTreeMap::new(), |mut times, record| {
        *times.entry(String::from_utf8_lossy(record.key.as_deref().unwrap_or_default()).into_owned()).or_default() += 1;
        times
    })
}

/// Waits until there are so many letters; all of them.
fn letters(world: &World, worker: &mut Worker, count: usize) -> Vec<InputRecord> {
    let letter = |record: &InputRecord| header(record, "dateline.redrive.marker").is_empty();
    let read = || world.read(LETTERS).into_iter().filter(letter).collect::<Vec<_>>();
    until(&format!("there are {count} letters"), &mut [worker], || {
        let there = read().len();
        if there >= count { Ok(()) } else { Err(format!("{there}")) }
    });
    read()
}

fn once() {
    // What is larger goes to the dead-letter queue.
    let world = World::with_topics("letters", 3, &[("ARTICLE__MAX_BYTES", "2000")]);
    let too_large = serde_json::json!({
        "id": "large", "source": "courier.test", "published_at": "2025-03-03T10:00:00Z",
        "body": format!("French President Emmanuel Macron will travel to Japan on March 12. {}", "Officials gave no further details about the programme. ".repeat(40)),
    });
    let sent = [poison(0), poison(1), Record::new("large", too_large.to_string())];
    world.client.produce(&world.topic(ARTICLES), sent);
    let mut worker = world.start("a");
    letters(&world, &mut worker, 3);
    worker.stop();

    let listed = world.run(&["dlq", "list", "--since", "1h"], b"");
    let line = |class: &str, again: usize| {
        let found = listed.out.lines().find(|line| line.starts_with(class)).unwrap_or_else(|| panic!("{}", listed.out));
        let words: Vec<&str> = found.split_whitespace().collect();
        (words[1].to_owned(), words[2].to_owned(), words[3] == again.to_string())
    };
    assert_eq!(line("not_json", 0), ("wire.test".to_owned(), "2".to_owned(), true), "{}", listed.out);
    assert_eq!(line("too_large", 0), ("courier.test".to_owned(), "1".to_owned(), true), "{}", listed.out);
    let none = world.run(&["dlq", "list", "--until", "1h"], b"");
    assert_eq!((none.code, none.out.as_str()), (0, ""), "{}", none.err);

    // Today the limit is the usual one.
    let shown = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env_remove("DATELINE_ARTICLE__MAX_BYTES");
        String::from_utf8(command.output().expect("the program runs").stdout).expect("UTF-8")
    };
    let large = shown(&["dlq", "show", "--class", "too_large"]);
    assert!(large.contains("today    would be read as article large: 1 visits, "), "{large}");
    assert!(large.contains("more than article.max_bytes (2000)"), "{large}");
    let broken = shown(&["dlq", "show", "--class", "not_json", "--limit", "1"]);
    assert_eq!(broken.matches("would come here again (not_json)").count(), 1, "{broken}");
    for words in
        ["redrive  it was not sent again", "header   origin: crawler ", "{\"source\": \"wire.test\", \"body\": \"part "]
    {
        assert!(broken.contains(words), "{words}:\n{broken}");
    }

    // A rehearsal changes nothing.
    let rehearsed = world.run(&["dlq", "redrive", "--dry-run"], b"");
    let expected = format!("would be sent: 3 (not_json 2, too_large 1) to {}\n", world.topic(ARTICLES));
    assert!(rehearsed.out.starts_with(&expected), "{}", rehearsed.out);
    assert_eq!(world.read(ARTICLES).len(), 3);

    let filtered = world.run(&["dlq", "redrive", "--class", "too_large"], b"");
    assert!(filtered.out.starts_with("sent again: 1 (too_large 1) to "), "{}{}", filtered.out, filtered.err);
    let rest = world.run(&["dlq", "redrive", "--rate", "100"], b"");
    assert!(rest.out.starts_with("sent again: 2 (not_json 2) to "), "{}{}", rest.out, rest.err);
    assert!(rest.out.contains("sent before: 1\n"), "{}", rest.out);
    let nothing = world.run(&["dlq", "redrive"], b"");
    assert_eq!(nothing.out, "sent again: 0\nsent before: 3\ncannot be sent: 0\n", "{}", nothing.err);

    // What was sent is what had come: bytes, key, partition and headers, and one header more.
    let articles = world.read(ARTICLES);
    assert_eq!(articles.len(), 6);
    for key in ["p-0", "p-1", "large"] {
        let of: Vec<&InputRecord> = articles.iter().filter(|a| a.key.as_deref() == Some(key.as_bytes())).collect();
        let [first, second] = of.as_slice() else { panic!("{key} is there {} times", of.len()) };
        assert_eq!((&first.value, first.partition), (&second.value, second.partition), "{key}");
        assert_eq!(first.headers, second.headers[..first.headers.len()], "{key}");
        assert_eq!(header(second, "dateline.redrive.count"), "1", "{key}");
        assert_eq!(second.headers.len(), first.headers.len() + 1, "{key}");
    }

    // What fails again is a new letter, and counts.
    let mut worker = world.start("a");
    let letters = letters(&world, &mut worker, 6);
    worker.stop();
    let twice = ["large", "p-0", "p-1"].map(|key| (key.to_owned(), 2));
    assert_eq!(times(&letters), BTreeMap::from(twice));
    let again = world.run(&["dlq", "redrive"], b"");
    assert!(again.out.starts_with("sent again: 3 (not_json 2, too_large 1) to "), "{}{}", again.out, again.err);
    let counts = world.read(ARTICLES).iter().filter(|a| header(a, "dateline.redrive.count") == "2").count();
    assert_eq!(counts, 3);
}

/// The ends of the articles' partitions.
struct Ends {
    topic: String,
    all: BaseConsumer,
    committed: BaseConsumer,
}

impl Ends {
    fn of(world: &World) -> Self {
        let consumer = |isolation| {
            let mut config = ClientConfig::new();
            config.set("bootstrap.servers", world.client.brokers()).set("isolation.level", isolation);
            config.create().expect("a consumer")
        };
        Self { topic: world.topic(ARTICLES), all: consumer("read_uncommitted"), committed: consumer("read_committed") }
    }

    /// Whether a transaction is open: something is written, and committed readers do not see it.
    fn open(&self) -> bool {
        let end = |consumer: &BaseConsumer, partition| {
            consumer.fetch_watermarks(&self.topic, partition, Duration::from_secs(10)).expect("an answer").1
        };
        (0..PARTITIONS).any(|partition| {
            let stable = end(&self.committed, partition);
            end(&self.all, partition) > stable && end(&self.committed, partition) == stable
        })
    }
}

const PARTITIONS: i32 = 4;

fn killed() {
    const POISON: usize = 3_000;
    let world =
        World::with_topics("redrive-kill", PARTITIONS, &[("DLQ__MAX_CONSECUTIVE", "off"), ("DLQ__MAX_RATIO", "off")]);
    world.client.produce(&world.topic(ARTICLES), (0..POISON).map(poison));
    let mut worker = world.start("a");
    letters(&world, &mut worker, POISON);
    worker.stop();
    let log = tempfile::NamedTempFile::new().expect("a file");
    let ends = Ends::of(&world);
    let mut torn = 0;
    for kill in 0..8 {
        let mut redrive =
            Process::spawn(&world.command(&["dlq", "redrive", "--rate", "200"]), log.path()).expect("it starts");
        until("a transaction is open", &mut [], || {
            let ended = redrive.ended();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", redrive.log());
            if ends.open() { Ok(()) } else { Err("none is".to_owned()) }
        });
        redrive.signal(Signal::Kill);
        assert_eq!(redrive.wait(Duration::from_secs(20)).expect("it ends").code(), Some(137));
        torn += usize::from(ends.open());
        if torn > 0 && kill >= 2 {
            break;
        }
    }
    assert!(torn > 0, "no kill left a transaction open");
    let rest = world.run(&["dlq", "redrive"], b"");
    assert_eq!(rest.code, 0, "{}", rest.err);
    assert!(!rest.out.starts_with("sent again: 0"), "something was left: {}", rest.out);
    let nothing = world.run(&["dlq", "redrive"], b"");
    assert_eq!(nothing.out, format!("sent again: 0\nsent before: {POISON}\ncannot be sent: 0\n"), "{}", nothing.err);
    let wrong: Vec<_> = times(&world.read(ARTICLES)).into_iter().filter(|(_, n)| *n != 2).collect();
    assert!(wrong.is_empty(), "not sent exactly once: {wrong:?}");
}
