//! Reading rules and gazetteer anew while the worker runs: on SIGHUP, or on a request of the admin address.

use std::sync::Arc;
use std::thread;

use signal_hook::consts::SIGHUP;
use signal_hook::iterator::Signals;

use crate::live::LiveEngine;
use crate::telemetry::{add, set, table};

/// Reads all files anew and says in metrics and logs what came of it. The answer is for whoever asked.
pub fn reload(live: &LiveEngine) -> Result<String, String> {
    match live.reload() {
        Ok(r) => {
            let info = |[rules, gazetteer]: &[String; 2], value| {
                set(&table::BUILD_INFO, &[env!("CARGO_PKG_VERSION"), rules, gazetteer], value);
            };
            info(&r.before, 0.0);
            info(&r.after, 1.0);
            add(&table::RELOADS, &["loaded"], 1);
            let [rules_version, gazetteer_version] = r.after;
            tracing::info!(rules_version, gazetteer_version, "rules and gazetteer read anew");
            Ok(format!("rules {rules_version}, gazetteer {gazetteer_version}\n"))
        }
        Err(e) => {
            add(&table::RELOADS, &["refused"], 1);
            tracing::warn!("rules and gazetteer stay as they are: {e}");
            Err(format!("{e}\n"))
        }
    }
}

/// Reloads on every SIGHUP until the process ends.
pub fn on_hangup(live: Arc<LiveEngine>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP])?;
    thread::Builder::new().name("reload".to_owned()).spawn(move || {
        for _ in signals.forever() {
            // What came of it stands in logs and metrics.
            let _ = reload(&live);
        }
    })?;
    Ok(())
}
