//! `dateline run`: the service.

use std::sync::Arc;

use anyhow::bail;
use dateline_kafka::topics::Finding;
use dateline_kafka::{Broker, Drain, Observer};
use signal_hook::consts::{SIGINT, SIGTERM};

use super::broker::{self, Stopped};
use super::topics::{check, create, remedy, without_partitions};
use crate::config::{Loaded, Settings};
use crate::exit::Exit;
use crate::live::LiveEngine;
use crate::reload;
use crate::service::{Listeners, Service};
use crate::stages::extract;
use crate::telemetry::observer::StageObserver;
use crate::telemetry::tally::ToMetrics;
use crate::telemetry::{Recorder, admin, logs, set, table};
use crate::topics::{Names, PARTITIONS, is_grave, needed, specs};

pub(super) fn run(loaded: &Loaded) -> anyhow::Result<Exit> {
    let settings = &loaded.settings;
    broker::required(loaded)?;
    logs::install(&settings.log);
    let drain = Drain::new();
    for signal in [SIGTERM, SIGINT] {
        // A second signal ends at once.
        signal_hook::flag::register_conditional_shutdown(signal, Exit::Failed as i32, drain.flag())?;
        signal_hook::flag::register(signal, drain.flag())?;
    }
    let instance = instance(settings)?;
    let live = Arc::new(LiveEngine::load(settings)?);
    let engine = live.current();
    let names = Names::of(settings);
    let observer = |stage: &'static str| -> Arc<dyn Observer> {
        let topic = if stage == extract::NAME { &names.articles } else { &names.mentions };
        Arc::new(StageObserver::new(stage, topic))
    };
    let listeners = Listeners { sink: Arc::new(ToMetrics::default()), observer: &observer };
    let recorder = if settings.admin.address.is_empty() { None } else { Some(Recorder::install()?) };
    let versions = [env!("CARGO_PKG_VERSION"), engine.rules_version(), engine.gazetteer_version()];
    set(&table::BUILD_INFO, &versions, 1.0);
    let service = Service::build(settings, &instance, Broker::Real, live.extract(), &listeners)?;
    reload::on_hangup(Arc::clone(&live))?;
    let handles = service.handles();
    for (stage, _) in &handles {
        set(&table::READY, &[stage], 0.0);
    }
    let control = settings.admin.control.then(|| Arc::clone(&live));
    let serve = |r| admin::serve(&settings.admin.address, r, Arc::new(handles), control);
    let admin = recorder.map(serve).transpose()?;
    let admin = admin.map(|a| a.to_string()).unwrap_or_default();
    let (role, brokers) = (settings.role.as_str(), settings.kafka.brokers.as_str());
    tracing::info!(version = versions[0], role, brokers, instance, admin, "starting");

    match prepare_topics(loaded, &drain) {
        Err(e) if e.is::<Stopped>() => return Ok(Exit::Done),
        other => other?,
    }
    let exit = service.run(&drain, &|stage, e| tracing::error!(stage, "stopped: {e}"));
    tracing::info!(exit_code = exit as u8, "ended");
    Ok(exit)
}

/// Ends with an error when a topic is missing, or set so that the guarantees do not hold.
fn prepare_topics(loaded: &Loaded, drain: &Drain) -> anyhow::Result<()> {
    let settings = &loaded.settings;
    let names = Names::of(settings);
    if settings.create_topics {
        let missing = needed(settings, &names, specs(&names, PARTITIONS, -1));
        if create(loaded, &missing, drain, &|line| tracing::info!("topic {line}"))? != Exit::Done {
            bail!("topics could not be made");
        }
    }
    let wanted = needed(settings, &names, specs(&names, 0, -1));
    let (mut grave, mut missing) = (false, false);
    for finding in without_partitions(check(loaded, &wanted, drain)?, &names) {
        if is_grave(&names, &finding) {
            grave = true;
            missing |= matches!(finding, Finding::Missing { .. });
            crate::output::message(format!("dateline: {finding}: {}", remedy(&finding)));
        } else {
            tracing::warn!("{finding}: {}", remedy(&finding));
        }
    }
    if grave {
        let brokers = &settings.kafka.brokers;
        let command = if missing { "topics create" } else { "topics check" };
        bail!("topics are not as they must be: see `dateline {command} --brokers {brokers}`");
    }
    Ok(())
}

/// This instance's name: the configured one, else the host's.
fn instance(settings: &Settings) -> anyhow::Result<String> {
    if !settings.instance.is_empty() {
        return Ok(settings.instance.clone());
    }
    let host =
        std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    let host = host.ok().or_else(|| std::env::var("HOSTNAME").ok()).map(|h| h.trim().to_owned());
    match host.filter(|h| !h.is_empty()) {
        Some(host) => Ok(host),
        None => bail!("the host has no name that can be read: give this instance its own with --instance NAME"),
    }
}
