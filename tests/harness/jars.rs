//! Kafka's jars, fetched once into the target folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{HarnessError, io};

const POM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pom.xml");

/// Folder with the jars. Safe against other test processes: one fetches under a file lock, into another folder, which then gets
/// the final name.
pub(crate) fn folder() -> Result<PathBuf, HarnessError> {
    let target = target_folder()?;
    let folder = target.join("kafka-4.3.1");
    let lock = File::create(target.join("kafka-4.3.1.lock")).map_err(io("the jars' lock file"))?;
    lock.lock().map_err(io("locking the jars' lock file"))?;
    if folder.is_dir() {
        return Ok(folder);
    }
    let fresh = target.join("kafka-4.3.1.new");
    let _ = fs::remove_dir_all(&fresh);
    let maven = Command::new("mvn")
        .args(["-q", "-B", "-f", POM, "dependency:copy-dependencies"])
        .arg(format!("-Dlibs={}", fresh.display()))
        .stdin(Stdio::null())
        .output()
        .map_err(io("mvn"))?;
    if !maven.status.success() {
        let output = [maven.stdout, maven.stderr].concat();
        return Err(HarnessError::Failed {
            what: "fetching Kafka with Maven".to_owned(),
            output: String::from_utf8_lossy(&output).into_owned(),
        });
    }
    fs::rename(&fresh, &folder).map_err(io("naming the jars' folder"))?;
    Ok(folder)
}

/// The target folder that this test binary lies in (`target/debug/deps/it-...`).
fn target_folder() -> Result<PathBuf, HarnessError> {
    let program = std::env::current_exe().map_err(io("the test program's path"))?;
    let deps = program.parent().unwrap_or(Path::new("."));
    let profile = if deps.ends_with("deps") || deps.ends_with("examples") { deps.parent() } else { Some(deps) };
    Ok(profile.and_then(Path::parent).unwrap_or(Path::new(".")).to_owned())
}
