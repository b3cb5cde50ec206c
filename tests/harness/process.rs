//! Child processes that never outlive the test process.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{HarnessError, io};

/// Runs a program beside a guard that kills it when the guard's standard input closes, which the end of the test process does in
/// every case, also after `kill -9`. The shell's own exit status is the program's (128 + the signal's number after a signal).
const GUARD: &str = r#"
exec 3<&0
log=$1; shift
"$@" </dev/null >>"$log" 2>&1 &
child=$!
echo "$child"
exec >/dev/null
(cat <&3 >/dev/null; kill -9 "$child") 2>/dev/null &
guard=$!
wait "$child"
status=$?
while [ "$status" -gt 128 ] && kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
kill "$guard" 2>/dev/null
exit "$status"
"#;

/// A signal to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end in order.
    Term,
    /// SIGKILL: end at once.
    Kill,
    /// SIGSTOP: stand still.
    Stop,
    /// SIGCONT: go on.
    Continue,
}

/// A running program; it is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    guard: Child,
    pid: u32,
    log: PathBuf,
}

impl Process {
    /// Starts `command` (its program, arguments, environment and folder); standard output and error go to `log`, appended.
    pub fn spawn(command: &Command, log: &Path) -> Result<Self, HarnessError> {
        let name = command.get_program().to_string_lossy().into_owned();
        File::options().create(true).append(true).open(log).map_err(io(format!("{}", log.display())))?;
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "guard"]).arg(log).arg(command.get_program()).args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => guard.env(key, value),
                None => guard.env_remove(key),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            guard.current_dir(folder);
        }
        let mut guard = guard
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(io(format!("starting {name}")))?;
        let mut line = String::new();
        if let Some(stdout) = guard.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(io(format!("starting {name}")))?;
        }
        let pid = line.trim().parse().map_err(|_| HarnessError::Failed { what: name, output: line })?;
        Ok(Self { guard, pid, log: log.to_owned() })
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What it has printed so far.
    pub fn log(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Sends a signal; a program that has ended gets none.
    pub fn signal(&self, signal: Signal) {
        let name = match signal {
            Signal::Term => "-TERM",
            Signal::Kill => "-KILL",
            Signal::Stop => "-STOP",
            Signal::Continue => "-CONT",
        };
        let _ = Command::new("kill").args([name, &self.pid.to_string()]).stderr(Stdio::null()).status();
    }

    /// Its exit status when it has ended. After a signal the code is 128 + the signal's number.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.guard.try_wait().ok().flatten()
    }

    /// Waits for its end.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus, HarnessError> {
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            if Instant::now() >= end {
                let what = format!("the end of process {} (log {})", self.pid, self.log.display());
                return Err(HarnessError::Late { what, seconds: limit.as_secs() });
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the log has `text`, or the program ends.
    pub fn wait_for(&mut self, text: &str, limit: Duration) -> Result<(), HarnessError> {
        let end = Instant::now() + limit;
        loop {
            let ended = self.ended().is_some();
            let log = self.log();
            if log.contains(text) {
                return Ok(());
            }
            if ended {
                return Err(HarnessError::Failed { what: format!("process {}", self.pid), output: log });
            }
            if Instant::now() >= end {
                let what = format!("\"{text}\" in {}", self.log.display());
                return Err(HarnessError::Late { what, seconds: limit.as_secs() });
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::Kill);
        }
        // Closing the guard's input ends it, too.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(folder: &tempfile::TempDir) -> Process {
        let mut command = Command::new("sleep");
        command.arg("60");
        Process::spawn(&command, &folder.path().join("log")).expect("sleep starts")
    }

    fn exists(pid: u32) -> bool {
        Path::new(&format!("/proc/{pid}")).exists()
    }

    #[test]
    fn a_process_that_is_dropped_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let process = sleeper(&folder);
        let pid = process.pid();
        assert!(exists(pid));
        drop(process);
        assert!(!exists(pid));
    }

    #[test]
    fn the_exit_status_is_the_program_s() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 4"]);
        let mut process = Process::spawn(&command, &log).expect("sh starts");
        assert_eq!(process.wait(Duration::from_secs(10)).expect("it ends").code(), Some(4));
        assert_eq!(process.log(), "out\nerr\n");
    }

    #[test]
    fn a_signal_is_told_by_the_exit_status() {
        for (signal, code) in [(Signal::Term, 143), (Signal::Kill, 137)] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut process = sleeper(&folder);
            process.signal(signal);
            assert_eq!(process.wait(Duration::from_secs(10)).expect("it ends").code(), Some(code), "{signal:?}");
        }
    }

    #[test]
    fn a_process_outlives_neither_its_guard_s_input_nor_a_stop() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = sleeper(&folder);
        process.signal(Signal::Stop);
        // What the end of the test process does.
        drop(process.guard.stdin.take());
        assert_eq!(process.wait(Duration::from_secs(10)).expect("it ends").code(), Some(137));
    }
}
