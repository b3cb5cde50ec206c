//! What an operator asks at the terminal: how a worker is, and where an article went.

use dateline_tests::Record;
use libtest_mimic::Trial;
use serde_json::json;

use super::trial;
use dateline_tests::world::{Worker, World, until};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("the_status_of_a_worker_is_one_screen_and_a_health_check", status),
        trial("an_article_is_traced_to_its_records_and_a_bad_one_to_its_dead_letter", trace),
    ]
}

fn article(id: &str, status: &str) -> Record {
    let body =
        format!("French President Emmanuel Macron {status} Japan on March 12 for a state visit, officials said.");
    let article = json!({"id": id, "source": "courier.test", "published_at": "2025-03-03T10:00:00Z", "body": body});
    // In one partition: the order in which they are read is that in which they were sent.
    Record::new(id, article.to_string()).to(0)
}

/// Waits until a topic holds so many committed records.
fn holds(world: &World, worker: &mut Worker, topic: &str, records: usize) {
    until(&format!("{topic} holds {records}"), &mut [worker], || {
        let there = world.read(topic).len();
        if there >= records { Ok(()) } else { Err(format!("{there}")) }
    });
}

fn status() {
    let world = World::with_topics("status", 3, &[]);
    world
        .client
        .produce(&world.topic("news.articles"), [article("s-1", "will travel to"), Record::new("s-2", "no JSON")]);
    let mut worker = world.start("a");
    worker.ready();
    holds(&world, &mut worker, "news.visits", 1);
    holds(&world, &mut worker, "news.articles.dlq", 1);
    let admin = worker.admin();
    let ran = world.run(&["status", "--admin", &admin], b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let line = |head: &str| -> Vec<String> {
        let found =
            ran.out.lines().find(|line| line.starts_with(head)).unwrap_or_else(|| panic!("{head}: {}", ran.out));
        found.split_whitespace().map(str::to_owned).collect()
    };
    assert!(ran.out.contains("role all, live, ready"), "{}", ran.out);
    for stage in ["extract", "resolve"] {
        assert_eq!(line(stage)[1..3], ["running", "3"], "{}", ran.out);
    }
    assert!(line("dlq").join(" ").contains("not_json 1"), "{}", ran.out);
    assert_eq!(line("state")[2], "contributions", "{}", ran.out);
    for check in ["live", "ready"] {
        let ran = world.run(&["status", "--admin", &admin, "--check", check], b"");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{check}");
    }
    worker.stop();
    let ran = world.run(&["status", "--admin", &admin, "--check", "live"], b"");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
}

fn trace() {
    let world = World::with_topics("trace", 3, &[]);
    let articles =
        [article("t-1", "will travel to"), article("t-2", "has postponed a trip to"), Record::new("t-3", "no JSON")];
    world.client.produce(&world.topic("news.articles"), articles);
    let mut worker = world.start("a");
    holds(&world, &mut worker, "news.visits", 2);
    holds(&world, &mut worker, "dateline.receipts", 3);
    worker.stop();
    let traced = |id: &str| {
        let ran = world.run(&["trace", id], b"");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{id}");
        ran.out
    };
    let first = traced("t-1");
    let heads: Vec<&str> = first.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(heads, ["article", "receipt", "mention", "record", "record"], "{first}");
    for words in ["t-1/visit/0", "Emmanuel Macron", "revision 1", "caused by it"] {
        assert!(first.contains(words), "{words}:\n{first}");
    }
    assert!(traced("t-2").contains("revision 2"), "{}", traced("t-2"));
    let dead = traced("t-3");
    for words in ["cannot be read (not_json)", "dlq (not_json)", &world.topic("news.articles.dlq")] {
        assert!(dead.contains(words), "{words}:\n{dead}");
    }
    let unknown = world.run(&["trace", "t-4", "--since", "1h"], b"");
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));
    assert!(unknown.err.contains("no trace of article t-4"), "{}", unknown.err);
    let nowhere = World::new("nowhere", &[]).run(&["trace", "t-1"], b"");
    assert_eq!((nowhere.code, nowhere.out.as_str()), (1, ""));
    assert!(nowhere.err.contains("none of the topics"), "{}", nowhere.err);
}
