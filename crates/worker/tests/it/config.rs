//! Configuration as the program reads it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{command, run, run_with};

#[test]
fn show_tells_each_value_and_its_origin_and_masks_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.toml");
    std::fs::write(&file, "app = 'two'\n[kafka.properties]\n\"sasl.password\" = 'canary-1'\n").unwrap();
    let file = file.display().to_string();
    let mut command = command(&["config", "show", "--config", &file]);
    command.env("DATELINE_KAFKA__BROKERS", "one:9092").env("DATELINE_KAFKA__PROPERTIES__SSL_KEY_PASSWORD", "canary-2");
    let ran = run_with(command, b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!ran.out.contains("canary"), "{}", ran.out);
    for line in [
        &format!("app = \"two\"  # file {file}"),
        "brokers = \"one:9092\"  # environment DATELINE_KAFKA__BROKERS",
        "receipts = \"off\"  # default",
        "\"ssl.key.password\" = \"********\"  # environment DATELINE_KAFKA__PROPERTIES__SSL_KEY_PASSWORD",
    ] {
        assert!(ran.out.lines().any(|l| l == line), "{line} is not in\n{}", ran.out);
    }
}

#[test]
fn check_is_quiet_on_stdout_and_ends_with_1_on_an_error() {
    let ran = run(&["config", "check"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let mut command = command(&["config", "check"]);
    command.env("DATELINE_RECIEPTS", "on").env("DATELINE_KAFKA__PROPERTIES__ISOLATION_LEVEL", "read_uncommitted");
    let ran = run_with(command, b"");
    let expected = "configuration: reciepts (environment DATELINE_RECIEPTS): unknown key: did you mean receipts?\n\
                    configuration: kafka.properties.isolation.level = \"read_uncommitted\" (environment \
                    DATELINE_KAFKA__PROPERTIES__ISOLATION_LEVEL): cannot be set: records of aborted transactions must not be read\n";
    assert_eq!((ran.code, ran.err.as_str()), (1, expected));
}

#[test]
fn run_needs_a_broker_and_says_how_to_name_one() {
    let ran = run(&["run"], "");
    let words = "dateline: configuration: kafka.brokers = \"\" (default): no broker is named: give --brokers HOST:PORT, \
                 DATELINE_KAFKA__BROKERS, or brokers under [kafka]\n";
    assert_eq!((ran.code, ran.err.as_str()), (1, words));
}

#[test]
fn a_worker_that_waits_for_its_first_broker_ends_in_order_when_asked_to() {
    let mut child =
        command(&["run", "--brokers", "127.0.0.1:1", "--instance", "t"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("starting") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "ended before it started");
    }
    let begin = Instant::now();
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn a_broker_that_never_answers_ends_the_start_with_its_name_and_origin() {
    // Nothing listens on port 1.
    let mut run = command(&["run", "--brokers", "127.0.0.1:1", "--instance", "t"]);
    run.env("DATELINE_KAFKA__STARTUP_TIMEOUT", "1s").env("DATELINE_LOG__LEVEL", "off");
    let begin = Instant::now();
    let ran = run_with(run, b"");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let words = "dateline: configuration: kafka.brokers = \"127.0.0.1:1\" (flag --brokers): no broker answered within kafka.startup_timeout (1s)";
    assert!(ran.err.contains(words) && ran.err.contains(": check the address, that the broker is up"), "{}", ran.err);
    assert!(begin.elapsed() < Duration::from_secs(25));
}
