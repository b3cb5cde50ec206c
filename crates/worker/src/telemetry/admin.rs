//! `/livez`, `/readyz` and `/metrics`; with `admin.control` also `POST /reload`. Nothing else can be changed through it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use dateline_kafka::Handle;
use tokio::net::TcpListener;

use super::{Recorder, set, table};
use crate::live::LiveEngine;
use crate::reload::reload;

/// A stage's thread that did not step for so long is stuck.
const STUCK: Duration = Duration::from_secs(60);
const UPKEEP: Duration = Duration::from_secs(5);

/// The stages of this worker, by name.
pub type Stages = Arc<Vec<(&'static str, Handle)>>;

/// Listens on `address` from a thread of its own until the process ends; the address that was taken. `control`: the engine
/// that may be read anew through it.
pub fn serve(
    address: &str,
    recorder: Recorder,
    stages: Stages,
    control: Option<Arc<LiveEngine>>,
) -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(address).with_context(|| {
        format!("the admin address {address} cannot be taken: choose a free one with --admin HOST:PORT")
    })?;
    listener.set_nonblocking(true)?;
    let taken = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("admin".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let upkeep = recorder.clone();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(UPKEEP).await;
                    upkeep.upkeep();
                }
            });
            match TcpListener::from_std(listener) {
                Ok(listener) => {
                    if let Err(e) = axum::serve(listener, router(recorder, stages, control)).await {
                        tracing::error!("the admin address is lost: {e}");
                    }
                }
                Err(e) => tracing::error!("the admin address is lost: {e}"),
            }
        });
    })?;
    Ok(taken)
}

fn router(recorder: Recorder, stages: Stages, control: Option<Arc<LiveEngine>>) -> Router {
    let (live, counted) = (Arc::clone(&stages), Arc::clone(&stages));
    let metrics = move || {
        partitions(&counted);
        recorder.render()
    };
    Router::new()
        .route("/livez", get(move || async move { answer(&live, |h| h.is_alive(STUCK)) }))
        .route("/readyz", get(move || async move { answer(&stages, Handle::is_ready) }))
        .route("/metrics", get(move || async move { ([("content-type", "text/plain; version=0.0.4")], metrics()) }))
        .route("/reload", post(move || reload_on(control)))
}

/// Counts the partitions of each stage as they are now.
fn partitions(stages: &[(&'static str, Handle)]) {
    for (name, handle) in stages {
        let status = handle.status();
        for (state, n) in [("running", status.committed.len()), ("restoring", status.restoring.len())] {
            set(&table::PARTITIONS, &[name, state], n as f64);
        }
    }
}

/// 200 with the new versions; 422 with file and line where a file is broken; 403 where control is off.
async fn reload_on(control: Option<Arc<LiveEngine>>) -> (StatusCode, String) {
    let Some(live) = control else {
        return (StatusCode::FORBIDDEN, "admin.control is off\n".to_owned());
    };
    match tokio::task::spawn_blocking(move || reload(&live)).await {
        Ok(Ok(versions)) => (StatusCode::OK, versions),
        Ok(Err(problem)) => (StatusCode::UNPROCESSABLE_ENTITY, problem),
        Err(e) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{e}\n")),
    }
}

/// 200 when all stages are well, else 503; the body has a line a stage.
fn answer(stages: &[(&'static str, Handle)], well: impl Fn(&Handle) -> bool) -> (StatusCode, String) {
    let mut status = StatusCode::OK;
    let mut body = String::new();
    for (name, handle) in stages {
        let ok = well(handle);
        if !ok {
            status = StatusCode::SERVICE_UNAVAILABLE;
        }
        let phase = format!("{:?}", handle.status().phase).to_lowercase();
        let _ = writeln!(body, "{name}: {} ({phase})", if ok { "ok" } else { "not ok" });
    }
    (status, body)
}
