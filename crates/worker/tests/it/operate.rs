//! The operator's commands without a broker or a worker: usage, errors, completions.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::program::{command, run, run_with};

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_right() {
    for (args, words) in [
        (&["dlq"][..], "Usage:"),
        (&["dlq", "list", "--class", "not_jsn"], "not_json"),
        (&["dlq", "list", "--since", "yesterday"], "write how long ago (30m, 6h, 7d), a day (2026-03-01) or RFC 3339"),
        (&["dlq", "redrive", "--rate", "0"], "--rate"),
        (&["dlq", "show", "--limit", "few"], "--limit"),
        (&["trace"], "<ARTICLE_ID>"),
        (&["status", "--check", "well"], "live, ready"),
        (&["status", "--check", "live", "--watch"], "--watch"),
        (&["completions", "csh"], "bash, zsh, fish"),
    ] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
}

#[test]
fn without_a_broker_the_error_names_the_key_and_the_remedy() {
    for args in [&["dlq", "list"][..], &["dlq", "show"], &["dlq", "redrive", "--dry-run"], &["trace", "a"]] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}");
        assert!(ran.err.contains("kafka.brokers") && ran.err.contains("--brokers HOST:PORT"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_worker_that_does_not_answer_is_said_once_and_checked_in_silence() {
    // A port that was just free: nobody listens there.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let ran = run(&["status", "--admin", &free], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains(&format!("{free} does not answer")) && ran.err.contains("--admin"), "{}", ran.err);
    for check in ["live", "ready"] {
        let ran = run(&["status", "--admin", &free, "--check", check], "");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""), "{check}");
    }
    let ran = run(&["status"], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("give --admin HOST:PORT"), "{}", ran.err);
}

#[test]
fn a_health_check_exits_by_the_status_of_the_page() {
    for (status, code) in [("200 OK", 0), ("503 Service Unavailable", 1), ("404 Not Found", 1)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let n = stream.read(&mut request).unwrap();
            write!(stream, "HTTP/1.0 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&request[..n]).into_owned()
        });
        // The address may come from the configuration, as in a container.
        let mut check = command(&["status", "--check", "ready"]);
        check.env("DATELINE_ADMIN__ADDRESS", &address);
        let ran = run_with(check, b"");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, "", ""), "{status}");
        assert!(server.join().unwrap().starts_with("GET /readyz HTTP/1.0\r\n"));
    }
}

#[test]
fn completions_know_commands_and_flags() {
    for (shell, words) in [
        ("bash", &["_dateline()", "redrive", "--dry-run", "not_json"][..]),
        ("zsh", &["#compdef dateline", "redrive", "--dry-run", "not_json"]),
        ("fish", &["complete -c dateline", "redrive", "dry-run", "not_json"]),
    ] {
        let ran = run(&["completions", shell], "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for word in words {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
}
