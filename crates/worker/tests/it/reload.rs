//! Rules read anew by a running worker; it waits for a broker all the while.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::program::command;

const RULE: &str = "[[rule]]\nname = \"own.rule\"\nover = \"clause\"\nmakes = \"visit\"\npattern = \"visitor:PERSON visit.v destination:PLACE\"\n";

struct Worker {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Worker {
    fn start(rules: &std::path::Path, control: &str) -> (Self, String) {
        let mut run = command(&["run", "--brokers", "127.0.0.1:1", "--instance", "t", "--admin", "127.0.0.1:0"]);
        run.env("DATELINE_EXTRACT__RULES_DIR", rules).env("DATELINE_ADMIN__CONTROL", control);
        let mut child = run.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut worker = Self { child, log };
        let line = worker.line_with("admin=\"");
        let address = line.split("admin=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        (worker, address)
    }

    /// The next line of the log that holds a text.
    fn line_with(&mut self, text: &str) -> String {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "ended before {text:?}");
        }
        line
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(address: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_hangup_and_a_request_read_the_rules_anew_and_a_broken_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let (mut worker, address) = Worker::start(folder.path(), "true");

    std::fs::write(&file, RULE.replace("visit.v", "vist.v")).unwrap();
    worker.signal("HUP");
    let line = worker.line_with("rules and gazetteer stay as they are");
    assert!(line.contains("own.toml:1: rule own.rule: \"vist.v\" is no symbol"), "{line}");
    let refused = request(&address, "POST", "/reload");
    assert!(refused.starts_with("HTTP/1.1 422 ") && refused.contains("own.toml:1: rule own.rule"), "{refused}");

    std::fs::write(&file, RULE).unwrap();
    let loaded = request(&address, "POST", "/reload");
    assert!(loaded.starts_with("HTTP/1.1 200 ") && loaded.contains("rules "), "{loaded}");
    let metrics = request(&address, "GET", "/metrics");
    for count in ["dateline_reloads_total{outcome=\"refused\"} 2", "dateline_reloads_total{outcome=\"loaded\"} 1"] {
        assert!(metrics.contains(count), "{count} is not in\n{metrics}");
    }
}

#[test]
fn without_control_the_admin_address_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_worker, address) = Worker::start(folder.path(), "false");
    let answer = request(&address, "POST", "/reload");
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("admin.control is off"), "{answer}");
}
